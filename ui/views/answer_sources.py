"""The sources of an answer, each document once. Pure.

Owns: which places of which document an answer cites or also looked at, and how a place is named in a few words. Knows
nothing about HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from rag.text import shorten
from rag.types import Answer, Citation, Passage
from ui.i18n import Translate

_LONGEST_HEADING, _LONGEST_ROW, _LONGEST_WORDS = 46, 30, 36
# What stands between the title and the headings of a passage, and between the names of columns.
_JOINT, _COLUMNS = " › ", " | "


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A place in a document.

    Attributes:
        key: By which it is opened: ``c3`` is citation 3, ``p2`` the passage of rank 2.
        number: The number of the citation; "" for a passage.
        name: Its page, heading or row in a few words; its first words where it has none.
        is_warned: Whether its words read like orders to a language model.
    """

    key: str
    number: str
    name: str
    is_warned: bool = False


@dataclass(slots=True)
class SourceDocument:
    """A document with the places of it.

    Attributes:
        title: What it is called.
        file: The name of its file where that says more than the title; "" otherwise.
        places: The places, in the order of the answer.
    """

    title: str
    file: str
    places: list[SourcePlace] = field(default_factory=list)


def cited_documents(answer: Answer, t: Translate) -> list[SourceDocument]:
    """Return the documents that an answer cites, each once, with their places."""
    return _documents(
        (citation, SourcePlace(f"c{citation.number}", str(citation.number), _place(citation, answer.passages, t)))
        for citation in answer.citations
    )


def other_documents(answer: Answer, t: Translate) -> list[SourceDocument]:
    """Return the documents of the passages that an answer looked at and does not cite."""
    cited = {(citation.source_id, citation.start) for citation in answer.citations}
    return _documents(
        (passage, SourcePlace(f"p{passage.rank}", "", _place(passage, (passage,), t), bool(passage.instructions)))
        for passage in answer.passages
        if not any(id_ == passage.source_id and passage.start <= start < passage.end for id_, start in cited)
    )


def title_and_file(item: Citation | Passage) -> tuple[str, str]:
    """Return what a document is called, and the name of its file where that is another; "" where it is not."""
    title = item.title.strip()
    if not title:
        return item.source, ""
    named = (item.source, str(PurePosixPath(item.source).with_suffix("")) if PurePosixPath(item.source).name else "")
    return title, "" if title.casefold() in map(str.casefold, named) else item.source


def _documents(places: Iterable[tuple[Citation | Passage, SourcePlace]]) -> list[SourceDocument]:
    documents: dict[tuple[str, str], SourceDocument] = {}
    for item, place in places:
        document = documents.setdefault((item.source, item.source_id), SourceDocument(*title_and_file(item)))
        document.places.append(place)
    return list(documents.values())


def _place(item: Citation | Passage, passages: Sequence[Passage], t: Translate) -> str:
    page = t("page", page=item.page) if item.page else ""
    row = _row(item) if isinstance(item, Citation) else ""
    name = " · ".join(filter(None, (page, row or shorten(_heading(item, passages), _LONGEST_HEADING))))
    return name or shorten(item.text if isinstance(item, Passage) else item.quote, _LONGEST_WORDS)


def _row(citation: Citation) -> str:
    """Return the words that name a cited row of a table: its label, or its first cell."""
    cells = [cell for cell in citation.cells if cell.row == citation.cells[0].row]
    cell = next((one for one in cells if one.is_label), cells[0] if cells else None)
    if cell is None:
        return ""
    words = cell.label or citation.quote[cell.start - citation.start : cell.end - citation.start]
    # A number alone would be taken for that of the citation.
    named = words if any(map(str.isalpha, words)) or not cell.name else f"{cell.name} {words}"
    return shorten(named.replace("`", ""), _LONGEST_ROW)


def _heading(item: Citation | Passage, passages: Sequence[Passage]) -> str:
    """Return the heading above a place, as the passage knows it that holds it; the title alone is none."""
    context = next(
        (one.context for one in passages if one.source_id == item.source_id and one.start <= item.start < one.end), ""
    )
    headings = [part.strip() for part in context.split(_JOINT)[1:]]
    return next((part for part in reversed(headings) if part and _COLUMNS not in part), "")
