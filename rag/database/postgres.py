"""A connection to PostgreSQL that has the methods of SQLite's connections.

Owns: opening it with limits of time, opening it anew once the server is back, and how values are sent and read. Imports
psycopg, so it is imported late.

A statement of SQLite's form runs on either database; what PostgreSQL lacks of SQLite's functions stands in the schema
of an index. Texts are ordered by their characters' numbers, as SQLite orders them: each column says so.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from typing import Any

import psycopg
from psycopg.adapt import Buffer, Loader
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumper, TextLoader

from rag.database.connection import Rows
from rag.database.failures import explain, explain_connecting, is_lost
from rag.database.held_locks import check_is_held
from rag.database.parameters import in_order, numbered, quoted
from rag.errors import DatabaseUnusable, UsageError
from rag.notices import Notice

# Seconds until a server must have taken a connection, and for which one that is starting again is waited for.
_CONNECT_SECONDS, _RESTART_SECONDS = 10, 15.0
_PAUSE = 0.25
# How long a statement may take, and how long it waits for another writer. Not among the options of the connection: a
# pool of connections before the server may refuse those. A search is over before its plan would be compiled (JIT).
_LIMIT = "SELECT set_config('statement_timeout', '5min', false)"
_LIMITS = f"{_LIMIT}, set_config('lock_timeout', '30s', false), set_config('jit', 'off', false)"
# Rows that are sent at a time.
_ROWS_AT_A_TIME = 2000
_OLDEST_SERVER = 130000
# PostgreSQL takes no NUL in a text. This character is reserved for use inside programs: none stands in a document.
_NUL, _NUL_STORED = "\x00", "\ufdd0"


class PostgresConnection:
    """A connection whose unqualified tables are those of one schema. Not to be used from two threads at once."""

    def __init__(self, url: str, schema: str) -> None:
        """Open a connection.

        Args:
            url: The address of the database.
            schema: The schema of its tables, whether it exists or not; "" for none.

        Raises:
            DatabaseUnusable: The database cannot be reached, refuses, or is none that can be used.
        """
        self.url, self.schema = url, schema
        self._connection: psycopg.Connection[Any] | None = open_connection(url)
        self._set_schema(self._connection)
        # Whether a transaction was begun: where the server went away since, it is lost as a whole.
        self._begun = False

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._begun

    def use_schema(self, schema: str) -> None:
        """Take another schema, outside a transaction; "" for none."""
        self.schema = schema
        if self._connection is not None and not self._connection.closed:
            try:
                self._set_schema(self._connection)
            except DatabaseUnusable:
                # The server went away meanwhile; the next statement looks for it again.
                self.close()

    def close(self) -> None:
        """Close the connection; an open transaction is undone."""
        connection, self._connection, self._begun = self._connection, None, False
        if connection is not None:
            connection.close()

    # -- statements --------------------------------------------------------------------------------------------------

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> Rows:
        """Run a statement.

        Args:
            sql: The statement, with SQLite's marks.
            parameters: The values of its parameters.

        Returns:
            The rows that it found.

        Raises:
            DatabaseUnusable: The server went away, refuses, is busy or full.
        """
        if sql == "ROLLBACK":
            return self._roll_back()
        query, names = numbered(sql)
        rows = self._run(lambda cursor: cursor.execute(query, in_order(parameters, names)))
        if sql.startswith("BEGIN"):
            self._begun = True
        elif sql == "COMMIT":
            self._begun = False
        return rows

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Rows:
        """Run a statement once for each tuple of parameters, inside a transaction where all or none is to count.

        Args:
            sql: The statement, with SQLite's marks.
            parameters: The values of its parameters, a tuple a time.

        Returns:
            How many rows were changed.

        Raises:
            DatabaseUnusable: The server went away, refuses, is busy or full.
        """
        query, _ = numbered(sql)
        changed, all_ = 0, iter(parameters)
        while some := list(islice(all_, _ROWS_AT_A_TIME)):
            changed += self._run(lambda cursor, some=some: cursor.executemany(query, some)).rowcount
        return _Changed(changed)

    def begin_writing(self) -> None:
        """Begin a transaction that waits until no other of this schema writes.

        Raises:
            DatabaseUnusable: Another one wrote all the time; or the lock under which this process writes is lost.
        """
        self.execute("BEGIN")
        try:
            self.execute("SELECT pg_advisory_xact_lock(?)", (lock_key("transaction", self.schema),))
            check_is_held(self.url, self.schema)
        except BaseException:
            self._roll_back()
            raise

    @contextmanager
    def patient(self) -> Iterator[None]:
        """Let statements inside take as long as they need, such as those that write whole tables anew.

        Yields:
            Nothing.
        """
        self.execute("SELECT set_config('statement_timeout', '0', false)")
        yield
        # After an error the connection is closed by whoever lent it.
        self.execute(_LIMIT)

    def _roll_back(self) -> Rows:
        """Undo the transaction; where the connection is gone, the server has done so."""
        was_begun, self._begun = self._begun, False
        connection = self._connection
        if was_begun and connection is not None and not connection.closed:
            try:
                connection.execute("ROLLBACK")
            except psycopg.Error:
                self.close()
        return _Changed(0)

    def _run(self, action: Any) -> Rows:
        """Run an action with a cursor; one that reads and finds the connection gone is run again on a new one."""
        fresh = self._connection is None or self._connection.closed
        if fresh and self._begun:
            raise DatabaseUnusable(explain(psycopg.OperationalError("the connection is closed"), self.url).notice)
        while True:
            if self._connection is None or self._connection.closed:
                self._connection = open_connection(self.url, patient=True)
                self._set_schema(self._connection)
            cursor = psycopg.RawCursor(self._connection)
            try:
                action(cursor)
            except psycopg.Error as error:
                if not is_lost(error):
                    raise explain(error, self.url) from error
                begun = self._begun
                self._connection.close()
                self._connection = None
                # Outside a transaction nothing but reads is run, and they can be run again.
                if begun or fresh:
                    raise explain(error, self.url) from error
                fresh = True
                continue
            return cursor

    def _set_schema(self, connection: psycopg.Connection[Any]) -> None:
        try:
            path = quoted(self.schema) if self.schema else '""'
            connection.execute("SELECT set_config('search_path', %s, false)", (path,))
        except psycopg.Error as error:
            raise explain(error, self.url) from error


class _Changed:
    """The result of a statement without rows."""

    def __init__(self, rowcount: int) -> None:
        self.rowcount = rowcount

    def fetchone(self) -> Any:
        """Return None: there is no row."""
        return None

    def fetchall(self) -> list[Any]:
        """Return no row."""
        return []

    def __iter__(self) -> Any:
        return iter(())


def open_connection(url: str, patient: bool = False, application: str = "") -> psycopg.Connection[Any]:
    """Open a connection of the driver that commits each statement by itself.

    Args:
        url: The address of the database.
        patient: Whether a server that does not answer is waited for, since it may be starting again.
        application: What the server is told of who connects; "" for the process and its machine.

    Returns:
        The connection.

    Raises:
        UsageError: The address cannot be read.
        DatabaseUnusable: The database cannot be reached, refuses, or is none that can be used.
    """
    latest = time.monotonic() + _RESTART_SECONDS
    while True:
        try:
            connection = psycopg.connect(
                url,
                autocommit=True,
                application_name=application or f"footnote {os.getpid()}@{socket.gethostname()}"[:63],
                client_encoding="utf8",
                connect_timeout=_CONNECT_SECONDS,
                keepalives_idle=30,
                keepalives_interval=10,
                keepalives_count=3,
                tcp_user_timeout=60_000,
            )
            break
        except psycopg.ProgrammingError:
            # It quotes what it cannot read, which may be the password.
            raise UsageError(Notice("database-address-wrong")) from None
        except psycopg.Error as error:
            failure = explain_connecting(error, url)
            starting = "starting up" in str(error) or "shutting down" in str(error) or "recovery" in str(error)
            passes = starting or (patient and failure.notice.code == "database-silent")
            if not passes or time.monotonic() > latest:
                raise failure from None
            time.sleep(_PAUSE)
    try:
        _check_server(connection, url)
        _adapt(connection)
        connection.execute(_LIMITS)
    except psycopg.Error as error:
        connection.close()
        failure = explain(error, url)
        raise failure from error
    except BaseException:
        connection.close()
        raise
    return connection


def _check_server(connection: psycopg.Connection[Any], url: str) -> None:
    """Raise where the server is too old, or the database holds no Unicode."""
    from rag.database.address import shown_address

    encoding = connection.info.parameter_status("server_encoding")
    if connection.info.server_version < _OLDEST_SERVER:
        version = connection.info.parameter_status("server_version") or ""
        raise DatabaseUnusable(Notice("database-too-old", {"database": shown_address(url), "version": version}))
    if encoding != "UTF8":
        raise DatabaseUnusable(
            Notice("database-not-unicode", {"database": shown_address(url), "encoding": encoding or ""})
        )


def _adapt(connection: psycopg.Connection[Any]) -> None:
    """Send values as SQLite takes them: a whole number is one of 64 bits, and so is a truth value."""
    connection.adapters.register_dumper(str, _TextDumper)
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_dumper(bool, _TruthDumper)
    for type_ in ("text", "varchar", "name"):
        connection.adapters.register_loader(type_, _StoredTextLoader)
    connection.adapters.register_loader("numeric", _WholeLoader)


class _TextDumper(StrDumper):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace(_NUL, _NUL_STORED) if _NUL in obj else obj)


class _StoredTextLoader(TextLoader):
    def load(self, data: Buffer) -> Any:
        text = super().load(data)
        return text.replace(_NUL_STORED, _NUL) if isinstance(text, str) and _NUL_STORED in text else text


class _TruthDumper(Int8Dumper):
    def dump(self, obj: bool) -> Buffer | None:
        return super().dump(int(obj))


class _WholeLoader(Loader):
    """Reads sums of whole numbers, which PostgreSQL gives as decimals."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdecimal() else float(text)


def lock_key(kind: str, name: str) -> int:
    """Return the number by which all processes know an advisory lock.

    Args:
        kind: What the lock is for.
        name: What it locks.

    Returns:
        A whole number of 64 bits.
    """
    return int.from_bytes(sha256(f"footnote {kind} {name}".encode()).digest()[:8], signed=True)
