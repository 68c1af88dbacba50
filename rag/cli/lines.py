"""Answers, verifications, calibrations, passages and ingestions as lines of a terminal.

Owns: how a result reads in a terminal. Knows nothing about how it came about.
"""

from __future__ import annotations

from collections.abc import Iterator

from rag.answering.notices import NOT_MENTIONED, remarks
from rag.cli.one_line import beginning, one_line
from rag.retrieval.calibration import Calibration
from rag.text import printable
from rag.types import Answer, Citation, IngestReport, Passage
from rag.verify.document import VERDICTS, Verification

# A quote longer than this is cut on the terminal; JSON and `rag show` have it whole.
_LONGEST_QUOTE = 300
# Passages shown when the documents do not hold the answer.
_NEAREST = 3
# Reports of files that need no attention are counted, not listed, beyond this many.
_LISTED_FILES = 20


def answer_lines(answer: Answer) -> Iterator[str]:
    """Yield an answer: its text, then each citation with its span and its words, then what is to be said of it."""
    yield printable(answer.answer)
    if answer.citations:
        yield ""
    for citation in answer.citations:
        yield f"[{citation.number}] {_location(citation)}"
        if citation.header:
            yield f"    columns: {_quote(citation.header)}"
        yield f"    “{_quote(citation.quote)}”"
    for sentence in answer.sentences:
        if sentence.verdict == "partly":
            yield f"Only partly supported: “{_quote(sentence.text)}” ({one_line(str(sentence.reason))})"
        elif sentence.verdict == "unsupported":
            yield f"NOT SUPPORTED: “{_quote(sentence.text)}” ({one_line(str(sentence.reason))})"
    for claim in answer.left_out:
        yield f"Left out: “{_quote(claim.text)}” ({one_line(str(claim.reason))})"
    if answer.abstained:
        for notice in answer.notices:
            if notice.code == NOT_MENTIONED:
                yield one_line(notice.text(answer.language))
    if answer.abstained and answer.passages:
        yield ""
        yield "Nearest passages:"
        for passage in answer.passages[:_NEAREST]:
            yield from passage_lines(passage, scores=False)
    if note := remarks(answer):
        yield ""
        yield f"Note: {printable(note)}"


def verification_lines(verification: Verification) -> Iterator[str]:
    """Yield the sentences of a checked text with verdict, reason and supporting words, then the counts."""
    citations = {citation.number: citation for citation in verification.citations}
    for sentence in verification.sentences:
        reason = f" ({one_line(str(sentence.reason))})" if sentence.reason else ""
        yield f"{sentence.verdict:11} {_quote(sentence.text)}{reason}"
        for number in sentence.citations:
            citation = citations[number]
            yield f"            {_location(citation)} “{_quote(citation.quote)}”"
    yield ", ".join(f"{verification.count(verdict)} {verdict}" for verdict in VERDICTS)


def calibration_lines(calibration: Calibration) -> Iterator[str]:
    """Yield the figures of a calibration: what each threshold refuses wrongly and rightly, and the chosen one."""
    yield (
        f"{calibration.answerable} answerable and {calibration.unanswerable} unanswerable questions; "
        f"AUROC {calibration.auroc:.3f}"
    )
    yield "threshold  refused wrongly  refused rightly"
    for point in calibration.points:
        yield f"{point.threshold:9.2f}  {point.false_refusals:15.1%}  {point.refused:15.1%}"
    chosen = calibration.chosen
    yield (
        f"Chosen: {chosen.threshold:g}, which refuses {chosen.false_refusals:.1%} of the answerable questions and "
        f"{chosen.refused:.1%} of the others."
    )


def passage_lines(passage: Passage, scores: bool = True) -> Iterator[str]:
    """Yield a passage: where it stands, then its first words.

    Args:
        passage: The passage.
        scores: Whether its scores are shown.

    Yields:
        Two lines.
    """
    values = "".join(f"  {name} {value:g}" for name, value in passage.scores.items()) if scores else ""
    yield f"{passage.rank}. {_location(passage)}{values}"
    yield f"    {_quote(passage.text)}"


def ingest_lines(report: IngestReport) -> Iterator[str]:
    """Yield what an ingestion did: a few of the files that went well, all that need attention, and the counts."""
    changed = [file for file in report.files if file.status in ("added", "updated", "removed")]
    for file in changed[:_LISTED_FILES]:
        chunks = f"  ({file.chunks} chunks)" if file.chunks else ""
        yield f"{file.status:9} {one_line(file.source)}{chunks}"
    if len(changed) > _LISTED_FILES:
        yield f"… and {len(changed) - _LISTED_FILES} more"
    for file in report.files:
        if file.status in ("skipped", "failed"):
            yield f"{file.status:9} {one_line(file.source)}: {one_line(str(file.reason))}"
    counts = ", ".join(
        f"{report.count(status)} {status}"
        for status in ("added", "updated", "unchanged", "removed", "skipped", "failed")
        if report.count(status)
    )
    yield f"{counts or 'nothing to do'} in {report.seconds:.1f} s (index {report.index})"


def _location(item: Citation | Passage) -> str:
    """Return source, page and span: ``book.pdf, page 3 (120:180)``."""
    page = f", page {item.page}" if item.page else ""
    return f"{one_line(item.source)}{page} ({item.start}:{item.end})"


def _quote(text: str) -> str:
    return beginning(text, _LONGEST_QUOTE)
