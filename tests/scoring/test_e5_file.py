"""The scoring file of the multilingual model: which values are its own, and what is said of an index that it made."""

from __future__ import annotations

from rag.models.weights import TABLE
from rag.scoring.file import describe_scoring, scoring_for, shipped_files, shipped_scoring

FILE = shipped_files()["multilingual-e5-small"]


def test_it_is_found_by_the_fingerprint_of_the_model_and_nothing_is_warned_of() -> None:
    fingerprint = FILE.scoring.encoder.fingerprint
    assert "multilingual-e5-small" in TABLE
    assert scoring_for(fingerprint) == (FILE.scoring, True)
    assert scoring_for(f"{fingerprint}-int8") == (FILE.scoring, True)
    assert describe_scoring(FILE.scoring, "multilingual-e5-small", fingerprint).code == "scoring-fitted"


def test_only_its_confidence_is_fitted_and_the_rest_says_that_it_is_taken_over() -> None:
    assert FILE.scoring.answerability != shipped_scoring().answerability
    assert len(FILE.fitted) == 3
    assert {path.split(".")[0] for one in FILE.fitted for path in one.fits} == {"answerability"}
    for group in ("fusion", "evidence", "quotes", "conflicts", "support", "short_answers"):
        assert "not fitted with this model" in FILE.chosen[group]
