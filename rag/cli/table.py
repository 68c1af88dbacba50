"""Rows in columns on a terminal.

Owns: how wide each column is, and that a table which is too wide becomes a list of its rows. Knows nothing about what
the cells say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.cli.screen import cells, columns, padded, say, styled, wrap

_GAP = 2
# A column that is narrower breaks words.
_NARROWEST = 10
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULE = re.compile(r"[\s|:-]+$")


def is_row(line: str) -> bool:
    """Return whether a line is a row of a table in Markdown."""
    return bool(_ROW.match(line))


def is_rule(line: str) -> bool:
    """Return whether a row is the one of dashes below the names of the columns."""
    return is_row(line) and bool(_RULE.match(line)) and "-" in line


def cells_of(row: str) -> list[str]:
    """Return the cells of a row in Markdown, without the spaces around them."""
    bare = row.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", bare)]


def say_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: in columns on a terminal, with tabs between its cells for a program.

    Args:
        names: The names of the columns.
        rows: The cells of each row.
    """
    width = columns()
    for line in table_lines(names, rows, width) if width else ["\t".join(row) for row in (names, *rows)]:
        say(line)


def table_lines(names: Sequence[str], rows: Sequence[Sequence[str]], width: int, indent: str = "") -> list[str]:
    """Return a table as lines.

    Args:
        names: The names of the columns; none where they have none.
        rows: The cells of each row, as many as there are names.
        width: Columns of the terminal.
        indent: What stands before each line.

    Returns:
        The lines: a row is one line, or several where cells are wrapped. Where the columns do not fit beside each
        other, each cell stands on a line of its own, behind its name.
    """
    count = max(len(names), *map(len, rows)) if rows else len(names)
    everything = [list(row) + [""] * (count - len(row)) for row in ([names] if names else []) + list(rows)]
    widths = _widths(everything, width - cells(indent) - _GAP * (count - 1))
    if widths is None:
        return _as_list(names, rows, width, indent)
    lines: list[str] = []
    for at, row in enumerate(everything):
        is_head = bool(names) and at == 0
        wrapped = [
            wrap(styled(cell, "bold") if is_head else cell, wide) for cell, wide in zip(row, widths, strict=True)
        ]
        for parts in zip(*(cell + [""] * (max(map(len, wrapped)) - len(cell)) for cell in wrapped), strict=True):
            line = (" " * _GAP).join(padded(part, wide) for part, wide in zip(parts, widths, strict=True))
            lines.append(f"{indent}{line}".rstrip())
        if is_head:
            rules = ("─" * wide if name else " " * wide for name, wide in zip(names, widths, strict=True))
            lines.append(indent + styled((" " * _GAP).join(rules).rstrip(), "dim"))
    return lines


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Return the width of each column, the widest narrowed until all fit; None where they cannot."""
    widest = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    # A word is not broken.
    least = [
        max([cells(word) for cell in column for word in cell.split()] or [0]) for column in zip(*rows, strict=True)
    ]
    least = [max(word, min(_NARROWEST, wide)) for word, wide in zip(least, widest, strict=True)]
    if sum(least) > room:
        return None
    widths = list(widest)
    while sum(widths) > room:
        # What is widest beyond its words gives way, evenly.
        at = max(range(len(widths)), key=lambda column: (widths[column] > least[column], widths[column]))
        widths[at] -= 1
    return widths


def _as_list(names: Sequence[str], rows: Sequence[Sequence[str]], width: int, indent: str) -> list[str]:
    """Return a line for each cell, behind its name; a cell without a name ends the line before."""
    lines: list[str] = []
    for row in rows:
        told: list[str] = []
        for at, cell in enumerate(row):
            name = names[at] if at < len(names) else ""
            if names and not name and told:
                told[-1] += f" {cell}"
            else:
                told.append(f"{name}: {cell}" if name else cell)
        for line in told:
            lines += wrap(line, width, indent, indent + "  ")
        lines.append("")
    return lines[:-1]
