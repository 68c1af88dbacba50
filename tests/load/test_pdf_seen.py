"""PDF pages as they are seen: letters that fonts do not tell, struck words, bars, watermarks and turned words."""

from __future__ import annotations

import pytest

from rag.load.limits import Limits
from rag.load.parse import parse
from rag.load.pdf.boxes import span_boxes
from rag.load.pdf.tex_fonts import has_untold_letters, with_tex_letters
from rag.types import Document
from tests.load.broken_files import pdf
from tests.load.test_text import check


def read(data: bytes) -> Document:
    document = parse(data, "a.pdf", "pdf", Limits())
    check(document.text, document.blocks)
    for block in document.blocks:
        span = document.text[block.start : block.end]
        assert span_boxes(data, document.pages, block.start, block.end, expected=span)
    return document


def show(text: str, x: float, y: float, size: float = 11) -> bytes:
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET ".encode("latin-1")


def of_font(data: bytes, font: bytes) -> bytes:
    """The same file with another font, whose control codes have names of no letters."""
    differences = b"/Encoding<</Differences[11/q11/q12/q13/q14/q15 27/q27/q28/q29/q30/q31]>>"
    return data.replace(b"/BaseFont/Helvetica", b"/BaseFont/" + font + differences)


@pytest.mark.parametrize(
    ("codes", "font", "told"),
    [
        ("E\x1ecient A\x1ex", b"", "Eﬃcient Aﬃx"),
        ("o\x1bice \x1doods \x1cnd ba\x1fe", b"SFRM1000", "oﬀice ﬂoods ﬁnd baﬄe"),
        ("\x10Go\x11 1\x152 a\x16b", b"", "“Go” 1\x152 a—b"),
        ("o\x0ece \x0cnd \x0doods sto\x0b ba\x0fe \x1cre", b"ABCDEF+CMR10", "oﬃce ﬁnd ﬂoods stoﬀ baﬄe øre"),
        ("\x88 First", b"", "• First"),
        ("E\x1ecient", b"Wingdings", "E\x1ecient"),
    ],
)
def test_letters_of_tex_fonts(codes: str, font: bytes, told: str) -> None:
    letters = with_tex_letters(codes, lambda _: (1, font))
    assert letters == told
    assert has_untold_letters(letters, lambda _: True) == ("\x1e" in told or "\x15" in told)


def test_a_formulas_sign_of_another_font_is_no_ligature() -> None:
    codes = "so \x0bx o\x1bice"
    assert with_tex_letters(codes, lambda at: (int(at == 3), b"")) == "so \x0bx oﬀice"


def test_a_ligature_is_written_as_its_letters_and_has_a_box() -> None:
    data = of_font(pdf(show("The o\x1ece was \x1dooded", 72, 700)), b"SFRM1000")
    document = read(data)
    assert document.text == "The office was flooded"
    assert not document.warnings


def test_a_letter_that_cannot_be_told_is_warned_of() -> None:
    document = read(of_font(pdf(show("The o\x1ece was dry and we slept", 72, 700)), b"Courier"))
    assert [warning.code for warning in document.warnings] == ["reading-pages-unreadable"]


def line(x0: float, x1: float, y: float) -> bytes:
    return f"0.8 w {x0} {y} m {x1} {y} l S ".encode()


@pytest.mark.parametrize(
    ("above", "end", "text"),
    [
        (4, 84.2, "[struck out: 50] 45 crowns"),
        (4, 300, "50 45 crowns"),
        (-1.5, 84.2, "50 45 crowns"),
        (10, 84.2, "50 45 crowns"),
        (4, 136, "[struck out: 50 45 crowns]"),
    ],
    ids=["through a number", "too long", "underline", "overline", "through the line"],
)
@pytest.mark.parametrize("is_area", [False, True])
def test_words_with_a_line_through_them_are_struck_out(above: float, end: float, text: str, is_area: bool) -> None:
    drawn = f"72 {699.6 + above} {end - 72} 0.8 re f ".encode() if is_area else line(72, end, 700 + above)
    assert read(pdf(show("50 45 crowns", 72, 700) + drawn)).text == text


def test_words_that_an_annotation_strikes_out() -> None:
    points = b"/QuadPoints[72 712 85 712 72 698 85 698]"
    annotation = b"/Annots[<</Type/Annot/Subtype/StrikeOut/F 4/Rect[72 698 90 712]" + points + b">>]"
    assert read(pdf(show("50 45 crowns", 72, 700), annotation)).text == "[struck out: 50] 45 crowns"
    underline = annotation.replace(b"/StrikeOut", b"/Underline")
    assert read(pdf(show("50 45 crowns", 72, 700), underline)).text == "50 45 crowns"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (show("Call Igor now and wait there", 72, 700) + b"0 g 93 696 21 14 re f ", "Call now and wait there"),
        (b"0 g 93 696 21 14 re f 1 g " + show("Call Igor now and wait there", 72, 700), "Igor"),
        (b"0.9 g 60 690 300 30 re f 0 g " + show("Call Igor now", 72, 700), "Call Igor now"),
        (
            show("Call Igor now and wait there", 72, 700) + b"1 1 0.5 rg 93 680 21 14 re f ",
            "Call Igor now and wait there",
        ),
    ],
    ids=["bar over words", "white words on a bar", "words on a ground", "bar below words"],
)
def test_words_below_a_bar_are_not_read(content: bytes, text: str) -> None:
    assert " ".join(read(pdf(content)).text.split()) == text


def test_what_covers_a_page_is_no_bar() -> None:
    assert "Call Igor now" in read(pdf(show("Call Igor now and wait there", 72, 700) + b"0 g 0 0 612 792 re f ")).text


def test_many_straight_lines_are_no_picture() -> None:
    lines = b"".join(b"%d 0 m %d 790 l S " % (x, x) for x in range(0, 600, 10))
    assert not read(pdf(lines + show("Grid words 5 and some more of them", 72, 700))).warnings


def turned(text: str, x: float, y: float, turn: str, size: float = 11) -> bytes:
    return f"BT /F1 {size} Tf {turn} {x} {y} Tm ({text}) Tj ET ".encode()


UP, DOWN, ASLANT = "0 1 -1 0", "0 -1 1 0", "0.7 0.7 -0.7 0.7"
SENTENCES = show("The harbour fee is 40 crowns for each boat.", 72, 700) + show("The gate closes at nine.", 72, 680)


@pytest.mark.parametrize("turn", [UP, DOWN])
def test_a_stamp_at_the_edge_is_a_margin(turn: str) -> None:
    document = read(pdf(turned("arXiv:2401.00001 4 May 2024", 40, 400, turn) + SENTENCES))
    blocks = [(block.kind, document.text[block.start : block.end]) for block in document.blocks]
    assert blocks[-1] == ("margin", "arXiv:2401.00001 4 May 2024")
    assert blocks[0][1].startswith("The harbour fee is 40 crowns")


def test_a_watermark_is_no_heading() -> None:
    document = read(pdf(b"0.85 g " + turned("CONFIDENTIAL", 150, 300, ASLANT, 80) + b"0 g " + SENTENCES))
    assert document.title != "CONFIDENTIAL"
    kinds = {document.text[block.start : block.end]: block.kind for block in document.blocks}
    assert kinds["CONFIDENTIAL"] == "margin"
    assert "heading" not in kinds.values()


def test_a_white_watermark_is_not_read() -> None:
    assert "SECRET" not in read(pdf(b"1 g " + turned("SECRET", 150, 300, ASLANT, 80) + b"0 g " + SENTENCES)).text


@pytest.mark.parametrize("turn", [UP, DOWN])
def test_sideways_names_stand_above_their_columns(turn: str) -> None:
    y = 690 if turn == UP else 740
    names = b"".join(turned(name, 200 + 60 * at, y, turn) for at, name in enumerate(("Cooks", "Sailors", "Mates")))
    rows = b"".join(
        show(cell, (72, 195, 255, 315)[column], 670 - 18 * row)
        for row, cells in enumerate(("Aurora 1 7 2", "Boreas 3 9 4", "Cirrus 5 8 6"))
        for column, cell in enumerate(cells.split())
    )
    text = read(pdf(show("Table 3. Crew by boat", 72, 780) + names + rows)).text
    assert "Boreas; Cooks: 3; Sailors: 9; Mates: 4" in text


def test_an_upright_line_stands_before_a_sideways_page() -> None:
    sideways = turned("A sideways sentence about 12 anchors stands here.", 400, 100, UP)
    sideways += turned("Another one about 14 ropes follows it.", 420, 100, UP)
    text = read(pdf(show("A page with a sideways part.", 72, 780) + sideways)).text
    assert text.startswith("A page with a sideways part.")
    assert text.index("12 anchors") < text.index("14 ropes")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_lines_of_a_turned_page_keep_their_order(turn: int) -> None:
    text = read(pdf(SENTENCES, b"/Rotate %d" % turn)).text
    assert text.index("harbour fee") < text.index("gate closes")
