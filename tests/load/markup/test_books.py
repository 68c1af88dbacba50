"""Books and saved pages."""

from __future__ import annotations

import io
import zipfile

import pytest

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.markup.epub import read_epub
from rag.load.markup.mhtml import read_mhtml

OPF = (
    "<package><metadata><title>B</title></metadata><manifest><item id='1' href='a.xhtml'/><item id='2' href='b.xhtml'/>"
    "</manifest><spine><itemref idref='1'/><itemref idref='2'/></spine></package>"
)
LOCK = (
    "<encryption><EncryptedData><EncryptionMethod Algorithm='{}'/><CipherData><CipherReference URI='{}'/></CipherData>"
    "</EncryptedData></encryption>"
)


def book(**parts: str) -> io.BytesIO:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("META-INF/container.xml", "<container><rootfile full-path='c.opf'/></container>")
        archive.writestr("c.opf", OPF)
        for name, text in parts.items():
            archive.writestr(name.replace("_", "."), text)
    package.seek(0)
    return package


def test_a_chapter_that_is_missing_is_named() -> None:
    builder = Builder()
    assert read_epub(book(a_xhtml="<p>one"), builder) == "B"
    assert builder.text == "one"
    assert builder.warnings[0].values == {"names": ["b.xhtml"]}


def test_a_protected_book_is_told() -> None:
    package = book(a_xhtml="?")
    with zipfile.ZipFile(package, "a") as archive:
        archive.writestr(
            "META-INF/encryption.xml", LOCK.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "a.xhtml")
        )
    with pytest.raises(LoadError) as refused:
        read_epub(package, Builder())
    assert refused.value.notice.code == "file-protected"


def test_a_garbled_font_protects_nothing() -> None:
    package = book(a_xhtml="<p>one", b_xhtml="<p>two")
    with zipfile.ZipFile(package, "a") as archive:
        archive.writestr("META-INF/encryption.xml", LOCK.format("http://www.idpf.org/2008/embedding", "a.xhtml"))
    builder = Builder()
    read_epub(package, builder)
    assert builder.text == "one\n\ntwo"
    assert not builder.warnings


def test_empty_elements_of_xhtml_end() -> None:
    builder = Builder()
    first = "<?xml version='1.0'?><html><head><title/><script src='x'/></head><body><p>one</p></body></html>"
    read_epub(book(a_xhtml=first, b_xhtml="<p>two"), builder)
    assert builder.text == "one\n\ntwo"


def test_a_saved_page_reads_its_frames_and_nothing_else() -> None:
    data = (
        b"Subject: S\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
        b"--b\nContent-Type: text/html\n\n"
        b"<p>one<iframe src='cid:f'></iframe>\n--b\nContent-Type: text/html\nContent-ID: <f>\n\n<p>two\n"
        b"--b\nContent-Type: text/html\nContent-ID: <advert>\n\n<p>three\n--b--\n"
    )
    builder = Builder()
    assert read_mhtml(data, builder) == "S"
    assert builder.text == "one\n\ntwo"


def test_a_drawing_in_the_spine_is_read_and_a_part_without_a_file_is_named() -> None:
    package = (
        '<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="g" href="g.svg" media-type="image/svg+xml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="g"/><itemref idref="lost"/></spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>'
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("p.opf", package)
        archive.writestr("a.xhtml", "<html><body><p>one</p></body></html>")
        archive.writestr("g.svg", '<svg xmlns="http://www.w3.org/2000/svg"><text>Map of the mill</text></svg>')
    builder = Builder()
    read_epub(data, builder)
    assert builder.text == "one\n\nMap of the mill"
    assert [notice.values for notice in builder.warnings] == [{"names": ["lost"]}]
