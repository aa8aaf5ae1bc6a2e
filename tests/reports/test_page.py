"""`report.html` is one safe file."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from pytest_iqeval.core.errors import FolderError
from pytest_iqeval.reports.page import write_page
from tests.support import report_data as data
from tests.support.page_reader import read_page


@pytest.fixture
def written(tmp_path):
    """A page of 120 questions, read back."""
    path = tmp_path / "report.html"
    write_page(path, data.plain(data.FAILED), data.many_rows(120))
    return read_page(path)


def sha256(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy_of(page):
    [policy] = [
        meta["content"]
        for meta in page.attributes("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    return dict(part.split(" ", 1) for part in policy.split("; "))


def test_the_policy_allows_the_pages_own_script_and_styles_and_nothing_else(written):
    [script] = written.scripts
    assert policy_of(written) == {
        "default-src": "'none'",
        "script-src": sha256(script),
        "style-src": " ".join(map(sha256, written.styles)),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert len(written.styles) == 2


def test_the_policy_comes_before_anything_that_could_run(written):
    names = [tag for tag, _ in written.tags]
    assert names.index("meta") < names.index("style") < names.index("script")


def test_nothing_is_loaded_from_anywhere(written):
    for _, attributes in written.tags:
        assert not attributes.keys() & {"src", "srcset", "style", "onclick", "onload"}
        assert (attributes.get("href") or "data:").startswith("data:")
    assert not any("@import" in style or "url(" in style for style in written.styles)


def test_the_script_builds_no_markup_from_text(written):
    [script] = written.scripts
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)
    assert "</script" not in script
    assert "<!--" not in script


def test_the_page_holds_head_words_and_all_questions(written):
    assert "Failed" in written.text
    assert "accuracy >= 0.7" in written.text
    assert "needs JavaScript" in written.text
    assert len(written.rows) == 120
    index = written.blocks["index"]
    assert index["languages"] == {"iquiz-open": "en"}
    assert index["words"]["incorrect"] == "incorrect"


def test_no_place_of_the_template_is_left_open_or_filled_from_data(tmp_path):
    run = replace(data.PASSED.run, model="{{script}} {{words.gates}}")
    path = tmp_path / "report.html"
    write_page(path, data.plain(replace(data.PASSED, run=run)), [data.row()])
    page = read_page(path)
    places = re.findall(r"\{\{[\w.]+\}\}", path.read_text(encoding="utf-8"))
    assert set(places) == {"{{script}}", "{{words.gates}}"}
    assert len(page.scripts) == 1


def test_title_and_language(tmp_path):
    path = tmp_path / "report.html"
    hostile = replace(data.PASSED.run, model="</title><script>1</script>")
    write_page(path, data.plain(replace(data.PASSED, run=hostile)), [], lang="zh")
    page = read_page(path)
    assert "✓ 通过 · </title><script>1</script> · iquiz-open" in page.text
    assert page.attributes("html") == [{"lang": "zh"}]
    assert len(page.scripts) == 1
    assert "题目" in page.text


def test_a_hostile_reply_leaves_the_page_as_it_is(tmp_path):
    reply = "</script><script>alert(1)</script><!--<script>]]>"
    pages = []
    for name, text in (("calm", "Answer: B"), ("hostile", reply)):
        path = tmp_path / f"{name}.html"
        write_page(path, data.plain(), [data.row(reply=text, question=text, id="q", span=None)])
        pages.append(read_page(path))
    assert pages[0].tags == pages[1].tags
    assert pages[0].scripts == pages[1].scripts
    assert pages[1].rows[0]["before"] == reply


def test_the_same_run_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_page(tmp_path / name, data.plain(), data.many_rows(120))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_rows_are_written_as_they_come(tmp_path):
    """While the last row is made, the first chunks are on disk already."""
    path = tmp_path / "report.html"
    sizes = []

    def rows():
        yield from data.many_rows(3000)
        sizes.append((tmp_path / "report.html.part").stat().st_size)

    write_page(path, data.plain(), rows())
    assert sizes[0] > 200_000


def test_a_folder_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "gone" / "report.html"
    with pytest.raises(FolderError) as caught:
        write_page(path, data.plain(), [])
    assert str(caught.value) == (
        f"{path}: the report can't be written: No such file or directory\n"
        "  hint: make room or give another --iqeval-output; --iqeval-replay makes it again"
    )


def test_a_file_in_the_folders_place_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="Not a directory"):
        write_page(tmp_path / "file" / "report.html", data.plain(), [])


def test_a_page_that_was_there_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("earlier")

    def broken():
        yield data.row()
        raise ValueError("broken row")

    with pytest.raises(ValueError, match="broken row"):
        write_page(path, data.plain(), broken())
    assert path.read_text() == "earlier"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
