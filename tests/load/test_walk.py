"""What a walk finds, passes over and reports: `rag.load.walk`."""

from __future__ import annotations

import os
from pathlib import Path

from rag.load.walk import walk
from tests.forbidden import permissions_hold


def write(root: Path, *names: str, text: str = "x") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def names(root: Path) -> list[str]:
    return [file.relative for file in walk(root) if not file.problem]


def problems(root: Path) -> dict[str, str]:
    return {file.relative: str(file.problem) for file in walk(root) if file.problem}


def test_sorted_and_without_hidden_files(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/z.txt", "a/b/c.txt", ".hidden", ".git/config", "a/.x/y.txt", "c.txt")
    assert names(tmp_path) == ["a/b/c.txt", "a/z.txt", "b.txt", "c.txt"]


def test_ignore_files_at_every_level(tmp_path: Path) -> None:
    write(tmp_path, "a.log", "keep.log", "build/x.txt", "sub/a.log", "sub/build/x.txt", "sub/only.tmp", "only.tmp")
    write(tmp_path, ".gitignore", text="*.log\n!keep.log\n/build/\n")
    write(tmp_path, "sub/.gitignore", text="!a.log\n")
    write(tmp_path, "sub/.ragignore", text="*.tmp\n")
    assert names(tmp_path) == ["keep.log", "only.tmp", "sub/a.log", "sub/build/x.txt"]


def test_a_single_file(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    assert names(tmp_path / "a.txt") == ["a.txt"]
    assert "does not exist" in problems(tmp_path / "b.txt")["b.txt"]


def test_links(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, "real/a.txt")
    write(tmp_path, "outside.txt")
    for name, target in {
        "file.txt": "real/a.txt",
        "real/up": "..",
        "ring": "ring",
        "again": "real",
        "gone": "nowhere",
        "out.txt": "../outside.txt",
        "out": "..",
    }.items():
        os.symlink(target, root / name)
    assert names(root) == ["file.txt", "real/a.txt"]
    problem_of = problems(root)
    assert set(problem_of) == {"real/up", "ring", "again", "gone", "out.txt", "out"}
    assert problem_of["out.txt"] == problem_of["out"] == "a link to a place outside the folder"
    assert "circle" in problem_of["real/up"]
    assert "circle" in problem_of["ring"]


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert "not a regular file" in problems(tmp_path)["fifo"]


def test_strange_names(tmp_path: Path) -> None:
    strange = os.fsencode(tmp_path) + b"/a\"b'\n\xff.txt"
    with open(strange, "w") as opened:
        opened.write("x")
    (file,) = walk(tmp_path)
    assert file.relative == "a\"b'\n\\xff.txt"
    assert file.path.read_text() == "x"


def test_unreadable_folder(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    with permissions_hold():
        assert "no permission" in problems(tmp_path)["closed"]


def test_deep_folders(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(300):
        folder = folder / "d"
        folder.mkdir()
    write(folder, "a.txt")
    assert len(names(tmp_path)) == 1
