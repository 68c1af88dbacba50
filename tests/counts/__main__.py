"""``python -m tests.counts [--write | --show]``: count now, beside what is stored.

``--write`` counts twice and stores what was counted; a count that two runs do not agree on is refused.
``--show`` lists what was done, most often first: the methods called and the SQL statements without their values.
"""

from __future__ import annotations

import argparse
import sys

from tests.counts import fresh, stored

_SHOWN = 20


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m tests.counts", description=__doc__)
    chosen = arguments.add_mutually_exclusive_group()
    chosen.add_argument("--write", action="store_true", help="store what is counted")
    chosen.add_argument("--show", action="store_true", help="list what was done")
    options = arguments.parse_args()
    counted = fresh.count()
    table = {task: counts.by_kind for task, counts in counted.items()}
    if options.show:
        for task, counts in counted.items():
            print(f"\n{task}")
            for kind, details in counts.details.items():
                print(f"  {kind}: {counts.by_kind[kind]}")
                for detail, number in details.most_common(_SHOWN):
                    print(f"    {number:5}  {detail[:160]}")
        return
    if options.write:
        again = {task: counts.by_kind for task, counts in fresh.count().items()}
        if unsure := [
            line for task in table for lines in stored.differences(task, table[task], again[task]) for line in lines
        ]:
            sys.exit("Nothing is stored: two runs do not agree.\n" + "\n".join(unsure))
    before = stored.read() if stored.FILE.exists() else {}
    for task, counts in table.items():
        print(task)
        for kind, number in counts.items():
            old = before.get(task, {}).get(kind)
            print(f"  {number:6}  {kind}" + ("" if old == number else f" (stored: {old})"))
    if options.write:
        stored.write(table)
        print(f"stored in {stored.FILE}")


if __name__ == "__main__":
    main()
