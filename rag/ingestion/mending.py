"""Mend an index whose catalog is damaged.

Owns: the order of it: what can be read is salvaged, what is lost is read again from its file. Interface:
``mend_catalog``. Knows nothing about how damage looks in the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rag.errors import IndexUnusable, RagError
from rag.ingestion.pipeline import Progress, ingest, version_hash
from rag.ingestion.rebuild import ingested_paths, rebuild
from rag.models.encoder import Encoder
from rag.models.weights import Fetch
from rag.settings import Settings
from rag.store.catalog import FILE, Catalog
from rag.store.catalog.salvage import DAMAGED, Salvaged, salvage
from rag.store.doctor import CheckResult
from rag.store.folders import index_folder
from rag.store.index import Index, open_index
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
    if not (folder / FILE).is_file():
        return False
    try:
        with closing(Catalog(folder)) as catalog:
            return any("keyword" not in problem for problem in catalog.problems())
    except sqlite3.DatabaseError as error:
        return "locked" not in str(error)
    except IndexUnusable as error:
        return error.notice.code == "catalog-unreadable"


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
    results = [CheckResult(ok=False, mended=found.opens, text=_told(found, folder))]
    if not found.opens:
        if ingested_paths(folder):
            report = rebuild(name, [], settings, progress, fetch, encoder)
            results = [CheckResult(ok=False, mended=True, text=_told_of_rebuilding(found, report))]
    elif found.doubtful:
        results.append(_read_again(name, found, settings, progress, fetch, encoder))
    return results


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


def _read_again(
    name: str,
    found: Salvaged,
    settings: Settings,
    progress: Progress | None,
    fetch: Fetch | None,
    encoder: Encoder | None,
) -> CheckResult:
    """Ingest what the index was made of: the files of what was lost are new to it."""
    lost = ", ".join(found.doubtful[:3]) + (" …" if len(found.doubtful) > 3 else "")
    paths = ingested_paths(index_folder(name, settings.home))
    try:
        with open_index(name, settings=settings, fetch=fetch, encoder=encoder) as index:
            files = _files_of(index, found.doubtful)
            if paths:
                ingest(index, paths, progress)
            _forget_damaged_names(index, files)
    except RagError as error:
        return CheckResult(ok=False, mended=False, text=f"what was lost ({lost}) could not be read again: {error}")
    gone = [source for source, file in files.items() if not file.exists()]
    if gone:
        text = f"{len(gone)} sources could not be read again: their files are gone (first: {gone[0]})"
        return CheckResult(ok=False, mended=False, text=text)
    text = f"{len(found.doubtful)} sources were read again from their files ({lost})"
    return CheckResult(ok=False, mended=True, text=text)


def _files_of(index: Index, sources: Sequence[str]) -> dict[str, Path]:
    records = ((source, index.catalog.source_record(source)) for source in sources)
    return {source: Path(record.path) for source, record in records if record}


def _forget_damaged_names(index: Index, files: dict[str, Path]) -> None:
    """Forget each source whose file was read just now under another name: its own was damaged."""
    records = ((source, index.catalog.source_record(source)) for source, file in files.items() if file.exists())
    misnamed = [source for source, record in records if record and not record.document_id and not record.problem]
    if misnamed:
        with write_lock(index.folder):
            index.catalog.remove(misnamed)
