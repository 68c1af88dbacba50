"""The time of a document, and questions that ask for the documents of a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answering.pipeline import answer
from rag.planning.document_times import document_time
from rag.question.kinds import read_kind
from rag.question.times import DocumentTime, time_of_documents
from rag.store.index import Index
from rag.store.reading import keep_source_languages


@pytest.mark.parametrize(
    ("question", "time"),
    [
        ("Which documents are from 2023?", DocumentTime(2023)),
        ("Which of my files were written in November 2023?", DocumentTime(2023, 11)),
        ("How many reports are there from the year 2022", DocumentTime(2022)),
        ("List all files dated 2023-11-02.", DocumentTime(2023, 11, 2)),
        ("Show me the documents of March 2021", DocumentTime(2021, 3)),
        ("Welche Dokumente stammen aus dem Jahr 2023?", DocumentTime(2023)),
        ("Liste alle Dateien vom Mai 2023 auf", DocumentTime(2023, 5)),
        ("Wie viele Berichte gibt es aus 2020?", DocumentTime(2020)),
        ("Which documents are about 2023?", None),
        ("Which clause is in the report from 2023?", None),
        ("What do the reports of 2023 say?", None),
        ("What was sold in 2023?", None),
        ("Which documents mention the storm of 2023?", None),
        ("Which documents are from blue 2023?", None),
    ],
)
def test_the_time_that_is_asked_of_documents(question: str, time: DocumentTime | None) -> None:
    assert time_of_documents(question) == time
    if time:
        assert read_kind(question, "en", 0).kind == "overview"


def test_a_day_is_within_its_month_and_its_year() -> None:
    day = DocumentTime(2023, 11, 2)
    assert all(day.is_within(time) for time in (day, DocumentTime(2023, 11), DocumentTime(2023)))
    assert not day.is_within(DocumentTime(2023, 12))
    assert not DocumentTime(2023).is_within(DocumentTime(2023, 11))


def test_the_day_of_the_file_counts_where_nothing_else_tells_and_it_is_asked_for(index: Index) -> None:
    def time_of(source: str, own: bool) -> DocumentTime | None:
        record = index.catalog.source_record(source)
        assert record
        return document_time(index, source, record.document_id or "", record.title, own=own)

    dated(index, "bridge.md", "2023-11-02")
    assert time_of("bridge.md", own=False) is None
    assert time_of("bridge.md", own=True) == DocumentTime(2023, 11, 2)
    assert time_of("weather.txt", own=True) is None


def test_documents_of_a_time_are_listed(index: Index) -> None:
    dated(index, "bridge.md", "2023-11-02")
    dated(index, "weather.txt", "2024-01-09")

    def answered(question: str) -> tuple[str, str | None]:
        last = list(answer(index, question, model=None))[-1]
        return last.answer, last.short_answer

    text, _ = answered("Which documents are from November 2023?")
    assert text.startswith("1 document is from 2023-11.")
    assert "(bridge.md, 2023-11-02)" in text
    assert "weather.txt" not in text
    assert answered("How many documents are from 2024?")[1] == "1"
    assert answered("Which documents are from 2019?")[0] == "No document is from 2019."
    # Only two files say when they were written; the others were written now.
    assert answered("Which document is the oldest?")[1] == "bridge.md"


def dated(index: Index, source: str, day: str) -> None:
    """Let a source have a day of its own, as a reader finds one in some files."""
    record = index.catalog.source_record(source)
    assert record
    index.catalog.put_sources([replace(record, date=day)])


def test_documents_in_a_language_are_listed(index: Index) -> None:
    keep_source_languages(index.catalog, {"bridge.md": ("de",), "weather.txt": ("de", "fr")})

    def answered(question: str) -> tuple[str, str | None]:
        last = list(answer(index, question, model=None))[-1]
        return last.answer, last.short_answer

    text, _ = answered("Which documents are in German?")
    assert text.startswith("2 documents are in German.")
    assert "(bridge.md)" in text
    assert "(weather.txt)" in text
    assert answered("How many documents are in French?")[1] == "1"
    assert answered("Which documents are in Thai?")[0] == "No document is in Thai."
    assert "bridge.md" not in answered("List the English documents.")[0]
    assert answered("What language is bridge.md in?")[1] == "German"
    text, _ = answered("Welche Dokumente sind auf Französisch?")
    assert text.startswith("1 Dokument ist auf Französisch.")
    lines = answered("What languages are the documents in?")[0].split("\n")
    assert [line for line in lines if line.endswith((" document.", " documents."))][-1] == "French: 1 document."
