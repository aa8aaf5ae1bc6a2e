"""How far a download is: lines in a log, one line on a terminal."""

from __future__ import annotations

import io

import pytest

from pytest_iqeval.sources.hub import progress
from pytest_iqeval.sources.hub.progress import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, lang: str = "en") -> str:
    """A fetch of two files, a second between all steps."""
    clock = iter(range(100))
    monkeypatch.setattr(progress.time, "monotonic", lambda: float(next(clock)))
    heard = Progress(stream, lang)  # type: ignore[arg-type]
    heard.begin("tiny", 2, 3_000_000)
    heard.more(1_500_000)
    heard.file()
    heard.say("a word \x1b[31m::error::")
    heard.more(1_500_000)
    heard.file()
    heard.end()
    return stream.getvalue()


def test_logs_get_a_line_at_the_beginning_and_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(io.StringIO(), monkeypatch) == (
        "iqeval: fetching tiny: 2 files, 3.0 MB\n"
        "iqeval: a word \\x1b[31m::error::\n"
        "iqeval: fetched tiny: 3.0 MB in 3.0 s\n"
    )
    assert "iqeval: 正在下载 tiny：2 个文件，3.0 MB\n" in told(io.StringIO(), monkeypatch, "zh")


def test_a_long_fetch_says_now_and_then_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_BEAT_S", 1.0)
    assert "iqeval: tiny: 0 of 2 files, 1.5 MB / 3.0 MB, 1.5 MB/s\n" in told(
        io.StringIO(), monkeypatch
    )


def test_a_terminal_has_one_line_that_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    text = told(Terminal(), monkeypatch)
    assert "\riqeval: tiny: 0 of 2 files, 1.5 MB / 3.0 MB, 1.5 MB/s\r" in text
    assert text.endswith("\riqeval: fetched tiny: 3.0 MB in 3.0 s\n")


def test_a_fetch_that_failed_is_not_said_to_be_done() -> None:
    stream = io.StringIO()
    heard = Progress(stream, "en")
    heard.begin("tiny", 1, None)
    heard.more(10)
    heard.end()
    assert stream.getvalue() == "iqeval: fetching tiny: 1 file\n"


def test_a_closed_stream_stops_nothing() -> None:
    stream = io.StringIO()
    heard = Progress(stream, "en")
    stream.close()
    heard.say("x")
