"""The short answer that a model proposes, weak or strong."""

from __future__ import annotations

import pytest

from rag.answering.short_answers.strong_answer import short_answer_of_draft, split_short_line, supported_short
from rag.answering.short_answers.types import Basis, Draft
from rag.answering.short_answers.weak_answer import proposed_answer
from rag.question.reading import AnswerType, Question
from rag.types import Kind, Sentence, Span, Verdict
from tests.answering.test_short_answers import LIMITS, evidence, read

MILL = "In 1911 the mill at Arden was bought by Ida Holm for 40 crowns."
RIVER = "The river is dry in summer."


def propose(asked: str, draft: str, *, answer_type: AnswerType | None = None, kind: Kind = "fact") -> str | None:
    short = proposed_answer(
        Basis(read(asked, answer_type, kind), asked, evidence(MILL, RIVER), 0.9), Draft(draft, (0.0,)), LIMITS
    )
    if short:
        document = " " * 100 + f"{MILL} {RIVER}"
        assert document[short.span.start : short.span.end] == short.span.quote == short.text
    return short.text if short else None


@pytest.mark.parametrize(
    ("asked", "answer_type", "draft", "expected"),
    [
        ("Who bought the mill?", "person", "Ida Holm", "Ida Holm"),
        ("Who bought the mill?", "person", "Answer: ida holm.\nShe bought it.", "Ida Holm"),
        ("Who bought the mill?", "person", "A: Ida Holm", "Ida Holm"),
        # A sentence: what it repeats of the question is left out.
        ("Who bought the mill?", "person", "The mill was bought by Ida Holm.", "Ida Holm"),
        # Cut to the amount that is asked for.
        ("What did the mill cost?", "money", "by Ida Holm for 40 crowns", "40 crowns"),
        # Not the form that is asked for.
        ("When was the mill bought?", "date", "Ida Holm", None),
        # A mere repetition.
        ("Who bought the mill at Arden?", None, "The mill at Arden was bought.", None),
        ("What is a mill?", None, "Mill", None),
        # Function words alone.
        ("Who bought the mill?", None, "was", None),
        ("What happened to the mill?", None, "by", None),
        # Words of its own.
        ("Who bought the mill?", "person", "Karl Holm", None),
        ("Who bought the mill?", "person", "", None),
        # A whole sentence.
        ("What about it?", None, RIVER, None),
    ],
)
def test_a_weak_models_phrase_is_shown_where_the_evidence_bears_it_out(
    asked: str, answer_type: AnswerType | None, draft: str, expected: str | None
) -> None:
    assert propose(asked, draft, answer_type=answer_type) == expected


def test_a_phrase_of_a_worse_sentence_is_less_likely_right() -> None:
    question = Question("What dries?", "What dries?")
    for order, expected in ((["It snowed.", RIVER], True), (["It snowed.", "It rained.", "Fog.", RIVER], False)):
        short = proposed_answer(Basis(question, question.asked, evidence(*order), 0.9), Draft("river", (0.0,)), LIMITS)
        assert (short is not None) == expected


@pytest.mark.parametrize(
    ("logprobs", "asked", "answer_type", "expected"),
    [
        # The rules hold the same phrase likeliest: a less likely draft will do.
        ((-1.2, -1.0), "Who bought the mill at Arden?", "person", "Ida Holm"),
        # Nothing else says so, and the model doubts its own words.
        ((-0.4, -0.4), "What about Arden?", None, None),
        ((-0.4, -0.1), "What about Arden?", None, "Ida Holm"),
    ],
)
def test_a_draft_that_the_rules_bear_out_may_be_less_likely(
    logprobs: tuple[float, ...], asked: str, answer_type: AnswerType | None, expected: str | None
) -> None:
    basis = Basis(read(asked, answer_type), asked, evidence(MILL, RIVER), 0.9)
    short = proposed_answer(basis, Draft("Ida Holm", logprobs), LIMITS)
    assert (short.text if short else None) == expected


def test_a_weak_model_says_nothing_of_what_is_no_phrase() -> None:
    assert propose("Was it bought?", "Ida Holm", kind="yes-no") is None
    assert propose("List the mills.", "Ida Holm", kind="list") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SHORT: 40 crowns\nIt cost 40 crowns [1].", ("40 crowns", "It cost 40 crowns [1].")),
        ("**Short:** Ida Holm. [1]\n\nShe did.", ("Ida Holm", "She did.")),
        ("SHORT: none\nThe mill …", ("", "The mill …")),
        ("SHORT: 40 [2]", ("40", "40 [2]")),
        ("SHORT: none", ("", "")),
        ("The mill.\n\n**SHORT: 40**", ("40", "The mill.")),
        ("Here it is:\nSHORT: 40 [1]\n\nThe mill.", ("40", "Here it is:\nThe mill.")),
        ("Kurz: 40\n\nDie Mühle.", ("40", "Die Mühle.")),
        ("The mill.\nShort: it burned.", ("", "The mill.\nShort: it burned.")),
        ("", ("", "")),
    ],
)
def test_the_short_line_of_a_strong_model(text: str, expected: tuple[str, str]) -> None:
    assert split_short_line(text) == expected


SPAN = Span("a.txt", "id", "A", 0, len(MILL), MILL)


@pytest.mark.parametrize(
    ("kind", "short", "shown"),
    [
        ("fact", "40 crowns", True),
        ("fact", "Ida Holm, 1911", True),
        ("fact", "41 crowns", False),
        ("fact", "3 May 1911", False),
        ("fact", "Karl Lund", False),
        ("fact", MILL, False),
        ("fact", "", False),
        ("how-to", "The mill at Arden was bought", True),
        ("yes-no", "Yes", True),
        ("yes-no", "No, for 41 crowns", True),
        ("computation", "120 crowns", True),
        ("how-to", "mill " * 40, False),
    ],
)
def test_a_strong_models_phrase_is_held_against_what_it_cites(kind: Kind, short: str, shown: bool) -> None:
    assert supported_short(Question("?", "?", kind=kind), short, [SPAN]) == (short if shown else None)


def test_a_phrase_without_citations_is_not_shown() -> None:
    assert supported_short(Question("?", "?"), "40 crowns", []) is None


def draft(*sentences: tuple[str, Verdict]) -> list[Sentence]:
    return [Sentence(text, 0, len(text), verdict, (1,)) for text, verdict in sentences]


@pytest.mark.parametrize(
    ("answer_type", "kind", "sentences", "expected"),
    [
        ("date", "fact", [("Here it is:", "not a claim"), ("It was bought in 1911. [1]", "verified")], "1911"),
        ("person", "fact", [("It was bought by Ida Holm. [1]", "verified")], "Ida Holm"),
        (None, "fact", [("The buyer came from Arden. [1]", "verified")], "The buyer came from Arden."),
        (None, "fact", [(f"{MILL} [1]", "verified")], None),
        ("date", "fact", [("It was bought in 1911. [1]", "partly"), ("It cost 40. [1]", "verified")], None),
        (None, "how-to", [(f"{MILL} [1]", "verified")], MILL),
        (None, "how-to", [("Buy " * 40, "verified")], None),
        (None, "fact", [], None),
    ],
)
def test_the_short_answer_of_a_strong_draft(
    answer_type: AnswerType | None, kind: Kind, sentences: list[tuple[str, Verdict]], expected: str | None
) -> None:
    question = Question("When did she buy it?", "When did she buy it?", kind=kind, answer_type=answer_type)
    assert short_answer_of_draft(question, question.asked, draft(*sentences), [SPAN]) == expected
