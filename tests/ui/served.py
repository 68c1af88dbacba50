"""A chat that is really served, for tests in a browser and for pictures of it.

Owns: a small library in every format the panel shows, a model that says what its questions call for, the server in a
thread, and a tab of a browser.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.hosting.bind_address import BindAddress
from rag.hosting.users import Authenticator
from rag.ingestion.pipeline import ingest
from rag.models.encoder import Vectors
from rag.prompts import SENTINEL
from rag.settings import Settings
from rag.store.index import Index, open_index
from tests.conftest import LIBRARY, write_files
from tests.fakes import WordEncoder, vector_of
from tests.load.broken_files import pdf
from ui.server.app import make_app, make_service, run
from ui.service.chat_service import ChatService

HOSTILE_NAME = "castle <img src=x onerror=alert(1)>.txt"
HOSTILE = (
    "The castle gypsy: toll 9 gold <img src=x onerror=\"document.title='broken'\"> "
    "![pixel](http://203.0.113.9/pixel.png) <script>document.title='broken'</script> "
    "[go](javascript:alert(1)) {{7*7}} ${7*7}\n"
)
# The rows of each sheet of a workbook.
FEES = {
    "Keepers": [("Name", "Since"), ("Astrid Holm", 1928)],
    "Tariffs": [("Vessel", "Fee in crowns"), ("Rowing boat", 2), ("Grain barge", 71)],
}
PRICES = "item,price in crowns\nlantern,45\nrope,12\nanchor,210\n"
# Name, the sentence at the top, and how far the page is turned.
REPORTS = {
    "harbour.pdf": ("The harbour was built in 1887.", 0),
    "quay.pdf": ("The quay was paved in 1899.", 90),
}
LIBRARY_OF_FORMATS = LIBRARY | {HOSTILE_NAME: HOSTILE, "prices.csv": PRICES}


class Encoder(WordEncoder):
    """Counts words; a query is encoded in a moment."""

    def encode_question(self, text: str) -> Vectors:
        return vector_of(text)


@dataclass
class Teller:
    """A strong model that answers by the first of its words that stands in the question, else that it is not there; `|`
    makes it pause.
    """

    says: dict[str, str]
    pause: float = 0.05
    weak: bool = False
    name: str = "teller"
    context_window: int = 8192
    asked: list[str] = field(default_factory=list)
    stopped: int = 0

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(
        self,
        messages: Sequence[Any],
        max_tokens: int,
        stop: Sequence[str] = (),
        cancel: threading.Event | None = None,
        purpose: str = "",
    ) -> Iterator[str]:
        question = str(messages[-1].content).rsplit("\n\n", 1)[-1].lower()
        self.asked.append(question)
        for piece in next((answer for word, answer in self.says.items() if word in question), SENTINEL).split("|"):
            for word in piece.split(" "):
                if cancel is not None and cancel.is_set():
                    self.stopped += 1
                    return
                yield word + " "
            if cancel is not None:
                cancel.wait(self.pause)
            else:
                time.sleep(self.pause)

    def close(self) -> None:
        self.says = {}


SAYS = {
    # What is suggested after an answer: one that the documents answer, one that they do not, and no question.
    "follow-up questions": "How long is the bridge?\nWho won the chess olympiad?\nThe end.\nWhen did the bridge open?",
    "endless": "||||||||".join(f"The ferry has {number} cars [1].\n\n" for number in range(400)),
    "storm": "The storm of 1952 broke two windows [1].",
    "castle": "The castle gypsy: toll 9 gold [1].",
    "toll": "The toll is 3 crowns for cars [1]. | It was painted blue in 1950 [1].",
    "slow": "|".join(["The ferry carries 28 cars [1]. "] * 100),
    "ferry": "The ferry carries 28 cars [1].",
    "lantern": "The lantern costs 45 crowns [1].",
    "barge": "The grain barge pays 71 crowns [1].",
    "harbour": "The harbour was built in 1887 [1].",
    "quay": "The quay was paved in 1899 [1].",
}


@dataclass
class Served:
    """A running chat."""

    address: str
    service: ChatService
    index: Index
    model: Teller
    library: Path


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


@contextmanager
def serving(
    folder: Path, *, files: dict[str, str] | None = None, auth: Path | None = None, port: int = 0
) -> Iterator[Served]:
    """A chat over ``files``, by default a library in every format."""
    settings = Settings(home=folder / "home", llm="none", threads=1, parse_seconds=30)
    library = folder / "library"
    library.mkdir()
    write_files(library, LIBRARY_OF_FORMATS if files is None else files)
    if files is None:
        _write_workbook(library / "fees.xlsx")
    for name, (words, degrees) in REPORTS.items() if files is None else ():
        content = b"BT /F1 14 Tf 1 0 0 1 60 700 Tm (%s) Tj 1 0 0 1 60 300 Tm (Granite came by barge.) Tj ET"
        (library / name).write_bytes(pdf(content % words.encode(), b"/MediaBox[0 0 500 800]/Rotate %d" % degrees))
    model = Teller(SAYS)
    index = open_index("library", settings=settings, create=True, encoder=Encoder())
    if any(library.iterdir()):
        ingest(index, [library])
    bind_address = BindAddress(port=port or free_port(), auth=auth, suite=folder / "cases.yaml")
    service = make_service(index, "teller", lambda: model, with_users=auth is not None)  # type: ignore[arg-type,return-value]
    app = make_app(service, bind_address, Authenticator(auth) if auth else None)
    stop, up = threading.Event(), threading.Event()
    service.prepare()
    thread = threading.Thread(target=run, args=(app, bind_address, up.set, stop), daemon=True)
    thread.start()
    assert up.wait(60)
    try:
        yield Served(f"http://127.0.0.1:{bind_address.port}", service, index, model, library)
    finally:
        stop.set()
        thread.join(10)
        service.close()
        index.close()


def _write_workbook(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in FEES.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


_NOT_USED_YET = "was preloaded using link preload but not used within a few seconds"
_ABORTED, _CLOSED = "AbortError: signal is aborted", "Unexpected error Connection errored out"


class Tab:
    """A page in the browser, with what it asked of which host and what it complained of."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        self.address = address
        # Whether the next person can have the page: nothing was put into it that stays when it is left.
        self.is_as_new = True
        heard = {"request": self._note_host, "console": self._note_console, "pageerror": self._note_error}
        for event, note in heard.items():
            page.on(event, note)
        self._heard = (page, heard)
        self.page.set_default_timeout(60_000)

    def stop_listening(self) -> None:
        """What the page does from now on is not this tab's."""
        page, heard = self._heard
        for event, note in heard.items():
            page.remove_listener(event, note)

    def _note_host(self, request: Any) -> None:
        self.hosts.add(urlsplit(request.url).hostname or "")

    def _note_error(self, error: Any) -> None:
        self.complaints.append(str(error))

    def _note_console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, path: str = "/") -> Tab:
        self.page.goto(self.address + path)
        self.page.locator("body.f-ready").wait_for()
        return self

    def ask(self, question: str, wait: bool = True) -> Any:
        """Ask in whatever language the page has, and return the last answer."""
        before = self.page.locator(".f-foot").count()
        box = self.page.locator("#question textarea")
        box.fill(question)
        box.press("Enter")
        if wait:
            self.page.locator(".f-foot").nth(before).wait_for()
            self.page.locator("#question .submit-button").wait_for()
        return self.page.locator(".f-answer").last

    def check(self) -> None:
        """Nothing was asked of another host, and nothing broke the page's policy or its script."""
        assert self.hosts <= {"127.0.0.1", ""}, self.hosts
        # That a file which is loaded early was not used within some seconds says how busy the machine is.
        complaints = [text for text in self.complaints if _NOT_USED_YET not in text]
        if any(text.startswith(_ABORTED) and "/assets/" in text for text in complaints):
            # Of a page that is left, Gradio's script closes its stream, and may still say so.
            complaints = [text for text in complaints if not text.startswith((_ABORTED, _CLOSED))]
        assert not complaints, complaints


def wait_until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something to become true; the page's policy forbids Playwright's own way, which needs ``eval``.

    ``true`` must ask the page: what Playwright only remembers, such as ``page.url``, does not change meanwhile.
    """
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
