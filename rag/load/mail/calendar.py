r"""Read the events of a calendar part (RFC 5545). Pure.

Owns: which properties of an event a person reads. Source: ``NAME;PARAMETER=X:value``, lines folded with a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

CALENDAR_TYPES = frozenset(("text/calendar", "application/ics"))
_SHOWN = {
    "SUMMARY": "Summary",
    "DTSTART": "Start",
    "DTEND": "End",
    "DUE": "Due",
    "DURATION": "Duration",
    "RRULE": "Repeats",
    "LOCATION": "Location",
    "ORGANIZER": "Organizer",
    "ATTENDEE": "Attendees",
    "STATUS": "Status",
}
_PERSONS = ("ORGANIZER", "ATTENDEE")
# Properties that an event has several of; of others the first counts.
_SEVERAL = ("ATTENDEE",)
_COMPONENTS = ("VEVENT", "VTODO", "VJOURNAL")
_FOLD = re.compile(r"\n[ \t]")
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:\d\d)?(Z?))?$")
_ESCAPE = re.compile(r"\\([\\,;:nN])")


@dataclass(frozen=True, slots=True)
class Event:
    """An event, or a task.

    Attributes:
        values: The names and values that a person reads, in a fixed order.
        description: What is further said of it, which may have several lines.
    """

    values: tuple[tuple[str, str], ...]
    description: str


def events(text: str) -> Iterator[Event]:
    """Yield the events of a calendar."""
    values: dict[str, list[str]] = {}
    # The components that are open: an event holds alarms, which have texts of their own.
    open_components: list[str] = []
    for line in _FOLD.sub("", text).split("\n"):
        name, parameters, value = _property(line)
        if name == "BEGIN":
            open_components.append(value.upper())
            values = {} if value.upper() in _COMPONENTS else values
        elif name == "END" and open_components:
            if open_components.pop() in _COMPONENTS and values:
                shown = tuple((label, ", ".join(values[key])) for key, label in _SHOWN.items() if key in values)
                yield Event(shown, "".join(values.get("DESCRIPTION", ())))
                values = {}
        elif open_components and open_components[-1] in _COMPONENTS:
            worded = _worded(name, parameters, value.strip())
            if worded and (name not in values or name in _SEVERAL):
                values.setdefault(name, []).append(worded)


def _property(line: str) -> tuple[str, dict[str, str], str]:
    """Return name, parameters and value of a line; a colon within quotes belongs to a parameter."""
    pieces, quoted, start = [], False, 0
    for position, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif not quoted and sign in ";:":
            pieces.append(line[start:position])
            start = position + 1
            if sign == ":":
                break
    else:
        return "", {}, ""
    parameters = {}
    for piece in pieces[1:]:
        key, _, parameter = piece.partition("=")
        parameters[key.strip().upper()] = parameter.strip().strip('"')
    return pieces[0].strip().upper(), parameters, line[start:]


def _worded(name: str, parameters: dict[str, str], value: str) -> str:
    if name in ("DTSTART", "DTEND", "DUE"):
        return _time(value, parameters.get("TZID", ""))
    if name in _PERSONS:
        return parameters.get("CN") or re.sub("(?i)^mailto:", "", value)
    return _ESCAPE.sub(lambda match: "\n" if match.group(1) in "nN" else match.group(1), value)


def _time(value: str, zone: str) -> str:
    match = _TIME.match(value)
    if not match:
        return value
    year, month, day, hour, minute, universal = match.groups()
    if hour is None:
        return f"{year}-{month}-{day}"
    return " ".join(filter(None, (f"{year}-{month}-{day} {hour}:{minute}", "UTC" if universal else zone)))
