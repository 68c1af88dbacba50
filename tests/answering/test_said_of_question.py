"""What a sentence says of a yes-or-no question: `rag.answering.short_answers.said_of_question`."""

from __future__ import annotations

import pytest

from rag.answering.short_answers.said_of_question import Said, denies, word_of


@pytest.mark.parametrize(
    ("word", "question", "sentence"),
    [
        ("yes", "Is the ferry free?", "The ferry is not free."),
        ("no", "Is the ferry free?", "The ferry is free."),
        ("yes", "Is the ferry open in winter?", "The ferry is closed in winter."),
        ("yes", "May dogs ride the ferry?", "Dogs must not ride the ferry."),
        ("yes", "Are all boats red?", "Some boats are red."),
        ("yes", "Does the mill open before 9?", "No, it opens at 10."),
        ("yes", "Was the bridge built in 1990?", "The bridge was built in 1980."),
        ("yes", "Ist die Fähre kostenlos?", "Die Fähre ist nicht kostenlos."),
    ],
)
def test_a_bare_answer_is_held_against_what_a_sentence_says(word: Said, question: str, sentence: str) -> None:
    assert denies(word, question, [sentence])


@pytest.mark.parametrize(
    ("word", "question", "sentences"),
    [
        ("yes", "Is the ferry free?", ["The ferry is free."]),
        ("no", "Is the ferry free?", ["The ferry is not free."]),
        ("no", "Is the ferry free?", ["The ferry costs 5 EUR."]),
        ("yes", "Is the ferry free?", ["The mill is not free."]),
        ("no", "Does the ferry run on Sundays?", ["The ferry runs on Sundays except in May."]),
        ("no", "Isn't the ferry free?", ["The ferry is free."]),
        ("yes", "Is the ferry free?", ["The ferry is free in May.", "The ferry is not free in June.", "Yes."]),
        ("yes", "Is the ferry free?", []),
    ],
)
def test_what_is_not_certain_denies_nothing(word: Said, question: str, sentences: list[str]) -> None:
    assert not denies(word, question, sentences)


@pytest.mark.parametrize(
    ("phrase", "word"),
    [("Yes", "yes"), ("**No**, it is not.", "no"), ("Nein.", "no"), ("Oui, chaque jour", "yes"), ("Notes", None)],
)
def test_a_phrase_may_open_with_yes_or_no(phrase: str, word: Said | None) -> None:
    assert word_of(phrase) == word
