"""What each dashboard would lose of a JUnit file; every limit with the page that names it.

* GitLab, "Unit test reports" (docs.gitlab.com/ci/testing/unit_test_reports): a file must be
  smaller than 30 MB, all files of a job together under 100 MB; of equal names the first is used.
  "Max test cases per unit test report" of gitlab.com (docs.gitlab.com/user/gitlab_com): 500,000.
* Buildkite Test Engine, "Importing JUnit XML"
  (buildkite.com/docs/test-engine/importing-junit-xml): at most 5,000 results a file, or the
  upload fails; ``classname`` and ``name`` are mandatory.
* Jenkins, the schema of its xUnit plugin: see `jenkins`.
* GitHub, "REST API endpoints for check runs" (docs.github.com/rest/checks/runs): 65,535
  characters a summary; reporters such as dorny/test-reporter list the failed tests in it.

Sizes are read strictly: a megabyte is a million bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from pytest_iqeval.reports.junit.tally import Tally

GITLAB_FILE_BYTES = 30_000_000
GITLAB_JOB_BYTES = 100_000_000
GITLAB_CASES = 500_000
BUILDKITE_CASES = 5_000
GITHUB_CHARACTERS = 65_535

_GITLAB = "docs.gitlab.com/ci/testing/unit_test_reports"
_GITLAB_COM = "docs.gitlab.com/user/gitlab_com"
_BUILDKITE = "buildkite.com/docs/test-engine/importing-junit-xml"
_JENKINS = "github.com/jenkinsci/xunit-plugin, junit-10.xsd"
_GITHUB = "docs.github.com/rest/checks/runs"
_SHOWN = 3
_MARGIN = 0.9  # test cases are not of one size


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One thing that would be lost: what, what to do, and the page that says so.

    ``mended_by_split`` tells what smaller files may not have: too many test cases, wrong counts.
    """

    what: str
    todo: str
    source: str
    mended_by_split: bool = False


def gitlab(found: Tally) -> Iterator[Loss]:
    """GitLab's unit test reports."""
    if found.size >= GITLAB_JOB_BYTES:
        yield Loss(
            what=f"the reports of a job must be under 100 MB together, and these are "
            f"{_megabytes(found.size)}",
            todo="give each benchmark a job of its own",
            source=_GITLAB,
        )
    if found.size >= GITLAB_FILE_BYTES:
        at_most = max(1, int(found.counts["tests"] * _MARGIN * GITLAB_FILE_BYTES / found.size))
        yield Loss(
            what=f"a file must be smaller than 30 MB, and this is {_megabytes(found.size)}",
            todo=f"--split {at_most}",
            source=_GITLAB,
            mended_by_split=True,
        )
    if found.counts["tests"] > GITLAB_CASES:
        yield Loss(
            what=f"gitlab.com reads 500,000 test cases, and these are {found.counts['tests']:,}",
            todo="give each benchmark a job of its own",
            source=_GITLAB_COM,
        )
    if twice := found.duplicates:
        lost = sum(n - 1 for n in twice.values())
        named = ", ".join(f"{c}.{n} ({k} times)" for (c, n), k in islice(twice.items(), _SHOWN))
        more = f", and {len(twice) - _SHOWN} more" if len(twice) > _SHOWN else ""
        yield Loss(
            what=f"of equal names only the first is used, so {_cases(lost)} would be lost: "
            f"{named}{more}",
            todo="give every test case another classname or name",
            source=_GITLAB,
        )


def buildkite(found: Tally) -> Iterator[Loss]:
    """Buildkite Test Engine."""
    if found.counts["tests"] > BUILDKITE_CASES:
        yield Loss(
            what=f"an upload of more than 5,000 results fails, and this has "
            f"{found.counts['tests']:,}",
            todo=f"--split {BUILDKITE_CASES}, and upload the files with the same run_env[key]",
            source=_BUILDKITE,
            mended_by_split=True,
        )
    for name, count in (("name", found.unnamed), ("classname", found.unclassed)):
        if count:
            yield Loss(
                what=f"{name} is mandatory, and {_cases(count)} without one are not taken in",
                todo=f"give every test case a {name}",
                source=_BUILDKITE,
            )


def jenkins(found: Tally) -> Iterator[Loss]:
    """Jenkins' xUnit plugin."""
    for fault, count in found.broken.most_common():
        times = f" ({count:,} times)" if count > 1 else ""
        yield Loss(
            what=f"the schema forbids {fault}{times}: the file is refused",
            todo="leave it out; properties stand at the suite",
            source=_JENKINS,
        )


def github(found: Tally) -> Iterator[Loss]:
    """Reporters that make a check run on GitHub."""
    if found.failed_names > GITHUB_CHARACTERS:
        yield Loss(
            what=f"a check run's summary holds 65,535 characters, and the names of the failed "
            f"tests alone are {found.failed_names:,}: not all can be listed",
            todo="publish report.html as an artifact; the step summary names what matters",
            source=_GITHUB,
        )


def every(found: Tally) -> Iterator[Loss]:
    """What no dashboard can show."""
    if found.unnamed:
        yield Loss(
            what=f"{_cases(found.unnamed)} without a name: nobody can tell them apart",
            todo="give every test case a name",
            source="github.com/testmoapp/junitxml",
        )
    if found.timeless:
        yield Loss(
            what=f"{_cases(found.timeless)} without a time: they count as instant",
            todo='write time="SECONDS" at every test case',
            source="github.com/testmoapp/junitxml",
        )
    for said in found.miscounted:
        yield Loss(
            what=f"{said}: totals and lists will disagree",
            todo="write the file again, or have --split count anew",
            source="github.com/testmoapp/junitxml",
            mended_by_split=True,
        )


# The name under which the command knows a dashboard, how it is called, and its rules.
DASHBOARDS: Mapping[str, tuple[str, Callable[[Tally], Iterator[Loss]]]] = {
    "gitlab": ("GitLab", gitlab),
    "buildkite": ("Buildkite Test Engine", buildkite),
    "jenkins": ("Jenkins", jenkins),
    "github": ("GitHub", github),
    "every": ("every dashboard", every),
}


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _cases(count: int) -> str:
    return "1 test case" if count == 1 else f"{count:,} test cases"
