"""The JSON of the contract, and answers and passages as lines of text.

Owns: the form in which results leave the program. Knows nothing about how they came about.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from rag.types import Answer, Passage


def to_json(value: Any) -> str:
    """One line of JSON. Escaping what is not ASCII keeps every reader's idea of a line the same."""
    return json.dumps(value, ensure_ascii=True, separators=(", ", ": "))


def passage_json(passage: Passage) -> dict[str, Any]:
    return asdict(passage)


def answer_json(answer: Answer) -> dict[str, Any]:
    found = asdict(answer)
    # What a program never asks for, or can have from `rag retrieve`; the chat's page on an answer shows it.
    for key in ("state", "prompt", "evidence"):
        del found[key]
    return found
