"""Parse XML without what makes it dangerous.

Owns: which entities may stand in a file, and that nothing outside it is read. Knows nothing about elements' meaning.
"""

from __future__ import annotations

import html
import re
from typing import Any, NamedTuple

from rag.errors import LoadError
from rag.notices import Notice

_ENTITY = re.compile(
    r"<!ENTITY\s{1,100}(?P<parameter>%\s{1,20})?(?P<name>[\w.:-]{1,200})\s{1,100}"
    r"(?:\"(?P<double>[^\"]{0,10000})\"|'(?P<single>[^']{0,10000})'|(?P<outside>SYSTEM|PUBLIC)\b[^>\"']{0,50}(?:[\"'](?P<place>[^\"']{1,300}))?)"
)
_REFERENCE = re.compile(r"&([\w.:-]{1,200});")
# Entities that hold others grow with each level; a longer one grows by being named often.
_LONGEST_ENTITY = 500
_MOST_ENTITIES = 2000
_CHARACTER_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);")


class Parsed(NamedTuple):
    """An XML file.

    Attributes:
        root: Its root, an element of lxml in which an entity stays a node.
        entities: The texts of its entities by name.
        outside: The files that its text takes in, which are not read.
    """

    root: Any
    entities: dict[str, str]
    outside: list[str]


def parse_xml(data: bytes) -> Parsed | None:
    """Return an XML file, or None for what is no sound XML.

    Args:
        data: The bytes of the file.

    Returns:
        Its root and entities.

    Raises:
        LoadError: When it declares entities that grow.
    """
    from lxml import etree

    entities, outside = _entities(data)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return Parsed(root, entities, outside)


def entity_text(name: str, entities: dict[str, str]) -> str:
    """Return what an entity stands for.

    Args:
        name: Its name.
        entities: The texts of the file's own entities.

    Returns:
        Its text, also of one that HTML knows; "" for another.
    """
    if name in entities:
        return entities[name]
    known = html.unescape(f"&{name};")
    return "" if known == f"&{name};" else known


def _entities(data: bytes) -> tuple[dict[str, str], list[str]]:
    """Return the entities that a file declares, and the places outside it that its text takes in by others.

    Raises:
        LoadError: When one of them is not safe.
    """
    is_utf16 = b"\0" in data[:4] or data[:2] in (b"\xff\xfe", b"\xfe\xff")
    plain = data.replace(b"\0", b"") if is_utf16 else data
    if b"<!ENTITY" not in plain:
        return {}, []
    encoding = "utf-8" if _is_utf8(plain) else "latin-1"
    text = plain.decode(encoding)
    entities: dict[str, str] = {}
    outside: list[str] = []
    referred = set(_REFERENCE.findall(text))
    declared = 0
    for entity in _ENTITY.finditer(text):
        declared += 1
        name, value = entity["name"], entity["double"] or entity["single"] or ""
        if entity["outside"]:
            # What lies outside is never read.
            if not entity["parameter"] and name in referred:
                outside.append(entity["place"] or name)
                entities.setdefault(name, "")
            continue
        if entity["parameter"] or "&" in _CHARACTER_REFERENCE.sub("", value) or len(value) > _LONGEST_ENTITY:
            raise LoadError(Notice("file-entities"))
        entities.setdefault(name, html.unescape(value))
    if declared != text.count("<!ENTITY") or declared > _MOST_ENTITIES:
        raise LoadError(Notice("file-entities"))
    return entities, outside


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
