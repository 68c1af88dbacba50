"""A catalog with flipped bits: what can be read is kept, what is lost is read again, and nothing goes in a circle."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import uuid
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from rag.ingestion.mending import is_damaged, mend_catalog
from rag.ingestion.pipeline import ingest, version_hash
from rag.settings import Settings
from rag.store.catalog import FILE, Catalog, History
from rag.store.catalog.salvage import DAMAGED, salvage
from rag.store.index import open_index
from rag.store.vector_repair import compare_vectors, mend_vectors
from rag.store.write_lock import write_lock
from rag.types import Answer
from tests.conftest import write_files
from tests.fakes import WordEncoder

WORDS = ("bridge", "ferry", "toll", "harbour", "keeper", "lamp", "lock", "barge")
FILES = {
    f"folder/{n:02}.md": f"# Chapter {n}\n\n"
    + " ".join(f"The {WORDS[(n + i) % 8]} has number {n * 31 + i}." for i in range(60))
    for n in range(40)
}


def is_whole(id_: str, media_type: str, pages: Sequence[int], text: str) -> bool:
    return id_ == version_hash(media_type, pages, text)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    write_files(tmp_path / "library", FILES)
    for path in (tmp_path / "library").rglob("*.md"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return tmp_path / "library"


@pytest.fixture
def folder(tmp_path: Path, library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of forty files with thirty answers, closed; the same at each run, so that the same bits flip."""
    chance = random.Random(1)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=chance.getrandbits(128), version=4))
    with open_index("library", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [library])
        history = History(index.folder)
        for n in range(10):
            conversation = history.begin("", f"Conversation {n}")
            for question in ("Who?", "When?", "Where?"):
                answer = Answer(question, question, answer=f"Because of {n}. " * 40, state="done")
                history.save("", conversation.id, answer)
        return index.folder


def damage(path: Path, seed: int, flips: int) -> None:
    """Flip bits of a file behind its header."""
    content, chance = bytearray(path.read_bytes()), random.Random(seed)
    for _ in range(flips):
        content[chance.randrange(100, len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def texts_of(folder: Path) -> dict[str, str]:
    with closing(Catalog(folder)) as catalog:
        found = {}
        for record in catalog.source_records():
            document = catalog.document(record.document_id) if record.document_id else None
            found[record.source] = document.text if document else ""
        return found


def test_of_a_whole_catalog_nothing_is_lost(folder: Path) -> None:
    before = dump(folder / FILE)
    found = salvage(folder, is_whole)
    assert (found.opens, found.sources, found.doubtful) == (True, 40, ())
    assert (found.conversations, found.answers, found.lost_answers) == (10, 30, 0)
    assert dump(folder / FILE) == before
    assert dump(folder / DAMAGED) == before


def dump(path: Path) -> list[tuple[object, ...]]:
    """Return the rows of every table of a catalog but its version."""
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        copied = [table for table in tables if "keywords_" not in table]
        rows = [(table, *row) for table in copied for row in db.execute(f"SELECT * FROM {table}")]
    return sorted((row for row in rows if row[:2] != ("meta", "version")), key=repr)


@pytest.mark.parametrize("flips", [1, 20, 300])
def test_what_is_damaged_is_mended(folder: Path, settings: Settings, tmp_path: Path, flips: int) -> None:
    shutil.copytree(folder, tmp_path / "whole")
    mended = 0
    for seed in range(12):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "whole", folder)
        damage(folder / FILE, seed, flips)
        if not is_damaged("library", settings):
            # The bits were in a page that nobody uses, or in the keyword index, which is made anew in place.
            continue
        results = mend_catalog("library", settings, encoder=WordEncoder())
        assert not is_damaged("library", settings), seed
        if results[0].mended:
            mended += 1
            # A name or a path may itself be damaged; its file is read under the right one.
            texts = texts_of(folder)
            assert FILES.items() <= texts.items(), seed
            # A row that has become another one is told as a source whose file is nowhere.
            unmended = [result.text for result in results if not result.mended]
            assert all("could not be read again: their files are gone" in text for text in unmended), results
            assert unmended or texts == FILES, seed
        else:
            assert "rag ingest PATH --rebuild" in results[0].text
        # What is left of each conversation can be read.
        history = History(folder)
        for conversation in history.conversations("", limit=100):
            for turn in history.turns("", conversation.id):
                # A bit of a question may have flipped; its answer names it, too.
                named = {turn.question, turn.answer.question}
                assert named & {"Who?", "When?", "Where?"} or turn.answer.notices
    assert mended >= {1: 1, 20: 6, 300: 9}[flips]


def test_what_is_told_of_a_source_is_forgotten_where_it_has_lost_its_form(folder: Path, settings: Settings) -> None:
    with closing(sqlite3.connect(folder / FILE)) as db, db:
        db.execute("UPDATE sources SET warnings = '1' WHERE source = 'folder/07.md'")
        db.execute("UPDATE sources SET problem = '{' WHERE source = 'folder/08.md'")
    assert is_damaged("library", settings)
    results = mend_catalog("library", settings, encoder=WordEncoder())
    assert all(result.mended for result in results), results
    assert "2 sources were read again from their files (folder/07.md, folder/08.md)" in results[1].text
    assert texts_of(folder) == FILES


@pytest.mark.parametrize(
    "key", ["collection", "embedding_fingerprint", "embedding_model", "format", "id", "roots", "vectors", "version"]
)
def test_a_damaged_line_of_the_manifest_is_made_anew(folder: Path, settings: Settings, key: str) -> None:
    for damaged in ("a bit", "all"):
        with closing(sqlite3.connect(folder / FILE)) as db, db:
            (value,) = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
            middle = len(value) // 2
            flipped = value[:middle] + chr(ord(value[middle]) ^ 64) + value[middle + 1 :]
            if damaged == "a bit":
                db.execute("UPDATE meta SET value = ? WHERE key = ?", (flipped, key))
            else:
                db.execute("DELETE FROM meta WHERE key = ?", (key,))
            db.execute("UPDATE documents SET text = replace(text, 'bridge', 'trench') WHERE text LIKE '%Chapter 7%'")
        assert is_damaged("library", settings)
        results = mend_catalog("library", settings, encoder=WordEncoder())
        assert all(result.mended for result in results), results
        assert texts_of(folder) == FILES
        with open_index("library", settings=settings, encoder=WordEncoder()) as index:
            # As the doctor does next.
            mend_vectors(index)
            assert compare_vectors(index) == (0, 0)
            assert len(History(index.folder).conversations("", limit=100)) == 10
            assert index.catalog.get(key) not in ("", flipped)


def test_a_file_that_is_no_catalog_any_more_says_what_to_do(folder: Path, settings: Settings) -> None:
    (folder / FILE).write_bytes(b"x" * 100_000)
    assert is_damaged("library", settings)
    (result,) = mend_catalog("library", settings, encoder=WordEncoder())
    assert not result.mended
    assert "rag ingest PATH --rebuild" in result.text
    assert (folder / DAMAGED).read_bytes() == b"x" * 100_000


def test_a_source_whose_file_is_gone_is_named(folder: Path, library: Path, settings: Settings) -> None:
    with closing(sqlite3.connect(folder / FILE)) as db, db:
        db.execute("UPDATE documents SET text = replace(text, 'bridge', 'trench') WHERE text LIKE '%Chapter 7%'")
    (library / "folder/07.md").unlink()
    assert is_damaged("library", settings)
    whole, lost = mend_catalog("library", settings, encoder=WordEncoder())
    assert whole.mended
    assert not lost.mended
    assert "1 sources could not be read again: their files are gone (first: library/folder/07.md)" in lost.text or (
        "first: folder/07.md" in lost.text
    )


def test_texts_that_one_bit_made_bytes_are_texts_again(folder: Path, settings: Settings) -> None:
    columns = {
        "sources": ("source", "root", "path", "stamp", "title", "warnings"),
        "documents": ("media_type", "pages", "blocks"),
        "chunks": ("context", "text"),
        "conversations": ("title",),
        "turns": ("question", "answer", "words"),
        "meta": ("value",),
    }
    before = texts_of(folder)
    with closing(sqlite3.connect(folder / FILE)) as db, db:
        for table, names in columns.items():
            cast = ", ".join(f"{name} = CAST({name} AS BLOB)" for name in names)
            db.execute(
                f"UPDATE {table} SET {cast} WHERE rowid % 5 = 1" if table != "meta" else f"UPDATE meta SET {cast}"
            )
    with write_lock(folder):
        found = salvage(folder, is_whole)
    assert (found.opens, found.sources, found.doubtful) == (True, 40, ())
    assert (found.conversations, found.answers, found.lost_answers) == (10, 30, 0)
    assert not is_damaged("library", settings)
    assert texts_of(folder) == before
    assert len(History(folder).conversations("", limit=100)) == 10
