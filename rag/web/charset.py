"""Keep the encoding that a server names for a text that names none.

Owns: when the server's word counts. The file on the disk is then UTF-8 with a mark, so that whoever reads it later
needs no word of the server. Knows nothing about elements.
"""

from __future__ import annotations

import codecs

from rag.load.markup.charset import encoding_of, named_encoding
from rag.load.text import looks_binary

_TEXTS = ("application/xhtml+xml", "application/json", "application/xml")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def with_known_encoding(data: bytes, media_type: str, label: str) -> bytes:
    """Return the bytes of a page, in UTF-8 with a mark where only the server says what they are.

    Args:
        data: The bytes as they were sent.
        media_type: The type that the server names.
        label: The encoding that it names; "" for none.

    Returns:
        The same bytes for what is no text, names its encoding, is UTF-8, or is not what the server says.
    """
    encoding = encoding_of(label)
    is_text = media_type.startswith("text/") or media_type in _TEXTS
    if not encoding or encoding == "utf-8" or not is_text or data.isascii() or data.startswith(_MARKS):
        return data
    if looks_binary(data) or named_encoding(data):
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return data
    try:
        return codecs.BOM_UTF8 + data.decode(encoding).encode("utf-8")
    except UnicodeError:
        return data
