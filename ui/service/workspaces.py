"""Which indexes a user may open, and which of them they may change.

Owns: where private indexes and uploaded files lie, and the open indexes of a running server. Without users there is
one person, whose indexes are those of the home folder. With users each has a home of their own inside it, and the
index that the server was started with is shared: read by all, changed by none.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from rag.errors import UsageError
from rag.settings import Settings
from rag.store.catalog import FILE
from rag.store.index import REBUILT, REPLACED, Index, index_folder, open_index
from ui.service.users import NAME

# Indexes that one user may make: each costs memory and files.
MOST_INDEXES = 50
# Hidden, so that no index can have this name and no walk of a parent folder finds what lies in it.
_HOMES, _FILES = ".users", ".files"


@dataclass(frozen=True, slots=True)
class Workspace:
    """An index as a user sees it. ``id`` is what the functions below take: ``own:NAME`` or ``shared:NAME``."""

    id: str
    name: str
    shared: bool
    writable: bool


class Workspaces:
    """The indexes of a running server. Safe to use from several threads. Users are "" where there are none."""

    def __init__(self, first: Index, settings: Settings, with_users: bool) -> None:
        """``first`` is the index the server was started with; its embedding model serves all."""
        self._first, self._settings, self._with_users = first, settings, with_users
        self._open: dict[Path, Index] = {}
        self._guard = threading.Lock()

    def of(self, user: str) -> list[Workspace]:
        """The user's shelves; the index that the server was started with comes first."""
        home = self._home(user)
        name = self._first.name
        first = Workspace(
            f"{'shared' if self._with_users else 'own'}:{name}", name, self._with_users, not self._with_users
        )
        names = sorted(folder.name for folder in home.iterdir() if _is_index(folder)) if home.is_dir() else []
        own = [Workspace(f"own:{found}", found, False, True) for found in names]
        return [first, *(shelf for shelf in own if shelf.id != first.id)]

    def open(self, user: str, id_: str = "") -> Index:
        """The open index of a shelf; the first one without an id. Raises UsageError for one that is not the user's,
        IndexUnusable for one that cannot be opened."""
        shelf = self._shelf(user, id_)
        if shelf.shared or (not self._with_users and shelf.name == self._first.name):
            return self._first
        home = self._home(user)
        folder = index_folder(shelf.name, home)
        with self._guard:
            if folder not in self._open:
                self._open[folder] = self._open_index(shelf.name, home, create=False)
            return self._open[folder]

    def create(self, user: str, name: str) -> Workspace:
        """Make an empty index. Raises UsageError for a bad name, one that is taken, or too many of them."""
        home = self._home(user)
        name = name.strip()
        folder = index_folder(name, home)
        # Some file systems do not tell the cases of letters apart.
        taken = [shelf.name for shelf in self.of(user) if not shelf.shared]
        if name.lower() in (other.lower() for other in taken) or folder.exists() or name.endswith((REBUILT, REPLACED)):
            raise UsageError(f"An index cannot be named {name!r}: that name is taken; choose another.")
        if len(taken) >= MOST_INDEXES:
            raise UsageError(f"There are {MOST_INDEXES} indexes already; add documents to one of them.")
        if self._with_users:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            home.parent.chmod(0o700)
        with self._guard:
            self._open[folder] = self._open_index(name, home, create=True)
        return self._shelf(user, f"own:{name}")

    def writable(self, user: str, id_: str = "") -> bool:
        """Whether the user may add and remove documents there."""
        return self._shelf(user, id_).writable

    def close(self) -> None:
        """Close all indexes but the first, which is the caller's."""
        with self._guard:
            for index in self._open.values():
                index.close()
            self._open.clear()

    def _shelf(self, user: str, id_: str) -> Workspace:
        shelves = self.of(user)
        found = next((shelf for shelf in shelves if shelf.id == id_), None) if id_ else shelves[0]
        if found is None:
            raise UsageError("There is no such index; choose one from the list.")
        return found

    def _home(self, user: str) -> Path:
        home = self._first.folder.parent
        if not self._with_users:
            return home
        if not NAME.fullmatch(user):
            raise UsageError("Nobody is signed in; sign in first.")
        return home / _HOMES / user

    def _open_index(self, name: str, home: Path, create: bool) -> Index:
        settings = self._settings.model_copy(update={"home": home})
        return open_index(name, settings=settings, create=create, encoder=self._first.encoder)


def uploads_folder(index: Index) -> Path:
    """Where the files that were uploaded into an index lie: ``HOME/.files/INDEX/uploads``."""
    return (index.folder.parent / _FILES / index.folder.name / "uploads").resolve()


def _is_index(folder: Path) -> bool:
    hidden = folder.name.startswith(".") or folder.name.endswith((REBUILT, REPLACED))
    return not hidden and not folder.is_symlink() and (folder / FILE).is_file()
