"""A folder of files as the world really sends them: broken, hostile, or not documents at all.

``build(folder)`` writes them and returns what ingestion may say of each: relative name -> statuses joined by ``|``.
Names that a file system refuses are left out.
"""

from __future__ import annotations

import gzip
import io
import os
import sqlite3
import struct
import wave
import zipfile
import zlib
from pathlib import Path

DEEP = 200_000
CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'officeDocument" Target="word/document.xml"/></Relationships>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTAINER = b"<container><rootfiles><rootfile full-path='c.opf'/></rootfiles></container>"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "lollollol">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b'<!ENTITY x SYSTEM "file:///etc/passwd">]>'
)


def pdf(
    content: bytes = b"BT /F1 24 Tf 72 700 Td (Hello from a PDF.) Tj ET", page: bytes = b"", info: bytes = b""
) -> bytes:
    """A PDF of one page, written byte by byte. ``page`` is added to the page's dictionary, ``info`` to the trailer."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>"
        + (page if b"/MediaBox" in page else b"/MediaBox[0 0 612 792]" + page)
        + b">>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        info,
        len(data),
    )


def encrypted_pdf() -> bytes:
    """The same PDF with a standard security handler whose password nobody knows."""
    secret = b"<" + b"ab" * 32 + b">"
    handler = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O " + secret + b"/U " + secret + b">>"
    return pdf(info=handler)


def package(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def docx(document: bytes) -> bytes:
    return package({"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document})


def bomb_docx(megabytes: int = 40) -> bytes:
    return docx(b"<w:document xmlns:w='" + WORD.encode() + b"'>" + b" " * (megabytes << 20) + b"</w:document>")


def lying_docx(megabytes: int = 40) -> bytes:
    """A bomb whose directory claims that the document unpacks to 100 bytes, with the checksum of those."""
    data = bytearray(bomb_docx(megabytes))
    checksum = zlib.crc32((b"<w:document xmlns:w='" + WORD.encode() + b"'>" + b" " * 100)[:100])
    for signature, crc_at, size_at, name_at in ((b"PK\1\2", 16, 24, 46), (b"PK\3\4", 14, 22, 30)):
        position = data.find(signature)
        while position >= 0:
            if data[position + name_at :].startswith(b"word/document.xml"):
                struct.pack_into("<I", data, position + crc_at, checksum)
                struct.pack_into("<I", data, position + size_at, 100)
            position = data.find(signature, position + 1)
    return bytes(data)


def xlsx() -> bytes:
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.active.append(["Name", "Amount"])
    workbook.active.append(["Rent", 500])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def ole(extra: bytes = b"") -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + extra + b"\0" * 1000


def picture() -> bytes:
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0\xff\0\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def sound() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\0\1" * 100)
    return buffer.getvalue()


def database(path: Path) -> bytes:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    connection.close()
    return path.read_bytes()


FILES: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "skipped"),
    "blank.md": (b" \n\t\r\n  \n", "skipped"),
    "truncated.pdf": (pdf()[:300], "failed|skipped"),
    "fake.pdf": (b"This is no PDF at all.\n", "failed"),
    "encrypted.pdf": (encrypted_pdf(), "failed"),
    "really-a-pdf.txt": (pdf(), "added"),
    "without-text.pdf": (pdf(b"0 0 100 100 re f"), "skipped"),
    "lying.docx": (lying_docx(), "failed|skipped"),
    "bomb.docx": (bomb_docx(), "failed|skipped"),
    "not-a-zip.docx": (b"Dear Sir or Madam,\n", "failed"),
    "entities.docx": (
        docx(BOMB + b"<w:document xmlns:w='%s'><w:body><w:p>&a9;&x;</w:p></w:body></w:document>" % WORD.encode()),
        "failed",
    ),
    "truncated.xlsx": (xlsx()[:2000], "failed"),
    "protected.xlsx": (ole("EncryptedPackage".encode("utf-16-le")), "failed"),
    "old.doc": (ole("WordDocument".encode("utf-16-le")), "skipped"),
    "invalid-utf8.txt": ("Die Brücke über den Fluß ist geschlossen. ".encode() * 20 + b"\xff\xfe\xc3 end", "added"),
    "latin1.txt": ("Le café est fermé à Noël; les élèves sont rentrés très tôt. ".encode("cp1252") * 5, "added"),
    "utf16.txt": ("The bridge is closed until May.\n".encode("utf-16-le") * 10, "added"),
    "utf32.txt": ("The bridge is closed until May.\n".encode("utf-32"), "added"),
    "some-nuls.txt": (b"The bridge is closed.\0 It opens in May. " * 3, "added|skipped"),
    "nuls.txt": (b"\0" * 5000, "skipped"),
    "deep.json": (b"[" * DEEP + b"]" * DEEP, "failed"),
    "deep-objects.json": (b'{"a":' * 5000 + b"1" + b"}" * 5000, "failed"),
    "invalid.json": (b'{"name": "bridge", "open": tru', "added"),
    "surrogates.json": (b'{"name": "\\ud800 bridge \\udfff"}', "added"),
    "broken-line.jsonl": (b'{"a": 1}\n{"a": \n{"a": 3}\n', "added"),
    "png.txt": (picture(), "skipped"),
    "picture.png": (picture(), "skipped"),
    "sound.wav": (sound(), "skipped"),
    "sound.mp3": (b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 100, "skipped"),
    "program.exe": (b"MZ\x90\0\3\0\0\0" + b"\0" * 500, "skipped"),
    "pickle.pkl": (b"\x80\x04\x95\x0b\0\0\0\0\0\0\0\x8c\x07Trouble\x94.", "skipped"),
    "ragged.csv": (b"name,amount\nrent,500,extra\nfood\n,,\nheat,80\n", "added"),
    "open-quote.csv": (b'name,amount\nrent,"500\nheat,80\n', "added"),
    "open.html": (b"<html><body><div><p>The bridge is <b>closed" + b"<div>" * 20_000, "added"),
    "script.html": (b"<html><script>alert(1)</script></html>", "skipped"),
    "no-spine.epub": (
        package(
            {
                "mimetype": b"application/epub+zip",
                "META-INF/container.xml": CONTAINER,
                "c.opf": b"<package><manifest/></package>",
            }
        ),
        "failed",
    ),
    "garbage.eml": (
        b"From: \xff\xfe\nContent-Type: multipart/mixed; boundary=\n\n\xff--\nHello",
        "added|failed|skipped",
    ),
    "archive.zip": (package({"a.txt": b"hello"}), "skipped"),
    "archive.txt.gz": (gzip.compress(b"hello"), "skipped"),
    "rich.rtf": (b"{\\rtf1\\ansi Hello}", "added"),
    'it\'s "quoted" \n name.txt': (b"The bridge is closed.", "added"),
    "n" * 240 + ".txt": (b"The bridge is closed.", "added"),
    "folder.pdf/inner.txt": (b"The bridge is closed.", "added"),
}


def build(folder: Path) -> dict[str, str]:
    """Write the files into ``folder``; return the statuses that each may have."""
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, (data, statuses) in FILES.items():
        if _write(folder / name, data):
            expected[name] = statuses
    data = database(folder / "database.sqlite")
    (folder / "database.txt").write_bytes(data)
    expected |= {"database.sqlite": "skipped", "database.txt": "skipped"}
    # 200 MB of one line, as a hole: it takes no room and no time.
    with open(folder / "one-line.txt", "wb") as file:
        file.truncate(200_000_000)
    expected["one-line.txt"] = "skipped"
    _write(folder / "unreadable.txt", b"The bridge is closed.")
    (folder / "unreadable.txt").chmod(0)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    expected["unreadable.txt"] = "added" if root else "failed|skipped"
    for name, target in (("loop", "."), ("loop.txt", "loop.txt"), ("dangling.txt", "nothing"), ("out", "/etc/hosts")):
        os.symlink(target, folder / name)
        expected[name] = "failed|skipped"
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "fifo.txt")
        expected["fifo.txt"] = "failed|skipped"
    strange = Path(os.fsdecode(os.fsencode(folder) + b"/bad-\xff.txt"))
    if _write(strange, b"The bridge is closed."):
        expected["bad-\\xff.txt"] = "added"
    return expected


def _write(path: Path, data: bytes) -> bool:
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    except OSError:
        return False
    return True
