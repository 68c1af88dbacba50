"""Uploads that belong to no server: `rag.hosting.shared_jobs` and `rag.hosting.shared_batches` on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

import rag.hosting.shared_jobs
from rag.errors import DatabaseUnusable, UsageError
from rag.hosting.shared_batches import SharedBatches
from rag.hosting.shared_jobs import JobElsewhere, SharedJobs, SharedTurn
from rag.hosting.shared_state import DatabaseState
from rag.hosting.state import put, remove
from rag.hosting.upload_again import ReadAgain
from rag.hosting.upload_job import Job, StagedFile, UploadedFile
from rag.hosting.uploads import UploadLimits, Uploads
from rag.hosting.workspaces import uploads_folder
from rag.ingestion.pipeline import ingest
from rag.notices import Notice
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.store.write_lock import write_lock
from tests.conftest import texts_of, write_files
from tests.fakes import WordEncoder
from tests.loopback import wait_until
from tests.postgres_server import PostgresServer


@pytest.fixture
def url(postgres_server: PostgresServer, use_database: Callable[[str], None]) -> str:
    address = postgres_server.new_database()
    use_database(address)
    return address


@pytest.fixture
def state(url: str) -> DatabaseState:
    return DatabaseState(url)


@pytest.fixture
def index(url: str, tmp_path: Path) -> Iterator[Index]:
    write_files(tmp_path / "library", {"ferry.txt": "The ferry carries 28 cars."})
    settings = Settings(home=tmp_path / "home", llm="none", threads=1)
    with open_index("library", settings=settings, create=True, encoder=WordEncoder()) as opened:
        ingest(opened, [tmp_path / "library"])
        yield opened


@pytest.fixture
def sent(tmp_path: Path) -> list[tuple[str, Path]]:
    write_files(tmp_path / "sent", {"lamp.txt": "The lamp is old.", "rope.txt": "The rope is new."})
    return [(name, tmp_path / "sent" / name) for name in ("lamp.txt", "rope.txt")]


def abandoned(index: Index, state: DatabaseState, tmp_path: Path) -> Job:
    """A job of a server that has moved one of its two files, told of that, and is gone."""
    folder = uploads_folder(index)
    staging = folder.parent / "staging" / "gone"
    write_files(staging, {"0000": "The lamp is old."})
    write_files(folder, {"rope.txt": "The rope is new."})
    files = [UploadedFile("lamp.txt", "lamp.txt", "waiting"), UploadedFile("rope.txt", "rope.txt", "reading")]
    staged = [
        StagedFile(0, staging / "0000", folder / "lamp.txt"),
        StagedFile(1, staging / "0001", folder / "rope.txt"),
    ]
    job = Job(index, folder, staging, files, staged, threading.Lock())
    SharedJobs(state, "gone").begin(folder, job)
    return job


def test_a_job_is_seen_and_cancelled_from_every_server(
    index: Index, state: DatabaseState, sent: list[tuple[str, Path]]
) -> None:
    one, other = Uploads(state=state), Uploads(state=state)
    with write_lock(index.folder):
        job = one.start(index, sent)
        seen = other.job(index)
        assert isinstance(seen, JobElsewhere)
        assert one.job(index) is job, "a server's own job is the job itself"
        assert (seen.id, [file.name for file in seen.state().files]) == (job.id, ["lamp.txt", "rope.txt"])
        assert other.at_work(index) == {"lamp.txt", "rope.txt"}
        with pytest.raises(UsageError, match="Files are being read"):
            other.remove(index, "ferry.txt")
        seen.cancel()
        assert job.wait(60)
    wait_until(lambda: all(found.state().over for found in other.recent(index)))
    last = other.job(index)
    assert last is not None
    assert last.state().phase == "cancelled"
    assert [found.id for found in other.recent_in(index.folder)] == [job.id], "it can still be looked up"
    one.close()
    other.close()


def test_a_job_that_lost_its_server_is_gone_on_with_once(
    index: Index, state: DatabaseState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.hosting.shared_jobs, "LOST_AFTER", 3.0)
    lost = abandoned(index, state, tmp_path)
    servers = [Uploads(state=state), Uploads(state=state)]
    for server in servers:
        assert len(server.jobs(index)) == 1
    wait_until(lambda: all(server.job(index).state().over for server in servers))  # type: ignore[union-attr]
    (first,), (second,) = (server.recent(index) for server in servers)
    assert {first.id, second.id} == {lost.id}
    assert isinstance(first, JobElsewhere) is not isinstance(second, JobElsewhere), "one of them went on with it"
    # The one that its server had moved already was read with its folder.
    assert [file.state for file in first.state().files] == ["added", "unchanged"]
    index.refresh()
    assert {one.source for one in index.catalog.sources()} == {"ferry.txt", "lamp.txt", "rope.txt"}
    assert not lost.staging.exists()
    for server in servers:
        server.close()


def test_a_server_that_stops_leaves_its_job_to_another(
    index: Index, state: DatabaseState, sent: list[tuple[str, Path]]
) -> None:
    one, other = Uploads(state=state), Uploads(state=state)
    with write_lock(index.folder):
        job = one.start(index, sent)
        one.close()
        assert job.abandoned
        assert (len(list(job.staging.iterdir())), job.state().over) == (2, False), "nothing is thrown away"
        seen = other.job(index)
        assert isinstance(seen, JobElsewhere)
        assert seen.is_lost()
    wait_until(lambda: other.job(index).state().over)  # type: ignore[union-attr]
    (ended,) = other.recent(index)
    assert (ended.id, [file.state for file in ended.state().files]) == (job.id, ["added", "added"])
    assert not job.staging.exists()
    wait_until(lambda: SharedJobs(state, "any").under_way(uploads_folder(index)) == [])
    other.close()


def test_a_server_that_was_slow_takes_nothing_from_the_one_that_goes_on(
    index: Index, state: DatabaseState, sent: list[tuple[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, folder = Uploads(state=state), uploads_folder(index)
    with write_lock(index.folder):
        job = slow.start(index, sent)
        monkeypatch.setattr(rag.hosting.shared_jobs, "LOST_AFTER", -60.0)
        (taken,) = SharedJobs(state, "quick").take_over(folder)
        monkeypatch.undo()
        assert job.wait(60), "it learns of that with its next telling"
    assert (job.abandoned, job.state().over) == (True, False)
    assert {item.path.read_text() for item in taken.staged} == {"The lamp is old.", "The rope is new."}
    slow.close()
    (told,) = SharedJobs(state, "quick").told(folder, over=9)
    assert (told.server, told.state.phase) == ("quick", "waiting")


def test_what_one_server_removed_another_brings_back(
    index: Index, state: DatabaseState, sent: list[tuple[str, Path]]
) -> None:
    one, other = Uploads(state=state), Uploads(state=state)
    assert one.start(index, sent).wait(60)
    before = texts_of(index)
    removed = one.remove(index, "rope.txt")
    assert set(texts_of(index)) == {"ferry.txt", "lamp.txt"}
    one.close()
    assert other.restore(index, removed.id).wait(60)
    assert texts_of(index) == before
    assert (uploads_folder(index) / "rope.txt").read_text() == "The rope is new."
    for server in (other, Uploads(state=state)):
        with pytest.raises(UsageError) as over:
            server.restore(index, removed.id)
        assert over.value.notice.code == "removal-over"
        server.close()


def test_a_job_goes_on_once_the_database_is_back(
    index: Index, state: DatabaseState, sent: list[tuple[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    codes, acquire = ["database-silent", "database-full"], SharedTurn.acquire

    def away_once(turn: SharedTurn, timeout: float) -> bool:
        if codes:
            raise DatabaseUnusable(Notice(codes.pop(0), {"database": "postgresql://db/team", "cause": "no route"}))
        return acquire(turn, timeout)

    monkeypatch.setattr(SharedTurn, "acquire", away_once)
    server = Uploads(state=state)
    server.start(index, sent)
    wait_until(lambda: server.job(index).state().over)  # type: ignore[union-attr]
    failed = server.job(index)
    assert failed is not None
    assert (codes, failed.state().phase, failed.state().message.code) == ([], "failed", "shared-state-away")  # type: ignore[union-attr]
    codes.append("database-lost")
    second = server.start(index, sent)
    wait_until(lambda: server.job(index).state().over)  # type: ignore[union-attr]
    ended = server.job(index)
    assert ended is not None
    assert (ended.id, [file.state for file in ended.state().files]) == (second.id, ["added", "added"])
    assert (second.abandoned, second.staging.exists()) == (True, False)
    server.close()


def test_what_somebody_else_wrote_leads_nowhere(
    index: Index, state: DatabaseState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.hosting.shared_jobs, "LOST_AFTER", -60.0)
    job, folder, ours = abandoned(index, state, tmp_path), uploads_folder(index), SharedJobs(state, "ours")
    write_files(tmp_path, {"mine.txt": "Nobody else's."})
    # Nor is what ended three servers.
    put(state, "job", job.id, {**state.get("job", job.id), "tries": 3}, 60, str(folder))
    assert (ours.take_over(folder), [told.state.phase for told in ours.told(folder, over=9)]) == ([], ["failed"])
    remove(state, "job-over", job.id)
    SharedJobs(state, "gone").begin(folder, job)
    for staging, target in ((str(job.staging), tmp_path / "mine.txt"), (f"{job.staging}/../../x", folder / "lamp.txt")):
        forged = {**state.get("job", job.id), "staging": staging}
        forged["staged"] = [[0, f"{staging}/0000", str(target)]]
        put(state, "job", job.id, forged, 60, str(folder))
        assert ours.take_over(folder) == []
        (told,) = ours.told(folder, over=9)
        assert (told.state.phase, (tmp_path / "mine.txt").read_text()) == ("failed", "Nobody else's.")
        remove(state, "job-over", job.id)
        SharedJobs(state, "gone").begin(folder, job)
    for odd in ({"id": 1}, [], "job", {**state.get("job", job.id), "state": {"phase": "resting", "files": [{}]}}):
        put(state, "job", job.id, odd, 60, str(folder))
        assert (ours.told(folder, over=9), ours.take_over(folder)) == ([], [])


def test_of_another_job_that_lost_its_server_the_rest_is_said(
    index: Index, state: DatabaseState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.hosting.shared_jobs, "LOST_AFTER", -1.0)
    folder = uploads_folder(index)
    (record,) = index.catalog.source_records()
    job = ReadAgain(index, folder, folder.parent / "staging" / "gone", [record], threading.Lock())
    SharedJobs(state, "gone").begin(folder, job)
    ours = SharedJobs(state, "ours")
    assert ours.take_over(folder) == []
    (told,) = ours.told(folder, over=9)
    assert ours.under_way(folder) == []
    ended = ours.elsewhere(told).state()
    assert (ended.phase, ended.kind, [file.state for file in ended.files]) == ("failed", "rereading", ["failed"])
    assert ended.message is not None
    assert "is gone" in ended.message.text()
    assert Path(record.path).is_file()


def test_one_server_at_a_time_has_its_turn(url: str, tmp_path: Path) -> None:
    one, other = SharedTurn(url, tmp_path), SharedTurn(url, tmp_path)
    assert one.acquire(timeout=1)
    assert not other.acquire(timeout=0.1)
    assert not one.acquire(timeout=0.1), "nor has another thread of the same server"
    assert SharedTurn(url, tmp_path / "another").acquire(timeout=1)
    one.release()
    assert other.acquire(timeout=5)
    other.release()


def test_the_files_of_an_upload_come_to_any_server(state: DatabaseState, url: str, tmp_path: Path) -> None:
    ann, limits = ("ann", "own:diary"), UploadLimits(files=2, megabytes=0.00002)
    one, other = SharedBatches(limits, state, tmp_path), SharedBatches(limits, DatabaseState(url), tmp_path)

    async def words(*blocks: bytes) -> AsyncIterator[bytes]:
        for block in blocks:
            yield block

    def add(batches: SharedBatches, name: str, *blocks: bytes, owner: tuple[str, str] = ann, size: int = 0) -> None:
        asyncio.run(batches.add(batch, owner, name, words(*blocks), size))

    batch = one.begin(ann, 2, 12)
    add(other, "lamp.txt", b"lamp", size=4)
    with pytest.raises(UsageError, match="over"):
        add(other, "stolen.txt", b"x", owner=("bob", "own:diary"))
    with pytest.raises(UsageError, match=r"megabytes|MB"):
        add(one, "huge.txt", b"x" * 10, b"x" * 10)
    # What did not arrive has no place, and no bytes.
    add(one, "rope.txt", b"r" * 10, b"ope456")
    with pytest.raises(UsageError, match="files"):
        add(one, "third.txt", b"x")
    taken = other.take(batch, ann)
    assert [(name, path.read_bytes()) for name, path in taken.files] == [
        ("lamp.txt", b"lamp"), ("rope.txt", b"r" * 10 + b"ope456")
    ]  # fmt: skip
    assert taken.size == 20
    with pytest.raises(UsageError, match="over"):
        one.take(batch, ann)
    again = one.begin(ann)
    other.drop(again, ann)
    assert list((tmp_path / ".incoming").iterdir()) == [taken.folder]
    shutil.rmtree(taken.folder)
    batch = one.begin(ann)

    async def at_once() -> None:
        """Two files that do not say how long they are, and of which only one has room."""
        gate = asyncio.Event()

        async def first() -> AsyncIterator[bytes]:
            yield b"x" * 12
            gate.set()
            await asyncio.sleep(0)
            yield b"y" * 8

        async def second() -> AsyncIterator[bytes]:
            await gate.wait()
            yield b"z" * 12

        kept, refused = await asyncio.gather(
            one.add(batch, ann, "a", first()), other.add(batch, ann, "b", second()), return_exceptions=True
        )
        assert (kept, type(refused)) == (None, UsageError)

    asyncio.run(at_once())
    ((name, path),) = one.take(batch, ann).files
    assert (name, list((tmp_path / ".incoming").glob("*/*")), path.stat().st_size) == ("a", [path], 20)
    for _ in range(4):
        one.begin(ann)
    with pytest.raises(UsageError, match="uploads"):
        other.begin(ann)
    assert one.begin(("bob", "own:diary"))
