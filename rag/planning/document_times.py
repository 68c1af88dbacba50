"""When the documents of an index were made, or from when they count.

Owns: where that is looked for, and remembering it. How a time is read, is told in ``rag.question.times``.
"""

from __future__ import annotations

from rag.question.times import DocumentTime, time_in_name, time_in_opening
from rag.store.index import Index

# Document versions whose own dates are remembered; a version never changes.
_REMEMBERED = 4096
_stated: dict[str, DocumentTime | None] = {}


def document_time(index: Index, source: str, source_id: str, title: str, *, own: bool = False) -> DocumentTime | None:
    """Find the time of a document: in its path, its title, or its first lines.

    Args:
        index: The index that holds it.
        source: Its path.
        source_id: The id of its version.
        title: Its title.
        own: Whether the day of its last change counts, as the file itself gives it, where those say nothing. It tells
            when it was written, and not from when it counts.

    Returns:
        The time; what its first lines say where that is more exact than its name; None for a document without one.
    """
    named = time_in_name(source) or time_in_name(title)
    stated = _stated_time(index, source_id)
    if named and stated and stated.year == named.year:
        return stated
    if named or stated or not own:
        return named or stated
    record = index.catalog.source_record(source)
    return _of_day(record.date) if record and record.date else None


def _of_day(day: str) -> DocumentTime:
    year, month, day_of_month = map(int, day.split("-"))
    return DocumentTime(year, month, day_of_month)


def _stated_time(index: Index, source_id: str) -> DocumentTime | None:
    if source_id not in _stated:
        if len(_stated) >= _REMEMBERED:
            _stated.clear()
        found = index.catalog.document_text(source_id)
        _stated[source_id] = time_in_opening(found[0]) if found else None
    return _stated[source_id]
