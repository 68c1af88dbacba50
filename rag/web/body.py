"""Unpack the body of a reply within a size.

Owns: that no more is unpacked than may be kept, however little was sent. Knows nothing about connections.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from rag.errors import LoadError
from rag.notices import Notice

# Reads gzip, and zlib's own form.
_GZIP = 15 + 32
# So much is unpacked at once.
_STEP = 1 << 16


class TooLarge(Exception):
    """A body has more bytes than may be kept."""


def read_body(pieces: Iterable[bytes], encoding: str, most: int) -> bytes:
    """Return a body, unpacked.

    Args:
        pieces: What was received, in order.
        encoding: How the server says that it is packed; "" for not at all.
        most: The most bytes that it may have, packed and unpacked.

    Returns:
        The body.

    Raises:
        TooLarge: It has more.
        LoadError: It is packed in another way than was asked for, or damaged.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return _gather(pieces, most)
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise LoadError(Notice("web-packed", {"encoding": encoding[:40]}))
    try:
        return _gather(_unpacked(pieces), most)
    except zlib.error:
        raise LoadError(Notice("web-garbled")) from None


def _gather(pieces: Iterable[bytes], most: int) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > most:
            raise TooLarge
    return bytes(body)


def _unpacked(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Yield what packed pieces hold, a little at a time; several members follow each other."""
    member = zlib.decompressobj(_GZIP)
    is_empty = True
    for piece in pieces:
        packed, is_empty = piece, is_empty and not piece
        while packed:
            if member.eof:
                member = zlib.decompressobj(_GZIP)
            yield member.decompress(packed, _STEP)
            packed = member.unconsumed_tail or member.unused_data
    while not member.eof and (rest := member.decompress(member.unconsumed_tail, _STEP)):
        yield rest
    if not (member.eof or is_empty):
        raise zlib.error("cut off")
