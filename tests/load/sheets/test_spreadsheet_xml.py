"""Workbooks of one XML text: `rag.load.office.sheets.spreadsheet_xml`."""

from __future__ import annotations

import pytest

from rag.errors import LoadError, SkipFile
from rag.load.builder import Builder
from rag.load.limits import Limits
from rag.load.office.sheets.spreadsheet_xml import read_spreadsheet_xml
from rag.load.sniff import sniff
from rag.types import Document
from tests.load.office.packages import read
from tests.processor_time import at_most

STYLES = (
    '<Styles><Style ss:ID="Default"/><Style ss:ID="p"><NumberFormat ss:Format="0.0%"/></Style>'
    '<Style ss:ID="bold" ss:Parent="p"/><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style>'
    '<Style ss:ID="t"><NumberFormat ss:Format="[h]:mm"/></Style>'
    '<Style ss:ID="e"><NumberFormat ss:Format="Euro Currency"/></Style></Styles>'
)


def workbook(*rows: str, columns: str = "", before: str = "", after: str = "") -> bytes:
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'{before}{STYLES}<Worksheet ss:Name="Towns"><Table>{columns}{"".join(rows)}</Table>{after}</Worksheet>'
        "</Workbook>"
    ).encode()


def row(*cells: str, more: str = "") -> str:
    return f"<Row {more}>{''.join(cells)}</Row>"


def cell(text: str, more: str = "", kind: str = "String") -> str:
    return f'<Cell {more}><Data ss:Type="{kind}">{text}</Data></Cell>'


def lines(data: bytes) -> list[str]:
    return [line for line in read(data, "a.xls").text.split("\n") if line]


def test_places_that_are_left_out_are_empty() -> None:
    data = workbook(
        row(cell("City"), cell("Staff"), cell("Year")),
        row(cell("Oslo"), cell("2024", 'ss:Index="3"', "Number")),
        row(cell("Ely"), cell("7", "", "Number"), cell("2023", "", "Number")),
    )
    assert lines(data) == ["Towns", "City: Oslo; Year: 2024", "City: Ely; Staff: 7; Year: 2023"]


def test_a_row_knows_its_place() -> None:
    data = workbook(
        row(cell("City"), cell("Staff")),
        row(cell("Oslo"), cell("45", "", "Number")),
        row(cell("Tool"), cell("Price"), more='ss:Index="9"'),
        row(cell("Rope"), cell("2", "", "Number")),
    )
    document: Document = read(data, "a.xml")
    assert [table.names for table in document.tables] == [(("City", "Staff"),), (("Tool", "Price"),)]


def test_merged_cells_stand_in_each_place_that_they_cover() -> None:
    data = workbook(
        row(cell("City", 'ss:MergeDown="1"'), cell("2023", 'ss:MergeAcross="1"', "Number")),
        row(cell("Plan", 'ss:Index="2"'), cell("Actual")),
        row(cell("Oslo"), cell("1", "", "Number"), cell("2", "", "Number")),
    )
    assert lines(data) == ["Towns", "City: Oslo; 2023 Plan: 1; 2023 Actual: 2"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (cell("0.256", 'ss:StyleID="p"', "Number"), "25.6%"),
        (cell("0.256", 'ss:StyleID="bold"', "Number"), "25.6%"),
        (cell("12.5", 'ss:StyleID="e"', "Number"), "€12.50"),
        (cell("12.50", "", "Number"), "12.5"),
        (cell("2024-05-03T00:00:00.000", 'ss:StyleID="d"', "DateTime"), "2024-05-03"),
        (cell("2024-05-03T12:30:00.000", "", "DateTime"), "2024-05-03 12:30"),
        (cell("1900-01-01T06:15:00.000", 'ss:StyleID="t"', "DateTime"), "30:15"),
        (cell("1", "", "Boolean"), "TRUE"),
        (cell("#N/A", "", "Error"), "#N/A"),
        (cell("a &amp; <B>b</B>"), "a & b"),
        (cell("soon", "", "Number"), "soon"),
    ],
)
def test_values_are_shown_as_their_cells_do(value: str, text: str) -> None:
    assert lines(workbook(row(cell("City"), cell("V")), row(cell("Oslo"), value))) == [
        "Towns",
        f"City: Oslo; V: {text}",
    ]


def test_a_column_and_a_row_have_styles_too() -> None:
    columns = '<Column/><Column ss:StyleID="p" ss:Span="1"/>'
    rows = [row(cell("City"), cell("A"), cell("B")), row(cell("Oslo"), *[cell("0.5", "", "Number")] * 2)]
    assert lines(workbook(*rows, columns=columns))[1] == "City: Oslo; A: 50.0%; B: 50.0%"
    rows[1] = rows[1].replace("<Row ", '<Row ss:StyleID="e" ')
    assert lines(workbook(*rows, columns=columns))[1] == "City: Oslo; A: €0.50; B: €0.50"


def test_comments_properties_and_sheets_that_no_menu_shows() -> None:
    title = "<Title>Staff</Title><LastSaved>2024-05-03T10:00:00Z</LastSaved>"
    properties = f'<DocumentProperties xmlns="urn:schemas-microsoft-com:office:office">{title}</DocumentProperties>'
    comment = cell("Oslo").replace("</Cell>", "<Comment><ss:Data>counted twice</ss:Data></Comment></Cell>")
    document = read(workbook(row(comment), before=properties), "a.xls")
    assert "Comment on A1: counted twice" in document.text
    assert (document.title, document.date) == ("Staff", "2024-05-03")
    hidden = "<x:WorksheetOptions><x:Visible>SheetVeryHidden</x:Visible></x:WorksheetOptions>"
    with pytest.raises(SkipFile):
        read(workbook(row(cell("x")), after=hidden), "a.xls")


def test_a_formula_without_a_value_is_named() -> None:
    document = read(workbook(row(cell("x"), '<Cell ss:Formula="=1+1"/>')), "a.xls")
    assert [warning.code for warning in document.warnings] == ["reading-formulas"]


@pytest.mark.parametrize("name", ["a.xls", "a.xml", "a.txt", "a"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_such_a_workbook_is_told_by_its_root(name: str, encoding: str) -> None:
    text = workbook(row(cell("x"))).decode()
    assert sniff(text.encode(encoding), name, Limits()) == "xls-xml"


def test_other_xml_is_no_workbook() -> None:
    assert sniff(b'<?xml version="1.0"?><Workbook xmlns="urn:other"><a/></Workbook>', "a.xml") == "xml"


def test_entities_are_refused() -> None:
    data = workbook(row(cell("x"))).replace(b"<Workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><Workbook', 1)
    with pytest.raises(LoadError):
        read_spreadsheet_xml(data, Builder())


def test_claimed_spans_take_no_time() -> None:
    wide = row(*[cell("x", 'ss:MergeAcross="9999999" ss:MergeDown="9999999"')] * 20, more='ss:Span="999999"')
    with at_most(20):
        read(workbook(wide * 200, columns='<Column ss:Index="1" ss:Span="999999" ss:StyleID="p"/>' * 5000), "a.xls")
