"""Which chunks of a large index are ranked for a query. Pure.

Owns: the rules by which frequent terms are passed over, and the form in which they say what is to be found. Knows
nothing about a database: one of them counts what an expression finds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

# Chunks with one of the query's rarest terms that are ranked; more only where the rarest term alone stands in more.
ROWS_RANKED = 2000
# Where that would be more chunks than this, one must hold two of the frequent terms to be ranked, or three, and so on.
# An index that is not large has no such terms.
MOST_RANKED = 20_000


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Finds the chunks that one of its parts finds.

    Attributes:
        parts: Terms and further expressions, one at least.
    """

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Finds the chunks that each of its parts finds.

    Attributes:
        parts: Terms and further expressions, one at least.
    """

    parts: tuple[Expression, ...]


Expression: TypeAlias = str | AnyOf | AllOf
"""What is to be found: a term, a phrase, or some of several expressions. What stands in it twice counts twice."""

Count: TypeAlias = Callable[[Expression], int]
"""Returns how many chunks an expression finds."""


def any_of(terms: Sequence[str]) -> AnyOf:
    """Return what finds the chunks with one of some terms."""
    return AnyOf(tuple(terms))


def chunks_to_rank(
    query: Sequence[str], limit: int, frequency: Mapping[str, int], total: int, share: float, count: Count
) -> Expression:
    """Return what finds the chunks to rank for a query, with its terms in it.

    They are those with one of the query's rarest terms, enough of them to leave plenty of chunks to rank. A chunk that
    holds only terms which stand in a large part of the index never ranks high, but scoring every such chunk took four
    fifths of a search at 50,000 chunks. In a large index, a frequent term counts only beside another.

    Args:
        query: Distinct terms, two at least.
        limit: How many chunks are wanted.
        frequency: In how many chunks each term stands.
        total: How many chunks there are.
        share: The share of them, above 0, that may be ranked at all.
        count: Counts the chunks that an expression finds.

    Returns:
        The expression.
    """
    ordered = sorted(query, key=lambda term: (frequency[term], term))
    weighty = query
    if total > MOST_RANKED:
        # BM25 gives a term that stands in half of all chunks no weight, and all its places are read to find that out.
        ordered = [term for term in ordered if frequency[term] < total / 2] or ordered[:1]
        weighty = ordered
    rows, rare = 0, 0
    while rare < len(ordered) and rows * share < ROWS_RANKED:
        rows += frequency[ordered[rare]]
        rare += 1
    if rows * share <= MOST_RANKED:
        return AllOf((any_of(ordered[:rare]), any_of(weighty)))
    # It is the last of them that stands in so many.
    alone, frequent = ordered[: rare - 1], ordered[rare - 1 :]
    wanted = int(limit / share) - rows + frequency[frequent[0]]
    if len(frequent) == 1 and wanted <= 0:
        return any_of(alone)
    narrowed = _narrowed(frequent, wanted, int(MOST_RANKED / share), count)
    return AllOf((any_of(ordered), AnyOf((*alone, narrowed))))


def _narrowed(frequent: Sequence[str], wanted: int, most: int, count: Count) -> Expression:
    """Return what finds chunks that hold the first of some terms beside others, more of them until few are found.

    Args:
        frequent: The terms, the rarest first.
        wanted: How many chunks are to be left at least.
        most: How many are few.
        count: Counts the chunks that an expression finds.
    """
    first, *others = frequent
    chosen: Expression = first
    if not others:
        return chosen
    beside = [AllOf((first, any_of(others)))]
    beside += [AllOf((first, *others[:number])) for number in range(1, len(others) + 1)]
    # Of one other term, any is all.
    for expression in beside[1:] if len(others) == 1 else beside:
        matched = count(expression)
        if matched < wanted:
            break
        chosen = expression
        if matched <= most:
            break
    return chosen
