"""What one tab of the chat shows, and where it stands.

Owns: the messages of a conversation, and the state that the page's script reads.
Knows nothing about Gradio or events.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from rag.errors import RagError
from rag.store.catalog import Conversation, History, StoredTurn
from rag.text import printable
from ui.i18n import Translate
from ui.service.chat_service import ChatService
from ui.service.document_choice import asked_summary
from ui.service.question_state import QuestionState
from ui.service.running_answer import RunningAnswer
from ui.service.shared_answers import AnswerElsewhere
from ui.views.answer import answer_html, interrupted_html, question_html, waiting_html
from ui.views.pieces import asked_only
from ui.views.templates import render

Messages = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TabState:
    """Where one tab stands.

    Attributes:
        workspace: The id of the open workspace.
        conversation: The id of the open conversation; empty for a new one.
        sources: The only sources that are asked about, and folders, which end in a slash; empty for all.
        replaces: The id of the turn that the next question is asked in place of; empty for none.
    """

    workspace: str = ""
    conversation: str = ""
    sources: tuple[str, ...] = ()
    replaces: str = ""


def message(role: str, content: str) -> dict[str, Any]:
    """Return a message as Gradio's chat takes it; Gradio is given a plain ``str``, never ``Markup``."""
    return {"role": role, "content": str(content)}


def messages_of(
    turns: Sequence[StoredTurn], tab: TabState, t: Translate, running: Sequence[RunningAnswer | AnswerElsewhere] = ()
) -> Messages:
    """Return the turns of a conversation as Gradio's chat takes them.

    Args:
        turns: The turns, in order.
        tab: Where the tab stands.
        t: Gives the texts of the page in the reader's language.
        running: The answers that are being made; another that is not finished was interrupted.

    Returns:
        The messages, two for each turn.
    """
    made = {answer.turn_id: answer for answer in running}
    messages: Messages = []
    for turn in turns:
        name = turn_name(tab, turn.id)
        kept_to = t.notice(asked_only(turn.answer))
        messages.append(message("user", question_html(turn.question, turn.id, turn.versions, kept_to)))
        if turn.answer.state == "done":
            rated = turn.feedback.thumb if turn.feedback else ""
            html = answer_html(turn.answer, t, name, rated=rated)
        elif turn.id in made:
            html = question_state_html(made[turn.id].latest, tab, t)
        else:
            html = interrupted_html(turn.answer, t, name)
        messages.append(message("assistant", html))
    return messages


def turn_name(tab: TabState, turn_id: str) -> str:
    """Return the name by which the page's script finds a turn."""
    return f"{tab.workspace}/{turn_id}"


def question_state_html(state: QuestionState, tab: TabState, t: Translate) -> Markup:
    """Return what is shown of a question that is being answered."""
    if state.answer is None:
        return waiting_html(state.position, t, state.turn_id)
    return answer_html(state.answer, t, turn_name(tab, state.turn_id), state.steps)


def drafts_html(states: Sequence[QuestionState], tab: TabState, t: Translate) -> str:
    """Return questions that are being answered for the page's script, which shows each in its place by its turn."""
    drafts = {state.turn_id: str(question_state_html(state, tab, t)) for state in states}
    return str(render("page_state", "state", json=json.dumps(drafts)))


def current_conversation(service: ChatService, tab: TabState, user: str) -> Conversation | None:
    """Return the conversation that is open in a tab; None for a new one."""
    if not tab.conversation:
        return None
    return History(service.workspaces.open(user, tab.workspace).folder).conversation(user, tab.conversation)


def state_json(
    service: ChatService,
    tab: TabState,
    user: str,
    turn_id: str = "",
    busy: bool = False,
    removed: Mapping[str, str] | None = None,
    title: str = "",
    gone: str = "",
) -> str:
    """Return the state of a tab for the page's script, as JSON in an attribute of an element that shows nothing.

    Args:
        service: Knows the workspaces.
        tab: Where the tab stands.
        user: Whoever is signed in; empty without users.
        turn_id: The id of the last turn of the conversation.
        busy: Whether a question is being answered.
        removed: What was just taken away and can be brought back: the id of a ``turn``.
        title: The title of the conversation; empty for a new one.
        gone: The id of a conversation that was to be opened and is not there; empty for none.
    """
    documents = 0
    with suppress(RagError, sqlite3.Error):
        documents = service.workspaces.open(user, tab.workspace).catalog.source_counts()[0]
    workspaces = [
        {
            "id": workspace.id,
            "name": workspace.name,
            "shared": workspace.shared,
            "writable": workspace.writable,
        }
        for workspace in service.workspaces.of(user)
    ]
    state = {
        "workspace": tab.workspace,
        "conversation": tab.conversation,
        "turn": turn_id,
        "only": _asked(service, tab, user),
        "replaces": tab.replaces,
        "busy": busy,
        "removed": dict(removed or {}),
        "title": printable(title),
        "gone": gone,
        "user": user,
        "watches": service.chooses_folders(user, tab.workspace),
        "listed": service.lists_unanswered(user, tab.workspace),
        "workspaces": workspaces,
        "documents": documents,
    }
    return str(render("page_state", "state", json=json.dumps(state)))


def _asked(service: ChatService, tab: TabState, user: str) -> list[dict[str, Any]]:
    """Return in short what questions are kept to: thousands of names would travel with each change of the page."""
    if not tab.sources:
        return []
    try:
        return asked_summary(tab.sources, service.workspaces.open(user, tab.workspace).catalog)
    except RagError:
        return []
