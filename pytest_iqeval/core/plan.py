"""What was selected for a run, question by question, in collection order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pytest_iqeval.core.request import Key
from pytest_iqeval.core.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One item that asks: its node id and its sample.

    ``marked`` tells a user's own test function (the ``iqeval`` marker) from a collected question.
    ``ahead`` is false for an item that may be skipped: its request waits until it is wanted.
    ``certain`` is false for a test that takes the sample alone: it counts only if it asks.
    """

    node_id: str
    sample: Sample
    marked: bool = False
    ahead: bool = True
    certain: bool = True

    @property
    def key(self) -> Key:
        """Its question, as the key of the first request for it."""
        return Key(self.sample.benchmark, self.sample.subset, self.sample.id)

    def to_plain(self) -> dict[str, object]:
        """Plain types only, for the workers' channel."""
        return {
            "node_id": self.node_id,
            "sample": self.sample.to_plain(),
            "marked": self.marked,
            "ahead": self.ahead,
            "certain": self.certain,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Planned:
        """The inverse of `to_plain`."""
        return cls(
            node_id=plain["node_id"],
            sample=Sample.from_plain(plain["sample"]),
            marked=plain["marked"],
            ahead=plain["ahead"],
            certain=plain["certain"],
        )
