"""Conversations of MTRAG (Katsis et al., 2025, https://github.com/IBM/mt-rag-benchmark), in both forms it is published.

conversations.json          a list of {"author", "retriever", "messages"}
    messages                {"speaker": "user" | "agent", "text", "enrichments", "contexts"}, in turn
    enrichments             of a user's message: {"Answerability": ["ANSWERABLE"], "Question Type": …, "Multi-Turn": …}
    contexts                of an agent's message: {"document_id", "text", "title", "feedback": {"relevant": {…}}}
reference.jsonl             the tasks of generation, one turn a line: {"conversation_id", "task_id", "turn", "input",
                            "targets", "contexts", "Answerability" …}; ``input`` ends with the user's question

The agent's words are the reference and the reply of a fixed history. The contexts that a person called relevant are
evidence; all of them are documents, where no corpus is given. A conversational turn is small talk. A turn that is only
partly answerable counts as answerable.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.evaluate.formats.export_source import ExportedCase, ExportSource, RenderedSuite
from rag.evaluate.formats.import_target import ImportTarget, match_of
from rag.evaluate.formats.rows import object_field, object_list_field, read_rows, text_field, text_list_field
from rag.evaluate.suite.conversations import MOST_TURNS, turn_id, written_reply
from rag.evaluate.types import Case, GoldEvidence

_SPEAKERS = {"user": "user", "agent": "assistant"}
# How a task of generation and a message name the same thing.
_ANSWERABILITY = ("Answerability", "answerability")
_TAGS = ("Question Type", "Multi-Turn")
_UNKNOWN = frozenset(("", "n/a", "nan", "none"))


@dataclass
class _Exchange:
    """A message of the user with what the agent said to it."""

    question: str
    reply: str = ""
    kind: str = ""
    tags: tuple[str, ...] = ()
    contexts: list[dict[str, Any]] = field(default_factory=list)


def read(path: Path, target: ImportTarget) -> None:
    """Read conversations into a suite.

    Args:
        path: ``conversations.json`` or the JSON lines of generation tasks.
        target: The suite that is being put together.
    """
    conversations = _tasks(path, target) if path.suffix.lower() == ".jsonl" else _whole(path)
    for number, (where, exchanges) in enumerate(conversations, start=1):
        if not exchanges or len(exchanges) > MOST_TURNS:
            target.reject(where, f"a conversation without 1 to {MOST_TURNS} questions")
            continue
        try:
            cases = [_case(target, f"c-{number:03d}", turn, one) for turn, one in enumerate(exchanges, start=1)]
        except ValueError as error:
            # All or nothing: a turn without those before it asks something else.
            target.reject(where, str(error))
            continue
        for case in cases:
            target.add_case(case, where)


def _whole(path: Path) -> Iterator[tuple[str, list[_Exchange]]]:
    for where, row in read_rows(path):
        exchanges: list[_Exchange] = []
        for message in object_list_field(row, "messages"):
            speaker, text = text_field(message, "speaker"), text_field(message, "text")
            if speaker == "user" and text:
                enrichments = object_field(message, "enrichments")
                exchanges.append(_Exchange(text, kind=_kind(enrichments), tags=_tags(enrichments)))
            elif speaker == "agent" and exchanges:
                exchanges[-1].reply = text
                exchanges[-1].contexts = object_list_field(message, "contexts")
        yield where, exchanges


def _tasks(path: Path, target: ImportTarget) -> Iterator[tuple[str, list[_Exchange]]]:
    """Yield the conversations that tasks are cut from: each task is a turn, with those before it as its input."""
    found: dict[str, tuple[str, dict[int, _Exchange]]] = {}
    for where, row in read_rows(path):
        messages = object_list_field(row, "input")
        questions = [text_field(one, "text") for one in messages if text_field(one, "speaker") == "user"]
        id_ = text_field(row, "conversation_id")
        if not id_ or not questions or not questions[-1]:
            target.reject(where, "a task without a conversation_id or a question")
            continue
        replies = [text_field(one, "text") for one in object_list_field(row, "targets")]
        last = _Exchange(
            questions[-1], next(iter(replies), ""), _kind(row), _tags(row), object_list_field(row, "contexts")
        )
        _, turns = found.setdefault(id_, (where, {}))
        turns[len(questions)] = last
        # A turn that is no task of its own is asked, too, and expects nothing.
        for number, exchange in enumerate(_before(messages), start=1):
            turns.setdefault(number, exchange)
    for where, turns in found.values():
        yield where, [turns[number] for number in sorted(turns)]


def _before(messages: Sequence[dict[str, Any]]) -> list[_Exchange]:
    """Return the exchanges of a task before its question."""
    exchanges: list[_Exchange] = []
    for message in messages:
        text = text_field(message, "text")
        if text_field(message, "speaker") == "user":
            enrichments = object_field(message, "enrichments")
            exchanges.append(_Exchange(text, kind=_kind(enrichments) or "UNKNOWN", tags=_tags(enrichments)))
        elif exchanges:
            exchanges[-1].reply = text
    return exchanges[:-1]


def _kind(row: dict[str, Any]) -> str:
    """Return the answerability in capitals, ``ANSWERABLE`` and so on; "" where it is not said."""
    return next(iter(text_list_field(row, *_ANSWERABILITY)), "").upper()


def _tags(row: dict[str, Any]) -> tuple[str, ...]:
    names = [value for key in _TAGS for value in text_list_field(row, key)]
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip().casefold() not in _UNKNOWN))


def _case(target: ImportTarget, conversation: str, turn: int, exchange: _Exchange) -> Case:
    """Return a turn as a case; its contexts become evidence and documents."""
    is_answerable = exchange.kind not in ("UNANSWERABLE", "CONVERSATIONAL", "UNKNOWN")
    evidence: list[GoldEvidence] = []
    for context in exchange.contexts:
        text = text_field(context, "text")
        if not text:
            continue
        relevant = is_answerable and _is_relevant(context)
        if target.corpus is None:
            document = target.add_document(text_field(context, "document_id") or text, text)
            evidence += [document.whole_evidence()] if relevant else []
        elif relevant:
            evidence.append(target.context_evidence(text))
    answers = (exchange.reply,) if is_answerable and exchange.reply else ()
    return Case(
        turn_id(conversation, turn),
        exchange.question,
        answers=answers,
        match=match_of(answers),
        answerable=exchange.kind != "UNANSWERABLE",
        evidence=tuple(dict.fromkeys(evidence)),
        tags=exchange.tags,
        conversation=conversation,
        turn=turn,
        reply=exchange.reply,
        small_talk=exchange.kind == "CONVERSATIONAL",
    )


def _is_relevant(context: dict[str, Any]) -> bool:
    """Tell whether people call a context relevant: the last of them who said so counts; one without feedback is."""
    votes = object_field(object_field(context, "feedback"), "relevant").values()
    said = [vote for vote in votes if isinstance(vote, dict) and vote.get("value") in ("yes", "no")]
    said.sort(key=lambda vote: vote["timestamp"] if isinstance(vote.get("timestamp"), int | float) else 0)
    return not said or said[-1]["value"] == "yes"


# -- writing -----------------------------------------------------------------------------------------------------------


def render(export: ExportSource) -> RenderedSuite:
    """Render ``conversations.json``; a case of its own is a conversation of one turn, behind its history.

    With records of a run the agent's words are what was answered, and its contexts what was retrieved; without, the
    expected answers and evidence.
    """
    conversations: dict[str, list[dict[str, Any]]] = {}
    written: set[str] = set()
    for exported in export.cases():
        case = exported.case
        if case.turn > 1 and turn_id(case.conversation, case.turn - 1) not in written:
            export.reject(case, "an earlier turn of its conversation cannot be written")
            continue
        messages = conversations.setdefault(case.conversation or f"case:{case.id}", [])
        for earlier in () if case.conversation else case.history:
            speaker = "user" if earlier.role == "user" else "agent"
            messages.append({"speaker": speaker, "text": earlier.content})
        messages += _messages(export, exported)
        written.add(turn_id(case.conversation, case.turn) if case.conversation else case.id)
    rows = [{"author": "footnote", "messages": messages} for messages in conversations.values()]
    return RenderedSuite({"": json.dumps(rows, ensure_ascii=False, indent=1) + "\n"}, len(written))


def _messages(export: ExportSource, exported: ExportedCase) -> Iterator[dict[str, Any]]:
    """Yield the question and the reply of a case."""
    case, record = exported.case, exported.record
    kind = "CONVERSATIONAL" if case.small_talk else "ANSWERABLE" if case.answerable else "UNANSWERABLE"
    enrichments = {"Answerability": [kind], **({"Question Type": list(case.tags)} if case.tags else {})}
    yield {"speaker": "user", "text": case.question, "enrichments": enrichments}
    if record and not record.error:
        contexts = [_context(text) for text in export.passage_texts(record)]
        yield {"speaker": "agent", "text": text_field(dict(record.answer), "answer"), "contexts": contexts}
    else:
        contexts = [_context(quote, relevant=True) for quote in exported.quotes]
        yield {"speaker": "agent", "text": next(iter(case.answers), written_reply(case) or ""), "contexts": contexts}


def _context(text: str, relevant: bool = False) -> dict[str, Any]:
    """Return a context, which is named after its words."""
    context: dict[str, Any] = {"document_id": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]}
    context["text"] = text
    if relevant:
        context["feedback"] = {"relevant": {"footnote": {"value": "yes", "timestamp": 0}}}
    return context
