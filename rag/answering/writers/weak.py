"""Answer with a weak model: quotes first, and of its words only the phrase that the evidence bears out.

Owns: the course of such an answer. Knows nothing about retrieval, or about when a phrase is sure enough.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.answer_basis import bases_of
from rag.answering.citation_cells import add_cells
from rag.answering.closing import finish_abstained, finish_composed
from rag.answering.context import AnswerContext
from rag.answering.material import Material
from rag.answering.notices import failure_notice
from rag.answering.short_answers.types import Draft
from rag.answering.short_answers.weak_answer import GIVEN, as_given, proposed_answer
from rag.errors import LLMError
from rag.models.llm.model import Message, Model
from rag.prompts import Prompt
from rag.question.question_words import QUESTION_CHARACTERS
from rag.types import Answer, Evidence, Span

# Most tokens that a weak model may write: a phrase has few, and what is no phrase is not shown.
_MAX_TOKENS = 32


@dataclass(frozen=True, slots=True)
class WeakWriter:
    """Quotes at once; then the phrase that the model proposes becomes the short answer where it is sure enough.

    Attributes:
        model: The open language model.
        prompt: The prompt with places for the evidence and the question.
        cancel: Set by the caller to end the writing early; None where nobody can.
    """

    model: Model
    prompt: Prompt
    cancel: threading.Event | None = None

    @property
    def prompt_id(self) -> str:
        """The id of the prompt."""
        return self.prompt.id

    def write(self, snapshot: Answer, material: Material, context: AnswerContext) -> Iterator[Answer]:
        """Compose what needs no model, then let the model propose a short answer.

        Args:
            snapshot: The answer so far, with its passages and evidence.
            material: What was gathered.
            context: The context of the answer.

        Yields:
            What needs no model, while the model writes; then the finished answer.
        """
        if material.band == "refused":
            yield finish_abstained(snapshot, material, context)
            return
        composer = material.compose()
        if not material.weak_words:
            yield finish_composed(snapshot, composer, material, context)
            return
        selected = material.selected
        spans = [item.span for item in _best_of_each_part(selected.evidence_by_part, GIVEN)]
        prompt, deltas = ask_for_phrase(self.model, self.prompt, selected.question, spans, self.cancel)
        snapshot = replace(snapshot, prompt=prompt)
        yield replace(
            snapshot,
            answer=composer.text,
            short_answer=composer.short_answer,
            tentative=material.band == "tentative",
            sentences=tuple(composer.sentences),
            citations=add_cells(
                context.index, composer.citations, composer.short_answer, composer.answered, context.plan.question
            ),
            state="writing",
        )
        pieces: list[str] = []
        try:
            for delta in deltas:
                if not pieces:
                    snapshot = context.clock.stamp(snapshot, "first_token_ms")
                pieces.append(delta)
        except LLMError as error:
            notices = [failure_notice(error)]
            yield finish_composed(snapshot, composer, material, context, notices=notices, degraded=True)
            return
        snapshot = context.clock.stamp(snapshot, "write_ms")
        limits = context.index.scoring.short_answers
        bases = bases_of(selected, context)
        if len(bases) == 1 and (proposed := proposed_answer(bases[0], draft_of(pieces), limits)):
            composer.short_answer, composer.answered = proposed.text, (proposed.span,)
        yield finish_composed(snapshot, composer, material, context)


def ask_for_phrase(
    model: Model, prompt: Prompt, question: str, given: Sequence[Span], cancel: threading.Event | None = None
) -> tuple[str, Iterator[str]]:
    """Ask a weak model for the phrase that answers a question.

    Args:
        model: The open language model.
        prompt: The prompt with places for the evidence and the question.
        question: The question.
        given: The sentences that it may copy from, best first.
        cancel: Ends the writing when it is set.

    Returns:
        The words that are sent, and what the model writes, piece by piece; nothing is sent before the first is taken.
    """
    system, user = prompt.fill(evidence="\n".join(map(as_given, given)), question=question[:QUESTION_CHARACTERS])
    messages = [Message("system", system), Message("user", user)]
    return f"{system}\n\n{user}", model.stream(messages, max_tokens=_MAX_TOKENS, cancel=cancel, purpose="answer")


def draft_of(pieces: Sequence[str]) -> Draft:
    """Return what a weak model wrote, with how likely it held that where its engine tells."""
    logprobs = [getattr(piece, "logprob", None) for piece in pieces]
    known = [logprob for logprob in logprobs if logprob is not None]
    return Draft("".join(pieces), tuple(known) if len(known) == len(pieces) else ())


def _best_of_each_part(evidence_by_part: Sequence[Sequence[Evidence]], count: int) -> list[Evidence]:
    """Return the best ``count`` sentences, taken from the parts of the question in turn; at least one of each part."""
    # The ranks of several parts stop where the shortest has no more sentences.
    ranks = zip(*(evidence[:count] for evidence in evidence_by_part), strict=False)
    best: dict[Span, Evidence] = {}
    for item in (item for rank in ranks for item in rank):
        best.setdefault(item.span, item)
    return list(best.values())[: max(count, len(evidence_by_part))]
