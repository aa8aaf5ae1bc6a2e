"""What is told of a gate: why it passed, failed or has no number, and what became of a lock."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.told import Phrase, Told

# Without a number.
NO_NUMBER = Phrase("{metric} has no number: {why}", "{metric} 没有数值：{why}")
ONLY_EARLIER_FAILURES = Told(
    "not judged: only earlier failures were asked", "未判定：只问了先前失败的题"
)
NEVER_ASKED = Told("never asked: the run ended before it", "没有问到：运行在此之前结束")
NOTHING_ASKED = Told("no question in its scope was asked", "范围内的题都没有问")
NONE_SCORED = Phrase(
    "none of {count} questions in its scope has a score",
    "范围内的 {count} 题都没有得分",
    one="the only question in its scope has no score",
)
NOT_COUNTED = Phrase(
    "the endpoint counted {counted} of {replies} replies",
    "{replies} 条回复中，服务只给出 {counted} 条的 token 数",
)
NOBODY_GIVES_IT = Told(
    "no conftest.py or plugin gives it here", "这里没有 conftest.py 或插件提供该指标"
)
IT_IS_NONE = Phrase(
    "it is None for {count} questions",
    "对 {count} 题为 None",
    one="it is None for {count} question",
)
ASKED_ONCE = Told(
    "no question has two replies: ask each several times, --iqeval-repeats 5",
    "没有一题有两条回复：请让每题问多次，--iqeval-repeats 5",
)
TOO_FEW_REPLIES = Phrase(
    "{count} of {asked} questions have fewer than {k} replies: --iqeval-repeats {k}",
    "{asked} 题中有 {count} 题不足 {k} 条回复：--iqeval-repeats {k}",
    one="{count} of {asked} questions has fewer than {k} replies: --iqeval-repeats {k}",
)

# A metric with its number.
VALUE = Phrase(
    "{metric} {value} n={n} of {available}", "{metric} {value}，n={n}（全集 {available} 题）"
)
VALUE_IN_GROUPS = Phrase(
    "{metric} {value} n={n} in {count} groups, of {available}",
    "{metric} {value}，n={n}，分为 {count} 组（全集 {available} 题）",
    one="{metric} {value} n={n} in {count} group, of {available}",
)
BOUND = Phrase("{bound} {value} of {text}", "{bound} {value}；{text}")
BOUNDS: Mapping[str, Told] = {"lower": Told("lower", "下限"), "upper": Told("upper", "上限")}
SHARE = Phrase("{metric} {share}% ({part} of {n})", "{metric} {share}%（{part}/{n}）")
SECONDS = Phrase(
    "{metric} {seconds}{unit} over {count} replies",
    "{metric} {seconds}{unit}（{count} 条回复）",
    one="{metric} {seconds}{unit} over {count} reply",
)
TOTAL = Phrase(
    "{metric} {total} over {count} replies",
    "{metric} {total}（{count} 条回复）",
    one="{metric} {total} over {count} reply",
)
ASKED = Phrase("n {n} of {available}", "n {n}（全集 {available} 题）")
COUNT = Phrase("{metric} {part} of {n}", "{metric} {part}（共 {n}）")
OF_THEM_NEVER_ASKED = Phrase(
    "{text}, {count} of them never asked", "{text}，其中 {count} 个没有问到"
)
OF_A_PART = Phrase(
    "{reason}; {asked} of {available} questions selected",
    "{reason}；选了 {available} 题中的 {asked} 题",
)

# The index
INDEX = Phrase(
    "index {value} over {count} benchmarks, n={n}",
    "index {value}（{count} 个评测集，n={n}）",
    one="index {value} over {count} benchmark, n={n}",
)
NONE_OF_THESE = Phrase("no question of {names} has a score", "{names} 没有一题有得分")
NO_PAIRS_OF = Phrase(
    "no question of {names} has a score in both runs", "{names} 没有一题在两次运行中都有得分"
)
NOT_PAIRED = Phrase(
    "not judged: the metric of {names} in the index can't be compared question by question",
    "未判定：{names} 在指数中的指标无法逐题对比",
)

# must_pass
DO_NOT_PASS = Phrase(
    "{count} of {asked} do not pass: {named}{lacks}",
    "{asked} 题中有 {count} 题未通过：{named}{lacks}",
    one="{count} of {asked} does not pass: {named}{lacks}",
)
AND_MORE = Phrase("{named} and {more} more", "{named}，另有 {more} 题")
LACKING = Phrase("; {missing} without a score", "；{missing} 题没有得分")
NO_VERDICT = Phrase("must_pass has no verdict: {why}", "must_pass 无法判定：{why}")
WITHOUT_SCORE = Phrase(
    "{missing} of {asked} without a score", "{asked} 题中有 {missing} 题没有得分"
)
ALL_PASSED = Phrase("{count} questions passed", "{count} 题通过", one="{count} question passed")

# Against a baseline.
NO_BASELINE = Told("not judged: there is no baseline to compare with", "未判定：没有可以对比的基线")
NO_PAIRS = Told(
    "no question in its scope has a score in both runs", "范围内没有一题在两次运行中都有得分"
)
NOT_COMPARABLE = Phrase(
    "not judged: {told} (--iqeval-baseline-allow NAME lets it differ)",
    "未判定：{told}（允许不同：--iqeval-baseline-allow NAME）",
)
MORE_CHANGES = Phrase("{told}; and {more} more", "{told}；另有 {more} 项")
DROPPED = Phrase(
    "{metric} dropped by {points}pt, from {before} to {now}, over {count} pairs",
    "{metric} 下降 {points}pt：从 {before} 到 {now}，可对比 {count} 题",
    one="{metric} dropped by {points}pt, from {before} to {now}, over {count} pair",
)
ROSE = Phrase(
    "{metric} rose by {points}pt, from {before} to {now}, over {count} pairs",
    "{metric} 上升 {points}pt：从 {before} 到 {now}，可对比 {count} 题",
    one="{metric} rose by {points}pt, from {before} to {now}, over {count} pair",
)
WORSE = Phrase(
    "{end} end {limit}pt of {metric} {mean}pt [{low}, {high}] against the baseline, "
    "over {count} pairs",
    "{end} {limit}pt；{metric} 与基线相差 {mean}pt [{low}, {high}]，可对比 {count} 题",
    one="{end} end {limit}pt of {metric} {mean}pt [{low}, {high}] against the baseline, "
    "over {count} pair",
)
REGRESSIONS = Phrase(
    "p {p}: {lost} lost, {gained} gained{flips}, accuracy {mean}pt, over {count} pairs",
    "p {p}：可对比 {count} 题，{lost} 题由对变错，{gained} 题由错变对{flips}，准确率 {mean}pt",
    one="p {p}: {lost} lost, {gained} gained{flips}, accuracy {mean}pt, over {count} pair",
)
FLIPS = Phrase(", {flaky} flaky", "，{flaky} 题时对时错")
AFTER_HOLM = Phrase(
    "p {p}, {adjusted} after Holm over {tests}",
    "p {p}，按 {tests} 项作 Holm 校正后 {adjusted}",
)
LEFT_OUT = Phrase("{reason}; {told} left out", "{reason}；{told}未计入")
WITHOUT_TWO_SCORES = Phrase("{n} without two scores", "缺一次得分的 {n} 题")
NEW = Phrase("{n} new", "新题 {n} 道")

# Where gates were written.
STORED_RUN = Told("the stored run", "原先的运行")
INI_FILE = Told("the ini file", "ini 文件")
ORIGIN = Phrase("gates ({origin}): {gates}", "门槛（{origin}）：{gates}")

# A lock.
LOCK_WRITTEN = Phrase(
    "gate lock {file}: written; later runs are held against it",
    "门槛锁 {file}：已写入，以后的运行将与它对照",
)
LOCK = Phrase("gate lock {file}: {what}", "门槛锁 {file}：{what}")
LOCK_PARTS: Mapping[str, Phrase] = {
    "tightened": Phrase("tightened: {what}", "比锁定时严格：{what}"),
    "loosened": Phrase("loosened: {what}", "比锁定时宽松：{what}"),
    "unwritten": Phrase("unwritten: {what}", "未能写入：{what}"),
    "unrecorded": Phrase(
        "not recorded in it, so not compared: {what} (delete it, and the next run writes it anew)",
        "其中没有记录、因而未对照：{what}（删除后，下次运行会重新写入）",
    ),
}
WEIGHTS = Told("what the index is of", "指数的构成")
WHICH_QUESTIONS = Told("which questions were asked", "问了哪些题")
WHICH_DEFINITIONS = Told(
    "prompt, scorer and group of each benchmark", "各评测集的提示词、判分器和分组"
)
SO_MANY_ASKED = Phrase(
    "{now} questions of {name} are asked, it was {was}", "{name} 问 {now} 题，原为 {was} 题"
)
OTHERS_ASKED = Phrase(
    "other questions of {name} are asked, as many as then", "{name} 问的题不同，题数未变"
)
ASKED_TOO = Phrase("{name} is asked too", "另问 {name}")
GATE_GONE = Phrase("{gate} is gone", "{gate} 没有了")
GATE_NOW = Phrase("{gate} is now {now}", "{gate} 改为 {now}")
GATE_NEW = Phrase("{gate} is new", "{gate} 是新加的")
TEST_NEW = Phrase(
    "{gate} is new, a further test: the correction for their number weakens the others",
    "{gate} 是新加的检验：按检验数校正后，其他检验变弱",
)
NOT_ASKED = Phrase("{name} is not asked", "{name} 没有问")
OTHER_DATA = Phrase("the data of {name} are others", "{name} 的数据变了")
OTHER_REVISION = Phrase(
    "the data of {name} are others (revision {now}, it was {was})",
    "{name} 的数据变了（版本现为 {now}，原为 {was}）",
)
