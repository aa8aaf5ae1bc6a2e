"""Whether a reply declines to answer at all, in Chinese or English."""

from __future__ import annotations

import re

from pytest_iqeval.core.extract.text import prepare

# A refusal opens the reply; further down, "I can't help" is part of what is talked about.
_OPENING = 300
_REFUSES = re.compile(
    r"(?:i'm |i am )?(?:very |so )?(?:sorry|afraid)[^.!\n]{0,60}?(?:can't|cannot|can not|won't|unable to|not able to)"
    r"[^.!\n]{0,30}?(?:help|assist|answer|provide|discuss|comply|fulfil|do that|continue|respond|engage)"
    r"|(?:^|[.,!\n]\s{0,3})(?:but )?i (?:can't|cannot|can not|won't|will not|must decline to|am unable to|am not able to|"
    r"refuse to|decline to|don't feel comfortable)\s?[^.!\n]{0,30}?(?:help|assist|answer|provide|discuss|comply|"
    r"fulfil|do that|continue|respond|engage)"
    r"|(?:against|violates?) (?:my|our|the) [^.\n]{0,30}?(?:guidelines|policy|policies)"
    r"|(?:抱歉|对不起|不好意思|很遗憾|非常遗憾)[^。.!\n]{0,30}?(?:无法|不能|不便|不可以|没办法|不会|拒绝)"
    r"[^。.!\n]{0,20}?(?:回答|提供|协助|帮助|讨论|处理|满足|回应|参与|继续|给出)"
    r"|(?:^|[,.!\n]\s{0,3})(?:作为[^,.\n]{0,20},\s{0,2})?我(?:无法|不能|不便|没办法|不会|拒绝)(?:直接)?"
    r"(?:回答|提供|协助|帮助|讨论|处理|满足|回应|参与|给出)"
    r"|违反(?:了)?[^。.\n]{0,12}?(?:政策|规定|准则|法律)"
)
# "There is not enough to go by" is an answer that commits to nothing, not a refusal.
_LACKS = re.compile(
    r"(?:not |in)(?:enough|sufficient) (?:information|data|context|detail)|insufficient|determine|missing|"
    r"信息(?:不足|不够|有限|缺失)|条件(?:不足|不够)|确定|判断|没有(?:给出|提供|足够)|缺少|缺乏|(?:see|view|access) (?:the |any )?(?:image|picture)|图片"
)


def refuses(text: str) -> bool:
    """Whether `text` opens by declining: "I'm sorry, but I can't help with that", 抱歉，我无法回答."""
    lower = prepare(text).lower.strip()[:_OPENING]
    return _REFUSES.search(lower) is not None and _LACKS.search(lower) is None
