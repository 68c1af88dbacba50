"""Decode the headers of a message, and the names of its attachments.

Owns: encoded words (RFC 2047), names in several encodings (RFC 2231), headers with raw bytes. Linear on any header.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from email.message import Message
from email.policy import Compat32
from email.utils import parsedate_tz
from typing import Any
from urllib.parse import unquote_to_bytes

from rag.errors import SkipFile
from rag.load.text import canonical, decode

SHOWN = ("Subject", "From", "To", "Cc", "Date")
"""The headers that a reader sees."""
# Longer headers are cut, in characters: the library takes quadratic time for their parameters.
_LONGEST = 20_000
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bqBQ])\?([^?\r\n]*)\?=")
_BLANK = re.compile(r"[ \t\r\n]*")


class ShortHeaders(Compat32):
    """The library's way of parsing messages, for which headers end after so many characters."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return the name and the value of a header, cut."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST]


def header(message: Message[Any, Any], name: str) -> str:
    """Return a header on one line, decoded.

    Args:
        message: The message.
        name: The name of the header; case does not matter.

    Returns:
        Its words; "" where there is none.
    """
    value = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return one_line(_decoded(value[:_LONGEST]))


def one_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(canonical(text).split())


def day(value: str) -> str:
    """Return the day that a header ``Date`` gives, ``YYYY-MM-DD``; "" for none."""
    parsed = parsedate_tz(value[:200])
    with suppress(ValueError, TypeError):
        if parsed:
            return date(*parsed[:3]).isoformat()
    return ""


def file_name(part: Message[Any, Any]) -> str:
    """Return the name of the file that a part holds, without folders; "" for none."""
    for header_name, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        with suppress(Exception):  # The library raises nearly anything on garbage.
            value = part.get_param(parameter, None, header_name)
            if isinstance(value, tuple):
                charset, _, text = value
                # The library has the bytes of the name as letters of Latin-1.
                name = text_of(unquote_to_bytes(text.encode("latin-1", "replace")), charset or "utf-8")
            else:
                name = _decoded(str(value or ""))
            if name := one_line(name).replace("\\", "/").rpartition("/")[2]:
                return name
    return ""


def text_of(data: bytes, label: str) -> str:
    """Decode bytes of a message.

    Args:
        data: The bytes.
        label: The encoding that the message names, or ""; where it is wrong, it is guessed.

    Returns:
        The text; "" for what is none.
    """
    try:
        return decode(data, label)
    except SkipFile:
        return ""


def _decoded(value: str) -> str:
    """Return a header with its encoded words decoded, and raw bytes in the encoding that they make likely."""
    parts: list[str] = []
    # Neighbours of one encoding are decoded together: mailers cut within a character.
    label, data = "", b""
    position = 0
    for match in _encoded_words(value):
        between = value[position : match.start()]
        if not (position and _BLANK.fullmatch(between)):
            parts += [text_of(data, label) if data else "", _raw(between)]
            data = b""
        elif data and match.group(1).lower() != label.lower():
            parts.append(text_of(data, label))
            data = b""
        label, data = match.group(1).partition("*")[0], data + _bytes_of(match.group(2), match.group(3))
        position = match.end()
    return "".join([*parts, text_of(data, label) if data else "", _raw(value[position:])])


def _encoded_words(value: str) -> Iterator[re.Match[str]]:
    return _ENCODED_WORD.finditer(value) if "=?" in value else iter(())


def _bytes_of(encoding: str, text: str) -> bytes:
    raw = text.encode("ascii", "ignore")
    if encoding in "qQ":
        return quopri.decodestring(raw.replace(b"_", b"=20"))
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    return raw


def _raw(text: str) -> str:
    """Return a piece of a header in which bytes may stand that were never encoded."""
    if text.isascii():
        return text
    return text_of(text.encode("utf-8", "surrogateescape"), "") or text
