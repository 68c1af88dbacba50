"""Take the pictures of the chat: ``make screenshots`` writes ``docs/images/chat-*.png``.

The real models answer about this handbook, a small report as PDF, and a price list. For the picture of the verdicts a
scripted strong model writes a sentence of each kind about the report, and judges them.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

import rag
from rag.hosting.bind_address import BindAddress
from rag.models.llm.opening import open_llm
from rag.settings import load_settings
from rag.store.index import Index
from tests.load.broken_files import pdf
from tests.shared_browser import ARGUMENTS, chromium
from tests.ui.served import Tab, free_port, wait_until
from ui.server.app import make_app, make_service, run

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"

REPORT = [
    (20, "Harbour board: report on the year 1932"),
    (11, ""),
    (11, "The new lock was opened on 4 May 1932. It is 96 metres long and 14 metres wide."),
    (11, "In its first year 2,318 vessels passed through it, 412 more than through the old lock."),
    (11, ""),
    (11, "The dredging of the eastern channel cost 48,500 crowns. The board had voted 45,000 crowns."),
    (11, "The remainder was paid from the reserve, which now stands at 12,300 crowns."),
    (11, ""),
    (11, "Two keepers were engaged for the lighthouse on Skarholm. The lamp burns from dusk to dawn."),
]
PRICES = (
    "item,unit,price in crowns\nrope,metre,1.20\nstorm lantern,piece,45.00\nanchor,piece,210.00\ntar,barrel,31.50\n"
)

# The highest tide of each month, in metres.
TIDES = {"March": "3.1", "April": "2.8"}

# What the strong model writes of the report, and how it judges each sentence.
WRITTEN = {
    "The new lock was opened on 4 May 1932.": "supported",
    "It is 96 metres long, and deeper than the old lock.": "partly",
    "Fishing boats pass free of charge.": "absent",
    "The dredging of the eastern channel cost 58,500 crowns.": "contradicted",
    "The dredging cost 3,500 crowns more than the board had voted.": "supported",
}


@dataclass
class Reporter:
    """A strong model that says what is ``WRITTEN`` of the evidence that holds the report."""

    weak: bool = False
    name: str = "strong-model"
    context_window: int = 16384

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(self, messages: Sequence[Any], max_tokens: int, **_: Any) -> Iterator[str]:
        prompt = str(messages[-1].content)
        # What follows a number in brackets, until the next one.
        _, *numbered = re.split(r"^\[(\d+)\]", prompt, flags=re.M)
        held = (number for number, text in zip(numbered[::2], numbered[1::2], strict=True) if "96 metres long" in text)
        number = next(held, "")
        asked = re.findall(r"^S(\d+): (.*)", prompt, flags=re.M)
        if asked:
            yield "\n".join(f"S{n}: {WRITTEN.get(sentence.strip(), 'absent')} {number}" for n, sentence in asked)
        elif number:
            yield " ".join(f"{sentence[:-1]} [{number}]." for sentence in WRITTEN)

    def close(self) -> None:
        pass


def report() -> bytes:
    lines, y = [], 720
    for size, words in REPORT:
        lines.append(f"/F1 {size} Tf 1 0 0 1 70 {y} Tm ({words}) Tj")
        y -= 2 * size
    return pdf(f"BT {' '.join(lines)} ET".encode())


def main() -> None:
    work = Path(tempfile.mkdtemp(prefix="footnote-pictures-"))
    try:
        library = work / "library"
        shutil.copytree(ROOT / "docs", library / "handbook", ignore=shutil.ignore_patterns("images"))
        (library / "harbour report.pdf").write_bytes(report())
        (library / "prices.csv").write_text(PRICES)
        watched = work / "Tides"
        watched.mkdir()
        for month, height in TIDES.items():
            (watched / f"tides in {month}.txt").write_text(
                f"The highest tide of {month} 1932 stood at {height} metres.\n"
            )
        options = load_settings().model_copy(update={"home": work / "home"})
        with rag.open_index("library", settings=options, create=True) as index:
            documents = rag.ingest(index, [library]).count("added")
            with serving(index, options.llm, lambda: open_llm(options.llm, options), work) as address:
                take(address, watched, documents + len(TIDES))
            with serving(index, "strong-model", Reporter, work) as address:
                take_verdicts(address)
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def serving(index: Index, spec: str, open_model: Callable[[], Any], work: Path) -> Iterator[str]:
    """Serve the chat over an index with a model, and give its address."""
    service = make_service(index, spec, open_model)
    service.prepare()
    bind_address = BindAddress(port=free_port(), suite=work / "cases.yaml")
    stop, up = threading.Event(), threading.Event()
    app = make_app(service, bind_address, None)
    server = threading.Thread(target=run, args=(app, bind_address, up.set, stop), daemon=True)
    server.start()
    up.wait()
    # The questions to begin with stand on the first picture.
    wait_until(lambda: service.suggestions.of(index) is not None, 600)
    try:
        yield f"http://127.0.0.1:{bind_address.port}"
    finally:
        stop.set()
        server.join(10)
        service.close()


def take_verdicts(address: str) -> None:
    """Take an answer with a sentence of each verdict, what the sources say otherwise open beside it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        tab = Tab(browser.new_page(viewport={"width": 1360, "height": 850}, device_scale_factor=1.5), address)
        answer = tab.open().ask("What does the harbour board say about the new lock and the dredging?")
        answer.locator(".f-left-out summary").first.click()
        answer.locator(".f-left-out .f-open").first.click()
        tab.page.locator("#panel .f-box").first.wait_for(state="attached")
        picture(tab, "verdicts")
        browser.close()


def take(address: str, watched: Path, documents: int) -> None:
    """Take all but the verdicts.

    Args:
        address: Of the chat.
        watched: A folder that is not yet in the collection.
        documents: How many documents there are with those of that folder.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        tab = Tab(browser.new_page(viewport={"width": 1360, "height": 850}, device_scale_factor=1.5), address)
        tab.page.set_default_timeout(600_000)
        tab.open().page.locator(".f-suggested").first.wait_for()
        picture(tab, "welcome")
        cited(tab, "How large may a file be before Footnote skips it?", "#cited")
        picture(tab, "text")
        cited(tab, "What is the price of a storm lantern?", "tr.cited")
        picture(tab, "table")
        cited(tab, "How much did the dredging of the eastern channel cost?", ".f-box")
        picture(tab, "answer")
        dark(tab, lambda: picture(tab, "dark"))
        tab.page.locator(".f-act-more").last.click()
        tab.page.get_by_role("menuitem").nth(2).click()
        tab.page.locator("#f-dialog .f-why").wait_for()
        picture(tab, "why")
        tab.page.keyboard.press("Escape")
        tab.page.locator("#new").click()
        tab.page.locator(".f-welcome").wait_for()
        tab.ask("Who kept the lighthouse of Lenz in 1931?")
        picture(tab, "abstention")
        tab.page.locator("#show-documents").click()
        tab.page.locator("#documents .f-doc").first.wait_for()
        tab.page.locator(".f-watched > summary").click()
        tab.page.locator(".f-path").fill(str(watched))
        tab.page.keyboard.press("Enter")
        tab.page.locator(".f-watched-state", has_text="Watching").wait_for()
        # Whichever rows are in sight, the tree counts those of the folder, too.
        tab.page.locator('.f-folder[data-path=""] .f-folder-count', has_text=str(documents)).wait_for()
        tab.page.locator(".f-collection-count", has_text=str(documents)).first.wait_for()
        picture(tab, "documents")
        tab.page.keyboard.press("Escape")
        tab.page.locator("#show-settings").click()
        picture(tab, "settings")
        phone = Tab(browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2), address)
        phone.page.set_default_timeout(600_000)
        phone.open().ask("When was the new lock opened?")
        picture(phone, "phone")
        browser.close()


def cited(tab: Tab, question: str, shown: str) -> None:
    """Ask in a new conversation, and open the first citation."""
    tab.page.locator("#new").click()
    tab.page.locator(".f-welcome").wait_for()
    answer = tab.ask(question)
    answer.locator("button.f-cite").first.click()
    tab.page.locator(f"#panel {shown}").first.wait_for(state="attached")


def dark(tab: Tab, action: Callable[[], None]) -> None:
    appearance: Any = "theme => { localStorage.setItem('footnote-appearance', theme); footnoteAppearance(); }"
    tab.page.evaluate(appearance, "dark")
    action()
    tab.page.evaluate(appearance, "light")


def picture(tab: Tab, name: str) -> None:
    tab.page.evaluate("document.activeElement.blur()")
    # Where nothing lies that looks otherwise below the mouse; what moves or appears has done so by then.
    tab.page.mouse.move(2, 2)
    tab.page.wait_for_timeout(600)
    IMAGES.mkdir(exist_ok=True)
    taken = Image.open(io.BytesIO(tab.page.screenshot()))
    # A page of few colours needs no more than a palette: a third of the size.
    taken.convert("RGB").quantize(256).save(IMAGES / f"chat-{name}.png", optimize=True)
    print(f"docs/images/chat-{name}.png written", file=sys.stderr)


if __name__ == "__main__":
    main()
