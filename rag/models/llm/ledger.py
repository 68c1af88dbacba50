"""What hosted models took on each day, in a file that all processes and indexes of a home share.

Owns: the file and its counting, which several processes may do at once and which may be cut off at any point. It holds
counts alone: no question, no model, no text. Knows nothing about calls, prices or settings.

A day begins at local midnight. Each has a row of its own, so that a clock that goes back finds what was counted before.
The prompt of a call is counted before it is sent, in the same transaction that compares it with the cap: two processes
cannot both take what is left, and a process that is killed has counted what it sent.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from rag.errors import LLMError
from rag.notices import Notice
from rag.settings import Price
from rag.types import COST_DIGITS

USAGE_FILE = "usage.sqlite"
"""The file in the home folder."""
# Seconds that a process waits for another one to finish its count.
_PATIENCE = 30
_UNITS: int = 10**COST_DIGITS
_TABLE = (
    "CREATE TABLE IF NOT EXISTS usage"
    " (day TEXT PRIMARY KEY, tokens INTEGER NOT NULL, units INTEGER NOT NULL) WITHOUT ROWID"
)
_ADD = (
    "INSERT INTO usage VALUES (?, ?, ?)"
    " ON CONFLICT (day) DO UPDATE SET tokens = tokens + excluded.tokens, units = units + excluded.units"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """Tokens and money.

    Attributes:
        tokens: Tokens sent and written.
        units: Money in billionths, so that sums are exact.
    """

    tokens: int = 0
    units: int = 0

    @classmethod
    def of(cls, price: Price | None, sent: int, written: int) -> Amount:
        """Return what a call takes.

        Args:
            price: What its tokens cost; None where that is not known.
            sent: Tokens of the prompt.
            written: Tokens of the reply.

        Returns:
            All tokens, and their money; none where the price is not known.
        """
        money = 0.0 if price is None else (sent * price.sent + written * price.written) / 1e6
        return cls(sent + written, round(money * _UNITS))

    @classmethod
    def of_cap(cls, tokens: int, cost: float) -> Amount:
        """Return a cap.

        Args:
            tokens: Most tokens; 0 for no cap.
            cost: Most money; 0 for no cap.

        Returns:
            Both.
        """
        return cls(tokens, round(cost * _UNITS))

    @property
    def cost(self) -> float:
        """The money, in the unit of the prices."""
        return self.units / _UNITS

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.tokens + other.tokens, self.units + other.units)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.tokens - other.tokens, self.units - other.units)


NOTHING = Amount()
"""No tokens and no money; as a cap, none."""


def cap_passed(used: Amount, expected: Amount, cap: Amount) -> Literal["", "tokens", "cost"]:
    """Tell which part of a cap would be passed.

    Args:
        used: What was taken so far.
        expected: What is about to be taken.
        cap: The most of both; 0 for no cap.

    Returns:
        ``tokens`` or ``cost``; "" where neither would.
    """
    total = used + expected
    if cap.tokens and total.tokens > cap.tokens:
        return "tokens"
    return "cost" if cap.units and total.units > cap.units else ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Counts what is taken on each day.

    Attributes:
        path: Its file; it is made with the first count.
        today: Tells the day.
    """

    path: Path
    today: Callable[[], date] = date.today

    def reserve(self, expected: Amount, cap: Amount) -> tuple[str, Amount]:
        """Count something before it is taken, unless the day's cap would be passed.

        Args:
            expected: What is about to be taken.
            cap: The most of a day.

        Returns:
            The day, and what was taken on it before; ``cap_passed`` of that says whether this was counted.

        Raises:
            LLMError: The file cannot be read or written.
        """
        day = self.today().isoformat()
        with self._opened() as connection:
            used = _used(connection, day)
            if not cap_passed(used, expected, cap):
                connection.execute(_ADD, (day, expected.tokens, expected.units))
        return day, used

    def add(self, day: str, more: Amount) -> None:
        """Count what was taken beyond, or below, what was reserved.

        Args:
            day: The day on which it was reserved.
            more: What is added.

        Raises:
            LLMError: The file cannot be written.
        """
        with self._opened() as connection:
            connection.execute(_ADD, (day, more.tokens, more.units))

    def used(self) -> Amount:
        """Return what was taken today.

        Raises:
            LLMError: The file cannot be read.
        """
        if not self.path.exists():
            return NOTHING
        with self._opened() as connection:
            return _used(connection, self.today().isoformat())

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction, which no other process can come between."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(_TABLE)
                yield connection
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            cause = str(error.strerror if isinstance(error, OSError) and error.strerror else error)
            raise LLMError(Notice("usage-unreadable", {"path": str(self.path), "cause": cause})) from error


def _used(connection: sqlite3.Connection, day: str) -> Amount:
    row = connection.execute("SELECT tokens, units FROM usage WHERE day = ?", (day,)).fetchone()
    return Amount(*row) if row else NOTHING
