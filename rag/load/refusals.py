"""Kinds of files that are known and not read, and what is said of them.

Owns: the signatures of pictures, recordings, programs, archives and older formats. Knows nothing about readers.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NoReturn

from rag.errors import LoadError, SkipFile
from rag.load.file import File
from rag.load.recognition.tesseract import OFF
from rag.notices import Notice

# (offset, signature, what it is). Only text can be indexed, so the user is told what the file is instead.
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (0, b"8BPS", "photoshop"),
    (0, b"\0\0\1\0", "icon"),
    (8, b"WEBP", "webp"),
    (8, b"WAVE", "sound"),
    (8, b"AVI ", "video"),
    (4, b"ftyp", "media"),
    (0, b"ID3", "sound"),
    (0, b"fLaC", "sound"),
    (0, b"OggS", "sound"),
    (0, b"MThd", "music"),
    (0, b"\x1aE\xdf\xa3", "video"),
    (0, b"\0\0\1\xba", "video"),
    (0, b"\x7fELF", "program"),
    (0, b"\xcf\xfa\xed\xfe", "program"),
    (0, b"\xfe\xed\xfa", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),
    (0, b"\0asm", "program"),
    (0, b"SQLite format 3\0", "sqlite"),
    (0, b"\x1f\x8b", "archive"),
    (0, b"BZh", "archive"),
    (0, b"\xfd7zXZ\0", "archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "archive"),
    (0, b"Rar!\x1a\x07", "archive"),
    (0, b"\x28\xb5\x2f\xfd", "archive"),
    (257, b"ustar", "archive"),
    (0, b"wOFF", "font"),
    (0, b"wOF2", "font"),
    (0, b"OTTO\0", "font"),
    (0, b"\0\1\0\0\0", "font-or-database"),
    (0, b"PAR1", "parquet"),
    (0, b"\x93NUMPY", "numpy"),
    (0, b"\x89HDF\r\n", "hdf"),
    (0, b"GGUF", "model"),
)
# Kinds of pictures whose words are read where tesseract is installed.
_PICTURES = frozenset(("png", "jpeg", "gif", "tiff", "webp", "bmp"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SVG_HEAD = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?(?:<!doctype\s+svg[^>]{0,300}>\s*)?<svg\b", re.I | re.S
)
_PICKLE = re.compile(rb"\x80[\x02-\x05].{0,200}", re.S)
# The formats of today that old Office formats are saved as.
_NEWER_SUFFIXES = {".doc": ".docx", ".xls": ".xlsx", ".ppt": ".pptx", ".dot": ".docx", ".xlt": ".xlsx", ".pps": ".pptx"}
# Programs whose files are saved as PDF to be read.
_NEWER_SUFFIXES |= dict.fromkeys((".vsd", ".pub", ".mpp", ".one", ".shw", ".wps"), ".pdf")


def refuse(file: File, package_suffixes: Collection[str], other_suffixes: Collection[str]) -> None:
    """Refuse a file that is no text, once no reader of another kind of file has recognised it.

    Args:
        file: The file.
        package_suffixes: The endings of formats that are zip packages.
        other_suffixes: Those of other formats that are not text.

    Raises:
        SkipFile: For a kind of file that is not read.
        LoadError: For a file that is protected, damaged, or not what its name says.
    """
    data, suffix = file.data, file.suffix
    if file.is_zip:
        _refuse_zip(file, package_suffixes)
    if data.startswith(_OLE):
        _refuse_ole(data, suffix)
    if kind := _kind(data):
        raise SkipFile(_reason(kind, file.limits.ocr_languages))
    if suffix in package_suffixes or suffix in other_suffixes:
        raise LoadError(Notice("file-not-its-name", {"format": suffix[1:].upper()}))
    if file.is_binary:
        raise SkipFile(Notice("file-binary"))
    if _SVG_HEAD.match(file.head):
        raise SkipFile(Notice("file-not-text", {"kind": "svg"}))


def picture_kind(data: bytes) -> str:
    """Return which kind of picture a file is, of those whose words can be recognised; "" for anything else."""
    kind = _kind(data)
    return kind if kind in _PICTURES else ""


def _reason(kind: str, ocr_languages: str) -> Notice:
    """Return why a file of a known kind is not read."""
    if kind == "archive":
        return Notice("file-archive")
    is_readable = kind in _PICTURES and ocr_languages != OFF
    return Notice("file-picture-needs-ocr" if is_readable else "file-not-text", {"kind": kind})


def _kind(data: bytes) -> str:
    """Return what a file is whose signature is known, or ""."""
    for offset, signature, kind in _SIGNATURES:
        if data.startswith(signature, offset):
            return kind
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return "bmp"
    if data.startswith(b"MZ") and b"\0" in data[:64]:
        return "program"
    if data[0] == 0xFF and len(data) > 3 and data[1] & 0xE6 == 0xE2 and data[1] != 0xFE:
        return "sound"
    return "pickle" if _PICKLE.match(data) and data.rstrip().endswith(b".") else ""


def _refuse_zip(file: File, package_suffixes: Collection[str]) -> NoReturn:
    """Refuse a zip package that no reader has recognised."""
    if file.is_damaged_zip and file.suffix in package_suffixes:
        raise LoadError(Notice("file-damaged-package"))
    if "[Content_Types].xml" in file.entries and "xl/workbook.bin" in file.entries:
        raise SkipFile(Notice("file-binary-workbook"))
    if any(entry.endswith(".iwa") for entry in file.entries) or "index.apxl" in file.entries:
        raise SkipFile(Notice("file-iwork"))
    if "content.xml" in file.entries and "mimetype" in file.entries:
        raise SkipFile(Notice("file-opendocument"))
    raise SkipFile(Notice("file-archive"))


def _refuse_ole(data: bytes, suffix: str) -> NoReturn:
    """Refuse a file of Microsoft's older container: protected documents, damaged messages and old Office formats."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise LoadError(Notice("file-protected"))
    if suffix == ".msg":
        raise LoadError(Notice("file-damaged-message"))
    newer = [_NEWER_SUFFIXES[suffix]] if suffix in _NEWER_SUFFIXES else [".docx", ".xlsx", ".pptx"]
    raise SkipFile(Notice("file-old-office", {"suffixes": newer}))
