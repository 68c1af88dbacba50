"""Decode the bytes of pages and of XML.

Owns: which encoding a page names for itself, and when its name is not to be trusted. Knows nothing about elements; the
guess for text without a name is that of ``rag.load.text``.
"""

from __future__ import annotations

import codecs
import re

from rag.load.text import canonical, decode, looks_binary

# The beginning of a page in which its encoding is named.
_HEAD_BYTES = 4096
_XML_DECLARATION = re.compile(rb"\s{0,20}<\?xml[^>]{0,200}?encoding\s{0,5}=\s{0,5}[\"']([\w:.-]{1,40})", re.I)
_META = re.compile(rb"<meta\b[^>]{0,300}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w:.-]{1,40})", re.I)
_COMMENT = re.compile(rb"<!--.{0,2000}?-->", re.S)
_BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# As browsers do, an older name stands for the larger encoding that pages really use under it.
_MEANT = {
    "cp1252": "latin1 iso-8859-1 iso8859-1 iso_8859-1 ascii us-ascii windows-1252 x-cp1252 l1 cp819",
    "gb18030": "gb2312 gbk gb_2312-80 x-gbk chinese csgb2312 iso-ir-58 gb_2312 gb18030",
    "cp932": "shift_jis shift-jis sjis x-sjis windows-31j ms_kanji csshiftjis cp932",
    "cp949": "euc-kr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean cseuckr windows-949",
    "cp1254": "iso-8859-9 iso8859-9 latin5 windows-1254",
    "cp874": "tis-620 iso-8859-11 dos-874 windows-874",
    "big5hkscs": "big5 big5-hkscs x-x-big5 cn-big5 csbig5",
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 utf-16 utf-16le utf-16be unicode x-unicode",
}
_ENCODINGS = {label: encoding for encoding, labels in _MEANT.items() for label in labels.split()}
_TRUSTED = re.compile(r"(?:iso8859-\d+|cp\d+|koi8-[rut]|mac-\w+|euc_jp|euc_jis_2004|iso2022_(?:jp|kr)\w*|hz|johab)$")
_MULTIBYTE = frozenset(("gb18030", "cp932", "cp949", "big5hkscs", "euc_jp", "iso2022_jp", "johab", "hz"))
# A page whose bytes are wrong in more than this share does not have the encoding that it names.
_WRONG = 0.02


def decode_markup(data: bytes, label: str = "") -> str:
    """Return the canonical text of a page.

    Args:
        data: The bytes of the file.
        label: The name of its encoding that was sent with it, which goes before the one in the page.

    Returns:
        Its text, in the encoding that its byte order mark or the page itself names, unless the bytes speak against it;
        else in the one that they make likely.

    Raises:
        SkipFile: For an empty file and for one that is not text.
    """
    if data.startswith(_BYTE_ORDER_MARKS) or looks_binary(data) or b"\0" in data[:_HEAD_BYTES]:
        return decode(data)
    encoding = encoding_of(label) or named_encoding(data)
    text = _decode_as(data, encoding) if encoding else ""
    return canonical(text) if text.strip() else decode(data)


def named_encoding(data: bytes) -> str:
    """Return Python's name of the encoding that a page or an XML file names in its beginning; "" for none."""
    head = data[:_HEAD_BYTES]
    named = _XML_DECLARATION.match(head) or _META.search(_COMMENT.sub(b"", head))
    return encoding_of(named[1].decode("ascii", "replace")) if named else ""


def encoding_of(label: str) -> str:
    """Return Python's name of the encoding that a label stands for; "" where it is none that pages use."""
    label = label.strip().lower()
    if label in _ENCODINGS:
        return _ENCODINGS[label]
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    return name if _TRUSTED.match(name) else ""


def _decode_as(data: bytes, encoding: str) -> str:
    """Return the text of bytes in an encoding, or "" where they do not have it."""
    if encoding not in _MULTIBYTE and encoding != "utf-8" and _is_utf8(data):
        return data.decode("utf-8")
    text = data.decode(encoding, "replace")
    if encoding in _MULTIBYTE or encoding == "utf-8":
        foreign = sum(1 for character in text if character > "\x7f")
        if text.count("\ufffd") > _WRONG * foreign:
            return ""
    return text


def _is_utf8(data: bytes) -> bool:
    """Tell whether bytes are UTF-8 with letters beyond ASCII, which hardly happens by chance."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
