"""Fixtures of the service's tests: a home with an index, and services of it that are really served."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import open_index
from tests.conftest import LIBRARY, ROOT, write_files
from tests.fakes import WordEncoder
from tests.serve.served import Served, serving


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the indexes `handbook` and `other`, made with the encoder that counts words."""
    folder = tmp_path_factory.mktemp("serve")
    write_files(folder / "library", LIBRARY)
    write_files(folder / "more", {"castle.txt": "The castle has 12 towers.\n"})
    settings = Settings(home=folder / "home", llm="none", threads=1)
    for name, documents in (("handbook", "library"), ("other", "more")):
        with open_index(name, settings=settings, create=True, encoder=WordEncoder()) as index:
            ingest(index, [folder / documents])
    return folder / "home"


@pytest.fixture(scope="session")
def real_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the index `handbook`, made with the real embedding model."""
    folder = tmp_path_factory.mktemp("serve-real")
    write_files(folder / "library", LIBRARY)
    command = [sys.executable, "-m", "rag", "ingest", str(folder / "library"), "--home", str(folder / "home")]
    subprocess.run([*command, "--index", "handbook"], cwd=ROOT, check=True, capture_output=True)
    return folder / "home"


@pytest.fixture(scope="session")
def quotes(shared_home: Path) -> Iterator[Served]:
    """A service of `shared_home` without a language model."""
    with serving(shared_home, "--llm", "none", RAG_SERVE_BODY_KB="64") as served:
        yield served
