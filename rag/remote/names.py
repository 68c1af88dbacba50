"""What an object is called among the sources of an index. Pure.

Owns: the name that a bucket and a key become. A name never leads out of its folder, and no two objects have one name.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from rag.hosting.upload_names import safe_name


class TakenNames:
    """The names of objects, and the folders that they lie in, where capitals do not count."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._folders: set[str] = set()
        # The last number that was put into a name: thousands of keys may differ only where names do not.
        self._numbers: dict[str, int] = {}

    def add(self, name: str) -> None:
        """Take a name."""
        self._names.add(name.casefold())
        self._folders.update(str(parent).casefold() for parent in PurePosixPath(name).parents)

    def __contains__(self, name: object) -> bool:
        folded = str(name).casefold()
        return folded in self._names or folded in self._folders

    def has_file_above(self, name: str) -> bool:
        """Tell whether an object lies where a folder of this name would."""
        return any(str(parent).casefold() in self._names for parent in PurePosixPath(name).parents)

    def free(self, name: str) -> str:
        """Return the name, with a number before its ending where it is taken: ``a.txt``, else ``a (2).txt``."""
        path, wanted = PurePosixPath(name), name.casefold()
        number = self._numbers.get(wanted, 1)
        free = name
        while free in self:
            number += 1
            free = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        self._numbers[wanted] = number
        return free


def name_of(bucket: str, key: str, taken: TakenNames) -> str:
    """Return the name of the source that an object becomes.

    Args:
        bucket: Its bucket.
        key: Its key.
        taken: The names of other objects.

    Returns:
        A relative path of two parts or more, such as ``papers/2024/ferry.pdf``.
    """
    if key.endswith("/"):
        # It would have the name of the folder whose objects begin with it.
        key += "unnamed"
    wanted = f"{safe_name(bucket)}/{safe_name(key)}"
    if taken.has_file_above(wanted):
        # An object lies where its folder would: its key becomes one name.
        wanted = f"{safe_name(bucket)}/{safe_name(key.replace('/', '_'))}"
    return taken.free(wanted)
