"""PDF pages as a person reads them: forms, comments, columns, raised figures, right-to-left lines, scans."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.load import recognition
from rag.load.limits import Limits
from rag.load.parse import parse
from rag.load.pdf.bidi import has_right_to_left, in_reading_order
from rag.load.pdf.boxes import span_boxes
from rag.load.pdf.glyph_data import GlyphData
from rag.load.pdf.glyphs import page_glyphs
from rag.load.pdf.gutters import read_columns
from rag.load.pdf.page_objects import page_objects
from rag.load.pdf.pdfium import open_document, open_page, open_text_page
from rag.load.pdf.pictures import has_unknown_letters, is_implausible
from rag.load.pdf.raised_glyphs import write_raised
from rag.load.pdf.reader import _day
from rag.load.pdf.types import Glyph
from rag.types import Document
from tests.load.broken_files import pdf
from tests.reading.expectations import FILES

PDFS = FILES / "pdf"


def read(name: str) -> tuple[bytes, Document]:
    data = (PDFS / name).read_bytes()
    return data, parse(data, name, "pdf", Limits())


def run(text: str, x: float = 0.0, top: float = 0.0, height: float = 10.0, first: int = 0) -> list[Glyph]:
    """A glyph a character, each five points wide; spaces have no box."""
    return [
        Glyph(character, first + at, None if character == " " else (x + 5 * at, top, x + 5 * at + 5, top + height))
        for at, character in enumerate(text)
    ]


def words(glyphs: list[Glyph]) -> str:
    return "".join(glyph.character for glyph in glyphs)


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("form_reportlab.pdf", "Blue Heron"),
        ("form_reportlab.pdf", "☒"),
        ("form_by_hand.pdf", "a green umbrella"),
        ("notes_by_hand.pdf", "It opens again on 20 May."),
        ("notes_fpdf2_pypdf.pdf", "chess club"),
    ],
)
def test_words_over_a_page_have_the_box_of_their_annotation(name: str, span: str) -> None:
    data, document = read(name)
    start = document.text.index(span)
    (box,) = span_boxes(data, document.pages, start, start + len(span), expected=span)
    (whole,) = span_boxes(data, document.pages, start, start + 1, expected=span[:1])
    assert box == whole


@pytest.mark.parametrize("name", sorted(path.name for path in PDFS.glob("*.pdf")))
def test_each_block_is_found_again_on_its_page(name: str) -> None:
    data, document = read(name)
    for block in document.blocks:
        span = document.text[block.start : block.end]
        assert span_boxes(data, document.pages, block.start, block.end, expected=span), span


def test_a_power_keeps_the_glyph_behind_it() -> None:
    data, document = read("raised_pdflatex.pdf")
    at = document.text.index("⁶")
    ((_, x0, y0, x1, _),) = span_boxes(data, document.pages, at, at + 1, expected="⁶")
    ((_, base_x0, base_y0, _, _),) = span_boxes(data, document.pages, at - 1, at, expected="0")
    assert base_x0 < x0 < x1
    assert y0 < base_y0
    # Brackets are put in and have no box of their own.
    mark = document.text.index("[1]")
    assert span_boxes(data, document.pages, mark, mark + 1) == ()
    assert span_boxes(data, document.pages, mark, mark + 3) == span_boxes(data, document.pages, mark + 1, mark + 2)


def test_raised_by_size_and_foot_not_by_box() -> None:
    line = [*run("12 m", first=0), *run("2", x=20, top=-2, height=6, first=4)]
    measures = {4: (6.0, 104.0)}
    assert words(write_raised(line, lambda number: measures.get(number, (10.0, 100.0)))) == "12 m²"
    # The ink of a small letter on the line is small, too.
    assert words(write_raised(line, lambda number: (10.0, 100.0))) == "12 m2"
    assert words(write_raised(line, lambda number: (6.0, 97.0) if number == 4 else (10.0, 100.0))) == "12 m₂"


def column_lines(left: list[str], right: list[str]) -> list[list[Glyph]]:
    return [
        [*run(a, top=12 * row, first=100 * row), *run(b, x=200, top=12 * row, first=100 * row + 50)]
        for row, (a, b) in enumerate(zip(left, right, strict=True))
    ]


def test_columns_of_text_are_parted_and_tables_are_not() -> None:
    left = ["The mill was built in the", "year of the great frost and", "turned until a flood came."]
    right = ["A baker in the village of", "stone grinds flour and opens", "at five in the morning."]
    lines = column_lines(left, right)
    assert [words(line) for line in read_columns(lines)] == [*left, *right]
    left = ["Monday and the Tuesday", "Wednesday to the Friday", "Saturday and the Sunday"]
    right = ["closed for the cleaning", "noon until nine in all", "ten until eight or so"]
    lines = column_lines(left, right)
    assert read_columns(lines) == lines


@given(
    st.lists(
        st.lists(
            st.tuples(st.text("ab .1", min_size=1, max_size=30), st.integers(0, 40), st.sampled_from([4, 10])),
            max_size=4,
        ),
        max_size=12,
    )
)
def test_no_glyph_is_lost_between_columns(rows: list[list[tuple[str, int, int]]]) -> None:
    lines, number = [], 0
    for row, parts in enumerate(rows):
        line: list[Glyph] = []
        for text, x, height in parts:
            line += run(text, x=10 * x, top=12 * row, height=height, first=number)
            number += len(text)
        lines.append(line)
    before = sorted(glyph.number for line in lines for glyph in line)
    assert sorted(glyph.number for line in read_columns(lines) for glyph in line) == before
    measured = [write_raised(line, lambda number: (10.0 if number % 3 else 6.0, number % 5)) for line in lines]
    drawn = {glyph.number for line in lines for glyph in line if glyph.box}
    assert {glyph.number for line in measured for glyph in line if glyph.number >= 0} >= drawn


@pytest.mark.parametrize(
    ("seen", "read_as"),
    [
        ("םולש", "שלום"),
        ("54 םולש", "שלום 54"),
        (".ABC 12 לש םולש", "שלום של ABC 12."),
        ("(םולש)", "(שלום)"),
        ("4-א", "א-4"),
        ("The word םולש here", "The word שלום here"),
    ],
)
def test_lines_from_the_right(seen: str, read_as: str) -> None:
    (line,) = in_reading_order([run(seen)])
    assert words(line) == read_as
    # In whatever order the file holds it.
    (line,) = in_reading_order([run(seen)[::-1]])
    assert words(line) == read_as


@given(st.text("אבגدلا 12.(A", max_size=30))
def test_right_to_left_lines_lose_nothing(text: str) -> None:
    for line in in_reading_order([run(text)]):
        assert sorted(words(line).translate(str.maketrans("", "", " ()"))) == sorted(
            text.translate(str.maketrans("", "", " ()"))
        )
    assert has_right_to_left(text) == any(letter in text for letter in "אבגدلا")


def test_letters_that_no_font_tells() -> None:
    assert has_unknown_letters("\ue054\ue068\ue065 \ue06f\ue072\ue063\ue068\ue061\ue072\ue064")
    assert not has_unknown_letters("\uf0b7 A list item with a sign of its own")
    assert is_implausible("7KH IHUU\\ FURVVHV WKH ED\\ HYHU\\ KRXU IURP VL[ LQ WKH PRUQLQJ " * 2)
    for text in (
        "The ferry crosses the bay every hour from six in the morning, and so on." * 2,
        "Die Fähre setzt jede Stunde über; sie kostet elf Euro und zwanzig Cent." * 2,
        "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
        "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan.",
        "村に古い橋がある。",
    ):
        assert not is_implausible(text)


def test_pages_that_are_pictures_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "is_available", lambda languages: False)
    for name, code, page in (
        ("scan_reportlab.pdf", "reading-pages-pictures", 2),
        ("scan_beside_text_libreoffice.pdf", "reading-pages-pictures", 1),
        ("unreadable_font_chromium.pdf", "reading-pages-unreadable", 1),
    ):
        _, document = read(name)
        assert [(warning.code, warning.values) for warning in document.warnings] == [(code, {"pages": [page]})]


def test_recognised_words_have_the_box_of_their_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "is_available", lambda languages: True)
    monkeypatch.setattr(recognition, "recognise", lambda image, languages: ["Potatoes are sold in March."])
    data, document = read("scan_beside_text_libreoffice.pdf")
    start = document.text.index("Potatoes")
    ((page, x0, y0, x1, y1),) = span_boxes(data, document.pages, start, start + 8, expected="Potatoes")
    assert page == 1
    assert 0 < x0 < x1 < 595
    assert 50 < y0 < y1 < 842
    assert document.warnings[0].code == "reading-pages-ocr"


def test_pages_without_recognised_words_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "is_available", lambda languages: True)
    monkeypatch.setattr(recognition, "recognise", lambda image, languages: [])
    _, document = read("scan_reportlab.pdf")
    assert [(warning.code, warning.values) for warning in document.warnings] == [
        ("reading-pages-wordless", {"pages": [2]})
    ]


def test_days_of_properties() -> None:
    assert [_day(text) for text in ("D:20210309120000Z", "20210309", "D:2021", "D:20211399", "", "yesterday")] == [
        "2021-03-09",
        "2021-03-09",
        "2021-01-01",
        "",
        "",
        "",
    ]


def test_a_page_calls_pdfium_a_few_times_a_glyph() -> None:
    content = b"BT /F1 10 Tf 72 700 Td (" + b"word " * 200 + b") Tj ET"
    with open_document(pdf(content)) as document, open_page(document, 0) as page, open_text_page(page) as text_page:
        data = GlyphData(text_page)
        assert data.codes.startswith("word word")
        (pieces, *_) = page_glyphs(page, data, page_objects(page), 0)
        # All that is drawn at once is one piece, but for what stands off the page.
        assert len(pieces) == 1
        assert pieces[0].number == 0


@pytest.mark.parametrize("count", [3000])
def test_many_fields_take_linear_time(count: int) -> None:
    widgets = b" ".join(
        b"<</Type/Annot/Subtype/FreeText/Contents(word %d)/DA(/Helv 1 Tf)/Rect[%d %d %d %d]/F 4>>"
        % (number, number % 60 * 10, number // 60 * 10, number % 60 * 10 + 9, number // 60 * 10 + 9)
        for number in range(count)
    )
    content = b"BT /F1 8 Tf " + b"".join(b"1 0 0 1 20 %d Tm (A line of text) Tj " % (20 * row) for row in range(38))
    data = pdf(content + b"ET", b"/Annots[" + widgets + b"]")
    document = parse(data, "a.pdf", "pdf", Limits())
    assert document.text.count("word") == count


def test_files_of_this_test_are_there() -> None:
    assert len(list(Path(PDFS).glob("*.pdf"))) >= 24
