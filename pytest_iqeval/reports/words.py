"""Every word of the HTML reports that is ours, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Lang = Literal["en", "zh"]

_LANGS: tuple[Lang, ...] = ("en", "zh")

_WORDS: Mapping[str, tuple[str, str]] = {
    # verdicts and outcomes
    "passed": ("Passed", "通过"),
    "failed": ("Failed", "未通过"),
    "inconclusive": ("Inconclusive", "无法判定"),
    "ungated": ("Ungated", "未设门槛"),
    "correct": ("correct", "正确"),
    "incorrect": ("incorrect", "错误"),
    "unparsed": ("unparsed", "无明确答案"),
    "truncated": ("truncated", "被截断"),
    "refused": ("refused", "拒答"),
    "error": ("error", "故障"),
    # head
    "report": ("Evaluation report", "评测报告"),
    "verdict": ("Verdict", "结论"),
    "all_questions": ("all {asked} questions", "全部 {asked} 题"),
    "questions_of": ("{asked} of {available} questions", "{asked} / {available} 题"),
    "exit_code": ("exit code {code}", "退出码 {code}"),
    "gates": ("Gates", "门槛"),
    "gate": ("Gate", "门槛"),
    "scope": ("Judged for", "范围"),
    "whole_run": ("whole run", "整次运行"),
    "reason": ("Reason", "理由"),
    "result": ("Result", "结果"),
    "gate_passed": ("passed", "通过"),
    "gate_failed": ("failed", "未通过"),
    "gate_open": ("not judged", "无法判定"),
    "gate_from": ("from {origin}", "来自 {origin}"),
    "gate_implied": (
        "implied: holds unless an errors gate is set",
        "默认门槛：未另设 errors 门槛时生效",
    ),
    "observed": ("Observed", "实测"),
    "interval": ("95 % interval", "95 % 区间"),
    "scale": ("0 to 1", "0 到 1"),
    "n_of": ("{n} of {available}", "{n} / {available}"),
    "in_group": ("{n} in {groups} group", "{n}（{groups} 组）"),
    "in_groups": ("{n} in {groups} groups", "{n}（{groups} 组）"),
    "no_gates": (
        "No gate was set, so nothing was judged as a whole. Set one with",
        "没有设置门槛，因此没有整体判定。设置方法：",
    ),
    "results": ("Results", "成绩"),
    "benchmark": ("Benchmark", "评测集"),
    "metric": ("Metric", "指标"),
    "accuracy": ("Accuracy", "准确率"),
    "accuracy.macro": ("Accuracy, mean over subsets", "准确率（各子集平均）"),
    "credit": ("Credit", "得分率"),
    "n": ("n", "n"),
    "p50": ("Latency p50", "延迟 p50"),
    "p95": ("Latency p95", "延迟 p95"),
    "tokens": ("Tokens", "Token 数"),
    "repeats_spread": (
        "{repeats} repeats: {low} to {high} (standard deviation {sd}); flaky questions, whose "
        "replies are partly right and partly not: {flaky}",
        "重复 {repeats} 次：准确率 {low} 至 {high}（标准差 {sd}）；时对时错的题：{flaky} 道",
    ),
    "repeats_counted": (
        "Accuracy is the mean over questions of the mean over their replies. "
        "Outcomes count replies.",
        "准确率先在每题的各次回复内平均，再在各题间平均。作答情况按回复计数。",
    ),
    "outcomes": ("Outcomes", "作答情况"),
    "shares": ("Shares", "占比"),
    "cut_of_these": ("Of these cut by length", "其中达到长度上限"),
    "not_asked": (
        "{n} selected questions were never asked.",
        "{n} 道选中的题没有问到。",
    ),
    "ordinary_failures": (
        "{n} ordinary tests of the session failed too.",
        "同一次会话中另有 {n} 个普通测试失败。",
    ),
    "gates_weaker": (
        "Looser than what is locked in {file}, or other: {what}",
        "比 {file} 中锁定的宽松，或与之不同：{what}",
    ),
    "lost": ("Questions without a score", "没有得分的题"),
    "first_named": ("The first {n} are named.", "只列出前 {n} 道。"),
    "by_level": ("Accuracy by level", "各难度准确率"),
    "level": ("Level", "难度"),
    "latency_spread": ("How long the replies took", "延迟分布"),
    "replies": ("Replies", "回复数"),
    "numbers": ("The numbers", "数据"),
    "facts": ("The run", "运行信息"),
    "model": ("Model", "模型"),
    "model_digest": ("Model digest", "模型摘要"),
    "command": ("Command", "命令"),
    "sandbox": ("Code ran in", "代码运行于"),
    "not_enforced": ("not enforced: {what}", "未能限制：{what}"),
    "endpoint": ("Endpoint", "接口地址"),
    "provider": ("Provider", "服务商"),
    "started": ("Started", "开始时间"),
    "took": ("Took", "用时"),
    "answer_mode": ("Answer asked as", "作答方式"),
    "generation": ("Generation", "生成参数"),
    "selection": ("Selection", "选题"),
    "data": ("Data", "数据"),
    "revision": ("revision", "版本"),
    "licence": ("licence", "许可"),
    "requests": ("Requests", "请求"),
    "retries": ("{n} sent again", "重试 {n} 次"),
    "cached": ("{n} replies from the cache", "{n} 条回复来自缓存"),
    "tokens_in_out": (
        "{prompt} prompt, {completion} completion",
        "输入 {prompt}，输出 {completion}",
    ),
    "latency": ("Latency", "延迟"),
    "queued": ("Waited to be sent", "等待发送"),
    "connect": ("Connecting", "建立连接"),
    "first_byte": ("First byte", "首字节"),
    "first_token": ("First token", "首个 Token"),
    "pace": ("Speed of a reply", "生成速度"),
    "overall": ("All replies together", "总体速度"),
    "tokens_per_s": ("tokens a second", "Token/秒"),
    "clock": ("Clock", "计时时钟"),
    "versions": ("Versions", "软件版本"),
    "run_id": ("Run", "运行编号"),
    # against a baseline
    "since_baseline": ("Since the baseline", "与基线相比"),
    "baseline_run": ("Run {run} ({model})", "运行 {run}（{model}）"),
    "baseline_p": (
        "p = {p} (one-sided sign-flip test: worse; with one reply each the exact McNemar test)",
        "p = {p}（单侧符号翻转检验：变差；每题一条回复时即 McNemar 精确检验）",
    ),
    "baseline_same": (
        "No question was lost or gained, and none is new or gone.",
        "没有题目由对变错或由错变对，题目也没有增减。",
    ),
    "changed_settings": (
        "This is not as it was then, so a difference may come from it:",
        "以下设置与基线不同，差异可能由此而来：",
    ),
    "change_column": ("Change", "变化"),
    "change_lost": ("lost", "由对变错"),
    "change_gained": ("gained", "由错变对"),
    "change_flaky": ("flaky", "时对时错"),
    "change_mixed": ("lost and gained", "有得有失"),
    "change_new": ("new", "新题"),
    "change_gone": ("gone", "已移除"),
    "change_unchanged": ("unchanged", "不变"),
    "change_unscored": ("without a score in one of the two", "其中一次没有得分"),
    "change_unselected": ("not selected now", "本次未选"),
    "change_allowed": ("allowed", "已允许"),
    # table of questions
    "questions": ("Questions", "题目"),
    "needs_script": (
        "The table of questions needs JavaScript, which is off here. Everything above is "
        "complete without it; the questions are also in the folder reviews/ beside this file.",
        "题目列表需要 JavaScript，此处未启用。以上内容不受影响；"
        "逐题记录也在本文件旁的 reviews/ 文件夹中。",
    ),
    "needs_unpacking": (
        "This browser can't unpack the table of questions (no DecompressionStream: Chrome 80, "
        "Firefox 113, Safari 16.4 or later have it). The questions are also in the folder "
        "reviews/ beside this file.",
        "此浏览器无法解压题目列表（缺少 DecompressionStream；Chrome 80、Firefox 113、"
        "Safari 16.4 及以上版本支持）。逐题记录也在本文件旁的 reviews/ 文件夹中。",
    ),
    "damaged": (
        "A part of this file can't be unpacked; it may have been cut.",
        "本文件有一部分无法解压，可能不完整。",
    ),
    "all_benchmarks": ("All benchmarks", "全部评测集"),
    "all_subsets": ("All subsets", "全部子集"),
    "subset": ("Subset", "子集"),
    "search": ("Search", "搜索"),
    "search_hint": ("id, question, answer", "编号、题目、答案"),
    "in_replies": ("in whole replies too", "也搜索完整回复"),
    "shown": ("{shown} of {all}", "{shown} / {all} 题"),
    "nothing_found": ("No question fits these filters.", "没有符合条件的题目。"),
    "clear": ("Clear filters", "清除筛选"),
    "outcome": ("Outcome", "结果"),
    "cut": ("cut by length", "达到长度上限"),
    "id": ("Id", "编号"),
    "expected": ("Expected", "标准答案"),
    "or": ("or", "或"),
    "got": ("Got", "模型答案"),
    "rule": ("Rule", "读取规则"),
    "question": ("Question", "题目"),
    "print_limit": (
        "The first {n} rows are printed.",
        "只打印前 {n} 行。",
    ),
    # one question
    "options": ("Options", "选项"),
    "reply": ("Reply", "回复"),
    "no_reply": ("There is no reply.", "没有回复。"),
    "empty_reply": ("The reply is empty.", "回复为空。"),
    "reasoning": ("Reasoning", "思考过程"),
    "prompt": ("Prompt as it was sent", "实际发送的提示词"),
    "explanation": ("Explanation", "解析"),
    "note": ("Note", "说明"),
    "finish_reason": ("Finish reason", "结束原因"),
    "attempts": ("Attempts", "尝试次数"),
    "prompt_tokens": ("Prompt tokens", "输入 Token"),
    "completion_tokens": ("Completion tokens", "输出 Token"),
    "repeats": ("All replies to it", "该题的全部回复"),
    "timing": ("Where the time went", "用时明细"),
    "total": ("Whole reply", "完整回复"),
    "from_cache": (
        "From the cache: the times are those of the run that asked.",
        "来自缓存：用时为当初提问时的用时。",
    ),
    "ask_again": ("Ask it again", "重新提问"),
    "explain": ("Why it was read so", "为什么这样读取"),
    "copy": ("Copy", "复制"),
    "copied": ("Copied", "已复制"),
    "close": ("Close", "关闭"),
    "previous": ("Previous", "上一题"),
    "next": ("Next", "下一题"),
    "characters_more": ("… {n} more characters …", "…… 还有 {n} 个字符 ……"),
    "answer_read_here": ("read as the answer", "此处读为答案"),
    # runs against each other
    "comparison": ("Comparison of runs", "运行对比"),
    "runs": ("Runs", "各次运行"),
    "pairs": ("Pairs", "两两对比"),
    "pair": ("Pair", "对比"),
    "pairs_how": (
        "The second run minus the first, over the questions that both have a score of, in "
        "percentage points. p: two-sided sign-flip test of the questions' differences; with one "
        "reply to each the exact McNemar test.",
        "后者减前者，只计两次运行都有得分的题，单位为百分点。"
        "p：各题差值的双侧符号翻转检验；每题一条回复时即 McNemar 精确检验。",
    ),
    "pairs_corrected": (
        "p (Holm) is corrected for {n} comparisons.",
        "p (Holm) 已按 {n} 个对比校正。",
    ),
    "against_first": (
        "Each run is compared with the first.",
        "各次运行只与第一次对比。",
    ),
    "nothing_common": ("The runs have no benchmark in common.", "各次运行没有共同的评测集。"),
    "difference": ("Difference", "差值"),
    "change_p": ("p", "p"),
    "change_p_holm": ("p (Holm)", "p (Holm)"),
    "not_alike": (
        "This is not alike, so a difference may come from it:",
        "以下设置不同，差异可能由此而来：",
    ),
    "trend": ("Trend", "变化趋势"),
    "run_by_run": ("{benchmark}, accuracy run after run", "{benchmark}：历次运行的准确率"),
    "date": ("Date", "日期"),
    "differing": ("Questions on which the runs differ", "各次运行结果不同的题"),
    "kinds_how": (
        "Kinds of difference: each run against the first that has a score of the question.",
        "变化类型：各次运行与首次有得分的运行相比。",
    ),
    "differing_none": (
        "On every question that they have a score of, the runs agree.",
        "所有有得分的题，各次运行结果一致。",
    ),
    "not_there": ("not asked", "未问"),
}


def words(lang: Lang) -> dict[str, str]:
    """All words in one language, by key; some are templates for `str.format`."""
    place = _LANGS.index(lang)
    return {key: both[place] for key, both in _WORDS.items()}
