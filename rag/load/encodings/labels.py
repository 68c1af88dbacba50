"""Read the names of encodings, as browsers do: a label stands for the superset that its bytes are written in.

Owns: labels, and where a text file declares its own. Source: WHATWG, "Encoding", 4.2. Pure.
"""

from __future__ import annotations

import codecs
import re

_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
}
# Labels that Python has no codec for.
_FURTHER = {
    "x-gbk": "gb18030",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ksc5601": "cp949",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-user-defined": "",
    "unicode-1-1-utf-8": "utf-8",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
}
# Codecs of Python that make no text of bytes, or run what they are given.
_NO_TEXT = frozenset({"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape", "mbcs", "oem"})
# Standards within those, different in a few signs such as the wave dash: a text wholly in one was written by it.
_STANDARDS = {"gb18030": "gb2312", "cp932": "shift_jis", "cp874": "tis-620", "cp950": "big5", "cp949": "euc_kr"}
# So much of a file is looked at for what it declares, in bytes.
_HEAD = 1024
_XML = re.compile(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([-\w.:]{2,40})[\"']", re.I)
_META = re.compile(rb"<meta\b[^>]{0,300}?\bcharset\s*=\s*[\"']?\s*([-\w.:]{2,40})", re.I)
_CODING = re.compile(rb"(?:[^\n]*\n)?[ \t\f]*#[^\n]{0,200}?coding[:=][ \t]*([-\w.]{2,40})")


def codec_of_label(label: str) -> str:
    """Return the name of Python's codec for a label, such as ``cp1252`` for ``ISO-8859-1``; "" for an unknown one."""
    name = label.strip().strip("\"'").lower()
    if name in _FURTHER:
        return _FURTHER[name]
    try:
        codec = codecs.lookup(name)
        b"aaaa".decode(name, "replace")
    except (LookupError, ValueError):
        return ""
    found = codec.name.lower()
    return "" if found.replace("-", "_") in _NO_TEXT else _SUPERSETS.get(found, found)


def narrowest(data: bytes, codec: str) -> str:
    """Return the codec that a text was written by.

    Args:
        data: The bytes of the text.
        codec: Its codec, which may be the superset of several.

    Returns:
        The standard within the superset where all of the bytes are in it, else the superset.
    """
    standard = _STANDARDS.get(codec, "")
    try:
        if standard:
            data.decode(standard)
    except UnicodeDecodeError:
        return codec
    return standard or codec


def declared_encoding(data: bytes) -> str:
    """Return the codec that the beginning of a text declares, as XML, HTML and scripts do; "" for none.

    What could be read is in ASCII, so UTF-16 and UTF-32 are no true declarations.
    """
    head = data[:_HEAD]
    match = _XML.match(head) or (_META.search(head) if b"<" in head else None) or _CODING.match(head)
    codec = codec_of_label(match.group(1).decode("ascii", "replace")) if match else ""
    return "" if codec.startswith(("utf-16", "utf-32", "utf_16", "utf_32")) else codec
