"""Sources around a span: `ui.views.source` and what it is made of."""

from __future__ import annotations

import ctypes
import html
import io
import re
import statistics
import threading
import time
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from rag.errors import LoadError, UsageError
from rag.ingestion.pipeline import ingest, remove
from rag.load import loader
from rag.load.loader import Limits
from rag.load.parse import parse
from rag.load.pdf.pdfium import PDFIUM_LOCK
from rag.load.plain_text.markdown import markdown_structure
from rag.load.sniff import sniff
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.index import Index
from rag.text import printable
from rag.types import Answer, Block, Citation
from tests.conftest import write_files
from tests.load.broken_files import pdf
from tests.processor_time import at_most
from tests.ui.payloads import PAYLOADS
from ui.service.page_reader import drawn
from ui.views.source import page_image, view_source
from ui.views.source_file import settled_hash
from ui.views.source_page import size_of
from ui.views.source_table import table
from ui.views.source_text import SIZE, heading_path, window


class Shown(HTMLParser):
    """The words of a view, those of its marks, and its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.marked, self.elements = "", [""], []
        self.attributes: list[tuple[str, str, str | None]] = []
        self._in_mark = False
        # A Markup would escape what is added to its parts.
        self.feed(str(page))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag == "mark":
            self._in_mark = True
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_mark = self._in_mark and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._in_mark:
            self.marked[-1] += data

    @property
    def marks(self) -> list[str]:
        return self.marked[1:]


def picture_of(index: Index, source_id: str, page: int, width: int = 1000) -> bytes:
    return drawn(page_image(index, source_id, page, width))


def id_of(index: Index, source: str) -> str:
    return next(record.source_id for record in index.catalog.sources() if record.source == source)


def words_of(index: Index, source: str) -> str:
    document = index.catalog.document(id_of(index, source))
    assert document is not None
    return document.text


def span_of(index: Index, source: str, words: str) -> tuple[str, int, int]:
    start = words_of(index, source).index(words)
    return id_of(index, source), start, start + len(words)


def added(index: Index, folder: Path, settings: Settings, **files: bytes | str) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    ingest(index, [folder])


# -- text --------------------------------------------------------------------------------------------------------------


def test_a_citation_is_marked_in_its_text(index: Index) -> None:
    id_, start, end = span_of(index, "bridge.md", "3 crowns")
    view = view_source(index, id_, start, end)
    shown = Shown(view.html)
    assert shown.marks == ["3 crowns"]
    assert shown.words == words_of(index, "bridge.md")
    assert (view.kind, view.source, view.title) == ("text", "bridge.md", "Lantern bridge")
    assert view.heading == ("Lantern bridge", "Toll")
    assert view.state == "current"
    assert (view.first, view.last, view.before, view.after) == (0, len(shown.words), None, None)
    assert '<span class="source-heading level-2"><span class="source-sign">##</span> Toll</span>' in view.html
    assert view.html.count('id="cited"') == 1


def test_a_source_alone_has_no_mark(index: Index) -> None:
    view = view_source(index, id_of(index, "bridge.md"))
    assert Shown(view.html).marks == []
    assert Shown(view.html).words == words_of(index, "bridge.md")


@given(
    st.text(st.one_of(st.sampled_from("# \n<&{a\u202e*_`|[]()!~-"), st.characters(codec="utf-8")), max_size=300),
    st.integers(0, 300),
    st.integers(0, 300),
    st.none() | st.integers(0, 300),
    st.booleans(),
)
def test_exactly_the_span_is_marked(text: str, start: int, length: int, at: int | None, markdown: bool) -> None:
    blocks = markdown_structure(text).blocks
    start = min(start, len(text))
    end = min(len(text), start + length)
    view = window(text, blocks, start, end, at, markdown)
    shown = Shown(view.html)
    assert shown.words == printable(text[view.first : view.last])
    marked = text[max(start, view.first) : min(end, view.last)]
    assert shown.marks == ([printable(marked)] if marked else [])
    assert set(shown.elements) <= {"div", "span", "mark"}
    if at is None:
        assert view.first <= start
        assert marked == text[start:end]


def test_the_signs_of_markdown_stand_back() -> None:
    text = (
        "# Inn\n\n> The **old inn** has `12` _good_ rooms, [see](https://example.org/inn) 2*3 snake_case.\n\n"
        "| a | b |\n|---|---|\n\n```\na ** b\n```\n"
    )
    view = window(text, markdown_structure(text).blocks, text.index("old"), text.index(" has"), markdown=True)
    signs = [html.unescape(sign) for sign in re.findall('<span class="source-sign">(.*?)</span>', view.html)]
    link = ["[", "](https://example.org/inn)"]
    assert signs == ["#", ">", "**", "**", "`", "`", "_", "_", *link, "|", "|", "|", "|---|---|"]
    assert Shown(view.html).marks == ["old inn**"]
    assert "source-sign" not in window(text, markdown_structure(text).blocks, 0, 0).html


@pytest.mark.parametrize("text", ["[" * 50_000, "*_`|" * 20_000, "](" * 20_000, "```\n" * 10_000])
def test_signs_alone_are_found_in_a_moment(text: str) -> None:
    with at_most(2):
        assert Shown(window(text, (), 0, 5, markdown=True).html).marks == [text[:5]]


def test_windows_of_a_long_text_follow_each_other_without_a_gap() -> None:
    text = "\n".join(f"Line {n} of a long story." + " More." * (n % 40) for n in range(4000))
    start = text.index("Line 2000 of")
    middle = window(text, (), start, start + 9)
    assert middle.last - middle.first <= SIZE
    assert middle.first < start - 2000
    assert middle.last > start + 2000
    assert text[middle.first - 1] == "\n"
    assert Shown(middle.html).marks == ["Line 2000"]
    pieces, at = "", middle.after
    while at is not None:
        part = window(text, (), start, start + 9, at)
        assert part.first == at
        assert Shown(part.html).marks == []
        pieces += text[part.first : part.last]
        at = part.after
    assert text[: middle.last] + pieces == text
    covered, at = middle.first, middle.before
    while at is not None:
        part = window(text, (), start, start + 9, at)
        assert part.last >= covered, "a gap on the way back"
        assert part.first < covered
        covered, at = part.first, part.before
    assert covered == 0


@pytest.mark.parametrize("text", ["x" * 100_000, "x " * 50_000, "\n" * 100_000, "桥" * 100_000])
def test_no_text_is_shown_whole_that_is_too_long(text: str) -> None:
    view = window(text, (Block(0, len(text), "paragraph"),), 50_000, 90_000)
    assert view.last - view.first <= 20_000
    assert view.first <= 50_000 < view.last
    at: int | None = 0
    seen = 0
    while at is not None:
        part = window(text, (), 0, 0, at)
        assert part.last > part.first == seen
        seen, at = part.last, part.after
    assert seen == len(text)


def test_heading_paths() -> None:
    text = "# One\n\na\n\n## Two\n\nb\n\n### Three\n\nc\n\n## Four ##\n\nd\n\n# Five\n\ne"
    blocks = markdown_structure(text).blocks
    paths = {words: heading_path(text, blocks, text.index(f"\n{words}") + 1) for words in "abcde"}
    assert paths == {
        "a": ("One",),
        "b": ("One", "Two"),
        "c": ("One", "Two", "Three"),
        "d": ("One", "Four"),
        "e": ("Five",),
    }
    assert heading_path(text, blocks, 0) == ()


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


ELEMENTS = {"div", "span", "mark", "table", "thead", "tbody", "tr", "th", "td", "caption"}
LIVE = ("{{", "{%", "${", "`", "<script", "<img", "<svg", "\u202e")


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("name", ["a.md", "a.csv", "a.txt"])
def test_words_stay_words(payload: str, name: str) -> None:
    payload = payload.replace("\0", "")  # with it, the file is none of text
    cell = '"' + payload.replace('"', '""') + '"'
    data = f"name,value\nlamp,{cell}\n{cell},3\nrow,4\n" if name.endswith("csv") else f"# {payload}\n\n{payload}\n"
    document = parse(data.encode(), name, sniff(data.encode(), name), Limits())
    text, blocks = document.text, document.blocks
    markdown = name.endswith("md")
    view = table(text, blocks, 0, len(text)) or window(text, blocks, 0, len(text), markdown=markdown)
    assert name != "a.csv" or "<table" in view.html
    shown = Shown(view.html)
    assert set(shown.elements) <= ELEMENTS
    assert {attribute for _, attribute, _ in shown.attributes} <= {"class", "id", "scope"}
    assert {value for _, attribute, value in shown.attributes if attribute == "id"} == {"cited"}
    for live in LIVE:
        assert live not in view.html


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


# -- tables ------------------------------------------------------------------------------------------------------------

PRICES = "Item,Price,Note\nLamp,3,small\nRope,12,\nOil,7,a; b: c\nBread,1,fresh\n"


def rows_of(page: str) -> list[list[str]]:
    cells = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.S)
    strip = re.compile(r"</?mark[^>]*>")
    return [
        [html.unescape(strip.sub("", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in cells
    ]


def test_a_cited_row_is_shown_in_its_table(index: Index, tmp_path: Path, settings: Settings) -> None:
    added(index, tmp_path / "more", settings, prices_csv=PRICES)
    id_, start, end = span_of(index, "prices.csv", "Item: Oil; Price: 7; Note: a; b: c")
    view = view_source(index, id_, start, end)
    assert view.kind == "table"
    assert rows_of(view.html) == [
        ["Item", "Price", "Note"],
        ["Lamp", "3", "small"],
        ["Rope", "12", ""],
        ["Oil", "7", "a; b: c"],
        ["Bread", "1", "fresh"],
    ]
    assert Shown(view.html).marks == ["Oil", "7", "a; b: c"]
    assert view.html.count('<tr class="cited">') == 1
    assert view.html.count('<td class="cited">') == 3
    assert view.html.count('id="cited"') == 1


def test_a_cited_cell_is_marked_alone(index: Index, tmp_path: Path, settings: Settings) -> None:
    added(index, tmp_path / "more", settings, prices_csv=PRICES)
    text = words_of(index, "prices.csv")
    start = text.index("12")
    view = view_source(index, id_of(index, "prices.csv"), start, start + 2)
    assert Shown(view.html).marks == ["12"]
    assert view.html.count('class="cited"') == 2, "the row and the cell"
    name = text.index("Price")
    only_name = view_source(index, id_of(index, "prices.csv"), name, name + 5)
    assert '<tr id="cited" class="cited">' in only_name.html
    assert Shown(only_name.html).marks == []


def test_a_workbook_has_its_sheets(index: Index, tmp_path: Path, settings: Settings) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Prices"
    for row in (("Item", "Price"), ("Lamp", 3), ("Rope", 12)):
        first.append(row)
    second = book.create_sheet("Staff <b>")
    for row in (("Name", "Hours"), ("Maren", 40), ("Ole", 20)):
        second.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    added(index, tmp_path / "more", settings, book_xlsx=buffer.getvalue())
    id_, start, end = span_of(index, "book.xlsx", "Ole")
    view = view_source(index, id_, start, end)
    assert view.heading == ("Staff <b>",)
    assert rows_of(view.html) == [["Name", "Hours"], ["Maren", "40"], ["Ole", "20"]]
    assert "<caption>Staff &lt;b&gt;</caption>" in view.html
    assert Shown(view.html).marks == ["Ole"]
    opened = view_source(index, id_)
    assert (opened.kind, rows_of(opened.html)[0]) == ("table", ["Item", "Price"])
    assert opened.after is not None
    following = view_source(index, id_, at=opened.after)
    assert rows_of(following.html)[0] == ["Name", "Hours"]
    assert following.before is not None
    assert rows_of(view_source(index, id_, at=following.before).html)[0] == ["Item", "Price"]
    heading = view_source(index, *span_of(index, "book.xlsx", "Staff <b>"))
    assert (heading.kind, Shown(heading.html).marks) == ("text", ["Staff <b>"])


def test_a_long_table_is_paged(index: Index, tmp_path: Path, settings: Settings) -> None:
    rows = "\n".join(f"lamp{n},{n},ok" for n in range(500))
    added(index, tmp_path / "more", settings, long_csv=f"Name,Number,State\n{rows}\n")
    id_, start, end = span_of(index, "long.csv", "lamp250")
    view = view_source(index, id_, start, end)
    shown = rows_of(view.html)
    assert 10 < len(shown) <= 41
    assert ["lamp243", "243", "ok"] in shown
    assert ["lamp250", "250", "ok"] in shown
    seen: list[str] = []
    at: int | None = 0
    while at is not None:
        part = view_source(index, id_, at=at)
        seen += [row[0] for row in rows_of(part.html)[1:]]
        at = part.after
    assert seen == [f"lamp{n}" for n in range(500)]
    back, at = view, view.before
    while at is not None:
        part = view_source(index, id_, at=at)
        assert part.last >= back.first - 1
        back, at = part, part.before
    assert rows_of(back.html)[1] == ["lamp0", "0", "ok"]


cells = st.text(st.sampled_from("ab:; ,"), max_size=6)


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6), st.integers(0, 80), st.integers(1, 30)
)
def test_every_word_of_a_table_stands_in_a_cell(rows: list[list[str]], start: int, length: int) -> None:
    """Whatever semicolons and colons the values hold: nothing is lost, and only what is cited is marked."""
    from rag.load.builder import Builder
    from rag.load.tables import add_table, text_rows

    builder = Builder()
    add_table(builder, text_rows([["One", "Two", "Three"], *rows]), names=1)
    text, blocks = builder.text, tuple(builder.blocks)
    start = min(start, len(text))
    end = min(len(text), start + length)
    view = table(text, blocks, start, end)
    if view is None:
        return
    shown = [cell for row in rows_of(view.html) for cell in row]
    letters = [re.sub(r"[^ab]", "", value) for value in text[view.first : view.last].split("; ")]
    assert "".join(re.sub(r"[^ab]", "", cell) for cell in shown).count("a") >= "".join(letters).count("a")
    marked = "".join(Shown(view.html).marks)
    cited_words = text[start:end]
    assert all(mark in cited_words for mark in Shown(view.html).marks)
    assert len(marked) <= len(cited_words)


def test_a_very_wide_table_and_a_very_long_cell(index: Index, tmp_path: Path, settings: Settings) -> None:
    names = [f"column{n}" for n in range(900)]
    wide = "\n".join([",".join(names), *(",".join(f"v{row}x{n}" for n in range(900)) for row in range(24))])
    long = "Name,Text\nlamp," + "word " * 20_000 + "\nrope,short\n"
    added(index, tmp_path / "more", settings, wide_csv=wide, long_csv=long)
    span = span_of(index, "wide.csv", "v20x450;")
    with at_most(2):
        view = view_source(index, *span)
    assert view.kind == "table"
    assert Shown(view.html).marks == ["v20x450"]
    assert len(view.html) < 400_000
    cell = view_source(index, *span_of(index, "long.csv", "lamp"))
    assert Shown(cell.html).marks == ["lamp"]
    assert cell.last - cell.first <= 40_000


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
    assert Shown(turned.html).words.startswith("The ferry")
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
