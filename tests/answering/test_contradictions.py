"""The words of a source that say otherwise than a claim: `rag.answering.contradictions`."""

from __future__ import annotations

from typing import Any

import pytest

from rag.answering.contradictions import contradicting_span, reason_beside_quote
from rag.answering.notices import left_out_notice
from rag.notices import Notice
from rag.types import Answer, LeftOut, Passage, Span

TEXT = "It is red. It is 3 metres long."
PASSAGE = Passage("c", "boat.md", "version-1", "Boat", 100, 131, TEXT, "", None, 1, {})
ANSWER = Answer("q", "q", passages=(PASSAGE,))
PLACE = {"source": "boat.md", "start": 111, "end": 131, "quote": "It is 3 metres long."}


def claim(**values: Any) -> LeftOut:
    return LeftOut("It is 4 metres long.", "contradicted", Notice("number-contradicted", values))


def test_the_version_is_that_of_the_passage_that_holds_the_words() -> None:
    span = Span("boat.md", "version-1", "Boat", 111, 131, "It is 3 metres long.")
    assert contradicting_span(ANSWER, claim(**PLACE)) == span


def test_a_reason_may_name_version_and_page_itself() -> None:
    span = contradicting_span(Answer("q", "q"), claim(**PLACE, source_id="version-2", page=7))
    assert span is not None
    assert (span.source_id, span.page) == ("version-2", 7)


@pytest.mark.parametrize(
    "other",
    [{"start": 110, "end": 130}, {"quote": "It is 9 metres long."}, {"source": "ship.md"}, {"start": 0, "end": 20}],
)
def test_a_passage_without_exactly_these_words_there_tells_no_version(other: dict[str, Any]) -> None:
    span = contradicting_span(ANSWER, claim(**{**PLACE, **other}))
    assert span is not None
    assert span.source_id == ""


@pytest.mark.parametrize(
    "other",
    [{"start": "111"}, {"start": None}, {"quote": 3.0}, {"source": None}, {"end": 140}, {"quote": "", "end": 111}],
)
def test_a_reason_of_other_values_names_no_place(other: dict[str, Any]) -> None:
    assert contradicting_span(ANSWER, claim(**{**PLACE, **other})) is None
    assert contradicting_span(ANSWER, claim()) is None


def test_only_a_contradiction_has_words_that_say_otherwise() -> None:
    unsupported = LeftOut("It is old.", "unsupported", Notice("words-not-in-source", PLACE))
    assert contradicting_span(ANSWER, unsupported) is None
    assert contradicting_span(ANSWER, LeftOut("It is old.", "contradicted")) is None


def test_a_reason_that_only_quotes_says_nothing_beside_the_quote() -> None:
    assert reason_beside_quote(LeftOut("x", "contradicted", Notice("contradicted-by-source", PLACE))) is None
    assert reason_beside_quote(claim(**PLACE)) == Notice("number-contradicted", PLACE)


@pytest.mark.parametrize(
    ("verdicts", "english", "german"),
    [
        ("c", "1 claim left out: the sources say otherwise.", "1 Aussage weggelassen: die Quellen sagen es anders."),
        ("u", "1 claim left out: not supported.", "1 Aussage weggelassen: nicht belegt."),
        ("uu", "2 claims left out: not supported.", "2 Aussagen weggelassen: nicht belegt."),
        (
            "ucc",
            "3 claims left out: the sources say otherwise (2), not supported (1).",
            "3 Aussagen weggelassen: die Quellen sagen es anders (2), nicht belegt (1).",
        ),
    ],
)
def test_claims_are_counted_by_their_verdict(verdicts: str, english: str, german: str) -> None:
    notice = left_out_notice([LeftOut("x", "contradicted" if one == "c" else "unsupported") for one in verdicts])
    assert (notice.text(), notice.text("de")) == (english, german)
