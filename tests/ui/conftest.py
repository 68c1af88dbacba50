"""Fixtures of the tests in a browser: one server a module, and tabs of people who have not been there before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.shared_browser import SHARED_BROWSER, Kind, chromium
from tests.ui.accessibility import axe_source
from tests.ui.served import Served, Tab, serving


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core."""
    return axe_source(tmp_path_factory.mktemp("axe"))


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    chromium()
    with serving(tmp_path_factory.mktemp("chat")) as served:
        yield served


NewTab = Callable[..., Tab]


@pytest.fixture
def new_tab() -> Iterator[NewTab]:
    """Opens a tab of a person of its own: ``new_tab(address, viewport=…)``."""
    taken: list[tuple[Kind, Tab]] = []

    def open_(address: str, **options: Any) -> Tab:
        kind, page = SHARED_BROWSER.take_page(**options)
        taken.append((kind, Tab(page, address)))
        return taken[-1][1]

    yield open_
    for kind, tab in taken:
        tab.stop_listening()
        if tab.is_as_new:
            SHARED_BROWSER.give_back(kind, tab.page)
        else:
            tab.page.context.close()


@pytest.fixture
def tab(chat: Served, new_tab: NewTab) -> Iterator[Tab]:
    """The chat, opened; afterwards it must have been quiet."""
    opened = new_tab(chat.address).open()
    yield opened
    opened.check()
