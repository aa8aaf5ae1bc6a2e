"""What a run asks for and what its gates can see, before it asks."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_iqeval.core.told import Phrase, Told

# The cost.
COST = Phrase(
    "{requests}, about {tokens} tokens ({reply})", "{requests}，约 {tokens} token（{reply}）"
)
COST_AT_MOST = Phrase(
    "at most {requests}, about {tokens} tokens ({reply})",
    "最多 {requests}，约 {tokens} token（{reply}）",
)
REQUESTS = Phrase("{count:,} requests", "{count:,} 次请求", one="{count:,} request")
REPLIES: Mapping[str, Phrase] = {
    "guess": Phrase("a reply taken as {tokens}", "每条回复按 {tokens} 计"),
    "limit": Phrase("a reply taken as {tokens}, its limit", "每条回复按上限 {tokens} 计"),
    "earlier": Phrase(
        "a reply taken as {tokens}, as in {run}", "每条回复按 {run} 中的 {tokens} 计"
    ),
    "partly": Phrase(
        "a reply taken as {tokens}, in part as in {run}",
        "每条回复按 {tokens} 计，部分依据 {run}",
    ),
}

# What a gate can see.
GATE = Phrase("gate {gate}: {seen} ({terms})", "门槛 {gate}：{seen}（{terms}）")
GATE_MORE = Phrase(
    "gate {gate}: {seen}; {more} ({terms})", "门槛 {gate}：{seen}；{more}（{terms}）"
)
SEEN = Phrase(
    "{count:,} questions can show a change of about {change} points",
    "{count:,} 题能看出约 {change} 个百分点的变化",
    one="{count:,} question can show a change of about {change} points",
)
SEEN_FROM = Phrase(
    "{count:,} questions can show a change of about {change} points from {limit}",
    "{count:,} 题能看出与 {limit} 相差约 {change} 个百分点的变化",
    one="{count:,} question can show a change of about {change} points from {limit}",
)
ASKS = Phrase(
    "this gate asks for {asked}: it needs about {needed}",
    "此门槛要看出 {asked} 个百分点，约需 {needed} 题",
)
ASKS_BEFORE = Phrase(
    "this gate asks for {asked}, as the baseline has {before}: it needs about {needed}",
    "基线为 {before}，此门槛要看出 {asked} 个百分点，约需 {needed} 题",
)
ASKS_LITTLE = Phrase(
    "this gate asks for {asked}, which takes about {needed}",
    "此门槛要看出 {asked} 个百分点，约 {needed} 题即可",
)
ASKS_LITTLE_BEFORE = Phrase(
    "this gate asks for {asked}, as the baseline has {before}, which takes about {needed}",
    "基线为 {before}，此门槛要看出 {asked} 个百分点，约 {needed} 题即可",
)
AT_LIMIT = Told("the baseline has just that, so chance decides", "基线正好在此值上，结果全凭偶然")
SMALL = Phrase("{points} points need about {needed}", "{points} 个百分点约需 {needed} 题")
TERMS: Mapping[str, Phrase] = {
    "threshold": Phrase(
        "one-sided {level} %, power {power} %", "单侧 {level} %，检验功效 {power} %"
    ),
    "assumed": Phrase(
        "one-sided {level} %, power {power} %, {share} % of the questions differing: assumed",
        "单侧 {level} %，检验功效 {power} %，假设 {share} % 的题结果不同",
    ),
    "repeats": Phrase(
        "one-sided {level} %, power {power} %, {share} % of the questions differing, by the "
        "baseline's repeats",
        "单侧 {level} %，检验功效 {power} %，按基线的重复有 {share} % 的题结果不同",
    ),
}
