"""The option table: name, type, default and help of every option, once.

The command line, the ini twins and the table in the docs all come from it. It is the only
module of `core` that an idle pytest loads: literals, nothing computed.
"""

from __future__ import annotations

from typing import NamedTuple


class Option(NamedTuple):
    """One option ``--iqeval-<name>`` and its ini twin ``iqeval_<name>``.

    ``kind`` is ``text``, ``int``, ``float``, ``flag`` or ``list`` (repeatable; an ini value is
    one a line). ``default`` is what the help text says; `core.settings` applies it, so that an
    ini value can stand between. ``ini`` is false for what makes sense for one run only.
    """

    name: str
    kind: str
    metavar: str
    default: object
    help: str
    ini: bool = True
    choices: tuple[str, ...] = ()

    @property
    def flag(self) -> str:
        """As typed: ``--iqeval-base-url``."""
        return f"--iqeval-{self.name}"

    @property
    def dest(self) -> str:
        """The ini name, and argparse's: ``iqeval_base_url``."""
        return "iqeval_" + self.name.replace("-", "_")

    @property
    def setting(self) -> str:
        """Its field of `core.settings.Settings`; ``pass`` is a word of Python's own."""
        return "pass_" if self.name == "pass" else self.name.replace("-", "_")


ANSWER_MODES = ("free", "letter", "json")

OPTIONS: tuple[Option, ...] = (
    Option(
        "model",
        "text",
        "NAME",
        None,
        "Evaluate this model, as the endpoint calls it (turns evaluation on).",
    ),
    Option(
        "suite",
        "text",
        "FILE",
        None,
        "A file with model, endpoint, benchmarks, generation, limits and gates (YAML), or an EvalScope task configuration (turns evaluation on).",
    ),
    Option(
        "provider",
        "text",
        "NAME",
        "ollama",
        "Preset of base URL and key variable: ollama, vllm, llamacpp, lmstudio, local, openai, siliconflow, dashscope, modelscope, xunfei, deepseek, moonshot, zhipu, openrouter, groq.",
    ),
    Option(
        "base-url",
        "text",
        "URL",
        None,
        "Any OpenAI-compatible endpoint, with or without /chat/completions at its end. Without a provider no preset applies.",
    ),
    Option(
        "api-key-env",
        "text",
        "VAR",
        None,
        "Name of the environment variable that holds the key (the key itself is never an option).",
    ),
    Option(
        "header",
        "list",
        "NAME=VAR",
        (),
        "A further header, its value read from the environment variable VAR. Repeatable.",
    ),
    Option(
        "dataset",
        "list",
        "NAME[,NAME]",
        ("iquiz-open",),
        "Benchmarks: NAME, NAME:SUBSET, or a path to a definition or a JSONL/CSV file. Repeatable.",
    ),
    Option(
        "data-dir",
        "text",
        "DIR",
        None,
        "Where local copies of named benchmarks lie (DIR/<name>/...).",
    ),
    Option(
        "hub",
        "text",
        "HUB",
        None,
        "Fetch data that is not here from this hub alone: modelscope or huggingface. By default from the first that has it.",
        choices=("modelscope", "huggingface"),
    ),
    Option(
        "offline",
        "flag",
        "",
        False,
        "Fetch no data: what is neither here nor in the cache (IQEVAL_CACHE) is an error.",
    ),
    Option("limit", "int", "N", None, "Only the first N questions of each subset, in file order."),
    Option(
        "sample",
        "int",
        "N",
        None,
        "N questions of each subset, drawn by --iqeval-seed from their ids.",
    ),
    Option("seed", "int", "S", 0, "Seed of --iqeval-sample."),
    Option(
        "repeats",
        "int",
        "K",
        1,
        "Ask each question K times, each time with another seed; still one test a question.",
    ),
    Option(
        "pass",
        "text",
        "RULE",
        "majority",
        "How many of its K replies must be right for a question to pass: majority, all, any, or a number.",
    ),
    Option(
        "answer",
        "text",
        "MODE",
        "free",
        "How an answer is asked for: free (reason, then a last line), letter (the answer only), json (response_format with a schema).",
        choices=ANSWER_MODES,
    ),
    Option(
        "few-shot",
        "list",
        "[NAME=]N",
        (),
        "Examples shown before each question, from the benchmark's dev split: so many everywhere, or in one benchmark; 0 for none. Else as many as the benchmark says. Repeatable.",
    ),
    Option("temperature", "float", "T", 0.0, "Sampling temperature."),
    Option("max-tokens", "int", "N", 4096, "Longest reply in tokens."),
    Option(
        "gen",
        "list",
        "KEY=VALUE",
        (),
        "A further field of the request body; VALUE is JSON, else text; 'KEY=' leaves a field out. Repeatable.",
    ),
    Option(
        "concurrency",
        "int",
        "N",
        8,
        "Most requests in flight at once, however many workers (and at least one a worker).",
    ),
    Option("timeout", "float", "S", 600.0, "Seconds that one attempt may take in all."),
    Option(
        "connect-timeout",
        "float",
        "S",
        10.0,
        "Seconds of it that name lookup, connection and TLS may take.",
    ),
    Option(
        "first-byte-timeout",
        "float",
        "S",
        300.0,
        "Under --iqeval-stream: seconds of it until the first byte of the reply.",
    ),
    Option(
        "stream",
        "flag",
        "",
        False,
        "Have replies streamed, which measures the time to the first token and tokens a second.",
    ),
    Option("retries", "int", "N", 5, "How often a request is sent again where that can help."),
    Option(
        "patience",
        "float",
        "S",
        120.0,
        "Seconds that retries of one request may wait in all, and that an outage may last.",
    ),
    Option("rpm", "int", "N", None, "Most requests a minute."),
    Option(
        "tpm",
        "int",
        "N",
        None,
        "Most tokens a minute, prompts and replies: estimated first, then as the endpoint counts.",
    ),
    Option(
        "token-budget",
        "int",
        "N",
        None,
        "Tokens that the run may spend, prompts and replies; what is left then is skipped.",
    ),
    Option(
        "time-budget",
        "float",
        "S",
        None,
        "Seconds that the run may ask for; what is left then is skipped.",
    ),
    Option(
        "max-reply-bytes",
        "int",
        "N",
        20_000_000,
        "Longest body of a reply; a longer one is an error.",
    ),
    Option(
        "cache",
        "text",
        "DIR",
        None,
        "Keep replies in DIR across runs, and ask nothing that is there already.",
    ),
    Option(
        "cache-sampled",
        "flag",
        "",
        False,
        "Let --iqeval-cache serve replies that were drawn at random (temperature > 0, no seed).",
    ),
    Option(
        "log",
        "text",
        "FILE",
        None,
        "Write a line of JSON for every attempt: times, status, what went wrong.",
        ini=False,
    ),
    Option(
        "lang",
        "text",
        "LANG",
        None,
        "Language of the terminal, the pages and card.md: en or zh; by default that of the locale.",
        choices=("en", "zh"),
    ),
    Option(
        "allow-code",
        "flag",
        "",
        False,
        "Run the code that a model wrote, in a sandbox, for benchmarks that need it (humaneval). On the command line alone.",
        ini=False,
    ),
    Option(
        "gate",
        "list",
        "EXPR",
        (),
        "A condition on the aggregate that decides the exit code, e.g. 'accuracy >= 0.6'. Repeatable.",
    ),
    Option(
        "gate-lock",
        "text",
        "FILE",
        None,
        "Write gates, data, questions, definitions and deciding settings to FILE at first; a later run that loosens or changes them says so.",
    ),
    Option(
        "baseline",
        "text",
        "last|RUN|FILE",
        None,
        "Compare with an earlier run, question by question: the last one that passed, a run, or a file that `iqeval baseline` wrote.",
    ),
    Option(
        "baseline-allow",
        "list",
        "NAME[,NAME]",
        (),
        "Settings that may differ from the baseline's (data, few_shot, prompt, scorer, group, answer, repeats, temperature, ..., or all). Repeatable.",
    ),
    Option(
        "output",
        "text",
        "DIR",
        None,
        "Where runs are written, each in a folder of its own (default: outputs/<model>).",
    ),
    Option(
        "resume",
        "flag",
        "",
        False,
        "Go on with the last unfinished run of the same configuration.",
        ini=False,
    ),
    Option(
        "replay",
        "text",
        "RUN",
        None,
        "Score a stored run again, with no request (turns evaluation on): its folder, its name, or 'last'.",
        ini=False,
    ),
)
