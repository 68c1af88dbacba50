"""Take the pictures of the chat: ``make screenshots`` writes ``docs/images/chat-*.png``.

The real models answer about this handbook, a small report as PDF, and a price list.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

import rag
from rag.models.llm.opening import open_llm
from rag.settings import load_settings
from tests.load.broken_files import pdf
from tests.ui.served import ARGUMENTS, Tab, chromium, free_port
from ui.server.app import make_app, make_service, run
from ui.server.bind_address import BindAddress

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
        options = load_settings().model_copy(update={"home": work / "home"})
        with rag.open_index("library", settings=options, create=True) as index:
            rag.ingest(index, [library])
            service = make_service(index, options.llm, lambda: open_llm(options.llm, options))
            service.prepare()
            bind_address = BindAddress(port=free_port(), suite=work / "cases.yaml")
            stop, up = threading.Event(), threading.Event()
            server = threading.Thread(
                target=run, args=(make_app(service, bind_address, None), bind_address, up.set, stop), daemon=True
            )
            server.start()
            up.wait()
            try:
                take(f"http://127.0.0.1:{bind_address.port}")
            finally:
                stop.set()
                server.join(10)
                service.close()
    finally:
        shutil.rmtree(work, ignore_errors=True)


def take(address: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1360, "height": 850}, device_scale_factor=1.5)
        tab = Tab(context, address)
        tab.page.set_default_timeout(120_000)
        picture(tab, "welcome")
        cited(tab, "How large may a file be before Footnote skips it?", "#cited")
        picture(tab, "text", fresh=False)
        cited(tab, "What is the price of a storm lantern?", "tr.cited")
        picture(tab, "table", fresh=False)
        cited(tab, "How much did the dredging of the eastern channel cost?", ".f-box")
        picture(tab, "answer", fresh=False)
        dark(tab, lambda: picture(tab, "dark", fresh=False))
        tab.page.locator(".f-act-why").last.click()
        tab.page.locator("#f-dialog .f-why").wait_for()
        picture(tab, "why", fresh=False)
        tab.page.keyboard.press("Escape")
        tab.page.locator("#new").click()
        tab.page.locator(".f-welcome").wait_for()
        tab.ask("Who was the first engineer of the railway to Lenz?")
        picture(tab, "abstention", fresh=False)
        tab.page.locator("#show-documents").click()
        tab.page.locator(".f-documents").wait_for()
        picture(tab, "documents", fresh=False)
        tab.page.keyboard.press("Escape")
        tab.page.locator("#show-settings").click()
        picture(tab, "settings", fresh=False)
        phone = Tab(browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2), address)
        phone.page.set_default_timeout(120_000)
        phone.open().ask("When was the new lock opened?")
        picture(phone, "phone", fresh=False)
        browser.close()


def cited(tab: Tab, question: str, shown: str) -> None:
    """Ask in a new conversation, and open the first citation."""
    tab.page.locator("#new").click()
    tab.page.locator(".f-welcome").wait_for()
    answer = tab.ask(question)
    answer.locator("button.f-cite").first.click()
    tab.page.locator(f"#panel {shown}").first.wait_for(state="attached")
    tab.page.mouse.move(600, 600)


def dark(tab: Tab, action: Callable[[], None]) -> None:
    appearance: Any = "theme => { localStorage.setItem('footnote-appearance', theme); footnoteAppearance(); }"
    tab.page.evaluate(appearance, "dark")
    action()
    tab.page.evaluate(appearance, "light")


def picture(tab: Tab, name: str, fresh: bool = True) -> None:
    if fresh:
        tab.open()
    tab.page.evaluate("document.activeElement.blur()")
    tab.page.wait_for_timeout(600)
    IMAGES.mkdir(exist_ok=True)
    taken = Image.open(io.BytesIO(tab.page.screenshot()))
    # A page of few colours needs no more than a palette: a third of the size.
    taken.convert("RGB").quantize(256).save(IMAGES / f"chat-{name}.png", optimize=True)
    print(f"docs/images/chat-{name}.png written", file=sys.stderr)


if __name__ == "__main__":
    main()
