"""A table row is read as cells: label, column, value, unit, scale and period, each an exact slice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.cells import Cell, caption_scale, read_cells, read_figures, row_label
from rag.types import Span

_START = 50
_COLUMNS = "Sales | Three Months Ended July 1, 2023 | Three Months Ended June 25, 2022 | Change"


def _span(quote: str, header: str = "") -> Span:
    return Span("report.pdf", "id", "Report", _START, _START + len(quote), quote, header=header)


def _rows(cells: list[Cell]) -> list[tuple[str, str, str]]:
    return [(cell.label, cell.column, cell.text) for cell in cells]


@pytest.mark.parametrize(
    ("quote", "header", "rows"),
    [
        (
            "Barges  $ 810  $ 750  8 %",
            _COLUMNS,
            [
                ("Barges", "Three Months Ended July 1, 2023", "$ 810"),
                ("Barges", "Three Months Ended June 25, 2022", "$ 750"),
                ("Barges", "Change", "8 %"),
            ],
        ),
        ("| Dog | $40 | yes |", "Animal | Fee | Licence", [("Dog", "Fee", "$40"), ("Dog", "Licence", "yes")]),
        ("Animal: Dog; Fee: $40; Licence: yes", "", [("Dog", "Fee", "$40"), ("Dog", "Licence", "yes")]),
        ("Dog; 2021: $40; 2022: $42", "", [("Dog", "2021", "$40"), ("Dog", "2022", "$42")]),
        ("Fee: $40", "", [("Fee", "", "$40")]),
        # Two names for three values: none is sure.
        (
            "Barges  $ 810  $ 750  8 %",
            "2023 | 2022",
            [("Barges", "", "$ 810"), ("Barges", "", "$ 750"), ("Barges", "", "8 %")],
        ),
    ],
)
def test_a_row_is_read_as_cells(quote: str, header: str, rows: list[tuple[str, str, str]]) -> None:
    assert _rows(read_cells(_span(quote, header))) == rows
    assert row_label(_span(quote, header)) == rows[0][0]


@pytest.mark.parametrize("quote", ["The fee is: $40 a day.", "We met at 10:30.", "Nothing here", "", "| alone |"])
def test_a_sentence_is_no_row(quote: str) -> None:
    assert read_cells(_span(quote)) == []
    assert row_label(_span(quote)) == ""


def test_values_have_a_unit_a_scale_and_a_period() -> None:
    barges = read_cells(_span("Barges  $ 810  (75)  (1)%", _COLUMNS), "(Dollars in millions)")
    assert [(cell.value, cell.unit, cell.scale) for cell in barges] == [
        (Decimal(810), "dollar", 10**6),
        (Decimal(-75), "dollar", 10**6),
        (Decimal(-1), "percent", 1),
    ]
    assert [sorted(cell.periods.years) for cell in barges] == [[2023], [2022], []]
    assert [sorted(cell.periods.lengths) for cell in barges] == [[3], [3], []]


@pytest.mark.parametrize(
    ("quote", "header", "caption", "scale", "unit"),
    [
        ("Rent  12", "Item | Budget (€ million)", "", 10**6, "euro"),
        ("Earnings per share  1.26", "Item | 2023", "(in millions)", 1, ""),
        ("Number of shares  15,000", "Item | 2023", "In millions, except number of shares", 1, ""),
        ("Tax rate  12.5 %", "Item | 2023", "(in millions)", 1, "percent"),
        ("Umsatz  12", "Posten | 2023", "Angaben in Mio. Euro", 10**6, "euro"),
        ("Rent  2.5 billion", "Item | 2023", "(in millions)", 10**9, ""),
    ],
)
def test_scale_and_unit_are_those_that_hold_for_the_value(
    quote: str, header: str, caption: str, scale: int, unit: str
) -> None:
    (cell,) = read_cells(_span(quote, header), caption)
    assert (cell.scale, cell.unit) == (scale, unit)


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        (
            "Sales in fiscal 2022 were 66,608 million crowns, compared to 62,286 million crowns in fiscal 2021.",
            [("66,608 million", 10**6, "crowns", [2022]), ("62,286 million", 10**6, "crowns", [2021])],
        ),
        (
            "The rates were 4.2% and 14.8% in 2022 and 2021, respectively.",
            [("4.2%", 1, "percent", [2022]), ("14.8%", 1, "percent", [2021])],
        ),
        # Which year the second figure is of is not said.
        ("In 2022 it sold 66 boats, compared to 62 the year before.", [("66", 1, "boats", [2022]), ("62", 1, "", [])]),
        ("In the second quarter of 2023 it opened 12 stores.", [("12", 1, "stores", [2023])]),
    ],
)
def test_figures_of_a_sentence_have_the_year_of_their_clause(
    sentence: str, figures: list[tuple[str, int, str, list[int]]]
) -> None:
    cells = read_figures(_span(sentence))
    assert [(cell.text, cell.scale, cell.unit, sorted(cell.periods.years)) for cell in cells] == figures


def test_a_caption_states_a_scale_and_prose_does_not() -> None:
    assert caption_scale("(In millions, except per share amounts)") == 10**6
    assert caption_scale("Millions of people watched") == 0


@given(st.text("ab1 .,$%|:;\t\n()é-", max_size=60), st.text("ab1 |", max_size=20))
def test_every_cell_is_an_exact_slice(quote: str, header: str) -> None:
    span = _span(quote, header)
    for cell in [*read_cells(span), *read_figures(span)]:
        assert quote[cell.start - _START : cell.end - _START] == cell.text
