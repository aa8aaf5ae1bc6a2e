"""What went wrong with an attempt: a status, a body or an exception → `NoReply` with a hint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from pytest_iqeval.core.clean import Redactor, storable, visible
from pytest_iqeval.core.errors import NoReply
from pytest_iqeval.endpoint.address import without_secrets
from pytest_iqeval.endpoint.hints import status_hint
from pytest_iqeval.endpoint.meaning import (
    is_context_fault,
    is_final_code,
    is_more_than_the_limit,
    is_spent_quota,
    is_throttled,
    wait_in_words_s,
)
from pytest_iqeval.endpoint.network import Fault, fault_of
from pytest_iqeval.endpoint.providers import Endpoint
from pytest_iqeval.endpoint.watch import Limits
from pytest_iqeval.endpoint.words import Words, words_of, words_of_json

_MOST_WORDS = 240  # characters of a server's own words that are shown
# 408 and 425 say "again", 409 is a gateway's lock; of the 5xx, 501 and 505 say "never".
_RETRYABLE = frozenset({408, 409, 425, 429})
_NEVER = frozenset({501, 505, 510, 511})


class Explainer:
    """Puts the faults of one endpoint into words: redacted, short, one line each."""

    def __init__(self, endpoint: Endpoint, model: str, limits: Limits) -> None:
        self._endpoint = endpoint
        self._model = model
        self._limits = limits
        secrets = [secret.reveal() for secret in endpoint.secrets]
        self.redact = Redactor(secrets)
        # What is judged keeps words like `none` or `ollama`, which local servers get as a key.
        self.redact_reply = Redactor(secrets, shortest=8)
        self._where = urlsplit(endpoint.base_url).netloc

    def status(self, code: int, headers: Mapping[str, str], body: bytes) -> NoReply:
        """Another status than 200; header names in lower case."""
        if 300 <= code < 400:
            return self._redirect(code, headers.get("location", ""))
        said = words_of(body, headers.get("content-type", ""))
        trouble = self._refusal(f"answered {_named(code)}", code, said, retry_after_s(headers))
        left = (headers.get(f"x-ratelimit-remaining-{what}") for what in ("requests", "tokens"))
        if code == 429 and trouble.retryable and "0" in left:
            trouble.throttled = True
        return trouble

    def error_object(self, data: Mapping[str, Any]) -> NoReply:
        """A 200 whose JSON holds an error; an HTTP status that it names counts as the status."""
        said = words_of_json(data)
        if said.status is not None:
            return self._refusal(f"sent an error ({said.status})", said.status, said, None)
        trouble = self._refusal("sent an error instead of a reply", 200, said, None)
        # Prose may speak of anything; a code says what it is.
        trouble.retryable = trouble.kind != "context" and not is_final_code(said.code)
        return trouble

    def no_choices(self, data: Mapping[str, Any]) -> NoReply:
        """A 200 without choices; some providers put the reason beside them."""
        said = words_of_json(data)
        if said.status is not None:
            return self._refusal(f"sent an error ({said.status})", said.status, said, None)
        told = said.text if any(k in data for k in ("message", "error_msg", "msg")) else None
        return self.broken("the reply has no choices", told)

    def broken(self, problem: str, body: str | None = None) -> NoReply:
        """A reply that can't be read; asked again, it may be whole."""
        said = words_of(body.encode("utf-8", "replace")).text if body else None
        return NoReply(self.line(problem, said), kind="body", status=200, retryable=True)

    def too_long(self, most_bytes: int) -> NoReply:
        """A body over the cap; it would be as long the next time."""
        return NoReply(
            f"the reply is longer than {most_bytes / 1e6:g} MB",
            hint="--iqeval-max-reply-bytes takes longer ones",
            kind="body",
            status=200,
        )

    def unreadable(self, why: str) -> NoReply:
        """A packed body that is damaged."""
        return self.broken(f"the reply of {self._where} can't be unpacked: {why}")

    def packed(self, encoding: str) -> NoReply:
        """A body packed in a way that nobody asked for; it would be so the next time."""
        problem = f"the reply of {self._where} is packed as {encoding}, which was not asked for"
        return NoReply(self.line(problem), kind="body", status=200)

    def exception(self, error: Exception) -> NoReply:
        """What the HTTP client raised."""
        fault = self.fault(error)
        hint = fault.hint
        if fault.nobody and fault.kind == "timeout":
            hint = "--iqeval-connect-timeout gives it longer"
        return NoReply(fault.problem, hint=hint, kind=fault.kind, retryable=fault.retryable)

    def bug(self, error: BaseException) -> NoReply:
        """What nobody foresaw: ours to mend."""
        return NoReply(
            self.line(
                f"a fault in pytest-iqeval while it asked: {type(error).__name__}", str(error)
            ),
            hint="this is a bug, please report it",
            kind="crash",
        )

    def fault(self, error: Exception) -> Fault:
        """The same as a `Fault`, redacted, for the preflight."""
        fault = fault_of(error, self._endpoint, self._limits)
        return replace(fault, problem=self.line(fault.problem))

    def line(self, problem: str, words: str | None = None) -> str:
        """One line: the problem, and the server's words after a colon; no secret, no control."""
        tidy = [" ".join(self.redact(storable(t)[0]).split()) for t in (problem, words or "")]
        said = tidy[1] if len(tidy[1]) <= _MOST_WORDS else tidy[1][: _MOST_WORDS - 1] + "…"
        return visible(f"{tidy[0]}: {said}" if said else tidy[0])

    def _refusal(self, what: str, code: int, said: Words, retry_after: float | None) -> NoReply:
        context = code in (200, 400, 413, 422, 500) and is_context_fault(said)
        spent = code in (402, 403, 429) and is_spent_quota(said)
        alone = code == 429 and is_more_than_the_limit(said)
        retryable = code in _RETRYABLE or (code >= 500 and code not in _NEVER)
        final = spent or context or alone
        throttled = code in (200, 429, 503) and not final and is_throttled(said)
        hint = status_hint(code, said, self._endpoint, self._model)
        if throttled:
            hint = "--iqeval-rpm and --iqeval-tpm keep within the provider's limits"
        if alone:
            hint = "--iqeval-max-tokens asks for shorter replies, which a minute's limit counts too"
        return NoReply(
            self.line(f"{self._where} {what}", said.text),
            hint=None if hint is None else self.line(hint),
            kind="context" if context else "status",
            status=code,
            retryable=retryable and not final,
            retry_after_s=wait_in_words_s(said)
            if throttled and retry_after is None
            else retry_after,
            throttled=throttled,
        )

    def _redirect(self, code: int, location: str) -> NoReply:
        """Redirects are not followed: the key would go to wherever they point."""
        target = without_secrets(location)
        base = target.rstrip("/").removesuffix("/chat/completions").removesuffix("/models")
        return NoReply(
            self.line(f"{self._where} redirects ({code}) to {target or 'nowhere'}"),
            hint=self.line(f"if that is the endpoint: --iqeval-base-url {base}")
            if "://" in target
            else "check --iqeval-base-url",
            status=code,
        )


def retry_after_s(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that a server asked to wait: ``Retry-After`` as seconds or date (RFC 9110, 10.2.3),
    or ``retry-after-ms``; ``None`` where it asked for nothing that can be read.

    A date is one of the server's clock, so it is compared with the answer's own ``Date``, or with
    `now` where there is none.
    """
    text = headers.get("retry-after", "").strip()
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    if (seconds := _number(text)) is not None:
        return seconds
    until = _date(text)
    if until is None:
        return None
    since = _date(headers.get("date", "")) or now or datetime.now(UTC)
    return max(0.0, (until - since).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return max(0.0, number) if isfinite(number) else None


def _named(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)
