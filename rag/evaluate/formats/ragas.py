"""Rows of ragas (https://docs.ragas.io, ``EvaluationDataset``) as JSON, JSON lines or CSV.

user_input (or question)                    text, or messages [{"content", "type": "human" | "ai"}]
reference (or ground_truth, ground_truths)  the expected answer
reference_contexts                          evidence: found in the user's corpus, else documents of their own
retrieved_contexts (or contexts), response  what a system did; documents without a corpus, never evidence
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag.evaluate.formats.export_source import ExportSource
from rag.evaluate.formats.import_target import ImportReport, ImportTarget
from rag.evaluate.formats.rows import read_rows, text_field, text_list_field
from rag.evaluate.types import Case
from rag.types import Turn


def read(source: Path, target: ImportTarget) -> None:
    """Take a file of rows; a JSON file holds a list, or an object with one under ``samples``."""
    for number, (where, row) in enumerate(read_rows(source, "samples" if _is_wrapped(source) else ""), start=1):
        turns = _turns(row.get("user_input") or row.get("question"))
        answers = text_list_field(row, "reference", "ground_truth", "ground_truths")
        contexts = text_list_field(row, "reference_contexts")
        if not turns or turns[-1].role != "user":
            target.refuse(where, "no question")
            continue
        if not answers and not contexts:
            target.refuse(where, "neither a reference nor reference contexts")
            continue
        try:
            evidence = tuple(dict.fromkeys(target.context(text) for text in contexts))
            if target.corpus is None:
                for text in text_list_field(row, "retrieved_contexts", "contexts"):
                    target.document(text, text)
        except ValueError as error:
            target.refuse(where, str(error))
            continue
        *history, last = turns
        target.add(
            Case(
                f"q-{number:05d}",
                last.content,
                history=tuple(history),
                answers=tuple(answers),
                match="f1",
                evidence=evidence,
            ),
            where,
        )


def _is_wrapped(source: Path) -> bool:
    from rag.evaluate.formats.rows import read_json

    return source.suffix.lower() == ".json" and isinstance(read_json(source), dict)


def _turns(asked: Any) -> list[Turn]:
    if isinstance(asked, str):
        return [Turn("user", asked)] if asked.strip() else []
    turns: list[Turn] = []
    for message in asked if isinstance(asked, list) else []:
        content = message.get("content") if isinstance(message, dict) else None
        if not isinstance(content, str) or message.get("type") not in ("human", "ai"):
            return []
        turns.append(Turn("user" if message["type"] == "human" else "assistant", content))
    return turns


def write(source: ExportSource) -> tuple[dict[str, str], ImportReport]:
    """JSON lines; with records of a run also what was retrieved and answered. Unanswerable cases have no reference."""
    lines = []
    for asked in source.asked():
        case = asked.case
        types = {"user": "human", "assistant": "ai"}
        messages = [{"content": turn.content, "type": types[turn.role]} for turn in case.history]
        row: dict[str, Any] = {
            "user_input": [*messages, {"content": case.question, "type": "human"}] if messages else case.question
        }
        if case.answerable:
            row |= {"reference": case.answers[0] if case.answers else "", "reference_contexts": list(asked.quotes)}
        else:
            source.refuse(case, "an unanswerable case")
            continue
        if asked.record and not asked.record.error:
            row["response"] = text_field(dict(asked.record.answer), "answer")
            passages = asked.record.answer.get("passages", [])
            row["retrieved_contexts"] = [passage["text"] for passage in passages if "text" in passage]
        lines.append(json.dumps(row, ensure_ascii=False))
    text = "".join(line + "\n" for line in lines)
    return {"": text}, ImportReport(Path(), len(lines), 0, source.refusals.listed())
