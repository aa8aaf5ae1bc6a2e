"""The words of the table, the gates' lines, the files and the live line, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pytest_iqeval.core.language import Lang

_WORDS: Mapping[str, tuple[str, str]] = {
    # headings, and what they are where room is scarce
    "benchmark": ("benchmark", "评测集"),
    "subset": ("subset", "子集"),
    "all": ("(all)", "（全部）"),
    "category": ("{name}: {count} subset", "{name}：{count} 个子集"),
    "categories": ("{name}: {count} subsets", "{name}：{count} 个子集"),
    "n": ("n", "n"),
    "of": ("{n} of {available}", "{n} / {available}"),
    "in_group": ("{n} in {groups} group", "{n}（{groups} 组）"),
    "in_groups": ("{n} in {groups} groups", "{n}（{groups} 组）"),
    "accuracy": ("accuracy", "准确率"),
    "credit": ("credit", "得分率"),
    "unparsed": ("unparsed", "无明确答案"),
    "unp": ("unp", "无答"),
    "truncated": ("truncated", "被截断"),
    "trunc": ("trunc", "截断"),
    "refused": ("refused", "拒答"),
    "ref": ("ref", "拒答"),
    "errors": ("errors", "故障"),
    "err": ("err", "故障"),
    "p50/p95": ("p50/p95", "p50/p95"),
    "tokens": ("tokens", "token"),
    # gates
    "gate_passed": ("gate passed: ", "门槛通过："),
    "gate_failed": ("gate failed: ", "门槛未通过："),
    "gate_open": ("gate no number: ", "门槛没有数值："),
    # the files
    "beside": ("beside it: {names}", "同一文件夹：{names}"),
    "comma": (", ", "、"),
    # the live line
    "pace": ("{pace} tokens/s", "{pace} token/秒"),
    "left": ("{time} left", "剩余 {time}"),
}


def terminal_words(lang: Lang) -> Mapping[str, str]:
    """Every word by its name."""
    at = 1 if lang == "zh" else 0
    return MappingProxyType({name: said[at] for name, said in _WORDS.items()})
