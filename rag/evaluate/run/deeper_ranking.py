"""The passages retrieved for measuring, where a suite asks for a deeper cut-off than an answer reads.

Owns: how the ranking of an answer goes on behind what the answer was written from. Knows nothing about metrics.
"""

from __future__ import annotations

from dataclasses import replace

from rag.evaluate.run.configuration import Configuration, configured
from rag.retrieval.answerability import tentative_of, threshold_of
from rag.retrieval.search import SearchOptions, search
from rag.store.index import Index
from rag.types import Answer, Passage


def ranked_passages(answer: Answer, index: Index, configuration: Configuration, depth: int) -> tuple[Passage, ...]:
    """Return the ranking of an answer down to a depth; what the answer was written from stays as it is, and first.

    Args:
        answer: The finished answer.
        index: The index that was asked.
        configuration: What answered.
        depth: How many passages are measured.

    Returns:
        The answer's passages, and where they are fewer than ``depth`` those that a search for as many finds behind
        them. The catalog and small talk are answered without a search: nothing comes behind their passages.
    """
    passages = answer.passages
    if len(passages) >= depth or answer.plan is None or not answer.plan.searches:
        return passages
    options = configuration.options
    deeper = SearchOptions(
        depth,
        options.sources,
        threshold_of(index, options.threshold),
        tentative_of(index, options.tentative),
        options.dense_weight,
    )
    with configured(index, configuration):
        parts = search(index, answer.plan, deeper, configuration.reranker)
    known = {passage.chunk_id for passage in passages}
    further: dict[str, Passage] = {}
    for row in range(max((len(part.passages) for part in parts), default=0)):
        for part in parts:
            if row < len(part.passages) and part.passages[row].chunk_id not in known:
                further.setdefault(part.passages[row].chunk_id, part.passages[row])
    behind = list(further.values())[: depth - len(passages)]
    return (*passages, *(replace(p, rank=rank) for rank, p in enumerate(behind, start=len(passages) + 1)))
