"""The page for everyone: a screen reader (axe-core), the keyboard alone, a phone, the dark, another language."""

from __future__ import annotations

import pytest

from tests.ui.accessibility import FAINT, serious
from tests.ui.conftest import NewTab
from tests.ui.reader import ROOTS, SIZES
from tests.ui.served import Served, Tab, wait_until
from ui.i18n import translator

pytestmark = [pytest.mark.browser, pytest.mark.localhost]


# What is read of a page does not depend on its colours, nor the contrast of these on its language.
@pytest.mark.parametrize(("appearance", "language"), [("light", "en"), ("dark", "de")])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_serious(
    chat: Served, new_tab: NewTab, appearance: str, language: str, size: str, axe: str
) -> None:
    width, height = SIZES[size]
    # With motion axe may measure a colour on its way from one theme to the other.
    tab = new_tab(chat.address, viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = tab.open(ROOTS[language]).page

    def check(what: str) -> None:
        assert serious(page, axe) == [], what
        assert page.evaluate(FAINT) == [], what

    page.evaluate("theme => { localStorage.setItem('footnote-appearance', theme); footnoteAppearance(); }", appearance)
    page.locator("#f-start .f-suggested").first.wait_for()
    check("the first screen")
    if size == "phone":
        page.locator("#show-left").click()
    page.locator("#f-collection").click()
    page.locator("#f-collection-menu small").first.wait_for()
    check("the collections")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    tab.ask("What is the toll?")
    tab.ask("Who won the chess olympiad?")
    page.locator("button.f-cite").first.click()
    page.locator("#panel").get_by_text("The toll is 3 crowns").first.wait_for()
    check("an answer, an abstention and a source")
    if size == "phone":
        # There the source lies over the answer.
        page.keyboard.press("Escape")
    page.locator(".f-act-more").last.click()
    check("the menu of an answer")
    if not page.locator("#f-answer-menu").count():
        # Whoever measures colours scrolls, and the menu closes when what is below it moves.
        page.locator(".f-act-more").last.click()
    page.get_by_role("menuitem", name=translator(language)("why")).click()
    page.locator("#f-dialog .f-why").wait_for()
    check("why")
    page.keyboard.press("Escape")
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("?")
    page.locator("#f-dialog").wait_for()
    check("the keys")
    page.keyboard.press("Escape")
    for view, shown in (("documents", ".f-doc"), ("settings", "h1")):
        page.evaluate("view => document.querySelector(`#show-${view}`).click()", view)
        page.locator(f"#{view} {shown}").first.wait_for()
        check(view)
        page.keyboard.press("Escape")


def test_keyboard_only(tab: Tab) -> None:
    page = tab.page
    page.keyboard.press("Escape")
    page.locator("body").evaluate("body => document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.get_by_label("Question").evaluate("box => box === document.activeElement")
    page.keyboard.type("What is the toll?")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("How long is the bridge?")
    assert page.get_by_label("Question").input_value() == "What is the toll?\nHow long is the bridge?"
    page.keyboard.press("Control+a")
    page.keyboard.type("What is the toll?")
    page.keyboard.press("Enter")
    page.locator(".f-foot").wait_for()
    page.locator("#question .submit-button").wait_for()
    page.keyboard.type("How many cars does the ferry carry?")
    page.keyboard.press("Enter")
    page.locator(".f-foot").nth(1).wait_for()
    page.locator("body").evaluate("body => document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    first = "chip => chip === document.activeElement"
    chips = page.locator("button.f-cite")
    wait_until(lambda: chips.nth(chips.count() - 1).evaluate(first))
    page.locator("#f-hover").wait_for()
    assert "The ferry carries 28 cars" in page.locator("#f-hover").inner_text()
    assert chips.nth(chips.count() - 1).get_attribute("aria-describedby") == "f-hover"
    page.keyboard.press("ArrowLeft")
    assert chips.first.evaluate(first)
    page.keyboard.press("Enter")
    page.locator("#cited", has_text="The toll is 3 crowns").wait_for()
    for name in ("documents", "settings"):
        page.locator(f"#show-{name}").focus()
        page.keyboard.press("Enter")
        wait_until(lambda name=name: page.locator(f"#{name}").evaluate(first))
        page.keyboard.press("Escape")
        wait_until(lambda name=name: page.locator(f"#show-{name}").evaluate(first))


def test_a_phone(chat: Served, new_tab: NewTab) -> None:
    tab = new_tab(chat.address, viewport={"width": 390, "height": 844}, has_touch=True).open()
    page = tab.page
    answer = tab.ask("What is the toll?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.get_by_label("Question").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    answer.locator("button.f-cite").first.tap()
    page.locator("#cited").wait_for()
    wait_until(lambda: page.locator("#panel").bounding_box()["x"] == 0)
    page.locator("#panel > .f-close").tap()
    wait_until(lambda: not page.locator("#cited").is_visible())
    page.locator("#show-left").tap()
    page.locator("#conversations .f-talk").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".f-title-more").tap()
    for name in ("Rename", "Pin", "Archive", "Share", "Export …", "Delete"):
        choice = page.get_by_role("menuitem", name=name, exact=True)
        box = choice.bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= 390, name
        assert choice.evaluate(_ON_TOP), f"{name} can be tapped"
    page.keyboard.press("Escape")
    wait_until(lambda: not page.get_by_role("menu").count())
    tab.check()


# Whether a tap in the middle of an element reaches it.
_ON_TOP = """element => {
  const box = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
}"""


def test_on_a_tablet_the_answer_stays_beside_its_source(chat: Served, new_tab: NewTab) -> None:
    tab = new_tab(chat.address, viewport={"width": 1024, "height": 768}).open()
    page = tab.page
    tab.ask("What is the toll?").locator("button.f-cite").first.click()
    page.locator("#cited").wait_for()

    def are_beside() -> bool:
        answer, panel = page.locator(".f-answer").bounding_box(), page.locator("#panel").bounding_box()
        return answer["x"] + answer["width"] <= panel["x"] and abs(panel["x"] + panel["width"] - 1024) <= 1

    wait_until(are_beside)
    assert not page.locator("#left").is_visible()
    page.locator("#panel > .f-close").click()
    wait_until(lambda: page.locator("#left").is_visible() and not page.locator("#cited").is_visible())
    tab.check()


def test_dark_follows_the_system_and_the_person(chat: Served, new_tab: NewTab) -> None:
    page = new_tab(chat.address, color_scheme="dark").open().page
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(21, 23, 25)"
    page.locator("#show-settings").click()
    page.get_by_label("Light", exact=True).check()
    assert page.evaluate(paper) == "rgb(250, 249, 246)"
    page.reload()
    page.locator("body.f-ready").wait_for()
    assert page.evaluate(paper) == "rgb(250, 249, 246)"


def test_another_language(chat: Served, new_tab: NewTab) -> None:
    tab = new_tab(chat.address).open()
    tab.page.locator("#show-settings").click()
    tab.page.locator("#language").get_by_label("Deutsch").click()
    tab.page.wait_for_url("**/de/**")
    tab.page.locator("#settings h1", has_text="Einstellungen").wait_for()
    tab.page.goto(f"{chat.address}/de/")
    tab.page.locator("body.f-ready").wait_for()
    tab.page.keyboard.press("Escape")
    box = tab.page.get_by_label("Frage")
    box.fill("Who won the chess olympiad?")
    box.press("Enter")
    tab.page.locator(".f-abstained", has_text="Nicht in Ihren Dokumenten").wait_for()
    assert "9 Dokumente" in tab.page.locator("#f-collection").inner_text()
    assert tab.page.evaluate("document.documentElement.lang") == "de"
    tab.page.goto(f"{chat.address}/")
    tab.page.locator("body.f-ready").wait_for()
    assert "/de/" in tab.page.url, "the choice is remembered"
    tab.check()
