"""Read a question about a whole column of a table: its sum, its average, its highest, how many rows it has. Pure.

Owns: the words that ask for these, in English and German. Knows nothing about tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.text import STOPWORDS, terms

ColumnOperation = Literal["sum", "average", "highest", "lowest", "count"]

_WORDS: tuple[tuple[ColumnOperation, str], ...] = (
    ("average", r"averages?|mean|durchschnitt\w*|mittelwert"),
    ("sum", r"totals?|sum|in total|in all|altogether|overall|combined|insgesamt|summe|gesamt\w*|zusammen"),
    (
        "highest",
        r"highest|largest|biggest|greatest|most expensive|maximum|höchste[nrsm]?|größte[nrsm]?|teuerste[nrsm]?",
    ),
    (
        "lowest",
        r"lowest|smallest|cheapest|least expensive|minimum|niedrigste[nrsm]?|kleinste[nrsm]?|billigste[nrsm]?",
    ),
    ("count", r"how many|number of|wie ?viele"),
)
_OPERATIONS = tuple((operation, re.compile(rf"\b(?:{words})\b", re.I)) for operation, words in _WORDS)
_ASKS = re.compile(
    r"\b(?:what|which|how (?:much|many)|calculate|compute|add up|sum up|was|welche[rsnm]?|wie ?viele?|wie hoch"
    r"|berechne)\b",
    re.I,
)
# Words that say no more than that something is counted or paid, and what a table is made of.
_LITTLE = frozenset(
    """did do does is are was were have has there be spend spent cost costs pay paid much many number numbers total sum
    all column columns row rows table entries entry listed list category categories value values figure figures what
    which how calculate compute add up over across our we the amount amounts together per each every wie viel viele was
    welche gibt haben hat wir ist sind die der das insgesamt spalte zeilen tabelle ausgegeben kosten""".split()
)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ColumnQuestion:
    """A question about a column.

    Attributes:
        operation: What is asked of its cells.
        stems: The stems of the words that say which cells, each of which a table must explain: those of its name,
            of rows, of the table.
        words: These and the stems of words that say little, such as "amount", which may be the name of a column, too.
        counted: The stems of what "how many" counts; none for another operation.
    """

    operation: ColumnOperation
    stems: frozenset[str]
    words: frozenset[str]
    counted: frozenset[str] = frozenset()


def read_column_question(question: str) -> ColumnQuestion | None:
    """Read a question about a column.

    Args:
        question: A question that stands alone.

    Returns:
        What it asks; None where it asks for no sum, average, extreme or count.
    """
    text = " ".join(question.split())
    if len(text) > _LONGEST or not _ASKS.search(text):
        return None
    found = next(((operation, match) for operation, words in _OPERATIONS if (match := words.search(text))), None)
    if found is None:
        return None
    operation, match = found
    rest = text
    for _, pattern in _OPERATIONS:
        rest = pattern.sub(" ", rest)
    behind = text[match.end() :].split()
    counted = frozenset(terms(behind[0])) if operation == "count" and behind else frozenset[str]()
    said = name_stems(rest)
    return ColumnQuestion(operation, content_stems(rest), said, counted) if said else None


def name_stems(text: str) -> frozenset[str]:
    """Return the stems of the words of a name, such as that of a column."""
    return frozenset(stem for word in re.findall(r"\w+", text.lower()) if word not in STOPWORDS for stem in terms(word))


def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the words that tell one thing from others."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(stem for word in words if word not in STOPWORDS and word not in _LITTLE for stem in terms(word))
