"""Choose the sentences of chunks that bear on a question, without repeats.

Owns: that choice for lists and comparisons, where many sentences answer. What ranks the sentences of a look-up is
``rag.retrieval.evidence``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.extraction.scope import core_mentions
from rag.answering.extraction.standing import breaks_off, is_mostly_names, points_back
from rag.answering.extraction.statements import Statement, read_statements
from rag.answering.extraction.word_lists import CUES
from rag.injection.detector import find_injections
from rag.retrieval.evidence import coverage, term_weights
from rag.retrieval.sentence_vectors import vectors_of
from rag.retrieval.statements import states_something
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.text import words

# Sentences that are encoded.
_ENCODED = 120
# What the words of the question in a sentence count beside its similarity. Chosen by reading, not fitted.
_COVERAGE, _POINTS_BACK, _BREAKS_OFF, _NAMES, _CUE = 0.3, -0.06, -0.1, -0.2, 0.15
# How far behind the best a sentence may be, and how near to one that was taken.
_MARGIN, _SAME, _UNNAMED_MARGIN = 0.25, 0.82, 0.15
# Names, codes and numbers, by which two sentences of the same words differ: two valves, two prices.
_MARK = re.compile(r"\b(?:[A-ZÀ-Þ][\w.-]*|\w*\d[\w.,-]*)")


def relevant_statements(index: Index, question: str, chunks: Sequence[ChunkRecord], count: int) -> list[Statement]:
    """Choose the sentences that bear on a question.

    Args:
        index: The index that holds the chunks; it encodes the sentences.
        question: The question.
        chunks: The chunks, best first.
        count: How many sentences are wanted at most.

    Returns:
        The sentences by document, in the order of the best chunk of each, and there by place.
    """
    statements = [item for item in read_statements(index, chunks) if item.is_quotable or item.kind in ("row", "item")]
    statements = [item for item in statements if states_something(item.span.quote, item.kind == "row")][:_ENCODED]
    if not statements:
        return []
    wanted = core_mentions(question)
    rarity = term_weights(index, wanted)
    cues = cues_of(question)
    vector = index.encoder.encode_question(question)
    vectors = vectors_of(index).whole([_in_context(item) for item in statements])
    scores = [
        float(each @ vector)
        + _COVERAGE * coverage(wanted, rarity, f"{item.span.header} {item.span.quote}")
        + _POINTS_BACK * points_back(item.span.quote)
        + _BREAKS_OFF * breaks_off(item.span.quote)
        + _NAMES * (item.kind != "row" and is_mostly_names(item.span.quote))
        + _CUE * bool(cues & set(words(item.span.quote)))
        for item, each in zip(statements, vectors, strict=True)
    ]
    order = sorted(range(len(statements)), key=lambda number: (-scores[number], number))
    marks = [_marks(item.span.quote) for item in statements]
    named = [coverage(wanted, rarity, f"{item.span.header} {item.span.quote}") > 0 for item in statements]
    # Where sentences name what is asked for, others need more in common with the question.
    near = sum(named[number] for number in order[:count]) > 1
    taken: list[int] = []
    for number in order:
        if len(taken) == count or scores[number] < scores[order[0]] - _MARGIN:
            break
        if any(float(vectors[other] @ vectors[number]) > _SAME and marks[other] >= marks[number] for other in taken):
            continue
        if near and not named[number] and scores[number] < scores[order[0]] - _UNNAMED_MARGIN:
            continue
        if not find_injections(statements[number].span.quote):
            taken.append(number)
    ranks = {source: rank for rank, source in enumerate(dict.fromkeys(each.source for each in chunks))}
    chosen = [statements[number] for number in taken]
    return sorted(chosen, key=lambda item: (ranks[item.span.source], item.span.start))


def cues_of(question: str) -> frozenset[str]:
    """Return words that stand in sentences which answer a question for problems, achievements or demands."""
    asked = set(words(question))
    return frozenset(word for heads, cues in CUES for word in cues if heads & asked)


def _marks(quote: str) -> frozenset[str]:
    """Return the names, codes and numbers of a sentence; the word that opens it is none unless it has a digit."""
    return frozenset(match.group() for match in _MARK.finditer(quote) if match.start() or match.group()[-1].isdigit())


def _in_context(item: Statement) -> str:
    return f"{item.span.header}\n{item.span.quote}" if item.span.header else item.span.quote
