"""Locate the evidence that a suite names in the parsed sources.

Owns: finding a quote in a canonical text. This is the author's side of an evaluation, the only place where a text is
searched for words; answers and citations carry their offsets. Knows nothing about questions or metrics.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from rag.evaluate.spelling import UNSEEN
from rag.evaluate.types import Case, GoldEvidence, GoldSpan
from rag.store.index import Index
from rag.types import Document, page_of

# Returns the document of a source by its name; None where there is no such source.
Documents = Callable[[str], Document | None]

# Cap on the spans returned for one quote.
MOST_SPANS = 50
# Characters that are typed as another.
_ONE_KIND = dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-") | {"⁄": "/"}
# Raised digits, and letters before them: a unit has two at most, and behind a longer word they are a footnote's mark.
_RAISED = frozenset("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST_UNIT = 2
# Characters of a quote that stands for a span in a suite; offsets stand for longer ones.
_LONGEST_QUOTE = 400


def locate_first(evidence: GoldEvidence, document: Document) -> GoldSpan | None:
    """Locate evidence in its document.

    A quote is compared with any white space between its words. With ``start`` and ``end`` the span is that slice, and a
    quote beside them must be its words.

    Args:
        evidence: The evidence.
        document: The document of its source.

    Returns:
        The first span where it stands; None where it stands nowhere.
    """
    return next(iter(locate_everywhere(evidence, document)), None)


def locate_everywhere(evidence: GoldEvidence, document: Document) -> list[GoldSpan]:
    """Locate evidence everywhere in its document, see `locate_first`.

    Args:
        evidence: The evidence.
        document: The document of its source.

    Returns:
        The spans, in order, at most 50 of them; they may overlap.
    """
    if evidence.start is not None and evidence.end is not None:
        slices = iter([(evidence.start, evidence.end)] if _is_valid_slice(evidence, document.text) else [])
    else:
        slices = find_quote(evidence.quote, document.text)
    spans = (_span_on_page(evidence, document, start, end) for start, end in slices)
    return list(islice((span for span in spans if span), MOST_SPANS))


def _is_valid_slice(evidence: GoldEvidence, text: str) -> bool:
    """Tell whether the slice of some evidence lies in the text and holds the words of its quote."""
    assert evidence.start is not None
    assert evidence.end is not None
    if not 0 <= evidence.start < evidence.end <= len(text):
        return False
    words = text[evidence.start : evidence.end].split()
    return bool(words) and (not evidence.quote.strip() or words == evidence.quote.split())


def find_quote(quote: str, text: str) -> Iterator[tuple[int, int]]:
    """Find a quote in a text, whatever white space stands between its words.

    A text without the very words is searched in their comparable form: letters and their marks apart, ligatures and
    soft hyphens resolved, one kind of quotation marks and of dashes, as people type what they read.

    Args:
        quote: The words; without any there is nothing to find.
        text: Where they are looked for.

    Yields:
        Start and end of each match, in order; they may overlap.
    """
    found = False
    for span in _matches(quote, text):
        found = True
        yield span
    if found or (quote.isascii() and text.isascii()):
        return
    comparable, origins = _comparable(text)
    for start, end in _matches(_comparable(quote)[0], comparable):
        # A mark that follows belongs to the last letter, which is then another.
        if not (end < len(comparable) and unicodedata.combining(comparable[end])):
            yield origins[start], origins[end - 1] + 1


def _matches(quote: str, text: str) -> Iterator[tuple[int, int]]:
    words = quote.split()
    if not words:
        return
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    # Not finditer(), which passes over matches that overlap.
    match = pattern.search(text)
    while match:
        yield match.span()
        match = pattern.search(text, match.start() + 1)


@lru_cache(maxsize=4)
def _comparable(text: str) -> tuple[str, Sequence[int]]:
    """Return a text in its comparable form, and the place in the text that each of its characters comes from."""
    characters: list[str] = []
    origins = array("L")
    for place, character in enumerate(text):
        if character in UNSEEN:
            continue
        plain = _ONE_KIND.get(character) or _plain(text, place)
        characters.append(plain)
        origins.extend([place] * len(plain))
    return "".join(characters), origins


def _plain(text: str, place: int) -> str:
    """Return a character in its comparable form: powers as "10^16" and fractions as "2 1/2", as for the checker."""
    character = text[place]
    if character.isascii():
        return character
    plain = unicodedata.normalize("NFKD", character)
    if unicodedata.category(character) == "No" and "⁄" in plain:
        return (" " if place and text[place - 1].isdigit() else "") + plain.replace("⁄", "/")
    if character in _RAISED:
        before = text[max(0, place - _LONGEST_UNIT - 1) : place]
        if before[-1:] in _RAISED:
            return "" if _is_mark(text, place) else plain
        if before[-1:].isdigit():
            return "^" + plain
        return "" if len(before) > _LONGEST_UNIT and before.isalpha() else plain
    return plain


def _is_mark(text: str, place: int) -> bool:
    """Tell whether the raised digits that run on to a place are a footnote's mark behind a word."""
    start = place
    while start and text[start - 1] in _RAISED:
        start -= 1
    before = text[max(0, start - _LONGEST_UNIT - 1) : start]
    return len(before) > _LONGEST_UNIT and before.isalpha()


def _span_on_page(evidence: GoldEvidence, document: Document, start: int, end: int) -> GoldSpan | None:
    """Return a span with its page, or None where the evidence names a page that the span does not touch."""
    first, last = page_of(document.pages, start), page_of(document.pages, end - 1)
    if evidence.page is not None and (first is None or last is None or not first <= evidence.page <= last):
        return None
    return GoldSpan(evidence.source, start, end, first)


def evidence_of_span(source: str, text: str, start: int, end: int) -> GoldEvidence:
    """Write a span as evidence.

    Args:
        source: The name of the source.
        text: Its canonical text.
        start: Where the span begins.
        end: Where it ends.

    Returns:
        The words of the span where they are few and stand there only, else its offsets.
    """
    quote = " ".join(text[start:end].split())
    if len(quote) <= _LONGEST_QUOTE and len(list(islice(find_quote(quote, text), 2))) == 1:
        return GoldEvidence(source, quote)
    return GoldEvidence(source, start=start, end=end)


def documents_of(index: Index) -> Documents:
    """Return a function that gives the document of a source of an index; it keeps the last few."""

    @lru_cache(maxsize=8)
    def document_of(source: str) -> Document | None:
        record = index.catalog.source_record(source)
        return index.catalog.document(record.document_id) if record and record.document_id else None

    return document_of


def locate_case_evidence(
    case: Case, index: Index, documents: Documents | None = None
) -> tuple[list[GoldSpan], list[str]]:
    """Locate the evidence of a case in an index.

    Args:
        case: The case.
        index: The index of the suite's corpus.
        documents: Of `documents_of`, when there are many cases: each document is then read once.

    Returns:
        The spans, those of alternatives with their group, and one sentence for each evidence that cannot be found.
    """
    documents = documents or documents_of(index)
    spans: list[GoldSpan] = []
    problems: list[str] = []
    for number, evidence in enumerate(case.evidence):
        places = evidence.alternatives
        found = [
            (place, document, _located(place, document)) for place in places for document in [documents(place.source)]
        ]
        group = number if len(places) > 1 else None
        spans += [replace(span, grade=place.grade, group=group) for place, _, span in found if span]
        for place_number, (place, document, span) in enumerate(found):
            if not span:
                name = f"evidence[{number}]" + f".any_of[{place_number}]" * bool(evidence.any_of)
                problems.append(f"{name}: {explain_missing(place, document)}")
    return spans, problems


def _located(evidence: GoldEvidence, document: Document | None) -> GoldSpan | None:
    return locate_first(evidence, document) if document else None


def explain_missing(evidence: GoldEvidence, document: Document | None) -> str:
    """Explain why evidence cannot be found.

    Args:
        evidence: The evidence that `locate_first` does not find.
        document: The document of its source; None where there is no such source.

    Returns:
        One sentence that says what to do.
    """
    source, page = evidence.source, evidence.page
    if document is None:
        return f"{source} is not in the corpus; write the name that `rag sources` lists."
    if page is not None and not document.pages:
        return f"{source} has no pages; remove 'page'."
    if page is not None and page > len(document.pages):
        return f"{source} has {len(document.pages)} pages and no page {page}; correct 'page'."
    if evidence.start is not None and evidence.end is not None:
        if evidence.end > len(document.text):
            return f"{source} has {len(document.text)} characters and the span ends at {evidence.end}; correct it."
        if not _is_valid_slice(evidence, document.text):
            words = _short(document.text[evidence.start : evidence.end])
            return f"{source} says “{words}” from {evidence.start} to {evidence.end}, not the quote; correct it."
        return f"the span of {source} is not on page {page}; correct 'page'."
    elsewhere = next(find_quote(evidence.quote, document.text), None)
    if page is not None and elsewhere:
        return (
            f"the quote stands on page {page_of(document.pages, elsewhere[0])} of {source}, not on {page}; "
            "correct 'page'."
        )
    return f"“{_short(evidence.quote)}” does not stand in {source}; copy the words from `rag show`."


def _short(text: str) -> str:
    """Return a text in one line of at most 80 characters."""
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:79] + "…"
