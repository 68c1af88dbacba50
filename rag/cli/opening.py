"""Open what a command works with: settings, weights, an index or its catalog alone.

Owns: that fetching is announced and shown, whichever command needs the weights. Knows nothing about any one command;
heavy modules are imported inside the functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rag.cli.advice import for_this_index
from rag.cli.screen import warn

if TYPE_CHECKING:
    from rag.models.llm.model import Model
    from rag.models.weights import Fetch
    from rag.settings import Settings
    from rag.store.catalog import Catalog
    from rag.store.index import Index
    from rag.types import IngestReport


def settings_of(home: Path | None) -> Settings:
    """Return the settings, with the home that the command line names."""
    from rag.settings import load_settings

    environment = load_settings()
    return environment.model_copy(update={"home": home}) if home else environment


def pull_with_progress(name: str, settings: Settings) -> Path:
    """Fetch weights that are absent, saying first what they are, how big, and where they go.

    Args:
        name: A name of `rag models list`, or `hf:…`.
        settings: Their folder of models is where the weights go.

    Returns:
        Where the weights lie.
    """
    from rag.models.weights import describe, fetch, find_weights, path_of

    present = path_of(name, settings.models)
    if present:
        return present
    from rag.cli.terminal import FetchProgress

    weights = find_weights(name)
    typer.echo(f"Fetching {describe(weights, settings.models)}", err=True)
    with FetchProgress() as progress:
        return fetch(weights, settings.models, progress)


def warn_of_absent_indexes(settings: Settings, only: Sequence[str]) -> None:
    """Say which indexes are not there yet, where a program begins that serves them as soon as they are.

    Args:
        settings: Their home is where the indexes lie.
        only: The names of the indexes that are to be served; none: all that there are.
    """
    from rag.store.catalog.places import known_indexes

    home = settings.home.expanduser()
    there = known_indexes(home)
    if not there and not only:
        warn(f"There is no index in {home} yet; make one, also while this runs, with: rag ingest PATH")
    for name in only:
        if name not in there:
            warn(
                f"There is no index {name!r} in {home} yet; make it, also while this runs, with: "
                f"rag ingest PATH --index {name}"
            )


def fetcher(settings: Settings) -> Fetch:
    """Return the function that opening a model calls for weights that are absent."""
    return lambda name: pull_with_progress(name, settings)


def fetch_cross_encoders(settings: Settings) -> None:
    """Fetch the reranker and the checker that the settings name on the hub, where they are absent.

    Args:
        settings: Name them, and the folder of models.

    Raises:
        ModelError: One cannot be fetched.
        UsageError: What follows `hf:` is no name.
    """
    from rag.models.hub_names import hub_cross_encoders

    for spec in hub_cross_encoders(settings.reranker, settings.checker):
        pull_with_progress(spec, settings)


def offer_better_model(spec: str, settings: Settings) -> None:
    """Say once that a better language model exists, where the default one is used at a terminal of a machine with room.

    Nothing is fetched or changed. A mark in the data folder keeps it from being said again.

    Args:
        spec: The language model that is about to be used.
        settings: Their folder of models is where it would go.
    """
    import sys

    if spec.strip() != "local" or not (sys.stdout.isatty() and sys.stderr.isatty()):
        return
    from rag.models.better_model import offer_once
    from rag.settings import DATA_FOLDER

    if offer := offer_once(settings.models, DATA_FOLDER):
        warn(str(offer))


def open_model(spec: str, settings: Settings) -> Model | None:
    """Open a language model; where it cannot be had, say so and what answers are until then.

    Args:
        spec: As ``--llm`` takes it.
        settings: Threads, timeouts and the folder of models.

    Returns:
        The model; None for the spec ``none``.

    Raises:
        LLMError: A service cannot be used.
        ModelError: Weights cannot be had.
    """
    from rag.errors import LLMError, ModelError
    from rag.models.llm.opening import open_llm

    try:
        return open_llm(spec, settings, fetcher(settings))
    except (LLMError, ModelError) as error:
        announce_quotes(error)
        raise


def announce_quotes(error: Exception) -> None:
    """Say why there is no language model, and what answers are until then."""
    warn(f"{error} Until then answers are quotes from your documents.")


def open_index_with_progress(name: str, settings: Settings, create: bool = False) -> Index:
    """Open an index, fetching its embedding model with progress where it is absent.

    Args:
        name: The index.
        settings: Where it lies, and its embedding model.
        create: Whether an index that is not there is made.

    Returns:
        The open index; the caller closes it.
    """
    from rag.store.index import open_index

    return open_index(name, settings=settings, create=create, fetch=fetcher(settings))


def check_sources(index: str, globs: Sequence[str], settings: Settings) -> list[str]:
    """Refuse globs that no source matches, and an index that is not there, before any model is loaded.

    Args:
        index: The index.
        globs: As ``--source`` takes them.
        settings: Where the index lies.

    Returns:
        The globs; in place of the name of a folder one that matches all that lies in it.

    Raises:
        IndexUnusable: There is no index of that name.
        UsageError: No source matches any of the globs.
    """
    from rag.store.source_globs import read_globs

    with open_catalog(index, settings) as catalog:
        return read_globs(catalog, index, globs)


def warn_of_scoring(index: Index) -> None:
    """Say on standard error that nothing was fitted for the embedding model.

    Nothing is said where a threshold was chosen for it, or its similarities are put on the scale that was fitted.

    Args:
        index: The open index.
    """
    from rag.retrieval.answerability import CALIBRATED
    from rag.retrieval.languages import are_on_scale
    from rag.scoring.file import describe_scoring

    is_chosen = index.settings.threshold is not None or index.catalog.get(CALIBRATED)
    if not index.scoring_is_fitted and not is_chosen and not are_on_scale(index):
        encoder = index.encoder
        notice = describe_scoring(index.scoring, encoder.name, encoder.fingerprint, index.settings.scoring)
        warn(for_this_index(f"{str(notice)[:1].upper()}{str(notice)[1:]}."))


def warn_of_languages(report: IngestReport) -> None:
    """Say on standard error how many files of an ingestion the embedding model does not read well.

    Args:
        report: What was done with each file.
    """
    from rag.store.reading import summarised

    if notice := summarised([file.reason for file in report.files if file.reason]):
        warn(for_this_index(str(notice)))


def open_catalog(name: str, settings: Settings) -> AbstractContextManager[Catalog]:
    """Open the catalog of an index alone: what needs no model must not wait for one.

    Args:
        name: The index.
        settings: Where it lies.

    Returns:
        A context that closes the catalog.
    """
    from contextlib import closing

    from rag.store.catalog import Catalog
    from rag.store.folders import index_folder
    from rag.store.moving import recover_index

    recover_index(name, settings.home.expanduser())
    return closing(Catalog(index_folder(name, settings.home)))
