"""Watched folders as JSON values.

Owns: the words of a folder's state. Knows nothing about routes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.text import printable
from rag.watching.folders import FolderState
from ui.i18n import Translate


def watched_json(folders: Sequence[FolderState], t: Translate) -> list[dict[str, Any]]:
    """Return watched folders for the page.

    Args:
        folders: The folders.
        t: Gives the texts of the page in the reader's language.

    Returns:
        For each its ``path``, the path as it is ``shown``, its ``state`` and the ``words`` of that.
    """
    return [_folder_json(folder, t) for folder in folders]


def _folder_json(folder: FolderState, t: Translate) -> dict[str, Any]:
    state = folder.state
    gone = bool(state.missing)
    words = {
        "beginning": t("watch beginning"),
        "watching": t("watch polled") if state.polled else t("watch watching"),
        "reading": t("watch reading", done=state.done, total=state.total),
        "waiting": t.notice(state.notice) if state.notice else t("queued"),
        "ended": t.notice(state.notice) if state.notice else t("watch ended"),
    }[state.phase]
    path = str(folder.path)
    # A name that is not UTF-8 can be shown, but not sent.
    shown = printable(path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))
    return {
        "path": path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
        "shown": shown,
        "state": "gone" if gone else state.phase,
        "words": t("watch gone") if gone else words,
    }
