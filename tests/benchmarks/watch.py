"""A burst of files in a watched folder, and what one changed file costs, beside a fresh ingestion in the same run.

``python -m tests.benchmarks.watch`` watches an empty folder with the system's own events, then creates files, renames
their folder while they are read, and deletes every second one. It prints whether the end is that of a fresh index of
the folder, and the seconds of both. Then it changes one file, and prints the processor time of a look at that file
beside one at everything. Last it changes one file after another, ``--changes`` times, and prints how much the memory of
the process has grown meanwhile. That is measured from the 600th change on: until Chroma has a thousand records that it
has not written into its own file, which is two for each change, it reads them all at each change, and takes more memory
for that each time. Vectors are made up: the times are those of everything but encoding.
"""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
import threading
import time
from pathlib import Path

from rag.ingestion.pipeline import ingest
from rag.ingestion.source_files import EVERYTHING, Look
from rag.notices import Notice
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.types import FileReport, IngestReport
from rag.watching.mirror import IndexMirror
from rag.watching.watcher import Pace, Watcher
from tests.conftest import consistent, texts_of
from tests.fakes import WordEncoder

_FOLDERS = 50
# Seconds after which a burst that has not come to its end is given up.
_GIVE_UP = 1800
_ROUNDS = 5
# Changes before memory is measured, and the most that it may grow by for each change after them.
_BEFORE, _MOST_GROWTH_KB = 600, 8.0
_OFTEN_CHANGED = 20


class _First:
    """Knows when the first file was told, and prints what is said of the watching."""

    def __init__(self) -> None:
        self.told, self.looks = threading.Event(), 0

    def file(self, report: FileReport) -> None:
        self.told.set()

    def notice(self, notice: Notice) -> None:
        print(f"  said: {notice}")

    def looked(self, report: IngestReport, everything: bool) -> None:
        self.looks += 1


def _open(folder: Path, name: str) -> Index:
    return open_index(name, settings=Settings(home=folder, llm="none", threads=1), create=True, encoder=WordEncoder())


def burst(index: Index, folder: Path, files: int) -> tuple[float, int]:
    """Seconds from the first file to the end state, and the looks that it took."""
    told = _First()
    watcher = Watcher([folder], IndexMirror(index), told)
    watcher.start()
    while not told.looks:
        time.sleep(0.05)
    began = time.monotonic()
    for number in range(files):
        path = folder / "first" / str(number % _FOLDERS) / f"{number:05}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# Page {number}\n\nThe ferry number {number} carries {number % 90} cars.\n")
    told.told.wait(_GIVE_UP)
    (folder / "first").rename(folder / "second")
    for number in range(0, files, 2):
        (folder / "second" / str(number % _FOLDERS) / f"{number:05}.md").unlink()
    expected = {f"second/{number % _FOLDERS}/{number:05}.md" for number in range(1, files, 2)}
    while {one.source for one in index.catalog.each_source()} != expected and time.monotonic() < began + _GIVE_UP:
        time.sleep(0.25)
    seconds = time.monotonic() - began
    watcher.stop()
    watcher.wait()
    return seconds, told.looks


def one_file(index: Index, folder: Path, look: Look) -> float:
    """The least processor time of a look after one file has changed, in seconds."""
    spent = []
    path = next(folder.rglob("*.md"))
    for number in range(_ROUNDS):
        path.write_text(f"# Changed {number} of {look is EVERYTHING}\n\nThe toll is {number} crowns.\n")
        places = look if look is EVERYTHING else Look((path,))
        began = time.process_time()
        ingest(index, [folder], look=places)
        spent.append(time.process_time() - began)
    return min(spent)


def growth(index: Index, folder: Path, changes: int) -> float:
    """Kilobytes of memory that one change adds, over many of them, one after another."""
    folder.mkdir()
    told = _First()
    watcher = Watcher([folder], IndexMirror(index), told, pace=Pace(settle=0.02))
    watcher.start()
    while not told.looks:
        time.sleep(0.01)
    before = 0
    for number in range(_BEFORE + changes):
        if number == _BEFORE:
            before = _memory_kb()
        told.told.clear()
        (folder / f"{number % _OFTEN_CHANGED}.md").write_text(f"# Page\n\nThe ferry number {number} carries cars.\n")
        if not told.told.wait(60):
            raise SystemExit(f"change {number} was not seen")
    grown = _memory_kb() - before
    watcher.stop()
    watcher.wait()
    return grown / changes


def _memory_kb() -> int:
    """What the process has in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def main() -> None:
    """Print the figures; fail where the end state is not that of a fresh index."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--changes", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder, home = Path(temporary, "docs").resolve(), Path(temporary, "home")
        folder.mkdir()
        with _open(home, "watched") as watched, _open(Path(temporary, "other"), "fresh") as fresh:
            seconds, looks = burst(watched, folder, options.files)
            began = time.monotonic()
            ingest(fresh, [folder])
            alone = time.monotonic() - began
            same = texts_of(watched) == texts_of(fresh) and not consistent(watched)
            same &= sorted(watched.catalog.chunk_ids()) == sorted(fresh.catalog.chunk_ids())
            print(
                f"burst of {options.files} files, renamed and half deleted while read: {seconds:.1f} s, {looks} looks"
            )
            print(f"fresh ingestion of the {options.files // 2} that stay: {alone:.1f} s")
            print(f"same chunks and sources as the fresh index: {'yes' if same else 'NO'}")
        write = folder / "more"
        write.mkdir()
        for number in range(options.files - options.files // 2):
            (write / f"{number:05}.md").write_text(f"# More {number}\n\nThe storm of {number}.\n")
        with _open(home, "watched") as watched:
            ingest(watched, [folder])
            time.sleep(2.5)
            ingest(watched, [folder])
            alone = one_file(watched, folder, Look(()))
            everything = one_file(watched, folder, EVERYTHING)
            sources = watched.catalog.source_counts()[0]
            print(f"one changed file of {sources}: {alone:.2f} s of processor time; a look at all: {everything:.2f} s")
        with _open(Path(temporary, "long"), "watched") as watched:
            kilobytes = growth(watched, Path(temporary, "often").resolve(), options.changes)
            print(f"memory over {options.changes} changes, after {_BEFORE}: {kilobytes:.1f} KB more for each")
    if not same or kilobytes > _MOST_GROWTH_KB:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
