"""Make the copies of an index mirror storage elsewhere.

Owns: which objects are read again, and which copies go. A copy is replaced whole, and none goes where the storage could
not be listed. Whoever calls this ingests the folders of the copies: what has gone leaves the index there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rag.errors import LoadError, SkipFile
from rag.hosting.upload_names import safe_name
from rag.ingestion.read_ahead import Bounds, ReadAhead
from rag.notices import Notice
from rag.remote.addresses import StorageAddress
from rag.remote.book import UNFINISHED, KeptObject, ObjectBook, writing_objects
from rag.remote.names import name_of
from rag.remote.storage import RemoteObject, Storage
from rag.types import FileReport, FileStatus

# So many objects are read at the same time, and so many bytes wait to be written.
_AT_ONCE = Bounds(workers=8, items=32, weight=64_000_000)
# What is known of objects is written after so many.
_SAVED_EVERY = 1000
Told = Callable[[Notice], None]


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What became of some addresses.

    Attributes:
        paths: The folders of the copies, one for each bucket.
        reports: What could not be listed or read.
    """

    paths: tuple[Path, ...]
    reports: tuple[FileReport, ...]


def mirror_storage(index_folder: Path, addresses: Sequence[StorageAddress], told: Told, storage: Storage) -> Mirrored:
    """Make the copies of an index mirror what lies at some addresses; copies of other objects stay.

    Args:
        index_folder: The folder of the index; there need not be one yet.
        addresses: What a person gave.
        told: Is told what is listed and read.
        storage: The storage.

    Returns:
        What became of them.

    Raises:
        IndexUnusable: Another process fetches files into the index, or its folder cannot be written to.
    """
    with writing_objects(index_folder) as book:
        run = _Run(book, storage, told)
        try:
            for address in dict.fromkeys(addresses):
                run.mirror(address)
        finally:
            run.save()
        folders = {book.folder / safe_name(address.bucket) for address in addresses}
        for folder in folders:
            # An empty bucket has one, too, whose files are gone.
            folder.mkdir(exist_ok=True, mode=0o700)
    return Mirrored(tuple(sorted(folders)), tuple(run.reports))


class _Run:
    """One run over some addresses."""

    def __init__(self, book: ObjectBook, storage: Storage, told: Told) -> None:
        self.book, self.storage, self.told = book, storage, told
        self.reports: list[FileReport] = []

    def mirror(self, address: StorageAddress) -> None:
        """Mirror what lies at one address; where it cannot be listed, all copies stay."""
        self.told(Notice("remote-listing", {"address": address.text}))
        try:
            found = self.storage.objects(address)
        except LoadError as error:
            self.reports.append(FileReport(address.text, "failed", error.notice))
            return
        present = {each.key for each in found}
        for kept in [kept for kept in self.book if kept.bucket == address.bucket and address.holds(kept.key)]:
            # Where a folder was listed, an object of its name was not.
            is_beside = bool(present) and kept.key == address.prefix
            if kept.key not in present and not is_beside:
                # A copy that cannot be deleted stays known: the next run tries again.
                with suppress(OSError):
                    self.book.forget(kept)
        changed = [each for each in found if not self._is_here(address.bucket, each)]
        size = sum(each.size for each in changed)
        self.told(Notice("remote-listed", {"objects": len(found), "changed": len(changed), "bytes": size}))

        def read(each: RemoteObject) -> bytes | LoadError:
            try:
                return self.storage.read(address.bucket, each)
            except LoadError as error:
                return error

        ahead = ReadAhead(read, lambda each, _: each.size, self.storage.stop, _AT_ONCE)
        for number, (each, data) in enumerate(ahead.over(changed), 1):
            self._keep(address.bucket, each, data)
            if number % _SAVED_EVERY == 0:
                self.save()
        if not address.prefix:
            with suppress(OSError):
                self.book.delete_strays(self.book.folder / safe_name(address.bucket))

    def save(self) -> None:
        """Write what is known of the copies; on a full disk the next run reads what was not noted again."""
        with suppress(OSError):
            self.book.save()

    def _is_here(self, bucket: str, found: RemoteObject) -> bool:
        """Tell whether the version that is listed is the one of the copy; the object is not read for it."""
        kept = self.book.find(bucket, found.key)
        return kept is not None and (kept.size, kept.etag, kept.modified) == (found.size, found.etag, found.modified)

    def _keep(self, bucket: str, found: RemoteObject, data: bytes | LoadError) -> None:
        """Put an object where its copy is to lie, or note why it does not."""
        before = self.book.find(bucket, found.key)
        try:
            if isinstance(data, LoadError):
                raise data
            name = before.name if before else name_of(bucket, found.key, self.book.taken)
            _replace(self.book.folder / name, data, self.book.folder)
            self.book.put(KeptObject(name, bucket, found.key, found.size, found.etag, found.modified))
        except LoadError as error:
            reason = Notice("file-version-kept", {"problem": error.notice.as_json()}) if before else error.notice
            status: FileStatus = "skipped" if isinstance(error, SkipFile) else "failed"
            self.reports.append(FileReport(before.name if before else f"{bucket}/{found.key}", status, reason))


def _replace(path: Path, data: bytes, folder: Path) -> None:
    """Write a copy whole, in the place of the one before."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(prefix=UNFINISHED, dir=folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError as error:
        cause = (error.strerror or type(error).__name__).lower()
        raise LoadError(Notice("remote-not-stored", {"cause": cause})) from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
