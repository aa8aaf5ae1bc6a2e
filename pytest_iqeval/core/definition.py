"""What a benchmark is: its definition, and the definition with its samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_iqeval.core.few_shot import NO_EXAMPLES, FewShot
from pytest_iqeval.core.hub import HubSource
from pytest_iqeval.core.kinds import Ask, what_is_asked
from pytest_iqeval.core.row_rules import RowRules
from pytest_iqeval.core.sample import Sample
from pytest_iqeval.core.tasks.options import OPTION

DATA_SUFFIXES = (".jsonl", ".csv", ".tsv", ".json", ".parquet")
PACKED = ".gz"
"""What may follow each of them."""

DEFAULT_SUBSET = "default"
"""The one subset of a set that has none."""
EACH = "*"
"""In a layout, the files whose names or rows say the subset themselves."""
NAMED = "{subset}"
"""What stands for a subset in the name of a file."""

Fields = Mapping[str, str | tuple[str, ...]]
"""Our names of a row's parts, and the data's: a column, or several that hold an option each."""


def data_suffix(name: str) -> str | None:
    """The suffix that says what a data file holds; ``None``: it is none."""
    name = name.lower().removesuffix(PACKED)
    return next((suffix for suffix in DATA_SUFFIXES if name.endswith(suffix)), None)


def data_stem(name: str) -> str:
    """A data file's name without what says how it is written."""
    plain = name[: -len(PACKED)] if name.lower().endswith(PACKED) else name
    return plain.removesuffix(plain[len(plain) - len(data_suffix(name) or "") :])


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way in which the files of a benchmark may lie in a folder.

    ``test`` maps each subset to the names that may hold it, of which the first that is there is
    read; a ``*`` in a name stands for any text without ``/``, and all files that fit are read.
    Under `EACH` files and rows say their subset themselves: by `NAMED` in the name, else by
    ``subset``, a column, or a template over columns (``Level-{level}``). ``dev`` holds few-shot
    examples in the same way, and need not be there; under `EACH` with neither, they are every
    subset's. ``columns`` are those of a CSV or TSV file without a header (an empty one is not
    kept). ``fields``, ``answer_kind`` and ``rows`` hold for these files.
    """

    test: Mapping[str, tuple[str, ...]]
    dev: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subset: str | None = None
    columns: tuple[str, ...] = ()
    fields: Fields
    answer_kind: str
    rows: RowRules = field(default_factory=RowRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A benchmark as its YAML says it.

    ``language`` (``zh`` or ``en``) chooses the general prompts of ``--iqeval-answer letter`` and
    ``json``. ``data`` are the layouts that its files may have, the first that fits is read.
    ``subsets`` are their names in order, with what is known of each (``category``, ``title``, …),
    and empty where the data alone tells them. ``fields`` maps our names (``question``, ``choices``,
    ``answer``, ``id``, …) to the data's; ``choices`` may be several columns, an option each, and
    is absent where the questions are free. ``answer_kind`` is one of
    `core.kinds.ANSWER_KINDS`. ``labels`` is what the options are shown with: ``letters`` (A, B, …)
    or ``digits`` (1, 2, …). ``prompt`` is a template over ``{question}``, ``{options}``,
    ``{letters}`` (the labels) and ``{subset}`` (its title, or its name); ``option`` is the
    template of one option in the definition's own prompts. ``few_shot`` says how examples are
    shown before a question. ``metrics`` are further shares that its
    reports show. ``average`` is ``micro`` (over questions) or ``macro`` (over subsets):
    which of the two its makers report. ``source`` says where prompt, examples and averaging were
    taken from. ``group`` names the field, ours or a column, by which questions go together (a
    passage, a template). ``gates`` are expressions about its questions, which hold in every run.
    ``rows`` says how the values of a row become texts. ``unavailable`` names what users may ask
    for and can't have, with the reason. ``generation`` are fields of the request body for its
    questions alone, ``None`` for one that is left out: a suite gives them. ``hub`` is where its
    data can be fetched. ``file`` is where the definition was read, for messages.
    """

    name: str
    language: str
    prompt: str
    system: str | None = None
    scorer: str = "choice"
    scorer_options: Mapping[str, object] = field(default_factory=dict)
    data: tuple[Layout, ...] = ()
    subsets: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    fields: Fields
    answer_kind: str = "letter"
    labels: str = "letters"
    option: str = OPTION
    few_shot: FewShot = NO_EXAMPLES
    average: str = "micro"
    metrics: tuple[str, ...] = ()
    title: str = ""
    description: str = ""
    licence: str | None = None
    licence_url: str | None = None
    homepage: str | None = None
    revision: str | None = None
    source: str | None = None
    group: str | None = None
    gates: tuple[str, ...] = ()
    generation: Mapping[str, object] = field(default_factory=dict)
    rows: RowRules = field(default_factory=RowRules)
    unavailable: Mapping[str, str] = field(default_factory=dict)
    hub: tuple[HubSource, ...] = ()
    file: str = ""

    @property
    def asks(self) -> Ask:
        """What its questions ask for."""
        return what_is_asked(self.scorer, self.answer_kind, options="choices" in self.fields)

    def category(self, subset: str) -> str | None:
        """What the definition puts a subset under (STEM, 人文), if anything."""
        category = self.subsets.get(subset, {}).get("category")
        return None if category is None else str(category)

    @property
    def wording(self) -> tuple[object, ...]:
        """What its questions are asked with: its own templates, and how many examples."""
        return self.prompt, self.system, self.option, self.few_shot

    @property
    def dev_files(self) -> tuple[str, ...]:
        """The names that the files of its few-shot examples may have."""
        names = (files for layout in self.data for files in layout.dev.values())
        return tuple(dict.fromkeys(name for files in names for name in files))

    def shown_subset(self, subset: str) -> str:
        """What a prompt calls a subset: its title, where one is known."""
        return str(self.subsets.get(subset, {}).get("title", subset))


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A definition and all its samples, subset by subset in file order.

    ``dev`` holds the few-shot examples of each subset, in file order (under ``default``: of every
    subset). ``revision`` is the definition's, else the first 12 hex digits of the data's sha256.
    ``data_sha256`` covers the bytes of all data files (unpacked, and without those of ``dev``) in
    the order in which they are read.
    """

    definition: Definition
    samples: tuple[Sample, ...]
    dev: Mapping[str, tuple[Sample, ...]] = field(default_factory=dict)
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
