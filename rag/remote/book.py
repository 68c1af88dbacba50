"""Which object lies under which name, and which version of it.

Owns: the file ``HOME/.files/INDEX/remote.json`` beside the folder of copies. Knows nothing about storage or about what
is in a copy. A file that is damaged counts as empty: objects are then read as if for the first time.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.atomic_file import write_atomically
from rag.remote.names import TakenNames
from rag.store.fetched_files import delete_file, held, is_inside, read_book
from rag.store.folders import objects_folder

UNFINISHED = ".object."
"""How the name of a copy begins that is still being written."""


@dataclass(frozen=True, slots=True)
class KeptObject:
    """An object of which a copy is kept.

    Attributes:
        name: The path of the copy below the folder of copies, with slashes.
        bucket: Its bucket.
        key: Its key there.
        size: Its bytes.
        etag: The tag of the version; "" for none.
        modified: When that was written, as the storage told it.
    """

    name: str
    bucket: str
    key: str
    size: int
    etag: str
    modified: str

    @property
    def address(self) -> str:
        """Its address."""
        return f"s3://{self.bucket}/{self.key}"


class ObjectBook:
    """The copies of an index. One process at a time may change them; whoever does holds a lock.

    Attributes:
        folder: The folder of the copies.
        taken: The names that are taken.
    """

    def __init__(self, index_folder: Path) -> None:
        """Read what is known.

        Args:
            index_folder: The folder of the index.
        """
        self.folder = objects_folder(index_folder)
        self._path = self.folder.with_suffix(".json")
        self.taken = TakenNames()
        self._objects: dict[tuple[str, str], KeptObject] = {}
        for kept in self._read():
            self.put(kept)

    def __iter__(self) -> Iterator[KeptObject]:
        return iter(self._objects.values())

    def path(self, kept: KeptObject) -> Path:
        """Return where a copy lies."""
        return self.folder / kept.name

    def find(self, bucket: str, key: str) -> KeptObject | None:
        """Return what is known of an object.

        Args:
            bucket: Its bucket.
            key: Its key there.

        Returns:
            What is known; None for nothing.
        """
        return self._objects.get((bucket, key))

    def put(self, kept: KeptObject) -> None:
        """Take note of an object."""
        self._objects[kept.bucket, kept.key] = kept
        self.taken.add(kept.name)

    def forget(self, kept: KeptObject) -> None:
        """Delete the copy of an object, and the folders that are empty then."""
        delete_file(self.path(kept), self.folder)
        self._objects.pop((kept.bucket, kept.key), None)

    def delete_strays(self, folder: Path) -> None:
        """Delete the files of a folder that are no copies, as a damaged book leaves them behind."""
        known = {self.path(kept) for kept in self}
        for path in [path for path in folder.rglob("*") if path.is_file() and path not in known]:
            path.unlink(missing_ok=True)

    def save(self) -> None:
        """Write what is known.

        Raises:
            OSError: It cannot be written; the file is as it was.
        """
        objects = [asdict(kept) for kept in self]
        write_atomically(self._path, json.dumps({"version": 1, "objects": objects}), private=True)

    def _read(self) -> list[KeptObject]:
        objects = read_book(self._path, "objects", _kept)
        return [kept for kept in objects if is_inside(kept.name) and self._is_whole(kept)]

    def _is_whole(self, kept: KeptObject) -> bool:
        """Tell whether a copy is there with all its bytes: a power cut may leave a name without them."""
        try:
            status = self.path(kept).stat()
        except OSError:
            return False
        return stat.S_ISREG(status.st_mode) and status.st_size == kept.size


@contextmanager
def writing_objects(index_folder: Path) -> Iterator[ObjectBook]:
    """Yield what is known of the copies of an index; no other process changes it meanwhile.

    Args:
        index_folder: The folder of the index; there need not be one. The folder of the copies is made.

    Yields:
        The copies.

    Raises:
        IndexUnusable: Another process fetches files into the index, or its folder cannot be written to.
    """
    folder = objects_folder(index_folder)
    with held(folder):
        for left in folder.glob(f"{UNFINISHED}*"):
            # Of a process that was killed.
            left.unlink(missing_ok=True)
        yield ObjectBook(index_folder)


def forget_objects(index_folder: Path, paths: Iterable[Path]) -> None:
    """Delete the copies of sources that were taken out of an index; other files stay.

    Args:
        index_folder: The folder of the index.
        paths: Where the files of the removed sources lie.

    Raises:
        IndexUnusable: Another process fetches files into the index.
    """
    inside = {path for path in paths if path.is_relative_to(objects_folder(index_folder))}
    if inside:
        _forget(index_folder, lambda path: path in inside)


def forget_objects_without_source(index_folder: Path, paths: Iterable[Path]) -> int:
    """Delete the copies that no source of an index shows.

    Args:
        index_folder: The folder of the index.
        paths: Where the files of its sources lie.

    Returns:
        How many were deleted.

    Raises:
        IndexUnusable: Another process fetches files into the index.
    """
    shown = set(paths)
    if not objects_folder(index_folder).is_dir():
        return 0
    return _forget(index_folder, lambda path: path not in shown)


def _forget(index_folder: Path, is_gone: Callable[[Path], bool]) -> int:
    with writing_objects(index_folder) as book:
        gone = [kept for kept in book if is_gone(book.path(kept))]
        for kept in gone:
            book.forget(kept)
        book.save()
    return len(gone)


def _kept(entry: dict[str, Any]) -> KeptObject:
    """Read an entry of the file; one of another form is a KeyError, TypeError or ValueError."""
    texts = {name: str(entry[name]) for name in ("name", "bucket", "key", "etag", "modified")}
    return KeptObject(size=int(entry["size"]), **texts)
