"""A drafted case: its id and its tag."""

from __future__ import annotations

import hashlib
from typing import Any

from rag.evaluate.types import DRAFT_TAG, Case


def draft_case(question: str, *, tags: tuple[str, ...] = (), **fields: Any) -> Case:
    """Return a drafted case.

    Args:
        question: Its question.
        tags: Its tags besides that of a draft.
        **fields: The other fields of a case.

    Returns:
        A case that is named by its question: the same question has the same id in every draw.
    """
    name = f"draft-{hashlib.sha256(question.encode()).hexdigest()[:8]}"
    return Case(name, question, tags=(DRAFT_TAG, *tags), **fields)
