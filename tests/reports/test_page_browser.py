"""`report.html` in a real browser: headless Chromium with scripts, keyboard and its own policy."""

from dataclasses import replace

import pytest

from pytest_iqeval.reports.page import write_page
from tests.support import report_data as data
from tests.support.browser import NEEDS_BROWSER, Tab, resize

Keys = pytest.importorskip("selenium.webdriver.common.keys").Keys
pytestmark = NEEDS_BROWSER

HOSTILE = (
    "</script><script>window.canary=1</script><img src=x onerror='window.canary=2'>"
    "<svg onload=window.canary=3><!-- \u202egnirts\u202c \x1b[31m <b>bold</b>"
)
EMPTY = {"span": [2, 2]}  # a span of no length must hide nothing
SMILING = "😀😀 therefore the answer is B, as shown."


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Six questions of two benchmarks, one of each outcome."""
    chinese = replace(data.OPEN, name="逻辑题", language="zh")
    summary = replace(data.INCONCLUSIVE, benchmarks=(data.OPEN, chinese))
    summary = replace(summary, lost=(replace(summary.lost[0], id="iqeval/iquiz-open::EQ::e"),))
    nothing = {"extracted": None, "rule": None, "span": None}
    at = SMILING.index("B")
    rows = [
        data.row(id="a", reply=SMILING, span=[at, at + 1], reasoning="I count <i>twice</i>."),
        data.row(id="b", outcome="incorrect", extracted="C", reply=HOSTILE, span=None),
        data.row(
            id="c", outcome="unparsed", reply="Well…", note="commits to nothing", **nothing | EMPTY
        ),
        data.row(
            id="d", outcome="truncated", reply="", finish_reason="length", cut=True, **nothing
        ),
        data.row(
            id="e", subset="EQ", outcome="error", reply=None, latency_s=None, usage=None, **nothing
        ),
        data.row(
            id="己",
            benchmark="逻辑题",
            outcome="refused",
            question="谁的年龄最大？",
            reply="我不能回答。" * 900,
            **nothing,
        ),
    ]
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_page(path, data.plain(summary), rows, sent=data.sent)
    return path


def test_all_rows_are_there_and_nothing_is_complained_of(tab, page):
    tab.open(page)
    assert tab.ids() == ["a", "b", "c", "d", "e", "己"]
    assert tab.text("#shown") == "6 of 6"
    assert not tab.run("return document.querySelector('#trouble').checkVisibility()")


def test_filters_by_outcome_benchmark_subset_and_text(tab, page):
    tab.open(page)
    tab.click(".chip.o-incorrect")
    assert tab.ids() == ["b"]
    tab.click(".chip.o-unparsed")
    assert tab.ids() == ["b", "c"]
    tab.click("#clear")
    assert len(tab.ids()) == 6
    tab.click("#benchmark option[value='逻辑题']")
    assert tab.ids() == ["己"]
    assert tab.text(".chip.o-refused") == "refused 1"
    assert tab.text(".chip.o-correct") == "correct 0"
    tab.click("#clear")
    tab.click("#subset option[value='EQ']")
    assert tab.ids() == ["e"]
    tab.click("#clear")
    tab.keys("年龄")  # clearing gives the search field the focus
    assert tab.ids() == ["己"]
    assert tab.text("#shown") == "1 of 6"
    tab.keys(" nowhere")
    assert tab.ids() == []
    assert tab.text("#nothing") == "No question fits these filters."


def test_a_column_sorts_up_down_and_not_at_all(tab, page):
    tab.open(page)
    by_id = "button[data-column=id]"
    tab.click(by_id)
    tab.click(by_id)
    assert tab.ids() == ["己", "e", "d", "c", "b", "a"]
    assert tab.run("return document.querySelector('th.c-id').ariaSort") == "descending"
    tab.click(by_id)
    assert tab.ids() == ["a", "b", "c", "d", "e", "己"]
    tab.click("button[data-column=latency]")
    assert tab.ids()[-1] == "e"  # no latency comes last


def test_an_opened_row_shows_everything_of_its_question(tab, page):
    tab.open(page)
    tab.click("tr[data-position='0'] td")
    shown = tab.opened("a")
    for part in (
        "A clock shows quarter past three.",
        "7.5°",
        "✓ Expected",
        SMILING,
        "The hour hand stands 7.5° past the three.",
        "answer-line",
        "stop",
        "1.23 s",
        "92",
        "31",
        "clock",
        "pytest iqeval/iquiz-open::IQ::a --iqeval-model gemma3:4b",
    ):
        assert part in shown
    assert tab.text("#detail mark") == "B"
    assert tab.text(".reply span") == "😀😀 therefore the answer is "
    assert "twice" not in shown  # folded
    tab.click("#detail summary")
    tab.wait("return document.querySelector('#detail details .text') !== null")
    assert tab.text("#detail details .text") == "I count <i>twice</i>."


def test_the_prompt_unfolds_to_the_messages_as_they_were_sent(tab, page):
    tab.open(page, "#iqeval/iquiz-open::IQ::b")
    assert "think in steps" not in tab.opened("b")
    tab.click("#detail details summary")
    tab.wait("return document.querySelector('#detail details h4') !== null")
    read = "return [...document.querySelectorAll('#detail details :is(h4, .text)')]"
    system, user = data.sent(data.row())
    assert tab.run(f"{read}.map(e => e.textContent)") == [
        *("system", system.content),
        *("user", user.content),
    ]


def test_right_and_wrong_options_are_marked(tab, page):
    tab.open(page, "#iqeval/iquiz-open::IQ::b")
    tab.opened("b")
    assert options_of(tab) == ["A 0°", "B 7.5° ✓ Expected", "C 15° ✕ Got", "D 90°"]


def options_of(tab):
    """What is seen of each option of the open question."""
    parts = "[...e.querySelectorAll('b, .text, em')].map(part => part.innerText).join(' ')"
    return tab.run(f"return [...document.querySelectorAll('.options li')].map(e => {parts})")


def test_several_right_options_digits_and_further_right_texts_are_shown(tab, tmp_path):
    rows = [
        data.row(id="several", target="AC", extracted="ABC"),
        data.row(id="digits", labels=list("1234"), target="1,3", extracted="3"),
        data.row(id="free", choices=[], labels=[], target="ABC", also=["a b c"], extracted="CAB"),
    ]
    path = tmp_path / "report.html"
    write_page(path, data.plain(), rows)
    tab.open(path, "#iqeval/iquiz-open::IQ::several")
    tab.opened("several")
    assert options_of(tab) == [
        "A 0° ✓ Expected Got",
        "B 7.5° ✕ Got",
        "C 15° ✓ Expected Got",
        "D 90°",
    ]
    tab.keys("j")
    tab.opened("digits")
    assert options_of(tab) == ["1 0° ✓ Expected", "2 7.5°", "3 15° ✓ Expected Got", "4 90°"]
    tab.keys("j")
    assert "ABC or a b c" in tab.opened("free")
    assert options_of(tab) == []


def test_cut_replies_are_marked_and_can_be_shown_alone(tab, page):
    tab.open(page)
    assert tab.text("#only-cut") == "✂\ufe0e cut by length 1"
    assert tab.run("return document.querySelectorAll('td .cut').length") == 1
    tab.click("#only-cut")
    assert tab.ids() == ["d"]
    assert tab.run("return document.querySelector('td .cut').ariaLabel") == "cut by length"
    assert tab.text(".chip.o-truncated") == "truncated 1"
    assert tab.text(".chip.o-correct") == "correct 0"
    tab.click(".chip.o-correct")
    assert tab.ids() == []
    assert tab.text("#only-cut") == "✂\ufe0e cut by length 0"
    tab.click("#clear")
    assert len(tab.ids()) == 6


def test_a_run_without_cut_replies_has_no_filter_for_them(tab, tmp_path):
    path = tmp_path / "report.html"
    write_page(path, data.plain(), [data.row()])
    tab.open(path)
    assert tab.run("return document.querySelector('#only-cut')") is None


def test_rule_span_note_and_the_command_that_explains_are_seen(tab, tmp_path):
    """The span behind emoji, wide characters and Windows line ends is the span that was read."""
    reply = "😀👨‍👩‍👧 先想一想。\r\n**答案：Ｂ**\r\n然后"
    at = reply.index("Ｂ")
    note = "the length limit cut the reply after it had answered"
    path = tmp_path / "report.html"
    row = data.row(
        reply=reply,
        span=[at, at + 1],
        rule="answer-zh",
        note=note,
        cut=True,
        finish_reason="length",
    )
    write_page(path, data.plain(), [row])
    tab.open(path, "#iqeval/iquiz-open::IQ::iq-001")
    shown = tab.opened("iq-001")
    assert tab.text("#detail mark") == "Ｂ"
    assert tab.text(".reply") == reply.replace("\r\n", "\n")
    for part in (note, "answer-zh", "iqeval explain 20260504_100000 iqeval/iquiz-open::IQ::iq-001"):
        assert part in shown


def test_a_hostile_reply_is_shown_and_never_runs(tab, page):
    tab.open(page, "#iqeval/iquiz-open::IQ::b")
    tab.opened("b")
    seen = HOSTILE.replace("\u202e", "\\u202e").replace("\u202c", "\\u202c")
    assert tab.text(".reply") == seen.replace("\x1b", "\\x1b")
    assert tab.run("return typeof window.canary") == "undefined"
    assert tab.run("return document.querySelectorAll('img, #detail svg, #detail b b').length") == 0


def test_the_policy_stops_a_script_even_if_it_got_in(driver, page):
    tab = Tab(driver)
    tab.open(page)
    tab.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"canary=1\">')")
    tab.run(
        "const s = document.createElement('script'); s.text = 'canary=2'; document.body.append(s)"
    )
    tab.wait("return new Promise(done => setTimeout(() => done(true), 100))")
    assert tab.run("return typeof window.canary") == "undefined"
    complaints = " ".join(entry["message"] for entry in driver.get_log("browser"))
    assert complaints.count("Content Security Policy") >= 2


def test_questions_without_an_answer_say_so(tab, page):
    tab.open(page)
    tab.click("tr[data-position='2'] td")
    assert "commits to nothing" in tab.opened("c")
    assert tab.text(".reply") == "Well…"
    tab.keys("j")
    assert "The reply is empty." in tab.opened("d")
    tab.keys("j")
    assert "There is no reply." in tab.opened("e")
    tab.keys("k")
    tab.opened("d")


def test_a_long_reply_is_folded_and_unfolds(tab, page):
    tab.open(page, "#iqeval/逻辑题::IQ::己")
    assert "… 4,000 more characters …" in tab.opened("己")
    assert tab.run("return document.querySelector('.reply').lang") == "zh"
    tab.click(".more")
    assert tab.text(".reply") == "我不能回答。" * 900


def test_a_lost_question_in_the_head_leads_to_its_row(tab, page):
    tab.open(page)
    tab.click(".iqv-lost a")
    assert "There is no reply." in tab.opened("e")


def test_the_keyboard_reaches_opens_and_closes_rows(tab, page):
    tab.open(page)
    tab.run("document.querySelector('tr[data-position=\"0\"]').focus()")
    tab.keys(Keys.ARROW_DOWN)
    tab.keys(Keys.ARROW_DOWN)
    tab.keys(Keys.ENTER)
    tab.opened("c")
    assert tab.run("return decodeURI(location.hash)") == "#iqeval/iquiz-open::IQ::c"
    tab.keys(Keys.ESCAPE)
    tab.wait("return document.querySelector('#detail').hidden")
    assert tab.run("return document.activeElement.dataset.position") == "2"
    assert tab.run("return location.hash") == ""
    tab.keys(Keys.END)
    assert tab.run("return document.activeElement.dataset.position") == "5"


def test_the_command_is_copied(tab, page):
    tab.open(page, "#iqeval/iquiz-open::IQ::a")
    tab.opened("a")
    tab.click(".command button")
    tab.wait("return document.querySelector('.command button').textContent === 'Copied'")
    command = "pytest iqeval/iquiz-open::IQ::a --iqeval-model gemma3:4b"
    assert tab.run("return getSelection().toString()") == command


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_no_width_scrolls_sideways(tab, page, width):
    resize(tab.driver, width)
    tab.open(page)
    assert tab.run("return document.documentElement.scrollWidth") <= width
    tab.run("document.querySelector('tr[data-position]').click()")
    tab.opened("a")
    assert tab.run("return detail.getBoundingClientRect().left") >= 0
    assert tab.ids() == ["a", "b", "c", "d", "e", "己"]


def test_fourteen_thousand_rows_load_scroll_and_open(tab, tmp_path):
    path = tmp_path / "report.html"
    write_page(path, data.plain(), data.many_rows(14_000))
    tab.open(path)
    assert tab.text("#shown") == "14,000 of 14,000"
    tab.run("scrollTo(0, document.documentElement.scrollHeight / 2)")
    tab.wait("return document.querySelector('tr[data-position]')?.dataset.position > 5000")
    tab.run("scrollTo(0, document.documentElement.scrollHeight)")
    tab.wait("return !!document.querySelector('tr[data-position=\"13999\"]')")
    assert tab.ids()[-1] == "q-13999"
    assert len(tab.ids()) < 100
    tab.click("tr[data-position='13999'] td")
    assert "Question 13999:" in tab.opened("q-13999")
    tab.run("search.value = '13 q-07123'; search.dispatchEvent(new Event('input'))")
    tab.wait("return document.querySelector('#shown').textContent === '0 of 14,000'")
    tab.run("search.value = 'Q-０７１２３'; search.dispatchEvent(new Event('input'))")
    assert tab.ids() == ["q-07123"]


def test_a_filter_deep_in_the_table_leads_to_the_first_of_what_is_left(tab, tmp_path):
    path = tmp_path / "report.html"
    write_page(path, data.plain(), data.many_rows(3000))
    tab.open(path)
    assert tab.run("return document.querySelector('#rows').getBoundingClientRect().top") > 0
    tab.run("scrollTo(0, document.documentElement.scrollHeight)")
    tab.wait("return !!document.querySelector('tr[data-position=\"2999\"]')")
    tab.click(".chip.o-incorrect")
    tab.wait("return !!document.querySelector('tr[data-position=\"0\"]')")
    first = "document.querySelector('tr[data-position=\"0\"]').getBoundingClientRect()"
    head = "document.querySelector('#table thead tr').getBoundingClientRect()"
    assert tab.run(f"return Math.abs({first}.top - {head}.bottom)") < 3
    assert tab.ids()[0] == "q-00001"


def test_a_browser_that_can_not_unpack_says_so(tab, page):
    source = {"source": "delete window.DecompressionStream"}
    added = tab.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", source)
    try:
        tab.driver.get(page.as_uri())
        assert "can't unpack the table" in tab.wait("return trouble.innerText")
        assert "reviews/" in tab.text("#trouble")
        assert not tab.run("return document.querySelector('#tool').checkVisibility()")
        assert "Inconclusive" in tab.text(".iqv-banner")
    finally:
        tab.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_a_damaged_file_says_so(tab, page, tmp_path):
    whole = page.read_text(encoding="utf-8")
    for block in ("index", "chunk-0"):
        path = tmp_path / f"{block}.html"
        path.write_text(whole.replace(f'id="{block}">H4sI', f'id="{block}">AAAA'), "utf-8")
        tab.driver.get("about:blank")
        tab.driver.get(path.as_uri() + "#iqeval/iquiz-open::IQ::a")
        where = "#trouble" if block == "index" else "#detail"
        tab.wait(f"return /can't be unpacked/.test(document.querySelector('{where}').innerText)")


def test_without_script_the_head_and_a_hint_are_seen(driver, page):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get(page.as_uri())
        seen = driver.find_element("css selector", "body").text
        assert "Inconclusive" in seen
        assert "needs JavaScript" in seen
        assert "All subsets" not in seen
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
