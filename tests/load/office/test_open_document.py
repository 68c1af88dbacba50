"""Texts and presentations of OpenDocument: `rag.load.office.odf`."""

from __future__ import annotations

import pytest

from rag.errors import LoadError
from tests.load.office.packages import lines, odt, package, read
from tests.processor_time import at_most

NUMBERS = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"'
    ' style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="("'
    ' style:num-suffix=")" text:display-levels="2"/></text:list-style>'
)


def items(*texts: str, form: str = 'text:style-name="L"') -> str:
    return f"<text:list {form}>{''.join(f'<text:list-item>{text}</text:list-item>' for text in texts)}</text:list>"


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def test_lists_count_by_level_and_go_on_where_they_say_so() -> None:
    inner = items(p("b"), p("c"), form="")
    body = (
        items(p("a") + inner, p("d"))
        + p("Between.")
        + items(p("e"), form='text:style-name="L" text:continue-numbering="true"')
    )
    body += items(p("f"))
    expected = ["1. a", "(1.a) b", "(1.b) c", "2. d", "Between.", "3. e", "1. f"]
    assert lines(odt(body, NUMBERS), "a.odt") == expected


def test_an_item_can_have_its_own_number_and_a_second_paragraph() -> None:
    body = items(p("a") + p("more")).replace("<text:list-item>", '<text:list-item text:start-value="5">')
    assert lines(odt(body, NUMBERS), "a.odt") == ["5. a", "more"]


def test_headings_are_numbered_by_the_outline() -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="I"/>'
        '<text:outline-level-style text:level="2" style:num-format=""/></text:outline-style>'
    )
    body = '<text:h text:outline-level="1">Fees</text:h><text:h text:outline-level="2">Of boats</text:h>'
    assert lines(odt(body, outline), "a.odt") == ["I Fees", "Of boats"]


def test_what_was_deleted_or_is_hidden_is_left_out() -> None:
    hidden = (
        '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )
    change = f"<text:changed-region><text:deletion>{p('gone')}</text:deletion></text:changed-region>"
    deleted = f"<text:tracked-changes>{change}</text:tracked-changes>"
    body = deleted + p('a<text:span text:style-name="H">b<text:span>c</text:span></text:span>d')
    assert lines(odt(body, hidden), "a.odt") == ["ad"]


def test_letters_of_a_font_of_signs_are_signs() -> None:
    font = '<style:font-face style:name="Wing1" svg:font-family="\'Wingdings\'"/>'
    style = (
        '<style:style style:name="S" style:family="text"><style:text-properties style:font-name="Wing1"/></style:style>'
    )
    assert lines(odt(p('<text:span text:style-name="S">\uf0fe</text:span> yes'), font + style), "a.odt") == ["☑ yes"]


def test_white_space_is_what_its_elements_say() -> None:
    assert lines(odt(p("a\n   b<text:s text:c='2'/>c<text:tab/>d<text:line-break/>e")), "a.odt") == ["a b  c\td\ne"]


def test_covered_cells_stand_under_their_names() -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}>{p(text)}</table:table-cell>"

    covered = "<table:covered-table-cell/>"
    rows = [
        cell("Country") + cell("City") + cell("Staff"),
        cell("Norway", 'table:number-rows-spanned="2"') + cell("Oslo") + cell("120"),
        covered + cell("Bergen") + cell("45"),
    ]
    body = f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"
    expected = ["Country: Norway; City: Oslo; Staff: 120", "Country: Norway; City: Bergen; Staff: 45"]
    assert lines(odt(body), "a.odt") == expected


def test_repeated_cells_and_rows_are_said_as_often() -> None:
    def row(cells: str, more: str = "") -> str:
        return f"<table:table-row {more}>{cells}</table:table-row>"

    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}>{p(text)}</table:table-cell>"

    rows = [
        row(cell("Day") + cell("Plan") + cell("Actual")),
        row(cell("Mon") + cell("5", 'table:number-columns-repeated="2"'), 'table:number-rows-repeated="2"'),
        row('<table:table-cell table:number-columns-repeated="2"/>' + cell("7")),
    ]
    twice = ["Day: Mon; Plan: 5; Actual: 5"] * 2
    assert lines(odt(f"<table:table>{''.join(rows)}</table:table>"), "a.odt") == [*twice, "Actual: 7"]


def test_claimed_repetitions_take_no_time() -> None:
    cell = f'<table:table-cell table:number-columns-repeated="9999">{p("x")}</table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="9999">{cell * 5}</table:table-row>'
    with at_most(20):
        assert lines(odt(f"<table:table>{row * 400}</table:table>"), "a.odt")


def test_a_text_that_is_nested_too_deeply_says_so() -> None:
    deep = f"{'<text:section>' * 300}{p('x')}{'</text:section>' * 300}"
    with pytest.raises(LoadError, match="nested too deeply"):
        lines(odt(deep), "a.odt")


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<text:ruby><text:ruby-base>東</text:ruby-base><text:ruby-text>to</text:ruby-text></text:ruby>", "東(to)"),
        ('<text:a xlink:href="http://x">here</text:a>', "here"),
        ("<text:script>alert()</text:script>", ""),
        ('<draw:control draw:control="c1"/>', "☒ Dogs"),
        ('<draw:control draw:control="c2"/>', "Elm"),
        ('<draw:control draw:control="c3"/>', "Ida"),
        ('<draw:control draw:control="c4"/>', ""),
        ('<field:fieldmark field:type="x.FORMCHECKBOX"><field:param field:name="Checkbox_Checked" field:value="true"/>'
         "</field:fieldmark>", "☒"),
        ('<field:fieldmark field:type="x.FORMDROPDOWN"><field:param field:name="Dropdown_ListEntry" field:value="Oak"/>'
         '<field:param field:name="Dropdown_ListEntry" field:value="Elm"/><field:param field:name="Dropdown_Selected"'
         ' field:value="1"/></field:fieldmark>', "Elm"),
        ('<draw:frame><draw:object xlink:href="./F"/></draw:frame>', "x²"),
        ("<draw:frame><svg:desc>A boat</svg:desc><draw:image/></draw:frame>", "[picture: A boat]"),
    ],
)  # fmt: skip
def test_what_stands_in_a_line(xml: str, text: str) -> None:
    forms = (
        '<office:forms><form:checkbox form:id="c1" form:label="Dogs" form:current-state="checked"/><form:listbox'
        ' form:id="c2"><form:option form:label="Oak"/><form:option form:label="Elm" form:current-selected="true"/>'
        '</form:listbox><form:text form:id="c3" form:current-value="Ida"/></office:forms>'
    )
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><msup><mi>x</mi><mn>2</mn></msup></math>'
    assert lines(odt(forms + p(f"a {xml} z"), F=formula), "a.odt") == [f"a {text} z"]


def test_notes_comments_and_boxes_stand_behind_their_paragraph() -> None:
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        f"{p('B')}{items(p('C'))}</text:note-body></text:note>"
    )
    comment = f"<office:annotation><dc:creator>Ida</dc:creator>{p('D')}</office:annotation>"
    box = f"<draw:frame><draw:text-box>{p('E')}</draw:text-box></draw:frame>"
    body = p(f"A{note}{comment}{box}") + p("F")
    assert lines(odt(body, NUMBERS), "a.odt") == ["A [1]", "E", "[1] B", "1. C", "Comment by Ida: D", "F"]


def test_a_hidden_section_is_left_out_and_another_read() -> None:
    body = f'<text:section text:display="none">{p("x")}</text:section><text:section>{p("y")}</text:section>'
    assert lines(odt(body), "a.odt") == ["y"]


def test_a_chart_is_its_table() -> None:
    def row(*texts: str) -> str:
        cells = "".join(f"<table:table-cell>{p(text)}</table:table-cell>" for text in texts)
        return f"<table:table-row>{cells}</table:table-row>"

    spaces = odt("").split(b"<office:document-content ")[1].split(b">")[0].decode()
    chart = (
        f'<office:document-content {spaces} xmlns:chart="urn:oasis:names:tc:opendocument:xmlns:chart:1.0"><office:body>'
        '<office:chart><chart:chart><chart:axis chart:dimension="x"><chart:title><text:p>Year</text:p></chart:title>'
        f"</chart:axis><table:table>{row('', 'Wool')}{row('2021', '12')}{row('2022', 'NaN')}</table:table>"
        "</chart:chart></office:chart></office:body></office:document-content>"
    )
    frame = '<draw:frame><draw:object xlink:href="./C"/></draw:frame>'
    assert lines(odt(p(f"a{frame}"), C=chart), "a.odt") == ["a", "Year: 2021; Wool: 12", "Year: 2022"]
    empty = chart.replace(row("2021", "12") + row("2022", "NaN"), "")
    assert [w.code for w in read(odt(p(f"a{frame}"), C=empty), "a.odt").warnings] == ["reading-charts"]


def test_an_object_that_is_not_read_is_warned_of() -> None:
    body = p("a<draw:frame><draw:object-ole/></draw:frame>")
    assert [warning.code for warning in read(odt(body), "a.odt").warnings] == ["reading-embedded-objects"]


def test_a_text_with_a_password_says_so() -> None:
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "\x01\x02",
             "META-INF/manifest.xml": "<manifest:encryption-data/>"}  # fmt: skip
    with pytest.raises(LoadError, match="password"):
        read(package(parts), "a.odt")
    with pytest.raises(LoadError, match="damaged"):
        read(package(dict(list(parts.items())[:2])), "a.odt")


def test_a_slide_is_read_from_the_top() -> None:
    def frame(top: int, text: str, form: str = "") -> str:
        place = f'svg:x="1cm" svg:y="{top}cm" svg:height="1cm"'
        return f"<draw:frame {place} {form}><draw:text-box>{p(text)}</draw:text-box></draw:frame>"

    slide = frame(9, "Low.") + frame(4, "High.") + frame(1, "Title", 'presentation:class="title"')
    slide += frame(0, "7", 'presentation:class="page-number"')
    document = read(odt(f"<draw:page>{slide}</draw:page>", kind="presentation"), "a.odp")
    assert document.text == "Title\n\nHigh.\n\nLow."
    assert document.pages == (0,)
