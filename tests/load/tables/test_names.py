"""Which rows of a small table name its columns, and which columns name its rows.

Cells are parted by ``|``, rows by ``/``.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.load.tables.grid import Cell, spread, text_rows
from rag.load.tables.kinds import kind_of
from rag.load.tables.names import Layout, find_names
from tests.processor_time import at_most

NONE = Layout()
LABELS = Layout(labels=1)
FIRST_ROW = Layout(names=1)


def rows(table: str) -> list[tuple[Cell, ...]]:
    return list(text_rows([cell.strip() for cell in row.split("|")] for row in table.split("/")))


def laid_out(*cells: Sequence[Cell]) -> list[tuple[Cell, ...]]:
    return list(spread(cells))


@pytest.mark.parametrize(
    ("table", "layout"),
    [
        # The first row repeats the value pattern of the rows below.
        ("Alice|Berlin|engineer/Bob|Paris|baker", NONE),
        ("1.1|2.2|3.3/4.4|5.5|6.6", NONE),
        ("1.25|2.50|A/1.40|2.75|B", NONE),
        ("Oslo|Norway|700000/Bergen|Norway|290000", NONE),
        ("2024-01-01|ok|3/2024-01-02|fail|4", NONE),
        ("yes|no|yes/no|no|yes/yes|yes|no", NONE),
        ("+47 22 33 44|Ann|x/+47 22 33 55|Bo|y", NONE),
        ("A1|B1|C1/A2|B2|C2", NONE),
        ("30|60|90/21|24|29", NONE),
        # So it does, in two columns.
        ("1.1|2.2/3.3|4.4", LABELS),
        ("Ann|30/Bob|40", LABELS),
        ("Mode|fast/Limit|high/Colour|red", LABELS),
        ("Model|X5/Maker|Northwind/Weight|2.4 kg/Warranty|3 years", LABELS),
        ("Voltage|230 V/Current|10 A/Colour|white", LABELS),
        # Words above figures.
        ("Name|Age/Ann|30/Bob|40", FIRST_ROW),
        ("Name|Fee/Rent|500/Heat|", FIRST_ROW),
        ("Height|Width/1.5|2.5", FIRST_ROW),
        ("date|state|count/2024-01-01|ok|3/2024-01-02|fail|4", FIRST_ROW),
        ("Name|Fee/Rent|EUR 500/Heat|80", FIRST_ROW),
        ("Boat|Mass/Ternen|5 t/Lomvi|7 t", FIRST_ROW),
        ("Name|Fee/Ann|1/Name|Fee/Bob|2", FIRST_ROW),
        ("id|name|comment|score/1|Ann|first|7/2|Bob|next|9", FIRST_ROW),
        ("Name|Grade|Mark/Ann|A|5/Bob|B|6", FIRST_ROW),
        ("Date|Amount|Note/2023-02-28|510|y", FIRST_ROW),
        ("Tool|Price|Mass/[struck out: Hoe]|[struck out: 5]|[struck out: 3]/Axe|7|4", FIRST_ROW),
        # Numbers above values of another kind, and years.
        ("30|60|90/2.1|2.4|2.9", FIRST_ROW),
        ("Valve|30|60|90/open|2.1|2.4|2.9", FIRST_ROW),
        ("1|2|3/a|b|c/d|e|f", FIRST_ROW),
        ("Country|2019|2020/Norway|5200|5400", FIRST_ROW),
        ("Country|2019|2020|2021/Sales|1950|1987|2011", FIRST_ROW),
        ("|2019|2020|2021/Cows|41|39|44", FIRST_ROW),
        ("2021|2022/5|6/7|8", FIRST_ROW),
        ("City|2024/Bergen|45/Oslo|60/York|12", FIRST_ROW),
        ("City|2024/Bergen|291,940/Oslo|717,710", FIRST_ROW),
        ("EUR million|FY2024/Sales|45/Costs|60", FIRST_ROW),
        ("Q1|Q2|Q3/10|20|30", FIRST_ROW),
        ("Item|2023-01-31|2023-02-28/Rent|500|510", FIRST_ROW),
        # A title or a note above.
        ("Plan 2024||/Name|Q1|Q2/Ann|5|6", Layout(1, 1)),
        ("Ferry||/in thousands||/|2022|2023/Tickets|410|455", Layout(2, 1)),
        ("Report date|2024-05-01|||/Name|A1|B1|C1|D1/Ann|1|2|3|4", Layout(1, 1)),
        # Names in two rows, and units below them.
        ("|2023||2024|/Dept|Plan|Actual|Plan|Actual/HR|10|11|12|13", Layout(0, 2)),
        ("Region|2023||2024|/|Plan|Actual|Plan|Actual/North|1|2|3|4/South|5|6|7|8", Layout(0, 2)),
        ("Region|Q1||Q2|/|Plan|Actual|Plan|Actual/North|1|2|3|4/South|5|6|7|8", Layout(0, 2)),
        ("Area|Site|2023||2024|/||Plan|Actual|Plan|Actual/North|Weir|1|2|3|4/South|Mill|5|6|7|8", Layout(0, 2)),
        ("Site|Depth|Mass/|(m)|(kg)/Weir|1.5|2.25", Layout(0, 2)),
        ("Site|Depth|Mass/|m|kg/Weir|1.5|2.25", Layout(0, 2)),
        # Labels in several columns.
        ("Name:|Ann|Date:|2024-01-02/City:|Oslo|Fee:|40", Layout(0, 0, 1, (2,))),
        ("Name|Ann|Date|2024-01-02/City|Oslo|Fee|40", Layout(0, 0, 1, (2,))),
        ("1|2/3|4", Layout(0, 0, 1)),
        ("only/one/column", NONE),
    ],
)
@pytest.mark.parametrize("is_sheet", [False, True])
def test_what_the_cells_tell_is_the_same_in_every_format(table: str, layout: Layout, is_sheet: bool) -> None:
    assert find_names(rows(table), is_sheet=is_sheet) == layout


@pytest.mark.parametrize(
    ("table", "elsewhere"),
    [
        ("City|Mayor/Oslo|Ada Lund", LABELS),
        ("Capital|Oslo/Population|Large/Mayor|Ada Lund", LABELS),
        ("City|Country|Continent/Oslo|Norway|Europe", FIRST_ROW),
        ("name|city|job/Ann|Oslo|cook", FIRST_ROW),
        ("Founded|1998/Staff|45/Offices|12", LABELS),
        ("Year of opening|1998/Staff|45/Offices|12", LABELS),
        ("Club|1998/Staff|45", LABELS),
        ("Capital|Oslo/Area|5 km²", LABELS),
        ("Name|Tower/Height|5 m/Weight|3 t", LABELS),
        ("Capital|Oslo/Population|709,037/Area|454 km²/Founded|1040", LABELS),
    ],
)
def test_where_it_could_be_either_a_sheet_has_names(table: str, elsewhere: Layout) -> None:
    assert find_names(rows(table)) == elsewhere
    assert find_names(rows(table), is_sheet=True) == FIRST_ROW


def name(text: str, columns: int = 1, rows: int = 1) -> Cell:
    return Cell(text, columns, rows, True)


def value(text: str, columns: int = 1, rows: int = 1) -> Cell:
    return Cell(text, columns, rows, False)


def test_marked_names_win_over_what_the_cells_look_like() -> None:
    assert find_names(laid_out([name("Ann"), name("5")], [value("Bob"), value("6")])) == FIRST_ROW
    years = laid_out([value("Year"), value("2023")], [name("Rent"), value("500")], [name("Heat"), value("80")])
    assert find_names(years) == LABELS
    two_rows = [[name("Dept", rows=2), name("2023", 2)], [name("Plan"), name("Actual")], [value("HR"), value("1")]]
    assert find_names(laid_out(*two_rows)) == Layout(0, 2)


def test_a_marked_cell_over_the_whole_width_below_the_names_is_no_name() -> None:
    table = laid_out([name("City"), name("Staff")], [name("Europe", 2)], [value("Oslo"), value("5")])
    assert find_names(table) == FIRST_ROW


def test_spans_tell_rows_of_names() -> None:
    table = [
        [Cell("Dept", 1, 2), Cell("2023", 2)],
        [Cell("Plan"), Cell("Actual")],
        [Cell("HR"), Cell("10"), Cell("11")],
    ]
    assert find_names(laid_out(*table)) == Layout(0, 2)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("30", "integer"), ("1,200", "integer"), ("00007", "integer"), ("2.1", "decimal"), ("1,50", "decimal"),
        ("1E+21", "decimal"), ("2019", "year"), ("FY2023", "period"), ("Q1 2024", "period"), ("2019/20", "period"),
        ("2.4 kg", "measure"), ("$1,234.50", "measure"), ("12.5%", "measure"), ("10m", "measure"), ("5G", "code"),
        ("X5", "code"), ("013R00664", "code"), ("2024-03-01", "date"), ("5 March 2024", "date"), ("10:30", "time"),
        ("ann@x.org", "address"), ("Ann", "capitalised"), ("USA", "capitals"), ("fast", "small"), ("オスロ", "words"),
        ("-", ""), ("n/a", ""), ("+", "sign"), ("It is said of the whole table that it is old.", "long"),
    ],
)  # fmt: skip
def test_kinds(words: str, kind: str) -> None:
    assert kind_of(words) == kind


def test_a_cell_made_to_be_slow_is_not() -> None:
    with at_most(3):
        for words in ("1," * 5000, "1" * 5000 + "x", "a@" * 5000, "(" * 5000, "9" * 59 + "!", "1 " * 29 + "x"):
            for _ in range(200):
                kind_of(words)
