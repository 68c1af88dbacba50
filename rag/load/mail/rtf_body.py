"""Read the body of an Outlook message that is RTF, packed in Outlook's own way.

Owns: the unpacking (MS-OXRTFCP). Source: the open specification's section 3.1; the words of RTF are striprtf's matter.
"""

from __future__ import annotations

import struct

_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
# What the dictionary holds at the start: the words that all RTF of Outlook begins with.
_BEGINNING = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_DICTIONARY = 4096
# A reference is two bytes for 17 at the most, so that unpacked RTF has no more than this times the packed one.
_MOST_TIMES = 9


def rtf_text(packed: bytes) -> str:
    """Return the text of a packed body, or "" where it cannot be read."""
    from striprtf.striprtf import rtf_to_text

    rtf = unpacked(packed).decode("latin-1")
    try:
        return str(rtf_to_text(rtf, errors="replace")) if rtf else ""  # type: ignore[no-untyped-call]
    except Exception:  # The library raises nearly anything on damaged RTF.
        return ""


def unpacked(packed: bytes) -> bytes:
    """Return the RTF in packed bytes; it ends where they are damaged."""
    if len(packed) < 16:
        return b""
    _, size, kind, _ = struct.unpack("<IIII", packed[:16])
    if kind == _PLAIN:
        return packed[16 : 16 + size]
    return _unpack(packed, min(size, _MOST_TIMES * len(packed))) if kind == _PACKED else b""


def _unpack(packed: bytes, size: int) -> bytes:
    dictionary = bytearray(_BEGINNING.ljust(_DICTIONARY, b"\0"))
    write = len(_BEGINNING)
    found = bytearray()
    position = 16
    while position < len(packed) and len(found) < size:
        controls = packed[position]
        position += 1
        for bit in range(8):
            if not controls >> bit & 1:
                piece = packed[position : position + 1]
                position += 1
            else:
                reference = packed[position : position + 2]
                position += 2
                if len(reference) < 2:
                    return bytes(found[:size])
                place, length = divmod(struct.unpack(">H", reference)[0], 16)
                if place == write:
                    return bytes(found[:size])
                piece = _copied(dictionary, place, write, length + 2)
            found += piece
            for byte in piece:
                dictionary[write] = byte
                write = (write + 1) % _DICTIONARY
    return bytes(found[:size])


def _copied(dictionary: bytearray, place: int, write: int, length: int) -> bytes:
    """Return bytes from the dictionary; beyond the end of it they repeat, since each is written as it is read."""
    gap = (write - place) % _DICTIONARY or _DICTIONARY
    return bytes(dictionary[(place + step % gap) % _DICTIONARY] for step in range(length))
