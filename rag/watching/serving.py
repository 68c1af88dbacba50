"""Folders that a service follows, as ``rag serve --watch`` names them.

Owns: which index follows which folder, by the words of the command line. Knows nothing about requests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rag.errors import UsageError
from rag.hosting.uploads import Uploads
from rag.ingestion.source_files import absolute_path
from rag.notices import Notice
from rag.store.index import Index
from rag.watching.folders import WatchedFolders


def folders_by_index(watch: Sequence[str], served: Sequence[str]) -> dict[str, list[Path]]:
    """Read which index follows which folders.

    Args:
        watch: What ``--watch`` was given: ``PATH`` where one index is served, else ``INDEX=PATH``.
        served: The names of the indexes that are served.

    Returns:
        The folders of each index, absolute and without links.

    Raises:
        UsageError: A folder is not there, or it is not said which index follows it.
    """
    found: dict[str, list[Path]] = {}
    for word in watch:
        name, equals, path = word.partition("=")
        if not equals or name not in served:
            if not served:
                raise UsageError(f"There is no index to follow {word} yet; make it with: rag ingest {word}")
            if equals and not Path(word).exists():
                raise UsageError(f"No index {name!r} is served; --watch INDEX={path} takes one of: {', '.join(served)}")
            if len(served) > 1:
                raise UsageError(Notice("watch-needs-index", {"folder": word}))
            name, path = served[0], word
        found.setdefault(name, []).append(absolute_path(Path(path)))
    return found


def follow(
    watch: Sequence[str],
    served: Sequence[str],
    open_: Callable[[str], Index],
    uploads: Uploads,
    say: Callable[[Notice], None],
) -> None:
    """Have indexes follow folders until they are closed.

    Args:
        watch: What ``--watch`` was given.
        served: The names of the indexes that are served.
        open_: Opens one by its name.
        uploads: Whose turns the watchers take, so that one at a time writes to an index.
        say: Is told what happens to the watching.

    Raises:
        UsageError: A folder is not there, or it is not said which index follows it.
        IndexUnusable: An index cannot be opened.
    """
    for name, paths in folders_by_index(watch, served).items():
        index = open_(name)
        folders = index.held["watched folders"] = WatchedFolders(index, uploads)
        folders.follow(paths, say)
