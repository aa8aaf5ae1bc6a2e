"""Imports run one way: plugin, cli → run → adapters → core → standard library."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pytest_iqeval

PACKAGE = Path(pytest_iqeval.__file__).parent
ADAPTERS = {"sources", "endpoint", "broker", "store", "reports", "sandbox", "algebra"}
# Which parts of the package each part may import, beside itself.
MAY: dict[str, set[str]] = {
    "__init__": set(),
    "core": set(),
    **{name: {"core", "__init__"} for name in ADAPTERS},
    "run": {"core", "__init__", *ADAPTERS},
    "api": {"core", "__init__", *ADAPTERS, "run"},
    "hookspecs": set(),
    "plugin": {"core", "__init__", *ADAPTERS, "run", "hookspecs"},
    "cli": {"core", "__init__", *ADAPTERS, "run"},
}
# What an xdist worker loads: no adapter that brings httpcore or sqlite3.
WORKER = {
    "collect",
    "items",
    "marker",
    "evaluation",
    "paths",
    "options",
    "xdist",
    "scorers",
    "start",
    "faults",
    "fetching",
    "garbage",
    "hooks",
}
WORKER_MAY = {"core", "sources", "broker", "plugin", "__init__", "hookspecs"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def part(dotted: str) -> str:
    """``pytest_iqeval.core.score`` → ``core``."""
    pieces = dotted.split(".")
    return pieces[1] if len(pieces) > 1 else "__init__"


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """The modules that a file imports at run time, and whether inside a function."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(node)
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and ast.unparse(test.test) == "TYPE_CHECKING"
        for node in ast.walk(test)
    }
    top = set(map(id, tree.body))
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) not in top
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module == "pytest_iqeval":
                for alias in node.names:
                    is_module = (PACKAGE / alias.name).exists() or (
                        PACKAGE / f"{alias.name}.py"
                    ).exists()
                    yield f"pytest_iqeval.{alias.name}" if is_module else node.module, False
            else:
                yield node.module or "", id(node) not in top


def name_of(path: Path) -> str:
    return part(".".join(("pytest_iqeval", *path.relative_to(PACKAGE).with_suffix("").parts)))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    """No layer imports one above it, and no adapter a neighbour."""
    own = name_of(path)
    for dotted, _ in imports(path):
        if dotted.split(".")[0] == "pytest_iqeval":
            other = part(dotted)
            assert other == own or other in MAY[own], f"{own} imports {dotted}"
        elif own == "core":
            assert dotted.split(".")[0] in sys.stdlib_module_names, f"core imports {dotted}"
        elif dotted.split(".")[0] in ("pytest", "_pytest", "xdist"):
            assert own in ("plugin", "hookspecs"), f"{own} imports {dotted}"
        elif dotted.split(".")[0] in ("httpcore", "httpx"):
            # `sources/hub/web.py` is loaded only where data is fetched.
            fetches = path.parent.name == "hub" and path.name == "web.py"
            assert own == "endpoint" or fetches, f"{own} imports {dotted}"
        elif dotted.split(".")[0] == "sqlite3":
            assert own == "store", f"{own} imports sqlite3"


def test_no_module_imports_itself_in_a_circle() -> None:
    """Whatever a module needs at its top is complete before it begins."""
    names = {
        ".".join(("pytest_iqeval", *path.relative_to(PACKAGE).with_suffix("").parts)): path
        for path in MODULES
    }
    needs = {
        name: {d for d, inside in imports(path) if d in names and not inside and d != name}
        for name, path in names.items()
    }
    while leaves := {name for name, needed in needs.items() if not needed & needs.keys()}:
        needs = {name: needed for name, needed in needs.items() if name not in leaves}
    assert not needs


@pytest.mark.parametrize("name", sorted(WORKER))
def test_what_a_worker_loads_brings_no_http_and_no_database(name: str) -> None:
    """A worker collects, asks through its channel and scores."""
    for dotted, inside_function in imports(PACKAGE / "plugin" / f"{name}.py"):
        if dotted.startswith("pytest_iqeval") and not inside_function:
            assert part(dotted) in WORKER_MAY, dotted
            if part(dotted) == "broker":
                assert dotted == "pytest_iqeval.broker.channel"


@pytest.mark.parametrize("name", ["conftest.py", "tests/conftest.py", "tests/support/endpoint.py"])
def test_what_pytest_loads_in_a_checkout_needs_no_development_extra(name: str) -> None:
    """The README's first command runs there with the package and the local model alone."""
    for dotted, inside_function in imports(PACKAGE.parent / name):
        known = sys.stdlib_module_names | {"pytest", "tests"}
        assert inside_function or dotted.split(".")[0] in known, dotted
