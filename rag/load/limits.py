"""The limits of reading a file: how much of it, and for how long.

Owns: their names and defaults. Knows nothing about where their values come from.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import LoadError
from rag.notices import Notice


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file.

    Attributes:
        max_file_mb: Its size, in megabytes.
        max_pages: Its pages or slides.
        max_expansion: How many times its size the parts of a zip package may unpack to.
        max_text_mb: Its text, in megabytes.
        parse_seconds: The time to parse it.
        parse_memory_mb: The memory, in megabytes, of the process that parses it.
    """

    max_file_mb: float = 100
    max_pages: int = 5000
    max_expansion: float = 200
    max_text_mb: float = 50
    parse_seconds: float = 120
    parse_memory_mb: int = 4096

    @property
    def max_characters(self) -> int:
        """Return the most characters of text: each takes a byte or more, so more are surely too much."""
        return int(self.max_text_mb * 1_000_000)


def needs_memory(limits: Limits) -> LoadError:
    """Return the error for a file that takes more memory than the limits allow."""
    return LoadError(Notice("file-needs-memory", {"megabytes": limits.parse_memory_mb}))
