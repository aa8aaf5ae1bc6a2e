"""The ready workflows: well-formed, and green when gates pass although questions are wrong."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from pytest_iqeval.core.scorers import SCORERS
from pytest_iqeval.reports.junit import losses
from pytest_iqeval.sources.catalogue import load
from tests.support.endpoint import Body, ScriptedEndpoint, last_user
from tests.support.pages import DOCS, read_page

CI = DOCS / "ci"
WORKFLOWS = {path.name: path.read_text("utf-8") for path in sorted(CI.iterdir())}


def steps() -> list[dict[str, Any]]:
    """The steps of the GitHub workflow."""
    found: list[dict[str, Any]] = yaml.safe_load(WORKFLOWS["github-actions.yml"])["jobs"][
        "evaluate"
    ]["steps"]
    return found


def gitlab() -> dict[str, Any]:
    """The job of GitLab."""
    job: dict[str, Any] = yaml.safe_load(WORKFLOWS["gitlab-ci.yml"])["model-gate"]
    return job


def evaluation(name: str) -> str:
    """The shell command that evaluates, of each workflow."""
    if name == "github-actions.yml":
        (command,) = [s["run"] for s in steps() if s.get("name") == "Evaluate"]
    elif name == "gitlab-ci.yml":
        command = gitlab()["script"][-1]
    else:
        (script,) = re.findall(r"sh '''(.*?)'''", WORKFLOWS[name], re.DOTALL)
        command = script[script.index(".venv/bin/pytest") :].replace("\\\n", " ")
    return str(command).strip().removeprefix(".venv/bin/")


@pytest.mark.parametrize(
    ("name", "schema"),
    [("github-actions.yml", "vendor.github-workflows"), ("gitlab-ci.yml", "vendor.gitlab-ci")],
)
def test_a_workflow_holds_to_its_schema(name: str, schema: str) -> None:
    """SchemaStore's, as check-jsonschema ships them."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    told = subprocess.run(
        [*command, str(CI / name)], capture_output=True, encoding="utf-8", check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_braces_and_quotes_of_the_jenkinsfile_are_closed() -> None:
    """And it has the parts that a declarative pipeline needs, each where it belongs."""
    text = re.sub(r"^\s*//.*$", "", WORKFLOWS["Jenkinsfile"], flags=re.MULTILINE)
    bare = re.sub(r"'''.*?'''|'[^'\n]*'", "''", text, flags=re.DOTALL)
    assert '"' not in bare
    depth, parts = 0, []
    for word in re.findall(r"[{}]|\w+(?:\(''\))?(?=\s*\{)", bare):
        if word == "}":
            depth -= 1
            assert depth >= 0
        elif word == "{":
            depth += 1
        else:
            parts.append((depth, word))
    assert depth == 0
    assert parts == [
        *[(0, "pipeline"), (1, "options"), (1, "parameters"), (1, "environment"), (1, "stages")],
        *[(2, "stage('')"), (3, "steps"), (1, "post"), (2, "always")],
    ]


@pytest.mark.parametrize(
    ("name", "setting", "source"),
    [
        ("github-actions.yml", "fail_on_failure: false", "github.com/mikepenz/action-junit-report"),
        ("gitlab-ci.yml", "do not affect job status", "gitlab.com/ci/testing/unit_test_reports"),
        ("Jenkinsfile", "skipMarkingBuildUnstable: true", "jenkins.io/doc/pipeline/steps/junit"),
    ],
)  # fmt: skip
def test_the_head_of_each_says_what_keeps_it_green_and_where_that_stands(
    name: str, setting: str, source: str
) -> None:
    head = WORKFLOWS[name].split("\n\n")[0]
    assert setting in head
    assert source in head


def test_the_settings_are_set() -> None:
    """Not only spoken of."""
    (reporter,) = [s for s in steps() if "action-junit-report" in s.get("uses", "")]
    assert reporter["with"]["fail_on_failure"] is False
    assert reporter["if"] == "${{ !cancelled() }}"
    assert gitlab()["artifacts"]["reports"]["junit"] == "junit.xml"
    assert gitlab()["artifacts"]["when"] == "always"
    assert "allow_failure" not in gitlab()
    post = WORKFLOWS["Jenkinsfile"].partition("post {")[2]
    assert "junit testResults: 'junit.xml', skipMarkingBuildUnstable: true" in post


def test_each_keeps_the_reports() -> None:
    """JUnit file and report.html."""
    (kept,) = [s["with"]["path"] for s in steps() if "upload-artifact" in s.get("uses", "")]
    assert kept.split()[:2] == ["junit.xml", "evaluation/*/report.html"]
    assert gitlab()["artifacts"]["paths"] == ["evaluation/", "junit.xml"]
    assert "junit.xml, evaluation/*/report.html" in WORKFLOWS["Jenkinsfile"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_command_is_green_when_the_gate_passes_and_red_when_not(
    name: str,
    pytester: pytest.Pytester,
    endpoint: ScriptedEndpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A third of the questions wrong: failures in the file, exit code 0; two thirds: 1."""
    monkeypatch.setenv("MODEL_API_KEY", "k-123456789")
    benchmark = load("iquiz-open", data_dir=None, start=pytester.path, scorers=SCORERS).benchmark
    right = {sample.input: sample.target for sample in benchmark.samples}
    number = {question: n for n, question in enumerate(right)}
    wrong_of_three = 1

    def answer(body: Body) -> str:
        text = last_user(body)
        question = max((one for one in right if one in text), key=len)
        wrong = "B" if right[question] == "A" else "A"
        return f"答案：{wrong if number[question] % 3 < wrong_of_three else right[question]}"

    words = [
        word.replace("$MODEL_BASE_URL", endpoint.url).replace("$MODEL", "m")
        for word in shlex.split(evaluation(name))
    ]
    assert words[0] == "pytest"
    endpoint.answer(answer)
    for wrong_of_three, code in ((1, 0), (2, 1)):  # noqa: B007 - `answer` reads it
        assert pytester.runpytest_inprocess(*words[1:]).ret == code
        suite = ElementTree.parse(pytester.path / "junit.xml").getroot()[0]
        assert int(suite.attrib["failures"]) >= 40
        assert list(pytester.path.glob("evaluation/*/report.html"))
        assert list(pytester.path.glob("evaluation/*/card.md"))


def test_the_page_names_every_limit_and_its_source() -> None:
    """As the code has them."""
    page = read_page("ci.md")
    for limit in ("30 MB", "100 MB", "500,000", "5,000", "65,535", "1 MiB", "32,767"):
        assert limit in page, limit
    for name, (_, _) in losses.DASHBOARDS.items():
        assert f"`{name}`" in page or name == "every"
    sources = re.findall(
        r'^_[A-Z_]+ = "([\w.]+/[\w./-]+)', Path(losses.__file__).read_text("utf-8"), re.M
    )
    assert len(sources) >= 5
    for source in sources:
        assert source in page, source


def test_the_page_links_every_workflow() -> None:
    page = read_page("ci.md")
    assert set(re.findall(r"\]\(ci/([\w.-]+)\)", page)) == set(WORKFLOWS)
