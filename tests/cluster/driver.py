"""``rag`` that stops after its first batch: ``python -m tests.cluster.driver ingest …``.

It says so with the line ``committed`` on standard output, and goes on at a line of standard input.
"""

from __future__ import annotations

import sys
from typing import Any

from rag.__main__ import main
from rag.ingestion import pipeline

BATCH_CHUNKS = 8


def _pause_after_the_first_batch() -> None:
    publish = pipeline._Ingestion._publish
    told: list[str] = []

    def pausing(self: Any, *values: Any) -> None:
        publish(self, *values)
        if not told:
            told.append("committed")
            print(told[0], flush=True)
            sys.stdin.readline()

    pipeline._Ingestion._publish = pausing  # type: ignore[method-assign]


if __name__ == "__main__":
    pipeline._BATCH_CHUNKS = BATCH_CHUNKS
    _pause_after_the_first_batch()
    main()
