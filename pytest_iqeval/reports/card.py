"""A run in Markdown: `card.md` for a release, and the summary of a step on GitHub.

Both are made from the content of `report.json` alone, from the same parts, and compute nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pytest_iqeval.reports.facts import asked_of, fact_pairs
from pytest_iqeval.reports.faults import unwritable
from pytest_iqeval.reports.figures import count, interval, questions, seconds, share
from pytest_iqeval.reports.gate_table import GATE_RESULTS, gate_interval, gate_observed
from pytest_iqeval.reports.head import verdict_word
from pytest_iqeval.reports.index import index_text, shown_index
from pytest_iqeval.reports.jsontext import Redact
from pytest_iqeval.reports.markdown import code, escaped, table
from pytest_iqeval.reports.result_tables import report_groups
from pytest_iqeval.reports.since import baseline_facts
from pytest_iqeval.reports.subsets import metrics_told
from pytest_iqeval.reports.words import Lang, words

_Plain = Mapping[str, Any]
_Said = Mapping[str, str]
NAMED = 20  # questions of a kind


def card_text(report: Mapping[str, Any], *, lang: Lang = "en") -> str:
    """The release card: verdict, gates, scores, difference to a baseline, and how it was made.

    :param report: the content of `report.json`.
    """
    said = words(lang)
    run = report["run"]
    host = urlsplit(run["base_url"]).netloc.rpartition("@")[2] or run["base_url"]
    facts = [
        (name, host if name == said["endpoint"] else value)
        for name, value in fact_pairs(report, said)
    ]
    title = f"# {escaped(run['model'])}: {verdict_word(report, lang=lang)}"
    heads = (said["facts"], "")
    rows = ((escaped(name), escaped(value)) for name, value in facts if name != said["command"])
    return "\n".join(
        [
            title,
            "",
            *_parts(report, said, level="##"),
            f"## {said['facts']}",
            "",
            *table(heads, rows),
            *(_command(run["command"], said) if run.get("command") else ()),
            "",
        ]
    )


def step_summary(report: Mapping[str, Any], *, lang: Lang = "en") -> str:
    """The same without the facts, for the page of a CI run."""
    title = f"## {escaped(report['run']['model'])}: {verdict_word(report, lang=lang)}"
    return "\n".join([title, "", *_parts(report, words(lang), level="###")])


def write_card(
    path: Path, report: Mapping[str, Any], *, lang: Lang = "en", redact: Redact | None = None
) -> None:
    """Write `card.md`.

    :raises FolderError: it can't be written.
    """
    text = card_text(report, lang=lang)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(redact(text) if redact else text, "utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):  # gone after a success
            part.unlink()


def _parts(report: _Plain, said: _Said, *, level: str) -> Iterator[str]:
    """What a release hangs on, most important first: a limit cuts the end."""
    yield from (escaped(report["headline"]), "")
    asked = asked_of(report["selection"], said)
    code_said = said["exit_code"].format(code=report["exit_code"])
    names = ", ".join(b["name"] for b in report["benchmarks"])
    yield from (f"{escaped(names)} · {escaped(asked)} · {code_said}", "")
    if (index := shown_index(report)) is not None:
        yield from (f"**{said['index']}** {escaped(index_text(index, said))}", "")
    for key, lines in (
        ("gates", _gates),
        ("results", _results),
        ("since_baseline", _since_baseline),
        ("lost", _lost),
    ):
        if found := lines(report, said):
            yield from (f"{level} {said[key]}", "", *found, "")


def _gates(report: _Plain, said: _Said) -> list[str]:
    if not report["gates"]:
        return [f"{escaped(said['no_gates'])} {code('--iqeval-gate')}"]
    keys = ("result", "gate", "scope", "observed", "interval", "reason")
    rows = (
        (
            said[f"gate_{GATE_RESULTS[gate['passed']]}"],
            code(gate["expression"]),
            escaped(gate["benchmark"] or said["whole_run"]),
            gate_observed(gate, _threshold(gate)),
            gate_interval(gate),
            escaped(gate["reason"]),
        )
        for gate in report["gates"]
    )
    return table([said[key] for key in keys], rows)


def _threshold(gate: _Plain) -> float | None:
    threshold: float | None = gate["threshold"]
    return None if gate["low"] is None or gate["high"] is None else threshold


def _results(report: _Plain, said: _Said) -> list[str]:
    keys = ("benchmark", "metric", "observed", "interval", "n", "p50", "p95", "tokens")
    rows: list[Sequence[str]] = []
    for level, group in report_groups(report):
        if level > 1:  # their categories stand there
            continue
        name = escaped(group["name"])
        for metric, value in metrics_told(group).items():
            rows.append(
                (
                    f"**{name}**" if level == 0 else f"– {name}",
                    escaped(said.get(metric, metric)),
                    share(value["value"]),
                    interval(value["low"], value["high"]),
                    questions(value, said),
                    seconds(group["latency"].get("p50")),
                    seconds(group["latency"].get("p95")),
                    count(group["tokens"]),
                )
            )
    return table([said[key] for key in keys], rows)


def _since_baseline(report: _Plain, said: _Said) -> list[str]:
    baseline = report.get("baseline")
    if not baseline:
        return []
    lines = [escaped(one) for one in baseline_facts(baseline, said)]
    lines += [escaped(f"{said['changed_settings']} {one}") for one in baseline["changed_settings"]]
    for kind in ("lost", "gained"):
        ids = baseline.get(kind, ())
        if ids:
            named = ", ".join(map(code, ids[:NAMED])) + (" …" if len(ids) > NAMED else "")
            lines.append(f"{said[f'change_{kind}']} {count(len(ids))}: {named}")
    return [f"- {line}" for line in lines]


def _lost(report: _Plain, said: _Said) -> list[str]:
    lost = report["lost"]
    lines = [f"- {code(one['id'])}: {escaped(one['reason'])}" for one in lost[:NAMED]]
    more = said["first_named"].format(n=NAMED)
    return [*lines, "", more] if len(lost) > NAMED else lines


def _command(command: str, said: _Said) -> Iterator[str]:
    yield from ("", f"{said['command']}:", "", code(command))
