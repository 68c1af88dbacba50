"""What somebody may read and change: rights by index, for people and for keys alike.

Owns: the rights, and their form in a file. Knows nothing about who has them, or how they are kept.

The form is JSON: ``{"read": NAMES, "write": NAMES}``, where ``NAMES`` is a list of indexes, or null for all of them,
also those to come.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do in which indexes. What may not be read may not be changed either.

    Attributes:
        reads: The names of the indexes that they may see and ask; None: all.
        writes: The names of those in which they may add and delete documents; None: all that they may read.
    """

    reads: frozenset[str] | None = None
    writes: frozenset[str] | None = None

    def may_read(self, index: str) -> bool:
        """Return whether an index may be seen at all."""
        return self.reads is None or index in self.reads

    def may_write(self, index: str) -> bool:
        """Return whether documents of an index may be added and deleted."""
        return self.may_read(index) and (self.writes is None or index in self.writes)

    def as_json(self) -> dict[str, Any]:
        """Return the form of a file."""
        return {"read": _listed(self.reads), "write": _listed(self.writes)}


EVERYTHING, READ_ALL, NOTHING = Rights(), Rights(None, frozenset()), Rights(frozenset(), frozenset())
"""All indexes to read and to change; all to read and none to change; none at all."""


def named_rights(reads: Collection[str] | None, writes: Collection[str] | None) -> Rights:
    """Return rights by the names of indexes; what may be changed may be read as well.

    Args:
        reads: The indexes to read; None: all.
        writes: The indexes to read and to change; None: all that may be read.

    Returns:
        The rights.
    """
    if writes is None:
        return Rights(None if reads is None else frozenset(reads), None)
    return Rights(None if reads is None else frozenset((*reads, *writes)), frozenset(writes))


def rights_of_json(value: Any) -> Rights:
    """Read rights from a file.

    Args:
        value: What stands there.

    Returns:
        The rights.

    Raises:
        ValueError: It is nothing that `Rights.as_json` gives.
    """
    if not isinstance(value, dict) or value.keys() != {"read", "write"}:
        raise ValueError("no rights")
    return Rights(_names(value["read"]), _names(value["write"]))


def _listed(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


def _names(value: Any) -> frozenset[str] | None:
    if value is None:
        return None
    # A text would be a collection of its letters.
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError("no list of indexes")
    return frozenset(value)
