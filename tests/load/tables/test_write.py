"""How the rows of a table read, and where its cells are in the text."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.load.builder import Builder
from rag.load.tables import Cell, add_table, row_text, spread, text_rows
from rag.load.tables.names import find_names
from rag.types import Document
from tests.reading.expectations import document_cells

TEXTS = st.text("aB1 .:;-", max_size=6)
CELLS = st.builds(Cell, TEXTS, st.integers(1, 3), st.integers(0, 3), st.sampled_from([None, True, False]))


def written(*rows: list[Cell], caption: str = "", **known: int) -> Document:
    builder = Builder()
    add_table(builder, spread(rows), caption, **known)
    return builder.document("text/plain", "table.txt")


def texted(table: str, is_sheet: bool = False) -> Document:
    builder = Builder()
    add_table(
        builder, text_rows([word.strip() for word in row.split("|")] for row in table.split("/")), is_sheet=is_sheet
    )
    return builder.document("text/plain", "table.txt")


def lines(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def name(text: str, columns: int = 1, rows: int = 1) -> Cell:
    return Cell(text, columns, rows, True)


def value(text: str, columns: int = 1, rows: int = 1) -> Cell:
    return Cell(text, columns, rows, False)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("City|Staff/Bergen|45", ["City: Bergen; Staff: 45"]),
        ("Capital|Oslo/Area|5 km²", ["Capital: Oslo", "Area: 5 km²"]),
        ("Team|Goals|Goals/Otters|3|2", ["Team: Otters; Goals: 3; Goals (2): 2"]),
        ("|2023||2024|/Dept|Plan|Actual|Plan|Actual/HR|1|2|3|4",
         ["Dept: HR; 2023 Plan: 1; 2023 Actual: 2; 2024 Plan: 3; 2024 Actual: 4"]),
        ("Dept|2023||2024|/|Plan|Actual|Plan|Actual/HR|1|2|3|4",
         ["Dept: HR; 2023 Plan: 1; 2023 Actual: 2; 2024 Plan: 3; 2024 Actual: 4"]),
        ("City|2024/Bergen|45/Oslo|60", ["City: Bergen; 2024: 45", "City: Oslo; 2024: 60"]),
        ("Shift|Hours/early|5/early|5/late|6", ["Shift: early; Hours: 5"] * 2 + ["Shift: late; Hours: 6"]),
        ("Dept|2023||2024||Total/|Plan|Actual|Plan|Actual|/HR|1|2|3|4|10",
         ["Dept: HR; 2023 Plan: 1; 2023 Actual: 2; 2024 Plan: 3; 2024 Actual: 4; Total: 10"]),
        ("Dept|2023|/|Plan|Actual/HR|1|2", ["Dept: HR; 2023 Plan: 1; 2023 Actual: 2"]),
        ("Site|Depth|Mass/|(m)|(kg)/Weir|1.5|2.25", ["Site: Weir; Depth (m): 1.5; Mass (kg): 2.25"]),
        ("Name:|Ann|Date:|2024-01-02/City:|Oslo|Fee:|40", ["Name: Ann", "Date: 2024-01-02", "City: Oslo", "Fee: 40"]),
        ("Name|Fee/Ann|1/Name|Fee/Bob|2", ["Name: Ann; Fee: 1", "Name: Bob; Fee: 2"]),
        ("Alice|Berlin|engineer/Bob|Paris|baker", ["Alice; Berlin; engineer", "Bob; Paris; baker"]),
        ("Item|In|Out/Rope|2.5|3/Total|2.5|3", ["Item: Rope; In: 2.5; Out: 3", "Item: Total; In: 2.5; Out: 3"]),
    ],
)  # fmt: skip
def test_rows(table: str, expected: list[str]) -> None:
    assert lines(texted(table)) == expected


def test_a_cell_over_several_rows_stands_in_each() -> None:
    table = written(
        [name("Country"), name("City"), name("Staff")],
        [value("Norway", rows=2), value("Oslo"), value("120")],
        [value("Bergen"), value("45")],
    )
    assert lines(table) == ["Country: Norway; City: Oslo; Staff: 120", "Country: Norway; City: Bergen; Staff: 45"]


def test_a_long_cell_over_several_rows_is_said_once() -> None:
    table = written([value("x" * 300, rows=2), value("one"), value("1")], [value("two"), value("2")], names=0)
    assert [line.count("x" * 300) for line in lines(table)] == [1, 0]


def test_marked_names_group_those_below_without_spans() -> None:
    upper = [name(text) for text in ("Dept", "2023", "", "2024", "")]
    lower = [name(text) for text in ("", "Plan", "Actual", "Plan", "Actual")]
    expected = ["Dept: HR; 2023 Plan: 1; 2023 Actual: 2; 2024 Plan: 3; 2024 Actual: 4"]
    assert lines(written(upper, lower, [value(text) for text in ("HR", "1", "2", "3", "4")])) == expected
    # One name alone is that of its own column.
    rows = [[name("Dept"), name("Cost"), name("")], [name(""), name("(EUR)"), name("Note")]]
    assert lines(written(*rows, [value("HR"), value("1"), value("x")])) == ["Dept: HR; Cost (EUR): 1; Note: x"]


def test_a_total_over_several_columns_has_none_of_their_names() -> None:
    rows = [[Cell("Name"), Cell("Paid"), Cell("Due")], [Cell("P1"), Cell("10"), Cell("7")]]
    assert lines(written(*rows, [Cell("Total", 2), Cell("84")]))[1:] == ["Total; Due: 84"]
    # Words beside words may be a value of all the columns that they stand below.
    assert lines(written(*rows, [Cell("closed", 2), Cell("open")]))[1:] == ["Name Paid: closed; Due: open"]


def test_a_name_over_two_columns_is_said_of_both() -> None:
    table = written(
        [name("Dept", rows=2), name("2024", 2)], [name("Plan"), name("Actual")], [value("HR"), value("12"), value("13")]
    )
    assert lines(table) == ["Dept: HR; 2024 Plan: 12; 2024 Actual: 13"]
    assert document_cells(table) == [("Dept", "HR"), ("2024 Plan", "12"), ("2024 Actual", "13")]


def test_known_labels_stand_before_the_names_of_columns() -> None:
    table = written(
        [name(""), name("Summer"), name("Winter")], [name("Coast line"), value("18"), value("11")], names=1, labels=1
    )
    assert lines(table) == ["Coast line Summer: 18; Coast line Winter: 11"]
    assert document_cells(table) == [("Coast line Summer", "18"), ("Coast line Winter", "11")]


def test_sections_and_the_caption_are_the_header_of_the_rows_below() -> None:
    table = written(
        [name("City"), name("Staff")],
        [name("Europe", 2)],
        [value("Oslo"), value("5")],
        [name("Asia", 2)],
        [value("Kobe"), value("7")],
        caption="Offices, in persons",
    )
    assert lines(table) == ["Europe", "City: Oslo; Staff: 5", "Asia", "City: Kobe; Staff: 7"]
    assert [block.header for block in table.blocks if block.kind == "row"][1::2] == [
        "Europe | Offices, in persons",
        "Asia | Offices, in persons",
    ]
    assert table.tables[0].caption == "Offices, in persons"


def test_a_label_alone_in_a_column_without_a_name_opens_a_section() -> None:
    table = texted("|2022|2023/Assets||/Cash|1|2/Debts||/Loans|3|4")
    assert [(line, block.header) for line, block in zip(lines(table), table.blocks, strict=True)] == [
        ("Assets", ""),
        ("Cash; 2022: 1; 2023: 2", "Assets"),
        ("Debts", ""),
        ("Loans; 2022: 3; 2023: 4", "Debts"),
    ]


def test_a_sentence_below_the_rows_has_no_name() -> None:
    note = "All prices are in kroner and were valid in May."
    assert lines(texted(f"Item|Price|Stock/Rope|2|3/Nail|4|5/{note}||")) == [
        "Item: Rope; Price: 2; Stock: 3", "Item: Nail; Price: 4; Stock: 5", note,
    ]  # fmt: skip


def test_rows_above_the_names_are_paragraphs_and_the_caption() -> None:
    table = texted("Ferry||/in thousands||/|2022|2023/Tickets|410|455")
    assert lines(table) == ["Ferry", "in thousands", "Tickets; 2022: 410; 2023: 455"]
    assert table.tables[0].caption == "Ferry; in thousands"
    assert table.blocks[-1].header == "Ferry; in thousands"


def test_a_long_caption_is_cut_in_the_header_only() -> None:
    table = written([name("A"), name("B")], [value("1"), value("2")], caption="word " * 100)
    assert len(table.blocks[0].header) <= 160
    assert len(table.tables[0].caption) == 499


def test_names_marked_again_below_name_the_rows_from_there() -> None:
    table = written(
        [name("City"), name("Staff")],
        [value("Oslo"), value("5")],
        [name("Ship"), name("Crew")],
        [value("Fram"), value("9")],
    )
    assert lines(table) == ["City: Oslo; Staff: 5", "Ship: Fram; Crew: 9"]
    assert [part.names for part in table.tables] == [(("City", "Staff"),), (("Ship", "Crew"),)]


def test_long_names_are_said_once_and_cut_before_the_values() -> None:
    table = written([name("a" * 300), name("B")], [value("x"), value("1")])
    assert lines(table)[0] == "a" * 300 + "; B"
    assert lines(table)[1].startswith("a" * 120 + "…: x")


def test_row_text() -> None:
    assert row_text([("A", "1"), ("B", ""), ("", "x")]) == ("A: 1; x", [(3, 4), (-1, -1), (6, 7)])


@given(
    st.lists(st.lists(CELLS, max_size=5), max_size=7), st.sampled_from([None, 0, 1, 2]), st.sampled_from([None, 0, 1])
)
def test_cells_are_where_the_record_says_and_no_word_is_lost(
    rows: list[list[Cell]], names: int | None, labels: int | None
) -> None:
    builder = Builder()
    add_table(builder, spread(rows), names=names, labels=labels)
    document = builder.document("text/plain", "table.txt")
    texts = {" ".join(cell.text.split()) for row in rows for cell in row}
    for table in document.tables:
        for cell in table.cells:
            words = document.text[cell.start : cell.end]
            assert words in texts or words in {text.rstrip(" :") for text in texts}
            assert table.start <= cell.start < cell.end <= table.end
    said = Counter(document.text)
    for text in texts:
        assert not Counter(text.replace(" ", "").replace(":", "")) - said


@given(st.lists(st.lists(CELLS, max_size=5), max_size=7), st.booleans())
def test_the_layout_leaves_each_row_its_place(rows: list[list[Cell]], is_sheet: bool) -> None:
    laid_out = [row for row in spread(rows) if any(cell.text.strip() for cell in row)]
    layout = find_names(laid_out, is_sheet=is_sheet)
    assert layout.notes + layout.names <= len(laid_out)
    assert not (layout.names and layout.labels)
