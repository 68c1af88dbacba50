"""The tables of a sheet are told apart by empty rows and columns. Cells are parted by ``|``, rows by ``/``."""

from __future__ import annotations

import pytest

from rag.load.builder import Builder
from rag.load.tables import Area, Cell, SheetRow, add_parts
from tests.processor_time import at_most


def rows(table: str) -> list[SheetRow]:
    sheet = []
    for number, row in enumerate(table.split("/")):
        cells = {at: Cell(word.strip()) for at, word in enumerate(row.split("|")) if word.strip()}
        if cells:
            sheet.append(SheetRow(number, cells))
    return sheet


def read(table: str, *areas: Area, side_by_side: bool = True) -> list[str]:
    builder = Builder()
    add_parts(builder, rows(table), areas, side_by_side=side_by_side)
    return [builder.text[block.start : block.end] for block in builder.blocks]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # An empty row parts two tables, a title belongs to the table below.
        (
            "Bay|Length/Blue|8.5/Red|12//Tool|Stock/Rope|10",
            ["Bay: Blue; Length: 8.5", "Bay: Red; Length: 12", "Tool: Rope; Stock: 10"],
        ),
        ("Fares//Ticket|Kroner/Adult|32", ["Fares", "Ticket: Adult; Kroner: 32"]),
        # A total, or more of the same, goes on.
        ("Item|2022|2023/Fuel|1|2//Result|3|4", ["Item: Fuel; 2022: 1; 2023: 2", "Item: Result; 2022: 3; 2023: 4"]),
        (
            "Item|Price/Rope|2/Nail|3//Peg|4/Bolt|5",
            ["Item: Rope; Price: 2", "Item: Nail; Price: 3", "Item: Peg; Price: 4", "Item: Bolt; Price: 5"],
        ),
        # An empty column parts two tables of two columns, and none within one.
        (
            "Keeper|Shift||Tool|Stock/Ingrid|early||Rope|10/Marek|late||Winch|2",
            [
                "Keeper: Ingrid; Shift: early",
                "Keeper: Marek; Shift: late",
                "Tool: Rope; Stock: 10",
                "Tool: Winch; Stock: 2",
            ],
        ),
        ("||2022||2023/Tickets||410||455", ["Tickets; 2022: 410; 2023: 455"]),
        ("Item||2022|2023||2024|2025/Fuel||1|2||3|4", ["Item: Fuel; 2022: 1; 2023: 2; 2024: 3; 2025: 4"]),
        # A title above tables side by side.
        (
            "Depot/Keeper|Shift||Tool|Stock/Ingrid|early||Rope|10",
            ["Depot", "Keeper: Ingrid; Shift: early", "Tool: Rope; Stock: 10"],
        ),
        # What stands below.
        ("Bay|Length/Blue|8.5//Measured in spring.", ["Bay: Blue; Length: 8.5", "Measured in spring."]),
        ("alone", ["alone"]),
    ],
)
def test_parts(table: str, expected: list[str]) -> None:
    assert read(table) == expected


def test_a_title_is_the_caption_of_the_table_below() -> None:
    builder = Builder()
    add_parts(builder, rows("Fares, in kroner//Ticket|Price/Adult|32"))
    assert builder.tables[0].caption == "Fares, in kroner"
    assert builder.blocks[-1].header == "Fares, in kroner"


def test_rows_of_text_are_not_parted_by_columns() -> None:
    assert read("a|b||c|d/Ann|1||Bob|2", side_by_side=False) == ["a: Ann; b: 1; c: Bob; d: 2"]


def test_tables_that_the_file_marks_have_the_names_that_it_marks() -> None:
    sheet = "Fares/Adult|32/Child|16/Notes below"
    assert read(sheet, Area(1, 0, 2, 1)) == ["Fares", "Adult: Child; 32: 16", "Notes below"]
    assert read(sheet, Area(1, 0, 2, 1, names=0)) == ["Fares", "Adult: 32", "Child: 16", "Notes below"]


def test_a_long_table_streams() -> None:
    asked = 0

    def many() -> object:
        nonlocal asked
        yield SheetRow(0, {0: Cell("Name"), 1: Cell("Count")})
        for number in range(1, 100_000):
            asked += 1
            yield SheetRow(number, {0: Cell(f"n{number}"), 1: Cell("1")})

    class Full(Exception):
        pass

    class Small(Builder):
        def add(self, *arguments: object, **named: object) -> int:
            if len(self.blocks) > 10:
                raise Full
            return super().add(*arguments, **named)  # type: ignore[arg-type]

    with pytest.raises(Full):
        add_parts(Small(), many())  # type: ignore[arg-type]
    assert asked < 1000


def test_far_columns_and_many_parts_take_no_time() -> None:
    with at_most(20):
        builder = Builder()
        add_parts(
            builder,
            (SheetRow(2 * number, {0: Cell("a"), 16_383: Cell("b"), 9_000: Cell("1")}) for number in range(20_000)),
        )
        assert "a" in builder.text
