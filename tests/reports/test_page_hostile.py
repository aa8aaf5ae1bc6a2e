"""Nothing that a model or a data set wrote runs in the page, wherever it stands."""

import json
from dataclasses import replace

import pytest

from pytest_iqeval.core.request import Message
from pytest_iqeval.reports.markup import plain
from pytest_iqeval.reports.page import write_page
from tests.support import report_data as data
from tests.support.browser import NEEDS_BROWSER

pytestmark = NEEDS_BROWSER

UNFOLD = "document.querySelectorAll('#detail summary, #detail .more').forEach(e => e.click())"

HOSTILE = {
    "script": "<script>window.canary=1;alert(1)</script>",
    "end of our script": "</script><script>window.canary=1;alert(1)</script>",
    "end of other elements": "</title></style></textarea></template></noscript>"
    "</details></svg><script>window.canary=1</script>",
    "comment": "<!--<script>--><script>window.canary=1</script>]]><![CDATA[<b>",
    "event handlers": "<img src=x onerror=window.canary=1><svg onload=window.canary=1>"
    "<body onload=window.canary=1><details open ontoggle=window.canary=1>"
    "<input autofocus onfocus=window.canary=1><video><source onerror=window.canary=1></video>",
    "attribute": "\" autofocus onfocus='window.canary=1' x=\"' onclick=window.canary=1 `",
    "link": "<a href='javascript:window.canary=1'>x</a> [x](javascript:window.canary=1) "
    "javascript:window.canary=1 data:text/html,<script>parent.canary=1</script>",
    "frame": "<iframe srcdoc='<script>parent.canary=1</script>'></iframe>"
    "<object data='javascript:canary=1'></object><base href='http://127.0.0.1:9/'>",
    "refresh": "<meta http-equiv=refresh content='0;url=javascript:window.canary=1'>",
    "style": "<style>*{display:none!important}body{background:url(http://127.0.0.1:9/)}</style>"
    "<link rel=stylesheet href=//127.0.0.1:9/x><p style='position:fixed;inset:0'>",
    "template": "{{script}} {{words.gates}} {% raw %} ${window.canary=1} {{constructor.constructor"
    "('window.canary=1')()}} #{canary} <%= canary %>",
    "format": "{n} {shown} $& $1 $` %s %d",
    "direction": "\u202egnirts\u202c \u2066a\u2069 \u200f\u061c\u200eשלום مرحبا",
    "line separators": "one\u2028two\u2029three\x85four\x0bfive\x0csix\r\nseven\rend",
    "control": "\x1b[31mred\x1b[0m \x07\x08\x7f\x9b31m nul:\x00 lone:\ud83d bom:\ufeff",
    "names": "__proto__ constructor hasOwnProperty toString",
    "zalgo": "Z" + "\u0301\u0300\u0316" * 400 + " end",
    "long line": "x" * 60_000,
    "wide": "漢字" * 3000 + "👨‍👩‍👧‍👦" * 300,
    "JSON": '{"__proto__": {"canary": 1}, "x": "\\u003cscript\\u003e"}',
}


def everywhere(text, name):
    """A row that has the text in every field that may hold any."""
    return data.row(
        id=name,
        question=text,
        choices=[text, text],
        labels=["A", "B"],
        target="A",
        also=[text],
        outcome="incorrect",
        extracted=text,
        rule="answer-line",
        span=[0, len(text)],
        reply=text + "\nAnswer",
        reasoning=text,
        note=text,
        finish_reason=text,
        metadata={text: text, "explanation": text, "level": text},
    )


def asked_with(row):
    """A prompt with the text before and in the question; a role is ours, and still a text."""
    text = row["question"]
    return [Message(role=text, content=text), Message(role="user", content=f"{text}\n{text}!")]


def elements(tab):
    """How many elements of each kind the page has."""
    counted = (
        "const n = {}; for (const e of document.querySelectorAll('*')) "
        "n[e.localName] = (n[e.localName] ?? 0) + 1; return JSON.stringify(n)"
    )
    return json.loads(tab.run(counted))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The same page twice: with the hostile texts, and with calm ones of their kinds."""
    folder = tmp_path_factory.mktemp("hostile")
    made = {}
    for kind in ("hostile", "calm"):
        texts = {name: text if kind == "hostile" else "calm" for name, text in HOSTILE.items()}
        some = texts["end of our script"] + texts["attribute"]
        summary = replace(
            data.FAILED,
            run=replace(data.PASSED.run, model=some, base_url=some, generation={some: some}),
            gates=(replace(data.GATE, expression=some, reason=some, benchmark=some, origin=some),),
            benchmarks=(replace(data.OPEN, licence=some, revision=some),),
            headline=f"failed: {some}",
        )
        report = {
            **data.plain(summary),
            "baseline": {
                **{"run": some, "model": some, "p": 0.5, "pairs": 1},
                **{"lost": [some], "changed_settings": [some]},
            },
        }
        path = folder / f"{kind}.html"
        rows = [everywhere(text, name) for name, text in texts.items()]
        write_page(path, report, rows, sent=asked_with)
        made[kind] = path
    return made


def test_hostile_texts_make_no_element_and_run_nothing(tab, pages):
    """Every question is opened, its reasoning too; the browser complains of nothing."""
    kinds = {}
    for kind, path in pages.items():
        tab.open(path)
        kinds[kind] = set(elements(tab))
        for name in HOSTILE:
            tab.run(
                "location.hash = '#' + encodeURI('iqeval/iquiz-open::IQ::' + arguments[0])", name
            )
            tab.opened(name)
            tab.run(UNFOLD)
            kinds[kind] |= set(elements(tab))
    assert kinds["hostile"] <= kinds["calm"]
    assert tab.run("return [typeof window.canary, typeof ({}).canary]") == ["undefined"] * 2
    assert tab.run("return document.documentElement.scrollWidth") <= 1280


def test_no_dialog_came_up(tab, pages):
    """A dialog would make the driver fail at its next word; and none is waiting now."""
    tab.driver.get(pages["hostile"].as_uri())
    no_alert = pytest.importorskip("selenium.common.exceptions").NoAlertPresentException
    with pytest.raises(no_alert):
        tab.driver.switch_to.alert.accept()
    tab.wait("return !document.querySelector('#tool').hidden")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read_as_it_is(tab, pages, name):
    """Controls and direction marks are written out, everything else stands as it came."""
    tab.open(pages["hostile"], f"#iqeval/iquiz-open::IQ::{name.replace(' ', '%20')}")
    tab.opened(name)
    tab.run(UNFOLD)
    seen = plain(HOSTILE[name]).replace("\r\n", "\n")
    whole = "return document.querySelector(arguments[0]).textContent"
    assert tab.run(whole, "#detail mark") == seen
    assert tab.run(whole, "#detail .reply") == seen + "\nAnswer"
    tab.wait("return document.querySelectorAll('#detail details .text').length === 3")
    texts = tab.run(
        "return [...document.querySelectorAll('#detail details .text')].map(e => e.textContent)"
    )
    prompt = plain(f"{HOSTILE[name]}\n{HOSTILE[name]}!").replace("\r\n", "\n")
    assert texts == [seen, seen, prompt]


def test_names_of_the_language_are_no_outcomes_or_languages(tab, tmp_path):
    """A benchmark may be called like something that every object has."""
    benchmark = replace(data.OPEN, name="constructor")
    rows = [data.row(id="__proto__", benchmark="constructor", subset="toString", rule="valueOf")]
    path = tmp_path / "report.html"
    write_page(path, data.plain(replace(data.PASSED, benchmarks=(benchmark,))), rows)
    tab.open(path, "#iqeval/constructor::toString::__proto__")
    assert "valueOf" in tab.opened("__proto__")
    assert tab.run("return document.querySelector('.reply').lang") == "en"
