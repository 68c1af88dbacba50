"""The documents of an index: listing, reading, adding and removing them.

Owns: ``/v1/sources``. Knows nothing about how files get into an index; the name of a source is looked up in the
catalog and never chooses a path.
"""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from rag.serialize import source_json
from rag.serve.dependencies import CurrentCaller, CurrentService, readable_index, writable_index
from rag.serve.errors import ApiError
from rag.serve.examples import JOB, SOURCE, SOURCE_RECORD
from rag.serve.job_json import job_json
from rag.serve.json_response import CommandJson
from rag.serve.openapi import ERRORS, example
from rag.serve.receiving import receive_files
from rag.serve.refusals import AsRefusals
from rag.serve.results import JobResult, RemovedResult, SourceRecordResult, SourcesResult
from rag.serve.schemas import LONGEST_NAME
from rag.serve.source_json import record_json
from rag.serve.strict_route import StrictRoute
from rag.store.catalog import Catalog, SourceRecord
from rag.store.index import Index

router = APIRouter(prefix="/v1/sources", tags=["Documents"], route_class=StrictRoute, responses=ERRORS)

_NAMES_LISTED = 100
_REMOVED = {"index": "default", "count": 1, "sources": ["weather.txt"], "dry_run": False}

IndexQuery = Annotated[
    str | None,
    Query(max_length=255, description="The name of the index; none: the only one, or that called default."),
]
SourceName = Annotated[
    str,
    Path(max_length=LONGEST_NAME, description="The name of the source, with its folders.", examples=["bridge.md"]),
]
_UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            },
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"},
                "example": "The lantern costs 45 crowns.",
            },
        },
    }
}


@router.get(
    "",
    summary="List documents",
    response_model=SourcesResult,
    responses=example({"index": "default", "sources": [SOURCE], "after": None}),
)
def sources(
    service: CurrentService,
    caller: CurrentCaller,
    index: IndexQuery = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many a page has at most.")] = 100,
    after: Annotated[str, Query(max_length=LONGEST_NAME, description="What the page before gave as after.")] = "",
    glob: Annotated[
        str, Query(max_length=LONGEST_NAME, description="Only this source, folder, or what matches the pattern.")
    ] = "",
) -> CommandJson:
    """List the readable documents of an index by name, in pages."""
    opened = _fresh(readable_index(service, caller, index))
    names = _find(opened.catalog, glob, searchable=True) if glob else None
    found = list(islice(opened.catalog.each_source(after, names), limit + 1))
    page = found[:limit]
    following = page[-1].source if len(found) > limit else None
    rows = [source_json(summary) for summary in page]
    return CommandJson({"index": opened.name, "sources": rows, "after": following})


@router.post(
    "",
    summary="Add documents",
    status_code=202,
    response_model=JobResult,
    responses=example(JOB, 202, "The job that reads the files, begun."),
    openapi_extra=_UPLOAD_BODY,
)
async def add(
    request: Request,
    service: CurrentService,
    caller: CurrentCaller,
    index: IndexQuery = None,
    name: Annotated[
        str,
        Query(
            max_length=LONGEST_NAME,
            description="The name of the one file that is the whole body, with its folders.",
            examples=["prices/lanterns.txt"],
        ),
    ] = "",
) -> CommandJson:
    """Add files to an index: a form with one or several files, or one file as the body with its name in the query.

    Names may have folders: `reports/2026/may.pdf`. A name that was added before is replaced by its new content; of two
    files of one name in the same form the second gets a number. The files are read in the background.
    """
    opened = await run_in_threadpool(writable_index, service, caller, index)
    job = await receive_files(service, caller, opened, request, name)
    return CommandJson(job_json(job.state()), 202)


@router.delete("", summary="Remove documents by pattern", response_model=RemovedResult, responses=example(_REMOVED))
def remove_matching(
    service: CurrentService,
    caller: CurrentCaller,
    glob: Annotated[
        str,
        Query(
            min_length=1,
            max_length=LONGEST_NAME,
            description="A source, a folder, or a pattern such as old/*.",
            examples=["weather.*"],
        ),
    ],
    index: IndexQuery = None,
    dry_run: Annotated[bool, Query(description="Only say how many there are, which is what happens unasked.")] = True,
) -> CommandJson:
    """Say how many documents a pattern means; with `dry_run=false` remove them. Files that were not uploaded stay."""
    opened = _fresh(writable_index(service, caller, index))
    names = _find(opened.catalog, glob, searchable=False)
    if names and not dry_run:
        with AsRefusals():
            service.uploads.remove(opened, *names)
    return CommandJson(_removed(opened, names, dry_run))


# Before the route of the source itself, whose name may hold slashes.
@router.get(
    "/{name:path}/text",
    summary="Read a document",
    response_class=Response,
    responses={200: {"description": "The text.", "content": {"text/plain": {"example": "The bridge is 412 metres"}}}},
)
def text(
    name: SourceName,
    service: CurrentService,
    caller: CurrentCaller,
    index: IndexQuery = None,
    start: Annotated[int, Query(ge=0, description="Where the slice begins.", examples=[46])] = 0,
    end: Annotated[int | None, Query(ge=0, description="Where it ends; none: with the text.", examples=[70])] = None,
) -> Response:
    """Return the canonical text of a document, or exactly one slice of it: that of a citation is its quote."""
    opened = _fresh(readable_index(service, caller, index))
    record = opened.catalog.source_named(name)
    if record is None and (inside := opened.catalog.source_named(f"{name}/text")):
        # The document itself is called "text".
        return CommandJson(record_json(opened.name, opened.catalog, inside))
    found = opened.catalog.document_text(_known(record, name).document_id or "")
    if found is None:
        raise ApiError(
            404, "source_not_read", "No version of this document could be read; its record says why.", "name"
        )
    words, _ = found
    end = len(words) if end is None else end
    if not start <= end <= len(words):
        message = f"There is no such slice; start and end are numbers with 0 <= start <= end <= {len(words)}."
        raise ApiError(422, "no_such_slice", message, "end")
    headers = {"x-content-type-options": "nosniff", "etag": f'"{_known(record, name).document_id}"'}
    return Response(words[start:end].encode("utf-8"), media_type="text/plain; charset=utf-8", headers=headers)


@router.get(
    "/{name:path}",
    summary="Describe a document",
    response_model=SourceRecordResult,
    responses=example(SOURCE_RECORD),
)
def source(name: SourceName, service: CurrentService, caller: CurrentCaller, index: IndexQuery = None) -> CommandJson:
    """Say of one document, readable or not, what became of it: status, pages, warnings, outline."""
    opened = _fresh(readable_index(service, caller, index))
    record = _known(opened.catalog.source_named(name), name)
    return CommandJson(record_json(opened.name, opened.catalog, record))


@router.delete("/{name:path}", summary="Remove a document", response_model=RemovedResult, responses=example(_REMOVED))
def remove(name: SourceName, service: CurrentService, caller: CurrentCaller, index: IndexQuery = None) -> CommandJson:
    """Remove one document from the index, with its file if it was uploaded; a file elsewhere stays."""
    opened = _fresh(writable_index(service, caller, index))
    record = _known(opened.catalog.source_named(name), name)
    with AsRefusals():
        service.uploads.remove(opened, record.source)
    return CommandJson(_removed(opened, [record.source], dry_run=False))


def _fresh(index: Index) -> Index:
    """Return an index that sees what other processes have written."""
    index.refresh()
    return index


def _find(catalog: Catalog, glob: str, searchable: bool) -> list[str]:
    """Return the sources that a name, a folder or a pattern means."""
    inside = f"{glob.rstrip('/')}/*"
    return catalog.find_sources(glob, searchable=searchable) or catalog.find_sources(inside, searchable=searchable)


def _known(record: SourceRecord | None, name: str) -> SourceRecord:
    if record is None:
        message = f"There is no document {name!r} in this index; GET /v1/sources lists those that there are."
        raise ApiError(404, "source-not-in-index", message, "name")
    return record


def _removed(index: Index, names: list[str], dry_run: bool) -> dict[str, Any]:
    return {"index": index.name, "count": len(names), "sources": names[:_NAMES_LISTED], "dry_run": dry_run}
