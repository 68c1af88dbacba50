"""What a page is called among the sources of an index.

Owns: the name that an address becomes: host, path and an ending that says what the page is. A name never leads out of
its folder, and no two pages have one name. Pure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import unquote

from rag.hosting.upload_names import free_name, safe_name
from rag.load.readers import READERS
from rag.web.addresses import PageAddress

# A longer query is told by its hash.
_LONGEST_QUERY = 40
_PAGES = ("text/html", "application/xhtml+xml")
_HTML = (".html", ".htm", ".xhtml")
_OFFICE = "application/vnd.openxmlformats-officedocument."
# The ending of a file of each type; a page's own address may have another, or none.
_ENDINGS = {
    "text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf", "text/plain": ".txt",
    "text/markdown": ".md", "text/csv": ".csv", "text/tab-separated-values": ".tsv", "application/json": ".json",
    "application/ld+json": ".json", "application/x-ndjson": ".jsonl", "application/xml": ".xml", "text/xml": ".xml",
    "application/rss+xml": ".rss", "application/atom+xml": ".atom", "text/x-rst": ".rst", "application/rtf": ".rtf",
    "text/rtf": ".rtf", "application/epub+zip": ".epub", "application/x-ipynb+json": ".ipynb", "text/vtt": ".vtt",
    "text/calendar": ".ics", "message/rfc822": ".eml", "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods", "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/vnd.ms-excel": ".xls", f"{_OFFICE}wordprocessingml.document": ".docx",
    f"{_OFFICE}presentationml.presentation": ".pptx", f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    "image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tiff", "image/webp": ".webp", "image/gif": ".gif",
}  # fmt: skip


def name_of(address: PageAddress, media_type: str, taken: Iterable[str]) -> str:
    """Return the name of the source that a page becomes.

    Args:
        address: Its address.
        media_type: Its type, as its server names it; "" for none.
        taken: The names of other pages.

    Returns:
        A relative path of two parts or more, such as ``example.org/docs/start.html``; it is none of the others, nor
        does it lie in one, also where capitals do not count.
    """
    host = f"{address.host}:{address.port}" if address.port not in (80, 443) else address.host
    path, _, query = address.target.partition("?")
    # Signs that were escaped are what they stand for; one that parts folders parts them.
    *folders, leaf = re.split(r"[/\\]", unquote(path, errors="replace").lstrip("/"))
    wanted = _joined(host, [*folders, _leaf(leaf or "index", query, media_type)])
    names = {name.casefold() for name in taken}
    if any(str(parent).casefold() in names for parent in PurePosixPath(wanted).parents):
        # A page lies where its folder would: its path becomes one name.
        wanted = _joined(host, ["_".join(wanted.split("/")[1:])])
    return free_name(wanted, _Taken(names))


def _joined(host: str, parts: list[str]) -> str:
    """Return a harmless path of a host and some parts; the host is never lost, however many parts there are."""
    return f"{safe_name(host)}/{safe_name('/'.join(parts))}"


def _leaf(leaf: str, query: str, media_type: str) -> str:
    """Return the last part of a name, with the query in it and the ending that tells its reader what the page is."""
    stem, dot, ending = leaf.rpartition(".")
    suffix = f".{ending}" if dot and f".{ending.lower()}" in _suffixes(every=True) else ""
    stem = stem if suffix else leaf
    if query:
        shown = re.sub(r"[^\w=,-]+", "_", unquote(query, errors="replace"))
        short = hashlib.sha256(query.encode()).hexdigest()[:8]
        stem += f"_{shown if len(shown) <= _LONGEST_QUERY else short}"
    if media_type in _PAGES:
        # A page in place of a PDF keeps that name, so that its reader tells that it is none.
        is_told = suffix.lower() in _HTML or suffix.lower() in _suffixes(every=False)
        return f"{stem}{suffix}" if is_told else f"{stem}{suffix}.html"
    return f"{stem}{suffix or _ENDINGS.get(media_type, '')}"


@lru_cache(maxsize=2)
def _suffixes(every: bool) -> frozenset[str]:
    """Return the endings of all formats that are read, or only of those that are no text."""
    readers = [reader for _, reader in READERS.shipped() if every or reader.content != "text"]
    return frozenset(suffix for reader in readers for suffix in reader.suffixes) | ({".txt"} if every else set())


class _Taken:
    """Names that are taken, and the folders of their files: a page cannot lie where other pages' folder is."""

    def __init__(self, names: set[str]) -> None:
        folders = {str(parent) for name in names for parent in PurePosixPath(name).parents}
        self._taken = names | folders

    def __contains__(self, name: object) -> bool:
        return str(name).casefold() in self._taken
