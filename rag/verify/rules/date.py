"""Dates and days of the week. Pure.

Owns: ``date_contradicted``, ``date_absent`` and ``weekday_absent``. What a date means stands in
``rag.verify.dates``. Knows nothing about verdicts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rag.verify.align import is_nearly_copied
from rag.verify.dates import Date
from rag.verify.parsed_text import find_weekdays
from rag.verify.rule import Comparison, Values


def date_contradicted(comparison: Comparison) -> Values | None:
    """Find a date that the sources give otherwise for the same thing.

    Fires: The lease was signed on 4 March 2021. | The lease was signed on 3 March 2021.
    Silent: It opened in March 2021. | It opened on 2021-03-03.
    """
    absent = date_absent(comparison)
    if absent is None:
        return None
    for at, line in enumerate(comparison.lines):
        if len(line.dates) == 1 and is_nearly_copied(comparison.claim, [line], 1.0):
            return {"date": absent["date"], "instead": line.dates[0].text, "line": at}
    return None


def date_absent(comparison: Comparison) -> Values | None:
    """Find a date that no line names; a sentence may say less of a date than its source.

    Fires: It was signed on 4 March 2021. | It was signed on 3 March 2021.
    Fires: It opened on 3 March 2021. | It opened in March 2021.
    Silent: It opened in March 2021. | It opened on 2021-03-03.
    Silent: It opened on 3 March 2021. | In 2021 it opened on 3 March.
    """
    claim, lines = comparison.claim, [*comparison.lines, *comparison.columns]
    source_dates = [date for line in lines for date in line.dates]
    years = {value for line in lines for quantity in line.quantities if not quantity.unit for value in quantity.values}
    years |= {float(year) for date in source_dates for year in date.years()}
    for date in claim.dates:
        if any(date.is_implied_by(other) for other in source_dates) or _is_split(date, source_dates, years):
            continue
        return {"date": date.text}
    return None


def weekday_absent(comparison: Comparison) -> Values | None:
    """Find a day of the week that no line names.

    Fires: The fair is on Monday. | The fair is on Tuesday.
    Silent: The fair is on Monday. | On Mondays there is a fair.
    """
    lines = [*comparison.lines, *comparison.columns]
    absent = find_weekdays(comparison.claim) - set().union(*(find_weekdays(line) for line in lines))
    return {"weekday": min(absent)} if absent else None


def _is_split(date: Date, source_dates: Sequence[Date], years: Collection[float]) -> bool:
    """Return whether the source has the year apart from the day and the month: "In 2021 it opened on 3 March"."""
    return any(
        year in years and month == other_month and day in (0, other_day) and other_year in (0, year)
        for year, month, day in date.interpretations
        for other in source_dates
        for other_year, other_month, other_day in other.interpretations
    )
