"""The state of an upload job for the page's script.

Owns: the JSON of a job, with every reason in the reader's language. Knows nothing about how files get into an index.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from ui.i18n import Translate
from ui.service.upload_job import JobState

# The most that is told in seconds, and in minutes.
_MOST_SECONDS, _MOST_MINUTES = 90, 90


def job_json(state: JobState, t: Translate) -> dict[str, Any]:
    """Return a job as JSON values.

    Args:
        state: What the job is doing.
        t: Gives the texts of the page in the reader's language.

    Returns:
        Its fields; ``message``, ``left``, and the ``reason`` and the ``warnings`` of each file, are words, empty where
        there is nothing to say.
    """
    files = [
        {**asdict(file), "reason": t.notice(file.reason), "warnings": list(map(t.notice, file.warnings))}
        for file in state.files
    ]
    return {**asdict(state), "files": files, "message": t.notice(state.message), "left": _left(state.seconds_left, t)}


def _left(seconds: float | None, t: Translate) -> str:
    """Return about how much longer it takes, in seconds, minutes or hours."""
    if seconds is None:
        return ""
    if seconds <= _MOST_SECONDS:
        return t("seconds left", seconds=max(5, 5 * math.ceil(seconds / 5)))
    minutes = math.ceil(seconds / 60)
    return (
        t("minutes left", minutes=minutes) if minutes <= _MOST_MINUTES else t("hours left", hours=round(minutes / 60))
    )
