"""A full disk under a chat: it is said in one sentence, answers are shown all the same, and nothing is lost."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from rag.errors import IndexUnusable
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.index import Index, open_index
from tests.conftest import LIBRARY, write_files
from tests.fakes import ScriptedModel, WordEncoder
from ui.server.app import make_service
from ui.service.chat_service import AskOptions, ChatService

QUESTION = "How long is the bridge?"
ANSWER = "The bridge is 412 metres long [1]."


class Disk:
    """A small one."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._filler = folder, folder / "filler"

    def fill(self) -> None:
        with self._filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))

    def free(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=6m", "none", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def index(disk: Disk, tmp_path: Path) -> Iterator[Index]:
    write_files(tmp_path / "library", LIBRARY)
    settings = Settings(home=disk.folder / "home", llm="none", threads=1, llm_trust="strong")
    with open_index("default", settings=settings, create=True, encoder=WordEncoder()) as opened:
        ingest(opened, [tmp_path / "library"])
        yield opened


@pytest.fixture
def service(index: Index, disk: Disk) -> Iterator[ChatService]:
    """Its model writes an answer, and the disk is full by then."""
    opened = make_service(index, "scripted", lambda: ScriptedModel([ANSWER, disk.fill]))  # type: ignore[arg-type,return-value]
    opened.prepare()
    yield opened
    opened.close()


def test_an_answer_on_its_way_is_shown_and_stored_once_there_is_room(
    service: ChatService, index: Index, disk: Disk
) -> None:
    history = History(index.folder)
    conversation = history.begin("", "Bridge")
    running = service.ask("", index, conversation.id, QUESTION, AskOptions(follow_ups=False))
    assert running.wait(120)
    assert running.error is None
    made = running.latest.answer
    assert made is not None
    assert "412 metres" in made.answer
    assert "answer-not-stored" in [notice.code for notice in made.notices]

    (stored,) = history.turns("", conversation.id)
    assert stored.answer.state != "done", "there was no room for it"
    for _ in range(2):
        (shown,) = service.unstored.in_place(index.folder, [stored])
        assert shown.answer.answer == made.answer
        assert shown.answer.notices == made.notices

    with pytest.raises(IndexUnusable, match="is full or fails, so nothing more can be stored") as refused:
        service.ask("", index, conversation.id, "When does the ferry leave?", AskOptions())
    assert "\n" not in str(refused.value)
    assert [turn.question for turn in history.turns("", conversation.id)] == [QUESTION]

    disk.free()
    (shown,) = service.unstored.in_place(index.folder, history.turns("", conversation.id))
    (kept,) = history.turns("", conversation.id)
    assert kept.answer.answer == shown.answer.answer == made.answer
    assert "answer-not-stored" not in [notice.code for notice in (*kept.answer.notices, *shown.answer.notices)]
    assert kept.answer.citations[0].quote == "The bridge is 412 metres long."


def test_an_answer_whose_conversation_was_deleted_is_held_no_longer(
    service: ChatService, index: Index, disk: Disk
) -> None:
    history = History(index.folder)
    conversation = history.begin("", "Bridge")
    running = service.ask("", index, conversation.id, QUESTION, AskOptions(follow_ups=False))
    assert running.wait(120)
    (stored,) = history.turns("", conversation.id)
    disk.free()
    history.remove("", conversation.id)
    service.unstored.in_place(index.folder, [stored])
    assert service.unstored.in_place(index.folder, [stored]) == [stored]
