"""Unpack zip-based documents (DOCX, XLSX, PPTX, ODT, ODP, EPUB) only as far as is safe.

Owns: the limits on unpacking, and the refusal of XML that declares entities. Knows nothing about what the parts mean.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from rag.errors import LoadError, SkipFile
from rag.notices import Notice

# Parts are unpacked so many bytes at a time.
_CHUNK_BYTES = 1 << 16
_MEDIA = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".mp3", ".mp4", ".wav", ".bin")
_XML = (".xml", ".rels", ".opf", ".vml")
_DAMAGE_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, KeyError)


def safe_package(data: bytes, max_expansion: float, keep: tuple[str, ...] = ()) -> io.BytesIO:
    """Return the same package with every part unpacked, counted and stored again.

    A library then reads no more than was counted: the sizes that a zip's directory declares may lie. Pictures and
    sounds come out empty.

    Args:
        data: The bytes of the package.
        max_expansion: How many times its size the parts may unpack to.
        keep: The endings of parts that come out whole though they look like pictures or sounds.

    Returns:
        The package, uncompressed.

    Raises:
        SkipFile: When it unpacks to more than that.
        LoadError: When it is damaged, protected by a password, or declares entities.
    """
    budget = int(max_expansion * len(data))
    too_large = SkipFile(Notice("file-zip-bomb", {"factor": max_expansion}))
    store = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(store, "w") as unpacked:
            if sum(entry.file_size for entry in packed.infolist()) > budget:
                raise too_large
            for entry in packed.infolist():
                if entry.is_dir():
                    continue
                if entry.flag_bits & 1:
                    raise LoadError(Notice("file-protected"))
                name = entry.filename
                if name.lower().endswith(_MEDIA) and not name.lower().endswith(keep):
                    unpacked.writestr(name, b"")
                    continue
                part = _unpack_part(packed, entry, budget)
                if part is None:
                    raise too_large
                budget -= len(part)
                if name.lower().endswith(_XML):
                    _refuse_entities(part)
                unpacked.writestr(name, part)
    except _DAMAGE_ERRORS:
        raise LoadError(Notice("file-damaged-package")) from None
    store.seek(0)
    return store


def _unpack_part(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: int) -> bytes | None:
    """Return a part, or None when it is larger than ``budget`` bytes."""
    chunks = []
    with packed.open(entry) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            budget -= len(chunk)
            if budget < 0:
                return None
            chunks.append(chunk)
    return b"".join(chunks)


def _refuse_entities(part: bytes) -> None:
    """Raise LoadError for XML with entities: only a DTD can declare one that grows, and office formats forbid DTDs."""
    # UTF-16 is searched without its NULs.
    is_utf16 = b"\0" in part[:4] or part[:2] in (b"\xff\xfe", b"\xfe\xff")
    if b"<!ENTITY" in (part.replace(b"\0", b"") if is_utf16 else part):
        raise LoadError(Notice("file-entities"))
