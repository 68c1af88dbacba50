"""Find the columns in which a row of a table has no value.

Owns: going back to the record of a document's tables. Knows nothing about questions.
"""

from __future__ import annotations

from bisect import bisect_right

from rag.store.index import Index
from rag.types import Span

# A table in a cell of another one begins behind it; so many that begin before a row are looked at.
_LOOKED_AT = 4


def empty_columns(index: Index, span: Span) -> tuple[str, ...]:
    """Return the names of the columns in which a row has no value.

    Args:
        index: The index that holds the document.
        span: The row.

    Returns:
        The names that stand above no cell of the row, each once; none where the table has no record. A cell whose words
        are all struck out has no value.
    """
    if not span.cells:
        return ()
    tables = index.catalog.tables(span.source_id)
    number = bisect_right(tables, span.start, key=lambda table: table.start)
    for table in reversed(tables[max(0, number - _LOOKED_AT) : number]):
        if span.start < table.end:
            columns = range(max(map(len, table.names), default=0))
            named = {cell.name for cell in span.cells if cell.start < cell.end}
            names = dict.fromkeys(filter(None, map(table.column_name, columns)))
            return tuple(name for name in names if name not in named)
    return ()
