"""Where a deleted collection lies until it is deleted for good.

Owns: the trash beside the indexes of a home: what lies in it, for how long, and the way there and back. Knows nothing
about who may delete what, or open indexes.

    home/.trash/ID/index       the folder of the index, with its conversations
    home/.trash/ID/files       the files that were uploaded into it
    home/.trash/ID/note.json   what it was called, and where it lay
"""

from __future__ import annotations

import json
import logging
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.errors import RagError
from rag.settings import Settings
from rag.store.catalog.places import lies_elsewhere, own_folder
from rag.store.folders import TRASH
from rag.store.leftovers import delete_for_good
from rag.store.moving import move_index

_LOG = logging.getLogger(__name__)

# Seconds that a deleted collection can be brought back for.
KEPT = 24 * 3600.0
# Seconds after which what is half here is what a crash has left.
_ARRIVES_WITHIN = 3600.0
_NOTE = "note.json"


@dataclass(frozen=True, slots=True)
class Deleted:
    """A collection in the trash.

    Attributes:
        id: By which it is brought back.
        folder: The name of the folder that it had.
        name: What people called it.
        at: When it was deleted, in seconds since 1970.
    """

    id: str
    folder: str
    name: str
    at: float


class CollectionTrash:
    """The trash of one home."""

    def __init__(self, home: Path, settings: Settings) -> None:
        """Look at a home.

        Args:
            home: The folder in which the collections lie.
            settings: Name the server that has their vectors, where there is one.
        """
        self._trash, self._settings = home / TRASH, settings

    def put(self, index: Path, files: Path, name: str) -> Deleted:
        """Move a collection into the trash.

        Args:
            index: The folder of its index.
            files: The folder of the files that were uploaded into it; there need not be one.
            name: What people call it.

        Returns:
            What lies in the trash now.

        Raises:
            OSError: It cannot be moved; it is where it was.
            RagError: The same, for its catalog in a database.
        """
        deleted = Deleted(secrets.token_hex(8), index.name, name, time.time())
        place = self._trash / deleted.id
        place.mkdir(parents=True, mode=0o700)
        try:
            (place / _NOTE).write_text(json.dumps(asdict(deleted)), "utf-8")
            move_index(index, place / "index")
        except (OSError, RagError):
            shutil.rmtree(place, ignore_errors=True)
            raise
        if files.is_dir():
            files.rename(place / "files")
        return deleted

    def all(self) -> list[Deleted]:
        """Return what can be brought back, what was deleted last first."""
        if not self._trash.is_dir():
            return []
        found = [deleted for place in self._trash.iterdir() if (deleted := _read(place)) is not None]
        recent = [deleted for deleted in found if deleted.at > time.time() - KEPT]
        return sorted(recent, key=lambda deleted: (-deleted.at, deleted.id))

    def take(self, deleted: Deleted, index: Path, files: Path) -> None:
        """Move a collection back.

        Args:
            deleted: What `all` listed.
            index: Where the folder of its index lay; nothing may lie there.
            files: Where the files lay that were uploaded into it.

        Raises:
            OSError: It cannot be moved.
        """
        place = self._trash / deleted.id
        if (place / "files").is_dir():
            files.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            (place / "files").rename(files)
        move_index(place / "index", index)
        shutil.rmtree(place, ignore_errors=True)

    def empty(self) -> None:
        """Delete for good what has lain here long enough, and what nobody can bring back.

        What cannot be deleted yet, such as one whose vectors are on a server that does not answer, stays until the next
        time, and the log says why.
        """
        now = time.time()
        with suppress(OSError):
            for place in self._trash.iterdir():
                deleted = _read(place)
                # Without an index it may be on its way here, by another server: it is told by the place's own time.
                over = deleted.at <= now - KEPT if deleted else place.stat().st_mtime < now - _ARRIVES_WITHIN
                if over and not lies_elsewhere(place / "index"):
                    try:
                        delete_for_good(place / "index", self._settings)
                    except RagError as error:
                        _LOG.warning(
                            "a deleted collection is still there", extra={"place": str(place), "cause": str(error)}
                        )
                        continue
                    shutil.rmtree(place, ignore_errors=True)
            self._trash.rmdir()


def _read(place: Path) -> Deleted | None:
    try:
        note = json.loads((place / _NOTE).read_text("utf-8"))
        deleted = Deleted(place.name, str(note["folder"]), str(note["name"]), float(note["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return deleted if own_folder(place / "index").is_dir() else None
