"""Replies across runs, as a user sees it."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Project
from tests.support.endpoint import completion, status


def chats(project: Project) -> int:
    return len([r for r in project.endpoint.requests if r.body is not None])


def test_the_second_run_asks_only_what_no_run_has_a_good_reply_to(project: Project) -> None:
    """Errors and cut replies are asked again; a hit is in journal, report and replay."""
    project.wrong |= {
        "two": "ANSWER: A",
        "three": status(500),
        "wen": completion("ANSWER: A", finish_reason="length"),
    }
    project.run("--iqeval-cache=cache", "iqeval/quiz::IQ", "iqeval/quiz::EQ::wen")
    assert chats(project) == 4
    assert project.report["usage"]["cached"] == 0
    project.wrong.clear()
    result = project.run("--iqeval-cache=cache")
    assert chats(project) == 4 + 3
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["3 requests, 2 from the cache, *"])
    usage = project.report["usage"]
    assert (usage["requests"], usage["retries"], usage["cached"]) == (3, 0, 2)
    attempts = {row["id"]: row["attempts"] for row in project.rows()}
    assert attempts == {"one": 0, "two": 0, "three": 1, "wen": 1, "cry": 1}
    before = project.report
    again = project.pytester.runpytest_inprocess("--iqeval-replay=last")
    again.assert_outcomes(passed=4, failed=1)
    assert project.report["usage"] == before["usage"]
    # other generation settings are another body
    project.run("--iqeval-cache=cache", "--iqeval-max-tokens=9", "--iqeval-limit=1")
    assert chats(project) == 9


@pytest.mark.slow
def test_workers_share_the_cache_of_their_run(project: Project) -> None:
    """Also without a plan: a test that may be skipped asks only when it is reached."""
    project.run("--iqeval-cache=cache", "--iqeval-limit=2")
    result = project.run_apart("--iqeval-cache=cache", "-n2")
    result.assert_outcomes(passed=5)
    assert chats(project) == 5
    assert project.report["usage"]["cached"] == 4


def test_a_cache_that_cannot_be_is_told_before_anything_is_asked(project: Project) -> None:
    cache = project.pytester.mkdir("cache")
    (cache / "replies.sqlite3").write_bytes(b"no database" * 100)
    result = project.run("--iqeval-cache=cache")
    assert (result.ret, chats(project)) == (4, 0)
    result.stderr.fnmatch_lines(["*can't be used as a cache: file is not a database"])
    result = project.run("--iqeval-cache=cache", "--iqeval-gen=temperature=")
    assert (result.ret, chats(project)) == (4, 0)
    result.stderr.fnmatch_lines(["*no temperature and no seed*", "*--iqeval-cache-sampled*"])
