"""Text that a reader does not see is not read, and text that he does see is, however it is made."""

from __future__ import annotations

import io

import pytest

from rag.load.limits import Limits
from rag.load.parse import parse
from rag.load.pdf.boxes import span_boxes
from rag.load.sniff import sniff
from tests.load.broken_files import pdf

SEEN = b"BT /F1 11 Tf 1 0 0 1 72 700 Tm (The bridge is closed until May.) Tj ET "


def text_of(data: bytes, name: str) -> str:
    return parse(data, name, sniff(data, name), Limits()).text


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        (b"BT 1 1 1 rg /F1 11 Tf 1 0 0 1 72 600 Tm (Secret words) Tj ET", False),
        (b"BT /F1 0.5 Tf 1 0 0 1 72 600 Tm (Secret words) Tj ET", False),
        (b"BT /F1 11 Tf 1 0 0 1 72 -50 Tm (Secret words) Tj ET", False),
        # White on a dark ground, light grey, and the invisible text of a scanned page.
        (b"0 0 0 rg 60 580 300 40 re f BT 1 1 1 rg /F1 11 Tf 1 0 0 1 72 600 Tm (Secret words) Tj ET", True),
        (b"BT 0.8 0.8 0.8 rg /F1 11 Tf 1 0 0 1 72 600 Tm (Secret words) Tj ET", True),
        (b"BT 1 1 1 rg 3 Tr /F1 11 Tf 1 0 0 1 72 600 Tm (Secret words) Tj ET", True),
        (b"BT /F1 4 Tf 1 0 0 1 72 600 Tm (Secret words) Tj ET", True),
    ],
)
@pytest.mark.parametrize("page", [b"", b"/Rotate 90", b"/CropBox[50 500 400 750]"])
def test_pdf(drawn: bytes, read: bool, page: bytes) -> None:
    data = pdf(SEEN + drawn, page)
    document = parse(data, "a.pdf", sniff(data, "a.pdf"), Limits())
    assert ("Secret words" in document.text) == read
    assert "The bridge is closed until May." in document.text
    for block in document.blocks:
        words = document.text[block.start : block.end]
        assert span_boxes(data, document.pages, block.start, block.end, expected=words)


@pytest.mark.parametrize(
    ("style", "read"),
    [
        ("display : NONE", False),
        ("visibility:hidden", False),
        ("font-size:0", False),
        ("font-size: 0px; color: red", False),
        ("font-size:1px", False),
        ("opacity:0", False),
        ("opacity: 0.0;", False),
        ("font-size:0.8em", True),
        ("font-size:10px", True),
        ("font-size:1.5pt", True),
        ("opacity:0.5", True),
        ("fill-opacity:0", True),
    ],
)
def test_html(style: str, read: bool) -> None:
    text = text_of(f"<html><p>The bridge is closed.</p><p style='{style}'>Secret</p>".encode(), "a.html")
    assert ("Secret" in text) == read


def test_what_is_hidden_from_a_screen_reader_only_is_read() -> None:
    assert "Seen" in text_of(b"<html><p aria-hidden=true>Seen</p>", "a.html")


def test_word_styles_hide_and_a_run_shows_itself_again() -> None:
    import docx
    from docx.enum.style import WD_STYLE_TYPE

    file = docx.Document()
    style = file.styles.add_style("Quiet", WD_STYLE_TYPE.CHARACTER)
    style.font.hidden = True
    paragraph = file.add_paragraph("The bridge is closed. ")
    paragraph.add_run("Secret one. ", style="Quiet")
    paragraph.add_run("Shown. ", style="Quiet").font.hidden = False
    quiet = file.styles.add_style("Quiet paragraph", WD_STYLE_TYPE.PARAGRAPH)
    quiet.font.hidden = True
    file.add_paragraph("Secret two.", style="Quiet paragraph")
    file.sections[0].footer.paragraphs[0].add_run("Secret three.").font.hidden = True
    table = file.add_table(1, 2)
    table.cell(0, 0).paragraphs[0].add_run("Secret four.").font.hidden = True
    table.cell(0, 1).text = "Cell"
    buffer = io.BytesIO()
    file.save(buffer)
    assert text_of(buffer.getvalue(), "a.docx") == "The bridge is closed. Shown.\n\nCell"
