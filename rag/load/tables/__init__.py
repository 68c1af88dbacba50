"""Tables of every format: cells to rows of text, "City: Bergen; Staff: 45", and the places of the cells in it.

Owns: how a row reads, which rows and columns are names, and what spans do. Knows nothing about formats.

    grid     cells that span rows and columns, to rows in which each column has its cell
    signs    columns of signs, joined to the numbers that they belong to
    names    which rows name the columns, and which columns name the rows
    kinds, evidence    what the words of a cell are, and what speaks for names
    heading  the names of columns made from rows of names
    blocks   the tables of a sheet, parted by empty rows and columns
    write    rows to blocks of a document, and the record of the table

Interface: ``add_table(builder, rows, …)`` with rows of ``Cell``; ``spread`` for formats whose rows give only the cells
that begin in them, ``text_rows`` for formats without spans; ``row_text`` for one row; ``add_parts`` for sheets, where
nothing marks a table.
"""

from rag.load.tables.areas import Area, SheetRow
from rag.load.tables.blocks import add_parts
from rag.load.tables.grid import Cell, spread, text_rows
from rag.load.tables.write import add_table, row_text

__all__ = ["Area", "Cell", "SheetRow", "add_parts", "add_table", "row_text", "spread", "text_rows"]
