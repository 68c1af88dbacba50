"""The notices of an answer: what a reader must know beside it.

Owns: their wording and how several become one. Knows nothing about how a notice is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import Passage

CLAIMS_UNSUPPORTED = "The model's words were not supported by the documents."


def join_notices(*notices: str) -> str:
    """Return the notices that say something, in order, as one text."""
    return " ".join(filter(None, notices))


def injection_notice(passages: Sequence[Passage]) -> str:
    """Return a notice that names the sources of passages that give orders to a language model; "" without any."""
    sources = dict.fromkeys(passage.source for passage in passages if passage.instructions)
    if not sources:
        return ""
    return f"Instructions to a language model stand in {', '.join(sources)}; they were not followed."


def left_out_notice(count: int) -> str:
    """Return a notice that ``count`` claims of the model are not shown."""
    return f"{count} claim{'s' * (count > 1)} left out: not supported."


def wrote_nothing_notice(model_name: str) -> str:
    """Return a notice that the model ended without a word."""
    return f"{model_name} wrote nothing"


def empty_index_notice(index_name: str) -> str:
    """Return a notice that there is nothing to search, and how to change that."""
    return f"The index {index_name!r} is empty; add files: rag ingest PATH"
