"""Make an index anew beside the old one, then put it in its place.

Owns: the order of that exchange. Until the new index is whole the old one answers; text that was embedded before with
the same model is not embedded again. Conversations, and the versions they cite, move into the new index.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rag.errors import RagError, UsageError
from rag.ingestion.pipeline import Progress, ingest
from rag.settings import Settings
from rag.store.catalog import Catalog
from rag.store.catalog.history import carried_over
from rag.store.index import REBUILT, Fetch, index_folder, open_index, replace_index, write_lock
from rag.store.vectors import VectorStore
from rag.types import IngestReport


def rebuild(
    name: str, paths: Sequence[Path], settings: Settings, progress: Progress | None = None, fetch: Fetch | None = None
) -> IngestReport:
    """Ingest ``paths``, and all that the index was made of, into a new index and replace ``name`` by it."""
    home = settings.home.expanduser()
    folder = index_folder(name, home)
    folder.mkdir(parents=True, exist_ok=True)
    with write_lock(folder):
        paths = list(dict.fromkeys([*(path.expanduser().resolve() for path in paths), *_made_of(folder)]))
        if not paths:
            raise UsageError(f"The index {name!r} does not say what it was made of; name it: rag ingest --rebuild PATH")
        shutil.rmtree(index_folder(name + REBUILT, home), ignore_errors=True)
        with open_index(name + REBUILT, settings=settings, create=True, fetch=fetch) as fresh:
            report = ingest(fresh, paths, settings, progress)
            fresh.vectors.refresh()
        _drop_vectors(name, settings)
        with carried_over(folder, index_folder(name + REBUILT, home)):
            replace_index(name, home)
    return IngestReport(name, report.seconds, report.files)


def _made_of(folder: Path) -> list[Path]:
    """The folders, and the files outside them, that an index was made of and that still exist."""
    try:
        with closing(Catalog(folder)) as catalog:
            roots = [Path(root) for root in json.loads(catalog.get("roots") or "[]")]
            files = [Path(record.path) for record in catalog.source_records()]
    except RagError:
        return []
    alone = [file for file in files if not any(root in file.parents for root in roots)]
    return [path for path in [*roots, *alone] if path.exists()]


def _drop_vectors(name: str, settings: Settings) -> None:
    """Delete the old collection from a Chroma server; embedded vectors go with their folder."""
    folder = index_folder(name, settings.home.expanduser())
    if not settings.chroma_url:
        return
    try:
        catalog = Catalog(folder)
    except RagError:
        return
    VectorStore(folder / "chroma", catalog.get("collection"), settings.chroma_url).drop()
    catalog.close()
