"""A suite that is being written in another tool's format.

Owns: each case with the words of its evidence. Knows no format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.evaluate.formats.import_target import RejectionCounter
from rag.evaluate.suite.gold_evidence import documents_of, locate_case_evidence
from rag.evaluate.types import Case, GoldSpan, Record, Suite
from rag.store.index import Index
from rag.types import Document


@dataclass(frozen=True, slots=True)
class ExportedCase:
    """A case, the places of its evidence with their words, and what came of it in a run, if there was one."""

    case: Case
    places: tuple[GoldSpan, ...]
    quotes: tuple[str, ...]
    record: Record | None


class ExportSource:
    """A suite with its documents. Cases whose evidence cannot be found are refused."""

    def __init__(self, suite: Suite, index: Index, records: Sequence[Record] = ()) -> None:
        self.suite = suite
        self.refusals = RejectionCounter()
        self._index = index
        self._document = documents_of(index)
        self._records = {record.id: record for record in records}

    def sources(self) -> list[str]:
        """The names of all readable documents, in order."""
        return [summary.source for summary in self._index.catalog.sources()]

    def document(self, source: str) -> Document:
        """A readable document of the corpus."""
        document = self._document(source)
        assert document is not None
        return document

    def asked(self) -> Iterator[ExportedCase]:
        """The cases whose evidence stands in the corpus, in order."""
        for case in self.suite.cases:
            places, problems = locate_case_evidence(case, self._index, self._document)
            if problems:
                self.refuse(case, "its evidence cannot be found")
                continue
            quotes = tuple(self.document(place.source).text[place.start : place.end] for place in places)
            yield ExportedCase(case, tuple(places), quotes, self._records.get(case.id))

    def refuse(self, case: Case, reason: str) -> None:
        """Count a case that the format has no place for."""
        self.refusals.add(self.suite.where.get(case.id, case.id), reason)
