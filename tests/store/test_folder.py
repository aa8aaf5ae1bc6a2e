"""A run's folder: its name, the names in it, and how a user finds it again."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.store.folder import (
    RunFolder,
    default_output,
    find_run,
    locate_run,
    new_run_folder,
    runs_in,
    safe_name,
)

NOON = datetime(2026, 8, 1, 12, 0, 0)


def _run(output: Path, name: str) -> RunFolder:
    folder = RunFolder(output / name)
    folder.path.mkdir(parents=True)
    folder.journal.touch()
    return folder


# names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("gemma3:4b", "gemma3-4b"),
        ("Qwen/Qwen2.5-7B_x", "Qwen-Qwen2.5-7B_x"),
        ("模型 一", "模型-一"),
        ("..", "--"),
        ("", "-"),
        ("../../etc", "..-..-etc"),
        ("model.", "model-"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("console", "console"),
        ("a\nb\0c", "a-b-c"),
        ("e\u0301", "é"),
    ],
)
def test_a_name_becomes_one_that_every_system_takes(text: str, name: str):
    assert safe_name(text) == name


def test_a_name_that_is_too_long_is_cut_and_stays_its_own():
    one, other = safe_name("模" * 100 + "a"), safe_name("模" * 100 + "b")
    assert one != other
    assert len(one.encode()) <= 210
    assert one.startswith("模" * 60)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_makes_one_part_of_a_path(text: str):
    name = safe_name(text)
    assert name == safe_name(text)
    assert Path("x", name).name == name
    assert name not in (".", "..")
    assert len(name.encode()) < 255


def test_the_files_of_a_run_have_fixed_names():
    run = RunFolder(Path("outputs/m/20260801_120000"))
    assert run.name == "20260801_120000"
    assert run.report_json == run.path / "report.json"
    assert run.report_html == run.path / "report.html"
    assert run.journal == run.path / "run.sqlite3"
    assert run.review("gemma3:4b", "iquiz", "IQ") == run.path / "reviews/gemma3-4b/iquiz_IQ.jsonl"


def test_runs_go_where_the_model_says():
    assert default_output("gemma3:4b") == Path("outputs/gemma3-4b")


# making one


def test_a_run_is_named_by_its_time_and_a_taken_second_gets_a_number(tmp_path: Path):
    names = [new_run_folder(tmp_path / "outputs/m", NOON).name for _ in range(3)]
    assert names == ["20260801_120000", "20260801_120000-2", "20260801_120000-3"]


def test_runs_that_start_at_once_get_a_folder_each(tmp_path: Path):
    made: list[Path] = []
    threads = [
        threading.Thread(target=lambda: made.append(new_run_folder(tmp_path, NOON).path))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 12


def test_an_output_that_cannot_be_written_is_told_with_the_reason(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(FolderError) as caught:
        new_run_folder(tmp_path / "file" / "m", NOON)
    assert str(caught.value) == (
        f"{tmp_path}/file/m: runs can't be written there: Not a directory\n"
        "  hint: give another folder with --iqeval-output"
    )
    with pytest.raises(FolderError, match="runs can't be written there: File exists"):
        new_run_folder(tmp_path / "file", NOON)


# finding one


def test_runs_are_listed_by_time_with_the_numbers_in_order(tmp_path: Path):
    names = ["20260801_120000", "20260801_120000-2", "20260801_120000-10", "20260802_000000"]
    for name in [names[2], names[3], names[0], names[1]]:
        _run(tmp_path, name)
    (tmp_path / "notes").mkdir()
    (tmp_path / "20260803_000000").touch()
    assert [run.name for run in runs_in(tmp_path)] == names
    assert runs_in(tmp_path / "nowhere") == []


def test_last_is_the_newest(tmp_path: Path):
    _run(tmp_path, "20260801_120000")
    newest = _run(tmp_path, "20260801_120000-2")
    assert find_run("last", tmp_path) == newest


def test_a_run_is_found_by_path_by_its_report_and_by_name(tmp_path: Path):
    run = _run(tmp_path, "20260801_120000")
    run.report_json.touch()
    run.report_html.touch()
    for text in map(str, (run.path, run.report_json, run.report_html, run.journal)):
        assert find_run(text, Path("elsewhere")) == run
    assert find_run("20260801_120000", tmp_path) == run


def test_the_folder_one_is_in_is_a_run_with_a_name(tmp_path: Path, monkeypatch):
    run = _run(tmp_path, "20260801_120000")
    monkeypatch.chdir(run.path)
    assert find_run(".", Path("elsewhere")).name == "20260801_120000"
    assert find_run("run.sqlite3", Path("elsewhere")) == run


def test_a_name_that_is_no_run_is_answered_with_those_there_are(tmp_path: Path):
    _run(tmp_path, "20260801_120000")
    _run(tmp_path, "20260802_120000")
    with pytest.raises(FolderError) as caught:
        find_run("yesterday", tmp_path)
    assert str(caught.value) == (
        f"no run 'yesterday' in {tmp_path}\n"
        "  hint: there is: last, 20260802_120000, 20260801_120000; or give a run's path"
    )


def test_among_many_runs_the_nearest_names_are_offered(tmp_path: Path):
    for day in range(10, 20):
        _run(tmp_path, f"202608{day}_120000")
    with pytest.raises(FolderError, match="hint: did you mean 20260812_120000"):
        find_run("20260812_12000", tmp_path)


def test_last_of_nothing_says_that_there_are_no_runs(tmp_path: Path):
    with pytest.raises(FolderError) as caught:
        find_run("last", tmp_path / "outputs")
    assert str(caught.value) == (
        f"no run 'last': {tmp_path}/outputs holds no runs\n"
        "  hint: give the path of a run's folder, or the --iqeval-output it was written to"
    )


def test_a_folder_that_is_no_run_is_refused_and_its_runs_offered(tmp_path: Path):
    with pytest.raises(FolderError, match=r"neither report\.json nor run\.sqlite3 is in it"):
        find_run(str(tmp_path), tmp_path)
    _run(tmp_path, "20260801_120000")
    with pytest.raises(FolderError, match="hint: give one of the runs in it: 20260801_120000"):
        find_run(str(tmp_path), tmp_path)


def test_a_file_that_is_no_report_is_refused(tmp_path: Path):
    other = _run(tmp_path, "20260801_120000").path / "notes.html"
    other.touch()
    with pytest.raises(FolderError, match=r"notes\.html: not a run\n  hint: give a run's folder"):
        find_run(str(other), tmp_path)


# finding one of any model


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Two models with two runs each; the newest folder holds nothing."""
    for model, name in (
        ("m", "20260801_120000"),
        ("m", "20260803_120000"),
        ("other", "20260802_120000"),
        ("other", "20260803_120000-2"),
        ("m", "20260803_120000-3"),
    ):
        run = _run(tmp_path / "outputs" / model, name)
        if not name.endswith("-3"):
            run.report_json.touch()
        else:
            run.journal.unlink(missing_ok=True)
    return tmp_path / "outputs"


def test_last_is_the_newest_of_all_models(outputs: Path):
    assert locate_run("last", outputs).path == outputs / "other" / "20260803_120000-2"


def test_a_folder_of_runs_is_its_newest_run(outputs: Path):
    assert locate_run(str(outputs / "m"), outputs).path == outputs / "m" / "20260803_120000"
    assert locate_run(str(outputs), Path("x")).path == outputs / "other" / "20260803_120000-2"


def test_a_run_is_found_by_folder_file_and_name(outputs: Path):
    run = outputs / "m" / "20260801_120000"
    for text in (str(run), str(run / "report.json"), "20260801_120000"):
        assert locate_run(text, outputs).path == run


def test_a_name_that_two_models_share_asks_for_the_path(outputs: Path):
    twin = _run(outputs / "m", "20260802_120000")
    twin.report_json.touch()
    with pytest.raises(FolderError) as caught:
        locate_run("20260802_120000", outputs)
    assert str(caught.value) == (
        "2 runs are called 20260802_120000\n"
        f"  hint: give the path of one: {twin.path}, {outputs}/other/20260802_120000"
    )


def test_no_such_run_is_answered_with_the_newest_there_are(outputs: Path):
    with pytest.raises(FolderError) as caught:
        locate_run("yesterday", outputs)
    assert str(caught.value) == (
        f"no run 'yesterday'\n  hint: there is: last, {outputs}/other/20260803_120000-2, "
        f"{outputs}/m/20260803_120000, {outputs}/other/20260802_120000, "
        f"{outputs}/m/20260801_120000"
    )


def test_where_nothing_ever_ran_the_message_says_what_to_give(tmp_path: Path):
    with pytest.raises(FolderError) as caught:
        locate_run("last", tmp_path / "outputs")
    assert str(caught.value) == (
        f"no run 'last': there is none below {tmp_path}/outputs\n"
        "  hint: give the path of a run's folder, or the --iqeval-output it was written to"
    )
    with pytest.raises(FolderError, match="not a run's folder"):
        locate_run(str(tmp_path), tmp_path)
