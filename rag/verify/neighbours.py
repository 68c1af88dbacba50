"""What stands right before and right behind a span in its document. Pure.

Owns: finding it among the evidence. It is read to understand the span, and never cited. Knows nothing about rules.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import Span
from rag.verify.checker import ClaimToCheck

# So much of a passage is read on either side of a span.
_CHARACTERS = 1500
# Spans with no more between them, such as a line's end and the sign of an item, follow upon each other.
_WIDEST_GAP = 8


def text_beside(span: Span, claim: ClaimToCheck) -> tuple[str, str]:
    """Return what stands right before and right behind a span.

    Args:
        span: A span of the claim's evidence.
        claim: The claim with its evidence.

    Returns:
        A few lines before, below the headings of their passage, and a few behind; empty where they are not known.
    """
    for piece in claim.evidence:
        start = piece.text.find(span.quote)
        if start >= 0 and span in piece.spans:
            end = start + len(span.quote)
            before = piece.text[max(0, start - _CHARACTERS) : start]
            return f"# {piece.title}\n{before}", piece.text[end : end + _CHARACTERS]
    return _spans_beside(span, [other for other in claim.everything if other.source_id == span.source_id])


def text_of_document(quote: str, claim: ClaimToCheck) -> str:
    """Return what of the document of a quote is among the evidence of a claim.

    Args:
        quote: The words of a span of the claim's evidence.
        claim: The claim with its evidence.

    Returns:
        The spans of the documents that have the quote, one a line.
    """
    documents = {span.source_id for span in claim.everything if span.quote == quote}
    return "\n".join(span.quote for span in claim.everything if span.source_id in documents)


def _spans_beside(span: Span, others: Sequence[Span]) -> tuple[str, str]:
    """Return the spans that follow upon each other before a span, and the one that follows it."""
    before: list[str] = []
    start = span.start
    for other in sorted(others, key=lambda other: other.end, reverse=True):
        if start - _WIDEST_GAP <= other.end <= start and span.start - other.start <= _CHARACTERS:
            before.append(other.quote)
            start = other.start
    behind = (other.quote for other in others if span.end <= other.start <= span.end + _WIDEST_GAP)
    return "\n".join(reversed(before)), next(behind, "")
