"""What a run says before it asks: its settings, where it writes, what is out of the ordinary."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.told import Phrase, Told

MODEL_AT = Phrase("{model} at {url}", "{model}，地址 {url}")
MODEL_AT_PROVIDER = Phrase("{model} at {url} ({provider})", "{model}，地址 {url}（{provider}）")
ASKED_AS = Phrase(
    "answer {answer}, {body}, {concurrency} in flight",
    "作答方式 {answer}，{body}，并发 {concurrency}",
)
BASELINE = Phrase(
    "baseline: {told}, {count} questions",
    "基线：{told}，{count} 题",
    one="baseline: {told}, {count} question",
)
PASSED_OVER = Phrase("{told}; newer runs passed over: {what}", "{told}；更新的运行未采用：{what}")
UNFINISHED = Phrase("{count} unfinished", "{count} 次未完成")
FAILED = Phrase("{count} failed", "{count} 次未通过")
INCONCLUSIVE = Phrase("{count} inconclusive", "{count} 次无结论")
SAME_REPLIES = Phrase("{count} with the same replies", "{count} 次是同一批回复")
REPLAYED = Phrase(
    "{count} replays of a run that is no baseline",
    "{count} 次重放了不能作基线的运行",
    one="{count} replay of a run that is no baseline",
)
GOES_ON_ITSELF = Phrase(
    "{count} that --iqeval-resume goes on with", "{count} 次由 --iqeval-resume 接着运行"
)
EXAMPLES = Phrase(
    "{name}: {count} examples before each question",
    "{name}：每题之前给出 {count} 个示例",
    one="{name}: {count} example before each question",
)
WRITES_TO = Phrase("writes to {path}", "写入 {path}")

# Repeats.
REPEATS = Phrase(
    "each question {repeats} times ({seeds}); passes with {rule} right",
    "每题问 {repeats} 次（{seeds}）；通过条件：{rule}答对",
)
NO_SEED = Told("no seed is sent", "不发送 seed")
SEEDS = Phrase("seeds {first} to {last}", "seed {first} 至 {last}")
AT_LEAST = Phrase("at least {count}", "至少 {count} 次")
RULES: Mapping[str, Told] = {
    "majority": Told("majority", "多数"),
    "all": Told("all", "全部"),
    "any": Told("any", "任意一次"),
}
MOSTLY_THE_SAME = Told(
    "temperature 0: the replies to a question will mostly be the same "
    "(--iqeval-temperature 0.7 has them drawn)",
    "temperature 为 0：同一题的各次回复大多相同（--iqeval-temperature 0.7 则随机采样）",
)

# What benchmarks were read from.
FETCHED = Phrase("{name}: data of {origin}", "{name}：数据来自 {origin}")
READS = Phrase("{name}: reads {files}", "{name}：读取 {files}")
READS_IN = Phrase("{name}: reads {files} in {where}", "{name}：读取 {where} 中的 {files}")
PARTLY_THERE = Phrase(
    "{name}: {count} of {of} subsets are there: {names}",
    "{name}：{of} 个子集中只有 {count} 个：{names}",
    one="{name}: {count} of {of} subsets is there: {names}",
)
AND_MORE = Phrase("{names} and {count} more", "{names} 等，另有 {count} 个")

# The endpoint.
OLLAMA_AT = Phrase("ollama is at {url} (OLLAMA_HOST)", "ollama 位于 {url}（OLLAMA_HOST）")
KEY_NOT_SENT = Phrase(
    "{variable} is not sent: {url} is not the provider's own host",
    "不发送 {variable}：{url} 不是该服务商自己的主机",
)
TOKENS_OF_PRESET = Phrase(
    "provider {provider}: at most {tokens} tokens a reply (--iqeval-max-tokens changes it)",
    "服务商 {provider}：每条回复最多 {tokens} 个 token（可用 --iqeval-max-tokens 更改）",
)
FIRST_ALONE = Phrase("{why}: the first question goes alone", "{why}：先单独问第一题")
NO_MODEL_LIST = Phrase("no model list ({code})", "没有模型列表（{code}）")
NOT_LISTED = Phrase("{model} is not in the model list", "{model} 不在模型列表中")
NO_LIST_IN_TIME = Phrase("no model list within {seconds} s", "{seconds} 秒内没有得到模型列表")

# A run that is gone on with.
GOES_ON = Phrase("goes on with {path}", "接着跑 {path}")
NEW_RUN = Told(
    "no unfinished run of this configuration: a new run starts",
    "没有相同配置的未完成运行：开始新的运行",
)
OTHERWISE = Phrase(
    "{path} could be gone on with, but has another {differs}",
    "{path} 本可接着跑，但与此不同：{differs}",
)

# A replay.
REPLAYS = Phrase("replays {path}: nothing is sent", "重放 {path}：不发送任何请求")
OLDER_VERSION = Told(
    "an older version wrote that run, which does not say what it asked",
    "该运行由旧版本写出，没有记录问了哪些题",
)
FAILURES_ONLY = Phrase(
    "that run asked {count} questions, earlier failures only: so does this one",
    "该运行只问了先前失败的 {count} 题，这次也一样",
    one="that run asked {count} question, earlier failures only: so does this one",
)
FROM_THE_COPY = Phrase(
    "{name}: {wanted} is not here: read from the copy in {folder}",
    "{name}：{wanted} 不在这里，改读 {folder} 中的副本",
)
NO_LONGER_ASKED = Phrase("{problem}: it is not asked", "{problem}：不再问")
TEST_FILES_TOO = Phrase(
    "that run had test files too; to ask their questions give the paths again: {paths}",
    "该运行还有测试文件；要问其中的题，请再次给出路径：{paths}",
)
