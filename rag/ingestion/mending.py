"""Mend an index whose catalog is damaged.

Owns: the order of it: what can be read is salvaged, what is lost is read again from its file. Interface:
``mend_catalog``. Knows nothing about how damage looks in the file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from rag.errors import IndexUnusable, RagError, UsageError
from rag.ingestion.pipeline import Progress, ingest, version_hash
from rag.ingestion.rebuild import ingested_paths, rebuild
from rag.ingestion.source_files import known_roots
from rag.models.encoder import Encoder
from rag.models.weights import Fetch
from rag.settings import Settings
from rag.store.catalog import Catalog
from rag.store.catalog.places import holds_index, place_of
from rag.store.catalog.salvage import DAMAGED, Salvaged, salvage
from rag.store.doctor import CheckResult
from rag.store.folders import index_folder
from rag.store.index import Index, open_index
from rag.store.vector_repair import make_vectors_anew
from rag.store.vector_stores import find_store, noted_store
from rag.store.write_lock import write_lock
from rag.types import IngestReport


def is_damaged(name: str, settings: Settings) -> bool:
    """Tell whether there is a catalog that SQLite cannot read in full, or whose text does not agree with itself.

    Args:
        name: The name of the index.
        settings: Name the home folder.

    Returns:
        Whether there is; a wrong keyword index alone, which is made anew in place, does not count.
    """
    folder = index_folder(name, settings.home)
    # PostgreSQL looks after its own files.
    if place_of(folder).url or not holds_index(folder):
        return False
    try:
        with closing(Catalog(folder)) as catalog:
            return any("keyword" not in problem for problem in catalog.problems())
    except sqlite3.DatabaseError as error:
        return "locked" not in str(error)
    except IndexUnusable as error:
        # A format is a number.
        no_format = not str(error.notice.values.get("format", "0")).isdecimal()
        return error.notice.code == "catalog-unreadable" or no_format


def mend_catalog(
    name: str,
    settings: Settings,
    progress: Progress | None = None,
    fetch: Fetch | None = None,
    encoder: Encoder | None = None,
) -> list[CheckResult]:
    """Salvage a damaged catalog, and read again the files of what was lost.

    Args:
        name: The name of the index.
        settings: As for ``ingest``.
        progress: Is told what is done.
        fetch: Fetches a model that is not on this machine.
        encoder: An embedding model to use in the place of the settings' one.

    Returns:
        What was done, one line each; where nothing could be read, what to do about it.

    Raises:
        RagError: Another process writes to the index, or a model is missing.
    """
    folder = index_folder(name, settings.home)
    with write_lock(folder):
        found = salvage(folder, lambda id_, media_type, pages, text: id_ == version_hash(media_type, pages, text))
        _mend_manifest(folder, settings)
    results = [CheckResult(ok=False, mended=found.opens, text=_told(found, folder))]
    if found.opens:
        results += _open_again(name, found, settings, progress, fetch, encoder)
    elif ingested_paths(folder):
        report = rebuild(name, [], settings, progress, fetch, encoder)
        results = [CheckResult(ok=False, mended=True, text=_told_of_rebuilding(found, report))]
    return results


def _mend_manifest(folder: Path, settings: Settings) -> None:
    """Forget what the manifest says of folders and of the vector store that cannot be so; sources name folders, too."""
    with closing(Catalog(folder)) as catalog:
        records = list(catalog.source_records())
        named = {record.root for record in records}
        # One that was ingested alone lies in its root, and says nothing of the other files there.
        walked = {
            record.root
            for record in records
            if Path(record.root) in Path(record.path).parents[1:] and Path(record.path).is_file()
        }
        try:
            noted = {str(root) for root in known_roots(catalog)}
        except (ValueError, TypeError):
            noted = set()
        roots = walked | {root for root in noted if root in named or Path(root).is_dir()}
        catalog.set(roots=json.dumps(sorted(roots)))
        try:
            find_store(settings.model_copy(update={"vector_store": noted_store(catalog.get("vectors"))}))
        except UsageError:
            # The next to open the index notes the store of the settings.
            catalog.set(vectors="")


def _told(found: Salvaged, folder: Path) -> str:
    kept = folder / DAMAGED
    if not found.opens:
        return (
            f"the catalog was damaged beyond reading; the file is kept as {kept}. Make the index anew with: rag ingest "
            f"PATH --rebuild ({found.conversations} conversations are kept for it)"
        )
    lost = f", {found.lost_answers} answers lost" if found.lost_answers else ""
    return (
        f"the catalog was damaged; {found.sources} sources ({len(found.doubtful)} of them in part), "
        f"{found.conversations} conversations and {found.answers} answers were read from it{lost}; the damaged file "
        f"is kept as {kept}"
    )


def _told_of_rebuilding(found: Salvaged, report: IngestReport) -> str:
    return (
        f"the catalog was damaged beyond mending; the index was made anew from {len(report.files)} files, with "
        f"{found.conversations} conversations and {found.answers} answers"
    )


def _open_again(
    name: str,
    found: Salvaged,
    settings: Settings,
    progress: Progress | None,
    fetch: Fetch | None,
    encoder: Encoder | None,
) -> list[CheckResult]:
    """Open the index, and ingest what it was made of: the files of what was lost are new to it."""
    lost = ", ".join(found.doubtful[:3]) + (" …" if len(found.doubtful) > 3 else "")
    folder, results = index_folder(name, settings.home), []
    try:
        try:
            index = open_index(name, settings=settings, fetch=fetch, encoder=encoder)
        except IndexUnusable as error:
            if not _says_its_model_twice(error):
                raise
            index = _with_vectors_anew(name, settings, fetch, encoder)
            results.append(CheckResult(ok=False, mended=True, text="the vectors were made anew from the text"))
        with index:
            index.catalog.set(embedding_model=index.encoder.name)
            paths = ingested_paths(folder)
            files = _files_of(index, found.doubtful) | _forget_damaged_places(index, paths)
            if files and paths:
                ingest(index, paths, progress)
            gone = [source for source, file in files.items() if not (file.exists() or _is_read(index, source))]
            _forget_damaged_names(index, files)
    except RagError as error:
        what = f"what was lost ({lost}) could not be read again" if lost else "it cannot be opened"
        return [*results, CheckResult(ok=False, mended=False, text=f"{what}: {error}")]
    if again := len(files) - len(gone):
        text = f"{again} sources were read again from their files ({lost})"
        results.append(CheckResult(ok=False, mended=True, text=text))
    if gone:
        text = f"{len(gone)} sources could not be read again: their files are gone (first: {gone[0]})"
        results.append(CheckResult(ok=False, mended=False, text=text))
    return results


def _says_its_model_twice(error: IndexUnusable) -> bool:
    """Tell whether an index is refused although it was made with the model of the settings: its weights differ.

    It is what a damaged fingerprint looks like. Where the weights do differ, new vectors are right as well.
    """
    values = error.notice.values
    return "made_with" in values and values["made_with"] == values.get("configured")


def _with_vectors_anew(name: str, settings: Settings, fetch: Fetch | None, encoder: Encoder | None) -> Index:
    """Open an index whose vectors may be of any model, and make them with that of the settings."""
    folder = index_folder(name, settings.home)
    with write_lock(folder):
        with closing(Catalog(folder)) as catalog:
            catalog.set(embedding_fingerprint="")
        with ExitStack() as opened:
            index = opened.enter_context(open_index(name, settings=settings, create=True, fetch=fetch, encoder=encoder))
            make_vectors_anew(index)
            opened.pop_all()
    return index


def _is_read(index: Index, source: str) -> bool:
    record = index.catalog.source_record(source)
    return record is not None and record.document_id is not None


def _files_of(index: Index, sources: Sequence[str]) -> dict[str, Path]:
    records = ((source, index.catalog.source_record(source)) for source in sources)
    return {source: Path(record.path) for source, record in records if record}


def _forget_damaged_places(index: Index, paths: Sequence[Path]) -> dict[str, Path]:
    """Forget each source that tells a wrong place, while a file of its name lies in a folder that was ingested.

    Its name would be taken when that file is read again.
    """
    files = {}
    for record in index.catalog.source_records():
        if Path(record.path) != Path(record.root) / record.source or not Path(record.root).is_dir():
            found = next((file for root in paths if (file := root / record.source).is_file()), None)
            if found:
                files[record.source] = found
    if files:
        with write_lock(index.folder):
            index.catalog.remove(list(files))
    return files


def _forget_damaged_names(index: Index, files: dict[str, Path]) -> None:
    """Forget each source whose file was read just now under another name: its own was damaged."""
    # What was not read just now has no stamp.
    read = [record for record in index.catalog.source_records() if record.stamp and record.document_id]
    paths, documents = {record.path for record in read}, {record.document_id for record in read}
    misnamed = []
    for source, file in files.items():
        record = index.catalog.source_record(source)
        if record and not record.problem:
            lies_elsewhere = not record.stamp and (record.path in paths or record.document_id in documents)
            if lies_elsewhere or (not record.document_id and file.exists()):
                misnamed.append(source)
    if misnamed:
        with write_lock(index.folder):
            index.catalog.remove(misnamed)
