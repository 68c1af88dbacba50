"""Faults of files, processes and clocks under an index."""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.answering.pipeline import answer
from rag.errors import IndexUnusable
from rag.ingestion.pipeline import ingest, remove
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.index import Index, open_index
from tests.children import Child, hold_the_lock, ingest_slowly
from tests.conftest import LIBRARY, consistent, texts_of, write_files
from tests.fakes import WordEncoder
from tests.torture.commands import ordinary, rag, right, said
from tests.torture.faults import NotHere, fault

KILLS = 20


def settings_in(folder: Path, **changes: object) -> Settings:
    return Settings(home=folder / "home", llm="none", threads=1, **changes)


@contextmanager
def opened(folder: Path, name: str = "default", **changes: object) -> Iterator[Index]:
    with open_index(name, settings=settings_in(folder, **changes), create=True, encoder=WordEncoder()) as index:
        yield index


def ask(index: Index, question: str) -> str:
    *_, last = answer(index, question, model=None)
    return str(last.answer)


def _text(name: str, version: int) -> str:
    return f"The bridge of {name} has version{version}. " + "It is as long as the ferry. " * (60 if "0." in name else 1)


@fault("kills", f"kill -9 at {KILLS} random moments after the first commit of an ingestion with updates and removals")
def kills(folder: Path) -> str:
    chance = random.Random(19)
    documents = folder / "docs"
    versions = {f"{number % 7}/{number:03d}.txt": 0 for number in range(120)}
    write_files(documents, {name: _text(name, 0) for name in versions})
    with opened(folder) as index:
        ingest(index, [documents])
        version = index.version
    at_work = 0
    for number in range(1, 3 * KILLS):
        changed = chance.sample(sorted(versions), 50)
        for name in changed[:45]:
            versions[name] = number
            write_files(documents, {name: _text(name, number)})
        for name in changed[45:]:
            del versions[name]
            (documents / name).unlink()
        versions |= {f"new/{number}-{i}.txt": number for i in range(5)}
        write_files(documents, {f"new/{number}-{i}.txt": _text(f"new/{number}-{i}.txt", number) for i in range(5)})
        child = Child(ingest_slowly, folder / "home", documents, 0.01)
        assert child.receive() == "begins"
        with opened(folder) as index:
            latest = time.monotonic() + 120
            while index.version == version and time.monotonic() < latest:
                time.sleep(0.002)
            assert index.version != version, "it committed nothing"
        time.sleep(chance.uniform(0, 0.4))
        at_work += child.kill()
        with opened(folder) as index:
            assert consistent(index) == []
            for name, texts in texts_of(index).items():
                assert " ".join(texts) in {_text(name, one).strip() for one in range(number + 1)}, name
            version = index.version
        if at_work >= KILLS:
            break
    assert at_work >= KILLS, f"only {at_work} kills met a process at work"
    with opened(folder) as index, opened(folder, "unbroken") as unbroken:
        ingest(index, [documents])
        ingest(unbroken, [documents])
        assert consistent(index) == []
        assert texts_of(index) == texts_of(unbroken)
        assert index.vectors.ids() == unbroken.vectors.ids() == set(index.catalog.chunk_ids())
    return (
        f"After each of {at_work} kills every visible source was one whole version with its vectors; the next "
        "ingestion made the index that an unbroken run makes."
    )


@fault("ten-thousand-files", "a folder of 10,000 files, then one of them changed")
def ten_thousand_files(folder: Path) -> str:
    documents = folder / "docs"
    write_files(documents, {f"{n % 100}/{n}.txt": f"The lantern number{n} has {n} candles." for n in range(10_000)})
    with opened(folder) as index:
        ingest(index, [documents])
        assert index.catalog.chunk_total() == 10_000
        assert retrieve(index, "lantern number7321", 1)[0].source == "21/7321.txt"
        write_files(documents, {"0/0.txt": "The lantern is gone."})
        report = ingest(index, [documents])
        assert [file.source for file in report.files if file.status == "updated"] == ["0/0.txt"]
        assert index.catalog.chunk_total() == 10_000
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    assert megabytes < 3000
    return "All are read and found, and only the changed file is read again."


@fault("text-of-300-mb", "a text of 300 MB between two small ones")
def text_of_300_mb(folder: Path) -> str:
    documents = folder / "docs"
    write_files(documents, LIBRARY)
    with (documents / "huge.txt").open("wb") as file:
        for _ in range(300):
            file.write(b"the keeper sleeps by day and the lamp burns by night\n" * 19_800)
    with opened(folder) as index:
        by_size = {file.source: file for file in ingest(index, [documents]).files}["huge.txt"]
    with opened(folder, max_file_mb=1000) as index:
        by_text = {file.source: file for file in ingest(index, [documents]).files}["huge.txt"]
        assert "412" in ask(index, "How long is the bridge?")
        assert consistent(index) == []
    assert by_size.status == by_text.status == "skipped", (by_size, by_text)
    return "It is skipped, also where its size is allowed but not so much text; the other files are read."


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    before = path.stat().st_mode
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(before)


def _library(folder: Path) -> Path:
    write_files(folder / "library", LIBRARY)
    with opened(folder) as index:
        ingest(index, [folder / "library"])
    return folder / "library"


@fault("unreadable-file", "a document that an ordinary user may not read")
def unreadable_file(folder: Path) -> str:
    library, before = _library(folder), ordinary()
    with mode(library / "bridge.md", 0):
        out = right(rag(folder / "home", "ingest", library, before=before))
    assert "no permission to read this file" in out
    assert "the version read before is kept" in out
    return "The file is reported as failed with what to do; the version read before goes on answering."


@fault("unreadable-folder", "a folder of documents that an ordinary user may not enter")
def unreadable_folder(folder: Path) -> str:
    library, before = _library(folder), ordinary()
    with mode(library / "sea", 0):
        out = right(rag(folder / "home", "ingest", library, before=before))
    assert "no permission to read this folder" in out
    with opened(folder) as index:
        assert "sea/ferry.txt" in texts_of(index)
    return "The folder is reported as failed; none of its sources is removed."


@fault("read-only-index", "an index that an ordinary user may only read")
def read_only_index(folder: Path) -> str:
    library, before = _library(folder), ordinary()
    write_files(library, {"new.txt": "Another one."})
    paths = [folder / "home", *(folder / "home").rglob("*")]
    for path in paths:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        answered = right(rag(folder / "home", "ask", "How long is the bridge?", before=before))
        refused = said(rag(folder / "home", "ingest", library, before=before), 2)
    finally:
        for path in paths:
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert "412" in answered
    assert "change its permissions" in refused
    return "It answers; a change of it is refused with one sentence that says what to change."


@fault("index-without-entry", "an index folder that an ordinary user may not enter")
def index_without_entry(folder: Path) -> str:
    _library(folder)
    before = ordinary()
    with mode(folder / "home/default", 0):
        line = said(rag(folder / "home", "ask", "When?", before=before), 2)
    assert "permissions" in line
    return "One sentence names the file and what to change."


@fault("home-not-writable", "a home folder that an ordinary user may not write to")
def home_not_writable(folder: Path) -> str:
    library, before = _library(folder), ordinary()
    with mode(folder / "home", 0o500):
        line = said(rag(folder / "home", "ingest", library, "--index", "new", before=before), 2)
    assert "cannot be made" in line
    return "A new index is refused with one sentence that names the folder."


@fault("cache-without-permission", "a cache of vectors that an ordinary user may not read")
def cache_without_permission(folder: Path) -> str:
    library, before = _library(folder), ordinary()
    write_files(library, {"new.txt": "The toll of the new bridge."})
    with mode(folder / "home/vectors.sqlite", 0):
        ran = rag(folder / "home", "ingest", library, before=before)
    right(ran)
    assert "cannot be read, so vectors are computed anew" in ran.err
    return "The vectors are computed anew, and a warning says so."


@fault("full-disk", "a disk that is full in the middle of an ingestion")
def full_disk(folder: Path) -> str:
    library = _library(folder)
    small = folder / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "none", small], capture_output=True, check=False)
    if mounted.returncode:
        raise NotHere("no small disk can be mounted")
    try:
        right(rag(small, "ingest", library))
        many = {f"{n}.txt": " ".join(f"word{n * 1000 + i}" for i in range(2000)) for n in range(600)}
        write_files(folder / "many", many)
        line = said(rag(small, "ingest", library, folder / "many"))
        assert "full" in line, line
        answered = right(rag(small, "ask", "How long is the bridge?"))
        assert "412" in answered
    finally:
        subprocess.run(["umount", "--lazy", small], check=False)
    return "One sentence says that the disk is full; what was committed goes on answering."


@fault("clock-jumps", "a clock that jumps back and forth by ten years at every look")
def clock_jumps(folder: Path) -> str:
    real, chance = time.time, random.Random(5)
    library = folder / "library"
    write_files(library, LIBRARY)
    time.time = lambda: real() + chance.uniform(-3e8, 3e8)  # type: ignore[assignment]
    try:
        with opened(folder) as index:
            for number in range(5):
                write_files(library, {"new.txt": f"The lamp has number{number} bulbs."})
                ingest(index, [library])
                assert f"number{number}" in retrieve(index, f"number{number} bulbs", 1)[0].text
                assert "412" in ask(index, "How long is the bridge?")
            remove(index, ["new.txt"])
            assert consistent(index) == []
    finally:
        time.time = real
    return "Changes are seen, removed and answered as by a clock that goes right."


@fault("dates-of-files", "files dated 1970, 2100 and 1901, whose words change while their dates go back")
def dates_of_files(folder: Path) -> str:
    library = folder / "library"
    with opened(folder) as index:
        for number, date in enumerate((0, 4_102_444_800, -2_177_452_800, 1, 4_102_444_799)):
            write_files(library, {"a.txt": f"The lamp has number{number} bulbs."})
            os.utime(library / "a.txt", (date, date))
            ingest(index, [library])
            assert f"number{number}" in retrieve(index, "bulbs", 1)[0].text, date
    return "Each change is seen."


@fault("lock-of-another-host", "a lock that a process of another machine holds, and one that it left behind")
def lock_of_another_host(folder: Path) -> str:
    library = _library(folder)
    place = folder / "home/default"
    child = Child(hold_the_lock, place)
    assert child.receive() == "holds"
    (place / "writer.json").write_text('{"pid": 4242, "host": "elsewhere", "since": "09:30:00"}')
    line = said(rag(folder / "home", "ingest", library), 2)
    assert "4242@elsewhere" in line, line
    right(rag(folder / "home", "retrieve", "ferry"))
    assert child.kill()
    (place / "writer.json").write_text('{"pid": 1, "host": "elsewhere", "since": "09:30:00"}')
    right(rag(folder / "home", "ingest", library))
    return "The holder is named with its machine, and reading goes on; a lock left behind is free."


@fault("model-upgraded", "an embedding model whose weights are replaced under the same name")
def model_upgraded(folder: Path) -> str:
    library = _library(folder)
    newer = WordEncoder()
    newer.fingerprint = "fake-words-2"
    with pytest.raises(IndexUnusable, match="rebuild"):
        open_index(settings=settings_in(folder), encoder=newer)
    shutil.rmtree(folder / "home/default")
    with open_index(settings=settings_in(folder), create=True, encoder=newer) as index:
        ingest(index, [library])
        assert "412" in ask(index, "How long is the bridge?")
    return "The index is refused with the command that makes it anew; vectors of two models are never compared."


@fault("index-deleted", "an index folder that is deleted while it is open")
def index_deleted(folder: Path) -> str:
    _library(folder)
    with opened(folder) as index:
        assert "412" in ask(index, "How long is the bridge?")
        shutil.rmtree(index.folder)
        with pytest.raises(IndexUnusable, match=r"(?i)no index"):
            ask(index, "How long is the bridge?")
    return "The next question is refused with a sentence; nothing is made in its place."
