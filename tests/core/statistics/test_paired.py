"""Two runs question by question: against scipy and statsmodels, and by their properties."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_iqeval.core.statistics.paired import (
    MIN_CHANGED,
    holm,
    mcnemar,
    mcnemar_two_sided,
    paired_difference,
    score_interval,
    sign_flip,
)

COUNTS = st.integers(0, 400)
LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])
FRACTIONS = st.lists(st.sampled_from([-1, -0.6, -0.2, 0, 0.2, 0.4, 1]), min_size=1, max_size=80)


@st.composite
def flips(draw: st.DrawFn) -> tuple[int, int, int]:
    """Lost, gained, and of how many."""
    n = draw(st.integers(1, 2000))
    lost = draw(st.integers(0, n))
    return lost, draw(st.integers(0, n - lost)), n


@settings(deadline=None)
@given(lost=COUNTS, gained=COUNTS)
def test_mcnemar_equals_scipys_binomial_test(lost: int, gained: int) -> None:
    scipy = pytest.importorskip("scipy.stats")
    if lost + gained:
        theirs = scipy.binomtest(lost, lost + gained, 0.5, alternative="greater").pvalue
        assert mcnemar(lost, gained) == pytest.approx(theirs, abs=1e-9)


@settings(deadline=None)
@given(lost=COUNTS, gained=COUNTS)
def test_the_two_sided_test_equals_statsmodels(lost: int, gained: int) -> None:
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    if lost + gained:
        theirs = tables.mcnemar([[0, lost], [gained, 0]], exact=True).pvalue
        assert mcnemar_two_sided(lost, gained) == pytest.approx(theirs, abs=1e-9)


@given(lost=COUNTS, gained=COUNTS)
def test_mcnemar_grows_with_the_gained_and_falls_with_the_lost(lost: int, gained: int) -> None:
    """And both directions share the probability of what was seen."""
    p = mcnemar(lost, gained)
    assert 0 <= mcnemar(lost + 1, gained) <= p <= mcnemar(lost, gained + 1) <= 1
    seen = math.comb(lost + gained, lost) / 2 ** (lost + gained)
    assert p + mcnemar(gained, lost) == pytest.approx(1 + seen, abs=1e-12)


def test_mcnemar_by_hand() -> None:
    """Five lost and none gained is the least that 5 % sees; nothing changed shows nothing."""
    assert mcnemar(5, 0) == 1 / 32
    assert mcnemar(4, 0) == 1 / 16
    assert mcnemar(0, 0) == mcnemar_two_sided(0, 0) == 1.0
    assert mcnemar_two_sided(5, 0) == 1 / 16
    assert mcnemar(2_000, 0) == 0.0  # below the smallest float, and no fault
    assert 0.5 < mcnemar(7_000, 7_000) < 0.51


def test_a_count_below_0_is_refused() -> None:
    with pytest.raises(ValueError, match="no count is below 0"):
        mcnemar(-1, 2)


def most_likely_error(lost: int, gained: int, n: int, difference: float) -> float:
    """The standard error if `difference` is true, from the likelihood as it is defined."""
    optimize = pytest.importorskip("scipy.optimize")

    def slope(q: float) -> float:
        same = n - lost - gained
        return lost / q + gained / (q + difference) - 2 * same / (1 - 2 * q - difference)

    low, high = max(0.0, -difference), (1 - difference) / 2
    edge = (high - low) * 1e-13
    q = optimize.brentq(slope, low + edge, high - edge, xtol=1e-15)
    return math.sqrt((2 * q + difference - difference**2) / n)


@settings(deadline=None, max_examples=50)
@given(flip=flips(), level=LEVELS)
@example(flip=(7, 1, 21), level=0.95)
@example(flip=(40, 20, 160), level=0.95)
def test_the_ends_are_z_errors_away_as_scipy_finds_them(
    flip: tuple[int, int, int], level: float
) -> None:
    """Tango's interval, with the likelihood maximised by scipy instead of by his formula."""
    stats = pytest.importorskip("scipy.stats")
    lost, gained, n = flip
    if not lost or not gained or lost + gained == n:
        return  # there the likelihood is greatest at a border; see the closed forms below
    z = stats.norm.ppf((1 + level) / 2)
    mean = (gained - lost) / n
    for end, side in zip(score_interval(lost, gained, n, level), (1, -1), strict=True):
        away = (mean - end) / most_likely_error(lost, gained, n, end)
        assert away == pytest.approx(side * z, abs=1e-7)


@given(n=st.integers(1, 20_000), level=LEVELS)
def test_with_nothing_changed_the_interval_has_a_known_width(n: int, level: float) -> None:
    """±z²/(n + z²), to 1e-9."""
    stats = pytest.importorskip("scipy.stats")
    z2 = float(stats.norm.ppf((1 + level) / 2)) ** 2
    assert score_interval(0, 0, n, level) == pytest.approx((-z2 / (n + z2), z2 / (n + z2)))


@settings(deadline=None)
@given(n=st.integers(1, 5_000), share=st.floats(0, 1))
def test_where_every_question_changed_it_is_wilsons(n: int, share: float) -> None:
    """Then the difference is 2·gained/n - 1, and its score interval that of a share."""
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    gained = round(share * n)
    low, high = proportion.proportion_confint(gained, n, method="wilson")
    found = score_interval(n - gained, gained, n)
    assert found == pytest.approx((2 * low - 1, 2 * high - 1), abs=1e-9)


@given(flip=flips(), level=LEVELS)
def test_the_score_interval_holds_the_difference_and_mirrors(
    flip: tuple[int, int, int], level: float
) -> None:
    lost, gained, n = flip
    low, high = score_interval(lost, gained, n, level)
    assert -1 <= low <= (gained - lost) / n <= high <= 1
    assert low < high
    assert score_interval(gained, lost, n, level) == pytest.approx((-high, -low), abs=1e-12)


@given(flip=flips())
def test_a_higher_level_is_a_wider_interval(flip: tuple[int, int, int]) -> None:
    near, far = score_interval(*flip, 0.9), score_interval(*flip, 0.99)
    assert far[0] <= near[0] <= near[1] <= far[1]


def test_the_interval_and_mcnemar_agree() -> None:
    """0 leaves a 90 % interval where the uncorrected one-sided test says 5 %."""
    for lost in range(1, 40):
        for gained in range(20):
            z = (lost - gained) / math.sqrt(lost + gained)
            if abs(z - 1.645) > 0.01:
                assert (score_interval(lost, gained, 100, 0.9)[1] < 0) is (z > 1.645)


def lower_end_too_high(interval, lost: float, gained: float, n: int) -> float:
    """The exact probability that the lower end lies above the true difference."""
    total = 0.0
    for x in range(n + 1):
        for y in range(n + 1 - x):
            logs = math.lgamma(n + 1) - math.lgamma(x + 1) - math.lgamma(y + 1)
            logs += x * math.log(lost) + y * math.log(gained) - math.lgamma(n - x - y + 1)
            logs += (n - x - y) * math.log(1 - lost - gained)
            if logs > -25 and interval(x, y, n)[0] > gained - lost:
                total += math.exp(logs)
    return total


@pytest.mark.parametrize(("lost", "gained"), [(0.03, 0.001), (0.05, 0.02), (0.13, 0.1)])
def test_few_questions_promise_little(lost: float, gained: float) -> None:
    """Of 40 questions; 2.5 % are meant. The figures of the docstring are the first."""

    def by_spread(x: int, y: int, n: int) -> tuple[float, float]:
        mean = (y - x) / n
        half = 1.96 * math.sqrt(((x + y) / n - mean**2) / n)
        return mean - half, mean + half

    assert lower_end_too_high(score_interval, lost, gained, 40) < 0.027
    if lost == 0.03:
        assert lower_end_too_high(score_interval, lost, gained, 40) < 0.0005
        assert lower_end_too_high(by_spread, lost, gained, 40) == pytest.approx(0.30, abs=0.005)


@pytest.mark.parametrize(
    ("lost", "gained", "n", "level"),
    [(1, 0, 0, 0.95), (-1, 0, 2, 0.95), (2, 1, 2, 0.95), (0, 0, 1, 1)],
)
def test_no_interval_of_what_are_no_counts(lost: int, gained: int, n: int, level: float) -> None:
    with pytest.raises(ValueError, match="no interval for"):
        score_interval(lost, gained, n, level)


@settings(deadline=None)
@given(differences=FRACTIONS, level=LEVELS)
def test_fractions_with_a_spread_have_statsmodels_interval(
    differences: list[float], level: float
) -> None:
    weightstats = pytest.importorskip("statsmodels.stats.weightstats")
    changed = sum(d != 0 for d in differences)
    if changed < MIN_CHANGED or set(differences) <= {-1, 0, 1} or len(set(differences)) == 1:
        return
    low, high = weightstats.DescrStatsW(differences).zconfint_mean(alpha=1 - level)
    found = paired_difference(differences, level)
    assert (found.low, found.high) == pytest.approx((max(-1, low), min(1, high)), abs=1e-9)


@given(flip=flips())
def test_whole_losses_and_gains_have_the_score_interval(flip: tuple[int, int, int]) -> None:
    lost, gained, n = flip
    found = paired_difference([-1.0] * lost + [1.0] * gained + [0.0] * (n - lost - gained))
    assert (found.low, found.high) == score_interval(lost, gained, n)
    assert (found.mean, found.n) == ((gained - lost) / n, n)


@given(differences=FRACTIONS, level=LEVELS)
def test_the_paired_interval_holds_the_mean_and_has_a_width(
    differences: list[float], level: float
) -> None:
    found = paired_difference(differences, level)
    assert -1 <= found.low <= found.mean + 1e-12
    assert found.mean - 1e-12 <= found.high <= 1
    assert found.low < found.high


def test_differences_that_are_all_alike_are_not_certain() -> None:
    """Every question a fifth worse; one question that changed a little."""
    found = paired_difference([-0.2] * 50)
    assert -0.24 < found.low < -0.2 < found.high < -0.16
    few = paired_difference([0.2] + [0.0] * 119)
    assert few.low < -0.02
    assert few.high > 0.025


@pytest.mark.parametrize("step", [0.2, 0.4, 0.5, 1])
def test_a_few_small_losses_are_no_chance_to_the_interval_where_they_are_none_to_the_test(
    step: float,
) -> None:
    """Nine questions fell and none rose: p is 0.002, however little each moved."""
    found = paired_difference([-step] * 9 + [0.0] * 111)
    assert sign_flip([Fraction(-step)] * 9) == pytest.approx(1 / 512)
    assert found.high < 0


@pytest.mark.slow
@pytest.mark.parametrize("n", [20, 40, 120])
@pytest.mark.parametrize("whole", [False, True])
def test_the_interval_of_few_changes_holds_the_truth(n: int, whole: bool) -> None:
    """Hardly a question in between, five replies: 3 points less each, or 4 % of them lost."""
    chance = pytest.importorskip("numpy").random.default_rng([n, whole])
    held, runs = 0, 400
    for _ in range(runs):
        then = chance.beta(0.04, 0.01, n)
        now = then * (chance.random(n) > 0.04 if whole else 1 - 0.03 / 0.8)
        moved = (chance.binomial(5, now) - chance.binomial(5, then)) / 5
        found = paired_difference(moved.tolist())
        held += found.low <= (-0.032 if whole else -0.03) <= found.high
    assert held / runs > 0.93


@pytest.mark.parametrize(
    ("differences", "level"), [([], 0.95), ([0.5, 1.5], 0.95), ([math.nan], 0.95), ([0.5], 0)]
)
def test_no_interval_of_what_are_no_differences(differences: list[float], level: float) -> None:
    with pytest.raises(ValueError, match="no interval for"):
        paired_difference(differences, level)


@settings(deadline=None, max_examples=25)  # theirs takes 80 ms
@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_equals_statsmodels(p_values: list[float]) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    theirs = multitest.multipletests(p_values, method="holm")[1]
    assert holm(p_values) == pytest.approx(list(theirs), abs=1e-9)


@given(p_values=st.lists(st.floats(0, 1), max_size=30))
def test_holm_makes_no_p_value_smaller_and_keeps_their_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(p <= new <= 1 for p, new in zip(p_values, adjusted, strict=True))
    ordered = [new for _, new in sorted(zip(p_values, adjusted, strict=True))]
    assert ordered == sorted(ordered)


def test_holm_by_hand() -> None:
    """One test is left as it is; of two, the smaller is doubled."""
    assert holm([0.03]) == [0.03]
    assert holm([0.04, 0.01]) == [0.04, 0.02]
