"""Fuse the dense and the keyword ranking. Pure.

Owns: the formula. Its weights stand in the scoring file; it knows nothing about where scores come from.

A convex combination of normalised scores: Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid
Retrieval" (2023), who find it better than reciprocal rank fusion where it can be tuned on a few queries. Each ranking
is normalised in the way that suits it: cosines of the candidates lie close together, so they are stretched to 0…1;
BM25 has a true zero (no word in common), so its scores are shares of the best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def min_max(scores: Mapping[str, float]) -> dict[str, float]:
    """Return the scores stretched to 0…1: the worst candidate gets 0, the best 1. Equal scores all get 1."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high <= low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def share_of_best(scores: Mapping[str, float], least_best: float) -> dict[str, float]:
    """Return scores as shares of the best one.

    Args:
        scores: Scores by id, not negative.
        least_best: What stands for the best score where that is below it.

    Returns:
        Shares, 0…1, by the same ids.
    """
    best = max([least_best, *scores.values()])
    return {key: score / best for key, score in scores.items()}


def neighbour_boost(
    scores: Mapping[str, float], neighbours: Mapping[str, Sequence[str]], share: float
) -> dict[str, float]:
    """Add to each score a share of its neighbours' scores.

    A chunk beside others that bear on the question is likelier to bear on it, too: its words were cut from theirs.

    Args:
        scores: Scores by id.
        neighbours: The ids beside each id; those without a score count as 0.
        share: The share, 0…1, of a neighbour's score that is added.

    Returns:
        The raised scores, by the same ids.
    """
    return {
        key: score + share * sum(scores.get(other, 0.0) for other in neighbours.get(key, ()))
        for key, score in scores.items()
    }


def fuse(
    dense: Mapping[str, float], keyword: Mapping[str, float], dense_weight: float, least_best: float
) -> list[tuple[str, float]]:
    """Fuse the two rankings of a hybrid search by a convex combination of their normalised scores (Bruch et al. 2023).

    Args:
        dense: Cosine similarities by id.
        keyword: BM25 scores by id, not negative.
        dense_weight: The weight, 0…1, of the dense ranking; the keyword ranking has the rest.
        least_best: A best BM25 score below this is not scaled up to 1.

    Returns:
        ``(id, fused score in 0…1)`` of the candidates of both rankings, best first, ties by id. A candidate that one
        ranking lacks gets 0 there.
    """
    dense_shares, keyword_shares = min_max(dense), share_of_best(keyword, least_best)
    fused = {
        key: dense_weight * dense_shares.get(key, 0.0) + (1 - dense_weight) * keyword_shares.get(key, 0.0)
        for key in dense_shares.keys() | keyword_shares.keys()
    }
    return sorted(fused.items(), key=lambda item: (-item[1], item[0]))
