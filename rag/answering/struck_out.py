"""What the evidence says apart from the words that it strikes out, which answer nothing.

Owns: reading evidence without them, and the place of what is cut out of it in the document. Knows nothing about how a
phrase is cut.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answering.short_answers.types import ShortAnswer
from rag.retrieval.search import SelectedEvidence
from rag.store.index import Index
from rag.text.struck import ValidWords, struck_spans, valid_words
from rag.types import Document, Evidence, Passage, RowCell, Span

# A sentence that stands is preferred to a struck-out one unless it covers so much less of the question.
_COVERAGE_MARGIN = 0.01


@dataclass(frozen=True, slots=True)
class ValidEvidence:
    """Evidence as it reads without what it strikes out.

    Attributes:
        items: The sentences and rows that still say something, best first.
        whole: Each of those that were shortened, as it stands in the document, with the words that are left of it.
    """

    items: tuple[Evidence, ...]
    whole: Mapping[Span, tuple[Span, ValidWords]]

    def restored(self, answer: ShortAnswer | None) -> ShortAnswer | None:
        """Return a short answer that was cut out of these words, with its slice of the document.

        Args:
            answer: The short answer; None where there is none.

        Returns:
            The same words; where they stand on both sides of struck-out ones, the slice holds these, too.
        """
        if answer is None:
            return None
        for read, (span, words) in self.whole.items():
            if read.source_id == answer.span.source_id and _holds(read, answer.span):
                start, end = words.place(answer.span.start - read.start, answer.span.end - read.start)
                cut = replace(answer.span, start=span.start + start, end=span.start + end, quote=span.quote[start:end])
                return replace(answer, span=cut)
        return answer


def valid_evidence(index: Index, evidence: Sequence[Evidence], passages: Sequence[Passage]) -> ValidEvidence:
    """Read evidence without the words that are struck out.

    Args:
        index: The index that holds the documents.
        evidence: Sentences and rows, best first.
        passages: The passages that hold them.

    Returns:
        The evidence; what is struck out as a whole is left out, and all of it where that is the best: what comes behind
        answers no better.
    """
    struck = dict(_struck_parts(index, evidence, passages))
    items: list[Evidence] = []
    whole: dict[Span, tuple[Span, ValidWords]] = {}
    for item in evidence:
        if not (parts := struck.get(item.span)):
            items.append(item)
            continue
        words = valid_words(item.span.quote, parts)
        if not _says_something(item.span, words):
            if item is evidence[0]:
                return ValidEvidence((), {})
            continue
        read = _shortened(item.span, words)
        whole[read] = (item.span, words)
        items.append(replace(item, span=read))
    return ValidEvidence(tuple(items), whole)


def without_struck_out(index: Index, selected: SelectedEvidence) -> tuple[SelectedEvidence, bool]:
    """Leave out of evidence the sentences that are struck out as a whole, where others answer as well.

    Args:
        index: The index that holds the documents.
        selected: The evidence.

    Returns:
        The evidence, and whether the best of it for some part of the question is struck out.
    """
    struck = _wholly_struck(index, selected)
    if not struck:
        return selected, False
    parts = [_preferred(part, struck) for part in selected.evidence_by_part]
    kept = {item.span for part in parts for item in part}
    evidence = tuple(item for item in selected.evidence if item.span in kept)
    is_struck = any(bool(part) and part[0].span in struck for part in parts)
    return replace(selected, evidence=evidence, evidence_by_part=tuple(parts)), is_struck


def _wholly_struck(index: Index, selected: SelectedEvidence) -> set[Span]:
    """Return the evidence that strikes out all its words."""
    return {
        span
        for span, parts in _struck_parts(index, selected.evidence, selected.passages)
        if not _says_something(span, valid_words(span.quote, parts))
    }


def _preferred(part: Sequence[Evidence], struck: set[Span]) -> tuple[Evidence, ...]:
    """Return the evidence that stands, where it covers as much of the question as the best; else all of it."""
    standing = tuple(item for item in part if item.span not in struck)
    enough = part[0].coverage - _COVERAGE_MARGIN if part else 0.0
    return standing if standing and max(item.coverage for item in standing) >= enough else tuple(part)


def _struck_parts(
    index: Index, evidence: Sequence[Evidence], passages: Sequence[Passage]
) -> Iterator[tuple[Span, list[tuple[int, int]]]]:
    """Yield the evidence in which something is struck out, with where; what is struck out may begin before it."""
    marked = {passage.source_id for passage in passages if struck_spans(passage.text)}
    documents: dict[str, tuple[Document, list[tuple[int, int]]]] = {}
    for item in evidence:
        span = item.span
        if span.source_id not in marked and not struck_spans(span.quote):
            continue
        if span.source_id not in documents:
            document = index.catalog.document(span.source_id)
            documents[span.source_id] = (document, _of_blocks(document)) if document else (Document("", "", ""), [])
        parts = _inside(documents[span.source_id][1], span)
        if parts:
            yield span, parts


def _of_blocks(document: Document) -> list[tuple[int, int]]:
    """Return where struck-out words stand in a document; code strikes nothing out."""
    return [
        (block.start + start, block.start + end)
        for block in document.blocks
        if block.kind != "code"
        for start, end in struck_spans(document.text[block.start : block.end])
    ]


def _inside(struck: Sequence[tuple[int, int]], span: Span) -> list[tuple[int, int]]:
    """Return the struck-out parts of a span, as places in its words."""
    first = max(0, bisect_right(struck, span.start, key=lambda part: part[0]) - 1)
    found: list[tuple[int, int]] = []
    for start, end in struck[first:]:
        if start >= span.end:
            break
        if end > span.start:
            found.append((max(start, span.start) - span.start, min(end, span.end) - span.start))
    return found


def _shortened(span: Span, words: ValidWords) -> Span:
    """Return a span as it reads without its struck-out parts, its cells where their words then stand."""
    cells = tuple(_moved(cell, span, words) for cell in span.cells)
    return replace(span, end=span.start + len(words.text), quote=words.text, cells=cells)


def _moved(cell: RowCell, span: Span, words: ValidWords) -> RowCell:
    start, end = _place_left(cell.start - span.start, words), _place_left(cell.end - span.start, words)
    text = words.text[start:end]
    start += len(text) - len(text.lstrip())
    return replace(cell, start=span.start + start, end=span.start + start + len(text.strip()))


def _place_left(position: int, words: ValidWords) -> int:
    """Return where a place of the whole text is among the words that are left; of a struck-out one, where it was."""
    for begins, start, end in words.kept:
        if position <= end:
            return begins + max(0, position - start)
    return len(words.text)


def _says_something(span: Span, words: ValidWords) -> bool:
    """Tell whether what is left of a sentence or a row is more than the name of what is struck out."""
    if any(not cell.is_label for cell in span.cells):
        left = _shortened(span, words).cells
        return any(cell.start < cell.end for cell in left if not cell.is_label)
    if span.quote.startswith("|"):
        return sum(map(_has_words, words.text.split("|"))) > 1
    return _has_words(words.text) and not words.text.rstrip().endswith(":")


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _holds(span: Span, part: Span) -> bool:
    return span.start <= part.start and part.end <= span.end
