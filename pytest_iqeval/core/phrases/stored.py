"""What `iqeval history` and `iqeval compare` say of finished runs."""

from __future__ import annotations

from pytest_iqeval.core.told import Phrase, Told

MODEL = Told("model", "模型")
DATE = Told("date", "日期")
RUN = Told("run", "运行")
BENCHMARK = Told("benchmark", "评测集")
ACCURACY = Told("accuracy", "准确率")
VERDICT = Told("verdict", "结论")
PAIR = Told("pair", "对比")
DIFFERENCE = Told("difference", "差值")
LOST = Told("lost", "由对变错")
GAINED = Told("gained", "由错变对")
FLAKY = Told("flaky", "时对时错")

# history
UNFINISHED = Phrase(
    "left out: {count} runs without report.json (not ended, or only begun)",
    "未列出：{count} 次运行没有 report.json（未结束，或刚开始）",
    one="left out: {count} run without report.json (not ended, or only begun)",
)
DAMAGED = Phrase("left out: {said}", "未列出：{said}")
CHANGED = Phrase("{run} ({model}): {said}", "{run}（{model}）：{said}")

# compare
RUNS = Told("runs", "各次运行")
PAIRS = Told(
    "pairs (the second run minus the first, over the questions that both have)",
    "两两对比（后者减前者，只计两次运行都有的题）",
)
NOTHING_COMMON = Told("the runs have no benchmark in common", "各次运行没有共同的评测集")
AGAINST_FIRST = Phrase(
    "more than {most} runs: each is compared with the first",
    "超过 {most} 次运行：各次只与第一次对比",
)
CORRECTED = Phrase(
    "p (Holm) is corrected for {count} comparisons; * below {level}",
    "p (Holm) 已按 {count} 个对比校正；* 表示小于 {level}",
)
NOT_ALIKE = Phrase("not alike ({pairs}): {said}", "设置不同（{pairs}）：{said}")
DIFFERING = Phrase("questions on which they differ: {count}", "结果不同的题：{count} 道")
ON_THE_PAGE = Phrase(
    "{file}: {count} questions on which they differ",
    "{file}：{count} 道结果不同的题",
    one="{file}: {count} question on which they differ",
)
