"""Make an index mirror files and folders.

Owns: the order of writing: vectors first, then one transaction of the catalog makes a batch of files visible, then
stale vectors go. A crash at any moment leaves the last committed state. Files are read and cut, and vectors computed,
by workers that run ahead; all that is written to the index is written in the caller's thread. Knows nothing about file
formats, or where and how vectors are computed; ``source_files`` says which files are new, changed or gone.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from rag.errors import LoadError, SkipFile, UsageError
from rag.ingestion.chunking import CHUNKER_VERSION
from rag.ingestion.embed_ahead import EmbedAhead
from rag.ingestion.read_ahead import Bounds, ReadAhead
from rag.ingestion.source_files import (
    EVERYTHING,
    Look,
    SourceFile,
    absolute_path,
    find_files,
    gone_sources,
    is_unchanged,
    remember_roots,
)
from rag.ingestion.workers import (
    CutDocument,
    Hire,
    LocalWorkers,
    NotEmbedded,
    Workers,
    WorkersFailed,
    chunk_limit,
    read_limits,
)
from rag.load import recognition
from rag.load.loader import hash_file, loader_version
from rag.models.encoder import Vectors
from rag.notices import Notice
from rag.store.catalog import NewVersion, SourceRecord
from rag.store.index import Index, delete_stale_vectors
from rag.store.nearest import are_missing
from rag.store.reading import keep_source_languages, not_read_well
from rag.store.vector_records import records_of_versions
from rag.store.vector_repair import mend_vectors
from rag.store.write_lock import write_lock
from rag.text import embedded_text
from rag.types import Chunk, Document, FileReport, FileStatus, IngestReport

# Files are made visible in batches of about this many chunks: a transaction a file would cost more than its vectors.
_BATCH_CHUNKS = 512
# So many files that were touched and not changed are recorded together: a transaction each took 14 ms.
_TOUCHED_FILES = 5000
# So many files, and bytes of files or characters of documents, may be read ahead of the batch that is embedded.
_AHEAD_FILES, _AHEAD_WEIGHT = 64, 64_000_000
_LOG = logging.getLogger(__name__)


class Progress(Protocol):
    """Is told what ingestion does while it works. Amounts are bytes of files, so that a time left can be estimated."""

    def start(self, files: int, total: int) -> None:
        """Begin.

        Args:
            files: How many files will be looked at.
            total: Their size, in bytes.
        """
        ...

    def advance(self, amount: float, doing: str) -> None:
        """Go on.

        Args:
            amount: How many more bytes are done.
            doing: The name of the file at hand.
        """
        ...

    def file(self, report: FileReport) -> None:
        """Take note that one file is done."""
        ...


class Interrupted(KeyboardInterrupt):
    """Ingestion was stopped by the user; ``report`` says what had been committed."""

    def __init__(self, report: IngestReport) -> None:
        super().__init__("interrupted")
        self.report = report


class _NoProgress:
    """Ignores what it is told."""

    def start(self, files: int, total: int) -> None: ...

    def advance(self, amount: float, doing: str) -> None: ...

    def file(self, report: FileReport) -> None: ...


@dataclass(frozen=True, slots=True)
class _PendingVersion:
    """A new version of a source that waits to be made visible."""

    file: SourceFile
    record: SourceRecord
    document: Document
    chunks: list[Chunk]
    status: FileStatus
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Versions that become visible together.

    Attributes:
        pending: The versions that wait.
        versions: The same, as the catalog takes them.
        texts: What is embedded of their chunks, in order.
        share: Progress counts bytes of files; each text stands for an equal share of them.
        began: When the batch was made, in seconds of the clock that measures durations.
    """

    pending: list[_PendingVersion]
    versions: list[NewVersion]
    texts: list[str]
    share: float
    began: float

    @property
    def name(self) -> str:
        """The source that is named while the batch is at work."""
        return self.pending[-1].file.source


@dataclass(frozen=True, slots=True)
class _Embedded:
    """A batch with its vectors.

    Attributes:
        batch: What of the batch could be embedded.
        vectors: The vectors of its texts.
        failed: The files that could not be embedded.
    """

    batch: _Batch
    vectors: Vectors
    failed: list[tuple[SourceFile, LoadError]]


def ingest(
    index: Index,
    paths: Sequence[Path],
    progress: Progress | None = None,
    look: Look = EVERYTHING,
    hire: Hire = LocalWorkers,
) -> IngestReport:
    """Add, update and remove sources so that the index mirrors ``paths``.

    One bad file never stops the rest: its report carries the reason. Sources outside ``paths`` are left alone.

    Args:
        index: The index, which is locked for writing meanwhile. Its settings name the limits of reading and the size
            of chunks; the folder that it lies in is Footnote's own and is passed over.
        paths: Files and folders.
        progress: Is told what is done.
        look: How much of the paths is looked at; the rest of them stays as it is.
        hire: Makes those who read, cut and embed.

    Returns:
        What was done with each file.

    Raises:
        UsageError: When a path does not exist and all of the paths is looked at.
        IndexUnusable: Another process writes to the index, or it is gone or was made with another model meanwhile.
        Interrupted: On Ctrl-C, after committing what was finished.
    """
    absolute_paths = [absolute_path(path) if look.places is None else path for path in paths]
    with _writing(index), closing(hire(index.encoder, index.settings)) as workers:
        return _Ingestion(index, workers, progress or _NoProgress()).run(absolute_paths, look)


@contextmanager
def _writing(index: Index) -> Iterator[None]:
    """Hold an index for writing, as it is now: another process may have put another one in its place."""
    # Before there is a lock, whose file would make the folder of an index that is gone.
    index.check_is_there()
    with write_lock(index.folder):
        index.refresh()
        try:
            yield
            index.vectors.overwrite_free_space(only_small=True)
        finally:
            # What was written here need not be opened anew.
            index.seen_version = index.version


def remove(index: Index, sources: Sequence[str]) -> list[str]:
    """Take sources out of the index.

    Args:
        index: The index, which is locked for writing meanwhile.
        sources: Their names, or globs of them.

    Returns:
        The names of the sources that were removed.

    Raises:
        UsageError: When one is not in the index; nothing is removed then.
        IndexUnusable: Another process writes to the index, or it is gone or was made with another model meanwhile.
    """
    names: list[str] = []
    with _writing(index):
        for pattern in sources:
            matching = index.catalog.find_sources(pattern)
            if not matching:
                raise UsageError(Notice("source-unknown", {"source": pattern, "index": index.name}))
            names += matching
        index.catalog.remove(names)
        keep_source_languages(index.catalog, {}, names)
        delete_stale_vectors(index)
    return list(dict.fromkeys(names))


class _Ingestion:
    """One run; holds what has been done so far."""

    def __init__(self, index: Index, workers: Workers, progress: Progress) -> None:
        settings = index.settings
        self.index, self.workers, self.progress = index, workers, progress
        self.fingerprint = f"{loader_version()}.{CHUNKER_VERSION}.{chunk_limit(index.encoder, settings)}"
        # A file that failed under one set of limits is tried again under another, and once pictures can be read.
        limits = read_limits(settings)
        reading = repr((limits, recognition.is_available(limits.ocr_languages)))
        limits_hash = hashlib.sha256(reading.encode()).hexdigest()[:8]
        self.limits_fingerprint = f"{self.fingerprint}.{limits_hash}"
        # Footnote's own folder: it may lie below the folder of documents.
        self.own_folder = settings.home.resolve()
        self.reports: list[FileReport] = []
        self.pending: list[_PendingVersion] = []
        self.touched: list[SourceRecord] = []
        self.chunk_counts = index.catalog.chunk_counts()

    def run(self, paths: Sequence[Path], look: Look) -> IngestReport:
        started = time.perf_counter()
        records = self.index.catalog.source_records()
        delete_stale_vectors(self.index)
        self._put_back_vectors()
        roots = remember_roots(self.index.catalog, paths, self.own_folder)
        files, unreadable = find_files(paths, roots, records, self.own_folder, look)
        self.progress.start(len(files), sum(file.size for file in files))
        try:
            at_once = self.workers.batches_at_once
            with EmbedAhead(self._embed, self._advance, at_once) as embedding:
                for file, cut in self._load(files):
                    self._handle(file, cut)
                    if sum(len(version.chunks) for version in self.pending) >= _BATCH_CHUNKS:
                        embedding.begin(self._next_batch())
                    # Batches stay at work while the one before them is stored and the next is read.
                    for batch, embedded in embedding.results(leave=at_once):
                        self._publish(batch, embedded)
                if self.pending:
                    embedding.begin(self._next_batch())
                for batch, embedded in embedding.results():
                    self._publish(batch, embedded)
            self._keep_stamps()
            unseen = [*unreadable, *look.out_of_reach()]
            self._remove(gone_sources(look.records(records), files, paths, unseen, self.own_folder))
            delete_stale_vectors(self.index)
        except KeyboardInterrupt:
            raise Interrupted(self._ingest_report(started)) from None
        return self._ingest_report(started)

    def _put_back_vectors(self) -> None:
        """Put back vectors that were lost: of text that has not changed, nobody else would."""
        if are_missing(self.index.catalog, self.index.vectors):
            _LOG.warning("vectors were missing; they are put back")
            mend_vectors(self.index)

    def _ingest_report(self, started: float) -> IngestReport:
        reports = tuple(sorted(self.reports, key=lambda report: report.source))
        return IngestReport(self.index.name, time.perf_counter() - started, reports)

    # -- reading -----------------------------------------------------------------------------------------------------

    def _load(self, files: Sequence[SourceFile]) -> Iterator[tuple[SourceFile, CutDocument | LoadError | None]]:
        """Yield each file with what reading it gave: a document, an error, or None where the index is up to date.

        Reading runs ahead in threads while the caller embeds; the order is that of the files, whichever is read first.
        """
        at_once = self.workers.files_at_once
        bounds = Bounds(at_once, max(_AHEAD_FILES, 2 * at_once), _AHEAD_WEIGHT)
        return ReadAhead(self._read, _weight, self.workers.close, bounds).over(files)

    def _read(self, file: SourceFile) -> CutDocument | LoadError | None:
        if file.problem:
            return LoadError(file.problem)
        try:
            if is_unchanged(file, self.fingerprint, self.limits_fingerprint):
                return None
            started = time.perf_counter()
            cut = self.workers.read(file.path, file.source)
            _LOG.debug(
                "file read",
                extra={
                    "source": file.source,
                    "media_type": cut.document.media_type,
                    "characters": len(cut.document.text),
                    "seconds": round(time.perf_counter() - started, 3),
                },
            )
            return cut
        except LoadError as error:
            return error

    # -- writing -----------------------------------------------------------------------------------------------------

    def _handle(self, file: SourceFile, cut: CutDocument | LoadError | None) -> None:
        if cut is None:
            self._keep(file)
        elif isinstance(cut, LoadError):
            self._record_failure(file, cut)
        else:
            self._prepare(file, cut)

    def _keep(self, file: SourceFile) -> None:
        """Leave a file that is up to date as it is: nothing is written but a new stamp, and where it lies now."""
        record = file.record
        assert record is not None
        if (record.stamp, record.path, record.root) != (file.stamp, str(file.path), file.root):
            self.touched.append(replace(record, stamp=file.stamp, path=str(file.path), root=file.root))
            if len(self.touched) >= _TOUCHED_FILES:
                self._keep_stamps()
        if record.problem:
            self._report(file, "skipped" if record.skipped else "failed", record.problem)
        else:
            chunks = self.chunk_counts.get(file.source, 0)
            self._report(file, "unchanged", chunks=chunks, warnings=record.warnings)

    def _keep_stamps(self) -> None:
        """Record the new stamps of files that were touched and not changed, all in one transaction."""
        touched, self.touched = self.touched, []
        if touched:
            self.index.catalog.put_sources(touched)

    def _record_failure(self, file: SourceFile, error: LoadError) -> None:
        """Record the problem. A version that was read before stays, unless the file is one to be skipped now."""
        skipped = isinstance(error, SkipFile)
        record = file.record
        is_same_file = record is not None and record.path == str(file.path)
        kept_document = record.document_id if record and is_same_file and not skipped else None
        reason = error.notice
        if kept_document:
            reason = Notice("file-version-kept", {"problem": reason.as_json()})
        if not file.problem and os.path.exists(file.path):
            try:
                file_hash = hash_file(file.path)
            except LoadError:
                file_hash = ""
            failure = SourceRecord(
                source=file.source,
                root=file.root,
                path=str(file.path),
                # Without a stamp it is tried again.
                stamp="" if isinstance(error, WorkersFailed) or not file_hash else file.stamp,
                file_hash=file_hash,
                fingerprint=self.limits_fingerprint,
                document_id=kept_document,
                title=record.title if record else "",
                problem=reason,
                skipped=skipped,
            )
            self.index.catalog.put_sources([failure])
        self._report(file, "skipped" if skipped else "failed", reason)

    def _prepare(self, file: SourceFile, cut: CutDocument) -> None:
        """Put a document that was read and cut with those that wait to be made visible."""
        self.progress.advance(0, file.source)
        document = cut.document
        record = SourceRecord(
            source=file.source,
            root=file.root,
            path=str(file.path),
            stamp=file.stamp,
            file_hash=cut.file_hash,
            fingerprint=self.fingerprint,
            document_id=content_hash(document),
            title=document.title,
            problem=None,
            skipped=False,
            date=document.date,
            warnings=document.warnings,
        )
        status: FileStatus = "updated" if file.record and file.record.document_id else "added"
        self.pending.append(_PendingVersion(file, record, document, cut.chunks, status, cut.languages))

    def _next_batch(self) -> _Batch:
        """Return the pending versions as a batch; none is pending then."""
        pending, self.pending = self.pending, []
        return self._batch(pending)

    def _batch(self, pending: list[_PendingVersion]) -> _Batch:
        versions = [
            NewVersion(
                version.record,
                version.document,
                version.chunks,
                [chunk_id(self.index, version.record, chunk) for chunk in version.chunks],
            )
            for version in pending
        ]
        texts = texts_of_versions(versions)
        share = sum(version.file.size for version in pending) / max(1, len(texts))
        return _Batch(pending, versions, texts, share, time.perf_counter())

    def _embed(self, batch: _Batch, step: Callable[[int], None]) -> _Embedded:
        """Have a batch embedded, without the versions that hold a text whose vector nobody can compute."""
        failed: list[tuple[SourceFile, LoadError]] = []
        while True:
            try:
                encode = self.workers.encode
                return _Embedded(batch, self.index.cache.encode(self.index.encoder, batch.texts, step, encode), failed)
            except NotEmbedded as refused:
                texts_of = [frozenset(texts_of_versions([version])) for version in batch.versions]
                failed += [
                    (version.file, refused.error)
                    for version, texts in zip(batch.pending, texts_of, strict=True)
                    if texts & refused.texts
                ]
                batch = self._batch(
                    [
                        version
                        for version, texts in zip(batch.pending, texts_of, strict=True)
                        if not texts & refused.texts
                    ]
                )

    def _advance(self, batch: _Batch, done: int) -> None:
        self.progress.advance(done * batch.share, batch.name)

    def _publish(self, begun: _Batch, embedded: _Embedded) -> None:
        """Store the vectors of a batch, then make its versions visible together."""
        for file, error in embedded.failed:
            self._record_failure(file, error)
        batch = embedded.batch
        store_vectors(self.index, batch.versions, embedded.vectors)
        # What is told of the batch is ready before it is visible: an interruption finds both or neither.
        reasons = [self._language_notice(version) for version in batch.pending]
        languages = {version.file.source: version.languages for version in batch.pending}
        keep_source_languages(self.index.catalog, languages)
        self.index.catalog.publish(batch.versions)
        delete_stale_vectors(self.index)
        _LOG.info(
            "batch committed",
            extra={
                "files": len(batch.pending),
                "chunks": len(batch.texts),
                "seconds": round(time.perf_counter() - begun.began, 3),
            },
        )
        for version, reason in zip(batch.pending, reasons, strict=True):
            warnings = version.document.warnings
            self._report(version.file, version.status, reason, len(version.chunks), warnings, counted=True)

    def _language_notice(self, version: _PendingVersion) -> Notice | None:
        """Return the notice that paragraphs of a document are in languages that the embedding model does not read."""
        unread = [language for language in version.languages if self.index.reads(language) is False]
        about = "source" if len(unread) == len(version.languages) else "part"
        return not_read_well(self.index.encoder.name, about, unread) if unread else None

    def _remove(self, gone: Sequence[SourceRecord]) -> None:
        """Remove sources whose files are gone, and report those that could be read before."""
        if gone:
            self.index.catalog.remove([record.source for record in gone])
            keep_source_languages(self.index.catalog, {}, [record.source for record in gone])
        for record in gone:
            if record.document_id:
                report = FileReport(record.source, "removed", Notice("file-removed"))
                self.reports.append(report)
                self.progress.file(report)

    def _report(
        self,
        file: SourceFile,
        status: FileStatus,
        reason: Notice | None = None,
        chunks: int = 0,
        warnings: tuple[Notice, ...] = (),
        counted: bool = False,
    ) -> None:
        """Report a file that is done; ``counted`` says that the progress has counted its bytes already."""
        report = FileReport(file.source, status, reason, chunks, warnings)
        self.reports.append(report)
        _LOG.debug(
            "file done", extra={"source": file.source, "status": status, "reason": str(reason or ""), "chunks": chunks}
        )
        if not counted:
            self.progress.advance(file.size, file.source)
        self.progress.file(report)


def _weight(file: SourceFile, cut: CutDocument | LoadError | None) -> int:
    """Return about how many bytes a file takes until it is handled: those of its text once it is read."""
    return max(file.size, len(cut.document.text)) if isinstance(cut, CutDocument) else file.size


def texts_of_versions(versions: Sequence[NewVersion]) -> list[str]:
    """Return what is embedded of document versions.

    Args:
        versions: The versions, with their chunks.

    Returns:
        A text for each chunk, with its context, in order.
    """
    return [
        embedded_text(version.document.text[chunk.start : chunk.end], chunk.context)
        for version in versions
        for chunk in version.chunks
    ]


def store_vectors(index: Index, versions: Sequence[NewVersion], vectors: Vectors) -> None:
    """Store the vectors of document versions that are made visible next; those of a crash before that are found.

    Args:
        index: The index.
        versions: The versions.
        vectors: The vectors of ``texts_of_versions``, of shape ``(chunks, dimension)``.
    """
    ids = [id_ for version in versions for id_ in version.chunk_ids]
    index.catalog.register_vectors(ids)
    if ids:
        index.vectors.add(records_of_versions(versions), vectors)


def content_hash(document: Document) -> str:
    """Return the id of a document version: SHA-256 of its type, its page starts and its canonical text."""
    return version_hash(document.media_type, document.pages, document.text)


def version_hash(media_type: str, pages: Sequence[int], text: str) -> str:
    """Return the id of a document version with these parts.

    Args:
        media_type: Its media type.
        pages: Where its pages start in the text.
        text: Its canonical text.

    Returns:
        The id, 64 hexadecimal digits.
    """
    head = json.dumps([media_type, list(pages)])
    return hashlib.sha256(f"{head}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def chunk_id(index: Index, record: SourceRecord, chunk: Chunk) -> str:
    """Return the id of a chunk's vector.

    Args:
        index: The index, whose embedding model counts.
        record: The source, with the document version that was cut.
        chunk: The chunk.

    Returns:
        32 hexadecimal digits, equal only for the same words at the same offsets under the same model.
    """
    parts = (record.source, record.document_id or "", str(chunk.start), str(chunk.end), chunk.context)
    key = index.encoder.fingerprint.encode()
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16, key=key).hexdigest()
