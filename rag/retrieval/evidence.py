"""Choose the sentences of the passages that bear on the question.

Owns: the score of a sentence and how many are kept. Knows nothing about language models or how an answer is shown.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.injection.detector import find_injections
from rag.models.encoder import EncodedTokens, Vectors
from rag.retrieval.question import is_other_period, question_terms
from rag.store.index import Index
from rag.text import STOPWORDS, terms, units
from rag.types import Block, Evidence, Passage, Span, page_of

# Passages whose sentences are weighed, and how many sentences are read closely, chosen by the question's terms in them
# and their passages' scores. Reading costs a model pass each: on ClapNQ, these six give citations of the same precision
# and recall, and a confidence of the same AUROC, as 12 of four passages or all of five.
_PASSAGES, _READ = 4, 6
# Shorter pieces ("See also", "1.") say nothing by themselves.
_SHORTEST = 12


# How much each feature counts. Of the weights tried on ClapNQ's 300 answerable questions, these put a gold sentence
# among the three best for 0.957 (best alone: 0.743); similarity alone 0.967 and 0.717, more coverage 0.95 and 0.72.
_SIMILARITY, _COVERAGE, _PASSAGE, _KIND = 0.5, 0.1, 0.6, 0.05
# What a sentence about another time than the question's loses: in a row of yearly reports, all else is alike.
_OTHER_PERIOD = 0.2

_WORD = re.compile(r"\w+")
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
    (
        re.compile(
            r"\bwhat (?:is|are|was|were)\b.*\b(?:sales|revenues?|income|profits?|earnings|loss|costs?|prices?|fees?"
            r"|rates?|amounts?|totals?|levels?|numbers?|budget|salary|salaries|wages?|limits?|fine|toll|allowance|share"
            r"|height|weight|length|distance|speed|temperature|age|population|capacity|duration|value|balance|expenses?"
            r"|margin|dividends?|threshold|minimum|maximum|average)\b",
            re.I,
        ),
        _NUMBER,
    ),
    (re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|time|month)\b", re.I), _TIME),
    (re.compile(r"\bwho(?:m|se)?\b", re.I), _NAME),
)


@dataclass(frozen=True, slots=True)
class RankedEvidence:
    """The sentences that bear on a question, best first, and what says whether they answer it.

    ``weakest``: how near the two words of the question that are least near to anything in the best passage are, 0…1.
    ``alone`` and ``titled``: the cosines of the question with the best sentence alone, and with its title.
    """

    sentences: tuple[Evidence, ...]
    weakest: float = 0.0
    alone: float = 0.0
    titled: float = 0.0


def candidate_sentences(passages: Sequence[Passage], index: Index) -> list[tuple[Span, Passage]]:
    """The sentences, table rows and list items of passages with their exact places, each place once, in order.

    Headings are left out, questions, and running heads and feet: they name what they go with and state nothing. So are
    orders to a language model: they are no part of what a document says to its reader.
    """
    return [(span, passage) for span, passage, _ in _pieces(passages, index)]


def _pieces(passages: Sequence[Passage], index: Index) -> list[tuple[Span, Passage, int]]:
    """The candidates with the start of the block each stands in."""
    found: dict[tuple[str, int, int], tuple[Span, Passage, int]] = {}
    for passage in passages:
        blocks, pages = index.catalog.structure(passage.source_id)
        first = max(0, bisect_right(blocks, passage.start, key=lambda block: block.start) - 1)
        for block in blocks[first:]:
            if block.start >= passage.end:
                break
            if block.kind in ("heading", "margin") or block.end <= passage.start:
                continue
            # Cut the part of the block that the passage holds; blocks are longer than passages when they must be.
            start, end = max(block.start, passage.start), min(block.end, passage.end)
            part = Block(start - passage.start, end - passage.start, block.kind)
            for left, right in units(passage.text, part):
                words = passage.text[left:right]
                if words.endswith("?") or (passage.instructions and find_injections(words)):
                    continue
                place = (passage.source, passage.start + left, passage.start + right)
                span = Span(
                    passage.source,
                    passage.source_id,
                    passage.title,
                    place[1],
                    place[2],
                    words,
                    page_of(pages, place[1]),
                    block.header,
                )
                found.setdefault(place, (span, passage, block.start))
    return list(found.values())


def rank_evidence(index: Index, question: str, passages: Sequence[Passage]) -> RankedEvidence:
    """Weigh the sentences of the best passages."""
    asked = question_terms(question)
    rarity = term_weights(index, asked)
    pool = [
        (span, passage, block, _covered(asked, rarity, span))
        for span, passage, block in _pieces(passages[:_PASSAGES], index)
        if len(span.quote) >= _SHORTEST
    ]
    if not pool:
        return RankedEvidence(())
    pool.sort(key=lambda item: (-item[3] / 2 - item[1].scores["fused"], item[1].rank, item[0].start))
    pool = pool[:_READ]
    (asking,) = index.encoder.encode_tokens([question], question=True)
    read = index.encoder.encode_tokens([_in_context(span) for span, *_ in pool])
    wanted = next((held for asks, held in _KINDS if asks.search(question)), None)
    scored: list[Evidence] = []
    for (span, passage, block, covered), encoded in zip(pool, read, strict=True):
        similarity = float(encoded.vector @ asking.vector)
        total = (
            _SIMILARITY * similarity
            + _COVERAGE * covered
            + _PASSAGE * passage.scores["fused"]
            + _KIND * bool(wanted and wanted.search(span.quote))
            - _OTHER_PERIOD * _tells_of_another(question, span)
        )
        scored.append(Evidence(span, total, similarity, covered, passage.rank, block))
    weakest = _weakest(question, asking, read, [passage.rank for _, passage, *_ in pool])
    scored.sort(key=lambda item: (-item.score, item.passage_rank, item.span.start))
    best = scored[0].span
    bare = f"{best.header}\n{best.quote}" if best.header else best.quote
    alone, titled = index.encoder.encode_passages([bare, best.title or best.source]) @ asking.vector
    return RankedEvidence(tuple(scored), weakest, float(alone), float(titled))


def _tells_of_another(question: str, span: Span) -> bool:
    """Whether a sentence is about another year or quarter than the question; one that names none goes by its title."""
    said = f"{span.header} {span.quote}"
    return is_other_period(question, said) or is_other_period(question, f"{span.title} {said}")


def _covered(asked: Sequence[str], rarity: dict[str, float], span: Span) -> float:
    """The coverage of a sentence; the names of its columns, which all rows of a table share, count half."""
    alone = coverage(asked, rarity, span.quote)
    return (alone + coverage(asked, rarity, f"{span.header} {span.quote}")) / 2 if span.header else alone


def _in_context(span: Span) -> str:
    """What is read of a sentence: the title, the names of a table's columns, and its words."""
    return "\n".join(filter(None, (span.title, span.header, span.quote)))


def _weakest(question: str, asking: EncodedTokens, read: Sequence[EncodedTokens], ranks: Sequence[int]) -> float:
    """How near the two least covered content words of the question are to the passage that covers them best.

    A word is as near to a sentence as its tokens, on average, are to the sentence's nearest ones (late interaction:
    Khattab and Zaharia, "ColBERT", 2020).
    """
    groups = [
        [i for i, (start, end) in enumerate(asking.places) if match.start() <= start and end <= match.end()]
        for match in _WORD.finditer(question)
        if match.group().lower() not in STOPWORDS
    ]
    groups = [group for group in groups if group] or [list(range(len(asking.places)))]
    if not groups[0]:
        return 0.0
    best: dict[int, Vectors] = {}
    for encoded, rank in zip(read, ranks, strict=True):
        nearest = (asking.tokens @ encoded.tokens.T).max(axis=1, initial=0.0)
        words = np.array([nearest[group].mean() for group in groups], dtype=np.float32)
        best[rank] = np.maximum(best[rank], words) if rank in best else words
    return max(float(np.sort(words)[:2].mean()) for words in best.values())


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
