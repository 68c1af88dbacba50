"""A service in this process, with two indexes and callers of every kind.

Owns: the application and the keys that the tests of access call it with. Knows nothing about what a test asks.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from rag.hosting.access import GuardedAccess
from rag.hosting.keys import KeyFile, KeyRing
from rag.hosting.users import Authenticator
from rag.ingestion.pipeline import ingest
from rag.serve.app import make_app
from rag.serve.service import Service
from rag.settings import Settings
from rag.store.index import open_index
from tests.conftest import write_files
from tests.fakes import WordEncoder

# What stands in one index alone.
ALPHA, BETA = "quagmirestone", "lanternfish"
DOCUMENTS = {
    "alpha": {"alpha-secret.md": f"# Toll\n\nThe toll of {ALPHA} is 3 crowns for cars.\n"},
    "beta": {"beta-secret.md": f"# Ferry\n\nThe ferry of {BETA} carries 28 cars.\n"},
}


@dataclass
class World:
    """A service, and who may call it.

    Attributes:
        app: The application.
        service: What it works with.
        keys: The file of keys.
        tokens: The keys by their names.
    """

    app: Any
    service: Service
    keys: KeyFile
    tokens: dict[str, str]

    def client(self, key: str = "", **options: Any) -> TestClient:
        """Return a client that shows a key; "" for none."""
        headers = {"authorization": f"Bearer {self.tokens[key]}"} if key else {}
        return TestClient(self.app, headers=headers | options.pop("headers", {}), **options)


@contextmanager
def served(
    folder: Path, users: Path | None = None, keyed: bool = True, only_this_machine: bool = False, **settings: Any
) -> Iterator[World]:
    """Serve two indexes.

    Args:
        folder: Holds the home.
        users: The file of users; None where there are none.
        keyed: Whether there are keys.
        only_this_machine: Whether requests that name another host are refused.
        **settings: Settings by name.

    Yields:
        The service and its callers.
    """
    home = folder / "home"
    chosen = Settings(home=home, llm="none", threads=1, **settings)
    shutil.copytree(_made_once(), home)
    file, tokens = KeyFile(home), {}
    if keyed:
        tokens["reads alpha"] = file.add("alpha-reader", frozenset({"alpha"}), "read")
        tokens["writes alpha"] = file.add("alpha-writer", frozenset({"alpha"}), "write")
        tokens["reads all"] = file.add("all-reader", None, "read")
        tokens["writes all"] = file.add("all-writer", None, "write")
        tokens["metrics"] = file.add("watcher", frozenset(), "metrics")
    access = GuardedAccess(KeyRing(file), Authenticator(users) if users else None, only_this_machine)
    service = Service(chosen)
    for name in DOCUMENTS:
        service._indexes._open[name] = open_index(name, settings=chosen, encoder=WordEncoder())
    try:
        yield World(make_app(service, access), service, file, tokens)
    finally:
        service.close()


@lru_cache(maxsize=1)
def _made_once() -> Path:
    """Return a home with the two indexes, of which each test has a copy."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = Settings(home=folder / "home", llm="none", threads=1)
    for name, documents in DOCUMENTS.items():
        write_files(folder / name, documents)
        with open_index(name, settings=settings, create=True, encoder=WordEncoder()) as index:
            ingest(index, [folder / name])
    return settings.home
