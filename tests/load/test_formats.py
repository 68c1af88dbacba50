"""Each format, made with its own library or byte by byte, and what is read of it."""

from __future__ import annotations

import datetime
import email.message
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import LoadError, SkipFile
from rag.load.data.csv import guess_delimiter
from rag.load.limits import Limits
from rag.load.media_types import CODE, CSV, DOCX, EML, EPUB, HTML, JSON, JSONL, PPTX, XLSX
from rag.load.parse import parse
from rag.load.sniff import sniff
from rag.load.titles import first_title, sane_title
from rag.types import Document
from tests.load import broken_files
from tests.load.test_text import check

LIMITS = Limits()


def read(data: bytes | str, name: str, limits: Limits = LIMITS) -> Document:
    data = data.encode() if isinstance(data, str) else data
    document = parse(data, name, sniff(data, name), limits)
    check(document.text, document.blocks)
    return document


def saved(thing: Any) -> bytes:
    buffer = io.BytesIO()
    thing.save(buffer)
    return buffer.getvalue()


def words(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


@pytest.mark.parametrize(
    ("name", "written", "read_as"),
    [
        ("a.eml", "Subject: s\nContent-Type: text/plain; charset=utf-8\n\n{}", "solar power"),
        ("a.csv", "Item,Kind\n{},1\n", "Item: solar power; Kind: 1"),
        ("a.html", "<p>{}", "solar power"),
        ("a.rtf", "{{\\rtf1 so\\-lar po\\u8203?wer}}", "solar power"),
        ("a.txt", "{}", "so\xadlar po\u200bwer"),
        ("a.md", "{}", "so\xadlar po\u200bwer"),
    ],
)
def test_marks_where_a_word_may_break(name: str, written: str, read_as: str) -> None:
    assert words(read(written.format("so\xadlar po\u200bwer"), name))[-1][1] == read_as


def test_joiners_of_letters_stay() -> None:
    import docx

    file = docx.Document()
    file.add_paragraph("می\u200cخواهم so\xadlar 👩\u200d🌾")
    assert read(saved(file), "a.docx").text == "می\u200cخواهم solar 👩\u200d🌾"


def test_docx() -> None:
    import docx
    from docx.oxml import parse_xml

    file = docx.Document()
    file.core_properties.title = "House rules"
    file.add_heading("Rules", 0)
    file.add_heading("Rent", 2)
    file.add_paragraph("The rent is 500 EUR.")
    file.add_paragraph("No dogs", style="List Bullet")
    table = file.add_table(0, 2)
    for row in (("Name", "Fee"), ("Rent", "500"), ("Heat", "")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    file.sections[0].footer.paragraphs[0].text = "Page foot"
    space = f"xmlns:w='{broken_files.WORD}'"
    change = f"<w:p {space}><w:ins><w:r><w:t>kept</w:t></w:r></w:ins><w:del><w:r><w:t>gone</w:t></w:r></w:del></w:p>"
    boxed = "<w:pict><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></w:pict>"
    box = f"<w:p {space}><w:r><w:t>body</w:t>{boxed}</w:r></w:p>"
    for xml in (change, box):
        file.element.body.insert(len(file.element.body) - 1, parse_xml(xml))
    document = read(saved(file), "rules.docx")
    assert document.media_type == DOCX
    assert document.title == "House rules"
    assert document.pages == ()
    assert words(document) == [
        ("heading", "Rules"),
        ("heading", "Rent"),
        ("paragraph", "The rent is 500 EUR."),
        ("item", "No dogs"),
        ("row", "Name: Rent; Fee: 500"),
        ("row", "Name: Heat"),
        ("paragraph", "kept"),
        ("paragraph", "body"),
        ("paragraph", "boxed"),
        ("paragraph", "Page foot"),
    ]
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 2]


def test_pptx() -> None:
    from pptx import Presentation
    from pptx.util import Inches

    file = Presentation()
    for title in ("First", "Second"):
        slide = file.slides.add_slide(file.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "One\nTwo"
    slide.notes_slide.notes_text_frame.text = "Say hello"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(3), Inches(1)).table
    for row, cells in enumerate((("Name", "Fee"), ("Rent", "500"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document = read(saved(file), "talk.pptx")
    assert document.media_type == PPTX
    assert len(document.pages) == 2
    assert document.text[document.pages[1] :] == "Second\n\nOne\nTwo\n\nName: Rent; Fee: 500\n\nNotes: Say hello"
    with pytest.raises(SkipFile, match="more than 1 slides"):
        read(saved(file), "talk.pptx", Limits(max_pages=1))


def test_xlsx() -> None:
    import openpyxl

    file = openpyxl.Workbook()
    sheet = file.active
    sheet.title = "Costs"
    sheet.append(["Costs of the house"])
    sheet.append([])
    sheet.append(["Name", "Fee", "From", "Share", "Paid"])
    sheet.append(["Rent", 500.0, datetime.date(2024, 3, 1), 0.125, True])
    sheet["D4"].number_format = "0.0%"
    sheet["A3000"] = "Heat"
    sheet["B3000"] = 80.5
    hidden = file.create_sheet("Hidden")
    hidden.sheet_state = "hidden"
    hidden.append(["alone"])
    file.create_sheet("Empty")
    document = read(saved(file), "costs.xlsx")
    assert document.media_type == XLSX
    assert document.title == "costs"
    assert words(document) == [
        ("heading", "Costs"),
        ("paragraph", "Costs of the house"),
        ("row", "Name: Rent; Fee: 500; From: 2024-03-01; Share: 12.5%; Paid: TRUE"),
        ("row", "Name: Heat; Fee: 80.5"),
        ("heading", "Hidden"),
        ("row", "alone"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Name,Fee\nRent,500\n", ["Name: Rent; Fee: 500"]),
        ("Name;Fee\nRent;1,50\nHeat;2,25\n", ["Name: Rent; Fee: 1,50", "Name: Heat; Fee: 2,25"]),
        ('Name,Fee\n"Rent, ""cold""\nand more",500\n', ['Name: Rent, "cold" and more; Fee: 500']),
        ("1,2\n3,4\n", ["1: 2", "3: 4"]),
        ("Year,2022,2023\nRent,500,510\n", ["Year: Rent; 2022: 500; 2023: 510"]),
        ("only\none\ncolumn\n", ["only", "one", "column"]),
    ],
)
def test_csv(text: str, expected: list[str]) -> None:
    document = read(text, "a.csv")
    assert document.media_type == CSV
    assert [words for _, words in words(document)] == expected


def test_tsv() -> None:
    assert words(read("Name\tFee\nRent\t500\n", "a.tsv")) == [("row", "Name: Rent; Fee: 500")]
    assert sniff(b"a\tb", "a.tsv") == "tsv"
    assert guess_delimiter("a|b\nc|d\n") == "|"


def test_html() -> None:
    document = read(
        "<!doctype html><title>The  bridge</title><style>p{}</style><nav>menu</nav><h1>Bridge <i>news</i></h1>"
        "<p>It is <b>closed</b>&amp; safe.<br>Until May.<p hidden>no</p><div style='display: none'>no</div>"
        "<ul><li>one<ul><li>two</ul></ul><pre>a\n  b</pre><script>no</script><template>no</template>"
        "<table><tr><th>Name<th>Fee<tr><td>Rent<td>500<tr><td>Heat<td></table>tail"
        "<table><tr><th colspan=3>Chapter 8<tr><td><a href=x></a><td> <td></table>",
        "page.txt",
    )
    assert document.media_type == HTML
    assert document.title == "The bridge"
    assert words(document) == [
        ("heading", "Bridge news"),
        ("paragraph", "It is closed& safe.\nUntil May."),
        ("item", "one"),
        ("item", "two"),
        ("code", "a\n  b"),
        ("row", "Name: Rent; Fee: 500"),
        ("row", "Name: Heat"),
        ("paragraph", "tail"),
        ("paragraph", "Chapter 8"),
    ]


def test_epub_in_the_order_of_its_spine() -> None:
    container = "<container><rootfiles><rootfile full-path='O/c.opf'/></rootfiles></container>"
    opf = (
        "<package xmlns:dc='d'><metadata><dc:title>Book</dc:title></metadata><manifest><item id='1' href='a.xhtml'/>"
        "<item id='2' href='b%20b.xhtml'/></manifest><spine><itemref idref='2'/><itemref idref='1'/></spine></package>"
    )
    chapters = {
        "O/a.xhtml": b"<html><body><h1>A</h1></body></html>",
        "O/b b.xhtml": b"<html><body><p>B</p></body></html>",
    }
    data = broken_files.package(
        {"mimetype": EPUB.encode(), "META-INF/container.xml": container.encode(), "O/c.opf": opf.encode(), **chapters}
    )
    document = read(data, "x.epub")
    assert document.title == "Book"
    assert words(document) == [("paragraph", "B"), ("heading", "A")]


def test_json_lines_by_the_name_of_json() -> None:
    assert words(read('{"a": 1.50}\n{"a": 2}\n', "a.json")) == [("row", "a: 1.50"), ("row", "a: 2")]
    assert read('{"a": 1,\n"b": 2,}', "a.json").media_type == CODE


def test_json() -> None:
    document = read(
        '{"name": "bridge", "load": {"max": 1.10, "tags": ["a", "b"]}, "none": null, '
        '"spans": [{"id": 1, "at": {"x": 2}}, {"id": 12345678901234567890}]}',
        "a.json",
    )
    assert words(document) == [
        ("paragraph", "name: bridge"),
        ("paragraph", "load.max: 1.10"),
        ("paragraph", "load.tags: a, b"),
        ("paragraph", "spans:"),
        ("row", "id: 1; at.x: 2"),
        ("row", "id: 12345678901234567890"),
    ]
    assert document.media_type == JSON
    assert read("{// a comment\n}", "a.json").media_type == CODE


def test_jsonl() -> None:
    document = read('{"a": "x"}\n\nno json\n{"a": "two\\nlines", "b": true}\n', "a.jsonl")
    assert document.media_type == JSONL
    assert words(document) == [("row", "a: x"), ("paragraph", "no json"), ("row", "a: two\nlines\nb: true")]


def test_eml() -> None:
    message = email.message.EmailMessage()
    message["Subject"] = "The bridge — closed"
    message["From"] = "Ada <ada@example.org>"
    message.set_content("It is closed.\n\n- until May")
    message.add_alternative("<p>It is <b>closed</b></p>", subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="plan.pdf")
    document = read(message.as_bytes(), "a.eml")
    assert document.media_type == EML
    assert document.title == "The bridge — closed"
    assert words(document) == [
        ("heading", "The bridge — closed"),
        ("row", "Subject: The bridge — closed"),
        ("row", "From: Ada <ada@example.org>"),
        ("paragraph", "It is closed."),
        ("item", "- until May"),
        ("paragraph", "Attachments: plan.pdf"),
    ]
    only_html = b"Subject: x\nContent-Type: text/html\n\n<p>Hello</p>"
    assert words(read(only_html, "a.eml"))[-1] == ("paragraph", "Hello")


@pytest.mark.parametrize(
    ("data", "name", "reader"),
    [
        (broken_files.pdf(), "a.txt", "pdf"),
        (b"# x", "README.md", "markdown"),
        (b"x = 1", "a.py", "code"),
        (b"all: x", "Makefile", "code"),
        (b"hello", "LICENSE", "plain"),
        (b"<HTML><p>x", "a.txt", "html"),
        (b"a < b", "a.txt", "plain"),
        (b"no mail", "a.eml", "plain"),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", "a.txt", "html"),
    ],
)
def test_sniff(data: bytes, name: str, reader: str) -> None:
    assert sniff(data, name) == reader


@pytest.mark.parametrize("suffix", ["pdf", "docx", "pptx", "xlsx", "epub"])
def test_a_name_that_promises_too_much(suffix: str) -> None:
    with pytest.raises(LoadError, match="not what its name says"):
        sniff(b"Dear Sir", f"letter.{suffix}")


@pytest.mark.parametrize(
    ("title", "sane"),
    [
        ("House  rules", "House rules"),
        ("Microsoft Word - House rules", "House rules"),
        ("Microsoft Word - rules_v2.docx", ""),
        ("C:\\work\\rules.doc", ""),
        ("Untitled", ""),
        ("Untitled document 2", ""),
        ("Document1", ""),
        ("PowerPoint-Präsentation", ""),
        ("PowerPoint Presentation", ""),
        ("Slide 1", ""),
        ("Normal.dotm", ""),
        ("Unbenannt", ""),
        ("Book", "Book"),
        ("Presentation of the budget", "Presentation of the budget"),
        ("New rules", "New rules"),
        ("Document 7 of the archive", "Document 7 of the archive"),
        ("Excel for beginners", "Excel for beginners"),
    ],
)
def test_a_title_is_one_that_a_person_has_given(title: str, sane: str) -> None:
    assert sane_title(title) == sane
    assert first_title("a/notes of May.txt", title) == (sane or "notes of May")


def test_titles() -> None:
    assert read("# One #\n\n# Two", "a.md").title == "One"
    assert read("text", "notes of May.txt").title == "notes of May"


def test_too_much_text() -> None:
    for name in ("a.txt", "a.csv", "a.json"):
        with pytest.raises(SkipFile, match=r"more than 0\.001 MB of text"):
            read('"' + "x" * 2000 + '"', name, Limits(max_text_mb=0.001))


@pytest.mark.parametrize("name", ["a.html", "a.csv", "a.json", "a.jsonl", "a.eml", "a.tsv"])
@settings(max_examples=40, deadline=None)
@given(text=st.text(alphabet=st.sampled_from(list("<>/tdrph1 \n\"',;:{}[]ab0\x0b\x85&=-")), max_size=80))
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    reason = ""
    try:
        read(text, name)
    except LoadError as error:
        reason = str(error)
    assert "\n" not in reason


@pytest.mark.parametrize("head", ["", '<?xml version="1.0"?>\n', "<!-- drawn -->\n<!DOCTYPE svg PUBLIC 'x'>"])
def test_a_drawing_is_a_picture_whatever_its_name(head: str) -> None:
    for name in ("drawing.svg", "drawing.xml", "drawing.txt"):
        with pytest.raises(SkipFile, match="an SVG picture"):
            sniff(f'{head}<svg xmlns="http://www.w3.org/2000/svg"><text>words</text></svg>'.encode(), name)
