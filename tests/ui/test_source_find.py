"""Finding words in a document, computed by eye."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.views.source_find import find_words


def found(text: str, words: str) -> list[str]:
    return [text[start:end] for start, end in find_words(text, words)]


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("The Toll of the toll bridge", "TOLL", ["Toll", "toll"]),
        ("Le café, le CAFE\u0301 et le cafe.", "cafe", ["café", "CAFE\u0301", "cafe"]),
        ("Die Straße und die STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("the grain\nbarge pays; the grain   barge", " grain  barge ", ["grain\nbarge", "grain   barge"]),
        ("an e\ufb00ect", "effect", ["e\ufb00ect"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("3.5 or 385 (*)", "3.5", ["3.5"]),
        ("3.5 or 385 (*)", "(*)", ["(*)"]),
        ("\U0001f6a2 the ship", "ship", ["ship"]),
        ("anything", "", []),
        ("anything", " \n ", []),
        ("anything", "\u0301", []),
    ],
)
def test_case_accents_and_white_space_do_not_matter(text: str, words: str, places: list[str]) -> None:
    assert found(text, words) == places


@given(st.text(st.characters(codec="utf-8"), max_size=80), st.integers(0, 79), st.integers(1, 10))
def test_what_stands_in_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    words = text[start : start + length]
    places = list(find_words(text, words))
    assert all(0 <= first < end <= len(text) for first, end in places)
    if any(character.isalnum() and character.isascii() for character in words):
        assert places


def test_a_long_text_is_searched_in_a_moment() -> None:
    text = "Ä long line of words. " * 100_000
    started = time.thread_time()
    assert sum(1 for _ in find_words(text, "words")) == 100_000
    assert sum(1 for _ in find_words(text, "a" * 200)) == 0
    assert time.thread_time() - started < 20
