"""Text becomes markup only by escaping."""

from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.reports.markup import Html, el, join, plain
from tests.support.page_reader import read_markup


def test_children_that_are_text_are_escaped_and_markup_is_kept():
    made = el("p", "<b>", el("i", "a & b"), None, 3)
    assert made == "<p>&lt;b&gt;<i>a &amp; b</i>3</p>"


def test_attributes_are_escaped_renamed_and_left_out():
    made = el("td", class_="a\"b'c", aria_label="<", title=None)
    assert made == '<td class="a&quot;b&#x27;c" aria-label="&lt;"></td>'


def test_an_element_without_an_end_tag_has_none():
    assert el("br") == "<br>"


def test_control_characters_direction_marks_and_unstorable_ones_are_written_out():
    assert plain("a\x1b[31m\u202eb\u2066\x00\ud800") == "a\\x1b[31m\\u202eb\\u2066\ufffd\ufffd"


@given(st.text())
def test_no_text_makes_a_tag(text):
    assert read_markup(el("p", text, title=text)).tags == [("p", {"title": plain(text)})]


def test_joined_markup_stays_markup():
    assert isinstance(join("a", Html("<br>")), Html)
    assert join("<", Html("<br>")) == "&lt;<br>"
