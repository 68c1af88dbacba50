"""A service under many readers: each is answered or told 429, none is lost, and memory stays flat.

It serves a small index by ``rag serve`` in a process of its own, without a language model unless ``--llm`` names one,
and sends so many streaming requests at once on loopback, several times over. Every reader must get a whole stream or
the status 429 with ``Retry-After``; the memory of the process is read after each round.

    python -m tests.benchmarks.serve
    python -m tests.benchmarks.serve --requests 40 --rounds 2 --waiting 8
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.conftest import LIBRARY, ROOT, write_files
from tests.serve.served import Served, serving

_QUESTIONS = (
    "How long is the bridge?",
    "When does the ferry to Skarholm leave?",
    "Who is the keeper of the lighthouse?",
    "What is the toll for cars?",
    "What did the storm of 1952 break?",
)
_PAGE = 4096


@dataclass(frozen=True)
class Round:
    """What became of the requests of one round: how many answered, refused and lost, the seconds, and the memory in MB
    behind it.
    """

    answered: int
    refused: int
    lost: int
    seconds: float
    megabytes: float
    why: str = ""


def memory_of(pid: int) -> float:
    """The resident memory of a process, in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6


async def one(client: httpx.AsyncClient, url: str, number: int) -> str:
    """Ask once, and say what became of it: ``answered``, ``refused``, or why it is lost."""
    # Each question is another one, so that no cache answers it.
    question = f"{_QUESTIONS[number % len(_QUESTIONS)]} ({number})"
    body = {"model": "handbook", "stream": True, "messages": [{"role": "user", "content": question}]}
    try:
        async with client.stream("POST", f"{url}/chat/completions", json=body) as response:
            if response.status_code == 429:
                await response.aread()
                return "refused" if int(response.headers["retry-after"]) > 0 else "refused without Retry-After"
            events = [line[6:] async for line in response.aiter_lines() if line.startswith("data: ")]
    except httpx.HTTPError as error:
        return type(error).__name__
    if events[-1:] != ["[DONE]"]:
        return f"the stream broke off: {events[-1:]}"
    last = json.loads(events[-2])["choices"][0]
    return "answered" if last["finish_reason"] and "footnote" in last["delta"] else "no answer in the stream"


async def once(served: Served, requests: int, first: int) -> Round:
    """Send a round of requests, all at once."""
    started = time.perf_counter()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(limits=limits, timeout=600, trust_env=False) as client:
        ends = Counter(await asyncio.gather(*(one(client, served.url, first + i) for i in range(requests))))
    lost = {why: count for why, count in ends.items() if why not in ("answered", "refused")}
    seconds = time.perf_counter() - started
    return Round(
        ends["answered"], ends["refused"], sum(lost.values()), seconds, memory_of(served.process.pid), str(lost or "")
    )


def measure(home: Path, requests: int, rounds: int, waiting: int, llm: str = "none", real: bool = True) -> list[Round]:
    """Serve an index, and send it rounds of requests.

    Args:
        home: The folder that holds the index ``handbook``.
        requests: How many are sent at once.
        rounds: How often.
        waiting: How many may wait.
        llm: The language model.
        real: Whether with the real embedding model.

    Returns:
        What became of each round.
    """
    arguments = ("--llm", llm)
    with serving(home, *arguments, real=real, RAG_SERVE_WAITING=str(waiting), RAG_SERVE_WAIT_SECONDS="600") as served:
        return [asyncio.run(once(served, requests, number * requests)) for number in range(rounds)]


def main() -> int:
    """Measure, print a line a round, and return 0 where nobody was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--waiting", type=int, default=100)
    parser.add_argument("--llm", default="none")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library, home = Path(folder) / "library", Path(folder) / "home"
        write_files(library, LIBRARY)
        command = [sys.executable, "-m", "rag", "ingest", str(library), "--home", str(home), "--index", "handbook"]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        measured = measure(home, given.requests, given.rounds, given.waiting, given.llm)
    print(f"{given.requests} streaming requests at once, {given.waiting} may wait, llm {given.llm}")
    print("round  answered  refused  lost  seconds  memory after it")
    for number, one_round in enumerate(measured, 1):
        print(
            f"{number:5}  {one_round.answered:8}  {one_round.refused:7}  {one_round.lost:4}  {one_round.seconds:7.1f}"
            f"  {one_round.megabytes:.0f} MB  {one_round.why}"
        )
    return 1 if any(one_round.lost for one_round in measured) else 0


if __name__ == "__main__":
    sys.exit(main())
