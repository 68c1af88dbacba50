"""Files that were fetched into an index, and the book that says what each is.

Owns: where such files may lie, that their folder is its owner's alone and one process at a time changes it, and that a
folder goes with its last file. Web pages (``rag.web``) and objects of storage elsewhere (``rag.remote``) are kept so.
Knows nothing about either, or about what is in a file.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from rag.errors import IndexUnusable
from rag.notices import Notice
from rag.store.write_lock import folder_lock

_LOG = logging.getLogger(__name__)
Entry = TypeVar("Entry")


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make a folder of fetched files where there is none, and let no other process change it until the block ends.

    The lock is that of the folder above, ``HOME/.files/INDEX``, also where the catalog lies in a database: it is not
    the lock of the index, which is taken meanwhile.

    Args:
        folder: The folder of the files.

    Yields:
        Nothing.

    Raises:
        IndexUnusable: Another process fetches files into the index, or the folder cannot be made or written to.
    """
    files = folder.parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for private in (folder, files, files.parent):
            private.chmod(0o700)
    except OSError as error:
        values = {"folder": str(folder), "cause": error.strerror or type(error).__name__}
        raise IndexUnusable(Notice("index-not-writable", values)) from None
    with folder_lock(files):
        yield


def read_book(path: Path, kind: str, read: Callable[[dict[str, Any]], Entry]) -> list[Entry]:
    """Read the entries of a book; of one that is damaged none: its files are then fetched as if for the first time.

    Args:
        path: The file, in JSON.
        kind: What it lists, such as ``pages``; the entries stand under this name.
        read: Reads an entry; one of another form is a KeyError, TypeError or ValueError.

    Returns:
        The entries; none where there is no file.
    """
    try:
        return [read(entry) for entry in json.loads(path.read_text("utf-8"))[kind]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        _LOG.warning("what is known of %s in %s cannot be read; they are fetched anew", kind, path)
        return []


def delete_file(path: Path, folder: Path) -> None:
    """Delete a fetched file, and the folders that are empty then.

    Args:
        path: The file; it need not be there.
        folder: The folder of all, which stays.
    """
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == folder or not parent.is_dir() or any(parent.iterdir()):
            break
        parent.rmdir()


def is_inside(name: str) -> bool:
    """Tell whether a name is one of a fetched file: no part of it leads upwards, and it has a folder."""
    parts = name.split("/")
    return len(parts) >= 2 and not any(part in ("", ".", "..") or "\\" in part for part in parts)
