"""Answers as they are stored.

Owns: the JSON of a stored answer, and its version. An answer that an older program stored can still be read: what it
named otherwise is brought to the present form, keys that are not known are passed over, and keys that are absent have
their defaults.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from rag.notices import Notice, plain
from rag.types import Answer

if TYPE_CHECKING:
    from pydantic import TypeAdapter

# Written with each answer. In version 1 the words of notices and reasons stood in place of their codes; in version 2 an
# answer had no kind, no short answer and no plan.
VERSION = 3

# How version 1 counted the claims that were left out, somewhere in its notice.
_LEFT_OUT_COUNT = re.compile(r"(?P<count>\d+) claims? left out: not supported\.")


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
        loaded = json.loads(stored)
        fields = loaded["answer"]
        return _adapter().validate_python(_from_version_1(fields) if loaded.get("version", 1) == 1 else fields)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Answer(question, question, notices=(Notice("answer-unreadable"),))


def _from_version_1(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an answer with codes: of ``notice``, ``missing`` and the reasons of sentences and claims."""
    notices = _notices_of_words(fields.get("notice", ""))
    if fields.get("missing"):
        notices.append(Notice("not-mentioned", {"words": list(fields["missing"])}))
    return {
        **fields,
        "notices": notices,
        "sentences": [_with_reason(sentence) for sentence in fields.get("sentences", ())],
        "conflicts": [{**conflict, "about": plain(conflict["about"])} for conflict in fields.get("conflicts", ())],
        # Only what no source supports was left out.
        "left_out": [{"verdict": "unsupported", **_with_reason(claim)} for claim in fields.get("left_out", ())],
    }


def _notices_of_words(words: str) -> list[Notice]:
    """Return what version 1 wrote as one text: the count of claims that were left out, and the words around it."""
    count = _LEFT_OUT_COUNT.search(words)
    if not count:
        return [plain(words)] if words else []
    before, after = words[: count.start()].strip(), words[count.end() :].strip()
    counted = Notice("claims-left-out", {"count": int(count["count"])})
    return [*_notices_of_words(before), counted, *([plain(after)] if after else [])]


def _with_reason(item: dict[str, Any]) -> dict[str, Any]:
    reason = item.get("reason")
    return {**item, "reason": plain(reason) if isinstance(reason, str) and reason else reason or None}


@cache
def _adapter() -> TypeAdapter[Answer]:
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)
