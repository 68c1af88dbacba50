"""Questions for the main things of a kind: "What are the main risks of X?". Pure.

Owns: their topic. Such a question is one of fact as long as a sentence answers it; else what is said of the topic does.
"""

from __future__ import annotations

import re

from rag.patterns import lazy_pattern

_MAIN = lazy_pattern(
    r"(?:(?:what|which) (?:are|were)|what['’]re|was (?:sind|waren)|welche[ns]? (?:sind|waren))"
    r" (?:the |our |its |their |his |her |some of the |die |unsere |ihre )?(?:(?:two|three|four|five|\d{1,2}) )?"
    r"(?:main|key|biggest|largest|major|principal|primary|central|chief|core|top|most important|most significant"
    r"|greatest|wichtigsten|größten|wesentlichen|zentralen) (?P<topic>\S[^?]{2,200}?)[\s?.!]*",
    re.I,
)


def main_things(question: str) -> str:
    """Return of what a question asks for the main ones: "risks of X"; "" for any other question."""
    match = _MAIN.fullmatch(" ".join(question.split()))
    return match["topic"] if match else ""
