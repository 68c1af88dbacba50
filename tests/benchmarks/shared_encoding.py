"""How often the embedding model runs for searches that come at once: ``python -m tests.benchmarks.shared_encoding``.

Questions with equally many tokens are searched for together, over the service's own application and with the real
model. Each would be a run of its own; those that wait for the model at the same moment are one.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from rag.hosting.access import Caller, OpenAccess
from rag.ingestion.pipeline import ingest
from rag.serve.app import make_app
from rag.serve.service import Service
from rag.settings import Settings
from rag.store.index import open_index
from tests.conftest import LIBRARY, write_files

_FIRST = 100  # Numbers of three digits have equally many tokens.


def batch_sizes(home: Path, searches: int, at_once: int = 0) -> list[int]:
    """Search so many times at once, and return how many texts each run of the model had.

    Args:
        home: A folder for an index; it is made where there is none.
        searches: How many searches come at once.
        at_once: How many of them the service has at work; 0: as many as it has by default.

    Returns:
        The numbers of texts, in the order of the runs.
    """
    settings = Settings(
        home=home / "home", llm="none", serve_at_once=at_once, serve_waiting=searches, serve_each=searches
    )
    write_files(home / "library", LIBRARY)
    with open_index("default", settings=settings, create=True) as index:
        ingest(index, [home / "library"])
    service = Service(settings)
    sizes: list[int] = []
    try:
        encoder: Any = service.open(Caller(), "default").encoder
        runs = encoder._encoder._load()._shared
        run = runs._run

        def counted(texts: Sequence[Sequence[int]]) -> Any:
            sizes.append(len(texts))
            return run(texts)

        runs._run = counted
        asyncio.run(_search(service, searches))
    finally:
        service.close()
    return sizes


async def _search(service: Service, searches: int) -> None:
    transport = httpx.ASGITransport(make_app(service, OpenAccess()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=600) as client:
        asked = [f"How long is bridge {number}?" for number in range(_FIRST, _FIRST + searches)]
        answers = await asyncio.gather(*(client.post("/v1/search", json={"question": each, "k": 3}) for each in asked))
    for answer in answers:
        answer.raise_for_status()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--searches", type=int, default=120)
    read = arguments.parse_args()
    for at_once in (2, 0, 16):
        with tempfile.TemporaryDirectory() as folder:
            sizes = batch_sizes(Path(folder), read.searches, at_once)
        name = str(at_once) if at_once else "default"
        print(f"at once {name:>7}: {sum(sizes)} texts in {len(sizes)} runs, of {max(sizes)} at most", flush=True)


if __name__ == "__main__":
    main()
