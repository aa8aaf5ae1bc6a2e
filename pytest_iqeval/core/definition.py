"""What a benchmark is: its definition, and the definition with its samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_iqeval.core.kinds import Ask, what_is_asked
from pytest_iqeval.core.sample import Sample

DATA_SUFFIXES = (".jsonl", ".csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A benchmark as its YAML says it.

    ``language`` (``zh`` or ``en``) chooses the general prompts of ``--iqeval-answer letter`` and
    ``json``. ``data`` maps each subset to the file names that may hold it, the first that exists
    is read. ``fields`` maps our names (``question``, ``choices``, ``answer``, ``id``, …) to the
    data's; ``choices`` may be several columns, an option each, and is absent where the
    questions are free. ``answer_kind`` is one of `core.kinds.ANSWER_KINDS`. ``labels`` is what
    the options are shown with: ``letters`` (A, B, …) or ``digits`` (1, 2, …). ``prompt`` is a
    template over ``{question}``, ``{options}``, ``{letters}`` (the labels). ``group`` names the
    field, ours or a column, by which questions go together (a passage, a template). ``gates`` are
    expressions about its questions, which hold in every run. ``generation`` are fields of the
    request body for its questions alone, ``None`` for one that is left out: a suite gives them.
    ``file`` is where the definition was read, for messages.
    """

    name: str
    language: str
    prompt: str
    system: str | None = None
    scorer: str = "choice"
    scorer_options: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, str | tuple[str, ...]]
    answer_kind: str = "letter"
    labels: str = "letters"
    title: str = ""
    description: str = ""
    licence: str | None = None
    licence_url: str | None = None
    homepage: str | None = None
    revision: str | None = None
    group: str | None = None
    gates: tuple[str, ...] = ()
    generation: Mapping[str, object] = field(default_factory=dict)
    file: str = ""

    @property
    def asks(self) -> Ask:
        """What its questions ask for."""
        return what_is_asked(self.scorer, self.answer_kind, options="choices" in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A definition and all its samples, subset by subset in file order.

    ``revision`` is the definition's, else the first 12 hex digits of the data's sha256.
    ``data_sha256`` covers the bytes of all data files, in the order of the subsets.
    """

    definition: Definition
    samples: tuple[Sample, ...]
    data_sha256: str
    revision: str

    @property
    def name(self) -> str:
        """The definition's name."""
        return self.definition.name

    @property
    def subsets(self) -> tuple[str, ...]:
        """Subset names in order."""
        return tuple(dict.fromkeys(s.subset for s in self.samples))
