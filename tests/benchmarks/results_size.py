"""How large the results of many cases are, and how long they take to load.

    python -m tests.benchmarks.results_size results.json --cases 5000

The cases of a run are repeated under other ids until there are so many; the file is written as an evaluation writes
it, and read as a comparison reads it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from rag.evaluate.results import dump_json, read_baseline, read_results, write_text


def many(data: dict[str, Any], count: int) -> dict[str, Any]:
    """Return results with so many cases, each a case of ``data`` with an id of its own."""
    cases, times = data["cases"], data.get("timing", {}).get("cases", {})
    repeated, timing = [], {}
    for number in range(count):
        case = cases[number % len(cases)]
        id_ = f"{case['id']}-{number // len(cases)}"
        repeated.append({**case, "id": id_, "case": {**case["case"], "id": id_}})
        timing[id_] = times.get(case["id"], {})
    return {**data, "cases": repeated, "timing": {**data.get("timing", {}), "cases": timing}}


def main() -> None:
    """Print bytes and processor seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("--cases", type=int, default=5000)
    arguments = parser.parse_args()
    data = many(read_results(arguments.results), arguments.cases)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.json"
        started = time.process_time()
        write_text(path, dump_json(data))
        written = time.process_time()
        read_baseline(path)
        loaded = time.process_time()
        print(f"{arguments.cases} cases: {path.stat().st_size / 1e6:.1f} MB, written in {written - started:.1f} s,")
        print(f"loaded in {loaded - written:.1f} s of processor time")


if __name__ == "__main__":
    main()
