"""The file of counts, and what a difference from it means.

Owns: ``counts.json``, comparing with it, and the sentences that say what changed. Knows nothing about how work is
counted. More work than stored is a fault until someone accepts it; less is welcome, and to be stored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

FILE = Path(__file__).with_name("counts.json")
_HOW = "if that is meant, store it: python -m tests.counts --write; to see what was done: python -m tests.counts --show"

Table = Mapping[str, Mapping[str, int]]


def read() -> dict[str, dict[str, int]]:
    """Return the stored counts, by task and kind."""
    found: dict[str, dict[str, int]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def write(table: Table) -> None:
    """Store counts."""
    FILE.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


def differences(task: str, before: Mapping[str, int], now: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Compare the counts of a task.

    Args:
        task: What was done.
        before: The stored counts by kind; nothing for a task that was never stored.
        now: The present ones.

    Returns:
        Sentences on what is more than stored, or not stored; and on what is less.
    """
    more, less = [], []
    for kind in dict.fromkeys((*before, *now)):
        old, new = before.get(kind), now.get(kind)
        if old == new:
            continue
        if old is None or new is None:
            known = f"now {new}, not stored" if old is None else f"stored {old}, no longer counted"
            more.append(f"{task}: {kind}: {known}; {_HOW}")
        elif new > old:
            more.append(f"{task}: {kind}: {old} before, {new} now (+{new - old}); {_HOW}")
        else:
            less.append(
                f"{task}: {kind}: {old} before, {new} now ({new - old}); store it: python -m tests.counts --write"
            )
    return more, less
