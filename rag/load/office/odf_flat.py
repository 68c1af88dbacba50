"""Make a package of a flat OpenDocument file, which holds in one text what a package holds in several parts.

Owns: where the parts of a flat file begin and end. Parses nothing: the readers of packages do.
"""

from __future__ import annotations

import io
import re
import zipfile

# Pictures and fonts stand in the text as base64.
_BINARY = re.compile(rb"(<office:binary-data\b[^<>]{0,1000}>)[^<]*(?=</office:binary-data>)")
# Where the root may begin, and how long it may be with the namespaces that it declares, in bytes.
_FURTHEST_ROOT, _LONGEST_ROOT = 2000, 20_000
_ROOT = re.compile(rb"<office:document\b[^<>]{1,20000}>")
_KIND = re.compile(rb"office:mimetype=[\"']application/vnd\.oasis\.opendocument\.([a-z]{1,40})")


def flat_kind(data: bytes) -> str:
    """Return the kind of a flat OpenDocument file by its beginning: ``text``, ``spreadsheet``; "" for another file."""
    start = data.find(b"<office:document ", 0, _FURTHEST_ROOT)
    kind = _KIND.search(data, start, start + _LONGEST_ROOT) if start >= 0 else None
    return kind[1].decode() if kind else ""


def flat_package(data: bytes) -> bytes:
    """Return a flat OpenDocument file as a package, without the pictures in it.

    Args:
        data: The bytes of the file.

    Returns:
        The bytes of a package that is not compressed; its properties have a part of their own.
    """
    text = _BINARY.sub(rb"\1", data)
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w") as packed:
        packed.writestr("content.xml", text)
        packed.writestr("styles.xml", text)
        packed.writestr("meta.xml", _properties(text))
    return store.getvalue()


def _properties(text: bytes) -> bytes:
    """Return the element with the properties of a file, in a root that declares the namespaces; b"" for none."""
    root = _ROOT.search(text)
    start = text.find(b"<office:meta>")
    end = text.find(b"</office:meta>", start)
    if root is None or start < 0 or end < 0:
        return b""
    return root[0] + text[start:end] + b"</office:meta></office:document>"
