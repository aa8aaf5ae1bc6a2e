"""Preparing a reply: reasoning set aside, look-alikes folded, offsets kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_iqeval.core.extract.text import prepare, reasoning_blocks, without_reasoning

MARKS = st.sampled_from(
    [
        "<think>",
        "</think>",
        "İ",
        "ß",
        "Ａ",
        "**",
        "_",
        "`",
        "~~x~~",
        "<b>",
        "<|a|>",
        "\r\n",
        "𝐁",
        "a",
    ]
)


@given(st.one_of(st.text(), st.lists(MARKS).map("".join)))
def test_every_form_of_a_text_has_the_same_length(text):
    prepared = prepare(text)
    assert len(prepared.folded) == len(prepared.lower) == len(prepared.original) == len(text)


@pytest.mark.parametrize(
    ("original", "folded"),
    [
        ("Ａｂ：（１）", "Ab:(1)"),
        ("答案为選項", "答案为选项"),
        ("𝐁🅱ⓑ", "BBb"),
        ("“B”‘c’「D」", '"B"\'c\'"D"'),
        ("**B** _c_ `d`", "  B    c   d "),
        ("final_answer a*b", "final_answer a*b"),
        ("x\u3000y\u200bz", "x y z"),
        ("~~A~~ B", "      B"),
        ("B<|im_end|>", "B\n         "),
        ("<b>B</b>", "   B    "),
        ("<B> <P>", "<B> <P>"),
        ("АВС", "ABC"),
    ],
)
def test_characters_that_look_alike_become_one(original, folded):
    assert prepare(original).folded == folded


@pytest.mark.parametrize(
    ("text", "shown", "unclosed"),
    [
        ("<think>a</think>b", "b", False),
        ("a<Thinking>b</Thinking>c", "ac", False),
        ("<thought>a</thought>b<reasoning>c</reasoning>d", "bd", False),
        ("a</think>b", "b", False),
        ("<think>a</think>b</think>c", "c", False),
        ("a<think>b", "a", True),
        ("<think>a<think>b</think>c", "c", False),
        ("<|begin_of_thought|>a<|end_of_thought|>b", "b", False),
        ("[THINK]a[/THINK]b", "b", False),
        ("◁think▷a◁/think▷b", "b", False),
        ("<|START_THINKING|>a<|END_THINKING|>b", "b", False),
        ("<|channel|>analysis<|message|>a<|end|><|channel|>final<|message|>b", "b", False),
        ("analysisaassistantfinalb", "b", False),
        ("Thinking...\na\n...done thinking.\nb", "\nb", False),
        ("no tags at all", "no tags at all", False),
        ("`<think>` and “</think>” are tags", "`<think>` and “</think>” are tags", False),
        ("the <think> tag, the </think> 标签", "the <think> tag, the </think> 标签", False),
        ("<think>a `</think>` b</think>c", "c", False),
    ],
)
def test_reasoning_is_set_aside(text, shown, unclosed):
    blocks, never_ends = reasoning_blocks(text)
    kept = list(text)
    for start, end in reversed(blocks):
        del kept[start:end]
    assert ("".join(kept), never_ends) == (shown, unclosed)
    assert prepare(text).unclosed is unclosed


def test_a_reply_of_reasoning_alone_is_empty():
    assert prepare("<think>a</think>\n ").empty
    assert not prepare("<think>a</think>b").empty


def test_without_reasoning_all_else_keeps_its_place_and_its_looks():
    assert without_reasoning("<think>a</think>**Ｂ**") == " " * 16 + "**Ｂ**"
    assert without_reasoning("**Ｂ** no tags") == "**Ｂ** no tags"
