"""From a question to an answer whose every sentence shows what it rests on.

Owns: the path of one question: make it stand alone, search, weigh, abstain or write, check, cite. Each step is a
function of another module. ``answer`` yields whole snapshots: a chat shows each, a command line prints the difference,
an evaluation takes the last.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.abstain import threshold_of
from rag.boxes import with_boxes
from rag.cite import Composer
from rag.condense import standalone
from rag.conflict import conflicts
from rag.drafting import Checked, Policy, check_draft
from rag.errors import LLMError
from rag.evidence import candidates
from rag.finding import Found, Search, search, weigh
from rag.fuse import DENSE_WEIGHT
from rag.hostile import instructions
from rag.index import Index
from rag.llm import Message, Model, fit
from rag.opinion import second_opinion
from rag.prompts import SENTINEL, Prompt, read_prompt
from rag.retrieval import Reranker
from rag.settings import Settings
from rag.types import Answer, Conflict, Evidence, LeftOut, Passage, Span, Turn
from rag.verify import Opinion, content_stems

NOT_IN_DOCUMENTS = "The documents do not say."

# A small model is given the best sentences only: more confuses it and takes longer.
_SENTENCES_FOR_SMALL = 3
# At most this many sentences of the source are quoted, and none that scores much below the best. On ClapNQ, neighbours
# joined: three within 0.15 give citations of precision 0.81 and recall 0.71, four 0.84 and 0.79, five 0.85 and 0.83,
# of 81, 99 and 114 words an answer.
_QUOTES = 4
_QUOTE_MARGIN = 0.15
# What is quoted of a list or a table below the sentence that announces it.
_LIST_CHARACTERS = 600
# Paragraphs up to this long may be the names of columns between the two.
_COLUMN_NAME = 90
# White space between two sentences of one paragraph.
_GAP = 8
# A sentence that contradicts another may score this much below the best.
_CONFLICT_MARGIN, _CONFLICT_CANDIDATES = 0.3, 12
_SMALL_ANSWER_TOKENS = 96
# Sentences of the evidence that an answer carries along, for whoever asks why.
_EVIDENCE_SHOWN = 20
# What a model is shown of a question; the window must have room for the evidence.
_QUESTION_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Options:
    """How a question is to be answered.

    ``threshold`` is the confidence below which it is not; None: the index's own, or the one that Footnote ships with.
    ``policy`` says what becomes of a model's sentence that the documents do not support.
    """

    passages: int = 8
    sources: tuple[str, ...] = ()
    max_tokens: int = 400
    threshold: float | None = None
    dense_weight: float = DENSE_WEIGHT
    policy: Policy = "strict"

    @classmethod
    def of(cls, settings: Settings, sources: Sequence[str] = ()) -> Options:
        """The options that the settings name."""
        return cls(
            passages=settings.top_k,
            sources=tuple(sources),
            max_tokens=settings.max_answer_tokens,
            threshold=settings.threshold,
            policy=settings.policy,
        )


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
    options = options or Options.of(settings)
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
    how = Search(options.passages, options.sources, threshold_of(index, options.threshold), options.dense_weight)
    searched = search(index, asked, how, reranker)
    timings = {"retrieve_ms": clock.now(), "first_token_ms": 0.0, "total_ms": 0.0}
    shot = replace(shot, standalone_question=asked, passages=searched[0].passages, timings=timings, state="reading")
    yield shot
    found = weigh(index, asked, searched, how, reranker)
    shot = replace(
        shot,
        passages=found.passages,
        evidence=found.evidence[:_EVIDENCE_SHOWN],
        confidence=round(found.confidence, 4),
        missing=found.missing,
        notice=_flagged(found.passages),
        timings={**timings, "evidence_ms": clock.now()},
    )
    if not found.answered:
        yield _finish(index, _abstain(shot, index), clock)
        return
    if model is None:
        yield _finish(index, _close(_compose(found, index), shot, found), clock)
        return
    checking = read_prompt("check", settings.prompts)
    opinion = second_opinion(settings.checker, index.encoder, model, checking, settings.threads)
    write = _answer_small if model.weak else _answer_strong
    yield from write(shot, clock, found, index, model, prompt, options, opinion, cancel)


# -- composing ---------------------------------------------------------------------------------------------------------


def _quotable(found: Found, index: Index) -> list[Span]:
    """The spans to quote: for each part of the question the best sentences, without repeats and far lower scores.

    Sentences that follow each other in one paragraph are one quote: they were written to be read together.
    """
    chosen: list[Evidence] = []
    said: list[set[str]] = []
    for group in found.groups:
        most = len(chosen) + max(2, _QUOTES // len(found.groups))
        for item in group:
            if len(chosen) == most or item.score < group[0].score - _QUOTE_MARGIN:
                break
            content = set(content_stems(item.span.quote))
            if any(content and len(content & other) >= 0.9 * len(content) for other in said):
                continue
            said.append(content)
            chosen.append(item)
    return _joined(chosen, index)


def _joined(chosen: Sequence[Evidence], index: Index) -> list[Span]:
    """The sentences as spans, neighbours of one paragraph joined, in the order of their best."""
    runs: list[list[Evidence]] = []
    for item in sorted(chosen, key=lambda item: (item.span.source, item.span.start)):
        last = runs[-1][-1] if runs else None
        text = _between(index, last.span, item.span) if last and last.block == item.block else None
        if text is not None and not text.strip() and item.span.source == runs[-1][-1].span.source:
            runs[-1].append(item)
        else:
            runs.append([item])
    runs.sort(key=lambda run: min(chosen.index(item) for item in run))
    spans: list[Span] = []
    for run in runs:
        span = _with_list(_run(run, index), index)
        if not any(other.source_id == span.source_id and other.start <= span.start < other.end for other in spans):
            spans.append(span)
    return spans


def _with_list(span: Span, index: Index) -> Span:
    """A sentence that announces a list or a table, with the items or rows below it: without them it says nothing."""
    if not span.quote.rstrip("*_ ").endswith(":"):
        return span
    document = index.catalog.document(span.source_id)
    if document is None:
        return span
    end = span.end
    for block in document.blocks[bisect_left(document.blocks, span.end, key=lambda block: block.start) :]:
        words = document.text[block.start : block.end].rstrip()
        if block.end - span.end > _LIST_CHARACTERS or instructions(words):
            break
        if block.kind in ("item", "row"):
            end = block.start + len(words)
        elif block.kind != "paragraph" or len(words) > _COLUMN_NAME or words.endswith("."):
            break
    return replace(span, end=end, quote=document.text[span.start : end])


def _between(index: Index, left: Span, right: Span) -> str | None:
    """The text between two spans of one document, or None where they do not follow each other."""
    if left.source_id != right.source_id or left.end > right.start or right.start - left.end > _GAP:
        return None
    document = index.catalog.document(left.source_id)
    return document.text[left.end : right.start] if document else None


def _run(run: Sequence[Evidence], index: Index) -> Span:
    first, last = run[0].span, run[-1].span
    if first == last:
        return first
    document = index.catalog.document(first.source_id)
    return replace(first, end=last.end, quote=document.text[first.start : last.end] if document else first.quote)


def _compose(found: Found, index: Index) -> Composer:
    """The source's own words."""
    composer = Composer()
    for span in _quotable(found, index):
        composer.quote(span)
    return composer


def _add(composer: Composer, checked: Checked) -> None:
    for sentence in checked.sentences:
        composer.add(sentence.text, sentence.spans, sentence.verdict, sentence.reason, before=sentence.before or " ")


def _close(
    composer: Composer, shot: Answer, found: Found, left_out: Sequence[LeftOut] = (), notice: str = ""
) -> Answer:
    """The answer as composed, with what its sources disagree about and what they do not say."""
    disputed: list[Conflict] = []
    cited = {(citation.source_id, citation.start) for citation in composer.citations}
    for left, right, about in conflicts(_disputable(found), found.covered):
        if cited & {(left.source_id, left.start), (right.source_id, right.start)}:
            for span in (left, right):
                if (span.source_id, span.start) not in cited:
                    composer.quote(span)
            composer.add(f"The sources disagree: {about}.", [left, right], "not a claim", before="\n\n")
            disputed.append(Conflict(about, composer.sentences[-1].citations))
    if found.missing:
        composer.add(f"{NOT_IN_DOCUMENTS[:-1]}: {'; '.join(found.missing)}.", [], "not a claim", before="\n\n")
    return replace(
        shot,
        answer=composer.text,
        sentences=tuple(composer.sentences),
        citations=tuple(composer.citations),
        conflicts=tuple(disputed),
        left_out=tuple(left_out),
        notice=" ".join(filter(None, (notice, shot.notice))),
    )


def _disputable(found: Found) -> list[Span]:
    """The evidence that may contradict what is cited."""
    return [
        item.span
        for group in found.groups
        for item in group[:_CONFLICT_CANDIDATES]
        if item.score >= group[0].score - _CONFLICT_MARGIN
    ]


# -- with a small model ------------------------------------------------------------------------------------------------


def _answer_small(
    shot: Answer,
    clock: _Clock,
    found: Found,
    index: Index,
    model: Model,
    prompt: Prompt,
    options: Options,
    opinion: Opinion,
    cancel: threading.Event | None,
) -> Iterator[Answer]:
    """Quote at once; then add the small model's own words if each of its sentences verifies and says it shorter."""
    composer = _compose(found, index)
    given = _best_of_each(found.groups, _SENTENCES_FOR_SMALL)
    system, user = prompt.fill(
        evidence="\n".join(map(_line, given)),
        question=found.covered[:_QUESTION_CHARACTERS],
    )
    shot = replace(shot, prompt=f"{system}\n\n{user}")
    yield replace(
        shot,
        answer=composer.text,
        sentences=tuple(composer.sentences),
        citations=tuple(composer.citations),
        state="writing",
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
        yield _finish(index, replace(_close(composer, shot, found, notice=str(error)), degraded=True), clock)
        return
    shot = _timed(shot, "write_ms", clock)
    checked = check_draft(text.strip(), [[span] for span in given], options.policy, opinion)
    if _says_it_shorter(checked, _quotable(found, index)) and (options.policy != "strict" or _all_verified(checked)):
        _add(composer, _in_short(checked, _quotable(found, index)))
    yield _finish(index, _close(composer, _timed(shot, "check_ms", clock), found), clock)


def _line(span: Span) -> str:
    """A sentence as a small model is shown it, on one line; a row with the names of its columns."""
    return " ".join(": ".join(filter(None, (span.title, span.header, span.quote))).split())


def _in_short(checked: Checked, quotes: Sequence[Span]) -> Checked:
    """The sentences as they follow the quotes; what stands inside a quote is cited by the quote's number."""

    def quoted(span: Span) -> Span:
        inside = (q for q in quotes if q.source_id == span.source_id and q.start <= span.start and span.end <= q.end)
        return next(inside, span)

    first, *rest = (
        replace(sentence, spans=tuple(dict.fromkeys(map(quoted, sentence.spans)))) for sentence in checked.sentences
    )
    return Checked((replace(first, before="\n\nIn short: "), *rest), checked.left_out)


def _best_of_each(groups: Sequence[Sequence[Evidence]], count: int) -> list[Span]:
    """The best sentences of all parts of a question, in turn."""
    rows = zip(*(group[:count] for group in groups), strict=False) if len(groups) > 1 else ([i] for i in groups[0])
    spans = dict.fromkeys(item.span for row in rows for item in row)
    return list(spans)[: max(count, len(groups))]


def _all_verified(checked: Checked) -> bool:
    return not checked.left_out and checked.count("verified") == len(checked.sentences)


def _says_it_shorter(checked: Checked, quotes: Sequence[Span]) -> bool:
    """Whether the model's words are more than a quote said again."""
    content = {stem for sentence in checked.sentences for stem in content_stems(sentence.text)}
    return bool(content) and not any(len(set(content_stems(span.quote)) - content) <= 1 for span in quotes)


# -- with a strong model ---------------------------------------------------------------------------------------------


def _answer_strong(
    shot: Answer,
    clock: _Clock,
    found: Found,
    index: Index,
    model: Model,
    prompt: Prompt,
    options: Options,
    opinion: Opinion,
    cancel: threading.Event | None,
) -> Iterator[Answer]:
    """Give the passages as numbered evidence, stream the draft, then check and cite sentence by sentence."""
    spans = [[span for span, _ in candidates([passage], index)] for passage in found.passages]
    pieces = [
        _piece(number, passage, held)
        for number, (passage, held) in enumerate(zip(found.passages, spans, strict=True), 1)
    ]
    asked = found.covered[:_QUESTION_CHARACTERS]
    fixed = prompt.fill(evidence="", question=asked, sentinel=SENTINEL)
    kept = max(1, fit(pieces, model.context_window, options.max_tokens, fixed, model.count_tokens))
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
    shot = _timed(shot, "write_ms", clock)
    if not text.strip():
        wrote_nothing = notice or f"{model.name} wrote nothing"
        yield _finish(
            index, replace(_close(_compose(found, index), shot, found, notice=wrote_nothing), degraded=True), clock
        )
        return
    if SENTINEL in text:
        yield _finish(index, _abstain(replace(shot, missing=()), index), clock)
        return
    yield replace(shot, answer=text, state="checking")
    checked = check_draft(text, spans[:kept], options.policy, opinion)
    composer = Composer()
    if checked.count("verified", "partly") or options.policy != "strict":
        _add(composer, checked)
    else:
        composer = _compose(found, index)
        notice = " ".join(filter(None, ("The model's words were not supported by the documents.", notice)))
    left = len(checked.left_out)
    if left and checked.count("verified", "partly"):
        notice = " ".join(filter(None, (f"{left} claim{'s' * (left > 1)} left out: not supported.", notice)))
    shot = _timed(shot, "check_ms", clock)
    yield _finish(index, replace(_close(composer, shot, found, checked.left_out, notice), degraded=degraded), clock)


def _piece(number: int, passage: Passage, spans: Sequence[Span]) -> str:
    """A passage as a model is shown it; where it gives orders to a model, only the sentences that do not."""
    text = "\n".join(span.quote for span in spans) if passage.instructions else passage.text
    return f"[{number}] ({' › '.join(part for part in (passage.source, passage.context) if part)})\n{text}"


# -- endings -----------------------------------------------------------------------------------------------------------


def _abstain(shot: Answer, index: Index) -> Answer:
    """Say that the documents do not hold the answer, and which words of the question they do not mention."""
    composer = Composer()
    composer.add(NOT_IN_DOCUMENTS, [], "not a claim")
    notice = shot.notice
    if not shot.passages and not index.catalog.chunk_total():
        notice = f"The index {index.name!r} is empty; add files: rag ingest PATH"
    return replace(
        shot,
        answer=composer.text,
        sentences=tuple(composer.sentences),
        citations=(),
        abstained=True,
        notice=notice,
    )


def _flagged(passages: Sequence[Passage]) -> str:
    """A word on passages that give orders to a language model."""
    sources = dict.fromkeys(passage.source for passage in passages if passage.instructions)
    if not sources:
        return ""
    return f"Instructions to a language model stand in {', '.join(sources)}; they were not followed."


def _first_token(shot: Answer, clock: _Clock) -> Answer:
    return _timed(shot, "first_token_ms", clock)


def _timed(shot: Answer, stage: str, clock: _Clock) -> Answer:
    return replace(shot, timings={**shot.timings, stage: clock.now()})


def _finish(index: Index, shot: Answer, clock: _Clock) -> Answer:
    shot = replace(shot, citations=with_boxes(index, shot.citations))
    return replace(_timed(shot, "total_ms", clock), state="done")
