"""Declining to answer is told from not knowing, in both languages."""

from __future__ import annotations

import pytest

from pytest_iqeval.core.extract.refusal import refuses


@pytest.mark.parametrize(
    "text",
    [
        "抱歉，我无法回答这个问题。",
        "对不起，我不能提供这方面的帮助。",
        "很遗憾，我不便讨论这个话题。",
        "我无法回答此类问题。",
        "作为一个人工智能，我不能参与这样的讨论。",
        "该请求违反了使用政策。",
        "I'm sorry, but I can't help with that.",
        "I can’t assist with this request.",
        "I cannot answer that question.",
        "I am unable to discuss this topic.",
        "I'm unable to help with this.",
        "Sorry, I won't be able to comply with it.",
        "This goes against my guidelines.",
        "<think>hm</think>I must decline to answer.",
    ],
)
def test_declining_is_a_refusal(text):
    assert refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "抱歉，题目信息不足，无法回答。",
        "对不起，我无法确定哪个选项正确。",
        "我认为他不能提供帮助。",
        "同事说：我帮不了你。所以应该先沟通。",
        "I'm sorry, but there is not enough information to answer.",
        "I cannot determine the answer.",
        "I'm sorry for the confusion; let me think again.",
        "He can't help laughing.",
        "I can't see the image, so I can't answer.",
        "",
    ],
)
def test_not_knowing_is_no_refusal(text):
    assert not refuses(text)


def test_only_the_opening_counts():
    assert not refuses("Let us see. " * 40 + "I can't help with that.")
