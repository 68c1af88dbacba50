"""Workbooks are read as they show, and what is not read is named."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.file import File
from rag.load.limits import Limits
from rag.load.office.sheets.ods import read_ods
from rag.load.office.sheets.readers import OldExcelReader
from rag.load.office.sheets.types import Area, Merged, area_of, cell_name, column_number
from rag.load.office.sheets.values import add_values
from rag.load.office.sheets.xlsx import read_xlsx
from rag.load.tables import Cell
from tests.processor_time import at_most

ODS = "urn:oasis:names:tc:opendocument:xmlns"


def saved(book: Any) -> io.BytesIO:
    data = io.BytesIO()
    book.save(data)
    data.seek(0)
    return data


def lines(builder: Builder) -> list[str]:
    return [builder.text[block.start : block.end] for block in builder.blocks]


def with_parts(data: io.BytesIO, changes: dict[str, tuple[bytes, bytes]]) -> io.BytesIO:
    """Return a package with words of its parts replaced."""
    changed = io.BytesIO()
    with zipfile.ZipFile(data) as package, zipfile.ZipFile(changed, "w") as other:
        for name in package.namelist():
            part = package.read(name)
            if name in changes:
                assert changes[name][0] in part
                part = part.replace(*changes[name])
            other.writestr(name, part)
    changed.seek(0)
    return changed


def test_merged_cells_stand_in_each_row() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Valley", "Village", "Wage"], ["Upper", "Skog", 210], [None, "Myr", 220]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    builder = Builder()
    read_xlsx(saved(book), builder)
    assert lines(builder)[1:] == ["Valley: Upper; Village: Skog; Wage: 210", "Valley: Upper; Village: Myr; Wage: 220"]


def test_formulas_without_a_value_are_named() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Sales"
    for row in (["Stall", "Bread"], ["Market", 12], ["Total", "=SUM(B2:B2)"]):
        book.active.append(row)
    builder = Builder()
    read_xlsx(saved(book), builder)
    assert [str(warning) for warning in builder.warnings] == [
        "a formula has no stored value (Sales!B3): not read; open the file in a spreadsheet program and save it"
    ]


def test_title_and_day() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", 1])
    book.properties.title = "Guest book"
    book.properties.modified = datetime.datetime(2024, 5, 1)  # noqa: DTZ001
    builder = Builder()
    assert read_xlsx(saved(book), builder) == "Guest book"
    assert builder.date


def test_a_sheet_that_no_menu_shows_is_left_out_and_a_hidden_one_is_not() -> None:
    book = openpyxl.Workbook()
    book.active.append(["shown", 1])
    for title, state in (("Folded", "hidden"), ("Secret", "veryHidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        sheet.append([title.lower(), 1])
    builder = Builder()
    read_xlsx(saved(book), builder)
    assert "folded" in builder.text
    assert "secret" not in builder.text


def test_days_from_1904_and_strict_names() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Day", "Count"])
    book.active.append([0, 3])
    book.active["A2"].number_format = "yyyy-mm-dd"
    book.epoch = CALENDAR_MAC_1904
    changes = {
        "xl/worksheets/sheet1.xml": (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
    }
    builder = Builder()
    read_xlsx(with_parts(saved(book), changes), builder)
    assert lines(builder)[1:] == ["Day: 1904-01-01; Count: 3"]


@pytest.mark.parametrize(
    ("reference", "area"),
    [
        ("B2", Area(1, 1, 1, 1)),
        ("A3:C5", Area(2, 0, 4, 2)),
        ("$AA$1:$AB$2", Area(0, 26, 1, 27)),
        ("Sheet1", None),
        ("", None),
    ],
)
def test_references(reference: str, area: Area | None) -> None:
    assert area_of(reference) == area


def test_names_of_cells() -> None:
    assert [cell_name(2, 1), cell_name(0, 26), cell_name(9, 701)] == ["B3", "AA1", "ZZ10"]
    assert [column_number(letters) for letters in ("A", "Z", "AA", "XFD")] == [0, 25, 26, 16383]


def test_claimed_merges_take_no_time() -> None:
    with at_most(5):
        merged = Merged(Area(row, 0, 10**6, 10**6 - 1) for row in range(300))
        for row in range(300):
            merged.cover(row, {0: Cell("x")})


def ods(rows: str) -> io.BytesIO:
    content = (
        f'<office:document-content xmlns:office="{ODS}:office:1.0" xmlns:table="{ODS}:table:1.0"'
        f' xmlns:text="{ODS}:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("content.xml", content)
    data.seek(0)
    return data


def cell(text: str, span: str = "") -> str:
    return f"<table:table-cell {'table:' + span if span else ''}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def test_an_open_workbook_with_repeated_and_merged_cells() -> None:
    rows = (
        row(cell("A"), cell("B"), cell("C"))
        + row(cell("x", "number-rows-spanned='2'"), cell("7", "number-columns-repeated='2'"))
        + row("<table:covered-table-cell/>", cell("a<text:s text:c='2'/>b"))
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    )
    builder = Builder()
    read_ods(ods(rows), builder)
    assert lines(builder)[1:] == ["A: x; B: 7; C: 7", "A: x; B: a b"]


def test_a_row_that_is_repeated_is_said_as_often() -> None:
    again = row(cell("x"), cell("7")).replace("row>", "row table:number-rows-repeated='2'>", 1)
    builder = Builder()
    read_ods(ods(row(cell("A"), cell("B")) + again + row(cell("y"), cell("8"))), builder)
    assert lines(builder)[1:] == ["A: x; B: 7", "A: x; B: 7", "A: y; B: 8"]


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ('value-type="float" office:value="60"', "60"),
        ('value-type="boolean" office:boolean-value="true"', "TRUE"),
        ('value-type="boolean" office:boolean-value="false"', "FALSE"),
        ('value-type="date" office:date-value="2024-05-03"', "2024-05-03"),
        ('value-type="date" office:date-value="2024-05-03T12:30:00"', "2024-05-03 12:30:00"),
        ('value-type="time" office:time-value="PT30H15M00S"', "30:15:00"),
        ('value-type="percentage" office:value="0.25"', "25%"),
        ('value-type="currency" office:currency="EUR" office:value="12.5"', "12.5 EUR"),
        ('value-type="string" office:string-value="Ann"', "Ann"),
    ],
)
def test_a_value_whose_words_are_not_stored_is_shown(attributes: str, text: str) -> None:
    builder = Builder()
    read_ods(ods(row(cell("City"), cell("V")) + row(cell("Oslo"), f"<table:table-cell office:{attributes}/>")), builder)
    assert lines(builder)[1:] == [f"City: Oslo; V: {text}"]


def test_claimed_repetitions_take_no_time() -> None:
    with at_most(30):
        wide = cell("x", "number-columns-repeated='999999999'")
        high = f"<table:table-row table:number-rows-repeated='999999999'>{wide * 20}</table:table-row>"
        builder = Builder()
        read_ods(ods(high * 20), builder)
        assert len(builder.text) < 5_000_000


def test_an_open_document_without_sheets_is_damaged() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("content.xml", "<a/>")
    data.seek(0)
    with pytest.raises(LoadError):
        read_ods(data, Builder())


def test_html_named_as_a_workbook_is_none() -> None:
    reader = OldExcelReader()
    assert not reader.recognises(File(b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", Limits()))
    assert ".xls" not in reader.suffixes


def test_truth_is_written_as_the_sheet_shows_it() -> None:
    book = openpyxl.Workbook()
    for values in (("Door", "Open"), ("north", True), ("south", False)):
        book.active.append(values)
    data = saved(book)
    builder, plain = Builder(), Builder()
    read_xlsx(data, builder)
    data.seek(0)
    add_values(data, plain)
    assert lines(builder)[1:] == lines(plain)[1:] == ["Door: north; Open: TRUE", "Door: south; Open: FALSE"]
