"""What an import or export did, and what it could not take.

Owns: the count of rejected rows by reason. Knows no format.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RejectedRows:
    """Rows that could not be taken, for one reason; ``first`` names the first of them."""

    reason: str
    rows: int
    first: str


@dataclass(frozen=True, slots=True)
class TransferReport:
    """What an import or export did.

    Attributes:
        path: The suite that was imported, or the file or folder that was exported.
        cases: How many rows were taken.
        documents: How many documents were written.
        rejected: The rows that were not taken, by reason.
        answers: The file of what a system answered, for ``rag eval --answers``; None where the data has no answers.
    """

    path: Path
    cases: int
    documents: int
    rejected: tuple[RejectedRows, ...] = ()
    answers: Path | None = None


@dataclass
class RejectionCounter:
    """Counts what cannot be taken: by reason, how many rows and the first of them."""

    rows: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, row: str, reason: str) -> None:
        """Count a row.

        Args:
            row: Which row it is.
            reason: Why it cannot be taken.
        """
        count, first = self.rows.get(reason, (0, row))
        self.rows[reason] = (count + 1, first)

    def by_reason(self) -> tuple[RejectedRows, ...]:
        """Return the rejected rows, the most frequent reason first."""
        rejected = (RejectedRows(reason, count, first) for reason, (count, first) in self.rows.items())
        return tuple(sorted(rejected, key=lambda rows: (-rows.rows, rows.reason)))
