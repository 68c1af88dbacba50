"""Questions for the main things of a kind have a topic; others have none."""

from __future__ import annotations

import pytest

from rag.question.main_things import main_things


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What are the main risks for Kestrel?", "risks for Kestrel"),
        ("Which were the three biggest  fires of 1920?", "fires of 1920"),
        ("what're our key products", "products"),
        ("Was sind die wichtigsten Pflichten des Mieters?", "Pflichten des Mieters"),
        ("What are the risks for Kestrel?", ""),
        ("What is the main risk?", ""),
        ("What are the main", ""),
        ("Who are the main rivals?", ""),
    ],
)
def test_the_topic_of_the_main_things(question: str, topic: str) -> None:
    assert main_things(question) == topic
