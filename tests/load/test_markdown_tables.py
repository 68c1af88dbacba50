"""Tables in Markdown: their cells stand where the text has them, under the names above them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.load.plain_text.front_matter import front_matter_length, title_and_day
from rag.load.plain_text.markdown import markdown_structure
from rag.load.text import canonical
from tests.processor_time import at_most


def cells(text: str) -> list[list[tuple[str, str, int]]]:
    """Return, table by table, the name, the words and the row of each cell."""
    return [
        [(table.column_name(cell.column), text[cell.start : cell.end], cell.row) for cell in table.cells]
        for table in markdown_structure(text).tables
    ]


def test_cells_have_names_and_places() -> None:
    text = "| Zone | Fare |\n| :-- | --: |\n| A | 2.40 |\n|B|  |\n"
    assert cells(text) == [[("Zone", "A", 0), ("Fare", "2.40", 0), ("Zone", "B", 1)]]
    (table,) = markdown_structure(text).tables
    assert text[table.start : table.end] == "| A | 2.40 |\n|B|  |"


def test_bars_may_be_escaped_and_left_out() -> None:
    assert cells("a | b\\|c\n---|---\n`x \\| y` | z \\\\| w") == [
        [("a", "`x \\| y`", 0), ("b|c", "z \\\\", 0), ("", "w", 0)]
    ]
    assert cells("> | a |\n> | --- |\n> | 1 |") == [[("a", "1", 0)]]


def test_several_rows_of_names_and_spans() -> None:
    text = "| | Wheat ||\n| Year | North | South |\n|---|---|---|\n| 2022 | 4.1 ||\n"
    assert cells(text) == [[("Year", "2022", 0), ("Wheat North", "4.1", 0)]]
    (table,) = markdown_structure(text).tables
    assert table.names == (("", "Wheat", "Wheat"), ("Year", "North", "South"))
    assert table.cells[1].columns == 2
    # With one row of names, bars without anything between them hold an empty cell.
    assert [cell.column for cell in markdown_structure("|a|b|c|\n|-|-|-|\n|1||3|").tables[0].cells] == [0, 2]


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("|a|b|\n|-|-|\n|1|2|\n[Yields in tonnes]", "Yields in tonnes"),
        ("[Yields][id]\n|a|b|\n|-|-|\n|1|2|", "Yields"),
        ("|a|b|\n|-|-|\n|1|2|\n\nTable 3: Yields of wheat", "Yields of wheat"),
        ("|a|b|\n|-|-|\n|1|2|\n\n: Yields", "Yields"),
        ("|a|b|\n|-|-|\n|1|2|\n\n[Yields](page.html)", ""),
        ("|a|b|\n|-|-|\n|1|2|\n\n\n\n: Yields", ""),
    ],
)
def test_captions(text: str, caption: str) -> None:
    assert [table.caption for table in markdown_structure(text).tables] == [caption]


def test_a_table_goes_on_below_one_blank_line() -> None:
    text = "|a|b|\n|-|-|\n|1|2|\n\n|3|4|\n\ntext | more\n\n|c|d|\n|-|-|\n|5|6|"
    assert [[words for _, words, _ in table] for table in cells(text)] == [["1", "2", "3", "4"], ["5", "6"]]


def test_a_table_without_names_has_labels() -> None:
    text = "| | |\n|---|---|\n| Capital | Oslo |\n| River | Akerselva |"
    (table,) = markdown_structure(text).tables
    assert (table.names, table.labels) == ((), 1)


def test_what_is_no_table() -> None:
    assert cells("a | b\n-----\ntext") == []
    assert cells("```\n|a|b|\n|-|-|\n|1|2|\n```") == []
    assert cells("|a|b|\n|-|-|\n") == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(list("|-: \\ab`>[]")), max_size=12).map("".join), max_size=8).map("\n".join))
def test_cells_of_any_text_lie_in_rows(text: str) -> None:
    text = canonical(text)
    seen = markdown_structure(text)
    rows = [(block.start, block.end) for block in seen.blocks if block.kind == "row"]
    place = 0
    for table in seen.tables:
        assert table.start < table.end
        for cell in table.cells:
            assert place <= cell.start < cell.end
            assert text[cell.start : cell.end] == text[cell.start : cell.end].strip()
            assert any(start <= cell.start and cell.end <= end for start, end in rows)
            place = cell.end


def test_tables_are_found_in_linear_time() -> None:
    with at_most(5):
        for text in ("|" * 300_000, "a|" * 200_000 + "\n" + "-|" * 200_000, "|a|\n|-|\n" * 40_000, "\\|" * 200_000):
            markdown_structure(text)


@pytest.mark.parametrize(
    ("matter", "title", "day"),
    [
        ("---\ntitle: 'Rules'\ndate: 2024-05-06T10:00:00Z\n---", "Rules", "2024-05-06"),
        ("---\ndate: 2021-01-01\nlast-modified: 3 May 2022\n---", "", "2022-05-03"),
        ("---\nupdated: soon\ndate: May 3, 2022\n...", "", "2022-05-03"),
        ('+++\ntitle = "Rules"\ndate = 2020-1-2\n+++', "Rules", "2020-01-02"),
        ("---\nother:\n  date: 2020-01-02\ndate: 2020-13-40\n---", "", ""),
        ("date: 2020-01-02", "", ""),
    ],
)
def test_front_matter(matter: str, title: str, day: str) -> None:
    lines = f"{matter}\ntext".split("\n")
    assert title_and_day(lines[: front_matter_length(lines)]) == (title, day)
    assert markdown_structure(f"{matter}\ntext").date == day
