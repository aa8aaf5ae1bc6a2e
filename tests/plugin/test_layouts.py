"""Runs over data in several layouts: the header, patterns of subsets, categories, replays."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from tests.plugin.conftest import Project
from tests.sources.test_tree import folder, zipped

DEFINITION = """\
name: school
language: en
data:
  - test: school_test.csv
    subset: subject
  - test: "test/{subset}_test.csv"
    dev: "dev/{subset}_dev.csv"
    columns: [question, A, B, answer]
fields: {choices: [A, B]}
few_shot: {count: 1}
subsets: {college_physics: STEM, college_law: Humanities, art: Humanities, biology: STEM}
"""
FILES = {
    "test/college_physics_test.csv": b"Is it physics?,yes,no,A\nIs it heavy?,yes,no,A\n",
    "test/college_law_test.csv": b"Is it law?,yes,no,A\n",
    "test/art_test.csv": b"Is it art?,yes,no,B\n",
    "dev/college_physics_dev.csv": b"Was it physics?,yes,no,A\n",
    "dev/college_law_dev.csv": b"Was it law?,yes,no,B\n",
    "dev/art_dev.csv": b"Was it art?,yes,no,B\n",
}


@pytest.fixture
def school(project: Project) -> Path:
    """A definition without its data; the model says yes."""
    path = project.pytester.mkdir("school")
    (path / "benchmark.yaml").write_text(DEFINITION, "utf-8")
    project.endpoint.answer(lambda _: "ANSWER: A")
    return path


def run(project: Project, spec: str, *args: str) -> pytest.RunResult:
    return project.run(f"--iqeval-dataset={spec}", *args)


def test_the_header_says_which_layout_is_read_and_that_some_is_missing(
    project: Project, school: Path
) -> None:
    folder(school / "native", FILES)
    result = run(project, "school/benchmark.yaml")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*school: reads test/{subset}_test.csv in native*",
            "*school: 3 of 4 subsets are there: college_physics, college_law, art*",
        ]
    )
    assert [row["subset"] for row in project.rows()] == [
        "art",
        "college_law",
        "college_physics",
        "college_physics",
    ]
    result = run(project, "school/benchmark.yaml", "--iqeval-lang=zh")
    result.stdout.fnmatch_lines(
        [
            "*school：读取 native 中的 test/{subset}_test.csv*",
            "*school：4 个子集中只有 3 个：college_physics、college_law、art*",
        ]
    )


@pytest.mark.parametrize(
    ("spec", "args", "asked"),
    [
        ("school/benchmark.yaml:college_*", (), {"college_physics", "college_law"}),
        ("school:*a*", (), {"college_law", "art"}),
        ("school:art,school:*_law", (), {"college_law", "art"}),
        ("school", ("-m", "iqeval(category='STEM')"), {"college_physics"}),
        ("school", ("-m", "iqeval(category='Humanities')"), {"college_law", "art"}),
    ],
)
def test_patterns_and_categories_choose_subsets(
    project: Project, school: Path, spec: str, args: tuple[str, ...], asked: set[str]
) -> None:
    folder(school, FILES)
    run(project, spec, *args)
    assert {row["subset"] for row in project.rows()} == asked


def test_a_pattern_that_names_nothing_is_answered_with_the_nearest(
    project: Project, school: Path
) -> None:
    folder(school, FILES)
    result = run(project, "school:colege_*")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["*benchmark school: unknown subset 'colege_*'", "*did you mean college_law or*"]
    )


def test_a_category_is_a_scope_of_gates(project: Project, school: Path) -> None:
    folder(school, FILES)
    result = run(
        project,
        "school",
        "--iqeval-gate=category=STEM: accuracy >= 0.9",
        "--iqeval-gate=category=Humanities: accuracy >= 0.9",
    )
    assert [gate["passed"] for gate in project.report["gates"]] == [True, False]
    assert result.ret == 1


def test_a_pattern_in_a_path_and_in_a_marker(project: Project, school: Path) -> None:
    folder(school, FILES)
    project.run("--iqeval-dataset=school", "iqeval/school::*_law", "iqeval/school::a*")
    assert {row["subset"] for row in project.rows()} == {"college_law", "art"}
    project.pytester.makepyfile(
        test_school="""
        import pytest
        @pytest.mark.iqeval("school/benchmark.yaml:college_*", where={"category": "STEM"})
        def test_it(iqeval_sample, iqeval_score):
            assert iqeval_sample.subset == "college_physics"
        """
    )
    url = f"--iqeval-base-url={project.endpoint.url}"
    result = project.pytester.runpytest_inprocess("--iqeval-model=m", url, "test_school.py")
    result.assert_outcomes(passed=2)


@pytest.mark.parametrize("form", ["native", "archive", "packed"])
def test_a_run_replays_where_its_data_is_not(project: Project, school: Path, form: str) -> None:
    """Questions, examples and the layout that they were in are in the run's folder."""
    if form == "native":
        folder(school / "native", FILES)
    elif form == "archive":
        zipped(school / "data.zip", {f"data/{name}": content for name, content in FILES.items()})
    else:
        folder(school, {f"{name}.gz": gzip.compress(text) for name, text in FILES.items()})
    run(project, "school/benchmark.yaml:college_*")
    asked = len(project.endpoint.requests)
    stored = project.folder
    kept = shutil.copytree(stored, project.pytester.path / "kept")
    shutil.rmtree(school)
    result = project.pytester.runpytest_inprocess(f"--iqeval-replay={kept}")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*school: school/benchmark.yaml is not here: read from the copy*"])
    assert len(project.endpoint.requests) == asked
    # The copy is a benchmark that can be asked again.
    again = run(project, f"{kept}/benchmarks/school:college_*")
    again.assert_outcomes(passed=3)
    again.stdout.fnmatch_lines(["*school: reads test/{subset}_test.csv in data.zip*"])
