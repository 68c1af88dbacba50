"""What a language model is asked as the judge of an answer, and how its reply is read. Pure.

Owns: the form of both, which is a contract: evidence as ``[n] (title)`` blocks and sentences as lines ``S1: …`` go in,
lines such as ``S1: supported 1,3`` come out. Knows nothing about models, or what becomes of a ruling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.types import Verdict
from rag.verify.checker import NumberedEvidence

JUDGE_FAILED = "judge-failed"
"""The code of the notice that a judge could not be asked, or wrote nothing that can be read."""

_VERDICTS: Mapping[str, Verdict] = {
    "supported": "verified", "partly": "partly", "contradicted": "contradicted", "absent": "unsupported",
}  # fmt: skip
# A line of the reply. What stands behind the numbers makes it unreadable: "supported? No." is no ruling.
_RULING = re.compile(
    r"^[ \t*_`>-]{0,8}S(\d{1,4})[*_`]{0,4}[ \t]*:[ \t*_`]*(supported|partly|contradicted|absent)[*_`]{0,4}"
    r"((?:[ \t,;\[\]()]|\d{1,4})*)[.*_`]{0,4}[ \t]*\r?$",
    re.M | re.I,
)
# Any line about a sentence, readable or not.
_ABOUT = re.compile(r"^[ \t*_`>-]{0,8}S(\d{1,4})[*_`]{0,4}[ \t]*:", re.M)
# A line of evidence that looks like one of a sentence, or like the head of another piece; and the end of all evidence.
_LIKE_ANOTHER_PART = re.compile(r"^(?=\s*(?:S\d+:|\[\d+\] ?\())", re.M)
_FENCE = re.compile(r"<(?=\s*/?\s*evidence\s*>)", re.I)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a judge says of one sentence; without numbers the sentence's own marks are meant."""

    verdict: Verdict
    numbers: tuple[int, ...] = ()


def evidence_block(piece: NumberedEvidence) -> str:
    """Return a piece of evidence as a judge is given it: nothing in it looks like another part of the prompt."""
    title, text = _FENCE.sub("‹", " ".join(piece.title.split())), _FENCE.sub("‹", piece.text)
    return f"[{piece.number}] ({title})\n{_LIKE_ANOTHER_PART.sub('| ', text)}"


def sentence_lines(sentences: Sequence[str]) -> str:
    """Return sentences as a judge is given them, one a line."""
    return "\n".join(f"S{number}: {' '.join(sentence.split())}" for number, sentence in enumerate(sentences, 1))


def read_rulings(reply: str, count: int, known: Sequence[int]) -> list[Ruling | None]:
    """Read what a judge says of the sentences that it was given.

    Args:
        reply: What it wrote.
        count: How many sentences it was given.
        known: The numbers of the evidence that it was given.

    Returns:
        A ruling on each sentence; None where its line is missing or cannot be read, names only evidence that is not
        there, or where another line says something else.
    """
    rulings: dict[int, set[Ruling | None]] = {}
    read: set[int] = set()
    for match in _RULING.finditer(reply):
        read.add(match.start())
        numbers = tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", match[3])))
        named = tuple(number for number in numbers if number in known)
        ruling = Ruling(_VERDICTS[match[2].lower()], named) if named or not numbers else None
        rulings.setdefault(int(match[1]), set()).add(ruling)
    for match in _ABOUT.finditer(reply):
        if match.start() not in read:
            rulings.setdefault(int(match[1]), set()).add(None)
    said = (rulings.get(number, {None}) for number in range(1, count + 1))
    return [next(iter(found)) if len(found) == 1 else None for found in said]
