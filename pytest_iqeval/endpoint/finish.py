"""Why a reply ended, in the words of OpenAI, which the scorers know."""

from __future__ import annotations

_MEANS = {
    # Anthropic's and Gemini's words, as gateways pass them on; TGI's; Zhipu's
    "max_tokens": "length",
    "max_output_tokens": "length",
    "model_length": "length",
    "model_context_window_exceeded": "length",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "safety": "content_filter",
    "refusal": "content_filter",
    "sensitive": "content_filter",
}
# The server gave up half-way: DeepSeek when it is full, Zhipu when it breaks, vLLM and SGLang when
# they drop a request, OpenRouter when the model's own server failed.
_FAULTS = frozenset({"insufficient_system_resource", "network_error", "abort", "error"})


def finish_reason(sent: object) -> str | None:
    """The reason in OpenAI's words where it has one, else as it was sent; ``None`` for none."""
    if isinstance(sent, dict):  # SGLang's own: {"type": "length", "length": 10}
        sent = sent.get("type")
    if not isinstance(sent, str) or not sent:
        return None
    word = sent.lower()
    return _MEANS.get(word, word if word in ("stop", "length", "content_filter") else sent)


def is_server_fault(reason: str | None) -> bool:
    """Whether the server broke the reply off, so that it says nothing of the model."""
    return reason is not None and reason.lower() in _FAULTS
