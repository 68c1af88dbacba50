"""Answer who wrote a mail, to whom and when from the lines at its head.

Owns: which header a question asks for, and of which mail. Knows nothing about how mails are read or an answer is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.answering.short_answers.types import ShortAnswer, cut
from rag.question.mentions import question_mentions, stands_in
from rag.retrieval.search import SelectedEvidence
from rag.store.index import Index
from rag.text import terms
from rag.types import Document, Evidence, Passage, Span, page_of

_MAIL = re.compile(r"\b(?:e-?mails?|mails?|message|nachricht)\b", re.I)
_WROTE = (
    r"(?:wrote|written|write|sent|send|sends|writes|schrieb\w*|geschrieben|schickte\w*|geschickt|gesendet|sandte\w*)"
)
# What a question asks a mail for; the first that matches counts.
_HEADERS = (
    ("Cc", re.compile(r"\b(?:copied|in copy|cc|in kopie)\b", re.I)),
    (
        "To",
        re.compile(
            r"\b(?:to whom|an wen|who(?:m)? (?:is|was|were|are|did|does)\b.*\b(?:to|addressed to)\b\W*$"
            r"|who(?:m)?\b.*\b(?:received?|gets?|got)\b|recipients?|addressee|empfänger\w*|wer bekam|wer erhielt)",
            re.I,
        ),
    ),
    (
        "From",
        re.compile(
            rf"\b(?:who {_WROTE}|wer {_WROTE}|wer hat\b.*\b{_WROTE}|by whom|from whom|von wem|sender|author|absender\w*"
            r"|who (?:is|was)\b.*\bfrom\b\W*$)",
            re.I,
        ),
    ),
    (
        "Date",
        re.compile(
            rf"\b(?:when (?:was|were|did)\b.*\b{_WROTE}|wann (?:wurde|hat)?\b.*\b{_WROTE}"
            r"|(?:what|which) (?:day|date)\b.*\b(?:sent|written)|(?:date|datum) (?:of|der|von))\b",
            re.I,
        ),
    ),
    ("Subject", re.compile(r"\b(?:what|was|wie|which)\b.*\b(?:subject|betreff)\b", re.I)),
)
_LINE = re.compile(r"(?P<name>From|To|Cc|Date|Subject): (?P<value>\S.*)")
# "Ada Lund <ada@example.org>" is shown by her name.
_ADDRESS = re.compile(r"\s*<[^<>\s]+>\s*$")
# Words of a question that say nothing about which mail is meant.
_ASKING = frozenset(terms("mail email e-mail message nachricht subject betreff sender author recipient copy date"))
_VERB = re.compile(rf"{_WROTE}|received?|gets?|got|copied|addressed|empfänger|absender|cc|kopie", re.I)
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class _Mail:
    """A message of a document: its headers by name, each with where its line stands, and all its words."""

    lines: dict[str, tuple[int, int]]
    text: str


def mail_line(index: Index, question: str, passages: Sequence[Passage]) -> Evidence | None:
    """Return the line at the head of a mail that answers a question about it.

    Args:
        index: The index that holds the documents.
        question: The question: "Who wrote the mail about the keys?"
        passages: What was found for it, best first.

    Returns:
        The line of the mail that has most words of the question; None where the question asks for none, where no mail
        has at least half of them, and where two have as many.
    """
    name = next((name for name, asking in _HEADERS if asking.search(question)), None)
    if name is None or not _MAIL.search(question):
        return None
    about = [
        term
        for term in question_mentions(question)
        if not _ASKING.intersection(term.spellings) and not _VERB.fullmatch(term.text)
    ]
    found: list[tuple[int, Passage, Document, tuple[int, int]]] = []
    for passage in {passage.source_id: passage for passage in reversed(passages)}.values():
        document = index.catalog.document(passage.source_id)
        for mail in _mails(document) if document else ():
            words = f"{passage.title}\n{mail.text}"
            count = sum(stands_in(term, words) for term in about)
            if document and name in mail.lines and 2 * count >= len(about):
                found.append((count, passage, document, mail.lines[name]))
    best = max((count for count, *_ in found), default=0)
    of_best = [one for one in found if one[0] == best]
    if len(of_best) != 1:
        return None
    _, passage, document, (start, end) = of_best[0]
    span = Span(passage.source, passage.source_id, passage.title, start, end, document.text[start:end])
    return Evidence(replace(span, page=page_of(document.pages, start)), 1.0, 1.0, 1.0, 1, start)


def mail_answer(line: Evidence) -> ShortAnswer | None:
    """Return what a line at the head of a mail says, a person by the name alone; None where it is too long."""
    text = line.span.quote
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    address = _ADDRESS.search(match["value"])
    start, end = match.start("value"), match.start("value") + address.start() if address else match.end("value")
    value = text[start:end].strip('"')
    if not value or len(value.split()) > _MOST_WORDS:
        return None
    start = text.index(value, start)
    return ShortAnswer(value, cut(line.span, start, start + len(value)))


def with_line(selected: SelectedEvidence, line: Evidence) -> SelectedEvidence:
    """Answer with a line at the head of a mail, and nothing else: what it says stands nowhere in the mail's text.

    Args:
        selected: The evidence.
        line: The line.

    Returns:
        The evidence with the line as all that the answer rests on.
    """
    return replace(selected, evidence=(line, *selected.evidence), evidence_by_part=((line,),), missing=())


def _mails(document: Document) -> Iterator[_Mail]:
    """Yield the messages of a document: each begins with the rows of its headers."""
    heads: list[dict[str, tuple[int, int]]] = []
    last_end = -1
    for block in document.blocks:
        line = document.text[block.start : block.end].rstrip()
        match = _LINE.fullmatch(line) if block.kind == "row" else None
        if match is None:
            continue
        is_next = heads and not document.text[last_end : block.start].strip() and match["name"] not in heads[-1]
        if not is_next:
            heads.append({})
        heads[-1][match["name"]] = block.start, block.start + len(line)
        last_end = block.start + len(line)
    heads = [head for head in heads if "From" in head]
    starts = [min(start for start, _ in head.values()) for head in heads]
    for head, (start, end) in zip(heads, pairwise([*starts, len(document.text)]), strict=True):
        yield _Mail(head, document.text[start:end])
