"""The command ``rag purge``.

Owns: its options, and what is printed. Heavy modules are imported inside the command.
"""

from __future__ import annotations

from pathlib import Path

import typer

from rag.cli.opening import open_index_with_progress, settings_of
from rag.cli.options import DEFAULT_INDEX, HomeOption, IndexOption, JsonOption


def purge(index: IndexOption = DEFAULT_INDEX, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Take the words of removed sources out of answers, caches, trash and free pages, too."""
    from dataclasses import asdict, replace

    from rag.remote.book import forget_objects_without_source
    from rag.serialize import to_json
    from rag.store.purge import purge as run_purge
    from rag.web.book import forget_pages_without_source

    with open_index_with_progress(index, settings_of(home)) as opened:
        purged = run_purge(opened)
        paths = [Path(record.path) for record in opened.catalog.each_source_record()]
        pages = forget_pages_without_source(opened.folder, paths)
        fetched = pages + forget_objects_without_source(opened.folder, paths)
        purged = replace(purged, files=purged.files + fetched)
    if as_json:
        typer.echo(to_json(asdict(purged)))
        return
    words = purged.words
    typer.echo(f"{words.answers} answers emptied, which quoted sources that are no longer in the index")
    typer.echo(f"{words.notes} notes on them deleted")
    typer.echo(f"{words.removed} removed documents deleted, which could be brought back, with {purged.files} files")
    typer.echo(f"{words.documents} document versions deleted, which only such answers and documents kept")
    typer.echo(f"{purged.collections} deleted collections of this folder deleted for good")
    if purged.vectors is None:
        typer.echo("the cache of vectors is in use; run rag purge again when nothing else runs")
    else:
        typer.echo(f"{purged.vectors} vectors of text that no index holds deleted from the cache")
    if opened.catalog.place.url:
        typer.echo(
            "the database's write-ahead log and backups may hold words of what was deleted until they are recycled"
        )
    for name in words.files:
        typer.echo(f"{name} deleted: a copy of a damaged catalog")
