"""A server's own words, found in whatever body it sent."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any

_ENOUGH = 20_000  # bytes of a body that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a server said: ``text`` for people (raw), ``code`` its error codes and types in lower
    case, ``param`` the field it complains about, ``status`` an HTTP status that its JSON names."""

    text: str = ""
    code: str = ""
    param: str | None = None
    status: int | None = None

    def mentions(self, *patterns: str) -> bool:
        """Whether text or code match one of the regular expressions, in any case."""
        both = f"{self.code} {self.text}"
        return any(re.search(p, both, re.IGNORECASE) for p in patterns)


def is_html(text: str, content_type: str = "") -> bool:
    """Whether a body is a web page."""
    start = text.lstrip()[:200].lower()
    return start.startswith(("<!doctype html", "<html")) or (
        "text/html" in content_type and start.startswith("<")
    )


def words_of(body: bytes, content_type: str = "") -> Words:
    """The message in an error body: JSON of any habit, a page's title, or the text itself."""
    text = body[:_ENOUGH].decode("utf-8", "replace").strip()
    if is_html(text, content_type):
        return Words(text=page_title(text))
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Words(text=text)
    return words_of_json(data)


def words_of_json(data: Any) -> Words:
    """The message in parsed JSON: ``error`` as object or text, ``message``, ``detail``, …"""
    if not isinstance(data, dict):
        return Words(text=data if isinstance(data, str) else json.dumps(data, ensure_ascii=False))
    inner = data.get("error")
    source = inner if isinstance(inner, dict) else data
    text = inner if isinstance(inner, str) else None
    for name in ("message", "error_msg", "msg", "detail", "title"):
        value = source.get(name)
        if text is None and value:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    codes = [str(v) for v in (source.get("code"), source.get("type")) if isinstance(v, str | int)]
    numbers = [c for c in codes if re.fullmatch(r"[45]\d\d", c)]
    param = source.get("param")
    return Words(
        text=text or json.dumps(data, ensure_ascii=False),
        code=" ".join(codes).lower(),
        param=param if isinstance(param, str) and param else None,
        status=int(numbers[0]) if numbers else None,
    )


def page_title(text: str) -> str:
    """``an HTML page "502 Bad Gateway"``."""
    found = re.search(r"<title[^>]*>(.*?)</title", text, re.IGNORECASE | re.DOTALL)
    title = " ".join(html.unescape(found[1]).split()) if found else ""
    return f'an HTML page "{title}"' if title else "an HTML page"
