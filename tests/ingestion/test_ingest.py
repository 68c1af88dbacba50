"""Ingestion over a real Chroma and a real catalog: the index mirrors the files: `rag.ingestion.pipeline`."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest

from rag.errors import IndexUnusable, ModelError, UsageError
from rag.ingestion.pipeline import Interrupted, ingest, remove
from rag.load.readers import READERS
from rag.models.encoder import Vectors
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.store.vector_stores import VectorRecord
from rag.types import FileReport
from tests.conftest import LIBRARY, Opener, consistent, statuses, texts_of, with_settings, write_files
from tests.fakes import WordEncoder
from tests.load.test_readers import PARQUET_READER
from tests.outside import Outside


def sources(index: Index) -> list[str]:
    return [summary.source for summary in index.catalog.sources()]


def test_a_folder_is_added(index: Index, library: Path, encoder: WordEncoder) -> None:
    assert sources(index) == sorted(LIBRARY)
    assert consistent(index) == []
    for source, texts in texts_of(index).items():
        assert "".join("".join(texts).split()) == "".join(LIBRARY[source].split())
    assert len(encoder.texts) == index.catalog.chunk_total() == len(index.vectors.ids())


def test_a_second_run_does_nothing(index: Index, library: Path, settings: Settings, encoder: WordEncoder) -> None:
    encoded, ids = len(encoder.texts), index.catalog.chunk_ids()
    report = ingest(index, [library])
    assert set(statuses(report).values()) == {"unchanged"}
    assert report.as_json()["unchanged"] == len(LIBRARY)
    assert report.as_json()["chunks"] == len(ids)
    assert len(encoder.texts) == encoded
    assert index.catalog.chunk_ids() == ids
    assert consistent(index) == []


def mixed_files(folder: Path) -> Path:
    """Files that are parsed in processes, of sizes that finish out of order, and some that are not read."""
    files = {f"{n:02}.html": f"<p>The bridge of page {n} has a toll.</p>" * (40 if n % 3 else 1) for n in range(9)}
    files |= {f"{n:02}.csv": "Toll,Bridge\n" + "\n".join(f"{i},b{i}" for i in range(3 + n)) for n in range(9)}
    write_files(folder, {**files, "empty.txt": "", "bad.pdf": "no PDF", "note.md": "# Ferry\n\nIt is closed."})
    return folder


def test_the_same_index_however_many_files_are_read_at_once(
    tmp_path: Path, settings: Settings, encoder: WordEncoder
) -> None:
    folder = mixed_files(tmp_path / "docs")
    made = []
    for processes in (1, 3):
        changed = settings.model_copy(update={"parse_processes": processes, "home": tmp_path / f"home{processes}"})
        with open_index("a", settings=changed, create=True, encoder=encoder) as index:
            report = ingest(index, [folder])
            assert consistent(index) == []
            made.append((report.files, index.catalog.chunk_ids(), texts_of(index), index.catalog.sources()))
    assert made[0] == made[1]
    assert len(made[0][0]) == 21


def test_files_that_have_not_changed_start_no_process(
    open_again: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = mixed_files(tmp_path / "docs")
    index = open_again()
    ingest(index, [folder])

    def start(*_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("rag.load.sandbox.Sandbox._running_child", start)
    assert set(statuses(ingest(index, [folder])).values()) == {"unchanged", "skipped", "failed"}


def test_each_change_of_a_file_is_followed(index: Index, library: Path, settings: Settings) -> None:
    write_files(library, {"bridge.md": "The bridge fell down.\n", "new.txt": "A new toll.\n"})
    (library / "weather.txt").unlink()
    os.utime(library / "sea/ferry.txt", (1, 1))
    report = ingest(index, [library])
    assert statuses(report) == {
        "bridge.md": "updated",
        "new.txt": "added",
        "sea/ferry.txt": "unchanged",
        "sea/keeper.txt": "unchanged",
        "weather.txt": "removed",
    }
    assert texts_of(index)["bridge.md"] == ["The bridge fell down."]
    assert consistent(index) == []
    assert index.catalog.orphans(10) == []
    assert index.vectors.ids() == set(index.catalog.chunk_ids()), "stale vectors were not swept"


def test_a_file_that_says_the_same_in_other_bytes_is_not_embedded_again(
    index: Index, library: Path, settings: Settings, encoder: WordEncoder
) -> None:
    encoded = len(encoder.texts)
    (library / "weather.txt").write_bytes(LIBRARY["weather.txt"].replace("\n", "\r\n").encode())
    assert statuses(ingest(index, [library]))["weather.txt"] in ("updated", "unchanged")
    assert len(encoder.texts) == encoded
    assert consistent(index) == []


def test_the_same_words_in_two_files_are_two_sources_embedded_once(
    open_again: Opener, tmp_path: Path, settings: Settings, encoder: WordEncoder
) -> None:
    write_files(tmp_path / "docs", {"a/notes.md": "# T\n\nThe toll.\n", "b/notes.md": "# T\n\nThe toll.\n"})
    index = open_again()
    ingest(index, [tmp_path / "docs"])
    assert texts_of(index).keys() == {"a/notes.md", "b/notes.md"}
    assert len(index.vectors.ids()) == 2
    assert len(encoder.texts) == 1
    assert {passage.source for passage in retrieve(index, "toll")} == {"a/notes.md", "b/notes.md"}
    remove(index, ["a/notes.md"])
    assert [passage.source for passage in retrieve(index, "toll")] == ["b/notes.md"]
    assert consistent(index) == []


def test_two_folders_with_files_of_the_same_name(open_again: Opener, tmp_path: Path, settings: Settings) -> None:
    write_files(tmp_path, {"one/a.txt": "The bridge.", "two/a.txt": "The ferry.", "deep/two/a.txt": "The toll."})
    roots = [tmp_path / "one", tmp_path / "two", tmp_path / "deep/two"]
    index = open_again()
    ingest(index, roots)
    expected = {"a.txt": ["The bridge."], "two/a.txt": ["The ferry."], "two-2/a.txt": ["The toll."]}
    assert texts_of(index) == expected
    for again in (roots, roots[::-1], roots[1:2]):
        assert set(statuses(ingest(index, again)).values()) == {"unchanged"}
    assert texts_of(index) == expected


def test_a_name_that_became_free_is_taken_once(open_again: Opener, tmp_path: Path, settings: Settings) -> None:
    write_files(tmp_path, {"one/a.txt": "The bridge.", "two/a.txt": "The ferry.", "three/a.txt": "The toll."})
    index = open_again()
    ingest(index, [tmp_path / "one"])
    (tmp_path / "one/a.txt").unlink()
    ingest(index, [tmp_path / "two", tmp_path / "three"])
    assert sorted(texts for (texts,) in texts_of(index).values()) == ["The ferry.", "The toll."]
    assert consistent(index) == []


def test_a_folder_inside_a_known_one_keeps_its_names(index: Index, library: Path, settings: Settings) -> None:
    write_files(library, {"sea/new.txt": "A new ferry.", "land.txt": "Not looked at."})
    (library / "sea/keeper.txt").unlink()
    report = ingest(index, [library / "sea"])
    assert statuses(report) == {"sea/ferry.txt": "unchanged", "sea/new.txt": "added", "sea/keeper.txt": "removed"}
    assert "weather.txt" in sources(index), "a source outside the path was touched"
    assert "land.txt" not in sources(index)


def test_a_single_file_of_a_known_folder_keeps_its_name(index: Index, library: Path, settings: Settings) -> None:
    write_files(library, {"sea/ferry.txt": "The ferry sank."})
    assert statuses(ingest(index, [library / "sea/ferry.txt"])) == {"sea/ferry.txt": "updated"}
    assert len(sources(index)) == len(LIBRARY)


def test_a_folder_around_a_known_one_renames_its_sources(
    open_again: Opener, tmp_path: Path, settings: Settings, encoder: WordEncoder
) -> None:
    write_files(
        tmp_path / "around", {"other.txt": "Something else.", "inner/a.txt": "The ferry.", "inner/b.txt": "A toll."}
    )
    index = open_again()
    ingest(index, [tmp_path / "around/inner"])
    encoded = len(encoder.texts)
    report = ingest(index, [tmp_path / "around"])
    assert texts_of(index) == {
        "inner/a.txt": ["The ferry."],
        "inner/b.txt": ["A toll."],
        "other.txt": ["Something else."],
    }
    assert (report.count("added"), report.count("removed")) == (3, 2)
    assert len(encoder.texts) == encoded + 1, "what only got another name was embedded again"
    assert set(statuses(ingest(index, [tmp_path / "around/inner"]))) == {"inner/a.txt", "inner/b.txt"}
    assert consistent(index) == []


def test_a_renamed_file_is_one_removed_and_one_added(
    index: Index, library: Path, settings: Settings, encoder: WordEncoder
) -> None:
    encoded = len(encoder.texts)
    (library / "weather.txt").rename(library / "storms.txt")
    report = ingest(index, [library])
    assert statuses(report)["weather.txt"] == "removed"
    assert statuses(report)["storms.txt"] == "added"
    assert len(encoder.texts) - encoded <= 1, "only the title, which is the file's name, is new"
    assert [passage.source for passage in retrieve(index, "storm", 1)] == ["storms.txt"]


def test_a_file_replaced_by_garbage_keeps_its_last_good_version(
    index: Index, library: Path, settings: Settings
) -> None:
    before = texts_of(index)
    (library / "sea/ferry.txt").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 10)
    for _ in range(2):
        report = ingest(index, [library])
        (file,) = [file for file in report.files if file.source == "sea/ferry.txt"]
        assert file.status == "failed"
        assert str(file.reason).startswith("damaged: ")
        assert str(file.reason).endswith("; the version read before is kept")
        assert file.reason is not None
        assert file.reason.text("de").endswith("; die zuvor gelesene Fassung bleibt erhalten")
        assert file.reason.values["problem"]["code"] == "file-damaged-pdf"
        assert texts_of(index) == before
    assert retrieve(index, "ferry", 1)[0].source == "sea/ferry.txt"
    write_files(library, {"sea/ferry.txt": "The ferry is back."})
    assert statuses(ingest(index, [library]))["sea/ferry.txt"] == "updated"
    assert texts_of(index)["sea/ferry.txt"] == ["The ferry is back."]
    assert consistent(index) == []


def test_a_skipped_file_is_read_as_soon_as_a_reader_is_installed(
    index: Index, library: Path, settings: Settings, outside: Outside
) -> None:
    (library / "note.parquet").write_bytes(b"PAR1 The bell rings.")
    plain = index.catalog.source_record("bridge.md")
    assert plain is not None
    for _ in range(2):
        assert statuses(ingest(index, [library]))["note.parquet"] == "skipped"
    assert index.catalog.source_record("bridge.md") == plain
    outside.install(READERS, "footnote-parquet", PARQUET_READER, parquet="ParquetReader")
    report = statuses(ingest(index, [library]))
    assert (report["note.parquet"], report["bridge.md"]) == ("added", "updated")
    assert texts_of(index)["note.parquet"] == ["The bell rings."]
    assert set(statuses(ingest(index, [library])).values()) == {"unchanged"}
    outside.install(READERS, "footnote-parquet", PARQUET_READER, "1.1", parquet="ParquetReader")
    assert statuses(ingest(index, [library]))["note.parquet"] == "updated"
    outside.remove(READERS, "footnote-parquet")
    assert statuses(ingest(index, [library]))["note.parquet"] == "skipped"
    assert "note.parquet" not in sources(index)
    again = index.catalog.source_record("bridge.md")
    assert again is not None
    assert again.fingerprint == plain.fingerprint


def test_an_emptied_file_says_nothing_any_more(index: Index, library: Path, settings: Settings) -> None:
    (library / "sea/ferry.txt").write_bytes(b"")
    report = ingest(index, [library])
    (file,) = [file for file in report.files if file.source == "sea/ferry.txt"]
    assert (file.status, bool(file.reason)) == ("skipped", True)
    assert "sea/ferry.txt" not in sources(index)
    assert all(passage.source != "sea/ferry.txt" for passage in retrieve(index, "ferry"))
    assert index.vectors.ids() == set(index.catalog.chunk_ids())


def test_a_folder_that_cannot_be_read_keeps_its_sources(
    index: Index, library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "sea":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr("os.scandir", refuse)
    report = ingest(index, [library])
    assert "removed" not in statuses(report).values()
    assert "sea/ferry.txt" in sources(index)


def test_a_folder_around_footnotes_own_leaves_what_was_brought_there(
    open_again: Opener, tmp_path: Path, settings: Settings
) -> None:
    uploads = settings.home / "uploads"
    write_files(uploads, {"sent.txt": "The toll is high."})
    write_files(tmp_path, {"papers.txt": "The bridge is old.", ".notes/n.txt": "The ferry is late."})
    with open_again() as index:
        for folder in (uploads, tmp_path / ".notes", tmp_path):
            ingest(index, [folder])
        assert sources(index) == ["n.txt", "papers.txt", "sent.txt"]
        write_files(uploads, {"later.txt": "The toll fell."})
        assert statuses(ingest(index, [uploads])) == {"later.txt": "added", "sent.txt": "unchanged"}
        assert statuses(ingest(index, [tmp_path])) == {"papers.txt": "unchanged"}


def test_a_name_that_is_a_glob_too_is_taken_by_its_name(index: Index, library: Path, settings: Settings) -> None:
    write_files(library, {"toll[1].txt": "The toll is high.", "toll1.txt": "The toll is low."})
    ingest(index, [library])
    assert remove(index, ["toll[1].txt"]) == ["toll[1].txt"]
    assert "toll1.txt" in sources(index)
    assert set(remove(index, ["toll*", "sea/*"])) == {"toll1.txt", "sea/ferry.txt", "sea/keeper.txt"}


def test_a_path_that_does_not_exist_is_the_users_mistake(index: Index, library: Path, settings: Settings) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        ingest(index, [library, library / "nowhere"])


def test_removing_an_unknown_source_removes_nothing(index: Index) -> None:
    with pytest.raises(UsageError, match=r"nothing\.txt"):
        remove(index, ["bridge.md", "nothing.txt"])
    assert sorted(sources(index)) == sorted(LIBRARY)


def test_broken_files_between_good_ones(
    open_again: Opener, tmp_path: Path, settings: Settings, encoder: WordEncoder
) -> None:
    broken = pytest.importorskip("tests.load.broken_files")
    folder = tmp_path / "docs"
    expected = broken.build(folder)
    write_files(folder, {"0-first.txt": "The first good file.\n", "zz-last.txt": "The last good file.\n"})
    index = open_again()
    first = ingest(index, [folder])
    status_of = statuses(first)
    assert status_of.keys() == expected.keys() | {"0-first.txt", "zz-last.txt"}
    assert status_of["0-first.txt"] == status_of["zz-last.txt"] == "added"
    for source, allowed in expected.items():
        assert status_of[source] in allowed.split("|"), source
    assert all(file.reason for file in first.files if file.status in ("failed", "skipped"))
    assert sum(status != "added" for status in status_of.values()) >= 20
    assert consistent(index) == []
    encoded, texts = len(encoder.texts), texts_of(index)
    second = ingest(index, [folder])
    assert {
        source: "added" if status == "unchanged" else status for source, status in statuses(second).items()
    } == status_of
    assert len(encoder.texts) == encoded
    assert texts_of(index) == texts


class Failing(WordEncoder):
    """Fails on any text with the word toll."""

    def encode_passages(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        if any("toll" in text for text in texts):
            raise RuntimeError("out of memory")
        return super().encode_passages(texts)


def test_a_failing_model_leaves_the_old_version_answering(
    index: Index, open_again: Opener, library: Path, settings: Settings
) -> None:
    before = texts_of(index)
    write_files(library, {"weather.txt": "No storm but a toll on crossing.", "sea/ferry.txt": "The ferry sank."})
    failing = open_again(encoder=Failing())
    with pytest.raises(RuntimeError, match="out of memory"):
        ingest(failing, [library])
    assert texts_of(index) == before
    assert retrieve(index, "storm", 1)[0].text == LIBRARY["weather.txt"].strip()
    remove(index, ["bridge.md"])
    assert consistent(index) == []
    ingest(index, [library])
    assert texts_of(index)["weather.txt"] == ["No storm but a toll on crossing."]
    assert index.vectors.ids() == set(index.catalog.chunk_ids())


def test_a_crash_after_the_vectors_leaves_the_old_version_and_is_swept(
    index: Index, library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = texts_of(index)
    write_files(library, {"weather.txt": "The storm is over.", "bridge.md": LIBRARY["bridge.md"].replace("\n", "\r\n")})
    with monkeypatch.context() as patched:
        patched.setattr(index.catalog, "publish", lambda versions: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            ingest(index, [library])
    assert texts_of(index) == before
    remove(index, ["sea/ferry.txt"])
    assert consistent(index) == []
    assert index.vectors.ids() == set(index.catalog.chunk_ids()), "the new vectors were not swept"
    ingest(index, [library])
    assert texts_of(index)["weather.txt"] == ["The storm is over."]
    assert consistent(index) == []


def test_batches_become_visible_one_by_one_and_an_interrupt_keeps_them(
    open_again: Opener, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The package's attribute of this name may be the public function.
    monkeypatch.setattr(import_module("rag.ingestion.pipeline"), "_BATCH_CHUNKS", 2)
    write_files(tmp_path / "docs", {f"{n}.txt": f"File number {n}." for n in range(9)})
    index = open_again()

    class Stop:
        done = 0

        def start(self, files: int, total: int) -> None: ...

        def advance(self, amount: float, doing: str) -> None: ...

        def file(self, report: FileReport) -> None:
            self.done += 1
            if self.done == 4:
                raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        ingest(index, [tmp_path / "docs"], Stop())
    assert stopped.value.report.count("added") == 4
    assert sources(index) == ["0.txt", "1.txt", "2.txt", "3.txt"]
    assert consistent(index) == []
    assert ingest(index, [tmp_path / "docs"]).count("added") == 5


def test_a_batch_is_embedded_while_the_one_before_is_stored(
    open_again: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second batch is embedded while the first is stored.

    Storing then fails, as a kill would end it: what was embedded by then is cached, and need not be embedded again.
    """
    monkeypatch.setattr(import_module("rag.ingestion.pipeline"), "_BATCH_CHUNKS", 2)
    write_files(tmp_path / "docs", {f"{n}.txt": f"File number {n}." for n in range(8)})
    cut, embedded = threading.Event(), threading.Event()

    class Encoder(WordEncoder):
        def count_tokens(self, texts: Sequence[str]) -> list[int]:
            if any("number 3" in text for text in texts):
                cut.set()
            return super().count_tokens(texts)

        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            assert cut.wait(30), "the second batch is not cut while the first is embedded"
            vectors = super().encode_passages(texts)
            if any("number 2" in text for text in texts):
                embedded.set()
            return vectors

    encoder = Encoder()
    index = open_again(encoder=encoder)
    add = index.vectors.add

    def fail(records: Sequence[VectorRecord], vectors: Vectors) -> None:
        assert embedded.wait(30), "the second batch waits for the first to be stored"
        raise KeyboardInterrupt

    monkeypatch.setattr(index.vectors, "add", fail)
    with pytest.raises(Interrupted) as stopped:
        ingest(index, [tmp_path / "docs"])
    assert stopped.value.report.files == ()
    assert sources(index) == []
    assert len(encoder.texts) == 4
    monkeypatch.setattr(index.vectors, "add", add)
    assert ingest(index, [tmp_path / "docs"]).count("added") == 8
    assert sorted(encoder.texts) == sorted(set(encoder.texts)), "a text was embedded twice"
    assert len(encoder.texts) == 8
    assert consistent(index) == []


def test_an_encoder_that_fails_ends_the_run_and_keeps_what_is_committed(
    open_again: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("rag.ingestion.pipeline"), "_BATCH_CHUNKS", 2)
    write_files(tmp_path / "docs", {f"{n}.txt": f"File number {n}." for n in range(8)})

    class Failing(WordEncoder):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            if any("number 5" in text for text in texts):
                raise ModelError("It fails.")
            return super().encode_passages(texts)

    index = open_again(encoder=Failing())
    with pytest.raises(ModelError, match="It fails"):
        ingest(index, [tmp_path / "docs"])
    assert sources(index) in (["0.txt", "1.txt"], ["0.txt", "1.txt", "2.txt", "3.txt"])
    assert consistent(index) == []


def test_other_chunk_settings_cut_again_but_only_then(index: Index, library: Path) -> None:
    smaller = with_settings(index, chunk_tokens=32)
    assert set(statuses(ingest(smaller, [library])).values()) == {"updated"}
    assert set(statuses(ingest(smaller, [library])).values()) == {"unchanged"}
    assert consistent(index) == []


def test_a_skipped_file_is_tried_again_under_another_limit(index: Index, library: Path) -> None:
    write_files(library, {"large.txt": "word " * 1000})
    small = with_settings(index, max_file_mb=0.001)
    assert statuses(ingest(small, [library]))["large.txt"] == "skipped"
    assert statuses(ingest(index, [library]))["large.txt"] == "added"


def test_progress_counts_every_file_and_all_bytes(open_again: Opener, library: Path, settings: Settings) -> None:
    class Counting:
        def __init__(self) -> None:
            self.amounts, self.reports, self.began = 0.0, list[FileReport](), (0, 0)

        def start(self, files: int, total: int) -> None:
            self.began = (files, total)

        def advance(self, amount: float, doing: str) -> None:
            self.amounts += amount

        def file(self, report: FileReport) -> None:
            self.reports.append(report)

    size = sum(len(text.encode()) for text in LIBRARY.values())
    index = open_again()
    for _ in range(2):
        counting = Counting()
        report = ingest(index, [library], counting)
        assert counting.began == (len(LIBRARY), size)
        assert counting.amounts == pytest.approx(size)
        assert sorted(counting.reports, key=lambda file: file.source) == list(report.files)


def test_vectors_are_kept_across_indexes(
    index: Index, open_again: Opener, library: Path, settings: Settings, encoder: WordEncoder
) -> None:
    encoded = len(encoder.texts)
    other = open_again("other")
    assert ingest(other, [library]).count("added") == len(LIBRARY)
    assert len(encoder.texts) == encoded
    assert len(other.vectors.ids()) == len(index.vectors.ids())


def test_a_damaged_vector_cache_costs_time_only(
    open_again: Opener, home: Path, library: Path, settings: Settings
) -> None:
    home.mkdir()
    (home / "vectors.sqlite").write_bytes(b"garbage" * 1000)
    index = open_again()
    assert ingest(index, [library]).count("added") == len(LIBRARY)
    assert consistent(index) == []


def test_another_model_names_the_command(index: Index, open_again: Opener) -> None:
    with pytest.raises(IndexUnusable) as refused:
        open_again(create=False, encoder=WordEncoder("other"))
    assert "'words'" in str(refused.value)
    assert "rag ingest --index default --rebuild" in str(refused.value)


@pytest.mark.parametrize("is_linked", [False, True])
def test_a_folder_that_was_moved_is_the_same_folder(
    library: Path, open_again: Opener, is_linked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a link to its new place was left behind."""
    # The stamps of files that were written long ago are relied on.
    monkeypatch.setattr("rag.ingestion.source_files.has_settled", lambda _: True)
    index = open_again()
    ingest(index, [library])
    before = texts_of(index)
    moved = library.rename(library.with_name("moved"))
    if is_linked:
        library.symlink_to(moved)
    report = ingest(index, [library if is_linked else moved])
    assert {file.status for file in report.files} == {"unchanged"}
    assert texts_of(index) == before
    assert {record.path for record in index.catalog.source_records()} == {str(moved / name) for name in LIBRARY}
    (moved / "weather.txt").unlink()
    assert statuses(ingest(index, [moved]))["weather.txt"] == "removed"
    assert consistent(index) == []
