"""Answers, verifications, calibrations, passages and ingestions as lines of a terminal.

Owns: how a result reads in a terminal. Knows nothing about how it came about; what made a result is imported inside
the functions, so that a list of sources does not wait for what answers questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rag.cli.one_line import one_line
from rag.notices import Notice
from rag.notices.languages import language_names
from rag.text import plain_line, printable
from rag.types import Answer, Citation, FileReport, IngestReport, LeftOut, Passage, Sentence

if TYPE_CHECKING:
    from rag.retrieval.calibration import Calibration
    from rag.verify.texts.document import Verification

# A quote longer than this is cut on the terminal; JSON and `rag show` have it whole.
_LONGEST_QUOTE = 300
# Passages shown when the documents do not hold the answer.
_NEAREST = 3
# Reports of files that need no attention are counted, not listed, beyond this many.
_LISTED_FILES = 20
# Warnings that are listed of one file.
_LISTED_WARNINGS = 3

# What stands before a part of an answer, in the languages of answers.
LABELS = {
    "en": {
        "columns": "columns",
        "partly": "Only partly supported",
        "unsupported": "Not found in the documents",
        "contradicted": "The sources say otherwise",
        "calculated": "Calculated",
        "left out": "Left out (not supported)",
        "left out contradicted": "Left out (contradicted)",
        "source says": "source says",
        "nearest": "Nearest passages",
        "note": "Note",
        "page": "page",
        "searching": "Searching",
        "reading": "Reading",
        "writing": "Writing",
        "checking": "Checking",
        "anyway": "To see what comes nearest all the same, ask with --anyway.",
    },
    "de": {
        "columns": "Spalten",
        "partly": "Nur teilweise belegt",
        "unsupported": "Nicht in den Dokumenten gefunden",
        "contradicted": "Die Quellen sagen es anders",
        "calculated": "Berechnet",
        "left out": "Weggelassen (nicht belegt)",
        "left out contradicted": "Weggelassen (widersprochen)",
        "source says": "in der Quelle steht",
        "nearest": "Nächstliegende Stellen",
        "note": "Hinweis",
        "page": "Seite",
        "searching": "Sucht",
        "reading": "Liest",
        "writing": "Schreibt",
        "checking": "Prüft",
        "anyway": "Mit --anyway sehen Sie trotzdem, was am nächsten kommt.",
    },
}


def answer_lines(answer: Answer) -> Iterator[str]:
    """Yield an answer: its short answer, its text, each citation with its words, then what is to be said of it.

    All is said in the answer's language.
    """
    from rag.answering.notices import NOT_MENTIONED, remarks

    language = answer.language
    labels = LABELS.get(language, LABELS["en"])
    if answer.short_answer:
        yield printable(answer.short_answer)
        yield ""
    yield printable(answer.answer)
    if answer.citations:
        yield ""
    for citation in answer.citations:
        yield f"[{citation.number}] {location(citation, labels['page'])}"
        if citation.header:
            yield f"    {labels['columns']}: {_quote(citation.header)}"
        yield f"    {in_quotation_marks(citation.quote, language)}"
    yield from verdict_lines(answer, labels)
    if answer.abstained:
        for notice in answer.notices:
            if notice.code == NOT_MENTIONED:
                yield one_line(notice.text(language))
    if answer.abstained and answer.passages:
        yield ""
        yield f"{labels['nearest']}:"
        for passage in answer.passages[:_NEAREST]:
            yield f"{passage.rank}. {location(passage, labels['page'])}"
            yield f"    {_quote(passage.text)}"
        yield labels["anyway"]
    if note := remarks(answer):
        yield ""
        yield f"{labels['note']}: {printable(note)}"


def verdict_lines(answer: Answer, labels: Mapping[str, str]) -> Iterator[str]:
    """Yield the sentences that are not verified and those that were calculated, then what is left out and why.

    Args:
        answer: The answer.
        labels: The words before each, by what they mean.

    Yields:
        A line for each.
    """
    from rag.answering.contradictions import contradicting_span, reason_beside_quote

    for sentence in answer.sentences if answer.marked else ():
        if sentence.verdict in ("partly", "unsupported", "contradicted"):
            yield f"{labels[sentence.verdict]}: {_with_reason(sentence, answer.language)}"
        elif sentence.reason:
            yield f"{labels['calculated']}: {_with_reason(sentence, answer.language)}"
    for claim in answer.left_out:
        if says := contradicting_span(answer, claim):
            reason = reason_beside_quote(claim)
            words = _with_reason(claim, answer.language) if reason else in_quotation_marks(claim.text, answer.language)
            quote = in_quotation_marks(says.quote, answer.language)
            place = f"{one_line(says.source)}, {labels['page']} {says.page}" if says.page else one_line(says.source)
            yield f"{labels['left out contradicted']}: {words} — {labels['source says']} {quote} ({place})"
        else:
            label = "left out contradicted" if claim.verdict == "contradicted" else "left out"
            yield f"{labels[label]}: {_with_reason(claim, answer.language)}"


def verification_lines(verification: Verification) -> Iterator[str]:
    """Yield the sentences of a checked text with verdict, reason, and the words for or against it, then the counts."""
    from rag.verify.texts.document import VERDICTS

    citations = {citation.number: citation for citation in verification.citations}
    for sentence in verification.sentences:
        reason = f" ({one_line(str(sentence.reason))})" if sentence.reason else ""
        yield f"{sentence.verdict:12} {_quote(sentence.text)}{reason}"
        for number in sentence.citations:
            citation = citations[number]
            yield f"{'':12} {location(citation)} “{_quote(citation.quote)}”"
        if sentence.verdict == "contradicted" and sentence.reason and "quote" in sentence.reason.values:
            against = sentence.reason.values
            place = f"{one_line(str(against['source']))} ({against['start']}:{against['end']})"
            yield f"{'':12} but {place} “{_quote(str(against['quote']))}”"
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


def passage_lines(passage: Passage) -> Iterator[str]:
    """Yield a passage: where it stands and its scores, then its first words."""
    values = "".join(f"  {name} {value:g}" for name, value in passage.scores.items())
    yield f"{passage.rank}. {location(passage)}{values}"
    yield f"    {_quote(passage.text)}"


def ingest_lines(report: IngestReport) -> Iterator[str]:
    """Yield what an ingestion did: a few of the files that went well, all that need attention, and the counts."""
    changed = [file for file in report.files if file.status in ("added", "updated", "removed")]
    for file in changed[:_LISTED_FILES]:
        yield from file_lines(file)
    if len(changed) > _LISTED_FILES:
        yield f"… and {len(changed) - _LISTED_FILES} more"
    for file in report.files:
        if file.status in ("skipped", "failed"):
            yield from file_lines(file)
    listed = {file.source for file in changed[:_LISTED_FILES]}
    if others := sum(bool(file.warnings) and file.source not in listed for file in report.files):
        yield f"{others} other {'file was' if others == 1 else 'files were'} not read in full; see: rag sources"
    yield counts_line(report)


def counts_line(report: IngestReport) -> str:
    """Return how many files an ingestion did what with, in one line."""
    counts = ", ".join(
        f"{report.count(status)} {status}"
        for status in ("added", "updated", "unchanged", "removed", "skipped", "failed")
        if report.count(status)
    )
    return f"{counts or 'nothing to do'} in {report.seconds:.1f} s (index {report.index})"


def file_lines(file: FileReport) -> Iterator[str]:
    """Yield what an ingestion did with one file, and what of it was not read."""
    if file.status in ("skipped", "failed"):
        yield f"{file.status:9} {one_line(file.source)}: {one_line(str(file.reason))}"
        return
    chunks = f"  ({file.chunks} chunks{_not_read(file)})" if file.chunks else ""
    yield f"{file.status:9} {one_line(file.source)}{chunks}"
    yield from warning_lines(file.warnings, 10)


def warning_lines(warnings: Sequence[Notice], indent: int) -> Iterator[str]:
    """Yield what of a file was not read: the first few sentences, and how many more there are.

    Args:
        warnings: The warnings of the file.
        indent: How many spaces stand before each.

    Yields:
        The lines.
    """
    space = " " * indent
    yield from (f"{space}{one_line(str(warning))}" for warning in warnings[:_LISTED_WARNINGS])
    if len(warnings) > _LISTED_WARNINGS:
        yield f"{space}… and {len(warnings) - _LISTED_WARNINGS} more (rag sources --json has all)"


def _not_read(file: FileReport) -> str:
    """Return the languages in which a file is not read well, as they stand behind its chunks."""
    from rag.store.reading import NOT_READ_WELL

    if file.reason is None or file.reason.code != NOT_READ_WELL:
        return ""
    return f", not read well: {language_names(file.reason.values['languages'])}"


def location(item: Citation | Passage, page_label: str = "page") -> str:
    """Return source, page and span: ``book.pdf, page 3 (120:180)``.

    Args:
        item: What stands there.
        page_label: The word for a page in the reader's language.

    Returns:
        The place, in one line.
    """
    page = f", {page_label} {item.page}" if item.page else ""
    return f"{one_line(item.source)}{page} ({item.start}:{item.end})"


def _with_reason(judged: Sentence | LeftOut, language: str) -> str:
    """Return a sentence in quotation marks, with the reason for its verdict in brackets."""
    reason = f" ({one_line(judged.reason.text(language))})" if judged.reason else ""
    return f"{in_quotation_marks(judged.text, language)}{reason}"


def in_quotation_marks(text: str, language: str) -> str:
    """Return the beginning of a text in the quotation marks of a language.

    Args:
        text: Any text.
        language: The language of the answer.

    Returns:
        One line.
    """
    return Notice("quote", {"words": _quote(text)}).text(language)


def _quote(text: str) -> str:
    return plain_line(text, _LONGEST_QUOTE)
