"""Eight long financial reports: is the page that answers a question retrieved and cited, and how often is one refused?

For measuring only: nothing is fitted on these questions. ``--llm SPEC`` chooses the model.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.models.llm.opening import open_llm
from rag.store.index import Index
from rag.types import Answer, Passage, page_of
from tests.benchmarks import data

Page = tuple[str, int]


@dataclass(frozen=True)
class Case:
    """A question, and the pages that hold its answer; the data counts pages from 0, Footnote from 1."""

    question: str
    gold: frozenset[Page]


def cases() -> list[Case]:
    return [
        Case(
            row["question"],
            frozenset((f"{item['doc_name']}.pdf", item["evidence_page_num"] + 1) for item in row["evidence"]),
        )
        for row in data.jsonl(data.folder("financebench") / "questions.jsonl")
    ]


def build() -> Index:
    return data.indexed("financebench", data.folder("financebench") / "pdfs")


def pages_of(index: Index, passages: Iterable[Passage]) -> set[Page]:
    """Every page that a passage touches."""
    touched: set[Page] = set()
    for passage in passages:
        pages = index.catalog.pages(passage.source_id)
        first, last = page_of(pages, passage.start), page_of(pages, passage.end - 1)
        touched |= {(passage.source, page) for page in range(first or 0, (last or 0) + 1)}
    return touched


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--llm", default="none")
    arguments.add_argument("--anyway", action="store_true", help="answer what would be refused, too")
    arguments.add_argument("--show", action="store_true", help="print each answer")
    chosen = arguments.parse_args()
    index = build()
    model = open_llm(chosen.llm, data.bench_settings())
    options = replace(AnswerOptions.of(index.settings), anyway=chosen.anyway)
    retrieved: list[bool] = []
    cited: list[bool] = []
    answers: list[Answer] = []
    for case in cases():
        *_, last = answer(index, case.question, model=model, options=options)
        answers.append(last)
        retrieved.append(bool(case.gold & pages_of(index, last.passages)))
        cited.append(any((citation.source, citation.page) in case.gold for citation in last.citations))
        if chosen.show:
            state = "refused" if last.abstained else "tentative" if last.tentative else "answered"
            print(f"\n{state}, gold page retrieved: {retrieved[-1]}, cited: {cited[-1]}: {case.question}")
            print(f"  {last.short_answer}\n  {last.answer}")
    total = len(answers)
    for title, flags in (
        ("gold page among the retrieved passages", retrieved),
        ("gold page among the cited", cited),
        ("refused", [found.abstained for found in answers]),
        ("tentative", [found.tentative for found in answers]),
        ("with a short answer", [found.short_answer is not None for found in answers]),
    ):
        print(f"{title}: {sum(flags)} of {total}, {sum(flags) / total:.2f}")
    if model:
        model.close()


if __name__ == "__main__":
    main()
