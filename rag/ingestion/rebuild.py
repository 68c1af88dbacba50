"""Make an index anew beside the old one, then put it in its place.

Owns: the order of that exchange. Until the new index is whole the old one answers; text that was embedded before with
the same model is not embedded again. Conversations, and the versions they cite, move into the new index.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rag.errors import RagError, UsageError
from rag.ingestion.pipeline import Progress, ingest
from rag.ingestion.replacement import made_in_place_of
from rag.ingestion.source_files import known_roots
from rag.ingestion.workers import Hire, LocalWorkers
from rag.models.encoder import Encoder
from rag.models.weights import Fetch
from rag.notices import Notice
from rag.settings import Settings
from rag.store.catalog import Catalog
from rag.store.catalog.places import own_folder
from rag.store.folders import index_folder
from rag.store.write_lock import write_lock
from rag.types import IngestReport


def rebuild(
    name: str,
    paths: Sequence[Path],
    settings: Settings,
    progress: Progress | None = None,
    fetch: Fetch | None = None,
    encoder: Encoder | None = None,
    hire: Hire = LocalWorkers,
) -> IngestReport:
    """Ingest all that an index was made of, and ``paths``, into a new index, and replace the old one by it.

    Args:
        name: The name of the index.
        paths: Files and folders to add to those that it was made of.
        settings: As for ``ingest``, with the embedding model of the new index.
        progress: Is told what is done.
        fetch: Fetches a model that is not on this machine.
        encoder: An embedding model to use in the place of the settings' one.
        hire: Makes those who read, cut and embed.

    Returns:
        What was done with each file.

    Raises:
        UsageError: When there are no paths, and the index does not say what it was made of.
        RagError: When the new index cannot be made; the old one stays.
    """
    home = settings.home.expanduser()
    folder = index_folder(name, home)
    own_folder(folder).mkdir(parents=True, exist_ok=True)
    with write_lock(folder):
        paths = list(dict.fromkeys([*(path.expanduser().resolve() for path in paths), *ingested_paths(folder)]))
        if not paths:
            raise UsageError(Notice("index-made-of-nothing", {"index": name}))
        with made_in_place_of(name, settings, encoder, fetch) as fresh:
            report = ingest(fresh, paths, progress, hire=hire)
    return IngestReport(name, report.seconds, report.files)


def ingested_paths(folder: Path) -> list[Path]:
    """Return the folders, and the files outside them, that an index was made of and that still exist.

    Args:
        folder: The folder of the index.

    Returns:
        The paths; none where its catalog cannot be read.
    """
    try:
        with closing(Catalog(folder)) as catalog:
            roots = known_roots(catalog)
            files = [Path(record.path) for record in catalog.source_records()]
    except RagError:
        return []
    outside = [file for file in files if not any(root in file.parents for root in roots)]
    return [path for path in [*roots, *outside] if path.exists()]
