"""A watched folder over a real catalog, a real Chroma and what the system tells of files: `rag.watching.watcher`."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.ingestion.pipeline import ingest
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.store.write_lock import write_lock
from rag.watching.changes import EventsLost, WatchLimit
from tests.conftest import LIBRARY, Opener, consistent, texts_of, write_files
from tests.fakes import WordEncoder
from tests.forbidden import permissions_hold
from tests.watching.conftest import QUICK, Told, Watch, until


class Deaf:
    """Tells nothing, as a drive does that has no events; or that something was lost, as long as it is set to."""

    lost = False

    def __init__(self, folders: Sequence[Path], files: Sequence[Path]) -> None:
        pass

    def wait(self, seconds: float, stop: threading.Event) -> set[Path]:
        stop.wait(seconds)
        if self.lost:
            raise EventsLost("lost")
        return set()

    def close(self) -> None:
        pass


def same_as_fresh(index: Index, folder: Path, settings: Settings, tmp_path: Path) -> None:
    """Holds an index against one that is made of the folder now."""
    elsewhere = settings.model_copy(update={"home": tmp_path / "fresh-home"})
    with open_index("fresh", settings=elsewhere, create=True, encoder=WordEncoder()) as fresh:
        ingest(fresh, [folder])
        assert texts_of(index) == texts_of(fresh)
        assert sorted(index.catalog.chunk_ids()) == sorted(fresh.catalog.chunk_ids())
        assert [one.source for one in index.catalog.sources()] == [one.source for one in fresh.catalog.sources()]
    assert consistent(index) == []


def test_what_is_added_changed_renamed_and_deleted(
    watch: Watch, library: Path, settings: Settings, tmp_path: Path
) -> None:
    watching = watch(library)
    assert watching.sources() == sorted(LIBRARY)
    write_files(library, {"new/toll.md": "The toll is paid at noon.\n"})
    watching.until_told("added", "new/toll.md")
    write_files(library, {"weather.txt": "The storm is over.\n"})
    watching.until_told("updated", "weather.txt")
    (library / "bridge.md").rename(library / "crossing.md")
    watching.until_told("added", "crossing.md")
    watching.until_told("removed", "bridge.md")
    (library / "sea").rename(library / "coast")
    watching.until_told("removed", "sea/keeper.txt")
    watching.until_told("added", "coast/keeper.txt")
    (library / "coast/ferry.txt").unlink()
    watching.until_sources("coast/keeper.txt", "crossing.md", "new/toll.md", "weather.txt")
    same_as_fresh(watching.index, library, settings, tmp_path)


def test_a_change_of_one_file_looks_at_that_file_alone(watch: Watch, library: Path) -> None:
    watching = watch(library)
    write_files(library, {"sea/keeper.txt": "Maren has left.\n"})
    watching.until_told("updated", "sea/keeper.txt")
    until(lambda: len(watching.told.looks) > 1)
    for report, everything in watching.told.looks[1:]:
        assert not everything
        assert {file.source for file in report.files} == {"sea/keeper.txt"}


def test_rules_of_what_is_passed_over_count_when_they_change(watch: Watch, library: Path) -> None:
    watching = watch(library)
    (library / ".gitignore").write_text("sea/\n")
    watching.until_sources("bridge.md", "weather.txt")
    write_files(library, {"sea/late.txt": "It stays out.\n", "late.txt": "It comes in.\n"})
    watching.until_sources("bridge.md", "late.txt", "weather.txt")
    (library / ".ragignore").write_text("!sea/\nweather.txt\n")
    watching.until_sources("bridge.md", "late.txt", "sea/ferry.txt", "sea/keeper.txt", "sea/late.txt")
    (library / ".gitignore").unlink()
    (library / ".ragignore").unlink()
    watching.until_sources("late.txt", "sea/late.txt", *LIBRARY)


def test_what_is_hidden_and_footnotes_own_files_lead_to_no_look(
    watch: Watch, library: Path, settings: Settings, encoder: WordEncoder
) -> None:
    inside = settings.model_copy(update={"home": library / "home"})
    with open_index("own", settings=inside, create=True, encoder=encoder) as index:
        watching = watch(library, index=index)
        write_files(library, {".cache/x.txt": "hidden\n", ".note.txt": "hidden\n"})
        for name in ("a.txt", "b.txt"):
            write_files(library, {name: "A ferry.\n"})
            watching.until_told("added", name)
        watching.watcher.stop()
        assert watching.watcher.wait(60)
        assert watching.sources() == sorted([*LIBRARY, "a.txt", "b.txt"])
        # The index was written twice, which no look was taken at.
        looked_at = {
            file.source for report, everything in watching.told.looks if not everything for file in report.files
        }
        assert looked_at == {"a.txt", "b.txt"}
        assert all(report.files for report, _ in watching.told.looks)


def test_a_folder_that_vanishes_keeps_its_documents_until_it_is_back(watch: Watch, library: Path) -> None:
    watching = watch(library)
    library.rename(library.with_name("away"))
    until(lambda: watching.told.codes() == ["watch-folder-gone"])
    assert watching.watcher.state().missing == (library,)
    assert watching.sources() == sorted(LIBRARY)
    write_files(library.with_name("away"), {"new.txt": "A new ferry.\n"})
    library.with_name("away").rename(library)
    watching.until_sources("new.txt", *LIBRARY)
    assert watching.told.codes() == ["watch-folder-gone", "watch-folder-back"]
    # Events are told of the folder that came back.
    (library / "new.txt").unlink()
    watching.until_sources(*LIBRARY)


def test_an_empty_folder_on_which_a_drive_may_be_missing_takes_nothing_out(
    watch: Watch, index: Index, library: Path
) -> None:
    library.rename(library.with_name("away"))
    library.mkdir()
    watching = watch(library, index=index, looks=False)
    until(lambda: watching.told.codes() == ["watch-folder-empty"])
    assert watching.told.notices[0].values["documents"] == len(LIBRARY)
    assert watching.sources() == sorted(LIBRARY)
    library.rmdir()
    library.with_name("away").rename(library)
    until(lambda: watching.told.looks)
    assert watching.told.codes()[-1] == "watch-folder-back"
    assert watching.sources() == sorted(LIBRARY)


def test_a_folder_whose_files_are_deleted_while_it_is_watched_is_emptied(watch: Watch, library: Path) -> None:
    watching = watch(library)
    for name in LIBRARY:
        (library / name).unlink()
    watching.until_sources()
    assert watching.told.codes() == []


def test_a_drive_below_the_folder_that_is_taken_out_keeps_its_documents(
    watch: Watch, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = library / "sea"
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == drive and (drive / "ferry.txt").exists())
    watching = watch(library)
    for name in ("ferry.txt", "keeper.txt"):
        (drive / name).unlink()
    (library / "weather.txt").unlink()
    watching.until_sources("bridge.md", "sea/ferry.txt", "sea/keeper.txt")


def test_another_writer_is_waited_for(watch: Watch, library: Path) -> None:
    watching = watch(library)
    with write_lock(watching.index.folder):
        write_files(library, {"a.txt": "A ferry.\n"})
        (library / "weather.txt").unlink()
        until(lambda: watching.watcher.state().phase == "waiting")
        assert watching.sources() == sorted(LIBRARY)
    watching.until_sources("a.txt", "bridge.md", "sea/ferry.txt", "sea/keeper.txt")
    # Said once, however often it was tried.
    assert watching.told.codes() == ["index-being-written"]
    until(lambda: watching.watcher.state().phase == "watching")


def test_what_no_event_told_is_found_by_the_next_look_at_everything(watch: Watch, library: Path) -> None:
    watching = watch(library, system=Deaf, pace=replace(QUICK, everything=0.3))
    write_files(library, {"a.txt": "A ferry.\n"})
    watching.until_told("added", "a.txt")


def test_where_events_were_lost_everything_is_looked_at(
    watch: Watch, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching = watch(library, system=Deaf)
    write_files(library, {"a.txt": "A ferry.\n"})
    monkeypatch.setattr(Deaf, "lost", True)
    watching.until_told("added", "a.txt")


def test_names_that_are_not_utf_8(watch: Watch, library: Path) -> None:
    watching = watch(library)
    path = os.path.join(os.fsencode(library), b"caf\xe9.txt")
    with open(path, "w") as file:
        file.write("The ferry.\n")
    watching.until_told("added", "caf\\xe9.txt")
    os.unlink(path)
    watching.until_told("removed", "caf\\xe9.txt")
    write_files(library, {"a.txt": "A ferry.\n"})
    watching.until_told("added", "a.txt")


def test_where_there_are_no_events_changes_are_looked_for(
    watch: Watch, library: Path, settings: Settings, tmp_path: Path
) -> None:
    watching = watch(library, poll=True)
    assert watching.watcher.state().polled
    path = library / "weather.txt"
    before = path.stat()
    # Within one second, of the same length.
    path.write_text(path.read_text().replace("storm", "toll "))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    watching.until_told("updated", "weather.txt")
    (library / "sea").rename(library / "coast")
    (library / ".gitignore").write_text("bridge.md\n")
    watching.until_sources("coast/ferry.txt", "coast/keeper.txt", "weather.txt")
    same_as_fresh(watching.index, library, settings, tmp_path)


def test_at_the_limit_of_the_system_changes_are_looked_for(watch: Watch, library: Path) -> None:
    def full(folders: Sequence[Path], files: Sequence[Path]) -> Deaf:
        raise WatchLimit("fs.inotify.max_user_watches")

    watching = watch(library, system=full)
    assert watching.told.codes() == ["watch-limit"]
    assert "sudo sysctl fs.inotify.max_user_watches=" in str(watching.told.notices[0])
    write_files(library, {"a.txt": "A ferry.\n"})
    watching.until_told("added", "a.txt")


def test_a_link_changes_with_what_it_leads_to(watch: Watch, library: Path) -> None:
    (library / "today.txt").symlink_to(library / "weather.txt")
    watching = watch(library)
    write_files(library, {"weather.txt": "The sun shines on the bridge.\n"})
    watching.until_told("updated", "weather.txt")
    watching.until_told("updated", "today.txt")
    (library / "later.txt").symlink_to(library / "bridge.md")
    watching.until_told("added", "later.txt")
    write_files(library, {"bridge.md": "The bridge is closed.\n"})
    watching.until_told("updated", "later.txt")


def test_a_single_file_that_is_replaced_and_deleted(watch: Watch, library: Path) -> None:
    watched = library / "weather.txt"
    watching = watch(watched)
    assert watching.sources() == ["weather.txt"]
    draft = library / "draft"
    draft.write_text("The storm is over.\n")
    draft.replace(watched)
    watching.until_told("updated", "weather.txt")
    write_files(library, {"bridge.md": "Nobody watches it.\n"})
    watched.unlink()
    watching.until_sources()
    assert {file.source for file in watching.told.files} == {"weather.txt"}
    watched.write_text("The storm is back.\n")
    watching.until_sources("weather.txt")


@pytest.mark.parametrize("mode", [0, 0o444])
@pytest.mark.parametrize("poll", [False, True])
def test_a_folder_that_may_not_be_read_keeps_its_documents(watch: Watch, library: Path, mode: int, poll: bool) -> None:
    """Its files were changed right before, so that there is news of what can no longer be looked at."""
    write_files(library, {"sea/deep/whale.txt": "The whale sings.\n"})
    with permissions_hold():
        watching = watch(library, poll=poll)
        write_files(library, {"sea/ferry.txt": "The ferry has sunk.\n", "sea/deep/new.txt": "A new whale.\n"})
        (library / "sea/keeper.txt").rename(library / "sea/deep/keeper.txt")
        (library / "sea").chmod(mode)
        try:
            write_files(library, {"a.txt": "A ferry.\n"})
            watching.until_told("added", "a.txt")
            write_files(library, {"b.txt": "Another ferry.\n"})
            watching.until_told("added", "b.txt")
            assert {"sea/ferry.txt", "sea/deep/whale.txt"} <= set(watching.sources())
            assert watching.watcher.state().notice is None
        finally:
            (library / "sea").chmod(0o755)
        names = {*LIBRARY, "a.txt", "b.txt", "sea/deep/keeper.txt", "sea/deep/new.txt", "sea/deep/whale.txt"}
        watching.until_sources(*names - {"sea/keeper.txt"})


def test_a_folder_that_is_opened_later_hides_no_other(watch: Watch, library: Path) -> None:
    write_files(library, {"a/closed.txt": "The whale sings.\n", "b/open.txt": "The whale sleeps.\n"})
    (library / "a").chmod(0)
    try:
        with permissions_hold():
            watching = watch(library)
            write_files(library, {"b/new.txt": "A new whale.\n"})
            watching.until_told("added", "b/new.txt")
            assert watching.told.codes() == ["watch-no-events"]
            (library / "a").chmod(0o755)
            watching.until_told("added", "a/closed.txt")
    finally:
        (library / "a").chmod(0o755)


def test_a_problem_is_told_once(watch: Watch, library: Path) -> None:
    write_files(library, {"bad.pdf": "no PDF"})
    watching = watch(library, pace=replace(QUICK, everything=0.1))
    until(lambda: len(watching.told.looks) > 3)
    assert [file.source for file in watching.told.files if file.status in ("failed", "skipped")] == ["bad.pdf"]


def test_a_burst_ends_as_a_fresh_index_would(
    watch: Watch, tmp_path: Path, settings: Settings, open_again: Opener
) -> None:
    """Files are created, their folder is renamed and half of them are deleted while the watcher reads."""
    folder = tmp_path / "docs"
    folder.mkdir()
    watching = watch(folder)
    write_files(folder, {f"first/{n % 12}/{n:04}.md": f"# Page {n}\n\nThe ferry {n}.\n" for n in range(1200)})
    until(lambda: watching.told.files)
    (folder / "first").rename(folder / "second")
    for n in range(0, 1200, 2):
        (folder / f"second/{n % 12}/{n:04}.md").unlink()
    expected = sorted(f"second/{n % 12}/{n:04}.md" for n in range(1, 1200, 2))
    until(lambda: watching.sources() == expected)
    watching.watcher.stop()
    assert watching.watcher.wait(60)
    same_as_fresh(watching.index, folder, settings, tmp_path)


def test_an_index_that_others_have_open_shows_them_what_changed(
    watch: Watch, library: Path, open_again: Opener
) -> None:
    reader = open_again()
    watching = watch(library, index=open_again())
    reader.refresh()
    assert retrieve(reader, "who is the keeper", 1)[0].source == "sea/keeper.txt"
    write_files(
        library, {"sea/keeper.txt": "The lamp burns by itself.\n", "log.txt": "Ida is the keeper of the toll.\n"}
    )
    watching.until_told("updated", "sea/keeper.txt")
    watching.until_told("added", "log.txt")
    reader.refresh()
    assert retrieve(reader, "who is the keeper", 1)[0].source == "log.txt"


def test_ending_keeps_what_is_committed(watch: Watch, tmp_path: Path, open_again: Opener) -> None:
    folder = tmp_path / "docs"
    write_files(folder, {f"{n:04}.txt": "The ferry. " * 1500 for n in range(60)})
    watching = watch(folder, index=open_again(encoder=WordEncoder(delay=0.05)), looks=False)
    until(lambda: watching.told.files)
    watching.watcher.stop()
    assert watching.watcher.wait(60)
    assert watching.watcher.state().phase == "ended"
    assert sorted(file.source for file in watching.told.files) == watching.sources()
    assert consistent(watching.index) == []


def test_an_error_that_nobody_knows_is_said_and_ends_it(library: Path) -> None:
    from rag.watching.watcher import Watcher

    class Broken:
        def ingest(self, *_: object) -> None:
            raise AssertionError("broken")

        def holds(self, folder: Path) -> int:
            return 0

        def is_own(self, path: Path) -> bool:
            return False

    told = Told()
    watcher = Watcher([library], Broken(), told, pace=QUICK)  # type: ignore[arg-type]
    watcher.start()
    assert watcher.wait(60)
    assert told.codes() == ["watch-failed"]
    assert watcher.state().notice == told.notices[0]
