"""What happens on the page, without Gradio and a browser: `ui.page.events`, in German."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import pairwise
from typing import Any

import pytest

from rag.store.catalog import History
from rag.store.index import Index
from rag.types import Answer
from tests.conftest import Opener
from ui.i18n import translator
from ui.page.events import Changes, Events, Parts
from ui.page.page_state import TabState
from ui.server.app import make_service
from ui.service.chat_service import ChatService

DE = translator("de")
# Each component is its own name, so that changes can be read.
PARTS = Parts(**{name: name for name in Parts.__dataclass_fields__})
NOTHING = {"tab": "skipped"}
QUESTION = "What is the toll for cars?"


class Gradio:
    """What the handlers need of Gradio."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.Request = Request

    def update(self, **changes: Any) -> dict[str, Any]:
        return changes

    def skip(self) -> str:
        return "skipped"

    def Warning(self, text: str) -> None:
        self.warnings.append(text)


class Request:
    def __init__(self, session: str = "s1") -> None:
        self.username, self.session_hash = None, session


REQUEST, OTHER = Request(), Request("s2")


@pytest.fixture
def service(index: Index) -> Iterator[ChatService]:
    opened = make_service(index)
    opened.prepare()
    yield opened
    opened.close()


@pytest.fixture
def gradio() -> Gradio:
    return Gradio()


@pytest.fixture
def events(service: ChatService, gradio: Gradio) -> Events:
    return Events(gradio, service, DE, PARTS)


@pytest.fixture
def tab() -> TabState:
    return TabState("own:default")


def shown(changes: Changes) -> str:
    """The messages of the conversation."""
    conversation = changes["conversation"]
    messages = conversation["value"] if isinstance(conversation, dict) else conversation
    return "\n".join(message["content"] for message in messages)


def merged(states: Iterator[Changes]) -> Changes:
    """What the page shows after all changes."""
    page: Changes = {}
    for changes in states:
        page |= changes
    return page


def asked(events: Events, tab: TabState, question: str = QUESTION) -> TabState:
    return merged(events.ask(question, tab, REQUEST))["tab"]  # type: ignore[no-any-return]


def command(**values: object) -> str:
    return json.dumps(values)


def state_of(changes: Changes) -> dict[str, Any]:
    """What the page's script is told."""
    state: dict[str, Any] = json.loads(unescape(changes["state"]).split('title="')[1].rsplit('"', 1)[0])
    return state


# -- asking ------------------------------------------------------------------------------------------------------------


def test_a_question_is_shown_waits_and_is_answered(events: Events, tab: TabState) -> None:
    states = events.ask(QUESTION, tab, REQUEST)
    first, second = next(states), next(states)
    last = first | second | merged(states)
    assert first["question"] == ""
    assert second == {"question": {"submit_btn": False, "stop_btn": True}}
    assert QUESTION in shown(first)
    assert "3 crowns" in shown(last)
    assert "Zitate, ohne Sprachmodell" in shown(last)
    assert last["question"] == {"submit_btn": True, "stop_btn": False}
    assert last["tab"].conversation
    assert state_of(last)["title"] == QUESTION


def test_nothing_is_asked_without_words(events: Events, tab: TabState) -> None:
    assert list(events.ask("  ", tab, REQUEST)) == [{"question": ""}]


def test_an_empty_index_has_no_answer_and_gives_the_question_back(gradio: Gradio, open_again: Opener) -> None:
    service = make_service(open_again("empty"))
    events = Events(gradio, service, DE, PARTS)
    (only,) = events.ask(QUESTION, TabState("own:empty"), REQUEST)
    assert "Es gibt noch keine Dokumente" in shown(only)
    assert only["question"] == {"value": QUESTION, "submit_btn": True, "stop_btn": False}
    service.close()


def test_an_index_that_is_gone_is_told_in_german(events: Events) -> None:
    (only,) = events.ask(QUESTION, TabState("own:gone"), REQUEST)
    assert "Diese Sammlung gibt es nicht; wählen Sie eine aus der Liste." in shown(only)


def test_what_fails_unexpectedly_is_logged_and_told(
    events: Events,
    service: ChatService,
    tab: TabState,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(service, "ask", fail)
    last = merged(events.ask(QUESTION, tab, REQUEST))
    assert "Etwas ist unerwartet gescheitert" in shown(last)
    assert "secret" not in shown(last)
    assert last["question"]["value"] == QUESTION
    assert "A question could not be answered" in caplog.text


def test_a_question_that_is_taken_back_returns_to_its_box(
    events: Events, service: ChatService, index: Index, tab: TabState
) -> None:
    with service._local_queue.take("another"):
        states = events.ask(QUESTION, tab, REQUEST)
        tab = next(states)["tab"]
        while "Platz 1 in der Warteschlange" not in next(states).get("draft", ""):
            pass
        events.stop(tab, REQUEST)
        last = merged(states)
    assert last["question"] == {"value": QUESTION, "submit_btn": True, "stop_btn": False}
    assert History(index.folder).turns("", tab.conversation) == []
    events.stop(tab, REQUEST)
    events.close_page(REQUEST)


def test_an_answer_goes_on_without_its_page(events: Events, service: ChatService, index: Index, tab: TabState) -> None:
    with service._local_queue.take("another"):
        states = events.ask(QUESTION, tab, REQUEST)
        tab = next(states)["tab"]
        states.close()  # type: ignore[attr-defined]
        events.close_page(REQUEST)
        again = events.handle_command(command(do="open", conversation=tab.conversation), TabState(tab.workspace), OTHER)
        assert QUESTION in shown(again)
        assert again["question"] == {"submit_btn": False, "stop_btn": True}
        (running,) = service.running(index, tab.conversation)
    assert running.wait(60)
    done = events.handle_command(command(do="refresh"), again["tab"], OTHER)
    assert "3 crowns" in shown(done)
    assert done["question"] == {"submit_btn": True, "stop_btn": False}


def test_an_answer_that_nobody_makes_any_more_says_so(events: Events, index: Index, tab: TabState) -> None:
    history = History(index.folder)
    conversation = history.begin("").id
    history.save("", conversation, Answer(QUESTION, QUESTION, state="reading"))
    opened = events.handle_command(command(do="open", conversation=conversation), tab, REQUEST)
    assert "Diese Antwort wurde unterbrochen" in shown(opened)
    assert 'value="retry"' in shown(opened)


def test_an_answer_that_another_page_makes_is_no_interrupted_one(
    events: Events, service: ChatService, index: Index, tab: TabState
) -> None:
    with service._local_queue.take("another"):
        states = events.ask(QUESTION, tab, REQUEST)
        tab = next(states)["tab"]
        second = events.ask("How long is the bridge?", tab, OTHER)
        assert "unterbrochen" not in shown(next(second))
        (failed,) = events.ask("Why?", TabState("own:gone"), Request("s3"))
        assert "Diese Sammlung gibt es nicht" in shown(failed)
    last = merged(second)
    assert History(index.folder).turns("", tab.conversation)[0].question == QUESTION
    assert "How long is the bridge?" in shown(last)


def test_while_an_answer_is_made_only_it_is_sent(events: Events, service: ChatService, tab: TabState) -> None:
    with service._local_queue.take("another"):
        states = events.ask(QUESTION, tab, REQUEST)
        begun = next(states)
        assert "conversation" in begun
        assert set(next(states)) == {"question"}
        assert set(next(states)) == {"draft", "question"}
        # Another tab looks after the same answer.
        looked = events.handle_command(command(do="refresh"), begun["tab"], OTHER)
        assert set(looked) == {"draft"}
        assert "f-working" in looked["draft"]
    last = list(states)
    assert [set(changes) for changes in last[:-2]] == [{"draft", "question"}] * (len(last) - 2)
    assert last[-1] == {"draft": "", "question": {"submit_btn": True, "stop_btn": False}}
    assert "3 crowns" in shown(last[-2])


def test_no_message_takes_back_what_the_one_before_said_of_the_box(events: Events, tab: TabState) -> None:
    """Gradio's page changes a message that still waits as the next one says."""
    said = [changes.get("question", {}) for changes in events.ask(QUESTION, tab, REQUEST)]
    assert len(said) >= 4
    for before, after in pairwise(said):
        assert isinstance(before, str) or before.keys() <= after.keys()


def test_looking_after_an_answer_changes_nothing_else_on_the_page(events: Events, tab: TabState) -> None:
    tab = asked(events, tab)
    assert set(events.handle_command(command(do="refresh"), tab, REQUEST)) == {"conversation", "state", "question"}


def test_a_document_that_was_removed_is_not_asked_about(events: Events, tab: TabState) -> None:
    last = merged(events.ask(QUESTION, replace(tab, sources=("gone.md",)), REQUEST))
    assert "3 crowns" in shown(last)


def test_an_index_that_was_deleted_meanwhile_is_said_to_be_gone(events: Events, index: Index, tab: TabState) -> None:
    tab = asked(events, tab)
    shutil.rmtree(index.folder)
    for changes in (
        events.start_new(tab, REQUEST),
        events.handle_command(command(do="refresh"), tab, REQUEST),
        *events.ask(QUESTION, tab, REQUEST),
    ):
        assert "Diese Sammlung gibt es nicht" in shown(changes)


def test_who_opens_another_conversation_is_not_brought_back(
    events: Events, service: ChatService, tab: TabState
) -> None:
    with service._local_queue.take("another"):
        states = events.ask(QUESTION, tab, REQUEST)
        asking = next(states)["tab"]
        next(states)
        assert events.start_new(asking, REQUEST)["tab"].conversation == ""
        assert list(states) == [{"draft": ""}]


def test_a_turn_is_asked_again_in_its_place(events: Events, index: Index, tab: TabState) -> None:
    tab = asked(events, tab)
    history = History(index.folder)
    (turn,) = history.turns("", tab.conversation)
    last = merged(events.ask_again(command(turn=turn.id), tab, REQUEST))
    assert last["question"] == {"submit_btn": True, "stop_btn": False}
    (again,) = history.turns("", tab.conversation)
    assert (again.question, again.versions) == (QUESTION, (turn.id, again.id))
    assert "2/2" in shown(last)
    assert list(events.ask_again("no json", tab, REQUEST)) == [NOTHING]
    other = replace(tab, conversation=history.begin("").id)
    assert list(events.ask_again(command(turn=again.id), other, REQUEST)) == [NOTHING]
    (gone,) = events.ask_again(command(turn=again.id), TabState("own:gone"), REQUEST)
    assert "Diese Sammlung gibt es nicht" in shown(gone)


def test_a_refused_question_is_answered_anyway(events: Events, index: Index, tab: TabState) -> None:
    last = merged(events.ask("Who painted ceilings?", tab, REQUEST))
    tab = last["tab"]
    history = History(index.folder)
    (refused,) = history.turns("", tab.conversation)
    assert refused.answer.abstained
    assert 'value="anyway"' in shown(last)
    list(events.ask_again(command(turn=refused.id, anyway=True), tab, REQUEST))
    (anyway,) = history.turns("", tab.conversation)
    assert (anyway.answer.abstained, anyway.answer.tentative) == (False, True)
    assert anyway.answer.citations


# -- conversations -----------------------------------------------------------------------------------------------------


def test_the_page_opens_with_the_options_that_were_saved(events: Events, service: ChatService) -> None:
    for wrong in (None, ["none"], ["none", "strict"]):
        events.open_page(wrong, REQUEST)
        assert service.options_of("").strictness == "balanced"
    opened = events.open_page(["none", "strict", 5], REQUEST)
    assert opened["conversation"] == []
    options = service.options_of("")
    assert (options.model, options.strictness, options.passages) == ("none", "strict", 5)
    events.open_page(["none", "lenient", 9], REQUEST)
    assert service.options_of("") == options, "what is kept on the server goes before what another browser has"


def test_a_conversation_is_opened_and_left_for_a_new_one(
    events: Events, gradio: Gradio, index: Index, tab: TabState
) -> None:
    tab = asked(events, tab)
    opened = events.handle_command(command(do="open", conversation=tab.conversation), TabState(tab.workspace), REQUEST)
    assert (opened["tab"], "3 crowns" in shown(opened)) == (tab, True)
    History(index.folder).rename("", tab.conversation, "Der Zoll")
    assert state_of(events.handle_command(command(do="refresh"), tab, REQUEST))["title"] == "Der Zoll"
    started = events.start_new(tab, REQUEST)
    assert (started["tab"], state_of(started)["title"]) == (TabState(tab.workspace), "")
    assert shown(events.start_new(TabState("own:gone"), REQUEST)).count("Diese Sammlung gibt es nicht") == 1
    assert gradio.warnings == []


# -- commands of the page's script -------------------------------------------------------------------------------------


def test_an_edited_turn_is_a_version_and_a_removed_one_comes_back(events: Events, index: Index, tab: TabState) -> None:
    tab = asked(events, tab)
    history = History(index.folder)
    (turn,) = history.turns("", tab.conversation)
    edited = events.handle_command(command(do="edit", turn=turn.id), tab, REQUEST)
    assert (edited["tab"].replaces, edited["question"]) == (turn.id, {"value": QUESTION})
    kept = events.handle_command(command(do="keep"), edited["tab"], REQUEST)
    assert (kept["tab"].replaces, kept["question"]) == ("", "")
    drafted = events.handle_command(command(do="keep", draft="What else?"), edited["tab"], REQUEST)
    assert drafted["question"] == "What else?"
    asked(events, edited["tab"], "How long is the bridge?")
    (changed,) = history.turns("", tab.conversation)
    assert changed.question == "How long is the bridge?"
    before = events.handle_command(command(do="version", turn=turn.id), tab, REQUEST)
    assert (QUESTION in shown(before), "1/2" in shown(before)) == (True, True)
    removed = events.handle_command(command(do="remove", turn=turn.id), tab, REQUEST)
    assert "How long is the bridge?" in shown(removed)
    assert json.dumps({"workspace": tab.workspace, "turn": turn.id}) in unescape(removed["state"])
    elsewhere = TabState(tab.workspace, history.begin("").id)
    restored = events.handle_command(command(do="restore", turn=turn.id), elsewhere, REQUEST)
    assert restored["tab"] == tab, "what is brought back is shown"
    gone = events.handle_command(command(do="restore", turn="never"), tab, REQUEST)
    assert "nicht mehr zurückholen" in shown(gone)
    assert history.turns("", tab.conversation)[0].question == QUESTION
    other = replace(tab, conversation=history.begin("").id)
    for what in ("edit", "version", "remove"):
        assert events.handle_command(command(do=what, turn=turn.id), other, REQUEST) == {}
    gone = events.handle_command(command(do="remove", turn=changed.id), TabState("own:gone"), REQUEST)
    assert "Das hat nicht geklappt" in shown(gone)


def test_commands_open_ask_only_and_refresh(events: Events, tab: TabState) -> None:
    tab = asked(events, tab)
    moved = events.handle_command(command(do="open", workspace=tab.workspace, conversation="gone"), tab, REQUEST)
    assert moved["tab"] == TabState(tab.workspace)
    assert (state_of(moved)["gone"], state_of(moved)["title"]) == ("gone", "")
    assert events.handle_command(command(do="open", workspace="own:gone"), tab, REQUEST) == {}
    only = events.handle_command(command(do="only", sources=["bridge.md", 3]), tab, REQUEST)
    assert only["tab"].sources == ("bridge.md",)
    opened = events.handle_command(
        command(do="open", workspace=tab.workspace, sources=["bridge.md", "gone"]), tab, REQUEST
    )
    assert opened["tab"].sources == ("bridge.md",)
    assert events.handle_command(command(do="only", sources="all"), tab, REQUEST)["tab"].sources == ()
    assert "3 crowns" in shown(events.handle_command(command(do="refresh"), tab, REQUEST))
    for nothing in ("", "[]", command(do="else"), command()):
        assert events.handle_command(nothing, tab, REQUEST) == {}
