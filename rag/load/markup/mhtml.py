"""Read web pages that a browser has saved in one file (MHTML).

Owns: which part is the page, and which parts belong to it. Knows nothing about elements; what a page names and the file
does not hold is never fetched.
"""

from __future__ import annotations

import email
import email.policy
from email.message import Message

from rag.errors import SkipFile
from rag.load.builder import Builder
from rag.load.markup.charset import decode_markup
from rag.load.markup.dates import day_of
from rag.load.markup.html import read_html

_PAGES = ("text/html", "application/xhtml+xml")


def read_mhtml(data: bytes, builder: Builder) -> str:
    """Append the page in a saved file, and the frames in it.

    Args:
        data: The bytes of the file.
        builder: What the blocks are appended to.

    Returns:
        The title of the page, else the one that it was saved under, or "".
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    if not pages:
        # A page without a sound head is read as what stands there.
        return read_html(decode_markup(data), builder)
    start = str(message.get_param("start") or "").strip("<> ")
    main = next((part for part in pages if start and _identifier(part) == start), pages[0])
    sheets = (_text(part) for part in parts if part.get_content_type() == "text/css")
    sheet = "\n".join(sheets)
    text = _text(main)
    title = read_html(text, builder, sheet)
    for part in pages:
        if part is not main and _is_named(part, text):
            read_html(_text(part), builder, sheet)
    builder.date = builder.date or day_of(str(message.get("Date") or ""))
    return title or str(message.get("Subject") or "")


def _identifier(part: Message) -> str:
    return str(part.get("Content-ID") or "").strip("<> ")


def _is_named(part: Message, text: str) -> bool:
    """Tell whether a page shows another part as a frame."""
    location = str(part.get("Content-Location") or "").strip()
    identifier = _identifier(part)
    return bool((location and location in text) or (identifier and f"cid:{identifier}" in text))


def _text(part: Message) -> str:
    """Return the text of a part; "" for one without text."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return ""
    try:
        return decode_markup(data, str(part.get_param("charset") or ""))
    except SkipFile:
        return ""
