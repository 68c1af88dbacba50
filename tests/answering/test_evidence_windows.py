"""Evidence in windows that a model can read whole: `rag.answering.evidence_windows`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.evidence_windows import EvidenceText, WindowCutter, other_texts, own_texts, pack
from rag.types import Span
from rag.verify.checker import ClaimToCheck, NumberedEvidence
from tests.processor_time import at_most


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def count_characters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


def span(quote: str, source: str = "a.txt", header: str = "") -> Span:
    return Span(source, f"id-{source}", "Guide", 0, len(quote), quote, header=header)


ONE, TWO, THREE = "The bridge opened in 1931.", "It is 412 metres long.", "The toll is 3 crowns."
TEXT = f"{ONE} {TWO} {THREE}"
SPANS = tuple(map(span, (ONE, TWO, THREE)))


def windows(room: int, title: str = "", text: str = TEXT) -> list[str]:
    return [window.text for window in WindowCutter(count_words).windows([EvidenceText(title, text, SPANS)], room)]


# -- packing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "room", "runs"),
    [
        ([], 5, []),
        ([2, 2], 5, [(0, 2)]),
        ([2, 2, 2], 5, [(0, 2), (1, 3)]),
        ([9, 2, 2], 5, [(0, 1), (1, 3)]),
        # Beside the third the second has no room.
        ([2, 3, 4, 1], 5, [(0, 2), (2, 4)]),
    ],
)
def test_runs_overlap_by_a_unit(sizes: list[int], room: int, runs: list[tuple[int, int]]) -> None:
    assert pack(sizes, room) == runs


@given(st.lists(st.integers(1, 12)), st.integers(1, 20))
def test_runs_hold_every_unit_and_go_forward(sizes: list[int], room: int) -> None:
    runs = pack(sizes, room)
    assert {unit for first, behind in runs for unit in range(first, behind)} == set(range(len(sizes)))
    for first, behind in runs:
        assert behind - first == 1 or sum(sizes[first:behind]) <= room
    for (first, behind), (next_first, next_behind) in pairwise(runs):
        assert first < next_first <= behind < next_behind


# -- windows -----------------------------------------------------------------------------------------------------------


def test_what_fits_is_one_window_under_its_title() -> None:
    assert windows(30, "Guide") == [f"Guide\n{TEXT}"]


def test_long_evidence_is_cut_between_sentences_that_overlap() -> None:
    assert windows(11) == [f"{ONE} {TWO}", f"{TWO} {THREE}"]
    assert windows(15, "Lantern bridge") == [f"Lantern bridge\n{ONE} {TWO}", f"Lantern bridge\n{TWO} {THREE}"]


def test_a_title_that_takes_too_much_room_is_left_out() -> None:
    assert windows(11, "one two three four") == [f"{ONE} {TWO}", f"{TWO} {THREE}"]


def test_a_sentence_that_does_not_fit_is_cut_at_white_space() -> None:
    assert [text.split() for text in windows(4, text="a b c d e f g")] == [["a", "b", "c"], ["d", "e", "f", "g"]]


def test_a_window_knows_the_spans_that_stand_in_it() -> None:
    cut = WindowCutter(count_words).windows([EvidenceText("", TEXT, SPANS)], 11)
    assert [window.spans for window in cut] == [SPANS[:2], SPANS[1:]]


def test_neighbouring_texts_are_read_together_where_they_fit() -> None:
    short = EvidenceText("", ONE, SPANS[:1]), EvidenceText("", TWO, SPANS[1:2]), EvidenceText("", THREE, SPANS[2:])
    together = WindowCutter(count_words).windows(short, 10)
    assert [window.text for window in together] == [ONE, TWO, THREE, f"{ONE}\n\n{TWO}", f"{TWO}\n\n{THREE}"]
    assert together[3].spans == SPANS[:2]
    assert len(WindowCutter(count_words).windows(short, 6)) == 3


@given(st.text(st.sampled_from("ab .\n\u4e00"), max_size=200), st.integers(16, 40), st.sampled_from(["", "Title"]))
def test_no_window_is_too_large(text: str, room: int, title: str) -> None:
    cut = WindowCutter(count_characters).windows([EvidenceText(title, text, ())], room)
    assert all(len(window.text) <= room for window in cut)


@given(st.lists(st.sampled_from([" ", ". ", "\n"]), max_size=60), st.integers(1, 12))
def test_no_word_is_lost(between: list[str], room: int) -> None:
    text = "".join(f"Word{number}{mark}" for number, mark in enumerate(between))
    cut = WindowCutter(count_words).windows([EvidenceText("", text, ())], room)
    assert {word.strip(".") for window in cut for word in window.text.split()} == {
        word.strip(".") for word in text.split()
    }


@pytest.mark.parametrize("text", ["a" * 64_000, " " * 64_000, "1) " * 21_000, "a. " * 21_000, "a\n" * 32_000])
def test_hostile_evidence_is_cut_in_linear_time(text: str) -> None:
    with at_most(5):
        cut = WindowCutter(count_characters).windows([EvidenceText("", text, ())], 500)
        assert all(len(window.text) <= 500 for window in cut)


# -- what a claim is held against --------------------------------------------------------------------------------------

PIECES = (NumberedEvidence(1, "a.txt", TEXT, SPANS), NumberedEvidence(2, "b.txt", THREE, SPANS[2:]))


def test_a_claim_is_held_against_the_pieces_that_it_names() -> None:
    marked = ClaimToCheck(ONE, SPANS[:1], SPANS, marks=(2,), evidence=PIECES)
    assert [text.text for text in own_texts(marked)] == [THREE]
    assert [text.text for text in other_texts(marked)] == [TEXT]
    unmarked = ClaimToCheck(ONE, (), SPANS, evidence=PIECES)
    assert [text.text for text in own_texts(unmarked)] == [TEXT, THREE]
    assert other_texts(unmarked) == []


def test_without_pieces_the_spans_of_each_document_stand_together() -> None:
    rows = (span("ferry; 28", header="ship; cars"), span("barge; 4", header="ship; cars"), span(ONE, "b.txt"))
    texts = own_texts(ClaimToCheck(ONE, rows, SPANS))
    assert [text.text for text in texts] == ["ship; cars\nferry; 28\nbarge; 4", ONE]
    assert texts[0].spans == rows[:2]
    assert [text.text for text in own_texts(ClaimToCheck(ONE, (), SPANS[:2]))] == [f"{ONE}\n{TWO}"]
    assert other_texts(ClaimToCheck(ONE, rows, SPANS)) == []
