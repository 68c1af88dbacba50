"""A message as plain data, whatever format it came in.

Owns: the records. Knows nothing about formats or documents.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlainText:
    """A part that is plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Html:
    """A part that is HTML."""

    text: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """A part that holds events, as iCalendar writes them."""

    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attached file; without a name it has that of its media type, and without data it cannot be read."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class TooDeep:
    """A forwarded message within more forwarded ones than are read."""


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Parts that say the same, of which one is read: the plain text, unless the page says more."""

    plain: tuple[Part, ...]
    html: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """A message.

    Attributes:
        subject: Its subject on one line; "" for none.
        headers: The headers that a reader sees, by name, each on one line.
        date: The day it was sent, ``YYYY-MM-DD``; "" for none.
        parts: What it holds, in order.
    """

    subject: str
    headers: dict[str, str]
    date: str
    parts: tuple[Part, ...]


Part = PlainText | Html | Calendar | Attachment | Alternatives | TooDeep | Mail

MOST_FORWARDED = 8
"""A message may be forwarded within so many others, and is read."""
