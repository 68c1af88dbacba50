"""An answer as text to be pasted elsewhere.

Owns: what is copied of an answer. Knows nothing about pages.
"""

from __future__ import annotations

from rag.store.catalog import Conversation, StoredTurn
from rag.text import printable
from rag.types import Answer
from ui.i18n import Translate
from ui.views.answer_sources import title_and_file
from ui.views.export import to_markdown


def copied_text(answer: Answer, t: Translate) -> str:
    """Return an answer with the numbers of its citations, and below it what they cite, as plain text."""
    parts = [answer.short_answer or "", answer.answer]
    if answer.citations:
        lines = [t("sources")]
        for citation in answer.citations:
            title, file = title_and_file(citation)
            page = t("page", page=citation.page) if citation.page else ""
            name = f"{title} ({file})" if file else title
            lines.append(f"[{citation.number}] {', '.join(filter(None, (name, page)))}")
        parts.append("\n".join(lines))
    return printable("\n\n".join(part.strip() for part in parts if part.strip()))


def copied_markdown(turn: StoredTurn, t: Translate) -> str:
    """Return a question and its answer as Markdown, with the words of each citation: its part of an export."""
    whole = to_markdown(Conversation("", "", turn.question, turn.created, turn.created), [turn], t)
    return "## " + whole.partition("\n## ")[2]
