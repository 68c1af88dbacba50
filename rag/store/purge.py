"""Take what was removed from an index out of everything that Footnote keeps.

Owns: the order of it. A removed source is no longer searched; its words still stand in answers that quoted it, in
caches, in what can be brought back, and in free pages of files. Interface: ``purge``.
"""

from __future__ import annotations

import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from rag.settings import Settings
from rag.store.catalog.places import lies_elsewhere
from rag.store.catalog.purging import PurgedWords, purge_words
from rag.store.folders import SENTENCES_FILE, TRASH, removed_files_folder
from rag.store.index import Index
from rag.store.leftovers import delete_for_good
from rag.store.sentence_cache import SentenceCache
from rag.store.vector_repair import make_vectors_anew
from rag.store.vector_stores import store_folder
from rag.store.vector_use import keys_in_use
from rag.store.write_lock import write_lock


@dataclass(frozen=True, slots=True)
class Purged:
    """What was taken out.

    Attributes:
        words: Out of the catalog.
        files: How many files of removed uploads that could be brought back.
        collections: How many deleted collections that could be brought back.
        vectors: How many vectors of text that no index holds, out of the cache; None where a file of
            cached vectors is in use.
    """

    words: PurgedWords
    files: int
    collections: int
    vectors: int | None


def purge(index: Index) -> Purged:
    """Take the words of removed sources out of answers, notes, caches, and the free pages of the files.

    What was removed or deleted in the chat and could be brought back is deleted for good, the home's deleted
    collections, too. The vectors that stay are stored anew, since a store keeps words of deleted ones in its files. A
    crash in between leaves an index that says so, and whose vectors ``rag ingest`` puts back.

    Args:
        index: The index.

    Returns:
        What was taken out.

    Raises:
        IndexUnusable: Another process writes to the index, or it cannot be read.
    """
    with write_lock(index.folder):
        words = purge_words(index.folder)
        files = _delete_files(removed_files_folder(index.folder))
        collections = _delete_collections(index.folder.parent / TRASH, index.settings)
        make_vectors_anew(index)
        damaged = store_folder(index.own_folder, index.vectors.name)
        shutil.rmtree(damaged.with_name(damaged.name + ".damaged"), ignore_errors=True)
    home = index.settings.home.expanduser()
    with closing(SentenceCache(home / SENTENCES_FILE)) as sentences:
        are_forgotten = sentences.forget()
    forgotten = index.cache.keep_only(keys_in_use(home))
    return Purged(words, files, collections, forgotten if are_forgotten else None)


def _delete_files(folder: Path) -> int:
    """Delete the files of removed uploads, each removal in a folder of its own; return how many there were."""
    count = sum(1 for _ in folder.glob("*/*"))
    if folder.is_dir():
        shutil.rmtree(folder)
    return count


def _delete_collections(trash: Path, settings: Settings) -> int:
    """Delete the deleted collections with their files, and their catalogs in a database; return how many there were."""
    places = [place for place in trash.glob("*") if not lies_elsewhere(place / "index")]
    for place in places:
        delete_for_good(place / "index", settings)
        shutil.rmtree(place)
    with suppress(OSError):
        trash.rmdir()
    return len(places)
