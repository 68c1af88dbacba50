"""What an answer must hold by the look of it: `rag.retrieval.answer_patterns`."""

from __future__ import annotations

import pytest

from rag.retrieval.answer_patterns import answer_pattern, holds_new


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("How many boats are there?", "There are 14 boats.", "There are boats."),
        ("When did the 1973 crisis end?", "The 1973 crisis ended in 1974.", "The 1973 crisis ended."),
        ("Who leads Orla?", "At Orla that is Bo Lark.", "At Orla it is led."),
        ("Where does Bo work?", "He works in Lund.", "He works daily."),
    ],
)
def test_a_sentence_with_something_new_of_the_kind_that_is_asked_for(question: str, answer: str, other: str) -> None:
    pattern = answer_pattern(question)
    assert pattern is not None
    assert holds_new(pattern, answer, question)
    assert not holds_new(pattern, other, question)


def test_a_question_that_any_words_may_answer_has_no_pattern() -> None:
    assert answer_pattern("Why do boats sink?") is None
