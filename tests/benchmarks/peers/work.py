"""The work, inside the environment of one system; only the standard library is imported here.

Owns: how the work is asked for and what is told of it. Knows nothing about any system: its script has two functions.

    ingest(folder, store, model) -> int     read the files of a folder into a store; return how many passages there are
    open_search(store, model) -> search     open the store; search(question, k) returns the texts of k passages

``work.py SCRIPT ingest FOLDER STORE MODEL`` and ``work.py SCRIPT ask STORE MODEL K``, which reads a list of
``{"question", "answers"}`` from standard input; both print one object of JSON.
"""

from __future__ import annotations

import contextlib
import json
import runpy
import sys
import time


def ask(search, questions: list[dict], k: int) -> dict:
    """Search for each question; say how long each took, and for how many a passage holds an answer."""
    seconds, processor, held = [], 0.0, 0
    for each in questions:
        started, before = time.perf_counter(), time.process_time()
        texts = search(each["question"], k)
        seconds.append(time.perf_counter() - started)
        processor += time.process_time() - before
        if len(texts) != k:
            sys.exit(f"{len(texts)} passages came back in the place of {k}")
        # A line may end inside an answer.
        found = " ".join(" ".join(texts).split())
        held += any(" ".join(answer.split()) in found for answer in each["answers"])
    return {"seconds": seconds, "processor": processor, "held": held}


def main() -> None:
    script, task, *arguments = sys.argv[1:]
    system = runpy.run_path(script)
    # Some systems print while they work.
    with contextlib.redirect_stdout(sys.stderr):
        if task == "ingest":
            folder, store, model = arguments
            told = {"passages": system["ingest"](folder, store, model)}
        else:
            store, model, k = arguments
            search = system["open_search"](store, model)
            first, *others = json.load(sys.stdin)
            cold = ask(search, [first], int(k))
            told = {"first": cold, "others": ask(search, others, int(k)) if others else None}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
