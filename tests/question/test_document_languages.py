"""Questions about the languages of documents: `rag.question.document_languages`."""

from __future__ import annotations

import pytest

from rag.question.document_languages import ANY, language_of_documents
from rag.question.reading import read_question


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Which documents are in German?", "de"),
        ("How many documents are in French?", "fr"),
        ("Which reports are written in English?", "en"),
        ("Do I have any documents in Spanish?", "es"),
        ("List the German documents.", "de"),
        ("Show me all French-language files", "fr"),
        ("Welche Dokumente sind auf Deutsch?", "de"),
        ("Wie viele Dateien sind auf Französisch geschrieben?", "fr"),
        ("Gibt es französische Dokumente?", "fr"),
        ("What languages are the documents in?", ANY),
        ("What language is b.md in?", ANY),
        ("In welcher Sprache sind die Dokumente?", ANY),
        ("In welchen Sprachen sind meine Dateien geschrieben?", ANY),
        ("Which documents mention German tolls?", ""),
        ("Which documents are about German?", ""),
        ("List the German contracts that end in 2025.", ""),
        ("Which documents in German mention the toll?", ""),
        ("What languages does the office speak?", ""),
        ("Who translated the contract into German?", ""),
        ("Which documents are in the German archive?", ""),
    ],
)
def test_the_language_that_documents_are_asked_in(question: str, language: str) -> None:
    assert language_of_documents(question) == language
    if language:
        assert read_question(question).kind == "overview"
