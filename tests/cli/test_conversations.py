"""``rag conversations export`` and ``import``."""

from __future__ import annotations

from pathlib import Path

from rag.store.catalog import History
from rag.store.index import Index
from rag.types import Answer
from tests.conftest import Command


def test_conversations_are_exported_and_imported(rag: Command, index: Index, tmp_path: Path) -> None:
    history = History(index.folder)
    history.save("", history.begin("").id, Answer("What is the toll?", "What is the toll?", "3 crowns"))
    home = ["--home", str(index.folder.parent)]
    file = tmp_path / "talks.json"
    result = rag("conversations", "export", str(file), *home)
    assert (result.code, result.out) == (0, f"1 conversation written to {file}\n")
    assert file.stat().st_mode & 0o077 == 0, "whoever reads the file reads what was asked"
    assert rag("conversations", "export", "-", *home).out == file.read_text()
    result = rag("conversations", "import", str(file), *home)
    assert (result.code, result.out) == (0, "1 conversation imported into default\n")
    assert [head.title for head in history.conversations("")] == ["What is the toll?"] * 2
    file.write_text("{}")
    refused = rag("conversations", "import", str(file), *home)
    assert (refused.code, "nothing was imported" in refused.err) == (2, True)
    absent = rag("conversations", "import", str(tmp_path / "absent.json"), *home)
    assert (absent.code, "cannot be read" in absent.err) == (2, True)
    assert history.count("") == 2
