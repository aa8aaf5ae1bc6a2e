"""`iqeval import`: EvalScope's outputs become a run that every other command reads."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_iqeval.core.errors import UsageFault
from pytest_iqeval.core.sample import content_id
from pytest_iqeval.sandbox.confinement import find_confinement
from pytest_iqeval.store.folder import RunFolder, runs_below
from tests.cli.conftest import Iqeval
from tests.support.evalscope import Asked, write_outputs
from tests.support.shared import shared_data

TWO = {
    "iquiz_IQ": [
        Asked(metadata={"level": 1}),
        Asked(
            question="2 + 2 是多少？",
            choices=("4", "5"),
            reply="答案：B",
            score=0.0,
            extracted="B",
        ),
    ],
    "iquiz_EQ": [Asked(question="他高兴吗？", choices=("是", "否", "不知道"), reply="答案：A")],
}
STAMP = "20260801_140312"


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """A run of generation 3."""
    return write_outputs(tmp_path / STAMP, TWO, reports={"iquiz": 0.6667})


def the_run() -> RunFolder:
    """The newest run below `outputs`."""
    return runs_below(Path("outputs"))[-1]


def report() -> Any:
    """The report of the newest run."""
    return json.loads(the_run().report_json.read_text("utf-8"))


def rows(benchmark: str, subset: str, model: str = "m") -> list[dict[str, Any]]:
    """The reviews of a subset."""
    text = the_run().review(model, benchmark, subset).read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_the_command_tells_both_scores_and_where_the_run_is(iqeval: Iqeval, outputs: Path) -> None:
    """A line a benchmark."""
    told = iqeval("import", str(outputs))
    assert (told.code, told.err) == (0, "")
    assert told.lines[0] == f"{STAMP}, model m, asked by EvalScope"
    head, line = told.lines[1:3]
    assert " ".join(head.split()) == "benchmark n accuracy EvalScope judged otherwise"
    assert " ".join(line.split()) == "iquiz 3 0.67 [0.21, 0.94] 0.6667 (mean_acc) 0"
    assert told.lines[-1] == f"wrote outputs/m/{STAMP}"


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_ids_are_those_of_the_same_question_in_a_run_of_ours(
    generation: int, iqeval: Iqeval, tmp_path: Path
) -> None:
    """Made of question and options, whichever generation of files they were read from."""
    write_outputs(tmp_path / STAMP, TWO, generation=generation)
    assert iqeval("import", str(tmp_path / STAMP)).code == 0
    first, second = rows("iquiz", "IQ")
    assert first["id"] == content_id("1 + 1 是多少？", ["2", "3"])
    assert (first["question"], first["choices"]) == ("1 + 1 是多少？", ["2", "3"])
    assert first["target"] == "A"
    assert (first["outcome"], first["rule"], first["extracted"]) == ("correct", "answer-zh", "A")
    assert (second["outcome"], second["extracted"]) == ("incorrect", "B")
    assert first["latency_s"] == (1.5 if generation == 3 else None)
    kept = first["metadata"]["recorded"]
    assert kept["from"] == "EvalScope"
    assert kept["replies"][0]["score"] == 1.0


def test_subsets_stand_in_the_order_of_the_definition(iqeval: Iqeval, outputs: Path) -> None:
    """Not by the alphabet."""
    iqeval("import", str(outputs))
    (benchmark,) = report()["benchmarks"]
    assert list(benchmark["subsets"]) == ["IQ", "EQ"]


def test_the_report_says_where_the_run_comes_from(iqeval: Iqeval, outputs: Path) -> None:
    """And when it was asked."""
    iqeval("import", str(outputs))
    run = report()["run"]
    assert run["imported"] == {
        "tool": "EvalScope",
        "version": None,
        "generation": 3,
        "folder": STAMP,
        "benchmarks": {
            "iquiz": {
                "theirs": "iquiz",
                "metric": "mean_acc",
                "score": 0.6667,
                "rescored": True,
                "why": None,
                "differing": 0,
                "rebuilt": True,
            }
        },
        "left_out": [],
    }
    assert run["started"].startswith("2026-08-01T14:03:12")
    assert (report()["verdict"], report()["exit_code"]) == ("ungated", 0)


def test_a_reply_that_evalscope_read_otherwise_is_counted(iqeval: Iqeval, tmp_path: Path) -> None:
    """Our verdict stands in the row, theirs beside it."""
    guessed = Asked(reply="I would rather not say. Good luck! A", score=1.0, extracted="A")
    write_outputs(tmp_path / STAMP, {"iquiz_IQ": [guessed]}, reports={"iquiz": 1.0})
    told = iqeval("import", str(tmp_path / STAMP))
    assert told.lines[2].split()[-1] == "1"
    (row,) = rows("iquiz", "IQ")
    assert row["outcome"] == "unparsed"
    assert row["metadata"]["recorded"]["replies"][0]["extracted"] == "A"


def test_every_reply_that_is_judged_otherwise_is_told(iqeval: Iqeval, tmp_path: Path) -> None:
    """Its question, both verdicts, and why ours is as it is; 20, or all."""
    rows_of = [
        Asked(question="一？", reply="答案：A", score=0.0, extracted="B\nor so"),
        Asked(question="二？", target="B", reply="答案：A", score=1.0, extracted="B"),
        *(Asked(question=f"{n}？", reply="答案：A", score=0.5) for n in range(20)),
    ]
    write_outputs(tmp_path / STAMP, {"iquiz_IQ": rows_of})
    told = iqeval("import", str(tmp_path / STAMP))
    ids = [f"iqeval/iquiz::IQ::{row['id']}" for row in rows("iquiz", "IQ")]
    at = told.lines.index("judged otherwise (22):")
    assert told.lines[at + 1 : at + 3] == [
        f"  {ids[0]}: EvalScope 0; here correct, read A, rule answer-zh",
        f"  {ids[1]}: EvalScope 1, read B; here incorrect, read A, rule answer-zh",
    ]
    assert told.lines[at + 21] == "  and 2 more: --all"
    assert f"  {ids[-1]}: " in iqeval("import", str(tmp_path / STAMP), "--all").out


UNKNOWN = {
    "ifeval_default": [
        Asked(prompt="Write no comma.", reply="Well.", target="", score=1.0, extracted="Well."),
        Asked(prompt="Write 3 words.", reply="One.", target="", score=0.5, extracted="One."),
    ]
}


def test_a_benchmark_that_we_do_not_have_keeps_its_scores(iqeval: Iqeval, tmp_path: Path) -> None:
    """Marked in row, report and terminal."""
    write_outputs(tmp_path / STAMP, UNKNOWN, reports={"ifeval": 0.75})
    told = iqeval("import", str(tmp_path / STAMP))
    assert told.lines[2].split()[-2:] == ["not", "rescored"]
    assert "ifeval: not rescored: pytest-iqeval has no such benchmark" in told.lines
    right, half = rows("ifeval", "default")
    assert (right["outcome"], right["value"], right["rule"]) == ("correct", 1.0, "recorded")
    assert (half["outcome"], half["value"]) == ("incorrect", 0.5)
    assert half["note"] == "not rescored: acc 0.5 is the score of EvalScope"
    assert right["question"] == "Write no comma."
    (benchmark,) = report()["benchmarks"]
    assert benchmark["scorer"]["name"] == "recorded"
    assert report()["run"]["imported"]["benchmarks"]["ifeval"]["rescored"] is False
    page = the_run().report_html.read_text("utf-8")
    assert "Not rescored: ifeval." in page
    assert "Asked by" in page


def test_users_own_sets_are_judged_by_their_prompts(iqeval: Iqeval, tmp_path: Path) -> None:
    """EvalScope calls them all `general_mcq`; several right answers make another scorer."""
    several = [Asked(target="AB", reply="答案：AB", score=1.0), Asked(question="另一题？")]
    write_outputs(
        tmp_path / STAMP, {"general_mcq_one": [Asked()], "general_mcq_two": [Asked(question="x？")]}
    )
    assert iqeval("import", str(tmp_path / STAMP)).code == 0
    assert report()["benchmarks"][0]["scorer"]["name"] == "choice"
    write_outputs(tmp_path / "20260802_140312", {"general_mcq_one": several})
    assert iqeval("import", str(tmp_path / "20260802_140312")).code == 0
    (benchmark,) = report()["benchmarks"]
    assert benchmark["scorer"]["name"] == "multi_choice"
    assert benchmark["outcomes"]["correct"] == 2


CODE = {
    "task_id": "HumanEval/0",
    "entry_point": "twice",
    "prompt": 'def twice(n):\n    """Two times n."""\n',
    "test": "def check(candidate):\n    assert candidate(3) == 6\n",
}


def write_code(folder: Path) -> None:
    """Two programs, of which EvalScope ran the wrong one as right."""
    right, wrong = (f"```python\ndef twice(n):\n    return n {sign} 2\n```" for sign in "*+")
    rows_of = [
        Asked(prompt=f"Read this.\n{CODE['prompt']}", target="x", metadata=CODE, reply=right),
        Asked(
            prompt=f"Read this too.\n{CODE['prompt']}",
            target="x",
            metadata={**CODE, "task_id": "HumanEval/1", "prompt": CODE["prompt"] + "\n"},
            reply=wrong,
        ),
    ]
    write_outputs(folder, {"humaneval_openai_humaneval": rows_of}, reports={"humaneval": 1.0})


def test_code_is_not_run_unless_that_is_allowed(iqeval: Iqeval, tmp_path: Path) -> None:
    """Its scores are kept, with the ids of its questions."""
    write_code(tmp_path / STAMP)
    told = iqeval("import", str(tmp_path / STAMP))
    why = "humaneval: not rescored: judging it again runs code that the model wrote: --allow-code"
    assert why in told.lines
    found = rows("humaneval", "openai_humaneval")
    assert [(row["id"], row["outcome"]) for row in found] == [
        ("HumanEval-0", "correct"),
        ("HumanEval-1", "correct"),
    ]
    assert found[0]["question"] == CODE["prompt"]


def test_code_is_run_where_that_is_allowed(iqeval: Iqeval, tmp_path: Path) -> None:
    """And the run says how it was confined."""
    try:
        find_confinement()
    except UsageFault as fault:
        pytest.skip(str(fault))
    write_code(tmp_path / STAMP)
    assert iqeval("import", str(tmp_path / STAMP), "--allow-code").code == 0
    found = rows("humaneval", "openai_humaneval")
    assert [row["outcome"] for row in found] == ["correct", "incorrect"]
    assert report()["run"]["imported"]["benchmarks"]["humaneval"]["differing"] == 1
    assert report()["run"]["sandbox"]["kind"]


def test_repeats_are_replies_to_one_question(iqeval: Iqeval, tmp_path: Path) -> None:
    """And n counts questions."""
    rows_of = [Asked(group=n // 2, repeat=n % 2, reply=f"答案：{'AB'[n % 2]}") for n in range(2)]
    write_outputs(tmp_path / STAMP, {"iquiz_IQ": rows_of})
    iqeval("import", str(tmp_path / STAMP))
    (benchmark,) = report()["benchmarks"]
    assert benchmark["metrics"]["accuracy"]["value"] == 0.5
    assert (benchmark["asked"], report()["run"]["repeats"]) == (1, 2)
    assert [row["repeat"] for row in rows("iquiz", "IQ")] == [0, 1]


def test_what_is_left_out_is_told(iqeval: Iqeval, tmp_path: Path) -> None:
    """Each with its file and line, and how many there are."""
    strange = Asked(prompt="Say hello.", question="")
    write_outputs(
        tmp_path / STAMP,
        {"iquiz_IQ": [Asked(), strange], "gpqa_diamond": [Asked(score=None)]},
        reports={"arc": 0.5},
    )
    told = iqeval("import", str(tmp_path / STAMP))
    assert told.code == 0
    at = told.lines.index("left out (3):")
    assert told.lines[at + 1 : at + 4] == [
        "  gpqa: pytest-iqeval has no such benchmark, and its reviews hold no score",
        "  iquiz_IQ.jsonl:2: the question can't be told from its prompt",
        "  arc: the folder has its report, and no row",
    ]
    assert len(report()["run"]["imported"]["left_out"]) == 3


def test_a_question_that_no_reply_could_meet_is_left_out(iqeval: Iqeval, tmp_path: Path) -> None:
    """The others are judged."""
    end = "\nPlease reason step by step, and put your final answer within \\boxed{}."
    asked = [
        Asked(prompt=f"What is {n}?{end}", target=target, reply="\\boxed{3}")
        for n, target in enumerate(("3", "three or four", "4"))
    ]
    write_outputs(tmp_path / STAMP, {"gsm8k_main": asked})
    told = iqeval("import", str(tmp_path / STAMP))
    at = told.lines.index("left out (1):")
    assert told.lines[at + 1].startswith("  gsm8k_main.jsonl:2: the target 'three or four' is not")
    found = rows("gsm8k", "main")
    assert [(row["question"], row["outcome"]) for row in found] == [
        ("What is 0?", "correct"),
        ("What is 2?", "incorrect"),
    ]


def test_a_folder_of_which_nothing_can_be_used_writes_nothing(
    iqeval: Iqeval, tmp_path: Path
) -> None:
    """It says why."""
    write_outputs(tmp_path / STAMP, {"gpqa_diamond": [Asked(score=None)]})
    told = iqeval("import", str(tmp_path / STAMP))
    assert told.code == 4
    assert told.err.splitlines() == [
        f"iqeval: {tmp_path / STAMP}: none of its questions can be used",
        "  hint: gpqa: pytest-iqeval has no such benchmark, and its reviews hold no score",
    ]
    assert not Path("outputs").exists()


def test_no_secret_gets_into_the_run(iqeval: Iqeval, tmp_path: Path) -> None:
    """Neither the key nor the login of the endpoint's address."""
    config = "api_key: sk-1234567890\napi_url: http://user:secret@host/v1?key=hidden\n"
    leaky = Asked(reply="My key is sk-1234567890. 答案：A")
    write_outputs(tmp_path / STAMP, {"iquiz_IQ": [leaky]}, config=config)
    iqeval("import", str(tmp_path / STAMP))
    assert report()["run"]["base_url"] == "http://host/v1"
    for path in the_run().path.rglob("*"):
        if path.is_file() and path.suffix in (".json", ".jsonl", ".md", ".html"):
            text = path.read_text("utf-8")
            assert "secret" not in text.replace("secrets", "")
            assert "sk-1234567890" not in text
            assert "hidden" not in text or path.suffix == ".html"


def test_imported_twice_is_the_same_run_in_a_further_folder(iqeval: Iqeval, outputs: Path) -> None:
    """As runs of one second are."""
    for _ in range(2):
        iqeval("import", str(outputs), "--output", "there")
    first, second = runs_below(Path("there"))
    assert (first.name, second.name) == (STAMP, f"{STAMP}-2")
    ones, others = (
        sorted(p.relative_to(run.path) for run_ in [run] for p in run_.path.rglob("*.jsonl"))
        for run in (first, second)
    )
    assert ones == others
    assert all((first.path / p).read_bytes() == (second.path / p).read_bytes() for p in ones)


def test_the_other_commands_read_it(iqeval: Iqeval, outputs: Path) -> None:
    """Rescored it is the same, and it is a baseline and in the history."""
    iqeval("import", str(outputs))
    rescored = iqeval("rescore", "last")
    assert "0 of 3 verdicts would change" in rescored.lines
    assert iqeval("explain", "last", rows("iquiz", "EQ")[0]["id"]).code == 0
    assert iqeval("export", "last", "--csv", "x.csv").code == 0
    assert iqeval("baseline", "last", "-o", "b.json").code == 0
    assert STAMP in iqeval("history").out


def test_two_imports_compare_by_question(iqeval: Iqeval, tmp_path: Path) -> None:
    """Whichever files they were; data is no difference, as questions are told by their ids."""
    write_outputs(tmp_path / STAMP, TWO, generation=2)
    first, second = TWO["iquiz_IQ"]
    better = {**TWO, "iquiz_IQ": [first, replace(second, reply="答案：A", score=1.0)]}
    write_outputs(tmp_path / "20260802_140312", better, generation=3, model="n")
    for name in (STAMP, "20260802_140312"):
        iqeval("import", str(tmp_path / name))
    told = iqeval("compare", "outputs/m", "outputs/n")
    assert told.code == 0
    assert [line for line in told.lines if "not alike" in line] == []
    (pair,) = [line for line in told.lines if line.startswith("2 - 1")]
    assert pair.split()[3:6] == ["iquiz", "3", "+33.3"]


def test_another_prompt_is_told(iqeval: Iqeval, tmp_path: Path) -> None:
    """EvalScope's own has changed, and then scores may too."""
    write_outputs(tmp_path / STAMP, {"iquiz_IQ": [Asked()]})
    older = Asked(prompt=Asked().sent.replace("[LETTER]", "LETTER"))
    write_outputs(tmp_path / "20260802_140312", {"iquiz_IQ": [older]}, model="n")
    for name in (STAMP, "20260802_140312"):
        iqeval("import", str(tmp_path / name))
    told = iqeval("compare", "outputs/m", "outputs/n")
    (line,) = [line for line in told.lines if "not alike" in line]
    assert "prompt of iquiz" in line
    kept = json.loads((the_run().copies / "iquiz" / "benchmark.yaml").read_text("utf-8"))
    assert '"答案：LETTER"' in kept["prompt"]


@pytest.mark.slow
def test_the_published_runs_have_the_scores_that_their_reports_say(iqeval: Iqeval) -> None:
    """Of what we score; every difference would be told."""
    for folder in sorted(shared_data("evalscope_runs").iterdir()):
        assert iqeval("import", str(folder), "--output", f"outputs/{folder.name}").code == 0
        found = json.loads(
            runs_below(Path("outputs") / folder.name)[0].report_json.read_text("utf-8")
        )
        for benchmark in found["benchmarks"]:
            told = found["run"]["imported"]["benchmarks"][benchmark["name"]]
            if told["differing"] == 0:
                ours = benchmark["metrics"]["accuracy"]["value"]
                assert ours == pytest.approx(told["score"], abs=0.0001)
