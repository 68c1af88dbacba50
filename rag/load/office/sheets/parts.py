"""Read the XML parts of a package of Office or OpenDocument.

Owns: the parser's limits, relationships between parts, and the properties of a document. Knows nothing about sheets.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# A character that XML cannot hold, as Excel writes it.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Parts:
    """The parts of an unpacked package, by name; the case of letters does not matter."""

    def __init__(self, package: io.BytesIO) -> None:
        """Open a package that ``safe_package`` has unpacked."""
        self._zip = zipfile.ZipFile(package)
        self._names = {name.lower(): name for name in self._zip.namelist()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def bytes(self, name: str) -> bytes:
        """Return a part; b"" where there is none of that name."""
        actual = self._names.get(name.lower())
        return self._zip.read(actual) if actual else b""

    def xml(self, name: str) -> Any:
        """Return the root of a part; None where there is none of that name."""
        data = self.bytes(name)
        # A large part may be one line, which libxml2 takes for an attack; entities were refused while unpacking.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        return etree.fromstring(data, parser) if data.strip() else None

    def elements(self, name: str, tag: str) -> Iterator[Any]:
        """Yield the elements of one name in a part, each of which is forgotten when the next is asked for.

        Args:
            name: The name of the part.
            tag: The element's name, without its namespace.

        Yields:
            The elements, in order.
        """
        data = self.bytes(name)
        if data:
            yield from streamed(data, tag)

    def related(self, name: str) -> list[tuple[str, str, str]]:
        """Return id, kind and name of each part that a part refers to; "" is the package itself."""
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found = []
        for link in [] if root is None else root:
            target = (link.get("Target") or "").replace("\\", "/")
            if link.get("TargetMode") != "External" and isinstance(link.tag, str):
                path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found.append((link.get("Id") or "", (link.get("Type") or "").rsplit("/", 1)[-1], path))
        return found


def streamed(data: bytes, tag: str) -> Iterator[Any]:
    """Yield the elements of one name in XML, each of which is forgotten when the next is asked for.

    Args:
        data: The XML.
        tag: The element's name, without its namespace.

    Yields:
        The elements, in order.
    """
    events = etree.iterparse(
        io.BytesIO(data), tag=f"{{*}}{tag}", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    for _, element in events:
        yield element
        element.clear(keep_tail=False)
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def texts_of(element: Any, tag: str = "t", without: str = "rPh") -> str:
    """Return the texts in an element, joined.

    Args:
        element: The element.
        tag: The name of the elements that hold text.
        without: The name of elements whose text is left out: how a word is pronounced.

    Returns:
        The text, with characters that XML cannot hold put back.
    """
    texts = []
    for part in element.iter(f"{{*}}{tag}"):
        parent = part.getparent()
        if parent is None or etree.QName(parent).localname != without:
            texts.append(part.text or "")
    return unescaped("".join(texts))


def unescaped(text: str) -> str:
    """Put back the characters that XML cannot hold."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: " " if int(match[1], 16) < 32 else chr(int(match[1], 16)), text)


def day_of(*texts: str | None) -> str:
    """Return the day of the first text that begins with a date, else ""."""
    return next((match[0] for text in texts if text and (match := _DAY.match(text.strip()))), "")


def property_of(root: Any, name: str) -> str:
    """Return a property of a document, "" for none.

    Args:
        root: The part that holds the properties; None for none.
        name: The property's name, without its namespace.

    Returns:
        Its words.
    """
    element = None if root is None else next(root.iter(f"{{*}}{name}"), None)
    return "" if element is None else (element.text or "").strip()
