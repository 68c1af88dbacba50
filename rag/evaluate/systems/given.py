"""What a system gives with an answer, read from plain data of unknown origin.

Owns: the form of a recorded answer, which is also what a JSON service returns and a Python function may return, with
the names that other tools use for its fields. Knows nothing about the corpus or how a system is reached.

    {"id": "ferry", "question": "…", "answer": "It carries 28 cars [1].",
     "contexts": ["The ferry carries 28 cars.", {"text": "…", "source": "sea/ferry.txt", "page": 3, "score": 0.8}],
     "refused": false, "confidence": 0.9, "cost": 0.0004, "latency_ms": 812}

``[n]`` names the n-th context. In place of marks ``spans`` may say which contexts a part of the answer cites, ``cited``
which ones the whole answer does, and ``citations`` what each number stands for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import RagError
from rag.text import plain_line

ANSWER_NAMES = ("answer", "response", "output", "result")
CONTEXT_NAMES = ("contexts", "retrieved_contexts", "context", "passages", "source_documents")
QUESTION_NAMES = ("question", "user_input", "query", "input")
REFUSED_NAMES = ("refused", "abstained")
_TEXT_NAMES = ("text", "content", "page_content", "quote")
_SOURCE_NAMES = ("source", "file_path", "filepath", "file_name", "document_uri", "url")
# Cap on what is read of one answer; more is no answer, and would make a run unbounded.
_MOST_CONTEXTS = 1000
_MOST_CHARACTERS = 2_000_000
# Numbers that a mark can have.
_HIGHEST_MARK = 999


class SystemFailed(RagError):
    """A system gave no answer that can be read; this is an error of the case, apart from a wrong answer."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class GivenContext:
    """What a system was given to answer from, in its own words.

    Attributes:
        text: Its words; "" where only its place is given.
        source: What the system calls its source; "" for nothing.
        start: Where it begins in the canonical text of its source, with ``end``; None where that is not given.
        end: Where it ends.
        page: Its page, from 1; None where that is not given.
        number: What marks call it by; None: its place in the list, from 1.
        score: The score that it was ranked by; None where none is given.
    """

    text: str
    source: str = ""
    start: int | None = None
    end: int | None = None
    page: int | None = None
    number: int | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class GivenSpan:
    """A part of an answer, ``answer[start:end]``, and the numbers that it cites."""

    start: int
    end: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What a system gives with an answer; None stands for what it does not give.

    Attributes:
        answer: The words of the answer.
        contexts: What it was answered from, the best first.
        citations: What marks stand for, where that is not the contexts.
        spans: Which parts of the answer cite what, in place of marks.
        refused: Whether it says itself that it does not answer.
        tentative: Whether it says itself that the answer is not sure.
        confidence: 0…1.
        short_answer: A phrase that answers by itself.
        model: The name of its language model; "" where that is not given.
        cost: What the answer cost.
        latency_ms: How long it took.
        sent: Tokens of its prompts.
        written: Tokens of its replies.
    """

    answer: str
    contexts: tuple[GivenContext, ...] | None = None
    citations: tuple[GivenContext, ...] | None = None
    spans: tuple[GivenSpan, ...] | None = None
    refused: bool | None = None
    tentative: bool = False
    confidence: float | None = None
    short_answer: str | None = None
    model: str = ""
    cost: float | None = None
    latency_ms: float | None = None
    sent: int | None = None
    written: int | None = None
    is_ranking: bool = False
    """Whether it is contexts alone, in which nothing was answered."""


def read_given(data: Mapping[str, Any], *, may_be_ranking: bool = False) -> Given:
    """Read what a system gives.

    Args:
        data: Plain data in the form that this module describes.
        may_be_ranking: Whether an answer that is null stands for a ranking of contexts that nobody made an answer of.

    Returns:
        What it gives.

    Raises:
        SystemFailed: The data says that the system failed, or a field has another form; one sentence says which.
    """
    if error := data.get("error"):
        raise SystemFailed(f"The system says that it failed: {plain_line(_words(error))}")
    refused = _flag(data, REFUSED_NAMES)
    answer = _first(data, ANSWER_NAMES)
    contexts = read_contexts(_first(data, CONTEXT_NAMES))
    is_ranking = may_be_ranking and answer is None and refused is None and contexts is not None and "answer" in data
    if answer is None and (refused or is_ranking):
        answer = ""
    if not isinstance(answer, str):
        raise SystemFailed('The system gave no text under "answer"; see how answers are written in the handbook.')
    if not answer.strip() and not (refused or is_ranking):
        raise SystemFailed('The system gave an empty answer; where it refuses, let it say so with "refused": true.')
    if len(answer) > _MOST_CHARACTERS:
        raise SystemFailed(f"The system gave an answer of {len(answer):,} characters, more than are read.")
    counted = data.get("tokens")
    tokens: Mapping[str, Any] = counted if isinstance(counted, Mapping) else {}
    short = data.get("short_answer")
    return Given(
        answer,
        contexts,
        _read_citations(data.get("citations"), contexts),
        _read_spans(data, len(answer)),
        refused,
        bool(_flag(data, ("tentative",))),
        _number(data, "confidence", most=1.0),
        short if isinstance(short, str) and short.strip() else None,
        _words(data.get("model") or ""),
        _number(data, "cost"),
        _number(data, "latency_ms"),
        _whole(tokens.get("sent")),
        _whole(tokens.get("written")),
        is_ranking,
    )


def read_contexts(value: object) -> tuple[GivenContext, ...] | None:
    """Read contexts: a list of texts or of objects with a text; None where none are given.

    Raises:
        SystemFailed: It is something else.
    """
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise SystemFailed('"contexts" must be a list of texts, or of objects with "text" and "source".')
    if len(value) > _MOST_CONTEXTS:
        raise SystemFailed(f"The system gave {len(value)} contexts, more than {_MOST_CONTEXTS}.")
    contexts = tuple(map(_read_context, value))
    if sum(len(context.text) for context in contexts) > _MOST_CHARACTERS:
        raise SystemFailed(f"The contexts of an answer have more than {_MOST_CHARACTERS:,} characters.")
    return contexts


def _read_context(value: object) -> GivenContext:
    if isinstance(value, str):
        return GivenContext(value)
    if not isinstance(value, Mapping):
        raise SystemFailed('A context must be a text, or an object with "text" and "source".')
    metadata = value.get("metadata")
    fields = {**metadata, **value} if isinstance(metadata, Mapping) else value
    text, source = _first(fields, _TEXT_NAMES), _first(fields, _SOURCE_NAMES)
    start, end = _whole(fields.get("start")), _whole(fields.get("end"))
    if not isinstance(text, str) and (start is None or end is None):
        raise SystemFailed('A context has neither "text" nor a "source" with "start" and "end".')
    return GivenContext(
        text if isinstance(text, str) else "",
        source if isinstance(source, str) else "",
        start if end is not None else None,
        end if start is not None else None,
        _whole(fields.get("page")),
        _mark(fields.get("number")),
        _float(fields.get("score")),
    )


def _read_citations(value: object, contexts: Sequence[GivenContext] | None) -> tuple[GivenContext, ...] | None:
    """Return what each number stands for: a context by its place in the list, or words of its own."""
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > _MOST_CONTEXTS:
        raise SystemFailed(
            '"citations" must be a list of objects with "number" and "context", or "quote" and "source".'
        )
    cited: list[GivenContext] = []
    for place, entry in enumerate(value, 1):
        if not isinstance(entry, Mapping):
            raise SystemFailed('A citation must be an object with "number" and "context", or "quote" and "source".')
        number = _mark(entry.get("number")) or place
        at = _whole(entry.get("context"))
        if at is not None:
            if not contexts or not 1 <= at <= len(contexts):
                raise SystemFailed(f"The citation [{number}] names context {at}, and there is none.")
            context = contexts[at - 1]
        else:
            context = _read_context(entry)
        cited.append(GivenContext(context.text, context.source, context.start, context.end, context.page, number))
    return tuple(cited)


def _read_spans(data: Mapping[str, Any], length: int) -> tuple[GivenSpan, ...] | None:
    """Return which parts of the answer cite what; ``cited`` is a span of all of it."""
    spans: list[GivenSpan] = []
    if data.get("spans") is None and data.get("cited") is None:
        return None
    if data.get("cited") is not None:
        spans.append(GivenSpan(0, length, _marks(data["cited"])))
    for entry in data.get("spans") or ():
        start, end = (_whole(entry.get(name)) if isinstance(entry, Mapping) else None for name in ("start", "end"))
        if start is None or end is None or not start < end <= length:
            raise SystemFailed(
                'A span must have "start" and "end" inside the answer, and "contexts", a list of numbers.'
            )
        spans.append(GivenSpan(start, end, _marks(entry.get("contexts"))))
    return tuple(spans)


def _first(data: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((data[name] for name in names if data.get(name) is not None), None)


def _words(value: object) -> str:
    return value if isinstance(value, str) else str(value)[:1000]


def _flag(data: Mapping[str, Any], names: Sequence[str]) -> bool | None:
    value = _first(data, names)
    if value is None or isinstance(value, bool):
        return value
    raise SystemFailed(f'"{names[0]}" must be true or false, not {plain_line(_words(value), 40)!r}.')


def _float(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _number(data: Mapping[str, Any], name: str, most: float = math.inf) -> float | None:
    """Return a number of at least 0; None where it is not given.

    Raises:
        SystemFailed: It is something else: a figure made of it would be wrong.
    """
    value = data.get(name)
    if value is None:
        return None
    number = _float(value)
    if number is None or not 0 <= number <= most:
        limit = "a number of at least 0" if most == math.inf else f"a number from 0 to {most:g}"
        raise SystemFailed(f'"{name}" must be {limit}, not {plain_line(_words(value), 40)!r}.')
    return number


def _whole(value: object) -> int | None:
    """Return a whole number of at least 0; None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else None


def _mark(value: object) -> int | None:
    number = _whole(value)
    return number if number and number <= _HIGHEST_MARK else None


def _marks(value: object) -> tuple[int, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(map(_mark, value)):
        raise SystemFailed("What a part of an answer cites must be a list of numbers from 1.")
    return tuple(dict.fromkeys(value))
