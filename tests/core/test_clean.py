"""What no sink may get: secrets, control characters, what can't be encoded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.clean import Redactor, storable, visible
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
    assert not any(ord(c) < 32 and c not in "\t\n\r" for c in made)
    assert not set(made) & set("\x7f\x9b\u202e\u2066")


def test_a_redactor_knows_no_secret_by_its_parts() -> None:
    """Longest first; very short values would garble every text."""
    redact = Redactor(["sk-1234", "sk-1234-long", "ab"])
    assert redact("key sk-1234-long, sk-1234, ab") == "key ***, ***, ab"
    assert Redactor()("text") == "text"


def test_unknown_names_are_helped_and_many_faults_are_cut() -> None:
    """The nearest names, else all; the first twenty faults, and how many more."""
    assert "did you mean ollama?" in str(UnknownName("provider", "olama", ["ollama", "openai"]))
    assert "there is: x, y" in str(UnknownName("subset", "zzzz", ["y", "x"]))
    assert nearest("IQUIZ", ["iquiz", "mmlu"]) == ["iquiz"]
    assert "… and 5 more faults" in str(DefinitionError([f"fault {n}" for n in range(25)]))
