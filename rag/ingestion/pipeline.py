"""Make an index mirror files and folders.

Owns: which files are new, changed or gone, and the order of writing: vectors first, then one transaction of the
catalog makes a batch of files visible, then stale vectors go. A crash at any moment leaves the last committed state.
Knows nothing about file formats or how vectors are computed.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from rag.errors import LoadError, SkipFile, UsageError
from rag.ingestion.chunking import CHUNKER_VERSION, cut_chunks
from rag.load.loader import LOADER_VERSION, Limits, Loaded, Loader, has_settled, hash_file
from rag.load.walk import WalkedFile, walk
from rag.settings import Settings
from rag.store.catalog import NewVersion, SourceRecord
from rag.store.index import Index, delete_stale_vectors, write_lock
from rag.store.vectors import VectorRecord
from rag.text import embedded_text
from rag.types import Chunk, Document, FileReport, FileStatus, IngestReport, page_of

# Files are made visible in batches of about this many chunks: a transaction a file would cost more than its vectors.
_BATCH_CHUNKS = 512
# Files read ahead of the one being embedded.
_READ_AHEAD = 4


class Progress(Protocol):
    """What ingestion tells while it works. Amounts are bytes of files, so that a time left can be told."""

    def start(self, files: int, total: int) -> None:
        """``files`` files of together ``total`` bytes will be looked at."""
        ...

    def advance(self, amount: float, doing: str) -> None:
        """``amount`` more bytes are done; ``doing`` names the file at hand."""
        ...

    def file(self, report: FileReport) -> None:
        """One file is done."""
        ...


class Silent:
    """Tells nobody."""

    def start(self, files: int, total: int) -> None: ...

    def advance(self, amount: float, doing: str) -> None: ...

    def file(self, report: FileReport) -> None: ...


class Interrupted(KeyboardInterrupt):
    """Ingestion was stopped by the user; ``report`` says what had been committed."""

    def __init__(self, report: IngestReport) -> None:
        super().__init__("interrupted")
        self.report = report


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was found, the source it is, and what the manifest knew of it."""

    source: str
    root: str
    path: Path
    problem: str
    stamp: str
    size: int
    known: SourceRecord | None


@dataclass(frozen=True, slots=True)
class _Pending:
    """A file whose new version waits to be made visible."""

    file: _File
    record: SourceRecord
    document: Document
    chunks: list[Chunk]
    status: FileStatus


def ingest(index: Index, paths: Sequence[Path], settings: Settings, progress: Progress | None = None) -> IngestReport:
    """Add, update and remove sources so that the index mirrors ``paths``.

    One bad file never stops the rest: its report carries the reason. Sources outside ``paths`` are left alone. Raises
    UsageError for a path that does not exist, and Interrupted on Ctrl-C after committing what was finished.
    """
    roots = [_absolute(path) for path in paths]
    with write_lock(index.folder), closing(Loader(read_limits(settings))) as loader:
        return _Ingestion(index, settings, loader, progress or Silent()).run(roots)


def read_limits(settings: Settings) -> Limits:
    """The limits that file reading keeps."""
    return Limits(
        max_file_mb=settings.max_file_mb,
        max_pages=settings.max_pages,
        max_expansion=settings.max_expansion,
        max_text_mb=settings.max_text_mb,
        parse_seconds=settings.parse_seconds,
        parse_memory_mb=settings.parse_memory_mb,
    )


def remove(index: Index, sources: Sequence[str]) -> list[str]:
    """Take sources, by name or glob, out of the index; returns them. Raises UsageError for one that is not in it."""
    chosen: list[str] = []
    for pattern in sources:
        matching = index.catalog.named(pattern)
        if not matching:
            raise UsageError(f"{pattern!r} is not in the index {index.name!r}; see: rag sources")
        chosen += matching
    with write_lock(index.folder):
        index.catalog.remove(chosen)
        delete_stale_vectors(index)
    return list(dict.fromkeys(chosen))


class _Ingestion:
    """One run; holds what has been done so far."""

    def __init__(self, index: Index, settings: Settings, loader: Loader, progress: Progress) -> None:
        self.index, self.loader, self.progress = index, loader, progress
        self.limit = min(settings.chunk_tokens, index.encoder.max_tokens)
        self.fingerprint = f"{LOADER_VERSION}.{CHUNKER_VERSION}.{self.limit}"
        # A file that failed under one set of limits is tried again under another.
        self.limits_fingerprint = (
            f"{self.fingerprint}.{hashlib.sha256(repr(read_limits(settings)).encode()).hexdigest()[:8]}"
        )
        # Footnote's own folder: it may lie below the folder of documents.
        self.own = settings.home.resolve()
        self.reports: list[FileReport] = []
        self.pending: list[_Pending] = []
        self.chunk_counts = index.catalog.chunk_counts()

    def run(self, roots: Sequence[Path]) -> IngestReport:
        started = time.perf_counter()
        known_before = self.index.catalog.source_records()
        delete_stale_vectors(self.index)
        files, unreadable = self._find(roots, known_before)
        self.progress.start(len(files), sum(file.size for file in files))
        try:
            for file, loaded in self._load(files):
                self._take(file, loaded)
                if sum(len(item.chunks) for item in self.pending) >= _BATCH_CHUNKS:
                    self._publish()
            self._publish()
            self._remove_missing(roots, files, unreadable, known_before)
            delete_stale_vectors(self.index)
        except KeyboardInterrupt:
            raise Interrupted(self._report(started)) from None
        return self._report(started)

    def _report(self, started: float) -> IngestReport:
        reports = tuple(sorted(self.reports, key=lambda report: report.source))
        return IngestReport(self.index.name, time.perf_counter() - started, reports)

    # -- finding -----------------------------------------------------------------------------------------------------

    def _find(self, roots: Sequence[Path], known: Sequence[SourceRecord]) -> tuple[list[_File], list[Path]]:
        """The files below the roots with the names of their sources, and the places that could not be looked into."""
        folders = self._remember_roots(roots)
        records = {record.source: record for record in known}
        found: dict[Path, _File] = {}
        unreadable: list[Path] = []
        for root in roots:
            base = root if root.is_dir() else root.parent
            home = next((folder for folder in folders if _reached(base, folder, self.own)), base)
            prefix = "" if home == base else base.relative_to(home).as_posix() + "/"
            for item in walk(root):
                if not _reached(item.path, root, self.own):
                    continue
                if item.problem and item.path.is_dir():
                    unreadable.append(item.path)
                if item.path not in found:
                    found[item.path] = self._name(item, prefix + item.relative, home, records)
        return list(found.values()), unreadable

    def _remember_roots(self, roots: Sequence[Path]) -> list[Path]:
        """The folders that sources are named from, outermost first."""
        catalog = self.index.catalog
        known = {Path(text) for text in json.loads(catalog.get("roots") or "[]")}
        folders = known | {root for root in roots if root.is_dir()}
        outermost = sorted(
            folder
            for folder in folders
            if not any(parent in folders and _reached(folder, parent, self.own) for parent in folder.parents)
        )
        if set(outermost) != known:
            catalog.set(roots=json.dumps([str(folder) for folder in outermost]))
        return outermost

    def _name(self, item: WalkedFile, relative: str, home: Path, records: dict[str, SourceRecord]) -> _File:
        """The source a file is: its path below the root, with the root's name in front where another file has it."""
        path = str(item.path)
        candidates = [relative, f"{home.name}/{relative}"]
        candidates += [f"{home.name}-{number}/{relative}" for number in range(2, 100)]
        for source in candidates:
            record = records.get(source)
            if record is None or record.path == path or not os.path.lexists(record.path):
                break
        stamp, size = _stamp(item.path)
        file = _File(source, str(home), item.path, item.problem, stamp, size, record)
        # Taken, even from a file that has gone: the next file of this run must not take it, too.
        records[source] = SourceRecord(source, str(home), path, "", "", "", None, "", "", False)
        return file

    # -- reading -----------------------------------------------------------------------------------------------------

    def _load(self, files: Sequence[_File]) -> Iterator[tuple[_File, Loaded | LoadError | None]]:
        """Each file with what reading it gave: a document, an error, or None where the manifest is up to date.

        Reading runs a few files ahead in a thread, while the caller embeds.
        """
        ahead: deque[tuple[_File, Future[Loaded | LoadError | None]]] = deque()
        with ThreadPoolExecutor(1, "read") as pool:
            try:
                for file in files:
                    ahead.append((file, pool.submit(self._read, file)))
                    if len(ahead) > _READ_AHEAD:
                        earliest, future = ahead.popleft()
                        yield earliest, future.result()
                while ahead:
                    earliest, future = ahead.popleft()
                    yield earliest, future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.loader.close()
                raise

    def _read(self, file: _File) -> Loaded | LoadError | None:
        if file.problem:
            return LoadError(file.problem)
        try:
            if self._unchanged(file):
                return None
            return self.loader.load(file.path, file.source)
        except LoadError as error:
            return error

    def _unchanged(self, file: _File) -> bool:
        known = file.known
        if known is None or not known.stamp:
            return False
        if known.fingerprint != (self.limits_fingerprint if known.problem else self.fingerprint):
            return False
        if known.stamp == file.stamp and not file.stamp.endswith("?"):
            return True
        return bool(known.file_hash) and hash_file(file.path) == known.file_hash

    # -- writing -----------------------------------------------------------------------------------------------------

    def _take(self, file: _File, loaded: Loaded | LoadError | None) -> None:
        if loaded is None:
            self._keep(file)
        elif isinstance(loaded, LoadError):
            self._fail(file, loaded)
        else:
            self._prepare(file, loaded)

    def _keep(self, file: _File) -> None:
        """The manifest is up to date: nothing is written but a new stamp."""
        known = file.known
        assert known is not None
        if known.stamp != file.stamp:
            self.index.catalog.put_sources([replace(known, stamp=file.stamp, path=str(file.path), root=file.root)])
        if known.problem:
            self._done(file, "skipped" if known.skipped else "failed", known.problem)
        else:
            self._done(file, "unchanged", chunks=self.chunk_counts.get(file.source, 0))

    def _fail(self, file: _File, error: LoadError) -> None:
        """Record the problem. A version that was read before stays, unless the file is one to be skipped now."""
        skipped = isinstance(error, SkipFile)
        known = file.known
        same = known is not None and known.path == str(file.path)
        kept = known.document_id if known and same and not skipped else None
        reason = str(error)
        if kept and "read before" not in reason:
            reason += "; the version read before is kept"
        if not file.problem and file.path.exists():
            try:
                file_hash = hash_file(file.path)
            except LoadError:
                file_hash = ""
            record = SourceRecord(
                file.source,
                file.root,
                str(file.path),
                file.stamp if file_hash else "",
                file_hash,
                self.limits_fingerprint,
                kept,
                known.title if known else "",
                reason,
                skipped,
            )
            self.index.catalog.put_sources([record])
        self._done(file, "skipped" if skipped else "failed", reason)

    def _prepare(self, file: _File, loaded: Loaded) -> None:
        document = loaded.document
        document_id = content_hash(document)
        known = file.known
        record = SourceRecord(
            file.source,
            file.root,
            str(file.path),
            file.stamp,
            loaded.file_hash,
            self.fingerprint,
            document_id,
            document.title,
            "",
            False,
        )
        chunks = cut_chunks(document, self.index.encoder.count_tokens, self.limit)
        status: FileStatus = "updated" if known and known.document_id else "added"
        self.pending.append(_Pending(file, record, document, chunks, status))

    def _publish(self) -> None:
        """Embed and store the pending versions, then make them visible together."""
        batch, self.pending = self.pending, []
        if not batch:
            return
        versions = [
            NewVersion(
                item.record, item.document, item.chunks, [chunk_id(self.index, item.record, c) for c in item.chunks]
            )
            for item in batch
        ]
        ids = [id_ for version in versions for id_ in version.chunk_ids]
        texts = [embedded_text(item.document.text[c.start : c.end], c.context) for item in batch for c in item.chunks]
        # Progress counts bytes of files; each of the batch's texts stands for an equal share of them.
        share = sum(item.file.size for item in batch) / max(1, len(texts))
        name = batch[-1].file.source
        vectors = self.index.cache.encode(
            self.index.encoder, texts, lambda done: self.progress.advance(done * share, name)
        )
        self.index.catalog.expect(ids)
        if ids:
            self.index.vectors.add(_entries(versions), vectors)
        self.index.catalog.publish(versions)
        delete_stale_vectors(self.index)
        for item in batch:
            self._done(item.file, item.status, chunks=len(item.chunks), counted=True)

    def _remove_missing(
        self, roots: Sequence[Path], files: Sequence[_File], unreadable: Sequence[Path], known: Sequence[SourceRecord]
    ) -> None:
        """Forget sources below the roots whose files are gone; a place that could not be looked into keeps its own."""
        present = {file.source for file in files}
        gone = [
            record
            for record in known
            if record.source not in present
            and any(_reached(Path(record.path), root, self.own) for root in roots)
            and not any(_within(Path(record.path), place) for place in unreadable)
        ]
        if gone:
            self.index.catalog.remove([record.source for record in gone])
        for record in gone:
            if record.document_id:
                report = FileReport(record.source, "removed", "no longer among the files")
                self.reports.append(report)
                self.progress.file(report)

    def _done(self, file: _File, status: FileStatus, reason: str = "", chunks: int = 0, counted: bool = False) -> None:
        report = FileReport(file.source, status, reason, chunks)
        self.reports.append(report)
        if not counted:
            self.progress.advance(file.size, file.source)
        self.progress.file(report)


def content_hash(document: Document) -> str:
    """The id of a document version: SHA-256 of its type, its page starts and its canonical text."""
    head = json.dumps([document.media_type, list(document.pages)])
    return hashlib.sha256(f"{head}\n{document.text}".encode()).hexdigest()


def chunk_id(index: Index, record: SourceRecord, chunk: Chunk) -> str:
    """The id of a chunk's vector: equal only for the same words in the same place under the same model."""
    parts = (record.source, record.document_id or "", str(chunk.start), str(chunk.end), chunk.context)
    key = index.encoder.fingerprint.encode()
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16, key=key).hexdigest()


def _entries(versions: Sequence[NewVersion]) -> list[VectorRecord]:
    return [
        VectorRecord(
            id_,
            version.document.text[c.start : c.end],
            version.record.source,
            version.record.document_id or "",
            version.record.title,
            c.context,
            c.start,
            c.end,
            page_of(version.document.pages, c.start),
        )
        for version in versions
        for c, id_ in zip(version.chunks, version.chunk_ids, strict=True)
    ]


def _absolute(path: Path) -> Path:
    path = path.expanduser()
    if not os.path.lexists(path):
        raise UsageError(f"There is no file or folder {path}; check the path.")
    return path.resolve()


def _within(path: Path, root: Path) -> bool:
    return path == root or root in path.parents


def _reached(path: Path, root: Path, own: Path) -> bool:
    """Whether a walk of ``root`` is to say what becomes of ``path``.

    It never looks into hidden folders, nor into Footnote's own: a source from there was ingested by a path of its own.
    """
    if not _within(path, root) or (_within(path, own) and not _within(root, own)):
        return False
    return path == root or not any(part.startswith(".") for part in path.relative_to(root).parts)


def _stamp(path: Path) -> tuple[str, int]:
    """What changes when a file is written, and its size in bytes; no stamp while the file may still be changing."""
    try:
        found = path.stat()
    except OSError:
        return "", 0
    stamp = f"{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_ino}"
    return (stamp if has_settled(found) else f"{stamp}?"), found.st_size
