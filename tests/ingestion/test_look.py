"""A look at some places of a folder finds what a walk of the whole folder does: `walk_below`, `Look`."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.ingestion.pipeline import ingest
from rag.ingestion.source_files import Look
from rag.load.walk import walk, walk_below
from rag.store.index import Index
from tests.conftest import LIBRARY, Opener, consistent, statuses, texts_of, write_files
from tests.forbidden import permissions_hold

FILES = {
    ".gitignore": "*.log\nbuild/\n/only-here.txt\n",
    "a.txt": "a",
    "a.log": "a",
    "only-here.txt": "a",
    "build/x.txt": "a",
    "sub/.ragignore": "!kept.log\nsecret*\n",
    "sub/kept.log": "a",
    "sub/other.log": "a",
    "sub/secret.txt": "a",
    "sub/only-here.txt": "a",
    "sub/deep/secret.txt": "a",
    "sub/deep/b.txt": "a",
    ".hidden/x.txt": "a",
    "sub/.hidden/y.txt": "a",
}


def test_a_place_has_the_files_that_a_walk_of_the_whole_finds_there(tmp_path: Path) -> None:
    root = tmp_path / "docs"
    write_files(root, FILES)
    (root / "link.txt").symlink_to(root / "a.txt")
    (root / "out.txt").symlink_to(tmp_path)
    (root / "linked").symlink_to(root / "sub")
    (root / "broken.txt").symlink_to(root / "nowhere")
    whole = list(walk(root))
    assert len(whole) == 8
    places = [root, *root.rglob("*"), root / "gone", root / "gone/more.txt", root / "linked/kept.log"]
    for place in places:
        below = [walked for walked in whole if walked.path.is_relative_to(place)]
        assert list(walk_below(root, place)) == below, place
    assert list(walk_below(root / "a.txt", root / "a.txt")) == list(walk(root / "a.txt"))
    assert list(walk_below(root / "gone.txt", root / "gone.txt")) == []


@pytest.mark.parametrize("mode", [0, 0o444])
def test_a_folder_that_may_not_be_entered_keeps_what_it_held(library: Path, open_again: Opener, mode: int) -> None:
    write_files(library, {"sea/deep/whale.txt": "The whale sings.\n"})
    index = open_again()
    ingest(index, [library])
    before = [one.source for one in index.catalog.sources()]
    with permissions_hold():
        (library / "sea").chmod(mode)
        try:
            for look in (Look(), Look((library / "sea/ferry.txt", library / "sea/deep/whale.txt"))):
                report = ingest(index, [library], look=look)
                reasons = {str(file.reason) for file in report.files if file.status == "failed"}
                assert any("no permission" in reason for reason in reasons)
                assert "removed" not in {file.status for file in report.files}
        finally:
            (library / "sea").chmod(0o755)
    assert [one.source for one in index.catalog.sources()] == before


def test_only_the_places_are_looked_at(index: Index, library: Path) -> None:
    write_files(library, {"weather.txt": "The sun shines.\n", "sea/new.txt": "A new ferry.\n"})
    (library / "bridge.md").unlink()
    report = ingest(index, [library], look=Look((library / "sea",)))
    assert statuses(report) == {"sea/ferry.txt": "unchanged", "sea/keeper.txt": "unchanged", "sea/new.txt": "added"}
    report = ingest(index, [library], look=Look((library / "bridge.md", library / "weather.txt")))
    assert statuses(report) == {"bridge.md": "removed", "weather.txt": "updated"}
    assert set(statuses(ingest(index, [library])).values()) == {"unchanged"}
    assert consistent(index) == []


def test_what_is_unfinished_or_out_of_reach_stays_as_it_is(index: Index, library: Path) -> None:
    before = texts_of(index)
    write_files(library, {"weather.txt": "Half a sent"})
    (library / "sea/ferry.txt").unlink()
    (library / "bridge.md").unlink()
    look = Look(
        unfinished=frozenset([library / "weather.txt", library / "bridge.md"]), out_of_reach=lambda: [library / "sea"]
    )
    report = ingest(index, [library], look=look)
    assert statuses(report) == {"sea/keeper.txt": "unchanged"}
    assert texts_of(index) == before


def test_a_path_that_is_gone_is_looked_at_only_as_a_place(index: Index, library: Path) -> None:
    gone = library / "weather.txt"
    gone.unlink()
    with pytest.raises(UsageError):
        ingest(index, [gone])
    assert statuses(ingest(index, [gone], look=Look((gone,)))) == {"weather.txt": "removed"}
    assert len(texts_of(index)) == len(LIBRARY) - 1


def test_an_index_of_another_home_is_passed_over_at_a_place_too(index: Index, library: Path) -> None:
    write_files(
        library, {"other/catalog.sqlite": "x", "other/write.lock": "", "other/x.txt": "x", "vectors.sqlite": "x"}
    )
    places = Look((library / "other/x.txt", library / "vectors.sqlite"))
    assert ingest(index, [library], look=places).files == ()
