"""The headline: the verdict in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.told import Phrase, Told

HEADLINE = Phrase("{name}: {sentence}", "{name}：{sentence}")
NAMES: Mapping[str, Told] = {
    "passed": Told("passed", "通过"),
    "failed": Told("failed", "未通过"),
    "inconclusive": Told("inconclusive", "无法判定"),
    "ungated": Told("ungated", "未设门槛"),
    "none": Told("none", "无结论"),
}
WITH = Phrase("{sentence}; {more}", "{sentence}；{more}")

NOTHING_COLLECTED = Told("nothing was collected", "没有收集到任何题目")
INTERRUPTED = Phrase(
    "interrupted with {scored} of {asked} questions scored",
    "已中断，{asked} 题中有 {scored} 题得分",
)
FAILED_GATE = Phrase("{gate} does not hold: {reason}", "{gate} 不成立：{reason}")
FAILED_GATES = Phrase(
    "{gate} does not hold: {reason} (and {count} more)",
    "{gate} 不成立：{reason}（另有 {count} 个）",
)
NO_NUMBER = Phrase("{gate}: {reason}", "{gate}：{reason}")
ONLY_FAILURES = Told(
    "only earlier failures were asked, so no gate was judged",
    "只问了先前失败的题，因此没有判定门槛",
)
PASSED = Phrase("{gates} held, {right}", "{gates}成立，{right}")
ONE_GATE = Told("the gate", "门槛")
ALL_GATES = Phrase("all {count} gates", "全部 {count} 个门槛")
UNGATED = Phrase(
    "{right}; to let it decide, set a gate: --iqeval-gate 'accuracy >= 0.6'",
    "{right}；如需判定，请设门槛：--iqeval-gate 'accuracy >= 0.6'",
)
ORDINARY = Phrase(
    "{count} ordinary tests failed", "{count} 个普通测试失败", one="an ordinary test failed"
)
UNWRITTEN = Phrase(
    "{before}; its reports could not be written: {why}", "{before}；报告无法写入：{why}"
)

# Each for one reply a question, and for several.
RIGHT = (
    Phrase("{correct} of {scored} correct", "{scored} 题中答对 {correct} 题"),
    Phrase(
        "{correct} of {scored} questions pass, asked {repeats} times each",
        "{scored} 题中通过 {correct} 题，每题问 {repeats} 次",
    ),
)
NO_REPLY = (
    Phrase("{count} of {asked} got no reply", "{asked} 题中有 {count} 题没有得到回复"),
    Phrase("{count} of {asked} requests got no reply", "{asked} 次请求中有 {count} 次没有得到回复"),
)
CRASHED = (
    Phrase("{count} of {asked} could not be scored", "{asked} 题中有 {count} 题无法评分"),
    Phrase(
        "{count} of {asked} replies could not be scored", "{asked} 条回复中有 {count} 条无法评分"
    ),
)
NOT_ASKED = (
    Phrase("{count} of {asked} were never asked", "{asked} 题中有 {count} 题没有问到"),
    Phrase("{count} of {asked} requests were never made", "{asked} 次请求中有 {count} 次没有发出"),
)
BECAUSE = Phrase("{missing}: {why}", "{missing}（{why}）")
ALLOWED = Phrase("{missing}, which the errors gates allow", "{missing}，errors 门槛允许")
