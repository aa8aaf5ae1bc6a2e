"""Every sentence of a headline, in each language: another one is another such table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "headline": "{name}: {sentence}",
        "with": "{sentence}; {more}",
        "comma": ", ",
        "is passed": "passed",
        "is failed": "failed",
        "is inconclusive": "inconclusive",
        "is ungated": "ungated",
        "is none": "none",
        "nothing": "nothing was collected",
        "interrupted": "interrupted with {scored} of {asked} questions scored",
        "no_reply": "{count} of {asked} got no reply",
        "crashed": "{count} of {asked} could not be scored",
        "not_asked": "{count} of {asked} were never asked",
        "not_asked_why": "{count} of {asked} were never asked: {why}",
        "allowed": "{missing}, which the errors gates allow",
        "failed_gate": "{gate} does not hold: {reason}",
        "more_failed": "{gate} does not hold: {reason} (and {count} more)",
        "no_number": "{gate}: {reason}",
        "only_failures": "only earlier failures were asked, so no gate was judged",
        "passed": "{gates} held, {right}",
        "ungated": "{right}; to let it decide, set a gate: --iqeval-gate 'accuracy >= 0.6'",
        "right": "{correct} of {scored} correct",
        "right_repeats": "{correct} of {scored} questions pass, asked {repeats} times each",
        "no_reply_repeats": "{count} of {asked} requests got no reply",
        "crashed_repeats": "{count} of {asked} replies could not be scored",
        "not_asked_repeats": "{count} of {asked} requests were never made",
        "not_asked_why_repeats": "{count} of {asked} requests were never made: {why}",
        "one_gate": "the gate",
        "all_gates": "all {count} gates",
        "ordinary": "{count} ordinary tests failed",
        "one_ordinary": "an ordinary test failed",
        "unwritten": "{before}; its reports could not be written: {why}",
    }
)

CHINESE: Mapping[str, str] = MappingProxyType(
    {
        "headline": "{name}：{sentence}",
        "with": "{sentence}；{more}",
        "comma": "，",
        "is passed": "通过",
        "is failed": "未通过",
        "is inconclusive": "无法判定",
        "is ungated": "未设门槛",
        "is none": "无结论",
        "nothing": "没有收集到任何题目",
        "interrupted": "已中断，{asked} 题中有 {scored} 题得分",
        "no_reply": "{asked} 题中有 {count} 题没有得到回复",
        "crashed": "{asked} 题中有 {count} 题无法评分",
        "not_asked": "{asked} 题中有 {count} 题没有问到",
        "not_asked_why": "{asked} 题中有 {count} 题没有问到（{why}）",
        "allowed": "{missing}，errors 门槛允许",
        "failed_gate": "{gate} 不成立：{reason}",
        "more_failed": "{gate} 不成立：{reason}（另有 {count} 个）",
        "no_number": "{gate}：{reason}",
        "only_failures": "只问了先前失败的题，因此没有判定门槛",
        "passed": "{gates}成立，{right}",
        "ungated": "{right}；如需判定，请设门槛：--iqeval-gate 'accuracy >= 0.6'",
        "right": "{scored} 题中答对 {correct} 题",
        "right_repeats": "{scored} 题中通过 {correct} 题，每题问 {repeats} 次",
        "no_reply_repeats": "{asked} 次请求中有 {count} 次没有得到回复",
        "crashed_repeats": "{asked} 条回复中有 {count} 条无法评分",
        "not_asked_repeats": "{asked} 次请求中有 {count} 次没有发出",
        "not_asked_why_repeats": "{asked} 次请求中有 {count} 次没有发出（{why}）",
        "one_gate": "门槛",
        "all_gates": "全部 {count} 个门槛",
        "ordinary": "{count} 个普通测试失败",
        "one_ordinary": "一个普通测试失败",
        "unwritten": "{before}；报告无法写入：{why}",
    }
)
