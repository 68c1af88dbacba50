"""How one index takes the place of another, and how one is moved or deleted.

Owns: the order in which the folder of an index and its catalog move, where that lies in the team's database: a crash in
between is mended by ``recover_index``. Nothing is touched of an index of the same name in the other kind of place.
Knows nothing about what is in either.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from rag.database.address import shown_address
from rag.errors import DatabaseUnusable
from rag.notices import Notice
from rag.store.catalog.places import delete_catalog, holds_index, move_catalogs, own_folder, place_of
from rag.store.folders import REBUILT, REPLACED, index_folder


def replace_index(name: str, home: Path) -> None:
    """Put the finished index ``NAME.rebuilt`` in the place of ``NAME``. A crash in between leaves one of them whole.

    The old catalog stays in a database until ``delete_replaced``, since whoever calls may still read in it.

    Args:
        name: The name of the index that is replaced; there need not be one.
        home: The folder in which indexes lie.
    """
    current, rebuilt, parked = map(own_folder, _folders(name, home))
    shutil.rmtree(parked, ignore_errors=True)
    if current.exists():
        current.rename(parked)
    rebuilt.rename(current)
    _finish(name, home)


def recover_index(name: str, home: Path) -> None:
    """Undo a replacement that was cut off between its two renames, or finish one that was cut off after them.

    Args:
        name: The name of the index.
        home: The folder in which indexes lie.
    """
    current, rebuilt, parked = map(own_folder, _folders(name, home))
    if not parked.is_dir():
        return
    if not current.exists():
        parked.rename(current)
    elif not rebuilt.exists() and holds_index(home / (name + REBUILT)):
        # The folders were exchanged and the catalogs in the database were not.
        _finish(name, home)
        delete_replaced(name, home)


def delete_replaced(name: str, home: Path) -> None:
    """Delete the catalog that was replaced, where it lies in a database and nobody reads in it all the time.

    Args:
        name: The name of the index.
        home: The folder in which indexes lie.
    """
    delete_catalog(home / (name + REPLACED))


def _finish(name: str, home: Path) -> None:
    """Let the catalogs follow the folders, and delete the folder that was replaced."""
    current, rebuilt, parked = _folders(name, home)
    # One that an earlier exchange left behind.
    delete_catalog(parked)
    move_catalogs([(current, parked), (rebuilt, current)])
    shutil.rmtree(own_folder(parked), ignore_errors=True)


def _folders(name: str, home: Path) -> tuple[Path, Path, Path]:
    """Return the folders of an index, of the one that is to replace it, and of the one that was replaced."""
    folder = index_folder(name, home)
    return folder, folder.with_name(name + REBUILT), folder.with_name(name + REPLACED)


def move_index(folder: Path, target: Path) -> None:
    """Move an index, with its catalog.

    Args:
        folder: Its folder.
        target: Where it is to lie; nothing may lie there.

    Raises:
        OSError: It cannot be moved; it is where it was.
        DatabaseUnusable: The same, for its catalog in the database.
    """
    own, new = own_folder(folder), own_folder(target)
    if place_of(folder).url:
        # A database that was brought back from its backup may have none yet.
        own.mkdir(parents=True, exist_ok=True)
    new.parent.mkdir(parents=True, exist_ok=True)
    own.rename(new)
    try:
        move_catalogs([(folder, target)])
    except BaseException:
        new.rename(own)
        raise


def delete_index(folder: Path) -> None:
    """Delete an index, with its catalog.

    Args:
        folder: Its folder.

    Raises:
        DatabaseUnusable: Its catalog lies in a database that cannot be reached, or somebody reads in it all the time;
            it is still there as a whole.
    """
    if not delete_catalog(folder):
        values = {"database": shown_address(place_of(folder).url), "cause": f"it reads in {folder.name}"}
        raise DatabaseUnusable(Notice("database-busy", values))
    shutil.rmtree(own_folder(folder), ignore_errors=True)
