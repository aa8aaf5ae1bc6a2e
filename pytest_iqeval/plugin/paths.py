"""`iqeval/…` arguments and chosen benchmarks, taken out before pytest looks for files.

pytest accepts only arguments that exist as files, so ours are taken out of ``config.args``, and
`collect.py` adds what they name to what the session collects. xdist parses the original
arguments again in each worker, so this runs there too.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Any

import pytest

from pytest_iqeval.core.errors import SettingsError, UnknownName
from pytest_iqeval.core.phrases import header
from pytest_iqeval.core.recall import Chosen, Recalled
from pytest_iqeval.core.selection import subsets_like
from pytest_iqeval.plugin.evaluation import Evaluation, Part, check_question
from pytest_iqeval.plugin.options import on_command_line
from pytest_iqeval.sources.catalogue import Loaded

ROOT = "iqeval"


def show_as_they_are(config: pytest.Config, evaluation: Evaluation) -> None:
    """Have pytest show questions' ids as they are, wherever it was started.

    It shows a test's relative to where it was started. A question lies in no folder, and only its
    own id can be pasted. The value of ``--iqeval-data-dir`` alone can move pytest's root folder,
    which it finds before plugins tell it what is an option.
    """
    shown_else = config.cwd_relative_nodeid

    def shown(node_id: Any) -> Any:  # a text up to pytest 9.1
        path = str(getattr(node_id, "path", node_id)).partition("::")[0]
        root, _, name = path.partition("/")
        ours = root == ROOT and name in evaluation.benchmarks
        return node_id if ours else shown_else(node_id)

    config.cwd_relative_nodeid = shown  # type: ignore[assignment, method-assign]


def take_out(config: pytest.Config, evaluation: Evaluation, *, explicit: bool) -> None:
    """Move our arguments from ``config.args`` to `evaluation`, and load what they name.

    With path arguments exactly those are collected; with none (or only ini ``testpaths``) the
    benchmarks. A dataset that was named on the command line (`explicit`) is added to path
    arguments, unless one of them names a part of it.

    :raises UsageFault: an unknown benchmark, subset or question.
    """
    given = _given(config)
    ours = [arg for arg in given if _is_ours(arg)]
    config.args = [arg for arg in given if arg not in ours]
    evaluation.mixed = bool(config.args)
    evaluation.paths = tuple(config.args)
    recalled = evaluation.recalled
    if recalled is not None and recalled.chosen is not None and not ours and not explicit:
        _take_recalled(evaluation, recalled.chosen)
        return
    if given and not ours and not explicit:
        return  # a dataset that only the ini file names, or the default, is not wanted
    loaded = [evaluation.load(spec) for spec in evaluation.settings.dataset]
    whole = [part for one in loaded for part in _parts(one)]
    parts: list[Part] = []
    for arg in ours:
        path, *inner = arg.split("::")
        name = path.removeprefix(ROOT).strip("/")
        if not name:
            parts += whole
            continue
        if name not in evaluation.benchmarks:
            evaluation.load(name)
        parts += [(name, *rest) for rest in _named(evaluation, name, inner)]
    _check_few_shot(evaluation)
    if not given or explicit:
        named = {part[0] for part in parts}
        parts += [part for part in whole if part[0] not in named]
    evaluation.parts = [
        part
        for number, part in enumerate(parts)
        if not any(part[: len(earlier)] == earlier for earlier in parts[:number])
    ]


def _check_few_shot(evaluation: Evaluation) -> None:
    """Refuse ``--iqeval-few-shot NAME=N`` for a benchmark that is not asked.

    Test files may bring further ones, which are not known yet.

    :raises UnknownName: with the nearest names.
    """
    for name in evaluation.settings.few_shot_names:
        if name not in evaluation.benchmarks and not evaluation.mixed:
            raise UnknownName("benchmark of --iqeval-few-shot", name, evaluation.benchmarks)


def choose_again(config: pytest.Config, recalled: Recalled) -> Recalled:
    """Put the ``-k``, ``-m`` and ``--deselect`` of a replayed run among the options.

    The command line's own win. Where it names other questions, they did not belong to those, nor
    are these earlier failures only.
    """
    option, chosen = config.option, recalled.chosen
    if on_command_line(config, "dataset") or any(map(_is_ours, _given(config))):
        return replace(recalled, only=None)
    if chosen is None:
        return recalled
    option.keyword = option.keyword or chosen.keyword
    option.markexpr = option.markexpr or chosen.mark
    option.deselect = option.deselect or list(chosen.deselect) or None
    return recalled


def _given(config: pytest.Config) -> list[str]:
    """The path arguments, without those that the ini file names."""
    return list(config.args) if config.args_source is pytest.Config.ArgsSource.ARGS else []


def _is_ours(arg: str) -> bool:
    return arg == ROOT or arg.startswith(f"{ROOT}/")


def _take_recalled(evaluation: Evaluation, chosen: Chosen) -> None:
    """A replay that names no question of its own takes those of its run.

    Test files were given by path, and are given again: they may lie elsewhere by now.

    :raises UsageFault: none of them is there.
    """
    if evaluation.mixed and not chosen.paths:
        return  # only these test files are wanted
    if not chosen.parts:
        if evaluation.mixed:
            return
        raise SettingsError(
            "that run asked the questions of test files alone",
            hint=f"give their paths again: {shlex.join(chosen.paths)}",
        )
    for spec in evaluation.settings.dataset:
        evaluation.load(spec)
    for name, *inner in chosen.parts:
        if name not in evaluation.benchmarks:
            evaluation.load(name)
        try:
            check_question(evaluation, name, inner)
        except UnknownName as unknown:
            evaluation.gone.append(header.NO_LONGER_ASKED(problem=unknown.problem))
        else:
            evaluation.parts.append((name, *inner))
    if chosen.paths and not evaluation.mixed:
        evaluation.gone.append(header.TEST_FILES_TOO(paths=shlex.join(chosen.paths)))
    if not evaluation.parts:
        raise SettingsError("\n".join(evaluation.gone), hint="that run asked nothing else")


def _parts(loaded: Loaded) -> list[Part]:
    name = loaded.benchmark.name
    return [(name,)] if loaded.subsets is None else [(name, one) for one in loaded.subsets]


def _named(evaluation: Evaluation, name: str, inner: list[str]) -> list[list[str]]:
    """What stands behind a benchmark in an argument; a pattern of subsets is each of them.

    :raises UsageFault: there is no such subset or question.
    """
    if len(inner) != 1:
        check_question(evaluation, name, inner)
        return [inner]
    benchmark, kind = evaluation.benchmarks[name], f"subset of {name}"
    found = subsets_like(
        inner[0],
        benchmark.subsets,
        unavailable=benchmark.definition.unavailable,
        facts=benchmark.definition.subsets,
        kind=kind,
    )
    return [[one] for one in found]
