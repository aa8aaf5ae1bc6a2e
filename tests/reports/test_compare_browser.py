"""The page of `iqeval compare` in a real browser: opening a question, hostile replies, a phone."""

from __future__ import annotations

import pytest

from pytest_iqeval.cli.main import main
from tests.support.browser import NEEDS_BROWSER, resize
from tests.support.stored import question, write_run

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


@pytest.mark.parametrize("width", [1280, 400])
def test_ten_runs_fit_the_screen(tab, page, width):
    resize(tab.driver, width)
    tab.driver.get(page.as_uri())
    assert tab.run("return document.documentElement.scrollWidth <= innerWidth")
    assert (
        tab.run("return document.querySelector('svg.cmp-trend title').textContent").count(",") >= 9
    )
