"""EvalScope over the same questions and the same server, in an environment of its own."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from loopback import MODEL, new_environment

SUBSET = "q"


@contextlib.contextmanager
def peer_python() -> Iterator[str | None]:
    """The interpreter of a throw-away environment with EvalScope; ``None``, and said so, where it
    can't be installed."""
    with tempfile.TemporaryDirectory(prefix="iqeval-peer-") as folder:
        try:
            python = new_environment(Path(folder), "evalscope")
        except RuntimeError as error:
            print(f"EvalScope can't be installed here, so it is left out: {error}")
            yield None
            return
        yield python


def evalscope_command(python: str, url: object, folder: Path, in_flight: int) -> list[str]:
    """Its evaluation of ``q.jsonl`` in `folder`, by its ``general_mcq``."""
    local = _questions(folder)
    arguments = {"general_mcq": {"local_path": str(local), "subset_list": [SUBSET]}}
    return [
        python,
        "-m",
        "evalscope.cli.cli",
        "eval",
        f"--model={MODEL}",
        f"--api-url={url}",
        "--api-key=EMPTY",
        "--eval-type=openai_api",
        "--datasets=general_mcq",
        f"--dataset-args={json.dumps(arguments)}",
        f"--eval-batch-size={in_flight}",
        f"--work-dir={folder / 'evalscope'}",
    ]


def _questions(folder: Path) -> Path:
    """The questions as it wants them."""
    local = folder / "mcq"
    local.mkdir(exist_ok=True)
    file = local / f"{SUBSET}_val.jsonl"
    if not file.exists():
        rows = [json.loads(line) for line in (folder / "q.jsonl").read_text("utf-8").splitlines()]
        lines = [
            json.dumps(
                {
                    "question": row["question"],
                    **dict(zip("ABCD", row["choices"], strict=True)),
                    "answer": row["answer"],
                }
            )
            for row in rows
        ]
        file.write_text("\n".join(lines) + "\n", "utf-8")
    return local
