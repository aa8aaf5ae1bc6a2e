"""What to do about a status: the option, variable or command that mends it."""

from __future__ import annotations

from pytest_iqeval.endpoint.meaning import is_context_fault, is_spent_quota, no_such_model
from pytest_iqeval.endpoint.providers import Endpoint
from pytest_iqeval.endpoint.words import Words

# How servers say that they do not know a field, apart from disliking its value.
_UNSUPPORTED = (
    r"(un|not )support|unrecogni[sz]ed|unknown|unexpected|not permitted|instead|no longer"
)
_OTHER_TOKEN_FIELD = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}


def status_hint(status: int, said: Words, endpoint: Endpoint, model: str) -> str | None:
    """What the user can do about `status`; ``None`` where only waiting helps."""
    if status == 400 and said.mentions(r"plain http request", r"http request to an https server"):
        return "https:// instead of http:// in --iqeval-base-url"
    if status in (400, 422) or (status == 500 and said.mentions(r"response_format|json_schema")):
        return _bad_request(said, endpoint, model)
    if status == 402 or (status in (403, 429) and is_spent_quota(said)):
        return "the provider's account has no credit left; the key is known"
    if status in (401, 403):
        return endpoint.key_hint or None
    if status == 404:
        return _not_found(said, endpoint, model)
    if status in (405, 501):
        return f"check --iqeval-base-url {endpoint.base_url}: no chat completions there"
    if status == 407:
        return "the proxy wants a user and a password: http://USER:PASSWORD@HOST:PORT"
    if status == 413 or is_context_fault(said):
        return "the question is longer than the endpoint takes"
    if status == 429:
        return "a lower --iqeval-concurrency asks less at once"
    return None


def missing_model_hint(endpoint: Endpoint, model: str) -> str:
    """What to do when the endpoint doesn't have the model."""
    return f"ollama pull {model}" if endpoint.provider == "ollama" else "check --iqeval-model"


def _not_found(said: Words, endpoint: Endpoint, model: str) -> str:
    if no_such_model(said):
        return missing_model_hint(endpoint, model)
    if endpoint.base_url.endswith("/v1"):
        return f"check --iqeval-base-url {endpoint.base_url} and --iqeval-model"
    return f"check --iqeval-base-url {endpoint.base_url}: most end in /v1"


def _bad_request(said: Words, endpoint: Endpoint, model: str) -> str | None:
    """The option that mends a refused body, by the field that the server complains about."""
    if is_context_fault(said):
        return (
            f"prompt and reply are longer than the model reads: a lower --iqeval-max-tokens"
            f" leaves more room (now {endpoint.generation.get(endpoint.token_field)})"
        )
    if no_such_model(said):
        return missing_model_hint(endpoint, model)
    if said.mentions(r"response_format", r"json_schema", r"guided|grammar"):
        return "--iqeval-answer letter asks for the letter without response_format"
    for name, other in _OTHER_TOKEN_FIELD.items():
        if name in endpoint.generation and _is_about(said, name):
            if said.mentions(_UNSUPPORTED):
                tokens = endpoint.generation[name]
                return f"--iqeval-gen {name}= --iqeval-gen {other}={tokens}"
            return "--iqeval-max-tokens N sets another limit"
    if said.mentions(r"stream_options", r"include_usage"):
        return "--iqeval-gen stream_options= leaves it out; tokens may then not be counted"
    if said.mentions(r"enable_thinking"):
        return "--iqeval-gen enable_thinking=false"
    for name in endpoint.generation:
        if _is_about(said, name):
            return f"--iqeval-gen {name}= leaves that field out"
    return None


def _is_about(said: Words, name: str) -> bool:
    return said.param == name if said.param else said.mentions(rf"\b{name}\b")
