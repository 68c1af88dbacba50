"""Calls of PDFium that are made many at a time, what they tell of a page's objects, and pictures of parts of a page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
import pytest

from rag.load.pdf.calls import bound, call_each, pointer
from rag.load.pdf.glyph_data import GlyphData
from rag.load.pdf.page_objects import PageObjects, are_level, are_light, are_opaque, page_objects
from rag.load.pdf.pdfium import open_document, open_page, open_text_page, page_area_image, page_image
from rag.load.pdf.rulings import page_rulings
from rag.load.pdf.visibility import unseen_glyphs
from tests.load.broken_files import pdf


@contextmanager
def opened(content: str) -> Iterator[tuple[Any, PageObjects, GlyphData]]:
    data = pdf(content.encode("latin-1"))
    with open_document(data) as document, open_page(document, 0) as page, open_text_page(page) as text_page:
        yield page, page_objects(page), GlyphData(text_page)


def words(text: str, x: float, y: float) -> str:
    return f"BT /F1 10 Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET "


@pytest.mark.parametrize("count", [0, 1, 4096, 4097, 10_000])
def test_each_call_has_its_own_results_however_many_there_are(count: int) -> None:
    written = [ctypes.c_float(number / 2) for number in range(count)]
    copy = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(
        lambda source, target: ctypes.memmove(target, source, 4) and 7
    )
    sources = [pointer(ctypes.addressof(value)) for value in written]
    returned, values = call_each(copy, [sources], np.float32, 1)
    assert returned.tolist() == [7] * count
    assert values[:, 0].tolist() == [number / 2 for number in range(count)]


def test_what_a_call_does_not_write_is_zero() -> None:
    fill = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(
        lambda value, *places: sum(bool(ctypes.memset(place, value, 4)) for place in places if value)
    )
    assert call_each(fill, [[255, 255, 255]], np.int32, 2, are_apart=True)[1].tolist() == [[-1, -1]] * 3
    returned, values = call_each(fill, [[255, 0, 255]], np.int32, 2, are_apart=True)
    assert returned.tolist() == [2, 0, 2]
    assert values.tolist() == [[-1, -1], [0, 0], [-1, -1]]


def test_boxes_are_those_of_calls_one_by_one() -> None:
    loose_box = bound("FPDFText_GetLooseCharBox", ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    data = pdf(("".join(words("Wide and (il)", 72, 60 + 12 * line) for line in range(50))).encode())
    with open_document(data) as document, open_page(document, 0) as page, open_text_page(page) as text_page:
        glyphs = GlyphData(text_page)
        address = ctypes.cast(text_page.raw, ctypes.c_void_p).value
        rectangle = (ctypes.c_float * 4)()
        for number, box in zip(glyphs.drawn.tolist(), glyphs.drawn_boxes.tolist(), strict=True):
            assert loose_box(address, number, ctypes.addressof(rectangle))
            left, top, right, bottom = rectangle
            assert box == [left, bottom, right, top]


def test_kinds_colours_and_directions_of_objects() -> None:
    upright = "BT 0 Tr /F1 10 Tf 0 1 -1 0 50 60 Tm (up) Tj ET "
    unseen = "BT 3 Tr 1 g /F1 10 Tf 1 0 0 1 50 90 Tm (scan) Tj ET "
    content = f"{words('black', 50, 50)} 0 0 9 9 re f 1 g {words('white', 50, 70)} 0 0 7 5 re S {unseen} {upright}"
    with opened(content) as (_, objects, _):
        assert (
            objects.kinds.tolist()
            == [pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH] * 2 + [pdfium.FPDF_PAGEOBJ_TEXT] * 2
        )
        assert are_light(objects.texts) == [False, True, False, True]
        assert are_level(objects.texts[:3])
        assert not are_level(objects.texts)
        assert are_opaque(objects.paths).tolist() == [True, True]
        shapes = objects.shapes
        assert (shapes.is_filled.tolist(), shapes.is_stroked.tolist()) == ([True, False], [False, True])
        assert shapes.boxes[0].tolist() == [0, 0, 9, 9]
        assert not objects.has_forms


def test_rulings_of_lines_bars_and_frames() -> None:
    with opened("10 10 80 1 re f 10 20 m 90 20 l S 10 30 40 20 re S 100 100 50 50 re f") as (_, objects, _):
        rulings = page_rulings(objects)
    assert rulings[0] == (10, 10, 90, 11)
    assert len(rulings) == 6  # The frame has four sides, and the filled square none.


@pytest.mark.parametrize("lines", [0, 20_100])
def test_a_bar_hides_words_behind_any_number_of_lines(lines: int) -> None:
    below = words("secret", 100, 600)
    drawing = "5 5 m 6 6 l S " * lines
    with opened(f"{below} {drawing} 90 595 80 20 re f {words('seen', 100, 500)}") as (page, objects, data):
        hidden = "".join(data.codes[number] for number in sorted(unseen_glyphs(page, data, objects).tolist()))
    assert hidden == "secret"


def test_words_that_are_drawn_on_a_bar_are_seen() -> None:
    content = (
        f"{words('first', 100, 700)} 0 g 90 595 80 20 re f 1 g {words('white', 100, 600)} {words('bare', 100, 500)}"
    )
    with opened(content) as (page, objects, data):
        hidden = "".join(data.codes[number] for number in sorted(unseen_glyphs(page, data, objects).tolist()))
    assert hidden == "bare"


@pytest.mark.parametrize("area", [(0, 0, 612, 792), (100, 90, 200, 150), (-50, -50, 0.5, 0.5), (600, 780, 900, 900)])
@pytest.mark.parametrize("scale", [1.0, 2.0, 1.7])
def test_a_part_of_a_page_has_the_pixels_of_the_whole(area: tuple[float, float, float, float], scale: float) -> None:
    content = f"1 0 0 rg 95 600 90 90 re f 0 g {words('Words over red', 100, 660)} 0 0 30 30 re f 590 0 20 12 re f"
    with opened(content) as (page, _, _):
        with page_image(page, scale) as (image, _):
            whole = np.array(image)
        with page_area_image(page, scale, area) as (image, taken, (left, top)):
            part = np.array(image)
    assert taken == scale
    height, width = part.shape[:2]
    assert (part == whole[top : top + height, left : left + width]).all()
    assert left <= max(0, area[0] * scale)
    assert top <= max(0, area[1] * scale)
    assert left + width >= min(whole.shape[1], area[2] * scale)
    assert top + height >= min(whole.shape[0], area[3] * scale)
