"""Words that deny: `rag.question.denial`."""

from __future__ import annotations

import pytest

from rag.question.denial import denies


@pytest.mark.parametrize(
    "text",
    [
        "Which days do not count?",
        "Who isn't insured?",
        "Who isn’t insured?",
        "No dogs are allowed.",
        "Was kostet keine Gebühr?",
        "Wer darf nicht parken?",
        "Ohne Ausweis",
        "Never again",
    ],
)
def test_it_denies(text: str) -> None:
    assert denies(text)


@pytest.mark.parametrize(
    "text", ["Which note counts?", "No. 5 is open.", "nothingness", "Notebook, nowadays", "Knie", ""]
)
def test_it_does_not(text: str) -> None:
    assert not denies(text)
