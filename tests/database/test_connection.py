"""A connection to PostgreSQL behaves as SQLite's do: `rag.database`."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from rag.database import Connection, is_postgres, read_transaction, transaction
from rag.database.address import database_url, folder_name, shown_address
from rag.database.identity import database_folder
from rag.database.locks import Held, session_lock
from rag.database.parameters import numbered
from rag.database.pool import borrowed
from rag.database.postgres import PostgresConnection
from rag.database.schemas import drop_schema, make_schema, rename_schemas, schemas_beginning
from rag.errors import DatabaseUnusable, UsageError
from rag.settings import Settings
from tests.postgres_server import PostgresServer

TABLE = "CREATE TABLE things (name TEXT PRIMARY KEY, number BIGINT, data {bytes})"


@pytest.fixture(scope="module")
def url(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture(params=["sqlite", "postgres"])
def db(request: pytest.FixtureRequest) -> Iterator[Connection]:
    if request.param == "sqlite":
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as lite:
            lite.execute(TABLE.format(bytes="BLOB"))
            yield lite
        return
    with closing(PostgresConnection(request.getfixturevalue("url"), "pg")) as connection:
        connection.execute("CREATE SCHEMA pg")
        connection.execute(TABLE.format(bytes="BYTEA"))
        yield connection
        connection.execute("DROP SCHEMA pg CASCADE")


def test_values_come_back_as_they_were_sent(db: Connection) -> None:
    rows = [("a?b :c", 2**62, b"\x00\xff"), ("nul \x00 in it", -1, None), ("Ü 🙂", True, b""), ("'$1'", None, None)]
    assert db.executemany("INSERT INTO things VALUES (?, ?, ?)", rows).rowcount == 4
    found = db.execute("SELECT name, number, data FROM things").fetchall()
    assert sorted(found) == sorted(rows)
    assert [row[0] for row in db.execute("SELECT name FROM things WHERE name = :name OR name = ':name' "
                                         "OR number = :number", {"number": -1, "name": "'$1'", "other": 1}
                                         )] in (["'$1'", "nul \x00 in it"], ["nul \x00 in it", "'$1'"])  # fmt: skip
    assert db.execute("SELECT sum(number) FROM things WHERE number < ?1 AND number > -?1", (5,)).fetchone() == (0,)
    assert db.execute("DELETE FROM things WHERE number IS NULL").rowcount == 1


def test_a_transaction_counts_as_a_whole_or_not_at_all(db: Connection) -> None:
    with transaction(db):
        assert db.in_transaction
        db.execute("INSERT INTO things VALUES ('one', 1, NULL)")
    assert not db.in_transaction

    def break_off() -> None:
        with transaction(db):
            db.execute("INSERT INTO things VALUES ('two', 2, NULL)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert db.execute("SELECT name FROM things").fetchall() == [("one",)]
    assert is_postgres(db) == (not isinstance(db, sqlite3.Connection))


def test_reads_of_a_transaction_see_one_state(url: str) -> None:
    with closing(PostgresConnection(url, "states")) as reader, closing(PostgresConnection(url, "states")) as writer:
        writer.execute("CREATE SCHEMA states")
        writer.execute("CREATE TABLE counted (n BIGINT)")
        count = "SELECT count(*) FROM counted"
        with read_transaction(reader):
            assert reader.execute(count).fetchone() == (0,)
            with transaction(writer):
                writer.execute("INSERT INTO counted VALUES (1)")
            assert reader.execute(count).fetchone() == (0,)
            with read_transaction(reader):
                assert reader.execute(count).fetchone() == (0,)
        assert reader.execute(count).fetchone() == (1,)


def test_one_writes_at_a_time(url: str) -> None:
    """As with SQLite, a second writer reads only what the first has committed: the sum of both is right."""
    with closing(PostgresConnection(url, "sums")) as db:
        db.execute("CREATE SCHEMA sums")
        db.execute("CREATE TABLE total (n BIGINT)")
        db.execute("INSERT INTO total VALUES (0)")

        def add() -> None:
            with borrowed(url, "sums") as mine:
                for _ in range(20):
                    with transaction(mine):
                        (n,) = mine.execute("SELECT n FROM total").fetchone()
                        mine.execute("UPDATE total SET n = ?", (n + 1,))

        threads = [threading.Thread(target=add) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert db.execute("SELECT n FROM total").fetchone() == (60,)


def test_a_lock_has_one_holder_and_says_who(url: str) -> None:
    with session_lock(url, "papers"):
        with session_lock(url, "others"):
            pass
        with pytest.raises(Held) as held, session_lock(url, "papers"):
            pass
    assert held.value.holder.process == os.getpid()
    assert held.value.holder.since.count(":") == 2
    with session_lock(url, "papers"):
        pass


def test_a_lock_is_free_once_its_holder_is_killed(url: str) -> None:
    code = (
        "import sys\nfrom rag.database.locks import session_lock\n"
        "with session_lock(sys.argv[1], 'killed'):\n    print('held', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen([sys.executable, "-c", code, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    with pytest.raises(Held) as held, session_lock(url, "killed"):
        pass
    assert held.value.holder.process == child.pid
    child.kill()
    child.communicate()
    for _ in range(100):
        try:
            with session_lock(url, "killed"):
                break
        except Held:
            threading.Event().wait(0.05)
    else:
        pytest.fail("the lock of a dead process is held")


def test_schemas_are_listed_renamed_and_deleted(url: str) -> None:
    for name in ("b:one", "b:Two", "c"):
        with borrowed(url) as db:
            make_schema(db, name)
    assert schemas_beginning(url, "b:") == ["b:Two", "b:one"]
    rename_schemas(url, [("b:one", "b:old"), ("b:Two", "b:one"), ("b:absent", "b:x")])
    assert schemas_beginning(url, "b:") == ["b:old", "b:one"]
    with pytest.raises(DatabaseUnusable):
        rename_schemas(url, [("c", "b:three"), ("b:old", "b:one")])
    assert schemas_beginning(url, "c") == ["c"]
    assert drop_schema(url, "b:old")
    assert drop_schema(url, "b:old")
    assert schemas_beginning(url, "b:") == ["b:one"]


def test_a_server_that_was_restarted_is_found_again(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_database()

    def write_meanwhile(db: PostgresConnection) -> None:
        with transaction(db):
            db.execute("INSERT INTO t VALUES (2)")
            postgres_server.kill()
            postgres_server.start()
            db.execute("INSERT INTO t VALUES (3)")

    with closing(PostgresConnection(url, "kept")) as db, session_lock(url, "kept"):
        db.execute("CREATE SCHEMA kept")
        db.execute("CREATE TABLE t (n BIGINT)")
        with transaction(db):
            db.execute("INSERT INTO t VALUES (1)")
        with pytest.raises(DatabaseUnusable) as lost:
            write_meanwhile(db)
        assert lost.value.notice.code == "database-lost"
        assert db.execute("SELECT n FROM t").fetchall() == [(1,)]
        # The server has forgotten the lock, so nothing is written under it.
        with pytest.raises(DatabaseUnusable) as unlocked, transaction(db):
            db.execute("INSERT INTO t VALUES (4)")
        assert unlocked.value.notice.code == "database-lock-lost"
    with closing(PostgresConnection(url, "kept")) as db, transaction(db):
        db.execute("INSERT INTO t VALUES (5)")
        assert db.execute("SELECT n FROM t ORDER BY n").fetchall() == [(1,), (5,)]


def test_an_idle_connection_is_opened_anew_after_a_restart(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.new_database()
    with closing(PostgresConnection(url, "")) as db:
        postgres_server.stop()
        postgres_server.start()
        with transaction(db):
            assert db.execute("SELECT 1").fetchone() == (1,)


def test_what_cannot_be_opened_is_said_without_the_password(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_database()
    postgres_server.statement("CREATE ROLE guest LOGIN")
    folder = postgres_server.folder
    cases = {
        f"postgresql://tester:secret@/absent?host={folder}": "database-absent",
        f"postgresql://nobody:secret@/postgres?host={folder}": "database-refuses",
        "postgresql://tester:secret@127.0.0.1:1/postgres": "database-silent",
    }
    for address, code in cases.items():
        with pytest.raises(DatabaseUnusable) as refused:
            PostgresConnection(address, "")
        assert refused.value.notice.code == code
        assert "secret" not in str(refused.value)
    guest = url.replace("tester@", "guest@")
    with closing(PostgresConnection(guest, "mine")) as db, pytest.raises(DatabaseUnusable) as refused:
        db.execute("CREATE SCHEMA mine")
    assert refused.value.notice.code == "database-no-rights"
    assert database_folder(guest) == database_folder(url), "whoever asks may know which server it is"
    postgres_server.statement("CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0")
    with pytest.raises(DatabaseUnusable) as refused:
        PostgresConnection(postgres_server.url("ascii"), "")
    assert refused.value.notice.code == "database-not-unicode"


@pytest.mark.parametrize(
    "address",
    [
        "mysql://h/db",
        "postgresql://h",
        "postgresql://u:secret@h:port/db",
        "secret",
        "postgresql://u:secret%zz@h/db",
        "postgresql://u:secret word@h/db",
        "postgresql://u:pass@secret@h/db",
    ],
)
def test_what_is_no_address_is_not_quoted(address: str, use_database: Callable[[str], None]) -> None:
    use_database(address)
    with pytest.raises(UsageError) as wrong:
        database_url()
    assert "cret" not in str(wrong.value)


@pytest.mark.parametrize("words", ["u:secret%zz@h/db", "u:a secret@h/db", "h/db?password=a&secret"])
def test_an_address_that_the_driver_cannot_read_is_not_quoted(words: str) -> None:
    with pytest.raises(UsageError) as wrong:
        PostgresConnection(f"postgresql://{words}", "")
    assert (wrong.value.notice.code, "secret" in str(wrong.value)) == ("database-address-wrong", False)


def test_an_address_is_shown_without_its_password() -> None:
    shown = {
        "postgresql://ann:pw@db.example:5433/notes?sslmode=require": "postgresql://ann@db.example:5433/notes",
        "postgres:///notes?host=/run/postgresql&password=pw": "postgresql:///run/postgresql/notes",
    }
    assert {url: shown_address(url) for url in shown} == shown
    assert "pw" not in repr(Settings.model_construct(database_url=next(iter(shown))))


def test_the_name_of_a_database_leads_out_of_no_folder() -> None:
    urls = (
        "postgresql://h/notes",
        "postgresql://h2:5433/notes?sslmode=require",
        "postgresql:///..",
        "postgres:///a%2Fb ü",
    )
    assert [folder_name(url) for url in urls] == ["notes", "notes", "%2E%2E", "a%2Fb%20%C3%BC"]


def test_a_process_has_one_database(use_database: Callable[[str], None]) -> None:
    use_database("postgresql:///notes")
    assert Settings(database_url="postgresql:///notes").database_url == "postgresql:///notes"
    with pytest.raises(UsageError, match="RAG_DATABASE_URL"):
        Settings(database_url="postgresql:///others")
    with pytest.raises(UsageError, match="RAG_DATABASE_URL"):
        Settings(database_url="")


def test_marks_become_numbers() -> None:
    assert numbered("a = ? AND b = ?") == ("a = $1 AND b = $2", ())
    assert numbered("a = ?2 OR ?1 = '?' -- ?") == ("a = $2 OR $1 = '?' -- ?", ())
    assert numbered('x::text = :b OR ":a" = :a OR :b') == ('x::text = $1 OR ":a" = $2 OR $1', ("b", "a"))
