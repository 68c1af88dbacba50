"""Questions that the documents did not answer: `rag.store.catalog.unanswered`, `ui.server.routes.unanswered`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rag.hosting.bind_address import BindAddress
from rag.hosting.users import Authenticator, add_user
from rag.ingestion.pipeline import ingest
from rag.ingestion.rebuild import rebuild
from rag.settings import Settings
from rag.store.catalog import History, UnansweredQuestions
from rag.store.index import Index, open_index
from rag.types import Answer
from tests.conftest import LIBRARY, write_files
from tests.fakes import WordEncoder
from ui.server.app import make_app, make_service

PASSWORD = "correct horse 7"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    write_files(tmp_path / "library", LIBRARY)
    settings = Settings(home=tmp_path / "home", llm="none", threads=1)
    with open_index("default", settings=settings, create=True, encoder=WordEncoder()) as opened:
        ingest(opened, [tmp_path / "library"])
        yield opened


def ask(
    index: Index, question: str, user: str = "", *, conversation: str = "", after: str | None = None, **fields: bool
) -> str:
    """Store an answer; returns the id of its turn."""
    history = History(index.folder)
    conversation = conversation or history.begin(user).id
    return history.save(user, conversation, Answer(question, question, "…", **fields), after=after).id  # type: ignore[arg-type]


def listed(index: Index) -> list[tuple[str, int, int, int]]:
    questions = UnansweredQuestions(index.folder).questions()
    return [(one.question, one.refused, one.tentative, one.disliked) for one in questions]


def test_nothing_is_listed_before_the_switch_is_turned_on(index: Index) -> None:
    list_ = UnansweredQuestions(index.folder)
    ask(index, "What is the weather?", abstained=True)
    assert (list_.since(), list_.questions()) == ("", [])
    list_.switch(True)
    assert list_.since()
    assert list_.questions() == [], "what was asked before is nobody's business"
    ask(index, "Who is the mayor?", abstained=True)
    assert listed(index) == [("Who is the mayor?", 1, 0, 0)]
    since = list_.since()
    list_.switch(True)
    assert list_.since() == since
    list_.switch(False)
    assert (list_.since(), list_.questions()) == ("", [])
    list_.switch(True)
    assert list_.questions() == [], "nor what was asked while it was off, or before"


def test_equal_questions_are_one_and_each_is_counted_by_what_became_of_it(index: Index) -> None:
    UnansweredQuestions(index.folder).switch(True)
    ask(index, "Who is the mayor?", abstained=True)
    ask(index, "Who is the Mayor", tentative=True)
    ask(index, " who is  the mayor?! ", "", abstained=True)
    disliked = ask(index, "What is the toll?")
    History(index.folder).rate("", disliked, "down")
    liked = ask(index, "How long is the bridge?")
    History(index.folder).rate("", liked, "up")
    ask(index, "How wide is it?")
    assert listed(index) == [(" who is  the mayor?! ", 2, 1, 0), ("What is the toll?", 0, 0, 1)]


def test_what_was_asked_again_with_success_is_not_listed(index: Index) -> None:
    UnansweredQuestions(index.folder).switch(True)
    history = History(index.folder)
    conversation = history.begin("").id
    ask(index, "Who is the mayor?", conversation=conversation, abstained=True, after="")
    assert len(listed(index)) == 1
    ask(index, "Who is the mayor?", conversation=conversation, after="")
    assert listed(index) == []


def test_what_was_taken_away_or_is_not_done_does_not_count(index: Index) -> None:
    UnansweredQuestions(index.folder).switch(True)
    history = History(index.folder)
    conversation = history.begin("").id
    turn = ask(index, "Who is the mayor?", conversation=conversation, abstained=True)
    history.remove_turn("", turn)
    assert listed(index) == []
    history.restore_turn("", turn)
    assert len(listed(index)) == 1
    history.remove("", conversation)
    assert listed(index) == []
    other = history.begin("").id
    history.save("", other, Answer("Why?", "Why?", abstained=True, state="searching"))
    assert listed(index) == []


def test_it_is_emptied_and_that_is_undone(index: Index) -> None:
    list_ = UnansweredQuestions(index.folder)
    list_.empty()
    assert not list_.since(), "what is off stays off"
    list_.switch(True)
    ask(index, "Who is the mayor?", abstained=True)
    assert not list_.restore(), "nothing was emptied yet"
    list_.empty()
    assert listed(index) == []
    assert list_.restore()
    assert len(listed(index)) == 1
    list_.empty()
    list_.switch(False)
    list_.switch(True)
    assert not list_.restore(), "turned off and on again, nothing comes back"


def test_the_switch_survives_a_rebuild(index: Index, tmp_path: Path) -> None:
    UnansweredQuestions(index.folder).switch(True)
    ask(index, "Who is the mayor?", abstained=True)
    rebuild("default", [tmp_path / "library"], index.settings)
    assert listed(index) == [("Who is the mayor?", 1, 0, 0)]


# -- the routes --------------------------------------------------------------------------------------------------------


@pytest.fixture
def people(index: Index, tmp_path: Path) -> Iterator[dict[str, TestClient]]:
    """Ann is the operator; Bob asks."""
    users = tmp_path / "users.json"
    for name in ("ann", "bob"):
        add_user(users, name, lambda prompt: PASSWORD)
    service = make_service(index, with_users=True)
    service.prepare()
    app = make_app(service, BindAddress(auth=users), Authenticator(users))
    with TestClient(app, base_url="http://127.0.0.1:7860"):
        clients = {}
        for name in ("ann", "bob"):
            clients[name] = TestClient(app, base_url="http://127.0.0.1:7860")
            clients[name].post("/sign-in", data={"name": name, "password": PASSWORD}, follow_redirects=False)
        yield clients
    service.close()


def test_only_the_operator_sees_what_others_asked_and_without_their_names(
    people: dict[str, TestClient], index: Index
) -> None:
    path = "/i/shared:default/unanswered"
    for method, rest, body in (
        ("GET", "", None), ("PUT", "", {"on": True}), ("DELETE", "", None), ("POST", "/restore", {}),
        ("GET", ".csv", None),
    ):  # fmt: skip
        assert people["bob"].request(method, path + rest, json=body).status_code == 403, (method, rest)
    assert not UnansweredQuestions(index.folder).since()
    view = people["bob"].get("/i/settings/view", params={"workspace": "shared:default"}).text
    assert "are not listed for anyone" in view
    assert people["ann"].put(path, json={"on": "yes"}).status_code == 400
    assert people["ann"].put(path, json={"on": True}).status_code == 200
    ask(index, "Is <b>Bob</b> paid?", "bob", abstained=True)
    view = people["bob"].get("/i/settings/view", params={"workspace": "shared:default"}).text
    assert "are listed for whoever looks after it, without your name" in view
    assert "paid" not in view
    page = people["ann"].get(path).text
    assert "Is &lt;b&gt;Bob&lt;/b&gt; paid?" in page
    assert "bob" not in re.sub("Bob", "", page)


def test_everybody_is_told_below_their_question(people: dict[str, TestClient], index: Index) -> None:
    service = make_service(index, with_users=True)
    assert not service.lists_unanswered("bob", "shared:default")
    UnansweredQuestions(index.folder).switch(True)
    assert service.lists_unanswered("bob", "shared:default")
    assert not service.lists_unanswered("bob", "own:none")
    service.close()


def test_an_own_collection_is_its_owners(people: dict[str, TestClient]) -> None:
    people["bob"].post("/i/workspaces/new", json={"name": "notes"})
    assert people["bob"].put("/i/own:notes/unanswered", json={"on": True}).status_code == 200
    assert people["ann"].get("/i/own:notes/unanswered").status_code == 404, "the operator has no such collection"


def test_the_csv_file_is_inert(people: dict[str, TestClient], index: Index) -> None:
    people["ann"].put("/i/shared:default/unanswered", json={"on": True})
    ask(index, '=HYPERLINK("http://evil.example")', abstained=True)
    ask(index, "Wie hoch ist der Zoll für LKW?", tentative=True)
    response = people["ann"].get("/i/shared:default/unanswered.csv", headers={"Footnote-Language": "de"})
    assert response.headers["content-disposition"] == 'attachment; filename="footnote-questions.csv"'
    head, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert head[:2] == ["Frage", "Gestellt"]
    assert [row[:4] for row in rows] == [
        ["Wie hoch ist der Zoll für LKW?", "1", "0", "1"],
        ['\'=HYPERLINK("http://evil.example")', "1", "1", "0"],
    ]
