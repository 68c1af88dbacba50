"""Tell what kind of file it is: by its content first, by its name second.

Owns: the signatures, and the reasons for which a kind of file is not read. Knows nothing about parsing.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath
from typing import NoReturn

from rag.errors import LoadError, SkipFile
from rag.load.text import looks_binary

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EPUB = "application/epub+zip"
HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
CODE = "text/x-source"
CSV = "text/csv"
TSV = "text/tab-separated-values"
JSON = "application/json"
JSONL = "application/jsonl"
EML = "message/rfc822"

_CODE_SUFFIXES = (
    ".bash .bat .c .cc .cfg .clj .cmake .conf .cpp .cs .css .cxx .dart .erl .ex .exs .f90 .go .gradle .groovy .h .hpp"
    " .hs .ini .java .jl .js .jsx .kt .kts .less .lua .m .mjs .ml .mm .nix .php .pl .proto .ps1 .py .pyi .r .rb .rs"
    " .scala .scss .sh .sql .svelte .swift .tcl .tex .tf .toml .ts .tsx .vb .vue .xml .xsd .xsl .yaml .yml .zig .zsh"
)
_BY_SUFFIX = {
    **dict.fromkeys(_CODE_SUFFIXES.split(), CODE),
    **dict.fromkeys((".html", ".htm", ".xhtml"), HTML),
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mdx", ".qmd", ".rmd"), MARKDOWN),
    **dict.fromkeys((".csv",), CSV),
    **dict.fromkeys((".tsv", ".tab"), TSV),
    **dict.fromkeys((".json", ".geojson", ".webmanifest"), JSON),
    **dict.fromkeys((".jsonl", ".ndjson"), JSONL),
    **dict.fromkeys((".eml",), EML),
}
_BY_NAME = dict.fromkeys(("makefile", "dockerfile", "cmakelists.txt", "jenkinsfile", "vagrantfile"), CODE)

# (offset, signature, what it is). Only text can be indexed, so the user is told what the file is instead.
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF87a", "a GIF picture"),
    (0, b"GIF89a", "a GIF picture"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (0, b"8BPS", "a Photoshop picture"),
    (0, b"\0\0\1\0", "an icon"),
    (8, b"WEBP", "a WebP picture"),
    (8, b"WAVE", "a sound recording"),
    (8, b"AVI ", "a video"),
    (4, b"ftyp", "a video, a sound recording or a picture"),
    (0, b"ID3", "a sound recording"),
    (0, b"fLaC", "a sound recording"),
    (0, b"OggS", "a sound recording"),
    (0, b"MThd", "a piece of music"),
    (0, b"\x1aE\xdf\xa3", "a video"),
    (0, b"\0\0\1\xba", "a video"),
    (0, b"\x7fELF", "a program"),
    (0, b"\xcf\xfa\xed\xfe", "a program"),
    (0, b"\xfe\xed\xfa", "a program"),
    (0, b"\xca\xfe\xba\xbe", "a program"),
    (0, b"\0asm", "a program"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (0, b"\x1f\x8b", "an archive"),
    (0, b"BZh", "an archive"),
    (0, b"\xfd7zXZ\0", "an archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "an archive"),
    (0, b"Rar!\x1a\x07", "an archive"),
    (0, b"\x28\xb5\x2f\xfd", "an archive"),
    (257, b"ustar", "an archive"),
    (0, b"wOFF", "a font"),
    (0, b"wOF2", "a font"),
    (0, b"OTTO\0", "a font"),
    (0, b"\0\1\0\0\0", "a font or a database"),
    (0, b"PAR1", "a Parquet table"),
    (0, b"\x93NUMPY", "an array of numbers"),
    (0, b"\x89HDF\r\n", "a set of arrays"),
    (0, b"GGUF", "the weights of a model"),
)
# Readers of PDF accept its header within the first kilobyte.
_PDF_HEADER_BYTES = 1024
# The beginning of a text that is looked at.
_HEAD_BYTES = 4096
_ARCHIVE = "an archive; unpack it and index the folder"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_HEAD = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_SVG_HEAD = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?(?:<!doctype\s+svg[^>]{0,300}>\s*)?<svg\b", re.I | re.S
)
_MAIL_HEAD = re.compile(
    rb"(?:From |Received:|Return-Path:|Delivered-To:|Message-ID:|MIME-Version:|Date:|From:|To:|Subject:)", re.I
)
_PICKLE = re.compile(rb"\x80[\x02-\x05].{0,200}", re.S)


def sniff(data: bytes, name: str) -> str:
    """Return the media type of a file that can be read.

    Args:
        data: The whole file: a zip keeps its directory at the end.
        name: Its name; the ending tells apart what content does not, such as Markdown and plain text.

    Returns:
        One of the media types above.

    Raises:
        SkipFile: For a kind that is not read, and for an empty file.
        LoadError: For a file that is protected, damaged, or not what its name says.
    """
    suffix = PurePath(name).suffix.lower()
    if not data:
        raise SkipFile("empty: there is no text in it")
    # Some writers put bytes before the header.
    if b"%PDF-" in data[:_PDF_HEADER_BYTES] and (data.startswith(b"%PDF-") or suffix == ".pdf"):
        return PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(data, suffix)
    if data.startswith(_OLE):
        _refuse_ole(data, suffix)
    if data.startswith(b"{\\rtf"):
        raise SkipFile("an RTF document, which is not supported; save it as .docx")
    _refuse_signature(data)
    if suffix in (".pdf", ".docx", ".pptx", ".xlsx", ".epub"):
        raise LoadError(f"not what its name says: there is no {suffix[1:].upper()} in it; export or download it again")
    if looks_binary(data):
        raise SkipFile("not a text: it holds binary data; only documents can be indexed")
    return _text_type(data, suffix, PurePath(name).name.lower())


def _refuse_signature(data: bytes) -> None:
    """Refuse pictures, sounds, programs and other files that begin with a known signature."""
    for offset, signature, description in _SIGNATURES:
        if data.startswith(signature, offset):
            raise SkipFile(_ARCHIVE if description == "an archive" else f"{description}; only text can be indexed")
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        raise SkipFile("a BMP picture; only text can be indexed")
    if data.startswith(b"MZ") and b"\0" in data[:64]:
        raise SkipFile("a program; only text can be indexed")
    if data[0] == 0xFF and len(data) > 3 and data[1] & 0xE6 == 0xE2 and data[1] != 0xFE:
        raise SkipFile("a sound recording; only text can be indexed")
    if _PICKLE.match(data) and data.rstrip().endswith(b"."):
        raise SkipFile("a Python pickle, which is never opened; only text can be indexed")


def _zip_type(data: bytes, suffix: str) -> str:
    """Return the media type of a zip package that can be read; refuse any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = {entry.filename: entry for entry in package.infolist()}
            mimetype = entries.get("mimetype")
            if mimetype and mimetype.file_size < 100 and package.read(mimetype).strip() == EPUB.encode():
                return EPUB
    except Exception:  # A damaged zip makes zipfile raise nearly anything.
        if suffix in (".docx", ".pptx", ".xlsx", ".epub"):
            raise LoadError("damaged: it cannot be unpacked; save it again or restore a copy") from None
        raise SkipFile(_ARCHIVE) from None
    if "[Content_Types].xml" in entries:
        for part, media_type in (("word/", DOCX), ("ppt/", PPTX), ("xl/", XLSX)):
            if any(name.startswith(part) for name in entries):
                if "xl/workbook.bin" in entries:
                    raise SkipFile("a binary Excel workbook; save it as .xlsx")
                return media_type
    if "META-INF/container.xml" in entries and suffix == ".epub":
        return EPUB
    if "content.xml" in entries and "mimetype" in entries:
        raise SkipFile("an OpenDocument file, which is not supported; save it as .docx, .xlsx or .pptx")
    raise SkipFile(_ARCHIVE)


def _refuse_ole(data: bytes, suffix: str) -> NoReturn:
    """Refuse a file of Microsoft's older container: protected documents, messages and old Office formats."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise LoadError("protected by a password; save a copy without one")
    newer = {".doc": ".docx", ".xls": ".xlsx", ".ppt": ".pptx", ".dot": ".docx"}.get(suffix)
    if suffix == ".msg":
        raise SkipFile("an Outlook message; save it as .eml")
    raise SkipFile(f"an old Office format; save it as {newer or '.docx, .xlsx or .pptx'}")


def _text_type(data: bytes, suffix: str, name: str) -> str:
    """Return the media type of a text by its name, unless its beginning says otherwise."""
    head = data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    if b"\0" in head:
        # UTF-16 in Latin script: what the tests below look for is in every other byte.
        head = head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    if _SVG_HEAD.match(head):
        raise SkipFile("an SVG picture; only text can be indexed")
    media_type = _BY_NAME.get(name) or _BY_SUFFIX.get(suffix, PLAIN)
    if media_type in (PLAIN, HTML) and _HTML_HEAD.match(head):
        return HTML
    if media_type == EML and not _MAIL_HEAD.search(head):
        return PLAIN
    if media_type == JSON and head.lstrip()[:1].strip(b'{["-0123456789tfn'):
        return PLAIN
    return media_type
