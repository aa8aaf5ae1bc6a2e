"""A streaming body, joined piece by piece into the completion that it would have been."""

from __future__ import annotations

import re
from typing import Any

from pytest_iqeval.endpoint.finish import finish_reason
from pytest_iqeval.endpoint.parse import parsed

# Not `splitlines`: a text may hold U+2028 and others that end no line of a stream.
_LINE_END = re.compile(rb"\r\n|\n|\r")
_BLANKS = b"\xef\xbb\xbf \t\r\n"  # with the byte order mark
_FIELDS = (b"data:", b"event:", b"id:", b"retry:")
# Only these: at some servers every piece has a reason, such as the text "null".
_LAST = ("stop", "length", "content_filter")
_SPEAKS = ("content", "reasoning_content", "reasoning", "thinking")


def is_stream(start: bytes, content_type: str) -> bool | None:
    """Whether a body that begins so is server-sent events; ``None``: can't be told yet.

    Its own first bytes tell; the type is wrong at some gateways, in both directions.
    """
    start = start[:200].lstrip(_BLANKS)
    if not start:
        return None
    if start[0] in b"{[<":
        return False
    if start.startswith((*_FIELDS, b":")):
        return True
    if any(field.startswith(start) for field in _FIELDS):
        return None
    return "text/event-stream" in content_type


class Joiner:
    """Takes the bytes of a stream in any pieces.

    Some servers and gateways stream although nobody asked. Content, reasoning and refusal are
    appended; of every other field the last value counts. Only the first choice is read. ``done``:
    the stream has said that it is over. ``finished``: the reply has said so, and a count of its
    tokens may follow. ``spoken``: so many pieces of text or reasoning have come. ``bad_bytes``:
    some were no UTF-8, and were replaced.
    """

    def __init__(self) -> None:
        self.done = self.finished = self.bad_bytes = False
        self.spoken = 0
        self._line: list[bytes] = []  # of the line that has not ended
        self._carriage = b""  # a carriage return whose line feed may follow
        self._event: list[bytes] = []  # the lines of an event that is no JSON at its first
        self._whole: dict[str, Any] = {}
        self._message: dict[str, Any] = {}
        self._texts: dict[str, list[Any]] = {}
        self._finish_reason: object = None
        self._choices = False

    def feed(self, data: bytes) -> None:
        """Take more bytes.

        :raises ValueError, RecursionError: a line that can't be read as JSON.
        """
        data = self._carriage + data
        self._carriage = data[-1:] if data.endswith(b"\r") else b""
        first, *others = _LINE_END.split(data.removesuffix(b"\r"))
        self._line.append(first)
        for following in others:
            line = b"".join(self._line)
            self._line = [following]
            self._take(line)

    def end(self) -> dict[str, Any] | None:
        """The whole as one chat completion; ``None`` if it ended before its end.

        :raises ValueError, RecursionError: as `feed`.
        """
        self.feed(b"\n\n")
        if self._whole.get("error"):
            return self._whole
        if not self.done and self._finish_reason is None:
            return None
        if self._choices:
            message = self._message | {k: _joined(v) for k, v in self._texts.items()}
            choice = {"message": message, "finish_reason": self._finish_reason}
            self._whole["choices"] = [choice]
        return self._whole

    def _take(self, line: bytes) -> None:
        name, _colon, data = line.partition(b":")
        if self.done:
            return
        if self._event and not line.strip(_BLANKS):
            data, self._event = b"\n".join(self._event), []
            self._read(data)
            return
        if name.strip(_BLANKS) != b"data":
            return  # comments, event names, ids, blank lines
        data = data.strip()
        if data == b"[DONE]" and not self._event:
            self.done = True
            return
        # An event ends with a blank line and may have several lines; but some servers send no
        # blank lines. So a line that is whole by itself is an event.
        if self._event:
            self._event.append(data)
        elif data:
            try:
                self._read(data)
            except ValueError:
                self._event.append(data)

    def _read(self, data: bytes) -> None:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text, self.bad_bytes = data.decode("utf-8", "replace"), True
        chunk = parsed(text)
        if not isinstance(chunk, dict):
            return
        self._whole |= {k: v for k, v in chunk.items() if k != "choices" and v is not None}
        choices = chunk.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if isinstance(choice, dict) and choice.get("index", 0) in (0, None):
                self._choose(choice)

    def _choose(self, choice: dict[str, Any]) -> None:
        self._choices = True
        self._finish_reason = choice.get("finish_reason") or self._finish_reason
        self.finished = finish_reason(self._finish_reason) in _LAST
        if choice.get("error"):
            self._whole["error"] = choice["error"]
        delta = choice.get("delta") or choice.get("message")
        for key, value in delta.items() if isinstance(delta, dict) else ():
            if isinstance(value, str | list) and key not in ("role", "tool_calls"):
                if value:
                    self._texts.setdefault(key, []).append(value)
                    self.spoken += key in _SPEAKS
            elif value is not None:
                self._message[key] = value


def _joined(pieces: list[Any]) -> Any:
    """Texts as one text. Where a piece is a list of parts, all of them are one list."""
    if all(isinstance(piece, str) for piece in pieces):
        text = "".join(pieces)
        if text.isascii():
            return text
        # One character that was sent as two escapes, each in a piece of its own.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return [part for p in pieces for part in ([p] if isinstance(p, str) else p)]
