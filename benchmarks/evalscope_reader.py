"""EvalScope's own reading of replies: run inside an environment that has it installed.

    python benchmarks/evalscope_reader.py < rows.jsonl > answers.jsonl

A row has ``scorer``, ``text``, ``options`` (how many), ``target``, ``prompt_language``; the answer
to it is a pair: what it read (null where it read nothing), and whether that is right.
`benchmarks/answer_reader.py --peer` does all of this.
"""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any


def main() -> None:
    """Answer each line of stdin with one line."""
    from evalscope.metrics.math.parser import extract_answer, math_equal
    from evalscope.utils.multi_choices import parse_answers, parse_answers_zh

    for line in sys.stdin:
        row: dict[str, Any] = json.loads(line)
        answer: str | None
        if row["scorer"] in ("choice", "multi_choice"):
            parse = parse_answers_zh if row["prompt_language"] == "zh" else parse_answers
            state = SimpleNamespace(choices=range(row["options"]))
            several = row["scorer"] == "multi_choice"
            letters = parse(state, multiple_correct=several, completion=row["text"])
            answer = "".join(sorted(letters)) or None
            right = answer == row["target"]
        else:
            answer = extract_answer(row["text"]) or None
            right = bool(math_equal(answer, row["target"]))
        print(json.dumps([answer, right]), flush=True)


if __name__ == "__main__":
    main()
