"""Which cases of a run belong together, so that they are not taken for independent ones.

Owns: the documents, conversations and sections that cases share. Knows nothing about figures or tests.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from rag.evaluate.types import Case, Record

# About a page: questions on the words of one such stretch of a document stand or fall with the same passages.
SECTION_CHARACTERS = 2000
DOCUMENTS, SECTIONS = "documents and conversations", "sections"


def clusters_of(records: Sequence[Record]) -> list[str]:
    """Return for each record the name of its cluster: cases that share a document or a conversation are in one.

    A conversation over two documents joins all cases over either.

    Args:
        records: The records of a run.

    Returns:
        A name a record; empty for a case that shares nothing.
    """
    leaders: dict[str, str] = {}

    def leader(name: str) -> str:
        while (above := leaders.setdefault(name, name)) != name:
            leaders[name] = leaders[above]
            name = above
        return name

    shared = [_shared(record) for record in records]
    for names in shared:
        for name in names[1:]:
            leaders[leader(name)] = leader(names[0])
    return [leader(names[0]) if names else "" for names in shared]


def first_question(case: Case) -> str:
    """Return what the user asked first in the conversation of a case, on one line; its question without a history."""
    asked = next((turn.content for turn in case.history if turn.role == "user"), case.question)
    return " ".join(asked.split())


def continued_questions(cases: Iterable[Case]) -> frozenset[str]:
    """Return the first questions of the histories of a suite, as of `first_question`."""
    return frozenset(first_question(case) for case in cases if case.history)


def cluster_name(case: Case, source: str, continued: Container[str] = ()) -> str:
    """Return the name of a case's cluster: cases of one conversation, or over one document, are not independent.

    The document of a turn of a conversation is known by its gold evidence.

    Args:
        case: The case.
        source: The document of its first evidence; empty without any.
        continued: The first questions of the histories of its suite, so that a case which asks one of them is of the
            same conversation.

    Returns:
        The name; empty for a case of its own.
    """
    if case.conversation:
        return f"conversation {case.conversation}"
    if case.history or first_question(case) in continued:
        return f"conversation {first_question(case)}"
    return f"document {source}" if source else ""


def sections_of(records: Sequence[Record]) -> list[str]:
    """Return for each record the stretch of a document in which its first gold evidence begins; empty without any."""
    return [
        f"{record.gold[0].source} {record.gold[0].start // SECTION_CHARACTERS}" if record.gold else ""
        for record in records
    ]


def groupings_of(records: Sequence[Record]) -> dict[str, Sequence[str]]:
    """Return the groups of a run's cases by the name of what they share, the smaller ones first."""
    return {SECTIONS: sections_of(records), DOCUMENTS: clusters_of(records)}


def _shared(record: Record) -> list[str]:
    document = f"document {record.gold[0].source}" if record.gold else ""
    return [name for name in dict.fromkeys((record.cluster, document)) if name]
