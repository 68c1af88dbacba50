"""Table rows whose label a question names come before prose about their subject."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingestion.pipeline import ingest
from rag.question.question_words import question_terms
from rag.retrieval.evidence import rank_evidence
from rag.retrieval.passages import retrieve
from rag.retrieval.table_rows import match_rows
from rag.types import Span
from tests.conftest import Opener, write_files


def _fits(question: str, *quotes: str) -> list[float]:
    rarity = dict.fromkeys(question_terms(question), 1.0)
    rows = [Span("a", "a", "a", 0, len(quote), quote) for quote in quotes]
    return match_rows(question, rows, rarity)


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("What was the gross margin in 2022?", [1.0, 0.0, 0.0, 0.0]),
        # Two of the three words of the second label are in the question: too few.
        ("How did gross margins change?", [1.0, 0.0, 0.0, 0.0]),
        ("What was R&D in 2022?", [0.0, 0.0, 1.0, 0.0]),
        ("What was spent on research and development?", [0.0, 0.0, 1.0, 0.0]),
        ("Why did the gross margin fall?", [0.0, 0.0, 0.0, 0.0]),
        ("Who was there?", [0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_a_row_fits_a_question_that_names_its_label(question: str, fits: list[float]) -> None:
    rows = (
        "Gross margin  36  35",
        "Gross margin percentage  44 %",
        "Research and development  7  6",
        "The gross margin fell.",
    )
    assert _fits(question, *rows) == fits


def test_words_for_one_thing_are_one_and_the_row_that_holds_more_of_the_question_fits_better() -> None:
    sales, barges = _fits("What was the revenue from barge sales?", "Total net sales  90  80", "Barges  40  30")
    assert 0 < sales <= barges


def test_a_label_without_a_figure_is_no_row() -> None:
    assert _fits("What is the deposit?", "| Deposit | none |", "Deposit: 30 EUR") == [0.0, 1.0]


def test_a_row_is_evidence_wherever_its_passage_ranks(open_again: Opener, tmp_path: Path) -> None:
    causes = "rain snow fog frost hail heat drought floods storms strikes thieves fires".split()
    prose = {
        f"note{number}.md": f"# Margin {number}\n\nIn spring the gross margin fell because of {cause}."
        for number, cause in enumerate(causes)
    }
    write_files(tmp_path / "notes", {**prose, "table.csv": "Item,Figure\nGross margin,36\nRent,3\nHeat,4\n"})
    index = open_again()
    # Similarities count as they are, as with the encoder that scoring was fitted with.
    index.scoring_is_fitted = True
    ingest(index, [tmp_path / "notes"])
    question = "What was the gross margin?"
    plain = retrieve(index, question, 8)
    assert "table.csv" not in [passage.source for passage in plain]
    passages = retrieve(index, question, 8, table_share=0.25)
    assert [passage.source for passage in passages[:7]] == [passage.source for passage in plain[:7]]
    assert passages[7].source == "table.csv"
    assert [passage.rank for passage in passages] == list(range(1, 9))
    assert rank_evidence(index, question, passages).sentences[0].span.quote == "Item: Gross margin; Figure: 36"
