"""Zip-based documents, unpacked only as far as is safe.

Owns: the limits on unpacking, and the refusal of XML that declares entities. Knows nothing about what the parts mean.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from rag.errors import LoadError, SkipFile

_PART = 1 << 16
_MEDIA = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".mp3", ".mp4", ".wav", ".bin")
_XML = (".xml", ".rels", ".opf", ".vml")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, KeyError)


def open_package(data: bytes, max_expansion: float) -> io.BytesIO:
    """The same package with every part unpacked, counted and stored again, so that a library reads no more than was
    counted: the sizes that a zip's directory declares may lie. Pictures and sounds come out empty.

    Raises SkipFile when it unpacks to more than ``max_expansion`` times its size, LoadError when it is damaged.
    """
    budget = int(max_expansion * len(data))
    too_large = SkipFile(
        f"unpacks to more than {max_expansion:g} times its size, as a zip bomb does; raise RAG_MAX_EXPANSION to read it"
    )
    store = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(store, "w") as unpacked:
            if sum(entry.file_size for entry in packed.infolist()) > budget:
                raise too_large
            for entry in packed.infolist():
                if entry.is_dir():
                    continue
                if entry.flag_bits & 1:
                    raise LoadError("protected by a password; save a copy without one")
                name = entry.filename
                if name.lower().endswith(_MEDIA):
                    unpacked.writestr(name, b"")
                    continue
                part = _read(packed, entry, budget)
                if part is None:
                    raise too_large
                budget -= len(part)
                if name.lower().endswith(_XML):
                    _refuse_entities(part)
                unpacked.writestr(name, part)
    except _DAMAGED:
        raise LoadError("damaged: it cannot be unpacked; save it again or restore a copy") from None
    store.seek(0)
    return store


def _read(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: int) -> bytes | None:
    """A part read bit by bit, or None when it is larger than the budget."""
    parts = []
    with packed.open(entry) as stream:
        while part := stream.read(_PART):
            budget -= len(part)
            if budget < 0:
                return None
            parts.append(part)
    return b"".join(parts)


def _refuse_entities(part: bytes) -> None:
    """Office formats forbid a DTD, and only a DTD can declare an entity that grows; NULs are dropped for UTF-16."""
    head = part.replace(b"\0", b"") if b"\0" in part[:4] or part[:2] in (b"\xff\xfe", b"\xfe\xff") else part
    if b"<!ENTITY" in head:
        raise LoadError("refused: its XML declares entities, as an attack does; save it again in its program")
