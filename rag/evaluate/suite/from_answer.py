"""An answer as a case, so that what was good or bad once is asked again.

Owns: what of an answer a case expects. Knows nothing about where the answer came from.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rag.errors import UsageError
from rag.evaluate.types import Case, GoldEvidence
from rag.marks import strip_marks

# A longer sentence is evidence, not an answer that another wording could match.
_LONGEST_ANSWER = 200


def case_from_answer(answer: Mapping[str, Any], tags: Sequence[str] = (), id_: str = "") -> Case:
    """The case that expects again what an answer, as `rag ask --json` prints it, says and cites.

    An abstention becomes a case that is not answerable. Raises UsageError for anything but such an answer.
    """
    try:
        question = str(answer["question"])
        verified = [sentence for sentence in answer["sentences"] if sentence["verdict"] == "verified"]
        said = [_plain(sentence["text"]) for sentence in verified]
        # What only a doubtful sentence cites is no evidence.
        numbers = {number for sentence in verified for number in sentence["citations"]}
        cited = [
            GoldEvidence(str(c["source"]), str(c["quote"]), int(c["start"]), int(c["end"]), c.get("page"))
            for c in answer["citations"]
            if c["number"] in numbers
        ]
        abstained = bool(answer["abstained"])
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"This is not an answer ({type(error).__name__}: {error}); give what rag ask --json prints."
        ) from None
    if not question.strip():
        raise UsageError("This answer has no question; give what rag ask --json prints.")
    id_ = id_ or _id(question)
    if abstained:
        return Case(id_, question, answerable=False, tags=tuple(tags))
    answers = tuple(dict.fromkeys(text for text in said if text and len(text) <= _LONGEST_ANSWER))
    return Case(id_, question, answers=answers, evidence=tuple(dict.fromkeys(cited)), match="f1", tags=tuple(tags))


def _plain(text: Any) -> str:
    return strip_marks(str(text)).strip('\u201c\u201d" \n')


def _id(question: str) -> str:
    """A readable name with a checksum, so that equal questions meet and others do not."""
    words = "-".join(re.findall(r"[a-z0-9]+", question.lower())[:6])[:48].strip("-") or "case"
    return f"{words}-{hashlib.sha256(question.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"
