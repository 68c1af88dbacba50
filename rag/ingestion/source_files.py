"""Find the files that an index is to mirror, and tell which of them have changed and which are gone.

Owns: the name of a file's source, and what counts as unchanged. Reads folders and hashes files; writes nothing, and
knows nothing about what is in a file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import UsageError
from rag.load.loader import has_settled, hash_file
from rag.load.walk import WalkedFile, walk, walk_below
from rag.notices import Notice
from rag.store.catalog import Catalog, SourceRecord
from rag.store.folders import fetched_folder_around
from rag.store.own_files import is_own_file, own_files

# At the end of the stamp of a file that may still be changing.
_UNSETTLED = "?"
# So many folders of the same name are told apart by a number.
_NUMBERED_FOLDERS = 100


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file below one of the paths that are ingested, and the source it is.

    Attributes:
        source: The name of the source: its path below ``root``, perhaps with the root's name in front.
        root: The folder that it is named from.
        path: Where it is.
        problem: Why it cannot be read; None for a file that can.
        stamp: What changes when it is written; "" when that cannot be told.
        size: Its size in bytes.
        record: What the catalog knew of the source; None for a new one.
    """

    source: str
    root: str
    path: Path
    problem: Notice | None
    stamp: str
    size: int
    record: SourceRecord | None


def _nothing() -> Sequence[Path]:
    return ()


@dataclass(frozen=True, slots=True)
class Look:
    """How much of some folders is looked at, for whoever knows what of them has changed.

    Attributes:
        places: What is looked at: files and folders at or below the paths, some of which may be gone; None: all.
        unfinished: Files that somebody is still writing: they are not read now, and their sources stay as they are.
        out_of_reach: Gives the folders that cannot be seen now, such as a drive that was taken out: what they held
            stays. Asked after the files were looked for, so that a drive cannot be taken out in between.
    """

    places: tuple[Path, ...] | None = None
    unfinished: frozenset[Path] = frozenset()
    out_of_reach: Callable[[], Sequence[Path]] = field(default=_nothing)

    def records(self, records: Sequence[SourceRecord]) -> list[SourceRecord]:
        """Return the records of the sources that are looked at."""
        unfinished = frozenset(map(str, self.unfinished))
        places = None if self.places is None else frozenset(map(str, self.places))
        return [
            record
            for record in records
            if record.path not in unfinished and (places is None or _is_at_or_below(record.path, places))
        ]


EVERYTHING = Look()
"""All of the folders."""


def absolute_path(path: Path) -> Path:
    """Return a path that a user gave, absolute and without links.

    Args:
        path: A file or folder; ``~`` is the user's home.

    Returns:
        The path.

    Raises:
        UsageError: When there is nothing.
    """
    path = path.expanduser()
    if not os.path.lexists(path):
        raise UsageError(Notice("path-absent", {"path": str(path)}))
    return path.resolve()


def known_roots(catalog: Catalog) -> list[Path]:
    """Return the folders that the sources of an index are named from."""
    return [Path(text) for text in json.loads(catalog.get("roots") or "[]")]


def remember_roots(catalog: Catalog, paths: Sequence[Path], own_folder: Path) -> list[Path]:
    """Add folders to those that sources are named from, and store them.

    Args:
        catalog: The catalog of the index.
        paths: What is ingested now: folders, and files, which are left out.
        own_folder: Footnote's own folder.

    Returns:
        The folders that lie in no other, sorted.
    """
    known = set(known_roots(catalog))
    folders = known | {path for path in paths if path.is_dir()}
    outermost = sorted(
        folder
        for folder in folders
        if not any(parent in folders and _is_walked(folder, parent, own_folder) for parent in folder.parents)
    )
    if set(outermost) != known:
        catalog.set(roots=json.dumps([str(folder) for folder in outermost]))
    return outermost


def find_files(
    paths: Sequence[Path],
    roots: Sequence[Path],
    records: Sequence[SourceRecord],
    own_folder: Path,
    look: Look = EVERYTHING,
) -> tuple[list[SourceFile], list[Path]]:
    """Find the files below some paths.

    Args:
        paths: Folders and files, absolute.
        roots: The folders that sources are named from.
        records: What the catalog knows of all sources.
        own_folder: Footnote's own folder; nothing in it is found, unless a path lies in it. The files of an index are
            found nowhere, unless a path is its folder.
        look: How much of the paths is looked at.

    Returns:
        The files, each once, and the folders that could not be listed.
    """
    record_of = {record.source: record for record in records}
    files: dict[Path, SourceFile] = {}
    unreadable: list[Path] = []
    for path in paths:
        folder = path if path.is_dir() else path.parent
        root = fetched_folder_around(folder, own_folder)
        root = root or next((root for root in roots if _is_walked(folder, root, own_folder)), folder)
        prefix = "" if root == folder else folder.relative_to(root).as_posix() + "/"
        found = _walked(path, look)
        own = own_files([walked.path for walked in found], path)
        for walked in found:
            if walked.path in own or walked.path in look.unfinished or not _is_walked(walked.path, path, own_folder):
                continue
            if walked.is_closed_folder:
                unreadable.append(walked.path)
            if walked.path not in files:
                files[walked.path] = _name_source(walked, prefix + walked.relative, root, record_of)
    return list(files.values()), unreadable


def _walked(path: Path, look: Look) -> list[WalkedFile]:
    """Return the files of a path that are looked at, each once."""
    if look.places is None:
        return list(walk(path))
    found = (walked for place in look.places if _is_within(place, path) for walked in walk_below(path, place))
    # What tells an index's files from others may lie outside the places.
    return list({walked.path: walked for walked in found if not is_own_file(walked.path, path)}.values())


def is_unchanged(file: SourceFile, fingerprint: str, limits_fingerprint: str) -> bool:
    """Tell whether what the catalog holds of a file is up to date. The file is hashed where its stamp does not say it.

    Args:
        file: The file.
        fingerprint: Says how documents are read and cut now.
        limits_fingerprint: Says so with the limits of reading: a file that failed under one set of limits is tried
            again under another.

    Returns:
        True when neither its bytes nor the way they are read and cut have changed.
    """
    record = file.record
    if record is None or not record.stamp:
        return False
    if record.fingerprint != (limits_fingerprint if record.problem else fingerprint):
        return False
    if record.stamp == file.stamp and not file.stamp.endswith(_UNSETTLED):
        return True
    return bool(record.file_hash) and hash_file(file.path) == record.file_hash


def gone_sources(
    records: Sequence[SourceRecord],
    files: Sequence[SourceFile],
    paths: Sequence[Path],
    unreadable: Sequence[Path],
    own_folder: Path,
) -> list[SourceRecord]:
    """Return the sources below some paths whose files are gone.

    Args:
        records: What the catalog knew of all sources.
        files: The files that were found.
        paths: Where they were looked for.
        unreadable: The folders that could not be listed: their sources are not gone.
        own_folder: Footnote's own folder.

    Returns:
        The records of those sources.
    """
    present = {file.source for file in files}
    # A file is a path of its own: each would otherwise be held against each source.
    alone = {str(path) for path in paths if not path.is_dir()}
    walked = [path for path in paths if str(path) not in alone]
    return [
        record
        for record in records
        if record.source not in present
        and (record.path in alone or any(_is_walked(Path(record.path), path, own_folder) for path in walked))
        and not any(_is_within(Path(record.path), folder) for folder in unreadable)
    ]


def _name_source(walked: WalkedFile, relative: str, root: Path, record_of: dict[str, SourceRecord]) -> SourceFile:
    """Return a file with the name of its source, which is taken in ``record_of``.

    It is its path below the root, with the root's name in front where another file has that name.
    """
    path = str(walked.path)
    for source in _candidate_names(relative, root):
        record = record_of.get(source)
        # Where a folder was moved and a link left in its place, the old path leads to the same file.
        if record is None or path in (record.path, os.path.realpath(record.path)) or not os.path.lexists(record.path):
            break
    stamp, size = _stamp_and_size(walked.path)
    file = SourceFile(source, str(root), walked.path, walked.problem, stamp, size, record)
    # Taken, even from a file that has gone: the next file of this run must not take it, too.
    record_of[source] = SourceRecord(
        source=source,
        root=str(root),
        path=path,
        stamp="",
        file_hash="",
        fingerprint="",
        document_id=None,
        title="",
        problem=None,
        skipped=False,
    )
    return file


def _candidate_names(relative: str, root: Path) -> Iterable[str]:
    """Yield the names that a source may have, best first; there is at least one."""
    yield relative
    yield f"{root.name}/{relative}"
    for number in range(2, _NUMBERED_FOLDERS):
        yield f"{root.name}-{number}/{relative}"


def _is_at_or_below(path: str, places: frozenset[str]) -> bool:
    """Tell whether a path is one of some places, or lies below one; the time does not grow with their number."""
    while path not in places:
        path, slash, _ = path.rpartition(os.sep)
        if not slash:
            return os.sep in places
    return True


def _is_within(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _is_walked(path: Path, root: Path, own_folder: Path) -> bool:
    """Tell whether a walk of ``root`` is to say what becomes of ``path``.

    It never looks into hidden folders, nor into Footnote's own: a source from there was ingested by a path of its own.
    """
    if not _is_within(path, root) or (_is_within(path, own_folder) and not _is_within(root, own_folder)):
        return False
    return path == root or not any(part.startswith(".") for part in path.relative_to(root).parts)


def _stamp_and_size(path: Path) -> tuple[str, int]:
    """Return what changes when a file is written, and its size in bytes; the stamp says whether it may be changing."""
    try:
        status = path.stat()
    except OSError:
        return "", 0
    stamp = f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"
    return (stamp if has_settled(status) else stamp + _UNSETTLED), status.st_size
