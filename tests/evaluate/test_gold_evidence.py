"""Gold evidence is found by its words, in the one place where a text may be searched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluate.suite.gold_evidence import (
    documents_of,
    evidence_of_span,
    explain_missing,
    locate_case_evidence,
    locate_everywhere,
    locate_first,
)
from rag.evaluate.types import Case, GoldEvidence, GoldSpan
from rag.store.index import Index
from rag.types import Document

# Two pages: "The toll" stands on both, "3 crowns" across them.
TEXT = "The toll is 3\n\ncrowns.  The toll\nrose."
PAGED = Document(TEXT, "bridge", "application/pdf", pages=(0, 15))
PLAIN = Document(TEXT, "bridge", "text/plain")


@pytest.mark.parametrize(
    ("evidence", "slices"),
    [
        (GoldEvidence("s", "The toll"), [(0, 8), (24, 32)]),
        (GoldEvidence("s", "The  toll\nrose."), [(24, 38)]),
        (GoldEvidence("s", "3 crowns"), [(12, 21)]),
        (GoldEvidence("s", "the toll"), []),
        (GoldEvidence("s", "toll is 4"), []),
        (GoldEvidence("s", start=12, end=21), [(12, 21)]),
        (GoldEvidence("s", "3 crowns", 12, 21), [(12, 21)]),
        (GoldEvidence("s", "4 crowns", 12, 21), []),
        (GoldEvidence("s", start=30, end=400), []),
        (GoldEvidence("s", start=13, end=15), []),
    ],
)
def test_evidence_is_located_up_to_white_space(evidence: GoldEvidence, slices: list[tuple[int, int]]) -> None:
    assert [(span.start, span.end) for span in locate_everywhere(evidence, PLAIN)] == slices
    assert locate_first(evidence, PLAIN) == (GoldSpan("s", *slices[0]) if slices else None)


@pytest.mark.parametrize(
    ("evidence", "span"),
    [
        (GoldEvidence("s", "The toll"), GoldSpan("s", 0, 8, 1)),
        (GoldEvidence("s", "The toll", page=2), GoldSpan("s", 24, 32, 2)),
        (GoldEvidence("s", "3 crowns", page=1), GoldSpan("s", 12, 21, 1)),
        (GoldEvidence("s", "3 crowns", page=2), GoldSpan("s", 12, 21, 1)),
        (GoldEvidence("s", "rose.", page=1), None),
        (GoldEvidence("s", start=12, end=13, page=2), None),
    ],
)
def test_a_page_narrows_where_a_quote_may_stand(evidence: GoldEvidence, span: GoldSpan | None) -> None:
    assert locate_first(evidence, PAGED) == span


@pytest.mark.parametrize(
    ("evidence", "document", "explanation"),
    [
        (GoldEvidence("s", "x"), None, "s is not in the corpus; write the name that `rag sources` lists."),
        (GoldEvidence("s", "rose.", page=1), PLAIN, "s has no pages; remove 'page'."),
        (GoldEvidence("s", "rose.", page=3), PAGED, "s has 2 pages and no page 3; correct 'page'."),
        (GoldEvidence("s", "rose.", page=1), PAGED, "the quote stands on page 2 of s, not on 1; correct 'page'."),
        (GoldEvidence("s", "fell"), PLAIN, "“fell” does not stand in s; copy the words from `rag show`."),
        (GoldEvidence("s", start=3, end=400), PLAIN, "s has 38 characters and the span ends at 400; correct it."),
        (GoldEvidence("s", "toll", 0, 3), PLAIN, "s says “The” from 0 to 3, not the quote; correct it."),
        (GoldEvidence("s", start=12, end=13, page=2), PAGED, "the span of s is not on page 2; correct 'page'."),
    ],
)
def test_what_cannot_be_found_is_explained(evidence: GoldEvidence, document: Document | None, explanation: str) -> None:
    assert document is None or locate_first(evidence, document) is None
    assert explain_missing(evidence, document) == explanation


def test_the_evidence_of_a_case_is_located_in_the_index(index: Index) -> None:
    case = Case(
        "a",
        "b",
        evidence=(
            GoldEvidence("sea/ferry.txt", "28 cars"),
            GoldEvidence("sea/ferry.txt", "29 cars"),
            GoldEvidence("x", "y"),
        ),
    )
    spans, problems = locate_case_evidence(case, index)
    text = documents_of(index)("sea/ferry.txt").text  # type: ignore[union-attr]
    assert [text[span.start : span.end] for span in spans] == ["28 cars"]
    assert [problem.split(":")[0] for problem in problems] == ["evidence[1]", "evidence[2]"]


@given(st.text("ab \n", min_size=1, max_size=30), st.data())
def test_evidence_made_of_a_slice_is_located_there(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    evidence = evidence_of_span("s", text, start, end)
    span = locate_first(evidence, Document(text, "t", "text/plain"))
    if not text[start:end].strip():
        assert span is None
    else:
        assert span is not None
        assert text[span.start : span.end].split() == text[start:end].split()
        assert start <= span.start < span.end <= end


def test_spans_that_overlap_each_count() -> None:
    assert len(locate_everywhere(GoldEvidence("s", "a a"), Document("a a a", "t", "text/plain"))) == 2


def test_a_quote_of_special_characters_is_no_pattern() -> None:
    document = Document("a (b|c)* [d]", "t", "text/plain")
    assert locate_first(GoldEvidence("s", "(b|c)* [d]"), document) == GoldSpan("s", 2, 12)
