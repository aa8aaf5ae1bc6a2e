"""Suites out of plain mappings: every field, every fault at once, and never a traceback."""

# ruff: noqa: E501 - tables are read across

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.options import OPTIONS
from pytest_iqeval.core.settings import make_settings
from pytest_iqeval.core.suite import Suite, SuiteSet
from pytest_iqeval.core.suite_fields import parse_suite
from pytest_iqeval.core.suite_table import LIMITS, OF_A_SET, SECTIONS, TOP

WHOLE = """\
name: release
model: gemma3:4b
endpoint:
  provider: vllm
  base_url: http://gpu:8000/v1
  api_key_env: GPU_KEY
  header: {X-Team: TEAM}
  stream: true
benchmarks:
  - iquiz-open
  - name: mmlu
    subsets: [a, b]
    limit: 10%
    few_shot: 5
    weight: 0.5
    metric: credit
    system: Be terse.
    generation: {max_tokens: 64, temperature: 0, top_k: 1}
  - path: sets/own.yaml
    sample: 20
generation: {temperature: 0.5, max_tokens: 128, top_p: 0.9, stop: null}
limits: {concurrency: 4, retries: 0, time_budget: 60}
repeats: 3
pass: any
data_dir: data
gate_lock: release.lock
few_shot: 2
baseline: baselines/m.json
output: runs
gates:
  - accuracy >= 0.6
  - "index >= 0.7"
"""


def parse(raw: object, **more: Any) -> Suite:
    return parse_suite(raw, file="s.yaml", **more)


def faults(raw: object) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        parse(raw)
    return caught.value.problems


def test_a_suite_says_everything_of_a_run() -> None:
    suite = parse(yaml.safe_load(WHOLE), place=lambda path: f"ci/{path}")
    settings = make_settings(suite.options, sets=suite.sets)
    assert (settings.model, settings.provider, settings.base_url) == (
        "gemma3:4b",
        "vllm",
        "http://gpu:8000/v1",
    )
    assert (settings.api_key_env, settings.header, settings.stream) == (
        "GPU_KEY",
        (("X-Team", "TEAM"),),
        True,
    )
    assert settings.dataset == ("iquiz-open", "mmlu:a", "mmlu:b", "ci/sets/own.yaml")
    assert (settings.temperature, settings.max_tokens) == (0.5, 128)
    assert settings.gen == {"top_p": 0.9, "stop": None}
    assert (settings.concurrency, settings.retries, settings.time_budget) == (4, 0, 60)
    assert (settings.repeats, settings.pass_, settings.gate) == (
        3,
        "any",
        ("accuracy >= 0.6", "index >= 0.7"),
    )
    # What is read with the suite lies beside it; what a run writes, where pytest is started.
    assert (settings.data_dir, settings.gate_lock, settings.baseline) == (
        "ci/data",
        "ci/release.lock",
        "ci/baselines/m.json",
    )
    assert settings.output == "runs"
    assert settings.examples("iquiz-open") == 2
    one, two, three = suite.sets
    assert one == SuiteSet(spec="iquiz-open")
    assert two == SuiteSet(
        spec="mmlu", subsets=("a", "b"), share=0.1, few_shot=5, weight=Fraction(1, 2), metric="credit",
        system="Be terse.", generation={"temperature": 0, "max_tokens": 64, "top_k": 1},
    )  # fmt: skip
    assert (three.spec, three.sample) == ("ci/sets/own.yaml", 20)


def test_a_suite_crosses_to_workers_and_into_the_journal_unchanged() -> None:
    suite = parse(yaml.safe_load(WHOLE))
    again = Suite.from_plain(suite.to_plain())
    assert again.sets == suite.sets
    assert make_settings(again.options) == make_settings(suite.options)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("modle: m", "modle: there is no such field; did you mean model"),
        ("temperature: 1", "temperature: there is no such field; it belongs under `generation:`"),
        ("endpoint: {model: m}", "endpoint.model: there is no such field; it belongs at the top, as `model:`"),
        ("dataset: [mmlu]", "dataset: there is no such field; it is called benchmarks"),
        ("gate: [n >= 1]", "gate: there is no such field; it is called gates"),
        ("resume: true", "resume: is about one run alone; give it as --iqeval-resume"),
        ("limit: yes", "limit: must be a number, not true or false"),
        ("limit: 0", "limit: 0 is not possible; give a whole number of at least 1"),
        ("limit: 2.5", "limit: 2.5 is not a whole number"),
        ("answer: long", "answer: unknown value 'long'; did you mean json?"),
        ("model: 4", "model: must be text, not a number; put it in quotes"),
        ("limit: 3\nsample: 3", "sample: excludes limit"),
        ("gates: accuracy >= 0.6", "gates: must be a list, not text; `- accuracy >= 0.6`"),
        ("gates: [n >= 1, n >= 1]", "gates[2]: stands twice; take one out"),
        ("gates:\n  - quiz: accuracy >= 0.6", 'gates[1]: holds a colon, so it needs quotes: - "quiz: accuracy >= 0.6"'),
        ("generation: {model: x}", "generation.model: the run itself decides it"),
        ("generation: {stream: true}", "generation.stream: the run itself decides it; `endpoint: {stream: true}`"),
        ("generation: [1]", "generation: must be a mapping, not a list"),
        ("generation: {top_p: .nan}", "generation.top_p: can't be sent as JSON (a number)"),
        ("limits: {rpm: fast}", "limits.rpm: must be a number, not text"),
    ],
)  # fmt: skip
def test_a_fault_says_where_what_and_what_to_do(text: str, fault: str) -> None:
    (told,) = faults(yaml.safe_load(f"benchmarks: [x]\n{text}"))
    assert told.startswith(f"s.yaml: {fault}"), told


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "benchmarks: names none; write one a line"),
        ("{name: x}", "benchmarks: must be a list, not a mapping"),
        ("[]", "benchmarks: names none"),
        ("[3]", "benchmarks[1]: must be a name or a mapping, not a number"),
        ("[{limit: 3}]", "benchmarks[1]: has neither name nor path"),
        ("[{name: x, path: y}]", "benchmarks[1]: has both a name and a path; keep one"),
        ("[x, {name: x}]", "benchmarks[2]: x stands twice; put its subsets into one entry"),
        ("['x,y']", "benchmarks[1].name: holds a comma; one benchmark an entry"),
        ("[{name: x, weigth: 2}]", "benchmarks[1].weigth: there is no such field; did you mean weight"),
        ("[{name: x, weight: -1}]", "benchmarks[1].weight: -1 is no weight; give 0 or more"),
        ("[{name: x, weight: two}]", "benchmarks[1].weight: must be a number, not text"),
        ("[{name: x, weight: 0}]", "benchmarks: every weight is 0; give one of them more"),
        ("[{name: x, limit: 0%}]", "benchmarks[1].limit: '0%' is no share; write 10%"),
        ("[{name: x, limit: 3, sample: 3}]", "benchmarks[1].sample: excludes limit"),
        ("[{name: x, subsets: []}]", "benchmarks[1].subsets: names none"),
        ("[{name: x, metric: index}]", "benchmarks[1].metric: 'index' is no share"),
        ("[{name: x, metric: acuracy}]", "benchmarks[1].metric: 'acuracy' is no share; did you mean accuracy"),
        ("[{name: x, few_shot: -1}]", "benchmarks[1].few_shot: must be a whole number, not -1"),
        ("[{name: x, generation: {seed: 3}}]", "benchmarks[1].generation.seed: is the run's"),
        ("[{name: x, repeats: 3}]", "benchmarks[1].repeats: there is no such field; it belongs at the top, as `repeats:`"),
    ],
)  # fmt: skip
def test_a_wrong_benchmark_is_told_by_its_place(text: str, fault: str) -> None:
    (told,) = faults(yaml.safe_load(f"benchmarks: {text}"))
    assert told.startswith(f"s.yaml: {fault}"), told


@pytest.mark.parametrize(
    "text",
    [
        "api_key: sk-SECRET",
        "endpoint: {api-key: sk-SECRET}",
        "endpoint: {token: sk-SECRET}",
        "endpoint: {api_key_env: sk-SECRET}",
        "endpoint: {base_url: 'https://me:sk-SECRET@host/v1'}",
        "endpoint: {header: {Authorization: Bearer sk-SECRET}}",
        "generation: {api_key: sk-SECRET}",
        "benchmarks: [{name: x, generation: {key: sk-SECRET}}]",
    ],
)
def test_a_key_never_stands_in_a_suite_and_is_never_repeated(text: str) -> None:
    raw = {"benchmarks": ["x"], **yaml.safe_load(text)}
    told = "\n".join(faults(raw))
    assert "SECRET" not in told
    assert "environment variable" in told or "login" in told


def test_all_faults_are_told_at_once() -> None:
    told = faults({"modle": 1, "limit": "x", "benchmarks": [{"name": 3}], "gates": 1})
    assert len(told) == 4


def test_every_option_of_the_ini_file_has_its_place_or_a_name_of_its_own() -> None:
    """A new option is a field of suites by itself."""
    placed = {*TOP, *(name for names in SECTIONS.values() for name in names)}
    assert {o.name for o in OPTIONS if o.ini} - placed == {"dataset", "gate", "gen", "suite"}
    assert set(LIMITS) <= placed
    assert {"name", "path", "weight"} <= set(OF_A_SET)


def test_what_the_command_line_says_of_all_goes_over_what_a_suite_says_of_one() -> None:
    one = SuiteSet(
        spec="x", share=0.1, few_shot=5, generation={"max_tokens": 1, "top_k": 2, "stop": "."}
    )
    assert one.without(["limit"], ()).some == {}
    assert one.without(["few-shot"], ()).few_shot is None
    assert one.without(["max-tokens"], ["stop"]).generation == {"top_k": 2}
    assert one.without(["seed", "model"], ()) == one


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
KEYS = st.sampled_from(
    [*(name.replace("-", "_") for name in TOP), "benchmarks", "gates", *SECTIONS, "name", "api_key"]
)
SETS = st.lists(st.dictionaries(st.sampled_from(list(OF_A_SET)), plain, max_size=4), max_size=2)


@given(plain | st.dictionaries(KEYS, plain, max_size=5))
def test_any_plain_value_gives_a_suite_or_its_faults(raw: object) -> None:
    _settings_or_faults(raw)


@given(st.fixed_dictionaries({"benchmarks": SETS}, optional={"generation": plain}))
def test_any_benchmarks_give_a_suite_or_its_faults(raw: object) -> None:
    _settings_or_faults(raw)


def _settings_or_faults(raw: object) -> None:
    try:
        suite = parse(raw)
    except DefinitionError:
        return
    assert suite.sets
    assert Suite.from_plain(suite.to_plain()).sets == suite.sets
