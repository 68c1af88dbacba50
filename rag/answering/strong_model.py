"""Answer with a strong model: its draft over numbered evidence, checked sentence by sentence.

Owns: the course of such an answer. Knows nothing about retrieval.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.answering.closing import Clock, _first_token, abstain, add_sentences, close, finish, with_timing
from rag.answering.composer import Composer
from rag.answering.draft import check_draft
from rag.answering.options import QUESTION_CHARACTERS, Options
from rag.answering.quotes import compose_quotes
from rag.errors import LLMError
from rag.models.llm.budget import count_fitting
from rag.models.llm.model import Message, Model
from rag.prompts import SENTINEL, Prompt
from rag.retrieval.evidence import candidate_sentences
from rag.retrieval.search import SelectedEvidence
from rag.store.index import Index
from rag.types import Answer, Passage, Span
from rag.verify.verdict import Entailment


def answer_with_strong_model(
    shot: Answer,
    clock: Clock,
    found: SelectedEvidence,
    index: Index,
    model: Model,
    prompt: Prompt,
    options: Options,
    opinion: Entailment,
    cancel: threading.Event | None,
) -> Iterator[Answer]:
    """Give the passages as numbered evidence, stream the draft, then check and cite sentence by sentence."""
    spans = [[span for span, _ in candidate_sentences([passage], index)] for passage in found.passages]
    pieces = [
        _piece(number, passage, held)
        for number, (passage, held) in enumerate(zip(found.passages, spans, strict=True), 1)
    ]
    asked = found.covered[:QUESTION_CHARACTERS]
    fixed = prompt.fill(evidence="", question=asked, sentinel=SENTINEL)
    kept = max(1, count_fitting(pieces, model.context_window, options.max_tokens, fixed, model.count_tokens))
    system, user = prompt.fill(evidence="\n\n".join(pieces[:kept]), question=asked, sentinel=SENTINEL)
    shot = replace(shot, prompt=f"{system}\n\n{user}")
    text = ""
    notice, degraded = "", False
    yield replace(shot, state="writing")
    try:
        for delta in model.stream(
            [Message("system", system), Message("user", user)], max_tokens=options.max_tokens, cancel=cancel
        ):
            if not text:
                shot = _first_token(shot, clock)
            text += delta
            yield replace(shot, answer=text, state="writing")
    except LLMError as error:
        notice, degraded = str(error), True
    shot = with_timing(shot, "write_ms", clock)
    if not text.strip():
        wrote_nothing = notice or f"{model.name} wrote nothing"
        yield finish(
            index, replace(close(compose_quotes(found, index), shot, found, notice=wrote_nothing), degraded=True), clock
        )
        return
    if SENTINEL in text:
        yield finish(index, abstain(replace(shot, missing=()), index), clock)
        return
    yield replace(shot, answer=text, state="checking")
    checked = check_draft(text, spans[:kept], options.policy, opinion)
    composer = Composer()
    if checked.count("verified", "partly") or options.policy != "strict":
        add_sentences(composer, checked)
    else:
        composer = compose_quotes(found, index)
        notice = " ".join(filter(None, ("The model's words were not supported by the documents.", notice)))
    left = len(checked.left_out)
    if left and checked.count("verified", "partly"):
        notice = " ".join(filter(None, (f"{left} claim{'s' * (left > 1)} left out: not supported.", notice)))
    shot = with_timing(shot, "check_ms", clock)
    yield finish(index, replace(close(composer, shot, found, checked.left_out, notice), degraded=degraded), clock)


def _piece(number: int, passage: Passage, spans: Sequence[Span]) -> str:
    """A passage as a model is shown it; where it gives orders to a model, only the sentences that do not."""
    text = "\n".join(span.quote for span in spans) if passage.instructions else passage.text
    return f"[{number}] ({' › '.join(part for part in (passage.source, passage.context) if part)})\n{text}"
