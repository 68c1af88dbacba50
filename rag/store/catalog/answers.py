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
# answer had no kind, no short answer and no plan; in version 3 no claim was contradicted, and a number or date that the
# source says otherwise had the code of one that it lacks.
VERSION = 4
_CONTRADICTED = {"number-absent": "number-contradicted", "date-absent": "date-contradicted"}

# How version 1 counted the claims that were left out, somewhere in its notice.
_LEFT_OUT_COUNT = re.compile(r"(?P<count>\d+) claims? left out: not supported\.")


def write_answer(answer: Answer) -> str:
    """Return the JSON of a whole answer, with its prompt, evidence and timings."""
    # ASCII only: a browser may send half of a surrogate pair, which SQLite does not take.
    return json.dumps({"version": VERSION, "answer": asdict(answer)}, separators=(",", ":"))


# The notice of a stored answer that cannot be read.
UNREADABLE = "answer-unreadable"


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
        version, fields = loaded.get("version", 1), loaded["answer"]
        if version == 1:
            fields = _from_version_1(fields)
        if version <= 3:
            fields = _from_version_3(fields)
        return _adapter().validate_python(fields)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Answer(question, question, notices=(Notice(UNREADABLE),))


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
        "left_out": [_with_reason(claim) for claim in fields.get("left_out", ())],
    }


def _from_version_3(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an answer with a verdict on each claim that was left out, and the reasons of today."""
    # Only what no source supports was left out.
    claims = [{"verdict": "unsupported", **claim} for claim in fields.get("left_out", ())]
    return {
        **fields,
        "sentences": [_with_code_of_today(sentence) for sentence in fields.get("sentences", ())],
        "left_out": [_with_code_of_today(claim) for claim in claims],
    }


def _with_code_of_today(item: dict[str, Any]) -> dict[str, Any]:
    """Return a sentence or claim whose reason has another code where it names what the source says instead."""
    reason = item.get("reason")
    # A reason of words alone is a notice already.
    if not isinstance(reason, dict) or not (reason.get("values") or {}).get("instead"):
        return item
    return {**item, "reason": {**reason, "code": _CONTRADICTED.get(reason["code"], reason["code"])}}


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
