"""Files from the browser and the indexes they go into.

`rag.hosting.uploads`, `rag.hosting.upload_job`, `rag.hosting.upload_names` and `rag.hosting.workspaces`.
"""

from __future__ import annotations

import sqlite3
import stat
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import IndexUnusable, UsageError
from rag.hosting.upload_job import JobState
from rag.hosting.upload_names import free_name, safe_name
from rag.hosting.upload_removals import upload_of
from rag.hosting.uploads import UploadLimits, Uploads
from rag.hosting.workspaces import MOST_INDEXES, Workspaces, uploads_folder
from rag.ingestion.pipeline import ingest
from rag.models.compute_lock import COMPUTE_LOCK
from rag.models.encoder import Vectors
from rag.models.llm.metering import usage_path
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.catalog import FILE, SourceQuery
from rag.store.catalog.schema import connect
from rag.store.index import Index
from rag.store.write_lock import write_lock
from tests.children import Child, hold_the_lock
from tests.conftest import Opener, consistent, write_files
from tests.fakes import WordEncoder
from tests.ui.payloads import PAYLOADS
from ui.i18n import translator
from ui.views.upload import job_json


@pytest.fixture
def uploads() -> Iterator[Uploads]:
    opened = Uploads()
    yield opened
    opened.close()


@pytest.fixture
def browser(tmp_path: Path) -> Callable[..., list[tuple[str, Path]]]:
    """Files as a browser hands them in: each under a temporary name beside the one it was given.

    They are a dictionary, or keywords whose underscores stand for dots.
    """
    count = iter(range(10_000))

    def hand_in(files: dict[str, str | bytes] | None = None, **named: str | bytes) -> list[tuple[str, Path]]:
        uploaded: list[tuple[str, Path]] = []
        for name, content in (files or {name.replace("_", "."): content for name, content in named.items()}).items():
            path = tmp_path / f"upload{next(count)}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            uploaded.append((name, path))
        return uploaded

    return hand_in


def many(number: int, sentences: int) -> str:
    """A text of which no two chunks are equal, so that none is known from another."""
    return " ".join(f"Lamp {number}-{n} burns oil in the tower." for n in range(sentences))


Browser = Callable[..., list[tuple[str, Path]]]


def ended(uploads: Uploads, index: Index, files: Sequence[tuple[str, Path]]) -> JobState:
    job = uploads.start(index, files)
    assert job.wait(120), job.state()
    return job.state()


def states(state: JobState) -> dict[str, str]:
    return {file.source: file.state for file in state.files}


# -- the way into an index ---------------------------------------------------------------------------------------------


def test_good_and_bad_files(index: Index, uploads: Uploads, browser: Browser) -> None:
    files = browser(
        {"lamp.md": "# Lamp\n\nThe lamp burns oil.\n", "a/b/keys.txt": "Keys.\n", "p.txt": b"fLaC\0\0\0\x22", "e": ""}
    )
    state = ended(uploads, index, files)
    assert (state.phase, state.seconds_left, state.done) == ("done", None, state.total)
    assert states(state) == {"lamp.md": "added", "a/b/keys.txt": "added", "p.txt": "skipped", "e": "skipped"}
    assert [str(file.reason) for file in state.files][2:] == [
        "a sound recording; only text can be indexed",
        "empty: there is no text in it",
    ]
    assert retrieve(index, "What does the lamp burn?", 1)[0].source == "lamp.md"
    assert consistent(index) == []
    assert (uploads_folder(index) / "a/b/keys.txt").read_text() == "Keys.\n"
    assert not (uploads_folder(index) / "p.txt").exists()
    assert index.catalog.source_record("bridge.md"), "what was there before stays"
    assert list(uploads_folder(index).parent.glob("staging/*")) == []


def test_a_full_disk_is_one_sentence_and_loses_nothing(
    index: Index, uploads: Uploads, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = index.version

    def connect_to_full_disk(path: Path) -> sqlite3.Connection:
        db = connect(path)
        # SQLite takes no fewer pages than there are: none is left.
        db.execute("PRAGMA max_page_count = 1")
        return db

    with monkeypatch.context() as patched:
        patched.setattr("rag.store.catalog.places.connect", connect_to_full_disk)
        state = ended(uploads, index, browser(lamp_txt=many(1, 400)))
    assert (state.phase, states(state)) == ("failed", {"lamp.txt": "failed"})
    assert str(state.message) == (
        "The files cannot be stored (database or disk is full); make room or see to the permissions."
    )
    assert (index.version, list(uploads_folder(index).glob("*"))) == (before, [])
    assert states(ended(uploads, index, browser(lamp_txt="The lamp burns oil."))) == {"lamp.txt": "added"}
    assert consistent(index) == []


def test_a_folder_of_many_files_is_taken_at_once(index: Index, uploads: Uploads, browser: Browser) -> None:
    files = {f"{number % 7}/{number}.txt": f"Lamp {number} burns oil." for number in range(620)} | {"none.txt": ""}
    state = ended(uploads, index, browser(files))
    assert state.phase == "done"
    assert Counter(states(state).values()) == {"added": 620, "skipped": 1}
    assert index.catalog.source_record("3/619.txt")
    # The line below the table tells of those that there is something to say of.
    assert [problem["name"] for problem in job_json(state, translator("en"))["problems"]] == ["none.txt"]


def test_uploads_are_the_owners_alone(index: Index, uploads: Uploads, browser: Browser) -> None:
    ended(uploads, index, browser(a_txt="One."))
    folder = uploads_folder(index)
    assert [stat.S_IMODE(parent.stat().st_mode) for parent in (folder.parent, folder.parent.parent)] == [0o700, 0o700]


def test_the_same_name_again_is_an_update(index: Index, uploads: Uploads, browser: Browser) -> None:
    assert states(ended(uploads, index, browser(a_txt="The lamp burns oil."))) == {"a.txt": "added"}
    assert states(ended(uploads, index, browser(a_txt="The lamp burns gas."))) == {"a.txt": "updated"}
    assert states(ended(uploads, index, browser(a_txt="The lamp burns gas."))) == {"a.txt": "unchanged"}
    assert retrieve(index, "What does the lamp burn?", 1)[0].text == "The lamp burns gas."


def test_a_name_that_another_folder_has_gets_a_folder_in_front(
    index: Index, uploads: Uploads, browser: Browser
) -> None:
    state = ended(uploads, index, browser({"bridge.md": "Another bridge.\n"}))
    assert states(state) == {"uploads/bridge.md": "added"}
    assert upload_of(index, "uploads/bridge.md") is not None
    assert upload_of(index, "bridge.md") is None
    assert index.catalog.source_record("bridge.md")


def test_two_files_of_one_name_are_two_sources(index: Index, uploads: Uploads, browser: Browser) -> None:
    files = [*browser({"a.txt": "First."}), *browser({"./a.txt": "Second."})]
    assert states(ended(uploads, index, files)) == {"a.txt": "added", "a (2).txt": "added"}


def test_limits(index: Index, browser: Browser) -> None:
    index = replace(index, settings=index.settings.model_copy(update={"max_file_mb": 0.0005}))
    small = Uploads(UploadLimits(files=2, megabytes=0.001))
    with pytest.raises(UsageError, match="These are 3 files, and 2 can be added at once"):
        small.start(index, browser(a="1", b="2", c="3"))
    with pytest.raises(UsageError, match=r"More than 0.001 MB"):
        small.start(index, browser(a="x" * 1001))
    with pytest.raises(UsageError, match="There is no file"):
        small.start(index, [])
    state = ended(small, index, browser(a_txt="x" * 501, b_txt="fine"))
    assert states(state) == {"a.txt": "refused", "b.txt": "added"}
    assert "larger than 0.0005 MB" in str(state.files[0].reason)


def test_a_file_that_fails_is_listed_with_its_reason(index: Index, uploads: Uploads, browser: Browser) -> None:
    state = ended(uploads, index, browser({"a.pdf": b"%PDF-1.7 broken", "b.txt": "fine"}))
    assert states(state) == {"a.pdf": "failed", "b.txt": "added"}
    assert "damaged" in str(state.files[0].reason)
    total, page = index.catalog.list_sources(SourceQuery("a.pdf"))
    assert (total, page[0].problem, page[0].source_id) == (1, state.files[0].reason, None)


def test_what_is_no_file(index: Index, uploads: Uploads, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    files = [("a", tmp_path), ("b", tmp_path / "gone"), ("c", tmp_path / "link")]
    state = ended(uploads, index, files)
    assert {file.state for file in state.files} == {"refused"}
    assert {str(file.reason) for file in state.files} == {"not a regular file; only files can be read"}


def test_progress_is_reported_by_file(open_again: Opener, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.hosting.upload_job._ESTIMATE_AFTER", 0.0)
    index = open_again(encoder=WordEncoder(delay=0.05))
    uploads = Uploads()
    job = uploads.start(index, browser({f"{n}.txt": many(n, 300) for n in range(12)}))
    seen: list[JobState] = []
    while not job.wait(0.02):
        seen.append(job.state())
    assert job.state().phase == "done"
    assert {file.state for file in job.state().files} == {"added"}
    done = [state.done for state in seen]
    assert done == sorted(done)
    assert len(set(done)) > 3
    assert any(state.seconds_left for state in seen)
    assert any(file.state == "reading" for state in seen for file in state.files)
    assert uploads.job(index) is job


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.2, "about 5 s left"),
        (61, "about 65 s left"),
        (91, "about 2 min left"),
        (48086, "about 13 h left"),
    ],
)
def test_the_time_left_is_told_in_words(seconds: float | None, words: str) -> None:
    state = JobState("j", "i", "running", (), 1, 2, "a.txt", seconds)
    assert job_json(state, translator("en"))["left"] == words


def test_every_file_of_a_batch_is_shown_as_read(open_again: Opener, browser: Browser) -> None:
    index = open_again(encoder=WordEncoder(delay=0.05))
    job = Uploads().start(index, browser({f"{n}.txt": many(n, 40) for n in range(4)}))
    seen: set[int] = set()
    while not job.wait(0.01):
        seen.add(sum(file.state == "reading" for file in job.state().files))
    assert max(seen) == 4, "they wait for one another's vectors, not to be read"


def test_no_time_left_is_made_up_at_the_beginning(open_again: Opener, browser: Browser) -> None:
    """The first small file of many is no measure of the rest."""
    index = open_again(encoder=WordEncoder(delay=0.02))
    job = Uploads().start(index, browser({"0.txt": "A note.", "1.txt": many(1, 300)}))
    assert job.state().seconds_left is None
    assert job.wait(60)


def test_the_end_of_a_job_is_logged(
    index: Index, uploads: Uploads, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "rag.hosting")
    ended(uploads, index, browser({"a.txt": "The mill grinds rye.", "b.exe": b"MZ\x00\x01", "c.txt": "The quay."}))
    record = next(record for record in caplog.records if record.name == "rag.hosting.upload_job")
    fields = vars(record)
    assert (record.message, fields["phase"], fields["files"], fields["added"]) == ("upload job finished", "done", 3, 2)
    assert fields["seconds"] > 0


# -- cancel, and other writers -----------------------------------------------------------------------------------------


def slow(open_again: Opener, delay: float = 0.1) -> Index:
    return open_again("slow", encoder=WordEncoder(delay=delay))


def test_cancel_keeps_what_is_in_and_throws_away_the_rest(open_again: Opener, browser: Browser) -> None:
    index = slow(open_again, delay=0.03)
    index = replace(index, settings=index.settings.model_copy(update={"chunk_tokens": 32}))
    uploads = Uploads()
    assert ended(uploads, index, browser({"7.txt": "The old seven."})).phase == "done"
    job = uploads.start(index, browser({f"{n}.txt": many(n, 700) for n in range(8)}))
    while not any(file.state == "added" for file in job.state().files):
        assert not job.wait(0.01), job.state()
    job.cancel()
    assert job.wait(120)
    state = job.state()
    assert state.phase == "cancelled"
    assert set(states(state).values()) == {"added", "cancelled"}
    for file in state.files:
        indexed = index.catalog.source_record(file.source) is not None
        stored = (uploads_folder(index) / file.source).exists()
        assert indexed == stored == (file.state == "added" or file.source == "7.txt"), file
    assert (uploads_folder(index) / "7.txt").read_text() == "The old seven."
    assert consistent(index) == []
    assert list(uploads_folder(index).parent.glob("staging/*")) == []


def test_jobs_of_one_index_wait_for_each_other(open_again: Opener, browser: Browser) -> None:
    index = slow(open_again)
    uploads = Uploads()
    first = uploads.start(index, browser({"a.txt": many(0, 1000)}))
    second = uploads.start(index, browser({"b.txt": "Key."}))
    third = uploads.start(index, browser({"c.txt": "Door."}))
    assert uploads.jobs(index) == [first, second, third]
    third.cancel()
    assert third.wait(120)
    assert third.state().phase == "cancelled"
    assert not second.wait(0)
    with pytest.raises(UsageError, match="wait for that to end, or cancel"):
        uploads.remove(index, "a.txt")
    assert first.wait(120)
    assert second.wait(120)
    assert index.catalog.source_record("b.txt")
    assert not (uploads_folder(index) / "c.txt").exists()


def test_another_process_that_writes_is_named_and_waited_for(index: Index, uploads: Uploads, browser: Browser) -> None:
    child = Child(hold_the_lock, index.folder)
    child.receive()
    job = uploads.start(index, browser({"lamp.md": "The lamp."}))
    while not job.state().message:
        assert not job.wait(0.02)
    assert job.state().phase == "waiting"
    assert "is being written by process" in str(job.state().message)
    child.kill()
    assert job.wait(120)
    assert states(job.state()) == {"lamp.md": "added"}


def test_removal_while_another_writes(index: Index, uploads: Uploads, browser: Browser) -> None:
    ended(uploads, index, browser({"lamp.md": "The lamp."}))
    with write_lock(index.folder), pytest.raises(IndexUnusable, match="is being written"):
        uploads.remove(index, "lamp.md")
    assert (uploads_folder(index) / "lamp.md").exists()


def test_closing_ends_what_runs(open_again: Opener, browser: Browser) -> None:
    index = slow(open_again)
    uploads = Uploads()
    job = uploads.start(index, browser({f"{n}.txt": many(n, 1000) for n in range(20)}))
    uploads.close()
    assert job.state().phase == "cancelled"
    assert consistent(index) == []


# -- removal -----------------------------------------------------------------------------------------------------------


def test_a_removed_source_goes_with_its_file(index: Index, uploads: Uploads, browser: Browser) -> None:
    ended(uploads, index, browser({"a/b/lamp.md": "The lamp.", "a/key.md": "The key."}))
    uploads.remove(index, "a/b/lamp.md")
    assert index.catalog.source_record("a/b/lamp.md") is None
    assert sorted(path.name for path in (uploads_folder(index) / "a").iterdir()) == ["key.md"]
    assert consistent(index) == []
    assert states(ended(uploads, index, browser({"door.md": "The door."}))) == {"door.md": "added"}
    assert index.catalog.source_record("a/b/lamp.md") is None, "it does not come back"
    with pytest.raises(UsageError, match="no longer in the index"):
        uploads.remove(index, "a/b/lamp.md")


def test_a_source_of_a_folder_keeps_its_file(index: Index, uploads: Uploads, library: Path) -> None:
    uploads.remove(index, "bridge.md")
    assert index.catalog.source_record("bridge.md") is None
    assert (library / "bridge.md").exists()


def test_a_name_is_no_pattern(index: Index, uploads: Uploads, library: Path, settings: Settings) -> None:
    write_files(library, {"[a-z]*.txt": "Odd."})
    ingest(index, [library])
    uploads.remove(index, "[a-z]*.txt")
    assert index.catalog.source_record("weather.txt")
    with pytest.raises(UsageError):
        uploads.remove(index, "*")


# -- the chat goes on --------------------------------------------------------------------------------------------------


class ComputeLockEncoder(WordEncoder):
    """Works as the real one does: alone, under the compute lock, for a time that grows with the texts."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[int] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        with COMPUTE_LOCK:
            self.parts.append(len(texts))
            time.sleep(0.03 * len(texts))
            return super().encode_passages(texts)

    def encode_question(self, text: str) -> Vectors:
        with COMPUTE_LOCK:
            return super().encode_question(text)


def test_a_question_during_an_ingestion_waits_little(open_again: Opener, browser: Browser) -> None:
    encoder = ComputeLockEncoder()
    index = open_again(encoder=encoder)
    uploads = Uploads()
    assert ended(uploads, index, browser({"key.txt": "The key is under the mat."})).phase == "done"
    job = uploads.start(index, browser({f"{n}.txt": many(n, 1000) for n in range(10)}))
    answered = 0
    while answered < 8 and not job.wait(0.2):
        assert retrieve(index, "Where is the key?", 3)
        answered += 1
    running = job.state().phase == "running"
    job.cancel()
    job.wait(120)
    assert running, "the job was too short to prove anything"
    # A question waits for the part that is being encoded, not for a batch.
    assert max(encoder.parts) <= 8
    assert consistent(index) == []


def test_answers_see_what_was_uploaded(index: Index, uploads: Uploads, browser: Browser) -> None:
    """The chat reads the same open index from other threads all the while."""
    failed: list[Exception] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            try:
                assert retrieve(index, "What is the toll of the bridge?", 2)
            except Exception as error:
                failed.append(error)
                return

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for round_ in range(4):
        state = ended(uploads, index, browser({f"{round_}-{n}.txt": f"Lamp {round_} {n}." for n in range(5)}))
        assert set(states(state).values()) == {"added"}
        assert retrieve(index, f"Lamp {round_} 3", 1)[0].source.startswith(f"{round_}-")
    over.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert consistent(index) == []


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a.txt", "a.txt"),
        ("reports/2026/may.pdf", "reports/2026/may.pdf"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Users\\anna\\a.txt", "C_/Users/anna/a.txt"),
        (".gitignore", "gitignore"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("a/./b/../c.txt", "a/b/c.txt"),
        ("nul.txt", "_nul.txt"),
        ("console.txt", "console.txt"),
        ("a\x00b\x1b[31m.txt", "a_b_[31m.txt"),
        ("gnp\u202egpj.txt", "gnp_gpj.txt"),
        ("half \ud800.txt", "half _.txt"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("桥" * 100 + ".txt", "桥" * 38 + ".txt"),
        ("Cafe\u0301.txt", "Café.txt"),
        ("trailing. ", "trailing"),
        ("/".join("abcdefghijk"), "d/e/f/g/h/i/j/k"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(
    st.one_of(st.text(max_size=40), st.text(st.sampled_from("./\\~ :a\x00"), max_size=20), st.sampled_from(PAYLOADS))
)
def test_no_name_leaves_the_folder(name: str) -> None:
    safe = safe_name(name)
    path = PurePosixPath(safe)
    assert not path.is_absolute()
    assert str(path) == safe
    assert path.parts
    for part in path.parts:
        assert part not in ("", ".", "..")
        assert not part.startswith(".")
        assert part.isprintable()
        assert len(part.encode()) <= 121
    assert safe_name(safe) == safe


def test_free_names() -> None:
    assert free_name("a/b.txt", {"b.txt"}) == "a/b.txt"
    assert free_name("a/b.txt", {"a/b.txt", "a/b (2).txt"}) == "a/b (3).txt"


def test_payloads_as_names(index: Index, uploads: Uploads, browser: Browser) -> None:
    state = ended(uploads, index, browser({f"{payload}.txt": f"Lamp {n}." for n, payload in enumerate(PAYLOADS)}))
    assert [file.state for file in state.files] == ["added"] * len(PAYLOADS)
    stored = [path for path in uploads_folder(index).rglob("*") if path.is_file()]
    assert len(stored) == len(PAYLOADS)
    assert {path.name.split("-")[0] for path in index.folder.parent.iterdir()} == {
        ".files",
        "default",
        "vectors.sqlite",
    }
    for file in state.files:
        uploads.remove(index, file.source)
    assert list(uploads_folder(index).rglob("*")) == []


# -- workspaces --------------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(index: Index) -> Iterator[Workspaces]:
    opened = Workspaces(index, with_users=True)
    yield opened
    opened.close()


def test_all_people_share_the_caps_of_a_day(shared: Workspaces, index: Index) -> None:
    theirs = [shared.open(user, shared.create(user, "notes").id) for user in ("anna", "ben")]
    assert len({opened.folder.parent for opened in theirs}) == 2
    assert {usage_path(opened.settings) for opened in theirs} == {usage_path(index.settings)}
    assert usage_path(index.settings) == index.folder.parent / "usage.sqlite"


def test_one_person_has_the_indexes_of_the_home(index: Index, open_again: Opener) -> None:
    open_again("another")
    (index.folder.parent / "no index").mkdir()
    (index.folder.parent / "default.rebuilt").mkdir()
    (index.folder.parent / "default.rebuilt" / FILE).touch()
    workspaces = Workspaces(index, with_users=False)
    assert [(workspace.id, workspace.shared, workspace.writable) for workspace in workspaces.of("")] == [
        ("own:default", False, True),
        ("own:another", False, True),
    ]
    assert workspaces.open("") is workspaces.open("", "own:default") is index
    other = workspaces.open("", "own:another")
    assert other.name == "another"
    assert workspaces.open("", "own:another") is other
    assert workspaces.create("", "third").writable
    assert len(workspaces.of("")) == 3
    workspaces.close()


def test_users_share_the_first_index_and_own_others(
    index: Index, shared: Workspaces, uploads: Uploads, browser: Browser
) -> None:
    assert [(workspace.id, workspace.writable) for workspace in shared.of("anna")] == [("shared:default", False)]
    assert shared.open("anna") is index
    assert not shared.writable("anna")
    created = shared.create("anna", "letters")
    assert (created.id, created.writable) == ("own:letters", True)
    shared.create("anna", "default")
    letters = shared.open("anna", "own:letters")
    ended(uploads, letters, browser({"diary.txt": "The secret lamp."}))
    assert [workspace.id for workspace in shared.of("anna")] == ["shared:default", "own:default", "own:letters"]
    assert letters.folder.parent.name == "anna"
    assert uploads_folder(letters).is_relative_to(letters.folder.parent)
    assert stat.S_IMODE(letters.folder.parent.stat().st_mode) == 0o700
    for other in ("ben", "letters"):
        assert [workspace.id for workspace in shared.of(other)] == ["shared:default"]
        with pytest.raises(UsageError, match="no such collection"):
            shared.open(other, "own:letters")
    shared.create("ben", "letters")
    assert shared.open("ben", "own:letters") is not letters
    assert shared.open("ben", "own:letters").catalog.sources() == []
    assert not any(source.source == "diary.txt" for source in index.catalog.sources())


def test_what_is_no_user_opens_nothing(shared: Workspaces) -> None:
    for user in ("", "..", "../ben", "Anna", "a/b", ".users", "a\x00", "\ud800"):
        with pytest.raises(UsageError, match="sign in"):
            shared.of(user)
        with pytest.raises(UsageError, match="sign in"):
            shared.open(user)
        with pytest.raises(UsageError, match="sign in"):
            shared.create(user, "x")


def test_ids_that_are_not_on_the_list(shared: Workspaces) -> None:
    for id_ in ("own:..", "own:../ben/letters", "shared:..", "own:", "own:default", "default", "\ud800"):
        with pytest.raises(UsageError, match="no such collection"):
            shared.open("anna", id_)


def test_names_that_no_index_can_have(shared: Workspaces) -> None:
    for name in ("", "  ", "x" * 61, "a\nb", "a\x00b", "\ud800"):
        with pytest.raises(UsageError, match="needs a name"):
            shared.create("anna", name)
    assert [workspace.id for workspace in shared.of("anna")] == ["shared:default"]


def test_a_name_is_taken_once(shared: Workspaces) -> None:
    shared.create("anna", "Letters")
    for name in ("Letters", "letters", " LETTERS "):
        with pytest.raises(UsageError, match="already"):
            shared.create("anna", name)


def test_there_is_a_most(shared: Workspaces, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.hosting.workspaces.MOST_INDEXES", 2)
    assert MOST_INDEXES > 2
    shared.create("anna", "one")
    shared.create("anna", "two")
    with pytest.raises(UsageError, match="There are 2 collections already"):
        shared.create("anna", "three")
    shared.create("ben", "one")
