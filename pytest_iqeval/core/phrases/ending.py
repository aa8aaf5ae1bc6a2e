"""What stands between a run's table and its verdict, on the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.told import Phrase, Told

# What it took.
REQUESTS = Phrase("{count} requests", "{count} 次请求", one="{count} request")
RETRIES = Phrase("{count} of them retries", "其中重试 {count} 次")
CACHED = Phrase("{count} from the cache", "{count} 条来自缓存")
UNREACHED = Phrase(
    "{count} replies kept that no test came to",
    "{count} 条回复已保存但未用到",
    one="1 reply kept that no test came to",
)
LATENCY = Phrase("latency {said}", "延迟 {said}")
FIRST_TOKEN = Phrase("first token {said}", "首个 token {said}")
PACE = Phrase("{pace} tokens/s while a reply came (p50)", "生成速度 {pace} token/秒（p50）")
TOKENS = Phrase("tokens {prompt} in, {completion} out", "token 输入 {prompt}，输出 {completion}")

# The index.
INDEX = Phrase("index {value}: {parts}", "综合指数 {value}：{parts}")
NO_INDEX = Phrase(
    "index has no number: no question of {names} has a score",
    "综合指数没有数值：{names} 没有一题有得分",
)

# Scores of another tool.
NOT_RESCORED = Phrase(
    "not rescored: {names}: the scores are those that came with the replies",
    "未重新评分：{names}：沿用随回复导入的得分",
)

# Subsets.
MACRO = Phrase(
    "{name}: {metric} {value}, the mean over {count} subsets",
    "{name}：{metric} {value}，即 {count} 个子集的平均",
)
MANY_SUBSETS = Phrase(
    "{name}: {count} subsets, each in report.json and report.html; lowest {lowest}; highest "
    "{highest}",
    "{name}：共 {count} 个子集，逐个列在 report.json 和 report.html 中；最低 {lowest}；"
    "最高 {highest}",
)

# Repeats.
NO_SPREAD = Phrase(
    "{name}: {repeats} repeats: no reply has a score", "{name}：问 {repeats} 次，没有回复有得分"
)
SPREAD = Phrase(
    "{name}: {repeats} repeats: {low} to {high}{sd}, {count} questions flaky",
    "{name}：问 {repeats} 次：{low} 至 {high}{sd}，{count} 题时对时错",
    one="{name}: {repeats} repeats: {low} to {high}{sd}, {count} question flaky",
)
SD = Phrase(" (sd {sd})", "（标准差 {sd}）")
WHAT_IS_COUNTED = Told(
    "outcomes, errors, latency and tokens count replies, n and accuracy questions",
    "作答情况、故障、延迟和 token 按回复计，n 和准确率按题计",
)

# Against a baseline.
AGAINST = Phrase("against {run} ({model}): {counts}", "与基线 {run}（{model}）相比：{counts}")
CHANGES: Mapping[str, Phrase] = {
    "lost": Phrase("{n} lost", "{n} 题由对变错"),
    "gained": Phrase("{n} gained", "{n} 题由错变对"),
    "unchanged": Phrase("{n} unchanged", "{n} 题不变"),
    "flaky": Phrase("{n} flaky", "{n} 题时对时错"),
    "unscored": Phrase("{n} without a score in one of the two", "{n} 题在其中一次没有得分"),
    "new": Phrase("{n} new", "{n} 道新题"),
    "gone": Phrase("{n} gone", "{n} 题已移除"),
    "unselected": Phrase("{n} not selected now", "{n} 题本次未选"),
}
DIFFERENCE = Phrase("accuracy {points}", "准确率 {points}")
DIFFERENCE_OF = Phrase("accuracy of {name} {points}", "{name} 准确率 {points}")
NOT_AS_THEN = Phrase("not as in the baseline: {said}", "与基线不同：{said}")
ALLOWED = Phrase("not as in the baseline (allowed): {said}", "与基线不同（已允许）：{said}")
LOST = Phrase("lost: {named}", "由对变错：{named}")
LOST_AND_MORE = Phrase("lost: {named} and {more} more", "由对变错：{named}，另有 {more} 题")

# Questions without a score.
NO_REPLY = Told("no reply", "没有回复")
NO_SCORE = Phrase("no score: {id}: {problem}", "没有得分：{id}：{problem}")
NO_SCORE_MORE = Phrase(
    "no score: {id} and {more} more: {problem}", "没有得分：{id} 等，另有 {more} 题：{problem}"
)
MORE_REASONS = Phrase(
    "no score: {count} more reasons, in report.json",
    "没有得分：另有 {count} 种原因，见 report.json",
)
REPLIES_MISSING = Phrase(
    "no score: {missing} replies in all, each question was to have several",
    "没有得分：共缺 {missing} 条回复（每题应有多条）",
)
QUESTIONS_MISSING = Phrase(
    "no score: {missing} questions in all, the first {named} named",
    "没有得分：共 {missing} 题，只列出前 {named} 题",
)

# What the outcomes say about the run.
CUT = Phrase(
    "{count} of {replies} replies were cut by the length limit{when}: "
    "raise --iqeval-max-tokens{now}",
    "{replies} 条回复中有 {count} 条达到长度上限{when}：请调大 --iqeval-max-tokens{now}",
    one="{count} of {replies} replies was cut by the length limit{when}: "
    "raise --iqeval-max-tokens{now}",
)
BEFORE_ANSWERS = Phrase(
    " before they gave an answer", "，尚未给出答案", one=" before it gave an answer"
)
AFTER_ANSWERS = Phrase(" after they had answered", "，但已给出答案", one=" after it had answered")
SOME_AFTER_ANSWERS = Phrase(
    ", {answered} of them after they had answered", "，其中 {answered} 条已给出答案"
)
NOW = Phrase(" (now {limit})", "（当前 {limit}）")
UNPARSED = Phrase(
    "{count} of {replies} replies commit to no answer: read them in reviews/",
    "{replies} 条回复中有 {count} 条没有明确答案：见 reviews/",
    one="{count} of {replies} replies commits to no answer: read them in reviews/",
)
UNPARSED_TRY = Phrase(
    "{count} of {replies} replies commit to no answer: read them in reviews/, "
    "or try --iqeval-answer {other}",
    "{replies} 条回复中有 {count} 条没有明确答案：见 reviews/，或试试 --iqeval-answer {other}",
    one="{count} of {replies} replies commits to no answer: read them in reviews/, "
    "or try --iqeval-answer {other}",
)
REFUSED = Phrase(
    "{count} of {replies} replies refuse to answer: read reviews/",
    "{replies} 条回复中有 {count} 条拒答：见 reviews/",
    one="{count} of {replies} replies refuses to answer: read reviews/",
)

# What went wrong beside the questions.
MORE_FAILED = Phrase(
    "FAILED … and {count:,} more questions: report.html shows each, -v lists them here",
    "FAILED …… 另有 {count:,} 题：report.html 中逐题可见，-v 在此列出",
)
EQUAL_ERRORS = Phrase(
    "ERROR … and {count:,} more for the same reason: {reason}",
    "ERROR …… 另有 {count:,} 个出于同一原因：{reason}",
)
LOG_ENDS = Phrase("the log {path} ends early: {why}", "日志 {path} 提前结束：{why}")
CACHE_ENDS = Phrase("{path}: {why}: the cache was not used any more", "{path}：{why}：不再使用缓存")
REFUSALS = Phrase(
    "nothing more was sent after {count} equal refusals in a row",
    "连续 {count} 次相同的拒绝之后，不再发送请求",
)
STEP_FULL = Phrase(
    "the step's summary is full ({there:,} bytes): nothing was added",
    "该步骤的摘要已满（{there:,} 字节）：没有写入",
)
STEP_UNWRITTEN = Phrase(
    "the step's summary {path} can't be written: {why}",
    "该步骤的摘要 {path} 无法写入：{why}",
)
STEP_CUT = Told(
    "… cut: a step's summary holds 1 MiB; report.html has the rest",
    "…… 已截断：步骤摘要最多 1 MiB，其余见 report.html",
)
