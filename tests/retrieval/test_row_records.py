"""The recorded cells of a row are exact slices with their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.load.builder import Builder
from rag.load.tables import Cell, add_table, text_rows
from rag.retrieval.cells import label_cells, read_cells, row_label
from rag.retrieval.row_records import read_recorded
from rag.types import Document, RowCell, Span, Table, TableCell

OFFICES = [["Country", "City", "Staff"], ["Norway", "Oslo", "120"], ["Norway", "Bergen", "45"]]


def _document(*tables: list[list[str]], **options: int) -> Document:
    builder = Builder()
    for number, rows in enumerate(tables):
        builder.add("heading", f"Table {number}", 1)
        add_table(builder, text_rows(rows), **options)
    return builder.document("text/html", "offices.html")


def _row(document: Document, number: int) -> Span:
    block = [block for block in document.blocks if block.kind == "row"][number]
    quote = document.text[block.start : block.end]
    cells = read_recorded(document.tables, quote, block.start)
    return Span("offices.html", "id", "Offices", block.start, block.end, quote, cells=cells)


def _words(document: Document, cells: tuple[RowCell, ...]) -> list[tuple[str, str, str]]:
    return [(cell.label, cell.name, document.text[cell.start : cell.end]) for cell in cells]


def test_the_cells_of_a_row_have_the_names_of_their_columns() -> None:
    document = _document(OFFICES)
    row = _row(document, 1)
    assert _words(document, row.cells) == [("", "Country", "Norway"), ("", "City", "Bergen"), ("", "Staff", "45")]
    assert [cell.is_label for cell in row.cells] == [True, False, False]
    assert [(cell.label, cell.column, cell.text) for cell in read_cells(row)] == [
        ("Norway", "City", "Bergen"),
        ("Norway", "Staff", "45"),
    ]
    assert [(cell.column, cell.text) for cell in label_cells(row)] == [("Country", "Norway")]


def test_a_label_that_is_no_cell_is_what_stands_before_the_first_value() -> None:
    text = "Area code 2024: 71"
    table = Table(0, len(text), (("", "2024"),), (TableCell(16, 18, 0, 1),), labels=1)
    cells = read_recorded((table,), text, 0)
    assert cells == (RowCell(16, 18, "Area code", "2024", 0, False),)
    row = Span("a", "id", "A", 0, len(text), text, cells=cells)
    assert row_label(row) == "Area code"
    assert [(cell.label, cell.column, cell.text) for cell in read_cells(row)] == [("Area code", "2024", "71")]


def test_rows_of_the_second_table_are_found_and_rows_without_a_record_are_not() -> None:
    document = _document(OFFICES, [["Dog", "Fee"], ["Rex", "40"]])
    assert _words(document, _row(document, 2).cells) == [("", "Dog", "Rex"), ("", "Fee", "40")]
    assert read_recorded(document.tables, "Table 0", 0) == ()
    assert read_recorded((), "City: Bergen", 0) == ()


def test_several_rows_are_read_at_once_and_a_row_that_is_cut_has_no_label() -> None:
    document = _document(OFFICES)
    table = document.tables[0]
    quote = document.text[table.start : table.end]
    assert [cell.row for cell in read_recorded(document.tables, quote, table.start)] == [0, 0, 0, 1, 1, 1]
    cut = quote.index("City")
    cells = read_recorded(document.tables, quote[cut:], table.start + cut)
    assert [(cell.name, cell.is_label) for cell in cells[:2]] == [("City", False), ("Staff", False)]


def test_a_cell_of_several_columns_has_the_names_of_all_and_a_lone_value_is_named_by_its_column() -> None:
    wide = Table(0, 12, (("2024", "2024"), ("Plan", "Actual")), (TableCell(0, 2, 0, 0, 2),))
    (cell,) = read_recorded((wide,), "12", 0)
    assert cell == RowCell(0, 2, "", "2024 Plan Actual", 0, False)
    row = Span("a", "id", "A", 0, 2, "12", cells=(cell,))
    assert [(one.label, one.column) for one in read_cells(row)] == [("2024 Plan Actual", "")]


@pytest.mark.parametrize("labels", [0, 1])
@given(st.lists(st.lists(st.text(alphabet="ab1 :;|.", max_size=5), min_size=3, max_size=3), min_size=2, max_size=5))
def test_cells_are_the_words_of_the_table_whatever_they_are(labels: int, rows: list[list[str]]) -> None:
    builder = Builder()
    add_table(builder, [[Cell(words) for words in row] for row in rows], names=1, labels=labels)
    document = builder.document("text/html", "a.html")
    written = {" ".join(words.split()) for row in rows for words in row}
    # The colon behind a label is that of the row.
    written |= {words.rstrip(" :") for words in written}
    for block in document.blocks:
        quote = document.text[block.start : block.end]
        cells = read_recorded(document.tables, quote, block.start)
        assert all(document.text[cell.start : cell.end] in written for cell in cells)
        assert all(block.start <= cell.start < cell.end <= block.end for cell in cells)
        span = Span("a", "id", "A", block.start, block.end, quote, cells=cells)
        for cell in (*read_cells(span), *label_cells(span)):
            assert document.text[cell.start : cell.end] == cell.text
