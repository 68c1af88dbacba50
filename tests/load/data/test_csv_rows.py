"""Rows of delimited text are cut as they were written."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.load.builder import Builder
from rag.load.data.csv import read_delimited
from rag.load.data.csv_rows import fields, guess_delimiter
from tests.processor_time import at_most


def lines(text: str, delimiter: str = "") -> list[str]:
    builder = Builder()
    read_delimited(text, builder, delimiter)
    return builder.text.split("\n")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
        ('a,"b, c"\n', [["a", "b, c"]]),
        ('a,"b\nc",d\n', [["a", "b\nc", "d"]]),
        ('"say ""x""",b', [['say "x"', "b"]]),
        ('a, "b, c" ,d', [["a", "b, c", "d"]]),
        ('5" long,40\n"12 foot,7\nsmall,9', [['5" long', "40"], ['"12 foot', "7"], ["small", "9"]]),
        ('"a" b,c\n', [['"a" b', "c"]]),
        ('"",x\n', [["", "x"]]),
        ("a\u2028b,c\x0bd,e\x85f\n", [["a\u2028b", "c\x0bd", "e\x85f"]]),
        ("a\n\nb", [["a"], [], ["b"]]),
        ("", []),
    ],
)
def test_fields(text: str, rows: list[list[str]]) -> None:
    assert list(fields(text, ",")) == rows


@given(st.lists(st.lists(st.text("a\"',; \n", max_size=6), min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_a_program_wrote_is_read_back(rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    assert list(fields(written.getvalue(), ",")) == rows


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\nc,d", ","),
        ("1,5;2,5\n3,5;4,5", ";"),
        ("a|b|c\n1|2|3", "|"),
        ("a\tb, c\nd\te, f", "\t"),
        ("only\none", ","),
        ("# by hand, in cm\na;b\n1;2", ";"),
        ("Name,Note\nAnn,x;y\nBob,z", ","),
    ],
)
def test_delimiter(text: str, delimiter: str) -> None:
    assert guess_delimiter(text) == delimiter


def test_the_line_for_excel_is_no_row() -> None:
    assert lines("sep=;\nDish;Price\nSoup;4,50\n") == ["Dish: Soup; Price: 4,50"]


def test_comments_above_are_whole() -> None:
    assert lines("# Levels, in cm\nDay,Upper\n2024-04-01,312\n") == [
        "# Levels, in cm",
        "",
        "Day: 2024-04-01; Upper: 312",
    ]
    assert lines("#,Name\n1,Ann\n2,Bob\n") == ["#: 1; Name: Ann", "#: 2; Name: Bob"]


def test_a_row_behind_an_empty_line_goes_on_with_the_table() -> None:
    assert lines("Tree,Age\nOak,300\n\nAsh,120\n") == ["Tree: Oak; Age: 300", "Tree: Ash; Age: 120"]


def test_tables_behind_empty_lines_have_their_own_names() -> None:
    text = "Sales\n\nDay,Cars\nMonday,4\nTuesday,5\n\nShop,Keeper,Floor\nNorth,Ann,2\nSouth,Bob,3\n"
    assert [line for line in lines(text) if line] == [
        "Sales", "Day: Monday; Cars: 4", "Day: Tuesday; Cars: 5",
        "Shop: North; Keeper: Ann; Floor: 2", "Shop: South; Keeper: Bob; Floor: 3",
    ]  # fmt: skip


def test_names_of_rows_that_have_no_name_themselves() -> None:
    assert lines("speed\tdist\ncar\t4\t2\nbus\t7\t9\n", "\t") == ["car; speed: 4; dist: 2", "bus; speed: 7; dist: 9"]


def test_quotes_that_never_close_take_no_time() -> None:
    with at_most(5):
        for text in ('a,"b\n' * 100_000, '"' * 300_000, '",' * 150_000, ',"x" y' * 50_000, "," * 300_000):
            for _ in fields(text, ","):
                pass
