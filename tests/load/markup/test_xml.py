"""XML by its text, and what makes a file dangerous."""

from __future__ import annotations

import pytest

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.markup.xml import read_xml
from tests.load.markup.reading import blocks_of


def lines(data: bytes | str) -> list[str]:
    builder = Builder()
    assert read_xml(data.encode() if isinstance(data, str) else data, builder) is not None
    return [words for _, words in blocks_of(builder)]


def test_elements_are_paragraphs_titles_and_values() -> None:
    xml = "<m><title>T</title><part><title>P</title><step>Turn the <k>red</k> key.</step><size>4 mm</size></part></m>"
    assert lines(xml) == ["T", "P", "Turn the red key.", "size: 4 mm"]


def test_records_are_rows_and_their_attributes_columns() -> None:
    xml = "<s><i id='1'><n>Rope</n><p u='m'>4</p></i><i id='2'><n>Chain</n></i>tail</s>"
    assert lines(xml) == ["id: 1; n: Rope; p: 4; p u: m", "id: 2; n: Chain", "tail"]


def test_notes_of_docbook_stand_behind_their_paragraph() -> None:
    xml = (
        "<article xmlns='http://docbook.org/ns/docbook'><title>A</title><para>x<footnote><para>y</para></footnote> z"
        "</para><note><para>w</para></note></article>"
    )
    assert lines(xml)[:3] == ["A", "x [1] z", "[1] y"]
    assert lines(xml)[3] == "Note: w"


def test_jats_names_people_and_drops_what_libraries_need() -> None:
    xml = (
        "<article><front><journal-meta><issn>1</issn></journal-meta><article-meta><title-group><article-title>A"
        "</article-title></title-group><contrib-group><contrib><name><surname>Lund</surname><given-names>Ada"
        "</given-names></name></contrib></contrib-group></article-meta></front><body><sec><label>2</label>"
        "<title>B</title><p>c</p></sec></body></article>"
    )
    assert lines(xml) == ["A", "Ada Lund", "2 B", "c"]


def test_simple_entities_are_read() -> None:
    assert lines("<!DOCTYPE a [<!ENTITY m 'Nord &amp; Co'>]><a>by &m; now</a>") == ["by Nord & Co now"]


@pytest.mark.parametrize(
    "declaration",
    [
        "<!ENTITY a 'x'><!ENTITY b '&a;&a;'>",
        "<!ENTITY % p \"<!ENTITY a 'x'>\">",
        f"<!ENTITY a '{'x' * 501}'>",
        "<!ENTITY a>",
    ],
)
def test_entities_that_grow_are_refused(declaration: str) -> None:
    with pytest.raises(LoadError) as refused:
        read_xml(f"<!DOCTYPE r [{declaration}]><r>&a;</r>".encode(), Builder())
    assert refused.value.notice.code == "file-entities"


def test_a_file_outside_is_named_and_not_read() -> None:
    builder = Builder()
    read_xml(b"<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><r>x &a; y</r>", builder)
    assert builder.text == "x y"
    assert [(warning.code, warning.values["names"]) for warning in builder.warnings] == [
        ("reading-other-files", ["file:///etc/hostname"])
    ]


def test_what_is_no_xml_is_left_to_others() -> None:
    assert read_xml(b"<a><b></a>", Builder()) is None


def test_a_feed_gives_its_title_and_its_day() -> None:
    builder = Builder()
    title = read_xml(
        b"<rss><channel><title>N</title><pubDate>Tue, 05 Mar 2024 08:00:00 GMT</pubDate><item><title>a &amp;amp; b"
        b"</title><description>&lt;p&gt;c&lt;/p&gt;</description></item></channel></rss>",
        builder,
    )
    assert (title, builder.date) == ("N", "2024-03-05")
    assert [words for _, words in blocks_of(builder)] == ["N", "a & b", "c"]


def test_attributes_that_are_text_are_read() -> None:
    field = "<r><f><g type='short' note='If over 0, the note is numbered' path='M 1 2 3 4 5 6 7 8'/></f></r>"
    assert lines(field) == ["note: If over 0, the note is numbered"]
    group = "<s><group title='The lower lock is closed in winter.'><a>1</a><a>2</a></group></s>"
    assert lines(group) == ["title: The lower lock is closed in winter.", "a: 1", "a: 2"]


def test_attributes_that_are_values_are_read() -> None:
    conf = (
        "<conf v='2'><host id='h1' class='x'>alpha</host><limit value='78'/><note author='Jo'>Keep calm.</note></conf>"
    )
    assert lines(conf) == ["conf v: 2", "host: alpha", "limit value: 78", "note: Keep calm.", "note author: Jo"]
    setting = "<r><b>1</b><setting name='limit' value='77'/><empty/></r>"
    assert lines(setting) == ["b: 1", "setting name: limit; value: 77"]


def test_an_address_in_a_paragraph_is_read() -> None:
    xml = "<sect1><title>A</title><para>Write to <address>3 <street>Mill Lane</street></address></para></sect1>"
    assert lines(xml) == ["A", "Write to 3 Mill Lane"]


def test_a_feed_names_who_wrote_it() -> None:
    xml = (
        "<feed><title>T</title><author><name>Ada Lund</name><uri>u</uri></author><entry><title>E</title></entry></feed>"
    )
    assert lines(xml) == ["T", "Ada Lund", "E"]
