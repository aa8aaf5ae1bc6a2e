"""What a real run writes for a release and for the page of a step on GitHub."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import hang, status

DIGEST = "a2af6cc3eb7fa8be8504abaf9b04e88f17a119ec3f04a3addf55f92841195f5a"
OLLAMA = "--iqeval-provider=ollama"


@pytest.fixture
def step(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a step of GitHub Actions names."""
    path = project.pytester.path / "step-summary"
    path.write_text("", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    return path


@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_the_step_gets_one_summary(project: Project, step: Path, workers: tuple[str, ...]) -> None:
    """Also under workers: the owner writes it."""
    project.wrong["two"] = "ANSWER: A"
    result = project.run_apart("--iqeval-gate=accuracy >= 0.9", *workers)
    assert result.ret == 1
    text = step.read_text("utf-8")
    assert text.count("## m: ✕ Failed") == 1
    assert "| failed | `accuracy >= 0.9` | quiz | 0.800 |" in text
    card = (project.folder / "card.md").read_text("utf-8")
    assert "| failed | `accuracy >= 0.9` | quiz | 0.800 |" in card


def test_a_step_summary_that_can_not_be_written_changes_no_verdict(
    project: Project, step: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step / "nowhere"))
    result = project.run("--iqeval-gate=accuracy >= 0.9")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["iqeval: the step's summary *nowhere can't be written: *"])


def test_the_card_has_the_digest_that_ollama_tells_and_the_command(project: Project) -> None:
    """A replay makes the same card, but for what is its own: run, times and command."""
    project.endpoint.tags({"other": "0" * 64, "m:latest": DIGEST})
    assert project.run(OLLAMA).ret == 0
    assert project.report["run"]["model_digest"] == DIGEST
    before = project.folder
    card = (before / "card.md").read_text("utf-8")
    assert DIGEST in card
    assert "`pytest --iqeval-provider=ollama --iqeval-model=m" in card
    assert project.run(f"--iqeval-replay={before}").ret == 0
    again = (project.folder / "card.md").read_text("utf-8")
    assert project.folder != before
    assert own(again) == own(card)


def own(card: str) -> list[str]:
    """The lines of a card that don't tell of one run alone."""
    times = ("| Started", "| Took", "| Run ", "| Latency", "| Waited", "| Conn", "| First", "| All")
    return [line for line in card.splitlines() if not line.startswith((*times, "`pytest", "| Req"))]


@pytest.mark.parametrize("tags", [status(500), hang(), status(200, "{}"), status(200, "[1]")])
def test_without_a_digest_at_once_the_run_goes_on(project: Project, tags: object) -> None:
    project.endpoint.tags(tags)  # type: ignore[arg-type]
    assert project.run(OLLAMA).ret == 0
    assert project.report["run"]["model_digest"] is None


def test_nobody_but_ollama_is_asked_for_a_digest(project: Project) -> None:
    assert project.run().ret == 0
    assert [one.path for one in project.endpoint.others] == ["/v1/models"]


def test_a_password_in_the_command_is_in_no_file(project: Project, step: Path) -> None:
    url = project.endpoint.url.replace("http://", "http://me:geheim-1234@")
    assert project.run(f"--iqeval-base-url={url}").ret == 0
    for path in (step, project.folder / "card.md", project.folder / "report.json"):
        assert "geheim" not in path.read_text("utf-8"), path
    assert project.report["run"]["command"].startswith("pytest --iqeval-base-url=http://")


def test_the_difference_to_a_baseline_is_on_the_card_and_in_the_step(
    project: Project, step: Path
) -> None:
    """With the questions that were lost."""
    assert project.run().ret == 0
    project.wrong["two"] = "ANSWER: A"
    assert project.run("--iqeval-baseline=last", "--iqeval-gate=n >= 1").ret == 0
    for path in (step, project.folder / "card.md"):
        text = path.read_text("utf-8")
        assert "## Since the baseline" in text, path
        assert "`iqeval/quiz::IQ::two`" in text, path
