"""How an answer stands in the conversation, in a real browser: scrolling, the menu, citations by key, three sizes."""

from __future__ import annotations

from typing import Any

import pytest

from rag.store.catalog import History
from rag.types import Answer, Citation, Sentence
from tests.ui.conftest import NewTab
from tests.ui.served import Served, Tab, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

SIZES = {"wide": (1440, 900), "laptop": (1280, 720), "phone": (390, 844)}
LONG = "Is the ferry with 28 cars an endless one?"


# Asked in one look: what is drawn anew many times a second is gone before a second one.
_PLACE = """selector => {
  const box = [...document.querySelectorAll(selector)].at(-1)?.getBoundingClientRect();
  return box?.width && box.height ? box.toJSON() : null;
}"""


def place_of(tab: Tab, selector: str) -> dict[str, float]:
    """Where the last element that matches lies on the page."""
    boxes: list[Any] = []

    def found() -> bool:
        # What is drawn anew has no place for a moment.
        boxes.append(tab.page.evaluate(_PLACE, selector))
        return boxes[-1] is not None

    wait_until(found)
    return dict(boxes[-1])


def view_of(tab: Tab) -> dict[str, float]:
    return place_of(tab, "#conversation [role=log]")


def scroll_top(tab: Tab) -> float:
    return float(tab.page.evaluate("document.querySelector('#conversation [role=log]').scrollTop"))


def test_a_question_begins_at_the_top_and_the_reader_alone_moves_the_page(new_tab: NewTab, chat: Served) -> None:
    tab = new_tab(chat.address, viewport={"width": 1280, "height": 480}).open()
    tab.ask("What is the toll?")
    tab.ask("How much is the lantern?")
    view = view_of(tab)
    assert 0 <= place_of(tab, ".f-asked")["y"] - view["y"] < 40, "the last question, though its answer is short"
    tab.ask(LONG, wait=False)
    tab.page.locator(".f-draft").wait_for()
    begun = scroll_top(tab)
    assert 0 <= place_of(tab, ".f-asked")["y"] - view["y"] < 40
    wait_until(lambda: place_of(tab, ".f-working")["height"] > view["height"] + 80)
    assert scroll_top(tab) == begun, "words arrive, and nothing moves"
    tab.page.locator("#f-to-end").click()
    followed = scroll_top(tab)
    assert followed > begun
    # At the end, the page follows.
    wait_until(lambda: scroll_top(tab) > followed)
    tab.page.mouse.move(view["x"] + 200, view["y"] + 200)
    tab.page.mouse.wheel(0, -300)
    wait_until(lambda: scroll_top(tab) < followed)
    left = scroll_top(tab)
    height = place_of(tab, ".f-working")["height"]
    wait_until(lambda: place_of(tab, ".f-working")["height"] > height)
    assert scroll_top(tab) == left, "who scrolled up is left alone"
    tab.page.locator("#question .stop-button").click()
    tab.page.locator(".f-foot").nth(2).wait_for()
    tab.check()


@pytest.mark.parametrize("size", SIZES)
def test_an_answer_fits_its_page(size: str, new_tab: NewTab, chat: Served) -> None:
    width, height = SIZES[size]
    is_phone = size == "phone"
    tab = new_tab(
        chat.address, viewport={"width": width, "height": height}, has_touch=is_phone, is_mobile=is_phone
    ).open()
    answer = tab.ask("What is the toll?")
    assert answer.locator(".f-short").inner_text() == "3 crowns"
    assert place_of(tab, ".f-short")["y"] < place_of(tab, ".f-text")["y"] < place_of(tab, ".f-rests")["y"]
    assert answer.locator(".f-rests").inner_text().count("bridge.md") == 1
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    if is_phone:
        for selector in (".f-rests > .f-origins .f-place", ".f-acts .f-act", ".f-edit", ".f-also summary"):
            assert place_of(tab, selector)["height"] >= 32, selector
    tab.page.locator(".f-act-more").click()
    menu = place_of(tab, "#f-answer-menu")
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= width
    assert menu["y"] >= 0
    assert menu["y"] + menu["height"] <= height
    tab.page.keyboard.press("Escape")
    assert tab.page.locator("#f-answer-menu").count() == 0
    tab.check()


def test_the_menu_and_the_citations_are_moved_through_by_keys(tab: Tab) -> None:
    answer = tab.ask("What is the toll?")
    answer.locator(".f-act-more").focus()
    tab.page.keyboard.press("Enter")
    focused = "document.activeElement.textContent"
    assert tab.page.evaluate(focused) == "Edit"
    tab.page.keyboard.press("ArrowUp")
    assert tab.page.evaluate(focused) == "Remove this and what follows"
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("ArrowDown")
    assert tab.page.evaluate(focused) == "Copy as Markdown"
    tab.page.keyboard.press("Escape")
    assert tab.page.evaluate("document.activeElement.value") == "more"
    answer.locator(".f-also summary").click()
    chips = answer.locator(".f-place")
    chips.first.click()
    wait_until(lambda: "f-open-now" in str(chips.first.get_attribute("class")))
    chips.first.focus()
    tab.page.keyboard.press("ArrowDown")
    # An open panel follows.
    wait_until(lambda: "f-open-now" in str(chips.nth(1).get_attribute("class")))
    assert "f-open-now" not in str(chips.first.get_attribute("class"))


def test_many_quotes_are_folded_and_opened(tab: Tab, chat: Served) -> None:
    quotes = ("One is here.", "Two is here.", "Three is here.", "Four is here.")
    sentences, citations, text = [], [], ""
    for number, quote in enumerate(quotes, start=1):
        line = f"“{quote}” [{number}]"
        sentences.append(Sentence(line, len(text), len(text) + len(line), "verified", (number,)))
        citations.append(Citation(number, "a.md", "a", "A", 0, len(quote), quote))
        text += f"{line}\n"
    open_stored(tab, chat, Answer("q", "q", text.rstrip(), sentences=tuple(sentences), citations=tuple(citations)))
    quote = tab.page.locator(".f-quote")
    assert [one.is_visible() for one in quote.all()] == [True, True, False, False]
    tab.page.locator(".f-folded summary", has_text="2 more quotes").click()
    wait_until(lambda: quote.last.is_visible())
    assert quote.last.inner_text().startswith("Four is here.")


# What changes outside the last two turns, while something is written at the end.
_WATCH = """() => {
  const log = document.querySelector('#conversation [role=log]');
  window.touched = 0;
  const old = new Set(document.querySelectorAll('#conversation .message-row'));
  new MutationObserver((changes) => {
    for (const { target } of changes) if (old.has(target.closest?.('.message-row'))) window.touched++;
  }).observe(log, { childList: true, characterData: true, subtree: true });
}"""


def test_a_conversation_of_forty_turns_opens_at_its_end_and_goes_on(tab: Tab, chat: Served) -> None:
    history = History(chat.index.folder)
    conversation = history.begin("")
    for number in range(40):
        quote = f"Fact {number} stands here."
        text = f"{quote} [1]\n\n" + "More is said of it. " * 30
        cites = (Citation(1, "bridge.md", "a", "Lantern bridge", 0, len(quote), quote),)
        told = (Sentence(quote, 0, len(quote) + 4, "verified", (1,)),)
        history.save("", conversation.id, Answer(f"Question {number}?", "q", text, sentences=told, citations=cites))
    tab.open(f"/?again#own:library/{conversation.id}")
    questions = tab.page.locator(".f-question")
    wait_until(lambda: questions.count() == 40)
    view = view_of(tab)
    wait_until(lambda: 0 <= place_of(tab, ".f-asked")["y"] - view["y"] < view["height"])
    assert questions.last.inner_text() == "Question 39?"
    tab.page.evaluate(_WATCH)
    answer = tab.ask(LONG, wait=False)
    tab.page.locator(".f-draft").wait_for()
    before = tab.page.evaluate("window.touched")
    height = place_of(tab, ".f-working")["height"]
    wait_until(lambda: place_of(tab, ".f-working")["height"] > height + 100)
    assert tab.page.evaluate("window.touched") == before, "the turns above are not drawn anew with each word"
    assert 0 <= place_of(tab, ".f-asked")["y"] - view["y"] < 40
    tab.page.locator("#question .stop-button").click()
    tab.page.locator(".f-foot").nth(40).wait_for()
    assert answer.locator("button.f-cite").count() >= 1
    # The first turn is where it was, and its citation is known.
    questions.first.scroll_into_view_if_needed()
    assert questions.first.inner_text() == "Question 0?"
    tab.check()


def open_stored(tab: Tab, chat: Served, answer: Answer) -> Any:
    """Open a conversation with one stored answer, and return the answer."""
    history = History(chat.index.folder)
    conversation = history.begin("")
    history.save("", conversation.id, answer)
    tab.open(f"/?again#own:library/{conversation.id}")
    tab.page.locator(".f-foot").wait_for()
    return tab.page.locator(".f-answer").last
