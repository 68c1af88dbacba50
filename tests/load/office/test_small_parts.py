"""Parts that the readers of Office share: inline words, numbers, symbols, places, packages, charts."""

from __future__ import annotations

import io

import pytest
from lxml import etree

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.office.counting import written
from rag.load.office.drawings import add_chart, diagram_texts
from rag.load.office.inline import Inline
from rag.load.office.package import Package, first_day, parse_xml
from rag.load.office.placement import Placed, in_reading_order
from rag.load.office.symbols import sign, without_private
from tests.load.office.packages import RELATIONS, package


def test_marks_and_pictures_stand_apart() -> None:
    inline = Inline()
    inline.add("1,200")
    inline.add_mark("3")
    inline.add_mark("4")
    inline.add("people")
    inline.add_picture("A sheep. Description automatically generated")
    inline.add_picture("image1.png")
    inline.add(" (")
    inline.add_mark("5")
    inline.add(")")
    assert inline.text() == "1,200 [3] [4] people [picture: A sheep.] ([5])"


def test_runs_of_one_look_are_one() -> None:
    inline = Inline()
    for text in ("5", "0 "):
        inline.add(text, struck=True)
    inline.add("x")
    for text in ("1", "2"):
        inline.add(text, script="raised")
    inline.add(" lowered", script="lowered")
    assert inline.text() == "[struck out: 50] x¹² lowered"


def test_numbers_of_lists() -> None:
    assert [written(4, style) for style in ("decimal", "lower-roman", "upper-letter")] == ["4", "iv", "D"]
    assert (written(28, "lower-letter"), written(1994, "upper-roman")) == ("bb", "MCMXCIV")
    assert (written(0, "lower-roman"), written(5000, "upper-roman"), written(10**9, "lower-letter")) == (
        "0", "5000", "1000000000",
    )  # fmt: skip


def test_signs_of_fonts() -> None:
    assert (sign("Symbol", 0x61), sign("symbol", 0xF061), sign("Wingdings", 0xF0A8)) == ("α", "α", "☐")
    assert (sign("Wingdings", 0xF001), sign("Arial", 0x41), sign("Arial", 0xD800)) == ("□", "A", "□")
    assert (without_private("a b", "Symbol"), without_private("a", "Arial")) == ("α β", "a")


def test_things_beside_each_other_are_read_from_the_left() -> None:
    things = [Placed("c", 40, 0, 10), Placed("b", 2, 50, 10), Placed("a", 0, 0, 30), Placed("d", 41, 9, 2)]
    assert in_reading_order(things) == ["a", "b", "c", "d"]


def test_a_strict_part_has_the_namespaces_of_others() -> None:
    root = parse_xml(b'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>')
    assert root.tag == "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}document"
    assert (parse_xml(b"<broken"), parse_xml(b""), parse_xml(None)) == (None, None, None)


def test_parts_are_found_by_relations_whatever_their_letters() -> None:
    rels = (
        f'<R><Relationship Id="a" Type="{RELATIONS}/officeDocument" Target="/Word/Main.xml"/><Relationship Id="b" '
        f'Type="{RELATIONS}/image" Target="http://x/y" TargetMode="External"/></R>'
    )
    parts = Package(io.BytesIO(package({"_rels/.rels": rels, "word/main.XML": "<d/>"})))
    assert parts.main_part()[0] == "Word/Main.xml"
    assert parts.relations("")["b"].target == ""
    assert parts.related("", "styles") == ""
    with pytest.raises(LoadError, match="damaged"):
        Package(io.BytesIO(package({"a.xml": "<d/>"}))).main_part()


def test_the_first_day_that_says_something() -> None:
    assert first_day("", "0000-00-00", "2021-03-04T05:06:07Z", "2020-01-01") == "2021-03-04"
    assert first_day("yesterday") == ""


def test_a_chart_is_a_table_of_its_stored_figures() -> None:
    space = "http://schemas.openxmlformats.org/drawingml/2006/chart"

    def points(*values: str) -> str:
        return "".join(f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values))

    levels = f"<c:lvl>{points('Q1', 'Q2')}</c:lvl><c:lvl>{points('2024')}</c:lvl>"
    numbers = f"<c:numCache><c:formatCode>0.0%</c:formatCode>{points('0.125', '0.30000000000000004')}</c:numCache>"
    series = f"<c:ser><c:tx><c:v>Share</c:v></c:tx><c:cat>{levels}</c:cat><c:val>{numbers}</c:val></c:ser>"
    root = etree.fromstring(f'<c:chartSpace xmlns:c="{space}"><c:chart>{series}</c:chart></c:chartSpace>')
    builder = Builder()
    assert add_chart(builder, root)
    assert builder.text == "2024 Q1; Share: 12.5%\n2024 Q2; Share: 30%"
    assert not add_chart(builder, None)
    assert not add_chart(builder, etree.fromstring(f'<c:chartSpace xmlns:c="{space}"/>'))


def test_a_diagram_that_leads_back_to_itself_ends() -> None:
    space = 'xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    points = "".join(f'<d:pt modelId="{key}"><d:t><a:p><a:r><a:t>{key}</a:t></a:r></a:p></d:t></d:pt>' for key in "ba")
    lines = '<d:cxn srcId="r" destId="a"/><d:cxn srcId="a" destId="b"/><d:cxn srcId="b" destId="a"/>'
    root = etree.fromstring(f'<d:m {space}><d:pt modelId="r" type="doc"/>{points}{lines}</d:m>')
    assert list(diagram_texts(root)) == ["a", "b"]
