"""Was the evidence retrieved, and how high? Pure.

Owns: the measures of a ranking, equal to trec_eval's (linear gains, unjudged items are irrelevant), and of the
characters retrieved. Knows nothing about cases and answers.

``relevant`` maps an item to its grade; a grade of 0 or less is irrelevant. A ranking names each item once.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from rag.evaluate.types import GoldSpan
from rag.types import Citation, Passage

Relevant = Mapping[Any, int]
Range = tuple[int, int]

# A passage or citation holds a gold place when they share this much of the shorter of the two.
_SHARED = 0.5


# -- rankings ----------------------------------------------------------------------------------------------------------


def by_score(scores: Mapping[str, float]) -> list[str]:
    """The items best first as trec_eval orders them: scores in single precision, ties by descending name."""
    import numpy as np

    single = {item: float(np.float32(score)) for item, score in scores.items()}
    return sorted(sorted(scores, reverse=True), key=lambda item: -single[item])


def ranking_measures(ranked: Sequence[Hashable], relevant: Relevant, k: int) -> dict[str, float]:
    """hit, recall, precision, mrr, map and ndcg of the first ``k`` items; all 0 where nothing is relevant.

    hit: whether any is relevant; recall: the share of the relevant items among them; precision: relevant ones / k; mrr:
    1 / rank of the first relevant one; map: the sum of precision@rank over the relevant ones / number of relevant items
    in all; ndcg: Σ grade / log2(rank + 1), divided by the same sum of the best possible ranking (Järvelin and
    Kekäläinen, 2002, with linear gains).
    """
    grades = [max(0, relevant.get(item, 0)) for item in ranked[:k]]
    ideal = sorted((grade for grade in relevant.values() if grade > 0), reverse=True)
    ranks = [rank for rank, grade in enumerate(grades, start=1) if grade]
    best = _discounted(ideal[:k])
    return {
        "hit": float(bool(ranks)),
        "recall": len(ranks) / len(ideal) if ideal else 0.0,
        "precision": len(ranks) / k,
        "mrr": 1 / ranks[0] if ranks else 0.0,
        "map": sum(found / rank for found, rank in enumerate(ranks, start=1)) / len(ideal) if ideal else 0.0,
        "ndcg": _discounted(grades) / best if best else 0.0,
    }


def _discounted(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def document_measures(passages: Sequence[Passage], gold: Sequence[GoldSpan], k: int) -> dict[str, float]:
    """The measures over documents, each at its best passage's rank; ``k`` counts documents."""
    ranked = list(dict.fromkeys(passage.source for passage in passages))
    return ranking_measures(ranked, dict.fromkeys((place.source for place in gold), 1), k)


def page_measures(passages: Sequence[Passage], gold: Sequence[GoldSpan], k: int) -> dict[str, float] | None:
    """The measures over pages, each at its best passage's rank; ``k`` counts pages. None where gold has no pages.

    A passage that runs on to a page with gold which it holds stands for that page, any other for the one it starts on.
    """
    if any(place.page is None for place in gold):
        return None
    ranked: dict[Hashable, None] = {}
    for passage in passages:
        held = [(place.source, place.page) for place in gold if holds_evidence(passage, place)]
        ranked.update(dict.fromkeys(held or [(passage.source, passage.page)]))
    return ranking_measures(list(ranked), dict.fromkeys(((place.source, place.page) for place in gold), 1), k)


def passage_measures(passages: Sequence[Passage], gold: Sequence[GoldSpan], k: int) -> dict[str, float]:
    """The measures over passages; ``k`` counts passages, and recall is the share of gold places they hold.

    A passage is relevant when it holds a gold place that none before it holds; its grade is the number of such places.
    A gold place that is not retrieved counts as one relevant passage that is missing.
    """
    missing = list(dict.fromkeys(gold))
    total = len(missing)
    relevant: dict[Hashable, int] = {}
    recalled = 0
    for position, passage in enumerate(passages):
        held = [place for place in missing if holds_evidence(passage, place)]
        missing = [place for place in missing if place not in held]
        relevant[position] = len(held)
        recalled += len(held) if position < k else 0
    relevant.update(dict.fromkeys(missing, 1))
    found = ranking_measures(range(len(passages)), relevant, k)
    return found | {"recall": recalled / total if total else 0.0}


def holds_evidence(found: Passage | Citation, place: GoldSpan) -> bool:
    """Whether a passage or citation shares at least half of the shorter of the two with a gold place."""
    shared = min(found.end, place.end) - max(found.start, place.start)
    shorter = min(found.end - found.start, place.end - place.start)
    return found.source == place.source and shared > 0 and shared >= _SHARED * shorter


# -- characters --------------------------------------------------------------------------------------------------------


def character_measures(passages: Sequence[Passage], gold: Sequence[GoldSpan], k: int) -> dict[str, float]:
    """How well the characters of the first ``k`` passages match those of the gold places.

    Smith and Troynikov, "Evaluating Chunking Strategies for Retrieval" (Chroma, 2024): covered = characters of gold in
    some passage; span_recall: covered / gold; span_precision: covered / characters of the passages, each counted as
    often as it is retrieved; span_iou: covered / (the same + gold missed). ``…_unique`` count a character once.
    """
    wanted = _by_source((place.source, place.start, place.end) for place in gold)
    first = passages[:k]
    read = _by_source((passage.source, passage.start, passage.end) for passage in first)
    covered = sum(_common(ranges, read.get(source, [])) for source, ranges in wanted.items())
    total = sum(map(_length, wanted.values()))
    charged = sum(passage.end - passage.start for passage in first)
    unique = sum(map(_length, read.values()))
    return {
        "span_recall": _share(covered, total),
        "span_precision": _share(covered, charged),
        "span_iou": _share(covered, charged + total - covered),
        "span_precision_unique": _share(covered, unique),
        "span_iou_unique": _share(covered, unique + total - covered),
    }


def _by_source(ranges: Iterable[tuple[str, int, int]]) -> dict[str, list[Range]]:
    """The ranges of each source, in order, overlapping ones joined."""
    joined: dict[str, list[Range]] = {}
    for source, start, end in sorted(ranges):
        own = joined.setdefault(source, [])
        if own and start <= own[-1][1]:
            own[-1] = (own[-1][0], max(end, own[-1][1]))
        else:
            own.append((start, end))
    return joined


def _common(one: Sequence[Range], other: Sequence[Range]) -> int:
    return sum(max(0, min(end, right) - max(start, left)) for start, end in one for left, right in other)


def _length(ranges: Sequence[Range]) -> int:
    return sum(end - start for start, end in ranges)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
