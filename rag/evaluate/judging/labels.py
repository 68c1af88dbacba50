"""What people say of answers: the labels of a suite, and those of a CSV file.

Owns: reading them, and which label is of which metric. Knows nothing about statistics.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path

from rag.errors import UsageError
from rag.evaluate.metrics.table import JUDGED
from rag.evaluate.types import Case

ANSWER = "answer"
"""The label that holds the words of the answer that was looked at."""
ID = "id"

# Other words for what a judge is always asked.
_SYNONYMS = {"correct": "correctness", "faithful": "faithfulness", "relevant": "relevancy"}
_YES, _NO = frozenset("true yes y 1".split()), frozenset("false no n 0".split())
# Cap on the bytes of a file of labels.
_MOST_BYTES = 50_000_000
# A cell that holds no label.
_NONE = frozenset(("", "na", "n/a", "nan", "none", "null", "-", "?"))

# By case id: labels of 0…1 by the name of a metric, and the words of the answer, "" where they are not written down.
Labels = Mapping[str, tuple[Mapping[str, float], str]]


def metric_of_label(name: str, known: frozenset[str]) -> str:
    """Return the metric that a label is of: ``judge_correct`` and ``correctness`` are of ``judged_correctness``.

    Args:
        name: The name of the label.
        known: The names of metrics that there are.

    Returns:
        The name of a metric, which may not be among those known.
    """
    if name in known:
        return name
    plain = name.removeprefix(JUDGED).removeprefix("judge_")
    return JUDGED + _SYNONYMS.get(plain, plain)


def labels_of_cases(cases: Mapping[str, Case]) -> Labels:
    """Return the labels that stand in a suite.

    Args:
        cases: Its cases by id.

    Returns:
        The labels of those cases that have some.
    """
    return {
        id_: (
            {name: float(value) for name, value in case.labels.items() if not isinstance(value, str)},
            str(case.labels.get(ANSWER, "")),
        )
        for id_, case in cases.items()
        if set(case.labels) - {ANSWER}
    }


def read_labels(path: Path) -> Labels:
    """Read labels from a CSV file: a column ``id``, a column a label, and perhaps ``answer`` with the words looked at.

    Args:
        path: The file, UTF-8, with commas, semicolons or tabs.

    Returns:
        The labels; a cell that is empty, ``NaN``, ``N/A`` or ``None`` is no label.

    Raises:
        UsageError: The file cannot be read, has no such columns, an id twice, or a cell that is no label.
    """
    rows = csv.reader(io.StringIO(_text_of(path)), delimiter=_delimiter(path))
    labels: dict[str, tuple[Mapping[str, float], str]] = {}
    try:
        head = [name.strip() for name in next(rows, [])]
        names = [name for name in head if name not in (ID, ANSWER)]
        if ID not in head or not names or len(set(head)) < len(head):
            raise UsageError(f"{path} has no labels; its first row needs 'id' and the name of a label, each once.")
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            where = f"{path}:{rows.line_num}"
            cells = dict(zip(head, row, strict=False))
            id_ = cells.get(ID, "").strip()
            if not id_ or id_ in labels:
                raise UsageError(f"{where}: the id {id_!r} is {'there twice' if id_ else 'empty'}; correct it.")
            values = {name: _value(where, name, cells.get(name, "")) for name in names}
            kept = {name: value for name, value in values.items() if value is not None}
            if kept:
                labels[id_] = (kept, cells.get(ANSWER, "").strip())
    except csv.Error as error:
        raise UsageError(f"{path}:{rows.line_num}: this is no CSV ({error}); save it as CSV again.") from None
    return labels


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(f"The labels {path} are larger than {_MOST_BYTES // 1_000_000} MB; split the file.")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"The labels {path} cannot be read ({error.strerror}); check the path.") from None
    except UnicodeDecodeError:
        raise UsageError(f"The labels {path} are not UTF-8; save them as CSV in UTF-8.") from None


def _delimiter(path: Path) -> str:
    """Return the sign that stands most often in the first line."""
    first = _text_of(path).partition("\n")[0]
    return max((",", ";", "\t"), key=first.count)


def _value(where: str, name: str, cell: str) -> float | None:
    text = cell.strip().lower()
    if text in _YES or text in _NO:
        return float(text in _YES)
    if text in _NONE:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise UsageError(f"{where}: {cell[:40]!r} is no label for {name!r}; write true, false or a number from 0 to 1.")
    return value
