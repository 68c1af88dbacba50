"""Read the words of RTF: control words, bytes in the encodings of its fonts, and signs.

Owns: the splitting into tokens, and what bytes and signs are as characters. Knows nothing about paragraphs. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# The encodings of the character sets that fonts name, and of the code pages that files do.
_CHARSETS = {0: "cp1252", 77: "mac_roman", 78: "shift_jis", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk",
             136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
             204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850"}  # fmt: skip
_CODE_PAGES: dict[int, str] = {10000: "mac_roman", 936: "gbk", 65001: "utf-8", 708: "iso8859_6"} | {
    page: f"cp{page}"
    for page in (437, 850, 852, 855, 857, 860, 861, 862, 863, 864, 865, 866, 874, 932, 949, 950, *range(1250, 1259))
}
SIGNS = {"tab": "\t", "line": "\n", "lbr": "\n", "page": "\n", "column": "\n", "emdash": "—", "endash": "–",
         "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ",
         "enspace": " ", "qmspace": " "}  # fmt: skip
ESCAPED = {"~": "\u00a0", "_": "-", "{": "{", "}": "}", "\\": "\\"}
SYMBOL_CHARSET = 2


class Token(NamedTuple):
    """A piece of RTF.

    Attributes:
        kind: ``word`` for a control word, ``byte``, ``sign`` for a control symbol, ``brace`` or ``text``.
        text: Its letters: of a byte its two digits.
        number: The number behind a control word; None for none.
    """

    kind: str
    text: str
    number: int | None = None


def tokens(data: bytes) -> Iterator[Token]:
    """Yield the pieces of a file. What a control word says are bytes of a picture is passed over."""
    source = data.decode("latin-1")
    position = 0
    while match := _TOKEN.match(source, position):
        position = match.end()
        kind = match.lastgroup
        if kind in ("word", "number"):
            number = int(match["number"]) if match["number"] else None
            if match["word"] == "bin":
                position += max(number or 0, 0)
            yield Token("word", match["word"], number)
        elif kind is not None:
            yield Token(kind, match[kind])


def encoding_of_charset(charset: int, default: str) -> str:
    """Return the encoding of a font by the character set that it names.

    Args:
        charset: The number of the character set.
        default: The encoding of the file, for a font that names none.

    Returns:
        The name of the encoding.
    """
    return _CHARSETS.get(charset, default)


def encoding_of_code_page(page: int) -> str:
    """Return the encoding of a code page; that of western Windows for one that is not known."""
    return _CODE_PAGES.get(page, "cp1252")


def decoded(data: bytes, encoding: str) -> str:
    """Return bytes as characters; those that are none in the encoding become U+FFFD.

    Args:
        data: The bytes.
        encoding: The name of the encoding.

    Returns:
        The characters.
    """
    return str(data, encoding, "replace")


def joined(text: str) -> str:
    """Return characters with the halves of surrogate pairs put together."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
