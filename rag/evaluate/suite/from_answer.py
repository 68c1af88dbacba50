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
from rag.notices import Notice

# Characters of a sentence that is an expected answer; a longer one is evidence, which no other wording could match.
_LONGEST_ANSWER = 200


def case_from_answer(answer: Mapping[str, Any], tags: Sequence[str] = (), id_: str = "") -> Case:
    """Return the case that expects again what an answer says and cites; an abstention becomes an unanswerable case.

    Args:
        answer: An answer as `rag ask --json` prints it.
        tags: The tags of the case.
        id_: The id of the case; empty for one made of the question.

    Returns:
        The case: its answers are the verified sentences, its evidence is what they cite.

    Raises:
        UsageError: ``answer`` is no such answer.
    """
    try:
        question = str(answer["question"])
        verified = [sentence for sentence in answer["sentences"] if sentence["verdict"] == "verified"]
        texts = [_plain(sentence["text"]) for sentence in verified]
        # What only a doubtful sentence cites is no evidence.
        cited = {number for sentence in verified for number in sentence["citations"]}
        evidence = [
            GoldEvidence(str(c["source"]), str(c["quote"]), int(c["start"]), int(c["end"]), c.get("page"))
            for c in answer["citations"]
            if c["number"] in cited
        ]
        abstained = bool(answer["abstained"])
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(Notice("not-an-answer", {"cause": f"{type(error).__name__}: {error}"})) from None
    if not question.strip():
        raise UsageError(Notice("answer-without-question"))
    id_ = id_ or _id(question)
    if abstained:
        return Case(id_, question, answerable=False, tags=tuple(tags))
    answers = tuple(dict.fromkeys(text for text in texts if text and len(text) <= _LONGEST_ANSWER))
    return Case(id_, question, answers=answers, evidence=tuple(dict.fromkeys(evidence)), match="f1", tags=tuple(tags))


def _plain(text: Any) -> str:
    """Return the words of a sentence without marks and quotation marks."""
    return strip_marks(str(text)).strip('\u201c\u201d" \n')


def _id(question: str) -> str:
    """Return a readable name with a checksum: the same for equal questions only."""
    words = "-".join(re.findall(r"[a-z0-9]+", question.lower())[:6])[:48].strip("-") or "case"
    return f"{words}-{hashlib.sha256(question.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"
