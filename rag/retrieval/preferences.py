"""Which sources a question prefers: those whose path holds its words, and those of the time that it asks for.

Owns: what a passage gains by its source. Knows nothing about the searches whose ranking it changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.planning.document_times import document_time
from rag.question.question_words import question_terms, search_words
from rag.question.times import DocumentTime, TimeWish
from rag.retrieval.path_names import named_words, names_of_path
from rag.scoring.values import SourceGains
from rag.store.catalog.records import ChunkRecord
from rag.store.index import Index
from rag.text import terms

# Where words end inside a path: "officeMove", "office_move", "Q2report".
_WORD_IN_PATH = re.compile(r"Q[1-4]|[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])|\d+|[^\W_]+")
# How many of the best chunks have the time of their documents looked up.
_DATED = 30
# The share of all words of two chunks that both have, from which on they are versions of one text.
_ALIKE = 0.6
# A question names a document in a few of its words, however long it is.
_NAMING_WORDS = 3
# A number in a path is a word of a question only where it is a year; others are ids.
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class _PathTerms:
    """The sources by the terms of their paths that their titles lack, and by the names in them, at one version."""

    version: str
    sources: int
    by_term: dict[str, frozenset[str]]
    by_name: dict[str, frozenset[str]]


# The terms of the paths of each index that was asked.
_read: dict[Path, _PathTerms] = {}


def prefer_sources(
    index: Index, question: str, ranked: Sequence[tuple[ChunkRecord, float]], wish: TimeWish, gains: SourceGains
) -> list[tuple[ChunkRecord, float]]:
    """Raise the fused scores of chunks whose source the question prefers.

    Args:
        index: The index that was searched.
        question: What was searched for.
        ranked: The chunks with their fused scores, best first.
        wish: The time that is asked for.
        gains: What a passage gains at most.

    Returns:
        The chunks in their new order, ties by id, with scores of at most 1.
    """
    by_name = path_shares(index, question, wish)
    by_time = _time_shares(index, ranked[:_DATED], wish)
    if not ranked or not (by_name or by_time):
        return list(ranked)

    def gain(chunk: ChunkRecord) -> float:
        return gains.name * by_name.get(chunk.source, 0.0) + gains.time * by_time.get(chunk.source, 0.0)

    sums = [(chunk, score + gain(chunk)) for chunk, score in ranked]
    # All are scaled alike: cut off at 1, the best passages of a document that is named would be in no order.
    most = max(1.0, *(score for _, score in sums))
    raised = sorted(((chunk, score / most) for chunk, score in sums), key=lambda item: (-item[1], item[0].id))
    # Of passages that say nearly the same, chance decides which scores best: they change places.
    alike = [number for number, (chunk, _) in enumerate(raised[:_DATED]) if _are_alike(raised[0][0], chunk)]
    chunks = sorted((raised[number][0] for number in alike), key=lambda chunk: -gain(chunk))
    for number, chunk in zip(alike, chunks, strict=True):
        raised[number] = (chunk, raised[number][1])
    return raised


def _are_alike(one: ChunkRecord, other: ChunkRecord) -> bool:
    """Tell whether two chunks have most of their words in common."""
    words, others = set(terms(one.text)), set(terms(other.text))
    return len(words & others) >= _ALIKE * len(words | others)


def path_shares(index: Index, question: str, wish: TimeWish) -> dict[str, float]:
    """Return how much of a question stands in the paths of sources.

    A term counts the more, the fewer paths hold it: one that stands in all of them tells none apart.

    Args:
        index: The index.
        question: What is searched for.
        wish: The time that is asked for; its years are terms, however the question writes them.

    Returns:
        A share, 0…1, for each source whose path holds a term of the question.
    """
    read = _path_terms(index)
    asked = list(dict.fromkeys([*search_words(question), *map(str, wish.years)]))
    few = min(_NAMING_WORDS, len(asked))
    names = {spelling for term in question_terms(question) if term.kind == "name" for spelling in term.spellings}
    shares: dict[str, float] = {}
    for term in asked:
        if term.isdigit() and not _YEAR.fullmatch(term):
            continue
        holders = read.by_term.get(term, frozenset())
        for source in holders:
            shares[source] = shares.get(source, 0.0) + (1 - len(holders) / read.sources) / (
                few if term in names else len(asked)
            )
    for name, count in named_words(question, read.by_name).items():
        holders = read.by_name[name]
        for source in holders:
            share = (1 - len(holders) / read.sources) * count / max(count, few)
            shares[source] = max(shares.get(source, 0.0), share)
    return {source: share for source, share in shares.items() if share}


def sources_by_name(index: Index) -> Mapping[str, frozenset[str]]:
    """Return the sources by what may be a name in the names of their files; see ``names_of_path``."""
    return _path_terms(index).by_name


def _path_terms(index: Index) -> _PathTerms:
    version = index.version
    read = _read.get(index.folder)
    if read is None or read.version != version:
        by_term: dict[str, set[str]] = {}
        by_name: dict[str, set[str]] = {}
        sources = [record for record in index.catalog.source_records() if record.document_id]
        for record in sources:
            folder, _, file = record.source.rpartition("/")
            name = f"{folder} {file.rpartition('.')[0] or file}"
            for found in names_of_path(file.rpartition(".")[0] or file):
                by_name.setdefault(found, set()).add(record.source)
            # The keyword index holds the words of the title already.
            for term in set(terms(" ".join(_WORD_IN_PATH.findall(name)))).difference(terms(record.title)):
                by_term.setdefault(term, set()).add(record.source)
        terms_, names = ({key: frozenset(held) for key, held in found.items()} for found in (by_term, by_name))
        read = _PathTerms(version, len(sources), terms_, names)
        _read[index.folder] = read
    return read


def _time_shares(index: Index, near: Sequence[tuple[ChunkRecord, float]], wish: TimeWish) -> dict[str, float]:
    """Return how well the sources of the best chunks fit the time that is asked for, 0…1, by source."""
    if not wish:
        return {}
    times: dict[str, DocumentTime] = {}
    for chunk, _ in near:
        if chunk.source in times:
            continue
        if time := document_time(index, chunk.source, chunk.document_id, chunk.title, own=True):
            times[chunk.source] = time
    if wish.years:
        return {source: 1.0 for source, time in times.items() if time.year in wish.years}
    steps = sorted(set(times.values()), reverse=wish.order == "older")
    if len(steps) < 2:
        return {}
    return {source: steps.index(time) / (len(steps) - 1) for source, time in times.items()}
