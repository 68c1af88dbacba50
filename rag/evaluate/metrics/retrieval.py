"""Was the evidence retrieved, and how high? Pure.

Owns: the measures of a ranking, equal to trec_eval's (linear gains, unjudged items are irrelevant), and of the
characters retrieved. Knows nothing about what a case expects of the words.

``relevant`` maps an item to its grade; a grade of 0 or less is irrelevant. A ranking names each item once.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from rag.evaluate.metrics.table import Meaning, Measured
from rag.evaluate.types import GoldSpan
from rag.types import Citation, Passage

Relevant = Mapping[Any, int]
Range = tuple[int, int]

# A passage or citation holds a gold span when they share this much of the shorter of the two.
_SHARED = 0.5
# The measures of a ranking.
_RANKING = ("hit", "recall", "precision", "mrr", "map", "ndcg")


class RetrievalMetric:
    """The passages retrieved against the gold evidence, at every cut-off and level."""

    meanings: Mapping[str, Meaning] = {
        "hit": Meaning("higher", "some gold evidence is among the first k"),
        "recall": Meaning("higher", "share of the gold evidence among the first k"),
        "precision": Meaning("higher", "share of the first k that hold gold evidence"),
        "mrr": Meaning("higher", "1 / rank of the first that holds gold evidence, 0 below k"),
        "map": Meaning("higher", "mean precision at the ranks of the gold evidence"),
        "ndcg": Meaning("higher", "gold evidence among the first k, discounted by rank, against the best ranking"),
        "span_recall": Meaning("higher", "share of the characters of gold evidence that the first k passages hold"),
        "span_precision": Meaning("higher", "share of the characters of the first k passages that are gold evidence"),
        "span_iou": Meaning("higher", "gold characters held / characters retrieved or missed"),
        "span_precision_unique": Meaning("higher", "span_precision, a character retrieved twice counted once"),
        "span_iou_unique": Meaning("higher", "span_iou, a character retrieved twice counted once"),
    }

    def measure(self, measured: Measured) -> dict[str, float | None]:
        """Return the measures of each level at each cut-off, then those of characters; all None without gold."""
        passages, gold = measured.answer.passages, measured.gold
        values: dict[str, float | None] = {}
        for level, measures_of_level in _LEVELS.items():
            for k in measured.ks:
                of_level = measures_of_level(passages, gold, k) if gold else None
                values.update({f"{name}@{k}/{level}": of_level[name] if of_level else None for name in _RANKING})
        for k in measured.ks:
            of_characters = character_measures(passages, gold, k)
            values.update({f"{name}@{k}": value if gold else None for name, value in of_characters.items()})
        return values


# -- rankings ----------------------------------------------------------------------------------------------------------


def ranking_measures(ranked: Sequence[Hashable], relevant: Relevant, k: int) -> dict[str, float]:
    """Measure the first ``k`` items of a ranking.

    hit: whether any is relevant; recall: the share of the relevant items among them; precision: relevant ones / k; mrr:
    1 / rank of the first relevant one; map: the sum of precision@rank over the relevant ones / number of relevant items
    in all; ndcg: Σ grade / log2(rank + 1), divided by the same sum of the best possible ranking (Järvelin and
    Kekäläinen, 2002, with linear gains).

    Args:
        ranked: The items, best first.
        relevant: The grade of each relevant item.
        k: How many items count; at least 1.

    Returns:
        hit, recall, precision, mrr, map and ndcg, each 0…1; all 0 where nothing is relevant.
    """
    grades = [max(0, relevant.get(item, 0)) for item in ranked[:k]]
    ideal = sorted((grade for grade in relevant.values() if grade > 0), reverse=True)
    ranks = [rank for rank, grade in enumerate(grades, start=1) if grade]
    best = _discounted_gain(ideal[:k])
    return {
        "hit": float(bool(ranks)),
        "recall": len(ranks) / len(ideal) if ideal else 0.0,
        "precision": len(ranks) / k,
        "mrr": 1 / ranks[0] if ranks else 0.0,
        "map": sum(count / rank for count, rank in enumerate(ranks, start=1)) / len(ideal) if ideal else 0.0,
        "ndcg": _discounted_gain(grades) / best if best else 0.0,
    }


def _discounted_gain(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def document_measures(passages: Sequence[Passage], gold: Sequence[GoldSpan], k: int) -> dict[str, float]:
    """Measure the ranking of documents, each at its best passage's rank.

    Args:
        passages: The passages, best first.
        gold: The gold spans of the case.
        k: How many documents count.

    Returns:
        As `ranking_measures`.
    """
    ranked = list(dict.fromkeys(passage.source for passage in passages))
    return ranking_measures(ranked, dict.fromkeys((span.source for span in gold), 1), k)


def page_measures(passages: Sequence[Passage], gold: Sequence[GoldSpan], k: int) -> dict[str, float] | None:
    """Measure the ranking of pages, each at its best passage's rank.

    A passage that runs on to a page with gold which it holds stands for that page, any other for the one it starts on.

    Args:
        passages: The passages, best first.
        gold: The gold spans of the case.
        k: How many pages count.

    Returns:
        As `ranking_measures`; None where some gold has no page.
    """
    if any(span.page is None for span in gold):
        return None
    ranked: dict[Hashable, None] = {}
    for passage in passages:
        pages = [(span.source, span.page) for span in gold if holds_evidence(passage, span)]
        ranked.update(dict.fromkeys(pages or [(passage.source, passage.page)]))
    return ranking_measures(list(ranked), dict.fromkeys(((span.source, span.page) for span in gold), 1), k)


def passage_measures(passages: Sequence[Passage], gold: Sequence[GoldSpan], k: int) -> dict[str, float]:
    """Measure the ranking of passages.

    A passage is relevant when it holds a gold span that none before it holds; its grade is the number of such spans. A
    gold span that is not retrieved counts as one relevant passage that is missing.

    Args:
        passages: The passages, best first.
        gold: The gold spans of the case; repeated ones count once.
        k: How many passages count.

    Returns:
        As `ranking_measures`, but recall is the share of gold spans that the passages hold.
    """
    missing = list(dict.fromkeys(gold))
    total = len(missing)
    relevant: dict[Hashable, int] = {}
    recalled = 0
    for position, passage in enumerate(passages):
        new = [span for span in missing if holds_evidence(passage, span)]
        missing = [span for span in missing if span not in new]
        relevant[position] = len(new)
        recalled += len(new) if position < k else 0
    relevant.update(dict.fromkeys(missing, 1))
    measures = ranking_measures(range(len(passages)), relevant, k)
    return measures | {"recall": recalled / total if total else 0.0}


def holds_evidence(item: Passage | Citation, span: GoldSpan) -> bool:
    """Tell whether a passage or citation holds a gold span.

    Args:
        item: The passage or citation.
        span: The gold span.

    Returns:
        Whether at least half of the shorter of the two is shared.
    """
    shared = min(item.end, span.end) - max(item.start, span.start)
    shorter = min(item.end - item.start, span.end - span.start)
    return item.source == span.source and shared > 0 and shared >= _SHARED * shorter


# -- characters --------------------------------------------------------------------------------------------------------


def character_measures(passages: Sequence[Passage], gold: Sequence[GoldSpan], k: int) -> dict[str, float]:
    """Measure how well the characters of the first ``k`` passages match those of the gold spans.

    Smith and Troynikov, "Evaluating Chunking Strategies for Retrieval" (Chroma, 2024): covered = characters of gold in
    some passage; span_recall: covered / gold; span_precision: covered / characters of the passages, each counted as
    often as it is retrieved; span_iou: covered / (the same + gold missed). ``…_unique`` count a character once.

    Args:
        passages: The passages, best first.
        gold: The gold spans of the case.
        k: How many passages count.

    Returns:
        The five measures, each 0…1; 0 where there is nothing to divide by.
    """
    first = passages[:k]
    gold_ranges = _ranges_by_source((span.source, span.start, span.end) for span in gold)
    read_ranges = _ranges_by_source((passage.source, passage.start, passage.end) for passage in first)
    covered = sum(_common_length(ranges, read_ranges.get(source, [])) for source, ranges in gold_ranges.items())
    total = sum(map(_length, gold_ranges.values()))
    retrieved = sum(passage.end - passage.start for passage in first)
    unique = sum(map(_length, read_ranges.values()))
    return {
        "span_recall": _share(covered, total),
        "span_precision": _share(covered, retrieved),
        "span_iou": _share(covered, retrieved + total - covered),
        "span_precision_unique": _share(covered, unique),
        "span_iou_unique": _share(covered, unique + total - covered),
    }


def _ranges_by_source(ranges: Iterable[tuple[str, int, int]]) -> dict[str, list[Range]]:
    """Return the ranges of each source, in order, overlapping ones joined."""
    joined: dict[str, list[Range]] = {}
    for source, start, end in sorted(ranges):
        own = joined.setdefault(source, [])
        if own and start <= own[-1][1]:
            own[-1] = (own[-1][0], max(end, own[-1][1]))
        else:
            own.append((start, end))
    return joined


def _common_length(one: Sequence[Range], other: Sequence[Range]) -> int:
    return sum(max(0, min(end, right) - max(start, left)) for start, end in one for left, right in other)


def _length(ranges: Sequence[Range]) -> int:
    return sum(end - start for start, end in ranges)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


# The rankings that are measured: documents and pages each at their best passage's rank, and passages.
_LEVELS = {"document": document_measures, "page": page_measures, "span": passage_measures}
