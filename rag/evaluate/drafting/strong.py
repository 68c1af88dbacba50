"""Questions that a strong language model writes about passages, each checked before it is kept.

Owns: the kinds of questions it is asked for, what its reply must hold, and the check by asking it again. Knows nothing
about the order of documents.

A question is kept where its quotes stand in the sources, its answer in the quotes, and the model, shown the passages
alone, gives the answer again (Alberti et al., "Synthetic QA Corpora Generation with Roundtrip Consistency", 2019). One
without an answer is kept where the model, shown the passages, finds none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.evaluate.drafting.cases import draft_case
from rag.evaluate.drafting.soundness import points_elsewhere
from rag.evaluate.metrics.answer import contains
from rag.evaluate.suite.gold_evidence import evidence_of_span, find_quote
from rag.evaluate.types import Case, GoldEvidence
from rag.models.llm.model import Message, Model
from rag.planning.follow_up import is_follow_up
from rag.prompts import SENTINEL, Prompt
from rag.text import words

# Tokens of a question with its answer and quotes, and of an answer.
_MOST_TOKENS, _MOST_TOKENS_OF_ANSWER = 500, 120
_WORDS_OF_QUESTION = range(4, 41)
_MOST_WORDS_OF_ANSWER = 25
_FENCE = re.compile(r"```(?:json)?\s*\n(.*)\n```", re.DOTALL | re.IGNORECASE)
_POINTS_AT_TEXT = re.compile(
    r"\b(?:given|this|the|these|above) (?:given |following )?"
    r"(?:text|passages?|sentence|document|excerpt|title|context)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document that a question is about: its source, the text of the document, and a span of it."""

    source: str
    title: str
    text: str
    start: int
    end: int

    @property
    def words(self) -> str:
        """Its words."""
        return self.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: its tag, how many passages it needs, and what the model is told."""

    tag: str
    passages: int
    task: str
    is_answerable: bool = True


KINDS = (
    Kind("fact", 1, "Ask for one exact fact: a number, a date, a name or a condition."),
    Kind(
        "paraphrase",
        1,
        "Ask for one fact in other words than the passage uses: say the subject and the verb with synonyms, so that a "
        "search for the words of the passage does not find them. Only names stay as they are.",
    ),
    Kind(
        "two-sources",
        2,
        "Ask one question that needs both passages, and that neither of them answers alone. Copy a quote from each.",
    ),
    Kind(
        "detail",
        1,
        "Ask for a detail that is easily confused with another one of the passage. Name what tells them apart.",
    ),
    Kind(
        "near-miss",
        1,
        "Ask a question that a reader would expect the passage to answer, about the same subject and in its words, and "
        'that it does not answer. Leave "answer" and "quotes" empty.',
        is_answerable=False,
    ),
)
TABLE = Kind(
    "table", 1, "The passage is a part of a table. Ask for one cell: name its row and its column in plain words."
)


def draft_question(
    model: Model,
    prompts: tuple[Prompt, Prompt],
    kind: Kind,
    passages: Sequence[Passage],
    is_absent: Callable[[str], bool],
) -> Case | None:
    """Have a model write one question, and check it.

    Args:
        model: The model.
        prompts: The prompts ``draft_strong`` and ``answer``.
        kind: What is asked for.
        passages: What it is asked about.
        is_absent: Tells whether the documents hold no answer to a question, as far as can be known.

    Returns:
        The case; None where the reply is unusable or does not hold.

    Raises:
        LLMError: The model failed.
    """
    task, shown = kind.task, "\n".join(json.dumps(passage.words, ensure_ascii=False) for passage in passages)
    reply = _ask(model, prompts[0].fill(task=task, passages=shown), _MOST_TOKENS)
    data = read_draft(reply)
    if data is None or not _is_usable(data.question, data.answer):
        return None
    found = _ask(model, prompts[1].fill(sentinel=SENTINEL, evidence=_blocks(passages), question=data.question))
    if not kind.is_answerable:
        if SENTINEL not in found or not is_absent(data.question):
            return None
        return draft_case(data.question, answerable=False, tags=("generated", "unanswerable", kind.tag))
    evidence = _evidence(data.quotes, passages, kind.passages)
    if evidence is None or not contains(" ".join(data.quotes), data.answer):
        return None
    if SENTINEL in found or not contains(found, data.answer):
        return None
    match = "contains" if len(words(data.answer)) <= 6 else "f1"
    return draft_case(
        data.question, answers=(data.answer,), match=match, evidence=evidence, tags=("generated", kind.tag)
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote: a question, its answer, and the words that state it."""

    question: str
    answer: str
    quotes: tuple[str, ...]


def read_draft(reply: str) -> Draft | None:
    """Read a reply, which is one JSON object, alone or in a fence.

    Args:
        reply: The whole reply.

    Returns:
        The draft; None where the reply is no such object, or where the model found nothing to ask.
    """
    fenced = _FENCE.fullmatch(reply.strip())
    try:
        data = json.loads(fenced[1] if fenced else reply)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    question, answer, quotes = data.get("question"), data.get("answer", ""), data.get("quotes", [])
    texts = [quotes] if isinstance(quotes, str) else quotes
    if not isinstance(question, str) or not isinstance(answer, str) or not isinstance(texts, list):
        return None
    if not all(isinstance(text, str) for text in texts):
        return None
    return Draft(" ".join(question.split()), " ".join(answer.split()), tuple(text for text in texts if text.strip()))


def _is_usable(question: str, answer: str) -> bool:
    """Tell whether a question can be understood alone and does not give its answer away."""
    return (
        question.endswith(("?", "？", "؟"))
        and question.isprintable()
        and answer.isprintable()
        and len(words(question)) in _WORDS_OF_QUESTION
        and len(words(answer)) <= _MOST_WORDS_OF_ANSWER
        and not is_follow_up(question)
        and not points_elsewhere(question)
        and not _POINTS_AT_TEXT.search(question)
        and not (answer and contains(question, answer))
    )


def _evidence(quotes: Sequence[str], passages: Sequence[Passage], needed: int) -> tuple[GoldEvidence, ...] | None:
    """Return the quotes as evidence; None where one stands in no passage, or too few passages are quoted."""
    evidence: list[GoldEvidence] = []
    sources: set[str] = set()
    for quote in quotes:
        for passage in passages:
            span = next(iter(find_quote(quote, passage.words)), None)
            if span is not None and len(words(quote)) >= 1:
                start, end = passage.start + span[0], passage.start + span[1]
                evidence.append(evidence_of_span(passage.source, passage.text, start, end))
                sources.add(passage.source)
                break
        else:
            return None
    return tuple(evidence) if evidence and len(sources) >= needed else None


def _blocks(passages: Sequence[Passage]) -> str:
    return "\n\n".join(f"[{i}] ({passage.title})\n{passage.words}" for i, passage in enumerate(passages, start=1))


def _ask(model: Model, prompt: tuple[str, str], most: int = _MOST_TOKENS_OF_ANSWER) -> str:
    system, user = prompt
    messages = [Message("system", system), Message("user", user)]
    return "".join(model.stream(messages, max_tokens=most, purpose="draft")).strip()
