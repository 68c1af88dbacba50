"""Answers, verifications, calibrations and passages as lines of a terminal.

Owns: how a result reads in a terminal. Knows nothing about how it came about.
"""

from __future__ import annotations

from collections.abc import Iterator

from rag.retrieval.calibration import Calibration
from rag.text import printable
from rag.types import Answer, Passage
from rag.verify.document import VERDICTS, Verification

# A quote longer than this is cut on the terminal; JSON and `rag show` have it whole.
_LONGEST_QUOTE = 300


def answer_lines(answer: Answer) -> Iterator[str]:
    """An answer for a terminal: the text, then each citation with its place and its words."""
    yield printable(answer.answer)
    if answer.citations:
        yield ""
    for citation in answer.citations:
        page = f", page {citation.page}" if citation.page else ""
        yield f"[{citation.number}] {_plain(citation.source)}{page} ({citation.start}:{citation.end})"
        if citation.header:
            yield f"    columns: {_short(citation.header)}"
        yield f"    “{_short(citation.quote)}”"
    for sentence in answer.sentences:
        if sentence.verdict == "partly":
            yield f"Only partly supported: “{_short(sentence.text)}” ({_plain(sentence.reason)})"
        elif sentence.verdict == "unsupported":
            yield f"NOT SUPPORTED: “{_short(sentence.text)}” ({_plain(sentence.reason)})"
    for claim in answer.left_out:
        yield f"Left out: “{_short(claim.text)}” ({_plain(claim.reason)})"
    if answer.abstained and answer.missing:
        yield f"Nothing found mentions: {_plain('; '.join(answer.missing))}"
    if answer.abstained and answer.passages:
        yield ""
        yield "Nearest passages:"
        for passage in answer.passages[:3]:
            yield from passage_lines(passage, scores=False)
    if answer.notice:
        yield ""
        yield f"Note: {printable(answer.notice)}"


def verification_lines(found: Verification) -> Iterator[str]:
    """The sentences of a checked text with verdict, reason and supporting words, then the counts."""
    cited = {citation.number: citation for citation in found.citations}
    for sentence in found.sentences:
        reason = f" ({_plain(sentence.reason)})" if sentence.reason else ""
        yield f"{sentence.verdict:11} {_short(sentence.text)}{reason}"
        for number in sentence.citations:
            citation = cited[number]
            page = f", page {citation.page}" if citation.page else ""
            place = f"{_plain(citation.source)}{page} ({citation.start}:{citation.end})"
            yield f"            {place} “{_short(citation.quote)}”"
    yield ", ".join(f"{found.count(verdict)} {verdict}" for verdict in VERDICTS)


def calibration_lines(found: Calibration) -> Iterator[str]:
    """The figures of a calibration: each threshold, what it refuses wrongly and rightly, and the chosen one."""
    yield f"{found.answerable} answerable and {found.unanswerable} unanswerable questions; AUROC {found.auroc:.3f}"
    yield "threshold  refused wrongly  refused rightly"
    for point in found.points:
        yield f"{point.threshold:9.2f}  {point.false_refusals:15.1%}  {point.refused:15.1%}"
    chosen = found.chosen
    yield (
        f"Chosen: {chosen.threshold:g}, which refuses {chosen.false_refusals:.1%} of the answerable questions and "
        f"{chosen.refused:.1%} of the others."
    )


def passage_lines(passage: Passage, scores: bool = True) -> Iterator[str]:
    """A passage for a terminal: its place, with its scores if they are wanted, then its first words."""
    page = f", page {passage.page}" if passage.page else ""
    found = "".join(f"  {name} {value:g}" for name, value in passage.scores.items()) if scores else ""
    yield f"{passage.rank}. {_plain(passage.source)}{page} ({passage.start}:{passage.end}){found}"
    yield f"    {_short(passage.text)}"


def _plain(text: str) -> str:
    return " ".join(printable(text).split())


def _short(text: str) -> str:
    line = _plain(text)
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1].rstrip() + "…"
