"""A cache of vectors that is locked, full, damaged or replaced: it costs time, and never a question or a file."""

from __future__ import annotations

import logging
import os
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest

from rag.store.index import Index
from rag.store.vector_cache import VectorCache, key_of
from rag.store.vector_file import VectorFile
from tests.conftest import Command, write_files
from tests.store.test_vector_cache import SeededEncoder, older_file, texts

GARBAGE = b"not a database at all" * 100
# Holds a lock on the file until its input ends.
HOLDER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    db.execute(statement).fetchall()
print("held", flush=True)
sys.stdin.read()
"""
# Encodes as many texts as it is told, and prints how many vectors it has and how many texts it had to encode.
CHILD = """
import sys
from pathlib import Path
from rag.store.vector_cache import VectorCache
from tests.store.test_vector_cache import SeededEncoder, texts
cache, encoder = VectorCache(Path(sys.argv[1])), SeededEncoder()
print(len(cache.encode(encoder, texts(int(sys.argv[2])))), len(encoder.texts))
cache.close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.sqlite"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for a lock for long."""
    monkeypatch.setattr("rag.store.vector_cache._READ_WAIT_SECONDS", 0.1)
    monkeypatch.setattr("rag.store.vector_cache._WRITE_WAIT_SECONDS", 0.1)


@contextmanager
def held(path: Path, *statements: str) -> Iterator[None]:
    """Another process holds a lock."""
    command = [sys.executable, "-c", HOLDER, str(path), *statements]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        yield
        child.stdin.close()


def filled(path: Path, count: int = 600) -> None:
    with closing(VectorCache(path)) as cache:
        cache.encode(SeededEncoder(), texts(count))


def damage(path: Path) -> None:
    """Overwrite all of a file but its first page."""
    pages = path.read_bytes()
    path.write_bytes(pages[:16_384] + b"\x7f" * (len(pages) - 16_384))


def put_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("*.damaged*"))


def test_a_locked_file_is_kept_and_done_without(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    filled(path, 10)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    db.close()
    before = path.read_bytes()
    cache, encoder = VectorCache(path), SeededEncoder()
    with held(path, "BEGIN EXCLUSIVE"):
        assert cache.encode(encoder, texts(20)).shape == (20, 384)
        assert cache.look_up(encoder, ["text 001"]) == [None]
        assert "locked" in cache.problem()
    cache.close()
    assert len(encoder.texts) == 20
    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.WARNING], "once for each way"
    assert "locked" in caplog.text
    assert path.read_bytes() == before
    assert put_aside(path) == []
    again, encoder = VectorCache(path), SeededEncoder()
    again.encode(encoder, texts(10))
    again.close()
    assert encoder.texts == []


def test_what_is_kept_is_read_while_another_process_writes(path: Path) -> None:
    filled(path, 10)
    cache, encoder = VectorCache(path), SeededEncoder()
    with held(path, "BEGIN IMMEDIATE"):
        cache.encode(encoder, texts(20))
        assert len(encoder.texts) == 10
        assert cache.keep_only([]) is None
        assert cache.count() == 10
    cache.close()


def test_a_locked_file_is_tried_again_after_a_while(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.store.vector_file_access._REST_SECONDS", 0)
    filled(path, 10)
    cache = VectorCache(path)
    with held(path, "BEGIN IMMEDIATE"):
        cache.encode(SeededEncoder(), texts(11))
        assert cache.count() == 10
    cache.encode(SeededEncoder(), texts(11))
    assert cache.count() == 11
    cache.close()


def test_a_full_disk_stops_nothing(path: Path) -> None:
    filled(path, 100)
    limit = path.stat().st_size
    ran = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), "900"],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert ran.stdout == "900 800\n"
    assert "vectors are not kept" in ran.stderr
    assert put_aside(path) == []
    with closing(VectorCache(path)) as cache:
        assert cache.problem() == ""
        assert cache.count() >= 100


def test_what_cannot_be_opened_is_left_alone(path: Path) -> None:
    path.mkdir()
    cache, encoder = VectorCache(path), SeededEncoder()
    assert cache.encode(encoder, texts(3)).shape == (3, 384)
    assert cache.look_up(encoder, texts(1)) == [None]
    assert "unable to open" in cache.problem()
    assert cache.mend() is None
    cache.close()
    assert path.is_dir()
    assert put_aside(path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_stops_nothing(path: Path) -> None:
    path.parent.chmod(0o500)
    cache, encoder = VectorCache(path), SeededEncoder()
    assert cache.encode(encoder, texts(3)).shape == (3, 384)
    cache.close()
    path.parent.chmod(0o700)
    assert list(path.parent.iterdir()) == []


def test_a_question_writes_nothing_to_an_older_file(path: Path) -> None:
    older_file(path, SeededEncoder(), texts(300))
    before = path.read_bytes()
    cache, encoder = VectorCache(path), SeededEncoder()
    with held(path, "BEGIN IMMEDIATE"):
        assert all(vector is not None for vector in cache.look_up(encoder, texts(300)))
        assert cache.count() == 300
    cache.close()
    assert path.read_bytes() == before


def test_a_question_makes_no_file(path: Path) -> None:
    cache = VectorCache(path)
    assert cache.look_up(SeededEncoder(), texts(1)) == [None]
    assert cache.count() == 0
    assert cache.problem() == ""
    cache.close()
    assert not path.exists()


@pytest.mark.parametrize("form", ["today's", "older"])
def test_all_may_read_while_the_file_is_written_anew(path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    encoder = SeededEncoder()
    if form == "older":
        older_file(path, encoder, texts(600))
    else:
        filled(path)
    size = path.stat().st_size
    keys = [key_of(encoder.fingerprint, text) for text in texts(100)]
    read: list[int] = []
    compact = VectorFile._compact

    def watched(file: VectorFile) -> None:
        with closing(VectorFile(path, 0)) as other:
            file._db.set_progress_handler(lambda: read.append(len(other.read(keys))), 20)
            compact(file)
            file._db.set_progress_handler(None, 0)

    monkeypatch.setattr(VectorFile, "_compact", watched)
    cache = VectorCache(path)
    assert cache.keep_only(keys) == 500
    cache.close()
    assert len(read) > 3
    assert set(read) == {100}
    assert path.stat().st_size < size / 3


def test_a_file_that_another_reads_is_written_anew_by_whoever_writes_next(path: Path) -> None:
    filled(path)
    size = path.stat().st_size
    cache = VectorCache(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM keys").fetchone() == (600,)
        assert cache.keep_only([]) == 600
        assert reader.execute("SELECT count(*) FROM halves").fetchone() == (600,), "it reads what it began with"
    cache.close()
    assert path.stat().st_size < size / 3


USES: dict[str, Callable[[VectorCache], object]] = {
    "look up": lambda cache: cache.look_up(SeededEncoder(), texts(600)),
    "encode": lambda cache: cache.encode(SeededEncoder(), texts(600)),
    "write": lambda cache: cache.encode(SeededEncoder(), texts(3, "new")),
    "forget": lambda cache: cache.keep_only([]),
    "count": lambda cache: cache.count(),
    "mend": lambda cache: cache.mend(),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("older", [False, True])
def test_damage_that_is_met_late_puts_the_file_aside(path: Path, use: str, older: bool) -> None:
    if older:
        older_file(path, SeededEncoder(), texts(600))
    else:
        filled(path)
    damage(path)
    cache, encoder = VectorCache(path), SeededEncoder()
    USES[use](cache)
    vectors = cache.encode(encoder, texts(5))
    assert np.array_equal(cache.encode(encoder, texts(5)), vectors)
    assert cache.problem() == ""
    assert cache.count() >= 5
    assert cache.put_aside == path.with_name("vectors.sqlite.damaged")
    cache.close()
    (aside,) = put_aside(path)
    assert b"\x7f" * 100_000 in aside.read_bytes()
    assert set(encoder.texts) <= set(texts(5))


def test_nothing_that_was_put_aside_is_overwritten(path: Path) -> None:
    for damaged in (GARBAGE, GARBAGE[1:], GARBAGE[2:]):
        path.write_bytes(damaged)
        filled(path, 3)
    names = ["vectors.sqlite.damaged", "vectors.sqlite.damaged-2", "vectors.sqlite.damaged-3"]
    assert [place.name for place in put_aside(path)] == names
    assert [path.with_name(name).read_bytes() for name in names] == [GARBAGE, GARBAGE[1:], GARBAGE[2:]]


def test_who_meets_the_damage_second_uses_the_file_of_the_first(path: Path) -> None:
    filled(path)
    damage(path)
    first, second, encoder = VectorCache(path), VectorCache(path), SeededEncoder()
    with closing(VectorFile(path, 0)) as file:
        second._reading._file = file  # as if it had been opened before the damage was met
        first.encode(encoder, texts(5))
        encoder.texts.clear()
        second.encode(encoder, texts(5))
    assert encoder.texts == []
    assert second.put_aside is None
    assert len(put_aside(path)) == 1
    first.close()
    second.close()


def test_who_is_quicker_to_begin_anew_is_not_put_aside(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path)
    damage(path)
    first, second, encoder = VectorCache(path), VectorCache(path), SeededEncoder()
    read = VectorFile.read

    def slow(file: VectorFile, keys: list[bytes]) -> dict[bytes, bytes]:
        try:
            return read(file, keys)
        except sqlite3.DatabaseError:
            # Between the meeting and the putting aside another has done all.
            monkeypatch.setattr(VectorFile, "read", read)
            first.encode(encoder, texts(5))
            raise

    monkeypatch.setattr(VectorFile, "read", slow)
    assert all(vector is not None for vector in second.look_up(encoder, texts(5)))
    assert second.put_aside is None
    assert len(put_aside(path)) == 1
    first.close()
    second.close()


def test_many_who_meet_the_damage_at_once_put_it_aside_once(path: Path) -> None:
    path.write_bytes(GARBAGE)
    command = [sys.executable, "-c", CHILD, str(path), "50"]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    caches = [VectorCache(path) for _ in range(4)]
    threads = [threading.Thread(target=cache.encode, args=(SeededEncoder(), texts(50))) for cache in caches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [child.communicate()[0].split()[0] for child in children] == ["50", "50"]
    assert [place.read_bytes() for place in put_aside(path)] == [GARBAGE]
    for cache in caches:
        assert cache.problem() == ""
        cache.close()


def test_a_file_that_is_deleted_meanwhile_is_begun_anew(path: Path) -> None:
    cache, encoder = VectorCache(path), SeededEncoder()
    vectors = cache.encode(encoder, texts(5))
    for file in path.parent.glob("vectors.sqlite*"):
        file.unlink()
    assert cache.count() == 0
    assert np.array_equal(cache.encode(encoder, texts(5)), vectors)
    assert cache.count() == 5
    cache.close()
    assert path.is_file()


def test_doctor_finds_a_damaged_cache_and_mends_it(rag: Command, index: Index, home: Path) -> None:
    index.cache.encode(SeededEncoder(), texts(600))
    index.close()
    path = home / "vectors.sqlite"
    damage(path)
    before = path.read_bytes()
    found = rag("doctor")
    assert found.code == 1
    assert "the cache of vectors cannot be used" in found.out
    assert "rag doctor --fix" in found.out
    assert path.read_bytes() == before, "without --fix nothing is changed"
    mended = rag("doctor", "--fix")
    assert mended.code == 0
    assert f"begun anew; the old file is {path}.damaged" in mended.out
    assert rag("doctor").code == 0


@pytest.mark.parametrize("command", ["ask", "ingest"])
def test_a_damaged_cache_stops_no_command(rag: Command, index: Index, home: Path, library: Path, command: str) -> None:
    index.cache.encode(SeededEncoder(), texts(600))
    index.close()
    damage(home / "vectors.sqlite")
    write_files(library, {"new.txt": "A new toll."})
    assert rag(command, "What does the ferry cost?" if command == "ask" else library).code == 0
    assert rag("doctor", "--fix").code == 0
    assert rag("doctor").code == 0
