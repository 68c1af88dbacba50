"""Where the catalog of an index lies: in a file of its folder, or in a schema of the team's database.

Owns: which of the two it is, opening it there, and moving it with the folder. An index is known by its folder in
either case. Beside a catalog lie its vectors, where no server has them: those of one in the database in a folder of
their own, so that an index in files and its namesakes in databases, such as its copy, have nothing in common that is
moved, made anew or deleted with either. Knows nothing about what is in the tables.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.database import Connection, is_postgres, transaction
from rag.database.address import database_url
from rag.database.pool import borrowed
from rag.database.schemas import drop_schema, rename_schemas, schemas_beginning, stored_name
from rag.errors import IndexUnusable
from rag.notices import Notice
from rag.store.catalog.postgres_schema import has_tables
from rag.store.catalog.schema import FILE, connect, make_tables, prepare
from rag.store.folders import DATABASE, REBUILT, REPLACED, TRASH, USERS

if TYPE_CHECKING:
    from rag.database.postgres import PostgresConnection

# Seconds for which an index is absent while another takes its place.
_REPLACEMENT_SECONDS = 0.1
# What the names of the schemas of indexes begin with.
_START = "footnote:"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a catalog lies, whether it is there or not.

    Attributes:
        folder: The folder by which the index is known; where the catalog is a file, it lies in it.
        url: The address of the database; "" where the catalog is a file.
        schema: The full name of its schema there.
    """

    folder: Path
    url: str = ""
    schema: str = ""

    @property
    def own_folder(self) -> Path:
        """The folder of what lies beside the catalog and is moved and deleted with it.

        The first look of a process at one in a database asks its server which it is.
        """
        if not self.url:
            return self.folder
        # Only now: without a database nothing needs it.
        from rag.database.identity import database_folder

        return self.folder.parent / DATABASE / database_folder(self.url) / self.folder.name

    @property
    def path(self) -> Path:
        """The file of the catalog, where it is one."""
        return self.folder / FILE

    def exists(self) -> bool:
        """Tell whether there is a catalog."""
        if not self.url:
            return self.path.is_file()
        with self._borrowed() as db:
            return has_tables(db)

    def connect(self) -> Connection:
        """Open a connection, which the caller closes."""
        if not self.url:
            return connect(self.path)
        # Only now: it imports the driver.
        from rag.database.postgres import PostgresConnection

        return PostgresConnection(self.url, stored_name(self.schema))

    def make(self, db: Connection) -> None:
        """Make the tables of an empty catalog; one that has tables stays as it is.

        Args:
            db: A connection to this place.
        """
        make_tables(db, self.schema)

    @contextmanager
    def opened(self) -> Iterator[Connection]:
        """Lend a connection to the catalog, in the present format.

        Yields:
            The connection.

        Raises:
            IndexUnusable: There is no index, or one of a format that cannot be read.
        """
        if self.url:
            with self._borrowed() as db:
                if not has_tables(db):
                    raise IndexUnusable(index_absent(self.folder))
                prepare(db, self.folder)
                yield db
            return
        if not self.path.is_file():
            # Between the two renames of a replacement there is none for a moment.
            time.sleep(_REPLACEMENT_SECONDS)
        if not self.path.is_file():
            raise IndexUnusable(index_absent(self.folder))
        with closing(connect(self.path)) as file:
            prepare(file, self.folder)
            yield file

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a connection inside a transaction, to the catalog that stands in this place when it is committed.

        Yields:
            The connection.

        Raises:
            IndexUnusable: There is no index, or one of a format that cannot be read.
        """
        while True:
            before = self.identity()
            with self.opened() as db, transaction(db):
                # Since then the file may have been replaced; what is written to the old one would be lost. A schema is
                # found by its name, once the transaction has begun.
                if is_postgres(db) or self.identity() == before:
                    yield db
                    return

    def identity(self, db: Connection | None = None) -> str:
        """Return what tells a catalog from another that takes its place; "" where there is none.

        Args:
            db: A connection to it, for one in a database.
        """
        if db is not None and is_postgres(db):
            # Not its id: a copy has that of its original.
            number = db.execute("SELECT to_regclass('meta')::oid").fetchone()[0]
            return str(number or "")
        try:
            return str(self.path.stat().st_ino)
        except OSError:
            return ""

    def _borrowed(self) -> AbstractContextManager[PostgresConnection]:
        return borrowed(self.url, stored_name(self.schema))


def place_of(folder: Path) -> Place:
    """Return where the catalog of an index lies, or is to lie.

    Args:
        folder: The folder of the index.

    Returns:
        The place: in the database of this process, where it has one.
    """
    url = database_url()
    return Place(folder, url, schema_of(folder)) if url else Place(folder)


def own_folder(folder: Path) -> Path:
    """Return the folder of what lies beside the catalog of an index and is moved and deleted with it.

    Args:
        folder: The folder of the index.
    """
    return place_of(folder).own_folder


def lies_elsewhere(folder: Path) -> bool:
    """Tell whether a namesake of an index lies by its folder: in files or in another database than this process has.

    Such a one is not seen now, and nothing of it is deleted.

    Args:
        folder: The folder of the index.
    """
    own = own_folder(folder)
    namesakes = (folder, *(folder.parent / DATABASE).glob(f"*/{folder.name}"))
    return any(other.is_dir() and other != own for other in namesakes)


def schema_of(folder: Path) -> str:
    """Return the full name of the schema of an index: ``footnote:NAME``, or ``footnote:USER/NAME`` for a user's own.

    Args:
        folder: The folder of the index, whether it exists or not.
    """
    return _START + _prefix(folder.parent) + folder.name


def _prefix(home: Path) -> str:
    """Return what stands before the name of an index in the name of its schema."""
    if home.parent.name == USERS:
        return f"{home.name}/"
    # A deleted index lies in a folder of the trash, whose name no other has.
    return f"{TRASH}/{home.name}/" if home.parent.name == TRASH else ""


def index_absent(folder: Path) -> Notice:
    """Return the notice that a folder holds no index."""
    return Notice("index-absent", {"index": folder.name, "home": str(folder.parent)})


def holds_index(folder: Path) -> bool:
    """Tell whether there is an index, by its folder."""
    return place_of(folder).exists()


def index_names(home: Path) -> list[str]:
    """Return the names of all indexes of a home folder, also of those that are being made anew or were replaced.

    Args:
        home: The folder in which indexes lie; there need not be one.

    Returns:
        The names, in order.
    """
    if url := database_url():
        start = _START + _prefix(home)
        names = [name.removeprefix(start) for name in schemas_beginning(url, start)]
        return [name for name in names if "/" not in name]
    try:
        return sorted(folder.name for folder in home.iterdir() if (folder / FILE).is_file())
    except OSError:
        return []


def known_indexes(home: Path) -> list[str]:
    """Return the names of the indexes in a home folder.

    Args:
        home: The folder in which indexes lie; there need not be one.

    Returns:
        The names, in order, without indexes that are being made anew or were replaced.
    """
    return [name for name in index_names(home) if not name.endswith((REBUILT, REPLACED))]


def move_catalogs(moved: list[tuple[Path, Path]]) -> None:
    """Let catalogs in the database follow their folders, all of them or none; a file moves with its folder.

    Args:
        moved: The folder that each lay in, and the one that it lies in now; one that is not there is passed over.

    Raises:
        DatabaseUnusable: The database cannot be reached, or something lies in the new place.
    """
    if url := database_url():
        rename_schemas(url, [(schema_of(before), schema_of(after)) for before, after in moved])


def delete_catalog(folder: Path) -> bool:
    """Delete the catalog of a folder that is deleted, where it lies in the database; a file goes with its folder.

    Args:
        folder: The folder.

    Returns:
        Whether it is gone; not where somebody reads in it all the time.

    Raises:
        DatabaseUnusable: The database cannot be reached.
    """
    url = database_url()
    return not url or drop_schema(url, schema_of(folder))
