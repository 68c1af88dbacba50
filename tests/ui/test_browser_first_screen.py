"""The first screen and the collections, as a person uses them, in a browser."""

from __future__ import annotations

import gzip
import json
import time
from importlib.resources import files
from pathlib import PurePath
from typing import Any

import pytest

from tests.ui.conftest import NewTab
from tests.ui.served import Served, Tab, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

SIZES = {
    "desktop": (1440, 900),
    "laptop": (1280, 720),
    "tablet": (1024, 768),
    "phone": (390, 844),
    "zoomed": (640, 360),
}
# Bytes of our own scripts, styles, words and fonts before a document is opened.
HEAVIEST = 500_000


def name_of(page: Any) -> str:
    return str(page.locator(".f-collection-name").inner_text())


def open_menu(page: Any) -> Any:
    if not page.locator("#f-collection").is_visible():
        page.locator("#show-left").click()
    page.locator("#f-collection").click()
    menu = page.locator("#f-collection-menu")
    # It is drawn anew once the sizes are known.
    menu.locator(".f-collection-list small").first.wait_for()
    return menu


def test_a_suggested_question_is_answered(tab: Tab) -> None:
    page = tab.page
    suggested = page.locator("#f-start .f-suggested", has_text="harbour")
    suggested.wait_for()
    assert page.locator("#f-start .f-suggested").count() == 3
    question = suggested.inner_text()
    assert page.locator("#f-start h1").inner_text() == "library"
    assert "9 documents" in page.locator("#f-start").inner_text()
    suggested.click()
    page.locator(".f-question", has_text=question).wait_for()
    page.locator(".f-foot").wait_for()
    assert not page.locator("#f-start").is_visible()
    assert page.locator(".f-answer button.f-cite").count()
    # Two questions to go on with come after the answer, and lead on.
    following = page.locator(".f-next button").first
    following.wait_for()
    text = following.inner_text()
    following.click()
    page.locator(".f-question", has_text=text).last.wait_for()
    page.locator("#question .submit-button").wait_for()
    page.locator(".f-foot").nth(1).wait_for()
    # The first screen then knows the question, and opens the conversation.
    for element in (f".f-recent:has-text({json.dumps(question)})", ".f-newest"):
        page.locator("#new").click()
        wait_until(lambda: page.evaluate("location.href").endswith("/"))
        page.locator(f"#f-start[aria-busy=false] {element}").first.click()
        if "recent" in element:
            page.locator(".f-question", has_text=question).wait_for()
    page.locator("#f-panel-body .f-source-head").wait_for()
    page.keyboard.press("Escape")


def test_a_collection_is_made_renamed_deleted_and_brought_back(chat: Served, new_tab: NewTab) -> None:
    tab = new_tab(chat.address).open()
    page = tab.page
    menu = open_menu(page)
    menu.locator("button[value=new]").click()
    page.keyboard.type("Häuser & Höfe")
    page.keyboard.press("Enter")
    wait_until(lambda: name_of(page) == "Häuser & Höfe")
    page.locator(".f-welcome", has_text="There are no documents yet").wait_for()
    assert page.url.endswith("#own:Haeuser-Hoefe/")
    open_menu(page).locator("button[value=rename]").click()
    page.keyboard.type("Verträge <b>")
    page.keyboard.press("Enter")
    wait_until(lambda: name_of(page) == "Verträge <b>")
    page.locator(".f-welcome h1", has_text="Verträge <b>").wait_for()
    # A name that is taken is refused, and the field stays.
    menu = open_menu(page)
    menu.locator("button[value=rename]").click()
    page.keyboard.type("library")
    page.keyboard.press("Enter")
    page.locator("#f-notice.f-bad", has_text="already").wait_for()
    page.keyboard.press("Escape")
    assert menu.is_visible(), "the field is the innermost"
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    assert page.locator("#f-collection").evaluate("button => button === document.activeElement")
    open_menu(page).locator("button[value=delete]").click()
    wait_until(lambda: name_of(page) == "library")
    page.locator("#f-notice", has_text="is deleted").get_by_role("button", name="Undo").click()
    wait_until(lambda: name_of(page) == "Verträge <b>")
    # Deleted in one tab, it is gone in the other, which says so and goes elsewhere.
    other = Tab(page.context.new_page(), tab.address).open("/#own:Haeuser-Hoefe/")
    wait_until(lambda: name_of(other.page) == "Verträge <b>")
    page.bring_to_front()
    open_menu(page).locator("button[value=delete]").click()
    wait_until(lambda: name_of(page) == "library")
    other.page.bring_to_front()
    other.page.locator("#new").click()
    # The sentence may have been shown, and have gone again, before the click.
    other.page.locator("#f-notice", has_text="no longer there").wait_for(state="attached")
    wait_until(lambda: name_of(other.page) == "library")
    other.page.close()
    page.bring_to_front()
    open_menu(page).get_by_role("button", name="Verträge").click()
    wait_until(lambda: name_of(page) == "Verträge <b>")
    open_menu(page).locator("button[value=delete]").click()
    wait_until(lambda: name_of(page) == "library")


def test_many_collections_are_found_by_typing(chat: Served, tab: Tab) -> None:
    made = [chat.service.workspaces.create("", f"Shelf {number}") for number in range(8)]
    page = tab.page
    page.reload()
    page.locator("body.f-ready").wait_for()
    menu = open_menu(page)
    menu.locator("small", has_text="9").first.wait_for()
    page.keyboard.type("shelf 5")
    wait_until(lambda: menu.locator("li:visible").count() == 1)
    page.keyboard.press("Enter")
    wait_until(lambda: name_of(page) == "Shelf 5")
    open_menu(page).get_by_role("button", name="library").click()
    wait_until(lambda: name_of(page) == "library")
    for one in made:
        chat.service.workspaces.delete("", one.id)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_or_overlaps(chat: Served, new_tab: NewTab, size: str) -> None:
    width, height = SIZES[size]
    tab = new_tab(chat.address, viewport={"width": width, "height": height}).open("/de/" if size == "zoomed" else "/")
    page = tab.page
    page.locator("#f-start .f-suggested").first.wait_for()
    fits(page, width, height)
    start, box = page.locator("#f-start").bounding_box(), page.locator("#question").bounding_box()
    assert start["y"] + start["height"] <= box["y"] + 1, "the first screen ends where the question begins"
    field = page.locator("#question textarea")
    field.fill("What is the toll?")
    field.press("Enter")
    page.locator(".f-foot").first.wait_for()
    fits(page, width, height)
    # The name of the collection is in sight, in the left column or in the head.
    assert page.locator("#f-collection").is_visible() != page.locator("#f-where").is_visible()
    if width <= 760:
        assert page.locator("#f-where").inner_text() == "library"
        title, where = page.locator("#title .f-title").bounding_box(), page.locator("#f-where").bounding_box()
        assert title["y"] + title["height"] <= where["y"] + 1
    menu = open_menu(page)
    place = menu.bounding_box()
    assert place["x"] >= 0
    assert place["y"] + place["height"] <= height
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('#show-documents').click()")
    page.locator("#documents").wait_for()
    fits(page, width, height)
    tab.check()


def fits(page: Any, width: int, height: int) -> None:
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        height,
    ]
    box = page.locator("#question").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height


def test_our_own_files_are_light_and_the_page_is_soon_there(chat: Served, new_tab: NewTab) -> None:
    tab = new_tab(chat.address)
    paths: set[str] = set()
    tab.page.on("request", lambda request: paths.add(request.url.removeprefix(chat.address)))
    began = time.monotonic()
    tab.open()
    tab.page.get_by_label("Question").focus()
    print(f"first use after {time.monotonic() - began:.2f} s")
    # Words of an answer have a font of their own; everything counts that is loaded until a document is opened.
    tab.ask("What is the toll?")
    for view, shown in (("documents", ".f-doc"), ("settings", "h1")):
        tab.page.locator(f"#show-{view}").click()
        tab.page.locator(f"#{view} {shown}").first.wait_for()
    # Of the interface, and of what is read.
    are_loaded = "document.fonts.ready.then(() => true)"
    wait_until(lambda: tab.page.evaluate(are_loaded) and sum(path.endswith(".woff2") for path in paths) >= 2)
    own = sorted(path for path in paths if path.startswith("/page/"))
    weights = {path: len(tab.page.request.get(chat.address + path).body()) for path in own}
    print(f"{sum(weights.values())} bytes in {len(weights)} files")
    assert {"/page/footnote.css", "/page/footnote.js", "/page/collections.js", "/page/words-en.json"} <= set(weights)
    assert sum(weights.values()) <= HEAVIEST, weights
    packed = tab.page.request.get(f"{chat.address}/page/footnote.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    tab.check()


def test_what_is_served_is_what_lies_there(chat: Served, new_tab: NewTab) -> None:
    page = new_tab(chat.address).page
    script = (files("ui") / "static" / "collections.js").read_bytes()
    for encoding in ("gzip", "identity"):
        served = page.request.get(f"{chat.address}/page/collections.js", headers={"Accept-Encoding": encoding})
        assert served.body() == script
    assert len(gzip.compress(script)) < len(script)
    assert PurePath("collections.js").suffix == ".js"
