"""The page by the keyboard alone: skip links, keys, one tab stop a list, and where the focus goes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ui.conftest import NewTab
from tests.ui.served import Served, Tab, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

FOCUSED = "element => element === document.activeElement"
# Controls that are shown and have no name, or one that is written in no language of the page.
NAMELESS = """() => [...document.querySelectorAll("button, a[href], input, textarea, select, summary, [tabindex='0']")]
  .filter((one) => one.offsetParent && getComputedStyle(one).visibility === "visible")
  .filter((one) => {
    const labels = [...(one.labels || [])].map((label) => label.textContent).join("");
    return !(one.getAttribute("aria-label") || one.title || one.textContent || labels || one.placeholder || "").trim();
  })
  .map((one) => one.outerHTML.slice(0, 200))"""


def leave_fields(page: Any) -> None:
    page.locator("body").evaluate("() => document.activeElement.blur()")


def test_the_first_stops_lead_past_the_left_column(tab: Tab) -> None:
    page = tab.page
    tab.ask("What is the toll?")
    leave_fields(page)
    page.locator("#f-skip button").first.focus()
    # It shows when it has the focus.
    wait_until(lambda: page.locator("#f-skip").bounding_box()["y"] >= 0)
    page.keyboard.press("Enter")
    assert page.get_by_label("Question").evaluate(FOCUSED)
    page.locator("#f-skip").get_by_text("To the answer").focus()
    page.keyboard.press("Enter")
    wait_until(lambda: page.locator(".f-answer").last.evaluate(FOCUSED))
    leave_fields(page)
    wait_until(lambda: page.locator("#f-skip").bounding_box()["y"] < 0)


@pytest.mark.parametrize(("path", "title", "first"), [("/", "Keyboard", "ask"), ("/de/", "Tastatur", "fragen")])
def test_the_keys_are_listed_and_do_what_they_say(
    chat: Served, new_tab: NewTab, path: str, title: str, first: str
) -> None:
    tab = new_tab(chat.address).open(path)
    page = tab.page
    leave_fields(page)
    page.keyboard.press("?")
    dialog = page.locator("#f-dialog")
    assert title in dialog.inner_text()
    assert first in dialog.locator("td").first.inner_text()
    page.keyboard.press("d")
    assert page.locator("body").get_attribute("data-view") == "conversation", "a dialog has the keys"
    page.keyboard.press("Escape")
    wait_until(lambda: not dialog.count())
    page.locator("#show-keys").click()
    dialog.wait_for()
    page.keyboard.press("Escape")
    wait_until(lambda: page.locator("#show-keys").evaluate(FOCUSED))
    page.keyboard.press("d")
    wait_until(lambda: page.locator("#documents").evaluate(FOCUSED))
    page.keyboard.press("/")
    assert page.locator("#question textarea").evaluate(FOCUSED)
    page.keyboard.type("nd?/")
    assert page.locator("#question textarea").input_value() == "nd?/", "letters that are typed are letters"
    page.locator("#question textarea").fill("")
    tab.check()


def test_n_begins_a_conversation(tab: Tab) -> None:
    page = tab.page
    tab.ask("What is the toll?")
    leave_fields(page)
    page.keyboard.press("n")
    page.locator("#f-start").wait_for()
    wait_until(lambda: page.get_by_label("Question").evaluate(FOCUSED))


def test_the_menu_of_collections_is_one_tab_stop(tab: Tab) -> None:
    page = tab.page
    page.locator("#f-collection").focus()
    page.keyboard.press("ArrowDown")
    menu = page.locator("#f-collection-menu")
    current = menu.locator("[aria-current=true]")
    wait_until(lambda: current.evaluate(FOCUSED))
    menu.locator("small").first.wait_for()
    assert menu.locator("button[tabindex='0']").count() == 1
    page.keyboard.press("End")
    assert menu.locator("button").last.evaluate(FOCUSED)
    page.keyboard.press("Home")
    assert menu.locator("button").first.evaluate(FOCUSED)
    page.keyboard.press("Escape")
    assert not menu.count()
    assert page.locator("#f-collection").evaluate(FOCUSED)
    page.keyboard.press("Enter")
    menu.wait_for()
    page.keyboard.press("Tab")
    wait_until(lambda: not menu.count())


def test_every_control_has_a_name_and_every_part_its_place(tab: Tab) -> None:
    page = tab.page
    assert page.get_by_role("navigation", name="Collection and conversations").count() == 1
    assert page.get_by_role("main").count() == 1
    assert page.evaluate(NAMELESS) == []
    tab.ask("What is the toll?").locator("button.f-cite").first.click()
    page.locator("#panel").get_by_text("The toll is 3 crowns").first.wait_for()
    assert page.get_by_role("complementary").count() == 1
    assert page.evaluate(NAMELESS) == []
    for view in ("documents", "settings"):
        page.locator(f"#show-{view}").click()
        page.locator(f"#{view}").wait_for()
        assert page.get_by_role("region", name=view.capitalize()).count() >= 1
        assert page.evaluate(NAMELESS) == []
