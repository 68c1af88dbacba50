"""Tell text whose name says nothing, or something else, by its content.

Owns: the names that programs give to anything, and what pages, messages, JSON and rows begin with under such a name.
Knows nothing about how they are read.
"""

from __future__ import annotations

import re

from rag.load.data.json import is_json_lines, json_value
from rag.load.file import File
from rag.load.text import decode

# Web programs write pages and rows under the names of office files, and anything is called .txt.
_OFFICE_NAMES = (".doc", ".dot", ".xls", ".xlt", ".ppt", ".pps")
_SHEET_NAMES = (".xls", ".xlt")
_TEXT_NAMES = ("", ".txt", ".text", ".dat", ".asc")
# What programs call by these names is now and then JSON, or a message.
_ROW_NAMES, _PAGE_NAMES = (".csv", ".tsv", ".tab"), (".html", ".htm", ".xhtml")
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|meta|style|table|body|div)\b",
    re.I | re.S,
)
_FEED = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:rss|feed|rdf:RDF)\b", re.S)
_CAPTION = re.compile(rb"\s*\d{1,6}[ \t]*\r?\n\d{1,3}:\d\d:\d\d,\d{3} --> \d{1,3}:\d\d:\d\d,\d{3}")
_XML = re.compile(rb"\s*<\?xml\b")
_HEADER = re.compile(rb"([A-Za-z][A-Za-z-]{1,40}):[ \t]?[^\r\n]{0,998}(?:\r?\n[ \t][^\r\n]{0,998})*\r?\n")
# Headers that programs write and people do not: a memo has the others, too.
_HEADERS_OF_PROGRAMS = frozenset((b"mime-version", b"message-id", b"received", b"return-path", b"delivered-to"))
_HEADERS_OF_LETTERS = frozenset((b"from", b"subject", b"date", b"to"))
_SAVED_PAGE = re.compile(rb"Content-Type:\s*multipart/related\b", re.I)
# Larger text is not looked at for JSON: that would be to parse it twice.
_MOST_JSON_BYTES = 1_000_000
_BETWEEN_FIELDS = (("tsv", b"\t"), ("csv", b";"), ("csv", b","))


def told_by_content(file: File) -> str:
    """Return the name of the reader of a text whose ending does not tell it, or "" where its content does not, either.

    Files of other endings are what their name says, or nothing that is read: a page under the name of a PDF is what a
    server has sent in its place.
    """
    if file.suffix in _PAGE_NAMES:
        return _kind_of_page(file)
    is_office = file.suffix in _OFFICE_NAMES
    if not is_office and file.suffix not in (*_TEXT_NAMES, *_ROW_NAMES):
        return ""
    if file.is_zip or file.is_binary:
        return ""
    if is_office and _PAGE.match(file.head):
        return "html"
    if is_office and _XML.match(file.head):
        return "xml"
    if mail := _kind_of_mail(file.head):
        return mail
    if not is_office:
        return "captions" if _CAPTION.match(file.head) else _kind_of_json(file)
    return _kind_of_rows(file.head) if file.suffix in _SHEET_NAMES else ""


def _kind_of_page(file: File) -> str:
    """Return "xml" for a feed, "mhtml" or "mail" for a message under the name of a page, else ""."""
    if file.is_zip or file.is_binary:
        return ""
    if _FEED.match(file.head):
        return "xml"
    return _kind_of_mail(file.head)


def _kind_of_mail(head: bytes) -> str:
    """Return "mhtml" for a page saved as a message, "mail" for a message, by the headers at the very beginning."""
    names: set[bytes] = set()
    end = 0
    while header := _HEADER.match(head, end):
        names.add(header[1].lower())
        end = header.end()
    if not names & _HEADERS_OF_PROGRAMS:
        return ""
    if _SAVED_PAGE.search(head[:end]):
        return "mhtml"
    return "mail" if len(names & _HEADERS_OF_LETTERS) > 1 else ""


def _kind_of_json(file: File) -> str:
    """Return "notebook" or "json" for a text that is one JSON object or array, or one on each of its lines, else ""."""
    if len(file.data) > _MOST_JSON_BYTES or file.head.lstrip()[:1] not in (b"{", b"["):
        return ""
    text = decode(file.data)
    if is_json_lines(text):
        return "json"
    value = json_value(text)
    if isinstance(value, dict) and "nbformat" in value and isinstance(value.get("cells"), list):
        return "notebook"
    is_data = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(x, (dict, list)) for x in value))
    return "json" if value and is_data else ""


def _kind_of_rows(head: bytes) -> str:
    """Return "tsv" or "csv" for lines that are all parted by the same sign, else ""."""
    lines = [line for line in head.splitlines() if line.strip()]
    # The last one may be cut.
    lines = lines[:-1] if len(lines) > 2 else lines
    for kind, sign in _BETWEEN_FIELDS:
        counts = {line.count(sign) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and counts != {0}:
            return kind
    return ""
