"""Real data that lies beside a checkout, for tests that compare with it; absent elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "../shared/data"


def shared_data(name: str) -> Path:
    """A file or folder of the shared data, or a skip of the test that asks for it.

    ``IQEVAL_SHARED_DATA`` names another folder than ``shared/data`` beside the checkout.
    """
    path = Path(os.environ.get("IQEVAL_SHARED_DATA") or _BESIDE) / name
    if not path.exists():
        pytest.skip(f"the shared data has no {name} here")
    return path
