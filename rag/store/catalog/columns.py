"""How values stand in the columns of a catalog.

Owns: what of a value SQLite cannot take as it is, and how it is written and read instead. Knows nothing about tables.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Sequence

from rag.injection.detector import BOOK, find_injections
from rag.notices import Notice
from rag.types import Block, Table, tables_as_json, tables_from_json

# No path of a file begins like this: it is absolute.
_BYTES = "bytes:"


def storable(text: str) -> str:
    """Return text that came from outside as SQLite takes it: a browser may send half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


def path_value(path: str) -> str:
    """Return a path as it is stored: itself, or the file system's bytes in hexadecimal where UTF-8 cannot hold them."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return _BYTES + os.fsencode(path).hex()
    return path


def path_from_value(value: str | bytes) -> str:
    """Return a path as programs use it, from what ``path_value`` made of it; earlier versions stored bytes."""
    if isinstance(value, str) and value.startswith(_BYTES):
        value = bytes.fromhex(value.removeprefix(_BYTES))
    return os.fsdecode(value)


def blocks_to_json(blocks: Sequence[Block]) -> str:
    """Return the blocks of a document as they are stored: a list of lists, in the order of a block's fields."""
    return json.dumps([[b.start, b.end, b.kind, b.level, b.header] for b in blocks], separators=(",", ":"))


def blocks_from_json(text: str) -> tuple[Block, ...]:
    """Return the blocks of a document from what ``blocks_to_json`` made of them."""
    return tuple(Block(*values) for values in json.loads(text))


def pages_to_json(pages: Sequence[int]) -> str:
    """Return the offsets at which the pages of a document start, as they are stored."""
    return json.dumps(pages)


def pages_from_json(text: str) -> tuple[int, ...]:
    """Return the offsets at which the pages of a document start, from what ``pages_to_json`` made of them."""
    return tuple(json.loads(text))


def tables_to_bytes(tables: Sequence[Table]) -> bytes:
    """Return the tables of a document as they are stored: compressed, since the places of cells are much alike."""
    return zlib.compress(json.dumps(tables_as_json(tables), separators=(",", ":")).encode()) if tables else b""


def tables_from_bytes(data: bytes) -> tuple[Table, ...]:
    """Return the tables of a document from what ``tables_to_bytes`` made of them."""
    return tables_from_json(json.loads(zlib.decompress(data))) if data else ()


def instructions_value(text: str) -> str:
    """Return as it is stored what of a text reads like an order to a model, behind the mark of the phrase book.

    Args:
        text: The words of a chunk.
    """
    return BOOK + find_injections(text)


def instructions_from_value(value: str | None) -> str | None:
    """Return what ``instructions_value`` found; None where nobody looked, or with another phrase book than today's."""
    return value.removeprefix(BOOK) if value is not None and value.startswith(BOOK) else None


def notices_to_json(notices: Sequence[Notice]) -> str:
    """Return notices as they are stored; "" for none."""
    return json.dumps([notice.as_json() for notice in notices]) if notices else ""


def notices_from_json(text: str) -> tuple[Notice, ...]:
    """Return notices from what ``notices_to_json`` made of them."""
    return tuple(map(Notice.from_json, json.loads(text))) if text else ()


def notice_to_json(notice: Notice | None) -> str:
    """Return a notice as it is stored: an object with its code and values; "" for none."""
    return json.dumps(notice.as_json()) if notice else ""


def notice_from_json(text: str) -> Notice | None:
    """Return a notice from what ``notice_to_json`` made of it; earlier versions stored its English words alone."""
    return Notice.from_json(json.loads(text) if text.startswith("{") else text) if text else None
