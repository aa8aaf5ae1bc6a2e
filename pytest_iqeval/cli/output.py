"""What commands print on: styled on a terminal, plain elsewhere, silent once nobody reads."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO, TypeVar

from pytest_iqeval.core.language import language
from pytest_iqeval.core.told import all_said_in

_Texts = TypeVar("_Texts")

_STYLES = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "red": "\x1b[31m",
    "green": "\x1b[32m",
    "yellow": "\x1b[33m",
    "answer": "\x1b[1;4;33m",  # underlined too: colour alone is not seen by all
}
_END = "\x1b[0m"
_WIDEST = 100  # longer lines are hard to read


class Output:
    """Lines for one stream.

    ``styled`` is whether it is a terminal that takes colours (and ``NO_COLOR`` is not set);
    ``width`` is how many columns wrapped text may take, ``lang`` the language of the locale.
    """

    def __init__(self, stream: TextIO, environ: Mapping[str, str]) -> None:
        self._stream = stream
        self._deaf = False
        self.styled = (
            stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        )
        self.lang = language(None, environ)
        columns = shutil.get_terminal_size((_WIDEST, 24)).columns
        self.width = max(20, min(_WIDEST, columns))

    def line(self, text: str = "") -> None:
        """Print a line (or several). Whoever reads may stop, as `head` does: then nothing is."""
        if self._deaf:
            return
        try:
            self._stream.write(text + "\n")
        except OSError as error:
            self._nobody_reads(error)

    def said(self, texts: _Texts) -> _Texts:
        """A text, or lists of them, in the language of whoever reads."""
        said: _Texts = all_said_in(texts, self.lang)
        return said

    def style(self, text: str, name: str) -> str:
        """`text` in a style of `_STYLES`, line by line; as it is where there are no styles."""
        if not self.styled or not text:
            return text
        return "\n".join(f"{_STYLES[name]}{part}{_END}" for part in text.split("\n"))

    def heading(self, text: str) -> None:
        """A line that begins a part."""
        self.line(self.style(self.said(text), "bold"))

    def close(self) -> None:
        """Hand on what is left in memory."""
        if self._deaf:
            return
        try:
            self._stream.flush()
        except OSError as error:
            self._nobody_reads(error)

    def _nobody_reads(self, error: OSError) -> None:
        if error.errno not in (errno.EPIPE, errno.EINVAL):  # the second is Windows'
            raise error
        self._deaf = True
        # Python flushes its standard output once more when it ends, and would complain then.
        if self._stream is sys.stdout:
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
                os.dup2(nowhere.fileno(), self._stream.fileno())


def safe_streams() -> None:
    """Write what a narrow encoding has no sign for as an escape, instead of failing over it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # else it is no text file, as in tests
            reconfigure(errors="backslashreplace")
