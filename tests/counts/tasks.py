"""A small fixed corpus, and what is done with it while it is counted; ``tests.counts.fresh`` runs this as a program.

Owns: the documents, the questions and the order of the tasks. Knows nothing about how work is counted or compared.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.cli.app import app
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.types import Answer
from tests.benchmarks import speed
from tests.conftest import LIBRARY, write_files
from tests.counts.counting import CountingEncoder, Counts, counted_stores
from tests.fakes import WordEncoder

# Made-up files, each of several chunks, beside the library of the tests.
_FILES, _SENTENCES = 40, 30
# A file changed more recently is read again, since its time stamps may not show a further change.
_SETTLED_SECONDS = 2.1


def count_all(folder: Path) -> dict[str, Counts]:
    """Do every task in an empty folder, in order, and return what each took, opening the index included."""
    documents = folder / "documents"
    made_up = {f"made-up/{number:02}.txt": speed.text(number, _SENTENCES) for number in range(_FILES)}
    write_files(documents, {**LIBRARY, **made_up})
    time.sleep(_SETTLED_SECONDS)
    # One process reads, so that what is read together does not depend on the machine.
    settings = Settings(home=folder / "home", llm="none", checker="rules", threads=1, parse_processes=1)
    counted: dict[str, Counts] = {}

    def count(task: str, action: Callable[[Index], object], create: bool = False) -> None:
        counts = counted[task] = Counts()
        encoder = CountingEncoder(WordEncoder(), counts)
        with (
            counted_stores(counts),
            open_index("counts", settings=settings, create=create, encoder=encoder) as index,
        ):
            action(index)

    def mirror(index: Index) -> None:
        report = ingest(index, [documents])
        assert not any(file.status in ("failed", "skipped") for file in report.files)

    count("first ingestion", mirror, create=True)
    count("second ingestion, nothing changed", mirror)
    for path in documents.rglob("*.txt"):
        os.utime(path)
    count("ingestion of touched files", mirror)
    (documents / "made-up" / "00.txt").write_text(speed.text(_FILES, _SENTENCES), encoding="utf-8")
    count("ingestion of one changed file", mirror)
    count("opening", lambda _: None)
    count("one question", lambda index: _ask(index, "How long is the bridge?", "412 metres"))
    count("two questions", _ask_two)
    count(
        "one question to some sources",
        lambda index: _ask(index, "When does the ferry to Skarholm leave?", "7:40", sources=("sea/*",)),
    )
    counted["rag status"] = Counts()
    with counted_stores(counted["rag status"]), redirect_stdout(io.StringIO()) as shown:
        app(["status", "--index", "counts", "--home", str(settings.home)], standalone_mode=False)
    assert "chunks" in shown.getvalue()
    return counted


def _ask(index: Index, question: str, expected: str, sources: tuple[str, ...] = ()) -> Answer:
    options = AnswerOptions.of(index.settings, sources)
    *_, last = answer(index, question, model=None, options=options)
    assert expected in last.answer, f"{question} was answered otherwise: {last.answer}"
    return last


def _ask_two(index: Index) -> None:
    _ask(index, "How long is the bridge?", "412 metres")
    _ask(index, "Who is the keeper of the lighthouse?", "Maren")


if __name__ == "__main__":
    print(json.dumps({task: counts.details for task, counts in count_all(Path(sys.argv[1])).items()}))
