"""Was the evidence retrieved, and how high? Pure.

Owns: the measures of a ranking, equal to trec_eval's (linear gains, unjudged items are irrelevant), and of the
characters retrieved. Knows nothing about what a case expects of the words.

``relevant`` maps an item to its grade; a grade of 0 or less is irrelevant. A ranking names each item once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from rag.evaluate.metrics.table import Meaning, Measured
from rag.evaluate.types import GoldSpan
from rag.types import Citation, Passage

Relevant = Mapping[Any, int]
Range = tuple[int, int]
# Spans of which any one does.
Need = tuple[GoldSpan, ...]

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
        passages, gold = measured.ranked or measured.answer.passages, measured.gold
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
    in all; ndcg: Σ grade / log2(rank + 1), divided by the same sum of the best possible ranking: Järvelin and
    Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002), with the gain of an item its grade, as
    trec_eval's ``ndcg_cut``.

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


def needs_of(gold: Sequence[GoldSpan]) -> list[Need]:
    """Return what is to be found: the spans of which any one does, apart for each; repeated spans count once."""
    needs: dict[Hashable, list[GoldSpan]] = {}
    for span in dict.fromkeys(gold):
        needs.setdefault(span if span.group is None else span.group, []).append(span)
    return [tuple(spans) for spans in needs.values()]


def document_measures(passages: Sequence[Passage], gold: Sequence[GoldSpan], k: int) -> dict[str, float]:
    """Measure the ranking of documents, each at its best passage's rank.

    Args:
        passages: The passages, best first.
        gold: The gold spans of the case.
        k: How many documents count.

    Returns:
        As `ranking_measures`; of documents that say the same only the first that is retrieved counts as relevant.
    """
    ranked = [[source] for source in dict.fromkeys(passage.source for passage in passages)]
    return _novel_measures(ranked, _grades_by_item(gold, lambda span: span.source), k)


def page_measures(passages: Sequence[Passage], gold: Sequence[GoldSpan], k: int) -> dict[str, float] | None:
    """Measure the ranking of pages, each at its best passage's rank.

    A passage that runs on to a page with gold which it holds stands for that page, any other for the one it starts on.

    Args:
        passages: The passages, best first.
        gold: The gold spans of the case.
        k: How many pages count.

    Returns:
        As `document_measures`; None where some gold has no page.
    """
    if any(span.page is None for span in gold):
        return None
    ranked: dict[Hashable, None] = {}
    for passage in passages:
        pages = [(span.source, span.page) for span in gold if holds_evidence(passage, span)]
        ranked.update(dict.fromkeys(pages or [(passage.source, passage.page)]))
    return _novel_measures([[page] for page in ranked], _grades_by_item(gold, lambda span: (span.source, span.page)), k)


def passage_measures(passages: Sequence[Passage], gold: Sequence[GoldSpan], k: int) -> dict[str, float]:
    """Measure the ranking of passages.

    A passage is relevant when it holds a gold span that none before it holds, nor an alternative of it; its grade is
    the sum of the grades of such spans. A gold span that is not retrieved counts as one relevant passage that is
    missing.

    Args:
        passages: The passages, best first.
        gold: The gold spans of the case; repeated ones count once.
        k: How many passages count.

    Returns:
        As `ranking_measures`, but recall is the share of gold spans that the passages hold.
    """
    spans = list(dict.fromkeys(gold))
    ranked = [[span for span in spans if holds_evidence(passage, span)] for passage in passages]
    return _novel_measures(ranked, [{span: span.grade for span in need} for need in needs_of(spans)], k)


def _grades_by_item(gold: Sequence[GoldSpan], item_of: Callable[[GoldSpan], Hashable]) -> list[dict[Hashable, int]]:
    """Return for each need the items (documents or pages) that fulfil it, with their grades.

    A need that another's fulfilment fulfils anyway is left out: two spans of a document need that document once.
    """
    needs: dict[frozenset[Hashable], dict[Hashable, int]] = {}
    for spans in needs_of(gold):
        need = needs.setdefault(frozenset(map(item_of, spans)), {})
        for span in spans:
            need[item_of(span)] = max(span.grade, need.get(item_of(span), 0))
    return [need for items, need in needs.items() if not any(other < items for other in needs)]


def _novel_measures(
    ranked: Sequence[Sequence[Hashable]], needs: Sequence[Mapping[Any, int]], k: int
) -> dict[str, float]:
    """Measure a ranking in which an item counts by what it holds that none before it holds.

    The gain of an item is the sum of the grades of the needs that it is the first to fulfil, as in the novelty of
    Clarke et al., "Novelty and Diversity in Information Retrieval Evaluation" (2008) with α = 1.

    Args:
        ranked: What each item holds, the best item first.
        needs: For each need what fulfils it, with its grade.
        k: How many items count.

    Returns:
        As `ranking_measures`, but recall is the share of the needs that are fulfilled.
    """
    missing = list(needs)
    relevant: dict[Hashable, int] = {}
    fulfilled = 0
    for position, held in enumerate(ranked):
        new = [need for need in missing if any(item in need for item in held)]
        missing = [need for need in missing if need not in new]
        relevant[position] = sum(max(need[item] for item in held if item in need) for need in new)
        fulfilled += len(new) if position < k else 0
    relevant.update({f"missing {number}": max(need.values()) for number, need in enumerate(missing)})
    measures = ranking_measures(range(len(ranked)), relevant, k)
    return measures | {"recall": fulfilled / len(needs) if needs else 0.0}


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
    often as it is retrieved; span_iou: covered / (the same + gold missed). ``…_unique`` count a character once. Of
    alternatives the one that is covered best is the gold that may be missed.

    Args:
        passages: The passages, best first.
        gold: The gold spans of the case.
        k: How many passages count.

    Returns:
        The five measures, each 0…1; 0 where there is nothing to divide by.
    """
    first = passages[:k]
    read_ranges = _ranges_by_source((passage.source, passage.start, passage.end) for passage in first)

    def covered_of(spans: Iterable[GoldSpan]) -> int:
        return _covered(spans, read_ranges)

    # Of alternatives the one stands for the evidence that is retrieved best; that others are read is no fault.
    chosen = [max(need, key=lambda span: covered_of([span]) / (span.end - span.start)) for need in needs_of(gold)]
    total = sum(map(_length, _gold_ranges(chosen).values()))
    recalled, covered = covered_of(chosen), covered_of(gold)
    retrieved = sum(passage.end - passage.start for passage in first)
    unique = sum(map(_length, read_ranges.values()))
    return {
        "span_recall": _share(recalled, total),
        "span_precision": _share(covered, retrieved),
        "span_iou": _share(covered, retrieved + total - recalled),
        "span_precision_unique": _share(covered, unique),
        "span_iou_unique": _share(covered, unique + total - recalled),
    }


def _gold_ranges(spans: Iterable[GoldSpan]) -> dict[str, list[Range]]:
    return _ranges_by_source((span.source, span.start, span.end) for span in spans)


def _covered(spans: Iterable[GoldSpan], read: Mapping[str, Sequence[Range]]) -> int:
    """Return how many characters of some spans are read."""
    return sum(_common_length(ranges, read.get(source, [])) for source, ranges in _gold_ranges(spans).items())


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
