"""Files that are replaced whole or not at all: `rag.atomic_file`."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rag.atomic_file import write_atomically


def test_a_failure_leaves_the_old_text_and_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "notes.txt"
    write_atomically(path, "old\r\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, "new")
    assert path.read_bytes() == b"old\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_stay_and_private_files_are_the_owners_alone(tmp_path: Path) -> None:
    shared, secret = tmp_path / "shared", tmp_path / "secret"
    shared.write_text("")
    shared.chmod(0o640)
    write_atomically(shared, "a")
    write_atomically(secret, "b", private=True)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (shared, secret)] == [0o640, 0o600]


def test_half_a_surrogate_pair_becomes_a_question_mark(tmp_path: Path) -> None:
    write_atomically(tmp_path / "text", "a\ud800b")
    assert (tmp_path / "text").read_text(encoding="utf-8") == "a?b"
