"""Where a person stands, as the page shows it.

Owns: the messages of a conversation, its title and menu, the welcome, and the beacon that tells the page's script where
the page stands. Knows nothing about Gradio or events.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rag.store.catalog import Conversation, History, StoredTurn
from rag.store.index import Index
from ui.i18n import Translate
from ui.service.chat_service import ChatService, Snapshot
from ui.views.answer import answer_html, question_html, waiting_html
from ui.views.escape import escape

Messages = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TabState:
    """Where one tab stands: its shelf and conversation, the sources it asks only about, the turn it asks anew."""

    shelf: str = ""
    conversation: str = ""
    sources: tuple[str, ...] = ()
    replaces: str = ""


def message(role: str, content: str) -> dict[str, Any]:
    return {"role": role, "content": content}


def messages_of(turns: Sequence[StoredTurn], here: TabState, say: Translate) -> Messages:
    """The turns of a conversation as Gradio's chat takes them."""
    found: Messages = []
    for turn in turns:
        rated = turn.feedback.thumb if turn.feedback else ""
        found.append(message("user", question_html(turn.question)))
        found.append(message("assistant", answer_html(turn.answer, say, turn_name(here, turn.id), rated=rated)))
    return found


def turn_name(here: TabState, turn: str) -> str:
    """The name by which the page's script finds a turn."""
    return f"{here.shelf}/{turn}"


def snapshot_html(shot: Snapshot, here: TabState, say: Translate) -> str:
    """What is shown of a question that is being answered."""
    if shot.answer is None:
        return waiting_html(shot.place, say)
    turn = turn_name(here, shot.turn) if shot.turn else ""
    return answer_html(shot.answer, say, turn, shot.steps)


def current_conversation(desk: ChatService, here: TabState, user: str) -> Conversation | None:
    """The conversation a tab stands in; None for a new one."""
    if not here.conversation:
        return None
    return History(desk.shelves.open(user, here.shelf).folder).conversation(user, here.conversation)


def menu_html(kept: Conversation | None, here: TabState, say: Translate) -> str:
    """The title of a conversation, and what can be done with it."""
    if kept is None:
        return ""
    base = f"/i/{here.shelf}/conversations/{kept.id}"
    return (
        f'<div class="f-title">{escape(kept.title)}</div>'
        f'<details class="f-menu"><summary title="{say("more")}">⋯</summary><div>'
        f'<button type="button" class="f-press" value="rename">{say("rename")}</button>'
        f'<a href="{base}.md" download="">{say("export markdown")}</a>'
        f'<a href="{base}.html" download="">{say("export html")}</a>'
        f'<button type="button" class="f-press" value="delete">{say("delete")}</button></div></details>'
    )


def welcome_html(desk: ChatService, index: Index, here: TabState, user: str, say: Translate) -> str:
    """What stands where no question has been asked yet: the next step."""
    empty = index.catalog.chunk_total() == 0
    writable = desk.shelves.writable(user, here.shelf)
    thing = "empty index" if empty else "welcome"
    more = "empty index read only" if empty and not writable else f"{thing} more"
    button = ""
    if empty and writable:
        button = f'<button type="button" class="f-act-documents" value="documents">{say("add documents")}</button>'
    reason = f'<p class="f-notice">{say("no model", reason=escape(desk.reason))}</p>' if desk.reason else ""
    return f'<div class="f-welcome"><h1>{say(thing)}</h1><p>{say(more)}</p>{button}{reason}</div>'


def state_json(desk: ChatService, here: TabState, user: str, turn: str = "", busy: bool = False) -> str:
    """Where the page stands, for its script."""
    shelves = [
        {"id": shelf.id, "name": shelf.name, "shared": shelf.shared, "writable": shelf.writable}
        for shelf in desk.shelves.of(user)
    ]
    found = {
        "shelf": here.shelf,
        "conversation": here.conversation,
        "turn": turn,
        "sources": list(here.sources),
        "replaces": here.replaces,
        "busy": busy,
        "user": user,
        "shelves": shelves,
    }
    return f'<i title="{escape(json.dumps(found))}"></i>'
