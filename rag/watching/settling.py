"""Changed files that wait until nobody writes them any more.

Owns: when a change is ripe. Knows nothing about where changes come from or what is done about them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rag.watching.folder_scan import Stamp, stamp_of


@dataclass(slots=True)
class _Change:
    """A path that was changed: when first and last, by a clock that only runs forward, and its stamp then."""

    first: float
    last: float
    stamp: Stamp | None


class Settling:
    """Changes that wait. A path is ripe once its size and times have stayed the same for a while."""

    def __init__(self, settle: float, longest: float) -> None:
        """Begin without changes.

        Args:
            settle: So many seconds a path has to stay the same.
            longest: After so many seconds a path is ripe even if it is being written still, such as a log.
        """
        self._settle, self._longest = settle, longest
        self._changes: dict[Path, _Change] = {}

    def __len__(self) -> int:
        return len(self._changes)

    def add(self, paths: Iterable[Path], now: float) -> None:
        """Take note of changes.

        Args:
            paths: What was changed.
            now: The time.
        """
        for path in paths:
            stamp = stamp_of(path)
            first = self._changes[path].first if path in self._changes else now
            self._changes[path] = _Change(first, now, stamp)

    def ripe(self, now: float) -> set[Path]:
        """Return the paths that are ripe, which wait on until they are dropped.

        Args:
            now: The time.
        """
        ripe: set[Path] = set()
        for path, change in self._changes.items():
            if now - change.first >= self._longest:
                ripe.add(path)
            elif now - change.last >= self._settle:
                stamp = stamp_of(path)
                if stamp == change.stamp:
                    ripe.add(path)
                else:
                    change.last, change.stamp = now, stamp
        return ripe

    def drop(self, paths: Iterable[Path]) -> None:
        """Forget changes that are dealt with."""
        for path in paths:
            self._changes.pop(path, None)

    def waiting(self) -> set[Path]:
        """Return all paths that wait."""
        return set(self._changes)
