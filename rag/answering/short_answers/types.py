"""What a short answer is.

Owns: the record. Builds nothing but the exact slice of a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.types import Span


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A phrase that answers a question by itself.

    Attributes:
        text: What is shown: the phrase, or a cell with its row and column, or yes.
        span: The exact slice of the document that it was cut from; a whole sentence for yes.
    """

    text: str
    span: Span


def cut(sentence: Span, start: int, end: int) -> Span:
    """Cut a slice out of a span.

    Args:
        sentence: The span.
        start: Where the slice begins in the span's words.
        end: Where it ends there.

    Returns:
        The slice, with its place in the document.
    """
    return replace(
        sentence, start=sentence.start + start, end=sentence.start + end, quote=sentence.quote[start:end], header=""
    )
