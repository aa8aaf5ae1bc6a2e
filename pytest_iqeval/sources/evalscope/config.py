"""EvalScope's task configuration, as far as it says how a run was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pytest_iqeval.core.errors import DefinitionError
from pytest_iqeval.core.evalscope_keys import BODY, STOP, TOKENS
from pytest_iqeval.core.plain import unstorable
from pytest_iqeval.sources.definitions import plain_value
from pytest_iqeval.sources.evalscope.replies import mapping, text_of
from pytest_iqeval.sources.evalscope.values import TheirConfig


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
    limit = plain.get("limit")
    named = plain.get("datasets")
    return TheirConfig(
        model=text_of(plain.get("model_id")) or text_of(plain.get("model")) or None,
        url=text_of(plain.get("api_url")) or None,
        benchmarks=tuple(one for one in named if isinstance(one, str))
        if isinstance(named, list)
        else (),
        generation=_generation(mapping(plain.get("generation_config"))),
        limit=limit if isinstance(limit, int) and not isinstance(limit, bool) else None,
        version=text_of(plain.get("evalscope_version")) or None,
        secret=text_of(plain.get("api_key")).strip("*") or None,  # newer versions hide it
    )


def _generation(plain: Mapping[str, object]) -> Mapping[str, object]:
    """The fields of a request, by the names that a run of ours has them under."""
    found: dict[str, object] = {}
    for name, keys in (("temperature", ("temperature",)), ("max_tokens", TOKENS), ("stop", STOP)):
        found[name] = next((plain[key] for key in keys if plain.get(key) is not None), None)
    found |= {key: plain.get(key) for key in BODY}
    found |= mapping(plain.get("extra_body"))
    return {str(k): v for k, v in found.items() if v is not None and _is_sendable([str(k), v])}


def _is_sendable(value: object) -> bool:
    """Whether a value could stand in a request; YAML has bytes and infinity too."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return unstorable(value) is None
