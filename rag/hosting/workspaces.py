"""Tell which indexes a user may open, and which of them they may change.

Owns: where private indexes and uploaded files lie, the open indexes of a running server, and making, naming and
deleting them. Knows nothing about pages, or what else is done with an index. People know an index as a collection.

Without users there is one person, whose indexes are those of the home folder. With users each has a home of their own
inside it, and the index that the server was started with is shared: read by all, changed by none. Whoever has rights by
index shares those indexes of the home folder that they may read, and changes the documents of those that they may
write.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from rag.errors import IndexUnusable, UsageError
from rag.hosting.collection_names import CollectionNames, checked_name, folder_for, key_of
from rag.hosting.collection_trash import CollectionTrash, Deleted
from rag.hosting.rights import Rights
from rag.hosting.users import USER_NAME
from rag.models.llm.metering import usage_path
from rag.notices import Notice
from rag.store.catalog import Catalog
from rag.store.catalog.places import holds_index, index_names, known_indexes, own_folder
from rag.store.folders import FILES, USERS, index_folder
from rag.store.folders import uploads_folder as uploads_folder_of
from rag.store.index import Index, open_index
from rag.store.write_lock import write_lock

# Indexes that one user may make: each costs memory and files.
MOST_INDEXES = 50


# What somebody is given who may read nothing that is shared.
_FIRST_OF_THEIR_OWN = "documents"

RightsOf = Callable[[str], Rights | None]
"""Returns what a user may read and change of the indexes of the home folder; None for what users may by default."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """An index as a user sees it.

    Attributes:
        id: What `Workspaces` takes: ``own:FOLDER`` or ``shared:FOLDER``.
        name: What people call it.
        shared: Whether all users can read it.
        writable: Whether the user may add and remove documents; one that is not shared, they may also give another name
            and delete.
        folder: The name of its folder, by which the command line knows it.
    """

    id: str
    name: str
    shared: bool
    writable: bool
    folder: str


class Workspaces:
    """The indexes of a running server. Safe to use from several threads.

    The user of every method is the empty string on a server without users.
    """

    def __init__(self, first: Index, with_users: bool, rights_of: RightsOf | None = None) -> None:
        """Open no index yet.

        Args:
            first: The index the server was started with; the other indexes use its settings and embedding model.
            with_users: Whether the server has users.
            rights_of: Returns what a user may read and change of the indexes of the home folder; None for what users
                may by default, as all may without this.
        """
        self.first, self._with_users, self._rights_of = first, with_users, rights_of
        self._open: dict[Path, Index] = {}
        # Indexes that were deleted while somebody may still read in them.
        self._deleted: list[Index] = []
        self._guard = threading.Lock()
        # What was deleted long ago goes for good when a server starts, and with the next change of a collection.
        home = first.folder.parent
        homes = list((home / USERS).iterdir()) if (home / USERS).is_dir() else []
        for one in (home, *homes):
            CollectionTrash(one, first.settings).empty()

    def of(self, user: str) -> list[Workspace]:
        """Return the user's workspaces; the index that the server was started with comes first.

        Whoever may read no index that is shared, and has none of their own, is given an empty one.

        Raises:
            UsageError: That cannot be made.
        """
        listed = self._listed(user)
        if not listed:
            try:
                self.create(user, _FIRST_OF_THEIR_OWN)
            except UsageError:
                # A page asks for several things at once: one request makes it, and the others find it.
                if not self._listed(user):
                    raise
            listed = self._listed(user)
        return listed

    def _listed(self, user: str) -> list[Workspace]:
        home = self._home(user)
        folders = _indexes_in(home)
        names = CollectionNames(home).all(folders)
        own = [Workspace(f"own:{folder}", names[folder], False, True, folder) for folder in folders]
        first_folder = self.first.name
        if self._with_users:
            return [*self._shared(user), *own]
        others = sorted((one for one in own if one.folder != first_folder), key=lambda one: key_of(one.name))
        if others and first_folder not in folders:
            return others
        return [
            Workspace(f"own:{first_folder}", names.get(first_folder, first_folder), False, True, first_folder),
            *others,
        ]

    def _shared(self, user: str) -> list[Workspace]:
        """Return the workspaces that a user shares with others."""
        home, rights = self.first.folder.parent, self._rights_of(user) if self._rights_of else None
        if rights is None:
            folders = [self.first.name]
        else:
            others = [folder for folder in _indexes_in(home) if folder != self.first.name]
            folders = [folder for folder in (self.first.name, *others) if rights.may_read(folder)]
        names = CollectionNames(home)
        writable = {folder: rights is not None and rights.may_write(folder) for folder in folders}
        return [Workspace(f"shared:{folder}", names.of(folder), True, writable[folder], folder) for folder in folders]

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
        if self._is_first(workspace):
            return self.first
        home = self._home_of(user, workspace)
        folder = index_folder(workspace.folder, home)
        with self._guard:
            if folder not in self._open:
                self._open[folder] = self._open_index(workspace.folder, home, create=False)
            return self._open[folder]

    def document_counts(self, user: str) -> dict[str, int]:
        """Return how many readable documents each of the user's workspaces has, by id, but for one that is unusable."""
        counts = {}
        for workspace in self.of(user):
            folder = (
                self.first.folder
                if self._is_first(workspace)
                else index_folder(workspace.folder, self._home_of(user, workspace))
            )
            with suppress(IndexUnusable), closing(Catalog(folder)) as catalog:
                counts[workspace.id] = catalog.source_counts()[0]
        return counts

    def create(self, user: str, name: str) -> Workspace:
        """Make an empty index of the user's own.

        Args:
            user: Whose index it is.
            name: Its name.

        Returns:
            The new workspace.

        Raises:
            UsageError: A name that cannot be or is taken, or too many workspaces.
        """
        home = self._home(user)
        name = checked_name(name)
        own = [workspace for workspace in self._listed(user) if not workspace.shared]
        self._check_is_free(name, own)
        if len(own) >= MOST_INDEXES:
            raise UsageError(Notice("too-many-indexes", {"most": MOST_INDEXES}))
        if self._with_users:
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            home.parent.chmod(0o700)
        trash = CollectionTrash(home, self.first.settings)
        trash.empty()
        # One that is brought back must find its folder free.
        taken = [
            *(path.name for path in home.iterdir()),
            *index_names(home),
            *(deleted.folder for deleted in trash.all()),
        ]
        folder = folder_for(name, taken)
        with self._guard:
            self._open[index_folder(folder, home)] = self._open_index(folder, home, create=True)
        CollectionNames(home).set(folder, name)
        return self._workspace(user, f"own:{folder}")

    def rename(self, user: str, id_: str, name: str) -> Workspace:
        """Give a workspace another name. Its folder, by which the command line knows it, stays.

        Args:
            user: Who does it.
            id_: The workspace.
            name: The new name.

        Returns:
            The workspace with its new name.

        Raises:
            UsageError: The workspace is not the user's, or a name that cannot be or is taken.
        """
        workspace = self._own_workspace(user, id_)
        name = checked_name(name)
        self._check_is_free(name, [one for one in self.of(user) if not one.shared and one.id != workspace.id])
        CollectionNames(self._home(user)).set(workspace.folder, name)
        return self._workspace(user, workspace.id)

    def delete(self, user: str, id_: str) -> Deleted:
        """Move a workspace into the trash, with its conversations and the files that were uploaded into it.

        Args:
            user: Who does it.
            id_: The workspace.

        Returns:
            What can be brought back.

        Raises:
            UsageError: The workspace is not the user's own, it is the only one, or it cannot be moved.
            IndexUnusable: Another program writes into it.
        """
        workspace = self._own_workspace(user, id_)
        if len(self.of(user)) == 1:
            raise UsageError(Notice("collection-is-last"))
        home = self._home(user)
        folder = index_folder(workspace.folder, home)
        trash, names = CollectionTrash(home, self.first.settings), CollectionNames(home)
        trash.empty()
        with self._guard:
            try:
                # Whoever writes into it is not disturbed.
                with write_lock(folder):
                    deleted = trash.put(folder, home / FILES / workspace.folder, workspace.name)
            except OSError as error:
                values = {"folder": str(folder), "cause": error.strerror or ""}
                raise UsageError(Notice("index-not-writable", values)) from None
            # Not closed: an answer may be reading in it.
            if (index := self._open.pop(folder, None)) is not None:
                self._deleted.append(index)
        names.set(workspace.folder, "")
        return deleted

    def deleted(self, user: str) -> list[Deleted]:
        """Return the user's workspaces that can be brought back, what was deleted last first."""
        return CollectionTrash(self._home(user), self.first.settings).all()

    def restore(self, user: str, deleted_id: str) -> Workspace:
        """Bring a deleted workspace back.

        Args:
            user: Who does it.
            deleted_id: The id of what `deleted` lists.

        Returns:
            The workspace.

        Raises:
            UsageError: It is deleted for good or never was the user's, or another took its folder.
        """
        home = self._home(user)
        trash = CollectionTrash(home, self.first.settings)
        deleted = next((one for one in trash.all() if one.id == deleted_id), None)
        if deleted is None or own_folder(home / deleted.folder).exists() or holds_index(home / deleted.folder):
            raise UsageError(Notice("collection-not-restored"))
        taken = {key_of(workspace.name) for workspace in self.of(user) if not workspace.shared}
        try:
            trash.take(deleted, home / deleted.folder, home / FILES / deleted.folder)
        except OSError as error:
            values = {"folder": str(home / deleted.folder), "cause": error.strerror or ""}
            raise UsageError(Notice("index-not-writable", values)) from None
        if key_of(deleted.name) not in taken:
            CollectionNames(home).set(deleted.folder, deleted.name)
        return self._workspace(user, f"own:{deleted.folder}")

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

    def looks_after(self, user: str, id_: str, operator: bool) -> bool:
        """Return whether a user looks after a workspace: its folders that are watched, and what it could not answer.

        Whoever may change it does; and an operator, unless they were given rights by index that withhold it.

        Args:
            user: The user.
            id_: The workspace.
            operator: Whether they are an operator.

        Returns:
            Whether they do.

        Raises:
            UsageError: The user sees no such workspace.
        """
        writable = self.writable(user, id_)
        has_rights = self._rights_of is not None and self._rights_of(user) is not None
        return writable or (operator and not has_rights)

    def is_shared(self, user: str, id_: str) -> bool:
        """Return whether a workspace is not the user's own, but shared with others.

        Args:
            user: The user.
            id_: The workspace.

        Returns:
            Whether it is shared.

        Raises:
            UsageError: The user sees no such workspace.
        """
        return self._workspace(user, id_).shared

    def close(self) -> None:
        """Close all indexes but the first, which is the caller's."""
        with self._guard:
            for index in (*self._open.values(), *self._deleted):
                index.close()
            self._open.clear()
            self._deleted.clear()

    def _workspace(self, user: str, id_: str) -> Workspace:
        workspaces = self.of(user)
        if not id_:
            return workspaces[0]
        for workspace in workspaces:
            if workspace.id == id_:
                return workspace
        raise UsageError(Notice("no-such-index"))

    def _own_workspace(self, user: str, id_: str) -> Workspace:
        workspace = self._workspace(user, id_)
        if workspace.shared:
            raise UsageError(Notice("collection-is-shared"))
        return workspace

    def _is_first(self, workspace: Workspace) -> bool:
        return workspace.shared is self._with_users and workspace.folder == self.first.name

    @staticmethod
    def _check_is_free(name: str, others: Sequence[Workspace]) -> None:
        if key_of(name) in {key_of(workspace.name) for workspace in others}:
            raise UsageError(Notice("index-name-taken", {"name": name}))

    def _home(self, user: str) -> Path:
        home = self.first.folder.parent
        if not self._with_users:
            return home
        if not USER_NAME.fullmatch(user):
            raise UsageError(Notice("nobody-signed-in"))
        return home / USERS / user

    def _home_of(self, user: str, workspace: Workspace) -> Path:
        """Return the home that a workspace lies in."""
        return self.first.folder.parent if workspace.shared else self._home(user)

    def _open_index(self, name: str, home: Path, create: bool) -> Index:
        # Whoever asks, one person pays: all homes share the caps of a day.
        settings = self.first.settings.model_copy(update={"usage_file": usage_path(self.first.settings)})
        return open_index(name, home, settings=settings, create=create, encoder=self.first.encoder)


def uploads_folder(index: Index) -> Path:
    """Return where the files that were uploaded into an index lie: ``HOME/.files/INDEX/uploads``."""
    return uploads_folder_of(index.folder)


def _indexes_in(home: Path) -> list[str]:
    """Return the names of the indexes of a home that people see, in order."""
    return [name for name in known_indexes(home) if not name.startswith(".") and not (home / name).is_symlink()]
