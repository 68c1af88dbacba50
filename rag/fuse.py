"""Fuse the dense and the keyword ranking. Pure.

Owns: the formula and its weight. Knows nothing about where scores come from.

A convex combination of min-max normalised scores: Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid
Retrieval" (2023), who find it better than reciprocal rank fusion where it can be tuned on a few queries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

DENSE_WEIGHT = 0.5
# Shares of a neighbour's score that a chunk is lent.
DENSE_SHARE, KEYWORD_SHARE = 0.05, 0.1
# Candidates taken from each ranking.
CANDIDATES = 100


# A BM25 score below this says nothing: in a small index a term that stands in half of the chunks weighs next to
# nothing, and stretching such scores to 0…1 would make noise as loud as the dense ranking.
_TELLING = 1.0


def normalise(scores: Mapping[str, float], telling: float = 0.0) -> dict[str, float]:
    """Scores moved to 0…1: the worst candidate gets 0, the best 1; equal scores all get 1.

    Where the best score is below ``telling``, it gets only its share of that.
    """
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    loudness = min(1.0, high / telling) if telling > 0 else 1.0
    if high <= low:
        return dict.fromkeys(scores, loudness)
    return {key: loudness * (score - low) / (high - low) for key, score in scores.items()}


def lend(scores: Mapping[str, float], neighbours: Mapping[str, Sequence[str]], share: float) -> dict[str, float]:
    """Each score plus a share of its neighbours' scores.

    A chunk beside others that bear on the question is likelier to bear on it, too: its words were cut from theirs.
    """
    return {
        key: score + share * sum(scores.get(other, 0.0) for other in neighbours.get(key, ()))
        for key, score in scores.items()
    }


def fuse(
    dense: Mapping[str, float], keyword: Mapping[str, float], dense_weight: float = DENSE_WEIGHT
) -> list[tuple[str, float]]:
    """The candidates of both rankings by fused score in 0…1, best first, ties by id.

    A candidate that one ranking lacks gets that ranking's worst normalised score, 0.
    """
    left, right = normalise(dense), normalise(keyword, _TELLING)
    fused = {
        key: dense_weight * left.get(key, 0.0) + (1 - dense_weight) * right.get(key, 0.0)
        for key in left.keys() | right.keys()
    }
    return sorted(fused.items(), key=lambda item: (-item[1], item[0]))
