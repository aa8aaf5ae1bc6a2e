"""`iqeval fetch NAME`: a benchmark's data from a hub, into the cache or a folder."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import Namespace
from pathlib import Path

from pytest_iqeval.cli.output import Output
from pytest_iqeval.cli.parser import Parser
from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.definition import Definition
from pytest_iqeval.core.errors import AbsentData, FolderError, SettingsError, UnknownName
from pytest_iqeval.core.hub import HUBS
from pytest_iqeval.core.phrases import fetching
from pytest_iqeval.run.scorers import scorer_names
from pytest_iqeval.sources.catalogue import known_names
from pytest_iqeval.sources.definitions import read_definition
from pytest_iqeval.sources.hub.access import HubAccess, Nobody
from pytest_iqeval.sources.hub.fetch import fetched
from pytest_iqeval.sources.hub.lock import hash_of, write_project_lock
from pytest_iqeval.sources.hub.progress import Progress
from pytest_iqeval.sources.hub.store import Fetched
from pytest_iqeval.sources.reading import shown_path
from pytest_iqeval.sources.shipped import DEFINITION, datasets_folder

_ABOUT = """\
Fetches a benchmark's data from ModelScope or Hugging Face into the cache (IQEVAL_CACHE, else
pytest-iqeval in the user's folder for caches), where runs find it, also without a network. What is
there already is checked byte by byte, and fetched again where it is damaged."""
_EXAMPLES = """\
examples:
  iqeval fetch mmlu gsm8k
  iqeval fetch mmlu --hub huggingface --output data    # then: --iqeval-data-dir=data
  iqeval fetch mmlu --check
  iqeval fetch mmlu --lock                             # pins it in iqeval-data.lock, for git

exit code: 0, it is there; 4, it is not, or is not what it was, or the command has to be mended"""


def add_arguments(parser: Parser) -> None:
    """NAME, from where, and what becomes of it."""
    parser.say(_ABOUT, _EXAMPLES)
    parser.add("name", metavar="NAME", nargs="+", help="a benchmark, or a definition's path")
    parser.add(
        "--hub",
        choices=HUBS,
        help="ask this one alone (by default each that the definition names, in this order)",
    )
    parser.add(
        "--output",
        "--data-dir",
        metavar="DIR",
        help="copy the files into DIR/NAME too, for --iqeval-data-dir=DIR",
    )
    parser.add("--offline", action="store_true", help="fetch nothing: say what is in the cache")
    parser.add(
        "--check", action="store_true", help="fetch nothing: check every byte of what is there"
    )
    parser.add(
        "--lock",
        action="store_true",
        help="pin what was fetched in iqeval-data.lock of this folder: runs that start here then "
        "use this data and no other",
    )
    parser.add("-q", "--quiet", action="store_true", help="show no progress")


def run(arguments: Namespace, out: Output, start: Path) -> int:
    """Have the data of each benchmark, one after another.

    :raises UsageFault: there is no such benchmark; its data can't be had, or is another.
    """
    if arguments.lock and arguments.check:
        raise SettingsError("--lock and --check exclude each other", hint="check, then lock")
    given = [f"--{name}" for name in ("offline", "check") if getattr(arguments, name)]
    access = HubAccess(
        hub=arguments.hub,
        offline=" ".join(given) or None,
        environ=os.environ,
        start=start,
        listener=Nobody() if arguments.quiet else Progress(sys.stderr, out.lang),
        pinned=not arguments.lock,
        whole=True,
        mend=not given,
    )
    for definition in [_definition(name, start) for name in arguments.name]:
        if not definition.hub:
            raise AbsentData(
                f"{definition.name}: {definition.file} names no hub to fetch its data from",
                hint="data that lies beside its definition needs no fetching; `hub:` in a "
                "definition says where data can be fetched",
            )
        got = fetched(definition, access)
        out.line(visible(out.said(_told(definition, got))))
        if arguments.lock:
            path = write_project_lock(start, definition.name, got.lock)
            out.line(out.said(fetching.PINNED(what=definition.name, path=shown_path(path, start))))
        if arguments.output is not None:
            folder = start / arguments.output / definition.name
            _copy(got, folder)
            out.line(visible(out.said(fetching.COPIED(path=shown_path(folder, start)))))
    return 0


def _definition(name: str, start: Path) -> Definition:
    path = start / name
    if path.is_dir():
        path = path / DEFINITION
    if not path.is_file():
        if name not in known_names():
            raise UnknownName("benchmark", name, known_names())
        path = datasets_folder() / name / DEFINITION
    return read_definition(path, shown=shown_path(path, start), scorers=scorer_names())


def _told(definition: Definition, got: Fetched) -> str:
    size = sum(one.size for one in got.lock.files.values())
    return fetching.HERE(
        what=definition.name,
        origin=got.lock.told,
        count=len(got.lock.files),
        size=f"{size:,}",
        path=got.folder,
    )


def _copy(got: Fetched, folder: Path) -> None:
    """Put the files into a folder; those that are there already stay."""
    for path, one in got.lock.files.items():
        target = folder / path
        try:
            if target.exists():
                if hash_of(target) != one.sha256:
                    raise FolderError(
                        f"{target}: is there already, with other content",
                        hint="move it away, or give another --output",
                    )
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(got.folder / path, target)
        except OSError as error:
            raise FolderError(f"{target}: can't be written: {error.strerror or error}") from None
