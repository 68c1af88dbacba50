"""Tables in PDF: rows by position, with the names of their columns before each cell and the glyphs behind them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.load.builder import Builder
from rag.load.pdf.blocks import layout_blocks
from rag.load.pdf.boxes import span_boxes
from rag.load.pdf.reader import read_pdf
from rag.load.pdf.tables.columns import column_extents, spanned_columns
from rag.load.pdf.tables.grids import find_grids
from rag.load.pdf.tables.pieces import has_value, is_figure, line_pieces
from rag.load.pdf.tables.records import carry_names
from rag.load.pdf.tables.spans import name_spans, parted_names
from rag.load.pdf.types import Box, Cell, Glyph, LayoutBlock, Line, PageTable, Piece
from rag.types import Document
from tests.processor_time import at_most
from tests.reading.expectations import FILES

# Letters of the tests are 5 points wide and 10 high; lines are 12 apart.
_WIDTH, _HEIGHT, _LINE = 5.0, 10.0, 12.0


class Page:
    """A page on which texts are drawn, each in its place."""

    def __init__(self) -> None:
        self.runs: list[list[Glyph]] = []
        self._next = 0

    def draw(self, text: str, x: float, line: float) -> None:
        top = line * _LINE
        run = []
        for place, character in enumerate(text):
            left = x + place * _WIDTH
            box = None if character == " " else (left, top, left + _WIDTH, top + _HEIGHT)
            run.append(Glyph(character, self._next, box))
            self._next += 1
        self.runs.append(run)

    def row(self, line: float, **cells: str) -> None:
        """Draw a row; ``x100="words"`` begins at 100 points, ``to100="14"`` ends there."""
        for place, text in cells.items():
            is_right = place.startswith("to")
            x = float(place.lstrip("tox"))
            self.draw(text, x - len(text) * _WIDTH if is_right else x, line)

    def blocks(self, rulings: Sequence[Box] = ()) -> list[LayoutBlock]:
        return layout_blocks(self.runs, lambda number: False, rulings)

    def texts(self, rulings: Sequence[Box] = ()) -> list[str]:
        return [block.text for block in self.blocks(rulings)]


def read(path: Path) -> Document:
    builder = Builder()
    read_pdf(path.read_bytes(), builder, 100)
    return builder.document("application/pdf", path.name)


def piece(text: str, x0: float, x1: float) -> Piece:
    return Piece(text, list(range(len(text))), (x0, 0.0, x1, 10.0), 0, 10.0)


def test_a_value_beside_an_empty_cell_stands_under_its_own_name() -> None:
    page = Page()
    page.row(0, x10="Station", to200="2022", to300="2023")
    page.row(1, x10="Alpha", to200="12", to300="14")
    page.row(2, x10="Beta", to300="23")
    first, second = page.blocks()
    assert first.text == "Station: Alpha; 2022: 12; 2023: 14"
    assert second.text == "Station: Beta; 2023: 23"
    assert [second.text[cell.start : cell.end] for cell in second.cells] == ["Beta", "23"]
    assert [cell.column for cell in second.cells] == [0, 2]
    written = {number for run in page.runs for number in (glyph.number for glyph in run)}
    for place, (character, number) in enumerate(zip(second.text, second.glyph_numbers, strict=True)):
        in_cell = any(cell.start <= place < cell.end for cell in second.cells)
        assert (number in written) == in_cell, character


def test_signs_drawn_apart_are_part_of_their_number() -> None:
    page = Page()
    page.row(0, to200="2024", to300="2023")
    page.row(1, x10="Sales", x150="$", to200="14", x250="$", to300="(3)")
    page.row(2, x10="Growth", to200="5", x210="%", to300="(2)", x310="%")
    page.row(3, x10="Loans", to200="—", to300="7")
    assert page.texts() == [
        "Sales; 2024: $14; 2023: $(3)",
        "Growth; 2024: 5%; 2023: (2)%",
        "Loans; 2024: —; 2023: 7",
    ]


def test_sections_units_and_captions_are_said_in_the_header() -> None:
    page = Page()
    page.row(0, x10="Income of the brewery")
    page.row(1, x10="(in millions)")
    page.row(2, to300="2024", to400="2023")
    page.row(3, x10="Net sales:")
    page.row(4, x20="Beer", to300="2,901", to400="2,777")
    page.row(5, x10="Total net sales", to300="2,901", to400="2,777")
    page.row(6, x10="Staff", to300="12", to400="11")
    blocks = page.blocks()
    caption = "Income of the brewery (in millions)"
    assert [(block.text, block.header) for block in blocks if block.kind == "row"] == [
        ("Beer; 2024: 2,901; 2023: 2,777", f"Net sales | {caption}"),
        ("Total net sales; 2024: 2,901; 2023: 2,777", f"Net sales | {caption}"),
        ("Staff; 2024: 12; 2023: 11", caption),
    ]
    assert blocks[-1].table is not None
    assert blocks[-1].table.caption == caption


def test_a_period_above_the_labels_is_said_of_each_column() -> None:
    page = Page()
    page.row(0, x10="Years ended May 31", to300="2024", to400="2023")
    page.row(1, x10="Beer", to300="2,901", to400="2,777")
    page.row(2, x10="Cider", to300="155", to400="12")
    assert page.texts()[0] == "Beer; Years ended May 31 2024: 2,901; Years ended May 31 2023: 2,777"


def test_names_above_several_columns() -> None:
    page = Page()
    page.row(0, x225="Quarter", x425="Year")
    page.row(1, to220="2024", to290="2023", to400="2024", to470="2023")
    page.row(2, x10="Bread", to220="310", to290="295", to400="1,204", to470="1,150")
    page.row(3, x10="Cakes", to220="84", to290="91", to400="333", to470="360")
    assert page.texts()[1] == "Cakes; Quarter 2024: 84; Quarter 2023: 91; Year 2024: 333; Year 2023: 360"


def test_a_ruling_shows_which_columns_a_name_stands_above() -> None:
    columns = [(10.0, 60.0), (200.0, 220.0), (270.0, 290.0), (380.0, 400.0)]
    name = [piece("Quarter", 215.0, 240.0)]
    assert name_spans(name, columns, [], False) == [(1, 2)]
    assert name_spans(name, columns, [(190.0, 12.0, 295.0, 12.0)], False) == [(1, 3)]
    assert name_spans(name, columns, [(5.0, 12.0, 405.0, 12.0)], False) == [(1, 2)]


def test_names_between_which_no_gap_stands_are_parted_by_their_columns() -> None:
    columns = [(10.0, 60.0), (200.0, 220.0), (250.0, 270.0)]
    parts = parted_names(piece("Capital Premium", 190.0, 270.0), columns)
    assert [(part.text, part.glyph_numbers[0]) for part in parts] == [("Capital", 0), ("Premium", 8)]
    assert [part.text for part in parted_names(piece("Capital", 190.0, 270.0), columns)] == ["Capital"]


def test_labels_and_cells_of_several_lines_are_one() -> None:
    page = Page()
    page.row(0, to300="2024", to400="2023")
    page.row(1, x10="Stock", to300="4", to400="5")
    page.row(2, x10="Cash used in the purchase")
    page.row(3, x10="of land", to300="(350)", to400="(411)")
    assert page.texts()[1] == "Cash used in the purchase of land; 2024: (350); 2023: (411)"
    page = Page()
    for line, row in enumerate(
        (("Role", "Duties", "Pay"), ("Lock", "Opens the gates", "low"), ("Ferry", "Rows", "no"))
    ):
        page.row(3 * line, x10=row[0], x100=row[1], x250=row[2])
    page.row(4, x10="keeper", x100="at dawn")
    assert page.texts() == [
        "Role: Lock keeper; Duties: Opens the gates at dawn; Pay: low",
        "Role: Ferry; Duties: Rows; Pay: no",
    ]


def test_a_table_drawn_column_by_column() -> None:
    page = Page()
    for x, texts in ((10, ("Month", "April", "May")), (150, ("Rain", "61", "")), (250, ("Sun", "152", "188"))):
        for line, text in enumerate(texts):
            if text:
                page.draw(text, x, line)
    assert page.texts() == ["Month: April; Rain: 61; Sun: 152", "Month: May; Sun: 188"]


def test_a_table_beside_prose_leaves_the_prose_whole() -> None:
    page = Page()
    words = (
        "The common is grazed from April on by",
        "every farm that has a right to put",
        "out a number of beasts, and a count",
    )
    for line, text in enumerate((*words, "is taken twice a year by two jurors.")):
        page.draw(text, 10, line)
    page.row(0, x250="Animal", to400="2023", to500="2024")
    page.row(1, x250="Sheep", to400="212", to500="198")
    page.row(2, x250="Goats", to400="40", to500="44")
    prose, *rows = page.texts()
    assert prose.startswith("The common is grazed from April on by every farm")
    assert rows == ["Animal: Sheep; 2023: 212; 2024: 198", "Animal: Goats; 2023: 40; 2024: 44"]


def test_prose_in_two_columns_and_contents_are_no_tables() -> None:
    page = Page()
    for line, (left, right) in enumerate(
        (
            ("The northern lake freezes in", "The southern lake never does"),
            ("December and opens in April.", "because a warm spring feeds it."),
            ("Fishing there is allowed only", "Swimming there is free for all"),
        )
    ):
        page.row(line, x10=left, x250=right)
    assert all(block.table is None and "  " in block.text for block in page.blocks())
    page = Page()
    for line, (entry, number) in enumerate(
        (("1 Soil", "2"), ("1.1 Drains", "2"), ("2 Trees", "5"), ("2.1 Pruning", "9"))
    ):
        page.row(line, x10=entry, to400=number)
    assert all(block.table is None for block in page.blocks())


def test_ruled_tables_join_what_no_ruling_parts() -> None:
    page = Page()
    page.row(0.5, x15="Country")
    page.row(0.5, x75="City", x135="Staff")
    page.row(1.8, x75="Oslo", x135="120")
    page.row(2.3, x15="Norway")
    page.row(3, x75="Bergen")
    level = [(10.0, y, 190.0, y) for y in (0.0, 18.0, 48.0)] + [(70.0, 33.0, 190.0, 33.0)]
    upright = [(x, 0.0, x, 48.0) for x in (10.0, 70.0, 130.0, 190.0)]
    assert page.texts([*level, *upright]) == [
        "Country: Norway; City: Oslo; Staff: 120",
        "Country: Norway; City: Bergen",
    ]
    (grid,) = find_grids([*level, *upright])
    assert grid.cell_at(20.0, 20.0) == grid.cell_at(20.0, 40.0) != grid.cell_at(80.0, 40.0)
    assert grid.cell_at(500.0, 20.0) == -1


def test_names_go_on_over_the_page() -> None:
    extents = ((10.0, 60.0), (100.0, 120.0))
    above = PageTable((("Plot", "Rent"),), extents=extents, caption="Allotments")
    below = PageTable(extents=extents)
    other = PageTable(extents=((10.0, 60.0), (200.0, 240.0)))
    rows = [LayoutBlock("row", [], text, table=table) for text, table in (("7", above), ("8; 9", below), ("5", other))]
    carry_names([rows[:1], rows[1:2], rows[2:]])
    assert below.names == above.names
    assert rows[1].header == "Plot | Rent | Allotments"
    assert rows[1].text == "8; 9"
    assert not other.names


@pytest.mark.parametrize(
    ("text", "figure", "value"),
    [
        ("14,514", True, True),
        ("$(4.2)%", True, True),
        ("1 234 567", True, True),
        ("—", True, True),
        ("2024", True, False),
        ("June 30,", False, False),
        ("1-3 Years", False, False),
        ("21/20", False, False),
        ("230 V", False, True),
        ("☒", False, True),
        ("Stores (1)", False, False),
        ("13 Weeks Ended", False, False),
    ],
)
def test_figures_and_names(text: str, figure: bool, value: bool) -> None:
    assert (is_figure(text), has_value(text)) == (figure, value)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2023 2022 2021", ["2023", "2022", "2021"]),
        ("January 28, January 29,", ["January 28,", "January 29,"]),
        ("$ 762.7 $ 650.0", ["$762.7", "$650.0"]),
        ("1 234 567", ["1 234 567"]),
        ("$    %", ["$", "%"]),
        ("two words", ["two words"]),
    ],
)
def test_names_and_figures_that_stand_close_are_parted(text: str, parts: list[str]) -> None:
    line = Line(text, list(range(len(text))), (0, 0, 100, 10), 10, [Cell(text, 0, 100)])
    found = line_pieces(line, 0)
    assert [part.text.replace("$ ", "$") for part in found] == parts
    assert all(before.box[2] <= after.box[0] for before, after in pairwise(found))


@given(st.lists(st.lists(st.tuples(st.floats(0, 500), st.floats(1, 200)), min_size=1, max_size=5), max_size=8))
def test_columns_are_ascending_and_each_piece_stands_in_some(rows: list[list[tuple[float, float]]]) -> None:
    pieces = [[piece("x", x, x + width) for x, width in row] for row in rows]
    columns = column_extents(pieces)
    assert columns == sorted(columns)
    for row in pieces:
        for each in row:
            if columns:
                first, count = spanned_columns(each, columns)
                assert 0 <= first < first + count <= len(columns)


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 4), max_size=30))
def test_grids_of_any_rulings_are_rectangles(lines: list[tuple[int, int, int, int]]) -> None:
    rulings = [
        (10.0 * x, 10.0 * y, 10.0 * (x + length), 10.0 * y)
        if upright % 2
        else (10.0 * x, 10.0 * y, 10.0 * x, 10.0 * (y + length))
        for x, y, length, upright in lines
    ]
    for grid in find_grids(rulings):
        for row, owners in enumerate(grid.owner):
            for column, owner in enumerate(owners):
                first_row, first_column, high, wide = grid.cells[owner]
                assert first_row <= row < first_row + high
                assert first_column <= column < first_column + wide


@pytest.mark.parametrize("path", sorted((FILES / "pdftables").glob("*.pdf")), ids=lambda path: path.stem)
def test_each_cell_has_its_box_and_names_have_none(path: Path) -> None:
    document = read(path)
    data = path.read_bytes()
    for table in document.tables[:1]:
        for cell in table.cells[:6]:
            words = document.text[cell.start : cell.end]
            assert words == words.strip() != ""
            assert span_boxes(data, document.pages, cell.start, cell.end, expected=words)
    for block in document.blocks:
        if block.kind == "row":
            inside = [
                cell for table in document.tables for cell in table.cells if block.start <= cell.start < block.end
            ]
            assert all(cell.end <= block.end for cell in inside)
            if inside and inside[0].start > block.start and not document.tables[0].labels:
                assert not span_boxes(data, document.pages, block.start, inside[0].start)


def test_hostile_pages_take_linear_time() -> None:
    page = Page()
    for line in range(1500):
        page.row(line, x10="a", x100="b" if line % 3 else "7", x200="c", x300="9")
    with at_most(5):
        page.blocks([(0.0, float(at), 900.0, float(at)) for at in range(5000)])
    assert find_grids([(0.0, float(at), 900.0, float(at)) for at in range(5000)]) == []


def test_names_above_nothing_are_read() -> None:
    page = Page()
    page.row(0, x10="Kiln", x100="Plan", x200="Actual", x300="Note")
    page.row(1, x10="North", x100="14", x200="12")
    page.row(2, x10="South", x100="16", x200="11")
    assert page.texts() == [
        "Kiln: North; Plan: 14; Actual: 12",
        "Kiln: South; Plan: 16; Actual: 11",
        "Note",
    ]


def test_a_signature_is_no_table() -> None:
    page = Page()
    page.row(0, x10="Date: July 28, 2022", x350="Apple Inc.")
    page.row(2, x350="By:", x390="/s/ Luca Maestri")
    page.row(3, x390="Luca Maestri")
    texts = page.texts()
    assert texts[0] == "Date: July 28, 2022  Apple Inc."
    assert texts[1].startswith("By:  /s/ Luca Maestri")


def test_a_sentence_above_columns_is_no_row_of_names() -> None:
    page = Page()
    page.row(0, x10="the innermost conditional that is taken is one of the next:")
    page.row(2, x30="1: if", x140="8: ifmmode", x260="15: iftrue")
    page.row(3, x30="2: ifcat", x140="9: ifinner", x260="16: iffalse")
    assert page.texts()[0] == "the innermost conditional that is taken is one of the next:"


def test_boxes_that_cut_words_are_no_table() -> None:
    page = Page()
    for line in range(4):
        page.row(line, x10="reading words", x95="whole lines")
    rulings: list[Box] = [(0.0, 12.0 * row - 1, 160.0, 12.0 * row - 1) for row in range(5)]
    rulings += [(x, -1.0, x, 47.0) for x in (0.0, 25.0, 60.0, 110.0, 160.0)]
    assert "reading words" in " ".join(page.texts(rulings))


def test_a_label_that_is_its_own_value_is_read_twice() -> None:
    page = Page()
    page.row(0, x10="Colour", x200="green")
    page.row(1, x10="Plain", x200="Plain")
    page.row(2, x10="Shape", x200="round")
    assert page.texts() == ["Colour: green", "Plain; Plain", "Shape: round"]


def test_a_box_to_tick_names_no_column() -> None:
    page = Page()
    for line in range(3):
        page.row(line, x10="☐", x60="☐", x110="☐")
    assert "".join(page.texts()).count("☐") == 9
