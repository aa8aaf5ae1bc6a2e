"""Before the first question: is anybody there, and is it what the user thinks it is?"""

from __future__ import annotations

import json
import os
import re
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore

from pytest_iqeval.core.errors import EndpointUnusable, nearest
from pytest_iqeval.core.phrases import header
from pytest_iqeval.endpoint.body import incoming
from pytest_iqeval.endpoint.client import head_of, request_headers
from pytest_iqeval.endpoint.failures import Explainer
from pytest_iqeval.endpoint.hints import missing_model_hint
from pytest_iqeval.endpoint.names import Names
from pytest_iqeval.endpoint.network import Fault
from pytest_iqeval.endpoint.providers import DEFAULT_PROVIDER, PRESETS, Endpoint
from pytest_iqeval.endpoint.proxies import proxy_variable
from pytest_iqeval.endpoint.route import Route
from pytest_iqeval.endpoint.trust import tls_context
from pytest_iqeval.endpoint.watch import Limits, Watch
from pytest_iqeval.endpoint.wire import Wire
from pytest_iqeval.endpoint.words import is_html, page_title

_MOST_BYTES = 5_000_000  # of a model list; some gateways list thousands
_SLACK_S = 0.2  # until a timeout inside has said what was late
_MOST_NAMES = 5
_AT_ONCE_S = 0.5
_DIGEST = re.compile(r"(sha256:)?[0-9a-f]{12,64}")
_VERSIONED = re.compile(r"/v\d")  # the path of an API, mostly /v1


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the preflight found. Where nothing is ``decided``, the first question should go
    alone, and its error is the message; ``why`` is then a few words for people.

    ``digest`` names the model's bytes, where it is ollama and it says so at once."""

    decided: bool
    why: str = ""
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def models(self) -> list[str] | None:
        """The ids of a model list, as OpenAI and its imitators write it; ``None`` for others."""
        if self.status != 200:
            return None
        try:
            data = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        if isinstance(data, dict):
            data = data.get("data") if "data" in data else data.get("models")
        if not isinstance(data, list):
            return None
        named = [m.get("id") or m.get("name") for m in data if isinstance(m, dict)]
        return [n for n in named if isinstance(n, str)]

    def digest_of(self, model: str) -> str | None:
        """The digest that ollama's ``/api/tags`` has beside `model`."""
        try:
            listed = json.loads(self.body)["models"] if self.status == 200 else []
            found = {one.get("name"): one.get("digest") for one in listed}
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
            return None
        digest = found.get(model) or found.get(f"{model}:latest")
        good = isinstance(digest, str) and _DIGEST.fullmatch(digest)
        return str(digest) if good else None

    @property
    def page(self) -> str | None:
        """`an HTML page "…"` where it is one."""
        text = self.body[:20_000].decode("utf-8", "replace")
        kind = self.headers.get("content-type", "")
        return page_title(text) if is_html(text, kind) else None


def check(endpoint: Endpoint, model: str, *, timeout_s: float = 2.5) -> Checked:
    """Ask for the model list, for at most `timeout_s` seconds in all.

    :raises EndpointUnusable: no question can be answered; at most four lines with the hint.
    :raises SettingsError: a certificate file named in the environment can't be read.
    """
    return _Preflight(endpoint, model, timeout_s).check()


class _Preflight:
    def __init__(self, endpoint: Endpoint, model: str, timeout_s: float) -> None:
        self._endpoint = endpoint
        self._model = model
        self._timeout_s = timeout_s
        self._deadline = time.monotonic() + timeout_s
        self._explain = Explainer(
            endpoint, model, Limits(timeout_s=timeout_s, connect_timeout_s=timeout_s)
        )
        self._tls = tls_context(endpoint, os.environ)

    def check(self) -> Checked:
        answer = self._get(self._endpoint.base_url)
        if isinstance(answer, Checked):
            return answer
        code, models = answer.status, answer.models
        if models is not None:
            return self._listed(models)
        self._behind_proxy(answer)
        if code in (401, 403) or 300 <= code < 400:
            trouble = self._explain.status(code, answer.headers, answer.body)
            raise EndpointUnusable(trouble.problem, hint=trouble.hint)
        if code in (404, 405, 501):
            self._wrong_path(code)
        if code == 200 and answer.page:
            raise EndpointUnusable(
                self._explain.line(f"{self._endpoint.base_url} answers with {answer.page}"),
                hint=self._other_path() or self._no_api(),
            )
        return Checked(decided=False, why=header.NO_MODEL_LIST(code=code))

    def _listed(self, models: list[str]) -> Checked:
        """Whether the model is there; only ollama's list is complete for sure."""
        if self._model in models or f"{self._model}:latest" in models:
            ours = self._endpoint.provider == "ollama"
            return Checked(decided=True, digest=self._digest() if ours else None)
        if self._endpoint.provider != "ollama":
            return Checked(decided=False, why=header.NOT_LISTED(model=self._model))
        near = nearest(self._model, models) or sorted(models)[:_MOST_NAMES]
        there = f"there is: {', '.join(near)}" if near else "no model is there yet"
        pull = missing_model_hint(self._endpoint, self._model)
        raise EndpointUnusable(
            self._explain.line(f"ollama does not have the model {self._model}"),
            hint=f"{pull}\n  {self._explain.line(there)}",
        )

    def _digest(self) -> str | None:
        """The model's digest from ollama's own list, which stands beside ``/v1``.

        ``GET /api/tags`` (docs.ollama.com/api/tags). It is a fact for the release card and worth
        no wait: where anything is in the way there is none.
        """
        root = self._endpoint.base_url.removesuffix("/v1")
        asking = _Asking(
            self._endpoint, root, self._tls, self._explain, _AT_ONCE_S, path="api/tags"
        )
        asking.start()
        asking.join(_AT_ONCE_S)
        answer = asking.outcome
        return answer.digest_of(self._model) if isinstance(answer, _Answer) else None

    def _wrong_path(self, code: int) -> None:
        """Raise if the path is wrong for sure; a list that is only missing decides nothing."""
        base = self._endpoint.base_url
        better = self._other_path()
        if better or "/v1/v1" in base:
            raise EndpointUnusable(
                f"{base} is a wrong path ({code})",
                hint=better or f"did you mean --iqeval-base-url {_once(base)}?",
            )

    def _no_api(self) -> str:
        if _VERSIONED.search(urlsplit(self._endpoint.base_url).path):
            return "another service answers there: check host and port of --iqeval-base-url"
        return "an OpenAI-compatible URL mostly ends in /v1"

    def _other_path(self) -> str | None:
        """A hint at the path that does have a model list, or asks for a key: asked, not guessed."""
        base = self._endpoint.base_url
        if "/v1/v1" in base:
            other = _once(base)
        elif not _VERSIONED.search(urlsplit(base).path):
            other = f"{base}/v1"
        else:
            return None
        try:
            answer = self._get(other)
        except EndpointUnusable:
            return None
        there = isinstance(answer, _Answer) and (answer.models is not None or answer.status == 401)
        return f"did you mean --iqeval-base-url {other}?" if there else None

    def _behind_proxy(self, answer: _Answer) -> None:
        """A proxy's own page in place of the endpoint's answer, as plain http gets it."""
        variable = proxy_variable(self._endpoint)
        refused = answer.status == 407 or (answer.status in (403, 502, 503, 504) and answer.page)
        if variable and refused and urlsplit(self._endpoint.base_url).scheme == "http":
            host = urlsplit(self._endpoint.base_url).hostname
            raise EndpointUnusable(
                self._explain.line(
                    f"the proxy in {variable} answered {answer.status}", answer.page
                ),
                hint=f"mend {variable}, or put {host} into NO_PROXY",
            )

    def _get(self, base_url: str) -> _Answer | Checked:
        """Ask for ``/models`` within what is left of the time.

        In a thread of its own, whatever may hang in it; what ends by itself says what was late.
        """
        left = max(0.05, self._deadline - time.monotonic())
        asking = _Asking(self._endpoint, base_url, self._tls, self._explain, left)
        asking.start()
        asking.join(left + _SLACK_S)
        if isinstance(asking.outcome, _Answer):
            return asking.outcome
        late = asking.outcome is None or isinstance(asking.outcome, httpcore.TimeoutException)
        if late and asking.connected:
            return Checked(
                decided=False, why=header.NO_LIST_IN_TIME(seconds=f"{self._timeout_s:g}")
            )
        error = asking.outcome or httpcore.ConnectTimeout("no connection yet")
        raise self._unusable(self._explain.fault(error))

    def _unusable(self, fault: Fault) -> EndpointUnusable:
        endpoint, hint = self._endpoint, fault.hint
        start = PRESETS[endpoint.provider].start if endpoint.provider else None
        if hint is None and fault.nobody and start:
            there = "" if endpoint.loopback else " there"
            hint = f"start it{there}: {start.replace('MODEL', self._model)}"
            if endpoint.provider == DEFAULT_PROVIDER:
                hint += "\n  another endpoint: --iqeval-base-url URL, or --iqeval-provider NAME"
        elif hint is None and fault.nobody:
            hint = "check --iqeval-base-url, and that the server runs"
        elif hint is None and urlsplit(endpoint.base_url).scheme == "http":
            hint = "https:// instead of http:// in --iqeval-base-url, if it has TLS"
        return EndpointUnusable(fault.problem, hint=hint)


class _Asking(threading.Thread):
    """One GET of a model list; a daemon, since it is not waited for to its end."""

    def __init__(
        self,
        endpoint: Endpoint,
        base_url: str,
        tls: ssl.SSLContext,
        explain: Explainer,
        timeout_s: float,
        path: str = "models",
    ) -> None:
        super().__init__(name="iqeval-preflight", daemon=True)
        self._endpoint = endpoint
        self._url = endpoint.address(path, base_url=base_url)
        self._tls = tls
        self._explain = explain
        self._watch = Watch(Limits(timeout_s=timeout_s, connect_timeout_s=timeout_s))
        self.outcome: _Answer | Exception | None = None

    @property
    def connected(self) -> bool:
        """Whether somebody took the call."""
        return self._watch.is_connected

    def run(self) -> None:
        try:
            self.outcome = self._ask()
        except Exception as error:  # the border of one attempt: the caller puts it into words
            self.outcome = error

    def _ask(self) -> _Answer:
        watch = self._watch
        wire = Wire(Route(self._endpoint, self._tls, self._url), watch, Names())
        body = bytearray()
        try:
            with wire.exchange("GET", request_headers(self._endpoint)) as response:
                head = head_of(response)
                chunks = response.iter_stream()
                encoding = head.get("content-encoding", "")
                for chunk in incoming(chunks, encoding, watch, self._explain, 2 * _MOST_BYTES):
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        break
        finally:
            wire.close()
        return _Answer(status=response.status, headers=head, body=bytes(body))


def _once(base_url: str) -> str:
    return re.sub(r"(/v1){2,}", "/v1", base_url)
