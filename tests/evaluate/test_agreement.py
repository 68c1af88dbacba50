"""Cohen's kappa with its interval, against hand-worked numbers and the published example, and the best threshold."""

from __future__ import annotations

import math

import pytest

from rag.evaluate.judging.agreement import (
    Confusion,
    cohen_kappa,
    confusion_of,
    kappa_interval,
    measure_agreement,
)


def test_kappa_is_the_agreement_beyond_chance() -> None:
    # Observed 0.7; expected 0.5 · 0.6 + 0.5 · 0.4 = 0.5.
    counts = Confusion(20, 5, 10, 15)
    assert counts.agreement == pytest.approx(0.7)
    assert cohen_kappa(counts) == pytest.approx(0.4)
    assert cohen_kappa(Confusion(10, 0, 0, 10)) == 1
    assert cohen_kappa(Confusion(0, 10, 10, 0)) == -1
    assert cohen_kappa(Confusion(10, 0, 0, 0)) is None, "both always say the same"
    assert cohen_kappa(Confusion(10, 0, 10, 0)) == 0, "the judge always says yes"
    assert cohen_kappa(Confusion(0, 0, 0, 0)) is None


def test_the_interval_is_that_of_fleiss_cohen_and_everitt() -> None:
    # Worked by hand from the formula of 1969 on the counts 45, 15, 25, 15 and a half in each cell.
    counts = [45.5, 15.5, 25.5, 15.5]
    a, b, c, d = (count / 102 for count in counts)
    expected = (a + b) * (a + c) + (c + d) * (b + d)
    kappa = (a + d - expected) / (1 - expected)
    first = a * (1 - (2 * a + b + c) * (1 - kappa)) ** 2 + d * (1 - (2 * d + b + c) * (1 - kappa)) ** 2
    second = (1 - kappa) ** 2 * (b * (a + c + c + d) ** 2 + c * (b + d + a + b) ** 2)
    third = (kappa - expected * (1 - kappa)) ** 2
    half = 1.959964 * math.sqrt((first + second - third) / 102) / (1 - expected)
    low, high = kappa_interval(Confusion(45, 15, 25, 15))
    assert (low, high) == (pytest.approx(kappa - half), pytest.approx(kappa + half))
    assert low < (cohen_kappa(Confusion(45, 15, 25, 15)) or 0) < high


@pytest.mark.parametrize("counts", [(15, 0, 0, 15), (30, 0, 0, 5), (0, 15, 15, 0), (25, 0, 5, 0)])
def test_an_interval_stays_within_its_bounds_and_holds_the_kappa(counts: tuple[int, int, int, int]) -> None:
    confusion = Confusion(*counts)
    low, high = kappa_interval(confusion)
    assert -1 <= low <= (cohen_kappa(confusion) or 0) <= high <= 1
    assert high - low > 0.1, "so few answers decide nothing exactly"


@pytest.mark.parametrize(
    ("yes", "no", "enough"),
    [(25, 5, True), (24, 5, False), (26, 4, False), (5, 25, True), (30, 0, False), (0, 0, False)],
)
def test_too_few_labels_say_nothing(yes: int, no: int, enough: bool) -> None:
    labels = [1.0] * yes + [0.0] * no
    found = measure_agreement("m", labels, labels)
    assert found.is_enough == enough
    assert (found.kappa is not None) == enough
    assert found.confusion == Confusion(yes, 0, 0, no)


def test_the_best_threshold_is_the_one_that_people_mean() -> None:
    # People say yes from 0.75 on, and the judge never says less than 0.25.
    values = [0.25, 0.5, 0.75, 1.0] * 10
    labels = [float(value >= 0.75) for value in values]
    found = measure_agreement("m", labels, values)
    assert found.kappa == pytest.approx(0.5)
    assert (found.best_threshold, found.best_kappa, found.honest_kappa) == (0.625, 1, 1)
    assert found.confusion == confusion_of([label == 1 for label in labels], [value >= 0.5 for value in values])
    assert measure_agreement("m", labels, values, threshold=0.7).kappa == 1


def test_a_threshold_chosen_on_noise_is_shown_to_be_worth_less() -> None:
    values = [(i * 37 % 101) / 101 for i in range(60)]
    labels = [float(i % 2) for i in range(60)]
    found = measure_agreement("m", labels, values)
    assert found.best_kappa is not None
    assert found.honest_kappa is not None
    assert found.honest_kappa < found.best_kappa


def test_shares_of_each_kind_have_intervals() -> None:
    found = measure_agreement("m", [1.0] * 20 + [0.0] * 20, [1.0] * 15 + [0.0] * 25)
    assert found.sensitivity is not None
    assert found.specificity is not None
    assert found.sensitivity[0] == 0.75
    assert found.sensitivity[1] < 0.75 < found.sensitivity[2]
    assert found.specificity[0] == 1
    assert found.best_threshold is None, "verdicts of 0 and 1 have none"
