"""Tables in JSON read as tables, and other lists as they did."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rag.load.builder import Builder
from rag.load.data.json import read_json


def lines(value: Any) -> list[str]:
    builder = Builder()
    assert read_json(json.dumps(value), builder)
    return [line for line in builder.text.split("\n") if line]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            {"rows": [["Bridge", "Cars"], ["Stone", 12], ["Iron", None]]},
            ["rows:", "Bridge: Stone; Cars: 12", "Bridge: Iron"],
        ),
        ([["Bridge", "Cars"], ["Stone", 12]], ["Bridge: Stone; Cars: 12"]),
        (
            {"columns": ["Peak", "Metres"], "index": [0, 1], "data": [["Nib", 9], ["Tor", 8]]},
            ["Peak: Nib; Metres: 9", "Peak: Tor; Metres: 8"],
        ),
        ({"columns": ["Metres", "Snow"], "index": ["Nib"], "data": [[9, "no"]]}, ["Nib; Metres: 9; Snow: no"]),
        ({"name": "Peaks", "headers": ["A", "B"], "rows": [[1, 2]]}, ["name: Peaks", "A: 1; B: 2"]),
        (
            [{"lake": "Stor", "depth": 41}, {"lake": "Lille", "depth": 7}],
            ["lake: Stor; depth: 41", "lake: Lille; depth: 7"],
        ),
        ({"columns": "two", "data": [1, 2]}, ["columns: two", "data: 1, 2"]),
    ],
)
def test_tables(value: Any, expected: list[str]) -> None:
    assert lines(value) == expected


def test_rows_of_numbers_are_no_table() -> None:
    assert all(":" not in line for line in lines([[59.9, 10.7], [60.1, 11.0]]))


def test_cells_have_a_record() -> None:
    builder = Builder()
    read_json('[["Bridge", "Cars"], ["Stone", 12]]', builder)
    (table,) = builder.tables
    assert [builder.text[cell.start : cell.end] for cell in table.cells] == ["Stone", "12"]
