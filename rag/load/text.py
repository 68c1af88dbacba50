"""Bytes to canonical text.

Owns: the choice of an encoding, and what canonical means (newlines are ``\\n``, no NUL, no lone surrogate, no byte
order mark). Knows nothing about structure.
"""

from __future__ import annotations

import codecs
import re

from rag.errors import SkipFile

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 65_536
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b") + b"\x7f"
# The quotes, dashes and signs that English texts of western Windows use, and nothing else of it.
_TYPOGRAPHIC = b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xa7\xa9\xae\xb0\xb7"
_UNSAFE = re.compile("[\0\ud800-\udfff]")


def canonical(text: str) -> str:
    """``text`` with newlines ``\\n``, and U+FFFD in place of every NUL and lone surrogate."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSAFE.sub("\ufffd", text)


def decode(data: bytes) -> str:
    """The canonical text of a text file. Raises SkipFile for an empty file and for one that is not text."""
    text = canonical(_decode(data))
    if not text.strip():
        raise SkipFile("empty: there is no text in it")
    return text


def looks_binary(data: bytes) -> bool:
    """Whether the beginning of a file holds more control characters than a text ever does."""
    head = data[:_SAMPLE]
    if _marked(head) or _wide(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > 0.02 * len(head) and controls > 1


def _decode(data: bytes) -> str:
    marked = _marked(data)
    if marked:
        mark, encoding = marked
        return data[len(mark) :].decode(encoding, "replace")
    if looks_binary(data):
        raise SkipFile("not a text: it holds binary data; only documents can be indexed")
    wide = _wide(data[:_SAMPLE])
    if wide:
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_damaged(data)


def _marked(data: bytes) -> tuple[bytes, str] | None:
    return next((pair for pair in _MARKS if data.startswith(pair[0])), None)


def _wide(head: bytes) -> str:
    """The UTF-16 of a text without a mark: nearly every other byte of Latin text is zero, and always the same one."""
    if len(head) < 4 or b"\0" not in head:
        return ""
    head = head[: len(head) // 2 * 2]
    pairs = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    for encoding, many, few in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if many < 0.3 * pairs or few > 0.02 * pairs:
            continue
        text = head.decode(encoding, "replace")
        strange = sum(1 for character in text if not character.isprintable() and character not in "\t\n\v\f\r")
        if strange + text.count("\ufffd") <= 0.02 * len(text) + 1:
            return encoding
    return ""


def _decode_damaged(data: bytes) -> str:
    """Bytes that are not UTF-8: UTF-8 with a few wrong bytes, or an older encoding that is guessed."""
    sample = data[: 4 * _SAMPLE]
    decoded = sample.decode("utf-8", "replace")
    wrong = decoded.count("\ufffd")
    foreign = sum(map(decoded.count, set(decoded) - set(map(chr, range(128))) - {"\ufffd"}))
    if wrong <= 0.1 * foreign:
        return data.decode("utf-8", "replace")
    return data.decode(_guess(sample[:_SAMPLE]), "replace")


def _guess(sample: bytes) -> str:
    """The older encoding of a sample: that of western Windows, unless another makes a better language of it."""
    high = set(sample.translate(None, bytes(range(128))))
    if len(sample) < 64 or high <= set(_TYPOGRAPHIC):
        return "cp1252"
    from charset_normalizer import from_bytes

    matches = list(from_bytes(sample, threshold=0.3))
    if not matches:
        return "cp1252"
    best = matches[0]
    for match in matches:
        equal = match.chaos <= best.chaos and match.coherence >= best.coherence
        if equal and "cp1252" in match.could_be_from_charset:
            return "cp1252"
    return "cp1252" if best.encoding in ("ascii", "utf_8") else best.encoding
