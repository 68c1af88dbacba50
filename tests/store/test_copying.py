"""An index is copied between SQLite and PostgreSQL, with real Chroma: equal there and back, whole or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from rag.answering.pipeline import answer
from rag.database import read_transaction
from rag.database.schemas import drop_schema
from rag.errors import DatabaseUnusable, IndexUnusable, UsageError
from rag.ingestion.pipeline import ingest
from rag.ingestion.rebuild import rebuild
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.catalog.places import Place, schema_of
from rag.store.catalog.schema import make_tables
from rag.store.chroma import ChromaStore
from rag.store.copying import Copied, copy_index, work
from rag.store.copying.rows import _TABLES, _columns
from rag.store.folders import REPLACED
from rag.store.index import open_index
from rag.store.moving import delete_index
from rag.store.purge import purge
from rag.store.vector_repair import compare_vectors, mend_vectors
from rag.store.write_lock import place_lock
from tests.children import Child
from tests.conftest import Command, write_files
from tests.fakes import WordEncoder
from tests.loopback import SECONDS
from tests.postgres_server import PostgresServer, another_server

FILES = {
    "bridge.md": "# Bridge\n\nThe bridge is 120 metres long.\n\nIt was built in 1931.\n",
    "ferry.md": "# Ferry\n\nThe ferry crosses the river in 9 minutes.\n",
    "gone.md": "# Mill\n\nThe mill has burnt down.\n",
    "old.txt": "The old toll was 3 marks. W\u00fcrde und Wa\u0142\u0119sa.\n",
}


@dataclass
class Both:
    """An index in files with all that a catalog can hold, and a database for its copy."""

    settings: Settings
    files: Place
    database: Place

    def copy(self, source: Place, target: Place, overwrite: bool = False, **changes: Any) -> Copied:
        settings = self.settings.model_copy(update=changes)
        return copy_index(source, target, settings, "", overwrite, lambda *_: None)


@pytest.fixture
def both(home: Path, tmp_path: Path, settings: Settings, postgres_server: PostgresServer) -> Both:
    write_files(tmp_path / "library", FILES)
    with open_index("default", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [tmp_path / "library"])
        index.catalog.remove(["gone.md"], keep_as="a removal")
        history = History(index.folder)
        *_, last = answer(index, "How long is the bridge?", model=None)
        turn = history.save("", history.begin("", "Bridges").id, last)
        history.rate("", turn.id, "up", "right \x00")
        index.vectors.refresh()
    url = postgres_server.new_database()
    folder = home / "default"
    return Both(settings, Place(folder), Place(folder, url, schema_of(folder)))


def rows_of(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but for where the vectors are."""
    with closing(place.connect()) as db:
        found = {}
        for table, key in _TABLES:
            names = ", ".join(f'"{name}"' for name in _columns(db, table))
            order = ", ".join(key)
            found[table] = [tuple(row) for row in db.execute(f"SELECT {names} FROM {table} ORDER BY {order}")]
        found["meta"] = [row for row in found["meta"] if row[0] != "collection"]
        return found


def vectors_of(place: Place) -> dict[str, list[float]]:
    with closing(place.connect()) as db:
        ids = [id_ for (id_,) in db.execute("SELECT id FROM chunks ORDER BY number")]
        (collection,) = db.execute("SELECT value FROM meta WHERE key = 'collection'").fetchone()
    with closing(ChromaStore(place.own_folder / "chroma", collection)) as store:
        assert set(ids) <= set(store.ids())
        return dict(store.vectors(ids))


def collections(folder: Path) -> dict[str, int]:
    """How many vectors each collection of a folder has."""
    with closing(ChromaStore(folder / "chroma", "any")) as store:
        store._open()
        assert store._client is not None
        counted = {each.name: each.count() for each in store._client.list_collections() if each.name != "any"}
        store._client.delete_collection("any")
    return counted


def test_there_and_back_everything_is_equal(
    both: Both, rag: Command, use_database: Callable[[str], None], tmp_path: Path
) -> None:
    rows, vectors = rows_of(both.files), vectors_of(both.files)
    assert all(rows.values())
    before = rag("ask", "--json", "How long is the bridge?")
    there = both.copy(both.files, both.database)
    assert (there.sources, there.chunks, there.conversations) == (3, len(vectors), 1)
    assert rows_of(both.database) == rows
    assert vectors_of(both.database) == vectors == vectors_of(both.files)
    assert rows_of(both.files) == rows
    use_database(both.database.url)
    in_database = rag("ask", "--json", "How long is the bridge?")
    use_database("")
    both.copy(both.database, both.files, overwrite=True)
    assert rows_of(both.files) == rows
    assert vectors_of(both.files) == vectors
    after = rag("ask", "--json", "How long is the bridge?")
    answers = [json.loads(ran.out) for ran in (before, in_database, after)]
    for one in answers:
        one.pop("seconds", None)
        one.pop("timings", None)
    assert answers[0]["citations"]
    assert answers[0] == answers[1] == answers[2]
    # What was replaced has left no vectors.
    for place in (both.files, both.database):
        assert sum(collections(place.own_folder).values()) == len(vectors)


def test_what_is_done_to_one_leaves_the_other_as_it_is(both: Both, use_database: Callable[[str], None]) -> None:
    both.copy(both.files, both.database)
    for changed, kept in ((both.database, both.files), (both.files, both.database)):
        rows, vectors = rows_of(kept), vectors_of(kept)
        use_database(changed.url)
        rebuild("default", [], both.settings, encoder=WordEncoder())
        with open_index("default", settings=both.settings, encoder=WordEncoder()) as index:
            mend_vectors(index)
            purge(index)
            assert compare_vectors(index) == (0, 0)
        assert (rows_of(kept), vectors_of(kept)) == (rows, vectors)
    rows, vectors = rows_of(both.database), vectors_of(both.database)
    delete_index(both.files.folder)
    assert (rows_of(both.database), vectors_of(both.database)) == (rows, vectors)
    both.copy(both.database, both.files)
    use_database(both.database.url)
    delete_index(both.files.folder)
    assert not both.database.exists()
    assert (rows_of(both.files), vectors_of(both.files)) == (rows, vectors)


def test_who_has_the_replaced_index_open_follows(both: Both, use_database: Callable[[str], None]) -> None:
    both.copy(both.files, both.database)
    use_database(both.database.url)
    with open_index("default", settings=both.settings, encoder=WordEncoder()) as index:
        index.check_vectors()
        both.copy(both.files, both.database, overwrite=True)
        index.refresh()
        index.check_vectors()
        assert compare_vectors(index) == (0, 0)


def test_no_name_of_an_index_is_in_the_way(both: Both) -> None:
    other = Place(both.files.folder, both.database.url, f"{both.database.schema}.copied")
    both.copy(both.files, other)
    rows = rows_of(other)
    both.copy(both.files, both.database)
    assert rows_of(other) == rows
    assert rows_of(both.database) == rows


def test_databases_of_one_name_share_no_folder(both: Both, postgres_server: PostgresServer) -> None:
    both.copy(both.files, both.database)
    other = replace(both.database, url=postgres_server.new_database())
    assert other.own_folder != both.database.own_folder
    both.copy(both.database, other)
    assert vectors_of(other) == vectors_of(both.database)
    same = replace(both.database, url=f"{both.database.url}&application_name=other")
    assert same.own_folder == both.database.own_folder
    with pytest.raises(UsageError) as shared:
        both.copy(both.database, same, overwrite=True)
    assert shared.value.notice.code == "copy-shares-folder"


def test_databases_of_one_name_on_two_servers_share_no_folder(both: Both, postgres_server: PostgresServer) -> None:
    both.copy(both.files, both.database)
    rows, vectors = rows_of(both.database), vectors_of(both.database)
    with another_server(postgres_server) as second:
        second.statement(f"CREATE DATABASE {urlsplit(both.database.url).path.strip('/')}")
        other = replace(both.database, url=second.url(urlsplit(both.database.url).path.strip("/")))
        assert other.own_folder != both.database.own_folder
        both.copy(both.database, other)
        assert (rows_of(other), vectors_of(other)) == (rows, vectors)
        both.copy(both.files, other, overwrite=True)
        assert (rows_of(both.database), vectors_of(both.database)) == (rows, vectors)


def test_a_reader_of_what_was_replaced_is_waited_for(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    older = Place(both.files.folder, both.database.url, f"{both.database.schema}{REPLACED}")
    both.copy(both.files, older)
    monkeypatch.setattr("rag.database.schemas._DROP_WAIT", "50ms")
    with older.opened() as db, read_transaction(db):
        assert db.execute("SELECT count(*) FROM chunks").fetchone() == (3,)
        with pytest.raises(DatabaseUnusable, match="it reads in an older default"):
            both.copy(both.files, both.database)
    assert not both.database.exists()
    both.copy(both.files, both.database)
    assert not older.exists()


def test_a_place_that_is_taken_is_kept(both: Both) -> None:
    both.copy(both.files, both.database)
    rows = rows_of(both.database)
    with pytest.raises(UsageError) as taken:
        both.copy(both.files, both.database)
    assert taken.value.notice.code == "copy-place-taken"
    with pytest.raises(UsageError) as same:
        both.copy(both.files, both.files, overwrite=True)
    assert same.value.notice.code == "copy-onto-itself"
    with place_lock(both.database), pytest.raises(IndexUnusable) as written:
        both.copy(both.files, both.database, overwrite=True)
    assert written.value.notice.code == "index-being-written"
    assert rows_of(both.database) == rows


@pytest.mark.parametrize("way", ["into the database", "into files"])
def test_a_copy_that_is_stopped_is_not_there(both: Both, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped at each step there is; once so that not even its vectors can be deleted, as where the process dies."""
    source, target = both.files, both.database
    if way == "into files":
        both.copy(source, target)
        source, target = target, source
        for path in both.files.folder.glob("catalog.sqlite*"):
            path.unlink()
    rows, total = rows_of(source), len(vectors_of(source))
    steps: list[int] = []
    copy_index(source, target, both.settings, "", True, lambda done, _: steps.append(done))
    present = collections(target.own_folder)
    if target.url:
        drop_schema(target.url, target.schema)
    else:
        target.path.unlink()
    for step in sorted({steps[0], steps[1], steps[-1]}):

        def stop(done: int, _: int, step: int = step) -> None:
            if done == step:
                raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            if step == steps[1]:
                patched.setattr(work, "delete_vectors", unreachable)
            with pytest.raises(KeyboardInterrupt):
                copy_index(source, target, both.settings, "", False, stop)
        assert not target.exists()
        assert rows_of(source) == rows
    copy_index(source, target, both.settings, "", False, lambda *_: None)
    assert rows_of(target) == rows
    assert sum(collections(target.own_folder).values()) == sum(present.values()) + total


def unreachable(_: object) -> None:
    raise IndexUnusable("the store does not answer")


def copy_until(connection: Connection, source: Place, target: Place, settings: Settings, step: int) -> None:
    """Copy an index, and wait for ever once a step is done."""

    def wait(done: int, _: int) -> None:
        if done == step:
            connection.send("waits")
            connection.recv()

    copy_index(source, target, settings, "", False, wait)


@pytest.mark.parametrize("way", ["into the database", "into files"])
def test_a_copy_that_is_killed_is_made_again(both: Both, way: str) -> None:
    """Killed with SIGKILL after the vectors were copied, and before the rows are committed."""
    source, target = both.files, both.database
    if way == "into files":
        both.copy(source, target)
        source, target = target, source
        for path in both.files.folder.glob("catalog.sqlite*"):
            path.unlink()
    rows, vectors = rows_of(source), vectors_of(source)
    before = sum(collections(target.own_folder).values()) if target.own_folder.exists() else 0
    for step in (len(vectors), len(vectors) + sum(map(len, rows.values()))):
        child = Child(copy_until, source, target, both.settings, step)
        assert child.receive(SECONDS) == "waits"
        assert child.kill()
        assert not target.exists()
        assert (rows_of(source), vectors_of(source)) == (rows, vectors)
    both.copy(source, target)
    assert (rows_of(target), vectors_of(target)) == (rows, vectors)
    assert sum(collections(target.own_folder).values()) == before + len(vectors), "what was killed has left no vectors"


def test_a_full_disk_is_one_sentence(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    both.copy(both.files, both.database)
    rows = rows_of(both.files)

    def cramped(db: sqlite3.Connection) -> None:
        make_tables(db)
        # SQLite takes no fewer pages than there are: none is left.
        db.execute("PRAGMA max_page_count = 1")

    monkeypatch.setattr(work, "make_tables", cramped)
    with pytest.raises(IndexUnusable, match=r"catalog\.sqlite cannot be made \(database or disk is full\)"):
        both.copy(both.database, both.files, overwrite=True)
    assert rows_of(both.files) == rows
    assert not list(both.files.folder.glob("catalog.copied*"))


def test_the_command_copies(both: Both, rag: Command) -> None:
    done = rag("index", "copy", "default", "--to", both.database.url)
    assert (done.code, done.err) == (0, "")
    assert "3 sources, 3 chunks and 1 conversation copied to postgresql://tester@" in done.out
    again = rag("index", "copy", "default", "--to", both.database.url)
    assert again.code == 2
    assert "--overwrite" in again.err
    nowhere = rag("index", "copy", "default", "--to", "database")
    assert (nowhere.code, "RAG_DATABASE_URL" in nowhere.err) == (2, True)
