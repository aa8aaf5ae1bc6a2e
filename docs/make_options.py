"""Writes the table of options in `docs/options.md` from the option table of the code.

Run it after a change of `pytest_iqeval/core/options.py`: ``python docs/make_options.py``.
"""

from __future__ import annotations

from pathlib import Path

from pytest_iqeval.core.options import OPTIONS, Option

PAGE = Path(__file__).with_name("options.md")
BEGIN, END = "<!-- options: begin -->\n", "<!-- options: end -->\n"


def table() -> str:
    """The Markdown table, one row an option."""
    rows = [
        "| option | default | ini key | meaning |",
        "| --- | --- | --- | --- |",
        *map(_row, OPTIONS),
    ]
    return "\n".join(rows) + "\n"


def with_table(page: str) -> str:
    """The page with the present table between its marks."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _row(option: Option) -> str:
    typed = f"`{option.flag} {option.metavar}`" if option.metavar else f"`{option.flag}`"
    ini = f"`{option.dest}`" if option.ini else ""
    return f"| {typed} | {_default(option)} | {ini} | {_escaped(option.help)} |"


def _default(option: Option) -> str:
    default = option.default
    if default is None or default is False or default == ():  # 0 is a default to be shown
        return ""
    if isinstance(default, tuple):
        return f"`{','.join(default)}`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), "utf-8")
