"""Searches that come at once share runs of the embedding model, at the default settings and with the real model."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.shared_encoding import batch_sizes


def test_questions_that_wait_are_encoded_together(tmp_path: Path) -> None:
    sizes = batch_sizes(tmp_path, 40)
    assert sum(sizes) == 40
    # Which of them wait at the same moment is chance; that none does is not.
    assert len(sizes) < 30
