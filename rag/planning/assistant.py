"""A question about the program itself, as documents about it would be asked. Pure.

Owns: the program's name in a question, and telling a text that speaks of it. Knows nothing about how such a question
is answered.
"""

from __future__ import annotations

import re

from rag.types import Span

NAME = "Footnote"
_ADDRESSED = re.compile(
    r"\b(?:yourself|you|this\s+(?:program|chat|bot|tool|app|assistant|thing)|this|dich|du|sie|das(?:\s+hier)?)\b", re.I
)


def named(question: str) -> str:
    """Return a question that speaks to the program as one that speaks of it: "What can Footnote do?"."""
    spoken_of = _ADDRESSED.sub(NAME, question, count=1)
    return spoken_of if spoken_of != question else f"{question} ({NAME})"


def speaks_of_program(span: Span) -> bool:
    """Tell whether a text names the program, or stands in a document whose title does."""
    return NAME in span.quote or NAME in span.title
