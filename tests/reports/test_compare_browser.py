"""The page of `iqeval compare` in a real browser: opening a question, hostile replies, a phone."""

from __future__ import annotations

import pytest

from pytest_iqeval.cli.main import main
from tests.support.browser import NEEDS_BROWSER, resize
from tests.support.stored import question, write_run

Keys = pytest.importorskip("selenium.webdriver.common.keys").Keys
pytestmark = NEEDS_BROWSER

HOSTILE = (
    "</div></details><script>window.canary=1</script><img src=x onerror='window.canary=2'>"
    "<style>body{display:none}</style> \u202egnirts \x1b[31m\nAnswer: "
)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Ten runs of 60 questions."""
    folder = tmp_path_factory.mktemp("compared")
    runs = []
    for n in range(10):
        answers = [
            (
                question(f"q{place:03d}", input=f"Question <i>{place}</i> 谁最高？"),
                HOSTILE + ("B" if place % (n + 2) else "A"),
            )
            for place in range(60)
        ]
        runs.append(str(write_run(folder / "m" / f"202601{n + 1:02d}_000000", answers).path))
    assert main(["compare", *runs, "--html", str(folder / "c.html")]) == 0
    return folder / "c.html"


def test_a_question_opens_to_all_answers_and_nothing_runs(tab, page):
    tab.driver.get(page.as_uri())
    shown = tab.run("return document.querySelectorAll('.cmp-q').length")
    assert tab.text("#questions h2") == f"Questions on which the runs differ ({shown})"
    assert not tab.run("return document.querySelector('.cmp-body').checkVisibility()")
    tab.click(".cmp-q > summary")
    assert (
        tab.run("return document.querySelectorAll('.cmp-q[open] .cmp-answers > li').length") == 10
    )
    tab.click(".cmp-q[open] .cmp-answers summary")
    assert "<script>window.canary=1</script>" in tab.text(".cmp-reply")
    assert tab.run("return document.querySelector('.cmp-reply mark').textContent") in ("A", "B")
    assert tab.run("return window.canary ?? null") is None
    assert "default-src 'none'" in tab.run(
        "return document.querySelector('meta[http-equiv]').content"
    )


def ids(tab):
    """The questions that are seen."""
    seen = "[...document.querySelectorAll('.cmp-q')].filter(e => e.checkVisibility())"
    return tab.run(f"return {seen}.map(e => e.querySelector('.cmp-id').textContent)")


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two runs of six questions in two subsets, of which four differ."""
    folder = tmp_path_factory.mktemp("two")
    samples = [
        question(f"q{n}", subset="IQ" if n < 3 else "EQ", input=f"Which <b>day</b> {n}?")
        for n in range(6)
    ]
    runs = []
    for name, answers in (("20260101_000000", "BBAABA"), ("20260102_000000", "ABBABB")):
        said = [f"word{n} {HOSTILE}{letter}" for n, letter in enumerate(answers)]
        runs.append(str(write_run(folder / "m" / name, list(zip(samples, said, strict=True))).path))
    change = folder / "c.html"
    assert main(["compare", *runs, "--html", str(change)]) == 0
    return change


def test_filters_by_kind_subset_and_text(tab, two):
    tab.driver.get(two.as_uri())
    assert ids(tab) == ["q0", "q2", "q5"]
    assert tab.text("#shown") == "3 of 3"
    assert tab.text(".chip.f-lost") == "▼ lost 1"
    assert tab.text(".chip.f-gained") == "▲ gained 2"
    assert not tab.run("return document.querySelector('#outcomes').checkVisibility()")
    tab.click(".chip.f-gained")
    assert ids(tab) == ["q2", "q5"]
    tab.click("#subset option[value='EQ']")
    assert ids(tab) == ["q5"]
    assert tab.text(".chip.f-lost") == "▼ lost 0"
    tab.click("#clear")
    tab.keys("<B>day 2")  # clearing gives the search field the focus
    assert ids(tab) == ["q2"]
    tab.click("#clear")
    tab.keys("word5")
    assert ids(tab) == []
    assert tab.text("#nothing") == "No question fits these filters."
    tab.click("#deep")
    tab.wait("return document.querySelector('#shown').textContent === '1 of 3'")
    assert ids(tab) == ["q5"]
    assert tab.run("return window.canary ?? null") is None


def test_the_keyboard_alone_filters_and_opens(tab, two):
    tab.driver.get(two.as_uri())
    tab.run("document.querySelector('.chip.f-gained').focus()")
    tab.keys(Keys.SPACE)
    assert ids(tab) == ["q2", "q5"]
    tab.run("document.querySelector('.cmp-q:not([hidden]) > summary').focus()")
    tab.keys(Keys.ARROW_DOWN)
    tab.keys(Keys.ENTER)
    assert tab.run("return document.querySelector('.cmp-q[open] .cmp-id').textContent") == "q5"
    tab.keys(Keys.ARROW_UP)
    tab.keys(Keys.ARROW_UP)  # there is none above
    assert tab.run("return document.activeElement.querySelector('.cmp-id').textContent") == "q2"


@pytest.mark.parametrize("width", [1280, 1000, 920, 800])
def test_filters_and_head_stay_in_sight(tab, page, width):
    """The head of the list stands right below the filters, and what is left begins below it.

    What is left may end right where the screen does, so that nothing scrolls there by itself:
    several heights, for each place where it can come to lie.
    """
    bar = "document.querySelector('#filters').getBoundingClientRect()"
    head = "document.querySelector('.cmp-head').getBoundingClientRect()"
    first = "document.querySelector('.cmp-q:not([hidden])').getBoundingClientRect()"
    for height in range(500, 900, 50):
        resize(tab.driver, width, height)
        tab.driver.get(page.as_uri())
        tab.run("scrollTo(0, document.documentElement.scrollHeight)")
        roof = f"{bar}.bottom" if width > 900 else "0"  # filters of a narrow page scroll away
        tab.wait(f"return Math.abs({head}.top - {roof}) < 1 && {first}.top < 0")
        tab.run("document.querySelectorAll('.chip')[0].click()")
        tab.wait(f"return Math.abs({head}.bottom - {first}.top) < 2")
        assert tab.run(f"return {head}.top >= Math.max(0, {roof}) - 1")
        assert 0 < tab.run(f"return {first}.bottom") < height


def test_without_script_all_questions_are_there_and_no_filter(driver, two):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get(two.as_uri())
        seen = driver.find_element("css selector", "body").text
        assert "q0" in seen
        assert "All subsets" not in seen
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("width", [1280, 390])
def test_ten_runs_fit_the_screen(tab, page, width):
    resize(tab.driver, width)
    tab.driver.get(page.as_uri())
    assert tab.run("return document.documentElement.scrollWidth <= innerWidth")
    assert (
        tab.run("return document.querySelector('svg.cmp-trend title').textContent").count(",") >= 9
    )
