"""Cut a mailbox into its messages.

Owns: the lines that begin a message (RFC 4155), and the lines that were marked so that they do not. Streams: only one
message is copied at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.load.mail.headers import day

# "From someone Mon Mar  4 10:00:00 2024" above a header: a sentence that begins so has no time.
_FROM = re.compile(rb"From [^\n]{0,300}?\d{1,2}:\d\d[^\n]{0,60}\n(?=>?[\w-]{1,80}:|From )")
# The moment that such a line gives, in the order in which C's asctime writes it.
_MOMENT = re.compile(rb" ([A-Z][a-z]{2}) {1,2}(\d{1,2}) [\d:]{4,8}(?: [+-]?\w{1,5})? (\d{4})\s")
# Lines of a message that begin with "From " have a mark before it (mboxrd), one more where they had some.
_MARKED = re.compile(rb"^>(>*From )", re.M)


class BoxedMessage(NamedTuple):
    """The bytes of a message in a mailbox, and the day that the line before it gives, ``YYYY-MM-DD`` or ""."""

    data: bytes
    day: str


def is_mailbox(head: bytes) -> bool:
    """Tell whether the beginning of a file is that of a mailbox."""
    return _FROM.match(head) is not None


def messages(data: bytes) -> Iterator[BoxedMessage]:
    """Yield each message, without the line before it."""
    start = 0
    line = b""
    for match in _beginnings(data):
        if data[start : match.start()].strip():
            yield BoxedMessage(_unmarked(data[start : match.start()]), _day(line))
        start, line = match.end(), match[0]
    if data[start:].strip():
        yield BoxedMessage(_unmarked(data[start:]), _day(line))


def _day(line: bytes) -> str:
    """Return the day that the line before a message gives; "" for none."""
    moment = _MOMENT.search(line)
    if moment is None:
        return ""
    month, number, year = (part.decode() for part in moment.groups())
    return day(f"{number} {month} {year} 00:00:00")


def _beginnings(data: bytes) -> Iterator[re.Match[bytes]]:
    place = 0 if data.startswith(b"From ") else data.find(b"\nFrom ") + 1
    while place or data.startswith(b"From "):
        if match := _FROM.match(data, place):
            yield match
        place = data.find(b"\nFrom ", place) + 1
        if not place:
            return


def _unmarked(message: bytes) -> bytes:
    return _MARKED.sub(rb"\1", message) if b">From " in message else message
