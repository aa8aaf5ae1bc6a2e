"""EvalScope's task configuration, as far as it says how a run was asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.sources.definitions import plain_value
from pytest_iqeval.sources.evalscope.replies import mapping, number, text_of
from pytest_iqeval.sources.evalscope.values import TheirConfig

# What a body of a request may have; the rest is about how EvalScope sends it.
BODY = (
    *("max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "min_p", "seed"),
    *("n", "stop", "frequency_penalty", "presence_penalty", "repetition_penalty", "logit_bias"),
    *("reasoning_effort", "response_format", "extra_body"),
)


def read_config(folder: Path) -> tuple[TheirConfig, list[str]]:
    """The newest task configuration of a run's folder, and what can't be read of it."""
    files = sorted(folder.glob("configs/task_config*.yaml"))
    if not files:
        return TheirConfig(), []
    path = files[-1]
    name = str(path.relative_to(folder))
    try:
        plain = plain_value(path.read_text("utf-8"), shown=name)
    except (OSError, UnicodeDecodeError, DefinitionError) as error:
        first = str(error).split("\n", 1)[0]
        return TheirConfig(), [f"{name}: can't be read, so it is not known how was asked: {first}"]
    return _config(mapping(plain)), []


def _config(plain: Mapping[str, object]) -> TheirConfig:
    generation = {
        key: value
        for key, value in mapping(plain.get("generation_config")).items()
        if key in BODY and value is not None
    }
    repeats, limit = number(plain.get("repeats")), plain.get("limit")
    named = plain.get("datasets")
    return TheirConfig(
        model=text_of(plain.get("model_id")) or text_of(plain.get("model")) or None,
        url=text_of(plain.get("api_url")) or None,
        benchmarks=tuple(one for one in named if isinstance(one, str))
        if isinstance(named, list)
        else (),
        generation=generation,
        repeats=max(1, int(repeats)) if repeats else 1,
        limit=limit if isinstance(limit, int) and not isinstance(limit, bool) else None,
        version=text_of(plain.get("evalscope_version")) or None,
        secret=text_of(plain.get("api_key")).strip("*") or None,  # newer versions hide it
    )
