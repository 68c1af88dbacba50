"""Questions about a cell of a table. Pure.

Owns: which cells are worth asking for, and the question that names the table, the row and the column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rag.text import words
from rag.types import Document, Table

# Cells that hold nothing.
_EMPTY = frozenset(("", "-", "–", "—", "n/a", "na", "nan", "none", "null", "?", "x", "0", "yes", "no"))
_WORDS_OF_CELL = range(1, 16)
_WORDS_OF_NAME = range(1, 9)
_ODD = re.compile(r"[\x00-\x1f\ufffd\ue000-\uf8ff|]|\.{3}|…|_{3}|^\W+$|\]\(|https?:")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with the words that name it.

    Attributes:
        row: The words of the first cell of its row.
        column: The name of its column.
        text: Its words.
        start: Where the row begins in the document's text.
        end: Where the cell ends.
    """

    row: str
    column: str
    text: str
    start: int
    end: int


def cells_of(document: Document, table: Table) -> Iterator[Cell]:
    """Yield the cells of a table that can be asked for: their row and column have names that stand there once.

    Args:
        document: The document.
        table: One of its tables.

    Yields:
        The cells, in the order of the text.
    """
    width = 1 + max((cell.column for cell in table.cells), default=0)
    named = ((column, table.column_name(column)) for column in range(width))
    names = {column: " ".join(name.split()) for column, name in named if name}
    if len(set(names.values())) < len(names):
        return
    rows: dict[int, dict[int, tuple[int, int]]] = {}
    for cell in table.cells:
        if cell.columns == 1:
            rows.setdefault(cell.row, {})[cell.column] = (cell.start, cell.end)
    firsts = {row: _words(document, cells[0]) for row, cells in rows.items() if 0 in cells}
    counted = Counter(firsts.values())
    for row, cells in rows.items():
        first = firsts.get(row, "")
        if counted[first] != 1 or not _is_name(first):
            continue
        for column, (start, end) in cells.items():
            text = _words(document, (start, end))
            name = names.get(column, "")
            if column and _is_name(name) and _is_worth(text) and text.casefold() not in (first + name).casefold():
                yield Cell(first, name, text, cells[0][0], end)


def cell_question(cell: Cell, about: str) -> str:
    """Return the question for a cell.

    Args:
        cell: The cell.
        about: What names the table: the heading above it, the title of its document or its file, as in ``“Tides”``.

    Returns:
        A question that stands alone.
    """
    return f"In {about}, what is given as “{cell.column}” for “{cell.row}”?"


def _words(document: Document, span: tuple[int, int]) -> str:
    return " ".join(document.text[slice(*span)].split())


def _is_name(text: str) -> bool:
    return (
        len(words(text)) in _WORDS_OF_NAME
        and any(character.isalpha() for character in text)
        and len(text) <= 60
        and not _ODD.search(text)
        and text.casefold() not in _EMPTY
        and text.isprintable()
    )


def _is_worth(text: str) -> bool:
    return (
        len(words(text)) in _WORDS_OF_CELL
        and text.casefold() not in _EMPTY
        and not _ODD.search(text)
        and (len(text) > 1 and text.isprintable() and text.count("(") == text.count(")"))
    )
