"""Parse XML without what makes it dangerous.

Owns: which entities may stand in a file, and that nothing outside it is read. Knows nothing about elements' meaning.
"""

from __future__ import annotations

import html
import re
from typing import Any

from rag.errors import LoadError
from rag.notices import Notice

_ENTITY = re.compile(
    r"<!ENTITY\s{1,100}(?P<parameter>%\s{1,20})?(?P<name>[\w.:-]{1,200})\s{1,100}"
    r"(?:\"(?P<double>[^\"]{0,10000})\"|'(?P<single>[^']{0,10000})'|(?P<outside>SYSTEM|PUBLIC)\b)"
)
_REFERENCE = re.compile(r"&([\w.:-]{1,200});")
# Entities that hold others grow with each level; a longer one grows by being named often.
_LONGEST_ENTITY = 500
_MOST_ENTITIES = 2000
_CHARACTER_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);")


def parse_xml(data: bytes) -> tuple[Any, dict[str, str]] | None:
    """Return the root of an XML file, and the texts of the entities that it declares.

    Args:
        data: The bytes of the file.

    Returns:
        An element of lxml, in which an entity stays a node, and the entities by name; None where it is no XML.

    Raises:
        LoadError: When it declares entities that grow, or that lead out of it.
    """
    from lxml import etree

    entities = _entities(data)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root, entities


def entity_text(name: str, entities: dict[str, str]) -> str:
    """Return what an entity stands for: one of the file's own, or one that HTML knows; "" for another."""
    if name in entities:
        return entities[name]
    known = html.unescape(f"&{name};")
    return "" if known == f"&{name};" else known


def _entities(data: bytes) -> dict[str, str]:
    """Return the entities that a file declares; refuse those that would not be safe."""
    is_utf16 = b"\0" in data[:4] or data[:2] in (b"\xff\xfe", b"\xfe\xff")
    plain = data.replace(b"\0", b"") if is_utf16 else data
    if b"<!ENTITY" not in plain:
        return {}
    encoding = "utf-8" if _is_utf8(plain) else "latin-1"
    text = plain.decode(encoding)
    entities: dict[str, str] = {}
    referred = set(_REFERENCE.findall(text))
    declared = 0
    for entity in _ENTITY.finditer(text):
        declared += 1
        name, value = entity["name"], entity["double"] or entity["single"] or ""
        if entity["outside"]:
            # What lies outside is never read: a file that names it in its text is refused.
            if not entity["parameter"] and name in referred:
                raise _refusal()
            continue
        if entity["parameter"] or "&" in _CHARACTER_REFERENCE.sub("", value) or len(value) > _LONGEST_ENTITY:
            raise _refusal()
        entities.setdefault(name, html.unescape(value))
    if declared != text.count("<!ENTITY") or declared > _MOST_ENTITIES:
        raise _refusal()
    return entities


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _refusal() -> LoadError:
    return LoadError(Notice("file-entities"))
