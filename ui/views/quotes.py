"""The quotes of an answer in groups: those that stand together, under the line that leads to them. Pure.

Owns: which quotes make a group, which rows of tables make one table, and how many are shown before the rest is folded.
Knows nothing about HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.types import Citation, Kind
from ui.views.cited_table import CitedTable, cited_table
from ui.views.pieces import Piece

# Quotes that are shown at once: those of a question of fact rest one statement, those of a list are the answer.
_SHOWN, _SHOWN_OF_MANY = 2, 8
_MANY: tuple[Kind, ...] = ("list", "summary", "overview", "comparison")


@dataclass(frozen=True, slots=True)
class QuoteGroup:
    """Quotes that stand together.

    Attributes:
        label: The line that leads to them, such as the name of a document, without its colon; "" for none.
        citations: What they quote, in order.
    """

    label: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as it is shown: words, or rows that make one small table.

    Attributes:
        citations: What it quotes; one for each row of a table.
        table: The rows in columns; None for words.
    """

    citations: tuple[Citation, ...]
    table: CitedTable | None = None


def in_groups(pieces: Iterable[Piece]) -> list[Piece | QuoteGroup]:
    """Return the pieces of an answer, those in groups that quote whole lines.

    Args:
        pieces: The pieces, in order.

    Returns:
        The pieces and the groups, in order. White space around a group is gone.
    """
    given = [piece for piece in pieces if piece.text]
    shown: list[Piece | QuoteGroup] = []
    for number, piece in enumerate(given):
        citation = piece.quoted
        if citation is None or piece.verdict != "verified" or not _is_on_own_line(given, number):
            shown.append(piece)
            continue
        _drop_white_space(shown)
        last = shown.pop() if shown else None
        if isinstance(last, QuoteGroup):
            shown.append(QuoteGroup(last.label, (*last.citations, citation)))
        elif last is not None and _is_label(last):
            _drop_white_space(shown)
            shown.append(QuoteGroup(last.text.strip().removesuffix(":"), (citation,)))
        else:
            shown += [*([last] if last else []), QuoteGroup("", (citation,))]
    return shown


def _drop_white_space(shown: list[Piece | QuoteGroup]) -> None:
    while shown and isinstance(last := shown[-1], Piece) and not last.text.strip():
        shown.pop()


def _is_on_own_line(pieces: Sequence[Piece], number: int) -> bool:
    before = pieces[number - 1].text if number else "\n"
    after = pieces[number + 1].text if number + 1 < len(pieces) else "\n"
    return before.rstrip(" ").endswith("\n") and after.lstrip(" ").startswith("\n")


def _is_label(piece: Piece) -> bool:
    line = piece.text.strip()
    return piece.verdict == "not a claim" and not piece.citations and line.endswith(":") and "\n" not in line


def quoted_of(citations: Sequence[Citation]) -> list[Quoted]:
    """Return quotes as they are shown: rows of one kind that follow each other are one table."""
    shown: list[Quoted] = []
    for citation in citations:
        table = cited_table(citation)
        last = shown[-1] if shown else None
        if table and last and last.table and last.table.names == table.names and last.citations[0].source_id == (
            citation.source_id
        ):  # fmt: skip
            rows = CitedTable(table.names, (*last.table.rows, *table.rows))
            shown[-1] = Quoted((*last.citations, *[citation] * len(table.rows)), rows)
        else:
            shown.append(Quoted((citation,) * len(table.rows) if table else (citation,), table))
    return shown


def shown_at_once(quotes: Sequence[Quoted], kind: Kind) -> int:
    """Return how many quotes of a group are shown before the rest is folded; one more is never folded alone."""
    most = _SHOWN_OF_MANY if kind in _MANY else _SHOWN
    return len(quotes) if len(quotes) == most + 1 and kind in _MANY else most
