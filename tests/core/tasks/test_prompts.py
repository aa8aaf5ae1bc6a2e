from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.tasks.prompts import (
    PLACEHOLDERS,
    fill,
    template_faults,
)


def test_known_names_are_replaced_and_doubled_braces_are_braces() -> None:
    template = 'Q: {question} {{"answer": "X"}} {{{letters}}}'
    assert fill(template, {"question": "1+1", "letters": "A,B"}) == ('Q: 1+1 {"answer": "X"} {A,B}')


def test_a_template_runs_no_code() -> None:
    """Attributes, indices and format specifications are no names."""
    for template in ("{question.__class__}", "{question[0]}", "{question:>9}", "{question!r}"):
        assert fill(template, {"question": "x"}) == template
        assert len(template_faults("{question}" + template)) == 1


@given(st.text(), st.text())
def test_values_are_put_in_as_they_are(question: str, options: str) -> None:
    """Braces in a question are text, even where they look like a placeholder."""
    for question_text in (question, "{options}", "{{letters}}"):
        filled = fill("<{question}|{options}>", {"question": question_text, "options": options})
        assert filled == f"<{question_text}|{options}>"


@given(st.text(alphabet="{}ab\n") | st.text())
def test_a_template_without_faults_is_filled_whole(template: str) -> None:
    if not template_faults(template):
        filled = fill(template, dict.fromkeys(PLACEHOLDERS, ""))
        assert filled.count("{") == template.count("{{")
