"""Flat OpenDocument files: `rag.load.office.odf_flat`."""

from __future__ import annotations

import pytest

from rag.errors import LoadError, SkipFile
from rag.load.limits import Limits
from rag.load.parse import parse
from rag.load.sniff import sniff
from tests.load.office.packages import OPEN_SPACES, lines, odt, read
from tests.processor_time import at_most

META = ' xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
PROPERTIES = "<office:meta><dc:title>Rules</dc:title><dc:date>2024-03-04T10:00:00</dc:date></office:meta>"


def flat(kind: str, body: str, before: str = PROPERTIES) -> bytes:
    mimetype = f'office:mimetype="application/vnd.oasis.opendocument.{kind}"'
    text = f"<?xml version='1.0'?><office:document {OPEN_SPACES}{META} {mimetype}>{before}<office:body>{body}"
    return f"{text}</office:body></office:document>".encode()


def test_a_text_is_read_with_its_styles_and_properties() -> None:
    style = (
        '<office:styles><style:style style:name="H" style:family="text"><style:text-properties text:display="none"/>'
        "</style:style></office:styles>"
    )
    body = '<office:text><text:h text:outline-level="1">Fees</text:h><text:p>Dogs<text:span text:style-name="H"> no'
    document = read(flat("text", f"{body}</text:span> pay.</text:p></office:text>", PROPERTIES + style), "a.fodt")
    assert document.text == "Fees\n\nDogs pay."
    assert (document.title, document.date) == ("Rules", "2024-03-04")
    assert document.media_type == "application/vnd.oasis.opendocument.text"


def test_a_workbook_has_its_tables() -> None:
    def row(*texts: str) -> str:
        cells = "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)
        return f"<table:table-row>{cells}</table:table-row>"

    rows = row("Town", "Staff") + row("Oslo", "45") + row("Ely", "7")
    sheet = f'<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>'
    document = read(flat("spreadsheet", sheet), "a.fods")
    assert "Town: Oslo; Staff: 45" in document.text
    assert len(document.tables) == 1


def test_a_presentation_has_pages_and_a_formula_that_it_holds() -> None:
    formula = "<math xmlns='http://www.w3.org/1998/Math/MathML'><mi>x</mi><mo>=</mo><mn>2</mn></math>"
    slide = f"<draw:page><draw:frame><draw:object>{formula}</draw:object></draw:frame></draw:page>"
    document = read(flat("presentation", f"<office:presentation>{slide * 2}</office:presentation>"), "a.fodp")
    assert len(document.pages) == 2
    assert document.text.split() == ["x", "=", "2"] * 2


def test_pictures_in_it_are_passed_over_in_linear_time() -> None:
    picture = f"<draw:image><office:binary-data>{'QUJD' * 3_000_000}</office:binary-data></draw:image>"
    text = f"<office:text><text:p>It is open.<draw:frame>{picture}</draw:frame></text:p></office:text>"
    with at_most(5):
        assert read(flat("text", text), "a.fodt").text == "It is open."


def test_other_kinds_entities_and_damage_are_refused() -> None:
    with pytest.raises(SkipFile):
        read(flat("graphics", "<office:drawing/>"), "a.fodg")
    for data in (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + flat("text", "<office:text/>"), flat("text", "</x>")):
        with pytest.raises(LoadError):
            parse(data, "a.fodt", sniff(data, "a.fodt"), Limits())


def test_what_was_deleted_is_left_out_where_it_stands_among_the_words() -> None:
    def change(name: str, kind: str) -> str:
        return f'<text:changed-region text:id="{name}"><text:{kind}/></text:changed-region>'

    def marked(name: str, words: str) -> str:
        return f'<text:change-start text:change-id="{name}"/>{words}<text:change-end text:change-id="{name}"/>'

    changes = change("a", "deletion") + change("b", "insertion") + change("c", "deletion")
    body = f"<text:tracked-changes>{changes}</text:tracked-changes><text:p>It has {marked('a', 'two<text:tab/>')}"
    body += f"{marked('b', 'five')} boats<text:change-start text:change-id='c'/>.</text:p>"
    assert lines(odt(body), "a.odt") == ["It has five boats."]
