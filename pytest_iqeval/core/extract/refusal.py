"""Whether a reply declines to answer at all, in Chinese or English."""

from __future__ import annotations

from pytest_iqeval.core.extract.regex import regex
from pytest_iqeval.core.extract.text import prepare

# A refusal opens the reply; further down, "I can't help" is part of what is talked about.
_OPENING = 300
_CANNOT = r"(?:can't|cannot|can not|won't|will not|must decline to|(?:am )?(?:not able|unable) to)"
_SERVE = (
    r"(?:help|assist|answer|provide|discuss|comply|fulfil|do that|continue|respond|engage|"
    r"take part)(?![a-z])"
)
_CANNOT_ZH = r"(?:无法|不能|不便|不可以|没办法|不会|拒绝)"
_SERVE_ZH = r"(?:回答|提供|协助|帮助|讨论|处理|满足|回应|参与|继续|给出)"
_REFUSES = regex(
    rf"(?:sorry|afraid)[^.!\n]{{0,60}}?{_CANNOT}[^.!\n]{{0,30}}?{_SERVE}"
    rf"|(?:^|[.,!\n]\s{{0,3}})(?:but )?i(?:'m)? (?:{_CANNOT}|refuse to|decline to|"
    r"don't feel comfortable)"
    rf"[^.!\n]{{0,30}}?{_SERVE}"
    r"|(?:against|violates?) (?:my|our|the) [^.\n]{0,30}?(?:guideline|polic)"
    rf"|(?:抱歉|对不起|不好意思|遗憾)[^.!\n]{{0,30}}?{_CANNOT_ZH}[^.!\n]{{0,20}}?{_SERVE_ZH}"
    rf"|(?:^|[,.!\n]\s{{0,3}})我{_CANNOT_ZH}(?:直接)?{_SERVE_ZH}"
    r"|违反(?:了)?[^.\n]{0,12}?(?:政策|规定|准则|法律)"
)
# "There is not enough to go by" is an answer that commits to nothing, not a refusal.
_LACKS = regex(
    r"(?:not |in)(?:enough|sufficient)|determine|missing|image|picture"
    r"|不足|不够|缺|有限|确定|判断|没有(?:给出|提供|足够)|图片|图像"
)


def refuses(text: str) -> bool:
    """Whether `text` opens by declining, as in 抱歉，我无法回答 or "I can't help with that"."""
    opening = prepare(text).lower.strip()[:_OPENING]
    return _REFUSES.search(opening) is not None and _LACKS.search(opening) is None
