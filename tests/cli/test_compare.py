"""`iqeval compare`: the tables, the page, and what can't be compared."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from pytest_iqeval.store.folder import RunFolder
from tests.cli.conftest import Iqeval
from tests.support.page_reader import read_page
from tests.support.stored import change_report, question, write_run

RIGHT, WRONG = "Answer: B", "Answer: A"


def run_of(folder: Path, name: str, answers: str, model: str = "gemma3:4b") -> RunFolder:
    """A run with a reply a question: ``+`` is right, ``-`` wrong, ``0`` there was none."""
    replies = {"+": RIGHT, "-": WRONG, "0": None}
    answered = [(question(f"q{n}"), replies[one]) for n, one in enumerate(answers)]
    run = write_run(folder / "m" / name, answered)

    def rename(plain):
        plain["run"]["model"] = model

    if model != "gemma3:4b":
        (run.path / "reviews" / "gemma3-4b").rename(run.path / "reviews" / model)
        change_report(run, rename)
    return run


@pytest.fixture
def runs(tmp_path: Path) -> list[str]:
    """Three runs of ten questions; the first two are seven apart."""
    answers = {"20260101_000000": "++++++++--", "20260102_000000": "+-------+-"}
    found = [run_of(tmp_path / "outputs", name, said) for name, said in answers.items()]
    found.append(run_of(tmp_path / "outputs", "20260103_000000", "++++++++-0", model="qwen3"))
    return [str(run.path) for run in found]


def test_two_runs(iqeval: Iqeval, runs: list[str]) -> None:
    told = iqeval("compare", *runs[:2])
    assert (told.code, told.err) == (0, "")
    pair = next(line for line in told.lines if line.startswith("2 - 1"))
    assert pair.split()[:3] == ["2", "-", "1"]
    assert "-60.0 pt [" in pair
    assert pair.split()[-3:] == ["7", "1", "0.07"]
    assert "Holm" not in told.out
    assert told.lines[-1] == "questions on which they differ: 8"


def test_three_runs_are_corrected_for_three_pairs(iqeval: Iqeval, runs: list[str]) -> None:
    told = iqeval("compare", *runs)
    pairs = [line.split() for line in told.lines if line[1:4] == " - "]
    assert [" ".join(cells[:3]) for cells in pairs] == ["2 - 1", "3 - 1", "3 - 2"]
    assert [cells[-2:] for cells in pairs] == [["0.07", "0.21"], ["1", "1"], ["0.07", "0.21"]]
    assert [cells[4] for cells in pairs] == ["10", "9", "9"]  # a question without a reply
    assert "p (Holm) is corrected for 3 comparisons; * below 0.05" in told.lines
    assert "qwen3" in told.out


def test_more_than_five_are_compared_with_the_first(iqeval: Iqeval, tmp_path: Path) -> None:
    found = [run_of(tmp_path, f"2026010{n}_000000", "+-+") for n in range(1, 7)]
    told = iqeval("compare", *(str(run.path) for run in found))
    pairs = [line[:5] for line in told.lines if line[1:4] == " - "]
    assert pairs == [f"{n} - 1" for n in range(2, 7)]
    assert "more than 5 runs: each is compared with the first" in told.lines


def test_what_differs_beside_the_model_is_named(iqeval: Iqeval, runs: list[str]) -> None:
    def warmer(plain):
        plain["run"]["generation"]["temperature"] = 0.7

    change_report(RunFolder(Path(runs[1])), warmer)
    told = iqeval("compare", *runs)
    assert "not alike (2 - 1): temperature is 0.7, it was 0" in told.out


def test_another_group_is_named(iqeval: Iqeval, runs: list[str]) -> None:
    """A report of an earlier version does not know it."""

    def grouped(plain):
        plain["benchmarks"][0]["grouped_by"] = "passage"

    change_report(RunFolder(Path(runs[1])), grouped)
    told = iqeval("compare", *runs[:2])
    assert "not alike (2 - 1): group of quiz is passage, it was not set" in told.out
    change_report(RunFolder(Path(runs[0])), lambda plain: plain["benchmarks"][0].pop("grouped_by"))
    assert "not alike" not in iqeval("compare", *runs[:2]).out


def test_runs_without_a_common_benchmark(iqeval: Iqeval, runs: list[str]) -> None:
    def other(plain):
        plain["benchmarks"][0]["name"] = "other"

    path = next((Path(runs[1]) / "reviews").rglob("*.jsonl"))
    text = path.read_text("utf-8").replace('"benchmark":"quiz"', '"benchmark":"other"')
    text = text.replace('"benchmark": "quiz"', '"benchmark": "other"')
    path.unlink()
    path.with_name("other_IQ.jsonl").write_text(text, "utf-8")
    change_report(RunFolder(Path(runs[1])), other)
    told = iqeval("compare", *runs[:2])
    assert told.code == 0
    assert "the runs have no benchmark in common" in told.lines
    assert told.lines[-1] == "questions on which they differ: 0"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["1"], "one run is given, and a comparison takes two or more"),
        (["1", "1"], "the run is given twice"),
        (["1", "20260102_000009"], "no run '20260102_000009'"),
        (["1", "2", "--metric", "acuracy"], "did you mean accuracy?"),
        (["1", "2", "--metric", "credit"], "unknown metric of these runs 'credit'"),
        (["1", "2", "--html", "outputs"], "outputs: the page can't be written"),
        (["1", "2", "--lang", "fr"], "invalid choice: 'fr'"),
    ],
)
def test_what_is_wrong_is_told(
    iqeval: Iqeval, runs: list[str], words: list[str], said: str
) -> None:
    named = {"1": runs[0], "2": runs[1]}
    told = iqeval("compare", *(named.get(word, word) for word in words))
    assert told.code == 4
    assert said in told.err
    assert "Traceback" not in told.err


def test_the_page_has_the_questions_and_the_trend(
    iqeval: Iqeval, runs: list[str], tmp_path: Path
) -> None:
    told = iqeval("compare", *runs, "--html", "pages/c.html")
    assert (told.code, told.err) == (0, "")
    assert told.lines[-1] == "pages/c.html: 8 questions on which they differ"
    path = tmp_path / "pages/c.html"
    page = read_page(path)
    assert len(page.scripts) == 1
    assert len([a for a in page.attributes("details") if a.get("class") == "cmp-q"]) == 8
    assert "Which day, q1?" in page.text
    assert "quiz, accuracy run after run" in page.text
    assert "gemma3:4b 0.800, 0.200; qwen3 0.889" in page.text
    assert [p.name for p in path.parent.iterdir()] == ["c.html"]
    chinese = iqeval("compare", *runs, "--html", "c.html", "--lang", "zh")
    assert chinese.code == 0
    assert "各次运行结果不同的题" in (tmp_path / "c.html").read_text("utf-8")


def test_a_run_that_was_copied_out_of_its_folder(
    iqeval: Iqeval, runs: list[str], tmp_path: Path
) -> None:
    moved = Path(runs[1]).rename(tmp_path / "mine")
    told = iqeval("compare", runs[0], str(moved), "--html", "c.html")
    assert (told.code, told.err) == (0, "")
    assert "0.800, 0.200" in (tmp_path / "c.html").read_text("utf-8")


def test_the_page_allows_its_own_styles_and_script_and_nothing_else(
    iqeval: Iqeval, runs: list[str], tmp_path: Path
) -> None:
    iqeval("compare", *runs[:2], "--html", "c.html")
    page = read_page(tmp_path / "c.html")
    policy = next(a["content"] for a in page.attributes("meta") if "http-equiv" in a) or ""

    def hashes(texts: list[str]) -> str:
        digests = (b64encode(sha256(text.encode()).digest()).decode() for text in texts)
        return " ".join(f"'sha256-{digest}'" for digest in digests)

    styles, script = hashes(page.styles), hashes(page.scripts)
    assert policy.startswith(
        f"default-src 'none'; style-src {styles}; script-src {script}; img-src"
    )
    assert not any("style" in attributes for _, attributes in page.tags)


def test_a_chinese_locale_gives_chinese(
    iqeval: Iqeval, runs: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Tables, notes, and the page unless ``--lang`` says else."""

    def warmer(plain):
        plain["run"]["generation"]["temperature"] = 0.7

    change_report(RunFolder(Path(runs[1])), warmer)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = iqeval("compare", *runs, "--html", "page.html")
    assert told.lines[:2][0] == "各次运行"
    assert "模型" in told.lines[1]
    assert "准确率" in told.lines[1]
    assert "两两对比（后者减前者，只计两次运行都有的题）" in told.lines
    assert "p (Holm) 已按 3 个对比校正；* 表示小于 0.05" in told.lines
    assert "设置不同（2 - 1）：temperature 现为 0.7，原为 0" in told.lines
    assert told.lines[-1] == "page.html：8 道结果不同的题"
    page = (tmp_path / "page.html").read_text("utf-8")
    assert '<html lang="zh">' in page
    assert "temperature 现为 0.7，原为 0" in page
    iqeval("compare", *runs, "--html", "page.html", "--lang", "en")
    assert "temperature is 0.7, it was 0" in (tmp_path / "page.html").read_text("utf-8")
