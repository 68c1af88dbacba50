"""What happens when a person does something on the page.

Owns: the handlers of Gradio's events; each returns the components it changes. What is shown comes from ``ui.page.page_state``,
what is done from ``ui.service.chat_service``.

The page's own script talks to these handlers through two hidden boxes: ``command`` for what is quick, ``again`` for
asking anew.
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
    snapshot_html,
    state_json,
    welcome_html,
)
from ui.service.chat_service import STRICTNESS, AskOptions, ChatService, conversation_for
from ui.views.answer import error_html, question_html, waiting_html
from ui.views.escape import escape

_LOG = logging.getLogger(__name__)

# A browser is sent at most so many snapshots of a draft a second.
_SNAPSHOTS_A_SECOND = 12
_LISTED = 60
_DRAWN_AFTER = 1.0
_LISTED_AT_MOST = 1000
_MOST_SOURCES = 5000

_AT_REST = {"submit_btn": True, "stop_btn": False}
_AT_WORK = {"submit_btn": False, "stop_btn": True}


@dataclass(frozen=True)
class Parts:
    """The components that events read or change."""

    here: Any
    conversation: Any
    question: Any
    beacon: Any
    command: Any
    again: Any
    listed: Any
    search: Any
    older: Any
    new: Any
    head: Any
    naming: Any
    title: Any
    save: Any
    rename: Any
    delete: Any
    deleting: Any
    delete_sure: Any
    model: Any
    strictness: Any
    passages: Any
    wishes: Any


class Events:
    """What happens. Each handler returns a dictionary of the components it changes."""

    def __init__(self, gradio: Any, desk: ChatService, say: Translate, parts: Parts) -> None:
        self._gradio, self._desk, self._say, self._parts = gradio, desk, say, parts
        # The question that a tab is being answered, by Gradio's name of the tab.
        self._running: dict[str, threading.Event] = {}

    def connect(self, page: Any) -> None:
        p = self._parts
        shows = [p.here, p.conversation, p.question, p.beacon, p.listed, p.older, p.head, p.naming, p.deleting,
                 p.title]  # fmt: skip
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asks: dict[str, Any] = {**private, "concurrency_limit": 32, "concurrency_id": "ask"}
        quick: dict[str, Any] = {**private, "concurrency_limit": 16}
        told = [p.here, p.model, p.strictness, p.passages]
        p.question.submit(self._annotated(self.ask), [p.question, *told], shows, **asks)
        p.again.change(self._annotated(self.ask_again), [p.again, *told], shows, **asks)
        p.question.stop(self._annotated(self.stop), None, None, **quick)
        p.command.change(self._annotated(self.obey), [p.command, p.here], shows, trigger_mode="multiple", **quick)
        p.new.click(self._annotated(self.start_new), p.here, shows, **quick)
        p.listed.input(self._annotated(self.open_listed), [p.listed, p.here], shows, **quick)
        p.search.change(self._annotated(self.list_again), [p.search, p.here], shows, **quick)
        p.older.click(self._annotated(self.list_more), [p.search, p.here], shows, **quick)
        p.rename.click(self._annotated(self.begin_naming), p.here, shows, **quick)
        for event in (p.save.click, p.title.submit):
            event(self._annotated(self.name), [p.title, p.here, p.search], shows, **quick)
        p.delete.click(lambda: {p.deleting: self._gradio.update(visible=True)}, None, [p.deleting], **quick)
        p.delete_sure.click(self._annotated(self.forget), [p.here, p.search], shows, **quick)
        page.load(self._annotated(self.arrive), p.wishes, [*shows, p.model, p.strictness, p.passages], **quick)
        for event in (p.model.input, p.strictness.input, p.passages.release):
            event(lambda *wishes: list(wishes), [p.model, p.strictness, p.passages], p.wishes, **quick)
        page.unload(self._annotated(self.leave))

    def _annotated(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """Gradio hands a request to a parameter that is annotated with its class, which is imported late here."""
        function = handler.__func__  # type: ignore[attr-defined]
        function.__annotations__ = {"request": self._gradio.Request}
        return handler

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(
        self, question: str, here: TabState, model: str, strictness: str, passages: float, request: Any
    ) -> Iterator[dict[Any, Any]]:
        if not question.strip():
            yield {self._parts.question: ""}
            return
        yield from self._answer(question, here, model, strictness, passages, request)

    def ask_again(
        self, said: str, here: TabState, model: str, strictness: str, passages: float, request: Any
    ) -> Iterator[dict[Any, Any]]:
        """Ask the question of a turn again, in its place."""
        wanted = _read(said)
        try:
            index = self._desk.shelves.open(_user(request), here.shelf)
            turn = History(index.folder).turn(_user(request), str(wanted.get("turn", "")))
        except RagError as error:
            yield self._failed(error, here, _user(request), "")
            return
        if turn is None or turn.conversation != here.conversation:
            yield {}
            return
        yield from self._answer(
            turn.question, replace(here, replaces=turn.id), model, strictness, passages, request, self._gradio.skip()
        )

    def _answer(
        self, question: str, here: TabState, model: str, strictness: str, passages: float, request: Any, box: Any = ""
    ) -> Iterator[dict[Any, Any]]:
        user, tab = _user(request), str(request.session_hash)
        cancel = threading.Event()
        self._running[tab] = cancel
        parts, busy = self._parts, self._gradio.update
        asked: Messages = []
        try:
            index = self._desk.shelves.open(user, here.shelf)
            if index.catalog.chunk_total() == 0:
                raise UsageError(self._say("empty index first"))
            history = History(index.folder)
            kept = conversation_for(history, user, here.conversation)
            if here.replaces:
                history.forget_from(user, here.replaces)
            here = replace(here, conversation=kept.id, replaces="")
            earlier = messages_of(history.turns(user, kept.id), here, self._say)
            asked = [*earlier, message("user", question_html(question))]
            box = busy(value="", **_AT_WORK) if box == "" else busy(**_AT_WORK)
            yield {
                parts.question: box,
                parts.here: here,
                parts.conversation: [*asked, message("assistant", waiting_html(0, self._say))],
                parts.beacon: state_json(self._desk, here, user, busy=True),
                parts.naming: busy(visible=False),
                parts.deleting: busy(visible=False),
            }
            wishes = AskOptions(model, strictness, int(passages), here.sources)
            last = ""
            for content in self._shots(user, index, here, question, wishes, cancel):
                last = content
                yield {parts.conversation: [*asked, message("assistant", content)]}
            if not last:
                raise _Stopped
            yield self._standing(here, user) | {parts.question: busy(**_AT_REST)}
        except _Stopped:
            yield self._standing(here, user) | {parts.question: busy(value=question, **_AT_REST)}
        except RagError as error:
            yield self._failed(error, here, user, question)
        except Exception:
            _LOG.exception("A question could not be answered")
            yield self._failed(UsageError(self._say("unexpected")), here, user, question)
        finally:
            cancel.set()
            if self._running.get(tab) is cancel:
                del self._running[tab]

    def _shots(
        self,
        user: str,
        index: Index,
        here: TabState,
        question: str,
        wishes: AskOptions,
        cancel: threading.Event,
    ) -> Iterator[str]:
        """What is shown while a question is answered, passing over drafts that come too fast to be seen."""
        shown_at = 0.0
        for shot in self._desk.ask(user, index, here.conversation, question, wishes, cancel):
            now = time.monotonic()
            draft = shot.answer is not None and shot.answer.state == "writing"
            if not draft or now - shown_at >= 1 / _SNAPSHOTS_A_SECOND:
                shown_at = now
                yield snapshot_html(shot, here, self._say)

    def stop(self, request: Any) -> None:
        self._cancel(request)

    def leave(self, request: Any) -> None:
        """The tab was closed: what it asked for is no longer wanted."""
        self._cancel(request)

    def _cancel(self, request: Any) -> None:
        running = self._running.get(str(request.session_hash))
        if running is not None:
            running.set()

    # -- conversations -----------------------------------------------------------------------------------------------

    def arrive(self, wishes: Any, request: Any) -> dict[Any, Any]:
        """A page was opened; the models are loaded when it is drawn."""
        self._desk.prepare(_DRAWN_AFTER)
        user = _user(request)
        p, update = self._parts, self._gradio.update
        shelves = self._desk.shelves.of(user)
        here = TabState(shelves[0].id if shelves else "")
        found = self._standing(here, user)
        if isinstance(wishes, list) and len(wishes) == 3:
            model, strictness, passages = wishes
            if model in self._desk.models():
                found[p.model] = update(value=model)
            if strictness in STRICTNESS:
                found[p.strictness] = update(value=strictness)
            if isinstance(passages, int | float) and 3 <= passages <= 20:
                found[p.passages] = update(value=passages)
        return found

    def start_new(self, here: TabState, request: Any) -> dict[Any, Any]:
        return self._stand(replace(here, conversation="", replaces=""), request)

    def open_listed(self, chosen: str, here: TabState, request: Any) -> dict[Any, Any]:
        return self._stand(replace(here, conversation=str(chosen), replaces=""), request)

    def list_again(self, search: str, here: TabState, request: Any) -> dict[Any, Any]:
        return self._list(here, _user(request), search)

    def list_more(self, search: str, here: TabState, request: Any) -> dict[Any, Any]:
        return self._list(here, _user(request), search, _LISTED_AT_MOST)

    def begin_naming(self, here: TabState, request: Any) -> dict[Any, Any]:
        kept = current_conversation(self._desk, here, _user(request))
        update = self._gradio.update
        return {self._parts.naming: update(visible=True), self._parts.title: printable(kept.title) if kept else ""}

    def name(self, title: str, here: TabState, search: str, request: Any) -> dict[Any, Any]:
        user = _user(request)
        try:
            History(self._desk.shelves.open(user, here.shelf).folder).rename(user, here.conversation, title)
        except RagError as error:
            self._gradio.Warning(escape(str(error)))
            return {}
        return self._list(here, user, search) | self._heading(here, user)

    def forget(self, here: TabState, search: str, request: Any) -> dict[Any, Any]:
        user = _user(request)
        self._cancel(request)
        try:
            History(self._desk.shelves.open(user, here.shelf).folder).delete(user, here.conversation)
        except RagError as error:
            self._gradio.Warning(escape(str(error)))
            return {}
        return self._standing(replace(here, conversation=""), user, search)

    # -- what the page's script asks for -----------------------------------------------------------------------------

    def obey(self, said: str, here: TabState, request: Any) -> dict[Any, Any]:
        """Open a conversation or an index, take turns back, ask only about chosen sources."""
        wanted = _read(said)
        user = _user(request)
        match wanted.get("do"):
            case "open":
                shelf = str(wanted.get("shelf") or here.shelf)
                known = {shelf.id for shelf in self._desk.shelves.of(user)}
                if shelf not in known:
                    return {}
                moved = shelf != here.shelf
                here = TabState(shelf, str(wanted.get("conversation", "")), () if moved else here.sources)
                return self._stand(here, request)
            case "refresh" if str(request.session_hash) not in self._running:
                return self._standing(here, user)
            case "only":
                sources = wanted.get("sources")
                chosen = [str(source) for source in sources][:_MOST_SOURCES] if isinstance(sources, list) else []
                here = replace(here, sources=tuple(chosen))
                return {self._parts.here: here, self._parts.beacon: state_json(self._desk, here, user)}
            case "undo" | "edit" if str(request.session_hash) not in self._running:
                return self._take_back(wanted, here, user)
        return {}

    def _take_back(self, wanted: dict[str, Any], here: TabState, user: str) -> dict[Any, Any]:
        p, update = self._parts, self._gradio.update
        try:
            history = History(self._desk.shelves.open(user, here.shelf).folder)
            turn = history.turn(user, str(wanted.get("turn", "")))
            if turn is None or turn.conversation != here.conversation:
                return {}
            if wanted["do"] == "edit":
                # The answer goes only when the changed question is sent.
                here = replace(here, replaces=turn.id)
                return {
                    p.here: here,
                    p.question: update(value=turn.question),
                    p.beacon: state_json(self._desk, here, user),
                }
            history.forget_from(user, turn.id)
        except RagError as error:
            return self._failed(error, here, user, "")
        return self._standing(here, user) | {p.question: update(value=turn.question)}

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _stand(self, here: TabState, request: Any) -> dict[Any, Any]:
        """Go somewhere else; what was asked here is no longer waited for."""
        self._cancel(request)
        return self._standing(here, _user(request))

    def _standing(self, here: TabState, user: str, search: str = "") -> dict[Any, Any]:
        """Everything as it is kept."""
        p, update = self._parts, self._gradio.update
        try:
            index = self._desk.shelves.open(user, here.shelf)
            history = History(index.folder)
            if here.conversation and history.conversation(user, here.conversation) is None:
                here = replace(here, conversation="")
            turns = history.turns(user, here.conversation) if here.conversation else []
        except RagError as error:
            return self._failed(error, here, user, "")
        welcome = welcome_html(self._desk, index, here, user, self._say)
        return {
            p.here: here,
            p.conversation: update(value=messages_of(turns, here, self._say), placeholder=welcome),
            p.beacon: state_json(self._desk, here, user, turns[-1].id if turns else ""),
            p.deleting: update(visible=False),
            **self._list(here, user, search),
            **self._heading(here, user),
        }

    def _failed(self, error: RagError, here: TabState, user: str, question: str) -> dict[Any, Any]:
        """What went wrong, in the conversation, with the question back in its box."""
        p, update = self._parts, self._gradio.update
        found: Messages = []
        with suppress(RagError):
            index = self._desk.shelves.open(user, here.shelf)
            found = messages_of(History(index.folder).turns(user, here.conversation), here, self._say)
        if question:
            found.append(message("user", question_html(question)))
        found.append(message("assistant", error_html(str(error), self._say)))
        box = update(value=question, **_AT_REST) if question else update(**_AT_REST)
        return {p.here: here, p.conversation: found, p.question: box, p.beacon: state_json(self._desk, here, user)}

    def _list(self, here: TabState, user: str, search: str = "", limit: int = _LISTED) -> dict[Any, Any]:
        p, update = self._parts, self._gradio.update
        history = History(self._desk.shelves.open(user, here.shelf).folder)
        found = history.conversations(user, search, limit)
        choices = [(printable(kept.title) or "…", kept.id) for kept in found]
        value = here.conversation if any(kept.id == here.conversation for kept in found) else None
        more = len(found) == limit < _LISTED_AT_MOST and history.count(user, search) > limit
        return {p.listed: update(choices=choices, value=value), p.older: update(visible=more)}

    def _heading(self, here: TabState, user: str) -> dict[Any, Any]:
        title = menu_html(current_conversation(self._desk, here, user), here, self._say)
        return {self._parts.head: title, self._parts.naming: self._gradio.update(visible=False)}


class _Stopped(Exception):
    """The question was taken back before it was its turn."""


def _user(request: Any) -> str:
    return str(request.username or "")


def _read(said: str) -> dict[str, Any]:
    """What the page's script said; anything else is nothing."""
    try:
        found = json.loads(said)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
