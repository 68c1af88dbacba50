"""What is removed is gone: after a purge no word of it stands in any file of Footnote."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from rag.answering.pipeline import answer
from rag.errors import UsageError
from rag.hosting.uploads import Uploads
from rag.hosting.workspaces import Workspaces
from rag.ingestion.pipeline import ingest, remove
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.catalog.purging import MADE_OF_WORDS
from rag.store.chroma import ChromaStore
from rag.store.chroma_files import overwrite_free_space
from rag.store.index import Index, open_index
from rag.store.purge import purge
from rag.store.vector_stores import VectorRecord
from tests.conftest import consistent, write_files
from tests.fakes import WordEncoder
from ui.service.shares import Shares

SECRET, OTHER = "Quillwort", "Hornbeam"
FILES = {
    "secret.txt": f"The code of the {SECRET} gate is {SECRET}-7741. Only the keeper of the {SECRET} gate knows it.",
    "public.txt": f"The {OTHER} bridge is 412 metres long. The {OTHER} toll is 3 crowns.",
}


def files_with(home: Path, word: str) -> list[str]:
    """Return the files below a folder that hold a word, in any case, as UTF-8 or UTF-16."""
    found = []
    for path in sorted(home.rglob("*")):
        content = path.read_bytes().lower() if path.is_file() else b""
        if any(word.lower().encode(encoding) in content for encoding in ("utf-8", "utf-16-le")):
            found.append(path.name)
    return found


def ask(index: Index, history: History, conversation: str, question: str) -> str:
    *_, last = answer(index, question, model=None)
    return history.save("", conversation, last).id


@pytest.fixture
def asked(tmp_path: Path, settings: Settings) -> dict[str, str]:
    """An index of two files, both asked about; then the secret one is removed. The ids of the turns."""
    write_files(tmp_path / "library", FILES)
    with open_index("library", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [tmp_path / "library"])
        history = History(index.folder)
        conversation = history.begin("", "Gates")
        turns = {
            "secret": ask(index, history, conversation.id, "What is the code of the gate?"),
            "public": ask(index, history, conversation.id, "How long is the bridge?"),
        }
        history.rate("", turns["secret"], "down", f"It should say {SECRET}-7742.")
        deleted = history.begin("", "Deleted")
        ask(index, history, deleted.id, "What does the keeper of the gate know?")
        history.remove("", deleted.id)
        remove(index, ["secret.txt"])
        index.vectors.refresh()
    return turns


def test_a_purge_leaves_no_word(asked: dict[str, str], settings: Settings) -> None:
    assert files_with(settings.home, SECRET), "removal alone keeps what answers quote"
    with open_index("library", settings=settings, encoder=WordEncoder()) as index:
        purged = purge(index)
        # Now: whoever opens a small store of Chroma writes some of its own memory into its files.
        assert files_with(settings.home, SECRET) == []
        assert purged.words.answers >= 1
        assert purged.words.notes == 1
        assert purged.words.documents == 1
        assert (purged.vectors or 0) >= 1
        history = History(index.folder)
        emptied = history.turn("", asked["secret"])
        assert emptied is not None
        assert emptied.question == "What is the code of the gate?"
        assert [notice.code for notice in emptied.answer.notices] == ["answer-purged"]
        # What rests on the other document is whole, and can be asked.
        *_, last = answer(index, "How long is the bridge?", model=None)
        assert any(OTHER in citation.quote for citation in last.citations)
        index.vectors.refresh()
    assert files_with(settings.home, SECRET) == []
    assert files_with(settings.home, OTHER)


@pytest.mark.parametrize("count", [20, 1500])
def test_the_room_of_vectors_to_come_holds_nothing(tmp_path: Path, count: int) -> None:
    """Chroma writes it as it lies in memory, with words of other documents; 1,000 vectors make it write the graph."""
    store = ChromaStore(tmp_path / "chroma", "name")
    vectors = np.random.default_rng(0).normal(size=(count + 1, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    records = [VectorRecord(str(number), SECRET, "a", "d", "A", "", 0, 7, None) for number in range(count + 1)]
    store.add(records[:-1], vectors[:-1])
    store.close()
    path = next((tmp_path / "chroma").glob("*/data_level0.bin"))
    room, stored, length = struct.unpack_from("<QQQ", path.with_name("header.bin").read_bytes(), 12)
    before = path.read_bytes()
    assert (stored > 0) == (count > 1000)
    with path.open("ab") as file:
        # As if this part of the memory had held it.
        file.write((SECRET.encode() * 1000)[: room * length - len(before)])
    store.overwrite_free_space()
    after = path.read_bytes()
    assert after[: stored * length] == before[: stored * length]
    assert not after[stored * length :].strip(b"\0")
    store.add(records[-1:], vectors[-1:])
    assert store.count() == count + 1
    for number in range(0, count + 1, 10):
        assert store.nearest(vectors[number], 1)[0][0] == str(number)
    store.close()
    path.with_name("header.bin").write_bytes(b"another form")
    assert overwrite_free_space(tmp_path / "chroma") == 0


def test_what_could_be_brought_back_is_gone_too(tmp_path: Path, settings: Settings) -> None:
    """A removal that can be undone, its uploaded file, a shared answer, a deleted collection, a renamed one."""
    (tmp_path / "note").write_text(FILES["secret.txt"])
    write_files(tmp_path / "library", {"public.txt": FILES["public.txt"]})
    homes = Workspaces(open_index("library", settings=settings, create=True, encoder=WordEncoder()), with_users=False)
    index, uploads = homes.first, Uploads()
    try:
        ingest(index, [tmp_path / "library"])
        assert uploads.start(index, [(f"{SECRET} notes.txt", tmp_path / "note")]).wait(60)
        history = History(index.folder)
        conversation = history.begin("", "Gates").id
        turn = ask(index, history, conversation, "What is the code of the gate?")
        share = Shares(settings.home).share("", "own:library", conversation, [turn])
        homes.rename("", "own:library", "Gates and bridges")
        index.catalog.set(**{f"{MADE_OF_WORDS}suggestions": f"What is {SECRET}?"})
        with homes.open("", homes.create("", "old").id) as old:
            assert uploads.start(old, [("old.txt", tmp_path / "note")]).wait(60)
        homes.delete("", "own:old")
        removal = uploads.remove(index, f"{SECRET} notes.txt")
        # Whether the catalog's words lie in its file or still in its log is up to SQLite.
        with_secret = {name.removesuffix("-wal") for name in files_with(settings.home, SECRET)}
        assert {"catalog.sqlite", "0", "old.txt"} <= with_secret
        purged = purge(index)
        assert files_with(settings.home, SECRET) == []
        assert (purged.words.answers, purged.words.removed, purged.files, purged.collections) == (1, 1, 1, 1)
        index.vectors.refresh()
        assert homes.deleted("") == []
        shared = Shares(settings.home).find(share.token)
        assert shared is not None
        emptied = history.turn("", shared.turns[0])
        assert emptied is not None
        assert [notice.code for notice in emptied.answer.notices] == ["answer-purged"]
        with pytest.raises(UsageError, match="no longer be undone"):
            uploads.restore(index, removal.id)
        assert consistent(index) == []
    finally:
        uploads.close()
        homes.close()
        index.close()
    assert files_with(settings.home, SECRET) == []
    assert files_with(settings.home, OTHER)


def test_a_purge_of_nothing_changes_nothing(tmp_path: Path, settings: Settings) -> None:
    write_files(tmp_path / "library", FILES)
    with open_index("library", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [tmp_path / "library"])
        history = History(index.folder)
        turn = ask(index, history, history.begin("").id, "What is the code of the gate?")
        before = history.turn("", turn)
        purged = purge(index)
        assert (purged.words.answers, purged.words.notes, purged.words.documents) == (0, 0, 0)
        assert (purged.words.removed, purged.files, purged.collections) == (0, 0, 0)
        assert history.turn("", turn) == before
        index.vectors.refresh()
