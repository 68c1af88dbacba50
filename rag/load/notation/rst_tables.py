"""Write the tables of reStructuredText as HTML: drawn grids, simple tables, lists and CSV as tables.

Owns: where the cells of each form stand. Knows nothing about what is in a cell.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

# Writes the lines of a cell as HTML.
CellWriter = Callable[[list[str]], str]

_MOST_UNITS = 200_000
_SIMPLE_BORDER = re.compile(r"={2,}(?: {1,20}={2,})+ *$")
_DASHES = re.compile(r"[-=]+")


def is_simple_border(line: str) -> bool:
    """Tell whether a line is the border of a simple table."""
    return bool(_SIMPLE_BORDER.match(line.rstrip()[:2000]))


def grid_table(lines: Sequence[str], write: CellWriter) -> str:
    """Return a table that is drawn with lines as HTML; "" where the lines draw none.

    Args:
        lines: Its lines, without indentation.
        write: Writes the lines of a cell.

    Returns:
        The table.
    """
    width = max(map(len, lines))
    rows_of_text = [line.ljust(width) for line in lines]
    borders = [y for y, line in enumerate(rows_of_text) if line.startswith("+") or "+-" in line or "-+" in line]
    xs = sorted({x for y in borders for x, sign in enumerate(rows_of_text[y]) if sign == "+"})
    if len(borders) < 2 or len(xs) < 2 or len(borders) * len(xs) > _MOST_UNITS:
        return ""
    head = next((number for number, y in enumerate(borders) if number and set(rows_of_text[y]) <= set("+=|  ")
                 and "=" in rows_of_text[y]), 0)  # fmt: skip
    seen: set[tuple[int, int]] = set()
    rows: list[str] = []
    for row in range(len(borders) - 1):
        cells: list[str] = []
        for column in range(len(xs) - 1):
            if (row, column) in seen:
                continue
            right, bottom = column + 1, row + 1
            top = borders[row] + 1
            while right < len(xs) - 1 and not _is_wall(rows_of_text, xs[right], top, borders[row + 1]):
                right += 1
            while bottom < len(borders) - 1 and not _is_floor(rows_of_text[borders[bottom]], xs[column], xs[right]):
                bottom += 1
            seen.update((y, x) for y in range(row, bottom) for x in range(column, right))
            content = [line[xs[column] + 1 : xs[right]] for line in rows_of_text[top : borders[bottom]]]
            tag = "th" if row < head else "td"
            spans = _spans(right - column, bottom - row)
            cells.append(f"<{tag}{spans}>{write(_dedented(content))}</{tag}>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return table_html(rows, head)


def simple_table(lines: Sequence[str], write: CellWriter) -> str:
    """Return a simple table as HTML.

    Args:
        lines: Its lines, with the borders.
        write: Writes the lines of a cell.

    Returns:
        The table.
    """
    starts = [run.start() for run in _DASHES.finditer(lines[0])]
    columns = list(zip(starts, [*starts[1:], None], strict=True))
    borders = [number for number, line in enumerate(lines) if is_simple_border(line)]
    head_end = borders[1] if len(borders) > 2 else 0
    lines_drawn = set(borders)
    rows: list[tuple[bool, list[tuple[str, int]]]] = []
    for number, line in enumerate(lines[1:], 1):
        if number in lines_drawn or not line.strip():
            continue
        if set(line.strip()) <= {"-", " "} and rows:
            # Dashes under a row tell which of its columns are one.
            rows[-1] = (rows[-1][0], _merged(lines[number - 1], line, columns))
            continue
        texts = [(line[start:end].strip(), 1) for start, end in columns]
        if rows and not texts[0][0] and len(rows[-1][1]) == len(texts):
            pairs = zip(rows[-1][1], texts, strict=True)
            rows[-1] = (rows[-1][0], [(f"{above} {below}".strip(), 1) for (above, _), (below, _) in pairs])
        else:
            rows.append((number < head_end, texts))
    written = []
    for is_head, cells in rows:
        tag = "th" if is_head else "td"
        row = "".join(f"<{tag}{_spans(span, 1)}>{write([text])}</{tag}>" for text, span in cells)
        written.append(f"<tr>{row}</tr>")
    return table_html(written, sum(is_head for is_head, _ in rows))


def list_table(lines: Sequence[str], head_rows: int, label_columns: int, write: CellWriter) -> str:
    """Return a list of lists as a table of HTML.

    Args:
        lines: The lines of the list, without indentation.
        head_rows: How many rows name the columns.
        label_columns: How many columns name the rows.
        write: Writes the lines of a cell.

    Returns:
        The table.
    """
    rows: list[list[list[str]]] = []
    at = 0
    for line in lines:
        opening = re.match(r"[*+-](\s{1,20})[*+-](?:\s|$)", line)
        if opening:
            at = opening.end(1)
            rows.append([[line[at + 2 :]]])
        elif rows and re.match(rf"\s{{{at}}}[*+-](?:\s|$)", line):
            rows[-1].append([line[at + 2 :]])
        elif rows:
            rows[-1][-1].append(line[at + 2 :])
    written = []
    for number, cells in enumerate(rows):
        tags = ["th" if number < head_rows or column < label_columns else "td" for column in range(len(cells))]
        row = "".join(f"<{tag}>{write(cell)}</{tag}>" for tag, cell in zip(tags, cells, strict=True))
        written.append(f"<tr>{row}</tr>")
    return table_html(written, head_rows)


def csv_table(lines: Sequence[str], header: str, head_rows: int, write: CellWriter) -> str:
    """Return lines of CSV as a table of HTML.

    Args:
        lines: The lines.
        header: The line that names the columns, or "".
        head_rows: How many of the lines name the columns.
        write: Writes the lines of a cell.

    Returns:
        The table.
    """
    texts = [*([header] if header else []), *lines]
    head_rows += bool(header)
    try:
        rows = [row for row in csv.reader(io.StringIO("\n".join(texts)), skipinitialspace=True) if row]
    except csv.Error:
        return f"<pre>{html.escape(chr(10).join(texts))}</pre>"
    written = []
    for number, row in enumerate(rows):
        tag = "th" if number < head_rows else "td"
        written.append("<tr>" + "".join(f"<{tag}>{write(cell.split(chr(10)))}</{tag}>" for cell in row) + "</tr>")
    return table_html(written, head_rows)


def table_html(rows: Sequence[str], head: int) -> str:
    """Return rows of HTML as a table.

    Args:
        rows: The rows.
        head: How many of them name the columns.

    Returns:
        The table.
    """
    above = f"<thead>{''.join(rows[:head])}</thead>" if head else ""
    return f'<table border="1">{above}<tbody>{"".join(rows[head:])}</tbody></table>'


def _is_wall(lines: Sequence[str], x: int, top: int, bottom: int) -> bool:
    """Tell whether a line is drawn to the right of a cell."""
    return any(lines[y][x] == "|" for y in range(top, bottom)) and all(lines[y][x] in "|+" for y in range(top, bottom))


def _is_floor(line: str, left: int, right: int) -> bool:
    """Tell whether a line is drawn under a cell."""
    return set(line[left + 1 : right]) <= set("-=+")


def _spans(columns: int, rows: int) -> str:
    return (f' colspan="{columns}"' if columns > 1 else "") + (f' rowspan="{rows}"' if rows > 1 else "")


def _merged(line: str, dashes: str, columns: Sequence[tuple[int, int | None]]) -> list[tuple[str, int]]:
    """Return the cells of a row whose columns are drawn together where one run of dashes goes over them."""
    runs = [run.start() for run in _DASHES.finditer(dashes)]
    cells = []
    for start, end in pairwise([*runs, max(len(line), len(dashes)) + 1]):
        span = sum(start <= column < end for column, _ in columns)
        cells.append((line[start:end].strip(), max(1, span)))
    return cells


def _dedented(lines: list[str]) -> list[str]:
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    least = min(indents, default=0)
    return [line[least:].rstrip() for line in lines]
