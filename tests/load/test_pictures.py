"""Pictures: their letters are made legible, their words recognised, and what cannot be read is said to be so."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from rag.errors import LoadError, SkipFile
from rag.load import recognition
from rag.load.limits import Limits
from rag.load.loader import Loader
from rag.load.pictures.letters import has_ink, legible
from rag.load.recognition import tesseract
from rag.load.recognition.lines import Line
from rag.load.recognition.paragraphs import join_lines
from rag.load.recognition.tesseract import languages, lines_of_words
from rag.load.sniff import sniff
from rag.types import Document
from tests.reading.expectations import FILES

NOTICE = FILES / "images/notice.png"
needs_tesseract = pytest.mark.skipif(
    not recognition.is_available(), reason="tesseract and the ocr extra are not installed"
)


@pytest.fixture(scope="module")
def loader() -> Iterator[Loader]:
    with Loader(Limits()) as loader:
        yield loader


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def read(loader: Loader, tmp_path: Path, data: bytes, name: str) -> Document:
    (tmp_path / name).write_bytes(data)
    return loader.load(tmp_path / name, name).document


def table(*words: tuple[str, int, tuple[int, int, int], int, int]) -> dict[str, list[Any]]:
    """Tesseract's table of words, each given as text, confidence, (block, paragraph, line), left and width."""
    return {
        "text": [word[0] for word in words],
        "conf": [word[1] for word in words],
        "block_num": [word[2][0] for word in words],
        "par_num": [word[2][1] for word in words],
        "line_num": [word[2][2] for word in words],
        "left": [word[3] for word in words],
        "width": [word[4] for word in words],
    }


def test_lines_are_made_of_words_without_specks() -> None:
    found = table(
        ("", -1, (1, 1, 0), 0, 100),
        ("Boat", 96, (1, 1, 1), 10, 40),
        ("hire", 91, (1, 1, 1), 60, 30),
        ("|", 12, (1, 1, 1), 95, 2),
        ("馆", 90, (1, 1, 2), 10, 10),
        ("长", 90, (1, 1, 2), 20, 10),
    )
    assert lines_of_words(found) == [Line("Boat hire", 10, 90, (1, 1)), Line("馆长", 10, 30, (1, 1))]


def test_a_photo_of_no_words_has_none() -> None:
    assert lines_of_words(table(("~", 95, (1, 1, 1), 0, 9), ("ae", 41, (1, 1, 2), 0, 9))) == []


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        ([("The weir is closed to", 200), ("boats.", 60), ("Ask the keeper.", 120)],
         ["The weir is closed to boats.", "Ask the keeper."]),
        ([("1. Open the flue.", 190), ("2. Lay kindling.", 200)], ["1. Open the flue.", "2. Lay kindling."]),
        ([("Bread: 4.20", 190), ("Cake: 3.50", 200)], ["Bread: 4.20", "Cake: 3.50"]),
        ([("Note: the boats are let in sum-", 200), ("mer only", 90)], ["Note: the boats are let in summer only"]),
        ([("博物馆星期二到", 200), ("星期日开放", 140)], ["博物馆星期二到星期日开放"]),
    ],
)  # fmt: skip
def test_a_full_line_goes_on_in_the_next(lines: list[tuple[str, int]], paragraphs: list[str]) -> None:
    assert list(join_lines([Line(text, 0, right, (1, 1)) for text, right in lines])) == paragraphs


words = st.text("ab-:1.漢 ", min_size=1, max_size=9).map(str.strip).filter(bool)


@given(st.lists(st.builds(Line, words, st.integers(0, 9), st.integers(10, 99), st.tuples(st.integers(1, 2),
       st.integers(1, 2))), max_size=12))  # fmt: skip
def test_no_letter_is_lost(lines: list[Line]) -> None:
    def letters(text: str) -> str:
        return "".join(text.split()).replace("-", "")

    assert letters("".join(join_lines(lines))) == letters("".join(line.text for line in lines))


@pytest.mark.parametrize(
    ("mode", "paper", "ink"),
    [
        ("L", 20, 240),
        ("RGB", (250, 250, 250), (10, 10, 10)),
        ("RGBA", (0, 0, 0, 0), (0, 0, 0, 255)),
        ("RGBA", (0, 0, 0, 0), (255, 255, 255, 255)),
    ],
)
def test_letters_are_made_dark_on_light(mode: str, paper: Any, ink: Any) -> None:
    image = Image.new(mode, (40, 30), paper)
    ImageDraw.Draw(image).rectangle((5, 5, 9, 9), fill=ink)
    grey = legible(image)
    assert grey.size == (80, 60)
    assert grey.getpixel((14, 14)) < 60
    assert grey.getpixel((60, 40)) > 200
    assert has_ink(grey)


def test_a_blank_picture_has_no_ink() -> None:
    assert not has_ink(legible(Image.new("RGB", (40, 30), "white")))


def test_a_turned_photo_is_turned_back() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.open(io.BytesIO(saved(Image.new("L", (40, 30), 255), "JPEG", exif=exif)))
    assert legible(image).size == (60, 80)


def test_without_tesseract_a_picture_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loader: Loader
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(SkipFile, match="a PNG picture; install the ocr extra and tesseract to read its words"):
        loader.load(NOTICE, NOTICE.name)
    with pytest.raises(SkipFile, match="a JPEG picture; install"):
        read(loader, tmp_path, saved(Image.new("L", (9, 9)), "JPEG"), "a.pdf")


def test_recognition_can_be_switched_off() -> None:
    with pytest.raises(SkipFile, match="a PNG picture; only text can be indexed"):
        sniff(NOTICE.read_bytes(), NOTICE.name, Limits(ocr_languages="none"))


@needs_tesseract
def test_languages_are_those_installed() -> None:
    assert "eng" in languages().split("+")
    assert languages("eng, xxx") == "eng"
    assert languages("xxx") == languages("")
    assert not {"osd", "equ"} & set(languages().split("+"))


@needs_tesseract
def test_pages_of_a_tiff_are_pages(loader: Loader) -> None:
    document = loader.load(FILES / "images/weir.tiff", "weir.tiff").document
    assert document.media_type == "image/tiff"
    assert [document.text[start : start + 6] for start in document.pages] == ["The we", "The re", "Signed", "Signed"]


@needs_tesseract
def test_a_page_in_which_nothing_is_recognised_is_named(loader: Loader, tmp_path: Path) -> None:
    first = Image.open(NOTICE).convert("L")
    drawing = Image.new("L", first.size, 255)
    ImageDraw.Draw(drawing).ellipse((200, 100, 500, 300), fill=90)
    document = read(loader, tmp_path, saved(first, "TIFF", save_all=True, append_images=[drawing]), "a.tif")
    assert [str(warning) for warning in document.warnings] == [
        "a picture, read by character recognition: letters may be wrong",
        "no words are recognised on page 2: it is not read",
    ]
    with pytest.raises(SkipFile, match="no words are recognised"):
        read(loader, tmp_path, saved(drawing, "PNG"), "b.png")


@needs_tesseract
def test_a_picture_of_too_many_pixels_is_not_unpacked(loader: Loader, tmp_path: Path) -> None:
    bomb = saved(Image.new("1", (20_000, 20_000)), "PNG")
    assert len(bomb) < 200_000
    with pytest.raises(SkipFile, match="more than 120 megapixels"):
        read(loader, tmp_path, bomb, "bomb.png")
    pages = saved(Image.new("1", (9, 9)), "TIFF", save_all=True, append_images=[Image.new("1", (9, 9))] * 3)
    with Loader(Limits(max_pages=3)) as strict, pytest.raises(SkipFile, match="more than 3 pages"):
        read(strict, tmp_path, pages, "many.tif")


@needs_tesseract
@pytest.mark.parametrize("keep", [12, 100, 3000])
def test_a_damaged_picture_is_said_to_be_damaged(loader: Loader, tmp_path: Path, keep: int) -> None:
    with pytest.raises(LoadError, match="cannot be read as a picture"):
        read(loader, tmp_path, NOTICE.read_bytes()[:keep], "a.png")


@pytest.mark.skipif(not recognition.is_available(), reason="tesseract is not installed")
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pictures_are_read_upright(turn: int) -> None:
    picture = Image.new("L", (900, 300), 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=34)
    draw.text((40, 60), "The rent is 850 crowns a month.", font=font, fill=0)
    draw.text((40, 150), "The contract lasts four years.", font=font, fill=0)
    words = " ".join(recognition.recognise(picture.rotate(turn, expand=True), "eng"))
    assert words == "The rent is 850 crowns a month. The contract lasts four years."


def test_words_that_are_not_sure_are_gibberish() -> None:
    found = {"text": ["UYAUOUI", "C8", "OGS"], "conf": [35, 62, 31]}
    assert tesseract._confidence(found) < tesseract._LEGIBLE
    assert tesseract._confidence({"text": ["", "rent"], "conf": [-1, 96]}) == 96
