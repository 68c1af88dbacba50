"""Choosing a threshold: `rag.retrieval.calibration`."""

from __future__ import annotations

import pytest

from rag.retrieval.answerability import band_of, within_band
from rag.retrieval.calibration import calibrate
from rag.scoring.file import shipped_scoring


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


def test_a_confidence_is_moved_into_its_band_and_no_further() -> None:
    model = shipped_scoring().answerability
    for band in ("refused", "tentative", "sure"):
        for given in (0.0, model.threshold, 0.2, model.tentative, 0.9, 1.0):
            moved = within_band(given, band, model)
            assert band_of(moved, model.threshold, model.tentative) == band
            assert band_of(round(moved, 4), model.threshold, model.tentative) == band
            if band_of(given, model.threshold, model.tentative) == band and given < 1:
                assert abs(moved - given) <= 1e-4
