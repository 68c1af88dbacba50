"""What a reader sees of a view of a source: its words, its marks, its elements and its tables.

Owns: reading the HTML of a view back. Knows nothing about how it is made.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from rag.ingestion.pipeline import ingest
from rag.load.loader import Limits
from rag.load.parse import parse
from rag.load.sniff import sniff
from rag.settings import Settings
from rag.store.index import Index
from ui.views.source_blocks import SourceText

# What the style sheet or the grid numbers, and no word of the document.
_NUMBERS = ("f-letters", "f-row-number", "f-page-number")
_VOID = ("br", "col", "hr", "input", "img")


class Shown(HTMLParser):
    """The words of a view, those of its marks, and its elements; words of ``<mark class="f-other">`` stand apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.marked, self.others = "", [""], [""]
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        # The words of each element that says where it begins in the text.
        self.at: dict[int, str] = {}
        # The cells of each row, and whether a row stands in the head of its table.
        self.rows: list[list[str]] = []
        self._open: list[tuple[str, int | None]] = []
        self._skipped = 0
        self._mark = ""
        # A Markup would escape what is added to its parts.
        self.feed(str(page))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.elements.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag in _VOID:
            self.handle_data("\n" if tag == "br" else "")
            return
        at = values.get("data-at")
        self._open.append((tag, int(at) if at else None))
        if at:
            self.at.setdefault(int(at), "")
        if self._skipped or (values.get("class") or "") in _NUMBERS:
            self._skipped += 1
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "mark":
            self._mark = "other" if values.get("class") == "f-other" else "cited"
            (self.others if self._mark == "other" else self.marked).append("")

    def handle_endtag(self, tag: str) -> None:
        self._mark = "" if tag == "mark" else self._mark
        self._skipped = max(0, self._skipped - 1)
        self._open.pop()
        if tag in ("td", "th", "p", "li", "h3", "h4", "h5", "h6", "dd", "dt", "pre", "summary", "blockquote"):
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        if self._skipped:
            return
        self.words += data
        for _, at in self._open:
            if at is not None:
                self.at[at] += data
        if any(tag in ("td", "th") for tag, _ in self._open):
            self.rows[-1][-1] += data
        if self._mark and data != " ":
            (self.others if self._mark == "other" else self.marked)[-1] += data

    @property
    def marks(self) -> list[str]:
        return self.marked[1:]

    @property
    def cells(self) -> list[list[str]]:
        return [[cell.strip() for cell in row] for row in self.rows]


def squeezed(text: str) -> str:
    """Words with one space between them."""
    return " ".join(text.split())


def letters(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(re.findall(r"[^\W_]", text))


def source_text(data: bytes | str, name: str) -> SourceText:
    """A file as it is read, without an index."""
    data = data.encode() if isinstance(data, str) else data
    document = parse(data, name, sniff(data, name), Limits())
    return SourceText(document.text, document.blocks, document.tables, document.pages, document.media_type, name)


def id_of(index: Index, source: str) -> str:
    return next(record.source_id for record in index.catalog.sources() if record.source == source)


def words_of(index: Index, source: str) -> str:
    document = index.catalog.document(id_of(index, source))
    assert document is not None
    return document.text


def span_of(index: Index, source: str, words: str) -> tuple[str, int, int]:
    start = words_of(index, source).index(words)
    return id_of(index, source), start, start + len(words)


def added(index: Index, folder: Path, settings: Settings, **files: bytes | str) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    ingest(index, [folder])
