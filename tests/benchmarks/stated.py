"""Short answers without a model to what small documents state, and none to what they do not: roles, counts, columns.

``stated.json`` holds two halves: the rules were written with ``fit`` in view, and ``held_out`` was written before the
rules were tried on it. ``--half`` chooses one, ``--wrong`` lists what is wrong or shown without being stated.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rag.answering.pipeline import answer
from tests.benchmarks import data

CASES = Path(__file__).with_suffix(".json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("fit", "held_out"), default="held_out")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    half = json.loads(CASES.read_text("utf-8"))[options.half]
    folder = data.HOME / "corpora" / f"stated-{options.half}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in half["documents"].items():
        (folder / name).write_text(text, "utf-8")
    counts = dict.fromkeys(("stated", "shown", "right", "not stated", "shown nevertheless", "sure nevertheless"), 0)
    with data.indexed(f"stated-{options.half}", folder) as index:
        for question, expected in half["questions"]:
            *_, last = answer(index, question, model=None)
            short = last.short_answer or ""
            is_right = bool(expected) and (expected or "").lower() in short.lower()
            if expected:
                counts["stated"] += 1
                counts["shown"] += bool(short)
                counts["right"] += is_right
            else:
                counts["not stated"] += 1
                counts["shown nevertheless"] += bool(short)
                counts["sure nevertheless"] += not (last.abstained or last.tentative)
            if options.wrong and short and not is_right:
                print(f"{question} | {short} | {expected}")
    print("; ".join(f"{name} {count}" for name, count in counts.items()))


if __name__ == "__main__":
    main()
