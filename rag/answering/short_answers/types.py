"""What a short answer is, and what it may rest on.

Owns: the records. Builds nothing but the exact slice of a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.question.reading import Question
from rag.types import Evidence, Span

CaptionOf = Callable[[Span], str]
"""Returns what stands above the table of a row and holds for all its figures: "(in millions)"; "" for nothing."""
EmptyColumnsOf = Callable[[Span], Sequence[str]]
"""Returns the names of the columns in which a table row has no value."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the short answer to one part of a question may rest on.

    Attributes:
        question: The part as it was read.
        asked: Its words as they were searched for: standing alone, typos corrected.
        evidence: The sentences and rows, best first.
        confidence: How likely the passages hold the answer, 0…1.
        tentative: Whether the answer is a tentative one, so that a phrase must be surer to be shown.
        caption: Finds what stands above the table of a row.
        empty: Finds the names of the columns in which a row has no value.
        restored: Returns a short answer with its place in the document, where the evidence is read without what it
            strikes out.
    """

    question: Question
    asked: str
    evidence: Sequence[Evidence]
    confidence: float
    tentative: bool = False
    caption: CaptionOf = lambda _: ""
    empty: EmptyColumnsOf = lambda _: ()
    restored: Restored = lambda answer: answer


@dataclass(frozen=True, slots=True)
class Draft:
    """What a weak model wrote.

    Attributes:
        text: Its words.
        logprobs: The logarithm of how likely it held each piece of them, in order; none where its engine does not tell.
    """

    text: str
    logprobs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A phrase that answers a question by itself.

    Attributes:
        text: What is shown: the phrase, or a cell with its row and column, or yes.
        span: The exact slice of the document that it was cut from; a whole sentence for yes.
    """

    text: str
    span: Span


Restored = Callable[[ShortAnswer | None], ShortAnswer | None]
"""Returns a short answer with its place in the document."""


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
        sentence,
        start=sentence.start + start,
        end=sentence.start + end,
        quote=sentence.quote[start:end],
        header="",
        cells=(),
    )
