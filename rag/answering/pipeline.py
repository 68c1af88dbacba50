"""From a question to an answer whose every sentence shows what it rests on.

Owns: the path of one question: make it stand alone, search, weigh, abstain or write, check, cite. Each step is a
function of another module. ``answer`` yields whole snapshots: a chat shows each, a command line prints the difference,
an evaluation takes the last.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.answering.closing import Clock, abstain, close, finish, injection_notice
from rag.answering.options import EVIDENCE_SHOWN, Options
from rag.answering.quotes import compose_quotes
from rag.answering.small_model import answer_with_small_model
from rag.answering.strong_model import answer_with_strong_model
from rag.models.entailment import open_entailment
from rag.models.llm.model import Model
from rag.prompts import read_prompt
from rag.retrieval.answerability import threshold_of
from rag.retrieval.passages import Reranker
from rag.retrieval.query_rewriting import rewrite_query
from rag.retrieval.search import SearchOptions, search, select_evidence
from rag.settings import Settings
from rag.store.index import Index
from rag.types import Answer, Turn


def answer(
    index: Index,
    question: str,
    *,
    model: Model | None,
    settings: Settings,
    history: Sequence[Turn] = (),
    options: Options | None = None,
    reranker: Reranker | None = None,
    cancel: threading.Event | None = None,
) -> Iterator[Answer]:
    """Yield snapshots of the answer; the last one has ``state == "done"``.

    Without a model the answer is the source's own words. A model that fails leaves the quotes standing, with a
    ``notice``. Setting ``cancel`` ends the writing; what was written is checked and shown.
    """
    options = options or Options.of(settings)
    clock = Clock()
    prompt = read_prompt("answer" if model and not model.weak else "answer_small", settings.prompts)
    shot = Answer(
        question,
        question,
        model=model.name if model else "none",
        prompt_id=prompt.id if model else "",
        index=index.describe(),
        state="searching",
    )
    yield shot
    asked = rewrite_query(question, history, model, read_prompt("condense", settings.prompts))
    how = SearchOptions(options.passages, options.sources, threshold_of(index, options.threshold), options.dense_weight)
    searched = search(index, asked, how, reranker)
    timings = {"retrieve_ms": clock.now(), "first_token_ms": 0.0, "total_ms": 0.0}
    shot = replace(shot, standalone_question=asked, passages=searched[0].passages, timings=timings, state="reading")
    yield shot
    found = select_evidence(index, asked, searched, how, reranker)
    shot = replace(
        shot,
        passages=found.passages,
        evidence=found.evidence[:EVIDENCE_SHOWN],
        confidence=round(found.confidence, 4),
        missing=found.missing,
        notice=injection_notice(found.passages),
        timings={**timings, "evidence_ms": clock.now()},
    )
    if not found.answered:
        yield finish(index, abstain(shot, index), clock)
        return
    if model is None:
        yield finish(index, close(compose_quotes(found, index), shot, found), clock)
        return
    checking = read_prompt("check", settings.prompts)
    opinion = open_entailment(settings.checker, index.encoder, model, checking, settings.threads)
    write = answer_with_small_model if model.weak else answer_with_strong_model
    yield from write(shot, clock, found, index, model, prompt, options, opinion, cancel)
