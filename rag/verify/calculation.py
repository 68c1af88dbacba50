"""Numbers that follow from others: a sum, a difference, a share, a growth, a count. Pure.

Owns: finding the calculation that gives a number of a sentence from the numbers of its sources. Knows nothing about
verdicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.verify.parsed_text import ParsedText
from rag.verify.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Calculation:
    """How a number follows from others.

    Attributes:
        text: The calculation as it is shown: "2,294 − 1,945 = 349".
        operands: The numbers of the sources that it takes.
    """

    text: str
    operands: tuple[Quantity, ...]


def find_calculation(quantity: Quantity, claim: ParsedText, lines: Sequence[ParsedText]) -> Calculation | None:
    """Find how a number of a sentence follows from the numbers of its sources.

    Args:
        quantity: The number.
        claim: The sentence that has it.
        lines: The lines of its sources, and what stands around these.

    Returns:
        The calculation; None where none gives the number.
    """
    return None
