"""The browser that the tests of a process share, and its pages, which are used again.

Owns: opening the browser when a test first needs it and closing it before one that needs none; keeping pages of people
who have left. A page that has loaded the chat before loads it again for a third of the processor time of a new one.
"""

from __future__ import annotations

import os
import shutil
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import pytest

# A turn of the wheel moves the page at once, so that where it stands can be read after it.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-smooth-scrolling",
]  # fmt: skip
SIZE = {"width": 1360, "height": 850}
# What a context was made with.
Kind: TypeAlias = tuple[tuple[str, Any], ...]
# Pages of people who have left; each has a process of its own.
MOST_IDLE = 4
# A page of the chat without a script, from which what a person left in the browser is taken away.
_EMPTY = "/page/theme-init.js"
# What a context is made with unless somebody asks for something else.
_USUAL = {"has_touch": False, "is_mobile": False, "accept_downloads": True, "java_script_enabled": True}


def chromium() -> str:
    """The browser's program; the test is skipped where there is none, unless FOOTNOTE_BROWSER=required."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("FOOTNOTE_BROWSER") == "required":
            pytest.fail("no chromium on this machine, and FOOTNOTE_BROWSER=required")
        pytest.skip("no chromium on this machine")
    return program


class SharedBrowser:
    """A browser that is opened once, and the pages that nobody uses at the moment, the last used one last."""

    def __init__(self) -> None:
        self._playwright: Any = None
        self._browser: Any = None
        self._idle: list[tuple[Kind, Any]] = []

    def open(self) -> Any:
        """Open the browser unless it is open, and return it."""
        path = chromium()
        if self._browser is None:
            from playwright.sync_api import sync_playwright

            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        return self._browser

    def close(self) -> None:
        """Close the browser: its event loop runs in this thread, beside which no other test could run one."""
        if self._browser is None:
            return
        browser, playwright = self._browser, self._playwright
        self._browser = self._playwright = None
        self._idle = []
        browser.close()
        playwright.stop()

    def take_page(self, **options: Any) -> tuple[Kind, Any]:
        """Open a page as a person finds it at first: nothing is stored, and nothing is set but the options.

        Args:
            **options: As for a new context of Playwright.

        Returns:
            The kind of the page, with which it is given back, and the page.
        """
        size = options.pop("viewport", SIZE)
        scheme, motion = options.pop("color_scheme", "light"), options.pop("reduced_motion", "no-preference")
        options = {name: value for name, value in options.items() if _USUAL.get(name) != value}
        kind = tuple(sorted(options.items()))
        at = next((at for at, (one, _) in enumerate(self._idle) if one == kind), None)
        page = self.open().new_context(**options).new_page() if at is None else self._idle.pop(at)[1]
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion=motion)
        return kind, page

    def give_back(self, kind: Kind, page: Any) -> None:
        """Keep a page for the next person of its kind, without anything of the last one."""
        from playwright.sync_api import Error

        context = page.context
        try:
            address = urlsplit(page.url)
            if page.is_closed() or address.scheme != "http" or ("java_script_enabled", False) in kind:
                context.close()
                return
            for other in context.pages:
                if other is not page:
                    other.close()
            page.unroute_all()
            page.goto(f"http://{address.netloc}{_EMPTY}")
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
            context.clear_cookies()
            context.clear_permissions()
        except Error:
            # Its server or its script hangs.
            context.close()
            return
        self._idle.append((kind, page))
        if len(self._idle) > MOST_IDLE:
            self._idle.pop(0)[1].context.close()


SHARED_BROWSER = SharedBrowser()
