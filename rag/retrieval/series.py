"""The documents of a series, such as the reports of each quarter, and what each of them says of one thing.

Owns: which documents are a series, and which sentence or row of each goes with those of the others. Knows nothing about
how a question is searched for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

from rag.planning.document_times import document_time
from rag.question.several_times import asks_of_several_times
from rag.retrieval.cells import row_label
from rag.retrieval.table_rows import label_stems
from rag.store.index import Index
from rag.types import Evidence, Passage

# Of so many documents of a series, the newest, each is searched.
_MOST = 8
# Of each document so many of the best sentences and rows may be what goes with those of the others.
_COMPARED = 5
# What tells the documents of a series apart: digits, and the words around them.
_TIME_IN_PATH = re.compile(
    r"(?:q(?=\d)|(?:fy|h)(?=[\s_-]?\d)|quarter|quartal|jan\w*|feb\w*|mar(?:ch|z)?|märz|apr\w*|ma[iy]|june?|juni|july?"
    r"|juli|aug\w*|sep\w*|o[ck]t\w*|nov\w*|de[cz]\w*)(?![^\W\d_])|[\d\W_]+",
    re.I,
)


def find_series(
    index: Index, question: str, passages: Sequence[Passage], allowed: Sequence[str] | None = None
) -> tuple[str, ...]:
    """Find the documents that a question about several times is about: those of the best passage's series.

    Args:
        index: The index that holds them.
        question: The question.
        passages: What was found for it, best first.
        allowed: The only sources that may be searched; None: all.

    Returns:
        Sources whose paths differ in nothing but their times, the oldest first, at most the eight newest; none where
        the question asks of no several times, or where there is one document only.
    """
    if not passages or not asks_of_several_times(question):
        return ()
    key = _without_times(passages[0].source)
    among = None if allowed is None else frozenset(allowed)
    times = {
        record.source: time
        for record in index.catalog.source_records()
        if record.document_id
        and (among is None or record.source in among)
        and _without_times(record.source) == key
        and (time := document_time(index, record.source, record.document_id, record.title))
    }
    ordered = sorted(times, key=lambda source: (times[source], source))
    return tuple(ordered[-_MOST:]) if len(ordered) > 1 else ()


def _without_times(path: str) -> str:
    return _TIME_IN_PATH.sub(" ", path.casefold()).strip()


def alike_first(by_document: Mapping[str, Sequence[Evidence]]) -> tuple[tuple[Evidence, ...], ...]:
    """Put before the evidence of each document the row that most of the documents have.

    Args:
        by_document: The evidence of each document, best first.

    Returns:
        The evidence of each document that has some, in the same order of documents.
    """
    labelled = {
        source: [(label_stems(row_label(item.span)), item) for item in evidence[:_COMPARED]]
        for source, evidence in by_document.items()
    }
    shared = Counter(chain.from_iterable({label for label, _ in rows if label} for rows in labelled.values()))
    most = max(shared.values(), default=0)
    if most < 2:
        return tuple(tuple(evidence) for evidence in by_document.values() if evidence)
    scores = {
        wanted: sum(
            max((item.score for label, item in rows if label == wanted), default=0.0) for rows in labelled.values()
        )
        for wanted, count in shared.items()
        if count == most
    }
    best = max(scores, key=lambda label: (scores[label], *sorted(label)))
    ordered = []
    for source, evidence in by_document.items():
        row = next((item for label, item in labelled[source] if label == best), None)
        if evidence:
            ordered.append(tuple(dict.fromkeys((*((row,) if row else ()), *evidence))))
    return tuple(ordered)
