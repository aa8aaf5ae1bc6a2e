"""Styles where a terminal takes them, and nowhere else."""

from __future__ import annotations

import io

import pytest

from pytest_iqeval.cli.output import Output


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "styled"),
    [
        (Terminal, {"TERM": "xterm"}, True),
        (Terminal, {"TERM": "xterm", "NO_COLOR": ""}, True),
        (Terminal, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal, {"TERM": "dumb"}, False),
        (io.StringIO, {"TERM": "xterm"}, False),
    ],
)
def test_styles_are_for_terminals(
    stream: type[io.StringIO], environ: dict[str, str], styled: bool
) -> None:
    out = Output(stream(), environ)
    assert out.styled is styled
    assert out.style("B", "red") == ("\x1b[31mB\x1b[0m" if styled else "B")


def test_a_style_does_not_run_over_the_end_of_a_line() -> None:
    out = Output(Terminal(), {})
    assert out.style("a\nb", "bold") == "\x1b[1ma\x1b[0m\n\x1b[1mb\x1b[0m"


def test_a_full_disk_is_not_taken_for_a_reader_that_left() -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        Output(Full(), {}).line("x")
