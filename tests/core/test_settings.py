"""Option values: converted by one rule, wrong ones told by the option's name."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.errors import IqevalError, SettingsError, UnknownName
from pytest_iqeval.core.options import OPTIONS
from pytest_iqeval.core.settings import Settings, make_settings


def settings(**values: object) -> Settings:
    """Settings from option values, with a model."""
    named = {name.replace("_", "-"): value for name, value in values.items()}
    return make_settings({"model": "m", **named})


def test_nothing_given_means_the_defaults_of_the_table() -> None:
    """What --help says is what applies."""
    made = settings()
    assert made.given == {"model"}
    for option in OPTIONS:
        if option.default is not None and option.name not in ("provider", "concurrency"):
            value = getattr(made, option.setting)
            assert value == option.default or (not value and not option.default)


def test_text_becomes_what_the_option_is() -> None:
    """Numbers, lists, pairs and body fields, from the command line or the ini file alike."""
    made = settings(
        limit="20",
        temperature="0.7",
        dataset=["a,b", "c", "a"],
        header=["X-Team=TEAM_VAR"],
        gen=["top_p=0.9", "stop=[1]", "user=me", "seed="],
        gate=["accuracy >= 0.6"],
    )
    assert made.limit == 20
    assert made.temperature == 0.7
    assert made.dataset == ("a", "b", "c")
    assert made.header == (("X-Team", "TEAM_VAR"),)
    assert made.gen == {"top_p": 0.9, "stop": [1], "user": "me", "seed": None}
    assert made.gate == ("accuracy >= 0.6",)
    assert "limit" in made.given


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"limit": "0"}, "--iqeval-limit 0"),
        ({"limit": "1.5"}, "--iqeval-limit '1.5' is not a whole number"),
        ({"temperature": "nan"}, "--iqeval-temperature nan"),
        ({"temperature": "-1"}, "at least 0"),
        ({"timeout": "0"}, "--iqeval-timeout"),
        ({"retries": "-1"}, "--iqeval-retries"),
        ({"concurrency": "0"}, "--iqeval-concurrency"),
        ({"dataset": [" , "]}, "--iqeval-dataset names nothing"),
        ({"base_url": "  "}, "--iqeval-base-url is empty"),
        ({"header": ["X-Team"]}, "NAME=VAR"),
        ({"gen": ["top_p"]}, "KEY=VALUE"),
        ({"gen": ["stream=true"]}, "can't set 'stream'"),
        ({"gen": ["stream="]}, "hint: --iqeval-stream has replies streamed"),
        ({"gen": ["n=3"]}, "can't set 'n'"),
        ({"gen": ["api_key=sk-1"]}, "a key is never an option"),
        ({"limit": 1, "sample": 1}, "exclude each other"),
        ({"resume": True, "replay": "x"}, "exclude each other"),
        ({"cache-sampled": True}, "--iqeval-cache-sampled without --iqeval-cache"),
        ({"stream": "maybe"}, "iqeval_stream 'maybe' is not a yes or no"),
        ({"model": ""}, "--iqeval-model is empty"),
        ({"model": None}, "no model is named"),
    ],
)
def test_a_value_that_cannot_be_is_told_by_its_option(
    values: dict[str, object], words: str
) -> None:
    """The message names the option and what it takes."""
    with pytest.raises(SettingsError) as caught:
        settings(**values)
    assert words in str(caught.value)


def test_an_unknown_answer_mode_gets_the_nearest() -> None:
    """Typos are helped."""
    with pytest.raises(UnknownName, match="did you mean letter"):
        settings(answer="leter")


def test_a_header_value_given_by_mistake_is_not_repeated() -> None:
    """`--iqeval-header Authorization=Bearer sk-…` holds a secret: it must not be echoed."""
    with pytest.raises(IqevalError) as caught:
        settings(header=["Authorization=Bearer sk-canary-1"])
    assert "canary" not in str(caught.value)


def test_a_replay_needs_no_model() -> None:
    """Its stored run names it."""
    assert make_settings({"replay": "last"}).model == ""


@pytest.mark.parametrize(("text", "value"), [("false", False), ("True", True), ("off", False)])
def test_a_flag_of_the_ini_file_is_read_and_not_just_there(text: str, value: bool) -> None:
    """`iqeval_stream = false` is no wish for it."""
    assert settings(stream=text).stream is value


@pytest.mark.parametrize(
    ("values", "seeds"),
    [
        ({}, [None]),
        ({"gen": ["seed=5"]}, [None]),  # the run's own field has it
        ({"repeats": "3"}, [0, 1, 2]),
        ({"repeats": "3", "gen": ["seed=5"]}, [5, 6, 7]),
        ({"repeats": "2", "gen": ["seed="]}, [None, None]),
    ],
)
def test_seeds_of_replies_count_on(values: dict[str, object], seeds: list[int | None]) -> None:
    made = settings(**values)
    assert [made.reply_seed(repeat) for repeat in range(made.repeats)] == seeds


@pytest.mark.parametrize("seed", ["1.5", "true", "abc"])
def test_a_seed_that_can_not_be_counted_on_from_is_refused(seed: str) -> None:
    """With repeats alone: a single reply may be sent any."""
    settings(gen=[f"seed={seed}"])
    with pytest.raises(SettingsError, match="the seeds of 2 repeats count on from a number"):
        settings(gen=[f"seed={seed}"], repeats=2)
