"""Read the front matter of Markdown: what stands of the document before its text.

Owns: its limits, and the title and day in it. Knows nothing about the text below. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

# The line that opens front matter (YAML, TOML), with the lines that close it and the sign between name and value.
_FORMS = {"---": (("---", "..."), ":"), "+++": (("+++",), "=")}
# Front matter that is not closed within so many lines is none.
MOST_LINES = 200
_TITLES = ("title",)
# The day of the last change is wanted, else that of the making.
_DATES = (
    *("lastmod", "last_modified", "last_modified_at", "modified", "updated", "updated_at", "last_updated", "revised"),
    *("date", "published", "publish_date", "created", "created_at"),
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_WRITTEN = ("%d %B %Y", "%B %d, %Y", "%B %d %Y", "%d %b %Y", "%b %d, %Y", "%d.%m.%Y")
# Longer values are no day, in characters.
_LONGEST_DAY = 60


def front_matter_length(lines: Sequence[str]) -> int:
    """Return how many lines from the top are front matter; 0 for none."""
    closing, _ = _FORMS.get(lines[0].rstrip(), ((), "")) if lines else ((), "")
    for number in range(1, min(len(lines), MOST_LINES) if closing else 0):
        if lines[number].rstrip() in closing:
            return number + 1
    return 0


def title_and_day(lines: Sequence[str]) -> tuple[str, str]:
    """Return what front matter says.

    Args:
        lines: Its lines, with those that open and close it; none where there is no front matter.

    Returns:
        The title and the day, ``YYYY-MM-DD``; each "" where it is not given.
    """
    if not lines:
        return "", ""
    sign = _FORMS[lines[0].rstrip()][1]
    values: dict[str, str] = {}
    for line in lines[1:-1]:
        name, found, value = line.partition(sign)
        # What is indented belongs to another name.
        if found and name == name.lstrip():
            values.setdefault(name.strip().lower().replace("-", "_"), value.strip().strip("\"'"))
    days = (_day(values[name]) for name in _DATES if name in values)
    return next((values[name] for name in _TITLES if values.get(name)), ""), next(filter(None, days), "")


def _day(value: str) -> str:
    """Return the day in a value, or ""."""
    if match := _ISO.match(value):
        with suppress(ValueError):
            return date(*map(int, match.groups())).isoformat()
        return ""
    for form in _WRITTEN if len(value) <= _LONGEST_DAY else ():
        with suppress(ValueError):
            return datetime.strptime(value, form).date().isoformat()  # noqa: DTZ007
    return ""
