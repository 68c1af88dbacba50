"""Ranking the sentences of passages, and the confidence they give: `rag.retrieval.evidence` and `answerability`."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingestion.pipeline import ingest
from rag.retrieval.answerability import Features, confidence, features
from rag.retrieval.evidence import candidate_sentences, rank_evidence
from rag.retrieval.passages import retrieve
from rag.scoring.file import shipped_scoring
from rag.store.index import Index
from tests.conftest import write_files

QUESTION = "How many cars does the ferry carry?"


def test_evidence_is_exact_and_the_best_sentence_comes_first(index: Index) -> None:
    passages = retrieve(index, QUESTION)
    sentences = rank_evidence(index, QUESTION, passages).sentences
    assert sentences[0].span.quote == "The ferry carries 28 cars."
    assert [item.score for item in sentences] == sorted((item.score for item in sentences), reverse=True)
    for span, passage in candidate_sentences(passages, index):
        document = index.catalog.document(span.source_id)
        assert document is not None
        assert document.text[span.start : span.end] == span.quote
        assert passage.start <= span.start < span.end <= passage.end


def test_the_words_of_a_question_are_near_a_sentence_that_holds_them(index: Index) -> None:
    ranked = rank_evidence(index, QUESTION, retrieve(index, QUESTION))
    # The fake encoder's tokens are words: "cars" and "ferry" stand in the sentence, "carry" does not.
    assert ranked.sentences[0].span.quote == "The ferry carries 28 cars."
    assert ranked.word_nearness == pytest.approx(2 / 3)
    assert rank_evidence(index, "Where is the ferry?", retrieve(index, "ferry")).word_nearness == pytest.approx(1.0)


def test_a_denial_that_the_best_sentence_lacks(index: Index) -> None:
    passages = retrieve(index, QUESTION)
    ranked = rank_evidence(index, QUESTION, passages)
    assert features(QUESTION, passages, ranked).denial == 0.0
    assert features("How many cars does the ferry not carry?", passages, ranked).denial == 1.0


def test_confidence_grows_with_each_feature_but_the_titles_similarity() -> None:
    model = shipped_scoring().answerability
    names = Features.__dataclass_fields__
    low = Features(*[0.1] * len(names))
    for name in names:
        other = confidence(Features(**{each: 0.9 if each == name else 0.1 for each in names}), model)
        # What only the title has in common with the question, every near miss has, too.
        assert (other > confidence(low, model)) == (name not in ("title_similarity", "absent_names", "denial"))
    assert confidence(Features(*[0.0] * len(names)), model) < 0.01


SURVEY = "# Survey\n\nName: {name}\n\nRole: {role}\n\nDegree: {degree}\n\nRoom: {room}\n"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which degree does the lead surveyor have?", "Degree: MSc in geodesy"),
        ("Which degree does the deputy lead surveyor have?", "Degree: BSc in law"),
        ("In which room is the lead surveyor?", "Room: 4C"),
    ],
)
def test_lines_of_one_record_are_told_from_those_of_another(
    index: Index, library: Path, question: str, answer: str
) -> None:
    lead = {"name": "Ada Vik", "role": "Lead surveyor", "degree": "MSc in geodesy", "room": "4C"}
    deputy = {"name": "Bo Lind", "role": "Deputy lead surveyor", "degree": "BSc in law", "room": "9A"}
    write_files(library, {"lead.md": SURVEY.format(**lead), "deputy.md": SURVEY.format(**deputy)})
    ingest(index, [library])
    ranked = rank_evidence(index, question, retrieve(index, question))
    assert ranked.sentences[0].span.quote == answer
    assert ranked.word_nearness > 0.5


@pytest.mark.parametrize(
    ("question", "answer"),
    [("What is the gate?", "Gate: 7B"), ("What is the fee?", "Fee: $40"), ("馆长是谁？", "馆长是李明。")],
)
def test_short_lines_are_evidence(index: Index, library: Path, question: str, answer: str) -> None:
    write_files(library, {"card.md": "# Card\n\nFee: $40\n\nGate: 7B\n\n馆长是李明。\n"})
    ingest(index, [library])
    ranked = rank_evidence(index, question, retrieve(index, question))
    assert ranked.sentences[0].span.quote == answer
