"""Somebody who has the page of the chat open at one size and in one language, and clicks or taps on it.

Owns: how such a reader finds what each size keeps elsewhere. Knows nothing about what is looked for.
"""

from __future__ import annotations

from typing import Any

from rag.store.catalog import History
from rag.types import Answer
from tests.ui.served import Served, Tab, wait_until
from ui.i18n import Translate

SIZES = {"desktop": (1440, 900), "laptop": (1280, 720), "phone": (390, 844)}
ROOTS = {"en": "/", "de": "/de/"}
# Whether the middle of an element can be clicked: nothing lies over it.
ON_TOP = """element => {
  const box = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
}"""


class Reader:
    """Someone who has the page open at one size and in one language."""

    def __init__(self, tab: Tab, t: Translate, size: str, chat: Served, model_server: str = "") -> None:
        self.tab, self.page, self.t, self.size, self.chat = tab, tab.page, t, size, chat
        self.model_server = model_server
        self.is_phone = size == "phone"
        self.root = ROOTS[t.language]
        self._is_lost = True

    def begin(self) -> None:
        """Stand before the first screen, wherever the way before has led."""
        if self._is_lost:
            self.tab.open(f"{self.root}?{len(self.tab.complaints)}")
        else:
            for _ in range(2):
                self.page.keyboard.press("Escape")
            self.page.evaluate("document.querySelector('#new').click()")
        self.page.locator(".f-welcome").wait_for()
        self.tab.complaints.clear()
        self._is_lost = True

    def end(self) -> None:
        self.tab.check()
        self._is_lost = False

    def press(self, what: Any) -> None:
        """Click with a mouse, or tap with a finger."""
        if self.is_phone:
            what.tap()
        else:
            what.click()

    def show_left(self) -> None:
        """Bring the left column into sight, which a phone has behind a button."""
        if self.is_phone and "f-left-open" not in str(self.page.locator("body").get_attribute("class")):
            self.press(self.page.locator("#show-left"))
            wait_until(lambda: self.page.locator("#new").evaluate(ON_TOP))

    def show(self, view: str) -> None:
        self.show_left()
        self.press(self.page.locator(f"#show-{view}"))
        self.page.locator(f"#{view} :is(.f-doc, h1)").first.wait_for()

    def ask(self, question: str, wait: bool = True) -> Any:
        """Ask, and return the last answer."""
        before = self.page.locator(".f-foot").count()
        self.page.locator("#question textarea").fill(question)
        self.press(self.page.locator("#question .submit-button"))
        if wait:
            self.page.locator(".f-foot").nth(before).wait_for()
            self.page.locator("#question .submit-button").wait_for()
        return self.page.locator(".f-answer").last

    def open_stored(self, answer: Answer) -> Any:
        """Open a conversation of one answer, by its address."""
        history = History(self.chat.index.folder)
        head = history.begin("")
        history.save("", head.id, answer)
        self.page.goto(
            f"{self.tab.address}{self.page.evaluate('location.pathname + location.search')}#own:library/{head.id}"
        )
        self.page.locator(".f-foot").wait_for()
        return self.page.locator(".f-answer").last

    def close_panel(self) -> None:
        self.press(self.page.locator("#panel .f-close"))
        wait_until(lambda: not self.page.locator("#panel").is_visible())

    def choose(self, *names: str) -> None:
        """Choose something of the menu that is open."""
        for name in names:
            self.press(self.page.get_by_role("menuitem", name=name, exact=True))

    def notice(self, words: str) -> None:
        self.page.locator("#f-notice", has_text=words).wait_for()
