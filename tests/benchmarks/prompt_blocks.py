"""Measure what a local model saves where a prompt begins as the last one did, and what the size of its blocks costs.

Run it as ``python -m tests.benchmarks.prompt_blocks [GGUF]``. It takes processor time, which other programs change
little, and prints the sum of the logarithms beside it: equal sums are equal words.
"""

from __future__ import annotations

import sys
import time

from rag.models.llm import local
from rag.models.llm.model import Message, Model, Piece
from rag.models.llm.opening import open_llm
from rag.models.weights import path_of
from rag.prompts import SENTINEL, read_prompt
from rag.settings import Settings

SMALLEST = "smollm2-135m-instruct"
EVIDENCE = [
    f"[{number}] (handbook.pdf › Travel {number})\nEmployees who travel by train between city {number} and city "
    f"{number + 1} are paid {number * 17} crowns for each day; what they spend on meals up to {number * 11 + 5} crowns "
    f"is refunded when the receipt is handed in within {number + 3} weeks."
    for number in range(1, 9)
]
FLIGHT, TRAIN = "Who may book a flight?", "What is paid between city 3 and city 4?"


def main() -> None:
    """Print processor seconds until the first word, by what was asked before and by the size of a block."""
    settings = Settings(threads=1)
    path = sys.argv[1] if sys.argv[1:] else str(path_of(SMALLEST, settings.models))
    sizes = (local.BLOCK, 128, 64)
    for block in sizes:
        local.BLOCK = block
        model = open_llm(path, settings)
        assert model is not None
        print(f"blocks of {block} tokens")
        for what, question, pieces in (
            ("nothing asked before", FLIGHT, EVIDENCE),
            ("the same question", FLIGHT, EVIDENCE),
            ("another question, the same evidence", TRAIN, EVIDENCE),
            ("other evidence, the same instructions", FLIGHT, EVIDENCE[::-1]),
            ("the first question again", FLIGHT, EVIDENCE),
        ):
            seconds, likely = _first_word(model, question, pieces)
            print(f"  {what}: {seconds:.2f} s, sum of logarithms {likely:.12f}")
        model.close()


def _first_word(model: Model, question: str, pieces: list[str]) -> tuple[float, float]:
    system, user = read_prompt("answer").fill(evidence="\n\n".join(pieces), question=question, sentinel=SENTINEL)
    began, first, likely = time.process_time(), 0.0, 0.0
    for piece in model.stream([Message("system", system), Message("user", user)], 12):
        first = first or time.process_time() - began
        likely += (piece.logprob or 0.0) if isinstance(piece, Piece) else 0.0
    return first, likely


if __name__ == "__main__":
    main()
