"""Answers and passages as JSON.

Owns: which fields of a result leave the program, and how JSON is written. Knows nothing about how results come about.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from rag.types import Answer, Passage


def to_json(value: Any) -> str:
    """Return a value as one line of JSON.

    What is not ASCII is escaped: some programs take characters such as U+2028 for the end of a line.
    """
    return json.dumps(value, ensure_ascii=True, separators=(", ", ": "))


def passage_json(passage: Passage) -> dict[str, Any]:
    """Return a passage as ``rag retrieve --json`` prints it."""
    return asdict(passage)


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as ``rag ask --json`` prints it."""
    fields = asdict(answer)
    # Of use to the chat only, whose page on an answer shows them; a program has the passages.
    for key in ("state", "prompt", "evidence"):
        del fields[key]
    return fields
