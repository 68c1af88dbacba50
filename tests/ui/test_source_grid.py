"""Sheets and files of records as grids: `ui.views.source_table`, `ui.views.source_cells`."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from rag.load.builder import Builder
from rag.load.media_types import CSV
from rag.load.tables import add_table, text_rows
from rag.settings import Settings
from rag.store.index import Index
from rag.types import tables_as_json, tables_from_json
from tests.processor_time import at_most
from tests.ui.shown import Shown, added, id_of, source_text, span_of, words_of
from ui.views.source import view_source
from ui.views.source_blocks import SourceText
from ui.views.source_text import is_grid, window

PRICES = "Item,Price,Note\nLamp,3,small\nRope,12,\nOil,7,a; b: c\nBread,1,fresh\n"
FILES = Path(__file__).parents[1] / "reading" / "files"


def test_a_cited_row_is_shown_in_its_grid(index: Index, tmp_path: Path, settings: Settings) -> None:
    added(index, tmp_path / "more", settings, prices_csv=PRICES)
    id_, start, end = span_of(index, "prices.csv", "Item: Oil; Price: 7; Note: a; b: c")
    view = view_source(index, id_, start, end)
    assert view.kind == "table"
    assert Shown(view.html).cells == [
        ["Item", "Price", "Note"],
        ["Lamp", "3", "small"],
        ["Rope", "12", ""],
        ["Oil", "7", "a; b: c"],
        ["Bread", "1", "fresh"],
    ]
    assert Shown(view.html).marks == ["Oil", "7", "a; b: c"]
    assert len(re.findall('<tr [^>]*class="cited"', view.html)) == 1
    assert len(re.findall('<td class="cited', view.html)) == 3
    assert view.html.count('id="cited"') == 1
    assert "f-lit" not in view.html, "where a row is cited, no column is"


def test_the_cell_that_answers_stands_out_of_the_row_that_is_cited(
    index: Index, tmp_path: Path, settings: Settings
) -> None:
    added(index, tmp_path / "more", settings, prices_csv=PRICES)
    id_, start, end = span_of(index, "prices.csv", "Item: Oil; Price: 7; Note: a; b: c")
    price = words_of(index, "prices.csv").index("7", start)
    view = view_source(index, id_, start, end, answer=(price, price + 1))
    assert Shown(view.html).marks == ["Oil", "7", "a; b: c"], "what is cited is marked as before"
    assert '<td class="cited f-answers f-amount"><mark class="cited">7</mark></td>' in view.html
    assert view.html.count("f-answers") == 1
    assert re.findall('<td class="f-lit f-amount">(.*?)</td>', view.html) == ["3", "12", "1"]
    assert "f-answers" not in view_source(index, id_, start, end, answer=(price, price)).html


def test_a_cited_cell_lights_its_column(index: Index, tmp_path: Path, settings: Settings) -> None:
    added(index, tmp_path / "more", settings, prices_csv=PRICES)
    text = words_of(index, "prices.csv")
    start = text.index("12")
    view = view_source(index, id_of(index, "prices.csv"), start, start + 2)
    assert Shown(view.html).marks == ["12"]
    assert '<td class="cited f-amount"><mark id="cited">12</mark></td>' in view.html
    assert re.findall('<td class="f-lit f-amount">(.*?)</td>', view.html) == ["3", "7", "1"]
    name = text.index("Price")
    only_name = view_source(index, id_of(index, "prices.csv"), name, name + 5)
    assert '<tr data-at="0" aria-rowindex="2" id="cited" class="cited">' in only_name.html
    assert Shown(only_name.html).marks == []


def test_a_workbook_has_its_sheets(index: Index, tmp_path: Path, settings: Settings) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Prices"
    for row in (("Item", "Price"), ("Lamp", 3), ("Rope", 12)):
        first.append(row)
    second = book.create_sheet("Staff <b>")
    for row in (("Name", "Hours"), ("Maren", 40), ("Ole", 20)):
        second.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    added(index, tmp_path / "more", settings, book_xlsx=buffer.getvalue())
    id_, start, end = span_of(index, "book.xlsx", "Ole")
    view = view_source(index, id_, start, end)
    assert view.heading == ("Staff <b>",)
    assert [heading.words for heading in view.outline] == ["Prices", "Staff <b>"]
    assert ["Name", "Hours"] in Shown(view.html).cells
    assert ["Ole", "20"] in Shown(view.html).cells
    assert "Staff &lt;b&gt;" in view.html
    assert Shown(view.html).marks == ["Ole"]
    heading = view_source(index, *span_of(index, "book.xlsx", "Staff <b>"))
    assert (heading.kind, Shown(heading.html).marks) == ("table", ["Staff <b>"])


def test_several_tables_of_a_sheet_stand_one_below_the_other() -> None:
    source = source_text((FILES / "xlsx" / "several.xlsx").read_bytes(), "several.xlsx")
    page = window(source).html
    assert len(set(re.findall(r'data-table="(\d+)"', page))) == 3
    assert ["Winch", "2"] in Shown(page).cells


def test_rows_are_numbered_and_names_span() -> None:
    page = window(source_text((FILES / "csv" / "two_rows.csv").read_bytes(), "two_rows.csv")).html
    assert '<th scope="colgroup" colspan="2">Spring</th>' in page
    assert re.findall(r'<th class="f-row-number" scope="row">(\d+)</th>', page) == ["3", "4"]
    assert re.findall(r"<td>([A-Z])</td>", page) == ["A", "B", "C", "D", "E"]


def test_rows_and_columns_are_those_of_the_sheet() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet["C3"] = "Prices of the harbour"
    for number, row in enumerate([("Item", None, "Price"), ("rope", None, 12), ("tar", None, 31)], start=5):
        for column, value in zip("CDF", row, strict=True):
            sheet[f"{column}{number}"] = value
    sheet["C9"], sheet["F9"] = "anchor", 210
    written = io.BytesIO()
    book.save(written)
    source = source_text(written.getvalue(), "far.xlsx")
    page = window(source).html
    assert re.findall(r'<th class="f-row-number" scope="row">(\d+)</th>', page) == ["6", "7", "9"]
    assert re.findall(r"<td>([A-Z])</td>", page) == ["C", "F"]
    assert re.findall(r'aria-rowindex="(\d+)"', page) == ["6", "7", "9"]
    (table,) = source.tables
    assert table.sheet_rows == ((6, 2), (9, 1))
    assert table.sheet_columns == (2, 5)
    assert tables_from_json(json.loads(json.dumps(tables_as_json([table])))) == (table,)
    assert tables_from_json([[0, 1, [], [], 0, ""]])[0].sheet_rows == (), "as an earlier version stored it"


def test_records_without_tables_are_a_grid_where_they_are_many() -> None:
    few = source_text((FILES / "json" / "records.json").read_bytes(), "records.json")
    assert not is_grid(few)
    assert ["Storvann", "41", "perch, trout"] in Shown(window(few).html).cells
    many = source_text("\n".join(f'{{"bird": "heron{n}", "seen": {n}}}' for n in range(500)), "many.jsonl")
    assert is_grid(many)
    start = many.text.index("heron250")
    view = window(many, start, start + 8)
    assert ["heron250", "250"] in Shown(view.html).cells
    assert Shown(view.html).marks == ["heron250"]


def test_a_hundred_thousand_rows_open_at_the_cited_one() -> None:
    rows = "\n".join(f"lamp{n},{n},ok" for n in range(100_000))
    source = source_text(f"Name,Number,State\n{rows}\n", "long.csv")
    start = source.text.index("lamp90000;")
    with at_most(4):
        view = window(source, start, start + 9)
    shown = Shown(view.html).cells
    assert ["lamp90000", "90000", "ok"] in shown, "also where the record of the cells has ended"
    assert 100 < len(shown) < 500
    assert '<th class="f-row-number" scope="row">90002</th>' in view.html
    back, follow = window(source, at=view.before), window(source, at=view.after)
    assert back.last == view.first
    assert follow.first == view.last
    assert (
        re.findall(r'data-table="\d+"', back.html) == re.findall(r'data-table="\d+"', follow.html) == ['data-table="0"']
    )


cells = st.text(st.sampled_from("ab:; ,"), max_size=6)


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6),
    st.integers(0, 80),
    st.integers(1, 30),
    st.booleans(),
)
def test_every_word_of_a_table_stands_in_a_cell(rows: list[list[str]], start: int, length: int, recorded: bool) -> None:
    """Whatever semicolons and colons the values hold: nothing is lost, and only what is cited is marked."""
    builder = Builder()
    add_table(builder, text_rows([["One", "Two", "Three"], *rows]), names=1)
    tables = builder.tables if recorded else ()
    source = SourceText(builder.text, tuple(builder.blocks), tuple(tables), media_type=CSV)
    start = min(start, len(source.text))
    end = min(len(source.text), start + length)
    view = window(source, start, end)
    for letter in "ab":
        shown = sum(cell.count(letter) for row in Shown(view.html).cells for cell in row)
        assert shown == source.text.count(letter)
    marks = Shown(view.html).marks
    assert all(mark in source.text[start:end] for mark in marks)
    assert sum(map(len, marks)) <= end - start


def test_a_very_wide_table_and_a_very_long_cell(index: Index, tmp_path: Path, settings: Settings) -> None:
    names = [f"column{n}" for n in range(900)]
    wide = "\n".join([",".join(names), *(",".join(f"v{row}x{n}" for n in range(900)) for row in range(24))])
    long = "Name,Text\nlamp," + "word " * 20_000 + "\nrope,short\n"
    added(index, tmp_path / "more", settings, wide_csv=wide, long_csv=long)
    span = span_of(index, "wide.csv", "v20x450;")
    with at_most(2):
        view = view_source(index, *span)
    assert view.kind == "table"
    assert Shown(view.html).marks == ["v20x450"]
    assert len(view.html) < 1_000_000
    cell = view_source(index, *span_of(index, "long.csv", "lamp"))
    assert Shown(cell.html).marks == ["lamp"]
    assert cell.last - cell.first <= 40_000
