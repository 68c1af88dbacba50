"""A document beside its answer: read by scrolling, jumped through, searched; a grid with the keys of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rag.ingestion.pipeline import ingest
from rag.types import Answer, Citation, CitedCell, RowCell, Sentence
from tests.shared_browser import chromium
from tests.ui.accessibility import FAINT, serious
from tests.ui.conftest import NewTab
from tests.ui.served import Served, Tab, serving, wait_until
from tests.ui.shown import span_of, words_of
from tests.ui.test_browser_answer import open_stored

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

CHAPTERS = 40
HANDBOOK = "# The handbook\n\n" + "\n\n".join(
    f"## Chapter {chapter}\n\n"
    + "\n\n".join(
        f"Rule {chapter}-{rule} says that **lamp {chapter}-{rule}** is lit at dusk and put out at dawn by the keeper."
        for rule in range(20)
    )
    for chapter in range(CHAPTERS)
)
STOCK = "Item,Colour,Remark,Stock\n" + "\n".join(
    f"buoy{n},{'red' if n % 2 else 'green'},A remark on buoy number {n} which is much longer than its cell is wide,{n}"
    for n in range(3_000)
)
SIZES = {"desktop": (1440, 900), "laptop": (1280, 720), "phone": (390, 844)}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    chromium()
    folder = tmp_path_factory.mktemp("shelf")
    with serving(folder, files={"handbook.md": HANDBOOK, "stock.csv": STOCK}) as served:
        _write_sheets(served)
        served.model.says = {
            "dusk": "Rule 20-7 says that lamp 20-7 is lit at dusk [1].",
            "buoy2000": "buoy2000 is green [1].",
            "barge": "The grain barge pays 71 crowns [1].",
        }
        yield served


def _write_sheets(served: Served) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    keepers = book.create_sheet("Keepers")
    for row in (("Name", "Since"), ("Astrid Holm", 1928)):
        keepers.append(row)
    for name in ("Tariffs", "Depths"):
        sheet = book.create_sheet(name)
        for row in (("Vessel", "Fee in crowns"), (f"Grain barge of {name}", 71), ("Rowing boat", 2)):
            sheet.append(row)
    book.save(served.library / "fees.xlsx")
    ingest(served.index, [served.library])


def opened(tab: Tab, question: str) -> Any:
    """Ask, click the first citation, and return the document that opens."""
    tab.ask(question).locator("button.f-cite").first.click()
    document = tab.page.locator(".f-reading[data-ready]")
    document.wait_for()
    return document


def top_of(locator: Any) -> float:
    return float(locator.bounding_box()["y"])


@pytest.mark.parametrize("size", SIZES)
def test_a_long_document_is_read_by_scrolling(shelf: Served, new_tab: NewTab, size: str) -> None:
    width, height = SIZES[size]
    tab = new_tab(shelf.address, viewport={"width": width, "height": height}).open()
    page = tab.page
    document = opened(tab, "What does rule 20-7 say of lamp 20-7 at dusk?")
    mark = page.locator("#cited")
    # The mark runs through bold words, so it is one mark with a bold part.
    assert mark.inner_text().startswith("Rule 20-7 says that lamp 20-7 is lit at dusk")
    assert mark.locator("strong").inner_text() == "lamp 20-7"
    assert "**" not in document.inner_text()
    words = page.locator(".f-words")
    box = words.bounding_box()
    assert box["y"] < top_of(mark) < box["y"] + box["height"]
    assert page.locator(".f-here").inner_text() == "Chapter 20"
    # 65 to 75 characters a line where there is room for them.
    assert page.locator(".source-text").bounding_box()["width"] <= 76 * 10
    # What stands before loads above the words that are read, which stay where they are.
    words.hover()

    def is_at_the_start() -> bool:
        page.mouse.wheel(0, -2_000)
        return document.get_attribute("data-before") == "" and words.evaluate("e => e.scrollTop") == 0

    def has_no_more() -> bool:
        page.mouse.wheel(0, 3_000)
        return document.get_attribute("data-after") == ""

    wait_until(is_at_the_start)
    page.locator("h3", has_text="The handbook").wait_for()
    wait_until(has_no_more)
    rules = page.locator(".source-text p").all_inner_texts()
    names = [f"Rule {chapter}-{rule} says" for chapter in range(CHAPTERS) for rule in range(20)]
    assert [" ".join(rule.split()[:3]) for rule in rules] == names, "each once, in order"
    assert page.locator("#cited").count() == 1
    tab.check()


def test_parts_that_load_above_do_not_move_the_words(shelf: Served, new_tab: NewTab) -> None:
    tab = new_tab(shelf.address).open()
    page = tab.page
    document = opened(tab, "What does rule 20-7 say of lamp 20-7 at dusk?")
    words = page.locator(".f-words")
    before = document.get_attribute("data-before")
    mark = page.locator("#cited")
    # At one look, before anything is loaded.
    text, top = words.evaluate(
        """words => {
          words.scrollTop = 900;
          const shown = words.querySelectorAll(".source-text p")[10];
          return [shown.innerText, shown.getBoundingClientRect().top];
        }"""
    )
    wait_until(lambda: document.get_attribute("data-before") != before)
    wait_until(lambda: document.get_attribute("data-loading") is None)
    moved = page.locator(".source-text p", has_text=text[:18]).first
    assert abs(top_of(moved) - top) < 2
    assert mark.count() == 1
    # The button does what scrolling does.
    before = document.get_attribute("data-after")
    page.locator(".f-more[value=after]").focus()
    page.keyboard.press("Enter")
    wait_until(lambda: document.get_attribute("data-after") != before)


def test_the_outline_and_the_search_reach_all_of_it(shelf: Served, new_tab: NewTab, axe: str) -> None:
    tab = new_tab(shelf.address, locale="de-DE").open("/de/")
    page = tab.page
    page.emulate_media(reduced_motion="reduce")
    tab_document = tab_opened_in_german(tab)
    # It opens at the heading one is under, and Escape closes it alone.
    page.locator(".f-outline summary").click()
    here = page.locator(".f-outline nav [aria-current]")
    list_box = page.locator(".f-outline nav").bounding_box()
    wait_until(lambda: list_box["y"] <= top_of(here) < list_box["y"] + list_box["height"])
    page.keyboard.press("Escape")
    assert not page.locator(".f-outline nav").is_visible()
    assert tab_document.is_visible()
    page.locator(".f-outline summary").click()
    page.locator(".f-outline nav button", has_text="Chapter 3").first.click()
    heading = page.locator("h4", has_text="Chapter 3").first
    heading.wait_for()
    words = page.locator(".f-words").bounding_box()
    wait_until(lambda: words["y"] <= top_of(heading) < words["y"] + 80)
    wait_until(lambda: page.locator(".f-here").inner_text() == "Chapter 3")
    assert not page.locator(".f-outline nav").is_visible()
    field = page.get_by_label("Im Dokument suchen")
    field.fill("lamp 39-19")
    wait_until(lambda: page.locator(".f-found").inner_text() == "1 von 1")
    found = page.locator(".source-text p", has_text="Rule 39-19").last
    wait_until(lambda: found.is_visible() and words["y"] < top_of(found) < words["y"] + words["height"])
    field.fill("rule 5-1")
    wait_until(lambda: page.locator(".f-found").inner_text().endswith("von 11"))
    number = int(page.locator(".f-found").inner_text().split()[0])
    field.press("Enter")
    wait_until(lambda: page.locator(".f-found").inner_text() == f"{number % 11 + 1} von 11")
    now = "[...CSS.highlights.get('f-reading-find-now') ?? []].map(range => range.toString())"
    wait_until(lambda: page.evaluate(now) == ["Rule 5-1"])
    field.fill("unicorn")
    wait_until(lambda: page.locator(".f-found").inner_text() == "Nichts gefunden")
    field.press("Escape")
    assert field.input_value() == ""
    assert tab_document.is_visible(), "the panel is still open"
    assert [line for line in serious(page, axe) if "#panel" in line or "f-reading" in line] == []
    tab.check()


def tab_opened_in_german(tab: Tab) -> Any:
    box = tab.page.locator("#question textarea")
    box.fill("What does rule 20-7 say of lamp 20-7 at dusk?")
    box.press("Enter")
    tab.page.locator("button.f-cite").first.click()
    document = tab.page.locator(".f-reading[data-ready]")
    document.wait_for()
    return document


@pytest.mark.parametrize("size", SIZES)
def test_a_grid_opens_at_its_cell_and_follows_the_keys(shelf: Served, new_tab: NewTab, size: str, axe: str) -> None:
    width, height = SIZES[size]
    tab = new_tab(shelf.address, viewport={"width": width, "height": height}).open()
    page = tab.page
    page.emulate_media(reduced_motion="reduce")
    document = opened(tab, "Which colour has buoy2000?")
    words = page.locator(".f-words").bounding_box()
    row = page.locator("tr.cited")
    assert words["y"] + 40 < top_of(row) < words["y"] + words["height"] - 20
    assert row.locator(".f-row-number").inner_text() == "2002"
    head = page.locator(".f-grid thead").first
    assert abs(top_of(head) - words["y"]) < 2, "the names stay above"
    # One tab stop; arrow keys from cell to cell; what does not fit in a cell stands above.
    assert page.locator(".f-words [tabindex='0']").count() == 1
    page.locator(".f-words [tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    bar = page.locator(".f-cell-bar").inner_text()
    assert "Remark · row 2003" in bar
    assert "A remark on buoy number 2001 which is much longer than its cell is wide" in bar
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.textContent") == "buoy2001"
    left = page.locator(":focus").bounding_box()["x"]
    assert left >= words["x"] + 40, "not behind the numbers of the rows"
    # More rows come while one goes down, into the same table.
    tables = page.locator(".f-grid").count()
    last = document.get_attribute("data-last")
    page.keyboard.press("Control+End")
    wait_until(lambda: document.get_attribute("data-last") != last)
    assert page.locator(".f-grid").count() == tables == 1
    numbers = [int(text) for text in page.locator("tbody .f-row-number").all_inner_texts()]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "no row twice, none left out"
    assert [line for line in serious(page, axe) if "#panel" in line or "f-reading" in line or "f-grid" in line] == []
    tab.check()


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_the_cell_that_answers_stands_out_of_its_row(shelf: Served, new_tab: NewTab, appearance: str, axe: str) -> None:
    id_, start, end = span_of(shelf.index, "stock.csv", "Item: buoy2000; Colour: green;")
    colour = words_of(shelf.index, "stock.csv").index("green", start)
    row = words_of(shelf.index, "stock.csv")[start:end]
    cells = (RowCell(start + 6, start + 14, name="Item"), RowCell(colour, colour + 5, name="Colour"))
    cited = Citation(1, "stock.csv", id_, "", start, end, row, cells=cells, cell=CitedCell(colour, colour + 5))
    words = f"“{row}” [1]"
    sentence = Sentence(words, 0, len(words), "verified", (1,))
    tab = new_tab(shelf.address, color_scheme=appearance)
    stored = Answer("Which colour?", "Which colour?", words, sentences=(sentence,), citations=(cited,))
    open_stored(tab, shelf, stored).locator("button.f-cite").first.click()
    answering = tab.page.locator("tr.cited td.f-answers")
    answering.wait_for()
    assert answering.inner_text() == "green"
    assert tab.page.locator(".f-cell-bar").inner_text().startswith("Colour · row 2002")
    assert answering.get_attribute("tabindex") == "0", "the keys begin at it"
    ground = "cell => getComputedStyle(cell).backgroundColor"
    others = [tab.page.locator(f"tr.cited td:nth-of-type({at})").evaluate(ground) for at in (1, 3)]
    assert answering.evaluate(ground) not in others
    assert [line for line in serious(tab.page, axe) if "f-grid" in line] == []
    assert [line for line in tab.page.evaluate(FAINT) if "buoy" in line or "green" in line] == []
    tab.check()


def test_the_sheets_of_a_workbook_are_tabs(shelf: Served, new_tab: NewTab) -> None:
    tab = new_tab(shelf.address).open()
    page = tab.page
    opened(tab, "What does the grain barge of Tariffs pay in crowns?")
    assert page.locator(".f-tabs button").all_inner_texts() == ["Keepers", "Tariffs", "Depths"]
    assert page.locator("td.cited").count() >= 1
    page.locator(".f-tabs button", has_text="Keepers").click()
    wait_until(lambda: page.locator(".f-tabs [aria-current]").inner_text() == "Keepers")
    page.locator("td", has_text="Astrid Holm").click()
    assert "Name · row 2" in page.locator(".f-cell-bar").inner_text()
    tab.check()
