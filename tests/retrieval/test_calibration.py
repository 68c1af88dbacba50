"""Choosing a threshold: `rag.retrieval.calibration`."""

from __future__ import annotations

import pytest

from rag.retrieval.calibration import calibrate


def test_the_threshold_lies_between_the_two_kinds_where_it_can() -> None:
    calibration = calibrate([0.8, 0.9], [0.1, 0.2])
    assert (calibration.chosen.threshold, calibration.chosen.false_refusals, calibration.chosen.refused) == (
        0.5,
        0.0,
        1.0,
    )
    assert calibration.auroc == 1.0


def test_no_more_answerable_questions_are_refused_than_allowed() -> None:
    answerable = [0.1, 0.5, 0.6, 0.7, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9]
    unanswerable = [0.2] * 5 + [0.55] * 5
    assert calibrate(answerable, unanswerable, 0.0).chosen.false_refusals == 0.0
    chosen = calibrate(answerable, unanswerable, 0.2).chosen
    assert (chosen.threshold, chosen.false_refusals, chosen.refused) == (0.575, 0.2, 1.0)


def test_auroc_counts_ties_half() -> None:
    assert calibrate([0.5], [0.5]).auroc == pytest.approx(0.5)
