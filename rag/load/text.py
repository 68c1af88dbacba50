r"""Decode bytes to canonical text.

Owns: the choice of an encoding, and what canonical means (newlines are ``\n``, no NUL, no lone surrogate, no byte
order mark). Knows nothing about structure.
"""

from __future__ import annotations

import codecs
import re

from rag.errors import SkipFile
from rag.load.encodings import codec_of_label, declared_encoding, guess_encoding, narrowest, shown_encoding
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
# A text has at most this share of control characters.
_FEW = 0.02
# Bytes that UTF-8 needs beyond one a character, from which on bytes are UTF-8 whatever they are said to be.
_SURELY_UTF8 = 2
# Wrong bytes for each character beyond ASCII, up to which bytes are UTF-8: other encodings make such characters by
# chance, and many more wrong bytes.
_WRONG_IN_UTF8 = 0.34
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b") + b"\x7f"
# The quotes, dashes and signs that English texts of western Windows use, and nothing else of it.
_TYPOGRAPHIC = b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xa7\xa9\xae\xb0\xb7"
# The soft hyphen and characters without width. Joiners of letters (U+200C, U+200D) are no such marks: Persian, the
# scripts of India and pictographs need them.
_BREAKS = re.compile("[\u00ad\u200b\u2060\ufeff]")
_UNSAFE = re.compile("[\0\ud800-\udfff]")


def canonical(text: str) -> str:
    r"""Return ``text`` with newlines ``\n``, and U+FFFD in place of every NUL and lone surrogate."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSAFE.sub("\ufffd", text)


def without_breaks(text: str) -> str:
    """Return a text of a converted format without the marks that show only where a word may break."""
    return text if text.isascii() else _BREAKS.sub("", text)


def decode(data: bytes, label: str = "") -> str:
    """Return the canonical text of a text file.

    Args:
        data: The bytes of the file.
        label: The encoding that its container names, as ``charset`` of a part of a message; "" for none. It is read as
            the superset that is usually meant (``gb2312`` as GB 18030), and not followed where it cannot be right.

    Returns:
        Its text, in the encoding that its byte order mark, its bytes, the label, or the text itself gives, else in
        the one that its bytes make likely.

    Raises:
        SkipFile: For an empty file and for one that is not text.
    """
    text = canonical(_decode(data, label))
    if not text.strip():
        raise SkipFile(Notice("file-empty"))
    return text


def looks_binary(data: bytes) -> bool:
    """Tell whether the beginning of a file holds more control characters than a text ever does."""
    head = data[:_SAMPLE_BYTES]
    if _byte_order_mark(head) or shown_encoding(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > _FEW * len(head) and controls > 1


def _decode(data: bytes, label: str) -> str:
    if marked := _byte_order_mark(data):
        mark, encoding = marked
        return data[len(mark) :].decode(encoding, "replace")
    if encoding := shown_encoding(data):
        return data.decode(encoding, "replace")
    if looks_binary(data):
        raise SkipFile(Notice("file-binary"))
    named = codec_of_label(label)
    declared = named or declared_encoding(data)
    utf8 = _strictly(data, "utf-8")
    if utf8 is not None and (not declared or _counts_as_utf8(utf8)):
        return utf8
    text = _strictly(data, named or narrowest(data, declared)) if declared else None
    if text is None:
        text = utf8
    return _decode_damaged(data) if text is None else text


def _strictly(data: bytes, encoding: str) -> str | None:
    """Return the text of bytes that are all in an encoding, else None."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _counts_as_utf8(text: str) -> bool:
    """Tell whether so much of a text is outside of ASCII that it cannot be UTF-8 by chance; or nothing of it is."""
    return text.isascii() or len(text.encode("utf-8", "replace")) - len(text) >= _SURELY_UTF8


def _byte_order_mark(data: bytes) -> tuple[bytes, str] | None:
    """Return the mark that a file begins with and the encoding it stands for, or None."""
    return next((pair for pair in _BYTE_ORDER_MARKS if data.startswith(pair[0])), None)


def _decode_damaged(data: bytes) -> str:
    """Return the text of bytes that are not UTF-8, or UTF-8 with a few wrong bytes: the encoding is guessed."""
    sample = data[: 4 * _SAMPLE_BYTES]
    # A character that the end cuts is no error, so the end is not told.
    decoded = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    wrong = decoded.count("\ufffd")
    not_ascii = sum(map(decoded.count, set(decoded) - set(map(chr, range(128))) - {"\ufffd"}))
    if not_ascii and wrong <= _WRONG_IN_UTF8 * not_ascii:
        return data.decode("utf-8", "replace")
    return data.decode(narrowest(data, guess_encoding(sample[:_SAMPLE_BYTES])), "replace")
