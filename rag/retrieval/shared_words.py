"""Which words of a question stand in what was found?

Owns: counting them where words are all that can be relied on: in a language that the encoder does not read. Knows
nothing about what follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.languages.function_words import FUNCTION_WORDS
from rag.question.mentions import stands_in
from rag.question.question_words import question_terms
from rag.retrieval.evidence import term_weights
from rag.store.index import Index
from rag.text import source_as_words
from rag.types import Passage

# Languages without spaces: of the pairs of letters that stand for words, those across two words match nothing.
_WITHOUT_SPACES, _PAIRS_IN_WORDS = frozenset({"ja", "th", "zh"}), 0.5
# A word that stands in more than this share of the chunks, and in more than a few, is no rare one.
_RARE_SHARE, _RARE_CHUNKS = 0.05, 2


@dataclass(frozen=True, slots=True)
class SharedWords:
    """The words that a question shares with the passage that holds most of them.

    Attributes:
        share: Their share of the question's words, 0…1 by weight: a rare word weighs more.
        count: How many they are.
        rare: How many of them are rare in the index.
    """

    share: float = 0.0
    count: int = 0
    rare: int = 0


def shared_words(index: Index, question: str, language: str, passages: Sequence[Passage]) -> SharedWords:
    """Count the words that a question shares with the passage that holds most of them.

    Args:
        index: The index that was searched; it knows how rare a word is.
        question: The question.
        language: Its language, whose small words do not count.
        passages: What was found.

    Returns:
        The words; none for a question of small words alone.
    """
    small = FUNCTION_WORDS.get(language, frozenset[str]())
    terms = [term for term in question_terms(question) if term.text.lower() not in small]
    weights = term_weights(index, terms)
    total = sum(weights.values()) * (_PAIRS_IN_WORDS if language in _WITHOUT_SPACES else 1)
    if not total:
        return SharedWords()
    found = index.catalog.document_frequency([spelling for term in terms for spelling in term.spellings])
    limit = max(_RARE_CHUNKS, _RARE_SHARE * index.catalog.chunk_total())
    rare = {term for term in terms if sum(found[spelling] for spelling in term.spellings) <= limit}
    best = SharedWords()
    for passage in passages:
        text = f"{passage.context} {source_as_words(passage.source)}\n{passage.text}"
        held = [term for term in terms if stands_in(term, text)]
        share = min(1.0, sum(weights[term] for term in held) / total)
        shared = SharedWords(share, len(held), len(rare.intersection(held)))
        best = max(best, shared, key=lambda one: (one.share, one.count))
    return best
