"""EvalScope's task configurations as suites: no key is dropped without a word."""

# ruff: noqa: E501 - tables are read across

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core import evalscope_keys as keys
from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.evalscope import is_task, parse_task
from pytest_iqeval.core.settings import make_settings
from pytest_iqeval.core.suite import Suite, SuiteSet

KNOWN = ("mmlu", "gsm8k", "math500", "truthfulqa", "arc", "iquiz")
NEW = {  # as `evalscope eval` of 1.14 writes it
    "model": "qwen-plus",
    "model_id": "qwen-plus",
    "model_args": {},
    "model_task": "text_generation",
    "chat_template": None,
    "datasets": ["mmlu", "gsm8k", "math_500", "truthful_qa"],
    "dataset_args": {
        "mmlu": {"subset_list": ["college_biology", "virology"], "few_shot_num": 3, "few_shot_random": False},
        "gsm8k": {"subset_list": ["main"], "system_prompt": "Think.", "prompt_template": "{query}"},
        "truthful_qa": {"subset_list": ["multiple_choice"], "filters": {"remove_until": "</think>"}},
        "ceval": {"few_shot_num": 0},
    },
    "dataset_dir": "~/.cache/modelscope/hub/datasets",
    "dataset_hub": "modelscope",
    "generation_config": {
        "temperature": 0.6, "max_tokens": 2048, "top_p": 0.95, "top_k": 20, "seed": 7, "n": 1, "stream": True,
        "timeout": 120, "retries": 3, "retry_interval": 10, "stop_seqs": ["\n\n"], "batch_size": 16,
        "extra_body": {"chat_template_kwargs": {"enable_thinking": False}},
    },
    "eval_type": "openai_api",
    "eval_backend": "Native",
    "eval_config": None,
    "limit": 10,
    "repeats": 2,
    "eval_batch_size": 16,
    "use_cache": None,
    "rerun_review": False,
    "work_dir": "./outputs",
    "ignore_errors": False,
    "debug": False,
    "seed": 42,
    "api_url": "https://dashscope.aliyuncs.com/compatible-mode/v1",
    "api_key": "**********",
    "judge": {"strategy": "auto"},
    "analysis_report": False,
    "sandbox": {"enabled": False},
    "evalscope_version": "1.14.1",
}  # fmt: skip
OLD = {  # as examples of 0.x have it
    "model": "Qwen/Qwen2.5-0.5B-Instruct",
    "template_type": "qwen",
    "datasets": ["arc"],
    "eval_type": "service",
    "api_url": "http://127.0.0.1:8801/v1/chat/completions",
    "api_key": "EMPTY",
    "limit": 5,
    "stage": "all",
    "mem_cache": False,
    "outputs": "outputs/x",
    "timeout": 60,
    "stream": False,
    "infer_cfg": {"do_sample": False},
    "generation_config": {"max_new_tokens": 512, "do_sample": False},
    "modle_args": {},
}


def parse(raw: dict[str, Any], **more: Any) -> Suite:
    return parse_task(raw, file="task.json", known=KNOWN, **more)


def told(suite: Suite, key: str) -> str:
    (line,) = [line for line in suite.taken if f": {key}: " in line]
    return line


def test_a_configuration_of_today_is_taken_as_far_as_it_goes() -> None:
    suite = parse(NEW)
    settings = make_settings(suite.options, sets=suite.sets)
    assert (settings.model, settings.base_url) == ("qwen-plus", NEW["api_url"])
    assert settings.dataset == (
        "mmlu:college_biology",
        "mmlu:virology",
        "gsm8k",
        "math500",
        "truthfulqa",
    )
    assert (settings.temperature, settings.max_tokens, settings.stream) == (0.6, 2048, True)
    assert (settings.limit, settings.repeats, settings.concurrency) == (10, 2, 16)
    assert (settings.timeout, settings.retries, settings.output) == (120, 3, "./outputs")
    assert settings.gen == {
        "top_p": 0.95, "top_k": 20, "seed": 7, "stop": ["\n\n"],
        "chat_template_kwargs": {"enable_thinking": False},
    }  # fmt: skip
    assert settings.api_key_env is None
    assert [one.few_shot for one in suite.sets] == [3, None, None, None]
    assert [one.system for one in suite.sets] == [None, "Think.", None, None]


def test_every_key_has_a_line() -> None:
    """Also those inside of `generation_config` and `dataset_args`."""
    suite = parse(NEW)
    lines = "\n".join(suite.taken)
    absent = {"limit", "eval_config", "chat_template", "use_cache"}
    for key in NEW.keys() - absent - {"dataset_args", "generation_config"}:
        assert f": {key}: " in lines, key
    for key in NEW["generation_config"]:  # type: ignore[attr-defined]
        assert f": generation_config.{key}" in lines, key
    for name, args in NEW["dataset_args"].items():  # type: ignore[attr-defined]
        assert f"dataset_args.{name}" in lines
        for key in args if name != "ceval" else ():
            assert f": dataset_args.{name}.{key}: " in lines, key
    assert told(suite, "model") == "taken: model: --iqeval-model qwen-plus"
    assert told(suite, "dataset_args.ceval").endswith("is not among datasets")
    assert any("math500 (math_500 is called math500 here)" in line for line in suite.taken)
    words = [line.partition(":")[0] for line in suite.taken]
    assert words == sorted(words, key=["taken", "absent", "not taken", "unknown"].index)


def test_a_key_is_never_taken_from_a_file_nor_repeated() -> None:
    suite = parse({**NEW, "api_key": "sk-SECRET"})
    assert "SECRET" not in str(suite)
    assert "put it into an environment variable, and give --iqeval-api-key-env VAR" in told(
        suite, "api_key"
    )
    assert told(parse(OLD), "api_key").endswith("there is none")
    headers = {"extra_headers": {"Authorization": "Bearer sk-SECRET"}}
    suite = parse({**OLD, "generation_config": headers})
    assert "SECRET" not in str(suite)
    assert "--iqeval-header NAME=VAR" in told(suite, "generation_config.extra_headers")


def test_an_older_configuration_is_read_too_and_a_misspelt_key_gets_the_nearest() -> None:
    suite = parse(OLD)
    settings = make_settings(suite.options)
    assert (settings.max_tokens, settings.limit, settings.timeout, settings.stream) == (
        512,
        5,
        60,
        False,
    )
    assert told(suite, "modle_args").startswith(
        "unknown: modle_args: EvalScope has no such key; did you mean model_args"
    )
    assert (
        told(suite, "generation_config.temperature")
        == "absent: generation_config.temperature: 0 is sent; EvalScope leaves it to the server"
    )
    for key in ("template_type", "stage", "mem_cache", "outputs", "infer_cfg"):
        assert told(suite, key).startswith("not taken: ")


@pytest.mark.parametrize(
    ("limit", "options", "some"),
    [
        (7, {"limit": 7}, {}),
        (0.25, {}, {"share": 0.25}),
        (None, {}, {}),
        (0, {}, {}),
        (1.0, {}, {}),
    ],
)
def test_a_limit_is_a_number_or_a_share_of_each_subset(
    limit: object, options: dict[str, int], some: dict[str, float]
) -> None:
    suite = parse({"model": "m", "datasets": ["mmlu"], "limit": limit})
    assert {k: v for k, v in suite.options.items() if k == "limit"} == options
    assert suite.sets[0].some == some


def test_a_local_copy_is_a_data_folder_where_it_is_called_as_we_call_it() -> None:
    args = {"mmlu": {"local_path": "/data/mmlu"}, "arc": {"local_path": "/data/arc"}}
    suite = parse({"model": "m", "datasets": ["mmlu", "arc"], "dataset_args": args})
    assert suite.options["data-dir"] == "/data"
    args = {"mmlu": {"local_path": "/data/MMLU-copy"}}
    suite = parse({"model": "m", "datasets": ["mmlu"], "dataset_args": args})
    assert "data-dir" not in suite.options
    assert "put it at DIR/mmlu" in told(suite, "dataset_args.mmlu.local_path")


def test_what_is_said_twice_goes_as_in_evalscope_and_is_told_once_as_taken() -> None:
    """`timeout` and `stream` outside of generation_config go over it, and its `n` over `repeats`."""
    inside = {"timeout": 60, "stream": True, "n": 4, "max_tokens": 9}
    raw = {
        "datasets": ["gsm8k"],
        "timeout": 6000,
        "stream": False,
        "repeats": 2,
        "generation_config": inside,
    }
    suite = parse(raw)
    assert suite.options["timeout"] == 6000
    assert "stream" not in suite.options
    assert suite.options["repeats"] == 4
    assert told(suite, "timeout") == "taken: timeout: --iqeval-timeout 6000"
    for key in ("generation_config.timeout", "generation_config.stream", "repeats"):
        assert told(suite, key).startswith(f"not taken: {key}: ")
    assert parse({**raw, "generation_config": {"n": 1}}).options["repeats"] == 2


def test_a_dataset_that_stands_twice_is_asked_once() -> None:
    suite = parse({"model": "m", "datasets": ["gsm8k", "mmlu", "gsm8k"], "limit": 2.0})
    assert [one.spec for one in suite.sets] == ["gsm8k", "mmlu"]
    assert told(suite, "datasets[3]") == "not taken: datasets[3]: gsm8k stands there already"
    assert make_settings(suite.options, sets=suite.sets).limit == 2
    with pytest.raises(DefinitionError, match=r"datasets\[2\]: math500 stands twice, by two names"):
        parse({"datasets": ["math_500", "math500"]})


def test_each_key_of_a_set_of_ones_own_has_a_line() -> None:
    args = {"dataset_id": "qa", "subset_list": ["a", "b"], "few_shot_mode": "x"}
    suite = parse({"datasets": ["general_qa"], "dataset_args": {"general_qa": args}})
    where = "dataset_args.general_qa"
    assert told(suite, f"{where}.subset_list") == f"taken: {where}.subset_list: a file each: a, b"
    assert not any(line.startswith(f"not taken: {where}.dataset_id") for line in suite.taken)
    assert any(line.startswith(f"taken: {where}.dataset_id: ") for line in suite.taken)
    assert told(suite, f"{where}.few_shot_mode").startswith("not taken: ")


def test_sets_of_ones_own_are_files_one_a_subset() -> None:
    args = {"general_mcq": {"local_path": "mcq", "subset_list": ["example"]}}
    raw = {"model": "m", "datasets": ["general_mcq"], "dataset_args": args}
    suite = parse(
        raw, place=lambda path: f"ci/{path}", there=lambda path: path.endswith("_val.jsonl")
    )
    assert suite.sets == (SuiteSet(spec="ci/mcq/example_val.jsonl"),)
    with pytest.raises(
        DefinitionError,
        match=r"dataset_args.general_mcq.local_path: there is none of mcq/example_val.csv",
    ):
        parse(raw, there=lambda _: False)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"datasets": ["mmlu", "gsm9k"]}, "datasets: 'gsm9k' is no benchmark here; did you mean gsm8k?"),
        ({"datasets": []}, "datasets: names none"),
        ({"datasets": None}, "datasets: names none"),
        ({"datasets": [3]}, "datasets[1]: must be text, not a number"),
        ({"eval_backend": "OpenCompass"}, "eval_backend: 'OpenCompass' is not read: only Native"),
        ({"model_task": "image_generation"}, "model_task: 'image_generation' is not possible"),
        ({"limit": -1}, "limit: must be a whole number, or a share below 1, not -1"),
        ({"limit": 2.5}, "limit: must be a whole number, or a share below 1, not 2.5"),
        ({"limit": "10"}, "limit: must be a whole number, or a share below 1, not '10'"),
        ({"repeats": "many"}, "repeats: must be a whole number above 0, not 'many'"),
        ({"generation_config": [1]}, "generation_config: must be a mapping, not a list"),
        ({"generation_config": {"temperature": "hot"}}, "generation_config.temperature: must be a number, not text"),
        ({"generation_config": {"extra_body": {"messages": []}}}, "generation_config.extra_body.messages: the run itself decides it"),
        ({"dataset_args": {"mmlu": 3}}, "dataset_args.mmlu: must be a mapping, not a number"),
        ({"dataset_args": {"mmlu": {"few_shot_num": "five"}}}, "dataset_args.mmlu.few_shot_num: must be a whole number"),
        ({"api_url": "https://u:SECRET@host/v1"}, "api_url: holds a login"),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused_with_its_place(
    change: dict[str, Any], fault: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse({"model": "m", "datasets": ["mmlu"], **change})
    (told_,) = caught.value.problems
    assert told_.startswith(f"task.json: {fault}"), told_
    assert "SECRET" not in told_


def test_a_model_that_evalscope_loads_itself_wants_an_address_here() -> None:
    suite = parse({"model": "m", "datasets": ["mmlu"], "eval_type": "llm_ckpt"})
    assert "give its address: --iqeval-base-url URL" in told(suite, "eval_type")


def test_the_tables_do_not_contradict_each_other() -> None:
    for taken, ignored in (
        (keys.TAKEN, keys.IGNORED),
        (keys.GENERATION_TAKEN, keys.GENERATION_IGNORED),
        (keys.DATASET_TAKEN, keys.DATASET_IGNORED),
    ):
        assert not set(taken) & set(ignored)


def test_a_task_is_told_by_its_keys() -> None:
    assert is_task(OLD)
    assert is_task({"eval_backend": "RAGEval"})
    assert not is_task({"benchmarks": ["mmlu"], "model": "m"})


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
inside = {
    "generation_config": st.dictionaries(st.sampled_from([*keys.GENERATION_TAKEN, *keys.GENERATION_IGNORED, "x"]), plain, max_size=4),
    "dataset_args": st.dictionaries(st.sampled_from(["mmlu", "general_mcq"]), st.dictionaries(st.sampled_from([*keys.DATASET_TAKEN, *keys.DATASET_IGNORED]), plain, max_size=4), max_size=2),
    "datasets": st.just(["mmlu", "general_mcq"]) | plain,
}  # fmt: skip


@given(
    st.dictionaries(st.sampled_from([*keys.TAKEN, *keys.IGNORED, "x"]), plain, max_size=5),
    st.fixed_dictionaries({}, optional=inside),
)
def test_any_plain_value_gives_a_suite_with_a_line_for_every_key_or_its_faults(
    top: dict[str, Any], more: dict[str, Any]
) -> None:
    try:
        suite = parse({**top, **more})
    except DefinitionError:
        return
    assert Suite.from_plain(suite.to_plain()).sets == suite.sets
    lines = "\n".join(suite.taken)
    for key, value in top.items():
        assert (
            value is None
            or key in more
            or f": {key}" in lines
            or key in ("datasets", "dataset_args", "generation_config")
        ), key
