"""The notice that the language of a question, or of what was found for it, is not read well.

Owns: when it stands beside an answer. Knows nothing about how a language is told or read.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.languages.identify import identify
from rag.notices import Notice
from rag.retrieval.languages import languages_of_search
from rag.retrieval.search import SelectedEvidence
from rag.store.index import Index
from rag.store.reading import not_read_well
from rag.types import Passage


def language_notices(index: Index, question: str, selected: SelectedEvidence) -> tuple[Notice, ...]:
    """Return the notice on the language of a question or, where that is read, on that of what was found; else none.

    Args:
        index: The index that was searched.
        question: The question.
        selected: What was found for it.

    Returns:
        One notice at most. A question that is refused has one on what was found only where nothing better was found
        than what is not read.
    """
    languages = languages_of_search(index, question, selected.passages, selected.evidence)
    if languages.question_read is False:
        return (not_read_well(index.encoder.name, "question", [languages.question]),)
    if languages.passages_read is not False or (selected.band == "refused" and _may_be_read(index, selected.passages)):
        return ()
    return (not_read_well(index.encoder.name, "passages", [languages.passages]),)


def _may_be_read(index: Index, passages: Sequence[Passage]) -> bool:
    """Tell whether any of the passages may be in a language that is read."""
    return any(index.reads(language) is not False for language in {identify(passage.text) for passage in passages})
