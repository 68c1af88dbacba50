"""A better language model is offered once, at a terminal of a machine with room: `rag.models.better_model`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

import rag.settings
from rag.cli.opening import offer_better_model
from rag.models import better_model
from rag.models.better_model import LEAST_CORES, LEAST_DISK, LEAST_MEMORY, offer_once, total_memory
from rag.settings import Settings


class Terminal(io.StringIO):
    """A stream that people look at, or a pipe."""

    is_terminal = True

    def isatty(self) -> bool:
        return self.is_terminal


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """The data folder of a large machine."""
    room(monkeypatch)
    monkeypatch.setattr(rag.settings, "DATA_FOLDER", tmp_path / "data")
    return tmp_path / "data"


def at_terminal(monkeypatch: pytest.MonkeyPatch) -> dict[str, Terminal]:
    """Put a terminal in the place of standard output and standard error; in a test, since fixtures run elsewhere."""
    streams = {name: Terminal() for name in ("stdout", "stderr")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    return streams


def room(
    monkeypatch: pytest.MonkeyPatch, memory: int = LEAST_MEMORY, disk: int = LEAST_DISK, cores: int = LEAST_CORES
) -> None:
    import os
    import shutil

    monkeypatch.setattr(better_model, "total_memory", lambda: memory)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(disk, 0, disk))
    monkeypatch.setattr(os, "cpu_count", lambda: cores)


def test_it_is_said_once(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, settings = at_terminal(monkeypatch), Settings(models=tmp_path / "models")
    for _ in range(3):
        offer_better_model("local", settings)
    assert shown["stdout"].getvalue() == ""
    # A terminal gets it wrapped.
    line = " ".join(shown["stderr"].getvalue().split())
    assert line.count("rag:") == 1
    assert line.startswith(
        "rag: This computer has room for a better language model: `rag models pull qwen2.5-coder-1.5b"
    )
    assert "fetches 1.1 GB" in line
    assert not (tmp_path / "models").exists(), "something was fetched"
    assert [path.name for path in data.iterdir()] == ["better-model-offered"]


@pytest.mark.parametrize("spec", ["none", "local:qwen2.5-coder-0.5b-instruct", "ollama:x", "hf:a/b/c.gguf", "x.gguf"])
def test_who_chose_a_model_is_offered_none(spec: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = at_terminal(monkeypatch)
    offer_better_model(spec, Settings(models=data))
    assert shown["stderr"].getvalue() == ""
    assert not data.exists()


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_in_a_pipe_nothing_is_said(stream: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = at_terminal(monkeypatch)
    shown[stream].is_terminal = False
    offer_better_model("local", Settings(models=data))
    assert shown["stderr"].getvalue() == ""
    assert not data.exists(), "it was marked as said"


@pytest.mark.parametrize(
    "lacking", [{"memory": LEAST_MEMORY - 1}, {"disk": LEAST_DISK - 1}, {"cores": 3}, {"memory": 0}]
)
def test_a_small_machine_is_offered_nothing(
    lacking: dict[str, int], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room(monkeypatch, **lacking)
    assert offer_once(tmp_path, data) is None
    room(monkeypatch)
    assert offer_once(tmp_path, data) is not None


def test_where_no_mark_can_be_kept_nothing_is_said(data: Path, tmp_path: Path) -> None:
    data.write_text("a file in the way")
    assert offer_once(tmp_path, data) is None


def test_the_memory_of_this_machine_is_known() -> None:
    assert 10**8 < total_memory() < 10**14


def test_a_container_has_the_memory_that_it_may_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(better_model, "_CGROUP_LIMITS", (limit,))
    limit.write_text("max\n")
    whole = total_memory()
    limit.write_text(f"{2**28}\n")
    assert total_memory() == 2**28 < whole
