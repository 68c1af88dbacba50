"""Numbers that follow from others: a sum, a difference, a share, a growth, a duration, a count, a rank. Pure.

Owns: finding the calculation that gives a number of a sentence from the numbers of its sources. Among many numbers some
two always give something: a calculation is one where the sentence says so ("rose by", "together", "times as much") and
the numbers stand beside its words, or where their names say so: revenue less cost of sales is gross profit. Knows
nothing about verdicts.

Interface: ``find_calculation(quantity, claim, lines)`` for one number, ``find_calculations(claim, lines)`` for all that
a sentence says.

    calculated   a calculation, and how it is shown
    ratios       ratios in words: "tripled", "a third of"
    targets      what a number or a ratio must come to
    cues         the words that tell what is done with numbers
    operands     the numbers of the sources that are related to a sentence
    amounts      sums, differences, averages
    quotients    shares, growth, multiples, rates
    identities   amounts that follow by their names: gross profit, net margin
    durations    years, months and days between dates
    listed       how many are listed, and which rank one has
    find         the calculations of a sentence
"""

from rag.verify.calculation.calculated import Calculation
from rag.verify.calculation.find import find_calculation, find_calculations

__all__ = ["Calculation", "find_calculation", "find_calculations"]
