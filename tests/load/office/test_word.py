"""Word documents: notes, lists, forms, formulas, tables: `rag.load.office.word`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.load.office.word_tables import lay_out
from tests.load.office.packages import W, docx, lines, paragraph, read, words

NOTE = '<w:r><w:footnoteReference w:id="{}"/></w:r>'


def note(identifier: int, *paragraphs: str) -> str:
    return f'<w:footnote w:id="{identifier}">{"".join(paragraphs)}</w:footnote>'


def item(number: int, level: int, text: str) -> str:
    return paragraph(text, form=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def levels(*written: tuple[str, str], extra: str = "") -> str:
    return "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(written)
    )


def lists(*definitions: str, numbers: str = "") -> str:
    abstract = "".join(f'<w:abstractNum w:abstractNumId="{at}">{d}</w:abstractNum>' for at, d in enumerate(definitions))
    plain = "".join(
        f'<w:num w:numId="{at + 1}"><w:abstractNumId w:val="{at}"/></w:num>' for at in range(len(definitions))
    )
    return abstract + plain + numbers


def test_a_note_stands_behind_the_paragraph_of_its_mark_once() -> None:
    body = paragraph("1,200", NOTE.format(5), " ships", NOTE.format(5), ".") + paragraph("Next.")
    notes = note(0, "<w:p/>").replace("<w:footnote ", '<w:footnote w:type="separator" ') + note(5, paragraph("By day."))
    assert lines(docx(body, footnotes=notes), "a.docx") == ["1,200 [1] ships [2].", "[1] By day.", "Next."]


def test_a_note_in_a_table_stands_behind_the_table() -> None:
    cell = f"<w:tc>{paragraph('Fee', NOTE.format(1))}</w:tc>"
    body = f"<w:tbl><w:tr>{cell}<w:tc>{paragraph('40')}</w:tc></w:tr></w:tbl>" + paragraph("End.")
    assert lines(docx(body, footnotes=note(1, paragraph("A day."))), "a.docx")[1:] == ["[1] A day.", "End."]


def test_endnotes_are_numbered_as_the_settings_say() -> None:
    body = paragraph("A", '<w:r><w:endnoteReference w:id="1"/></w:r>')
    notes = f'<w:endnote w:id="1">{paragraph("B")}</w:endnote>'
    assert lines(docx(body, endnotes=notes), "a.docx") == ["A [i]", "[i] B"]
    letters = '<w:endnotePr><w:numFmt w:val="upperLetter"/><w:numStart w:val="3"/></w:endnotePr>'
    assert lines(docx(body, endnotes=notes, settings=letters), "a.docx") == ["A [C]", "[C] B"]


def test_lists_count_by_level_start_again_below_and_where_they_are_told_to() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
    again = f'<w:num w:numId="9"><w:abstractNumId w:val="0"/>{override}</w:num>'
    numbering = lists(levels(("decimal", "%1."), ("lowerLetter", "(%1%2)")), numbers=again)
    items = [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1), (9, 0), (9, 0), (1, 1)]
    body = "".join(item(number, level, "x") for number, level in items)
    expected = ["1. x", "(1a) x", "(1b) x", "2. x", "(2a) x", "7. x", "8. x", "(8a) x"]
    assert lines(docx(body, numbering=numbering), "a.docx") == expected


def test_a_bullet_a_removed_number_and_an_empty_item_have_no_number() -> None:
    numbering = lists(levels(("bullet", "·")), levels(("upperRoman", "%1")))
    body = item(1, 0, "x") + item(0, 0, "y") + item(2, 0, "") + item(2, 0, "z")
    assert lines(docx(body, numbering=numbering), "a.docx") == ["x", "y", "II z"]


def test_a_heading_is_numbered_by_its_style() -> None:
    style = (
        '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
    )
    numbering = lists(levels(("decimal", "%1"), ("decimal", "%1.%2"), extra='<w:pStyle w:val="H2"/>'))
    numbering = numbering.replace('<w:pStyle w:val="H2"/>', "", 1)
    body = item(1, 0, "x") + paragraph("Fees", form='<w:pStyle w:val="H2"/>')
    document = read(docx(body, numbering=numbering, styles=style), "a.docx")
    assert document.text == "1 x\n\n1.1 Fees"
    assert [(block.kind, block.level) for block in document.blocks] == [("item", 0), ("heading", 2)]


@pytest.mark.parametrize(
    ("run", "text"),
    [
        (words("50", "<w:strike/>"), "[struck out: 50]"),
        (words("50", '<w:strike w:val="0"/>'), "50"),
        (words("50", "<w:vanish/>"), ""),
        ('<w:r><w:sym w:font="Symbol" w:char="F0A3"/></w:r>', "≤"),
        ('<w:r><w:sym w:font="Wingdings" w:char="FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Unknown" w:char="E123"/></w:r>', "\ue123"),
        (f"<w:del>{words('gone')}</w:del><w:ins>{words('kept')}</w:ins>", "kept"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>to</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東</w:t></w:r></w:rubyBase></w:ruby></w:r>",
         "東(to)"),
        ("<mc:AlternateContent><mc:Choice Requires='a'><w:r><w:t>new</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>old"
         "</w:t></w:r></mc:Fallback></mc:AlternateContent>", "new"),
    ],
)  # fmt: skip
def test_runs(run: str, text: str) -> None:
    assert lines(docx(paragraph("a ", run, " z")), "a.docx") == [f"a {text} z"]


def test_an_object_and_a_chart_without_figures_are_warned_of() -> None:
    space = 'xmlns:o="urn:schemas-microsoft-com:office:office"'
    thing = f'<w:r><w:object><o:OLEObject {space} ProgID="Excel.Sheet.12"/></w:object></w:r>'
    space = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    chart = f'<w:r><w:drawing><c:chart {space} r:id="x"/></w:drawing></w:r>'
    document = read(docx(paragraph("a", thing, chart)), "a.docx")
    assert [warning.text("en") for warning in document.warnings] == [
        "a chart stores no figures: not read; write them below it as a table",
        "an embedded object is not read: Excel.Sheet.12; save it as a file of its own",
    ]


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(instruction: tuple[str, ...], result: str) -> tuple[str, ...]:
    asked = (run if run.startswith("<") else f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in instruction)
    return (mark("begin"), *asked, mark("separate"), words(result), mark("end"))


def test_of_a_field_only_its_own_result_is_shown() -> None:
    inner = field(("MERGEFIELD Sex",), "female")
    body = paragraph("Dear ", *field(("IF ", *inner, ' = "male" "Mr" "Ms"'), "Ms"), " Holt")
    deeper = paragraph(*field(("=", *field((*inner, "+ 1"), "41"), "* 2"), "82"), mark("begin"), "x", mark("end"), ".")
    assert lines(docx(body + deeper), "a.docx") == ["Dear Ms Holt", "82."]


def control(content: str) -> str:
    return f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def test_what_a_field_asks_for_is_no_answer() -> None:
    body = paragraph("Pick: ", control(words("Choose an item."))) + control(paragraph("Enter a date."))

    def cell(text: str) -> str:
        return f"<w:tc>{paragraph(text)}</w:tc>"

    names = "".join(map(cell, ("City", "Staff", "Year")))
    row = cell("Oslo") + control(cell("Staff?")) + cell("60")
    table = f"<w:tbl><w:tr>{names}</w:tr><w:tr>{row}</w:tr></w:tbl>"
    assert lines(docx(body + table), "a.docx") == ["Pick:", "City: Oslo; Staff: Staff?; Year: 60"]


def test_the_frame_of_one_cell_is_no_table() -> None:
    body = f"<w:tbl><w:tr><w:tc>{paragraph('One.')}{paragraph('Two.')}</w:tc></w:tr></w:tbl>"
    document = read(docx(body), "a.docx")
    assert (document.text, document.tables) == ("One.\n\nTwo.", ())


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["", "restart", "continue"])), max_size=4),
        min_size=1,
        max_size=5,
    )
)
def test_any_merged_cells_are_laid_out(rows: list[list[tuple[int, str]]]) -> None:
    from lxml import etree

    def cell(number: str, width: int, merge: str) -> str:
        merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
        return f'<w:tc><w:tcPr><w:gridSpan w:val="{width}"/>{merged}</w:tcPr><w:p n="{number}"/></w:tc>'

    written = "".join(
        f"<w:tr>{''.join(cell(f'{at}.{column}', *form) for column, form in enumerate(row))}</w:tr>"
        for at, row in enumerate(rows)
    )
    table = etree.fromstring(f'<w:tbl xmlns:w="{W}">{written}</w:tbl>')
    laid_out, names = lay_out(table, lambda element: element[-1].get("n"))
    assert names == 0
    assert [len(row) for row in laid_out] == [sum(max(1, width) for width, _ in row) for row in rows]
    for at, row in enumerate(laid_out):
        for placed in row:
            begun = int(placed.text.split(".")[0])
            assert begun <= at
            assert any(cell is placed for cell in laid_out[begun])
