"""Answers as they are stored.

Owns: the JSON of a stored answer, and its version. An answer that an older program stored can still be read: keys that
are not known are passed over, and keys that are absent have their defaults.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING

from rag.types import Answer

if TYPE_CHECKING:
    from pydantic import TypeAdapter

# Written with each answer, for a later version that cannot read this one's any more.
VERSION = 1


def write_answer(answer: Answer) -> str:
    """Return the JSON of a whole answer, with its prompt, evidence and timings."""
    # ASCII only: a browser may send half of a surrogate pair, which SQLite does not take.
    return json.dumps({"version": VERSION, "answer": asdict(answer)}, separators=(",", ":"))


def read_answer(stored: str, question: str) -> Answer:
    """Read an answer back from its JSON.

    Args:
        stored: What ``write_answer`` returned, now or in an older program.
        question: The question of the answer.

    Returns:
        The answer; where it cannot be read, an empty one whose notice says so.
    """
    try:
        return _adapter().validate_python(json.loads(stored)["answer"])
    except (ValueError, KeyError, TypeError, RecursionError):
        notice = "This answer cannot be shown: another version of Footnote stored it; ask again."
        return Answer(question, question, notice=notice)


@cache
def _adapter() -> TypeAdapter[Answer]:
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)
