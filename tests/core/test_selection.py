from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import SettingsError, UnknownName
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.selection import field_value, select, subsets_like
from tests.support.questions import sample


def several(count: int, *, subset: str = "IQ") -> list[Sample]:
    return [sample(f"q{n}", subset=subset, metadata={"level": n % 3 + 1}) for n in range(count)]


def ids(samples: tuple[Sample, ...]) -> list[str]:
    return [one.id for one in samples]


def test_without_a_wish_all_are_chosen() -> None:
    assert select(several(3)) == tuple(several(3))


def test_limit_takes_the_first_of_each_subset_in_file_order() -> None:
    both = several(5) + several(5, subset="EQ")
    assert [(s.subset, s.id) for s in select(both, limit=2)] == [
        ("IQ", "q0"),
        ("IQ", "q1"),
        ("EQ", "q0"),
        ("EQ", "q1"),
    ]
    assert len(select(both, limit=99)) == 10


def test_equal_subsets_of_two_benchmarks_are_counted_apart() -> None:
    two = several(3) + [sample(f"q{n}", benchmark="other") for n in range(3)]
    assert len(select(two, limit=2)) == 4


def test_the_draw_of_a_seed_is_known() -> None:
    """The same questions for ever: a change of the hash would change every earlier draw."""
    assert ids(select(several(20), sample=3)) == ["q6", "q13", "q15"]
    assert ids(select(several(20), sample=3, seed=1)) == ["q9", "q14", "q19"]


@given(st.permutations(range(12)), st.integers(1, 12), st.integers())
def test_a_draw_does_not_depend_on_order(order: list[int], count: int, seed: int) -> None:
    samples = several(12)
    drawn = select(samples, sample=count, seed=seed)
    assert len(drawn) == count
    shuffled = [samples[n] for n in order]
    again = select(shuffled, sample=count, seed=seed)
    assert set(ids(again)) == set(ids(drawn))
    assert list(again) == [one for one in shuffled if one in again]


@given(st.lists(st.text("abcdef", min_size=1), unique=True, min_size=1), st.integers())
def test_a_new_question_takes_the_place_of_at_most_one(names: list[str], seed: int) -> None:
    samples = [sample(name) for name in names]
    before = set(ids(select(samples, sample=3, seed=seed)))
    after = set(ids(select([sample("new"), *samples], sample=3, seed=seed)))
    assert len(before - after) <= 1
    assert after - before <= {"new"}


def test_a_draw_is_taken_in_each_subset_and_a_translation_gives_the_same_ids() -> None:
    english = [sample(f"q{n}", benchmark="tiny-en") for n in range(9)]
    assert ids(select(english, sample=4)) == ids(select(several(9), sample=4))
    assert len(select(several(9) + several(9, subset="EQ"), sample=4)) == 8


@pytest.mark.parametrize(
    ("where", "chosen"),
    [
        ({"level": 1}, ["q0", "q3"]),
        ({"level": "1"}, ["q0", "q3"]),
        ({"level": [1, 3]}, ["q0", "q2", "q3"]),
        ({"id": "q1"}, ["q1"]),
        ({"subset": "EQ"}, []),
        ({"level": 1, "id": ["q3", "q1"]}, ["q3"]),
        ({}, ["q0", "q1", "q2", "q3"]),
    ],
)
def test_where_keeps_what_has_one_of_the_values(
    where: dict[str, object], chosen: list[str]
) -> None:
    assert ids(select(several(4), where=where)) == chosen


def test_where_filters_before_the_count() -> None:
    assert ids(select(several(9), where={"level": 2}, limit=2)) == ["q1", "q4"]


def test_a_sample_without_the_field_is_not_chosen() -> None:
    mixed = [sample("a", metadata={"level": 1}), sample("b")]
    assert ids(select(mixed, where={"level": 1})) == ["a"]
    assert field_value(mixed[1], "level") is None
    assert field_value(mixed[1], "subset") == "IQ"


def test_an_unknown_field_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName) as caught:
        select(several(2), where={"levle": 1})
    assert str(caught.value) == "where: unknown field 'levle'\n  hint: did you mean level?"


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"limit": 0}, "limit 0 is not possible\n  hint: give at least 1"),
        ({"sample": -1}, "sample -1 is not possible"),
        ({"limit": "3"}, "limit must be a whole number, not text"),
        ({"limit": True}, "limit must be a whole number, not true or false"),
        ({"limit": 1, "sample": 1}, "limit and sample exclude each other"),
        ({"where": "level=1"}, "where must be a mapping, not text"),
    ],
)
def test_impossible_wishes_are_refused(wish: dict[str, object], told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        select(several(2), **wish)  # type: ignore[arg-type]
    assert told in str(caught.value)


FACTS = {
    "农学": {"title": "Farming", "category": "其他", "category_en": "Other"},
    "法学": {"title": "Law", "category": "人文", "category_en": "Humanities"},
}


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("人文", "that is a category: add -m \"iqeval(category='人文')\""),
        ("humanities", "that is a category_en: add -m \"iqeval(category_en='Humanities')\""),
        ("Farming", "did you mean 农学?"),
        ("physics", "there is: 农学, 法学"),
    ],
)
def test_a_category_or_title_for_a_subset_says_how_to_ask_for_it(wanted: str, hint: str) -> None:
    with pytest.raises(UnknownName) as caught:
        subsets_like(wanted, list(FACTS), facts=FACTS)
    assert caught.value.hint == hint


def test_a_known_subset_that_a_partial_copy_lacks_is_not_called_unknown() -> None:
    with pytest.raises(SettingsError, match="法学 is not among its data here") as caught:
        subsets_like("法学", ["农学"], facts=FACTS)
    assert caught.value.hint == "there is: 农学"
