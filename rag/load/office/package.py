"""Look up the parts of a package of Office: their XML, what they are related to, and the properties of the file.

Owns: relations between parts, the namespaces of Strict files, and the safe parsing of XML. Knows nothing about what
the parts mean.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

from rag.errors import LoadError
from rag.notices import Notice

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# The namespaces of Strict files (ISO/IEC 29500-1), with those of all others (29500-4).
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _RELATIONS.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)
_STRICT_FAMILY = re.compile(rb"http://purl\.oclc\.org/ooxml/(wordprocessingml|presentationml|drawingml)/")
# What the parser says of elements in more than 256 others.
_TOO_DEEP = "Excessive depth"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of a part to another.

    Attributes:
        kind: The last word of its type, such as ``footnotes``.
        target: The name of the other part; "" for one outside the package.
    """

    kind: str
    target: str


class Package:
    """The parts of a package, each parsed once. What is missing or no XML is None."""

    def __init__(self, package: io.BytesIO) -> None:
        self._zip = zipfile.ZipFile(package)
        # The names of parts are the same in capital and small letters.
        self._names = {name.lower(): name for name in self._zip.namelist()}
        self._roots: dict[str, Any] = {}
        self._relations: dict[str, dict[str, Relation]] = {}

    def data(self, part: str) -> bytes | None:
        """Return the bytes of a part."""
        name = self._names.get(part.lower())
        return self._zip.read(name) if name is not None else None

    def xml(self, part: str) -> Any:
        """Return the root element of a part, with the namespaces of files that are not Strict."""
        if part not in self._roots:
            self._roots[part] = parse_xml(self.data(part))
        return self._roots[part]

    def relations(self, part: str) -> dict[str, Relation]:
        """Return what a part is related to, by identifier; "" is the package itself."""
        if part not in self._relations:
            folder, name = posixpath.split(part)
            root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
            self._relations[part] = {
                element.get("Id", ""): Relation(
                    element.get("Type", "").rsplit("/", 1)[-1],
                    "" if element.get("TargetMode") == "External" else _resolved(folder, element.get("Target", "")),
                )
                for element in (root if root is not None else ())
                if isinstance(element.tag, str)
            }
        return self._relations[part]

    def related(self, part: str, kind: str) -> str:
        """Return the first part of a kind that a part is related to.

        Args:
            part: The name of the part; "" for the package itself.
            kind: The kind of the relation, such as ``footnotes``.

        Returns:
            The name of the other part, or "".
        """
        return next((r.target for r in self.relations(part).values() if r.kind == kind and r.target), "")

    def main_part(self) -> tuple[str, Any]:
        """Return the name and the root of the part that holds the document.

        Raises:
            LoadError: When there is none.
        """
        part = self.related("", "officeDocument")
        root = self.xml(part) if part else None
        if root is None:
            raise LoadError(Notice("file-damaged-package"))
        return part, root

    def title_and_date(self) -> tuple[str, str]:
        """Return the title that the properties give, and the day of the last change, else of the making."""
        part = self.related("", "core-properties")
        root = self.xml(part) if part else None
        found = {etree.QName(e).localname: (e.text or "").strip() for e in root if isinstance(e.tag, str)} if (
            root is not None
        ) else {}  # fmt: skip
        return found.get("title", ""), first_day(found.get("modified", ""), found.get("created", ""))


def parse_xml(data: bytes | None) -> Any:
    """Return the root element of XML, or None; entities are not resolved and nothing is loaded.

    Args:
        data: The XML.

    Returns:
        Its root; None for none, and for what is no sound XML.

    Raises:
        LoadError: When it is nested more deeply than it is safe to read.
    """
    if not data:
        return None
    if _STRICT in data:
        for strict, transitional in _TRANSITIONAL:
            data = data.replace(strict, transitional)
        data = _STRICT_FAMILY.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                             remove_pis=True)  # fmt: skip
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if _TOO_DEEP in str(error):
            raise LoadError(Notice("file-nested")) from None
        return None


def first_day(*times: str) -> str:
    """Return the day of the first of some times that gives one, ``YYYY-MM-DD``, or ""."""
    days = (match.group() for time in times if (match := _DAY.match(time.strip())))
    return next((day for day in days if day > "1600"), "")


def _resolved(folder: str, target: str) -> str:
    """Return the name of a part from what a relation of a part in a folder says."""
    path = target if target.startswith("/") else posixpath.join("/", folder, target)
    return posixpath.normpath(path).lstrip("/")
