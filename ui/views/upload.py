"""The state of an upload job for the page's script.

Owns: the JSON of a job, with every reason in the reader's language. Knows nothing about how files get into an index.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ui.i18n import Translate
from ui.service.upload_job import JobState


def job_json(state: JobState, t: Translate) -> dict[str, Any]:
    """Return a job as JSON values.

    Args:
        state: What the job is doing.
        t: Gives the texts of the page in the reader's language.

    Returns:
        Its fields; ``message``, and the ``reason`` and the ``warnings`` of each file, are words, empty where there is
        nothing to say.
    """
    files = [
        {**asdict(file), "reason": t.notice(file.reason), "warnings": list(map(t.notice, file.warnings))}
        for file in state.files
    ]
    return {**asdict(state), "files": files, "message": t.notice(state.message)}
