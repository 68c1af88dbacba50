"""Answer with a weak model: quotes first, its own words only where each of them verifies.

Owns: the course of such an answer. Knows nothing about retrieval.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.closing import finish_abstained, finish_composed
from rag.answering.context import AnswerContext
from rag.answering.draft import CheckedDraft, add_draft, check_draft
from rag.answering.material import Material
from rag.answering.notices import failure_notice
from rag.errors import LLMError
from rag.models.llm.model import Message, Model
from rag.notices import Notice
from rag.prompts import Prompt
from rag.question.question_words import QUESTION_CHARACTERS
from rag.types import Answer, Citation, Evidence, Span
from rag.verify.checker import Checker
from rag.verify.verdict import content_stems

# A weak model is given the best sentences only: more confuses it and takes longer.
_SENTENCES = 3
# Most tokens that a weak model may write.
_MAX_TOKENS = 96


@dataclass(frozen=True, slots=True)
class WeakWriter:
    """Quotes at once; then adds the model's own words if each of its sentences verifies and says it shorter.

    Attributes:
        model: The open language model.
        prompt: The prompt with places for the evidence and the question.
        checker: What checks its words.
        cancel: Set by the caller to end the writing early; None where nobody can.
    """

    model: Model
    prompt: Prompt
    checker: Checker
    cancel: threading.Event | None = None

    @property
    def prompt_id(self) -> str:
        """The id of the prompt."""
        return self.prompt.id

    def write(self, snapshot: Answer, material: Material, context: AnswerContext) -> Iterator[Answer]:
        """Compose what needs no model, then let the model add to it.

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
        given = _best_of_each_part(selected.evidence_by_part, _SENTENCES)
        system, user = self.prompt.fill(
            evidence="\n".join(map(_on_one_line, given)),
            question=selected.question[:QUESTION_CHARACTERS],
        )
        snapshot = replace(snapshot, prompt=f"{system}\n\n{user}")
        yield replace(
            snapshot,
            answer=composer.text,
            short_answer=composer.short_answer,
            tentative=material.band == "tentative",
            sentences=tuple(composer.sentences),
            citations=tuple(composer.citations),
            state="writing",
        )
        messages = [Message("system", system), Message("user", user)]
        text = ""
        try:
            for delta in self.model.stream(messages, max_tokens=_MAX_TOKENS, cancel=self.cancel):
                if not text:
                    snapshot = context.clock.stamp(snapshot, "first_token_ms")
                text += delta
        except LLMError as error:
            notices = [failure_notice(error)]
            yield finish_composed(snapshot, composer, material, context, notices=notices, degraded=True)
            return
        snapshot = context.clock.stamp(snapshot, "write_ms")
        policy = context.options.policy
        draft = check_draft(text.strip(), [[span] for span in given], policy, self.checker)
        quotes = composer.citations
        if _is_shorter_than_quotes(draft, quotes) and (policy != "strict" or _is_all_verified(draft)):
            add_draft(composer, _after_quotes(draft, quotes, context.language))
        snapshot = context.clock.stamp(snapshot, "check_ms")
        yield finish_composed(snapshot, composer, material, context, notices=draft.failures)


def _best_of_each_part(evidence_by_part: Sequence[Sequence[Evidence]], count: int) -> list[Span]:
    """Return the best ``count`` sentences, taken from the parts of the question in turn; at least one of each part."""
    if len(evidence_by_part) == 1:
        spans = dict.fromkeys(item.span for item in evidence_by_part[0])
    else:
        # The ranks stop where the shortest part has no more sentences.
        ranks = zip(*(evidence[:count] for evidence in evidence_by_part), strict=False)
        spans = dict.fromkeys(item.span for rank in ranks for item in rank)
    return list(spans)[: max(count, len(evidence_by_part))]


def _on_one_line(span: Span) -> str:
    """Return a sentence as a weak model is shown it: with its title, and a row with the names of its columns."""
    return " ".join(": ".join(filter(None, (span.title, span.header, span.quote))).split())


def _is_shorter_than_quotes(draft: CheckedDraft, quotes: Sequence[Citation]) -> bool:
    """Tell whether the model says it shorter than every quote: each has at least two content words that it lacks."""
    content = {stem for sentence in draft.sentences for stem in content_stems(sentence.text)}
    return bool(content) and not any(len(set(content_stems(span.quote)) - content) <= 1 for span in quotes)


def _is_all_verified(draft: CheckedDraft) -> bool:
    return not draft.left_out and draft.count("verified") == len(draft.sentences)


def _after_quotes(draft: CheckedDraft, quotes: Sequence[Citation], language: str) -> CheckedDraft:
    """Return the draft as it follows the quotes: what stands inside a quote is cited by the quote's number."""

    def enclosing_quote(span: Span) -> Span:
        enclosing = (q for q in quotes if q.source_id == span.source_id and q.start <= span.start and span.end <= q.end)
        quote = next(enclosing, None)
        return span if quote is None else quote.span

    first, *rest = (
        replace(sentence, spans=tuple(dict.fromkeys(map(enclosing_quote, sentence.spans))))
        for sentence in draft.sentences
    )
    in_short = replace(first, before=f"\n\n{Notice('in-short').text(language)}")
    return replace(draft, sentences=(in_short, *rest))
