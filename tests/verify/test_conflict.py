"""Two sources that disagree: `rag.verify.conflict`."""

from __future__ import annotations

import pytest

from rag.scoring.file import shipped_scoring
from rag.types import Span
from rag.verify.conflict.disagreement import find_conflicts, find_disagreement

LIMITS = shipped_scoring().conflicts


def span(quote: str, source: str) -> Span:
    return Span(source, f"id-{source}", "", 0, len(quote), quote)


@pytest.mark.parametrize(
    ("left", "right", "about"),
    [
        ("Staff get 25 days of leave.", "Staff get 30 days of leave.", "25 days or 30 days"),
        ("The toll is 3 crowns a car.", "The toll is 4 crowns a car.", "3 or 4"),
        ("The bridge opened on 3 May 1931.", "The bridge opened on 4 May 1931.", "3 May 1931 or 4 May 1931"),
        ("Staff get 25 days of leave.", "Staff get twenty-five days of leave.", ""),
        ("Staff get 25 days of leave.", "Staff get 30 days of sick pay in a bad year.", ""),
        ("The Lantern bridge has 3 lanes.", "The Moss bridge has 4 lanes.", ""),
        ("In May 2022 sales were 3 crowns.", "In May 2023 sales were 4 crowns.", ""),
        ("Sales rose in the first quarter.", "Sales rose in the second quarter.", ""),
        ("Sales of laptops fell in 2022.", "Sales of laptops fell in 2023.", ""),
        ("Net income from sales  393  247", "Net income from sales  76  151", ""),
        ("Sales fell during the first six months.", "Sales fell during the first nine months.", ""),
        ("In the first 6 months sales were 3 crowns.", "In the first 9 months sales were 4 crowns.", ""),
        ("Staff get leave.", "Staff get leave now.", ""),
        ("The gate code of the south pier is 9023.", "The gate code of the north pier is 4417.", ""),
        ("The toll of the bridge is 3 crowns.", "The full toll of the bridge is 4 crowns.", "3 or 4"),
    ],
)
def test_what_two_sources_say_differently(left: str, right: str, about: str) -> None:
    question = "When did it open?" if "opened" in left else "What is it?"
    found = find_disagreement(span(left, "a.md"), span(right, "b.md"), question, LIMITS)
    assert (found.values.text() if found else "") == about


def test_one_source_does_not_contradict_itself() -> None:
    assert (
        find_disagreement(
            span("The toll is 3 crowns.", "a.md"), span("The toll is 4 crowns.", "a.md"), "What is the toll?", LIMITS
        )
        is None
    )


def test_a_span_is_in_one_conflict_only() -> None:
    spans = [span(f"The toll is {n} crowns.", f"{n}.md") for n in (3, 4, 5)]
    assert [(a.source, b.source) for a, b, _ in find_conflicts(spans, "What is the toll?", LIMITS)] == [
        ("3.md", "4.md")
    ]


def test_the_values_are_joined_in_the_language_of_the_reader() -> None:
    left, right = span("Staff get 25 days of leave.", "a.md"), span("Staff get 30 days of leave.", "b.md")
    found = find_disagreement(left, right, "What is it?", LIMITS)
    assert found is not None
    assert found.values.values == {"first": "25 days", "second": "30 days"}
    assert found.values.text("de") == "25 days oder 30 days"
