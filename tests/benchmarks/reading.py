"""Measure how near the reading of small files comes to what a person reads: ``python -m tests.benchmarks.reading``.

The files and what is expected of them stand in ``tests/reading``; the expectations were written before the readers
were changed for them. Nothing is fitted on them, but the readers were mended with them in view: they show that a
pattern is mended, not how often it occurs.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

from rag.errors import LoadError
from rag.load.limits import Limits
from rag.load.loader import Loader
from rag.types import Document
from tests.reading.expectations import Expectation, Score, expectations, score


def main() -> None:
    """Print recall and precision of words and cells by format, and what is wrong with each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only files whose name holds this")
    parser.add_argument("--wrong", action="store_true", help="name each file that is not right, and why")
    options = parser.parse_args()
    by_format: dict[str, list[Score]] = defaultdict(list)
    with Loader(Limits()) as loader:
        for expected in expectations():
            if options.only in expected.name:
                result = _score(expected, loader, options.wrong)
                by_format[expected.name.split("/")[0]].append(result)
    print(f"{'format':12} {'files':>5} {'words: recall':>14} {'precision':>9} {'order':>6} {'cells: recall':>14} "
          f"{'precision':>9} {'else wrong':>10}")  # fmt: skip
    for name, scores in (*sorted(by_format.items()), ("all", [s for part in by_format.values() for s in part])):
        print(_line(name, scores))


def _score(expected: Expectation, loader: Loader, named: bool) -> Score:
    try:
        document = loader.load(expected.path, expected.path.name).document
    except LoadError as error:
        if named:
            print(f"{expected.name} ({expected.pattern}): {error}")
        document = Document("", "", "text/plain")
    result = score(expected, document)
    wanted, there, found = result.words
    if named and (there < wanted or found > there or result.cells[0] != result.cells[1] or result.wrong):
        words = f"words {there} of {wanted}, {found} found; in order {result.in_order}"
        cells = f"cells {result.cells[1]} of {result.cells[0]}"
        print(f"{expected.name} ({expected.pattern}): {'; '.join((words, cells, *result.wrong))}")
    return result


def _line(name: str, scores: list[Score]) -> str:
    wanted, there, found = (sum(s.words[i] for s in scores) for i in range(3))
    cells = [sum(s.cells[i] for s in scores) for i in range(3)]
    order = sum(s.in_order for s in scores)
    wrong = sum(bool(s.wrong) for s in scores)
    return (
        f"{name:12} {len(scores):5} {_share(there, wanted):>14} {_share(there, found):>9} {_share(order, wanted):>6} "
        f"{_share(cells[1], cells[0]):>14} {_share(cells[1], cells[2]):>9} {wrong:10}"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


if __name__ == "__main__":
    main()
