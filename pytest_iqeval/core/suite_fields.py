"""Reads a suite out of a plain mapping (YAML already read), and says all that is wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from pytest_iqeval.core.errors import DefinitionError, nearest_hint
from pytest_iqeval.core.metrics import INDEX, MACRO, is_share
from pytest_iqeval.core.plain import kind_of, quoted
from pytest_iqeval.core.suite import Suite, SuiteSet
from pytest_iqeval.core.suite_reading import Reading, looks_like_path
from pytest_iqeval.core.suite_table import (
    BY_NAME,
    GENERATION,
    OF_A_SET,
    OWN_KEYS,
    SECTIONS,
    TOP,
    key_of,
)


def parse_suite(raw: object, *, file: str, place: Callable[[str], str] = str) -> Suite:
    """The suite that a plain value (YAML already read) describes.

    :param file: where it was read, for messages.
    :param place: from a path as the suite has it, beside itself, to one from where pytest starts.
    :raises DefinitionError: all that is wrong with it, a line each:
        ``file: field: what; what to do``.
    """
    if not isinstance(raw, Mapping):
        raise DefinitionError(
            f"{file}: holds {kind_of(raw)}, but a suite is a mapping",
            hint="model:, benchmarks: and gates: are what most suites have",
        )
    reading = _Whole(file, place)
    suite = reading.suite(raw)
    if reading.faults:
        raise DefinitionError(reading.faults)
    return suite


class _Whole(Reading):
    """Takes a suite apart: options, benchmarks, gates."""

    def suite(self, raw: Mapping[object, object]) -> Suite:
        """All of it, as far as it can be read."""
        known = (*OWN_KEYS, *map(key_of, TOP))
        self.refuse_unknown("", raw, known)
        if raw.get("name") is not None:  # for people alone
            self.text("name", raw["name"])
        options: dict[str, object] = self.options("", raw, TOP)
        for section, names in SECTIONS.items():
            inside = self.mapping(section, raw.get(section))
            if section != "generation":
                self.refuse_unknown(f"{section}.", inside, map(key_of, names))
            options |= self.options(f"{section}.", inside, names)
            if section == "generation" and (body := self.body("generation.", inside)):
                options["gen"] = tuple(_as_option(name, value) for name, value in body.items())
        sets = self._sets(raw.get("benchmarks"))
        if sets:
            options["dataset"] = tuple(spec for one in sets for spec in one.specs)
        gates = self._gates(raw.get("gates"))
        if gates:
            options["gate"] = gates
        if "limit" in options and "sample" in options:
            self.fault("sample", "excludes limit: the first N in file order, or N drawn; keep one")
        return Suite(file=self.file, options=options, sets=sets)

    def _sets(self, value: object) -> tuple[SuiteSet, ...]:
        if not isinstance(value, list) or not value:
            what = "names none" if value in (None, []) else f"must be a list, not {kind_of(value)}"
            self.fault("benchmarks", f"{what}; write one a line: `- name: mmlu`, or `- mmlu`")
            return ()
        sets = [self._set(f"benchmarks[{n}]", one) for n, one in enumerate(value, start=1)]
        seen: set[str] = set()
        for n, one in enumerate(sets, start=1):
            if one.spec and one.spec in seen:  # one without a name is at fault already
                self.fault(
                    f"benchmarks[{n}]", f"{one.spec} stands twice; put its subsets into one entry"
                )
            seen.add(one.spec)
        if not any(one.weight for one in sets):
            self.fault("benchmarks", "every weight is 0; give one of them more")
        return tuple(one for one in sets if one.spec)

    def _set(self, where: str, value: object) -> SuiteSet:
        raw = {"name": value} if isinstance(value, str) else value
        if not isinstance(raw, Mapping):
            self.fault(where, f"must be a name or a mapping, not {kind_of(raw)}; `name: mmlu`")
            return SuiteSet(spec="")
        self.refuse_unknown(f"{where}.", raw, OF_A_SET)
        given = [key for key in ("name", "path") if raw.get(key) is not None]
        if len(given) != 1:
            both = "has both a name and a path; keep one" if given else "has neither name nor path"
            self.fault(where, both)
        spec = self.text(f"{where}.{given[0]}", raw[given[0]]) if given else None
        if spec is not None and "," in spec:
            self.fault(f"{where}.{given[0]}", "holds a comma; one benchmark an entry")
        if spec is not None and (given == ["path"] or looks_like_path(spec)):
            spec = self.place(spec)
            spec = spec if looks_like_path(spec) else f"./{spec}"  # or it would be taken for a name
        inside = self.mapping(f"{where}.generation", raw.get("generation"))
        own = self.options(f"{where}.generation.", inside, GENERATION)
        body = {key_of(name): value for name, value in own.items()}
        body |= self.body(f"{where}.generation.", inside)
        if "seed" in body:  # the repeats of every question count on from it
            self.fault(f"{where}.generation.seed", "is the run's; put it under `generation:`")
        if raw.get("limit") is not None and raw.get("sample") is not None:
            self.fault(f"{where}.sample", "excludes limit; keep one")
        system, metric = raw.get("system"), raw.get("metric")
        return SuiteSet(
            spec=spec or "",
            subsets=self._subsets(f"{where}.subsets", raw.get("subsets")),
            limit=self._how_many(where, "limit", raw.get("limit")),
            share=self._share(f"{where}.limit", raw.get("limit")),
            sample=self._how_many(where, "sample", raw.get("sample")),
            few_shot=self._count(f"{where}.few_shot", raw.get("few_shot")),
            weight=self._weight(f"{where}.weight", raw.get("weight")),
            metric=None if metric is None else self._metric(f"{where}.metric", metric),
            system=None if system is None else self.text(f"{where}.system", system),
            generation=body,
        )

    def _subsets(self, where: str, value: object) -> tuple[str, ...]:
        names = [] if value is None else value if isinstance(value, list) else [value]
        texts = [self.text(where, name) for name in names]
        if value == []:
            self.fault(where, "names none; take it out for all of them")
        for text in texts:
            if text is not None and "," in text:
                self.fault(where, f"{quoted(text)} holds a comma; one subset an entry")
        return tuple(dict.fromkeys(text for text in texts if text is not None))

    def _how_many(self, where: str, name: str, value: object) -> int | None:
        if value is None or _is_share(value):
            return None
        found = self.value(f"{where}.{name}", BY_NAME[name], value)
        return found if isinstance(found, int) else None

    def _share(self, where: str, value: object) -> float | None:
        if not _is_share(value):
            return None
        try:
            share = float(str(value).strip().removesuffix("%")) / 100
        except ValueError:
            share = math.nan
        if not 0 < share < 1:
            self.fault(where, f"{quoted(str(value))} is no share; write 10%, or leave it out")
            return None
        return share

    def _count(self, where: str, value: object) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            said = quoted(value) if isinstance(value, str | int | float) else kind_of(value)
            self.fault(where, f"must be a whole number, not {said}; write 5, or 0 for none")
            return None
        return value

    def _weight(self, where: str, value: object) -> Fraction:
        if value is None:
            return Fraction(1)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(where, f"must be a number, not {kind_of(value)}; 2, or 0.5")
        elif not math.isfinite(value) or value < 0:
            self.fault(where, f"{value} is no weight; give 0 or more")
        else:
            return Fraction(str(value))
        return Fraction(1)

    def _metric(self, where: str, value: object) -> str | None:
        name = self.text(where, value)
        if name is not None and (not is_share(name) or name == INDEX):
            known = ("accuracy", "credit", MACRO)
            self.fault(
                where,
                f"{quoted(name)} is no share; "
                + (nearest_hint(name, known) or "write accuracy, credit, or pass@5 and its like"),
            )
            return None
        return name

    def _gates(self, value: object) -> tuple[str, ...]:
        """Whether each can be read is for who knows its line."""
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fault("gates", f"must be a list, not {kind_of(value)}; `- accuracy >= 0.6`")
            return ()
        texts = [self._gate(f"gates[{n}]", one) for n, one in enumerate(value, start=1)]
        for n, text in enumerate(texts, start=1):
            if text is not None and text in texts[: n - 1]:
                self.fault(f"gates[{n}]", "stands twice; take one out")
        return tuple(text for text in texts if text is not None)

    def _gate(self, where: str, value: object) -> str | None:
        if isinstance(value, Mapping) and len(value) == 1:  # what YAML makes of a scope
            scope, rest = next(iter(value.items()))
            text = f"{scope}: {rest}"
            self.fault(where, f"holds a colon, so it needs quotes: - {json.dumps(text)}")
            return None
        return self.text(where, value)


def _is_share(value: object) -> bool:
    return isinstance(value, str) and value.strip().endswith("%")


def _as_option(name: str, value: object) -> str:
    """A body field as ``--iqeval-gen`` takes it; nothing behind ``=`` leaves it out."""
    return f"{name}={'' if value is None else json.dumps(value)}"
