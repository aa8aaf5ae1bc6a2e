"""`own_rows` as files, in every layout that a named benchmark's data may have.

A layout is written into the benchmark's folder by ``LAYOUTS[name][layout](folder)``.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from tests.support import own_rows

Write = Callable[[Path], None]
Row = Mapping[str, object]
_LETTERS = "ABCD"


def table(rows: Iterable[Sequence[object]], header: Sequence[str] = ()) -> str:
    """CSV of cells."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def put(path: Path, content: str | bytes) -> None:
    """A file with the folders it needs, gzipped where its name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def jsonl(path: Path, rows: Iterable[Row]) -> None:
    """Rows as JSON Lines."""
    put(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def parquet(path: Path, rows: Sequence[Row]) -> None:
    """Rows as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), path)


def zipped(write: Write, name: str, folder: Path) -> None:
    """What another layout writes, inside a zip archive."""
    inside = folder / "inside"
    write(inside)
    with zipfile.ZipFile(folder / name, "w") as archive:
        for path in sorted(inside.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(inside).as_posix())
                path.unlink()
    for path in sorted(inside.rglob("*"), reverse=True):
        path.rmdir()
    inside.rmdir()


def by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """Rows by the value of a column."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[key]), []).append(row)
    return groups


MMLU = (("test", own_rows.MMLU_TEST), ("dev", own_rows.MMLU_DEV))
CMMLU = (("test", own_rows.CMMLU_TEST), ("dev", own_rows.CMMLU_DEV))
CEVAL = (("val", own_rows.CEVAL_VAL), ("dev", own_rows.CEVAL_DEV))
GSM8K = (("test", own_rows.GSM8K_TEST), ("train", own_rows.GSM8K_TRAIN))
MATH = (("test", own_rows.MATH_TEST), ("train", own_rows.MATH_TRAIN))
ARC = {
    "ARC-Easy": (("Test", own_rows.ARC_EASY_TEST), ("Train", own_rows.ARC_TRAIN)),
    "ARC-Challenge": (("Test", own_rows.ARC_CHALLENGE_TEST), ("Train", own_rows.ARC_TRAIN)),
}


def _mmlu_cells(row: Row) -> list[object]:
    return [row["question"], *row["choices"], _LETTERS[row["answer"]]]  # type: ignore[misc,index]


def mmlu_one_file(folder: Path) -> None:
    for split, rows in MMLU:
        cells = [[row["subject"], *_mmlu_cells(row)] for row in rows]
        header = ["subject", "question", *_LETTERS, "answer"]
        put(folder / f"mmlu_{split}.csv.gz", table(cells, header))


def mmlu_makers(folder: Path) -> None:
    for split, rows in MMLU:
        for subject, ones in by(rows, "subject").items():
            put(folder / split / f"{subject}_{split}.csv", table(map(_mmlu_cells, ones)))


def mmlu_hub(folder: Path) -> None:
    for split, rows in MMLU:
        parquet(folder / f"all/{split}-00000-of-00001.parquet", rows)


def _cmmlu_cells(number: int, row: Row) -> list[object]:
    texts = [text[4:] for text in row["choices"]]  # type: ignore[attr-defined]
    return [number, row["question"], *texts, str(row["answer"])[1]]


def cmmlu_one_file(folder: Path) -> None:
    for split, rows in CMMLU:
        cells = [
            [subject, *_cmmlu_cells(number, row)]
            for subject, ones in by(rows, "category").items()
            for number, row in enumerate(ones)
        ]
        header = ["subject", "", "Question", *_LETTERS, "Answer"]
        put(folder / f"cmmlu_{split}.csv.gz", table(cells, header))


def cmmlu_makers(folder: Path) -> None:
    for split, rows in CMMLU:
        for subject, ones in by(rows, "category").items():
            cells = [_cmmlu_cells(number, row) for number, row in enumerate(ones)]
            header = ["", "Question", *_LETTERS, "Answer"]
            put(folder / split / f"{subject}.csv", table(cells, header))


def cmmlu_evalscope(folder: Path) -> None:
    for split, rows in CMMLU:
        jsonl(folder / f"{split}.jsonl", rows)


def ceval_one_file(folder: Path) -> None:
    for split, rows in CEVAL:
        header = ["subject", *_ceval_columns(split)]
        cells = [[row[name] for name in header] for row in rows]
        put(folder / f"ceval_{split}.csv.gz", table(cells, header))


def ceval_makers(folder: Path) -> None:
    for split, rows in CEVAL:
        header = _ceval_columns(split)
        for subject, ones in by(rows, "subject").items():
            cells = [[row[name] for name in header] for row in ones]
            put(folder / split / f"{subject}_{split}.csv", table(cells, header))


def ceval_hub(folder: Path) -> None:
    for split, rows in CEVAL:
        for subject, ones in by(rows, "subject").items():
            parts = [{k: v for k, v in row.items() if k != "subject"} for row in ones]
            parquet(folder / subject / f"{split}-00000-of-00001.parquet", parts)


def _ceval_columns(split: str) -> list[str]:
    return ["id", "question", *_LETTERS, "answer", *(["explanation"] if split == "dev" else [])]


def gsm8k_makers(folder: Path) -> None:
    for split, rows in GSM8K:
        jsonl(folder / f"{split}.jsonl", rows)


def gsm8k_repository(folder: Path) -> None:
    gsm8k_makers(folder / "grade_school_math/data")


def gsm8k_hub(folder: Path) -> None:
    for split, rows in GSM8K:
        parquet(folder / f"main/{split}-00000-of-00001.parquet", rows)


def arc_makers(folder: Path) -> None:
    for subset, splits in ARC.items():
        for split, rows in splits:
            nested = [
                {
                    "id": row["id"],
                    "question": {
                        "stem": row["question"],
                        "choices": [
                            {"text": text, "label": label}
                            for text, label in zip(*row["choices"].values(), strict=True)
                        ],
                    },
                    "answerKey": row["answerKey"],
                }
                for row in rows
            ]
            jsonl(folder / subset / f"{subset}-{split}.jsonl", nested)


def arc_hub(folder: Path) -> None:
    for subset, splits in ARC.items():
        for split, rows in splits:
            parquet(folder / subset / f"{split.lower()}-00000-of-00001.parquet", rows)


def arc_mosaic(folder: Path) -> None:
    for subset, splits in ARC.items():
        rows = [
            {
                "query": f"Question: {row['question']}",
                "choices": row["choices"]["text"],
                "gold": row["choices"]["label"].index(row["answerKey"]),
            }
            for row in splits[0][1]
        ]
        jsonl(folder / f"{subset.lower().replace('-', '_')}_test.jsonl", rows)


def hellaswag_makers(folder: Path) -> None:
    rows = [{**row, "label": int(str(row["label"]))} for row in own_rows.HELLASWAG_VAL]
    jsonl(folder / "hellaswag_val.jsonl", rows)


def hellaswag_hub(folder: Path) -> None:
    parquet(folder / "data/validation-00000-of-00001.parquet", own_rows.HELLASWAG_VAL)


def _mc_task() -> list[Row]:
    return [
        {
            key: dict(zip(*value.values(), strict=True)) if isinstance(value, dict) else value
            for key, value in row.items()
        }
        for row in own_rows.TRUTHFULQA_VAL
    ]


def truthfulqa_lines(folder: Path) -> None:
    jsonl(folder / "mc_task.jsonl", _mc_task())


def truthfulqa_array(folder: Path) -> None:
    put(folder / "mc_task.json", json.dumps(_mc_task(), indent=2))


def truthfulqa_hub(folder: Path) -> None:
    name = "multiple_choice/validation-00000-of-00001.parquet"
    parquet(folder / name, own_rows.TRUTHFULQA_VAL)


def truthfulqa_table(folder: Path) -> None:
    header = ["Type", "Category", "Question", "Best Answer", "Correct Answers", "Incorrect Answers"]
    cells = []
    for row in _mc_task():
        best, *wrong = row["mc1_targets"]  # type: ignore[misc]
        cells.append(
            ["Adversarial", "Myths", row["question"], best, f"No; {best}", "; ".join(wrong)]
        )
    put(folder / "TruthfulQA.csv", table(cells, header))


def math_makers(folder: Path) -> None:
    for split, rows in MATH:
        for number, row in enumerate(rows):
            name = f"{split}/{str(row['type']).lower()}/{number}.json"
            put(folder / "MATH" / name, json.dumps(row, indent=2))


def math_lines(folder: Path) -> None:
    for split, rows in MATH:
        jsonl(folder / f"{split}.jsonl", rows)


def math_hub(folder: Path) -> None:
    for split, rows in MATH:
        parquet(folder / f"data/{split}-00000-of-00001.parquet", rows)


def math_subjects(folder: Path) -> None:
    for split, rows in MATH:
        for subject, ones in by(rows, "type").items():
            parquet(folder / subject.lower() / f"{split}-00000-of-00001.parquet", ones)


def math500_lines(folder: Path) -> None:
    jsonl(folder / "test.jsonl", own_rows.MATH500_TEST)


def humaneval_makers(folder: Path) -> None:
    jsonl(folder / "HumanEval.jsonl.gz", own_rows.HUMANEVAL_TEST)


def humaneval_hub(folder: Path) -> None:
    name = "openai_humaneval/test-00000-of-00001.parquet"
    parquet(folder / name, own_rows.HUMANEVAL_TEST)


LAYOUTS: Mapping[str, Mapping[str, Write]] = {
    "mmlu": {
        "one file": mmlu_one_file,
        "makers": mmlu_makers,
        "zip": partial(zipped, mmlu_makers, "data.zip"),
        "hub (parquet)": mmlu_hub,
    },
    "cmmlu": {
        "one file": cmmlu_one_file,
        "makers": cmmlu_makers,
        "zip": partial(zipped, cmmlu_makers, "cmmlu_v1_0_1.zip"),
        "evalscope": cmmlu_evalscope,
    },
    "ceval": {
        "one file": ceval_one_file,
        "makers": ceval_makers,
        "zip": partial(zipped, ceval_makers, "ceval-exam.zip"),
        "hub (parquet)": ceval_hub,
    },
    "gsm8k": {
        "makers": gsm8k_makers,
        "repository": gsm8k_repository,
        "hub (parquet)": gsm8k_hub,
    },
    "arc": {"makers": arc_makers, "hub (parquet)": arc_hub, "mosaic": arc_mosaic},
    "hellaswag": {"makers": hellaswag_makers, "hub (parquet)": hellaswag_hub},
    "truthfulqa": {
        "lines": truthfulqa_lines,
        "array": truthfulqa_array,
        "table": truthfulqa_table,
        "hub (parquet)": truthfulqa_hub,
    },
    "math": {
        "makers": math_makers,
        "lines": math_lines,
        "hub (parquet)": math_hub,
        "subjects (parquet)": math_subjects,
    },
    "math500": {"lines": math500_lines},
    "humaneval": {"makers": humaneval_makers, "hub (parquet)": humaneval_hub},
}
