"""What an export reads from: a suite with the words of its evidence.

Owns: each case with its evidence, and what a format makes of all of them. Knows no format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.evaluate.formats.transfer_report import RejectionCounter
from rag.evaluate.histories import with_written_histories
from rag.evaluate.suite.gold_evidence import documents_of, locate_case_evidence
from rag.evaluate.types import Case, GoldSpan, Record, Suite
from rag.store.index import Index
from rag.types import Document


@dataclass(frozen=True, slots=True)
class ExportedCase:
    """A case with its evidence.

    Attributes:
        case: The case.
        spans: Its evidence, located in the documents, with all alternatives.
        quotes: The words of each span.
        record: The record of the case in a run, if there was one.
    """

    case: Case
    spans: tuple[GoldSpan, ...]
    quotes: tuple[str, ...]
    record: Record | None

    @property
    def grades(self) -> dict[str, int]:
        """The grade of each document that holds evidence: the highest of its spans."""
        grades: dict[str, int] = {}
        for span in self.spans:
            grades[span.source] = max(span.grade, grades.get(span.source, 0))
        return grades

    @property
    def contexts(self) -> list[str]:
        """The words of the evidence, of alternatives those of the first alone, since the others say the same."""
        pairs = zip(self.spans, self.quotes, strict=True)
        first = {(span if span.group is None else span.group): quote for span, quote in reversed(list(pairs))}
        return list(reversed(first.values()))


@dataclass(frozen=True, slots=True)
class RenderedSuite:
    """A suite in another tool's format.

    Attributes:
        files: Text by relative name; one file named ``""`` stands for itself.
        cases: How many cases are in them.
        documents: How many documents are.
    """

    files: Mapping[str, str]
    cases: int
    documents: int = 0


class ExportSource:
    """A suite with its documents; cases whose evidence cannot be found are rejected.

    Args:
        suite: The suite.
        index: The index of its corpus.
        records: The records of its cases in a run, if there was one.

    Attributes:
        rejections: The cases that the format has no place for.
        has_records: Whether there was a run.
    """

    def __init__(self, suite: Suite, index: Index, records: Sequence[Record] = ()) -> None:
        self.suite = suite
        self.rejections = RejectionCounter()
        self._index = index
        self._document = documents_of(index)
        self._text_of = lru_cache(maxsize=8)(index.catalog.document_text)
        self.has_records = bool(records)
        self._records = {record.id: record for record in records}

    def sources(self) -> list[str]:
        """Return the names of all readable documents, in order."""
        return [summary.source for summary in self._index.catalog.sources()]

    def document(self, source: str) -> Document:
        """Return a readable document of the corpus."""
        document = self._document(source)
        assert document is not None
        return document

    def cases(self) -> Iterator[ExportedCase]:
        """Yield the cases whose evidence stands in the corpus, in order; turns with what the suite has before them."""
        for case in with_written_histories(self.suite):
            spans, problems = locate_case_evidence(case, self._index, self._document)
            if problems:
                self.reject(case, "its evidence cannot be found")
                continue
            quotes = tuple(self.document(span.source).text[span.start : span.end] for span in spans)
            yield ExportedCase(case, tuple(spans), quotes, self._records.get(case.id))

    def passage_texts(self, record: Record) -> list[str]:
        """Return the words of the passages that a run retrieved for a case, best first.

        Results say where a passage stands and not its words. One of a document version that the index does not hold
        any more is left out.
        """
        texts = []
        for passage in record.answer.get("passages", []):
            found = self._text_of(str(passage.get("source_id", "")))
            start, end = passage.get("start"), passage.get("end")
            if found and isinstance(start, int) and isinstance(end, int):
                texts.append(found[0][start:end])
        return texts

    def reject(self, case: Case, reason: str) -> None:
        """Count a case that the format has no place for.

        Args:
            case: The case.
            reason: Why it has none.
        """
        self.rejections.add(self.suite.where.get(case.id, case.id), reason)


def lines_text(lines: Iterable[str]) -> str:
    """Return lines as a text, each with a line end."""
    return "".join(line + "\n" for line in lines)
