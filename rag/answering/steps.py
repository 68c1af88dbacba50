"""Find the steps of a "how do I …?": the list that its heading or its lead-in names, whole and in its own order.

Owns: which list of the best documents that is. Knows nothing about how it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.injection.detector import find_injections
from rag.retrieval.search import SelectedEvidence
from rag.store.index import Index
from rag.text import STOPWORDS, terms, trim
from rag.types import Block, Document, Passage, Span, page_of

# Documents of the best passages that are looked through, and the best sentences one of which a list should hold.
_DOCUMENTS, _SENTENCES = 3, 3
_LEAST, _MOST = 2, 20
# Most characters of a paragraph that announces a list.
_LEAD_IN = 120
# Words of a question for steps that name no thing to do, as stems.
_NO_TOPIC = frozenset(
    {"step", "procedur", "process", "instruct", "guid", "way", "do", "explain", "describ", "show", "tell"}
)


@dataclass(frozen=True, slots=True)
class _StepList:
    """A list of a document: its items in order, and what stands above it."""

    items: tuple[Block, ...]
    above: str


def in_order_of_steps(quotes: Sequence[Span], question: str, selected: SelectedEvidence, index: Index) -> list[Span]:
    """Put steps in their order: the list that answers, an item a quote, else the quotes as their documents have them.

    Args:
        quotes: What would be quoted, best first.
        question: The question for steps.
        selected: The evidence.
        index: The index that holds the documents.

    Returns:
        The quotes, those of the best document first.
    """
    wanted = {stem for stem in terms(question) if stem not in STOPWORDS} - _NO_TOPIC
    of_source = {passage.source_id: passage for passage in reversed(selected.passages)}
    order = list(dict.fromkeys(passage.source_id for passage in selected.passages))
    best: tuple[float, list[Span]] = (0.0, [])
    for source_id in order[:_DOCUMENTS]:
        document = index.catalog.document(source_id)
        if document is None:
            continue
        for steps in _lists(document):
            fit = _fit(document, steps, wanted, source_id, selected)
            if fit > best[0]:
                best = fit, _spans(document, steps, of_source[source_id])
    if best[1]:
        return best[1]
    rank = {span.source_id: number for number, span in reversed(list(enumerate(quotes)))}
    return sorted(quotes, key=lambda span: (rank[span.source_id], span.start))


def _lists(document: Document) -> Iterator[_StepList]:
    """Yield the lists of a document: items that follow each other, with the heading and the paragraph above them."""
    heading, paragraph, items = "", "", list[Block]()
    for block in (*document.blocks, None):
        if block is not None and block.kind == "item":
            items.append(block)
            continue
        if _LEAST <= len(items) <= _MOST:
            yield _StepList(tuple(items), f"{heading}\n{paragraph}")
        items = []
        if block is None:
            return
        text = document.text[block.start : block.end]
        if block.kind == "heading":
            heading, paragraph = text, ""
        elif block.kind == "paragraph":
            paragraph = text if len(text) <= _LEAD_IN else ""


def _fit(document: Document, steps: _StepList, wanted: set[str], source_id: str, selected: SelectedEvidence) -> float:
    """Return how well a list fits a question: 0 where neither what stands above it nor the evidence points at it."""
    if not wanted:
        return 0.0
    above = len(wanted & set(terms(steps.above))) / len(wanted)
    inside = sum(
        item.span.source_id == source_id and steps.items[0].start <= item.span.start < steps.items[-1].end
        for item in selected.evidence[:_SENTENCES]
    )
    said = {stem for block in steps.items for stem in terms(document.text[block.start : block.end])}
    whole = len(wanted & (said | set(terms(f"{steps.above}\n{document.title}")))) / len(wanted)
    is_numbered = document.text[steps.items[0].start :].lstrip()[:1].isdigit()
    points_at = 2 * above > 1 or (inside and (whole == 1 or (is_numbered and 2 * whole >= 1)))
    return above + whole + inside / _SENTENCES if points_at else 0.0


def _spans(document: Document, steps: _StepList, passage: Passage) -> list[Span]:
    spans = []
    for block in steps.items:
        start, end = trim(document.text, block.start, block.end)
        quote = document.text[start:end]
        if quote and not find_injections(quote):
            span = Span(passage.source, passage.source_id, passage.title, start, end, quote)
            spans.append(replace(span, page=page_of(document.pages, start)))
    return spans
