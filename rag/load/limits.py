"""The limits of reading a file: how much of it, and for how long.

Owns: their names and defaults. Knows nothing about where their values come from.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from rag.errors import LoadError
from rag.notices import Notice

# So many times its processor time may a file take on the clock: others may use the processor, too.
_CLOCK_FACTOR = 5
# More processes would wait for the disk and for the one that embeds.
_MOST_PROCESSES = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file.

    Attributes:
        max_file_mb: Its size, in megabytes.
        max_pages: Its pages or slides.
        max_expansion: How many times its size the parts of a zip package may unpack to.
        max_text_mb: Its text, in megabytes.
        parse_seconds: The processor time to parse it.
        parse_memory_mb: The memory, in megabytes, of the process that parses it.
        ocr_languages: The languages of pictured words by tesseract's names, such as ``deu+eng``; "" for those that are
            installed, ``none`` for no recognition at all.
    """

    max_file_mb: float = 100
    max_pages: int = 5000
    max_expansion: float = 200
    max_text_mb: float = 50
    parse_seconds: float = 120
    parse_memory_mb: int = 4096
    ocr_languages: str = ""

    @property
    def max_characters(self) -> int:
        """Return the most characters of text: each takes a byte or more, so more are surely too much."""
        return int(self.max_text_mb * 1_000_000)

    @property
    def clock_seconds(self) -> float:
        """Return the longest that parsing may take on the clock, however busy the machine is."""
        return _CLOCK_FACTOR * self.parse_seconds


def needs_memory(limits: Limits) -> LoadError:
    """Return the error for a file that takes more memory than the limits allow."""
    return LoadError(Notice("file-needs-memory", {"megabytes": limits.parse_memory_mb}))


def default_processes(limits: Limits) -> int:
    """Return how many files to parse at the same time: one a core, and not more than the memory has room for."""
    return max(1, min(_MOST_PROCESSES, os.cpu_count() or 1, _memory_mb() // limits.parse_memory_mb))


def _memory_mb() -> int:
    """Return the memory of this machine in megabytes; where it cannot be told, enough."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    except (AttributeError, OSError, ValueError):
        return 1_000_000
