"""Folders that a service follows: `rag.watching.serving`, and `rag serve --watch` in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.hosting.uploads import Uploads
from rag.notices import Notice
from rag.settings import Settings
from rag.watching.serving import folders_by_index, follow
from tests.conftest import LIBRARY, ROOT, Opener, write_files
from tests.ui.served import free_port
from tests.watching.conftest import until


def test_which_index_follows_which_folder(library: Path) -> None:
    assert folders_by_index([str(library)], ["a"]) == {"a": [library]}
    assert folders_by_index([f"a={library}", f"b={library / 'sea'}"], ["a", "b"]) == {
        "a": [library],
        "b": [library / "sea"],
    }
    for watch, served in ((str(library), ["a", "b"]), (str(library), []), (f"c={library}", ["a", "b"])):
        with pytest.raises(UsageError):
            folders_by_index([watch], served)
    with pytest.raises(UsageError, match="There is no"):
        folders_by_index([str(library / "nowhere")], ["a"])
    with pytest.raises(UsageError, match=r"no index to follow .* rag ingest"):
        folders_by_index([str(library)], [])
    for served in (["a"], ["a", "b"]):
        with pytest.raises(UsageError, match=r"No index 'c' is served; .* takes one of: a"):
            folders_by_index([f"c={library}"], served)
    # A folder whose name has the sign in it.
    (library / "x=y").mkdir()
    assert folders_by_index([str(library / "x=y")], ["a"]) == {"a": [library / "x=y"]}


def test_an_index_follows_a_folder_until_it_is_closed(open_again: Opener, library: Path) -> None:
    index, uploads = open_again(), Uploads()
    told: list[Notice] = []
    follow([str(library)], ["default"], lambda _: index, uploads, told.append)
    until(lambda: len(list(index.catalog.sources())) == len(LIBRARY))
    write_files(library, {"new.txt": "A new ferry.\n"})
    until(lambda: index.catalog.source_record("new.txt"))
    assert told == []
    index.close()
    assert index.held == {}


def test_a_service_follows_a_folder_and_ends_at_once(open_again: Opener, library: Path, settings: Settings) -> None:
    index = open_again()
    command = [sys.executable, "-m", "tests.fakes", "serve", "--port", str(free_port()), "--watch", str(library)]
    environment = {**os.environ, "RAG_HOME": str(settings.home), "RAG_LLM": "none", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            assert "Footnote serves" in served.stdout.readline()
            until(lambda: len(list(index.catalog.sources())) == len(LIBRARY))
            write_files(library, {"new.txt": "A new ferry.\n"})
            until(lambda: index.catalog.source_record("new.txt"))
            served.send_signal(signal.SIGTERM)
            assert served.wait(60) == 0
        finally:
            served.kill()
