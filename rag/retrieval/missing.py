"""What of a question the documents do not mention, named only where that is certain.

Owns: looking for the terms of a question in the passages, the keyword index and the names of the sources. Knows nothing
about how the result is told.

A name, a code, or a value such as a year or an amount that stands nowhere in the index is certainly missing; one that
stands elsewhere in it is only absent from what was found, which lowers the confidence and is not told. An ordinary word
is never certainly missing: a document may use another one for the same thing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.notices.language import language_of
from rag.question.aliases import adjective_pattern
from rag.question.generic_words import GENERIC_STEMS
from rag.question.mentions import Term, question_mentions, stands_in
from rag.store.catalog import SourceQuery
from rag.store.index import Index
from rag.text import is_unspaced, normalise, source_as_words
from rag.types import Passage

# A word of so many letters that is one edit from a word of the index may be another spelling of it.
_LETTERS_OF_A_VARIANT = 5
# "Zweigschule" stands as "Zweigschulen": endings that no English stemmer takes off have so many letters.
_LETTERS_OF_AN_ENDING = 2
# Chunks that are read for a code, whose words may stand in a longer code only.
_CHUNKS_READ = 20


@dataclass(frozen=True, slots=True)
class MissingWords:
    """The words of a question that were not found.

    Attributes:
        nowhere: The content words that stand nowhere in the index, in whatever notation.
        certain: Those of them that no other word could stand for: names, codes, exact values.
        absent: Names, codes and exact values that stand in none of the passages, elsewhere in the index or not.
    """

    nowhere: tuple[str, ...] = ()
    certain: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def missing_words(index: Index, question: str, passages: Sequence[Passage]) -> MissingWords:
    """Find the words of a question that stand in none of the passages, and those that stand nowhere.

    Args:
        index: The index that was searched.
        question: The question that was searched for.
        passages: What was found.

    Returns:
        The words as the question writes them, in order, each once; neighbours are one run: "North Haven".
    """
    texts = [f"{passage.context} {source_as_words(passage.source)}\n{passage.text}" for passage in passages]
    unseen = [term for term in question_mentions(question) if not any(stands_in(term, text) for text in texts)]
    # Every noun has a capital in German: a name cannot be told from a word.
    names_show = language_of(question) != "de"
    absent = [term for term in unseen if is_definite(term, names_show)]
    nowhere = [term for term in unseen if _may_be_missed(term) and not _stands_in_index(index, term)]
    return MissingWords(
        _runs(question, nowhere), _runs(question, [term for term in nowhere if term in absent]), _runs(question, absent)
    )


def is_definite(term: Term, names_show: bool = True) -> bool:
    """Tell whether no other word can stand for a term.

    Args:
        term: The term.
        names_show: Whether a name is known by its capital.

    Returns:
        Whether it is a code, an exact value, or a name.
    """
    if term.kind == "name":
        return names_show and len(term.text) > 2 and not GENERIC_STEMS.intersection(term.spellings)
    return term.kind in ("code", "value")


def _may_be_missed(term: Term) -> bool:
    """Tell whether a term may be named as missing at all: no count, no initials, no word of asking or instructing.

    Nor is a pair of characters, which need be no word.
    """
    if term.kind in ("count", "initials") or len(term.text) < 3 or is_unspaced(term.text):
        return False
    return term.kind in ("code", "value") or not GENERIC_STEMS.intersection(term.spellings)


def _stands_in_index(index: Index, term: Term) -> bool:
    """Tell whether a term, or what may be another spelling of it, stands anywhere in the index."""
    known = [spelling for spelling, count in index.catalog.document_frequency(term.spellings).items() if count]
    if term.whole and known:
        ids = [id_ for spelling in known for id_, _ in index.catalog.search([spelling], _CHUNKS_READ)]
        chunks = index.catalog.chunks(ids).values()
        # A phrase that stands in more chunks than are read counts as found.
        return len(ids) >= _CHUNKS_READ or any(stands_in(term, f"{chunk.context}\n{chunk.text}") for chunk in chunks)
    if known or index.catalog.list_sources(SourceQuery(term.text), 1)[0]:
        return True
    return term.kind in ("word", "name") and any(_has_variant(index, spelling) for spelling in term.spellings)


def _has_variant(index: Index, stem: str) -> bool:
    """Tell whether the index knows a word that may be the same one: an adjective of it, or one edit from it."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extractOne

    if " " in stem or len(stem) < 4:
        return False
    known = list(index.catalog.vocabulary(stem[0]))
    if any(_without_accents(word) == _without_accents(stem) for word in known):
        return True
    adjective = adjective_pattern(stem)
    if adjective and any(map(adjective.fullmatch, known)):
        return True
    if len(stem) < _LETTERS_OF_A_VARIANT:
        return False
    if any(word.startswith(stem) and len(word) <= len(stem) + _LETTERS_OF_AN_ENDING for word in known):
        return True
    return extractOne(stem, known, scorer=OSA.distance, score_cutoff=1) is not None


def _without_accents(word: str) -> str:
    """Return a word as it is typed without accents: "Ales" for "Alès"."""
    return "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))


def _runs(question: str, missing: Iterable[Term]) -> tuple[str, ...]:
    """Return terms as the question writes them, those beside each other as one."""
    runs: list[tuple[int, int]] = []
    for term in missing:
        if runs and not question[runs[-1][1] : term.start].strip(" -") and term.start >= runs[-1][1]:
            runs[-1] = (runs[-1][0], term.end)
        elif not runs or term.start >= runs[-1][1]:
            runs.append((term.start, term.end))
    unique = {normalise(question[start:end]): question[start:end] for start, end in reversed(runs)}
    return tuple(reversed(unique.values()))
