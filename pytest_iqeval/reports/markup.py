"""HTML that is escaped by construction: text becomes markup only through `el`."""

from __future__ import annotations

import html
from collections.abc import Iterable

from pytest_iqeval.core.clean import storable, visible

# Elements that have no end tag.
_VOID = frozenset({"br", "link", "meta"})


class Html(str):
    """Finished markup, which `el` takes as it is; any other child is text."""

    __slots__ = ()


def plain(value: object) -> str:
    """`value` as text that a page may show: unstorable characters replaced, the control
    characters and direction marks written out, so that what is read is what is there."""
    text = str(value)
    # Most texts: what is printable is storable, and has nothing to be written out.
    return text if text.isprintable() else visible(storable(text)[0])


def el(name: str, *children: object, **attributes: object) -> Html:
    """One element. Children that are not `Html` are escaped as text, ``None`` is left out.

    Attributes: ``class_`` gives ``class``, ``aria_label`` gives ``aria-label``; ``None`` is
    left out.
    """
    opened = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = join(*children)
    return Html(f"<{name}{opened}>" if name in _VOID else f"<{name}{opened}>{inner}</{name}>")


def join(*children: object) -> Html:
    """Children one after the other; what is not `Html` is escaped."""
    return Html(
        "".join(
            child if isinstance(child, Html) else html.escape(plain(child))
            for child in children
            if child is not None
        )
    )


def right(name: str, *children: object) -> Html:
    """A cell whose figures stand at its right."""
    return el(name, *children, class_="iqv-right")


def table(heads: Iterable[Html | None], rows: Iterable[Html]) -> Html:
    """A table in the reports' style, which scrolls sideways where it must."""
    # `cellpadding` is for servers that forbid inline style (Jenkins): figures must not touch.
    made = el("table", el("thead", el("tr", *heads)), el("tbody", *rows), cellpadding=4)
    # A region that scrolls must be reachable by keyboard.
    return el("div", made, class_="iqv-scroll", tabindex="0")
