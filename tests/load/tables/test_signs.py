"""Columns of signs, columns without words, and words that group rows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.load.builder import Builder
from rag.load.tables import Cell, add_table, spread, text_rows
from tests.load.markup.reading import blocks_of
from tests.processor_time import at_most


def written(table: str, **told: int) -> list[str]:
    """Return the rows of a table; cells are parted by ``|``, rows by ``/``."""
    builder = Builder()
    add_table(builder, text_rows([cell.strip() for cell in row.split("|")] for row in table.split("/")), **told)
    return [words for _, words in blocks_of(builder)]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "|||2023|||2022|/Net sales||$|1,234||$|1,100|/Cost|||(234|)||(200|)",
            ["Net sales; 2023: $1,234; 2022: $1,100", "Cost; 2023: (234); 2022: (200)"],
        ),
        (
            "Rate|2023||2022|/Growth|4.1|%|3|%/Margin|12|%|11|%",
            ["Rate: Growth; 2023: 4.1%; 2022: 3%", "Rate: Margin; 2023: 12%; 2022: 11%"],
        ),
        # A sign that may stand on both sides stands on one.
        (
            "Item||New||Old/Rent|€|12|€|15/Heat|€|8|€|9",
            ["Item: Rent; New: €12; Old: €15", "Item: Heat; New: €8; Old: €9"],
        ),
        # Signs under a name of their own are values.
        ("Item|Limit|Unit/Rent|12|%/Heat|8|%", ["Item: Rent; Limit: 12; Unit: %", "Item: Heat; Limit: 8; Unit: %"]),
        # What begins below the rows that are looked at is not lost.
        (
            "A||B/" + "/".join(f"x{at}||{at}" for at in range(20)) + "/last|late|7",
            [*(f"A: x{at}; B: {at}" for at in range(20)), "A: last; B: 7; late"],
        ),
    ],
)
def test_signs_and_empty_columns(table: str, rows: Sequence[str]) -> None:
    assert written(table) == rows


def test_a_name_over_the_columns_of_its_signs() -> None:
    builder = Builder()
    year = [Cell("2023", 3), Cell("2022", 3)]
    rows = [
        [Cell("", 3), Cell(""), *year],
        [Cell("Net sales", 3), Cell(""), Cell("$"), Cell("1,234"), Cell(""), Cell("$"), Cell("1,100"), Cell("")],
        [Cell("Cost", 3), Cell(""), Cell("(234", 2), Cell(")"), Cell("(200", 2), Cell(")")],
    ]
    add_table(builder, spread(rows))
    assert [words for _, words in blocks_of(builder)] == [
        "Net sales; 2023: $1,234; 2022: $1,100",
        "Cost; 2023: (234); 2022: (200)",
    ]
    assert [(builder.text[cell.start : cell.end], cell.column) for cell in builder.tables[0].cells][:3] == [
        ("Net sales", 0),
        ("$1,234", 1),
        ("$1,100", 2),
    ]


def test_many_columns_of_signs_are_read_in_linear_time() -> None:
    table = "/".join("|".join(["$", "1"] * 20_000) for _ in range(3))
    with at_most(20):
        written(table)


@pytest.mark.parametrize(
    ("table", "headers"),
    [
        # Words alone above rows group them.
        ("Ticket|Price|Seats/Adults||/Day|12|3/Year|90|4/Children||/Day|6|3", ["", "Adults", "Adults", "", "Children"]),
        ("Ticket|Price|Seats/Bus|1|2/Adults||/Day|12|3/Children||/Day|6|3", ["", "", "Adults", "", "Children"]),
        # A row whose values are missing groups nothing.
        ("Town|2022|2023/Bergen|1|2/Oslo||/Molde|3|4", ["", "", ""]),
    ],
)
def test_words_that_group_the_rows_below(table: str, headers: Sequence[str]) -> None:
    builder = Builder()
    add_table(builder, text_rows(row.split("|") for row in table.split("/")), names=1)
    assert [block.header for block in builder.blocks] == list(headers)
