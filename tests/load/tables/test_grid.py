"""Cells that span rows and columns stand in each of them, however much a file claims."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.load.tables.grid import Cell, spread
from tests.processor_time import at_most

CELLS = st.builds(
    Cell,
    st.text("ab ", max_size=3),
    st.one_of(st.integers(1, 4), st.integers(1, 10**9)),
    st.one_of(st.integers(0, 4), st.integers(1, 10**9)),
)


def texts(*rows: list[Cell]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in spread(rows)]


def test_a_cell_stands_in_each_row_and_column_that_it_spans() -> None:
    assert texts([Cell("a", 2, 2), Cell("b")], [Cell("c")], [Cell("d")]) == [["a", "a", "b"], ["a", "a", "c"], ["d"]]


def test_a_cell_of_zero_rows_spans_all_that_follow() -> None:
    assert texts([Cell("a", 1, 0), Cell("b")], [Cell("c")], [Cell("d")]) == [["a", "b"], ["a", "c"], ["a", "d"]]


@given(st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_each_cell_stands_in_the_row_in_which_it_begins(rows: list[list[Cell]]) -> None:
    laid_out = list(spread(rows))
    assert len(laid_out) == len(rows)
    for given_row, row in zip(rows, laid_out, strict=True):
        assert [cell for cell in row if any(cell is other for other in given_row)] != [] or not given_row
        assert all(any(cell is there for there in row) for cell in given_row)
        assert len(row) <= 1100


def test_claimed_spans_take_no_time() -> None:
    with at_most(5):
        rows = ([Cell(str(number), 10**9, 10**9), Cell("x", 1000, 10**6)] for number in range(3000))
        places = sum(map(len, spread(rows)))
        assert places < 4_000_000
