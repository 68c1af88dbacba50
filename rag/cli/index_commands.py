"""The commands on an index: ``rag ingest``, ``sources``, ``show``, ``remove``, ``status`` and ``doctor``.

Owns: their options, and what is printed where. Knows nothing about how an index is kept; heavy modules are imported
inside the commands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.advice import for_this_index
from rag.cli.opening import (
    fetcher,
    open_catalog,
    open_index_with_progress,
    settings_of,
    warn_of_languages,
    warn_of_scoring,
)
from rag.cli.options import DEFAULT_INDEX, HomeOption, IndexOption, JsonOption
from rag.cli.screen import columns, padded, say, styled, warn

if TYPE_CHECKING:
    from rag.ingestion.workers import Hire
    from rag.settings import Settings
    from rag.store.catalog import Catalog, SourceSummary
    from rag.store.doctor import CheckResult
    from rag.store.index import Index


def ingest(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="Files, folders and s3://BUCKET/FOLDER; with --web also addresses of web pages.",
            path_type=str,
            show_default=False,
        ),
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    home: HomeOption = None,
    as_json: JsonOption = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the index anew from all it was made of.")] = False,
    web: Annotated[bool, typer.Option("--web", help="Fetch the web pages that are named. [env RAG_WEB]")] = False,
    web_list: Annotated[
        Path | None,
        typer.Option("--web-list", metavar="FILE", help="Read addresses from a file, one a line.", show_default=False),
    ] = None,
    workers: Annotated[
        str,
        typer.Option(
            "--workers",
            metavar="WHERE",
            help="Who reads and embeds: local, ray (a Ray cluster of this machine), ray://HOST:PORT or HOST:PORT.",
        ),
    ] = "local",
) -> None:
    """Read files and folders into an index, and keep it their mirror: what has changed is read again."""
    from rag.cli.lines import ingest_lines
    from rag.cli.storage_addresses import mirror_addresses, split_storage
    from rag.cli.terminal import IngestProgress
    from rag.cli.web_addresses import fetch_addresses, split_arguments
    from rag.errors import UsageError
    from rag.ingestion.pipeline import Interrupted
    from rag.ingestion.pipeline import ingest as run_ingest
    from rag.serialize import to_json
    from rag.types import IngestReport

    settings = settings_of(home)
    hire = _workers(workers)
    paths, addresses = split_arguments(arguments or [], web_list)
    if not paths and not addresses and not rebuild:
        raise UsageError("Nothing to ingest; name files or folders: rag ingest PATH")
    _check_paths(paths)
    stored, addresses = split_storage(addresses)
    mirrored = mirror_addresses(index, stored, settings) if stored else None
    fetched = fetch_addresses(index, addresses, settings, web) if addresses else None
    for found in (mirrored, fetched):
        paths += found.paths if found else ()
    with IngestProgress() as progress:
        try:
            if rebuild:
                from rag.ingestion.rebuild import rebuild as run_rebuild

                report = run_rebuild(index, paths, settings, progress, fetcher(settings), hire=hire)
            elif not paths:
                report = IngestReport(index, 0.0, ())
            else:
                with open_index_with_progress(index, settings, create=True) as opened:
                    report = run_ingest(opened, paths, progress, hire=hire)
                    warn_of_scoring(opened)
        except Interrupted as stopped:
            report, interrupted = stopped.report, True
        else:
            interrupted = False
    for found in (mirrored, fetched):
        report = report.with_files(found.reports) if found else report
    if as_json:
        typer.echo(to_json(report.as_json()))
    else:
        say(*ingest_lines(report), hang=10)
    warn_of_languages(report)
    if interrupted:
        state = "the index is as it was" if rebuild else "what is listed is kept"
        warn(f"Stopped; {state}, run the command again to go on.")
        raise typer.Exit(130)


def _workers(text: str) -> Hire:
    """Return what makes the workers that an option names."""
    from rag.cluster.address import read_workers
    from rag.ingestion.workers import LocalWorkers

    address = read_workers(text)
    if address is None:
        return LocalWorkers
    from rag.cluster.workers import hire_on

    return hire_on(address)


def _check_paths(paths: list[Path]) -> None:
    """Fail on a path that does not exist before any model is loaded."""
    import os

    from rag.errors import UsageError

    for path in paths:
        if not os.path.lexists(path.expanduser()):
            raise UsageError(f"There is no file or folder {path}; check the path.")


def show(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A source, as `rag sources` names it.")],
    span: Annotated[
        str | None, typer.Option("--span", metavar="START:END", help="Only this slice.", show_default=False)
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    home: HomeOption = None,
) -> None:
    """Print the canonical text of a source, or exactly one slice of it."""
    from rag.errors import UsageError
    from rag.text import printable

    with open_catalog(index, settings_of(home)) as catalog:
        record = catalog.source_named(source)
        document = catalog.document(record.document_id) if record and record.document_id else None
        if document is None:
            raise UsageError(f"{source!r} is not in the index {index!r}; see: rag sources")
        text = document.text
    if span is not None:
        start, colon, end = span.partition(":")
        if not (colon and start.isdecimal() and end.isdecimal() and int(start) <= int(end) <= len(text)):
            raise UsageError(
                f"{span!r} is no slice of {source!r}; write START:END with 0 <= START <= END <= {len(text)}."
            )
        text = text[int(start) : int(end)]
    if columns():
        # To be read: no sign of a document moves the cursor, and lines break between words.
        say(*printable(text).split("\n"))
        return
    # Bytes, because a text stream may change line ends and refuse what the terminal's encoding lacks.
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def sources(index: IndexOption = DEFAULT_INDEX, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List what is in an index."""
    from rag.cli.lines import warning_lines
    from rag.notices.languages import language_names
    from rag.store.reading import languages_read, not_read_well, source_languages, summarised
    from rag.text import printable

    settings = settings_of(home)
    is_empty = True
    with open_catalog(index, settings) as catalog:
        # One at a time: of many sources the first are shown at once, and they are never all in memory.
        listed = catalog.each_source()
        if as_json:
            _print_sources_as_json(listed, _addresses(catalog, index, settings))
            return
        languages, read = source_languages(catalog), languages_read(catalog, settings)
        model = catalog.get("embedding_model")
        for summary in listed:
            is_empty = False
            pages = f", {summary.pages} pages" if summary.pages else ""
            codes = languages.get(summary.source, ())
            language = f", {language_names(codes)}" if codes else ""
            size = f"{summary.chunks} chunks, {summary.characters} characters{pages}"
            day = f", {summary.date}" if summary.date else ""
            say(f"{printable(summary.source)}  ({size}{language}{day})", hang=4)
            say(*warning_lines(summary.warnings, 4))
    unread = [[code for code in codes if read and code not in read] for codes in languages.values()]
    if notice := summarised([not_read_well(model, "source", codes) for codes in unread if codes]):
        warn(for_this_index(str(notice)))
    if is_empty:
        warn(for_this_index(f"The index {index!r} is empty; add files with: rag ingest PATH"))


def _addresses(catalog: Catalog, index: str, settings: Settings) -> dict[str, str]:
    """Return the addresses of the sources that were fetched: web pages, and objects of storage elsewhere."""
    from rag.remote.book import ObjectBook
    from rag.store.folders import index_folder
    from rag.web.book import PageBook

    folder = index_folder(index, settings.home)
    pages, objects = PageBook(folder), ObjectBook(folder)
    address_of = {pages.path(page): page.addresses[0] for page in pages}
    address_of.update((objects.path(kept), kept.address) for kept in objects)
    if not address_of:
        return {}
    paths = ((record.source, Path(record.path)) for record in catalog.each_source_record())
    return {source: address_of[path] for source, path in paths if path in address_of}


def _print_sources_as_json(summaries: Iterable[SourceSummary], addresses: Mapping[str, str]) -> None:
    """Print one object with all sources, each as it comes."""
    from rag.serialize import source_json, to_json

    separator = ""
    typer.echo('{"sources": [', nl=False)
    for summary in summaries:
        row = source_json(summary)
        if summary.source in addresses:
            row["address"] = addresses[summary.source]
        typer.echo(separator + to_json(row), nl=False)
        separator = ", "
    typer.echo("]}")


def remove(
    names: Annotated[
        list[str], typer.Argument(metavar="SOURCE", help="Sources or globs, as `rag sources` names them.")
    ],
    index: IndexOption = DEFAULT_INDEX,
    home: HomeOption = None,
    as_json: JsonOption = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask where a pattern stands for more than one source.")
    ] = False,
) -> None:
    """Take sources out of an index; the files themselves stay."""
    from rag.ingestion.pipeline import remove as run_remove
    from rag.remote.book import forget_objects
    from rag.serialize import to_json
    from rag.text import printable
    from rag.web.book import forget_pages

    with open_index_with_progress(index, settings_of(home)) as opened:
        if not yes:
            _ask_before_removing(names, opened)
        paths = {record.source: Path(record.path) for record in opened.catalog.each_source_record()}
        removed = run_remove(opened, names)
        # What was fetched goes with its source: of a web page only Footnote has the file, an object can be read again.
        gone = [paths[name] for name in removed if name in paths]
        forget_pages(opened.folder, gone)
        forget_objects(opened.folder, gone)
    if as_json:
        typer.echo(to_json({"removed": removed}))
        return
    for name in removed:
        say(f"removed {printable(name)}", hang=8)


def _ask_before_removing(names: list[str], index: Index) -> None:
    """Ask before more is removed than was named: a pattern may stand for all that there is."""
    from rag.errors import UsageError
    from rag.text import printable

    matching = {source for name in names for source in index.catalog.find_sources(name)}
    if len(matching) <= len(names):
        return
    of_all = f"{len(matching)} of the {index.catalog.source_counts()[0]} sources of index {index.name}"
    if not sys.stdin.isatty():
        raise UsageError(f"This removes {of_all}; nothing was removed. Add --yes to remove them.")
    first = ", ".join(printable(source) for source in sorted(matching)[:3])
    typer.confirm(f"Remove {of_all} ({first}{', …' if len(matching) > 3 else ''})?", abort=True, err=True)


def status(index: IndexOption = DEFAULT_INDEX, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Say what an index holds, where it lies, and what it was made with."""
    from rag.serialize import to_json
    from rag.store.doctor import index_status

    settings = settings_of(home)
    with open_catalog(index, settings) as catalog:
        values = index_status(index, catalog, settings)
    if as_json:
        typer.echo(to_json(values))
        return
    for key, value in values.items():
        say(f"{key.replace('_', ' ')}: {value}", hang=2)


def doctor(
    index: IndexOption = DEFAULT_INDEX,
    home: HomeOption = None,
    as_json: JsonOption = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended.")] = False,
) -> None:
    """Check an index and its models; with --fix, mend what can be mended."""
    from dataclasses import asdict

    from rag.answering.checkers import check_checker
    from rag.errors import RagError
    from rag.ingestion.mending import is_damaged, mend_catalog
    from rag.serialize import to_json
    from rag.store.doctor import check_index, check_setup
    from rag.store.weight_doctor import check_weights
    from rag.verify.compare import read_rules_off

    settings = settings_of(home)
    absent: RagError | None = None
    findings: list[CheckResult] = []
    try:
        if fix and is_damaged(index, settings):
            findings = mend_catalog(index, settings, fetch=fetcher(settings))
        findings += check_index(index, settings, fix, fetcher(settings))
    except RagError as error:
        absent = error
    setup = check_setup(settings, [lambda: check_checker(settings.checker), lambda: read_rules_off(settings.rules_off)])
    setup += check_weights(settings, fix)
    # What keeps the index from being opened is told already.
    known = {finding.text for finding in findings}
    findings += [finding for finding in setup if finding.text not in known]
    if as_json:
        typer.echo(to_json({"index": index, "findings": [asdict(finding) for finding in findings]}))
    else:
        for finding in findings:
            word, style = (
                ("ok", "green") if finding.ok else ("mended", "yellow") if finding.mended else ("WRONG", "red")
            )
            say(f"{padded(styled(word, style), 6)} {for_this_index(finding.text)}", hang=7)
    if absent is not None:
        raise absent
    raise typer.Exit(0 if all(finding.ok or finding.mended for finding in findings) else 1)
