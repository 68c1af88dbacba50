"""What a strong model is given of the documents, and what it asks for beyond that.

Owns: numbered evidence that grows while the model looks up what it lacks. Knows nothing about prompts or drafts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rag.answering.context import AnswerContext
from rag.answering.writers.requests import Request
from rag.notices import Notice
from rag.retrieval.evidence import candidate_sentences
from rag.retrieval.passages import retrieve
from rag.retrieval.search import allowed_sources
from rag.retrieval.sections import open_section
from rag.store.index import Index
from rag.types import Passage, Plan, PlannedSearch, Span
from rag.verify.checker import NumberedEvidence

# Passages that one more search adds at most.
_PASSAGES_A_SEARCH = 4


@dataclass
class Reading:
    """The evidence that a model has read so far; ``[n]`` stands for ``passages[n - 1]``.

    Attributes:
        passages: The passages, in the order of their numbers.
        spans: The sentences of each.
        given: How many passages the model was given at first; it asked for the others.
        searches: What was searched for because the model asked.
        why: What it asked for, for the trace.
    """

    passages: list[Passage] = field(default_factory=list)
    spans: list[list[Span]] = field(default_factory=list)
    given: int = 0
    searches: list[PlannedSearch] = field(default_factory=list)
    why: list[Notice] = field(default_factory=list)

    def add(self, index: Index, passages: Iterable[Passage]) -> list[Passage]:
        """Take in passages that are not known yet.

        Args:
            index: The index that holds them.
            passages: The passages.

        Returns:
            Those that were taken in.
        """
        known = {passage.chunk_id for passage in self.passages}
        new = [passage for passage in passages if passage.chunk_id not in known]
        for passage in new:
            self.passages.append(replace(passage, rank=len(self.passages) + 1))
            self.spans.append([span for span, _ in candidate_sentences([passage], index)])
        return new

    def drop_last(self, count: int) -> None:
        """Forget the last passages, which did not fit."""
        if count:
            del self.passages[-count:], self.spans[-count:]

    def evidence(self, first: int = 1) -> list[NumberedEvidence]:
        """Return the evidence from a number on."""
        pairs = zip(self.passages[first - 1 :], self.spans[first - 1 :], strict=True)
        return [numbered_evidence(number, passage, spans) for number, (passage, spans) in enumerate(pairs, first)]

    def blocks(self, first: int = 1) -> list[str]:
        """Return the evidence from a number on as a model is shown it."""
        return [evidence_block(piece) for piece in self.evidence(first)]


def search(planned: PlannedSearch, reading: Reading, context: AnswerContext, count: int | None = None) -> list[Passage]:
    """Search for passages and take in those that are new.

    Args:
        planned: What is searched for, and where; only the sources that the user chose are searched.
        reading: What was read so far; it is added to.
        context: The context of the answer.
        count: How many passages are searched for; None: as many as the user wants.

    Returns:
        The passages that were taken in.
    """
    options = context.search_options
    found = retrieve(
        context.index,
        planned.query,
        count or options.passages,
        sources=allowed_sources(context.index, planned, options),
        reranker=context.reranker,
        dense_weight=options.dense_weight,
    )
    return reading.add(context.index, found)


def named_sources(plan: Plan) -> tuple[str, ...]:
    """Return the sources that the question names; none where a part of it names none."""
    named = [search.sources for search in plan.searches]
    return tuple(dict.fromkeys(source for sources in named for source in sources)) if all(named) else ()


def look_up(request: Request, reading: Reading, context: AnswerContext) -> None:
    """Do what a model asks for, and note it.

    Args:
        request: What it asks for; a number that it was not given is left aside.
        reading: What it has read; it is added to.
        context: The context of the answer. Only the sources that the user chose are searched.
    """
    index = context.index
    if request.kind == "search":
        planned = PlannedSearch(request.words)
        new = search(planned, reading, context, _PASSAGES_A_SEARCH)
        reading.searches.append(planned)
        reading.why.append(Notice("model-searched", {"query": request.words, "passages": len(new)}))
    elif 1 <= request.number <= len(reading.passages):
        new = reading.add(index, open_section(index, reading.passages[request.number - 1], 1))
        reading.why.append(Notice("model-opened", {"number": request.number, "passages": len(new)}))


def numbered_evidence(number: int, passage: Passage, spans: Sequence[Span]) -> NumberedEvidence:
    """Return a passage as a model is given it.

    Args:
        number: The number that it is cited by.
        passage: The passage.
        spans: Its sentences.

    Returns:
        The evidence, whole; where the passage gives orders to a model, only the sentences that do not.
    """
    text = "\n".join(span.quote for span in spans) if passage.instructions else passage.text
    title = " › ".join(part for part in (passage.source, passage.context) if part)
    return NumberedEvidence(number, title, text, tuple(spans))


def evidence_block(piece: NumberedEvidence) -> str:
    """Return a piece of evidence as a model is shown it: its number and title on a line, then its words."""
    return f"[{piece.number}] ({piece.title})\n{piece.text}"
