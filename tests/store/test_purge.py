"""What is removed is gone: after a purge no word of it stands in any file of Footnote."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answering.pipeline import answer
from rag.errors import UsageError
from rag.ingestion.pipeline import ingest, remove
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.catalog.purging import MADE_OF_WORDS
from rag.store.index import Index, open_index
from rag.store.purge import purge
from tests.conftest import consistent, write_files
from tests.fakes import WordEncoder
from ui.service.shares import Shares
from ui.service.uploads import Uploads
from ui.service.workspaces import Workspaces

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
