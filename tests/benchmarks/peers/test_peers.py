"""The benchmark beside its peers: what it measures, what becomes of a peer that fails, and Footnote's own column."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from rag.models.weights import pull
from rag.settings import Settings
from tests.benchmarks.peers import corpus, table
from tests.benchmarks.peers.__main__ import Work, measured
from tests.benchmarks.peers.environments import FOOTNOTE, PEERS, SYSTEMS, Environment, System
from tests.benchmarks.peers.measure import Failed, run
from tests.benchmarks.peers.table import Column, Figures

HERE = Environment(Path(sys.executable), {"some-package": "1.0"})
# Finds the lines of all files that share a word with the question.
SMALL_SYSTEM = """
from pathlib import Path

def ingest(folder, store, model):
    lines = [line for path in sorted(Path(folder).iterdir()) for line in path.read_text().splitlines()]
    Path(store).write_text("\\n".join(lines))
    return len(lines)

def open_search(store, model):
    lines = Path(store).read_text().splitlines()
    print("noise of a library")
    return lambda question, k: sorted(lines, key=lambda line: -len(set(line.split()) & set(question.split())))[:k]
"""
FIGURES = Figures(
    ingest=2.0,
    ingest_processor=3.0,
    ingest_megabytes=400.4,
    passages=10,
    cold=1.04,
    cold_processor=1.0,
    warm=0.0124,
    warm_processor=0.02,
    asked_megabytes=300.0,
    held=5,
)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "bridge.txt").write_text("The bridge opened in 1931.\nThe toll is 3 crowns.\nNobody sleeps.\n" * 3)
    (folder / "ferry.txt").write_text("The ferry leaves at 7:40.\n")
    asked = [
        corpus.Asked("When does the ferry leave?", ("noon", "7:40")),
        corpus.Asked("What is the toll ?", ("90 crowns",)),
        corpus.Asked("When was it opened ?", ("1931",)),
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    return Work(corpus.Corpus(folder, "two files", asked), tmp_path, environment)


def small_system(folder: Path, name: str, text: str) -> System:
    path = folder / f"{name}.py"
    path.write_text(text)
    return System(name, str(path), (), 0, ())


def test_a_round_says_what_a_system_made_and_found(work: Work, tmp_path: Path) -> None:
    took = work.round(small_system(tmp_path, "small", SMALL_SYSTEM), HERE.python, tmp_path / "store")
    assert took.passages == 10
    assert took.held == 2  # nothing says 90 crowns
    assert 0 < took.warm < took.cold
    assert took.answer is None


def test_a_system_that_fails_has_the_reason_and_the_rest_goes_on(work: Work, tmp_path: Path) -> None:
    good = small_system(tmp_path, "good", SMALL_SYSTEM)
    bad = small_system(tmp_path, "bad", SMALL_SYSTEM.replace("return len(lines)", "raise OSError('no room')"))
    absent = small_system(tmp_path, "absent", "")
    ready = {good: HERE, bad: HERE, absent: "not installed: no such package"}
    columns = {column.name: column for column in measured([good, bad, absent], work, ready, rounds=2)}
    assert len(columns["good"].rounds) == 2
    assert columns["bad"].problem == "failed: OSError: no room"
    assert columns["absent"].problem == "not installed: no such package"
    assert "bad: failed: OSError: no room" in table.below(list(columns.values()))


def test_a_system_that_returns_too_little_fails(work: Work, tmp_path: Path) -> None:
    short = small_system(tmp_path, "short", SMALL_SYSTEM.replace("[:k]", "[:1]"))
    with pytest.raises(Failed, match="1 passages came back in the place of 8"):
        work.round(short, HERE.python, tmp_path / "store")


def test_time_of_the_processor_and_memory_count_the_processes_below() -> None:
    busy = "import time; kept = bytearray(60_000_000); end = time.process_time() + 0.4\n"
    busy += "while time.process_time() < end: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}], check=True); print('done')"
    took = run([sys.executable, "-c", code], os.environ, limit=60)
    assert took.out == "done\n"
    assert took.processor >= 0.4
    assert took.megabytes > 60


def test_a_command_that_takes_too_long_is_ended() -> None:
    with pytest.raises(Failed, match="it took too long"):
        run([sys.executable, "-c", "import time; time.sleep(60)"], os.environ, limit=0.5)


def test_the_table_shows_the_least_and_the_median_of_the_rounds() -> None:
    ours = Column("Footnote", {}, [FIGURES, replace(FIGURES, ingest=4.0), replace(FIGURES, ingest=3.0)])
    theirs = Column("Other", {}, [replace(FIGURES, ingest=8.0, warm=0.0062)])
    none = Column("None", {}, [], "not installed")
    rows = {line.split(" | ")[0].strip("| "): line for line in table.markdown([ours, theirs, none]).splitlines()}
    assert rows["ingestion, s"] == "| ingestion, s | 2.0 / 3.0 | 8.0 | – |"
    assert rows["warm question p50, ms"] == "| warm question p50, ms | 12.4 | 6.2 | – |"
    assert rows["cold answer with exact quotes, s"].endswith("| – | – | – |")
    divided = table.markdown([ours, theirs, none], ratios=True)
    assert "| ingestion, s | 1.00 | 4.00 | – |" in divided
    assert "| warm question p50, ms | 1.00 | 0.50 | – |" in divided
    assert "exact quotes" not in divided  # no other has it


def test_the_made_up_corpus_is_the_same_each_time_and_holds_its_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "absent"))
    first, second = (corpus.make(tmp_path / name, questions=5, texts=7, pdfs=2) for name in ("first", "second"))
    files = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    assert files == {path.name: path.read_bytes() for path in second.folder.iterdir()}
    assert len(files) == 7 + 2
    assert len(first.questions) == 5
    texts = " ".join(path.read_text() for path in first.folder.glob("*.txt"))
    for asked in first.questions:
        assert asked.answers[0] in texts


def test_a_made_up_pdf_reads_as_it_was_written() -> None:
    with pypdfium2.PdfDocument(corpus.pdf([["One (1) line", r"and a back\slash"], ["A second page"]])) as made:
        pages = [page.get_textpage().get_text_bounded().split("\r\n") for page in made]
    assert pages == [["One (1) line", r"and a back\slash"], ["A second page"]]


@pytest.mark.parametrize("system", [FOOTNOTE, *PEERS], ids=lambda system: system.name)
def test_every_system_has_its_script(system: System) -> None:
    text = (SYSTEMS / system.script).read_text()
    assert "def open_search(store, model):" in text
    assert system is FOOTNOTE or "def ingest(folder, store, model):" in text


@pytest.mark.model
@pytest.mark.slow
def test_footnote_does_the_work_with_its_own_commands(work: Work, tmp_path: Path) -> None:
    text = "\n\n".join(f"The bridge number {n} opened in {1900 + n}. " * 20 for n in range(12))
    (work.corpus.folder / "bridges.txt").write_text(text)
    ready = replace(work, model=pull("all-minilm-l6-v2", Settings().models))
    took = ready.round(FOOTNOTE, HERE.python, tmp_path / "store")
    assert took.passages >= 8
    assert took.held >= 2
    assert took.answer is not None
    assert took.answer > took.warm
