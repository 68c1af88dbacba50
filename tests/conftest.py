"""Fixtures of all tests: a home in a temporary folder, a small library of documents, an index of it, the command line.

No test opens a socket: those of this folder none at all, those of its folders only to this machine.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck
from pytest_socket import disable_socket, socket_allow_hosts

from rag.ingestion.pipeline import ingest
from rag.models.encoder import Encoder
from rag.settings import Settings
from rag.settings import load_settings as read_settings
from rag.store.index import Index, open_index
from tests import untraced
from tests.fakes import WordEncoder
from tests.outside import Outside
from tests.postgres_server import either_database, postgres_server, use_database  # noqa: F401
from tests.shared_browser import SHARED_BROWSER

ROOT = Path(__file__).parents[1]

# Where the tests run in the background Ctrl-C may be ignored, which every child would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is no failure. Continuous integration tries the same examples each time: what a random one finds is
# found where somebody can mend it.
hypothesis.settings.register_profile(
    "footnote", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
hypothesis.settings.load_profile("footnote")

LIBRARY = {
    "bridge.md": "# Lantern bridge\n\nThe bridge opened in 1931. The bridge is 412 metres long.\n\n"
    "## Toll\n\nThe toll is 3 crowns for cars.\n",
    "sea/ferry.txt": "The ferry to Skarholm leaves at 7:40 every morning. The ferry carries 28 cars.\n",
    "sea/keeper.txt": "Maren is the keeper of the lighthouse. The keeper sleeps by day.\n",
    "weather.txt": "In a storm nobody crosses. The storm of 1952 broke two windows.\n",
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    if not item.get_closest_marker("browser"):
        SHARED_BROWSER.close()
    if "socket_enabled" in getattr(item, "fixturenames", ()):
        return
    if item.path.parent == Path(__file__).parent and not item.get_closest_marker("localhost"):
        disable_socket(allow_unix_socket=True)
    else:
        socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def pytest_sessionfinish() -> None:
    SHARED_BROWSER.close()


def pytest_collection_finish() -> None:
    """Leave what stays for the whole run, modules and thousands of tests, out of each look of the garbage collector.

    In a process that holds them all, a test that makes many objects took three times as long.
    """
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "localhost: talks to a server on this machine")
    config.pluginmanager.register(untraced)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the person who runs the tests reaches them, but where the models lie.

    A model that says what it is told to is no judge: tests of judging set the checker themselves.
    """
    _make_plain(monkeypatch)
    read_settings.cache_clear()
    yield
    read_settings.cache_clear()


def _make_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("RAG_") and name != "RAG_MODELS":
            monkeypatch.delenv(name)
    monkeypatch.setenv("RAG_CHECKER", "rules")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, llm="none", threads=1, parse_seconds=30)


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """Installs packages with parts; none is left at the end."""
    installed = Outside(tmp_path / "packages", monkeypatch)
    yield installed
    installed.close()


Opener = Callable[..., Index]


@pytest.fixture
def open_again(settings: Settings, encoder: WordEncoder) -> Iterator[Opener]:
    """Opens an index by name, in the test's home and with its encoder unless another is given; closed at the end."""
    opened: list[Index] = []

    def open_(name: str = "default", create: bool = True, encoder: WordEncoder = encoder) -> Index:
        index = open_index(name, settings=settings, create=create, encoder=encoder)
        opened.append(index)
        return index

    yield open_
    for index in opened:
        index.close()
        index.vectors.refresh()


@pytest.fixture(scope="module")
def shared_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opener]:
    """Makes an index of a folder, ``shared_index(folder, encoder=…)``, for tests of a module that only read it."""
    with ExitStack() as opened, pytest.MonkeyPatch.context() as monkeypatch:
        _make_plain(monkeypatch)

        def make(folder: Path, name: str = "default", encoder: Encoder | None = None, **changes: object) -> Index:
            settings = Settings(home=tmp_path_factory.mktemp("home"), llm="none", threads=1, parse_seconds=30)
            index = open_index(name, settings=settings, create=True, encoder=encoder or WordEncoder())
            opened.callback(index.vectors.refresh)
            opened.callback(index.close)
            report = ingest(with_settings(index, **changes), [folder])
            assert set(statuses(report).values()) == {"added"}, [file.reason for file in report.files if file.reason]
            return index

        yield make


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder with the documents of LIBRARY."""
    folder = tmp_path / "library"
    write_files(folder, LIBRARY)
    return folder


@pytest.fixture
def index(open_again: Opener, library: Path, settings: Settings) -> Index:
    """An open index of the library, made with the fake encoder."""
    opened = open_again()
    ingest(opened, [library])
    return opened


def write_files(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


def write_scoring(path: Path, encoder: WordEncoder) -> Path:
    """A scoring file with the shipped numbers that says it was fitted for an encoder."""
    from rag.scoring.file import scoring_file_text, shipped_files
    from rag.scoring.values import FittedEncoder

    shipped = shipped_files()["all-minilm-l6-v2"]
    scoring = replace(shipped.scoring, encoder=FittedEncoder(encoder.name, encoder.fingerprint))
    path.write_text(scoring_file_text(replace(shipped, scoring=scoring)), encoding="utf-8")
    return path


@pytest.fixture
def rag(
    home: Path,
    tmp_path: Path,
    encoder: WordEncoder,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> Command:
    """The command line in this process, with the test's home and the fake encoder: ``rag("ask", "…", stdin="…")``."""
    import io

    import rag.store.index
    from rag.__main__ import main

    monkeypatch.setenv("RAG_HOME", str(home))
    monkeypatch.setenv("RAG_LLM", "none")
    monkeypatch.setenv("RAG_THREADS", "1")
    # As for the default embedding model, nothing is said of the scoring.
    monkeypatch.setenv("RAG_SCORING", str(write_scoring(tmp_path / "scoring.json", encoder)))
    monkeypatch.setattr(rag.store.index, "open_encoder", lambda *_: encoder)

    def run(*arguments: str | Path, stdin: str = "") -> Ran:
        read_settings.cache_clear()
        monkeypatch.setattr(sys, "argv", ["rag", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capfdbinary.readouterr()
        return Ran(int(stopped.value.code or 0), out.decode(), err.decode())

    return run


def with_settings(index: Index, **changes: object) -> Index:
    """The same open index under changed settings; it is not closed by itself."""
    return replace(index, settings=index.settings.model_copy(update=changes))


def consistent(index: Index) -> list[str]:
    """What is wrong with an index, in words: the catalog with itself, and with the vectors; nothing is best."""
    index.vectors.refresh()
    wrong = index.catalog.problems()
    known, stored = set(index.catalog.chunk_ids()), index.vectors.ids()
    if known - stored:
        wrong.append(f"{len(known - stored)} chunks without a vector")
    strays = stored - known - set(index.catalog.orphans(limit=100_000))
    if strays:
        wrong.append(f"{len(strays)} vectors that nobody will sweep")
    return wrong


def statuses(report: object) -> dict[str, str]:
    return {file.source: file.status for file in report.files}  # type: ignore[attr-defined]


def texts_of(index: Index) -> dict[str, Sequence[str]]:
    """The chunks of each source, in order."""
    found: dict[str, list[str]] = {}
    for chunk in sorted(
        index.catalog.chunks(index.catalog.chunk_ids()).values(), key=lambda chunk: (chunk.source, chunk.start)
    ):
        found.setdefault(chunk.source, []).append(chunk.text)
    return dict(found)
