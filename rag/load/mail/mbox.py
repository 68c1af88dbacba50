"""Cut a mailbox into its messages.

Owns: the lines that begin a message (RFC 4155), and the lines that were marked so that they do not. Streams: only one
message is copied at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# "From someone Mon Mar  4 10:00:00 2024" above a header: a sentence that begins so has no time.
_FROM = re.compile(rb"From [^\n]{0,300}?\d{1,2}:\d\d[^\n]{0,60}\n(?=>?[\w-]{1,80}:|From )")
# Lines of a message that begin with "From " have a mark before it (mboxrd), one more where they had some.
_MARKED = re.compile(rb"^>(>*From )", re.M)


def is_mailbox(head: bytes) -> bool:
    """Tell whether the beginning of a file is that of a mailbox."""
    return _FROM.match(head) is not None


def messages(data: bytes) -> Iterator[bytes]:
    """Yield the bytes of each message, without the line before it."""
    start = 0
    for match in _beginnings(data):
        if data[start : match.start()].strip():
            yield _unmarked(data[start : match.start()])
        start = match.end()
    if data[start:].strip():
        yield _unmarked(data[start:])


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
