"""Take in the files of a request and begin a job with them.

Owns: that nothing is held whole in memory, that files which did not all arrive leave no trace, and how many jobs may
wait for one index. How many files and bytes there may be is owned by ``rag.hosting.upload_batches``.
"""

from __future__ import annotations

import shutil

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from rag.hosting.access import Caller
from rag.hosting.upload_job import Job
from rag.serve.errors import ApiError
from rag.serve.incoming_files import incoming_files
from rag.serve.refusals import AsRefusals
from rag.serve.schemas import LONGEST_NAME
from rag.serve.service import Service
from rag.store.index import Index

# Jobs of one index that are not over: each has a thread, and its files lie on the disk.
_MOST_JOBS = 16


async def receive_files(service: Service, caller: Caller, index: Index, request: Request, name: str) -> Job:
    """Take in the files of a request, and begin to read them into an index.

    Args:
        service: What runs the jobs.
        caller: Who sends the files.
        index: The open index, which the caller may change.
        request: The request; its body was not read yet.
        name: The name of the one file that is the whole body; empty where the body is a form.

    Returns:
        The job, begun.

    Raises:
        ApiError: The files cannot be taken; none of them is kept then.
    """
    # A database may be asked, for which no other request is to wait.
    if await run_in_threadpool(_jobs_under_way, service, index) >= _MOST_JOBS:
        message = f"{_MOST_JOBS} jobs wait for this index already; send more when one of them is over."
        raise ApiError(429, "too_many_jobs", message, headers={"retry-after": "10"})
    owner = (caller.name, index.name)
    announced = request.headers.get("content-length", "")
    with AsRefusals():
        batch_id = service.batches.begin(owner, size=int(announced) if announced.isdecimal() else 0)
        try:
            async for file in incoming_files(request, name):
                await service.batches.add(batch_id, owner, file.name[:LONGEST_NAME], file.content)
            batch = service.batches.take(batch_id, owner)
        except BaseException as error:
            service.batches.drop(batch_id, owner)
            if isinstance(error, ClientDisconnect):
                raise ApiError(499, "client_left", "The client left before its files had arrived.") from None
            raise
        try:
            return await run_in_threadpool(service.uploads.start, index, batch.files)
        finally:
            shutil.rmtree(batch.folder, ignore_errors=True)


def _jobs_under_way(service: Service, index: Index) -> int:
    return sum(not job.state().over for job in service.uploads.recent(index))
