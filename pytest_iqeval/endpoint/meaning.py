"""What a server's own words mean, whatever the server: read off the messages of many."""

from __future__ import annotations

import re

from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.endpoint.words import Words

# The server each was seen at: "too long" in other words is not this fault.
_CONTEXT = (
    r"context[_ ](length|size|window)",  # OpenAI, DeepSeek, vLLM, llama.cpp, ollama, SGLang
    r"max(imum)? (context|model) length",  # vLLM, Mistral
    r"(prompt|input|question|messages?) (is|are) too (long|large)",
    r"(prompt|input) too (long|large)",  # ollama
    r"too large to process",  # llama.cpp
    r"reduce the length of",
    r"max_tokens must be at least 1, got -",  # vLLM, when the prompt alone fills the model
    r"range of input length",  # DashScope
    r"exceeded model token limit",  # Moonshot
    r"less than max_seq_len",  # SiliconFlow
    r"inputs` tokens",  # TGI
    r"input tokens? exceed",  # OpenAI's newer models
    r"prompt ?超长|(输入|上下文|token)[^。，]{0,20}(超长|过长|超出|超过)",  # Zhipu, Xunfei
)
_MONEY = (
    r"insufficient_quota",
    r"exceeded your current quota",
    r"(?<!load[ _-])(?<![a-z])balance(?![a-z])",  # a load balancer is out of other things
    r"arrear",  # DashScope's code is Arrearage
    r"欠费|余额|充值",
)
# Codes and types, the server of each: prose may speak of a filter for other reasons.
_FILTERS = (
    r"\bcontent_filter\b",  # Azure, Moonshot
    r"\bcontent_policy_violation\b|\bmoderation_blocked\b",  # OpenAI
    r"\bdata_?inspection_?failed\b",  # DashScope
    r"sensitivecontentdetected",  # Volcengine
)
_FINAL = r"invalid_request|authentication|permission|not_found"
# Of the many words for 429, those that name a rate. "Too many requests" alone may be a stray one.
_RATE = (
    r"(requests?|tokens?|queries|调用)[^.]{0,20} per (sec|min|hour|day|week)",
    r"per[ _-]?(minute|day|hour)",
    r"\b[RT]P[MDHS]\b",
    r"[rt]p[mdh]_rate_limit",
    r"\bqps\b|qps ?超|qpsoverflow",
    r"max organization concurrency",
    r"limit_requests|limit_burst_rate|throttling\.(rate|allocation)quota",
    r"requests rate limit exceeded",
    r"allocated quota exceeded",
    r"速率限制|请求频率|频率(过高|超限|限制)|每(秒|分钟|小时|天|日)|限流|调用次数",
)
_LIMIT = regex(
    r"\blimit:?\s?(\d[\d,]{0,14})\b[^\n]{0,40}?\brequested:?\s?(\d[\d,]{0,14})\b", re.IGNORECASE
)
# A number alone may be anything (a request's id, a date, a time of day): it needs its unit.
_UNITS = {
    r"milliseconds?|msecs?|ms|毫秒": 0.001,
    r"seconds?|secs?|s|秒[钟鐘]?": 1.0,
    r"minutes?|mins?|m|分[钟鐘]?": 60.0,
    r"hours?|hrs?|h|小[时時]": 3600.0,
    r"days?|d|天": 86_400.0,
}
_PART = rf"(?<![\d.])\d{{1,9}}(?:\.\d{{1,9}})?\s{{0,3}}(?:{'|'.join(_UNITS)})(?![a-z])"  # 1h, 20 秒
_PARTS = rf"((?:{_PART}[\s,]{{0,3}}(?:and )?){{1,5}})"
_WAITS = (
    regex(
        r"\b(?:(?:try again|retry|resets?)\b[^.\d]{0,20}?\b(?:in|after)|wait(?: for)?)"
        rf"(?: about)? {_PARTS}",
        re.IGNORECASE,
    ),
    regex(rf"{_PARTS}[之以]?[后後]|等待?\s?{_PARTS}", re.IGNORECASE),
)
_LONGEST_WAIT_S = 86_400.0


def is_context_fault(said: Words) -> bool:
    """Whether prompt and reply together are longer than the model can read."""
    return said.mentions(*_CONTEXT)


def is_spent_quota(said: Words) -> bool:
    """Whether a 402, 403 or 429 is about money or a plan, which no waiting mends."""
    return said.mentions(*_MONEY) and not said.mentions(r"per[ _-]?(minute|hour)", r"每(秒|分钟)")


def is_final_code(code: str) -> bool:
    """Whether an error's code or type, where no status goes with it, is one that stays."""
    return re.search(_FINAL, code) is not None or is_spent_quota(Words(code=code))


def is_content_filter(said: Words) -> bool:
    """Whether a content filter turned the question or the reply away."""
    sensitive = "敏感" in said.text and re.search(r"\b1301\b", said.code)  # Zhipu
    return bool(sensitive) or any(re.search(code, said.code) for code in _FILTERS)


def is_throttled(said: Words) -> bool:
    """Whether the quota of a minute or a day is used up: it concerns every request."""
    return said.mentions(*_RATE)


def is_more_than_the_limit(said: Words) -> bool:
    """Whether a 429 is about this request alone, which asks for more than a minute allows.

    OpenAI's and Azure's "Request too large … on tokens per min (TPM): Limit 30000, Requested
    31000"; with what was used before, "Limit 30000, Used 29000, Requested 2000", it may come later.
    """
    found = _LIMIT.search(said.text)
    if found is None:
        return False
    limit, requested = (int(number.replace(",", "")) for number in found.groups())
    return requested > limit


def wait_in_words_s(said: Words) -> float | None:
    """The seconds of ``please try again in 1m20s``; ``None`` where it says no such thing, or
    more than a day."""
    found = next((f for wait in _WAITS if (f := wait.search(said.text))), None)
    if found is None:
        return None
    total_s = 0.0
    for part in re.findall(_PART, next(filter(None, found.groups())), re.IGNORECASE):
        number, unit = re.findall(r"[\d.]+|[^\d.\s]+", part)
        total_s += float(number) * next(
            seconds for name, seconds in _UNITS.items() if re.fullmatch(name, unit, re.IGNORECASE)
        )
    return total_s if total_s <= _LONGEST_WAIT_S else None


def no_such_model(said: Words) -> bool:
    """Whether a 404 (or 400) is about the model and not about the path."""
    return said.mentions(
        r"model_not_found",
        r"model\b.{0,200}(not (found|exist)|does not exist|不存在)",
        r"no such model",
    )
