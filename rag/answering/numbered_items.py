"""Find the item that a question asks for by its number: "Rule 2" under the heading "Rules".

Owns: which heading has the noun, and which item below it the number. Knows nothing about how it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.answering.short_answers.types import ShortAnswer, cut
from rag.injection.detector import find_injections
from rag.retrieval.search import SelectedEvidence
from rag.store.index import Index
from rag.text import STOPWORDS, split_block, terms, trim
from rag.text.struck import struck_spans
from rag.types import Document, Evidence, Passage, Span, page_of

# All that is asked: "Rule 2?", "What is rule 2?", "What does step no. 3 say?"
_ASKED = re.compile(
    r"\W*(?:(?:what|which|was)\s+(?:is|does|are|says|ist|besagt|lautet)\s+)?(?:the\s+|die\s+|der\s+|das\s+)?"
    r"(?P<noun>[^\W\d_]{3,30})\s+(?:no\.?\s*|number\s+|nr\.?\s*|nummer\s+)?(?P<number>\d{1,3})"
    r"(?:\s+(?:say|about|state|require))?\W*",
    re.I,
)
_ITEM = re.compile(r"\s*\(?(?P<number>\d{1,3})[.)]\s+(?=\S)")
# Documents of the best passages that are looked through.
_DOCUMENTS = 3
_MOST_WORDS = 12


def numbered_item(index: Index, question: str, passages: Sequence[Passage]) -> Evidence | None:
    """Return the list item that a question asks for by its number.

    Args:
        index: The index that holds the documents.
        question: The question.
        passages: What was found for it, best first.

    Returns:
        The item of the first list below a heading with the noun of the question; None where the question asks for
        none, and where there is none or the item gives orders to a language model.
    """
    match = _ASKED.fullmatch(question)
    if match is None:
        return None
    noun = frozenset(terms(match["noun"]))
    first = {passage.source_id: passage for passage in reversed(passages)}
    for source_id in list(dict.fromkeys(passage.source_id for passage in passages))[:_DOCUMENTS]:
        document = index.catalog.document(source_id)
        found = _item(document, noun, int(match["number"])) if document else None
        if document and found and not find_injections(document.text[slice(*found)]):
            return _evidence(document, first[source_id], *found)
    return None


def item_answer(item: Evidence) -> ShortAnswer | None:
    """Return the words of a numbered item as a short answer; None where they are too long, or some are struck out."""
    text = item.span.quote
    if struck_spans(text):
        return None
    match = _ITEM.match(text)
    start, end = trim(text, match.end() if match else 0, len(text.rstrip(" .;")))
    return (
        ShortAnswer(text[start:end], cut(item.span, start, end))
        if len(text[start:end].split()) <= _MOST_WORDS
        else None
    )


def _item(document: Document, noun: frozenset[str], number: int) -> tuple[int, int] | None:
    """Return where the item of a number stands below a heading that has a noun; None for none."""
    for start, end in _items_below(document, noun):
        match = _ITEM.match(document.text, start, end)
        if match and int(match["number"]) == number:
            return trim(document.text, start, end)
    return None


def _items_below(document: Document, noun: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield the list items below headings that are called by a noun."""
    is_below = False
    for block in document.blocks:
        if block.kind == "heading":
            heading = [stem for stem in terms(document.text[block.start : block.end]) if stem not in STOPWORDS]
            is_below = bool(heading) and noun <= set(heading)
        elif is_below and block.kind == "item":
            parts = list(split_block(document.text, block))
            yield block.start, parts[-1][1] if parts else block.end


def with_item(selected: SelectedEvidence, item: Evidence | None) -> SelectedEvidence:
    """Put a numbered item before other evidence.

    Args:
        selected: The evidence.
        item: The item; None for none.

    Returns:
        The evidence with the item as the best; as it is for None, and where several things are asked.
    """
    if item is None or len(selected.evidence_by_part) != 1:
        return selected
    others = [other for other in selected.evidence if other.span != item.span]
    best = replace(item, score=max((other.score for other in others), default=item.score))
    evidence = (best, *others)
    return replace(selected, evidence=evidence, evidence_by_part=(evidence,))


def _evidence(document: Document, passage: Passage, start: int, end: int) -> Evidence:
    span = Span(passage.source, passage.source_id, passage.title, start, end, document.text[start:end])
    span = replace(span, page=page_of(document.pages, start))
    return Evidence(span, 1.0, 1.0, 1.0, 1, start)
