"""Writes the tables of `docs/rules.md` from the rules that the readers go by.

Run it after a change of a rule: ``python docs/make_rules.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pytest_iqeval.core.extract.reading import Rule
from pytest_iqeval.core.scorers import SCORERS, make_scorer
from pytest_iqeval.core.scorers.reading import ReadingScorer

PAGE = Path(__file__).with_name("rules.md")
BEGIN, END = "<!-- rules: begin -->\n", "<!-- rules: end -->\n"
NEEDED: Mapping[str, Mapping[str, object]] = {"regex": {"pattern": "(.*)"}}
"""Options without which a scorer can't be made."""


def scorers_by_table() -> Mapping[tuple[Rule, ...], list[str]]:
    """Each table of rules with the scorers that read by it."""
    tables: dict[tuple[Rule, ...], list[str]] = {}
    for name in SCORERS:
        scorer = make_scorer(name, NEEDED.get(name, {}))
        if isinstance(scorer, ReadingScorer):
            tables.setdefault(scorer.rules, []).append(name)
    return tables


def tables() -> str:
    """A section with a table for each set of rules."""
    sections = []
    for rules, names in scorers_by_table().items():
        rows = [
            f"## {', '.join(names)}",
            "",
            "| rule | language | what it matches | example | read as |",
            "| --- | --- | --- | --- | --- |",
            *map(_row, rules),
        ]
        sections.append("\n".join(rows))
    return "\n\n".join(sections) + "\n"


def with_tables(page: str) -> str:
    """The page with the present tables between its marks."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


def _row(rule: Rule) -> str:
    cells = (f"`{rule.name}`", rule.language, _escaped(rule.matches))
    return f"| {' | '.join(cells)} | {_code(rule.example)} | {_code(rule.reads)} |"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("<", "&lt;").replace("|", "\\|").replace("*", "\\*")


def _code(text: str) -> str:
    """`text` as code in a cell: line breaks as ⏎."""
    marks = "``" if "`" in text else "`"
    return f"{marks}{text.replace(chr(10), '⏎').replace('|', chr(92) + '|')}{marks}"


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
