"""The values of one case: every metric of the table measures its answer.

Owns: in which order metrics are asked, what is taken of what they give, and what a case scores that raised. Knows no
formula.

A metric that breaks never ends a run: it scores its worst, with one warning.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import TypeGuard

from rag.errors import RagError, UsageError
from rag.evaluate.metrics.table import (
    CUTOFFS,
    METRICS,
    Meaning,
    Measured,
    Metric,
    TextById,
    count_words,
    find_meaning,
    measure_of,
    metrics,
)
from rag.evaluate.types import Case, GoldSpan, Record
from rag.parts import PartFailed, warn_once
from rag.types import Answer, Passage

_REMEDY = "mend or remove the package that brings it."
# What rounding may add to a value of 0…1.
_ROUNDING = 1e-9
# The name of a value: a measure, a measure at a cut-off, or that at a level.
_NAME = re.compile(r"\w+(@[\w./-]+)?")


def measure(
    case: Case,
    gold: Sequence[GoldSpan],
    answer: Answer,
    ks: Sequence[int] = CUTOFFS,
    *,
    text_of: TextById | None = None,
    count_tokens: Callable[[str], int] = count_words,
    ranked: Sequence[Passage] = (),
) -> dict[str, float | None]:
    """Measure one answer.

    Args:
        case: The question with what is expected of its answer.
        gold: The case's evidence, located in the sources.
        answer: The answer to the case, with its citations and the passages retrieved.
        ks: The cut-offs of the retrieval metrics.
        text_of: Returns the canonical text of a source by its id. Without it ``pointer_validity`` and
            ``quote_fidelity`` are None.
        count_tokens: Counts the tokens of a text. Without it tokens are words.
        ranked: The passages retrieved for measuring, best first, where they are more than the answer's.

    Returns:
        The values of every metric, the shipped ones under the same names in the same order for the same ``ks``.
    """
    known = tuple(gold) if case.answerable else ()
    return _measure_all(Measured(case, known, answer, tuple(ks), text_of, count_tokens, ranked=tuple(ranked)))


def measure_failure(case: Case, gold: Sequence[GoldSpan], ks: Sequence[int] = CUTOFFS) -> dict[str, float | None]:
    """Return the metrics of a case that raised, so that it counts as wrong.

    Args:
        case: The question with what is expected of its answer.
        gold: The case's evidence, located in the sources.
        ks: The cut-offs of the retrieval metrics.

    Returns:
        The worst value of each metric that applies to the case, None for the others.
    """
    known = tuple(gold) if case.answerable else ()
    return _measure_all(Measured(case, known, Answer(case.question, case.question), tuple(ks), failed=True))


def worst_value(name: str) -> float | None:
    """Return what a case that raised scores; None for a metric that has no worst value, 0 for a judge's."""
    known = find_meaning(name)
    return known.worst if known else 0.0


def metric_value(record: Record, name: str) -> float | None:
    """Return a record's value of a metric.

    Args:
        record: The record of one case in a run.
        name: The metric's name.

    Returns:
        The value, or None where the metric does not apply. A case that raised scores the worst value even where its
        metrics are not written down.
    """
    if name in record.metrics or not record.error:
        return record.metrics.get(name)
    return worst_value(name)


def _measure_all(measured: Measured) -> dict[str, float | None]:
    values: dict[str, float | None] = {}
    for name, metric, meanings in metrics():
        values.update(_measure_one(name, metric, meanings, measured))
    return values


def _measure_one(
    name: str, metric: Metric, meanings: Mapping[str, Meaning], measured: Measured
) -> dict[str, float | None]:
    """Return the values of one metric; of a case that raised, and of one on which it breaks, the worst ones."""
    try:
        with METRICS.calling(name):
            values = _checked(name, dict(metric.measure(measured)), meanings)
    except (PartFailed, RagError) as error:
        if isinstance(error, UsageError) and not measured.failed:
            raise
        cause = error.cause if isinstance(error, PartFailed) else type(error).__name__
        warn_once(f"{_title(name)} failed on a case and scores its worst there ({cause}); {_REMEDY}")
        if measured.failed:
            return {measure: meaning.worst for measure, meaning in meanings.items()}
        empty = Answer(measured.answer.question, measured.answer.standalone_question)
        return _measure_one(name, metric, meanings, replace(measured, answer=empty, failed=True))
    if measured.failed:
        return {key: None if value is None else meanings[measure_of(key)].worst for key, value in values.items()}
    return values


def _checked(name: str, given: Mapping[str, object], meanings: Mapping[str, Meaning]) -> dict[str, float | None]:
    """Return the values that may be kept; a measure without any is None."""
    values: dict[str, float | None] = {}
    for key, value in given.items():
        meaning = meanings.get(measure_of(key)) if isinstance(key, str) and _NAME.fullmatch(key) else None
        if meaning is None:
            warn_once(
                f"{_title(name)} gives {str(key)[:80]!r}, which is none of its measures and is left out; {_REMEDY}"
            )
        elif value is None:
            values[key] = None
        elif not _is_finite_number(value):
            warn_once(
                f"{_title(name)} gives for {key!r} what is no finite number, so that the case scores its worst; "
                f"{_REMEDY}"
            )
            values[key] = meaning.worst
        elif meaning.bounded and not -_ROUNDING <= value <= 1 + _ROUNDING:
            warn_once(
                f"{_title(name)} gives for {key!r} a number outside of 0…1, so that the case scores its worst; "
                f"mend or remove the package that brings it, or let its Meaning be unbounded."
            )
            values[key] = meaning.worst
        else:
            values[key] = float(value)
    measured = {measure_of(key) for key in values}
    return values | {measure: None for measure in meanings if measure not in measured}


def _title(name: str) -> str:
    """Return a metric as a warning names it: with the package that brings it."""
    package = METRICS.package(name)
    return f"The metric {name!r} of {package}" if package else f"The metric {name!r}"


def _is_finite_number(value: object) -> TypeGuard[float]:
    try:
        return isinstance(value, Real) and math.isfinite(value)
    except OverflowError:  # A whole number too large for a float.
        return False
