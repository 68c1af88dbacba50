"""Read the day in a date as files give it.

Owns: the forms of dates in the heads of pages, books and feeds. Knows nothing about where they stand. Pure.
"""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

_DAY = re.compile(r"\s{0,20}(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?!\d)")


def day_of(text: str | None) -> str:
    """Return the day of a date, ``YYYY-MM-DD``; "" for what gives no day."""
    if not text:
        return ""
    text = text[:100]
    if numbers := _DAY.match(text):
        try:
            return date(int(numbers[1]), int(numbers[2]), int(numbers[3])).isoformat()
        except ValueError:
            return ""
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
