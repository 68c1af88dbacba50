"""Tell which sentences belong to a side of a comparison.

Owns: what tells the sides apart, and the sentences of each. Knows nothing about how a comparison is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.extraction.scope import core_terms
from rag.answering.extraction.standing import points_back
from rag.answering.extraction.statements import Statement, read_statements
from rag.answering.extraction.word_lists import (
    COMPARED_BY,
    COMPARING_WORDS,
    GAIN_NAMES,
    GAIN_WORDS,
    GERMAN_GAIN_NAMES,
    GERMAN_LOSS_NAMES,
    LOSS_NAMES,
    LOSS_WORDS,
)
from rag.injection.detector import find_injections
from rag.retrieval.sentence_vectors import vectors_of
from rag.store.catalog import ChunkRecord
from rag.store.index import Index
from rag.text import STOPWORDS, source_as_words, terms, words

# "the mayor's ", and "that of ".
_POSSESSOR = re.compile(r"[^'’]*['’]s?\s+")
_THAT_OF = re.compile(r"(?:that|those|the (?:one|ones))\s+of\s+", re.I)
_NUMBER = re.compile(r"\d")
# Characters at the beginning of a document in which its year is looked for.
_OPENING = 400
# Of so many words of the matter, measures of a comparative among them, a sentence need have none.
_MANY_SHARED = 3
# Sentences of a side that are encoded.
_ENCODED = 60
# What counts beside the similarity with the side. Chosen by reading, not fitted.
_NAMES_IT, _SHARED, _HAS_NUMBER, _POINTS_BACK, _NAMES_OTHER = 0.15, 0.3, 0.15, -0.06, -0.08
# The second sentence of a side may be so far behind the first.
_MARGIN = 0.2


@dataclass(frozen=True, slots=True)
class Side:
    """A side of a comparison.

    Attributes:
        label: The side as the question names it.
        query: What is searched for.
        own: The stems that tell it from the other sides.
        others: The stems that tell the other sides from it.
        shared: The stems of what is compared.
        by_number: Whether it is compared by a number.
        cues: Words of which a sentence must have one, as those of an advantage; none where its name must stand there.
    """

    label: str
    query: str
    own: frozenset[str]
    others: frozenset[str]
    shared: frozenset[str]
    by_number: bool = False
    cues: frozenset[str] = frozenset()


def read_sides(question: str, sides: Sequence[str]) -> list[Side]:
    """Read what tells the sides of a comparison apart.

    Args:
        question: The question: "Which city is larger, Fresno or Jacksonville?"
        sides: The things that are compared, as the question was read.

    Returns:
        One record a side; none where there are fewer than two.
    """
    if len(sides) < 2:
        return []
    sides = _without_pronouns(sides)
    stems = [_telling_stems(side) for side in sides]
    measured = " ".join(COMPARED_BY.get(word, "") for word in words(question)).strip()
    said = [word for word in words(question) if word not in COMPARING_WORDS and word not in COMPARED_BY]
    about_words = [
        word for word in said if core_terms(word) and not any(set(core_terms(word)) & each for each in stems)
    ]
    about = set(core_terms(" ".join(said))) | set(core_terms(measured))
    read: list[Side] = []
    for number, side in enumerate(sides):
        others = set().union(*(each for place, each in enumerate(stems) if place != number))
        own = (stems[number] - others) or stems[number]
        cues = _cues(side)
        if cues:
            own = {stem for word in words(side) for stem in terms(word) if word not in STOPWORDS and word not in cues}
            own &= set(core_terms(side))
        every = set(core_terms(side))
        shared = ((every | about) - stems[number] - others) | (stems[number] & others)
        read.append(
            Side(
                side.strip(),
                " ".join([side, *about_words, measured]).strip(),
                frozenset(own),
                frozenset() if cues else frozenset(others - stems[number]),
                frozenset(shared),
                bool(measured),
                cues,
            )
        )
    return read


def pros_and_cons(question: str, topic: str) -> tuple[str, ...]:
    """Return the two sides of a question for what speaks for and against something; none for another question.

    Args:
        question: The question.
        topic: What it is about.

    Returns:
        The sides as labels, in the language of the words that the question uses.
    """
    asked = set(words(question))
    if topic and asked & GERMAN_GAIN_NAMES and asked & GERMAN_LOSS_NAMES:
        return f"Vorteile: {topic}", f"Nachteile: {topic}"
    if topic and asked & GAIN_NAMES and asked & LOSS_NAMES:
        return f"advantages of {topic}", f"disadvantages of {topic}"
    return ()


def _telling_stems(side: str) -> set[str]:
    """Return the stems that name a side: those of its words with capitals, or else all that mean something."""
    names = " ".join(word for word in side.split() if any(character.isupper() for character in word))
    return set(core_terms(names)) or set(core_terms(side)) or set(terms(side))


def _without_pronouns(sides: Sequence[str]) -> list[str]:
    """Return the sides with the words that "that of" stands for: "the mayor's view of tolls", "that of the council"."""
    whole = list(sides)
    possessor = _POSSESSOR.match(whole[0])
    for number, side in enumerate(whole[1:], start=1):
        leaning = _THAT_OF.match(side)
        if leaning and possessor:
            whole[number] = f"{side[leaning.end() :]}: {whole[0][possessor.end() :]}"
    return whole


def statements_of_side(index: Index, side: Side, chunks: Sequence[ChunkRecord], count: int) -> list[Statement]:
    """Choose the sentences that say something of a side.

    Args:
        index: The index that holds the chunks; it encodes the sentences.
        side: The side.
        chunks: The chunks that were found for all sides.
        count: How many sentences are wanted at most.

    Returns:
        The sentences, best first. Each names the side, or stands under a title or heading that does and names no other.
    """
    contexts = {chunk.id: set(terms(f"{source_as_words(chunk.source)} {chunk.context}")) for chunk in chunks}
    if side.cues or all(stem.isdigit() for stem in side.own):
        # A document says its year, and what it is about, at its beginning.
        openings = {chunk.document_id: set(terms(_opening_of(index, chunk))) for chunk in chunks}
        contexts = {chunk.id: contexts[chunk.id] | openings[chunk.document_id] for chunk in chunks}
    statements = [item for item in read_statements(index, chunks) if item.is_quotable or item.kind in ("row", "item")]
    own: list[tuple[Statement, bool, float]] = []
    for item in statements:
        present = set(terms(f"{item.span.header} {item.span.quote}"))
        if side.cues and not side.cues & set(words(item.span.quote)):
            continue
        names_it = _holds(present, side.own)
        if not names_it and (side.others & present or not _holds(present | contexts[item.chunk_id], side.own)):
            continue
        shared = len(side.shared & present) / len(side.shared) if side.shared else 0.0
        own.append((item, names_it, shared))
    if any(shared for _, _, shared in own) or (side.shared and not side.cues):
        # What says nothing of the matter is beside the point, however often it names the side.
        # A document whose title is the matter speaks of it throughout: "Compare the travel policies of 2022 and 2024".
        own = [
            each
            for each in own
            if each[2] or len(side.shared) > _MANY_SHARED or side.shared <= contexts[each[0].chunk_id]
        ]
    own.sort(key=lambda each: (-each[1] - each[2], each[0].span.source, each[0].span.start))
    own = own[:_ENCODED]
    if not own:
        return []
    vector = index.encoder.encode_question(side.query)
    vectors = vectors_of(index).whole([item.span.quote for item, _, _ in own])
    scored = [
        (
            float(each @ vector)
            + _NAMES_IT * names_it
            + _NAMES_OTHER * bool(side.others & set(terms(item.span.quote)))
            + _SHARED * shared
            + _HAS_NUMBER * (side.by_number and bool(_NUMBER.search(item.span.quote)))
            + _POINTS_BACK * points_back(item.span.quote),
            item,
        )
        for (item, names_it, shared), each in zip(own, vectors, strict=True)
    ]
    scored.sort(key=lambda pair: (-pair[0], pair[1].span.source, pair[1].span.start))
    best = scored[0][0]
    kept: dict[str, Statement] = {}
    for score, item in scored:
        if score >= best - _MARGIN and not find_injections(item.span.quote):
            # Copies of a file say it once.
            kept.setdefault(" ".join(item.span.quote.split()).casefold(), item)
    return list(kept.values())[:count]


def statements_on_matter(index: Index, side: Side, chunks: Sequence[ChunkRecord]) -> list[Statement]:
    """Choose a sentence on what is compared that may hold for a side which no sentence names.

    Args:
        index: The index that holds the chunks.
        side: The side.
        chunks: The chunks that were found for all sides.

    Returns:
        The first sentence with all words of what is compared; none where that is fewer than two words.
    """
    if len(side.shared) < 2 or side.cues:
        return []
    for item in read_statements(index, chunks):
        if item.is_quotable and side.shared <= set(terms(item.span.quote)) and not find_injections(item.span.quote):
            return [item]
    return []


def _opening_of(index: Index, chunk: ChunkRecord) -> str:
    found = index.catalog.document_text(chunk.document_id)
    return found[0][:_OPENING] if found else ""


def _holds(present: set[str], own: frozenset[str]) -> bool:
    """Tell whether a text names a side: with each of its words where it has one or two, else with most of them."""
    held = len(own & present)
    return held == len(own) if len(own) <= 2 else held >= 0.6 * len(own)


def _cues(side: str) -> frozenset[str]:
    """Return the words of an advantage or of a disadvantage, where a side asks for these."""
    named = set(words(side)[:3])
    if named & (GAIN_NAMES | GERMAN_GAIN_NAMES):
        return GAIN_WORDS
    return LOSS_WORDS if named & (LOSS_NAMES | GERMAN_LOSS_NAMES) else frozenset()
