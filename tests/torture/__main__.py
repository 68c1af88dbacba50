"""``python -m tests.torture [NAME…] [--write]``: do every fault, or those named, and print the table of outcomes.

Each fault is tried in a process of its own, which is ended after its time, and two faults at once: most of them wait
for another process. ``--write`` puts the rows of those that held into the handbook, and takes out the rows of others.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

from tests.conftest import ROOT
from tests.torture.faults import FAULTS, Fault, NotHere, Tried, merged

PAGE = ROOT / "docs/faults.md"
# Seconds after which a fault hangs.
LIMIT = 900
NOT_HERE, TRY = 77, "--try"


def main() -> None:
    for name in ("indexes", "clocks", "serving", "mutated", "proved"):
        import_module(f"tests.torture.{name}")
    if sys.argv[1:2] == [TRY]:
        _try_here(FAULTS[sys.argv[2]])
    arguments = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    arguments.add_argument("names", nargs="*", metavar="NAME", help="faults to try; none: all")
    arguments.add_argument("--write", action="store_true", help="write the table into the handbook")
    arguments.add_argument("--at-once", type=int, default=2, metavar="N", help="faults that are tried at once (2)")
    options = arguments.parse_args()
    if unknown := set(options.names) - set(FAULTS):
        sys.exit(f"There is no fault {', '.join(sorted(unknown))}; there are: {', '.join(FAULTS)}.")
    tried: list[Tried] = []
    started = time.monotonic()
    faults = [FAULTS[name] for name in options.names or FAULTS]
    with ThreadPoolExecutor(options.at_once) as pool:
        for fault, one in zip(faults, pool.map(_try, faults), strict=True):
            if one is None:
                print(f"not here  {fault.name}", flush=True)
                continue
            tried.append(one)
            print(f"{'held ' if one.held else 'BROKE'} {one.seconds:5.0f} s  {fault.name}: {one.outcome}", flush=True)
    broke = [one for one in tried if not one.held]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"\n{len(tried)} faults tried in {(time.monotonic() - started) / 60:.1f} minutes, "
        f"{(used.ru_utime + used.ru_stime) / 60:.1f} of a processor, under a load of {os.getloadavg()[2]:.0f}; "
        f"{len(broke)} broke something"
    )
    if options.write:
        PAGE.write_text(merged(PAGE.read_text(encoding="utf-8"), tried), encoding="utf-8")
    sys.exit(1 if broke else 0)


def _try(fault: Fault) -> Tried | None:
    """Try a fault in a process; return what came of it, or None where this machine lacks what it needs."""
    started = time.monotonic()
    command = [sys.executable, "-m", "tests.torture", TRY, fault.name]
    if fault.tests:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *fault.tests]
    # A session of its own, so that what it has started ends with it.
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        out, _ = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return Tried(fault, f"it hung for {LIMIT} seconds", False, time.monotonic() - started)
    seconds = time.monotonic() - started
    if process.returncode == NOT_HERE or (fault.tests and " passed" not in out and "skipped" in out):
        return None
    if process.returncode:
        return Tried(fault, out[-3000:], False, seconds)
    return Tried(fault, fault.outcome or out.strip().splitlines()[-1], True, seconds)


def _try_here(fault: Fault) -> None:
    assert fault.try_it is not None
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        try:
            outcome = fault.try_it(Path(folder))
        except NotHere as absent:
            print(absent)
            sys.exit(NOT_HERE)
    print(outcome)
    sys.exit(0)


if __name__ == "__main__":
    main()
