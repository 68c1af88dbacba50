"""Which sentences can be read without the one before them: `rag.answering.extraction.standing`."""

from __future__ import annotations

import pytest

from rag.answering.extraction.standing import breaks_off, is_mostly_names, is_statement, leans_on_another, points_back


@pytest.mark.parametrize(
    "text",
    [
        "The bridge opened in 1931.",
        "Claims above 500 EUR need the approval of the head of finance.",
        "Staff must tell their manager before 10:00 [3].",
        "Die Brücke wurde 1931 für den Verkehr geöffnet.",
    ],
)
def test_whole_sentences_are_statements(text: str) -> None:
    assert is_statement(text)


@pytest.mark.parametrize(
    "text", ["Overview", "Is the bridge open?", "Mac 6,840 7,382 (7)% 21,743 28,669 (24)%.", "See also:", "Ends so", ""]
)
def test_headings_questions_rows_and_fragments_are_none(text: str) -> None:
    assert not is_statement(text)


@pytest.mark.parametrize(
    "text",
    [
        "It carries 28 cars.",
        "She has worked in Cork.",
        "However, the ferry is late.",
        "For example, dogs travel free.",
        "These rules apply to all staff.",
        "and closes at noon.",
        "That’s a quote of the mayor.",
        "Das gilt für alle Beschäftigten.".replace("Das", "Dies"),
        "Dabei gelten die alten Fristen.",
        "“But the toll stays,” he said.",
    ],
)
def test_what_points_back_leans_on_another_sentence(text: str) -> None:
    assert leans_on_another(text)


@pytest.mark.parametrize(
    "text", ["It is forbidden to swim below the bridge.", "The ferry carries 28 cars.", "Staff hand in receipts."]
)
def test_what_names_its_matter_does_not(text: str) -> None:
    assert not leans_on_another(text)


def test_a_letter_goes_on_with_a_small_letter_after_its_greeting() -> None:
    assert leans_on_another("the office moves to the harbour in March.")
    assert not leans_on_another("the office moves to the harbour in March.", opens_block=True)


def test_a_pronoun_before_any_name_points_back() -> None:
    assert points_back("In 1990 he moved to Cork.")
    assert points_back("The protocol suite uses this network.")
    assert not points_back("In 1990 Ada Kirwan moved to her house in Cork.")


def test_dashes_between_words_break_a_sentence_and_a_dash_in_a_range_does_not() -> None:
    assert breaks_off("Tonight — tonight, we win.")
    assert not breaks_off("The gauge stood at 1990–1995 levels.")


def test_an_address_is_mostly_names() -> None:
    assert is_mostly_names("Mr. Speaker, Madam Vice President, members of Congress.")
    assert not is_mostly_names("The Lantern bridge opened in 1931.")
