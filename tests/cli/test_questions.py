"""What users write for a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_iqeval.cli.questions import find_question, open_run
from pytest_iqeval.core.errors import FolderError, SettingsError
from pytest_iqeval.run.stored import StoredRun
from tests.support.stored import change_report, question, write_run


@pytest.fixture
def run(tmp_path: Path) -> StoredRun:
    """Two subsets that share an id, ids that begin alike, one asked twice, an odd one."""
    answered = [
        *((question(f"iq-{n:03}"), "B") for n in range(30)),
        (question("iq-001", subset="EQ"), "B"),
        (question("iq-1"), "B"),
        (question("谁-a-b"), "B"),
        (question("again"), "B"),
        (question("again"), "A"),
    ]
    folder = tmp_path / "outputs" / "m" / "20260102_030405"
    write_run(folder, answered, repeat_of=lambda n: int(n == len(answered) - 1))
    return open_run("last", tmp_path)


@pytest.mark.parametrize(
    ("text", "node_id"),
    [
        ("iqeval/quiz::IQ::iq-017", "iqeval/quiz::IQ::iq-017"),
        ("quiz::IQ::iq-017", "iqeval/quiz::IQ::iq-017"),
        ("EQ::iq-001", "iqeval/quiz::EQ::iq-001"),
        ("iq-017", "iqeval/quiz::IQ::iq-017"),
        ("017", "iqeval/quiz::IQ::iq-017"),
        ("IQ-017 ", "iqeval/quiz::IQ::iq-017"),
        ("iq-1", "iqeval/quiz::IQ::iq-1"),
        ("谁/a b", "iqeval/quiz::IQ::谁-a-b"),
        ("谁", "iqeval/quiz::IQ::谁-a-b"),
        ("eq::", "iqeval/quiz::EQ::iq-001"),
    ],
)
def test_a_question_is_found_by_node_id_id_or_a_part(
    run: StoredRun, text: str, node_id: str
) -> None:
    """A whole id counts before a part of one; a data set's own id may have any characters."""
    assert find_question(run, text, 1).result.sample.node_id == node_id


@pytest.mark.parametrize("n", [0, 3])
def test_each_reply_is_found_by_its_number_and_another_is_told(run: StoredRun, n: int) -> None:
    """The first is 1, as in every report."""
    first, second = (find_question(run, "again", n) for n in (1, 2))
    assert (first.reply and first.reply.text, second.reply and second.reply.text) == ("B", "A")
    with pytest.raises(SettingsError) as caught:
        find_question(run, "again", n)
    assert str(caught.value) == (
        f"iqeval/quiz::IQ::again has no reply {n}\n  hint: it has 2: --repeat 1 to 2"
    )
    with pytest.raises(SettingsError, match=r"hint: it has 1: --repeat 1$"):
        find_question(run, "iq-1", 5)


def test_several_are_listed_the_first_twenty(run: StoredRun) -> None:
    with pytest.raises(SettingsError) as caught:
        find_question(run, "iq-001", 1)
    assert str(caught.value) == (
        "'iq-001' names 2 questions\n  hint: give one of\n"
        "    iqeval/quiz::IQ::iq-001\n    iqeval/quiz::EQ::iq-001"
    )
    with pytest.raises(SettingsError) as caught:
        find_question(run, "IQ::iq-", 1)
    lines = str(caught.value).splitlines()
    assert lines[0] == "'IQ::iq-' names 31 questions"
    assert lines[2:4] == ["    iqeval/quiz::IQ::iq-000", "    iqeval/quiz::IQ::iq-001"]
    assert lines[-1] == "    and 11 more"
    assert len(lines) == 2 + 20 + 1


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("iq-0l7", "did you mean iq-027 or iq-017 or iq-007?"),
        (
            "iqeval/quiz::IQ::iq-0l7",
            "did you mean iqeval/quiz::IQ::iq-027 or iqeval/quiz::IQ::iq-017 or ",
        ),
        ("@", "it has 34: iq-000, iq-001, iq-002, iq-003, iq-004, iq-005, iq-006, iq-007, ..."),
    ],
)
def test_an_unknown_one_is_answered_with_the_nearest(run: StoredRun, text: str, hint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        find_question(run, text, 1)
    problem, _, said = str(caught.value).partition("\n  hint: ")
    assert problem == f"{text!r} is no question of {run.folder.path}"
    assert said.startswith(hint)


def test_nothing_names_nothing(run: StoredRun) -> None:
    with pytest.raises(SettingsError, match="no question is named\n"):
        find_question(run, " ", 1)


def test_one_that_was_never_asked_says_so(run: StoredRun, tmp_path: Path) -> None:
    lost = {"id": "iqeval/quiz::IQ::later", "reason": "never asked: the run ended before it"}
    change_report(run.folder, lambda plain: plain.update(lost=[lost]))
    with pytest.raises(FolderError) as caught:
        find_question(open_run("last", tmp_path), "later", 1)
    assert str(caught.value) == (
        "iqeval/quiz::IQ::later: never asked: the run ended before it\n"
        "  hint: --iqeval-resume asks it"
    )
