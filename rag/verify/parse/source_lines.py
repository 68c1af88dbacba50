"""The lines of a source that a sentence is compared with. Pure.

Owns: where a source is cut. Knows nothing about what is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from rag.text import sentences


@lru_cache(maxsize=8192)
def source_lines(quote: str) -> tuple[str, ...]:
    """Return the sentences or lines of a source; a row of a table, "name: Ada; days: 25", is one."""
    return tuple(
        clause
        for line in quote.splitlines()
        for start, end in sentences(line)
        for clause in _clauses(line[start:end])
        if clause.strip()
    )


def joined_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines that are cut within brackets, each with the one behind it, which closes them.

    >>> joined_lines(["The Tern (built in St.", "Ives) sails.", "It is blue."])
    ['The Tern (built in St. Ives) sails.']
    """
    return [f"{line} {following}" for line, following in pairwise(lines) if _is_open(line) and _closes(following)]


def _is_open(line: str) -> bool:
    return line.count("(") > line.count(")")


def _closes(line: str) -> bool:
    """Return whether a line closes a bracket before it opens one."""
    return 0 <= line.find(")") < (line.find("(") if "(" in line else len(line))


def _clauses(sentence: str) -> list[str]:
    """Return the clauses between semicolons outside brackets; the whole sentence where each is a cell of a table."""
    clauses: list[str] = []
    depth = 0
    for part in sentence.split("; "):
        if depth > 0:
            clauses[-1] += f"; {part}"
        else:
            clauses.append(part)
        depth = max(0, depth + part.count("(") + part.count("[") - part.count(")") - part.count("]"))
    if depth > 0:
        clauses = sentence.split("; ")
    is_row = all(": " in clause for clause in clauses)
    return [sentence] if is_row else clauses
