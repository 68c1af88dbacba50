r"""Write the tables of TeX as HTML.

Owns: rows, cells and their spans, and which rows name the columns. Knows nothing about what is in a cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.load.notation.rst_tables import table_html

RULES = frozenset("hline toprule midrule bottomrule firsthline lasthline specialrule".split())
# Marks of a long table: the rows before them are repeated on its pages, at their top or their foot.
PAGE_PARTS = frozenset("endfirsthead endhead endfoot endlastfoot".split())
_MOST_SPANNED = 500


@dataclass(slots=True)
class TexCell:
    """A cell: its words as HTML, and what it spans."""

    words: str = ""
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class TexTable:
    """A table while its rows are read.

    Attributes:
        rows: The rows that are read.
        cell: The cell at hand; the row at hand ends with it.
        caption: What is said of it, as HTML.
        rules: Before which rows lines are drawn.
        middle: Before which row the line in the middle is drawn; 0 for none.
        head: How many rows stand at the top of each page; 0 for none.
    """

    rows: list[list[TexCell]] = field(default_factory=list)
    row: list[TexCell] = field(default_factory=list)
    cell: TexCell = field(default_factory=TexCell)
    caption: str = ""
    rules: list[int] = field(default_factory=list)
    middle: int = 0
    head: int = 0

    def end_cell(self, words: str) -> None:
        """End the cell at hand."""
        self.cell.words += words.strip()
        self.row.append(self.cell)
        self.cell = TexCell()

    def end_row(self, words: str) -> None:
        """End the row at hand."""
        self.end_cell(words)
        if any(cell.words for cell in self.row):
            self.rows.append(self.row)
        self.row = []

    def rule(self, name: str) -> None:
        """Draw a line above the next row."""
        if self.rows and len(self.rows) not in self.rules:
            self.rules.append(len(self.rows))
        if name == "midrule" and self.rows and not self.middle:
            self.middle = len(self.rows)

    def end_page_part(self, name: str) -> None:
        """End the rows that each page begins or ends with; those that the first page does not show go."""
        if name == "endfirsthead" or (name == "endhead" and not self.head):
            self.head = len(self.rows)
        else:
            del self.rows[self.head :]
        self.rules = [rule for rule in self.rules if rule <= len(self.rows)]
        self.middle = min(self.middle, len(self.rows))

    def html(self) -> str:
        """Return the table."""
        names = self._names()
        rows = [self._row(row, "th" if number < names else "td") for number, row in enumerate(self._uncovered())]
        table = table_html(rows, names)
        caption = f'<table border="1"><caption>{self.caption}</caption>'
        return table.replace('<table border="1">', caption, 1) if self.caption else table

    def _names(self) -> int:
        """Return how many rows name the columns: those above the head of pages, or above the first line below them."""
        names = self.head or self.middle
        if not names and self.rules and len(self.rules) <= max(2, len(self.rows) // 2):
            names = self.rules[0]
        return names if names < len(self.rows) else 0

    def _uncovered(self) -> list[list[TexCell]]:
        """Return the rows without the empty cells that TeX needs below one that spans rows."""
        covered: dict[int, int] = {}
        rows = []
        for row in self.rows:
            kept: list[TexCell] = []
            column = 0
            for cell in row:
                if covered.get(column, 0) and not cell.words:
                    covered[column] -= 1
                else:
                    kept.append(cell)
                    for at in range(column, column + min(cell.columns, _MOST_SPANNED)):
                        covered[at] = cell.rows - 1
                column += cell.columns
            rows.append(kept)
        return rows

    @staticmethod
    def _row(cells: list[TexCell], tag: str) -> str:
        written = (
            f"<{tag}"
            + (f' colspan="{cell.columns}"' if cell.columns > 1 else "")
            + (f' rowspan="{cell.rows}"' if cell.rows > 1 else "")
            + f">{cell.words}</{tag}>"
            for cell in cells
        )
        return f"<tr>{''.join(written)}</tr>"


def count_of(text: str) -> int:
    """Return the number of columns or rows that a cell spans; TeX counts some of them upwards."""
    digits = text.strip().lstrip("-")
    return max(1, min(int(digits), _MOST_SPANNED)) if digits.isascii() and digits.isdecimal() and len(digits) < 5 else 1
