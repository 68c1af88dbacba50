"""Routes that take files: begin a batch, send its files one by one, start their ingestion, watch and cancel it.

Owns: these addresses. Where the files go is decided by ``rag.hosting.uploads``.
"""

from __future__ import annotations

import shutil

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from rag.hosting.shared_jobs import JobElsewhere
from rag.hosting.upload_job import Job
from ui.i18n import Translate
from ui.server.dependencies import (
    JsonObject,
    ReaderTranslate,
    Service,
    User,
    WritableIndex,
    declared_length,
    writable_index,
)
from ui.views.upload import job_json

_LONGEST_NAME = 1000

router = APIRouter(prefix="/i")


@router.post("/{workspace}/uploads", dependencies=[Depends(writable_index)])
def begin(workspace: str, content: JsonObject, service: Service, user: User) -> Response:
    files, size = (value if isinstance(value := content.get(name), int) else 0 for name in ("files", "bytes"))
    return JSONResponse({"batch": service.batches.begin((user, workspace), files, size)})


@router.post("/{workspace}/uploads/{batch_id}/files", dependencies=[Depends(writable_index)])
async def add(request: Request, workspace: str, batch_id: str, name: str, service: Service, user: User) -> Response:
    await service.batches.add(
        batch_id, (user, workspace), name[:_LONGEST_NAME], request.stream(), declared_length(request)
    )
    return JSONResponse({})


@router.post("/{workspace}/uploads/{batch_id}/start")
def start(
    workspace: str, batch_id: str, index: WritableIndex, service: Service, user: User, t: ReaderTranslate
) -> Response:
    batch = service.batches.take(batch_id, (user, workspace))
    try:
        job = service.uploads.start(index, batch.files)
    finally:
        shutil.rmtree(batch.folder, ignore_errors=True)
    return _state(job, t)


@router.get("/{workspace}/uploads")
def state(index: WritableIndex, service: Service, t: ReaderTranslate) -> Response:
    return _state(service.uploads.job(index), t)


@router.delete("/{workspace}/uploads")
def cancel(index: WritableIndex, service: Service, t: ReaderTranslate) -> Response:
    job = service.uploads.job(index)
    if job is not None:
        job.cancel()
    return _state(job, t)


@router.delete("/{workspace}/uploads/{batch_id}")
def drop(workspace: str, batch_id: str, service: Service, user: User) -> Response:
    service.batches.drop(batch_id, (user, workspace))
    return JSONResponse({})


def _state(job: Job | JobElsewhere | None, t: Translate) -> Response:
    return JSONResponse({"job": job_json(job.state(), t) if job else None})
