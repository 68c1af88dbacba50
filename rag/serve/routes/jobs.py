"""Jobs that read files into an index.

Owns: ``/v1/jobs``. Knows nothing about how files get into an index.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from rag.serve.dependencies import CurrentCaller, CurrentService, writable_index
from rag.serve.examples import JOB
from rag.serve.job_json import find_job, job_json, jobs_of
from rag.serve.json_response import CommandJson
from rag.serve.openapi import ERRORS, example
from rag.serve.results import JobResult, JobsResult
from rag.serve.strict_route import StrictRoute

router = APIRouter(prefix="/v1/jobs", tags=["Documents"], route_class=StrictRoute, responses=ERRORS)

JobId = Annotated[str, Path(max_length=100, description="The id of the job.", examples=[JOB["id"]])]


@router.get("", summary="List jobs", response_model=JobsResult, responses=example({"jobs": [JOB]}))
def jobs(service: CurrentService, caller: CurrentCaller) -> CommandJson:
    """List the jobs of the caller's indexes: those that are not over, and the last hundred of each index that are."""
    return CommandJson({"jobs": [job_json(job.state()) for job in jobs_of(service, caller)]})


@router.get("/{id}", summary="Look at a job", response_model=JobResult, responses=example(JOB))
def job(id: JobId, service: CurrentService, caller: CurrentCaller) -> CommandJson:  # noqa: A002
    """Say how far a job is: the state of each file with its reason and chunks, and an estimate of the seconds left."""
    return CommandJson(job_json(find_job(service, caller, id).state()))


@router.delete("/{id}", summary="Cancel a job", response_model=JobResult, responses=example(JOB))
def cancel(id: JobId, service: CurrentService, caller: CurrentCaller) -> CommandJson:  # noqa: A002
    """Stop a job after the file at hand; what is in the index by then stays, the other files are thrown away."""
    found = find_job(service, caller, id)
    writable_index(service, caller, found.state().index)
    found.cancel()
    return CommandJson(job_json(found.state()))
