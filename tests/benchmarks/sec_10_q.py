"""Four quarterly filings with tables: is the figure of the reference answer retrieved, and is it shown?

Counted are the questions whose reference answer has one figure, and apart the figures of all reference answers.
``--llm SPEC`` chooses the model.
"""

from __future__ import annotations

import argparse
import csv
import re
from dataclasses import dataclass

from rag.answering.pipeline import answer
from rag.models.llm.opening import open_llm
from rag.store.index import Index
from tests.benchmarks import data

# A figure: a percentage, or a number with a thousands separator or a scale; a day, a year or a form is none.
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?(?=%|\s(?:percent|million|billion))|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)")


@dataclass(frozen=True)
class Case:
    """A question, and the figures of its reference answer, each once."""

    question: str
    figures: tuple[str, ...]


def cases() -> list[Case]:
    with (data.folder("sec-10-q") / "questions.csv").open(encoding="utf-8") as file:
        return [Case(row["Question"], figures(row["Answer"])) for row in csv.DictReader(file)]


def figures(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_FIGURE.findall(text)))


def holds(text: str, figure: str) -> bool:
    """Whether a figure stands in a text as a number of its own."""
    return re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)", text) is not None


def build() -> Index:
    # The questions lie beside the filings and must not be found.
    return data.indexed("sec-10-q", *sorted(data.folder("sec-10-q").glob("*.pdf")))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--llm", default="none")
    arguments.add_argument("--show", action="store_true", help="print each answer")
    chosen = arguments.parse_args()
    index = build()
    model = open_llm(chosen.llm, data.bench_settings())
    # For each figure: is it retrieved, shown, and is it the only one of its reference answer?
    rows: list[tuple[bool, bool, bool]] = []
    asked = [case for case in cases() if case.figures]
    refused = 0
    for case in asked:
        *_, last = answer(index, case.question, model=model)
        refused += last.abstained
        passages = "\n".join(passage.text for passage in last.passages)
        shown = f"{last.short_answer or ''}\n{last.answer}"
        alone = len(case.figures) == 1
        rows += [(holds(passages, figure), holds(shown, figure), alone) for figure in case.figures]
        if chosen.show:
            state = "refused" if last.abstained else "tentative" if last.tentative else "answered"
            print(f"\n{state}: {case.question}\n  figures: {', '.join(case.figures)}")
            print(f"  {last.short_answer}\n  {last.answer}")
    for title, counted in (("the only figure", [row for row in rows if row[2]]), ("all figures", rows)):
        retrieved, shown_count = sum(row[0] for row in counted), sum(row[1] for row in counted)
        print(
            f"{title} of a reference answer: {retrieved} of {len(counted)} retrieved "
            f"({retrieved / len(counted):.2f}), {shown_count} shown ({shown_count / len(counted):.2f})"
        )
    print(f"refused: {refused} of {len(asked)}")
    if model:
        model.close()


if __name__ == "__main__":
    main()
