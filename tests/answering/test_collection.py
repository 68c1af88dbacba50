"""What is asked about the collection itself: `rag.answering.extraction.collection`."""

from __future__ import annotations

import pytest

from rag.answering.extraction.collection import asked_of_collection, is_mention_enough


@pytest.mark.parametrize(
    ("question", "topic", "asked"),
    [
        ("How many documents are there?", "", "count"),
        ("Wie viele Dateien gibt es?", "", "count"),
        ("Which documents do you have?", "", "list"),
        ("List all files.", "", "list"),
        ("Welche Dokumente hast du?", "", "list"),
        ("Which is the newest document?", "", "newest"),
        ("Which file is the oldest?", "", "oldest"),
        ("When was the last document added?", "", "changed"),
        ("How many pages does the report have?", "the report", "pages"),
        ("Which documents mention Oslo?", "Oslo", "mentions"),
        ("How many documents mention Oslo?", "Oslo", "mentions"),
        ("Which pages deal with tolls?", "tolls", "mentions"),
        ("Welche Dokumente handeln von Oslo?", "Oslo", "mentions"),
        ("What are these documents about?", "", "about"),
        ("What topics do these documents cover?", "", "about"),
        ("What is the guide about?", "the guide", "about"),
        ("Worum geht es hier?", "", "about"),
    ],
)
def test_what_is_asked(question: str, topic: str, asked: str) -> None:
    assert asked_of_collection(question, topic) == asked


def test_a_document_that_mentions_something_need_not_be_about_it() -> None:
    assert is_mention_enough("Which documents mention Oslo?")
    assert not is_mention_enough("Which documents are about Oslo?")
