"""In which language a run is read, and that both say the same."""

from __future__ import annotations

import copy
import json
import pickle
import pkgutil
import re
import string
from collections.abc import Iterator, Mapping
from importlib import import_module

import pytest

from pytest_iqeval.core import phrases
from pytest_iqeval.core.language import language
from pytest_iqeval.core.told import Phrase, Told, all_said_in, joined, said_in

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef…]")
WORDS = re.compile(r"(?<![-\w{./])[a-z]{3,}(?![\w}.])")
# What Chinese texts call by its English name.
NAMES = {
    "bubblewrap",
    "answer_kind",
    "check",
    "data",
    "conftest",
    "docs",
    "errors",
    "index",
    "ini",
    "iqeval",
    "macro",
    "micro",
    "ollama",
    "prompt",
    "pytest",
    "report",
    "reviews",
    "root",
    "seed",
    "show",
    "temperature",
    "token",
}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh", "LANG": "de_DE"}, "zh"),
        ({"LANG": "\udcff no locale \x00"}, "en"),
        ({"LC_CTYPE": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_first_variable_that_is_set_decides(environ: dict[str, str], expected: str) -> None:
    """Any locale is taken, however odd; only a Chinese one is not English."""
    assert language(None, environ) == expected
    assert language("zh", environ) == "zh"
    assert language("en", environ) == "en"


def all_texts() -> Iterator[tuple[str, str, str, str | None]]:
    """Where each phrase stands, and what it is in English, in Chinese, and of one thing."""
    for module in pkgutil.iter_modules(phrases.__path__):
        for name, value in vars(import_module(f"{phrases.__name__}.{module.name}")).items():
            values: tuple[object, ...] = (value,)
            if isinstance(value, Mapping) and name.isupper():
                values = tuple(value.values())
            elif isinstance(value, tuple):
                values = value
            for one in values:
                if isinstance(one, Phrase):
                    yield f"{module.name}.{name}", one.english, one.chinese, one.one
                elif isinstance(one, Told):
                    yield f"{module.name}.{name}", str(one), one.zh, None


TEXTS = list(all_texts())


def test_each_phrase_takes_the_same_values_in_both_languages() -> None:
    """No number is lost in translation."""
    assert len(TEXTS) > 100
    for name, english, chinese, one in TEXTS:
        assert _fields(english) == _fields(chinese), name
        assert one is None or _fields(one) <= _fields(english), name


def test_each_phrase_is_in_both_languages() -> None:
    """English without Chinese signs, Chinese without English words but for names."""
    for name, english, chinese, _ in TEXTS:
        assert not CHINESE.search(english.replace("…", "")), name
        assert CHINESE.search(chinese), name
        left = set(WORDS.findall(re.sub(r"--\S+|'[^']*'|`[^`]*`", "", chinese))) - NAMES
        assert not left, (name, left)


def _fields(phrase: str) -> set[tuple[str, str | None]]:
    return {(name, spec) for _, name, spec, _ in string.Formatter().parse(phrase) if name}


FOUND = Phrase("{count} cats {where}", "{where}有 {count} 只猫", one="{count} cat {where}")
HERE = Told("here", "这里")


def test_a_told_is_its_english_and_knows_its_chinese() -> None:
    """Machines meet a string; values are told in the language of the sentence."""
    told = FOUND(count=2, where=HERE)
    assert told == "2 cats here"
    assert json.dumps({"said": told}) == '{"said": "2 cats here"}'
    assert said_in(told, "zh") == "这里有 2 只猫"
    assert FOUND(count=1, where="there") == "1 cat there"
    assert said_in("plain", "zh") == "plain"
    both = joined([told, "plain"], Told(", ", "，"))
    assert (both, both.zh) == ("2 cats here, plain", "这里有 2 只猫，plain")
    assert all_said_in({"a": [told, 1, None]}, "zh") == {"a": ["这里有 2 只猫", 1, None]}


def test_a_told_is_copied_whole() -> None:
    """Values are copied and kept by those who hold them."""
    told = FOUND(count=2, where=HERE)
    for twin in (copy.copy(told), copy.deepcopy(told), pickle.loads(pickle.dumps(told))):
        assert (twin, twin.zh) == (told, told.zh)
