"""The chat page in a real browser. Set FOOTNOTE_BROWSER=required where a missing browser is a failure."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from rag.index import Index
from rag.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

HOSTILE = (
    "The castle: toll 9 crowns <img src=x onerror=\"document.title='broken'\"> "
    "![pixel](http://203.0.113.9/pixel.png) <script>document.title='broken'</script>\n"
)


@pytest.fixture
def browser_path() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("FOOTNOTE_BROWSER") == "required":
            pytest.fail("no chromium on this machine, and FOOTNOTE_BROWSER=required")
        pytest.skip("no chromium on this machine")
    return found


@pytest.fixture
def address(index: Index, settings: Settings) -> Iterator[str]:
    from ui.chat import build

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    page = build(index, None, settings)
    page.launch(
        server_name="127.0.0.1", server_port=port, share=False, ssr_mode=False, quiet=True, prevent_thread_lock=True
    )
    yield f"http://127.0.0.1:{port}"
    page.close(verbose=False)


@pytest.fixture
def hostile(library: Path) -> None:
    (library / "castle.txt").write_text(HOSTILE, encoding="utf-8")


def ask(page: Any, question: str) -> str:
    box = page.get_by_label("Question")
    box.fill(question)
    box.press("Enter")
    page.wait_for_function("document.body.innerText.includes('[1] ') || document.body.innerText.includes('do not say')")
    page.wait_for_function("!/Searching|Reading|Writing|Loading/.test(document.body.innerText)")
    return str(page.inner_text("body"))


def test_ask_and_read_the_citation(hostile: None, address: str, browser_path: str) -> None:
    """An answer with its citation appears, and nothing is asked of another host or run from a document."""
    from playwright.sync_api import sync_playwright

    asked: set[str] = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        page = browser.new_page()
        page.on("request", lambda request: asked.add(urlsplit(request.url).hostname or ""))
        page.goto(address)
        shown = ask(page, "How many cars does the ferry carry?")
        assert "“The ferry carries 28 cars.” [1]" in shown
        assert "sea/ferry.txt" in shown
        page.reload()
        shown = ask(page, "castle toll crowns")
        assert "9 crowns <img src=x onerror=" in shown, "the document's words are shown, not obeyed"
        assert page.title() == "Footnote"
        assert page.locator("img[src='x'], img[src*='203.0.113.9']").count() == 0
        browser.close()
    assert asked <= {"127.0.0.1", ""}, asked
