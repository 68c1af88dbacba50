"""An index whose catalog lies in PostgreSQL: from the files to the answer, its vectors in the folder beside it.

What a catalog does is tried on both databases in `test_catalog.py` and elsewhere; here is what only a server can do:
be shared, be away, be restarted in the middle.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rag.answering.pipeline import answer
from rag.database.pool import close_idle
from rag.errors import DatabaseUnusable, IndexUnusable
from rag.hosting.collection_trash import CollectionTrash
from rag.ingestion.pipeline import ingest, remove
from rag.ingestion.rebuild import rebuild
from rag.settings import Settings
from rag.store.catalog import FILE, Catalog, History
from rag.store.catalog.places import index_names, known_indexes, own_folder, place_of, schema_of
from rag.store.folders import REBUILT, REPLACED
from rag.store.index import Index, open_index
from rag.store.moving import delete_index, recover_index
from rag.store.purge import purge
from rag.store.vector_repair import compare_vectors
from rag.store.write_lock import write_lock
from rag.types import Answer
from tests.conftest import LIBRARY, Command, write_files
from tests.fakes import WordEncoder
from tests.postgres_server import PostgresServer

ENCODER = WordEncoder()


@pytest.fixture(scope="module")
def url(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture
def home(tmp_path: Path, url: str, use_database: Callable[[str], None]) -> Iterator[Path]:
    """A home whose indexes lie in an empty database, with the documents of the library beside it."""
    use_database(url)
    write_files(tmp_path / "library", LIBRARY)
    yield tmp_path / "home"
    from rag.database.schemas import drop_schema, schemas_beginning

    for name in schemas_beginning(url, ""):
        assert drop_schema(url, name)


def settings(home: Path) -> Settings:
    return Settings(home=home, llm="none")


def make(home: Path, name: str = "papers") -> None:
    with open_index(name, settings=settings(home), create=True, encoder=ENCODER) as index:
        ingest(index, [home.parent / "library"])


def ask(index: Index, question: str) -> Answer:
    """The last snapshot of an answer of quotes."""
    *_, last = answer(index, question, model=None)
    return last


def test_files_become_answers_and_no_file_of_a_catalog(home: Path) -> None:
    make(home)
    with open_index("papers", settings=settings(home), encoder=ENCODER) as index:
        found = ask(index, "How many cars does the ferry carry?")
        assert "28 cars" in found.answer
        history = History(index.folder)
        head = history.begin("ann")
        turn = history.save("ann", head.id, found)
        assert history.search("ann", "skarholm FERRY")[0].conversation.id == head.id
        remove(index, ["sea/ferry.txt"])
        assert history.turn("ann", turn.id) == turn
        assert index.catalog.document(found.citations[0].source_id) is not None, (
            "a version that an answer cites is kept"
        )
        report = ingest(index, [home.parent / "library"])
        assert {file.source: file.status for file in report.files}["sea/ferry.txt"] == "added"
        assert index.catalog.problems() == []
        assert compare_vectors(index) == (0, 0)
        assert not list(home.rglob(FILE))


def test_a_nul_in_a_document_keeps_its_place(home: Path) -> None:
    from tests.store.test_catalog import version

    home.mkdir()
    catalog = Catalog(home / "papers", create=True)
    catalog.publish([version("a.txt", "toll \x00 bridge", "ferry")])
    assert catalog.document_text("doc-toll \x00 bridge\nferry") == ("toll \x00 bridge\nferry", "text/plain")
    assert catalog.problems() == []
    catalog.close()


def test_users_and_long_names_have_schemas_of_their_own(home: Path) -> None:
    long = "n" * 48
    for folder in (home / "papers", home / ".users" / "ann" / "papers", home / ".users" / ("a" * 32) / long):
        Catalog(folder, create=True).close()
    assert known_indexes(home) == ["papers"]
    assert known_indexes(home / ".users" / "ann") == ["papers"]
    assert known_indexes(home / ".users" / ("a" * 32)) == [long]
    assert known_indexes(home / ".users" / "bob") == []
    with pytest.raises(IndexUnusable, match="rag ingest"):
        Catalog(home / "other")


def test_an_index_that_is_made_anew_takes_the_place_of_the_old_one(home: Path) -> None:
    make(home)
    with open_index("papers", settings=settings(home), encoder=ENCODER) as reader:
        head = History(reader.folder).begin("ann", "Kept")
        before = reader.version
        (home.parent / "library" / "weather.txt").write_text("In a storm the ferry stays.")
        rebuild("papers", [], settings(home), encoder=ENCODER)
        reader.refresh()
        assert reader.version.split("-")[0] != before.split("-")[0]
        assert "stays" in ask(reader, "What does the ferry do in a storm?").answer
        assert [one.id for one in History(reader.folder).conversations("ann")] == [head.id]
    assert index_names(home) == ["papers"]


def test_a_replacement_that_was_cut_off_is_finished(home: Path) -> None:
    """The folders were exchanged, and the process died before the catalogs followed."""
    make(home)
    make(home, "papers" + REBUILT)
    with _Opened(home / ("papers" + REBUILT)) as fresh:
        expected = fresh.get("id")
    current, rebuilt, parked = (own_folder(home / f"papers{ending}") for ending in ("", REBUILT, REPLACED))
    current.rename(parked)
    rebuilt.rename(current)
    recover_index("papers", home)
    with open_index("papers", settings=settings(home), encoder=ENCODER) as index:
        assert index.catalog.get("id") == expected
        assert "28 cars" in ask(index, "How many cars does the ferry carry?").answer
    assert index_names(home) == ["papers"]
    assert not parked.exists()


class _Opened:
    """A catalog that is closed at the end of a block."""

    def __init__(self, folder: Path) -> None:
        self.catalog = Catalog(folder)

    def __enter__(self) -> Catalog:
        return self.catalog

    def __exit__(self, *_: object) -> None:
        self.catalog.close()


def test_a_deleted_index_comes_back_from_the_trash_or_goes_for_good(
    home: Path, url: str, use_database: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(home)
    trash = CollectionTrash(home, settings(home))
    deleted = trash.put(home / "papers", home / ".files" / "papers", "Papers")
    assert known_indexes(home) == []
    # Where the database is not named it is not seen, and so not emptied.
    use_database("")
    assert trash.all() == []
    trash.empty()
    use_database(url)
    assert trash.all() == [deleted]
    trash.take(deleted, home / "papers", home / ".files" / "papers")
    with open_index("papers", settings=settings(home), encoder=ENCODER) as index:
        assert "28 cars" in ask(index, "How many cars does the ferry carry?").answer
    # As where the database was brought back from its backup on another machine.
    shutil.rmtree(own_folder(home / "papers"))
    deleted = trash.put(home / "papers", home / ".files" / "papers", "Papers")
    assert trash.all() == [deleted]
    monkeypatch.setattr("rag.hosting.collection_trash.KEPT", -1.0)
    trash.empty()
    assert not place_of(home / ".trash" / deleted.id / "index").exists()


def test_one_process_writes_at_a_time(home: Path) -> None:
    make(home)
    code = (
        "import sys\nfrom pathlib import Path\nfrom rag.store.write_lock import write_lock\n"
        "with write_lock(Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.read()"
    )
    folder = home / "papers"
    with subprocess.Popen(
        [sys.executable, "-c", code, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with (
            open_index("papers", settings=settings(home), encoder=ENCODER) as index,
            pytest.raises(IndexUnusable, match=str(child.pid)),
        ):
            ingest(index, [home.parent / "library"])
        with write_lock(home / "another"):
            child.communicate()


def test_a_purge_leaves_no_word_in_the_tables(
    home: Path, url: str, postgres_server: PostgresServer, rag: Command
) -> None:
    make(home)
    with open_index("papers", settings=settings(home), encoder=ENCODER) as index:
        remove(index, ["sea/keeper.txt"])
    said = rag("purge", "--index", "papers")
    assert (said.code, "write-ahead log and backups may hold words" in said.out) == (0, True)
    with place_of(home / "papers").opened() as db:
        assert db.execute("SHOW statement_timeout").fetchone()[0] == "5min", "the limit is set again"
    for table in ("documents", "chunks", "keyword_terms"):
        path = postgres_server.statement(
            f"SELECT pg_relation_filepath('\"{schema_of(home / 'papers')}\".{table}')", urlsplit(url).path.strip("/")
        )
        postgres_server.statement("CHECKPOINT")
        assert b"lighthouse" not in (postgres_server.folder / "data" / path).read_bytes()


def test_a_purge_deletes_files_of_removed_uploads_and_no_other_index(home: Path) -> None:
    make(home)
    make(home, "index")
    write_files(home / ".files" / "papers" / "removed" / "a1", {"old.txt": "Old words."})
    with open_index("papers", settings=settings(home), encoder=ENCODER) as index:
        assert purge(index).files == 1
    assert known_indexes(home) == ["index", "papers"]
    assert not (home / ".files" / "papers" / "removed").exists()


def test_an_index_that_somebody_reads_in_is_deleted_as_a_whole_or_not_at_all(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(home)
    monkeypatch.setattr("rag.database.schemas._DROP_WAIT", "50ms")
    with _Opened(home / "papers") as catalog, catalog.read_transaction():
        assert catalog.chunk_total()
        with pytest.raises(DatabaseUnusable, match="busy with another process"):
            delete_index(home / "papers")
    assert own_folder(home / "papers").is_dir()
    delete_index(home / "papers")
    assert (index_names(home), own_folder(home / "papers").exists()) == ([], False)


def test_a_server_that_is_away_is_named_and_nothing_is_lost(
    home: Path, url: str, postgres_server: PostgresServer
) -> None:
    make(home)
    write_files(home.parent / "library", {f"more/{n}.txt": f"Stone {n} is grey." for n in range(40)})
    index = open_index("papers", settings=settings(home), encoder=ENCODER)
    with index:
        before = index.version
        register = index.catalog.register_vectors

        def killed_in_the_middle(ids: list[str]) -> None:
            register(ids)
            postgres_server.kill()
            postgres_server.start()

        index.catalog.register_vectors = killed_in_the_middle  # type: ignore[method-assign, assignment]
        with pytest.raises(DatabaseUnusable) as stopped:
            ingest(index, [home.parent / "library"])
        assert stopped.value.notice.code in ("database-lock-lost", "database-lost")
        del index.catalog.register_vectors
        # The same open index goes on: it reads what was committed last, and a second run does the rest.
        assert index.version == before
        assert "28 cars" in ask(index, "How many cars does the ferry carry?").answer
        ingest(index, [home.parent / "library"])
        assert "grey" in ask(index, "What colour is stone 7?").answer
        assert index.catalog.problems() == []
        assert compare_vectors(index) == (0, 0)
    postgres_server.stop()
    try:
        with pytest.raises(DatabaseUnusable, match="cannot be reached"):
            open_index("papers", settings=settings(home), encoder=ENCODER)
    finally:
        postgres_server.start()
        close_idle()


def test_threads_of_a_reader_have_connections_of_their_own(home: Path, url: str) -> None:
    make(home)
    with open_index("papers", settings=settings(home), encoder=ENCODER) as index:
        found: list[str] = []
        threads = [
            threading.Thread(target=lambda: found.append(ask(index, "How long is the bridge?").answer))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(found)) == 1
        assert "412" in found[0]


def test_nothing_of_it_is_imported_where_no_database_is_named(tmp_path: Path) -> None:
    write_files(tmp_path / "library", LIBRARY)
    code = (
        "import json, sys\nfrom pathlib import Path\nfrom rag.ingestion.pipeline import ingest\n"
        "from rag.store.index import open_index\nfrom rag.store.catalog import History\n"
        "from tests.fakes import WordEncoder\nhome = Path(sys.argv[1])\n"
        "with open_index('papers', home / 'home', create=True, encoder=WordEncoder()) as index:\n"
        "    ingest(index, [home / 'library'])\n    History(index.folder).begin('ann')\n"
        "    index.catalog.search(['ferri'], 3)\n"
        "print(json.dumps(sorted(name for name in sys.modules if name.startswith('psycopg'))))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "RAG_DATABASE_URL"}
    ran = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, env=environment, check=True
    )
    assert json.loads(ran.stdout) == []
