"""Dates and days of the week. Pure.

Owns: ``date_contradicted``, ``date_absent`` and ``weekday_absent``. What a date means stands in
``rag.verify.parse.dates``; when a line is about the same thing, in ``rag.verify.one_change``. Knows nothing about
verdicts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rag.verify.one_change import clauses_like, count_parts, in_same_words, says_value
from rag.verify.parse.dates import Date, all_implied
from rag.verify.parse.parsed_text import ParsedText, find_weekdays
from rag.verify.parse.quantities import Quantity
from rag.verify.rule import Comparison, Values
from rag.verify.rules.bound import time_bound


def date_contradicted(comparison: Comparison) -> Values | None:
    """Find a date that the sources give otherwise for the same thing.

    A line must say the same in the same words, and no line may hold the date. A year alone is a number.

    Fires: The lease was signed on 4 March 2021. | The lease was signed on 3 March 2021.
    Fires: Der Vertrag endet am 4. März 2021. | Der Vertrag endet am 3. März 2021.
    Fires: The lease was signed in March 2020. | The lease was signed in 2021.
    Silent: It opened in March 2021. | It opened on 2021-03-03.
    Silent: It opened on 3 March 2021. | It opened in March 2021.
    Silent: It opened before 4 March 2021. | It opened on 3 March 2021.
    Silent: The shop opened on 4 March 2021. | The mill opened on 3 March 2021.
    """
    claim, lines = comparison.claim, comparison.lines
    around = [*comparison.columns, *([comparison.above] if comparison.above else [])]
    stems = frozenset().union(*(parsed.stems for parsed in around))
    for date in _absent_dates(claim, [*lines, *around]):
        for clause in clauses_like(claim, lines) if says_value(claim, date) else ():
            if count_parts(claim) != count_parts(clause.parsed):
                continue
            for other in _rivals(date, clause.parsed):
                is_bounded_alike = time_bound(claim, date) == time_bound(clause.parsed, other)
                if is_bounded_alike and in_same_words(claim, date, clause.parsed, other, stems | clause.above):
                    return {"date": _shown(date), "instead": _shown(other), "line": clause.line}
    return None


def date_absent(comparison: Comparison) -> Values | None:
    """Find a date that no line names; a sentence may say less of a date than its source.

    Fires: It was signed on 4 March 2021. | It was signed on 3 March 2021.
    Fires: It opened on 3 March 2021. | It opened in March 2021.
    Silent: It opened in March 2021. | It opened on 2021-03-03.
    Silent: It opened on 3 March 2021. | In 2021 it opened on 3 March.
    Silent: It opened on 3 March 2021. | Es wurde am 3. März 2021 eröffnet.
    """
    absent = _absent_dates(comparison.claim, [*comparison.lines, *comparison.columns])
    return {"date": _shown(absent[0])} if absent else None


def weekday_absent(comparison: Comparison) -> Values | None:
    """Find a day of the week that no line names.

    Fires: The fair is on Monday. | The fair is on Tuesday.
    Silent: The fair is on Monday. | On Mondays there is a fair.
    """
    lines = [*comparison.lines, *comparison.columns]
    absent = find_weekdays(comparison.claim) - set().union(*(find_weekdays(line) for line in lines))
    return {"weekday": min(absent)} if absent else None


def _absent_dates(claim: ParsedText, lines: Sequence[ParsedText]) -> list[Date]:
    """Return the dates of a sentence that no line names, nor names in two parts."""
    if not claim.dates:
        return []
    source_dates = [date for line in lines for date in line.dates]
    years = {value for line in lines for quantity in line.quantities if not quantity.unit for value in quantity.values}
    years |= {float(year) for date in source_dates for year in date.years()}
    implied = all_implied(source_dates)
    in_parts = frozenset(
        (year, month, part) for other in source_dates for year, month, day in other.interpretations for part in (0, day)
    )
    return [
        date
        for date in claim.dates
        if implied.isdisjoint(date.interpretations) and not _is_split(date, in_parts, years)
    ]


def _shown(part: Date | Quantity) -> str:
    """Return a date or a year without the marks behind it: "30 June" in "on 30 June., …"."""
    return part.text.strip().rstrip(".,;:")


def _rivals(date: Date, clause: ParsedText) -> Iterator[Date | Quantity]:
    """Yield the dates and years of a clause that differ from a date in something that both say."""
    for other in clause.dates:
        pairs = [(own, known) for own in date.interpretations for known in other.interpretations]
        if all(any(a and b and a != b for a, b in zip(own, known, strict=True)) for own, known in pairs):
            yield other
    if date.years():
        yield from (
            quantity
            for quantity in clause.quantities
            if quantity.is_year() and date.years().isdisjoint({int(quantity.values[0])})
        )


def _is_split(date: Date, in_parts: Collection[tuple[int, int, int]], years: Collection[float]) -> bool:
    """Return whether the source has the year apart from the day and the month: "In 2021 it opened on 3 March"."""
    return any(
        year in years and ((0, month, day) in in_parts or (year, month, day) in in_parts)
        for year, month, day in date.interpretations
    )
