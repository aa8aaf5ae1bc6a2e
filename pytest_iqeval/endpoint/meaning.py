"""What a server's own words mean, whatever the server: read off the messages of many."""

from __future__ import annotations

import re

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
    r"balance",
    r"arrears",
    r"欠费|余额|充值",
)
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
_WAIT = re.compile(
    r"(?:try again|retry|重试)[^.\d]{0,20}?(\d+(?:\.\d+)?)\s*(ms|mi|m|s|秒|分)?", re.IGNORECASE
)
_UNIT_S = {"ms": 0.001, "mi": 60.0, "m": 60.0, "分": 60.0}


def is_context_fault(said: Words) -> bool:
    """Whether prompt and reply together are longer than the model can read."""
    return said.mentions(*_CONTEXT)


def is_spent_quota(said: Words) -> bool:
    """Whether a 429 is about money or a plan, which no waiting mends."""
    return said.mentions(*_MONEY) and not said.mentions(r"per[ _-]?(minute|hour)", r"每(秒|分钟)")


def is_throttled(said: Words) -> bool:
    """Whether the quota of a minute or a day is used up: it concerns every request."""
    return said.mentions(*_RATE)


def wait_in_words_s(said: Words) -> float | None:
    """The seconds of ``please try again in 20s``; ``None`` where it says no such thing."""
    found = _WAIT.search(said.text)
    if found is None:
        return None
    return float(found[1]) * _UNIT_S.get((found[2] or "s").lower(), 1.0)


def no_such_model(said: Words) -> bool:
    """Whether a 404 (or 400) is about the model and not about the path."""
    return said.mentions(
        r"model_not_found",
        r"model\b.{0,200}(not (found|exist)|does not exist|不存在)",
        r"no such model",
    )
