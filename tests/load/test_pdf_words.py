"""The words of a page, placed over its picture."""

from __future__ import annotations

import pytest

from rag.load.limits import Limits
from rag.load.parse import parse
from rag.load.pdf.boxes import span_boxes
from rag.load.pdf.pdfium import open_document
from rag.load.pdf.words import PageWords, page_words
from tests.load.broken_files import pdf

LINE = b"BT /F1 20 Tf 1 0 0 1 150 400 Tm (The toll of the bridge) Tj ET"


def words_of(data: bytes) -> PageWords:
    with open_document(data) as document:
        return page_words(document, 0)


@pytest.mark.parametrize(("rotate", "turn"), [(0, 0), (90, 90), (180, 180), (270, 270)])
@pytest.mark.parametrize("crop", [b"", b"/CropBox[100 200 450 500]"])
def test_a_line_lies_where_it_is_drawn_and_turned(rotate: int, turn: int, crop: bytes) -> None:
    data = pdf(LINE, b"/MediaBox[0 0 500 600]/Rotate %d" % rotate + crop)
    (run,) = words_of(data).runs
    assert (run.text, run.start, run.turn, run.ends_block) == ("The toll of the bridge ", 0, turn, True)
    ((_, x0, y0, x1, y1),) = span_boxes(data, (0,), 0, len("The toll of the bridge"))
    # The box of a citation also holds the ink that its font draws outside of what it declares.
    assert (run.left, run.top, run.right, run.bottom) == pytest.approx((x0, y0, x1, y1), abs=2)


def test_words_that_run_up_the_side_are_turned_alone() -> None:
    content = b"BT /F1 20 Tf 1 0 0 1 150 400 Tm (Level words) Tj 0 1 -1 0 100 100 Tm (climbing words) Tj ET"
    turns = {run.text.strip(): run.turn for run in words_of(pdf(content)).runs}
    assert turns == {"Level words": 0, "climbing words": 270}


def test_cells_are_runs_of_their_own_and_names_stand_above_them() -> None:
    rows = [("Vessel", "Fee"), ("Rowing boat", "2"), ("Grain barge", "71"), ("Ferry", "9")]
    cells = " ".join(
        f"1 0 0 1 {80 + 220 * column} {700 - 22 * row} Tm ({cell}) Tj"
        for row, line in enumerate(rows)
        for column, cell in enumerate(line)
    )
    lines = " ".join(f"60 {716 - 22 * row} m 400 {716 - 22 * row} l S" for row in range(5))
    data = pdf(f"BT /F1 12 Tf {cells} ET {lines}".encode())
    words = words_of(data)
    document = parse(data, "a.pdf", "pdf", Limits())
    shown = [run.text.strip() for run in words.runs]
    assert sorted(shown) == sorted(cell for row in rows for cell in row)
    assert [run.text.strip() for run in words.runs if run.start < 0] == ["Vessel", "Fee"]
    assert shown[:2] == ["Vessel", "Fee"], "they are read before the cells"
    for run in words.runs:
        if run.start >= 0:
            assert document.text[run.start :].startswith(run.text.strip()), "the offset is that of the canonical text"


def test_a_word_broken_over_two_lines_goes_on_without_a_blank() -> None:
    content = (
        b"BT /F1 12 Tf 14 TL 72 700 Td (The keeper of the lantern counts the passing ves-) Tj T* "
        b"(sels of the harbour every day and every night.) Tj ET"
    )
    first, second = words_of(pdf(content)).runs
    assert first.text + second.text == (
        "The keeper of the lantern counts the passing vessels of the harbour every day and every night. "
    )
    assert (first.ends_block, second.ends_block) == (False, True)
    assert second.top > first.top


def test_words_drawn_invisibly_over_a_scan_are_placed() -> None:
    (run,) = words_of(pdf(b"BT 3 Tr /F1 20 Tf 72 700 Td (Read by a scanner long ago) Tj ET")).runs
    assert run.text.strip() == "Read by a scanner long ago"


def test_a_page_without_words_has_no_runs() -> None:
    assert words_of(pdf(b"0 0 100 100 re f")) == PageWords("", ())
