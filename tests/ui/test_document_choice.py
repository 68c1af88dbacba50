"""Which documents a person means, and what becomes of them: `ui.service.document_choice` and the jobs beside adding."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.hosting.upload_job import Job, JobState
from rag.hosting.uploads import Uploads
from rag.hosting.workspaces import uploads_folder
from rag.ingestion.pipeline import ingest
from rag.retrieval.passages import matching_sources, retrieve
from rag.store.catalog import FILE, SourceQuery
from rag.store.index import Index
from tests.conftest import consistent, write_files
from tests.ui.test_browser_document_table import fill
from ui.service.document_choice import (
    asked_notice,
    asked_sources,
    asked_summary,
    chosen_sources,
    kind_of,
    query_from,
    source_patterns,
)


@pytest.fixture
def uploads() -> Iterator[Uploads]:
    opened = Uploads()
    yield opened
    opened.close()


def ended(job: Job) -> JobState:
    assert job.wait(60), job.state()
    return job.state()


def test_a_query_takes_only_what_there_is(index: Index) -> None:
    values = {"search": "x" * 300, "folder": "/sea/", "kind": "plain", "status": "odd", "sort": "odd", "order": 3}
    query = query_from(values, index.catalog)
    assert query == SourceQuery("x" * 200, "sea", ("text/markdown", "text/plain"))
    assert query_from({}, index.catalog) == SourceQuery()
    assert query_from({"sort": "date", "order": "descending"}, index.catalog) == SourceQuery(
        sort="date", descending=True
    )
    assert query_from({"kind": "no such"}, index.catalog).media_types == (), "it means all"
    assert [kind_of(name) for name in ("image/png", "text/csv", "x/y")] == ["image", "sheet", "other"]


def test_a_choice_is_names_or_all_that_match_but_for_some(index: Index) -> None:
    catalog = index.catalog
    assert chosen_sources({"sources": ["b", "a", "b", 3]}, catalog) == ["b", "a", "3"]
    match = {"folder": "sea"}
    assert chosen_sources({"match": match}, catalog) == ["sea/ferry.txt", "sea/keeper.txt"]
    assert chosen_sources({"match": match, "except": ["sea/ferry.txt"]}, catalog) == ["sea/keeper.txt"]
    assert chosen_sources({"sources": "all", "match": "all"}, catalog) == []


def test_a_folder_also_covers_what_is_added_to_it_later(index: Index, library: Path) -> None:
    asked = asked_sources({"sources": ["sea/", "gone/", "bridge.md", "gone.md"]}, index.catalog)
    assert asked == ("sea/", "bridge.md")
    patterns = source_patterns(asked)
    assert matching_sources(index, patterns) == ["bridge.md", "sea/ferry.txt", "sea/keeper.txt"]
    write_files(library, {"sea/deep/buoy.txt": "The buoy is red.", "sea[1]/a.txt": "A."})
    ingest(index, [library])
    assert "sea/deep/buoy.txt" in (matching_sources(index, patterns) or [])
    assert matching_sources(index, source_patterns(["sea[1]/"])) == ["sea[1]/a.txt"], "a name is no pattern"


def test_what_is_asked_about_is_told_in_short(index: Index) -> None:
    names = index.catalog.names_found(SourceQuery())
    assert asked_summary(("sea/", "bridge.md"), index.catalog) == [
        {"value": "sea/", "label": "sea", "count": 2},
        {"value": "bridge.md", "label": "bridge.md", "count": 0},
    ]
    assert asked_summary(names, index.catalog) == [{"value": "", "label": "", "count": 4}]


def test_a_limit_takes_as_many_names_as_there_are(index: Index) -> None:
    fill(index.catalog, 7000)
    asked = asked_sources({"match": {"search": "note-"}}, index.catalog)
    assert len(asked) == 7000
    assert len(asked_sources({"sources": [*asked, "gone.md"]}, index.catalog)) == 7000
    assert matching_sources(index, source_patterns(asked)) == sorted(asked)
    assert asked_summary(asked, index.catalog) == [{"value": "", "label": "", "count": 7000}]
    told = asked_notice(asked, index.catalog)
    assert told is not None
    assert told.text("en") == "Asked only about: 7,000 documents"
    assert "7.000 Dokumente" in told.text("de")
    assert "note-" not in str(told.as_json()), "an answer does not keep thousands of names"


def test_what_an_answer_says_of_its_limit(index: Index) -> None:
    told = asked_notice(("sea/", "bridge.md"), index.catalog)
    assert told is not None
    assert told.text("en") == "Asked only about: folder sea; bridge.md"
    assert told.text("de") == "Nur befragt: Ordner sea; bridge.md"
    assert asked_notice((), index.catalog) is None


# -- taking away and bringing back -------------------------------------------------------------------------------------


def test_a_removal_is_one_change_and_comes_back_whole(index: Index, uploads: Uploads, tmp_path: Path) -> None:
    (tmp_path / "lamp").write_text("The lamp burns oil.")
    ended(uploads.start(index, [("a/lamp.md", tmp_path / "lamp")]))
    chunks = index.catalog.chunk_ids()
    records = index.catalog.source_records()
    version = int(index.catalog.get("version"))
    removal = uploads.remove(index, "a/lamp.md", "bridge.md", "gone.md")
    assert int(index.catalog.get("version")) == version + 1
    assert removal.sources == ("a/lamp.md", "bridge.md")
    left_by_a_crash = removal.folder.with_name("long ago")
    left_by_a_crash.mkdir()
    os.utime(left_by_a_crash, (0, 0))
    another = Uploads()
    ended(another.restore(index, another.remove(index, "weather.txt").id))
    another.close()
    assert (removal.folder.is_dir(), left_by_a_crash.exists()) == (True, False), "what a server still keeps stays"
    assert not (uploads_folder(index) / "a").exists()
    assert retrieve(index, "What does the lamp burn?", 1)[0].source != "a/lamp.md"
    assert consistent(index) == []
    state = ended(uploads.restore(index, removal.id))
    assert [(file.source, file.state) for file in state.files] == [
        ("a/lamp.md", "restored"),
        ("bridge.md", "restored"),
    ]
    assert sorted(index.catalog.chunk_ids()) == sorted(chunks)
    assert index.catalog.source_records() == records
    assert (uploads_folder(index) / "a/lamp.md").read_text() == "The lamp burns oil."
    assert not removal.folder.exists()
    assert retrieve(index, "What does the lamp burn?", 1)[0].source == "a/lamp.md"
    assert consistent(index) == []
    with pytest.raises(UsageError, match="no longer be undone"):
        uploads.restore(index, removal.id)


def test_a_newer_document_of_the_name_stays(index: Index, uploads: Uploads, tmp_path: Path) -> None:
    for words in ("The lamp burns oil.", "The lamp burns gas."):
        (tmp_path / "lamp").write_text(words)
        ended(uploads.start(index, [("lamp.md", tmp_path / "lamp")]))
        if "oil" in words:
            removal = uploads.remove(index, "lamp.md")
    state = ended(uploads.restore(index, removal.id))
    assert [(file.state, str(file.reason)) for file in state.files] == [
        ("skipped", "a newer document has this name; it stays as it is")
    ]
    assert retrieve(index, "What does the lamp burn?", 1)[0].text == "The lamp burns gas."
    assert (uploads_folder(index) / "lamp.md").read_text() == "The lamp burns gas."


def test_a_file_that_could_not_be_read_comes_back_as_that(index: Index, uploads: Uploads, library: Path) -> None:
    (library / "bad.pdf").write_bytes(b"%PDF-1.7 broken")
    ingest(index, [library])
    before = index.catalog.source_record("bad.pdf")
    removal = uploads.remove(index, "bad.pdf")
    ended(uploads.restore(index, removal.id))
    assert index.catalog.source_record("bad.pdf") == before


def test_what_is_kept_goes_when_its_time_is_over_or_the_server_closes(
    index: Index, uploads: Uploads, tmp_path: Path
) -> None:
    (tmp_path / "lamp").write_text("The lamp burns oil.")
    ended(uploads.start(index, [("lamp.md", tmp_path / "lamp")]))
    removal = uploads.remove(index, "lamp.md")
    assert len(list(removal.folder.iterdir())) == 1
    assert (index.folder / FILE).is_file()
    uploads.close()
    assert not removal.folder.exists()
    assert index.catalog.removed_sources(removal.id) == []


# -- reading again -----------------------------------------------------------------------------------------------------


def test_files_are_read_again_whether_they_changed_or_not(
    index: Index, uploads: Uploads, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.load.loader import Loader

    read: list[str] = []
    load = Loader.load

    def noting(self: Loader, path: Path, source: str) -> object:
        read.append(source)
        return load(self, path, source)

    monkeypatch.setattr(Loader, "load", noting)
    os.unlink(library / "weather.txt")
    chunks = index.catalog.chunk_ids()
    state = ended(uploads.read_again(index, ["bridge.md", "weather.txt", "no such.txt"]))
    assert read == ["bridge.md"]
    assert [(file.source, file.state, str(file.reason or "")) for file in state.files] == [
        ("bridge.md", "updated", ""),
        ("weather.txt", "failed", "its file is not there any more; what was read of it before is kept"),
    ]
    assert sorted(index.catalog.chunk_ids()) == sorted(chunks)
    assert consistent(index) == []
    with pytest.raises(UsageError, match="no longer in the index"):
        uploads.read_again(index, ["no such.txt"])
