"""Values cross between the two processes as data: exact builtin types, and nothing that acts."""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections import Counter, OrderedDict, defaultdict, namedtuple
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.sandbox.inside.wire import Channel, Foreign, Gone, decode, encode

ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**40)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.fractions()
    | st.decimals(allow_nan=False)
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.frozensets(ATOMS, max_size=5)
        | st.sets(ATOMS, max_size=5)
        | st.dictionaries(ATOMS, inner, max_size=5)
    ),
    max_leaves=20,
)


def crossed(value: object) -> Any:
    return decode(json.loads(json.dumps(encode(value))))


def kinds(value: Any) -> Any:
    """A value with the types that it is made of: ``True == 1 == 1.0`` must not hide a change."""
    if isinstance(value, dict):
        return type(value), [(kinds(k), kinds(v)) for k, v in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [kinds(one) for one in value]
    return type(value), value


@given(VALUES)
def test_plain_values_cross_as_they_are(value: object) -> None:
    assert kinds(crossed(value)) == kinds(value)


def test_numbers_that_equal_nothing_and_lone_surrogates_cross() -> None:
    assert math.isnan(crossed(float("nan")))
    assert crossed([float("inf"), "\udc80"]) == [float("inf"), "\udc80"]


def test_what_is_a_builtin_type_at_heart_is_sent_as_that() -> None:
    class Text(str):
        pass

    Level = IntEnum("Level", ["LOW"])
    Pair = namedtuple("Pair", "a b")
    for value, plain in (
        (Counter("aab"), {"a": 2, "b": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        (OrderedDict(a=1), {"a": 1}),
        (Pair(1, 2), (1, 2)),
        (Text("a"), "a"),
        (Level.LOW, 1),
    ):
        assert kinds(crossed(value)) == kinds(plain)


def test_iterators_are_sent_as_far_as_they_go() -> None:
    assert list(crossed(n * n for n in range(3))) == [0, 1, 4]
    assert crossed(iter([1])) != [1]
    endless = iter(int, 1)
    assert isinstance(crossed(endless), Foreign)


def test_what_claims_to_be_equal_is_equal_to_nothing() -> None:
    class Equal:
        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 1

    come = crossed([Equal()])
    assert come != [3]
    assert come != [None]
    assert repr(come) == "[<Equal>]"


def test_a_foreign_value_keeps_its_truth() -> None:
    assert crossed(object())
    assert not crossed(memoryview(b""))


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"a": 1, "b": 2},
        {"eval": "1"},
        {"set": [[1]]},
        {"dict": [[[], 1]]},
        {"dict": 3},
        {"int": "x"},
        {"int": 3},
        {"fraction": [1, 0]},
        {"bytes": "g"},
        {"decimal": "x"},
        {"range": [1, 2, 0]},
        {"foreign": 1},
    ],
)
def test_what_is_no_value_is_refused(plain: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        decode(plain)


KINDS = st.sampled_from(["int", "set", "dict", "tuple", "fraction", "decimal", "range", "x"])
MESSAGES = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KINDS, inner, max_size=3),
    max_leaves=20,
)


@given(MESSAGES)
def test_no_message_does_more_than_fail(plain: object) -> None:
    """Whatever a hostile process sends is a value or a plain error."""
    with contextlib.suppress(ValueError, TypeError, LookupError, OverflowError):
        decode(plain)


@pytest.mark.parametrize("sent", [b"", b"{", b"{]\n", b"[" * 20_000 + b"\n"])
def test_what_is_no_message_is_told_as_the_other_side_gone(sent: bytes) -> None:
    read, write = os.pipe()
    channel = Channel(read, write)
    os.write(write, sent)
    os.close(write)
    with channel.reader, pytest.raises(Gone):
        channel.receive()
