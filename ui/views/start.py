"""The first screen: what stands where no question has been asked yet.

Owns: what it shows of a collection, and how much of it. Knows nothing about where that comes from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from rag.hosting.workspaces import Workspace
from rag.notices import Notice
from rag.text import printable
from ui.i18n import Translate
from ui.views.documents import sign_of
from ui.views.panels import document_address
from ui.views.templates import render

RECENT, NEWEST, _QUESTIONS = 4, 4, 3


@dataclass(frozen=True, slots=True)
class Start:
    """What the first screen shows.

    Attributes:
        workspace: The collection.
        documents: How many documents it has that can be read.
        changed: When it was last changed: UTC, ISO 8601; empty where that is not known.
        questions: Questions that its documents answer, best first; None while they are being made.
        recent: The id and the title of the user's last conversations.
        newest: The name, the title and the version of the documents that were added last.
        reason: Why there is no language model; None where there is one, or none is wanted.
    """

    workspace: Workspace
    documents: int
    changed: str
    questions: Sequence[str] | None
    recent: Sequence[tuple[str, str]]
    newest: Sequence[tuple[str, str, str]]
    reason: Notice | None


def start_html(start: Start, t: Translate) -> Markup:
    """Return the first screen of a collection."""
    asked = {title.casefold() for _, title in start.recent}
    questions = [question for question in start.questions or () if question.casefold() not in asked][:_QUESTIONS]
    documents = [
        (
            sign_of(source),
            title or source,
            source,
            f"{document_address(start.workspace.id, id_)}?{urlencode({'source': source})}",
        )
        for source, title, id_ in start.newest
    ]
    # A question that was asked twice stands here once.
    newest_of = {title.casefold(): (id_, printable(title) or "…") for id_, title in reversed(start.recent)}
    recent = list(reversed(newest_of.values()))[:RECENT]
    return render("start", "start", start=start, questions=questions, recent=recent, newest=documents, t=t)
