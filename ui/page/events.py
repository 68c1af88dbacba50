"""What happens when a person does something on the page.

Owns: the handlers of Gradio's events; each returns the components it changes. What is shown comes from
``ui.page.page_state``, what is done from ``ui.service.chat_service``.

The page's own script reaches these handlers through two hidden boxes: ``command`` for what is quick, ``retry`` for
asking a question again.
"""

from __future__ import annotations

import inspect
import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from rag.errors import RagError, UsageError
from rag.hosting.told import told
from rag.notices import Notice
from rag.store.catalog import History, StoredTurn
from rag.store.index import Index
from ui.i18n import Translate
from ui.page.page_state import (
    TabState,
    current_conversation,
    drafts_html,
    message,
    messages_of,
    state_json,
)
from ui.service.chat_service import AskOptions, ChatService, conversation_for
from ui.service.document_choice import asked_sources
from ui.service.running_answer import RunningAnswer
from ui.service.shared_answers import AnswerElsewhere
from ui.views.answer import error_html, question_html
from ui.views.escape import escape

_LOG = logging.getLogger(__name__)

# Cap on the drafts of an answer that are sent to a browser in a second.
_DRAFTS_A_SECOND = 12
# Seconds after which the models are loaded, so that the page is drawn first.
_PREPARE_DELAY = 1.0

_LONGEST_DRAFT = 4000

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
    draft: Any
    command: Any
    retry: Any
    new: Any
    saved_options: Any


@dataclass(frozen=True, slots=True)
class _Shown:
    """The open conversation: its turns that are shown, and those of its answers that are being made."""

    turns: Sequence[StoredTurn] = ()
    running: Sequence[RunningAnswer | AnswerElsewhere] = ()


_NOTHING_SHOWN = _Shown()


class Events:
    """The handlers of one page, in one language."""

    def __init__(self, gradio: Any, service: ChatService, t: Translate, parts: Parts) -> None:
        self._gradio, self._service, self._t, self._parts = gradio, service, t, parts
        # What ends the watching of the answer that a tab shows, by Gradio's name of the tab.
        self._watching: dict[str, threading.Event] = {}

    def connect(self, page: Any) -> None:
        """Attach the handlers to the components of a page."""
        p = self._parts
        shows = [p.tab, p.conversation, p.question, p.state, p.draft]
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asks: dict[str, Any] = {**private, "concurrency_limit": 32, "concurrency_id": "ask"}
        quick: dict[str, Any] = {**private, "concurrency_limit": 16}
        p.question.submit(self._annotated(self.ask), [p.question, p.tab], shows, **asks)
        p.retry.change(self._annotated(self.ask_again), [p.retry, p.tab], shows, **asks)
        p.question.stop(self._annotated(self.stop), p.tab, None, **quick)
        p.command.change(
            self._annotated(self.handle_command), [p.command, p.tab], shows, trigger_mode="multiple", **quick
        )
        p.new.click(self._annotated(self.start_new), p.tab, shows, **quick)
        page.load(self._annotated(self.open_page), p.saved_options, shows, **quick)
        page.unload(self._annotated(self.close_page))

    def _annotated(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """Return the handler with an annotation by which Gradio hands it the request; its class is imported late.

        What a handler raises on purpose is told, and changes nothing; one that yields sees to that itself.
        """
        if inspect.isgeneratorfunction(handler):
            guarded: Any = handler.__func__  # type: ignore[attr-defined]
        else:

            @wraps(handler)
            def guarded(*arguments: Any) -> Any:
                try:
                    changes = handler(*arguments)
                except RagError as error:
                    self._gradio.Warning(escape(self._t.notice(error.notice)))
                    changes = {}
                except sqlite3.Error:
                    _LOG.exception("The index could not be read")
                    self._gradio.Warning(escape(self._t("unexpected")))
                    changes = {}
                # Gradio takes no empty changes.
                return {self._parts.tab: self._gradio.skip()} if changes == {} else changes

        guarded.__annotations__ = {"request": self._gradio.Request}
        return handler if inspect.isgeneratorfunction(handler) else guarded

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(self, question: str, tab: TabState, request: Any) -> Iterator[Changes]:
        """Answer a new question, or a changed one in place of the turn that the tab says."""
        if not question.strip():
            yield {self._parts.question: ""}
            return
        options = self._service.options_of(_user(request), tab.sources)
        yield from self._answer(question, tab, options, request)

    def ask_again(self, command: str, tab: TabState, request: Any) -> Iterator[Changes]:
        """Answer the question of a turn again, in place of that turn; one that was refused perhaps anyway."""
        values = _parse_command(command)
        turn_id = str(values.get("turn", ""))
        try:
            turn = self._history(_user(request), tab).turn(_user(request), turn_id)
        except RagError as error:
            yield self._show_error(error, tab, _user(request), "")
            return
        if turn is None or turn.conversation != tab.conversation:
            yield {self._parts.tab: self._gradio.skip()}
            return
        options = self._service.options_of(_user(request), tab.sources, values.get("anyway") is True)
        tab = replace(tab, replaces=turn.id)
        yield from self._answer(turn.question, tab, options, request, was_typed=False)

    def _answer(
        self, question: str, tab: TabState, options: AskOptions, request: Any, was_typed: bool = True
    ) -> Iterator[Changes]:
        """Answer a question; the box that it was typed into is emptied."""
        # Gradio sends what changed since the message before, and its page makes that change in the message before,
        # which may still wait there: an update that the next message does without is lost. So the box is emptied by a
        # plain value, and its buttons are in every message after that.
        user = _user(request)
        parts, update = self._parts, self._gradio.update
        leave = self._leave(request)
        self._watching[str(request.session_hash)] = leave
        try:
            index = self._open(user, tab)
            if index.catalog.chunk_total() == 0:
                raise UsageError(self._t("empty index first"))
            history = History(index.folder)
            conversation = conversation_for(history, user, tab.conversation)
            replaced = history.turn(user, tab.replaces) if tab.replaces else None
            is_new = conversation.id != tab.conversation
            tab = replace(
                tab,
                conversation=conversation.id,
                replaces="",
                # A document may have been removed since it was chosen.
                sources=self._asked({"sources": tab.sources}, tab.workspace, user),
            )
            after = replaced.parent if replaced and replaced.conversation == conversation.id else None
            options = replace(options, sources=tab.sources)
            running = self._service.ask(user, index, conversation.id, question, options, after)
            begun = self._show_stored(tab, user) if is_new else self._show_answers(tab, user)
            yield begun | {parts.tab: tab} | ({parts.question: ""} if was_typed else {})
            yield {parts.question: update(**_BUSY_BUTTONS)}
            state = running.latest
            for state in running.follow(leave, _DRAFTS_A_SECOND):
                if not leave.is_set() and (state.answer is None or state.answer.state != "done"):
                    yield {parts.draft: drafts_html([state], tab, self._t), parts.question: update(**_BUSY_BUTTONS)}
            if leave.is_set():
                # Gradio sends the last changes twice; these say nothing of what is shown by now.
                yield {parts.draft: ""}
                return
            if running.error is not None:
                # Nothing was answered: the question goes back into its box.
                history.withdraw(user, running.turn_id)
                raise running.error
            changes = self._show_answers(tab, user)
            if state.taken_back:
                changes[parts.question] = update(value=question, **_IDLE_BUTTONS)
            # Gradio takes the values out of what it is given.
            box = dict(changes[parts.question])
            yield changes
            # These are small.
            yield {parts.draft: "", parts.question: box}
        except RagError as error:
            yield self._show_error(error, tab, user, question)
        except Exception:
            _LOG.exception("A question could not be answered")
            yield self._show_error(UsageError(self._t("unexpected")), tab, user, question)
        finally:
            if self._watching.get(str(request.session_hash)) is leave:
                del self._watching[str(request.session_hash)]

    def stop(self, tab: TabState, request: Any) -> None:
        """Stop the answers of the open conversation that are being written, or take back those that wait."""
        self._cancel(tab, _user(request))

    def _cancel(self, tab: TabState, user: str) -> list[RunningAnswer | AnswerElsewhere]:
        """Let the answers of the open conversation end soon, and return them."""
        running: list[RunningAnswer | AnswerElsewhere] = []
        with suppress(RagError):
            running = self._service.running(self._open(user, tab), tab.conversation)
        for one in running:
            one.cancel()
        return running

    def close_page(self, request: Any) -> None:
        """Watch no more in a tab that was closed; its answer goes on."""
        self._leave(request)

    def _leave(self, request: Any) -> threading.Event:
        """End the watching of an answer in a tab; return what ends the next."""
        watching = self._watching.pop(str(request.session_hash), None)
        if watching is not None:
            watching.set()
        return threading.Event()

    # -- conversations -----------------------------------------------------------------------------------------------

    def open_page(self, saved_options: Any, request: Any) -> Changes:
        """Show the first workspace, load the models once it is drawn, and keep what an earlier version's page saved."""
        self._service.prepare(_PREPARE_DELAY)
        user = _user(request)
        if isinstance(saved_options, list) and len(saved_options) == 3:
            with suppress(RagError):
                self._service.preferences.adopt(user, *saved_options)
        workspaces = self._service.workspaces.of(user)
        return self._show_stored(TabState(workspaces[0].id if workspaces else ""), user)

    def start_new(self, tab: TabState, request: Any) -> Changes:
        """Open a new conversation."""
        return self._move_to(replace(tab, conversation="", replaces=""), request)

    def _open(self, user: str, tab: TabState) -> Index:
        """Return the index of a tab's workspace; one that was deleted meanwhile is a UsageError."""
        index = self._service.workspaces.open(user, tab.workspace)
        if not index.catalog.is_there():
            raise UsageError(Notice("no-such-index"))
        return index

    def _history(self, user: str, tab: TabState) -> History:
        return History(self._open(user, tab).folder)

    # -- what the page's script asks for -----------------------------------------------------------------------------

    def handle_command(self, command: str, tab: TabState, request: Any) -> Changes:
        """Do what the page's script asks for, as a command says; one that cannot be done changes nothing."""
        values = _parse_command(command)
        try:
            return self._do(values, tab, _user(request), request)
        except RagError as error:
            return self._show_error(error, tab, _user(request), "")

    def _do(self, values: dict[str, Any], tab: TabState, user: str, request: Any) -> Changes:
        match values.get("do"):
            case "open":
                workspace = str(values.get("workspace") or tab.workspace)
                if workspace not in {one.id for one in self._service.workspaces.of(user)}:
                    return {}
                only = values if values.keys() & {"sources", "match"} else {"sources": ()}
                if only is not values and workspace == tab.workspace:
                    only = {"sources": tab.sources}
                opened = TabState(workspace, str(values.get("conversation", "")), self._asked(only, workspace, user))
                return self._move_to(opened, request)
            case "refresh" if str(request.session_hash) not in self._watching:
                return self._refresh(tab, user)
            case "only":
                tab = replace(tab, sources=self._asked(values, tab.workspace, user))
                return self._show_state(tab, user)
            case "edit":
                turn = self._turn(values, tab, user)
                return self._begin_editing(turn, tab, user) if turn else {}
            case "keep":
                draft = str(values.get("draft", ""))[:_LONGEST_DRAFT]
                return self._show_state(replace(tab, replaces=""), user) | {self._parts.question: draft}
            case "version" if self._turn(values, tab, user):
                self._history(user, tab).choose(user, str(values["turn"]))
                self._leave(request)
                return self._show_stored(tab, user)
            case "remove" if self._turn(values, tab, user):
                self._leave(request)
                self._history(user, tab).remove_turn(user, str(values["turn"]))
                removed = {"workspace": tab.workspace, "turn": str(values["turn"])}
                return self._show_stored(replace(tab, replaces=""), user, removed=removed)
            case "restore":
                return self._restore(values, tab, user, request)
        return {}

    def _refresh(self, tab: TabState, user: str) -> Changes:
        """Return how far the answers are that nobody watches here; once all are done, the conversation."""
        running = self._service.running(self._open(user, tab), tab.conversation)
        if not running:
            return self._show_answers(tab, user)
        return {self._parts.draft: drafts_html([one.latest for one in running], tab, self._t)}

    def _restore(self, values: dict[str, Any], tab: TabState, user: str, request: Any) -> Changes:
        """Bring back the turn that a command names, and show it."""
        workspace = str(values.get("workspace") or tab.workspace)
        there = tab if workspace == tab.workspace else TabState(workspace)
        history = self._history(user, there)
        turn = str(values.get("turn", ""))
        stored = history.turn(user, turn) if history.restore_turn(user, turn) else None
        if stored is None:
            raise UsageError(self._t("not restored"))
        return self._move_to(replace(there, conversation=stored.conversation, replaces=""), request)

    def _turn(self, values: dict[str, Any], tab: TabState, user: str) -> StoredTurn | None:
        """Return the turn that a command names, where it is of the open conversation."""
        turn = self._history(user, tab).turn(user, str(values.get("turn", "")))
        return turn if turn is not None and turn.conversation == tab.conversation else None

    def _begin_editing(self, turn: StoredTurn, tab: TabState, user: str) -> Changes:
        """Put the question of a turn into the box; sent, it becomes another version of the turn."""
        changes = self._show_state(replace(tab, replaces=turn.id), user)
        return changes | {self._parts.question: self._gradio.update(value=turn.question)}

    def _asked(self, values: Mapping[str, Any], workspace: str, user: str) -> tuple[str, ...]:
        """Return what a command keeps questions to, of a workspace, as far as it is there."""
        return asked_sources(values, self._service.workspaces.open(user, workspace).catalog)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _move_to(self, tab: TabState, request: Any) -> Changes:
        """Show another conversation or workspace; an answer that is being made in the one before goes on."""
        self._leave(request)
        return self._show_stored(tab, _user(request))

    def _shown(self, tab: TabState, user: str) -> _Shown:
        """Return the open conversation as it is stored and as it is being answered."""
        index = self._open(user, tab)
        turns = History(index.folder).turns(user, tab.conversation) if tab.conversation else []
        turns = self._service.unstored.in_place(index.folder, turns)
        return _Shown(turns, self._service.running(index, tab.conversation))

    def _state(
        self, tab: TabState, user: str, shown: _Shown, removed: Mapping[str, str] | None = None, gone: str = ""
    ) -> str:
        last = shown.turns[-1].id if shown.turns else ""
        conversation = None
        with suppress(RagError):
            conversation = current_conversation(self._service, tab, user)
        title = conversation.title if conversation else ""
        return state_json(self._service, tab, user, last, bool(shown.running), removed, title, gone)

    def _show_state(self, tab: TabState, user: str) -> Changes:
        """Return the state of the tab alone; what it shows stays as it is."""
        shown = _NOTHING_SHOWN
        with suppress(RagError):
            shown = self._shown(tab, user)
        return {self._parts.tab: tab, self._parts.state: self._state(tab, user, shown)}

    def _show_answers(
        self, tab: TabState, user: str, removed: Mapping[str, str] | None = None, gone: str = ""
    ) -> Changes:
        """Return the conversation as it is stored and as it is being answered; nothing else on the page changes."""
        p, update = self._parts, self._gradio.update
        shown = self._shown(tab, user)
        messages = messages_of(shown.turns, tab, self._t, shown.running)
        return {
            p.conversation: messages,
            p.state: self._state(tab, user, shown, removed, gone),
            p.question: update(**(_BUSY_BUTTONS if shown.running else _IDLE_BUTTONS)),
        }

    def _show_stored(self, tab: TabState, user: str, removed: Mapping[str, str] | None = None) -> Changes:
        """Return everything as it is stored; ``removed`` is what was just taken away.

        A conversation that is not there any more is a new one, and the page says so.
        """
        gone = ""
        try:
            if tab.conversation and self._history(user, tab).conversation(user, tab.conversation) is None:
                gone, tab = tab.conversation, replace(tab, conversation="")
            return self._show_answers(tab, user, removed, gone) | {self._parts.tab: tab}
        except RagError as error:
            return self._show_error(error, tab, user, "")

    def _show_error(self, error: RagError, tab: TabState, user: str, question: str) -> Changes:
        """Return what went wrong, below what was there, with the question back in its box."""
        p, update = self._parts, self._gradio.update
        shown = _NOTHING_SHOWN
        with suppress(RagError):
            shown = self._shown(tab, user)
        messages = messages_of(shown.turns, tab, self._t, shown.running)
        if question:
            messages.append(message("user", question_html(question)))
        # Where there are users, what stands behind the server concerns whoever looks after it.
        notice = told(error) if user else error.notice
        messages.append(message("assistant", error_html(self._t.notice(notice), self._t)))
        # While another answer is made, the page goes on looking after it.
        buttons = _BUSY_BUTTONS if shown.running else _IDLE_BUTTONS
        box = update(value=question, **buttons) if question else update(**buttons)
        return {p.tab: tab, p.conversation: messages, p.question: box, p.state: self._state(tab, user, shown)}


def _user(request: Any) -> str:
    return str(request.username or "")


def _parse_command(text: str) -> dict[str, Any]:
    """Return what the page's script wrote into a hidden box; nothing when it is no JSON object."""
    try:
        values = json.loads(text)
        # Half of a sign that has two can be neither stored nor sent.
        json.dumps(values, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
