"""What was measured, in words: the table of the README, with versions and the date.

Owns: which figure stands where and how it is rounded. Knows nothing about how it was measured.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figures:
    """What one system took in one round; seconds from start to end of a process, seconds of processor, megabytes."""

    ingest: float
    ingest_processor: float
    ingest_megabytes: float
    passages: int
    cold: float
    cold_processor: float
    warm: float
    warm_processor: float
    asked_megabytes: float
    held: int
    answer: float | None = None
    answer_processor: float | None = None


@dataclass(frozen=True)
class Column:
    """A system with its rounds, or with the reason why it has none."""

    name: str
    versions: Mapping[str, str]
    rounds: Sequence[Figures]
    problem: str = ""

    def values(self, figure: str) -> list[float]:
        """What the rounds say of one figure; nothing where the system does not do it."""
        return [value for each in self.rounds if (value := getattr(each, figure)) is not None]

    def as_json(self) -> dict[str, Any]:
        return {
            "system": self.name,
            "versions": dict(self.versions),
            "problem": self.problem,
            "rounds": [asdict(each) for each in self.rounds],
        }


def _seconds(value: float) -> str:
    return f"{value:.1f}"


def _milliseconds(value: float) -> str:
    return f"{1000 * value:.1f}"


def _whole(value: float) -> str:
    return f"{value:.0f}"


_ROWS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("ingestion, s", "ingest", _seconds),
    ("… of processor, s", "ingest_processor", _seconds),
    ("… memory, MB", "ingest_megabytes", _whole),
    ("passages made", "passages", _whole),
    ("cold question, s", "cold", _seconds),
    ("… of processor, s", "cold_processor", _seconds),
    ("cold answer with exact quotes, s", "answer", _seconds),
    ("… of processor, s", "answer_processor", _seconds),
    ("warm question p50, ms", "warm", _milliseconds),
    ("… of processor, ms", "warm_processor", _milliseconds),
    ("… memory, MB", "asked_megabytes", _whole),
    ("answers in what was found", "held", _whole),
)
# What is made or found costs nothing by itself: a ratio of it says nothing.
_NO_COST = ("passages", "held")


def markdown(columns: Sequence[Column], ratios: bool = False) -> str:
    """Return the table: the least of the rounds, and behind a stroke their median where it reads otherwise.

    Args:
        columns: The systems, the first of which others are compared with.
        ratios: Whether to show what each costs divided by what the first does, of the least ones, instead.

    Returns:
        The table in Markdown.
    """
    lines = ["| | " + " | ".join(column.name for column in columns) + " |", "| --- |" + " --- |" * len(columns)]
    for title, figure, shown in _ROWS:
        first = columns[0].values(figure)
        if ratios and (figure in _NO_COST or not any(column.values(figure) for column in columns[1:])):
            continue
        cells = []
        for column in columns:
            values = column.values(figure)
            if not values or (ratios and not first):
                cells.append("–")
            elif ratios:
                cells.append(f"{min(values) / min(first):.2f}" if min(first) else "–")
            else:
                least, median = shown(min(values)), shown(statistics.median(values))
                cells.append(least if least == median else f"{least} / {median}")
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def below(columns: Sequence[Column]) -> str:
    """Return what stands under the table: versions, and why a column is empty."""
    lines = []
    for column in columns:
        versions = ", ".join(f"{name} {version}" for name, version in column.versions.items())
        lines.append(f"{column.name}: {column.problem or versions}")
    return "\n".join(lines)
