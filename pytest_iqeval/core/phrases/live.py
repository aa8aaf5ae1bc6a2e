"""What is said while a run asks, and when Ctrl-C ends it."""

from __future__ import annotations

from pytest_iqeval.core.told import Phrase, Told

# What holds it up.
NOBODY_ANSWERS = Phrase(
    "nobody has answered for {seconds} s, waiting up to {patience} s",
    "已 {seconds} 秒没有回应，最多等 {patience} 秒",
)
SLOWED = Phrase("slowed to {limit} of {full} in flight", "并发已从 {full} 降至 {limit}")
DELAYED = Phrase("{count} to be sent again", "{count} 个待重发")
SPENT = Phrase("{spent:,} of {budget:,} tokens", "已用 {spent:,} / {budget:,} token")

# Why it asks no more.
TOKEN_BUDGET = Phrase(
    "the token budget of {budget:,} is spent ({spent:,} used)",
    "{budget:,} 个 token 的预算已用完（用了 {spent:,}）",
)
TIME_BUDGET = Phrase("the time budget of {seconds} s is spent", "{seconds} 秒的时间预算已用完")
GIVES_MORE = Phrase(
    "{option} gives more; --iqeval-resume goes on with what is left",
    "用 {option} 加大预算；用 --iqeval-resume 接着问剩下的题",
)
HINT = Phrase("  hint: {hint}", "  提示：{hint}")
AND_HINT = Phrase("{problem}\n  hint: {hint}", "{problem}\n  提示：{hint}")

# Ctrl-C.
WAITS = Phrase(
    "iqeval: waits for the {count} requests in flight, {seconds} s at most; Ctrl-C again stops now",
    "iqeval: 等待 {count} 个在途请求，最多 {seconds} 秒；再按 Ctrl-C 立即停止",
    one="iqeval: waits for the request in flight, {seconds} s at most; Ctrl-C again stops now",
)
STOPPED = Phrase("stopped. To go on: {command}", "已停止。接着跑：{command}")
STOPPED_AT_ONCE = Told("iqeval: stopped at once", "iqeval: 已立即停止")
NO_REPORT = Told(
    "iqeval: stopped at once: no report was written", "iqeval: 已立即停止：没有写出报告"
)
LEFT = Phrase(
    "{left} of {selected} questions are left. To go on:", "{selected} 题中还剩 {left} 题。接着跑："
)
LEFT_AND_KEPT = Phrase(
    "{left} of {selected} questions are left, the replies to {kept} of them are kept. To go on:",
    "{selected} 题中还剩 {left} 题，其中 {kept} 题的回复已保存。接着跑：",
)
REPLIES_KEPT = Phrase(
    "iqeval: {count} replies are kept. To go on:",
    "iqeval: 已保存 {count} 条回复。接着跑：",
    one="iqeval: {count} reply is kept. To go on:",
)
