"""A user's mistake is told before any request: what, where, what to do, exit 4, no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugin.conftest import Project


def refuse(project: Project, *args: str) -> str:
    """Run, expect exit 4 without a traceback or a chat request, and give what was printed."""
    result = project.run(*args)
    assert result.ret == 4, result.stdout.str() + result.stderr.str()
    text = result.stderr.str() + result.stdout.str()
    assert "Traceback" not in text
    assert "INTERNALERROR" not in text
    assert "ERROR: iqeval: " in text
    assert not [r for r in project.endpoint.requests if r.body is not None]
    assert not list((project.pytester.path / "outputs").glob("*/*"))
    return text


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--iqeval-answer=lettre"], ["--iqeval-answer", "lettre", "did you mean letter"]),
        (["--iqeval-dataset=iquiz-opne"], ["unknown benchmark", "iquiz-open"]),
        (["--iqeval-dataset=quiz/benchmark.yaml:IP"], ["IP", "did you mean IQ"]),
        (["--iqeval-provider=olama"], ["unknown provider", "ollama"]),
        (["--iqeval-limit=0"], ["--iqeval-limit", "at least 1"]),
        (["--iqeval-limit=-3"], ["--iqeval-limit", "at least 1"]),
        (["--iqeval-limit=many"], ["--iqeval-limit", "whole number"]),
        (["--iqeval-limit=1", "--iqeval-sample=1"], ["exclude each other"]),
        (["--iqeval-temperature=hot"], ["--iqeval-temperature", "number"]),
        (["--iqeval-base-url=localhost:11434/v1"], ["localhost:11434/v1", "http://"]),
        (["--iqeval-gate=acuracy >= 0.5"], ["acuracy", "accuracy", "^"]),
        (["--iqeval-gate="], ["--iqeval-gate is empty", "accuracy >= 0.6"]),
        (["--iqeval-gate=accuracy >= 0.5", "--iqeval-gate= "], ["--iqeval-gate is empty"]),
        (["--iqeval-gen="], ["--iqeval-gen is empty"]),
        (["--iqeval-header="], ["--iqeval-header is empty"]),
        (["--iqeval-dataset="], ["--iqeval-dataset is empty"]),
        (["--iqeval-dataset=."], [".: is a folder", "benchmark.yaml"]),
        (["--iqeval-gate=accuracy >> 0.5"], ["accuracy >> 0.5", "^"]),
        (["--iqeval-gate=quizz: accuracy >= 0.5"], ["quizz", "quiz"]),
        (["--iqeval-gate=levl=1: accuracy >= 0.5"], ["levl", "level"]),
        (["--iqeval-api-key-env=NO_SUCH_KEY"], ["NO_SUCH_KEY"]),
        (["--iqeval-header=X-Team=NO_SUCH_VAR"], ["NO_SUCH_VAR"]),
        (["--iqeval-gen=top_p"], ["--iqeval-gen", "KEY=VALUE"]),
        (["--iqeval-replay=nosuch"], ["nosuch"]),
        (["iqeval/quizz"], ["unknown benchmark", "quizz"]),
        (["iqeval/quiz::XX"], ["subset", "XX"]),
        (["iqeval/quiz::IQ::onne"], ["question", "onne", "one"]),
        (["iqeval/quiz::IQ::one::x"], ["iqeval/quiz::IQ::one::x", "more than a question"]),
        (["--iqeval-data-dir=nowhere", "--iqeval-dataset=iquiz"], ["nowhere"]),
    ],
)
def test_a_wrong_value_is_told_with_what_to_do(
    project: Project, args: list[str], words: list[str]
) -> None:
    """The message quotes the user's words and names the mend."""
    text = refuse(project, *args)
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    "form",
    [
        "--iqeval-api-key=sk-canary-123",
        "--iqeval-api-key sk-canary-123",
        "--iqeval-apikey=sk-canary-123",
        "--iqeval-api_key=sk-canary-123",
        "--iqeval-api-token sk-canary-123",
    ],
)
def test_a_key_as_an_option_is_refused_without_an_echo(project: Project, form: str) -> None:
    """Neither the error nor the header repeats the key."""
    result = project.run(*form.split())
    assert result.ret == 4
    text = result.stdout.str() + result.stderr.str()
    assert "sk-canary" not in text
    assert "--iqeval-api-key-env" in text


def test_an_unknown_option_of_ours_is_helped_without_an_echo(project: Project) -> None:
    """pytest itself would print the value, which may be a key."""
    result = project.run("--iqeval-api-kee=sk-canary-123", "--iqeval-dateset", "x")
    text = result.stdout.str() + result.stderr.str()
    assert result.ret == 4
    assert "sk-canary" not in text
    assert "unknown option '--iqeval-api-kee'" in text
    assert "--iqeval-api-key-env" in text


def test_an_empty_model_is_told(project: Project) -> None:
    """--iqeval without a model in the ini file says where to put one."""
    result = project.pytester.runpytest_subprocess("--iqeval")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*no model*"])


def test_an_output_folder_that_cannot_be_written_is_told(project: Project) -> None:
    """A file stands where the folder should be (root may write anywhere else)."""
    (project.pytester.path / "taken").write_text("", "utf-8")
    text = refuse(project, "--iqeval-output=taken")
    assert "taken" in text


def data(project: Project, content: bytes) -> Path:
    """Replace the IQ file."""
    path = project.pytester.path / "quiz" / "IQ.jsonl"
    path.write_bytes(content)
    return path


GOOD = '{"id": "a", "question": "1?", "choices": ["1", "2"], "answer": "A"}'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (GOOD.encode() + b"\n{broken\n", ["IQ.jsonl", ":2"]),
        (b"", ["IQ.jsonl", "empty"]),
        ("{'question': '你好'}".encode("gbk"), ["IQ.jsonl", "UTF-8"]),
        (GOOD.replace('"A"', '"C"').encode(), ["IQ.jsonl:1", "answer", "C"]),
        ((GOOD + "\n" + GOOD.replace("1?", "2?")).encode(), ["IQ.jsonl:2", "'a'"]),
        (GOOD.replace('"question": "1?", ', "").encode(), ["IQ.jsonl", "question"]),
        (GOOD.replace('["1", "2"]', '"12"').encode(), ["IQ.jsonl:1", "choices"]),
    ],
)
def test_faults_of_a_data_file_name_file_line_and_field(
    project: Project, content: bytes, words: list[str]
) -> None:
    """One message for each kind of fault in data."""
    data(project, content)
    text = refuse(project)
    for word in words:
        assert word in text


def test_all_faults_of_a_file_are_told_in_one_go(project: Project) -> None:
    """Three bad rows, three lines."""
    data(project, "\n".join([GOOD, "{", '{"question": 5}', "[]"]).encode())
    text = refuse(project)
    for line in (2, 3, 4):
        assert f"IQ.jsonl:{line}" in text


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf" + GOOD.encode(), GOOD.encode() + b"\r\n\r\n"])
def test_byte_order_mark_and_crlf_are_no_fault(project: Project, content: bytes) -> None:
    """Files that Windows editors write are read as they are."""
    data(project, content)
    result = project.run("--co", "-q")
    assert "iqeval/quiz::IQ::a" in result.stdout.str()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("data:\n  IQ: IQ.jsonl\n  EQ: EQ.jsonl\n", ""), ["data"]),
        (("language: en", "language: [en]"), ["language"]),
        (("scorer: choice", "scorer: choise"), ["choise", "choice"]),
        (("name: quiz", "nmae: quiz"), ["nmae", "name"]),
        (("scorer: choice", "prompt: '{passage}'"), ["{passage}"]),
        (("language: en", "language: 'en"), ["benchmark.yaml"]),
    ],
)
def test_faults_of_a_definition_name_the_field(
    project: Project, change: tuple[str, str], words: list[str]
) -> None:
    """A missing field, a wrong type, an unknown name, broken YAML."""
    path = project.pytester.path / "quiz" / "benchmark.yaml"
    path.write_text(path.read_text("utf-8").replace(*change), "utf-8")
    text = refuse(project)
    for word in words:
        assert word in text


def test_a_path_that_is_not_there_leaves_no_folder(project: Project) -> None:
    """pytest refuses it after the run was opened: exit 4, nothing asked, nothing kept."""
    result = project.run("iqeval/quiz", "nosuch.py")
    assert result.ret == 4
    assert not [r for r in project.endpoint.requests if r.body is not None]
    assert not list((project.pytester.path / "outputs").glob("*/*"))
