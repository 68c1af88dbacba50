"""Look after an index: what it holds, whether its parts agree, and mending them.

Owns: the checks and their repairs. A repair only ever uses what the catalog holds: its text is enough to make the
keyword index and the vectors anew.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import IndexUnusable, ModelError, RagError
from rag.settings import Settings
from rag.store.catalog import FILE, Catalog, ChunkRecord
from rag.store.index import Fetch, Index, delete_stale_vectors, index_folder, open_index, write_lock
from rag.store.vectors import VectorRecord, ids_missing_from
from rag.text import embedded_text
from rag.types import page_of

_BATCH = 512


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing that was looked at, in one sentence."""

    ok: bool
    mended: bool
    text: str


def index_status(name: str, catalog: Catalog, settings: Settings) -> dict[str, Any]:
    """What an index holds and what it was made with. Loads no model."""
    folder = index_folder(name, settings.home)
    records = catalog.source_records()
    return {
        "index": name,
        "folder": str(folder),
        "version": f"{catalog.get('id')}-{catalog.get('version')}",
        "changed": catalog.get("changed") or catalog.get("created"),
        "sources": sum(record.document_id is not None for record in records),
        "with_problems": sum(bool(record.problem) for record in records),
        "chunks": catalog.chunk_total(),
        "embedding_model": catalog.get("embedding_model"),
        "vectors": settings.chroma_url or str(folder / "chroma"),
        "llm": settings.llm,
        "megabytes": round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, 1),
    }


def check_index(name: str, settings: Settings, fix: bool, fetch: Fetch | None = None) -> list[CheckResult]:
    """Check everything an index rests on; with ``fix`` mend it. Raises IndexUnusable when there is no index."""
    folder = index_folder(name, settings.home)
    try:
        index = open_index(name, settings=settings, fetch=fetch if fix else _absent)
    except (IndexUnusable, ModelError) as error:
        if not (folder / FILE).is_file():
            raise
        return [CheckResult(False, False, str(error))]
    findings: list[CheckResult] = []
    with index:
        if fix:
            with write_lock(folder):
                findings.append(_catalog(index, fix))
                findings.append(_vectors(index, fix))
        else:
            findings.append(_catalog(index, fix))
            findings.append(_vectors(index, fix))
        findings.append(CheckResult(True, False, f"embedding model {index.encoder.name}"))
        findings.append(_files(index))
    findings.append(_llm(settings))
    return findings


def _absent(model: str) -> Path:
    """Looking must not fetch anything."""
    raise ModelError(f"The embedding model {model} is not on this machine; fetch it with: rag models pull {model}")


def _catalog(index: Index, fix: bool) -> CheckResult:
    problems = index.catalog.problems()
    if not problems:
        return CheckResult(True, False, "catalog whole, every chunk is its document's slice")
    text = "; ".join(problems)
    if fix and all("keyword" in problem for problem in problems):
        index.catalog.rebuild_keywords()
        return CheckResult(False, True, text)
    return CheckResult(False, False, f"{text}; make the index anew with: rag ingest PATH --rebuild")


def _vectors(index: Index, fix: bool) -> CheckResult:
    known = set(index.catalog.chunk_ids())
    try:
        stored = index.vectors.ids()
    except IndexUnusable as error:
        if not fix or index.vectors.url:
            return CheckResult(False, False, str(error))
        index.vectors.refresh()
        _move_away(index.vectors.folder)
        stored = set()
    missing, extra = ids_missing_from(known, stored), ids_missing_from(stored, known)
    if not missing and not extra:
        return CheckResult(True, False, f"{len(known)} chunks, {len(known)} vectors")
    text = f"{len(missing)} chunks without a vector, {len(extra)} vectors without a chunk"
    if not fix:
        return CheckResult(False, False, f"{text}; mend with: rag doctor --fix")
    _restore(index, missing)
    delete_stale_vectors(index)
    index.vectors.delete(extra)
    return CheckResult(False, True, text)


def _move_away(folder: Path) -> None:
    """Put an unusable vector store aside; the last one put aside before goes."""
    damaged = folder.with_name(folder.name + ".damaged")
    shutil.rmtree(damaged, ignore_errors=True)
    if folder.exists():
        folder.rename(damaged)


def _restore(index: Index, missing: list[str]) -> None:
    """Add the vectors of chunks that have none, from the cache or computed anew."""
    for i in range(0, len(missing), _BATCH):
        chunks = list(index.catalog.chunks(missing[i : i + _BATCH]).values())
        vectors = index.cache.encode(index.encoder, [embedded_text(chunk.text, chunk.context) for chunk in chunks])
        index.vectors.add([_entry(index, chunk) for chunk in chunks], vectors)


def _entry(index: Index, chunk: ChunkRecord) -> VectorRecord:
    return VectorRecord(
        chunk.id,
        chunk.text,
        chunk.source,
        chunk.document_id,
        chunk.title,
        chunk.context,
        chunk.start,
        chunk.end,
        page_of(index.catalog.pages(chunk.document_id), chunk.start),
    )


def _files(index: Index) -> CheckResult:
    gone = [record.source for record in index.catalog.source_records() if not Path(record.path).exists()]
    if not gone:
        return CheckResult(True, False, "every source's file is in its place")
    return CheckResult(
        True, False, f"{len(gone)} sources whose files have gone or moved (first: {gone[0]}); ingest again to follow"
    )


def _llm(settings: Settings) -> CheckResult:
    from rag.models.llm.opening import open_llm

    try:
        model = open_llm(settings.llm, settings)
    except RagError as error:
        return CheckResult(True, False, f"no language model: {error}")
    if model is None:
        return CheckResult(True, False, "no language model is set: answers are quotes")
    model.close()
    return CheckResult(True, False, f"language model {model.name}")
