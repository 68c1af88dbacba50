"""How much of a file may be read, and for how long.

Owns: the limits a loader keeps. Knows nothing about where their values come from.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file: megabytes, pages, unpacked to packed size of a zip, seconds and megabytes of memory."""

    max_file_mb: float = 100
    max_pages: int = 5000
    max_expansion: float = 200
    max_text_mb: float = 50
    parse_seconds: float = 120
    parse_memory_mb: int = 4096

    @property
    def max_characters(self) -> int:
        """A character of text is at least a byte, so this many characters are surely too much text."""
        return int(self.max_text_mb * 1_000_000)
