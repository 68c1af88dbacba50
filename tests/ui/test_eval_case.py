"""An answer as a case of a suite: `ui.service.eval_case`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.errors import UsageError
from rag.evaluate.types import Case, GoldEvidence
from rag.settings import Settings
from rag.store.catalog import Feedback, History, StoredTurn
from rag.store.index import Index
from rag.types import Answer, Citation, Evidence, Sentence, Span
from tests.ui.test_history import ask
from ui.i18n import translator
from ui.service.eval_case import case_form, case_from_form, is_case_of
from ui.views.templates import render

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


TURN = StoredTurn("abc_-9Z", "c", "And the toll?", ANSWER, "", parent="before")
DESCRIBED = {"question": "The toll?", "answerable": True, "phrases": ["3 crowns", " "], "evidence": ["c1", "c9"]}


def test_a_first_question_is_asked_in_its_own_words() -> None:
    assert case_form(replace(TURN, parent="")).question == "And the toll?"


def test_what_was_verified_is_proposed() -> None:
    form = case_form(TURN)
    assert (form.question, form.answerable) == ("What is the toll of the bridge?", True)
    assert form.phrases == ("It is 3 crowns.", "The toll is 3.")
    assert [(one.key, one.is_proposed) for one in form.evidence] == [("c1", True), ("c2", True), ("c3", False)]
    assert case_form(replace(TURN, answer=replace(ANSWER, short_answer="3 crowns"))).phrases == ("3 crowns",)


def test_of_an_answer_that_was_rated_down_nothing_is_proposed_as_right() -> None:
    form = case_form(replace(TURN, feedback=Feedback("down", "", "")))
    assert (form.answerable, form.phrases) == (True, ())
    assert not any(one.is_proposed for one in form.evidence)


def test_what_was_not_cited_is_offered_too() -> None:
    seen = Evidence(Span("d.md", "id4", "D", 3, 8, "dusty"), 0.5, 0.5, 0.5, 1)
    cited = Evidence(Span("a.pdf", "id", "A", 5, 13, "3 crowns"), 0.4, 0.4, 0.5, 1)
    form = case_form(replace(TURN, answer=replace(ANSWER, evidence=(cited, seen))))
    assert [(one.key, one.span.quote) for one in form.evidence][3:] == [("e0", "dusty")]


def test_what_is_offered_is_read_without_the_signs_of_markdown() -> None:
    table = Evidence(Span("d.md", "id4", "D", 3, 8, "| Rent | `940` € |\n| --- | --- |\n"), 0.5, 0.5, 0.5, 1)
    rows = Evidence(Span("d.md", "id4", "D", 9, 12, "| a | 1 |\n| b<i> | 2 |"), 0.5, 0.5, 0.5, 1)
    form = case_form(replace(TURN, answer=replace(ANSWER, evidence=(table, rows))))
    html = str(render("case_form", "case_form", form=form, t=translator("en")))
    assert "<q>Rent · 940 €</q>" in html
    assert "<q>a · 1; b&lt;i&gt; · 2</q>" in html
    # What is stored is what stands in the document.
    made = case_from_form(replace(TURN, answer=replace(ANSWER, evidence=(table,))), {**DESCRIBED, "evidence": ["e0"]})
    assert made.evidence[0].quote == table.span.quote


def test_the_case_is_what_was_described() -> None:
    case = case_from_form(TURN, DESCRIBED)
    assert case.id.startswith("the-toll-")
    assert case_from_form(TURN, {**DESCRIBED, "phrases": ["4 crowns"]}).id != case.id
    assert case == Case(
        id=case.id,
        question="The toll?",
        must_include=("3 crowns",),
        evidence=(GoldEvidence("a.pdf", "3 crowns", 5, 13, 12),),
        tags=("chat",),
    )
    assert is_case_of(case.id, TURN)
    assert not is_case_of(case.id, replace(TURN, id="another"))
    unanswerable = case_from_form(TURN, {**DESCRIBED, "answerable": False})
    assert (unanswerable.answerable, unanswerable.must_include, unanswerable.evidence) == (False, (), ())


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"question": " "}, "needs a question"),
        ({"question": "\u200b\0?"}, "needs a question"),
        ({"question": "Q"}, "Say what"),
        ({"question": "Q", "phrases": 3}, "Say what"),
    ],
)
def test_a_case_that_expects_nothing_is_none(values: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        case_from_form(TURN, values)


def test_an_abstention_expects_none() -> None:
    assert not case_form(replace(TURN, answer=replace(ANSWER, abstained=True))).answerable


def test_any_question_makes_an_id() -> None:
    turns = [StoredTurn(id_, "c", "桥?", Answer("桥?", "桥?"), "") for id_ in ("aaaaaaa1", "aaaaaaa2")]
    cases = [case_from_form(turn, {"question": "桥?", "answerable": False}) for turn in turns]
    assert [case.id[-7:] for case in cases] == ["-aaaaa1", "-aaaaa2"]
    assert {case.id[:9] for case in cases} == {"question-"}


def test_a_real_turn(index: Index, settings: Settings) -> None:
    history = History(index.folder)
    turn = history.save("anna", history.begin("anna").id, ask(index, settings))
    form = case_form(turn)
    assert any("412 metres" in phrase for phrase in form.phrases)
    assert any(one.is_proposed for one in form.evidence)
    for one in form.evidence:
        document = index.catalog.document(one.span.source_id)
        assert document is not None
        assert document.text[one.span.start : one.span.end] == one.span.quote
