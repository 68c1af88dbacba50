"""Where the evidence that a suite names stands in the parsed sources.

Owns: finding a quote in a canonical text. This is the author's side of an evaluation, the only place where a text is
searched for words; answers and citations carry their offsets. Knows nothing about questions or metrics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

from rag.evaluate.types import Case, GoldEvidence, GoldSpan
from rag.store.index import Index
from rag.types import Document, page_of

# The document of a source by its name; None where there is no such source.
Documents = Callable[[str], Document | None]

# Nobody tells more places apart.
_MOST_PLACES = 50
# Longer quotes are no help to a reader of a suite.
_LONGEST_QUOTE = 400


def locate_first(anchor: GoldEvidence, document: Document) -> GoldSpan | None:
    """The place of an anchor in its document: the first of several; None where it cannot be found.

    A quote is compared with any white space between its words. With ``start`` and ``end`` the place is that slice, and
    a quote beside them must be its words.
    """
    return next(iter(locate_everywhere(anchor, document)), None)


def locate_everywhere(anchor: GoldEvidence, document: Document) -> list[GoldSpan]:
    """Every place where an anchor may stand, in order; a quote that stands in very many is cut off at 50."""
    if anchor.start is not None and anchor.end is not None:
        found = iter([(anchor.start, anchor.end)] if _holds(anchor, document.text) else [])
    else:
        found = find_quote(anchor.quote, document.text)
    placed = (_place(anchor, document, start, end) for start, end in found)
    return list(islice((place for place in placed if place), _MOST_PLACES))


def _holds(anchor: GoldEvidence, text: str) -> bool:
    """Whether the slice of an anchor lies in the text and says what its quote says."""
    assert anchor.start is not None
    assert anchor.end is not None
    if not 0 <= anchor.start < anchor.end <= len(text):
        return False
    words = text[anchor.start : anchor.end].split()
    return bool(words) and (not anchor.quote.strip() or words == anchor.quote.split())


def find_quote(quote: str, text: str) -> Iterator[tuple[int, int]]:
    """The spans of a quote in a text, in order, whatever white space stands between its words."""
    words = quote.split()
    if not words:
        return
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    # Not finditer(): places may overlap, and each counts.
    match = pattern.search(text)
    while match:
        yield match.span()
        match = pattern.search(text, match.start() + 1)


def _place(anchor: GoldEvidence, document: Document, start: int, end: int) -> GoldSpan | None:
    """The place of a span, unless the anchor names a page that the span does not touch."""
    first, last = page_of(document.pages, start), page_of(document.pages, end - 1)
    if anchor.page is not None and (first is None or last is None or not first <= anchor.page <= last):
        return None
    return GoldSpan(anchor.source, start, end, first)


def evidence_of_span(source: str, text: str, start: int, end: int) -> GoldEvidence:
    """An anchor of ``text[start:end]``: its words where they are few and stand there only, else its offsets."""
    quote = " ".join(text[start:end].split())
    if len(quote) <= _LONGEST_QUOTE and len(list(islice(find_quote(quote, text), 2))) == 1:
        return GoldEvidence(source, quote)
    return GoldEvidence(source, start=start, end=end)


def documents_of(index: Index) -> Documents:
    """The documents of an index, of which the last few are kept."""

    @lru_cache(maxsize=8)
    def read(source: str) -> Document | None:
        record = index.catalog.source_record(source)
        return index.catalog.document(record.document_id) if record and record.document_id else None

    return read


def locate_case_evidence(case: Case, index: Index, documents: Documents | None = None) -> tuple[list[GoldSpan], list[str]]:
    """The places of a case's evidence, and one sentence for each anchor that cannot be found.

    Give ``documents`` (of ``documents_of``) when there are many cases: each document is then read once.
    """
    documents = documents or documents_of(index)
    found: list[GoldSpan] = []
    problems: list[str] = []
    for number, anchor in enumerate(case.evidence):
        document = documents(anchor.source)
        place = locate_first(anchor, document) if document else None
        if place:
            found.append(place)
        else:
            problems.append(f"evidence[{number}]: {explain_missing(anchor, document)}")
    return found, problems


def explain_missing(anchor: GoldEvidence, document: Document | None) -> str:
    """Why an anchor cannot be found, in one sentence."""
    if document is None:
        return f"{anchor.source} is not in the corpus; write the name that `rag sources` lists."
    if anchor.page is not None and not document.pages:
        return f"{anchor.source} has no pages; remove 'page'."
    if anchor.page is not None and anchor.page > len(document.pages):
        return f"{anchor.source} has {len(document.pages)} pages and no page {anchor.page}; correct 'page'."
    if anchor.start is not None and anchor.end is not None:
        if anchor.end > len(document.text):
            return f"{anchor.source} has {len(document.text)} characters and the span ends at {anchor.end}; correct it."
        if not _holds(anchor, document.text):
            said = _short(document.text[anchor.start : anchor.end])
            return f"{anchor.source} says “{said}” from {anchor.start} to {anchor.end}, not the quote; correct it."
        return f"the span of {anchor.source} is not on page {anchor.page}; correct 'page'."
    elsewhere = next(find_quote(anchor.quote, document.text), None)
    if anchor.page is not None and elsewhere:
        page = page_of(document.pages, elsewhere[0])
        return f"the quote stands on page {page} of {anchor.source}, not on {anchor.page}; correct 'page'."
    return f"“{_short(anchor.quote)}” does not stand in {anchor.source}; copy the words from `rag show`."


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:79] + "…"
