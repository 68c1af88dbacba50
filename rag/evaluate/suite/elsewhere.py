"""Where else in the corpus the words of evidence stand.

Owns: the search of every document for the quotes of a suite, in one pass over their words. Knows nothing about what a
finding means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rag.evaluate.spelling import written_out
from rag.store.index import Index
from rag.text import words

# Words of the shortest quote that is looked for: fewer say different things in different places.
_FEWEST_WORDS = 4
# Words of the longest one: a longer one is a passage or a document.
_MOST_WORDS = 200

Words = tuple[str, ...]


def quoted_words(quote: str) -> Words:
    """Return the words of a quote by which it is looked for; none of one that is too short or too long for it."""
    found = tuple(words(written_out(quote)))
    return found if _FEWEST_WORDS <= len(found) <= _MOST_WORDS else ()


def sources_of_quotes(quotes: Iterable[Words], index: Index) -> Mapping[Words, Sequence[str]]:
    """Find the documents that hold quotes, in any letter case and punctuation.

    Args:
        quotes: Each of `quoted_words`, not empty.
        index: The index of the corpus.

    Returns:
        The names of the sources of each quote, in order.
    """
    by_start: dict[Words, list[Words]] = defaultdict(list)
    for quote in dict.fromkeys(quotes):
        by_start[quote[:_FEWEST_WORDS]].append(quote)
    sources: dict[Words, list[str]] = defaultdict(list)
    for summary in index.catalog.sources() if by_start else ():
        text = index.catalog.document_text(summary.source_id)
        for quote in _quotes_in(words(written_out(text[0])) if text else [], by_start):
            sources[quote].append(summary.source)
    return sources


def _quotes_in(text: Sequence[str], by_start: Mapping[Words, Sequence[Words]]) -> Iterable[Words]:
    """Return the quotes that stand in a text, each once."""
    found: dict[Words, None] = {}
    for place, start in enumerate(zip(*(text[shift:] for shift in range(_FEWEST_WORDS)), strict=False)):
        for quote in by_start.get(start, ()):
            if tuple(text[place : place + len(quote)]) == quote:
                found[quote] = None
    return found
