"""An answer as a case of a suite: `ui.service.eval_case`."""

from __future__ import annotations

from dataclasses import replace

from rag.evaluate.types import Case, GoldEvidence
from rag.settings import Settings
from rag.store.catalog import History, StoredTurn
from rag.store.index import Index
from rag.types import Answer, Citation, Sentence
from tests.ui.test_history import ask
from ui.service.eval_case import case_from_turn

ANSWER = Answer(
    "And the toll?",
    "What is the toll of the bridge?",
    "It is 3 crowns. [1] “The toll  is 3.” [2] Cheap. [3] Well.",
    sentences=(
        Sentence("It is 3 crowns. [1]", 0, 19, "verified", (1,)),
        Sentence("“The toll is 3.” [2]", 20, 40, "verified", (2,)),
        Sentence("Cheap. [3]", 41, 51, "partly", (3,)),
        Sentence("Well.", 52, 57, "not a claim"),
    ),
    citations=(
        Citation(1, "a.pdf", "id", "A", 5, 13, "3 crowns", 12),
        Citation(2, "b.md", "id2", "B", 0, 14, "The toll\nis 3."),
        Citation(3, "c.md", "id3", "C", 0, 9, "cheap"),
    ),
)


def test_a_turn_expects_what_it_verified() -> None:
    assert case_from_turn(StoredTurn("abc_-9Z", "c", "And the toll?", ANSWER, "")) == Case(
        id="what-is-the-toll-of-the-bridge-bc009z",
        question="What is the toll of the bridge?",
        answers=("It is 3 crowns.", "The toll is 3."),
        answerable=True,
        evidence=(GoldEvidence("a.pdf", "3 crowns", 5, 13, 12), GoldEvidence("b.md", "The toll\nis 3.", 0, 14)),
        match="f1",
        tags=("chat",),
    )


def test_an_abstention_expects_none() -> None:
    given = replace(ANSWER, abstained=True)
    case = case_from_turn(StoredTurn("t", "c", "Q", given, ""))
    assert (case.answerable, case.answers, case.evidence) == (False, (), ())


def test_any_question_makes_an_id() -> None:
    ids = [case_from_turn(StoredTurn(id_, "c", "桥?", Answer("桥?", "桥?"), "")).id for id_ in ("aaaaaaa1", "aaaaaaa2")]
    assert ids == ["question-aaaaa1", "question-aaaaa2"]


def test_a_real_turn(index: Index, settings: Settings) -> None:
    history = History(index.folder)
    turn = history.save("anna", history.begin("anna").id, ask(index, settings))
    case = case_from_turn(turn)
    assert case.evidence
    for anchor in case.evidence:
        summary = next(source for source in index.catalog.sources() if source.source == anchor.source)
        document = index.catalog.document(summary.source_id)
        assert document is not None
        assert anchor.quote in document.text
    assert any("412 metres" in words for words in case.answers)
