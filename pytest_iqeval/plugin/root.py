"""That pytest read the ini file of where it was started, and not that of an option's value.

pytest looks for its root folder and ini file before plugins tell it which words are options. So
it takes the value of ours, where that is a word of its own and exists, for a path of tests: with
``--iqeval-data-dir /data`` the project's ini file, and with it its gates, would be left unread.
"""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from pytest_iqeval.core.errors import SettingsError
from pytest_iqeval.core.options import OPTIONS

_ALWAYS = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")
_SECTIONS = {"tox.ini": "pytest", "setup.cfg": "tool:pytest"}


def check_root(config: pytest.Config) -> None:
    """Refuse a command line whose option values made pytest pass over an ini file.

    :raises SettingsError: it names the option, and how to write it.
    """
    option = config.option
    if hasattr(config, "workerinput") or option.inifilename or option.rootdir:
        return
    start = config.invocation_params.dir
    outside = next(_values_outside(config, start), None)
    if outside is None:
        return
    meant = next(_ini_files(start), None)
    if meant is not None and config.inipath != meant:
        flag, value = outside
        raise SettingsError(
            f"{flag} {value}: pytest took this folder for that of the tests, and so has not read "
            f"{meant}",
            hint=f"write it with an equals sign: {flag}={value}",
        )


def _values_outside(config: pytest.Config, start: Path) -> Iterator[tuple[str, str]]:
    """Options of ours with a value that is a word of its own, and exists outside `start`."""
    flags = {one.flag for one in OPTIONS if one.kind != "flag"}
    words = [str(word) for word in config.invocation_params.args]
    for flag, value in pairwise(words):
        if flag in flags:
            path = start / value
            if _exists(path) and not path.resolve().is_relative_to(start.resolve()):
                yield flag, value


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, or with a NUL
        return False


def _ini_files(start: Path) -> Iterator[Path]:
    """The files that pytest reads for tests in `start`, the nearest first."""
    for folder in (start, *start.parents):
        yield from (path for name in _ALWAYS if (path := folder / name).is_file())
        project = folder / "pyproject.toml"
        if project.is_file() and "[tool.pytest" in _text(project):
            yield project
        for name, section in _SECTIONS.items():
            if (folder / name).is_file() and _has_section(folder / name, section):
                yield folder / name


def _has_section(path: Path, section: str) -> bool:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(_text(path))
    except configparser.Error:
        return False
    return parser.has_section(section)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
