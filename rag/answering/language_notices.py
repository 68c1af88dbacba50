"""The notice that the language of a question, or of what was found for it, is not read well.

Owns: when it stands beside an answer. Knows nothing about how a language is told or read.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.notices import Notice
from rag.retrieval.languages import languages_of_search
from rag.store.index import Index
from rag.store.reading import not_read_well
from rag.types import Passage


def language_notices(index: Index, question: str, passages: Sequence[Passage]) -> tuple[Notice, ...]:
    """Return the notice on the language of a question or, where that is read, on that of the passages; else none.

    Args:
        index: The index that was searched.
        question: The question.
        passages: What was found for it.

    Returns:
        One notice at most.
    """
    languages = languages_of_search(index, question, passages)
    if languages.question_read is False:
        return (not_read_well(index.encoder.name, "question", [languages.question]),)
    if languages.passages_read is False:
        return (not_read_well(index.encoder.name, "passages", [languages.passages]),)
    return ()
