"""From a question to an answer whose every sentence shows what it rests on.

Owns: the path of one question: make it stand alone, retrieve, choose evidence, abstain or write, check, cite. Each
step is a function of another module. ``answer`` yields whole snapshots: a chat shows each, a command line prints the
difference, an evaluation takes the last.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.abstain import THRESHOLD, confidence, features
from rag.boxes import with_boxes
from rag.cite import Composer, judge, read_claims
from rag.condense import standalone
from rag.errors import LLMError
from rag.evidence import candidates, score
from rag.index import Index
from rag.llm import Message, Model, fit
from rag.prompts import SENTINEL, Prompt, read_prompt
from rag.retrieval import Reranker, retrieve
from rag.settings import Settings
from rag.types import Answer, Evidence, Passage, Span, Turn
from rag.verify import content_stems

NOT_IN_DOCUMENTS = "The documents do not say."

# A small model is given the best sentences only: more confuses it and takes longer.
_SENTENCES_FOR_SMALL = 3
# At most this many sentences of the source are quoted, and none that scores much below the best: on ClapNQ a margin of
# 0.25 quotes a gold sentence for 0.953 of the questions, 0.15 for 0.94 with fewer others beside it, 0.1 for 0.93.
_QUOTES = 3
_QUOTE_MARGIN = 0.15
_SMALL_ANSWER_TOKENS = 96
# What a model is shown of a question; the window must have room for the evidence.
_QUESTION_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Options:
    """How a question is to be answered."""

    passages: int = 8
    sources: tuple[str, ...] = ()
    max_tokens: int = 400
    threshold: float = THRESHOLD


class _Clock:
    """Milliseconds since the question was asked."""

    def __init__(self) -> None:
        self._started = time.perf_counter()

    def now(self) -> float:
        return round((time.perf_counter() - self._started) * 1000, 1)


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
    options = options or Options(passages=settings.top_k, max_tokens=settings.max_answer_tokens)
    clock = _Clock()
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
    asked = standalone(question, history, model, read_prompt("condense", settings.prompts))
    passages = retrieve(index, asked, options.passages, sources=options.sources, reranker=reranker)
    timings = {"retrieve_ms": clock.now(), "first_token_ms": 0.0, "total_ms": 0.0}
    shot = replace(shot, standalone_question=asked, passages=tuple(passages), timings=timings, state="reading")
    yield shot
    evidence = score(index, asked, passages)
    asked = asked[:_QUESTION_CHARACTERS]
    sure = confidence(features(passages, evidence))
    shot = replace(shot, confidence=round(sure, 4))
    if not evidence or sure < options.threshold:
        notice = "" if index.catalog.chunk_total() else f"The index {index.name!r} is empty; add files: rag ingest PATH"
        yield _finish(index, replace(_abstain(shot), notice=notice), clock)
        return
    quotes = _quotable(evidence)
    if model is None:
        yield _finish(index, _compose(shot, quotes, None), clock)
        return
    if model.weak:
        yield from _answer_small(shot, clock, asked, index, evidence, quotes, model, prompt, cancel)
    else:
        yield from _answer_strong(shot, clock, asked, index, passages, quotes, model, prompt, options, cancel)


# -- without a model, or with a small one ----------------------------------------------------------------------------


def _quotable(evidence: Sequence[Evidence]) -> list[Span]:
    """The spans to quote: the best sentences, without repeats, leaving out what scores much below the best."""
    spans: list[Span] = []
    said: list[set[str]] = []
    for item in evidence:
        if len(spans) == _QUOTES or item.score < evidence[0].score - _QUOTE_MARGIN:
            break
        content = set(content_stems(item.span.quote))
        if any(content and len(content & other) >= 0.9 * len(content) for other in said):
            continue
        said.append(content)
        spans.append(item.span)
    return spans


def _compose(shot: Answer, quotes: Sequence[Span], summary: tuple[str, Sequence[Span]] | None) -> Answer:
    """The source's words first, then the model's where they were verified."""
    composer = Composer()
    for span in quotes:
        composer.quote(span)
    if summary:
        words, spans = summary
        composer.add(words, spans, "verified", before="\n\nIn short: ")
    return replace(
        shot,
        answer=composer.text,
        sentences=tuple(composer.sentences),
        citations=tuple(composer.citations),
    )


def _answer_small(
    shot: Answer,
    clock: _Clock,
    asked: str,
    index: Index,
    evidence: Sequence[Evidence],
    quotes: Sequence[Span],
    model: Model,
    prompt: Prompt,
    cancel: threading.Event | None,
) -> Iterator[Answer]:
    """Quote at once; then add the small model's own words if each of its sentences verifies and says it shorter."""
    shot = _compose(shot, quotes, None)
    yield replace(shot, state="writing")
    given = [item.span for item in evidence[:_SENTENCES_FOR_SMALL]]
    system, user = prompt.fill(
        evidence="\n".join(" ".join(f"{span.title}: {span.quote}".split()) for span in given), question=asked
    )
    text = ""
    try:
        for delta in model.stream(
            [Message("system", system), Message("user", user)], max_tokens=_SMALL_ANSWER_TOKENS, cancel=cancel
        ):
            if not text:
                shot = _first_token(shot, clock)
            text += delta
    except LLMError as error:
        yield _finish(index, replace(shot, notice=str(error), degraded=True), clock)
        return
    yield _finish(index, _compose(shot, quotes, _summary(text, given, quotes)), clock)


def _summary(text: str, given: Sequence[Span], quotes: Sequence[Span]) -> tuple[str, list[Span]] | None:
    """The small model's words with the spans they rest on; None when any of them fails or they add nothing."""
    claims = read_claims(text.strip(), 0)
    spans: list[Span] = []
    for claim in claims:
        support, verdict, _ = judge(claim, given, given)
        if verdict != "verified":
            return None
        spans.extend(support)
    words = " ".join(claim.text for claim in claims)
    content = set(content_stems(words))
    if not content or any(len(set(content_stems(span.quote)) - content) <= 1 for span in quotes):
        return None
    return words, list(dict.fromkeys(spans))


# -- with a strong model ---------------------------------------------------------------------------------------------


def _answer_strong(
    shot: Answer,
    clock: _Clock,
    asked: str,
    index: Index,
    passages: Sequence[Passage],
    quotes: Sequence[Span],
    model: Model,
    prompt: Prompt,
    options: Options,
    cancel: threading.Event | None,
) -> Iterator[Answer]:
    """Give the passages as numbered evidence, stream the draft, then check and cite sentence by sentence."""
    pieces = [_piece(number, passage) for number, passage in enumerate(passages, start=1)]
    fixed = prompt.fill(evidence="", question=asked, sentinel=SENTINEL)
    kept = max(1, fit(pieces, model.context_window, options.max_tokens, fixed, model.count_tokens))
    given = list(passages[:kept])
    system, user = prompt.fill(evidence="\n\n".join(pieces[:kept]), question=asked, sentinel=SENTINEL)
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
    if not text.strip():
        yield _finish(
            index,
            replace(_compose(shot, quotes, None), notice=notice or f"{model.name} wrote nothing", degraded=True),
            clock,
        )
        return
    if SENTINEL in text:
        yield _finish(index, _abstain(shot), clock)
        return
    yield replace(shot, answer=text, state="checking")
    checked = _check(shot, text, given, index, quotes)
    yield _finish(
        index, replace(checked, notice=" ".join(filter(None, (checked.notice, notice))), degraded=degraded), clock
    )


def _piece(number: int, passage: Passage) -> str:
    return f"[{number}] ({' › '.join(part for part in (passage.source, passage.context) if part)})\n{passage.text}"


def _check(shot: Answer, text: str, given: Sequence[Passage], index: Index, quotes: Sequence[Span]) -> Answer:
    """Each sentence with its verdict and the exact sentences of the source that support it.

    What no source supports is left out and counted in the notice; with nothing left the source is quoted.
    """
    spans = [[span for span, _ in candidates([passage], index)] for passage in given]
    everything = [span for group in spans for span in group]
    composer = Composer()
    left_out = supported = 0
    for claim in read_claims(text, len(given)):
        named = [span for number in claim.marks for span in spans[number - 1]]
        support, verdict, reason = judge(replace(claim, marks=tuple(range(1, len(named) + 1))), named, everything)
        if verdict == "unsupported":
            left_out += 1
            continue
        supported += verdict != "not a claim"
        composer.add(claim.text, support, verdict, reason, before=claim.before or " ")
    if not supported:
        return replace(_compose(shot, quotes, None), notice="The model's words were not supported by the documents.")
    notice = f"{left_out} claim{'s' * (left_out > 1)} left out: not supported." if left_out else ""
    return replace(
        shot,
        answer=composer.text,
        sentences=tuple(composer.sentences),
        citations=tuple(composer.citations),
        notice=notice,
    )


# -- endings -----------------------------------------------------------------------------------------------------------


def _abstain(shot: Answer) -> Answer:
    composer = Composer()
    composer.add(NOT_IN_DOCUMENTS, [], "not a claim")
    return replace(shot, answer=composer.text, sentences=tuple(composer.sentences), citations=(), abstained=True)


def _first_token(shot: Answer, clock: _Clock) -> Answer:
    return replace(shot, timings={**shot.timings, "first_token_ms": clock.now()})


def _finish(index: Index, shot: Answer, clock: _Clock) -> Answer:
    shot = replace(shot, citations=with_boxes(index, shot.citations))
    return replace(shot, timings={**shot.timings, "total_ms": clock.now()}, state="done")
