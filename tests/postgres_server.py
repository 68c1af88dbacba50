"""A PostgreSQL server of its own for tests: Debian's, in a temporary folder, on a socket there, as a plain user.

Nothing of it outlives the tests. Where PostgreSQL is not installed the tests that need it are skipped, but not in
continuous integration.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from rag.settings import load_settings

_STARTED_SECONDS = 60
_PROGRAMS = ("initdb", "postgres", "psql")
# Nothing of these tests is to outlive a crash of the machine; what is committed outlives one of the server.
_OPTIONS = "fsync=off full_page_writes=off shared_buffers=32MB max_connections=60".split()


class PostgresServer:
    """A server that is running unless `stop` or `kill` was called.

    Attributes:
        folder: Where its data and its socket lie.
        programs: Where PostgreSQL's programs lie.
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs = folder, programs
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self._shared = ""
        # The server does not run as the superuser.
        self._user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", "-D", f"{folder}/data", "-U", "tester", "-A", "trust", "-E", "UTF8", "-N", "--locale=C")
        self.start()

    def url(self, database: str, user: str = "tester") -> str:
        """Return the address of a database of this server."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """Make an empty database; return its address."""
        name = f"test{next(self._numbers)}"
        self.statement(f"CREATE DATABASE {name}")
        return self.url(name)

    def shared_database(self) -> str:
        """Return the address of a database for tests that leave nothing in it."""
        self._shared = self._shared or self.new_database()
        return self._shared

    def statement(self, sql: str, database: str = "postgres") -> str:
        """Run a statement as the superuser; return what psql prints."""
        return self._run("psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), "-c", sql)

    def start(self) -> None:
        """Start the server, and wait until it takes connections."""
        options = [part for option in _OPTIONS for part in ("-c", option)]
        self._process = subprocess.Popen(
            [self.programs / "postgres", "-D", f"{self.folder}/data", "-k", self.folder, "-h", "", *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._as_user(),  # type: ignore[call-overload]
        )
        latest = time.monotonic() + _STARTED_SECONDS
        while not self._answers():
            if time.monotonic() > latest:
                self.kill()
                raise TimeoutError("PostgreSQL does not start")
            time.sleep(0.05)

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop the server at once, without waiting for its clients."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Stop the server as a crash would: nothing is finished."""
        # Its children see that it is gone, and end.
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_STARTED_SECONDS)
            self._process = None

    def _as_user(self) -> dict[str, int | list[int]]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: str) -> str:
        ran = subprocess.run(
            [self.programs / program, *arguments], capture_output=True, text=True, check=False, cwd="/",
            **self._as_user(),  # type: ignore[call-overload]
        )  # fmt: skip
        if ran.returncode:
            raise RuntimeError(f"{program}: {ran.stderr}")
        return str(ran.stdout).strip()


def _programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; None where there are none."""
    found = shutil.which("initdb")
    folders = [*([Path(found).parent] if found else []), *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    return next((folder for folder in reversed(folders) if all((folder / name).exists() for name in _PROGRAMS)), None)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running server, one for all tests of a process; each test that writes takes a `new_database`."""
    programs = _programs()
    if sys.platform == "win32" or programs is None:
        if "CI" in os.environ:
            pytest.fail("PostgreSQL is not installed; in continuous integration it must be")
        pytest.skip("PostgreSQL is not installed")
    with _running(programs) as server:
        yield server


@contextmanager
def another_server(server: PostgresServer) -> Iterator[PostgresServer]:
    """Start a second server beside one, for the block inside."""
    with _running(server.programs) as second:
        yield second


@contextmanager
def _running(programs: Path) -> Iterator[PostgresServer]:
    # A socket's path is at most 107 characters long.
    folder = Path(tempfile.mkdtemp(prefix="footnote-pg-", dir="/tmp"))
    place = folder / "server"
    place.mkdir()
    folder.chmod(0o755)
    try:
        server = PostgresServer(place, programs)
        yield server
        from rag.database.pool import close_idle

        close_idle()
        # What it wrote is deleted, so it need not end in order.
        server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def use_database(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that lets this process, and those that it starts, use a database by its address."""

    def use(url: str) -> None:
        monkeypatch.setenv("RAG_DATABASE_URL", url)
        load_settings.cache_clear()

    return use


@pytest.fixture(params=["sqlite", "postgres"])
def either_database(request: pytest.FixtureRequest, use_database: Callable[[str], None]) -> Iterator[str]:
    """Both places of a catalog, one after the other; returns which of them it is."""
    if request.param == "sqlite":
        yield "sqlite"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.shared_database()
    use_database(url)
    yield "postgres"
    from rag.database.schemas import drop_schema, schemas_beginning

    for name in schemas_beginning(url, ""):
        assert drop_schema(url, name), f"somebody still reads in {name}"
