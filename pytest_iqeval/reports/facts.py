"""What a run was, apart from its scores: the last part of the reports' head."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from pytest_iqeval.reports.figures import NOTHING, count, elapsed, moment, seconds
from pytest_iqeval.reports.markup import Html, el, join

_Plain = Mapping[str, Any]
_FLAGS = {"limit": "--iqeval-limit", "sample": "--iqeval-sample", "keyword": "-k", "mark": "-m"}


def run_facts(report: _Plain, said: Mapping[str, str]) -> Html:
    """All facts under a heading, as a list of names and values."""
    entries = (
        el("div", el("dt", name), el("dd", value)) for name, value in fact_pairs(report, said)
    )
    return join(el("h3", said["facts"]), el("dl", *entries, class_="iqv-facts"))


def fact_pairs(report: _Plain, said: Mapping[str, str]) -> list[tuple[str, str]]:
    """All facts, each with its name."""
    run, usage = report["run"], report["usage"]
    digest = run.get("model_digest")
    return [
        (said["model"], run["model"]),
        *([(said["model_digest"], digest)] if digest else []),
        (said["endpoint"], run["base_url"]),
        (said["provider"], run["provider"] or NOTHING),
        (said["started"], moment(run["started"])),
        (said["took"], elapsed(run["started"], run["finished"])),
        (said["selection"], _selection(report["selection"], said)),
        (said["answer_mode"], run["answer"]),
        (said["generation"], _pairs(run["generation"])),
        (
            said["requests"],
            f"{count(usage.get('requests'))} · "
            + said["retries"].format(n=count(usage.get("retries")))
            + _from_cache(usage, said),
        ),
        (
            said["tokens"],
            said["tokens_in_out"].format(
                prompt=count(usage.get("prompt_tokens")),
                completion=count(usage.get("completion_tokens")),
            ),
        ),
        (said["latency"], _percentiles(report["latency"])),
        *_timing(report.get("timing", {}), said),
        *_overall(run.get("pace", {}), said),
        *([(said["clock"], run["clock"])] if run.get("clock") else []),
        *((f"{said['data']} {b['name']}", _data(b, said)) for b in report["benchmarks"]),
        (said["versions"], _pairs(run["versions"])),
        *_sandbox(run.get("sandbox"), said),
        *([(said["command"], run["command"])] if run.get("command") else []),
        (said["run_id"], run["id"]),
    ]


def _sandbox(sandbox: _Plain | None, said: Mapping[str, str]) -> list[tuple[str, str]]:
    """How the model's code was confined, where it was run."""
    if not sandbox:
        return []
    lacking = ", ".join(sandbox["not_enforced"])
    value = sandbox["kind"]
    if lacking:
        value += f" · {said['not_enforced'].format(what=lacking)}"
    return [(said["sandbox"], value)]


def _percentiles(values: _Plain) -> str:
    known = [(name, values[name]) for name in ("p50", "p95", "p99") if name in values]
    return " · ".join(f"{name} {seconds(value)}" for name, value in known) or NOTHING


def _timing(timing: _Plain, said: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was measured of the stages before a reply was whole."""
    measured = {name: stage for name, stage in timing.items() if stage["n"]}
    pairs = [
        (said[name], _percentiles(measured[name]))
        for name in ("queued", "connect", "first_byte", "first_token")
        if name in measured
    ]
    if "tokens_per_s" in measured:
        pace = measured["tokens_per_s"]
        pairs.append((said["pace"], f"p50 {count(round(pace['p50']))} {said['tokens_per_s']}"))
    return pairs


def _overall(pace: _Plain, said: Mapping[str, str]) -> list[tuple[str, str]]:
    per_s = pace.get("tokens_per_s")
    return [(said["overall"], f"{per_s:,.0f} {said['tokens_per_s']}")] if per_s else []


def _from_cache(usage: _Plain, said: Mapping[str, str]) -> str:
    cached = usage.get("cached")
    return " · " + said["cached"].format(n=count(cached)) if cached else ""


def _selection(chosen: _Plain, said: Mapping[str, str]) -> str:
    """The options that chose the questions, as a user would type them."""
    given: list[str] = []
    for key, flag in _FLAGS.items():
        if chosen[key] not in (None, ""):
            given += [flag, str(chosen[key])]
    if chosen["sample"] is not None:
        given += ["--iqeval-seed", str(chosen["seed"])]
    asked = asked_of(chosen, said)
    return f"{asked} · {shlex.join(given)}" if given else asked


def asked_of(chosen: _Plain, said: Mapping[str, str]) -> str:
    """``40 of 120 questions``, ``all 120 questions``."""
    asked, available = chosen["asked"], chosen["available"]
    key = "all_questions" if asked == available else "questions_of"
    return said[key].format(asked=count(asked), available=count(available))


def _data(benchmark: _Plain, said: Mapping[str, str]) -> str:
    parts = [f"{said['revision']} {benchmark['revision']}"]
    if benchmark["licence"]:
        parts.append(f"{said['licence']} {benchmark['licence']}")
    parts.append(f"sha256 {benchmark['data_sha256'][:12]}")
    return " · ".join(parts)


def _pairs(values: _Plain) -> str:
    return " · ".join(f"{key} {value}" for key, value in values.items()) or NOTHING
