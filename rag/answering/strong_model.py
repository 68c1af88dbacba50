"""Answer with a strong model: its draft over numbered evidence, checked sentence by sentence.

Owns: the course of such an answer. Knows nothing about retrieval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.answering.closing import finish_abstained, finish_composed
from rag.answering.composer import Composer
from rag.answering.context import AnswerContext, Writer
from rag.answering.draft import add_draft, check_draft
from rag.answering.notices import CLAIMS_LEFT_OUT, failure_notice
from rag.answering.quotes import compose_quotes, select_quotes
from rag.errors import LLMError
from rag.models.llm.budget import count_fitting
from rag.models.llm.model import Message
from rag.notices import Notice
from rag.prompts import SENTINEL
from rag.retrieval.evidence import candidate_sentences
from rag.retrieval.question import QUESTION_CHARACTERS
from rag.types import Answer, Passage, Span


def answer_with_strong_model(snapshot: Answer, context: AnswerContext, writer: Writer) -> Iterator[Answer]:
    """Give the passages as numbered evidence, stream the draft, then check and cite sentence by sentence.

    Args:
        snapshot: The answer so far, with its passages.
        context: The context of the answer.
        writer: The model and what checks its words.

    Yields:
        The draft as it grows, unchecked, then the finished answer. Where the draft is empty or nothing of it is
        supported, that is the quotes; where it says that the evidence does not hold the answer, an abstention.
    """
    evidence, system, user = _fill_prompt(context, writer)
    snapshot = replace(snapshot, prompt=f"{system}\n\n{user}")
    messages = [Message("system", system), Message("user", user)]
    text, notices, failed = "", list[Notice](), False
    yield replace(snapshot, state="writing")
    try:
        for delta in writer.model.stream(messages, max_tokens=context.options.max_tokens, cancel=writer.cancel):
            if not text:
                snapshot = context.clock.stamp(snapshot, "first_token_ms")
            text += delta
            yield replace(snapshot, answer=text, state="writing")
    except LLMError as error:
        notices, failed = [failure_notice(error)], True
    snapshot = context.clock.stamp(snapshot, "write_ms")
    if not text.strip():
        yield finish_composed(
            snapshot,
            _quotes(context),
            context,
            notices=notices or [Notice("wrote-nothing", {"model": writer.model.name})],
            degraded=True,
        )
        return
    if SENTINEL in text:
        yield finish_abstained(snapshot, context)
        return
    yield replace(snapshot, answer=text, state="checking")
    policy = context.options.policy
    draft = check_draft(text, evidence, policy, writer.checker)
    notices.extend(draft.failures)
    supported = draft.count("verified", "partly") > 0
    if supported or policy != "strict":
        composer = Composer(context.language)
        add_draft(composer, draft)
    else:
        composer = _quotes(context)
        notices.insert(0, Notice("claims-unsupported"))
    if supported and draft.left_out:
        notices.insert(0, Notice(CLAIMS_LEFT_OUT, {"count": len(draft.left_out)}))
    snapshot = context.clock.stamp(snapshot, "check_ms")
    yield finish_composed(snapshot, composer, context, left_out=draft.left_out, notices=notices, degraded=failed)


def _fill_prompt(context: AnswerContext, writer: Writer) -> tuple[list[list[Span]], str, str]:
    """Return the spans of each passage that fits into the model's window, and the two messages that hold them.

    At least the best passage is given, whether it fits or not.
    """
    passages = context.selected.passages
    evidence = [[span for span, _ in candidate_sentences([passage], context.index)] for passage in passages]
    blocks = [
        _evidence_block(number, passage, spans)
        for number, (passage, spans) in enumerate(zip(passages, evidence, strict=True), 1)
    ]
    question = context.selected.question[:QUESTION_CHARACTERS]
    fixed = writer.prompt.fill(evidence="", question=question, sentinel=SENTINEL)
    model = writer.model
    count = max(1, count_fitting(blocks, model.context_window, context.options.max_tokens, fixed, model.count_tokens))
    system, user = writer.prompt.fill(evidence="\n\n".join(blocks[:count]), question=question, sentinel=SENTINEL)
    return evidence[:count], system, user


def _evidence_block(number: int, passage: Passage, spans: Sequence[Span]) -> str:
    """Return a passage as a model is shown it; where it gives orders to a model, only the sentences that do not."""
    text = "\n".join(span.quote for span in spans) if passage.instructions else passage.text
    return f"[{number}] ({' › '.join(part for part in (passage.source, passage.context) if part)})\n{text}"


def _quotes(context: AnswerContext) -> Composer:
    """Return the source's own words, which stand in for a draft that cannot be shown."""
    return compose_quotes(select_quotes(context.selected, context.index), context.language)
