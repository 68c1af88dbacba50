"""From a question to an answer whose every sentence shows what it rests on.

Owns: the path of one question: make it stand alone, search, select evidence, abstain or write, check, cite. Each step
is a function of another module. ``answer`` yields whole snapshots: a chat shows each, a command line prints the
difference, an evaluation takes the last.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.answering.checkers import CheckerContext, check_checker, open_checker
from rag.answering.clock import Clock
from rag.answering.closing import finish_abstained, finish_composed
from rag.answering.context import AnswerContext, Writer
from rag.answering.notices import instruction_notices
from rag.answering.options import AnswerOptions
from rag.answering.quotes import compose_quotes, select_quotes
from rag.answering.strong_model import answer_with_strong_model
from rag.answering.weak_model import answer_with_weak_model
from rag.models.llm.model import Model
from rag.notices.language import conversation_language
from rag.prompts import read_prompt
from rag.retrieval.answerability import threshold_of
from rag.retrieval.passages import Reranker
from rag.retrieval.query_rewriting import rewrite_query
from rag.retrieval.search import SearchOptions, search, select_evidence
from rag.store.index import Index
from rag.types import Answer, Turn
from rag.verify.compare import read_rules_off

# Sentences of the evidence that an answer carries along, for whoever asks why.
_EVIDENCE_SHOWN = 20


def answer(
    index: Index,
    question: str,
    *,
    model: Model | None,
    history: Sequence[Turn] = (),
    options: AnswerOptions | None = None,
    reranker: Reranker | None = None,
    cancel: threading.Event | None = None,
) -> Iterator[Answer]:
    """Answer a question in snapshots, each of them whole.

    Without a model the answer is the source's own words. A model that fails leaves the quotes standing, with a
    notice that says why.

    Args:
        index: The index that is asked; its settings name the prompts, the checking model and the number of threads.
        question: The question as the user put it; it may refer to ``history``.
        model: The open language model, or None for quotes.
        history: The conversation before the question, oldest message first.
        options: How to answer; by default what the settings of the index name.
        reranker: Scores the retrieved passages once more; see ``rag.retrieval.passages``.
        cancel: Ends the writing when it is set; what was written is checked and shown.

    Yields:
        The answer so far, with ``state`` going from ``searching`` to ``done``; only the last snapshot is ``done``.
    """
    settings = index.settings
    options = options or AnswerOptions.of(settings)
    # A wrong setting is an error of every question, not only of those that a model answers.
    rules_off = read_rules_off(settings.rules_off)
    check_checker(settings.checker)
    clock = Clock()
    prompt = read_prompt("answer" if model and not model.weak else "answer_small", settings.prompts)
    snapshot = Answer(
        question,
        question,
        model=model.name if model else "none",
        prompt_id=prompt.id if model else "",
        index=index.describe(),
        language=conversation_language(question, [turn.content for turn in history if turn.role == "user"]),
        state="searching",
    )
    yield snapshot
    standalone = rewrite_query(question, history, model, read_prompt("condense", settings.prompts))
    search_options = SearchOptions(
        options.passages, options.sources, threshold_of(index, options.threshold), options.dense_weight
    )
    parts = search(index, standalone, search_options, reranker)
    timings = {"retrieve_ms": clock.elapsed_ms(), "first_token_ms": 0.0, "total_ms": 0.0}
    snapshot = replace(
        snapshot, standalone_question=standalone, passages=parts[0].passages, timings=timings, state="reading"
    )
    yield snapshot
    selected = select_evidence(index, standalone, parts, search_options, reranker)
    snapshot = replace(
        snapshot,
        passages=selected.passages,
        evidence=selected.evidence[:_EVIDENCE_SHOWN],
        confidence=round(selected.confidence, 4),
        notices=instruction_notices(selected.passages),
    )
    snapshot = clock.stamp(snapshot, "evidence_ms")
    context = AnswerContext(index, options, clock, selected, snapshot.language)
    if not selected.answered:
        yield finish_abstained(snapshot, context, selected.missing)
        return
    if model is None:
        yield finish_composed(snapshot, compose_quotes(select_quotes(selected, index), snapshot.language), context)
        return
    checker_context = CheckerContext(
        index.encoder, model, settings.prompts, settings.threads, rules_off, index.scoring.support
    )
    checker = open_checker(settings.checker, checker_context)
    write = answer_with_weak_model if model.weak else answer_with_strong_model
    yield from write(snapshot, context, Writer(model, prompt, checker, cancel))
