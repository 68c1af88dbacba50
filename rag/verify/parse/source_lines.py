"""The lines of a source that a sentence is compared with. Pure.

Owns: where a source is cut. Knows nothing about what is compared.
"""

from __future__ import annotations

from functools import lru_cache

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


def _clauses(sentence: str) -> list[str]:
    """Return the clauses between semicolons outside brackets; the whole sentence where each is a cell of a table."""
    clauses: list[str] = []
    depth = 0
    for part in sentence.split("; "):
        if depth > 0:
            clauses[-1] += f"; {part}"
        else:
            clauses.append(part)
        depth = max(0, depth + part.count("(") - part.count(")"))
    if depth > 0:
        clauses = sentence.split("; ")
    is_row = all(": " in clause for clause in clauses)
    return [sentence] if is_row else clauses
