"""Answer with a weak model: quotes first, its own words only where each of them verifies.

Owns: the course of such an answer. Knows nothing about retrieval.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.answering.closing import Clock, _first_token, add_sentences, close, finish, with_timing
from rag.answering.draft import CheckedDraft, check_draft
from rag.answering.options import QUESTION_CHARACTERS, Options
from rag.answering.quotes import compose_quotes, select_quotes
from rag.errors import LLMError
from rag.models.llm.model import Message, Model
from rag.prompts import Prompt
from rag.retrieval.search import SelectedEvidence
from rag.store.index import Index
from rag.types import Answer, Evidence, Span
from rag.verify.verdict import Entailment, content_stems

# A small model is given the best sentences only: more confuses it and takes longer.
_SENTENCES_FOR_SMALL = 3

_SMALL_ANSWER_TOKENS = 96


def answer_with_small_model(
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
    """Quote at once; then add the small model's own words if each of its sentences verifies and says it shorter."""
    composer = compose_quotes(found, index)
    given = _best_of_each(found.groups, _SENTENCES_FOR_SMALL)
    system, user = prompt.fill(
        evidence="\n".join(map(_line, given)),
        question=found.covered[:QUESTION_CHARACTERS],
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
        yield finish(index, replace(close(composer, shot, found, notice=str(error)), degraded=True), clock)
        return
    shot = with_timing(shot, "write_ms", clock)
    checked = check_draft(text.strip(), [[span] for span in given], options.policy, opinion)
    if _says_it_shorter(checked, select_quotes(found, index)) and (
        options.policy != "strict" or _all_verified(checked)
    ):
        add_sentences(composer, _in_short(checked, select_quotes(found, index)))
    yield finish(index, close(composer, with_timing(shot, "check_ms", clock), found), clock)


def _line(span: Span) -> str:
    """A sentence as a small model is shown it, on one line; a row with the names of its columns."""
    return " ".join(": ".join(filter(None, (span.title, span.header, span.quote))).split())


def _in_short(checked: CheckedDraft, quotes: Sequence[Span]) -> CheckedDraft:
    """The sentences as they follow the quotes; what stands inside a quote is cited by the quote's number."""

    def quoted(span: Span) -> Span:
        inside = (q for q in quotes if q.source_id == span.source_id and q.start <= span.start and span.end <= q.end)
        return next(inside, span)

    first, *rest = (
        replace(sentence, spans=tuple(dict.fromkeys(map(quoted, sentence.spans)))) for sentence in checked.sentences
    )
    return CheckedDraft((replace(first, before="\n\nIn short: "), *rest), checked.left_out)


def _best_of_each(groups: Sequence[Sequence[Evidence]], count: int) -> list[Span]:
    """The best sentences of all parts of a question, in turn."""
    rows = zip(*(group[:count] for group in groups), strict=False) if len(groups) > 1 else ([i] for i in groups[0])
    spans = dict.fromkeys(item.span for row in rows for item in row)
    return list(spans)[: max(count, len(groups))]


def _all_verified(checked: CheckedDraft) -> bool:
    return not checked.left_out and checked.count("verified") == len(checked.sentences)


def _says_it_shorter(checked: CheckedDraft, quotes: Sequence[Span]) -> bool:
    """Whether the model's words are more than a quote said again."""
    content = {stem for sentence in checked.sentences for stem in content_stems(sentence.text)}
    return bool(content) and not any(len(set(content_stems(span.quote)) - content) <= 1 for span in quotes)
