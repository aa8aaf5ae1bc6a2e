"""A page of a run with repeats and a baseline in the browser: filters, replies, timing, charts."""

import base64

import pytest

from pytest_iqeval.core.statistics.intervals import wilson
from pytest_iqeval.reports.page import write_page
from tests.support import report_data as data
from tests.support.browser import NEEDS_BROWSER, resize

pytestmark = NEEDS_BROWSER

TIMING = {"queued_s": 0.25, "connect_s": 0.0042, "first_byte_s": 0.056, "first_token_s": None}
FIRST = "iqeval/iquiz-open::IQ::"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Questions a to e, a asked three times; b lost, c gained, d flaky, e new, z gone."""
    rows = [
        data.row(id="a", timing=TIMING, metadata={"level": 1}),
        data.row(id="a", repeat=1, outcome="incorrect", extracted="C", metadata={"level": 1}),
        data.row(id="a", repeat=2, cached=True, metadata={"level": 1}),
        data.row(id="b", outcome="incorrect", reply="Hmm, it is a Zebra.", span=None),
        data.row(id="c"),
        data.row(id="d", reasoning="Ｚebra too"),
        data.row(id="e", outcome="error", reply=None, latency_s=None, span=None, extracted=None),
    ]
    baseline = {
        "run": "20260501_090000",
        "model": "gemma3:1b",
        "p": 0.5,
        "pairs": 4,
        **{
            kind: [FIRST + one]
            for kind, one in zip(("lost", "gained", "flaky"), "bcd", strict=True)
        },
        "new": [FIRST + "e"],
        "gone": [FIRST + "z"],
        "changed_settings": [],
    }
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_page(path, {**data.plain(), "baseline": baseline}, rows)
    return path


def test_what_changed_since_the_baseline_can_be_shown_alone(tab, page):
    tab.open(page)
    assert tab.text("#changes").split("\n") == ["▼ lost 1", "▲ gained 1", "≈ flaky 1", "+ new 1"]
    tab.click(".chip.f-lost")
    assert tab.ids() == ["b #1"]
    tab.click(".chip.f-flaky")
    assert tab.ids() == ["b #1", "d #1"]
    assert tab.text(".chip.f-gained") == "▲ gained 1"
    assert tab.text(".chip.o-correct") == "correct 1"
    tab.click(".chip.o-correct")
    assert tab.ids() == ["d #1"]
    assert tab.text(".chip.f-lost") == "▼ lost 0"
    tab.click("#clear")
    assert len(tab.ids()) == 7
    assert tab.text("tr[data-position='3'] .c-change") == "▼ lost"


def test_the_column_of_changes_sorts(tab, page):
    tab.open(page)
    tab.click("button[data-column=change]")
    tab.click("button[data-column=change]")
    assert tab.ids()[:4] == ["e #1", "b #1", "c #1", "d #1"]


def test_a_run_without_a_baseline_has_no_column_and_no_chips_for_it(tab, tmp_path):
    path = tmp_path / "report.html"
    write_page(path, data.plain(), [data.row()])
    tab.open(path)
    assert not tab.run("return document.querySelector('#changes').checkVisibility()")
    assert not tab.run("return document.querySelector('th.c-change').checkVisibility()")
    assert tab.ids() == ["iq-001"]


def test_all_replies_to_a_question_are_one_click_apart(tab, page):
    tab.open(page, f"#{FIRST}a")
    tab.opened("a #1")
    assert tab.text(".repeats").split("\n") == ["#1 correct B", "#2 incorrect C", "#3 correct B"]
    tab.click(".repeats button:nth-child(2)")
    assert "--repeat 2" in tab.opened("a #2")
    assert tab.run("return decodeURI(location.hash)") == f"#{FIRST}a#2"
    assert tab.text(".repeats [aria-current]") == "#2 incorrect C"
    tab.open(page, f"#{FIRST}a#3")
    tab.opened("a #3")


def test_a_question_asked_once_has_no_list_of_replies(tab, page):
    tab.open(page, f"#{FIRST}b")
    tab.opened("b #1")
    assert tab.run("return document.querySelector('.repeats')") is None


def test_the_panel_tells_where_the_time_went(tab, page):
    tab.open(page, f"#{FIRST}a")
    shown = tab.opened("a #1").split("\n")
    at = shown.index("WHERE THE TIME WENT")
    assert shown[at + 1 : at + 9] == [
        *("Waited to be sent", "0.25 s"),
        *("Connecting", "4.2 ms"),
        *("First byte", "56 ms"),
        *("Whole reply", "1.23 s"),
    ]
    tab.open(page, f"#{FIRST}a#3")
    assert "From the cache" in tab.opened("a #3")
    tab.open(page, f"#{FIRST}e")
    assert "WHERE THE TIME WENT" not in tab.opened("e #1")


def test_whole_replies_are_searched_when_asked(tab, page):
    tab.open(page)
    tab.click("#search")
    tab.keys("zebra")
    assert tab.ids() == []
    tab.click("#deep")
    tab.wait("return document.querySelector('#shown').textContent === '2 of 7'")
    assert tab.ids() == ["b #1", "d #1"]
    tab.click("#deep")
    assert tab.ids() == []


def test_a_reply_that_is_not_there_is_not_found_as_null(tab, page):
    tab.open(page)
    tab.click("#search")
    tab.keys("null")
    tab.click("#deep")
    tab.wait("return !document.querySelector('#deep').disabled")
    assert tab.ids() == []


def test_names_under_the_baseline_lead_to_their_rows(tab, page):
    tab.open(page)
    tab.click(".iqv-change .iqv-lost a")
    tab.opened("b #1")
    texts = "[...document.querySelectorAll('.iqv-change summary')].map(e => e.innerText)"
    assert tab.run(f"return {texts}") == ["lost 1", "gained 1", "flaky 1", "new 1", "gone 1"]


def test_every_chart_says_its_numbers(tab, page):
    """As a screen reader hears it: the name of each image in the accessibility tree."""
    tab.open(page)
    nodes = tab.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    drawn = "return document.querySelectorAll('.iqv svg:not([aria-hidden])').length"
    images = [
        node["name"]["value"]
        for node in nodes
        if node.get("role", {}).get("value") == "image" and not node.get("ignored")
    ]
    assert len(images) == tab.run(drawn)
    assert all(any(c.isdigit() for c in name) for name in images)
    assert "lost 1, gained 1, flaky 1, new 1, gone 1" in images
    low, high = wilson(2 / 3, 1)
    assert f"iquiz-open, Level 1: 0.667 [{low:.3f}, {high:.3f}]" in images
    assert "How long the replies took: p50 1.23 s, p95 12.5 s" in images


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_no_width_scrolls_sideways(tab, page, width):
    resize(tab.driver, width)
    tab.open(page, f"#{FIRST}a")
    tab.opened("a #1")
    assert tab.run("return document.documentElement.scrollWidth") <= width
    assert tab.run(
        "const d = document.querySelector('#detail'); return d.scrollWidth <= d.clientWidth"
    )


def test_paper_is_light_whatever_the_screen_is(tab, page):
    scheme = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    background = "return getComputedStyle(document.body).backgroundColor"
    ink = "return getComputedStyle(document.querySelector('.iqv h3')).color"
    try:
        tab.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
        tab.open(page)
        assert tab.run(background) == "rgb(20, 24, 28)"
        tab.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {**scheme, "media": "print"})
        assert tab.run(background) == "rgb(255, 255, 255)"
        assert tab.run(ink) == "rgb(92, 100, 109)"
        pdf = tab.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
        assert base64.b64decode(pdf["data"]).startswith(b"%PDF")
    finally:
        tab.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
