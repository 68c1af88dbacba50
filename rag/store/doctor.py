"""Look after an index: what it holds, whether its parts agree, and mending them.

Owns: the checks and their repairs. A repair uses only what the catalog holds: its text is enough to make the keyword
index and the vectors anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.database.address import shown_address
from rag.errors import IndexUnusable, ModelError, RagError, UsageError
from rag.models.device import describe_devices
from rag.models.llm.metering import used_today
from rag.models.weights import Fetch
from rag.notices import Notice
from rag.notices.languages import languages_in_short
from rag.parts import outside_parts
from rag.precision import precision_of
from rag.scoring.file import describe_scoring, read_scoring_file, scoring_for
from rag.settings import Settings
from rag.store.catalog import Catalog
from rag.store.catalog.places import holds_index, own_folder
from rag.store.catalog.schema import cause_of
from rag.store.folders import REBUILT, index_folder
from rag.store.leftovers import is_unfinished, remove_unfinished
from rag.store.reading import is_measured, languages_read
from rag.store.vector_repair import compare_vectors, mend_vectors
from rag.store.vector_stores import find_store, open_vectors
from rag.store.write_lock import write_lock

if TYPE_CHECKING:
    from rag.store.index import Index


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found.

    Attributes:
        ok: Whether all was well.
        mended: Whether what was wrong has been mended.
        text: What was found, in one sentence.
    """

    ok: bool
    mended: bool
    text: str


def index_status(name: str, catalog: Catalog, settings: Settings) -> dict[str, Any]:
    """Tell what an index holds and what it was made with. Loads no model.

    Args:
        name: The name of the index.
        catalog: Its open catalog.
        settings: Name the home folder, the vector store and the language model.

    Returns:
        The rows of ``rag status``, by name; ``megabytes`` is the size of the index's folder. Where a day has a cap, two
        rows say how much of it is used.
    """
    folder = catalog.place.own_folder
    readable, with_problems, not_in_full = catalog.source_counts()
    model, fingerprint = catalog.get("embedding_model"), catalog.get("embedding_fingerprint")
    scoring, _ = scoring_for(fingerprint, settings.scoring)
    return {
        "index": name,
        "folder": str(folder),
        **({"database": shown_address(catalog.place.url)} if catalog.place.url else {}),
        "version": f"{catalog.get('id')}-{catalog.get('version')}",
        "changed": catalog.get("changed") or catalog.get("created"),
        "sources": readable,
        "with_problems": with_problems,
        "not_read_in_full": not_in_full,
        "chunks": catalog.chunk_total(),
        "embedding_model": model,
        "precision": precision_of(fingerprint),
        "reads": languages_in_short(languages_read(catalog, settings)) or "not measured",
        "scoring": str(describe_scoring(scoring, model, fingerprint, settings.scoring, is_measured(catalog))),
        "vectors": _place(catalog, settings),
        "llm": settings.llm,
        **used_today(settings),
        "megabytes": round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, 1),
    }


def _place(catalog: Catalog, settings: Settings) -> str:
    """Return where an index's vectors are, or why that cannot be said."""
    try:
        return open_vectors(catalog.place.own_folder, catalog.get("collection"), settings).place
    except RagError as error:
        return str(error)


def check_index(name: str, settings: Settings, fix: bool, fetch: Fetch | None = None) -> list[CheckResult]:
    """Check an index, and mend it where that is wanted; ``check_setup`` checks what all indexes rest on.

    Args:
        name: The name of the index.
        settings: Name the home folder and the models.
        fix: Whether to mend what can be mended. Without it nothing is written or fetched.
        fetch: Fetches the embedding model where it is absent and ``fix`` is set.

    Returns:
        What each check of the index found. Of one that cannot be opened, only why.

    Raises:
        RagError: There is no index.
    """
    # Only now: the status of an index needs no model.
    from rag.store.index import open_index

    folder = index_folder(name, settings.home)
    try:
        index = open_index(name, settings=settings, fetch=fetch if fix else _refuse_to_fetch)
    except RagError as error:
        if not holds_index(folder):
            raise
        results = [CheckResult(ok=False, mended=False, text=str(error))]
    except sqlite3.DatabaseError as error:
        results = [_damaged(error)]
    else:
        with index:
            try:
                with write_lock(folder) if fix else nullcontext():
                    results = [_check_catalog(index, fix), _check_vectors(index, fix)]
            except sqlite3.DatabaseError as error:
                return [_damaged(error)]
            encoder = index.encoder
            model = f"embedding model {encoder.name}, {precision_of(encoder.fingerprint)}"
            results.append(CheckResult(ok=True, mended=False, text=model))
            scored = describe_scoring(
                index.scoring, encoder.name, encoder.fingerprint, settings.scoring, is_measured(index.catalog)
            )
            results.append(CheckResult(ok=True, mended=False, text=str(scored)))
            results.append(_check_files(index))
            results.append(_check_cache(index, fix))
            results += _check_readings(index)
    return [*results, *_check_unfinished(name, settings, fix)]


def check_setup(settings: Settings, further: Sequence[Callable[[], object]] = ()) -> list[CheckResult]:
    """Check what all indexes rest on: the settings, the language model, and the parts that other packages bring.

    Args:
        settings: The settings.
        further: Checks of settings that this stage does not know; each raises a ``RagError`` where one is wrong.

    Returns:
        A line for each setting that is wrong, one for the language model, one for where models compute, and one for
        each part from outside.
    """
    checks = [lambda: find_store(settings), lambda: settings.scoring and read_scoring_file(settings.scoring), *further]
    wrong = [text for check in checks if (text := _complaint(check))]
    results = [CheckResult(ok=False, mended=False, text=text) for text in wrong]
    return [*results, _check_llm(settings), _check_device(settings), *_check_outside_parts()]


def _complaint(check: Callable[[], object]) -> str:
    try:
        check()
    except RagError as error:
        return str(error)
    return ""


def _refuse_to_fetch(model: str) -> Path:
    raise ModelError(Notice("embedding-model-absent", {"model": model}))


def _damaged(error: sqlite3.DatabaseError) -> CheckResult:
    text = f"the catalog is damaged ({cause_of(error)}); mend it with: rag doctor --fix"
    return CheckResult(ok=False, mended=False, text=text)


def _check_catalog(index: Index, fix: bool) -> CheckResult:
    problems = index.catalog.problems()
    if not problems:
        return CheckResult(ok=True, mended=False, text="catalog whole, every chunk is its document's slice")
    text = "; ".join(problems)
    if fix and all("keyword" in problem for problem in problems):
        index.catalog.rebuild_keywords()
        return CheckResult(ok=False, mended=True, text=text)
    mend = (
        f"bring the database back from its backup, or make the index anew with: rag ingest --index {index.name} "
        "--rebuild"
        if index.catalog.place.url and not all("keyword" in problem for problem in problems)
        else "mend it with: rag doctor --fix"
    )
    return CheckResult(ok=False, mended=False, text=f"{text}; {mend}")


def _check_vectors(index: Index, fix: bool) -> CheckResult:
    try:
        missing, extra = compare_vectors(index)
    except IndexUnusable as error:
        if not fix:
            return CheckResult(ok=False, mended=False, text=str(error))
        missing, extra = index.catalog.chunk_total(), 0
    if not missing and not extra:
        total = index.catalog.chunk_total()
        return CheckResult(ok=True, mended=False, text=f"{total} chunks, {total} vectors")
    text = f"{missing} chunks without a vector, {extra} vectors without a chunk"
    if not fix:
        return CheckResult(ok=False, mended=False, text=f"{text}; mend with: rag doctor --fix")
    try:
        mend_vectors(index)
    except IndexUnusable as error:
        return CheckResult(ok=False, mended=False, text=str(error))
    return CheckResult(ok=False, mended=True, text=text)


def _check_files(index: Index) -> CheckResult:
    records = index.catalog.each_source_record()
    count, first = _counted(record.source for record in records if not Path(record.path).exists())
    if not count:
        return CheckResult(ok=True, mended=False, text="every source's file is in its place")
    text = f"{count} sources whose files have gone or moved (first: {first}); ingest again to follow"
    return CheckResult(ok=True, mended=False, text=text)


def _check_cache(index: Index, fix: bool) -> CheckResult:
    """Say how many vectors are cached; where that is wanted, forget those that no index of the home folder uses."""
    problem = index.cache.problem()
    if fix and (put_aside := index.cache.mend()):
        text = f"the cache of vectors was damaged and is begun anew; the old file is {put_aside}"
        return CheckResult(ok=False, mended=True, text=text)
    if problem:
        text = f"the cache of vectors cannot be used: {problem}; where it is damaged, mend with: rag doctor --fix"
        return CheckResult(ok=False, mended=False, text=text)
    text = f"{index.cache.count()} vectors in the cache of all indexes"
    if not fix:
        return CheckResult(ok=True, mended=False, text=text)
    try:
        # Only now: it loads what computes with vectors.
        from rag.store.vector_use import keys_in_use

        forgotten = index.cache.keep_only(keys_in_use(index.settings.home))
    except IndexUnusable as error:
        # Its vectors may still be wanted.
        return CheckResult(ok=True, mended=False, text=f"{text}; none was forgotten: {error}")
    if forgotten is None:
        return CheckResult(ok=True, mended=False, text=f"{text}; none was forgotten: the file cannot be written now")
    return CheckResult(ok=True, mended=False, text=f"{text}, of which {forgotten} were in no index and are forgotten")


def _check_readings(index: Index) -> list[CheckResult]:
    """Return a line on the sources of which something was not read, where there are any."""
    records = index.catalog.each_source_record()
    count, first = _counted(record.source for record in records if record.document_id and record.warnings)
    if not count:
        return []
    text = f"{count} sources that were not read in full (first: {first}); rag sources says what is missing"
    return [CheckResult(ok=True, mended=False, text=text)]


def _check_unfinished(name: str, settings: Settings, fix: bool) -> list[CheckResult]:
    """Return a line on a new index that was not finished, where there is one; a process that is at work on it goes on.

    Who makes one holds the write lock of the index that it is to replace.
    """
    if not is_unfinished(name, settings):
        return []
    text = f"{own_folder(index_folder(name, settings.home))}{REBUILT} is not finished"
    try:
        with write_lock(index_folder(name, settings.home)):
            if fix:
                remove_unfinished(name, settings)
                return [CheckResult(ok=False, mended=True, text=text)]
    except RagError as error:
        return [CheckResult(ok=not fix, mended=False, text=f"{text}: {error}")]
    return [CheckResult(ok=False, mended=False, text=f"{text}; delete it with: rag doctor --fix")]


def _counted(sources: Iterable[str]) -> tuple[int, str]:
    """Return how many there are, and the first; "" without any."""
    found = iter(sources)
    first = next(found, "")
    return (1 + sum(1 for _ in found), first) if first else (0, "")


def _check_llm(settings: Settings) -> CheckResult:
    # Imported late: it loads the libraries of the model services.
    from rag.models.llm.opening import check_spec, open_llm

    # Of the form a UsageError says that the setting is wrong; of opening, that a package or a key is missing.
    try:
        check_spec(settings.llm)
    except UsageError as error:
        return CheckResult(ok=False, mended=False, text=f"RAG_LLM is wrong: {error}")
    except RagError as error:
        return _no_llm(error)
    try:
        model = open_llm(settings.llm, settings)
    except RagError as error:
        return _no_llm(error)
    if model is None:
        return CheckResult(ok=True, mended=False, text="no language model is set: answers are quotes")
    model.close()
    return CheckResult(ok=True, mended=False, text=f"language model {model.name}")


def _check_device(settings: Settings) -> CheckResult:
    return CheckResult(ok=True, mended=False, text=str(describe_devices(settings.device)))


def _no_llm(error: RagError) -> CheckResult:
    return CheckResult(ok=True, mended=False, text=f"no language model: {error}")


def _check_outside_parts() -> list[CheckResult]:
    """Return a line for each part that another package brings; one that cannot be used is left out of everything."""
    return [
        CheckResult(
            ok=not part.problem,
            mended=False,
            text=part.problem or f"{part.kind} {part.name!r} from {part.package}",
        )
        for part in outside_parts()
    ]
