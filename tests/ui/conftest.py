"""Fixtures of the tests in a browser: one server and one browser a module, one tab a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.ui.served import ARGUMENTS, Served, Tab, chromium, serving


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    chromium()
    with serving(tmp_path_factory.mktemp("chat")) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


NewTab = Callable[..., Tab]


@pytest.fixture
def new_tab(browser: Any) -> Iterator[NewTab]:
    """Opens a tab of a person of its own: ``new_tab(address, viewport=…)``."""
    contexts = []

    def open_(address: str, **options: Any) -> Tab:
        context = browser.new_context(**{"viewport": {"width": 1360, "height": 850}, **options})
        contexts.append(context)
        return Tab(context, address)

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def context(browser: Any) -> Iterator[Any]:
    """One person's browser; what it loaded once it has."""
    opened = browser.new_context(viewport={"width": 1360, "height": 850})
    yield opened
    opened.close()


@pytest.fixture
def tab(chat: Served, context: Any) -> Iterator[Tab]:
    """The chat, opened; afterwards it must have been quiet."""
    opened = Tab(context, chat.address).open()
    yield opened
    opened.page.close()
    opened.check()
