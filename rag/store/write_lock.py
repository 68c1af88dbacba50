"""One writer at a time.

Owns: the lock of an index across processes, and the note of who holds it: a file of its folder, or where its catalog
lies in the team's database an advisory lock there, which machines share. Readers are not kept out.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rag.database.schemas import stored_name
from rag.errors import IndexUnusable
from rag.notices import Notice
from rag.store.catalog.places import Place, place_of

LOCK_FILE = "write.lock"
_HOLDER_FILE = "writer.json"


@contextmanager
def write_lock(folder: Path) -> Iterator[None]:
    """Hold an index for writing until the block inside ends. A holder that crashes lets go of it.

    Args:
        folder: The folder of the index.

    Yields:
        Nothing; inside, no other process or thread holds the lock.

    Raises:
        IndexUnusable: Another process holds it (which one is named), or the folder cannot be written to.
    """
    place = place_of(folder)
    with _database_lock(place) if place.url else folder_lock(folder):
        yield


@contextmanager
def _database_lock(place: Place) -> Iterator[None]:
    # Imported late: it loads the driver.
    from rag.database.locks import Held, session_lock

    with ExitStack() as held:
        try:
            held.enter_context(session_lock(place.url, stored_name(place.schema)))
        except Held as error:
            values = {"index": place.folder.name, "process": error.holder.process, "since": error.holder.since}
            raise IndexUnusable(Notice("index-being-written", values)) from None
        yield


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold a folder for writing until the block inside ends. A holder that crashes lets go of it.

    Args:
        folder: The folder.

    Yields:
        Nothing; inside, no other process or thread of this machine holds the lock.

    Raises:
        IndexUnusable: Another process holds it (which one is named), or the folder cannot be written to.
    """
    # Imported late: most commands only read.
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK_FILE)
    holder = folder / _HOLDER_FILE
    try:
        lock.acquire(timeout=0)
    except Timeout:
        process, since = _read_holder(holder)
        raise IndexUnusable(
            Notice("index-being-written", {"index": folder.name, "process": process, "since": since})
        ) from None
    except OSError as error:
        raise IndexUnusable(Notice("index-not-writable", {"folder": str(folder), "cause": error.strerror})) from None
    try:
        note = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%H:%M:%S")}
        holder.write_text(json.dumps(note), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _read_holder(path: Path) -> tuple[int | str, str]:
    """Return the process that holds the lock, and since when; 0 and "" where its note does not say.

    A process of another machine, whose number means nothing here, is named as ``NUMBER@HOST``.
    """
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        process, since, host = int(note["pid"]), str(note["since"]), str(note.get("host", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return 0, ""
    return (process if host in ("", socket.gethostname()) else f"{process}@{host}"), since
