"""Summaries, overviews, lists and comparisons without a model: ``python -m tests.benchmarks.broad``.

60 questions over the handbook, a speech, encyclopedia articles and a financial report. It counts what can be counted:
questions refused that have an answer, summaries longer than asked, quotes without a citation; whether an answer is a
good one a person must read, so each is printed. The questions stand with how they are to be read; ``--read`` lets the
program read them, and ``--strong`` gives it a scripted strong model that answers from its passages.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.answering.clock import Clock
from rag.answering.context import AnswerContext
from rag.answering.kinds.gathering import gather
from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.answering.writers.quotes import QuoteWriter
from rag.question.reading import Question
from rag.retrieval.answerability import tentative_of, threshold_of
from rag.retrieval.search import SearchOptions
from rag.store.index import Index
from rag.types import Answer, Plan, PlannedSearch
from tests.benchmarks import data, squad2
from tests.benchmarks.passage_model import PassageModel

_REPORT = "2023 Q3 AAPL.pdf"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--read", action="store_true", help="let the program read the questions")
    arguments.add_argument("--strong", action="store_true", help="with a scripted strong model; reads as --read does")
    arguments.add_argument("--corpus", choices=sorted(_CORPORA), help="ask one corpus only")
    chosen = arguments.parse_args()
    rows = json.loads((Path(__file__).parent / "broad.json").read_text("utf-8"))
    refused, too_long, uncited, answered_foreign, seconds = [], [], [], [], []
    asked = 0
    for corpus, open_corpus in _CORPORA.items():
        if chosen.corpus not in (None, corpus):
            continue
        with open_corpus() as index:
            for row in (row for row in rows if row["corpus"] == corpus):
                asked += 1
                started = time.perf_counter()
                if chosen.strong or chosen.read:
                    shown = _by_program(index, row["question"], PassageModel() if chosen.strong else None)
                else:
                    shown = answer_as_read(index, _question(row))
                seconds.append(time.perf_counter() - started)
                _print(corpus, shown, seconds[-1])
                if row.get("foreign"):
                    answered_foreign += [] if shown.abstained else [row["question"]]
                    continue
                refused += [row["question"]] if shown.abstained else []
                wanted = row.get("sentences") or row.get("items")
                quotes = [sentence for sentence in shown.sentences if sentence.verdict == "verified"]
                too_long += [row["question"]] if wanted and len(quotes) > wanted else []
                uncited += [row["question"] for sentence in quotes if not sentence.citations]
    print(f"\nn = {asked}: refused {len(refused)} {refused}")
    print(f"longer than asked {len(too_long)} {too_long}; quotes without a citation {len(uncited)}")
    print(f"foreign topics answered {answered_foreign}")
    print(f"seconds: median {sorted(seconds)[len(seconds) // 2]:.2f}, most {max(seconds):.2f}")


def answer_as_read(index: Index, question: Question, options: AnswerOptions | None = None) -> Answer:
    """Answer a question that was read already, without a model."""
    options = options or AnswerOptions()
    plan = Plan(question.kind, question.asked, (PlannedSearch(question.asked),))
    search = SearchOptions(options.passages, options.sources, threshold_of(index), tentative_of(index))
    context = AnswerContext(index, options, search, Clock(), question, plan, question.language)
    snapshot = Answer(question.text, question.asked, kind=question.kind, language=question.language)
    steps = gather(snapshot, context)
    while True:
        try:
            next(steps)
        except StopIteration as stopped:
            material = stopped.value
            break
    snapshot = replace(snapshot, confidence=material.selected.confidence, notices=material.notices)
    *_, last = QuoteWriter().write(snapshot, material, context)
    return last


def _by_program(index: Index, question: str, model: Any) -> Answer:
    *_, last = answer(index, question, model=model)
    return last


def _question(row: dict[str, Any]) -> Question:
    asked = row["question"]
    return Question(
        asked,
        asked,
        row["kind"],
        topic=row.get("topic", ""),
        sides=tuple(row.get("sides", ())),
        sentences=row.get("sentences", 0),
        items=row.get("items", 0),
        language="de" if asked.startswith("Fasse") else "en",
    )


def _print(corpus: str, shown: Answer, seconds: float) -> None:
    band = "REFUSED" if shown.abstained else "tentative" if shown.tentative else "sure"
    print(f"\n=== {corpus} · {shown.question} [{shown.kind}, {band} {shown.confidence:.2f}, {seconds:.1f} s]")
    print(shown.answer)


def _handbook() -> Index:
    return data.indexed("broad-handbook", Path(__file__).resolve().parents[2] / "docs")


def _speech() -> Index:
    return data.indexed("broad-speech", _copied("speech", "chunking-eval/corpora/state_of_the_union.md"))


def _report() -> Index:
    return data.indexed("broad-report", _copied("report", f"sec-10-q/{_REPORT}"))


def _copied(name: str, path: str) -> Path:
    """A folder with one file of the data alone."""
    target = data.HOME / "corpora" / f"broad-{name}"
    target.mkdir(parents=True, exist_ok=True)
    folder, _, file = path.partition("/")
    shutil.copyfile(data.folder(folder) / file, target / Path(file).name)
    return target


_CORPORA: dict[str, Callable[[], Index]] = {
    "handbook": _handbook,
    "speech": _speech,
    "articles": lambda: squad2.build("report"),
    "report": _report,
}

if __name__ == "__main__":
    main()
