"""Drafts to be read by a person: ``python -m tests.benchmarks.draft_suites FOLDER…`` prints 24 for each folder.

Whether a draft is usable as it stands, only a reader can say: its question stands alone, asks for one thing, is one
that a person might ask, and its answer is right and whole. The handbook's page on drafting has the counts.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.evaluate.drafting.generate import generate_cases
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import open_index


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="folders of documents")
    parser.add_argument("--index", action="append", default=[], help="an index that is there already")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    settings = Settings()
    for name in [*given.index, *map(str, given.folders)]:
        is_folder = name not in given.index
        index_name = f"drafts-{Path(name).name}" if is_folder else name
        with open_index(index_name, settings=settings, create=is_folder) as index:
            if is_folder:
                ingest(index, [Path(name)])
            print(f"\n== {name}")
            for number, case in enumerate(generate_cases(index, given.count, given.seed), start=1):
                place = "; ".join(f"{one.source}: {one.quote or (one.start, one.end)}" for one in case.evidence)
                expected = " / ".join((*case.answers, *case.must_include)) or "(no answer)"
                print(f"{number}. [{', '.join(case.tags[1:])}] {case.question}\n   → {expected}\n   {place[:300]}")


if __name__ == "__main__":
    main()
