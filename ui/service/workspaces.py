"""Tell which indexes a user may open, and which of them they may change.

Owns: where private indexes and uploaded files lie, and the open indexes of a running server. Knows nothing about
pages, or what is done with an index.

Without users there is one person, whose indexes are those of the home folder. With users each has a home of their own
inside it, and the index that the server was started with is shared: read by all, changed by none.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from rag.errors import UsageError
from rag.models.llm.metering import usage_path
from rag.notices import Notice
from rag.store.catalog import FILE
from rag.store.folders import REBUILT, REPLACED, index_folder
from rag.store.index import Index, open_index
from ui.service.users import USER_NAME

# Indexes that one user may make: each costs memory and files.
MOST_INDEXES = 50
# Hidden, so that no index can have this name and no walk of a parent folder finds what lies in it.
_HOMES, _FILES = ".users", ".files"


@dataclass(frozen=True, slots=True)
class Workspace:
    """An index as a user sees it.

    Attributes:
        id: What `Workspaces` takes: ``own:NAME`` or ``shared:NAME``.
        name: The name of the index.
        shared: Whether all users can read it.
        writable: Whether the user may add and remove documents.
    """

    id: str
    name: str
    shared: bool
    writable: bool


class Workspaces:
    """The indexes of a running server. Safe to use from several threads.

    The user of every method is the empty string on a server without users.
    """

    def __init__(self, first: Index, with_users: bool) -> None:
        """Open no index yet.

        Args:
            first: The index the server was started with; the other indexes use its settings and embedding model.
            with_users: Whether the server has users.
        """
        self.first, self._with_users = first, with_users
        self._open: dict[Path, Index] = {}
        self._guard = threading.Lock()

    def of(self, user: str) -> list[Workspace]:
        """Return the user's workspaces; the index that the server was started with comes first."""
        home = self._home(user)
        name = self.first.name
        first = Workspace(
            f"{'shared' if self._with_users else 'own'}:{name}", name, self._with_users, not self._with_users
        )
        names = sorted(folder.name for folder in home.iterdir() if _is_index(folder)) if home.is_dir() else []
        own = [Workspace(f"own:{name}", name, False, True) for name in names]
        return [first, *(workspace for workspace in own if workspace.id != first.id)]

    def open(self, user: str, id_: str = "") -> Index:
        """Return the open index of a workspace.

        Args:
            user: Who opens it.
            id_: The workspace; empty: the first.

        Returns:
            The index, which stays open until `close`.

        Raises:
            UsageError: The workspace is not the user's.
            IndexUnusable: The index cannot be opened.
        """
        workspace = self._workspace(user, id_)
        if workspace.shared or (not self._with_users and workspace.name == self.first.name):
            return self.first
        home = self._home(user)
        folder = index_folder(workspace.name, home)
        with self._guard:
            if folder not in self._open:
                self._open[folder] = self._open_index(workspace.name, home, create=False)
            return self._open[folder]

    def create(self, user: str, name: str) -> Workspace:
        """Make an empty index of the user's own.

        Args:
            user: Whose index it is.
            name: Its name.

        Returns:
            The new workspace.

        Raises:
            UsageError: A name that cannot be or is taken, or too many indexes.
        """
        home = self._home(user)
        name = name.strip()
        folder = index_folder(name, home)
        # Some file systems do not tell the cases of letters apart.
        taken = [workspace.name for workspace in self.of(user) if not workspace.shared]
        if name.lower() in (other.lower() for other in taken) or folder.exists() or name.endswith((REBUILT, REPLACED)):
            raise UsageError(Notice("index-name-taken", {"name": name}))
        if len(taken) >= MOST_INDEXES:
            raise UsageError(Notice("too-many-indexes", {"most": MOST_INDEXES}))
        if self._with_users:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            home.parent.chmod(0o700)
        with self._guard:
            self._open[folder] = self._open_index(name, home, create=True)
        return self._workspace(user, f"own:{name}")

    def writable(self, user: str, id_: str = "") -> bool:
        """Return whether a user may add and remove documents in a workspace.

        Args:
            user: The user.
            id_: The workspace; empty: the first.

        Returns:
            Whether they may.

        Raises:
            UsageError: The workspace is not the user's.
        """
        return self._workspace(user, id_).writable

    def close(self) -> None:
        """Close all indexes but the first, which is the caller's."""
        with self._guard:
            for index in self._open.values():
                index.close()
            self._open.clear()

    def _workspace(self, user: str, id_: str) -> Workspace:
        workspaces = self.of(user)
        if not id_:
            return workspaces[0]
        for workspace in workspaces:
            if workspace.id == id_:
                return workspace
        raise UsageError(Notice("no-such-index"))

    def _home(self, user: str) -> Path:
        home = self.first.folder.parent
        if not self._with_users:
            return home
        if not USER_NAME.fullmatch(user):
            raise UsageError(Notice("nobody-signed-in"))
        return home / _HOMES / user

    def _open_index(self, name: str, home: Path, create: bool) -> Index:
        # Whoever asks, one person pays: all homes share the caps of a day.
        settings = self.first.settings.model_copy(update={"usage_file": usage_path(self.first.settings)})
        return open_index(name, home, settings=settings, create=create, encoder=self.first.encoder)


def uploads_folder(index: Index) -> Path:
    """Return where the files that were uploaded into an index lie: ``HOME/.files/INDEX/uploads``."""
    return (index.folder.parent / _FILES / index.folder.name / "uploads").resolve()


def _is_index(folder: Path) -> bool:
    hidden = folder.name.startswith(".") or folder.name.endswith((REBUILT, REPLACED))
    return not hidden and not folder.is_symlink() and (folder / FILE).is_file()
