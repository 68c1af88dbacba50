"""Questions made of the rows of eight long financial reports: is the figure retrieved, and is it shown?

Each question names the label of a row, a year that stands above one of its figures, and the company: "What was Best
Buy's gross profit in fiscal 2023?". The rows are drawn at random from the tables as they were read, so the figures say
how well a row is found that was read, not how well it was read; and the questions keep the words of the row, which
people need not. Ways to search were chosen on them; they are no measure of what was chosen.
"""

from __future__ import annotations

import argparse
import random
import re
from dataclasses import dataclass

from rag.answering.pipeline import answer
from rag.retrieval.cells import Cell, read_cells
from rag.retrieval.row_records import read_recorded
from rag.store.index import Index
from rag.types import Span
from tests.benchmarks import financebench
from tests.benchmarks.sec_10_q import holds

_COMPANIES = {
    "AMERICANEXPRESS": "American Express", "BESTBUY": "Best Buy", "CVSHEALTH": "CVS Health", "PEPSICO": "PepsiCo",
    "JOHNSON": "Johnson & Johnson", "PFIZER": "Pfizer", "ULTABEAUTY": "Ulta Beauty", "VERIZON": "Verizon",
}  # fmt: skip
_FORMS = (
    "What was {company}'s {label} in {year}?",
    "How much was the {label} of {company} in fiscal year {year}?",
    "What {label} did {company} report for FY{year}?",
)
_LABEL = re.compile(r"[A-Za-z][A-Za-z ,’'&-]{3,60}")
_FIGURE = re.compile(r"\$?\s?\(?\d{1,3}(?:,\d{3})+\)?|\$?\s?\(?\d{3}\)?|\d+\.\d+ ?%?")


@dataclass(frozen=True)
class Case:
    """A question, and the cell that answers it."""

    question: str
    source: str
    cell: Cell


def cases(index: Index, count: int, seed: int = 15) -> list[Case]:
    """Draw rows and make a question of each."""
    found: dict[str, list[Case]] = {}
    for source in index.catalog.sources():
        document = index.catalog.document(source.source_id)
        company = next((name for start, name in _COMPANIES.items() if source.source.startswith(start)), "")
        assert document is not None
        for block in document.blocks:
            if block.kind != "row":
                continue
            quote = document.text[block.start : block.end]
            cells = read_recorded(document.tables, quote, block.start)
            span = Span(
                source.source, source.source_id, source.title, block.start, block.end, quote, None, block.header, cells
            )
            for cell in read_cells(span):
                year = re.fullmatch(r".*?\b(20[12]\d)\b.*", cell.column)
                if year and _LABEL.fullmatch(cell.label) and _FIGURE.fullmatch(cell.text) and " " in cell.label:
                    form = _FORMS[len(found) % len(_FORMS)]
                    label = cell.label if cell.label.isupper() else cell.label[0].lower() + cell.label[1:]
                    question = form.format(company=company, label=label, year=year[1])
                    found.setdefault(question, []).append(Case(question, source.source, cell))
    # Where a label stands in several tables any of its figures might be meant: left out.
    plain = [of_one[0] for of_one in found.values() if len({case.cell.text for case in of_one}) == 1]
    return random.Random(seed).sample(plain, min(count, len(plain)))


def main() -> None:
    """Print how often the figure is among the passages, and how often it is shown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--show", action="store_true", help="print each question whose figure is not shown")
    options = parser.parse_args()
    index = financebench.build()
    asked = cases(index, options.count)
    retrieved = exact = shown = short = 0
    for case in asked:
        *_, last = answer(index, case.question, model=None)
        figure = case.cell.text.strip("$() ")
        own = [passage for passage in last.passages if passage.source == case.source]
        retrieved += any(holds(passage.text, figure) for passage in own)
        exact += any(passage.start <= case.cell.start < passage.end for passage in own)
        is_shown = holds(f"{last.short_answer or ''}\n{last.answer}", figure)
        shown += is_shown
        short += holds(last.short_answer or "", figure)
        if options.show and not is_shown:
            print(f"{case.question}\n  {case.cell.span.quote}\n  -> {last.short_answer}\n  {last.answer}")
    total = len(asked)
    print(
        f"figure retrieved {retrieved / total:.3f}, its row {exact / total:.3f}, shown {shown / total:.3f}, "
        f"in the short answer {short / total:.3f} of {total}"
    )


if __name__ == "__main__":
    main()
