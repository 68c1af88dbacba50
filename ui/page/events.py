"""What happens when a person does something on the page.

Owns: the handlers of Gradio's events; each returns the components it changes. What is shown comes from
``ui.page.page_state``, what is done from ``ui.service.chat_service``.

The page's own script reaches these handlers through two hidden boxes: ``command`` for what is quick, ``retry`` for
asking a question again.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from rag.errors import RagError, UsageError
from rag.store.catalog import History
from rag.store.index import Index
from rag.text import printable
from ui.i18n import Translate
from ui.page.page_state import (
    Messages,
    TabState,
    current_conversation,
    menu_html,
    message,
    messages_of,
    question_state_html,
    state_json,
    welcome_html,
)
from ui.service.chat_service import STRICTNESS, AskOptions, ChatService, conversation_for
from ui.views.answer import error_html, question_html, waiting_html
from ui.views.escape import escape

_LOG = logging.getLogger(__name__)

# Cap on the drafts of an answer that are sent to a browser in a second.
_DRAFTS_A_SECOND = 12
# Conversations listed at first, and when all are asked for.
_LISTED = 60
_LISTED_AT_MOST = 1000
# Seconds after which the models are loaded, so that the page is drawn first.
_PREPARE_DELAY = 1.0
_MOST_SOURCES = 5000

_IDLE_BUTTONS = {"submit_btn": True, "stop_btn": False}
_BUSY_BUTTONS = {"submit_btn": False, "stop_btn": True}

# Each handler returns the components it changes, with their new values.
Changes = dict[Any, Any]


@dataclass(frozen=True)
class Parts:
    """The components that events read or change."""

    tab: Any
    conversation: Any
    question: Any
    state: Any
    command: Any
    retry: Any
    conversations: Any
    search: Any
    older: Any
    new: Any
    heading: Any
    rename: Any
    rename_row: Any
    name: Any
    save: Any
    delete: Any
    delete_row: Any
    confirm_delete: Any
    model: Any
    strictness: Any
    passages: Any
    saved_options: Any


class Events:
    """The handlers of one page, in one language."""

    def __init__(self, gradio: Any, service: ChatService, t: Translate, parts: Parts) -> None:
        self._gradio, self._service, self._t, self._parts = gradio, service, t, parts
        # What cancels the question that is being answered in a tab, by Gradio's name of the tab.
        self._running: dict[str, threading.Event] = {}

    def connect(self, page: Any) -> None:
        """Attach the handlers to the components of a page."""
        p = self._parts
        shows = [p.tab, p.conversation, p.question, p.state, p.conversations, p.older, p.heading, p.rename_row,
                 p.delete_row, p.name]  # fmt: skip
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asks: dict[str, Any] = {**private, "concurrency_limit": 32, "concurrency_id": "ask"}
        quick: dict[str, Any] = {**private, "concurrency_limit": 16}
        options = [p.model, p.strictness, p.passages]
        p.question.submit(self._annotated(self.ask), [p.question, p.tab, *options], shows, **asks)
        p.retry.change(self._annotated(self.ask_again), [p.retry, p.tab, *options], shows, **asks)
        p.question.stop(self._annotated(self.stop), None, None, **quick)
        p.command.change(
            self._annotated(self.handle_command), [p.command, p.tab], shows, trigger_mode="multiple", **quick
        )
        p.new.click(self._annotated(self.start_new), p.tab, shows, **quick)
        p.conversations.input(self._annotated(self.open_listed), [p.conversations, p.tab], shows, **quick)
        p.search.change(self._annotated(self.list_again), [p.search, p.tab], shows, **quick)
        p.older.click(self._annotated(self.list_more), [p.search, p.tab], shows, **quick)
        p.rename.click(self._annotated(self.begin_renaming), p.tab, shows, **quick)
        for event in (p.save.click, p.name.submit):
            event(self._annotated(self.rename), [p.name, p.tab, p.search], shows, **quick)
        p.delete.click(lambda: {p.delete_row: self._gradio.update(visible=True)}, None, [p.delete_row], **quick)
        p.confirm_delete.click(self._annotated(self.delete), [p.tab, p.search], shows, **quick)
        page.load(self._annotated(self.open_page), p.saved_options, [*shows, *options], **quick)
        for event in (p.model.input, p.strictness.input, p.passages.release):
            event(lambda *chosen: list(chosen), options, p.saved_options, **quick)
        page.unload(self._annotated(self.close_page))

    def _annotated(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """Return the handler with an annotation by which Gradio hands it the request; its class is imported late."""
        function = handler.__func__  # type: ignore[attr-defined]
        function.__annotations__ = {"request": self._gradio.Request}
        return handler

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(
        self, question: str, tab: TabState, model: str, strictness: str, passages: float, request: Any
    ) -> Iterator[Changes]:
        """Answer a new question, or a changed one in place of the turn that the tab says."""
        if not question.strip():
            yield {self._parts.question: ""}
            return
        options = AskOptions(model, strictness, int(passages), tab.sources)
        yield from self._answer(question, tab, options, request)

    def ask_again(
        self, command: str, tab: TabState, model: str, strictness: str, passages: float, request: Any
    ) -> Iterator[Changes]:
        """Answer the question of a turn again, in place of that turn; one that was refused perhaps anyway."""
        values = _parse_command(command)
        turn_id = str(values.get("turn", ""))
        try:
            turn = self._history(_user(request), tab).turn(_user(request), turn_id)
        except RagError as error:
            yield self._show_error(error, tab, _user(request), "")
            return
        if turn is None or turn.conversation != tab.conversation:
            yield {}
            return
        options = AskOptions(model, strictness, int(passages), tab.sources, values.get("anyway") is True)
        tab = replace(tab, replaces=turn.id)
        yield from self._answer(turn.question, tab, options, request, self._gradio.skip())

    def _answer(
        self, question: str, tab: TabState, options: AskOptions, request: Any, box: Any = ""
    ) -> Iterator[Changes]:
        """Answer a question; ``box`` is what becomes of the question's own box."""
        user, session = _user(request), str(request.session_hash)
        cancel = threading.Event()
        self._running[session] = cancel
        parts, update = self._parts, self._gradio.update
        try:
            index = self._service.workspaces.open(user, tab.workspace)
            if index.catalog.chunk_total() == 0:
                raise UsageError(self._t("empty index first"))
            history = History(index.folder)
            conversation = conversation_for(history, user, tab.conversation)
            if tab.replaces:
                history.forget_from(user, tab.replaces)
            tab = replace(tab, conversation=conversation.id, replaces="")
            earlier = messages_of(history.turns(user, conversation.id), tab, self._t)
            messages = [*earlier, message("user", question_html(question))]
            yield {
                parts.question: update(value="", **_BUSY_BUTTONS) if box == "" else update(**_BUSY_BUTTONS),
                parts.tab: tab,
                parts.conversation: [*messages, message("assistant", waiting_html(0, self._t))],
                parts.state: state_json(self._service, tab, user, busy=True),
                parts.rename_row: update(visible=False),
                parts.delete_row: update(visible=False),
            }
            for html in self._html_of_states(user, index, tab, question, options, cancel):
                yield {parts.conversation: [*messages, message("assistant", html)]}
            yield self._show_stored(tab, user) | {parts.question: update(**_IDLE_BUTTONS)}
        except _Stopped:
            yield self._show_stored(tab, user) | {parts.question: update(value=question, **_IDLE_BUTTONS)}
        except RagError as error:
            yield self._show_error(error, tab, user, question)
        except Exception:
            _LOG.exception("A question could not be answered")
            yield self._show_error(UsageError(self._t("unexpected")), tab, user, question)
        finally:
            cancel.set()
            if self._running.get(session) is cancel:
                del self._running[session]

    def _html_of_states(
        self,
        user: str,
        index: Index,
        tab: TabState,
        question: str,
        options: AskOptions,
        cancel: threading.Event,
    ) -> Iterator[str]:
        """Yield what is shown while a question is answered, without drafts that come too fast to be seen.

        Raises:
            _Stopped: The question was taken back while it waited, so that nothing of it is stored.
        """
        shown_at, stored = 0.0, False
        for state in self._service.ask(user, index, tab.conversation, question, options, cancel):
            stored = stored or bool(state.turn_id)
            now = time.monotonic()
            draft = state.answer is not None and state.answer.state == "writing"
            if not draft or now - shown_at >= 1 / _DRAFTS_A_SECOND:
                shown_at = now
                yield question_state_html(state, tab, self._t)
        if not stored:
            raise _Stopped

    def stop(self, request: Any) -> None:
        """Stop the answer that is being written, or take the question back while it waits."""
        self._cancel(request)

    def close_page(self, request: Any) -> None:
        """Cancel what was asked in a tab that was closed."""
        self._cancel(request)

    def _cancel(self, request: Any) -> None:
        cancel = self._running.get(str(request.session_hash))
        if cancel is not None:
            cancel.set()

    # -- conversations -----------------------------------------------------------------------------------------------

    def open_page(self, saved_options: Any, request: Any) -> Changes:
        """Show the first workspace with the options that the browser saved, and load the models once it is drawn."""
        self._service.prepare(_PREPARE_DELAY)
        user = _user(request)
        p, update = self._parts, self._gradio.update
        workspaces = self._service.workspaces.of(user)
        changes = self._show_stored(TabState(workspaces[0].id if workspaces else ""), user)
        if isinstance(saved_options, list) and len(saved_options) == 3:
            model, strictness, passages = saved_options
            if model in self._service.models():
                changes[p.model] = update(value=model)
            if strictness in STRICTNESS:
                changes[p.strictness] = update(value=strictness)
            if isinstance(passages, int | float) and 3 <= passages <= 20:
                changes[p.passages] = update(value=passages)
        return changes

    def start_new(self, tab: TabState, request: Any) -> Changes:
        """Open a new conversation."""
        return self._move_to(replace(tab, conversation="", replaces=""), request)

    def open_listed(self, conversation: str, tab: TabState, request: Any) -> Changes:
        """Open a conversation that was chosen in the list."""
        return self._move_to(replace(tab, conversation=str(conversation), replaces=""), request)

    def list_again(self, search: str, tab: TabState, request: Any) -> Changes:
        """List the conversations that a search finds."""
        return self._list(tab, _user(request), search)

    def list_more(self, search: str, tab: TabState, request: Any) -> Changes:
        """List the older conversations, too."""
        return self._list(tab, _user(request), search, _LISTED_AT_MOST)

    def begin_renaming(self, tab: TabState, request: Any) -> Changes:
        """Show the box for a conversation's new title."""
        conversation = current_conversation(self._service, tab, _user(request))
        title = printable(conversation.title) if conversation else ""
        return {self._parts.rename_row: self._gradio.update(visible=True), self._parts.name: title}

    def rename(self, title: str, tab: TabState, search: str, request: Any) -> Changes:
        """Give the open conversation another title."""
        user = _user(request)
        try:
            self._history(user, tab).rename(user, tab.conversation, title)
        except RagError as error:
            self._gradio.Warning(escape(self._t.notice(error.notice)))
            return {}
        return self._list(tab, user, search) | self._heading(tab, user)

    def delete(self, tab: TabState, search: str, request: Any) -> Changes:
        """Delete the open conversation."""
        user = _user(request)
        self._cancel(request)
        try:
            self._history(user, tab).delete(user, tab.conversation)
        except RagError as error:
            self._gradio.Warning(escape(self._t.notice(error.notice)))
            return {}
        return self._show_stored(replace(tab, conversation=""), user, search)

    def _history(self, user: str, tab: TabState) -> History:
        return History(self._service.workspaces.open(user, tab.workspace).folder)

    # -- what the page's script asks for -----------------------------------------------------------------------------

    def handle_command(self, command: str, tab: TabState, request: Any) -> Changes:
        """Open a conversation or a workspace, take turns back, or ask only about some sources, as a command says."""
        values = _parse_command(command)
        user = _user(request)
        match values.get("do"):
            case "open":
                workspace = str(values.get("workspace") or tab.workspace)
                if workspace not in {one.id for one in self._service.workspaces.of(user)}:
                    return {}
                sources = tab.sources if workspace == tab.workspace else ()
                return self._move_to(TabState(workspace, str(values.get("conversation", "")), sources), request)
            case "refresh" if str(request.session_hash) not in self._running:
                return self._show_stored(tab, user)
            case "only":
                listed = values.get("sources")
                only = [str(source) for source in listed][:_MOST_SOURCES] if isinstance(listed, list) else []
                tab = replace(tab, sources=tuple(only))
                return {self._parts.tab: tab, self._parts.state: state_json(self._service, tab, user)}
            case "undo" | "edit" if str(request.session_hash) not in self._running:
                return self._take_back(values, tab, user)
        return {}

    def _take_back(self, values: dict[str, Any], tab: TabState, user: str) -> Changes:
        """Put the question of a turn back into its box; ``undo`` forgets the turn and all after it."""
        p, update = self._parts, self._gradio.update
        try:
            history = self._history(user, tab)
            turn = history.turn(user, str(values.get("turn", "")))
            if turn is None or turn.conversation != tab.conversation:
                return {}
            if values["do"] == "edit":
                # The answer goes only when the changed question is sent.
                tab = replace(tab, replaces=turn.id)
                return {
                    p.tab: tab,
                    p.question: update(value=turn.question),
                    p.state: state_json(self._service, tab, user),
                }
            history.forget_from(user, turn.id)
        except RagError as error:
            return self._show_error(error, tab, user, "")
        return self._show_stored(tab, user) | {p.question: update(value=turn.question)}

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _move_to(self, tab: TabState, request: Any) -> Changes:
        """Show another conversation or workspace; a question that is being answered here is cancelled."""
        self._cancel(request)
        return self._show_stored(tab, _user(request))

    def _show_stored(self, tab: TabState, user: str, search: str = "") -> Changes:
        """Return everything as it is stored."""
        p, update = self._parts, self._gradio.update
        try:
            index = self._service.workspaces.open(user, tab.workspace)
            history = History(index.folder)
            if tab.conversation and history.conversation(user, tab.conversation) is None:
                tab = replace(tab, conversation="")
            turns = history.turns(user, tab.conversation) if tab.conversation else []
        except RagError as error:
            return self._show_error(error, tab, user, "")
        welcome = welcome_html(self._service, index, tab, user, self._t)
        return {
            p.tab: tab,
            p.conversation: update(value=messages_of(turns, tab, self._t), placeholder=welcome),
            p.state: state_json(self._service, tab, user, turns[-1].id if turns else ""),
            p.delete_row: update(visible=False),
            **self._list(tab, user, search),
            **self._heading(tab, user),
        }

    def _show_error(self, error: RagError, tab: TabState, user: str, question: str) -> Changes:
        """Return what went wrong, in the conversation, with the question back in its box."""
        p, update = self._parts, self._gradio.update
        messages: Messages = []
        with suppress(RagError):
            messages = messages_of(self._history(user, tab).turns(user, tab.conversation), tab, self._t)
        if question:
            messages.append(message("user", question_html(question)))
        messages.append(message("assistant", error_html(self._t.notice(error.notice), self._t)))
        box = update(value=question, **_IDLE_BUTTONS) if question else update(**_IDLE_BUTTONS)
        return {p.tab: tab, p.conversation: messages, p.question: box, p.state: state_json(self._service, tab, user)}

    def _list(self, tab: TabState, user: str, search: str = "", limit: int = _LISTED) -> Changes:
        """Return the list of conversations, the open one chosen."""
        p, update = self._parts, self._gradio.update
        history = self._history(user, tab)
        conversations = history.conversations(user, search, limit)
        choices = [(printable(one.title) or "…", one.id) for one in conversations]
        value = tab.conversation if any(one.id == tab.conversation for one in conversations) else None
        more = len(conversations) == limit < _LISTED_AT_MOST and history.count(user, search) > limit
        return {p.conversations: update(choices=choices, value=value), p.older: update(visible=more)}

    def _heading(self, tab: TabState, user: str) -> Changes:
        """Return the title and the menu of the open conversation."""
        heading = menu_html(current_conversation(self._service, tab, user), tab, self._t)
        return {self._parts.heading: heading, self._parts.rename_row: self._gradio.update(visible=False)}


class _Stopped(Exception):
    """The question was taken back before it was its turn."""


def _user(request: Any) -> str:
    return str(request.username or "")


def _parse_command(text: str) -> dict[str, Any]:
    """Return what the page's script wrote into a hidden box; nothing when it is no JSON object."""
    try:
        values = json.loads(text)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
