"""A PDF in the source panel, in a real browser: reading, finding, selecting and turning its pages as a person would."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest

from rag.ingestion.pipeline import ingest
from rag.load.pdf.pdfium import PDFIUM_LOCK
from tests.load.broken_files import pdf
from tests.load.hostile_pdfs import glassy_pdf
from tests.shared_browser import chromium
from tests.ui.conftest import NewTab
from tests.ui.served import Served, Tab, serving, wait_until

pytestmark = pytest.mark.browser

STEPS = "The lighthouse has 199 steps."
LAMP = "The lamp was lit in 1871."


def book(pages: int) -> bytes:
    """A PDF whose page 17 tells of the lighthouse and whose page 18 tells of its lamp."""
    with PDFIUM_LOCK:
        whole = pypdfium2.PdfDocument.new()
        for number in range(1, pages + 1):
            words = {17: STEPS, 18: LAMP}.get(number, f"The keeper wrote line {number}.")
            content = (
                f"BT /F1 22 Tf 1 0 0 1 60 720 Tm (Chapter {number}) Tj "
                f"/F1 12 Tf 1 0 0 1 60 400 Tm ({words}) Tj 1 0 0 1 60 380 Tm (Granite and gr\\374n moss.) Tj ET"
            )
            part = pypdfium2.PdfDocument(pdf(content.encode("latin-1"), b"/MediaBox[0 0 500 800]"))
            whole.import_pages(part)
            part.close()
        buffer = io.BytesIO()
        whole.save(buffer)
        whole.close()
    return buffer.getvalue()


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    chromium()
    with serving(tmp_path_factory.mktemp("pdf")) as served:
        (served.library / "book.pdf").write_bytes(book(400))
        (served.library / "glass.pdf").write_bytes(glassy_pdf("The greenhouse has 12 panes."))
        ingest(served.index, [served.library])
        served.model.says |= {
            "lighthouse": f"{STEPS} [1]. {LAMP} [2].".replace(". [", " ["),
            "greenhouse": "The greenhouse has 12 panes [1].",
        }
        yield served


def open_book(tab: Tab, number: int = 0) -> Any:
    answer = tab.ask("How many steps has the lighthouse, and when was its lamp lit?")
    answer.locator("button.f-cite").nth(number).click()
    tab.page.locator("#panel .f-box:not(.f-other)").first.wait_for(state="attached")
    tab.page.locator("#panel .f-picture[data-shown]").first.wait_for()
    return answer


def sheet(tab: Tab, page: int) -> Any:
    return tab.page.locator(f'.f-sheet[data-page="{page}"]')


def test_reading_finding_and_turning_pages(tab: Tab, chat: Served) -> None:
    page = tab.page
    answer = open_book(tab)
    view = page.locator(".f-sheets")
    number = page.get_by_label("Page", exact=True)

    # It opens at the cited words, which stand in the upper third, with their box over them.
    assert number.input_value() == "17"
    assert page.locator(".f-sheet").count() == 400
    seen, box = view.bounding_box(), page.locator(".f-box:not(.f-other)").bounding_box()
    assert seen["y"] < box["y"] < seen["y"] + seen["height"] / 3
    words = sheet(tab, 17).get_by_text(STEPS)
    words.wait_for(state="attached")
    placed = words.bounding_box()
    assert abs(placed["x"] - box["x"]) < 4
    assert abs(placed["y"] - box["y"]) < 4
    assert abs(placed["width"] - box["width"]) < 12
    # Few pages are loaded, and those that are not have their size already.
    assert page.locator(".f-sheet canvas").count() < 12
    first, far = sheet(tab, 1).bounding_box(), sheet(tab, 300).bounding_box()
    assert (first["width"], first["height"]) == (far["width"], far["height"])
    assert first["height"] == pytest.approx(first["width"] * 800 / 500, abs=1)

    # Its words can be selected as they are seen.
    page.mouse.dblclick(placed["x"] + placed["width"] * 0.3, placed["y"] + placed["height"] / 2)
    assert page.evaluate("getSelection().toString().trim()") == "lighthouse"

    # The other citation of the document keeps the pages; its box moves, the first one stays lightly marked.
    page.evaluate("document.querySelector('.f-sheet').dataset.kept = 'yes'")
    answer.locator("button.f-cite").nth(1).click()
    wait_until(lambda: number.input_value() == "18")
    assert page.locator('.f-sheet[data-kept="yes"]').count() == 1
    assert sheet(tab, 18).locator(".f-box:not(.f-other)").count() == 1
    wait_until(lambda: sheet(tab, 17).locator(".f-box.f-other").count() == 1)

    # Finding: over all pages, whatever case and accents; from the page that is seen on.
    view.click(position={"x": 5, "y": 5})
    page.keyboard.press("Control+f")
    field = page.get_by_role("searchbox", name="Find in this document")
    field.fill("GRUN  moss")
    status = page.locator(".f-find output")
    wait_until(lambda: status.inner_text() == "18 of 400")
    wait_until(lambda: sheet(tab, 18).locator(".f-hit.f-now").count() == 1)
    field.press("Enter")
    wait_until(lambda: status.inner_text() == "19 of 400" and number.input_value() == "19")
    field.press("Shift+Enter")
    field.press("Shift+Enter")
    wait_until(lambda: status.inner_text() == "17 of 400" and number.input_value() == "17")
    hit, line = sheet(tab, 17).locator(".f-hit.f-now"), sheet(tab, 17).get_by_text("Granite and")
    wait_until(lambda: hit.count() == 1)
    assert line.bounding_box()["x"] < hit.bounding_box()["x"], "only the words that were looked for"
    field.fill("no such words")
    wait_until(lambda: status.inner_text() == "Not found")
    field.press("Escape")
    assert not field.is_visible()
    assert view.is_visible(), "only the field is closed"
    assert page.locator(".f-hit").count() == 0

    # A page by its number; the pages that were left are let go.
    number.fill("250")
    number.press("Enter")
    sheet(tab, 250).locator(".f-picture[data-shown]").wait_for()
    sheet(tab, 250).get_by_text("The keeper wrote line 250.").wait_for(state="attached")
    assert sheet(tab, 17).locator("canvas").count() == 0
    page.keyboard.press("End")
    wait_until(lambda: number.input_value() == "400")
    page.keyboard.press("Home")
    wait_until(lambda: number.input_value() == "1")

    # Zoom: by keys and buttons, to the cited words, and back to the width.
    width = sheet(tab, 1).bounding_box()["width"]
    page.keyboard.press("+")
    assert sheet(tab, 1).bounding_box()["width"] == pytest.approx(width * 1.25, abs=2)
    page.get_by_label("Zoom out").click()
    assert sheet(tab, 1).bounding_box()["width"] == pytest.approx(width, abs=2)
    page.get_by_label("Zoom to the cited words").click()
    wait_until(lambda: number.input_value() == "18")
    assert sheet(tab, 18).bounding_box()["width"] > 1.5 * width
    box = sheet(tab, 18).locator(".f-box:not(.f-other)").bounding_box()
    assert seen["x"] <= box["x"]
    assert box["x"] + box["width"] <= seen["x"] + seen["width"]
    page.get_by_label("Fit to width").click()
    assert sheet(tab, 18).bounding_box()["width"] == pytest.approx(width, abs=2)

    # The original, as it was read.
    with page.expect_download() as download:
        page.get_by_label("Download the original").click()
    assert download.value.suggested_filename == "book.pdf"
    assert download.value.path().read_bytes() == (chat.library / "book.pdf").read_bytes()


def test_overview_and_contents_by_keyboard(tab: Tab) -> None:
    page = tab.page
    open_book(tab)
    number = page.get_by_label("Page", exact=True)
    page.get_by_label("Page overview").first.click()
    side = page.get_by_role("navigation", name="Page overview")
    current = side.locator("[aria-current=true]")
    assert current.get_attribute("data-page") == "17"
    assert current.get_attribute("aria-label") == "Page 17, cited"
    assert side.locator(".f-has-cited").count() == 2
    current.locator("canvas[data-shown]").wait_for()
    # One tab stop, and arrows within.
    assert side.locator("button[tabindex='0']").count() == 1
    current.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_until(lambda: number.input_value() == "19")
    page.get_by_label("Table of contents").first.click()
    contents = page.get_by_role("navigation", name="Table of contents")
    contents.get_by_text("Chapter 42", exact=True).click()
    wait_until(lambda: number.input_value() == "42")
    page.get_by_label("Table of contents").first.click()
    assert not page.locator(".f-side").is_visible()
    # Closing gives the keyboard back to where the source was opened.
    page.locator("#panel .f-close").click()
    assert page.evaluate("document.activeElement.className").startswith("f-cite")


def test_a_page_that_cannot_be_drawn_shows_its_words(tab: Tab) -> None:
    page = tab.page
    tab.ask("How many panes has the greenhouse?")
    citation = page.locator(".f-answer", has_text="12 panes").locator("button.f-cite").first
    citation.click()
    sheet(tab, 1).get_by_text("The greenhouse has 12 panes.").wait_for(state="attached")
    page.locator(".f-box").first.wait_for(state="attached")
    # While it is being drawn, another document opens and is drawn.
    open_book(tab)
    citation.click()
    page.get_by_text("This page takes too long to draw; its text stands here instead.").wait_for()
    words = sheet(tab, 1).get_by_text("The greenhouse has 12 panes.")
    assert words.evaluate("element => getComputedStyle(element).color") != "rgba(0, 0, 0, 0)"
    # The browser itself notes the refusal.
    tab.complaints = [text for text in tab.complaints if "400" not in text]


def test_on_a_phone_in_german(new_tab: NewTab, chat: Served) -> None:
    tab = new_tab(chat.address, viewport={"width": 390, "height": 844}, has_touch=True, device_scale_factor=2)
    tab.open("/de/")
    page = tab.page
    box = page.get_by_label("Frage", exact=True)
    box.fill("How many steps has the lighthouse?")
    box.press("Enter")
    page.locator("button.f-cite").first.tap()
    page.locator(".f-picture[data-shown]").first.wait_for()
    panel = page.locator("#panel").bounding_box()
    assert (panel["x"], panel["width"]) == (0, 390)
    for control in page.locator(".f-pdf-tools :is(button, a, input), #panel .f-close").all():
        size = control.bounding_box()
        assert min(size["width"], size["height"]) >= 32
        assert 0 <= size["x"] <= 390 - size["width"]
    # Twice as many pixels as the page is wide.
    assert int(page.locator(".f-picture[data-shown]").first.get_attribute("data-shown")) >= 700
    page.get_by_label("Seitenübersicht").first.tap()
    page.locator('.f-side [data-page="16"]').tap()
    wait_until(lambda: page.get_by_label("Seite", exact=True).input_value() == "16")
    assert not page.locator(".f-side").is_visible()
    page.get_by_label("In diesem Dokument suchen").first.tap()
    page.get_by_role("searchbox").fill("lighthouse")
    wait_until(lambda: page.locator(".f-find output").inner_text() == "1 von 1")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#panel .f-close").tap()
    wait_until(lambda: page.locator("#panel").is_hidden())
    tab.check()


def test_two_fingers_zoom_the_pages_and_not_the_screen(new_tab: NewTab, chat: Served) -> None:
    tab = new_tab(chat.address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).open()
    page = tab.page
    open_book(tab)
    view = page.locator(".f-sheets")
    box = view.bounding_box()
    before = sheet(tab, 17).bounding_box()["width"]
    # The browser's own fingers: two that are put down, drawn apart, and lifted.
    fingers = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def put(kind: str, apart: float | None) -> None:
        points = [] if apart is None else [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    put("touchStart", 40)
    for apart in (60, 80, 100, 120):
        put("touchMove", apart)
    put("touchEnd", None)
    wait_until(lambda: sheet(tab, 17).bounding_box()["width"] > 2 * before)
    assert page.evaluate("visualViewport.scale") == 1, "the rest of the page is as large as it was"
    put("touchStart", 120)
    for apart in (90, 60, 40):
        put("touchMove", apart)
    put("touchEnd", None)
    wait_until(lambda: sheet(tab, 17).bounding_box()["width"] < 1.2 * before)
    tab.check()
