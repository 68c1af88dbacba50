"""What is asked of a subject that a question names: `rag.retrieval.attributes`, and the confidence without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingestion.pipeline import ingest
from rag.retrieval.answerability import confidence_of_search, log_odds
from rag.retrieval.attributes import read_attribute
from rag.retrieval.evidence import RankedEvidence, rank_evidence
from rag.retrieval.passages import retrieve
from tests.conftest import Opener, write_files

MILL = "# Annual report of the Torby Mill\n\nThe Torby Mill grinds oats.\n\nThe keeper of the mill sold 40 sacks.\n"
HARBOUR = "# Harbour\n\nThe ferry was founded in 1899.\n"


@pytest.mark.parametrize(
    ("question", "asked", "subject"),
    [
        ("Who is the chief executive of Lund Airframe?", ["chief executive"], ["Lund", "Airframe"]),
        ("When was the Tarn Hotel founded?", ["founded"], ["Tarn", "Hotel"]),
        ("How many people work at Kestrel Bakery?", ["people", "work"], ["Kestrel", "Bakery"]),
    ],
)
def test_what_is_asked_is_told_from_the_subject(question: str, asked: list[str], subject: list[str]) -> None:
    attribute = read_attribute(question)
    assert attribute is not None
    assert [question[start:end] for start, end in attribute.places] == asked
    assert [term.text for term in attribute.subject] == subject


@pytest.mark.parametrize(
    "question",
    [
        "When does the ferry leave?",  # No name: all of it is asked.
        "Where is the Tarn Hotel?",  # Nothing but the name.
        "What does Kestrel Bakery sell?",  # Anything may be the answer.
        "Wer leitet die Mühle in Torby?",  # Names have no sign of their own in German.
    ],
)
def test_of_other_questions_nothing_is_told(question: str) -> None:
    assert read_attribute(question) is None


def test_a_sentence_without_a_figure_or_about_another_says_nothing() -> None:
    attribute = read_attribute("When was the Tarn Hotel founded?")
    assert attribute is not None
    assert attribute.may_be_said("It opened in 1911.", "Tarn Hotel\nIt opened in 1911.")
    assert not attribute.may_be_said("It opened long ago.", "Tarn Hotel\nIt opened long ago.")
    assert not attribute.may_be_said("It opened in 1911.", "Harbour\nIt opened in 1911.")


def rank(open_again: Opener, folder: Path, question: str) -> tuple[RankedEvidence, float, float]:
    """The evidence of a question over both documents, its confidence, and that without what is told here."""
    write_files(folder, {"mill.md": MILL, "harbour.md": HARBOUR})
    index = open_again()
    ingest(index, [folder])
    passages = retrieve(index, question)
    ranked = rank_evidence(index, question, passages)
    as_said = RankedEvidence(
        ranked.sentences, ranked.word_nearness, ranked.sentence_similarity, ranked.title_similarity, 1.0
    )
    return (
        ranked,
        confidence_of_search(index, question, passages, ranked),
        confidence_of_search(index, question, passages, as_said),
    )


def test_a_title_that_names_the_subject_does_not_say_it(open_again: Opener, tmp_path: Path) -> None:
    ranked, found, as_said = rank(open_again, tmp_path / "docs", "When was the Torby Mill founded?")
    # Another document says of something else that it was founded, and the sentence about the mill bears no year.
    assert ranked.attribute_nearness == 0
    assert log_odds(found) == pytest.approx(log_odds(as_said) - 3)


def test_a_sentence_that_says_it_leaves_the_confidence(open_again: Opener, tmp_path: Path) -> None:
    ranked, found, as_said = rank(open_again, tmp_path / "docs", "How many sacks had the keeper of Torby?")
    # The fake encoder's tokens are words: "sacks" and "keeper" stand in the sentence.
    assert ranked.attribute_nearness == pytest.approx(1)
    assert found == as_said
