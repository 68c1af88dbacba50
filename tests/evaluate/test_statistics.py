"""Intervals and tests: against scipy, against published numbers, and against what they promise."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rag.evaluate.statistics import (
    cases_needed,
    compare,
    figure,
    holm,
    sign_flip,
    smallest_detectable_change,
    smallest_p,
    wilson_interval,
)

# -- proportions -------------------------------------------------------------------------------------------------------


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_scipys(counts: tuple[int, int]) -> None:
    successes, n = counts
    expected = stats.binomtest(successes, n).proportion_ci(method="wilson")
    assert wilson_interval(successes, n) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_wilson_knows_nothing_without_cases() -> None:
    assert wilson_interval(0, 0) == (0, 1)
    # Ten of ten is anything from 0.72 on.
    assert wilson_interval(10, 10) == (pytest.approx(0.722, abs=0.001), 1.0)


def test_a_share_has_wilsons_interval() -> None:
    result = figure("right", [1.0] * 80 + [0.0] * 20)
    assert (result.mean, result.n, result.few) == (0.8, 100, False)
    assert (result.low, result.high) == wilson_interval(80, 100)
    assert figure("right", [1.0]).few


# -- the bootstrap -----------------------------------------------------------------------------------------------------


def test_the_bootstrap_is_scipys() -> None:
    values = np.random.default_rng(1).beta(2, 1, size=80)
    expected = stats.bootstrap(
        (values,), np.mean, method="percentile", rng=np.random.default_rng(2)
    ).confidence_interval
    result = figure("f1", values.tolist())
    assert result.mean == pytest.approx(values.mean())
    assert (result.low, result.high) == pytest.approx((expected.low, expected.high), abs=0.003)


def test_clusters_are_drawn_whole() -> None:
    chance = np.random.default_rng(3)
    means = chance.random(40)
    # Ten cases of each document score alike: there are 40 observations, not 400.
    values = np.repeat(means, 10).tolist()
    documents = [f"d{i // 10}" for i in range(400)]
    alone, together = figure("f1", values), figure("f1", values, documents)
    expected = stats.bootstrap((means,), np.mean, method="percentile", rng=np.random.default_rng(4)).confidence_interval
    assert (together.low, together.high) == pytest.approx((expected.low, expected.high), abs=0.01)
    assert together.high - together.low > 2.5 * (alone.high - alone.low)
    assert together.n == 400


def test_weights_count() -> None:
    result = figure("right", [1.0, 0.0, 0.0], weights=[2.0, 1.0, 1.0])
    assert result.mean == 0.5
    assert figure("right", [1.0, 0.0], weights=[3.0, 3.0]) == figure("right", [1.0, 0.0])
    heavy = compare("right", ["a", "b"], [1, 0], [0, 1], weights=[3, 1])
    assert (heavy.baseline, heavy.current, heavy.difference) == (0.75, 0.25, -0.5)


def test_wilsons_interval_is_for_independent_cases_of_one_weight() -> None:
    values = [1.0] * 60 + [0.0] * 40
    alone = figure("right", values)
    # Ten documents of ten cases each, right or wrong as a whole.
    clustered = figure("right", values, [f"d{i // 10}" for i in range(100)])
    assert clustered.high - clustered.low > 2 * (alone.high - alone.low)
    # A tenth of the cases have nine tenths of the weight.
    weighted = figure("right", values, weights=[90.0 if i % 10 == 0 else 1.0 for i in range(100)])
    assert weighted.mean == pytest.approx(0.6)
    assert weighted.high - weighted.low > 2 * (alone.high - alone.low)


def test_what_cannot_vary_still_has_an_interval() -> None:
    documents = [f"d{i // 10}" for i in range(100)]
    assert (figure("right", [1.0] * 100, documents).low, figure("right", [1.0] * 100).low) == (
        wilson_interval(10, 10)[0],
        wilson_interval(100, 100)[0],
    )
    one = figure("f1", [0.5, 0.7], ["d", "d"])
    assert (one.mean, one.low, one.high) == (pytest.approx(0.6), 0, 1)
    tokens = figure("context_tokens", [500.0])
    assert (tokens.low, tokens.high) == (0, 500)


def test_empty_names_are_clusters_of_their_own() -> None:
    values = [0.1, 0.2, 0.3, 0.9]
    assert figure("f1", values, ["", "", "", ""]) == figure("f1", values) == figure("f1", values, list("abcd"))


def test_figures_are_the_same_every_time_and_depend_on_the_seed() -> None:
    values = np.random.default_rng(5).random(50).tolist()
    assert figure("f1", values, seed=1) == figure("f1", values, seed=1)
    assert figure("f1", values, seed=1).low != figure("f1", values, seed=2).low
    with pytest.raises(ValueError, match="no values"):
        figure("f1", [])


@pytest.mark.parametrize("cases", [30, 100])
def test_the_interval_holds_the_truth_about_19_times_in_20(cases: int) -> None:
    chance = np.random.default_rng(6)
    hits = 0
    for _ in range(400):
        result = figure("f1", chance.beta(2, 2, size=cases).tolist(), resamples=400)
        hits += result.low <= 0.5 <= result.high
    assert 0.91 <= hits / 400 <= 0.98


# -- paired comparisons ------------------------------------------------------------------------------------------------

sizes = st.floats(-1, 1, allow_nan=False).map(lambda value: round(value, 2))


@settings(max_examples=50)
@given(st.lists(sizes, min_size=1, max_size=9))
def test_the_sign_flip_test_tries_every_sign(differences: list[float]) -> None:
    observed = abs(sum(differences))
    sums = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in product((1, -1), repeat=len(differences))
    ]
    expected = sum(result >= observed - 1e-9 for result in sums) / len(sums)
    assert sign_flip(differences) == pytest.approx(expected)


@given(st.integers(0, 60), st.integers(0, 60))
def test_of_wins_and_losses_alone_it_is_mcnemars_exact_test(wins: int, losses: int) -> None:
    differences = [1.0] * wins + [-1.0] * losses + [0.0] * 7
    expected = stats.binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
    assert sign_flip(differences) == pytest.approx(expected)


def test_many_differences_are_flipped_at_random() -> None:
    differences = np.random.default_rng(7).normal(0.2, 1, size=60)
    expected = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=20_000, rng=np.random.default_rng(8)
    ).pvalue
    result = sign_flip(differences.tolist())
    assert result == pytest.approx(expected, abs=0.015)
    assert result == sign_flip(differences.tolist())
    # Never 0: the observed signs are one of the draws.
    assert sign_flip((np.abs(differences) + 1).tolist()) == 1 / 10_001


def test_equal_runs_do_not_differ() -> None:
    result = compare("right", ["a", "b"], [1, 0], [1, 0])
    assert (result.difference, result.low, result.high, result.p, result.ties) == (0, 0, 0, 1, 2)


def test_a_comparison_names_the_cases_that_flipped() -> None:
    ids = ["a", "b", "c", "d"]
    result = compare("right", ids, [1, 1, 0, 1], [0, 1, 1, 0])
    assert (result.baseline, result.current, result.difference) == (0.75, 0.5, -0.25)
    assert (result.wins, result.ties, result.losses) == (1, 1, 2)
    assert (result.better, result.worse) == (("c",), ("a", "d"))
    assert result.p == result.adjusted == 1
    refusals = compare("false_refusal", ids, [1, 1, 0, 1], [0, 1, 1, 0], lower_is_better=True)
    assert (refusals.better, refusals.worse) == (("a", "d"), ("c",))
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


def test_cases_of_one_cluster_flip_together() -> None:
    # Six cases got worse, all in one conversation: that is one observation.
    ids = [str(i) for i in range(12)]
    before, now = [1.0] * 12, [0.0] * 6 + [1.0] * 6
    clusters = ["talk"] * 6 + [""] * 6
    assert compare("right", ids, before, now).p == pytest.approx(smallest_p(6))
    assert compare("right", ids, before, now, clusters).p == 1


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


@pytest.mark.parametrize(
    ("n", "changes"),
    [
        (50, (0.089, 0.125, 0.177)),
        (100, (0.063, 0.089, 0.125)),
        (300, (0.036, 0.051, 0.072)),
        (1000, (0.020, 0.028, 0.040)),
    ],
)
def test_the_detectable_change_shrinks_with_the_cases(n: int, changes: tuple[float, ...]) -> None:
    assert [smallest_detectable_change(n, share) for share in (0.05, 0.1, 0.2)] == pytest.approx(changes, abs=0.0006)


def test_no_cases_show_nothing() -> None:
    assert smallest_detectable_change(0) == smallest_detectable_change(1, discordant=1.0) == 1


def test_the_cases_needed_detect_what_they_should() -> None:
    # Differences of -1, 0, 1 with a share of 0.1 that differ have about this deviation.
    needed = cases_needed(0.05, 0.1**0.5)
    assert smallest_detectable_change(needed) <= 0.05 < smallest_detectable_change(needed - 1)


def test_few_differing_pairs_cannot_be_significant() -> None:
    assert [round(smallest_p(d), 4) for d in (0, 1, 5, 6, 8)] == [1, 1, 0.0625, 0.0312, 0.0078]
    assert smallest_p(5) > 0.05 >= smallest_p(6)
