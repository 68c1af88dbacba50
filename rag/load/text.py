r"""Decode bytes to canonical text.

Owns: the choice of an encoding, and what canonical means (newlines are ``\n``, no NUL, no lone surrogate, no byte
order mark). Knows nothing about structure.
"""

from __future__ import annotations

import codecs
import re

from rag.errors import SkipFile
from rag.notices import Notice

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The beginning of a file that is looked at.
_SAMPLE_BYTES = 65_536
# A text has at most this share of control characters, NULs out of place, or characters that are never printed.
_FEW = 0.02
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b") + b"\x7f"
# The quotes, dashes and signs that English texts of western Windows use, and nothing else of it.
_TYPOGRAPHIC = b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xa7\xa9\xae\xb0\xb7"
_UNSAFE = re.compile("[\0\ud800-\udfff]")


def canonical(text: str) -> str:
    r"""Return ``text`` with newlines ``\n``, and U+FFFD in place of every NUL and lone surrogate."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSAFE.sub("\ufffd", text)


def decode(data: bytes) -> str:
    """Return the canonical text of a text file.

    Args:
        data: The bytes of the file.

    Returns:
        Its text, in the encoding that its byte order mark gives or its bytes make likely.

    Raises:
        SkipFile: For an empty file and for one that is not text.
    """
    text = canonical(_decode(data))
    if not text.strip():
        raise SkipFile(Notice("file-empty"))
    return text


def looks_binary(data: bytes) -> bool:
    """Tell whether the beginning of a file holds more control characters than a text ever does."""
    head = data[:_SAMPLE_BYTES]
    if _byte_order_mark(head) or _unmarked_utf16(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > _FEW * len(head) and controls > 1


def _decode(data: bytes) -> str:
    if marked := _byte_order_mark(data):
        mark, encoding = marked
        return data[len(mark) :].decode(encoding, "replace")
    if looks_binary(data):
        raise SkipFile(Notice("file-binary"))
    if encoding := _unmarked_utf16(data[:_SAMPLE_BYTES]):
        return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_damaged(data)


def _byte_order_mark(data: bytes) -> tuple[bytes, str] | None:
    """Return the mark that a file begins with and the encoding it stands for, or None."""
    return next((pair for pair in _BYTE_ORDER_MARKS if data.startswith(pair[0])), None)


def _unmarked_utf16(head: bytes) -> str:
    """Return the UTF-16 encoding of a text without a mark, or "".

    Nearly every other byte of Latin text is zero, and always the same one.
    """
    if len(head) < 4 or b"\0" not in head:
        return ""
    head = head[: len(head) // 2 * 2]
    pairs = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    for encoding, high_zeros, low_zeros in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if high_zeros < 0.3 * pairs or low_zeros > _FEW * pairs:
            continue
        text = head.decode(encoding, "replace")
        unprintable = sum(1 for character in text if not character.isprintable() and character not in "\t\n\v\f\r")
        if unprintable + text.count("\ufffd") <= _FEW * len(text) + 1:
            return encoding
    return ""


def _decode_damaged(data: bytes) -> str:
    """Return the text of bytes that are not UTF-8, or UTF-8 with a few wrong bytes: the encoding is guessed."""
    sample = data[: 4 * _SAMPLE_BYTES]
    decoded = sample.decode("utf-8", "replace")
    wrong = decoded.count("\ufffd")
    not_ascii = sum(map(decoded.count, set(decoded) - set(map(chr, range(128))) - {"\ufffd"}))
    if wrong <= 0.1 * not_ascii:
        return data.decode("utf-8", "replace")
    return data.decode(_guess_encoding(sample[:_SAMPLE_BYTES]), "replace")


def _guess_encoding(sample: bytes) -> str:
    """Return the older encoding of a sample: that of western Windows, unless another makes a better language of it."""
    high_bytes = set(sample.translate(None, bytes(range(128))))
    if len(sample) < 64 or high_bytes <= set(_TYPOGRAPHIC):
        return "cp1252"
    from charset_normalizer import from_bytes

    matches = list(from_bytes(sample, threshold=0.3))
    if not matches:
        return "cp1252"
    best = matches[0]
    for match in matches:
        is_as_good = match.chaos <= best.chaos and match.coherence >= best.coherence
        if is_as_good and "cp1252" in match.could_be_from_charset:
            return "cp1252"
    return "cp1252" if best.encoding in ("ascii", "utf_8") else best.encoding
