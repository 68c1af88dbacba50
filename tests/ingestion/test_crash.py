"""What survives: SIGKILL at any moment, Ctrl-C, and other processes that read and write the same index."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.ingestion.pipeline import ingest
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.index import Index
from tests.children import Child, hold_the_lock, ingest_on_request, ingest_slowly
from tests.conftest import ROOT, Command, Opener, consistent, texts_of, write_files

# At least so many kills, of which so many must meet a process at work; on a busy machine it takes more of them.
KILLS, AT_WORK, MOST_KILLS = 20, 12, 60


def text_of(name: str, version: int) -> str:
    """Each version of each file says which it is; some are longer than one chunk."""
    body = f"The bridge of {name} has version{version}. "
    return body + "It is as long as the ferry. " * (60 if name.endswith("0.txt") else 1)


def test_twenty_kills_lose_nothing(open_again: Opener, tmp_path: Path, home: Path, settings: Settings) -> None:
    """Files are added, changed and deleted between the kills, so that each kill meets every kind of work.

    After each, every visible source is a version that was on disk at some time, whole and with all its vectors.
    """
    chance = random.Random(4)
    folder = tmp_path / "docs"
    versions = {f"{n % 7}/{n:03d}.txt": 0 for n in range(200)}
    write_files(folder, {name: text_of(name, 0) for name in versions})
    at_work = 0
    for kill in range(MOST_KILLS):
        if kill >= KILLS and at_work >= AT_WORK:
            break
        child = Child(ingest_slowly, home, folder, 0.02)
        assert child.receive() == "begins"
        time.sleep(chance.uniform(0, 0.9))
        at_work += child.kill()
        index = open_again(create=False)
        assert consistent(index) == []
        for source, texts in texts_of(index).items():
            written = {text_of(source, version).strip() for version in range(kill + 1)}
            assert " ".join(texts) in written, f"{source} is no version that ever was"
        if index.catalog.chunk_total():
            passage = retrieve(index, "bridge version0", 1)[0]
            assert passage.text.startswith("The bridge of")
        index.close()
        index.vectors.refresh()
        for name in chance.sample(sorted(versions), 25):
            versions[name] = kill + 1
            write_files(folder, {name: text_of(name, kill + 1)})
        gone = chance.choice(sorted(versions))
        del versions[gone]
        (folder / gone).unlink()
    assert at_work >= AT_WORK, "too few of the kills met a process at work to prove anything"

    index = open_again()
    ingest(index, [folder])
    assert consistent(index) == []
    assert index.catalog.orphans(10) == []
    ids = index.catalog.chunk_ids()
    assert len(set(ids)) == len(ids)
    assert index.vectors.ids() == set(ids)
    spared = open_again("spared")
    ingest(spared, [folder])
    assert texts_of(index) == texts_of(spared)
    assert set(spared.catalog.chunk_ids()) == set(ids)
    assert {source: " ".join(texts) for source, texts in texts_of(index).items()} == {
        name: text_of(name, version).strip() for name, version in versions.items()
    }


def test_a_second_writer_is_told_who_writes(rag: Command, index: Index, library: Path) -> None:
    child = Child(hold_the_lock, index.folder)
    assert child.receive() == "holds"
    for arguments in (
        ["ingest", library],
        ["remove", "bridge.md"],
        ["doctor", "--fix"],
        ["ingest", library, "--rebuild"],
    ):
        ran = rag(*arguments)
        assert ran.code == 2, arguments
        assert f"process {child.pid} " in ran.err
        assert len(ran.err.strip().splitlines()) == 1
    answered = rag("retrieve", "ferry", "-k", 1)
    assert answered.code == 0
    assert "sea/ferry.txt" in answered.out
    child.send("end")
    assert child.exit_code() == 0
    assert rag("ingest", library).code == 0


def test_the_lock_of_a_killed_writer_is_free(rag: Command, index: Index, library: Path) -> None:
    child = Child(hold_the_lock, index.folder)
    child.receive()
    assert child.kill()
    assert rag("ingest", library).code == 0


def test_an_open_reader_sees_what_another_process_commits(index: Index, library: Path, home: Path) -> None:
    assert retrieve(index, "ferry", 1)[0].source == "sea/ferry.txt"
    child = Child(ingest_on_request, home, library)
    for n in range(2):
        write_files(library, {"new.txt": f"Metres and metres of ferry{n}."})
        child.send("go")
        child.receive()
        passage = retrieve(index, f"metres ferry{n}", 1)[0]
        assert passage.text == f"Metres and metres of ferry{n}."
        assert passage.scores["dense_rank"] == 1, "its vector was not seen"
    child.send("end")
    assert child.exit_code() == 0


def test_a_process_that_wrote_before_sees_what_another_commits(
    index: Index, library: Path, home: Path, settings: Settings
) -> None:
    """The first question comes after another process has written to an index that this one holds open."""
    child = Child(ingest_on_request, home, library)
    write_files(library, {"new.txt": "Metres and metres of ferry."})
    child.send("go")
    child.receive()
    assert set(index.catalog.chunk_ids()) <= {
        id_ for id_, _ in (index.refresh(), index.vectors.nearest(index.encoder.encode_question("metres"), 100))[1]
    }
    child.send("end")
    child.exit_code()


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done(tmp_path: Path, home: Path, open_again: Opener, settings: Settings) -> None:
    folder = tmp_path / "docs"
    write_files(folder, {f"{n:03d}.txt": text_of(f"{n}0.txt", n) for n in range(600)})
    command = [
        sys.executable,
        "-c",
        "import rag.ingestion.pipeline, tests.fakes; rag.ingestion.pipeline._BATCH_CHUNKS = 32; tests.fakes.run(0.3)",
    ]
    child = subprocess.Popen(
        [*command, "ingest", str(folder)],
        cwd=ROOT,
        env={**os.environ, "RAG_HOME": str(home), "RAG_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    index = None
    for _ in range(600):
        time.sleep(0.1)
        if (home / "default/catalog.sqlite").is_file() and child.poll() is None:
            index = index or open_again()
            if index.catalog.chunk_total():
                break
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=120)
    assert child.returncode == 130, err
    assert "Stopped" in err
    assert len(err.strip().splitlines()) == 1, err
    assert index is not None
    assert 0 < len(texts_of(index)) < 600
    assert f"{len(texts_of(index))} added" in out
    assert consistent(index) == []
    ingest(index, [folder])
    assert len(texts_of(index)) == 600
    assert index.vectors.ids() == set(index.catalog.chunk_ids())
