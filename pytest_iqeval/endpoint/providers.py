"""Which endpoint is asked: the presets, and what the user's settings make of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pytest_iqeval.core.errors import SettingsError, UnknownName
from pytest_iqeval.core.phrases import header
from pytest_iqeval.core.settings import Settings
from pytest_iqeval.endpoint.address import Address, ollama_host, parse_base_url
from pytest_iqeval.endpoint.credentials import all_forms, authorization, read_header, read_secret
from pytest_iqeval.endpoint.secret import Secret

DEFAULT_PROVIDER = "ollama"
EMBEDDED = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A provider's habits.

    ``key_variables`` are the environment variables that may hold its key, first found wins;
    empty where no key is needed. ``max_tokens`` replaces the default of ``--iqeval-max-tokens``,
    ``letter_tokens`` does under ``--iqeval-answer letter``.
    ``concurrency`` replaces the default of ``--iqeval-concurrency``, whatever the workers.
    ``start`` is the command with which users start a server of their own.
    """

    base_url: str
    key_variables: tuple[str, ...] = ()
    token_field: str = "max_tokens"
    max_tokens: int | None = None
    letter_tokens: int | None = None
    concurrency: int | None = None
    start: str | None = None


PRESETS: Mapping[str, Preset] = {
    "ollama": Preset(base_url="http://localhost:11434/v1", start="ollama serve"),
    "vllm": Preset(base_url="http://localhost:8000/v1", start="vllm serve MODEL"),
    "llamacpp": Preset(base_url="http://localhost:8080/v1", start="llama-server -m FILE.gguf"),
    "lmstudio": Preset(base_url="http://localhost:1234/v1", start="lms server start"),
    # A small model that loops to the limit would take minutes a question at the usual default.
    # It answers one question at a time: more in flight would only make latencies look long.
    EMBEDDED: Preset(base_url="", max_tokens=256, letter_tokens=32, concurrency=1),
    "openai": Preset(
        base_url="https://api.openai.com/v1",
        key_variables=("OPENAI_API_KEY",),
        token_field="max_completion_tokens",  # reasoning models refuse the older name
    ),
    "siliconflow": Preset(
        base_url="https://api.siliconflow.cn/v1", key_variables=("SILICONFLOW_API_KEY",)
    ),
    "dashscope": Preset(
        base_url="https://dashscope.aliyuncs.com/compatible-mode/v1",
        key_variables=("DASHSCOPE_API_KEY",),
    ),
    "modelscope": Preset(
        base_url="https://api-inference.modelscope.cn/v1",
        # The second is what ModelScope's own pages and integrations call the same token.
        key_variables=("MODELSCOPE_API_KEY", "MODELSCOPE_SDK_TOKEN"),
    ),
    "xunfei": Preset(
        base_url="https://maas-api.cn-huabei-1.xf-yun.com/v1", key_variables=("XUNFEI_API_KEY",)
    ),
    "deepseek": Preset(base_url="https://api.deepseek.com/v1", key_variables=("DEEPSEEK_API_KEY",)),
    "moonshot": Preset(base_url="https://api.moonshot.cn/v1", key_variables=("MOONSHOT_API_KEY",)),
    "zhipu": Preset(
        base_url="https://open.bigmodel.cn/api/paas/v4",
        key_variables=("ZHIPUAI_API_KEY", "ZHIPU_API_KEY"),
    ),
    "openrouter": Preset(
        base_url="https://openrouter.ai/api/v1", key_variables=("OPENROUTER_API_KEY",)
    ),
    "groq": Preset(base_url="https://api.groq.com/openai/v1", key_variables=("GROQ_API_KEY",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a run asks, and what every request carries.

    ``base_url`` has neither user, password, query, ``/chat/completions`` nor a slash at its
    end: it may be shown. ``headers`` are the key's and the user's, values hidden. ``generation``
    is the body's fields for every request, ``removed`` those that no request may carry.
    ``concurrency`` is the preset's, ``None`` where it has none.
    ``model_digest`` is the server's name for the very bytes of the model, where it tells one.
    ``key_hint`` says what to do when the key is refused. ``notes`` tell what a preset or the
    environment changed, for people. ``secrets`` is everything that no text may show.
    """

    provider: str | None
    base_url: str
    query: Secret[str] | None = None
    headers: Mapping[str, Secret[str]] = field(default_factory=dict)
    token_field: str = "max_tokens"
    generation: Mapping[str, object] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    concurrency: int | None = None
    model_digest: str | None = None
    key_hint: str = ""
    notes: tuple[str, ...] = ()
    secrets: tuple[Secret[str], ...] = ()

    @property
    def embedded(self) -> bool:
        """Whether the run starts the server itself, and `base_url` is yet to come from it."""
        return self.provider == EMBEDDED

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine."""
        host = urlsplit(self.base_url).hostname or ""
        return (
            host in ("localhost", "::1", "0.0.0.0")
            or host.endswith(".localhost")
            or host[:4] == "127."
        )

    def address(self, path: str, *, base_url: str | None = None) -> str:
        """The full URL of ``chat/completions`` or ``models``, query included: for the wire."""
        query = f"?{self.query.reveal()}" if self.query else ""
        return f"{self.base_url if base_url is None else base_url}/{path}{query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    value: Secret[str] | None
    hint: str
    note: str | None = None


def resolve(settings: Settings, environ: Mapping[str, str]) -> Endpoint:
    """The endpoint that the settings mean.

    For the provider ``local`` the ``base_url`` is empty: the caller starts the server and puts
    its address in with `dataclasses.replace`.

    :param environ: where keys and header values are read (``os.environ``).
    :raises UnknownName: no such provider.
    :raises SettingsError: a URL that can't be, a variable that is not set, a value that no
        header can carry; no message repeats a secret.
    """
    name = settings.provider or (None if settings.base_url else DEFAULT_PROVIDER)
    if name is not None and name not in PRESETS:
        raise UnknownName("provider", name, PRESETS)
    preset = PRESETS[name] if name else Preset(base_url="")
    address, notes = _address(name, preset, settings.base_url, environ)
    headers = {header: read_header(header, var, environ) for header, var in settings.header}
    own_login = any(header.lower() == "authorization" for header in headers)
    key = _key(settings.api_key_env, preset, address, environ, needed=not own_login)
    if not own_login and (key.value or address.login):
        headers = {"Authorization": authorization(key.value, address.login), **headers}
    generation, removed, note = _generation(settings, name, preset)
    secrets = [key.value, address.login, address.query, *headers.values()]
    return Endpoint(
        provider=name,
        base_url=address.base_url,
        query=address.query,
        headers=headers,
        token_field=preset.token_field,
        generation=generation,
        removed=removed,
        concurrency=preset.concurrency,
        key_hint=key.hint,
        notes=tuple(n for n in (*notes, key.note, note) if n),
        secrets=all_forms([s for s in secrets if s], environ),
    )


def most_tokens(settings: Settings) -> int | None:
    """The most tokens that a reply may have; ``None`` where no field of the request limits it.

    Some servers take -1 for no limit.
    """
    name = settings.provider or (None if settings.base_url else DEFAULT_PROVIDER)
    fields = _fields(settings, PRESETS.get(name or "") or Preset(base_url=""))
    limits = (fields.get(field) for field in ("max_tokens", "max_completion_tokens"))
    return min((one for one in limits if isinstance(one, int) and one > 0), default=None)


def _address(
    name: str | None, preset: Preset, given: str | None, environ: Mapping[str, str]
) -> tuple[Address, list[str]]:
    if name == EMBEDDED:
        if given:
            raise SettingsError(
                f"--iqeval-provider {EMBEDDED} starts a server of its own, so --iqeval-base-url"
                " does not go with it",
                hint="leave one of the two out",
            )
        return Address(base_url=""), []
    if given:
        return parse_base_url(given, "--iqeval-base-url"), []
    if name == "ollama" and (host := environ.get("OLLAMA_HOST", "").strip()):
        address = ollama_host(host)
        return address, [header.OLLAMA_AT(url=address.base_url)]
    return Address(base_url=preset.base_url), []


def _key(
    named: str | None,
    preset: Preset,
    address: Address,
    environ: Mapping[str, str],
    *,
    needed: bool,
) -> _Key:
    """The key to send, from the variable that the user named or from the preset's."""
    if named is not None:
        value = read_secret("--iqeval-api-key-env", named, environ)
        return _Key(value=value, hint=f"check the key in {named}")
    found = next((v for v in preset.key_variables if environ.get(v, "").strip(" ")), None)
    if not preset.key_variables:
        hint = "name the variable that holds the key: --iqeval-api-key-env VAR"
        return _Key(value=None, hint=hint)
    variable = found or preset.key_variables[0]
    if _origin(address.base_url) != _origin(preset.base_url):
        hint = f"--iqeval-api-key-env {variable} sends that key to this host too"
        note = header.KEY_NOT_SENT(variable=variable, url=address.base_url)
        return _Key(value=None, hint=hint, note=note if found else None)
    if found:
        return _Key(value=read_secret("the key", found, environ), hint=f"check the key in {found}")
    if needed:
        raise SettingsError(
            f"{preset.base_url} needs a key, and {' or '.join(preset.key_variables)} is not set",
            hint=f"set {variable}, or name another variable: --iqeval-api-key-env VAR",
        )
    return _Key(value=None, hint="check the Authorization header's variable")


def _generation(
    settings: Settings, name: str | None, preset: Preset
) -> tuple[dict[str, object], frozenset[str], str | None]:
    """The body's fields, those that must not be in it, and what to tell about the preset."""
    note, own = None, _own_tokens(settings, preset)
    if own is not None:
        note = header.TOKENS_OF_PRESET(provider=name, tokens=own)
    fields = _fields(settings, preset)
    for key, value in fields.items():
        try:
            json.dumps(value, allow_nan=False)
        except ValueError:
            raise SettingsError(f"--iqeval-gen {key}: JSON has no such number") from None
    removed = frozenset(key for key, value in fields.items() if value is None)
    return {k: v for k, v in fields.items() if k not in removed}, removed, note


def _fields(settings: Settings, preset: Preset) -> dict[str, object]:
    """The body's fields of every request; ``None`` for those that must not be in it."""
    tokens = _own_tokens(settings, preset) or settings.max_tokens
    return {"temperature": settings.temperature, preset.token_field: tokens, **settings.gen}


def _own_tokens(settings: Settings, preset: Preset) -> int | None:
    """The preset's limit of a reply, where the user gave none."""
    if "max_tokens" in settings.given:
        return None
    letter = preset.letter_tokens if settings.answer == "letter" else None
    return letter or preset.max_tokens


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
