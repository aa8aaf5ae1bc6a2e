"""A definition whose data lies on a hub."""

from __future__ import annotations

from pytest_iqeval.core.definition import Definition
from tests.support.questions import definition

REPO = "owner/tiny"
IQ = b'{"question": "1 + 1?"}\n' * 50
FILES = {"test/IQ.jsonl": IQ, "test/EQ.jsonl": b"{}\n", "README.md": b"#"}


def tiny(files: object = ("test/*.jsonl",), *, hubs: str = "modelscope huggingface") -> Definition:
    """A definition with data on hubs."""
    given = files if isinstance(files, dict) else list(files)  # type: ignore[call-overload]
    source = {"repo": REPO, "files": given}
    return definition(
        data={"IQ": "test/IQ.jsonl", "EQ": "test/EQ.jsonl"},
        hub=dict.fromkeys(hubs.split(), source),
    )
