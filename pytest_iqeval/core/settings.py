"""What the user asked for, checked, and free of pytest and argparse."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from pytest_iqeval.core.errors import SettingsError, UnknownName
from pytest_iqeval.core.options import OPTIONS, Option
from pytest_iqeval.core.policy import Passes, policy

if TYPE_CHECKING:  # most sessions have no suite
    from pytest_iqeval.core.suite import SuiteSet

# The smallest value that makes sense; an option that is not here takes any.
_LEAST: Mapping[str, float] = {
    "limit": 1,
    "sample": 1,
    "repeats": 1,
    "max-tokens": 1,
    "temperature": 0,
    "concurrency": 1,
    "timeout": 0.001,
    "connect-timeout": 0.001,
    "first-byte-timeout": 0.001,
    "rpm": 1,
    "tpm": 1,
    "token-budget": 1,
    "time-budget": 0.001,
    "max-reply-bytes": 1,
    "retries": 0,
    "patience": 0,
}

# Body fields that the run decides; of several choices (`n`) all would be paid for and one read.
BODY_OF_THE_RUN = ("model", "messages", "stream", "n")
SECRET_WORDS = ("api_key", "apikey", "key", "token", "access_token", "authorization")
"""Names of fields that hold a key, whatever case and dashes they are written with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One value for each option, defaults applied.

    ``model`` is empty only for a replay, whose stored run names it. ``None`` means "not given":
    the provider's preset or the run decides. Timeouts, ``patience`` and ``time_budget`` are
    seconds.
    ``header`` is pairs of header name and environment variable. ``few_shot`` holds ``N`` and
    ``NAME=N``, of which the last that concerns a benchmark holds (`examples`). ``gen`` maps
    a body field to its value, ``None`` to leave it out. ``given`` holds the names of the options
    that the user set (command line, suite or ini), for presets that may change a default and must
    not change a wish. ``sets`` is what a suite says of single benchmarks, less what the command
    line says of all; ``suite_sha256`` is that of its file.
    """

    model: str
    suite: str | None = None
    provider: str | None = None
    base_url: str | None = field(default=None, repr=False)  # may hold a user and a password
    api_key_env: str | None = None
    header: tuple[tuple[str, str], ...] = ()
    dataset: tuple[str, ...] = ("iquiz-open",)
    data_dir: str | None = None
    hub: str | None = None
    offline: bool = False
    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    repeats: int = 1
    pass_: str = "majority"
    answer: str = "free"
    few_shot: tuple[str, ...] = ()
    temperature: float = 0.0
    max_tokens: int = 4096
    gen: Mapping[str, object] = field(default_factory=dict)
    concurrency: int | None = None
    timeout: float = 600.0
    connect_timeout: float = 10.0
    first_byte_timeout: float = 300.0
    stream: bool = False
    retries: int = 5
    patience: float = 120.0
    rpm: int | None = None
    tpm: int | None = None
    token_budget: int | None = None
    time_budget: float | None = None
    max_reply_bytes: int = 20_000_000
    cache: str | None = None
    cache_sampled: bool = False
    log: str | None = None
    lang: str | None = None
    allow_code: bool = False
    gate: tuple[str, ...] = ()
    gate_lock: str | None = None
    baseline: str | None = None
    baseline_allow: tuple[str, ...] = ()
    output: str | None = None
    resume: bool = False
    replay: str | None = None
    given: frozenset[str] = frozenset()
    sets: tuple[SuiteSet, ...] = ()
    suite_sha256: str | None = None

    @property
    def passes(self) -> Passes:
        """What makes a question pass, with the scores of its replies."""
        return policy(self.pass_, repeats=self.repeats)

    def examples(self, benchmark: str) -> int | None:
        """How many examples the user wants before a benchmark's questions; ``None``: as it says."""
        wanted = dict(_counted(text) for text in self.few_shot)
        return wanted.get(benchmark, wanted.get(""))

    @property
    def few_shot_names(self) -> tuple[str, ...]:
        """The benchmarks that the user says this of by name."""
        return tuple(name for name, _ in map(_counted, self.few_shot) if name)

    def reply_seed(self, repeat: int) -> int | None:
        """The body field ``seed`` of one of several replies to a question; ``None``: none is sent.

        They count on from the user's own, or from 0, so that no server gives one draw twice. A
        single reply has the user's or none.
        """
        base = self.gen.get("seed", 0)
        return base + repeat if self.repeats > 1 and isinstance(base, int) else None


def make_settings(
    values: Mapping[str, object],
    *,
    sets: Sequence[SuiteSet] = (),
    suite_sha256: str | None = None,
) -> Settings:
    """Check raw option values and apply the defaults.

    :param values: option name (``base-url``) to what was given: text, number, bool, or a list
        of texts; only what the user gave. Text is converted by the option's kind.
    :param sets: what a suite says of single benchmarks.
    :param suite_sha256: that of its file.
    :raises SettingsError: a value that can't be; it names the option.
    :raises UnknownName: not one of the values an option knows.
    """
    clean: dict[str, Any] = {}
    for option in OPTIONS:
        if option.name in values and values[option.name] is not None:
            clean[option.setting] = checked_value(option, values[option.name])
    if not clean.get("model") and "replay" not in clean:
        raise SettingsError(
            "no model is named",
            hint="add --iqeval-model NAME, iqeval_model to the ini file, or model: to the suite",
        )
    if "limit" in clean and "sample" in clean:
        raise SettingsError(
            "--iqeval-limit and --iqeval-sample exclude each other",
            hint="the first N in file order, or N drawn by seed: keep one",
        )
    if "resume" in clean and clean["resume"] and "replay" in clean:
        raise SettingsError("--iqeval-resume and --iqeval-replay exclude each other")
    if clean.get("cache_sampled") and "cache" not in clean:
        raise SettingsError(
            "--iqeval-cache-sampled without --iqeval-cache",
            hint="name the cache's folder: --iqeval-cache DIR",
        )
    _check_repeats(clean)
    given = frozenset(clean)
    clean.setdefault("model", "")  # a replay: the stored run names it
    return Settings(given=given, sets=tuple(sets), suite_sha256=suite_sha256, **clean)


def _check_repeats(clean: Mapping[str, Any]) -> None:
    """Refuse a rule that no question can pass by, and a seed that can't be counted on from."""
    repeats = clean.get("repeats", 1)
    policy(clean.get("pass_", "majority"), repeats=repeats)
    seed = clean.get("gen", {}).get("seed", 0)
    if repeats > 1 and seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
        raise SettingsError(
            f"--iqeval-gen seed={seed}: the seeds of {repeats} repeats count on from a number",
            hint="give a whole one, or leave it out: they then count from 0 ('seed=' sends none)",
        )


def checked_value(option: Option, value: Any) -> object:
    """What was given for one option, as `Settings` holds it.

    :raises SettingsError: it can't be; `UnknownName` where it is not one of the values there are.
    """
    if option.kind == "flag":
        return _flag(option, value)
    if option.kind == "list":
        given = [value] if isinstance(value, str) else list(value)
        texts = [str(v).strip() for v in given]
        if "" in texts:  # "$GATE" of a variable that is not set must not turn a gate off
            raise SettingsError(f"{option.flag} is empty", hint=option.help)
        return _LISTS[option.name](option, texts)
    if option.kind in ("int", "float"):
        return _number(option, value)
    text = str(value).strip()
    if not text:
        raise SettingsError(f"{option.flag} is empty", hint=option.help)
    if option.name == "model" and not text.isprintable():
        raise SettingsError(f"{option.flag} {text!r} holds a line break or a control character")
    if option.choices and text not in option.choices:
        raise UnknownName(f"value of {option.flag}", text, option.choices)
    return text


def _flag(option: Option, value: object) -> bool:
    """True or false; an ini file writes it as text."""
    text = str(value).strip().casefold()
    if text not in ("true", "false", "1", "0", "yes", "no", "on", "off"):
        raise SettingsError(f"{option.dest} {value!r} is not a yes or no", hint="true or false")
    return text in ("true", "1", "yes", "on")


def _number(option: Option, value: object) -> int | float:
    kind = int if option.kind == "int" else float
    what = "a whole number" if kind is int else "a number"
    try:
        number = kind(str(value))
    except ValueError:
        raise SettingsError(f"{option.flag} {value!r} is not {what}", hint=option.help) from None
    least = _LEAST.get(option.name)
    if not math.isfinite(number) or (least is not None and number < least):
        raise SettingsError(
            f"{option.flag} {value} is not possible",
            hint=f"give {what}" + (f" of at least {least:g}" if least is not None else ""),
        )
    return number


def _names(option: Option, given: list[str]) -> tuple[str, ...]:
    """Comma-separated and repeated names, each once, in order."""
    names = [n.strip() for part in given for n in part.split(",") if n.strip()]
    if not names:
        raise SettingsError(f"{option.flag} names nothing", hint=option.help)
    return tuple(dict.fromkeys(names))


def _some_names(option: Option, given: list[str]) -> tuple[str, ...]:
    """The same, or nothing: a replay remembers that nothing was given."""
    return _names(option, given) if given else ()


def _texts(_option: Option, given: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(given))


def _headers(option: Option, given: list[str]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for text in given:
        name, equals, variable = (part.strip() for part in text.partition("="))
        if not equals or not name or not variable.replace("_", "a").isalnum():
            # The text may hold a secret by mistake, so only the header's name is repeated.
            raise SettingsError(
                f"{option.flag} {name or '…'}: expected NAME=VAR",
                hint="VAR is the name of an environment variable that holds the value",
            )
        pairs.append((name, variable))
    return tuple(pairs)


def _fields(option: Option, given: list[str]) -> dict[str, object]:
    body: dict[str, object] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise SettingsError(
                f"{option.flag} {text!r}: expected KEY=VALUE",
                hint=f"for example {option.flag} top_p=0.9, or KEY= to leave a field out",
            )
        if name.strip() in BODY_OF_THE_RUN:
            raise SettingsError(
                f"{option.flag} can't set {name.strip()!r}: the run itself decides it",
                hint="--iqeval-stream has replies streamed" if name.strip() == "stream" else None,
            )
        if name.strip().lower().replace("-", "_") in SECRET_WORDS:
            raise SettingsError(
                f"{option.flag} {name.strip()}: a key is never an option",
                hint="put it into an environment variable: --iqeval-api-key-env VAR",
            )
        try:
            body[name.strip()] = json.loads(value) if value.strip() else None
        except ValueError:
            body[name.strip()] = value
    return body


def _shots(option: Option, given: list[str]) -> tuple[str, ...]:
    texts = _some_names(option, given)
    for text in texts:
        name, count = text.rpartition("=")[::2]
        if not count.strip().isdecimal() or ("=" in text and not name.strip()):
            raise SettingsError(
                f"{option.flag} {text!r} is no number of examples",
                hint=f"for example {option.flag} 5, or {option.flag} mmlu=5; 0 shows none",
            )
    return texts


def _counted(text: str) -> tuple[str, int]:
    """``5`` and ``mmlu=5`` as a benchmark's name, empty for all of them, and a number."""
    name, _, count = text.rpartition("=")
    return name.strip(), int(count)


_LISTS = {
    "baseline-allow": _some_names,
    "dataset": _names,
    "few-shot": _shots,
    "gate": _texts,
    "header": _headers,
    "gen": _fields,
}

_OF_NO_OPTION = {"given", "sets", "suite_sha256"}
assert {f.name for f in fields(Settings)} - _OF_NO_OPTION == {
    option.setting for option in OPTIONS
}, "an option without a setting, or the other way round"
assert {o.name for o in OPTIONS if o.kind == "list"} == set(_LISTS)
