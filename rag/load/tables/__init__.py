"""Tables of every format: cells to rows of text, "City: Bergen; Staff: 45", and the places of the cells in it.

Owns: how a row reads, which rows and columns are names, and what spans do. Knows nothing about formats.

    grid     cells that span rows and columns, to rows in which each column has its cell
    names    which rows name the columns, and which columns name the rows
    write    rows to blocks of a document, and the record of the table

Interface: ``add_table(builder, rows, …)`` with rows of ``Cell``; ``spread`` for formats whose rows give only the cells
that begin in them, ``text_rows`` for formats without spans; ``row_text`` for one row.
"""

from rag.load.tables.grid import Cell, spread, text_rows
from rag.load.tables.write import add_table, row_text

__all__ = ["Cell", "add_table", "row_text", "spread", "text_rows"]
