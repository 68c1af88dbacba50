"""What a fault is, and the table of those that were tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Try = Callable[[Path], str]
"""Tries a fault in an empty folder and returns its outcome, a sentence; raises where the program did not hold."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault.

    Attributes:
        name: The word by which the command names it.
        done: What is done to the program, a clause.
        try_it: Tries it; None for one that tests show.
        outcome: What comes of it, where tests show that.
        tests: The tests that show it, as pytest names them.
    """

    name: str
    done: str
    try_it: Try | None = None
    outcome: str = ""
    tests: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """The command that tries it alone."""
        return f"python -m tests.torture {self.name}"


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a fault: its outcome, or what broke."""

    fault: Fault
    outcome: str
    held: bool
    seconds: float


FAULTS: dict[str, Fault] = {}


def fault(name: str, done: str) -> Callable[[Try], Try]:
    """Put a function into the table."""

    def add(try_it: Try) -> Try:
        assert name not in FAULTS
        FAULTS[name] = Fault(name, done, try_it)
        return try_it

    return add


class NotHere(Exception):
    """What a fault needs is not on this machine; it says what."""


_HEAD = ("| what was done | what came of it | command |", "| --- | --- | --- |")


def row(one: Tried) -> str:
    """Return the row of a fault that was tried in the table of the handbook."""
    return f"| {one.fault.done} | {one.outcome.replace('|', ' ')} | `{one.fault.command}` |"


def merged(page: str, tried: list[Tried]) -> str:
    """Return the page of the handbook with the rows of what was tried in the place of older ones, in order."""
    before, _, after = page.partition(_HEAD[0])
    lines = after.splitlines()[2:]
    rest = lines.index("") if "" in lines else len(lines)
    rows = {line.rpartition(" ")[0].rpartition(" ")[2]: line for line in lines[:rest]}
    rows |= {f"{one.fault.name}`": row(one) for one in tried if one.held}
    for one in tried:
        if not one.held:
            rows.pop(f"{one.fault.name}`", None)
    kept = [rows[f"{name}`"] for name in FAULTS if f"{name}`" in rows]
    return "\n".join([before + _HEAD[0], _HEAD[1], *kept, *lines[rest:]]) + "\n"
