"""The iquiz-open files keep their promised shape, balance and pairing of languages."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

DATASETS = Path(__file__).parents[2] / "datasets"
CHINESE = "iquiz-open"
ENGLISH = "iquiz-open-en"
FOLDERS = (CHINESE, ENGLISH)

FIELDS = ["id", "question", "choices", "answer", "level", "category", "explanation"]
COUNTS = {"IQ": 40, "EQ": 80}
LETTERS = "ABCDE"

EQ_CATEGORIES = {
    "职场": "workplace",
    "家庭": "family",
    "友情": "friendship",
    "冲突": "conflict",
    "反讽": "irony",
    "委婉": "euphemism",
    "客服": "customer",
}

Row = dict[str, Any]

EVERY_FILE = [
    pytest.param(folder, name, id=f"{folder}/{name}") for folder in FOLDERS for name in COUNTS
]
EVERY_NAME = list(COUNTS)


def path_of(folder: str, name: str) -> Path:
    """The file that holds one half (IQ or EQ) of the set in one language."""
    return DATASETS / folder / f"{name}.jsonl"


def rows_of(folder: str, name: str) -> list[Row]:
    """All questions of one file, in order."""
    text = path_of(folder, name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def fold(text: str) -> str:
    """A text as a hurried reader sees it: NFKC, whitespace runs as one blank, no edges."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def key_of(row: Row) -> int:
    """The index of the right option."""
    return LETTERS.index(row["answer"])


def hit_rate_of_extreme_length(rows: list[Row], *, longest: bool) -> float:
    """How often the right option is among the longest (or shortest), ties counted as hits."""
    extreme = max if longest else min
    hits = 0
    for row in rows:
        lengths = [len(choice) for choice in row["choices"]]
        hits += lengths[key_of(row)] == extreme(lengths)
    return hits / len(rows)


def letter_spread(rows: list[Row]) -> dict[int, int]:
    """For each number of options: commonest letter's count minus rarest letter's count."""
    by_size: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        by_size[len(row["choices"])][row["answer"]] += 1
    spread: dict[int, int] = {}
    for size, counts in by_size.items():
        seen = [counts[letter] for letter in LETTERS[:size]]
        spread[size] = max(seen) - min(seen)
    return spread


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_folder_holds_the_two_files_and_no_other_jsonl(folder: str) -> None:
    """A stray .jsonl would be collected as questions."""
    found = sorted(
        path.relative_to(DATASETS / folder).as_posix()
        for path in (DATASETS / folder).rglob("*.jsonl")
    )
    assert found == ["EQ.jsonl", "IQ.jsonl"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_folder_is_no_python_package(folder: str) -> None:
    """Data folders carry no __init__.py."""
    assert not (DATASETS / "__init__.py").exists()
    assert not (DATASETS / folder / "__init__.py").exists()


@pytest.mark.parametrize(("folder", "name"), EVERY_FILE)
def test_the_file_is_utf8_without_bom_and_with_unix_line_ends(folder: str, name: str) -> None:
    """Plain UTF-8, LF after every line, no blank lines, no escaped characters."""
    raw = path_of(folder, name).read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert b"\n\n" not in raw
    assert "\\u" not in raw.decode("utf-8")


@pytest.mark.parametrize(("folder", "name"), EVERY_FILE)
def test_the_file_has_its_number_of_questions_numbered_from_one(folder: str, name: str) -> None:
    """Ids run eq-001 … eq-080 and iq-001 … iq-040 without gaps."""
    ids = [row["id"] for row in rows_of(folder, name)]
    assert ids == [f"{name.lower()}-{number:03d}" for number in range(1, COUNTS[name] + 1)]


@pytest.mark.parametrize(("folder", "name"), EVERY_FILE)
def test_every_question_has_exactly_the_agreed_fields_in_order(folder: str, name: str) -> None:
    """No field missing, none extra, none out of place."""
    for row in rows_of(folder, name):
        assert list(row) == FIELDS, row.get("id")


@pytest.mark.parametrize(("folder", "name"), EVERY_FILE)
def test_every_field_has_its_type_and_is_not_blank(folder: str, name: str) -> None:
    """Texts are trimmed and not empty; the level is a real integer from 1 to 3."""
    for row in rows_of(folder, name):
        for field in ("id", "question", "answer", "category", "explanation"):
            assert isinstance(row[field], str), (row["id"], field)
            assert row[field].strip(), (row["id"], field)
            assert row[field] == row[field].strip(), (row["id"], field)
        assert type(row["level"]) is int, row["id"]
        assert 1 <= row["level"] <= 3, row["id"]


@pytest.mark.parametrize(("folder", "name"), EVERY_FILE)
def test_every_question_offers_three_to_five_different_plain_options(
    folder: str, name: str
) -> None:
    """Options differ even after NFKC and whitespace folding, and carry no letters of their own."""
    for row in rows_of(folder, name):
        choices = row["choices"]
        assert isinstance(choices, list), row["id"]
        assert 3 <= len(choices) <= 5, row["id"]
        assert all(isinstance(choice, str) and choice.strip() for choice in choices), row["id"]
        assert all(choice == choice.strip() for choice in choices), row["id"]
        assert len({fold(choice) for choice in choices}) == len(choices), row["id"]
        assert not any(re.match(r"[A-Ea-e][.)、:]", fold(c)) for c in choices), row["id"]


@pytest.mark.parametrize(("folder", "name"), EVERY_FILE)
def test_every_answer_is_the_letter_of_one_of_the_options(folder: str, name: str) -> None:
    """One upper-case letter, within the options given."""
    for row in rows_of(folder, name):
        assert row["answer"] in tuple(LETTERS[: len(row["choices"])]), row["id"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_eq_category_is_a_known_one_with_nine_to_fourteen_questions(folder: str) -> None:
    """The seven EQ categories are all used, in the language of the folder."""
    names = EQ_CATEGORIES.keys() if folder == CHINESE else EQ_CATEGORIES.values()
    counts = Counter(row["category"] for row in rows_of(folder, "EQ"))
    assert set(counts) == set(names)
    assert all(9 <= count <= 14 for count in counts.values()), counts


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_eq_question_is_a_short_scene_that_ends_in_a_question(folder: str) -> None:
    """40 to 160 Chinese characters, or 30 to 110 English words, and a question mark at the end."""
    for row in rows_of(folder, "EQ"):
        question = row["question"]
        if folder == CHINESE:
            assert 40 <= len(question) <= 160, row["id"]
            assert question.endswith("？"), row["id"]
        else:
            assert 30 <= len(question.split()) <= 110, row["id"]
            assert question.endswith("?"), row["id"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_iq_category_is_written_in_the_language_of_its_folder(folder: str) -> None:
    """Chinese category names in the Chinese file, lower-case ASCII names in the English one."""
    pattern = r"[\u4e00-\u9fff]+" if folder == CHINESE else r"[a-z][a-z -]*"
    for row in rows_of(folder, "IQ"):
        assert re.fullmatch(pattern, row["category"]), (row["id"], row["category"])


@pytest.mark.parametrize(("folder", "name"), EVERY_FILE)
def test_all_three_levels_occur(folder: str, name: str) -> None:
    """Each half runs from plain to subtle."""
    assert {row["level"] for row in rows_of(folder, name)} == {1, 2, 3}


@pytest.mark.parametrize(("folder", "name"), EVERY_FILE)
def test_letters_are_balanced_in_each_file(folder: str, name: str) -> None:
    """Among questions with equally many options, letter counts differ by two at most."""
    spread = letter_spread(rows_of(folder, name))
    assert all(gap <= 2 for gap in spread.values()), spread


@pytest.mark.parametrize("folder", FOLDERS)
def test_letters_are_balanced_over_the_whole_set(folder: str) -> None:
    """IQ and EQ taken together keep the same balance."""
    spread = letter_spread([row for name in COUNTS for row in rows_of(folder, name)])
    assert all(gap <= 2 for gap in spread.values()), spread


@pytest.mark.parametrize(("folder", "name"), EVERY_FILE)
@pytest.mark.parametrize("longest", [True, False], ids=["longest", "shortest"])
def test_choosing_by_length_alone_does_not_pay(folder: str, name: str, longest: bool) -> None:
    """Always taking the longest (or shortest) option is right in less than 40 %."""
    assert hit_rate_of_extreme_length(rows_of(folder, name), longest=longest) < 0.40


@pytest.mark.parametrize(("folder", "name"), EVERY_FILE)
@pytest.mark.parametrize("letter", LETTERS)
def test_choosing_one_letter_throughout_does_not_pay(folder: str, name: str, letter: str) -> None:
    """Always answering with the same letter is right in less than 40 %."""
    rows = rows_of(folder, name)
    assert sum(row["answer"] == letter for row in rows) / len(rows) < 0.40


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_question_occurs_twice(folder: str) -> None:
    """Compared over both halves, after NFKC, without case and whitespace."""
    texts = Counter(
        fold(row["question"]).casefold().replace(" ", "")
        for name in COUNTS
        for row in rows_of(folder, name)
    )
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("name", EVERY_NAME)
def test_the_two_languages_agree_in_ids_levels_and_number_of_options(name: str) -> None:
    """A question keeps its place, its difficulty and its size in translation."""

    def outline(folder: str) -> list[tuple[str, int, int]]:
        return [(row["id"], row["level"], len(row["choices"])) for row in rows_of(folder, name)]

    assert outline(CHINESE) == outline(ENGLISH)


def test_the_two_languages_agree_in_every_eq_answer() -> None:
    """An EQ question keeps its key; IQ options may be ordered differently per language."""

    def answers(folder: str) -> list[tuple[str, str]]:
        return [(row["id"], row["answer"]) for row in rows_of(folder, "EQ")]

    assert answers(CHINESE) == answers(ENGLISH)


def test_eq_categories_agree_through_the_translation_table() -> None:
    """The Chinese category, translated, is the English one, question by question."""
    translated = [(row["id"], EQ_CATEGORIES[row["category"]]) for row in rows_of(CHINESE, "EQ")]
    assert translated == [(row["id"], row["category"]) for row in rows_of(ENGLISH, "EQ")]


def test_iq_categories_translate_one_to_one() -> None:
    """Each Chinese IQ category always has the same English name, and no two share one."""
    pairs = {
        (chinese["category"], english["category"])
        for chinese, english in zip(rows_of(CHINESE, "IQ"), rows_of(ENGLISH, "IQ"), strict=True)
    }
    assert len({chinese for chinese, _ in pairs}) == len(pairs)
    assert len({english for _, english in pairs}) == len(pairs)
