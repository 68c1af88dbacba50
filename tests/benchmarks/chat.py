"""The chat at size: how soon its page can be used, how fast a citation opens, and ten people on one embedded model.

The index has 2,000 documents and 50,000 chunks whose vectors are random: what is timed does not depend on what they
mean. The browser is chromium; without one the page is not timed. ``--documents 200`` is a quick run.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import numpy as np

from rag.ingestion.pipeline import content_hash
from rag.settings import Settings, load_settings
from rag.store.catalog import History, NewVersion, SourceRecord
from rag.store.index import Index, open_index
from rag.store.vector_stores import VectorRecord
from rag.types import Answer, Chunk, Citation, Document
from tests.benchmarks.speed import text
from tests.shared_browser import ARGUMENTS
from tests.ui.served import free_port

_CHUNKS_A_DOCUMENT = 25
_BATCH = 100


def large(index: Index, documents: int) -> None:
    """Fill an index with so many documents of 25 chunks each."""
    generator = np.random.default_rng(7)
    for start in range(0, documents, _BATCH):
        versions, entries = [], []
        for number in range(start, min(documents, start + _BATCH)):
            lines = [text(9_000_000 + number * 100 + line, 6) for line in range(_CHUNKS_A_DOCUMENT)]
            document = Document("\n".join(lines), f"Document {number}", "text/plain")
            name = f"folder {number % 40:02}/document {number:05}.txt"
            record = SourceRecord(name, "", "", "", "", "", content_hash(document), document.title, None, False)
            spans, position = [], 0
            for line in lines:
                spans.append(Chunk(position, position + len(line), document.title))
                position += len(line) + 1
            ids = [f"{number:05}-{i:02}" for i in range(len(spans))]
            versions.append(NewVersion(record, document, spans, ids))
            entries += [
                VectorRecord(
                    id_, document.text[c.start : c.end], name, record.document_id or "", record.title, "", c.start,
                    c.end, None,
                )
                for id_, c in zip(ids, spans, strict=True)
            ]  # fmt: skip
        vectors = generator.normal(size=(len(entries), 384)).astype(np.float32)
        index.vectors.add(entries, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
        index.catalog.publish(versions)


def answered(index: Index, turns: int) -> list[str]:
    """Keep answers that cite places all over the index; returns the ids of their turns."""
    history = History(index.folder)
    conversation = history.begin("").id
    chosen = random.Random(5)
    chunks = chosen.sample(list(index.catalog.chunks(index.catalog.chunk_ids()).values()), turns)
    turn_ids = []
    for chunk in chunks:
        start, end = chunk.start, min(chunk.end, chunk.start + 90)
        document = index.catalog.document(chunk.document_id)
        assert document is not None
        words = document.text[start:end]
        citation = Citation(1, chunk.source, chunk.document_id, chunk.title, start, end, words)
        turn_ids.append(history.save("", conversation, Answer("q", "q", words, citations=(citation,))).id)
    return turn_ids


def start(home: Path, llm: str) -> tuple[subprocess.Popen[bytes], str, float]:
    """``rag chat`` in a process of its own; returns its address and the seconds until it answers."""
    port = free_port()
    command = [sys.executable, "-m", "rag", "chat", "--index", "large", "--home", str(home), "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen([*command, "--llm", llm], stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=1):
                return process, address, time.perf_counter() - began
        except OSError:
            if process.poll() is not None or time.perf_counter() - began > 120:
                sys.exit("rag chat did not start")
            time.sleep(0.02)


def page(address: str) -> list[float] | None:
    """Seconds until the question box can be used: of the first visit, and of two with what the browser kept."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return None
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        context = browser.new_context()
        for _ in range(3):
            tab = context.new_page()
            began = time.perf_counter()
            tab.goto(address)
            tab.locator("body.f-ready").wait_for()
            found.append(time.perf_counter() - began)
            tab.close()
        browser.close()
    return found


def citations(address: str, turn_ids: list[str]) -> list[float]:
    """Milliseconds in which each citation's view comes from the server."""
    found = []
    with closing(HTTPConnection(urlsplit(address).netloc)) as connection:
        for turn_id in turn_ids:
            began = time.perf_counter()
            connection.request("GET", f"/i/own:large/turns/{quote(turn_id)}/c1")
            body = connection.getresponse().read()
            found.append((time.perf_counter() - began) * 1000)
            assert b'id="cited"' in body
    return found


def documents(address: str) -> list[float]:
    """Milliseconds of pages and searches of the list of documents."""
    found = []
    with closing(HTTPConnection(urlsplit(address).netloc)) as connection:
        for query in ("page=1", "page=40", "page=80", "search=folder%2007", "search=document%2001999"):
            began = time.perf_counter()
            connection.request("GET", f"/i/own:large/documents?{query}")
            connection.getresponse().read()
            found.append((time.perf_counter() - began) * 1000)
    return found


def ten_people(chosen: Settings, home: Path, llm: str) -> None:
    """Ten people ask at once; each waits for the others' turns and no longer."""
    from rag.models.llm.opening import open_llm
    from ui.server.app import make_service
    from ui.service.chat_service import AskOptions

    chosen = chosen.model_copy(update={"home": home})
    with open_index("large", settings=chosen) as index:
        service = make_service(index, llm, lambda: open_llm(llm, chosen))
        service.prepare()
        history = History(index.folder)
        ended: list[tuple[float, int]] = []
        began = time.perf_counter()

        def ask(number: int) -> None:
            person = f"person {number}"
            conversation = history.begin(person).id
            asked = f"What had {text(number, 1)}?"
            states = service.ask(person, index, conversation, asked, AskOptions()).follow()
            positions = [state.position for state in states]
            ended.append((time.perf_counter() - began, max(positions)))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        service.close()
    waits = [round(seconds, 1) for seconds, _ in sorted(ended)]
    print(f"ten people at once, {llm}: answered after {waits} s; places seen up to {max(p for _, p in ended)}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=2000)
    arguments.add_argument("--llm", default="local")
    found = arguments.parse_args()
    chosen = load_settings()
    work = Path(tempfile.mkdtemp(prefix="footnote-chat-"))
    process = None
    try:
        with open_index("large", settings=chosen.model_copy(update={"home": work}), create=True) as index:
            large(index, found.documents)
            print(f"{found.documents} documents, {index.catalog.chunk_total()} chunks")
            turn_ids = answered(index, 200)
        process, address, up = start(work, found.llm)
        opened = page(address)
        print(f"start to the first answer of the server                 {up:6.2f} s")
        if opened:
            print(f"start to the first usable page                          {up + opened[0]:6.2f} s   (target < 8)")
            print(f"page, first visit                                       {opened[0]:6.2f} s   (target < 2)")
            print(f"page, later visits                                      {statistics.median(opened[1:]):6.2f} s")
        views = sorted(citations(address, turn_ids))
        p95 = views[int(0.95 * len(views))]
        print(f"citation opens, p50 {statistics.median(views):.1f} ms, p95 {p95:.1f} ms   (target p95 < 300)")
        lists = documents(address)
        print(f"list of documents, slowest page or search {max(lists):.1f} ms")
        process.terminate()
        process.wait(30)
        ten_people(chosen, work, found.llm)
    finally:
        if process is not None and process.poll() is None:
            process.kill()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
