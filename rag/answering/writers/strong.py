"""Answer with a strong model: its draft over numbered evidence, checked sentence by sentence.

Owns: the course of such an answer. Knows nothing about retrieval.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.closing import finish_abstained, finish_composed
from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.draft import add_draft, check_draft
from rag.answering.material import Material
from rag.answering.notices import CLAIMS_LEFT_OUT, failure_notice
from rag.errors import LLMError
from rag.models.llm.budget import count_fitting
from rag.models.llm.model import Message, Model
from rag.notices import Notice
from rag.prompts import SENTINEL, Prompt
from rag.question.question_words import QUESTION_CHARACTERS
from rag.retrieval.evidence import candidate_sentences
from rag.types import Answer, Passage, Span
from rag.verify.checker import Checker


@dataclass(frozen=True, slots=True)
class StrongWriter:
    """Gives the passages as numbered evidence, streams the draft, then checks and cites sentence by sentence.

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
        """Let the model write; it says itself when the passages do not hold the answer.

        Args:
            snapshot: The answer so far, with its passages.
            material: What was gathered.
            context: The context of the answer.

        Yields:
            The draft as it grows, unchecked, then the finished answer. Where the draft is empty or nothing of it is
            supported, that is what needs no model; where it says that the evidence does not hold the answer, an
            abstention.
        """
        if not material.strong_words:
            yield finish_composed(snapshot, material.compose(), material, context)
            return
        if not material.selected.passages:
            yield finish_abstained(snapshot, material, context)
            return
        evidence, system, user = self._fill_prompt(material, context)
        snapshot = replace(snapshot, prompt=f"{system}\n\n{user}")
        messages = [Message("system", system), Message("user", user)]
        text, notices, failed = "", list[Notice](), False
        yield replace(snapshot, state="writing")
        try:
            for delta in self.model.stream(messages, max_tokens=context.options.max_tokens, cancel=self.cancel):
                if not text:
                    snapshot = context.clock.stamp(snapshot, "first_token_ms")
                text += delta
                yield replace(snapshot, answer=text, state="writing")
        except LLMError as error:
            notices, failed = [failure_notice(error)], True
        snapshot = context.clock.stamp(snapshot, "write_ms")
        if not text.strip():
            notices = notices or [Notice("wrote-nothing", {"model": self.model.name})]
            yield finish_composed(snapshot, material.compose(), material, context, notices=notices, degraded=True)
            return
        if SENTINEL in text:
            yield finish_abstained(snapshot, material, context)
            return
        yield replace(snapshot, answer=text, state="checking")
        policy = context.options.policy
        draft = check_draft(text, evidence, policy, self.checker)
        notices.extend(draft.failures)
        supported = draft.count("verified", "partly") > 0
        if not supported and material.band == "refused":
            yield finish_abstained(snapshot, material, context)
            return
        if supported or policy != "strict":
            composer = Composer(context.language)
            add_draft(composer, draft)
        else:
            composer = material.compose()
            notices.insert(0, Notice("claims-unsupported"))
        if supported and draft.left_out:
            notices.insert(0, Notice(CLAIMS_LEFT_OUT, {"count": len(draft.left_out)}))
        snapshot = context.clock.stamp(snapshot, "check_ms")
        yield finish_composed(
            snapshot, composer, material, context, left_out=draft.left_out, notices=notices, degraded=failed
        )

    def _fill_prompt(self, material: Material, context: AnswerContext) -> tuple[list[list[Span]], str, str]:
        """Return the spans of each passage that fits into the model's window, and the two messages that hold them.

        At least the best passage is given, whether it fits or not.
        """
        passages = material.selected.passages
        evidence = [[span for span, _ in candidate_sentences([passage], context.index)] for passage in passages]
        blocks = [
            _evidence_block(number, passage, spans)
            for number, (passage, spans) in enumerate(zip(passages, evidence, strict=True), 1)
        ]
        question = context.plan.question[:QUESTION_CHARACTERS]
        fixed = self.prompt.fill(evidence="", question=question, sentinel=SENTINEL)
        model = self.model
        count = count_fitting(blocks, model.context_window, context.options.max_tokens, fixed, model.count_tokens)
        count = max(1, count)
        system, user = self.prompt.fill(evidence="\n\n".join(blocks[:count]), question=question, sentinel=SENTINEL)
        return evidence[:count], system, user


def _evidence_block(number: int, passage: Passage, spans: Sequence[Span]) -> str:
    """Return a passage as a model is shown it; where it gives orders to a model, only the sentences that do not."""
    text = "\n".join(span.quote for span in spans) if passage.instructions else passage.text
    return f"[{number}] ({' › '.join(part for part in (passage.source, passage.context) if part)})\n{text}"
