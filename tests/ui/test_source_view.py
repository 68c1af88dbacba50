"""Sources around a span: `ui.views.source` and what it is made of."""

from __future__ import annotations

import ctypes
import io
import statistics
import threading
import time
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from rag.errors import LoadError, UsageError
from rag.ingestion.pipeline import ingest, remove
from rag.load import loader
from rag.load.pdf.pdfium import PDFIUM_LOCK
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.index import Index
from rag.types import Answer, Citation
from tests.conftest import write_files
from tests.load.broken_files import pdf
from tests.ui.shown import Shown, added, id_of, span_of, words_of
from ui.service.page_reader import drawn
from ui.views.source import page_image, view_source
from ui.views.source_file import settled_hash
from ui.views.source_page import size_of


def picture_of(index: Index, source_id: str, page: int, width: int = 1000) -> bytes:
    return drawn(page_image(index, source_id, page, width))


# -- what is asked ----------------------------------------------------------------------------------------------------


def test_ids_and_numbers_are_checked(index: Index) -> None:
    good = id_of(index, "bridge.md")
    for id_ in ("", "x", "bridge.md", "/etc/passwd", "../catalog.sqlite", "\ud800", "a" * 100_000):
        with pytest.raises(UsageError, match="no longer in the index"):
            view_source(index, id_, 0, 1)
        with pytest.raises(UsageError, match="no such PDF"):
            picture_of(index, id_, 1)
    for start, end in ((-1, 5), (5, 2), (0, 10**9)):
        with pytest.raises(UsageError, match="There is no place"):
            view_source(index, good, start, end)
    with pytest.raises(UsageError, match="no such PDF"):
        picture_of(index, good, 1)
    assert view_source(index, good, 0, 1, source="../../etc/passwd").source == "bridge.md"
    assert Shown(view_source(index, good, 0, 1, at=10**9).html).words == ""


def test_hostile_names_titles_and_headings(index: Index, library: Path, settings: Settings) -> None:
    """They are handed on as they are: only ``html`` is HTML."""
    name = "<img src=x onerror=alert(1)> {{7*7}}.md"
    write_files(library, {name: "# <b>Title</b>\n\nThe lamp.\n"})
    ingest(index, [library])
    view = view_source(index, *span_of(index, name, "lamp"))
    assert (view.source, view.heading) == (name, ("<b>Title</b>",))
    assert "<b>" not in view.html


# -- sources that have changed -----------------------------------------------------------------------------------------


def cited(index: Index, source: str, words: str) -> Citation:
    id_, start, end = span_of(index, source, words)
    history = History(index.folder)
    citation = Citation(1, source, id_, "Its title then", start, end, words)
    history.save("anna", history.begin("anna").id, Answer("Q", "Q", citations=(citation,)))
    return citation


def test_an_old_citation_opens_the_text_that_was_cited(index: Index, library: Path, settings: Settings) -> None:
    citation = cited(index, "bridge.md", "412 metres")
    write_files(library, {"bridge.md": "# Bridge\n\nIt is 500 metres long.\n"})
    ingest(index, [library])
    view = view_source(index, citation.source_id, citation.start, citation.end)
    assert Shown(view.html).marks == ["412 metres"]
    assert view.state == "changed"
    assert (view.source, view.title) == ("bridge.md", "Its title then")
    assert view_source(index, id_of(index, "bridge.md")).state == "current"


def test_a_removed_source_still_opens(index: Index) -> None:
    citation = cited(index, "weather.txt", "two windows")
    remove(index, ["weather.txt"])
    view = view_source(index, citation.source_id, citation.start, citation.end)
    assert Shown(view.html).marks == ["two windows"]
    assert view.state == "removed"


def test_of_two_sources_with_the_same_words_the_cited_one_is_named(
    index: Index, library: Path, settings: Settings
) -> None:
    write_files(library, {"copy.txt": "In a storm nobody crosses. The storm of 1952 broke two windows.\n"})
    ingest(index, [library])
    id_ = id_of(index, "copy.txt")
    assert id_ == id_of(index, "weather.txt")
    assert view_source(index, id_).source == "copy.txt"
    assert view_source(index, id_, source="weather.txt").source == "weather.txt"
    citation = cited(index, "weather.txt", "two windows")
    write_files(library, {"weather.txt": "Fair.\n"})
    ingest(index, [library])
    assert view_source(index, id_, source="weather.txt").state == "changed"
    assert view_source(index, citation.source_id, source="copy.txt").state == "current"


# -- pages of a PDF ----------------------------------------------------------------------------------------------------


LINES = (
    b"BT /F1 20 Tf 1 0 0 1 150 400 Tm (The toll of the bridge) Tj 1 0 0 1 150 300 Tm (is three crowns) Tj ET",
    b"BT /F1 20 Tf 1 0 0 1 150 400 Tm (The ferry leaves early) Tj ET",
)


def report(turn: int = 0, crop: bytes = b"") -> bytes:
    """A PDF of two pages."""
    with PDFIUM_LOCK:
        whole = pypdfium2.PdfDocument.new()
        for lines in LINES:
            part = pypdfium2.PdfDocument(pdf(lines, b"/MediaBox[0 0 500 600]/Rotate %d" % turn + crop))
            whole.import_pages(part)
            part.close()
        buffer = io.BytesIO()
        whole.save(buffer)
        whole.close()
    return buffer.getvalue()


def box_of_word(data: bytes, page_number: int, word: str) -> tuple[float, float, float, float]:
    """Where a word stands on the page as it is displayed, in percent, by PDFium's own text layer and transformation."""
    with PDFIUM_LOCK:
        document = pypdfium2.PdfDocument(data)
        page = document[page_number - 1]
        text_page = page.get_textpage()
        searcher = text_page.search(word)
        first, count = searcher.get_next()
        corners: list[tuple[float, float]] = []
        for number in range(first, first + count):
            left, bottom, right, top = text_page.get_charbox(number)
            for x, y in ((left, bottom), (right, top)):
                across, down = ctypes.c_int(), ctypes.c_int()
                pdfium.FPDF_PageToDevice(page, 0, 0, 100_000, 100_000, 0, x, y, across, down)
                corners.append((across.value / 1000, down.value / 1000))
        for thing in (searcher, text_page, page, document):
            thing.close()
    across_, down_ = [x for x, _ in corners], [y for _, y in corners]
    return min(across_), min(down_), max(across_), max(down_)


@pytest.fixture
def reports(index: Index, tmp_path: Path, settings: Settings) -> Index:
    added(index, tmp_path / "more", settings, report_pdf=report())
    return index


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [b"", b"/CropBox[100 200 450 500]"])
@pytest.mark.parametrize("word", ["toll", "three crowns"])
def test_boxes_lie_on_the_words(
    index: Index, tmp_path: Path, settings: Settings, turn: int, crop: bytes, word: str
) -> None:
    data = report(turn, crop)
    added(index, tmp_path / "more", settings, report_pdf=data)
    id_, start, end = span_of(index, "report.pdf", word)
    view = view_source(index, id_, start, end)
    assert (view.kind, view.page, view.pages) == ("pdf", 1, 2)
    sides = (350, 300) if crop else (500, 600)
    width, height = sides if turn % 180 == 0 else sides[::-1]
    assert view.sizes == ((width, height, 2),)
    assert size_of(view.sizes, 2) == (width, height)
    assert size_of(view.sizes, 3) is None
    (box,) = view.boxes
    assert box.page == 1
    x0, y0, x1, y1 = box_of_word(data, 1, word)
    # The box holds the ink of the word and is not much larger than it: fonts leave some air above and below.
    line = 100 * 20 / height, 100 * 20 / width
    assert box.left - 0.5 <= x0
    assert box.top - 0.5 <= y0
    assert x1 <= box.left + box.width + 0.5
    assert y1 <= box.top + box.height + 0.5
    assert box.width - (x1 - x0) < 1.2 * line[1]
    assert box.height - (y1 - y0) < 1.2 * line[0]
    shown = Image.open(io.BytesIO(picture_of(index, view.source_id, 1, 1000))).convert("L")
    assert shown.width == pytest.approx(1000, abs=2)
    inside = shown.crop(
        (
            round(shown.width * box.left / 100),
            round(shown.height * box.top / 100),
            round(shown.width * (box.left + box.width) / 100),
            round(shown.height * (box.top + box.height) / 100),
        )
    )
    assert inside.getextrema()[0] < 100, "there is ink in the box"


def test_pages_are_turned_by_number(reports: Index) -> None:
    id_, start, end = span_of(reports, "report.pdf", "ferry")
    view = view_source(reports, id_, start, end)
    assert (view.page, [box.page for box in view.boxes]) == (2, [2])
    before = view_source(reports, id_, start, end, page=1)
    assert (before.page, before.boxes) == (1, view.boxes)
    assert picture_of(reports, id_, 1) != picture_of(reports, id_, 2)
    for page in (0, 3, -1):
        with pytest.raises(UsageError, match="There is no page"):
            view_source(reports, id_, start, end, page=page)
        with pytest.raises(UsageError, match="There is no page"):
            picture_of(reports, id_, page)
    assert view.pages == 2


def test_a_span_over_two_pages_has_boxes_on_each(reports: Index) -> None:
    text = words_of(reports, "report.pdf")
    start, end = text.index("three"), text.index("ferry") + 5
    id_ = id_of(reports, "report.pdf")
    assert [box.page for box in view_source(reports, id_, start, end).boxes] == [1, 2]


def test_a_span_of_two_lines_has_two_boxes(reports: Index) -> None:
    text = words_of(reports, "report.pdf")
    first, second = view_source(reports, id_of(reports, "report.pdf"), 0, text.index("crowns") + 6).boxes
    assert first.top < second.top


@pytest.mark.parametrize(("asked", "width"), [(-5, 100), (0, 100), (730, 800), (10**9, 3000)])
def test_pictures_have_bounded_sizes(reports: Index, asked: int, width: int) -> None:
    picture = Image.open(io.BytesIO(picture_of(reports, id_of(reports, "report.pdf"), 1, asked)))
    assert picture.width == pytest.approx(width, abs=2)


def test_no_page_is_shown_of_a_file_that_changed(reports: Index, tmp_path: Path) -> None:
    id_, start, end = span_of(reports, "report.pdf", "toll")
    assert picture_of(reports, id_, 1)
    path = tmp_path / "more" / "report.pdf"
    path.write_bytes(report(turn=90))
    view = view_source(reports, id_, start, end)
    assert (view.kind, view.state, view.page) == ("text", "no page", 1)
    assert Shown(view.html).marks == ["toll"]
    turned = view_source(reports, id_, start, end, page=2)
    assert turned.page == 2
    assert "The ferry" in Shown(turned.html).words
    with pytest.raises(LoadError, match="has changed"):
        picture_of(reports, id_, 1)
    path.unlink()
    assert view_source(reports, id_, start, end).kind == "text"
    with pytest.raises(LoadError, match="gone"):
        picture_of(reports, id_, 1)


def test_an_old_version_of_a_pdf_is_shown_as_text(reports: Index, tmp_path: Path, settings: Settings) -> None:
    citation = cited(reports, "report.pdf", "toll")
    added(reports, tmp_path / "more", settings, report_pdf=pdf(LINES[1]))
    view = view_source(reports, citation.source_id, citation.start, citation.end)
    assert (view.kind, view.state, Shown(view.html).marks) == ("text", "changed", ["toll"])
    with pytest.raises(LoadError, match="has changed"):
        picture_of(reports, citation.source_id, 1)


def test_a_settled_file_is_not_read_again(reports: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time stamps tell that it is the same; one that was just written is read each time."""
    path = tmp_path / "more" / "report.pdf"
    id_ = id_of(reports, "report.pdf")
    settled_hash.cache_clear()
    path.write_bytes(path.read_bytes())
    monkeypatch.setattr(loader, "_SETTLED_NS", 10**12)  # a quarter of an hour: what was just written stays new
    view_source(reports, id_)
    assert settled_hash.cache_info().currsize == 0
    monkeypatch.setattr(loader, "_SETTLED_NS", 0)
    for _ in range(3):
        assert view_source(reports, id_).kind == "pdf"
    assert settled_hash.cache_info().misses == 1


def test_pages_are_asked_for_from_many_threads(reports: Index) -> None:
    id_, start, end = span_of(reports, "report.pdf", "ferry")
    failed: list[Exception] = []

    def look(number: int) -> None:
        try:
            for width in range(100, 1000, 100):
                assert view_source(reports, id_, start, end).boxes
                assert picture_of(reports, id_, 1 + number % 2, width).startswith(b"\x89PNG")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=look, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_citation_opens_quickly(index: Index, tmp_path: Path, settings: Settings) -> None:
    """In a text of a megabyte, a table of 20,000 rows and a PDF."""
    long = "\n\n".join(f"Paragraph {n} tells of the lamp." for n in range(30_000))
    rows = "Name,Number\n" + "\n".join(f"lamp{n},{n}" for n in range(20_000))
    folder = tmp_path / "more"
    write_files(folder, {"long.txt": long, "rows.csv": rows})
    (folder / "report.pdf").write_bytes(report())
    published(index, folder, settings)
    spans = [
        span_of(index, "long.txt", "Paragraph 29000"),
        span_of(index, "rows.csv", "lamp19000"),
        span_of(index, "report.pdf", "toll"),
    ]
    times: list[float] = []
    for _ in range(25):
        for id_, start, end in spans:
            started = time.thread_time()
            view_source(index, id_, start, end)
            times.append(time.thread_time() - started)
    assert statistics.median(times) < 0.3


def published(index: Index, folder: Path, settings: Settings) -> None:
    """Make files visible without embedding them."""
    from rag.ingestion.pipeline import content_hash, read_limits
    from rag.load.loader import Loader
    from rag.store.catalog import NewVersion, SourceRecord

    with Loader(read_limits(settings)) as loader:
        for path in sorted(folder.iterdir()):
            loaded = loader.load(path, path.name)
            record = SourceRecord(
                path.name,
                str(folder),
                str(path),
                "",
                loaded.file_hash,
                "",
                content_hash(loaded.document),
                loaded.document.title,
                "",
                False,
            )
            index.catalog.publish([NewVersion(record, loaded.document, [], [])])
