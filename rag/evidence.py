"""Choose the sentences of the passages that bear on the question.

Owns: the score of a sentence and how many are kept. Knows nothing about language models or how an answer is shown.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence

from rag.chunk import units
from rag.index import Index
from rag.text import query_terms, terms
from rag.types import Block, Evidence, Passage, Span, page_of

# Passages whose sentences are read: a sentence costs a share of a model pass.
_PASSAGES = 5
# Distinct terms of a question that are weighed.
_TERMS = 64
# Shorter pieces ("See also", "1.") say nothing by themselves.
_SHORTEST = 12


# How much each feature counts. Of the weights tried on ClapNQ's 300 answerable questions, these put a gold sentence
# among the three best for 0.957 (best alone: 0.743); similarity alone 0.967 and 0.717, more coverage 0.95 and 0.72.
_SIMILARITY, _COVERAGE, _PASSAGE, _KIND = 0.5, 0.1, 0.6, 0.05

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand"
    r"|million|billion|dozen|half|twice)\b",
    re.I,
)
_TIME = re.compile(
    r"\b[12]\d{3}\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday"
    r"|tuesday|wednesday|thursday|friday|saturday|sunday|century|noon|midnight|daily|weekly|monthly|yearly|every)\b"
    r"|\d\s*(?:am|pm|a\.m|p\.m|bc|ad)\b|\d{1,2}:\d\d",
    re.I,
)
_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[^\W\d_a-zß-ÿ]\w+")
# What the answer to a question must hold, by how the question asks.
_KINDS = (
    (
        re.compile(r"\bhow (?:many|much|long|far|old|big|large|tall|high|deep|wide|fast|often|heavy|hot|cold)\b", re.I),
        _NUMBER,
    ),
    (re.compile(r"\bwhat (?:percentage|percent|number|amount|size|age)\b", re.I), _NUMBER),
    (re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|time|month)\b", re.I), _TIME),
    (re.compile(r"\bwho(?:m|se)?\b", re.I), _NAME),
)


def candidates(passages: Sequence[Passage], index: Index) -> list[tuple[Span, Passage]]:
    """The sentences, table rows and list items of passages with their exact places, each place once, in order.

    Headings are left out: they name what follows and state nothing.
    """
    found: dict[tuple[str, int, int], tuple[Span, Passage]] = {}
    for passage in passages:
        blocks, pages = index.catalog.structure(passage.source_id)
        first = max(0, bisect_right(blocks, passage.start, key=lambda block: block.start) - 1)
        for block in blocks[first:]:
            if block.start >= passage.end:
                break
            if block.kind == "heading" or block.end <= passage.start:
                continue
            # Cut the part of the block that the passage holds; blocks are longer than passages when they must be.
            start, end = max(block.start, passage.start), min(block.end, passage.end)
            part = Block(start - passage.start, end - passage.start, block.kind)
            for left, right in units(passage.text, part):
                place = (passage.source, passage.start + left, passage.start + right)
                span = Span(
                    passage.source,
                    passage.source_id,
                    passage.title,
                    place[1],
                    place[2],
                    passage.text[left:right],
                    page_of(pages, place[1]),
                )
                found.setdefault(place, (span, passage))
    return list(found.values())


def score(index: Index, question: str, passages: Sequence[Passage]) -> list[Evidence]:
    """The sentences of the best passages, best first."""
    pool = [
        (span, passage) for span, passage in candidates(passages[:_PASSAGES], index) if len(span.quote) >= _SHORTEST
    ]
    if not pool:
        return []
    vector = index.encoder.encode_question(question)
    texts = [f"{passage.title}\n{span.quote}" if passage.title else span.quote for span, passage in pool]
    similarities = index.encoder.encode_passages(texts) @ vector
    asked = query_terms(question)[:_TERMS]
    rarity = term_weights(index, asked)
    wanted = next((held for asks, held in _KINDS if asks.search(question)), None)
    scored: list[Evidence] = []
    for (span, passage), similarity in zip(pool, similarities, strict=True):
        covered = coverage(asked, rarity, span.quote)
        total = (
            _SIMILARITY * float(similarity)
            + _COVERAGE * covered
            + _PASSAGE * passage.scores["fused"]
            + _KIND * bool(wanted and wanted.search(span.quote))
        )
        scored.append(Evidence(span, total, float(similarity), covered, passage.rank))
    return sorted(scored, key=lambda item: (-item.score, item.passage_rank, item.span.start))


def term_weights(index: Index, asked: Sequence[str]) -> dict[str, float]:
    """How much each term of a question tells: its inverse document frequency among the chunks of the index."""
    total = index.catalog.chunk_total()
    frequency = index.catalog.document_frequency(asked)
    return {term: math.log(1 + (total - frequency[term] + 0.5) / (frequency[term] + 0.5)) for term in asked}


def coverage(asked: Sequence[str], rarity: dict[str, float], text: str) -> float:
    """The share of the question's terms, by weight, that stand in a text."""
    whole = sum(rarity[term] for term in asked)
    if not whole:
        return 0.0
    held = set(terms(text))
    return sum(rarity[term] for term in asked if term in held) / whole
