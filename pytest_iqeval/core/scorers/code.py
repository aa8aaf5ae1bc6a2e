"""Code: the function that the reply defines, against a test that runs it in a sandbox."""

from __future__ import annotations

from pytest_iqeval.core.errors import ScorerCrash
from pytest_iqeval.core.extract.code import defines, read_code
from pytest_iqeval.core.extract.code_rules import RULES
from pytest_iqeval.core.extract.reading import Reading
from pytest_iqeval.core.ports import Sandbox
from pytest_iqeval.core.program import Program
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.scorers.reading import ReadingScorer

TEST, ENTRY_POINT = "test", "entry_point"


class CodeScorer(ReadingScorer):
    """Judges replies by running them; runs nothing until it is told that it may (`allow`).

    A sample's input is the beginning of the program; its metadata hold the test and the name of
    the function that is asked for, under the names `test` and `entry_point` say.
    """

    rules = RULES
    runs_code = True
    """That replies are run is looked for by this name, before anything is asked."""

    def __init__(
        self, sandbox: Sandbox, *, test: str = TEST, entry_point: str = ENTRY_POINT
    ) -> None:
        self._sandbox = sandbox
        self._test, self._entry_point = test, entry_point
        self._allowed = False

    def allow(self) -> None:
        """Let replies be run: the user has said so."""
        self._allowed = True

    def target_fault(self, sample: Sample) -> str | None:
        """A sample without a test, or without the name of a function."""
        for field in (self._test, self._entry_point):
            value = sample.metadata.get(field)
            if not isinstance(value, str) or not value.strip():
                return (
                    f"there is no {field!r} with it: the scorer code needs the test and the name "
                    "of the function, in columns `test` and `entry_point` (or as its options say)"
                )
        return None

    def read(self, sample: Sample, text: str) -> Reading:
        """The code that the reply commits to."""
        name = sample.metadata.get(self._entry_point)
        return read_code(text, name if isinstance(name, str) else None)

    def value(self, sample: Sample, answer: str) -> float:
        """1.0 for code that passes its test."""
        return self.worth(sample, answer)[0]

    def worth(self, sample: Sample, answer: str) -> tuple[float, str | None]:
        """`value`, and why the code failed.

        :raises ScorerCrash: nobody has allowed to run it, or that went wrong by itself.
        """
        if not self._allowed:
            raise ScorerCrash("it was not run: nobody has allowed to run the model's code")
        name = str(sample.metadata[self._entry_point])
        tested = self._sandbox.run(
            Program(
                prompt=sample.input,
                code=answer,
                whole=defines(answer, name),
                entry_point=name,
                test=str(sample.metadata[self._test]),
            )
        )
        return float(tested.passed), tested.why
