"""Answers and passages as JSON.

Owns: which fields of a result leave the program, and how JSON is written. Knows nothing about how results come about.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rag.notices import Notice
from rag.types import Answer, Passage, Plan, Sentence, Usage

if TYPE_CHECKING:
    from rag.store.catalog import SourceSummary


def to_json(value: Any) -> str:
    """Return a value as one line of JSON.

    What is not ASCII is escaped: some programs take characters such as U+2028 for the end of a line.
    """
    return json.dumps(value, ensure_ascii=True, separators=(", ", ": "))


def passage_json(passage: Passage) -> dict[str, Any]:
    """Return a passage as ``rag retrieve --json`` prints it."""
    return asdict(passage)


def source_json(summary: SourceSummary) -> dict[str, Any]:
    """Return a source as ``rag sources --json`` prints it."""
    return {
        "source": summary.source,
        "source_id": summary.source_id,
        "title": summary.title,
        "pages": summary.pages,
        "chunks": summary.chunks,
        "characters": summary.characters,
        "date": summary.date,
        "warnings": [str(warning) for warning in summary.warnings],
    }


def sentence_json(sentence: Sentence, language: str = "en") -> dict[str, Any]:
    """Return a sentence with its verdict.

    Args:
        sentence: The sentence.
        language: The language of the reason's words.

    Returns:
        Its fields; ``reason`` is None or has ``code``, ``text`` and ``values``.
    """
    return {**asdict(sentence), "reason": _notice_json(sentence.reason, language)}


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as ``rag ask --json`` prints it; the words of notices are in the answer's language."""
    fields = asdict(answer) | {
        "sentences": [sentence_json(sentence, answer.language) for sentence in answer.sentences],
        "left_out": [
            {**asdict(claim), "reason": _notice_json(claim.reason, answer.language)} for claim in answer.left_out
        ],
        "conflicts": [
            {"about": conflict.about.text(answer.language), "citations": conflict.citations}
            for conflict in answer.conflicts
        ],
        "notices": [notice.as_json(answer.language) for notice in answer.notices],
        "plan": _plan_json(answer.plan, answer.language) if answer.plan else None,
        "usage": asdict(Usage.of(answer.calls)),
    }
    # Of use to the chat only, whose page on an answer shows them; a program has the passages.
    for key in ("state", "prompt", "evidence"):
        del fields[key]
    return fields


def _plan_json(plan: Plan, language: str) -> dict[str, Any]:
    return {**asdict(plan), "why": [notice.as_json(language) for notice in plan.why]}


def _notice_json(notice: Notice | None, language: str) -> dict[str, Any] | None:
    return notice.as_json(language) if notice else None
