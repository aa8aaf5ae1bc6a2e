"""Users' own scorers, from a conftest or an installed package: what works, and what is refused."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from textwrap import dedent

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import completion
from tests.support.packages import install

HOOK = "\n\ndef pytest_iqeval_scorers(config):\n    return {'strict': strict}\n"
FIRST_LETTER = """
def strict(sample, reply, letter_at=0):
    if len(reply.text) > 30:
        return None
    return reply.text[letter_at] == sample.target
"""


@pytest.fixture
def site(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path of this process and of every worker, for installed packages."""
    folder = project.pytester.mkdir("site")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
    return folder


def scored_by(project: Project, scorer: str = "strict", conftest: str | None = None) -> None:
    """Make the quiz name a scorer, and write the conftest that has it."""
    path = project.pytester.path / "quiz" / "benchmark.yaml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("scorer:")] + f"scorer: {scorer}\n", "utf-8")
    if conftest is not None:
        project.pytester.makeconftest(dedent(conftest))


def letters(project: Project) -> None:
    """The model answers with the right letter alone."""
    rows = {"one": "A", "two": "B", "three": "C", "wen": "A", "cry": "B"}
    project.wrong.update(rows)


def refused(project: Project, *args: str) -> str:
    """Run, expect exit 4 without a traceback, a request or a folder; what was printed."""
    result = project.run(*args)
    text = result.stderr.str() + result.stdout.str()
    assert result.ret == 4, text
    assert "Traceback" not in text
    assert "INTERNALERROR" not in text
    assert not project.endpoint.requests
    assert not list((project.pytester.path / "outputs").glob("*/*"))
    assert text.count("ERROR: iqeval: ") == 1
    return text


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_function_of_a_conftest_judges_alone_and_in_workers(
    project: Project, workers: tuple[str, ...]
) -> None:
    """Right, wrong, no answer, no text and cut: five outcomes, none of them by the built-in one."""
    scored_by(project, conftest=FIRST_LETTER + HOOK)
    letters(project)
    project.wrong |= {
        "two": "C",
        "three": "It is hard to say, since all of them may be right.",
        "wen": completion("C", finish_reason="length"),
        "cry": completion("", reasoning_content="B"),
    }
    run = project.run_apart if workers else project.run
    result = run(*workers)
    result.assert_outcomes(passed=1, failed=4)
    outcomes = {row["id"]: (row["outcome"], row["value"], row["note"]) for row in project.rows()}
    assert outcomes == {
        "one": ("correct", 1.0, None),
        "two": ("incorrect", 0.0, "scorer strict gave 0"),
        "three": ("unparsed", 0.0, "scorer strict found no answer"),
        "wen": ("truncated", 0.0, "the length limit cut the reply: scorer strict gave 0"),
        "cry": ("unparsed", 0.0, "there is reasoning, but no reply"),
    }
    result.stdout.fnmatch_lines(["*incorrect: expected B (scorer strict gave 0)*"])


def test_options_reach_the_function_by_name(project: Project) -> None:
    """``letter_at: 1`` makes it look at the second character."""
    scored_by(project, "{name: strict, letter_at: 1}", FIRST_LETTER + HOOK)
    letters(project)
    project.wrong["one"] = "(A)"
    project.run("iqeval/quiz::IQ::one").assert_outcomes(passed=1)


def test_a_class_gets_its_options_and_every_reply(project: Project) -> None:
    """A class with ``score``, and one that reads an answer and shows it."""
    scored_by(
        project,
        "{name: last, mark: '->'}",
        """
        from pytest_iqeval.api import Reading, ReadingScorer, prepare

        class Last(ReadingScorer):
            def __init__(self, mark):
                self.mark = mark

            def read(self, sample, text):
                at = prepare(text).folded.rfind(self.mark) + len(self.mark)
                if at < len(self.mark):
                    return Reading(note=f"there is no {self.mark}")
                return Reading(answer=text[at], rule="last", span=(at, at + 1))

            def value(self, sample, answer):
                return float(answer == sample.target)

        def pytest_iqeval_scorers(config):
            return {"last": Last}
        """,
    )
    project.wrong |= {"one": "->B ->A", "two": "->C", "three": "C", "wen": "<think>->A</think>"}
    result = project.run("iqeval/quiz::IQ", "iqeval/quiz::EQ::wen")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*incorrect: expected B, got C (rule last)*",
            "*->»C«*",
            "*unparsed: expected C, got no answer (there is no ->)*",
        ]
    )


def test_a_replay_judges_by_the_scorer_as_it_is_now(project: Project) -> None:
    """The same replies, another conftest: other verdicts, and no request."""
    scored_by(project, conftest=FIRST_LETTER + HOOK)
    letters(project)
    project.wrong["one"] = "B"
    project.run().assert_outcomes(passed=4, failed=1)
    asked = len(project.endpoint.requests)
    scored_by(project, conftest="def strict(sample, reply):\n    return reply.text == 'B'" + HOOK)
    result = project.run("--iqeval-replay=last")
    result.assert_outcomes(passed=3, failed=2)
    assert len(project.endpoint.requests) == asked


def test_a_marked_test_uses_a_scorer_of_the_conftest(project: Project) -> None:
    """`iqeval_score` is what the function made of the reply."""
    scored_by(project, conftest=FIRST_LETTER + HOOK)
    letters(project)
    project.pytester.makepyfile(
        test_own="""
        import pytest

        @pytest.mark.iqeval("quiz/benchmark.yaml:IQ")
        def test_it(iqeval_score):
            assert iqeval_score.value == 1.0 and iqeval_score.rule is None
        """
    )
    project.run("test_own.py", "iqeval/quiz::EQ::wen").assert_outcomes(passed=4)


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "2"), marks=pytest.mark.slow)])
def test_a_scorer_of_an_installed_package(
    project: Project, site: Path, workers: tuple[str, ...]
) -> None:
    """Found by its entry point, with no conftest."""
    install(site, "acme-scorers", {"strict": "acme_scorers:strict"}, {"acme_scorers": FIRST_LETTER})
    scored_by(project)
    letters(project)
    (project.run_apart if workers else project.run)(*workers).assert_outcomes(passed=5)


def test_a_broken_package_harms_only_those_who_use_it(project: Project, site: Path) -> None:
    """Another benchmark runs; the one that asks for it is told whose fault it is."""
    install(
        site,
        "acme-broken",
        {"broken": "acme_broken:thing", "gone": "acme_no_such:thing", "five": "acme_five:five"},
        {"acme_broken": "raise RuntimeError('two\\nlines')", "acme_five": "five = 5"},
    )
    project.run().assert_outcomes(passed=5)
    project.endpoint.requests.clear()
    shutil.rmtree(project.pytester.path / "outputs")
    for name, words in {
        "broken": "package acme-broken 1.0: scorer broken: acme_broken:thing can't be imported: "
        "RuntimeError: two lines\n  hint: mend or uninstall that package",
        "gone": "scorer gone: acme_no_such:thing can't be imported: ModuleNotFoundError: No module",
        "five": "ERROR: iqeval: package acme-broken 1.0: scorer five: a number is neither a "
        "function nor a class",
    }.items():
        scored_by(project, name)
        assert words in refused(project)


def test_a_package_that_takes_a_taken_name_is_told_where_it_is_used(
    project: Project, site: Path
) -> None:
    """`choice` is ours: a benchmark that names it can't say which one is meant."""
    install(site, "acme-choice", {"choice": "acme:x"})
    install(site, "acme-one", {"twin": "acme:x"})
    install(site, "acme-two", {"twin": "acme:x"})
    text = refused(project)
    assert (
        "scorer choice is registered twice: by pytest-iqeval itself and by package acme-choice 1.0"
        in text
    )
    assert "hint: uninstall the package that you don't need" in text
    scored_by(project, "twin")
    text = refused(project)
    assert "scorer twin is registered twice: by package acme-" in text
    scored_by(project, conftest=FIRST_LETTER + HOOK)
    letters(project)
    project.run().assert_outcomes(passed=5)


@pytest.mark.parametrize(
    ("conftest", "words"),
    [
        ("strict = 5" + HOOK, "scorer strict: a number is neither a function nor a class"),
        (
            "class Strict:\n    pass\nstrict = Strict" + HOOK,
            "scorer strict: class Strict has no score(sample, reply)",
        ),
        (
            "class Strict:\n    def score(self, sample, reply): pass\nstrict = Strict()" + HOOK,
            "scorer strict: is an object of Strict; register the class itself, without ()",
        ),
        (
            "from pytest_iqeval.api import ReadingScorer\n"
            "class Strict(ReadingScorer):\n    def read(self, sample, text): pass\n"
            "strict = Strict" + HOOK,
            "scorer strict: class Strict lacks value()",
        ),
        (
            "def strict(reply):\n    pass" + HOOK,
            "scorer strict: strict(reply) can't be called with (sample, reply)",
        ),
        (
            "async def strict(sample, reply):\n    pass" + HOOK,
            "scorer strict: strict is an async function; a scorer answers at once: write `def`",
        ),
        (
            "def pytest_iqeval_scorers(config):\n    return {'my scorer': print, 5: print}",
            "'my scorer' can't be a scorer's name; use letters, digits, '-', '_' and '.'\n"
            "conftest.py: pytest_iqeval_scorers: a scorer's name is text, not a number",
        ),
        (
            "def pytest_iqeval_scorers(config):\n    return [print]",
            "returned a list instead of a mapping\n  hint: return {'strict': strict}",
        ),
        (
            "def pytest_iqeval_scorers(config):\n    {'strict': print}",
            "returned nothing instead of a mapping",
        ),
        (
            "def pytest_iqeval_scorers(config):\n    return config.no_such",
            "failed: AttributeError: 'Config' object has no attribute 'no_such'\n  at ",
        ),
        (
            "import pytest\ndef pytest_iqeval_scorers(config):\n    pytest.skip('not today')",
            "failed: Skipped: not today\n  at ",
        ),
    ],
)
def test_a_hook_that_cannot_be_used_is_told(project: Project, conftest: str, words: str) -> None:
    """Whether or not a benchmark asks for the scorer: it is the user's own file."""
    project.pytester.makeconftest(conftest)
    text = refused(project)
    assert "ERROR: iqeval: conftest.py: pytest_iqeval_scorers" in text
    assert words in text
    if words.endswith("at "):
        assert f"  at {project.pytester.path / 'conftest.py'}:" in text


def test_a_name_of_ours_cannot_be_taken(project: Project) -> None:
    """Two scorers of one name are never told apart by chance."""
    project.pytester.makeconftest(
        "def pytest_iqeval_scorers(config):\n    return {'choice': print}"
    )
    assert (
        "ERROR: iqeval: scorer choice is registered twice: by pytest-iqeval itself and by "
        "conftest.py\n  hint: give yours another name" in refused(project)
    )


def test_two_conftests_cannot_share_a_name(project: Project) -> None:
    """Both are named."""
    project.pytester.makeconftest(FIRST_LETTER + HOOK)
    inner = project.pytester.mkdir("inner")
    (inner / "conftest.py").write_text(FIRST_LETTER + HOOK, "utf-8")
    text = refused(project, "inner", "iqeval/quiz")
    assert "scorer strict is registered twice: by " in text
    assert str(Path("inner", "conftest.py")) in text


def test_a_plugin_that_is_no_file_is_named(project: Project) -> None:
    """Registered under a name, as with ``-p``."""

    class Plugin:
        def pytest_iqeval_scorers(self) -> object:
            return 5

    result = project.pytester.runpytest_inprocess(
        "--iqeval-model=m", f"--iqeval-base-url={project.endpoint.url}", plugins=[Plugin()]
    )
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: iqeval: plugin *: pytest_iqeval_scorers: returned a num*"])


@pytest.mark.parametrize(
    ("scorer", "words"),
    [
        ("strickt", "benchmark.yaml: scorer: unknown scorer 'strickt'; did you mean strict"),
        ("chioce", "did you mean choice or code or multi_choice?"),
        (
            "{name: strict, leter_at: 1, fold: yes}",
            "benchmark.yaml: scorer: strict has no option 'leter_at'; did you mean letter_at?\n"
            "quiz/benchmark.yaml: scorer: strict has no option 'fold'\n"
            "  hint: it takes letter_at",
        ),
        ("{name: strict, reply: 1}", "scorer: strict has no option 'reply'"),
        (
            "needy",
            "scorer: needy needs the option within: `scorer: {name: …, within: …}`\n"
            "  hint: it takes within",
        ),
        (
            "{name: picky, most: 0}",
            "scorer: picky: Picky refused its options: ValueError: 0?\n  at ",
        ),
        ("{name: picky, least: 0}", "scorer: picky has no option 'least'"),
        ("short", "scorer: short: Short.score(reply) can't be called with (sample, reply)"),
    ],
)
def test_a_definition_that_names_it_wrongly_is_told(
    project: Project, scorer: str, words: str
) -> None:
    """The nearest name of all scorers, the nearest option, what is missing."""
    scored_by(
        project,
        scorer,
        FIRST_LETTER
        + dedent(
            """
            def needy(sample, reply, *, within):
                return True

            class Picky:
                def __init__(self, most=1):
                    if not most:
                        raise ValueError(f"{most}?")

                def score(self, sample, reply):
                    pass

            class Short:
                def score(self, reply):
                    pass

            def pytest_iqeval_scorers(config):
                return {"strict": strict, "needy": needy, "picky": Picky, "short": Short}
            """
        ),
    )
    text = refused(project)
    assert words in text
    if words.endswith("at "):
        assert f"  at {project.pytester.path / 'conftest.py'}:" in text


@pytest.mark.parametrize(
    ("body", "words", "workers"),
    [
        ("return {}['grade']", "crashed: KeyError: 'grade'", ()),
        ("return {}['grade']", "crashed: KeyError: 'grade'", ("-n", "2")),
        ("return 'yes'", "gave text", ()),
        ("return 1.5", "gave 1.5", ()),
        ("return Score(outcome='correct')", "gave a Score that can't be: outcome is 'correct'", ()),
        (
            "return Score(outcome=Outcome.CORRECT, span=(0, 99))",
            "gave a Score that can't be: span is (0, 99), not",
            (),
        ),
    ],
)
def test_what_a_scorer_does_wrong_while_it_judges_is_an_error(
    project: Project, body: str, words: str, workers: tuple[str, ...]
) -> None:
    """Never a wrong answer; a crash says where in the conftest."""
    conftest = f"from pytest_iqeval.api import Outcome, Score\ndef strict(*_):\n    {body}" + HOOK
    scored_by(project, conftest=conftest)
    result = (project.run_apart if workers else project.run)("iqeval/quiz::EQ", *workers)
    result.assert_outcomes(errors=2)
    assert result.ret == 6
    text = result.stdout.str()
    assert f"error: scorer strict {words}" in text
    if "KeyError" in words:
        assert f"  at {project.pytester.path / 'conftest.py'}:3: {body}\n" in text


@pytest.mark.parametrize("workers", [(), pytest.param(("-n", "1"), marks=pytest.mark.slow)])
def test_a_conftest_that_is_read_too_late_is_told(
    project: Project, workers: tuple[str, ...]
) -> None:
    """Deep in the tree, pytest finds it while it collects; ``-W error`` changes no verdict."""
    deep = project.pytester.mkdir("deep") / "deeper"
    deep.mkdir()
    (deep / "conftest.py").write_text(FIRST_LETTER + HOOK, "utf-8")
    (deep / "test_one.py").write_text("def test_one(): pass\n", "utf-8")
    result = (project.run_apart if workers else project.run)(
        ".", "iqeval/quiz", "-W", "error", *workers
    )
    result.assert_outcomes(passed=6, warnings=1)
    late = Path("deep", "deeper", "conftest.py")
    result.stdout.fnmatch_lines(
        [
            f"*iqeval: {late}: pytest_iqeval_scorers comes too late and is not called; "
            "put it into the conftest.py of the folder where you start pytest*"
        ]
    )


def test_while_evaluation_is_off_the_hook_is_not_called(pytester: pytest.Pytester) -> None:
    """Nor is it an unknown hook."""
    pytester.makeconftest("def pytest_iqeval_scorers(config):\n    raise RuntimeError('called')")
    pytester.makepyfile("def test_one(): pass")
    pytester.runpytest_inprocess().assert_outcomes(passed=1)
