"""Nothing that a run writes or prints holds a key, a header's value or a login, whatever fails."""

from __future__ import annotations

import base64
import html as markup
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import (
    Body,
    Scripted,
    Wire,
    completion,
    html,
    json_body,
    last_user,
    raw,
    reset,
    sse,
    status,
)

KEY = 'sk-CANARYkey.+*(1)[x]"\\q$/=?&'
TEAM = KEY + "-CANARYteam"  # one secret inside another
TRACE = "CANARYtrace=1;<b>"
USER, PASSWORD, TOKEN = "CANARYuser", "CANARYpass", "CANARYtoken"
PROXY_USER, PROXY_PASSWORD = "CANARYproxyuser", "CANARYproxypass"
ALL = (KEY, TEAM, TRACE, USER, PASSWORD, TOKEN, PROXY_USER, PROXY_PASSWORD)
BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
ENVIRON = {
    "MY_KEY": KEY,
    "TEAM": TEAM,
    "TRACE": TRACE,
    "HTTPS_PROXY": f"http://{PROXY_USER}:{PROXY_PASSWORD}@127.0.0.1:9",
}


def encodings(secret: str) -> Iterator[str]:
    """`secret` as a server, a library or a file format may write it."""
    yield secret
    yield quote(secret, safe="")
    yield re.sub("%..", lambda code: code.group().lower(), quote(secret, safe=""))
    yield json.dumps(secret)[1:-1]
    yield repr(json.dumps(secret))[2:-2]
    yield json.dumps(secret)[1:-1].replace("&", "\\u0026").replace("+", "\\u002B")
    yield markup.escape(secret)
    yield base64.b64encode(secret.encode()).decode().rstrip("=")


FORMS = [form for secret in ALL for form in encodings(secret)] + [BASIC.rstrip("=")]
ECHO = "; ".join([*FORMS, f"Authorization: Bearer {KEY}", f"Basic {BASIC}"])
MOVED = f"http://{USER}:{PASSWORD}@evil.test/{quote(KEY, safe='')}?key={quote(TEAM)}"
JSON = {"content-type": "application/json"}
STOP = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}


def halves(text: str) -> list[Body]:
    """Chunks of a stream that split `text` in the middle of every secret."""
    return [{"choices": [{"index": 0, "delta": {"content": char}}]} for char in text]


FAULTS: dict[str, Scripted] = {
    "fine": "ANSWER: A",
    "answer": f"You sent {ECHO}. ANSWER: A",
    "wrong": f"ANSWER: B because {ECHO}",
    "thought": completion(f"ANSWER: {ECHO}", reasoning_content=ECHO, refusal=ECHO),
    "named": completion("ANSWER: B", model=ECHO, finish_reason=ECHO),
    "parts": completion([{"type": "text", "text": ECHO}]),  # type: ignore[arg-type]
    "status": status(500, {"error": {"message": ECHO, "type": ECHO, "code": ECHO, "param": ECHO}}),
    "plain": status(400, ECHO),
    "headers": status(403, {"headers": {"authorization": f"Bearer {KEY}", "x-team": TEAM}}),
    "limited": status(429, ECHO, {"x-echo": KEY}),
    "moved": status(302, "", {"Location": MOVED}),
    "page": html(502, markup.escape(ECHO)),
    "odd": raw(f"HTTP/1.1 {KEY}\r\n\r\n".encode()),
    "error": json_body({"error": {"message": ECHO}}),
    "empty": json_body({"choices": [], "message": ECHO}),
    "broken": Wire(headers=JSON, body=f'{{"choices": "{ECHO}'.encode()),
    "stream": sse(*halves(f"ANSWER: B {KEY} {TEAM} {BASIC}"), STOP),
    "streamed-error": sse(*halves(KEY), {"error": {"message": ECHO}}),
    "reset": reset(),
    "bug": "ANSWER: A",  # see CONFTEST
    "exit": "ANSWER: A",
}  # fmt: skip
CONFTEST = """
from pytest_iqeval.endpoint.client import HttpTransport

real = HttpTransport._exchange

def exchange(self, request, *args):
    said = f"{request} {[secret.reveal() for secret in self._connector.endpoint.secrets]}"
    if request.key.id == "bug":
        raise TypeError(said)
    if request.key.id == "exit":
        raise SystemExit(said)
    return real(self, request, *args)

HttpTransport._exchange = exchange
"""
USERS_TEST = """
import pytest

def test_mine(request, pytestconfig):
    config = request.config
    inside, options, params = vars(config), vars(config.option), config.invocation_params
    known = vars(config.known_args_namespace)
    owner = config.pluginmanager.get_plugin("iqeval-owner")
    run = getattr(owner, "run", None)
    parts = [vars(p) for p in (owner, run, getattr(run, "source", None)) if p is not None]
    for name, plugin in config.pluginmanager.list_name_plugin():
        if name.startswith("iqeval"):
            parts.append(getattr(plugin, "__dict__", None))
    print(parts, inside)
    print(getattr(config, "workerinput", None))
    assert not config

@pytest.mark.iqeval("quiz.yaml")
def test_marked(iqeval_sample, iqeval_reply, iqeval_score, request):
    print(iqeval_reply, iqeval_score)
    assert iqeval_reply is None
"""
EVERYTHING = (
    *("-vvv", "-rA", "--showlocals", "--setup-show", "--log-level=DEBUG", "-o", "log_cli=true"),
    *("--debug", "--trace-config", "--tb=long", "--full-trace", "--durations=0"),
    *("--junitxml=junit.xml", "--html=page.html", "--self-contained-html"),
    *("--iqeval-log=log/attempts.jsonl", "--iqeval-api-key-env=MY_KEY"),
    *("--iqeval-header=X-Team=TEAM", "--iqeval-header=X-Trace=TRACE"),
)


@pytest.fixture
def leaky(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Questions whose replies are `FAULTS`, secrets everywhere, a user's test that prints all."""
    folder = project.pytester.path
    rows = [
        {"id": id, "question": f"<{id}>?", "choices": ["1", "2"], "answer": "A"} for id in FAULTS
    ]
    (folder / "faults.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (folder / "quiz.yaml").write_text(
        "name: quiz\nlanguage: en\nlicence: CC0-1.0\ndata: faults.jsonl\nscorer: choice\n"
        "fields: {id: id, question: question, choices: choices, answer: answer}\n",
        "utf-8",
    )
    project.pytester.makeconftest(CONFTEST)
    project.pytester.makepyfile(test_users=USERS_TEST)

    def answer(body: Body) -> Any:
        asked = last_user(body)
        return next(reply for id, reply in FAULTS.items() if f"<{id}>" in asked)

    project.endpoint.answer(answer)
    project.endpoint.models([ECHO, KEY, "other"])
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    return project


def leaky_url(project: Project) -> str:
    """The endpoint with a login and a query; the key wins over the login."""
    where = urlsplit(project.endpoint.url)
    return f"http://{USER}:{PASSWORD}@{where.netloc}{where.path}?token={TOKEN}"


def leaks(folder: Path, result: pytest.RunResult) -> list[str]:
    """Where a canary stands: file or stream, and what is around it."""
    texts = {"stdout": result.stdout.str().encode(), "stderr": result.stderr.str().encode()}
    own = {"conftest.py", "test_users.py"}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in own and path.suffix != ".pyc":
            texts[str(path.relative_to(folder))] = path.read_bytes()
    needles = {"canary"} | {form for form in FORMS if "canary" not in form.lower()}
    found = []
    for name, data in texts.items():
        for needle in sorted(needles):
            at = data.lower().find(needle.lower().encode())
            if at >= 0:
                found.append(f"{name}: {data[max(0, at - 200) : at + 80]!r}")
    return found


def test_what_a_run_writes_holds_no_secret(leaky: Project) -> None:
    """The same as below without the user's tests and the slowest switches, in this process."""
    result = leaky.run(
        *("-vv", "-rA", "--showlocals", "--log-level=DEBUG", "--junitxml=junit.xml"),
        *(arg for arg in EVERYTHING if arg.startswith("--iqeval")),
        *(f"--iqeval-base-url={leaky_url(leaky)}", "--iqeval-dataset=quiz.yaml"),
    )
    assert leaks(leaky.pytester.path, result) == []
    assert result.ret == 6, result.stdout.str()[-2000:]


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_no_file_and_no_stream_of_a_run_holds_a_secret(leaky: Project, workers: str) -> None:
    """Faults of every kind, each told by a server that echoes every secret in every form."""
    result = leaky.run_apart(
        *("iqeval/quiz", "test_users.py", "-n", workers, *EVERYTHING),
        *(f"--iqeval-base-url={leaky_url(leaky)}", "--iqeval-dataset=quiz.yaml"),
    )
    folder = leaky.pytester.path
    assert leaks(folder, result) == []
    assert result.ret == 1, result.stdout.str()[-2000:]
    logged = [
        json.loads(line) for line in (folder / "log/attempts.jsonl").read_text("utf-8").splitlines()
    ]
    assert {line["id"].rpartition("::")[2] for line in logged} == set(FAULTS)
    assert sum(line["ok"] for line in logged) == 7
    sent = leaky.endpoint.requests[0].headers
    assert (sent["authorization"], sent["x-team"]) == (f"Bearer {KEY}", TEAM)
    rows = {row["id"]: row for row in leaky.rows()}
    assert "secret" in rows["answer"]["cleaned"]
    assert (rows["answer"]["outcome"], rows["wrong"]["outcome"]) == ("correct", "incorrect")
    start, end = rows["wrong"]["span"]
    assert rows["wrong"]["reply"][start:end] == "B"


BREAKS = {
    "opening": "import pytest_iqeval.run.opening as m; m._folder = broken",
    "finish": "import pytest_iqeval.run.closing as m; m.summarise = broken",
}


@pytest.mark.slow
@pytest.mark.parametrize("where", sorted(BREAKS))
def test_a_fault_of_ours_shows_no_secret_in_its_traceback(leaky: Project, where: str) -> None:
    """Even with --showlocals, and words that repeat the whole environment."""
    breaking = "import os\ndef broken(*args, **kwargs):\n    raise TypeError(dict(os.environ))\n"
    if where == "finish":
        breaking = breaking.replace("dict(os.environ)", "'no such summary'")
    leaky.pytester.makeconftest(breaking + BREAKS[where])
    result = leaky.run_apart(
        *("iqeval/quiz", "-k", "fine", "-p", "no:xdist", *EVERYTHING),
        *(f"--iqeval-base-url={leaky_url(leaky)}", "--iqeval-dataset=quiz.yaml"),
    )
    assert leaks(leaky.pytester.path, result) == []
    assert result.ret in (1, 3)
    assert "TypeError" in result.stdout.str() + result.stderr.str()


FORMS_OF_URL = ("--iqeval-base-url={}", "-oiqeval_base_url={}", "--override-ini=iqeval_base_url={}")


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS_OF_URL)
def test_a_login_on_the_command_line_is_not_in_the_debug_log(leaky: Project, form: str) -> None:
    """``--debug`` writes down the arguments, and much of what becomes of them."""
    result = leaky.pytester.runpytest_subprocess(
        *("--iqeval-model=m", "--iqeval-dataset=quiz.yaml", "-k", "fine", "--debug"),
        *("--iqeval-api-key-env=MY_KEY", "-pno:xdist", form.format(leaky_url(leaky))),
    )
    assert result.ret == 0, result.stdout.str()[-2000:]
    assert (leaky.pytester.path / "pytestdebug.log").stat().st_size > 1000
    assert leaks(leaky.pytester.path, result) == []


@pytest.mark.slow
@pytest.mark.parametrize("where", ["ini file", "command line"])
def test_pytest_debug_prints_the_command_line_alone(
    leaky: Project, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """pytest does so before it asks any plugin; the docs say to keep a login out of it."""
    monkeypatch.setenv("PYTEST_DEBUG", "1")
    args = ["--iqeval-model=m", "--iqeval-dataset=quiz.yaml", "-kfine", "-pno:xdist"]
    args.append("--iqeval-api-key-env=MY_KEY")
    if where == "ini file":
        leaky.pytester.makeini(f"[pytest]\niqeval_base_url = {leaky_url(leaky)}\n")
    else:
        args.append(f"--iqeval-base-url={leaky_url(leaky)}")
    result = leaky.pytester.runpytest_subprocess(*args)
    assert result.ret == 0, result.stdout.str()[-2000:]
    (leaky.pytester.path / "tox.ini").unlink(missing_ok=True)
    printed = [line.strip() for line in result.errlines if "CANARY" in line]
    assert [line.partition("[")[0] for line in printed] == (
        [] if where == "ini file" else ["args: ", "args: "]
    )
    result.stderr.lines[:] = [line for line in result.errlines if "CANARY" not in line]
    (leaky.pytester.path / "stderr").unlink()  # pytester's own copies
    assert leaks(leaky.pytester.path, result) == []
