"""Intervals and tests: against scipy, against published numbers, and against what they promise."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rag.evaluate.power import POWER, smallest_detectable_drop, units_needed
from rag.evaluate.statistics import CASES, compare, figure, holm, tail, upper_bound, wilson_interval
from rag.evaluate.types import Comparison
from tests.benchmarks.gate import decided_as_told, difference_coverage, figure_coverage, outcomes, said_no_worse

# -- proportions -------------------------------------------------------------------------------------------------------


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_scipys(counts: tuple[int, int]) -> None:
    successes, n = counts
    expected = stats.binomtest(successes, n).proportion_ci(method="wilson")
    assert wilson_interval(successes, n) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_wilson_knows_nothing_without_cases() -> None:
    assert wilson_interval(0, 0) == (0, 1)
    # Ten of ten is anything from 0.72 on.
    assert list(wilson_interval(10, 10)) == pytest.approx([0.722, 1.0], abs=0.001)


def test_a_share_has_wilsons_interval() -> None:
    result = figure("right", [1.0] * 80 + [0.0] * 20)
    assert (result.mean, result.n, result.few) == (0.8, 100, False)
    assert (result.low, result.high) == wilson_interval(80, 100)
    assert figure("right", [1.0]).few


# -- intervals over groups ---------------------------------------------------------------------------------------------


def documents(groups: int, each: int) -> list[str]:
    return [f"d{number}" for number in range(groups) for _ in range(each)]


def test_the_interval_of_equal_groups_is_students_over_their_means() -> None:
    means = np.random.default_rng(3).normal(500, 40, size=12)
    # Ten cases of each document are alike: there are 12 observations, not 120. Counts have no bounds of 0 and 1.
    result = figure("context_tokens", np.repeat(means, 10).tolist(), documents(12, 10))
    expected = stats.t.interval(0.95, 11, loc=means.mean(), scale=stats.sem(means))
    assert (result.low, result.high) == pytest.approx(expected)
    alone = figure("context_tokens", np.repeat(means, 10).tolist())
    assert result.high - result.low > 2.5 * (alone.high - alone.low)
    assert result.n == 120


def test_the_variance_over_unequal_groups_is_cr2_worked_by_hand() -> None:
    # Groups of 1, 2 and 3 values; the mean is 4, the sums of residuals -2, -2 and 4, the leverages 1/6, 1/3 and 1/2.
    result = figure("tokens", [2, 3, 3, 5, 5, 6], ["a", "b", "b", "c", "c", "c"])
    variance = (4 / (5 / 6) + 4 / (2 / 3) + 16 / (1 / 2)) / 36
    # tr G = 6; tr G² = 1 + 4 + 9 + 2 (ab + ac + bc) ÷ 36 with a = 1 ÷ (5/6), b = 4 ÷ (2/3), c = 9 ÷ (1/2).
    freedom = 36 / (14 + 2 * (1.2 * 6 + 1.2 * 18 + 6 * 18) / 36)
    half = stats.t.ppf(0.975, freedom) * math.sqrt(variance)
    assert (result.mean, result.low, result.high) == pytest.approx((4, 4 - half, 4 + half))


def test_shares_over_groups_have_wilsons_interval_of_the_effective_number_of_cases() -> None:
    right = [0.9, 0.7, 0.4, 0.8]
    values = [float(i < round(share * 10)) for share in right for i in range(10)]
    result = figure("right", values, documents(4, 10))
    effective = 0.7 * 0.3 / (np.var(right, ddof=1) / 4)
    t = stats.t.ppf(0.975, 3)
    for end in (result.low, result.high):
        assert (end - 0.7) ** 2 == pytest.approx(t**2 * end * (1 - end) / effective)
    assert 0 < result.low < 0.7 < result.high < 1


def test_groups_that_happen_to_agree_are_not_trusted_more_than_cases() -> None:
    values = [1.0] * 7 + [0.0] * 3
    agreeing = figure("right", values * 2, documents(2, 10))
    assert agreeing.high - agreeing.low > 0.5


def test_weights_count() -> None:
    result = figure("right", [1.0, 0.0, 0.0], weights=[2.0, 1.0, 1.0])
    assert result.mean == 0.5
    assert figure("right", [1.0, 0.0], weights=[3.0, 3.0]) == figure("right", [1.0, 0.0])
    heavy = compare("right", ["a", "b"], [1, 0], [0, 1], weights=[3, 1])
    assert (heavy.baseline, heavy.current, heavy.difference) == (0.75, 0.25, -0.5)
    values = [1.0] * 60 + [0.0] * 40
    weighted = figure("right", values, weights=[90.0 if i % 10 == 0 else 1.0 for i in range(100)])
    assert weighted.high - weighted.low > 2 * (figure("right", values).high - figure("right", values).low)


def test_what_cannot_vary_still_has_an_interval() -> None:
    assert (figure("right", [1.0] * 100, documents(10, 10)).low, figure("right", [1.0] * 100).low) == (
        wilson_interval(10, 10)[0],
        wilson_interval(100, 100)[0],
    )
    half = figure("f1", [0.5] * 4)
    assert half.low < 0.4
    assert half.high > 0.6
    one = figure("f1", [0.5, 0.7], ["d", "d"])
    assert [one.mean, one.low, one.high] == pytest.approx([0.6, 0, 1]), "of one document nothing is known"
    tokens = figure("context_tokens", [500.0])
    assert (tokens.low, tokens.high) == (0, 500)


def test_empty_names_are_clusters_of_their_own() -> None:
    values = [0.1, 0.2, 0.3, 0.9]
    assert figure("f1", values, ["", "", "", ""]) == figure("f1", values) == figure("f1", values, list("abcd"))
    with pytest.raises(ValueError, match="no values"):
        figure("f1", [])


@pytest.mark.parametrize(("groups", "each"), [(2, 25), (3, 20), (5, 10), (20, 5)])
def test_few_documents_give_intervals_that_hold_the_truth(groups: int, each: int) -> None:
    # The whole table: python -m tests.benchmarks.gate
    coverage, width = figure_coverage(groups, each, 300)
    assert coverage >= 0.93
    assert width < 0.95
    assert difference_coverage(groups, groups * each, 150, shifted=False) >= 0.93


@pytest.mark.parametrize("cases", [5, 10, 30])
def test_the_interval_of_skewed_scores_holds_the_truth(cases: int) -> None:
    chance = np.random.default_rng(6)
    hits = 0
    for _ in range(400):
        result = figure("f1", chance.beta(8, 1, size=cases).tolist())
        hits += result.low <= 8 / 9 <= result.high
    assert hits / 400 >= 0.92


# -- paired comparisons ------------------------------------------------------------------------------------------------


def pair(wins: int, losses: int, ties: int = 0, groupings: dict[str, list[str]] | None = None) -> Comparison:
    """A comparison over cases of 0 and 1."""
    before = [0.0] * wins + [1.0] * losses + [1.0] * ties
    now = [1.0] * wins + [0.0] * losses + [1.0] * ties
    return compare("right", [str(i) for i in range(len(now))], before, now, groupings)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_an_interval_leaves_out_zero_exactly_where_p_is_small(wins: int, losses: int, ties: int) -> None:
    if wins + losses + ties == 0:
        return
    result = pair(wins, losses, ties)
    assert (result.low > 0 or result.high < 0) == (result.p < 0.05)
    assert result.p_worse == pytest.approx(result.p / 2 if losses > wins else 1 - result.p / 2)


def test_the_statistic_is_mcnemars_with_one_more_differing_case() -> None:
    result = pair(2, 12, 186)
    assert result.difference / result.standard_error == pytest.approx(-10 / math.sqrt(15))
    assert result.p == pytest.approx(2 * stats.t.cdf(-10 / math.sqrt(15), 199))
    assert (result.unit, result.units, result.freedom, result.design_effect) == (CASES, 200, 199, 1)


def test_the_one_sided_test_is_close_to_the_exact_one() -> None:
    for losses, wins in ((4, 0), (6, 0), (9, 2), (15, 5), (30, 18)):
        exact = stats.binomtest(wins, wins + losses, alternative="less").pvalue
        assert pair(wins, losses, 200).p_worse == pytest.approx(exact, abs=0.03)
    assert pair(0, 3, 97).p_worse > 0.05, "three losses may be chance: one in eight"
    assert pair(0, 4).p_worse > 0.05, "and so may be four of four"


def test_equal_runs_do_not_differ_and_are_not_known_to_a_hair() -> None:
    result = pair(0, 0, 100)
    assert (result.difference, result.p, result.p_worse, result.ties) == (0, 1, 0.5, 100)
    assert result.low == pytest.approx(-0.0198, abs=1e-4)
    assert pair(0, 0, 5).low < -0.5
    assert (pair(0, 0, 1).low, pair(0, 0, 1).high) == (-1, 1)


def test_a_comparison_names_the_cases_that_flipped() -> None:
    ids = ["a", "b", "c", "d"]
    result = compare("right", ids, [1, 1, 0, 1], [0, 1, 1, 0])
    assert (result.baseline, result.current, result.difference) == (0.75, 0.5, -0.25)
    assert (result.wins, result.ties, result.losses) == (1, 1, 2)
    assert (result.better, result.worse) == (("c",), ("a", "d"))
    refusals = compare("false_refusal", ids, [1, 1, 0, 1], [0, 1, 1, 0], lower_is_better=True)
    assert (refusals.better, refusals.worse) == (("a", "d"), ("c",))
    assert refusals.p_worse == pytest.approx(1 - result.p_worse)
    with pytest.raises(ValueError, match="no cases"):
        compare("right", [], [], [])


def test_pairing_finds_what_two_intervals_hide() -> None:
    chance = random.Random(9)
    before = [chance.random() for _ in range(100)]
    now = [max(0.0, value - 0.03 * chance.random()) for value in before]
    result = compare("f1", [str(i) for i in range(100)], before, now)
    assert result.p < 0.001
    assert result.high < 0
    one, other = figure("f1", before), figure("f1", now)
    assert one.low < other.high, "the intervals overlap"


def test_documents_are_the_unit_where_they_change_as_a_whole() -> None:
    whole = pair(0, 20, 80, {"documents": documents(10, 10)})
    assert (whole.unit, whole.units) == ("documents", 10)
    # Two of ten documents are lost: the variance of their mean is 0.4² ÷ 9, that of cases 21 ÷ 100².
    assert whole.design_effect == pytest.approx((0.16 / 9) / (21 / 10_000))
    assert whole.p_worse > 0.05 > pair(0, 20, 80).p_worse
    spread = [f"d{i % 10}" for i in range(100)]
    assert pair(0, 20, 80, {"documents": spread}).unit == CASES
    assert pair(0, 50, 50, {"documents": ["one"] * 100}).unit == CASES, "one document cannot be told from its cases"


def test_a_bound_and_a_tail_are_students() -> None:
    assert upper_bound(0.01, 0.02, 9, 0.05) == pytest.approx(0.01 + 0.02 * stats.t.ppf(0.95, 9))
    assert tail(-0.03, 0.02, 9) == pytest.approx(stats.t.cdf(-1.5, 9))
    assert (tail(0, 0, 1), tail(0.1, 0, 1), tail(-0.1, 0, 1)) == (0.5, 1, 0)


# -- many tests, and few cases -----------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1, allow_nan=False), max_size=8), st.floats(0.01, 0.5))
def test_holm_rejects_the_smallest_until_one_holds(p_values: list[float], alpha: float) -> None:
    rejected = []
    for rank, i in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if p_values[i] * (len(p_values) - rank) > alpha:
            break
        rejected.append(i)
    assert [i for i, p in enumerate(holm(p_values)) if p <= alpha] == sorted(rejected)


def test_holm_worked_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    # The first has nine tenths of the level: 0.04 ÷ 0.9, and then the other 0.03 of what is left, which is lower.
    assert holm([0.04, 0.03], [0.9, 0.1]) == pytest.approx([0.04 / 0.9, 0.04 / 0.9])
    assert holm([0.04, 0.001], [0.9, 0.1]) == pytest.approx([0.04, 0.01])


def test_no_few_cases_are_said_to_show_anything() -> None:
    assert [smallest_detectable_drop(n) for n in (0, 1, 3)] == [None, None, None]
    drops = [smallest_detectable_drop(n) or 1 for n in (20, 50, 100, 300, 1000)]
    assert drops == sorted(drops, reverse=True)
    assert drops[2] == pytest.approx(0.118, abs=0.005)


@pytest.mark.parametrize("cases", [20, 50, 100])
def test_the_drop_that_is_said_to_be_found_is_found(cases: int) -> None:
    drop = smallest_detectable_drop(cases, level=0.045, min_effect=0.02)
    assert drop is not None
    assert outcomes(cases, drop, 100)["FAIL"] >= 75


def test_the_cases_asked_for_decide() -> None:
    decided, needed = decided_as_told(50, 0.05, 60)
    assert decided >= 0.75
    assert needed > 50


def test_the_units_needed_are_the_first_with_the_power() -> None:
    # (1.645 · √0.1 + 0.842 · √(0.1 - 0.05²))² ÷ 0.05² without the case that the test adds and with infinite freedom.
    needed = units_needed(0.05, 0.1, 0.1 - 0.05**2, level=0.05)
    assert needed == pytest.approx((1.645 * 0.1**0.5 + 0.842 * 0.0975**0.5) ** 2 / 0.05**2, rel=0.05)
    assert POWER == 0.8
    assert units_needed(0.02, 0.1, 0.1, level=0.05, min_effect=0.02) is None, "half of such runs stay below"


def test_a_run_that_is_worse_by_the_margin_is_rarely_called_no_worse() -> None:
    assert said_no_worse(300, 0.03, 100) <= 0.1
    assert said_no_worse(1000, 0.0, 20) >= 0.5
