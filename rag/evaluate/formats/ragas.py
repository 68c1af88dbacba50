"""Rows of ragas (https://docs.ragas.io, ``EvaluationDataset``) as JSON, JSON lines or CSV.

user_input (or question)                    text, or messages [{"content", "type": "human" | "ai"}]
reference (or ground_truth, ground_truths)  the expected answer
reference_contexts                          evidence: found in the user's corpus, else documents of their own
retrieved_contexts (or contexts), response  what a system did: kept as recorded answers, and the contexts as documents
                                            without a corpus; never evidence
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag.evaluate.formats.export_source import ExportSource, RenderedSuite, lines_text
from rag.evaluate.formats.import_target import ImportTarget, RecordedAnswer, match_of
from rag.evaluate.formats.rows import read_json, read_rows, stated_field, text_field, text_list_field
from rag.evaluate.types import Case
from rag.types import Turn

_RETRIEVED, _RESPONSE = ("retrieved_contexts", "contexts"), ("response", "answer")
_MESSAGE_TYPES = {"user": "human", "assistant": "ai"}


def read(path: Path, target: ImportTarget) -> None:
    """Read rows into a suite.

    Args:
        path: The file. A JSON file holds a list, or an object with one under ``samples``.
        target: The suite that is being put together.
    """
    rows = list(read_rows(path, "samples" if _is_wrapped(path) else ""))
    # What no row has was not written down; where some have it, a row without retrieved or said nothing.
    says_retrieved = any(text_list_field(row, *_RETRIEVED) for _, row in rows)
    says_answer = any(stated_field(row, *_RESPONSE) for _, row in rows)
    for number, (where, row) in enumerate(rows, start=1):
        asked = row.get("user_input")
        turns = _turns(asked if isinstance(asked, list) else stated_field(row, "user_input", "question"))
        answers = text_list_field(row, "reference", "ground_truth", "ground_truths")
        contexts = text_list_field(row, "reference_contexts")
        retrieved = text_list_field(row, *_RETRIEVED)
        response = stated_field(row, *_RESPONSE)
        if not turns or turns[-1].role != "user":
            target.reject(where, "no question")
            continue
        if not answers and not contexts:
            target.reject(where, "neither a reference nor reference contexts")
            continue
        try:
            evidence = tuple(dict.fromkeys(target.context_evidence(text) for text in contexts))
            sources = [target.add_document(text, text).source if target.corpus is None else "" for text in retrieved]
        except ValueError as error:
            target.reject(where, str(error))
            continue
        recorded = RecordedAnswer(
            response if says_answer else None, tuple(zip(retrieved, sources, strict=True)) if says_retrieved else None
        )
        *history, last = turns
        target.add_case(
            Case(
                f"q-{number:05d}",
                last.content,
                history=tuple(history),
                answers=tuple(answers),
                match=match_of(answers),
                evidence=evidence,
            ),
            where,
            recorded if response or retrieved else None,
        )


def _is_wrapped(path: Path) -> bool:
    """Tell whether a JSON file holds an object, whose rows are under ``samples``."""
    return path.suffix.lower() == ".json" and isinstance(read_json(path), dict)


def _turns(user_input: Any) -> list[Turn]:
    """Return the messages of a row, the question last; none where one of them is of neither user nor assistant."""
    if isinstance(user_input, str):
        return [Turn("user", user_input)] if user_input.strip() else []
    turns: list[Turn] = []
    for message in user_input if isinstance(user_input, list) else []:
        content = message.get("content") if isinstance(message, dict) else None
        if not isinstance(content, str) or message.get("type") not in ("human", "ai"):
            return []
        turns.append(Turn("user" if message["type"] == "human" else "assistant", content))
    return turns


def render(export: ExportSource) -> RenderedSuite:
    """Render JSON lines; with records of a run also what was retrieved and answered.

    Unanswerable cases have no place in them, because they have no reference.
    """
    lines = []
    for exported in export.cases():
        case = exported.case
        if not case.answerable:
            export.reject(case, "an unanswerable case")
            continue
        messages = [{"content": turn.content, "type": _MESSAGE_TYPES[turn.role]} for turn in case.history]
        row: dict[str, Any] = {
            "user_input": [*messages, {"content": case.question, "type": "human"}] if messages else case.question,
            "reference": case.answers[0] if case.answers else "",
            "reference_contexts": exported.contexts,
        }
        if exported.record and not exported.record.error:
            row["response"] = text_field(dict(exported.record.answer), "answer")
            row["retrieved_contexts"] = export.passage_texts(exported.record)
        lines.append(json.dumps(row, ensure_ascii=False))
    return RenderedSuite({"": lines_text(lines)}, len(lines))
