"""PDF: text, structure, boxes that hold the ink, and pictures of turned and cropped pages: `rag.load.pdf`."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from rag.errors import LoadError, SkipFile
from rag.load import recognition
from rag.load.limits import Limits
from rag.load.parse import parse
from rag.load.pdf.blocks import layout_blocks
from rag.load.pdf.boxes import span_boxes
from rag.load.pdf.headings import bookmarked
from rag.load.pdf.margins import find_margins
from rag.load.pdf.render import render_page
from rag.load.pdf.types import Glyph
from rag.types import Document
from tests.load.broken_files import encrypted_pdf, pdf
from tests.load.test_text import check

REPORTS = Path(os.environ.get("FOOTNOTE_DATA", "data")) / "sec-10-q"
TWO_LINES = b"BT /F1 20 Tf 1 0 0 1 150 400 Tm (First words) Tj 1 0 0 1 150 300 Tm (Second gypsy) Tj ET"


def read(data: bytes, name: str = "a.pdf") -> Document:
    document = parse(data, name, "pdf", Limits())
    check(document.text, document.blocks)
    return document


def show(text: str, x: float, y: float, size: float = 10) -> bytes:
    return f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ".encode()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [b"", b"/CropBox[100 200 400 500]"])
def test_boxes_hold_the_ink(turn: int, crop: bytes, tmp_path: Path) -> None:
    data = pdf(TWO_LINES, b"/MediaBox[0 0 500 600]/Rotate %d" % turn + crop)
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    document = read(data)
    # PDFium reads lines that stand upright on the paper in an order of its own.
    assert {document.text[block.start : block.end] for block in document.blocks} == {"First words", "Second gypsy"}
    scale = 2.0
    picture = render_page(path, 1, scale)
    image = Image.open(io.BytesIO(picture.png)).convert("L")
    size = (300, 300) if crop else (500, 600)
    assert (picture.width, picture.height) == (size if turn % 180 == 0 else size[::-1])
    assert image.size == (picture.width * scale, picture.height * scale)
    for block, other in (document.blocks, document.blocks[::-1]):
        words = document.text[block.start : block.end]
        (box,) = span_boxes(path, document.pages, block.start, block.end, expected=words)
        (far,) = span_boxes(data, document.pages, other.start, other.end)
        # With the other line painted over, all the ink that is left lies in the box, and the box is full of it.
        alone = image.copy()
        alone.paste(255, [round(value * scale) for value in far[1:]])
        ink = alone.point(lambda value: 255 if value < 128 else 0).getbbox()
        assert ink is not None
        x0, y0, x1, y1 = (value * scale for value in box[1:])
        assert x0 - 1 <= ink[0]
        assert y0 - 1 <= ink[1]
        assert ink[2] <= x1 + 1
        assert ink[3] <= y1 + 1
        assert (ink[2] - ink[0]) * (ink[3] - ink[1]) > 0.5 * (x1 - x0) * (y1 - y0)


def test_text_drawn_sideways_for_a_turned_page_is_read_upright() -> None:
    content = b"BT /F1 10 Tf 0 1 -1 0 150 100 Tm (One line of words) Tj 0 1 -1 0 162 100 Tm (goes on here.) Tj ET"
    document = read(pdf(content, b"/MediaBox[0 0 500 600]/Rotate 90"))
    assert document.text == "One line of words goes on here."
    first, second = span_boxes(pdf(content, b"/MediaBox[0 0 500 600]/Rotate 90"), document.pages, 0, len(document.text))
    assert first[1] == second[1]
    assert first[4] < second[4]
    assert first[3] - first[1] > 5 * (first[4] - first[2])


def test_words_that_stand_sideways_stay_whole() -> None:
    beside = b"BT /F1 12 Tf 0 1 -1 0 40 300 Tm (Draft of the third) Tj 0 1 -1 0 54 300 Tm (of May, not final) Tj ET "
    data = pdf(beside + TWO_LINES)
    document = read(data)
    assert document.text.endswith("Second gypsy\n\nDraft of the third of May, not final")
    start = document.text.index("third")
    ((_, x0, y0, x1, y1),) = span_boxes(data, document.pages, start, start + 5, expected="third")
    assert 25 < x0 < x1 < 50
    assert y1 - y0 > x1 - x0


def test_letters_drawn_one_by_one_up_the_page_are_words() -> None:
    letters = b"".join(b"0 1 -1 0 40 %d Tm (%c) Tj " % (300 + 8 * at, each) for at, each in enumerate(b"NOM ROO"))
    document = read(pdf(b"BT /F1 12 Tf " + letters + b"ET " + TWO_LINES))
    assert len(document.text.split("\n\n")[-1].replace(" ", "")) == len("NOMROO")


def test_a_word_has_a_smaller_box_than_its_line() -> None:
    document = read(pdf(TWO_LINES))
    ((_, left, _, right, _),) = span_boxes(pdf(TWO_LINES), document.pages, 6, 11)
    ((_, start, _, end, _),) = span_boxes(pdf(TWO_LINES), document.pages, 0, 11)
    assert start < left
    assert right == end


def test_boxes_are_empty_when_the_file_is_another(tmp_path: Path) -> None:
    document = read(pdf(TWO_LINES))
    assert span_boxes(pdf(), document.pages, 0, 11, expected="First words") == ()
    assert span_boxes(tmp_path / "gone.pdf", document.pages, 0, 11) == ()
    assert span_boxes(b"no PDF", document.pages, 0, 11) == ()
    with pytest.raises(LoadError):
        render_page(tmp_path / "gone.pdf", 1, 1)
    with pytest.raises(LoadError, match="no page 2"):
        render_page(pdf(), 2, 1)


def test_paragraphs_rows_and_headings() -> None:
    content = b"BT " + show("The state of the bridge", 72, 720, 18)
    content += show("The bridge across the river was built in the spring of nine-", 72, 690)
    content += show("teen hundred. It has been closed since the flood of last sum-", 72, 678)
    content += show("mer, and it opens in May.", 72, 666)
    content += show("A second paragraph stands here.", 72, 640)
    content += show("Part", 72, 600) + show("2022", 300, 600) + show("2023", 400, 600)
    content += show("Steel", 72, 588) + show("1,234", 300, 588) + show("5,678", 400, 588)
    content += show("Stone", 72, 576) + show("$", 290, 576) + show("(4)", 310, 576) + show("$ 12", 400, 576)
    content += show("1. An item", 72, 540) + show("2. Another", 72, 528) + b"ET"
    document = read(pdf(content))
    assert [(block.kind, document.text[block.start : block.end], block.header) for block in document.blocks] == [
        ("heading", "The state of the bridge", ""),
        (
            "paragraph",
            "The bridge across the river was built in the spring of nineteen hundred. "
            "It has been closed since the flood of last summer, and it opens in May.",
            "",
        ),
        ("paragraph", "A second paragraph stands here.", ""),
        ("row", "Part: Steel; 2022: 1,234; 2023: 5,678", ""),
        ("row", "Part: Stone; 2022: $(4); 2023: $12", ""),
        ("item", "1. An item", ""),
        ("item", "2. Another", ""),
    ]
    start = document.blocks[1].start
    assert len(span_boxes(pdf(content), document.pages, start, document.blocks[1].end)) == 3
    assert len(span_boxes(pdf(content), document.pages, start, start + 5)) == 1


def test_columns_of_one_name_are_both_named() -> None:
    content = b"BT " + show("Year ended", 300, 612)
    content += b"".join(
        show(name, 240 + 60 * number, 600) for number, name in enumerate(("2023", "Change", "2022", "Change"))
    )
    content += show("Steel", 72, 588)
    content += b"".join(
        show(value, 240 + 60 * number, 588) for number, value in enumerate(("1,234", "5", "5,678", "4"))
    )
    document = read(pdf(content + b"ET"))
    assert document.text == "Steel; 2023: 1,234; Year ended Change: 5; 2022: 5,678; Change: 4"


def line(text: str, top: float) -> list[Glyph]:
    return [
        Glyph(character, number, None if character == " " else (number * 5.0, top, number * 5.0 + 5, top + 10))
        for number, character in enumerate(text)
    ]


@pytest.mark.parametrize(
    ("above", "below", "text"),
    [
        ("Sales rose year-", "over-year by a tenth.", "Sales rose year-over-year by a tenth."),
        ("the sum-", "mer is", "the summer is"),
        ("a well-", "known man", "a well-known man"),
        ("in Baden-", "Baden", "in Baden-Baden"),
        ("pages 10-", "12 are", "pages 10-12 are"),
        ("bus-stop bus-", "stop", "bus-stop bus-stop"),
    ],
)
def test_broken_words(above: str, below: str, text: str) -> None:
    (block,) = layout_blocks([line(above, 0), line(below, 11)], lambda number: False)
    assert block.text == text
    assert len(block.glyph_numbers) == len(block.line_numbers) == len(text)


def test_the_name_of_a_paragraph_is_no_part_of_it() -> None:
    page = [line("Mac", 0), line("Mac sales fell in the spring, and then", 12), line("they rose.", 23)]
    assert [block.text for block in layout_blocks(page, lambda number: False)] == [
        "Mac",
        "Mac sales fell in the spring, and then they rose.",
    ]


def test_what_stands_further_out_is_no_part_of_an_item() -> None:
    item, more, after = line("• Steel beams", 0), line("  of the bridge", 11), line("All were painted.", 22)
    inward = [
        [g._replace(box=g.box and (g.box[0] + 20, g.box[1], g.box[2] + 20, g.box[3])) for g in x] for x in (item, more)
    ]
    blocks = layout_blocks([*inward, after], lambda number: False)
    assert [(block.kind, block.text) for block in blocks] == [
        ("item", "• Steel beams of the bridge"),
        ("paragraph", "All were painted."),
    ]


def test_running_heads_and_feet() -> None:
    def page(number: int) -> list[list[Glyph]]:
        return [
            line("Harbour Office", 0),
            line("VAT 4711", 40),
            line(f"The year {1990 + number * number} was wet.", 100),
            line("It rained.", 200),
            line(f"Report 2023 | page {number + 7}", 680),
            line(f"Chapter {'ABCD'[number]} {number + 7}", 720),
        ]

    layouts = [layout_blocks(page(number), lambda number: False) for number in range(4)]
    margins = find_margins(layouts)
    texts = [[block.text for block in layout if id(block) not in margins] for layout in layouts]
    # What says the same on each page is left on the first; the number of the page tells nothing anywhere.
    assert texts[0] == ["Harbour Office", "VAT 4711", "The year 1990 was wet.", "It rained."]
    assert texts[1:] == [[f"The year {year} was wet.", "It rained."] for year in (1991, 1994, 1999)]
    assert find_margins(layouts[:2]) == set(), "two pages are no run"


def test_tables_of_contents() -> None:
    def row(name: str, page: str, top: float) -> list[Glyph]:
        return [
            *line(name, top),
            *(Glyph(d, 50 + i, (400.0 + i * 5, top, 405.0 + i * 5, top + 10)) for i, d in enumerate(page)),
        ]

    dotted = [row("The bridge . . . . . . . .", "4", 0), row("Steel", "4", 14)]
    listed = [row(f"{number}.1 Part", str(2 * number), number * 14.0) for number in range(1, 7)]
    falling = [row(f"{number}.1 Part", str(9 - number), number * 14.0) for number in range(1, 7)]
    blank: list[list[Glyph]] = []
    layouts = [
        layout_blocks(page, lambda number: False) for page in (dotted, listed, falling, listed[:5], *[blank] * 10)
    ]
    margins = find_margins(layouts)
    assert [[id(block) in margins for block in layout] for layout in layouts[:4]] == [
        [True, False],
        [True] * 6,
        [False] * 6,
        [False] * 5,
    ]


def test_characters_beyond_the_basic_plane_keep_offsets() -> None:
    (block,) = layout_blocks([[Glyph("😀", 0, (0, 0, 10, 10)), Glyph("x", 2, (10, 0, 15, 10))]], lambda number: False)
    assert block.text == "😀x"
    assert block.glyph_numbers == [0, 2]


def test_passwords() -> None:
    with pytest.raises(LoadError, match="protected by a password"):
        read(encrypted_pdf())


def test_scanned() -> None:
    if not _has_tesseract():
        with pytest.raises(SkipFile, match="scanned PDF without text"):
            read(pdf(b"0 0 100 100 re f"))


def test_a_scan_in_which_no_words_are_recognised_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "is_available", lambda languages: True)
    monkeypatch.setattr(recognition, "recognise", lambda image, languages: [])
    with pytest.raises(SkipFile, match="a scanned PDF in which no words are recognised"):
        read(pdf(b"0 0 100 100 re f"))


def _has_tesseract() -> bool:
    return recognition.is_available()


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for tesseract")
def test_ocr_reads_pictured_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pytesseract")
    program = tmp_path / "tesseract"
    program.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && { echo tesseract 5.3.0; exit; }\n'
        '[ "$1" = --list-langs ] && { printf "List of languages:\\neng\\n"; exit; }\n'
        f'cp "{tmp_path}/words.tsv" "$2.tsv"\n'
    )
    program.chmod(0o755)
    (tmp_path / "words.tsv").write_text(_table_of_words("Read by OCR.", "Two, much further down."))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    data = pdf(b"0 0 100 100 re f")
    document = read(data)
    assert document.text == "Read by OCR.\n\nTwo, much further down."
    assert span_boxes(data, document.pages, 0, 4, expected="Read") == ((1, 0.0, 0.0, 612.0, 792.0),)


def _table_of_words(*paragraphs: str) -> str:
    """Return tesseract's table of words for paragraphs of one line each."""
    keys = "level page_num block_num par_num line_num word_num left top width height conf text".split()
    rows = [
        (5, 1, block, 1, 1, at + 1, 100 * at, 100 * block, 90, 40, 95, word)
        for block, paragraph in enumerate(paragraphs, 1)
        for at, word in enumerate(paragraph.split())
    ]
    return "".join("\t".join(map(str, row)) + "\n" for row in (keys, *rows))


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the reports are not here")
def test_a_real_report() -> None:
    path = REPORTS / "2022 Q3 AAPL.pdf"
    data = path.read_bytes()
    document = read(data, path.name)
    assert document.title == "2022 Q3 AAPL"
    assert len(document.pages) == 28
    rows = {document.text[block.start : block.end]: block for block in document.blocks if block.kind == "row"}
    figures = (
        "Three Months Ended June 25, 2022: {}; Three Months Ended June 26, 2021: {}; "
        "Nine Months Ended June 25, 2022: {}; Nine Months Ended June 26, 2021: {}"
    )
    row = rows[f"Products; {figures.format('$63,355', '$63,948', '$245,241', '$232,309')}"]
    feet = [document.text[block.start : block.end] for block in document.blocks if block.kind == "margin"]
    assert [f"Apple Inc. | Q3 2022 Form 10-Q | {page}" for page in range(1, 23)] == [t for t in feet if " | Q3" in t]
    assert row.header.startswith("Net sales | ")
    assert "(In millions, except number of shares" in row.header
    assert f"Total cost of sales; {figures.format('47,074', '46,179', '171,495', '164,795')}" in rows
    assert "Total assets; June 25, 2022: $336,309; September 25, 2021: $351,002" in rows
    words = document.text[row.start : row.end]
    (box,) = span_boxes(path, document.pages, row.start, row.end, expected=words)
    assert box[0] == 4
    assert box[1] < 40
    assert box[3] > 550
    assert box[4] - box[2] < 15
    # Each page is read again as it was read the first time, wherever the span lies.
    for number in (0, 7, 19, 27):
        start = document.pages[number]
        end = document.pages[number + 1] - 2 if number < 27 else len(document.text)
        assert span_boxes(data, document.pages, start, end, expected=document.text[start:end])


def test_attached_files_are_named() -> None:
    saved = io.BytesIO()
    document = pypdfium2.PdfDocument(pdf())
    document.new_attachment("invoice-17.xml").set_data(b"<invoice/>")
    document.save(saved)
    document.close()
    assert [warning.text("en") for warning in read(saved.getvalue()).warnings] == [
        "attachments that were not read: invoice-17.xml; save them as files beside it"
    ]
    assert read(pdf()).warnings == ()


def test_bookmarks_say_what_headings_are() -> None:
    path = Path(__file__).parents[1] / "reading/files/pdf/bookmarks_reportlab.pdf"
    document = read(path.read_bytes())
    headings = [block for block in document.blocks if block.kind == "heading"]
    assert [(block.level, document.text[block.start : block.end]) for block in headings] == [
        (1, "1. Gates"),
        (2, "The upper gate"),
        (1, "2. Weirs"),
    ]
    assert bookmarked([("The “upper” gate", 9, 3)]) == {(2, "theuppergate"): 6}


def test_a_label_leads_to_its_value_and_a_title_to_its_page() -> None:
    lines = ("Tea for two . . . . . . 4.80", "Scones ........ 3.10", "Gates ........ 12")
    content = b"BT " + b"".join(show(line, 72, 700 - 14 * number) for number, line in enumerate(lines)) + b"ET"
    document = read(pdf(content))
    assert document.text == "Tea for two: 4.80\nScones: 3.10\nGates ........ 12"
    start = document.text.index("3.10")
    ((_, left, _, right, _),) = span_boxes(pdf(content), document.pages, start, start + 4, expected="3.10")
    assert 120 < left < right < 200


def test_short_lines_that_end_a_sentence_end_a_paragraph() -> None:
    lines = (
        "The mill stands on the north bank of the river and has two wheels of oak and iron.",
        "It was closed on 15 June.",
        "Flour is sold at the door from eight in the morning to noon, on Mondays and on days of",
        "market.",
    )
    content = b"BT " + b"".join(show(line, 72, 700 - 12 * number) for number, line in enumerate(lines)) + b"ET"
    assert read(pdf(content)).text == f"{lines[0]} {lines[1]}\n\n{lines[2]} {lines[3]}"
