"""Why an answer is as it is.

Owns: the page on one answer: the question as it was searched, the passages with every rank, the evidence, the prompt,
the verdicts, the times and the calls of language models; and the same as JSON. Knows nothing about how any of it came
about.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from markupsafe import Markup

from rag.answering.notices import calls_notice
from rag.serialize import answer_json
from rag.store.catalog import StoredTurn
from ui.i18n import Translate
from ui.service.follow_ups import Suggestion
from ui.views.panels import turn_address
from ui.views.pieces import omissions_of
from ui.views.templates import render


def why_html(
    turn: StoredTurn, workspace: str, t: Translate, alone: bool, suggestion: Suggestion | None = None
) -> Markup:
    """Return the piece of HTML about one answer.

    Args:
        turn: The answer with its question.
        workspace: The id of the workspace that holds it.
        t: Gives the texts of the page in the reader's language.
        alone: Whether it is a page of its own, which needs no link to that.
        suggestion: How the questions after it came about; None where none were asked for.
    """
    return render(
        "explain",
        "why",
        question=turn.question,
        answer=turn.answer,
        omissions=[omission for group in omissions_of(turn.answer) for omission in group],
        address=turn_address(workspace, turn.id),
        page_link=not alone,
        usage=calls_notice(turn.answer.calls),
        suggestion=suggestion,
        t=t,
    )


def why_json(turn: StoredTurn) -> str:
    """Return everything that is stored of a turn; notices have their words beside code and values."""
    answer = {**asdict(turn.answer), **answer_json(turn.answer)}
    text = json.dumps({**asdict(turn), "answer": answer}, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "replace").decode()
