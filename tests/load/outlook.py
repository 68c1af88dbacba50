"""Write small Outlook messages: the compound file of sectors, and the properties of a message in it.

Owns: as much of both formats as a test message needs. Knows nothing about readers.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_NONE = 0xFFFFFFFF
# Property types: a number, a time, text in Unicode, bytes.
_LONG, _TIME, _UNICODE, _BINARY = 0x0003, 0x0040, 0x001F, 0x0102
# Seconds between 1601 and 1970.
_EPOCH = 11_644_473_600

Value = str | bytes | int | float
Storage = dict[str, "bytes | Storage"]


@dataclass(frozen=True)
class Attached:
    """An attachment: its name and bytes, or a message of its own.

    Attributes:
        name: The name of the file.
        data: Its bytes; the properties of a message, for a forwarded one.
    """

    name: str
    data: bytes | Outlook


@dataclass(frozen=True)
class Outlook:
    """A message to be written.

    Attributes:
        properties: Values by the number of the property: text, bytes, a number, or a float of seconds since 1970.
        attachments: The attachments.
    """

    properties: Mapping[int, Value]
    attachments: Sequence[Attached] = field(default_factory=tuple)


def outlook_bytes(message: Outlook) -> bytes:
    """Return the bytes of a ``.msg`` file."""
    return compound_file(_message(message, header=struct.pack("<8x4I8x", 0, 0, 0, len(message.attachments))))


def _message(message: Outlook, header: bytes) -> Storage:
    storage = _properties(message.properties, header)
    for number, attached in enumerate(message.attachments):
        is_message = isinstance(attached.data, Outlook)
        values: dict[int, Value] = {0x3705: 5 if is_message else 1, 0x3707: attached.name}
        if isinstance(attached.data, bytes):
            values[0x3701] = attached.data
        part = _properties(values, bytes(8))
        if isinstance(attached.data, Outlook):
            header = struct.pack("<8x4I", 0, 0, 0, len(attached.data.attachments))
            part["__substg1.0_3701000D"] = _message(attached.data, header)
        storage[f"__attach_version1.0_#{number:08X}"] = part
    return storage


def _properties(values: Mapping[int, Value], header: bytes) -> Storage:
    storage: Storage = {}
    records = [header]
    for number, value in values.items():
        if isinstance(value, int):
            records.append(struct.pack("<HHIII", _LONG, number, 6, value, 0))
        elif isinstance(value, float):
            records.append(struct.pack("<HHIQ", _TIME, number, 6, int((value + _EPOCH) * 10_000_000)))
        else:
            kind = _BINARY if isinstance(value, bytes) else _UNICODE
            data = value if isinstance(value, bytes) else value.encode("utf-16-le")
            storage[f"__substg1.0_{number:04X}{kind:04X}"] = data
            records.append(struct.pack("<HHIII", kind, number, 6, len(data) + (2 if kind == _UNICODE else 0), 0))
    storage["__properties_version1.0"] = b"".join(records)
    return storage


def compound_file(root: Storage) -> bytes:
    """Return a compound file, version 3, of streams within folders."""
    entries: list[list[object]] = []
    small, large = bytearray(), bytearray()
    mini_fat: list[int] = []
    fat: list[int] = []

    def add(name: str, content: bytes | Storage) -> int:
        number = len(entries)
        entry: list[object] = [name, 5 if number == 0 else (1 if isinstance(content, dict) else 2), _NONE, _NONE, 0, 0]
        entries.append(entry)
        if isinstance(content, dict):
            ordered = sorted(content, key=lambda key: (len(key), key.upper()))
            children = [add(key, content[key]) for key in ordered]
            for left, right in pairwise(children):
                entries[left][2] = right
            entry[3] = children[0] if children else _NONE
        elif len(content) < _CUTOFF:
            entry[4], entry[5] = _chain(mini_fat, small, content, _MINI), len(content)
        else:
            entry[4], entry[5] = _chain(fat, large, content, _SECTOR), len(content)
        return number

    add("Root Entry", root)
    entries[0][4], entries[0][5] = _chain(fat, large, bytes(small), _SECTOR), len(small)
    mini_table = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    mini_table += b"\xff" * (-len(mini_table) % _SECTOR)
    mini_start = _chain(fat, large, mini_table, _SECTOR)
    directory = b"".join(_entry(*entry) for entry in entries)  # type: ignore[arg-type]
    directory_start = _chain(fat, large, directory, _SECTOR)
    fat_sectors = 1
    while (len(fat) + fat_sectors) > fat_sectors * _SECTOR // 4:
        fat_sectors += 1
    first_fat = len(fat)
    fat += [_FAT] * fat_sectors
    table = struct.pack(f"<{len(fat)}I", *fat)
    table += b"\xff" * (-len(table) % _SECTOR)
    places = [first_fat + number for number in range(fat_sectors)]
    head = struct.pack(
        "<8s16xHHHHH6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors, directory_start, 0, _CUTOFF,
        mini_start, len(mini_table) // _SECTOR, _END, 0,
    )  # fmt: skip
    head += struct.pack("<109I", *(places + [_FREE] * (109 - len(places))))
    return head + bytes(large) + table


def _chain(table: list[int], store: bytearray, data: bytes, size: int) -> int:
    """Append data to a store of sectors; return the first of its sectors."""
    if not data:
        return _END
    first = len(table)
    count = -(-len(data) // size)
    table += [*range(first + 1, first + count), _END]
    store += data + bytes(-len(data) % size)
    return first


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16xI8x8xIII", encoded, len(encoded), kind, 1, _NONE, right, child, 0, start, size, 0
    )  # fmt: skip
