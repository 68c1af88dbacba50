"""Measure how long a command takes from a cold start, beside what it takes to import torch.

``python -m tests.benchmarks.cold`` indexes the handbook in a temporary folder, then runs each command in a process of
its own, and ``python -c 'import torch'`` between any two of them, so that a busy machine is as busy for both. It prints
the processor time of each command (user and system, of the quickest run), its elapsed time, and both as a share of
those of torch. ``--rounds`` says how often each is run, and ``--ceiling`` ends with 1 where a question without a
language model takes a larger share of torch's processor time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_QUESTION = "How do I make an index?"
_TORCH = ["-c", "import torch"]
_ASK = "ask --llm none"
_COMMANDS = {
    _ASK: ["ask", _QUESTION, "--llm", "none"],
    "retrieve": ["retrieve", _QUESTION],
    "verify": ["verify", "--text", "docs/index.md", "--source", "docs/index.md"],
    "status": ["status"],
    "sources": ["sources"],
    'ask ""': ["ask", ""],
    "ask --llm nix": ["ask", _QUESTION, "--llm", "nix"],
    "ask --source nix": ["ask", _QUESTION, "--llm", "none", "--source", "nix"],
    "--help": ["--help"],
    "--version": ["--version"],
}


@dataclass(frozen=True, order=True)
class Taken:
    """What a process took, in seconds.

    Attributes:
        processor: Of the processor, by the program and for it.
        elapsed: Until it ended.
    """

    processor: float
    elapsed: float


def run(arguments: Sequence[str], home: Path) -> Taken:
    """Run Python with arguments, and measure it; its output is thrown away."""
    before, started = os.times(), time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=_ROOT,
        env={**os.environ, "RAG_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    elapsed, after = time.perf_counter() - started, os.times()
    user, system = after.children_user - before.children_user, after.children_system - before.children_system
    return Taken(user + system, elapsed)


def measure(home: Path, rounds: int) -> tuple[Taken, dict[str, Taken]]:
    """Run each command beside torch.

    Args:
        home: A home with an index of the handbook.
        rounds: How often each is run.

    Returns:
        What torch took, and what each command took: each the least of its runs.
    """
    of_torch: list[Taken] = []
    of_command: dict[str, list[Taken]] = {name: [] for name in _COMMANDS}
    for _ in range(rounds):
        for name, arguments in _COMMANDS.items():
            of_torch.append(run(_TORCH, home))
            of_command[name].append(run(["-m", "rag", *arguments], home))
    return _least(of_torch), {name: _least(taken) for name, taken in of_command.items()}


def _least(taken: Sequence[Taken]) -> Taken:
    return Taken(min(one.processor for one in taken), min(one.elapsed for one in taken))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ceiling", type=float, help=f"most of torch's processor time that `{_ASK}` may take")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        run(["-m", "rag", "ingest", "docs"], Path(home))
        torch, commands = measure(Path(home), arguments.rounds)
    print(f"{'':18} {'processor':>9}  {'of torch':>8}  {'elapsed':>8}  {'of torch':>8}")
    for name, taken in {"import torch": torch, **commands}.items():
        print(
            f"{name:18} {taken.processor:7.2f} s  {taken.processor / torch.processor:8.2f}  {taken.elapsed:6.2f} s  "
            f"{taken.elapsed / torch.elapsed:8.2f}"
        )
    if arguments.ceiling is not None and commands[_ASK].processor > arguments.ceiling * torch.processor:
        sys.exit(1)


if __name__ == "__main__":
    main()
