"""Check a text against the documents of an index.

Owns: which documents the sentences of a text are compared with: those that a search for each sentence finds. Knows
nothing about how a sentence is checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rag.errors import UsageError
from rag.marks import read_plain_marks
from rag.notices import Notice
from rag.retrieval.passages import retrieve
from rag.store.index import Index
from rag.types import Document
from rag.verify.checker import Checker
from rag.verify.claims import read_claims
from rag.verify.texts.document import Verification, verify_text
from rag.verify.texts.source_index import SourceIndex

LONGEST_TEXT = 20_000
"""Characters of a text: each of its sentences is searched for."""
# Passages that a search for one sentence may find its documents by.
_PASSAGES = 4
# Characters of the documents that a text is compared with.
_MOST_CHARACTERS = 2_000_000
_HIGHEST_MARK = 999


def verify_against_index(
    index: Index, text: str, checker: Checker, among: Sequence[str] = ()
) -> tuple[Verification, list[str]]:
    """Say of each sentence of a text which words of an index's documents support it.

    Args:
        index: The open index.
        text: The text. A mark such as ``[1]`` names what a list of sources at its end has under that number.
        checker: What checks the sentences.
        among: Names or globs of the only sources that count. Empty: all.

    Returns:
        The sentences with their verdicts and the spans they cite, and the names of the sources they were compared
        with. The ``source_id`` of a citation is that of the index.

    Raises:
        UsageError: The text is too long, or no source matches ``among``.
        IndexUnusable: The index is gone.
    """
    if len(text) > LONGEST_TEXT:
        raise UsageError(Notice("text-too-long-to-check", {"characters": len(text), "most": LONGEST_TEXT}))
    documents: dict[str, Document] = {}
    ids: dict[str, str] = {}
    for source, document_id, document in _documents(index, text, among):
        documents[source], ids[source] = document, document_id
    return verify_text(text, SourceIndex(documents, ids), checker), list(documents)


def _documents(index: Index, text: str, among: Sequence[str]) -> Iterator[tuple[str, str, Document]]:
    """Yield the documents that the sentences of a text may rest on, those that most of them find first."""
    found: Counter[str] = Counter()
    for claim in read_claims(read_plain_marks(text, ()).text, _HIGHEST_MARK):
        if claim.states:
            found.update({passage.source for passage in retrieve(index, claim.text, _PASSAGES, sources=among)})
    room = _MOST_CHARACTERS
    for source, _ in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        record = index.catalog.source_record(source)
        # Meanwhile it may have been removed.
        document = index.catalog.document(record.document_id) if record and record.document_id else None
        if record and record.document_id and document and len(document.text) <= room:
            room -= len(document.text)
            yield source, record.document_id, document
