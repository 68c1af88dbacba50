"""Evidence without the words that are struck out: they answer nothing. Pure.

Owns: hiding such words from those who cut phrases, and giving the phrases back as the document has them. Knows nothing
about how a phrase is chosen.
"""

from __future__ import annotations

from dataclasses import replace

from rag.answering.short_answers.types import Basis, ShortAnswer, cut
from rag.text import trim_masked, with_struck_masked, without_mask
from rag.types import Span


def without_struck_words(basis: Basis) -> Basis:
    """Return a basis in whose evidence nothing that is struck out can be read; all else keeps its place."""
    evidence = [
        replace(item, span=replace(item.span, quote=masked))
        if (masked := with_struck_masked(item.span.quote)) != item.span.quote
        else item
        for item in basis.evidence
    ]
    return replace(basis, evidence=evidence)


def as_written(answer: ShortAnswer | None, basis: Basis) -> ShortAnswer | None:
    """Return an answer that was cut out of masked evidence with the words of its document.

    Args:
        answer: The answer; None for none.
        basis: The evidence as it is written.

    Returns:
        The answer without struck-out words at its ends; None where nothing else is left of it.
    """
    sentence = _holding(answer.span, basis) if answer else None
    if answer is None or sentence is None or answer.span.quote in sentence.quote:
        return answer
    start = answer.span.start - sentence.start
    start, end = trim_masked(with_struck_masked(sentence.quote), start, start + len(answer.span.quote))
    text = without_mask(answer.text)
    if start == end or not text:
        return None
    is_whole = (answer.span.start, answer.span.end) == (sentence.start, sentence.end)
    return ShortAnswer(text, sentence if is_whole else cut(sentence, start, end))


def _holding(span: Span, basis: Basis) -> Span | None:
    """Return the sentence of the evidence that a span was cut from."""
    return next(
        (
            item.span
            for item in basis.evidence
            if item.span.source_id == span.source_id and item.span.start <= span.start and span.end <= item.span.end
        ),
        None,
    )
