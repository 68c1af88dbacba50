"""Where an index lies.

Owns: the names of folders and files in the home folder. Knows nothing about the catalog or the vectors.

    home/vectors.sqlite   the cache of vectors
    home/sentences.sqlite the cache of vectors of sentences
    home/usage.sqlite     what hosted models took on each day, where a day has a cap (rag.models.llm.ledger)
    home/NAME             an index
    home/NAME/STORE       its vectors, where they are not on a server; STORE is the vector store, such as chroma
    home/NAME.rebuilt     an index that is being made anew, until it is finished
    home/NAME.replaced    the index that it has just replaced, until it is deleted
    home/.database/DB~N   the same folders of indexes whose catalogs lie in a database, without the catalogs
    home/.files/NAME      files that were uploaded into an index, those of its documents that can be brought back, and
                          the web pages and copies of objects elsewhere that were fetched into it
    home/.users           the homes of users, with indexes of their own
    home/.trash           deleted collections that can be brought back
"""

from __future__ import annotations

import re
from pathlib import Path

from rag.errors import UsageError
from rag.notices import Notice

REBUILT, REPLACED = ".rebuilt", ".replaced"
CACHE_FILE = "vectors.sqlite"
"""The cache of vectors; all indexes of a home share it."""
SENTENCES_FILE = "sentences.sqlite"
"""That of the vectors of sentences and their tokens, which questions fill."""

FILES, TRASH, USERS, DATABASE = ".files", ".trash", ".users", ".database"
"""Hidden, so that no index can have these names and no walk of a parent folder finds what lies in them."""

PAGES = "web"
"""The folder of fetched web pages, beside that of uploads."""

OBJECTS = "remote"
"""The folder of copies of objects on storage elsewhere, beside that of uploads."""

# What may name an index: no separators, no leading dot.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,55}")


def index_folder(name: str, home: Path) -> Path:
    """Return the folder of an index.

    Args:
        name: The name of the index.
        home: The folder in which indexes lie.

    Returns:
        The folder, whether it exists or not.

    Raises:
        UsageError: The name could lead out of the home folder.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(Notice("index-name-invalid", {"name": name}))
    return home.expanduser() / name


def uploads_folder(folder: Path) -> Path:
    """Return where the files that were uploaded into an index lie: ``HOME/.files/INDEX/uploads``.

    Args:
        folder: The folder of the index.
    """
    return (folder.parent / FILES / folder.name / "uploads").resolve()


def removed_files_folder(folder: Path) -> Path:
    """Return where the files of removed uploads lie while they can be brought back: ``HOME/.files/INDEX/removed``.

    Args:
        folder: The folder of the index.
    """
    return uploads_folder(folder).with_name("removed")


def pages_folder(folder: Path) -> Path:
    """Return where the web pages that were fetched into an index lie: ``HOME/.files/INDEX/web``.

    Args:
        folder: The folder of the index.
    """
    return uploads_folder(folder).with_name(PAGES)


def objects_folder(folder: Path) -> Path:
    """Return where the copies of objects on storage elsewhere lie: ``HOME/.files/INDEX/remote``.

    Args:
        folder: The folder of the index.
    """
    return uploads_folder(folder).with_name(OBJECTS)


def fetched_folder_around(path: Path, home: Path) -> Path | None:
    """Return the folder of fetched pages or objects that a file or folder lies in, of whichever index; None for none.

    Args:
        path: The file or folder, absolute and without links.
        home: The folder in which indexes lie, likewise.

    Returns:
        ``HOME/.files/INDEX/web`` or ``HOME/.files/INDEX/remote``, or None.
    """
    inside = path.relative_to(home / FILES).parts if path.is_relative_to(home / FILES) else ()
    return home / FILES / inside[0] / inside[1] if len(inside) >= 2 and inside[1] in (PAGES, OBJECTS) else None


def make_folder(folder: Path) -> None:
    """Make the folder of an index where there is none.

    Args:
        folder: The folder; those above it are made, too.

    Raises:
        UsageError: The folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        values = {"folder": str(folder), "cause": error.strerror}
        raise UsageError(Notice("index-folder-not-made", values)) from None
