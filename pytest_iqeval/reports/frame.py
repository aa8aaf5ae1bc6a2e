"""What our pages have in common: a head that closes them to the outside, templates, and a file that
is whole or not there.

Everything that a model or a data set wrote goes into a page as text; behind that stands a content
security policy which uses the page's own styles and script, by their hashes, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.reports.markup import Html, el, join
from pytest_iqeval.reports.policy import policy, shipped
from pytest_iqeval.reports.words import Lang, words

_PLACE = re.compile(r"\{\{([\w.]+)\}\}")


def page_start(
    title: str, styles: Sequence[str], script: str, *, lang: Lang, icon: str | None = None
) -> Html:
    """A page up to the inside of its ``main``.

    :param styles: the style sheets; `script` ends the page (`page_end`).
    """
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy(styles, script)),
        el("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name_="color-scheme", content="light dark"),
        el("meta", name_="referrer", content="no-referrer"),
        el("title", title),
        el("link", rel="icon", href=icon) if icon is not None else None,
        *(el("style", Html(style)) for style in styles),
    )
    opened = Html(f'<!doctype html>\n<html lang="{lang}">\n')
    return join(opened, head, Html('\n<body class="iqv">\n<main>\n'))


def page_end(script: str, *after_main: Html) -> Html:
    """The rest of a page, after what stands in its ``main``."""
    closing = (el("script", Html(script)), Html("\n</body>\n</html>\n"))
    return join(Html("\n</main>\n"), *after_main, *closing)


def scripts(*names: str) -> str:
    """Files of this package as one script; they see each other, and nothing sees them."""
    return '"use strict";\n{\n' + "\n".join(map(shipped, names)) + "}\n"


def filled(name: str, lang: Lang, **values: str) -> Html:
    """A template of this package with its places filled, in one pass: a value stays as it is.

    ``{{words.key}}`` stands for our word; the others are finished markup.
    """
    known = {**{f"words.{key}": join(word) for key, word in words(lang).items()}, **values}
    return Html(_PLACE.sub(lambda place: known[place[1]], shipped(name)))


@contextmanager
def new_page(path: Path, what: str, *, hint: str, make_folder: bool = False) -> Iterator[IO[str]]:
    """A file to write; it takes the place of one that was there once it is whole.

    :param what: what it is called in the message, as in ``the report``.
    :param make_folder: make its folder where there is none.
    :raises FolderError: it can't be written.
    """
    unfinished = path.with_name(path.name + ".part")
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("w", encoding="utf-8", newline="\n") as page:
            yield page
        unfinished.replace(path)
    except OSError as error:
        raise FolderError(
            f"{path}: {what} can't be written: {error.strerror or error}", hint=hint
        ) from error
    finally:
        with suppress(OSError):  # gone after a success, or never made
            unfinished.unlink()
