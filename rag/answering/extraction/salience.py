"""Choose the sentences that carry most of some documents, spread over their parts.

Owns: the score of a sentence among all others, and taking the best ones without repeats. The centrality of a sentence
is its mean similarity with the others, as in Erkan and Radev, "LexRank: Graph-based Lexical Centrality as Salience in
Text Summarization" (2004), here by the encoder's vectors; repeats are kept out as in Carbonell and Goldstein, "The use
of MMR, diversity-based reranking for reordering documents and producing summaries" (1998). Knows nothing about what
is asked but the vector of a topic.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from rag.answering.extraction.scope import core_mentions, core_terms
from rag.answering.extraction.standing import (
    addresses_listeners,
    breaks_off,
    is_about_the_text,
    is_mostly_names,
    points_back,
)
from rag.answering.extraction.statements import Statement, read_statements
from rag.injection.detector import find_injections
from rag.models.encoder import Vectors
from rag.retrieval.evidence import coverage, term_weights
from rag.retrieval.sentence_vectors import vectors_of
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.text import embedded_text, length_in_letters, terms

# Chunks whose sentences are looked at, and sentences that are encoded: each costs a pass of the embedding model, and
# this many take about a second on one core.
_CHUNKS, _SENTENCES = 60, 90
# What a sentence gets beside its centrality, 0…1. Chosen by reading summaries, not fitted.
_OPENS_DOCUMENT, _OPENS_SECTION, _FIRST_OF_BLOCK = 0.4, 0.12, 0.05
_POINTS_BACK, _BREAKS_OFF, _LONG, _SHORT, _CAPITALS, _ADDRESSES = -0.15, -0.3, -0.08, -0.25, -0.4, -0.35
_ABOUT_THE_TEXT = -0.6
_TOPIC_TERMS, _TITLE, _FREQUENT = 0.8, 0.35, 0.5
# How far behind the sentence that bears on a topic most another may be.
_FAR = 0.6
# So many sentences tell what a text returns to.
_ENOUGH = 12
# How much the nearest sentence that was taken counts against one, and one of the same part.
_REPEAT, _SAME_PART = 0.55, 0.3
# Sentences nearer to each other say the same.
_SAME = 0.9
# Names of several words in a topic: "South Africa".
_NAMES = re.compile(r"[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)+")
# A longer sentence says too much at once.
_LONG_CHARACTERS, _SHORT_CHARACTERS = 260, 50


def choose_sentences(
    index: Index,
    chunks: Sequence[ChunkRecord],
    count: int,
    topic: str = "",
    section: tuple[int, int] | None = None,
) -> list[Statement]:
    """Choose the sentences that carry most of some chunks.

    Args:
        index: The index that holds the chunks; it encodes the sentences.
        chunks: The chunks that are summarised, by document and place.
        count: How many sentences are wanted at most.
        topic: What the sentences must be about; "" for anything.
        section: Where the section of the document begins and ends that they must stand in; None for all of the chunks.

    Returns:
        Sentences in the order of the chunks, whole and readable by themselves; where no chunk has any, the first ones
        that there are.
    """
    goal = index.encoder.encode_question(topic) if topic else None
    shortlist = _shortlist_chunks(index, chunks, goal)
    statements = [
        item
        for item in read_statements(index, shortlist)
        if (section is None or section[0] <= item.span.start < section[1]) and not find_injections(item.span.quote)
    ]
    candidates = _distinct([item for item in statements if item.is_quotable and item.kind != "row"])
    # Too few whole sentences: the document is made of rows, short lines or fragments.
    if not candidates:
        return _distinct([item for item in statements if not item.span.quote.rstrip().endswith("?")])[:count]
    candidates = _shortlist_sentences(_with_names(candidates, topic))
    vectors = vectors_of(index).whole([item.span.quote for item in candidates])
    titles = vectors_of(index).whole(list(dict.fromkeys(item.span.title for item in candidates)))
    scores = _scores(candidates, vectors, titles)
    if goal is None:
        for number in _openings(candidates, chunks):
            span = candidates[number].span
            names_it = bool(set(core_terms(span.title)) & set(core_terms(span.quote)))
            scores[number] += _OPENS_DOCUMENT if names_it else _OPENS_DOCUMENT / 2
    else:
        # What the titles say already tells no sentences apart: the hotels in "hotels, the travel policy".
        titled = set(terms(" ".join(item.span.title for item in candidates)))
        named = core_mentions(topic)
        wanted = [term for term in named if not titled.intersection(term.spellings)] or named
        rarity = term_weights(index, wanted)
        bearing = [
            float(vector @ goal) + _TOPIC_TERMS * coverage(wanted, rarity, item.span.quote)
            for item, vector in zip(candidates, vectors, strict=True)
        ]
        # What is far from the topic is left out, though the summary be shorter.
        near = [number for number, value in enumerate(bearing) if value >= max(bearing) - _FAR]
        candidates, vectors = [candidates[number] for number in near], vectors[near]
        scores = [scores[number] + bearing[number] for number in near]
    return _take(candidates, vectors, scores, count)


def _with_names(candidates: list[Statement], topic: str) -> list[Statement]:
    """Return the sentences that hold the names of a topic, in themselves or in their titles, where two do at least.

    "How Huguenots settled in South Africa" is not about those in South Carolina.
    """
    names = [" ".join(terms(name)) for name in _NAMES.findall(topic)]
    if not names:
        return candidates

    def holds(item: Statement) -> bool:
        text = f" {' '.join(terms(f'{item.span.title} {item.span.quote}'))} "
        return all(f" {name} " in text for name in names)

    named = [item for item in candidates if holds(item)]
    return named if len(named) > 1 else candidates


def _is_unfit(text: str) -> bool:
    """Tell whether a sentence opens a document with less than what that is about: a greeting, a broken sentence."""
    return breaks_off(text) or is_mostly_names(text) or points_back(text) or is_about_the_text(text)


def _openings(candidates: Sequence[Statement], chunks: Sequence[ChunkRecord]) -> list[int]:
    """Return the numbers of the sentences with which the first chunks of documents begin."""
    first_chunks: dict[str, str] = {}
    for chunk in chunks:
        first_chunks.setdefault(chunk.source, chunk.id)
    opening: dict[str, int] = {}
    for number, item in enumerate(candidates):
        if item.chunk_id == first_chunks.get(item.span.source) and item.first and not _is_unfit(item.span.quote):
            opening.setdefault(item.span.source, number)
    return list(opening.values())


def _frequencies(candidates: Sequence[Statement]) -> list[float]:
    """Return how often the content words of each sentence stand in all of them, on average, 0…1.

    As in Nenkova and Vanderwende, "The impact of frequency on summarization" (2005), on a logarithmic scale.
    """
    stems = [set(core_terms(item.span.quote)) for item in candidates]
    counts = Counter(stem for each in stems for stem in each)
    means = [sum(math.log(counts[stem]) for stem in each) / len(each) if each else 0.0 for each in stems]
    highest = max(means, default=0.0) or 1.0
    return [mean / highest for mean in means]


def _scores(candidates: Sequence[Statement], vectors: Vectors, titles: Vectors) -> list[float]:
    """Return how much each sentence carries."""
    # Among few sentences it is chance which of them is most like the others.
    trust = min(1.0, len(candidates) / _ENOUGH)
    similarity = np.clip(vectors @ vectors.T, 0.0, 1.0)
    centrality = (similarity.sum(axis=1) - 1.0) / max(1, len(candidates) - 1)
    highest = float(centrality.max(initial=0.0)) or 1.0
    title_rows = {title: row for row, title in enumerate(dict.fromkeys(item.span.title for item in candidates))}
    scores = []
    for item, vector, central, frequent in zip(candidates, vectors, centrality, _frequencies(candidates), strict=True):
        score = trust * (float(central) / highest + _FREQUENT * frequent) + _standing(item)
        score += _TITLE * float(vector @ titles[title_rows[item.span.title]])
        scores.append(score)
    return scores


def _standing(item: Statement) -> float:
    """Return what the place and the form of a sentence add to its score."""
    return (
        _OPENS_SECTION * (item.first and item.opens_section)
        + _FIRST_OF_BLOCK * item.first
        + _POINTS_BACK * points_back(item.span.quote)
        + _BREAKS_OFF * breaks_off(item.span.quote)
        + _ADDRESSES * addresses_listeners(item.span.quote)
        + _ABOUT_THE_TEXT * is_about_the_text(item.span.quote)
        + _CAPITALS * is_mostly_names(item.span.quote)
        + _SHORT * (length_in_letters(item.span.quote) < _SHORT_CHARACTERS)
        + _LONG * (length_in_letters(item.span.quote) > _LONG_CHARACTERS)
    )


def _take(candidates: Sequence[Statement], vectors: Vectors, scores: Sequence[float], count: int) -> list[Statement]:
    """Take the best sentences one by one; what was taken counts against its like and against its part."""
    parts = _parts(candidates, count)
    several = len({item.span.source for item in candidates}) > 1
    taken: list[int] = []
    nearest = np.zeros(len(candidates), dtype=np.float32)
    while len(taken) < min(count, len(candidates)):
        best, best_score = -1, -np.inf
        for number in range(len(candidates)):
            if number in taken or (taken and nearest[number] > _SAME):
                continue
            crowd = sum(parts[number] == parts[other] for other in taken)
            if several:
                crowd += sum(candidates[number].span.source == candidates[other].span.source for other in taken)
            score = scores[number] - _REPEAT * float(nearest[number]) - _SAME_PART * crowd
            if score > best_score:
                best, best_score = number, score
        if best < 0:
            break
        taken.append(best)
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return [candidates[number] for number in sorted(taken)]


def _parts(candidates: Sequence[Statement], count: int) -> list[tuple[str, int]]:
    """Return the part of the text that each sentence stands in: its document, and there one of ``count`` stretches.

    Where a document has about as many sections as sentences are wanted, they are its parts.
    """
    sections = list(dict.fromkeys((item.span.source, item.section) for item in candidates))
    if 2 <= len(sections) <= 3 * count:
        return [(item.span.source, item.section) for item in candidates]
    return [
        (item.span.source if len({each.span.source for each in candidates}) > 1 else "", number)
        for number, item in ((place * count // len(candidates), item) for place, item in enumerate(candidates))
    ]


def _shortlist_chunks(index: Index, chunks: Sequence[ChunkRecord], topic: Vectors | None) -> list[ChunkRecord]:
    """Return the few chunks that stand for all: of each stretch of the text its first and the most central ones.

    Only vectors that are in the cache are used; a chunk without one is as central as any.
    """
    if len(chunks) <= _CHUNKS:
        return list(chunks)
    found = index.cache.look_up(index.encoder, [embedded_text(chunk.text, chunk.context) for chunk in chunks])
    known = [vector for vector in found if vector is not None]
    centre = np.mean(known, axis=0) if known else None
    goal = topic if topic is not None else centre

    def carries(number: int) -> float:
        vector = found[number]
        return 0.0 if vector is None or goal is None else float(vector @ goal)

    stretches = _CHUNKS // 3
    chosen: set[int] = set()
    for stretch in range(stretches):
        first, end = stretch * len(chunks) // stretches, (stretch + 1) * len(chunks) // stretches
        best = sorted(range(first, end), key=lambda number: (-carries(number), number))
        chosen.update([first, *best[:2]])
    return [chunks[number] for number in sorted(chosen)]


def _shortlist_sentences(candidates: list[Statement]) -> list[Statement]:
    """Return as many sentences as are encoded: those that open a section or a paragraph first, then evenly spread."""
    if len(candidates) <= _SENTENCES:
        return candidates
    ranked = sorted(
        range(len(candidates)),
        # An even spread: the numbers are taken in the order of their last binary digits.
        key=lambda number: (-_standing(candidates[number]), int(f"{number:012b}"[::-1], 2)),
    )
    return [candidates[number] for number in sorted(ranked[:_SENTENCES])]


def _distinct(statements: Sequence[Statement]) -> list[Statement]:
    """Return the sentences without those whose words came before, as copies of a file and boilerplate repeat them."""
    by_words: dict[str, Statement] = {}
    for item in statements:
        by_words.setdefault(" ".join(item.span.quote.split()).casefold(), item)
    return list(by_words.values())
