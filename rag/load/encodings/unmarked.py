"""Tell the encodings that show in the bytes: UTF-16 and UTF-32 without a mark, and ISO-2022 by its escapes.

Owns: those. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from rag.load.encodings.letters import FREQUENT

# The beginning of a file that is looked at.
_SAMPLE = 65_536
# Characters of a text that are looked at one by one.
_CHARACTERS = 4000
# A text has at most this share of characters that are never printed, and of letters of a third script.
_FEW, _STRANGE = 0.02, 0.05
# In Chinese, Japanese and Korean, at least this share of the letters are frequent ones.
_LEAST_FREQUENT, _FREQUENT = 0.2, frozenset("".join(FREQUENT.values()))
_ESCAPES = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b(?:\$[@B]|\$\([D@OPQ]|\(I)"), "iso2022_jp_ext"),
    (re.compile(rb"~\{(?:[\x21-\x7d][\x21-\x7e])+~\}"), "hz"),
)
_PRINTED = bytes({*range(32, 256), *b"\t\n\v\f\r\x1b"})
_SPACES = frozenset("\t\n\v\f\r")


def shown_encoding(data: bytes) -> str:
    """Return the encoding that bytes without a byte order mark show for certain; "" for another."""
    head = data[:_SAMPLE]
    if b"\0" in head or 50 * len(head.translate(None, _PRINTED)) > len(head):
        return _wide(head) or _escaped(head, data)
    return _escaped(head, data)


def _escaped(head: bytes, data: bytes) -> str:
    """Return the encoding that changes its letters by escapes, where all of the bytes are in it."""
    for escape, encoding in _ESCAPES:
        if not escape.search(head):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.isascii():
            return encoding
    return ""


def _wide(head: bytes) -> str:
    """Return the encoding of two or four bytes a character that makes a text of the bytes."""
    if len(head) >= 8 and not len(head) % 4:
        for encoding in ("utf-32-le", "utf-32-be"):
            if _is_text(head, encoding):
                return encoding
    head = head[: len(head) // 2 * 2]
    if len(head) >= 4:
        for encoding in ("utf-16-le", "utf-16-be"):
            if _is_text(head, encoding):
                return encoding
    return ""


def _is_text(head: bytes, encoding: str) -> bool:
    """Tell whether bytes are a text in an encoding: printed characters of one script, and what stands beside it."""
    text = head.decode(encoding, "replace")
    # The sample may end within a pair.
    text = text[:_CHARACTERS].removesuffix("\ufffd")
    if not text:
        return False
    counts = Counter(text)
    strange = sum(count for sign, count in counts.items() if not (sign.isprintable() or sign in _SPACES))
    strange += counts["\ufffd"]
    if strange > _FEW * len(text) + (1 if len(text) > 20 else 0):
        return False
    scripts: Counter[str] = Counter()
    for sign, count in counts.items():
        if not sign.isascii() and sign.isalpha():
            scripts[_script(sign)] += count
    if scripts and scripts.most_common(1)[0][0] in ("CJK", "HANGUL"):
        # Bytes of anything make letters of these; a text has frequent ones.
        frequent = sum(count for sign, count in counts.items() if sign in _FREQUENT or "\u3040" <= sign <= "\u30ff")
        if frequent < _LEAST_FREQUENT * scripts.total():
            return False
    letters = scripts.total()
    told = sum(count for _, count in scripts.most_common(1))
    usual = sum(count for sign, count in counts.items() if sign.isascii())
    return letters - told <= _STRANGE * len(text) and 2 * (told + usual) >= len(text)


def _script(sign: str) -> str:
    name = unicodedata.name(sign, "").split(" ")[0].partition("-")[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "FULLWIDTH", "HALFWIDTH", "IDEOGRAPHIC") else name
