"""Reads EvalScope's task configuration as a suite, and tells of every key what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_iqeval.core.errors import DefinitionError, nearest_hint
from pytest_iqeval.core.evalscope_keys import (
    BODY,
    CUSTOM_FILES,
    DATASET_IGNORED,
    DATASET_TAKEN,
    GENERATION_IGNORED,
    GENERATION_TAKEN,
    IGNORED,
    STOP,
    TAKEN,
    TOKENS,
    WHOLE,
)
from pytest_iqeval.core.evalscope_names import our_benchmark
from pytest_iqeval.core.evalscope_rows import TaskRows, shown
from pytest_iqeval.core.plain import kind_of, quoted
from pytest_iqeval.core.sample import safe_id
from pytest_iqeval.core.suite import Suite, SuiteSet
from pytest_iqeval.core.suite_reading import body_fault

_SERVED = ("openai_api", "server", "service", None)
_LEFT = "EvalScope leaves it to the server"


def is_task(raw: Mapping[object, object]) -> bool:
    """Whether a mapping is a task configuration; only those have these keys."""
    return any(key in raw for key in ("datasets", "dataset_args", "eval_backend", "eval_config"))


def parse_task(
    raw: Mapping[object, object],
    *,
    file: str,
    known: Iterable[str],
    place: Callable[[str], str] = str,
    there: Callable[[str], bool] = lambda _: True,
) -> Suite:
    """The suite that a task configuration amounts to; ``taken`` tells of each key.

    :param file: where it was read, for messages.
    :param known: the names of the benchmarks there are.
    :param place: from a path of the file to one from where pytest starts.
    :param there: whether such a path exists.
    :raises DefinitionError: what can't be followed, a line each.
    """
    task = _Task(file=file, known=tuple(known), place=place, there=there)
    suite = task.read(raw)
    if task.faults:
        raise DefinitionError(task.faults)
    return suite


@dataclass
class _Task(TaskRows):
    """One reading of a task configuration."""

    known: tuple[str, ...] = ()
    place: Callable[[str], str] = str
    there: Callable[[str], bool] = bool
    gen: dict[str, object] = field(default_factory=dict)

    def read(self, raw: Mapping[object, object]) -> Suite:
        """All of it, as far as it can be read."""
        self._backend(raw)
        self.text_option(raw, "model", "model")
        self._address(raw)
        sets = self._sets(raw)
        sets = self._limit("limit", raw.get("limit"), sets)
        generation = self.mapping("generation_config", raw.get("generation_config"))
        self._generation(self._alone(raw, generation))
        if self.options.get("repeats", 1) == 1:
            self.number("repeats", raw.get("repeats"), "repeats")
        elif raw.get("repeats") is not None:
            self.ignored("repeats", "generation_config.n goes over it, as in EvalScope")
        self.number("eval_batch_size", raw.get("eval_batch_size"), "concurrency")
        self.text_option(raw, "work_dir", "output")
        self._hub(raw.get("dataset_hub"))
        self.number("timeout", raw.get("timeout"), "timeout", whole=False)
        self.flag("stream", raw.get("stream"))
        self.others("", raw, (*TAKEN,), IGNORED)
        if self.gen:
            self.options["gen"] = tuple(f"{k}={json.dumps(v)}" for k, v in self.gen.items())
        if sets:
            self.options["dataset"] = tuple(spec for one in sets for spec in one.specs)
        return Suite(file=self.file, options=self.options, sets=tuple(sets), taken=self.table())

    def _hub(self, value: object) -> None:
        """Theirs has a third word, for data that is on the disk."""
        if value in ("modelscope", "huggingface"):
            self.options["hub"] = value
            self.took("dataset_hub", "hub", value)
        elif value is not None:
            self.ignored("dataset_hub", "--iqeval-data-dir says where local copies lie")

    # what is asked, and where

    def _backend(self, raw: Mapping[object, object]) -> None:
        backend = raw.get("eval_backend")
        if backend not in (None, "Native"):
            self.fault(
                "eval_backend",
                f"{shown(backend)} is not read: only Native names benchmarks by `datasets`",
            )
        elif backend is not None:
            self.ignored("eval_backend", "Native is how it is")
        task = raw.get("model_task")
        if task not in (None, "text_generation"):
            self.fault("model_task", f"{shown(task)} is not possible: models write text here")
        elif task is not None:
            self.ignored("model_task", "models write text here")
        kind = raw.get("eval_type")
        if kind is not None:
            self.ignored(
                "eval_type",
                "an OpenAI-compatible server is asked, always"
                if kind in _SERVED
                else f"{shown(kind)}: here a server is asked; give its address: "
                "--iqeval-base-url URL",
            )

    def _address(self, raw: Mapping[object, object]) -> None:
        url = raw.get("api_url")
        if url is not None and (text := self.text("api_url", url)) is not None:
            if "@" in text.partition("://")[2].partition("/")[0]:
                self.fault("api_url", "holds a login; send it with --iqeval-header NAME=VAR")
            else:
                self.options["base-url"] = text
                self.took("api_url", "base-url", text)
        if "api_key" in raw:
            empty = raw["api_key"] in (None, "", "EMPTY")
            self.ignored(
                "api_key",
                "there is none"
                if empty
                else "a key is never read from a file: put it into an environment variable, and "
                "give --iqeval-api-key-env VAR",
            )

    def _sets(self, raw: Mapping[object, object]) -> list[SuiteSet]:
        value = raw.get("datasets")
        names = value if isinstance(value, list) else [value]
        if value is None or not names:
            self.fault("datasets", "names none; write one or more: [mmlu, gsm8k]")
            return []
        by_name = self.mapping("dataset_args", raw.get("dataset_args"))
        found: list[SuiteSet] = []
        for n, one in enumerate(names, start=1):
            name = self.text(f"datasets[{n}]", one)
            if name is not None:
                if name in names[: n - 1]:
                    self.ignored(f"datasets[{n}]", f"{name} stands there already")
                    continue
                args = self.mapping(f"dataset_args.{name}", by_name.get(name))
                for one in self._set(name, args):
                    if any(one.spec == other.spec for other in found):
                        self.fault(f"datasets[{n}]", f"{one.spec} stands twice, by two names")
                    found.append(one)
        for key in by_name:
            if key not in names:
                self.ignored(f"dataset_args.{key}", "is not among datasets")
        return found

    def _set(self, name: str, args: Mapping[object, object]) -> list[SuiteSet]:
        prefix = f"dataset_args.{name}."
        subsets = self._subsets(f"{prefix}subset_list", args.get("subset_list"))
        said, count = args.get("system_prompt"), args.get("few_shot_num")
        system = None if said is None else self.text(f"{prefix}system_prompt", said)
        if system is not None:
            self.rows.append((f"{prefix}system_prompt", "taken", "its system message"))
        shots = None if count is None else self._shots(f"{prefix}few_shot_num", count)
        if name in CUSTOM_FILES:
            sets = self._custom(name, subsets, args)
            args = {key: value for key, value in args.items() if key != "dataset_id"}
        else:
            sets = self._named(name, subsets, args)
        self.others(prefix, args, DATASET_TAKEN, DATASET_IGNORED)
        sets = [replace(one, system=system, few_shot=shots) for one in sets]
        return self._limit(f"{prefix}limit", args.get("limit"), sets, alone=True)

    def _named(
        self, name: str, subsets: tuple[str, ...], args: Mapping[object, object]
    ) -> list[SuiteSet]:
        ours = our_benchmark(name) or name
        if ours not in self.known:
            hint = nearest_hint(ours, self.known)
            self.fault("datasets", f"{quoted(name)} is no benchmark here; {hint}")
            return []
        renamed = "" if ours == name else f" ({name} is called {ours} here)"
        self.took("datasets", "dataset", f"{ours}{renamed}")
        # Names are parts of node ids here: "Level 1" is Level-1.
        wanted = tuple(safe_id(one) for one in subsets if one not in WHOLE)
        if subsets:
            told = ", ".join(wanted) or "all of it"
            self.rows.append((f"dataset_args.{name}.subset_list", "taken", f"subsets: {told}"))
        if args.get("local_path") is not None:
            self._local(name, ours, args["local_path"])
        return [SuiteSet(spec=ours, subsets=wanted)]

    def _local(self, name: str, ours: str, value: object) -> None:
        """A local copy; all copies must lie in one folder, each under its benchmark's name."""
        where = f"dataset_args.{name}.local_path"
        path = self.text(where, value)
        if path is None:
            return
        folder, _, last = path.rstrip("/").rpartition("/")
        placed = self.place(folder or ".")
        if last != ours or self.options.get("data-dir", placed) != placed:
            self.ignored(where, f"put it at DIR/{ours}, and give --iqeval-data-dir=DIR")
            return
        self.options["data-dir"] = placed
        self.took(where, "data-dir", placed)

    def _custom(
        self, name: str, subsets: tuple[str, ...], args: Mapping[object, object]
    ) -> list[SuiteSet]:
        """Files of the user's own: one a subset."""
        key = "local_path" if args.get("local_path") is not None else "dataset_id"
        where = f"dataset_args.{name}.{key}"
        folder = self.text(where, args.get(key))
        if subsets:
            told = f"a file each: {', '.join(subsets)}"
            self.rows.append((f"dataset_args.{name}.subset_list", "taken", told))
        found = []
        for subset in (subsets or ("default",)) if folder is not None else ():
            files = [
                self.place(f"{folder}/{pattern.format(subset=subset)}")
                for pattern in CUSTOM_FILES[name]
            ]
            file = next(filter(self.there, files), None)
            if file is None:
                self.fault(where, f"there is none of {', '.join(files)}")
                continue
            found.append(SuiteSet(spec=file))
            self.took(where, "dataset", file)
        return found

    def _subsets(self, where: str, value: object) -> tuple[str, ...]:
        if value is None:
            return ()
        names = [self.text(where, one) for one in (value if isinstance(value, list) else [value])]
        return tuple(dict.fromkeys(name for name in names if name is not None))

    def _shots(self, where: str, value: object) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.fault(where, f"must be a whole number, not {shown(value)}")
            return None
        self.rows.append((where, "taken", f"{value} examples before each question"))
        return value

    def _limit(
        self, key: str, value: object, sets: list[SuiteSet], *, alone: bool = False
    ) -> list[SuiteSet]:
        """A number of questions of each subset, or as a float a share of them.

        :param alone: of these sets, and not of the run.
        """
        if value is None or value is False:
            return sets
        share = isinstance(value, float) and not value.is_integer()
        whole = isinstance(value, int | float) and not isinstance(value, bool)
        if not whole or not value >= 0 or (share and value > 1):  # type: ignore[operator]
            self.fault(key, f"must be a whole number, or a share below 1, not {shown(value)}")
            return sets
        if value in (0, 1.0) and (value == 0 or isinstance(value, float)):
            self.ignored(key, "all questions are asked")
            return sets
        value = value if share else int(value)  # type: ignore[call-overload]
        told = f"limit {value:.10g} of each subset" if share else f"limit {value}"
        if not share and not alone:
            self.options["limit"] = value
            self.took(key, "limit", value)
            return sets
        self.rows.append((key, "taken", told))
        part: dict[str, Any] = {"share" if share else "limit": value}
        return [one if one.some else replace(one, **part) for one in sets]

    # how it is asked

    def _alone(
        self, raw: Mapping[object, object], generation: Mapping[object, object]
    ) -> Mapping[object, object]:
        """A generation_config less what the configuration says outside of it too."""
        twice = [
            key for key in ("timeout", "stream") if None not in (raw.get(key), generation.get(key))
        ]
        for key in twice:
            self.ignored(f"generation_config.{key}", f"{key} goes over it, as in EvalScope")
        return {key: value for key, value in generation.items() if key not in twice}

    def _generation(self, raw: Mapping[object, object]) -> None:
        prefix = "generation_config."
        if raw.get("temperature") is None and raw:
            self.rows.append((f"{prefix}temperature", "absent", f"0 is sent; {_LEFT}"))
        tokens = next((key for key in TOKENS if raw.get(key) is not None), None)
        if tokens is None:
            self.rows.append((f"{prefix}max_tokens", "absent", f"4096 are allowed; {_LEFT}"))
        else:
            self.number(f"{prefix}{tokens}", raw[tokens], "max-tokens")
        temperature = raw.get("temperature")
        if isinstance(temperature, int | float) and not isinstance(temperature, bool):
            self.options["temperature"] = temperature
            self.took(f"{prefix}temperature", "temperature", temperature)
        elif temperature is not None:
            self.fault(f"{prefix}temperature", f"must be a number, not {kind_of(temperature)}")
        self.number(f"{prefix}timeout", raw.get("timeout"), "timeout", whole=False)
        if raw.get("retries") == 0:
            self.options["retries"] = 0
            self.took(f"{prefix}retries", "retries", 0)
        else:
            self.number(f"{prefix}retries", raw.get("retries"), "retries")
        if raw.get("n") == 1:
            self.ignored(f"{prefix}n", "one reply to each question is asked for")
        else:
            self.number(f"{prefix}n", raw.get("n"), "repeats")
        self.flag(f"{prefix}stream", raw.get("stream"))
        for key in BODY:
            if raw.get(key) is not None:
                self._body(f"{prefix}{key}", key, raw[key])
        for key in STOP:
            if raw.get(key) is not None:
                self._body(f"{prefix}{key}", "stop", raw[key])
        for name, value in self.mapping(f"{prefix}extra_body", raw.get("extra_body")).items():
            self._body(f"{prefix}extra_body.{name}", str(name), value)
        self.others(prefix, raw, GENERATION_TAKEN, GENERATION_IGNORED)

    def _body(self, where: str, key: str, value: object) -> None:
        if fault := body_fault(key, value):
            self.fault(where, fault)
        else:
            self.gen[key] = value
            self.took(where, "gen", f"{key}={json.dumps(value)}")
