"""What no sink may get: secrets, control characters, what can't be encoded."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.clean import Redactor, inert, storable, unbroken, visible
from pytest_iqeval.core.errors import DefinitionError, UnknownName, nearest


@given(st.text(st.characters(codec=None)))
def test_storable_text_can_be_encoded_and_keeps_its_length(text: str) -> None:
    """Offsets stay true; what was replaced is named, and nothing else is."""
    made, said = storable(text)
    made.encode("utf-8")
    assert "\0" not in made
    assert len(made) == len(text)
    assert (said is None) == (made == text)


def test_what_was_replaced_is_counted() -> None:
    """One NUL, two lone surrogates."""
    assert storable("a\0b\ud800\udfffc") == ("a\ufffdb\ufffd\ufffdc", "1 NUL, 2 lone surrogate")


@given(st.text())
def test_visible_text_moves_no_cursor(text: str) -> None:
    """No escape, no bell, no right-to-left override; line breaks and tabs stay."""
    made = visible(text)
    assert not any(ord(c) < 32 and c not in "\t\n" for c in made.replace("\r\n", "\n"))
    assert not set(made) & set("\x7f\x9b\u202e\u2066")


def test_a_redactor_knows_no_secret_by_its_parts() -> None:
    """Longest first; very short values would garble every text."""
    redact = Redactor(["sk-1234", "sk-1234-long", "ab"])
    assert redact("key sk-1234-long, sk-1234, ab") == "key ***, ***, ab"
    assert Redactor()("text") == "text"


@pytest.mark.parametrize("secret", ['sk.+*(1)["x"]\\q/=?&<é', "two words 'quoted'", "plain-12345"])
@pytest.mark.parametrize(
    "write",
    [
        str,
        repr,
        json.dumps,
        lambda s: json.dumps(json.dumps({"key": [s]})),
        lambda s: repr(repr({"key": json.dumps(s)})),
        lambda s: json.dumps(s).replace("&", "\\u0026").replace("<", "\\u003C"),
        lambda s: json.dumps(s).replace("/", "\\/"),
        lambda s: quote(s),
        lambda s: re.sub("%..", lambda m: m.group().lower(), quote(s)),
        lambda s: quote_plus(s),
        lambda s: html.escape(s, quote=True),
        lambda s: "".join(c if c.isalnum() else f"&#{ord(c)};" for c in s),
    ],
)
def test_a_redactor_knows_a_secret_however_it_is_written(secret: str, write: Any) -> None:
    """Escaped once or twice, for a URL, for a page; what is around it stays."""
    written = write(secret)
    made = Redactor([secret])(f"before {written} after")
    assert made.startswith("before ")
    assert made.endswith(" after")
    assert "***" in made
    assert "12345" not in made
    assert "quoted" not in made
    assert "sk" not in made


def test_an_almost_equal_text_stays() -> None:
    """Regular expression characters mean themselves."""
    redact = Redactor(["sk.a+b-1234"])
    for text in ("sk-a+b-1234", "sk.aab-1234", "sk.a+b-123", "SK.A+B-1234"):
        assert redact(text) == text


def test_no_line_is_a_command_to_a_ci() -> None:
    """GitHub's at the start of a line, Azure's and TeamCity's anywhere; colons elsewhere stay."""
    assert inert("::error::x\n  ::group::") == r"\x3a:error::x" + "\n" + r"  \x3a:group::"
    assert inert("a ##[group]b ##vso[x] ##teamcity[y]") == (
        r"a \x23#[group]b \x23#vso[x] \x23#teamcity[y]"
    )
    same = "a::b\nquiz::IQ::one :: two\n# ## title\n[x]"
    assert inert(same) == same


def test_json_on_one_line_is_one_line_to_every_reader() -> None:
    """Python's `splitlines` ends lines where JSON does not."""
    value = {"text": "a\u2028b\u2029c\x85d\n中"}
    line = unbroken(json.dumps(value, ensure_ascii=False))
    assert len(line.splitlines()) == 1
    assert json.loads(line) == value
    assert "中" in line


def test_unknown_names_are_helped_and_many_faults_are_cut() -> None:
    """The nearest names, else all; the first twenty faults, and how many more."""
    assert "did you mean ollama?" in str(UnknownName("provider", "olama", ["ollama", "openai"]))
    assert "there is: x, y" in str(UnknownName("subset", "zzzz", ["y", "x"]))
    assert nearest("IQUIZ", ["iquiz", "mmlu"]) == ["iquiz"]
    assert "… and 5 more faults" in str(DefinitionError([f"fault {n}" for n in range(25)]))
