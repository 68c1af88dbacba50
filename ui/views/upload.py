"""The state of an upload job for the page's script.

Owns: the JSON of a job, with every reason in the reader's language. Knows nothing about how files get into an index.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from rag.hosting.upload_job import JobState
from ui.i18n import Translate

# The most that is told in seconds, and in minutes.
_MOST_SECONDS, _MOST_MINUTES = 90, 90
_MOST_PROBLEMS = 100


def job_json(state: JobState, t: Translate) -> dict[str, Any]:
    """Return a job as JSON values.

    Args:
        state: What the job is doing.
        t: Gives the texts of the page in the reader's language.

    Returns:
        What it does and how far it is; ``counts`` of the files by state; and the ``problems``: those files that there
        is something to say of, with the ``reason`` and the ``warnings`` in words. They are listed up to a number, and
        ``more`` is how many are left out: thousands of files would travel each time that the page looks.
    """
    told = [file for file in state.files if file.reason or file.warnings]
    # What failed comes before what was read in part.
    told.sort(key=lambda file: file.reason is None)
    problems = [
        {
            "name": file.name,
            "state": file.state,
            "reason": t.notice(file.reason),
            "warnings": list(map(t.notice, file.warnings)),
        }
        for file in told[:_MOST_PROBLEMS]
    ]
    counts = Counter(str(file.state) for file in state.files)
    return {
        "id": state.id,
        "kind": state.kind,
        "phase": state.phase,
        "over": state.over,
        "done": state.done,
        "total": state.total,
        "files": len(state.files),
        "finished": len(state.files) - counts["waiting"] - counts["reading"],
        "counts": counts,
        "doing": state.doing,
        "left": _left(state.seconds_left, t),
        "message": t.notice(state.message),
        "problems": problems,
        "more": len(told) - len(problems),
    }


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
