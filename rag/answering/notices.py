"""The notices of an answer: what a reader must know beside it.

Owns: which notices stand beside an answer, and in which order they are told. Their words stand in
``rag.notices.answers``; knows nothing about how a notice is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rag.errors import RagError
from rag.notices import PLAIN, Notice
from rag.question.question_words import QUESTION_CHARACTERS
from rag.question.reading import Question
from rag.types import Answer, LeftOut, ModelCall, Passage, Usage

# Code of the notice whose value ``words`` are the parts of the question that the documents say nothing about.
NOT_MENTIONED = "not-mentioned"
# Code of the notice that counts the claims of the model that are not shown.
CLAIMS_LEFT_OUT = "claims-left-out"


def instruction_notices(passages: Sequence[Passage]) -> tuple[Notice, ...]:
    """Return a notice that names the sources of passages that give orders to a language model; none without any."""
    sources = list(dict.fromkeys(passage.source for passage in passages if passage.instructions))
    return (Notice("instructions-not-followed", {"sources": sources}),) if sources else ()


def reading_notices(question: Question) -> tuple[Notice, ...]:
    """Return a notice that a question was too long to be read whole; none otherwise."""
    return (Notice("question-cut", {"characters": QUESTION_CHARACTERS}),) if question.cut else ()


def left_out_notice(left_out: Sequence[LeftOut]) -> Notice:
    """Return the notice that counts claims that are not shown, and those among them that a source contradicts."""
    contradicted = sum(claim.verdict == "contradicted" for claim in left_out)
    return Notice(CLAIMS_LEFT_OUT, {"count": len(left_out), **({"contradicted": contradicted} if contradicted else {})})


def calls_notice(calls: Sequence[ModelCall]) -> Notice | None:
    """Return how many calls of language models an answer needed, and what they took; None without any."""
    return Notice("model-calls", asdict(Usage.of(calls))) if calls else None


def failure_notice(error: RagError) -> Notice:
    """Return why a model failed: the error's own notice, or its words under a code where it has none."""
    notice = error.notice
    return Notice("writing-failed", {"text": str(error)}) if notice.code == PLAIN else notice


def ending_notices(call: ModelCall | None, tokens: int, given: int, is_empty: bool) -> list[Notice]:
    """Tell why a reply ended before its end.

    Args:
        call: The call for the reply; None where nothing is known of it.
        tokens: The limit of an answer.
        given: The tokens that the call was allowed to write, thoughts among them.
        is_empty: Whether nothing was written but thoughts.

    Returns:
        A notice where it ended at the limit of tokens, by a filter, or with a call of a tool and no words; none where
        it did not.
    """
    if call is None:
        return []
    if call.ended == "length" and is_empty:
        return [Notice("answer-all-thoughts", {"model": call.model, "tokens": given})]
    if call.ended == "length":
        return [Notice("answer-cut", {"tokens": tokens})]
    if call.ended == "tool" and is_empty:
        return [Notice("asked-for-tool", {"model": call.model})]
    return [Notice("answer-filtered", {"model": call.model})] if call.ended == "filter" else []


def not_mentioned(answer: Answer) -> list[str]:
    """Return the parts of the question that the documents say nothing about."""
    # A stored answer may lack them.
    lists = [notice.values.get("words") for notice in answer.notices if notice.code == NOT_MENTIONED]
    return [str(words) for listed in lists if isinstance(listed, list | tuple) for words in listed]


def remarks(answer: Answer, *, without: Sequence[str] = ()) -> str:
    """Return what is to be said of an answer, as one text in its language, but for what it does not mention.

    Args:
        answer: The answer.
        without: Codes of further notices that are left out.

    Returns:
        The notices, in order; "" where there is nothing to say.
    """
    told = (notice for notice in answer.notices if notice.code not in (NOT_MENTIONED, *without))
    return " ".join(filter(None, (notice.text(answer.language) for notice in told)))
