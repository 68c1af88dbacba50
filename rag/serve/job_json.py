"""Jobs as programs are told of them.

Owns: the JSON of a job, and finding a job among the indexes that a caller may see. Knows nothing about how files get
into an index.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from rag.errors import RagError
from rag.hosting.access import Caller
from rag.hosting.shared_jobs import JobElsewhere
from rag.hosting.upload_job import Job, JobState
from rag.notices import Notice
from rag.serve.errors import ApiError
from rag.serve.service import Service
from rag.store.folders import index_folder


def jobs_of(service: Service, caller: Caller) -> Iterator[Job | JobElsewhere]:
    """Yield the jobs of all indexes that a caller may see, those that are over for a while as well.

    Args:
        service: Runs them.
        caller: Who asks.

    Yields:
        The jobs, oldest first in each index.
    """
    home = service.settings.home.expanduser()
    # An index that only another server has open has jobs, too.
    for name in service.names(caller):
        jobs = service.uploads.recent_in(index_folder(name, home))
        if any(isinstance(job, JobElsewhere) and job.is_lost() for job in jobs):
            # Its server is gone: where the index is open, it is gone on with.
            with suppress(RagError):
                jobs = service.uploads.recent(service.open(caller, name))
        yield from jobs


def find_job(service: Service, caller: Caller, id_: str) -> Job | JobElsewhere:
    """Return a job.

    Args:
        service: Runs it.
        caller: Who asks; a job of an index that they may not see is not there.
        id_: The id of the job.

    Returns:
        The job.

    Raises:
        ApiError: There is none of that id.
    """
    for job in jobs_of(service, caller):
        if job.id == id_:
            return job
    message = "There is no such job, or it ended long ago; GET /v1/jobs lists those that there are."
    raise ApiError(404, "no_such_job", message, "id")


def job_json(state: JobState) -> dict[str, Any]:
    """Return a job at one moment, as JSON values."""
    return {
        "id": state.id,
        "index": state.index,
        "kind": state.kind,
        "phase": state.phase,
        "over": state.over,
        "done": state.done,
        "total": state.total,
        "doing": state.doing,
        "seconds_left": None if state.seconds_left is None else round(state.seconds_left, 1),
        "message": _notice(state.message),
        "files": [
            {
                "name": file.name,
                "source": file.source,
                "state": file.state,
                "reason": _notice(file.reason),
                "chunks": file.chunks,
                "warnings": [warning.as_json() for warning in file.warnings],
            }
            for file in state.files
        ],
    }


def _notice(notice: Notice | None) -> dict[str, Any] | None:
    return notice.as_json() if notice else None
