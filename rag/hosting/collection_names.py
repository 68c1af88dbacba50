"""The names that people give collections, beside the folders that the command line knows them by.

Owns: which name a collection may have, the folder that is made for one, and the file in which a home keeps the names.
Knows nothing about indexes.

A folder is what ``--index`` names, and other programs may have it open, so it never changes; a new name stands beside
it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

from filelock import FileLock

from rag.atomic_file import write_atomically
from rag.errors import UsageError
from rag.notices import Notice
from rag.store.folders import REBUILT, REPLACED
from rag.text import normalise

LONGEST_NAME = 60
# Hidden, so that no index can have this name.
_FILE, _LOCK_SECONDS = ".collections.json", 10.0
# The longest name of a folder that is made of a name, so that a number may follow it.
_LONGEST_FOLDER = 48
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
# Letters that are written otherwise than without their accent.
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "o"})


def checked_name(name: str) -> str:
    """Return a name as it is kept.

    Args:
        name: What a person wrote.

    Returns:
        The name without space around it, composed.

    Raises:
        UsageError: It is empty, too long, or not printable.
    """
    name = unicodedata.normalize("NFC", name.strip())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise UsageError(Notice("collection-name-invalid", {"most": LONGEST_NAME}))
    return name


def key_of(name: str) -> str:
    """Return what two names have in common that a person would take for one."""
    return normalise(name)


def folder_for(name: str, taken: Collection[str]) -> str:
    """Return the name of the folder for a new collection: its own name where that is safe, else one like it.

    Args:
        name: The name of the collection.
        taken: Names that folders beside it have; some file systems do not tell the cases of letters apart.

    Returns:
        A name that none of them has.
    """
    plain = unicodedata.normalize("NFKD", name.translate(_SPELLED)).encode("ascii", "ignore").decode()
    stem = _UNSAFE.sub("-", plain)[:_LONGEST_FOLDER].strip("._-") or "collection"
    if stem.endswith((REBUILT, REPLACED)):
        stem = stem.replace(".", "-")
    lower = {other.lower() for other in taken}
    number = 1
    while (folder := stem if number == 1 else f"{stem}-{number}").lower() in lower:
        number += 1
    return folder


class CollectionNames:
    """The names of the collections of one home. Read anew each time: another program may have written them."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def of(self, folder: str) -> str:
        """Return the name of a collection; that of its folder where it has no other."""
        return self._read().get(folder, folder)

    def all(self, folders: Collection[str]) -> dict[str, str]:
        """Return the name of each collection by its folder."""
        names = self._read()
        return {folder: names.get(folder, folder) for folder in folders}

    def set(self, folder: str, name: str) -> None:
        """Keep a name.

        Args:
            folder: The folder of the collection.
            name: Its name; "" or that of the folder itself: none is kept.

        Raises:
            UsageError: It cannot be written.
        """
        try:
            # Another server may give a name at the same time.
            with FileLock(self._home / f"{_FILE}.lock", timeout=_LOCK_SECONDS, mode=0o600):
                names = self._read()
                if name in ("", folder):
                    names.pop(folder, None)
                else:
                    names[folder] = name
                write_atomically(self._home / _FILE, json.dumps(names, ensure_ascii=False, indent=1))
        except OSError as error:
            values = {"folder": str(self._home), "cause": error.strerror or ""}
            raise UsageError(Notice("index-not-writable", values)) from None

    def _read(self) -> dict[str, str]:
        try:
            names = json.loads((self._home / _FILE).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(names, dict):
            return {}
        return {str(folder): name for folder, name in names.items() if isinstance(name, str) and name.isprintable()}
