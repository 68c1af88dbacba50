"""What a server remembers for a while: `rag.hosting.state`, and `rag.hosting.shared_state` on a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from rag.errors import DatabaseUnusable, UsageError
from rag.hosting import shared_state
from rag.hosting.access import Caller, OpenAccess
from rag.hosting.attempts import Attempts, Limit
from rag.hosting.gate import Gate
from rag.hosting.rate_limits import RateLimits
from rag.hosting.shared_state import DatabaseState
from rag.hosting.state import MemoryState, State, hidden_name, put, remove
from rag.hosting.users import COOKIE, Authenticator, add_user
from rag.notices import Notice
from rag.serve.errors import answer_errors as answer_programs
from tests.postgres_server import PostgresServer
from ui.server.responses import answer_errors
from ui.server.routes import sign_in
from ui.server.security import Guard

PASSWORD = "correct horse 7"


@pytest.fixture(scope="module")
def url(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture(params=["memory", "database"])
def state(request: pytest.FixtureRequest) -> Iterator[State]:
    if request.param == "memory":
        yield MemoryState()
        return
    shared = DatabaseState(request.getfixturevalue("url"))
    yield shared
    from rag.database.pool import borrowed

    with borrowed(request.getfixturevalue("url"), "footnote") as db:
        db.execute("DELETE FROM state")


def test_a_value_is_kept_changed_and_forgotten(state: State) -> None:
    assert state.get("lamp", "a") is None
    put(state, "lamp", "a", {"light": [1, "é\0", None]}, 60, "ann")
    assert state.get("lamp", "a") == {"light": [1, "é\0", None]}
    assert state.get("rope", "a") is None, "another kind"
    put(state, "lamp", "b", 2, 60, "ann")
    put(state, "lamp", "c", 3, 60, "bob")
    put(state, "lamp", "over", 4, -1, "ann")
    assert state.get("lamp", "over") is None
    assert list(state.owned("lamp", "ann")) == ["a", "b"]
    assert [list(state.owned("lamp", "ann", most)) for most in (0, 1, 5)] == [[], ["b"], ["a", "b"]]
    assert state.change("lamp", "b", lambda before: before + 1, 60, "ann") == 3
    assert state.owned("lamp", "ann")["b"] == 3
    remove(state, "lamp", "b")
    assert list(state.owned("lamp", "ann")) == ["a"]


def test_an_end_can_be_left_as_it_is(state: State) -> None:
    put(state, "lamp", "a", 1, 60)
    put(state, "lamp", "a", 2, None)
    assert state.get("lamp", "a") == 2, "a new value with the old end"
    assert abs(state.now() - state.now()) < 1


def test_a_change_that_fails_changes_nothing(state: State) -> None:
    put(state, "lamp", "a", 1, 60)

    def fails(_: object) -> None:
        raise KeyError("no")

    with pytest.raises(KeyError):
        state.change("lamp", "a", fails, 60)
    assert state.get("lamp", "a") == 1
    assert state.change("lamp", "a", lambda before: before + 1, 60) == 2, "nothing stays locked"


def test_who_changes_one_value_at_once_loses_nothing(state: State) -> None:
    def count() -> None:
        for _ in range(10):
            state.change("lamp", "count", lambda before: (before or 0) + 1, 60)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state.get("lamp", "count") == 40


def test_two_servers_count_together(url: str) -> None:
    first, second = DatabaseState(url), DatabaseState(url)
    one, other = RateLimits(3, state=first), RateLimits(3, state=second)
    assert [limits.take("bot").wait > 0 for limits in (one, other, one, other)] == [False, False, False, True]
    key = (Limit(2, 30.0, 900.0), "ann", "10.0.0.1")
    Attempts(first).note_failure([key])
    Attempts(second).note_failure([key])
    assert 25 < Attempts(first).wait([key]) <= 30
    Attempts(second).forget(key)
    assert Attempts(first).wait([key]) == 0


class Clocks(MemoryState):
    """A memory that is read by servers whose clocks differ."""

    def __init__(self, *times: float) -> None:
        super().__init__(lambda: 0.0)
        self._times = iter(times)

    def now(self) -> float:
        return next(self._times)


def test_a_server_whose_clock_is_behind_wins_no_time() -> None:
    limits = RateLimits(2, state=Clocks(100, 40, 100, 40, 130))
    assert [limits.take("bot").wait > 0 for _ in range(5)] == [False, False, True, True, False]


def test_what_is_over_is_deleted_and_a_failure_of_that_fails_nothing(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres_server.new_database()
    database, state = url.partition("@/")[2].partition("?")[0], DatabaseState(url)

    def names() -> str:
        return postgres_server.statement("SELECT string_agg(name, ',' ORDER BY name) FROM footnote.state", database)

    put(state, "lamp", "over", 1, -1)
    put(state, "lamp", "here", 1, 60)
    assert "over" in names()
    monkeypatch.setattr(shared_state, "_CLEANING_SECONDS", 0.0)
    put(state, "lamp", "here", 2, 60)
    assert ("here" in names(), "over" in names()) == (True, False)
    monkeypatch.setattr(shared_state, "_NOW", "1 / 0")
    state._clean()


def test_who_signs_in_at_one_server_is_signed_in_at_all(url: str, tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    for name in ("ann", "bob"):
        add_user(path, name, lambda _: PASSWORD)
    first, second = (Authenticator(path, state=DatabaseState(url)) for _ in range(2))
    token, other = first.sign_in("ann", PASSWORD, "10.0.0.1"), first.sign_in("bob", PASSWORD, "10.0.0.1")
    assert [second.user_of(token), second.user_of(other), second.user_of("made up")] == ["ann", "bob", None]
    second.sign_out(token)
    assert first.user_of(token) is None
    assert first.user_of(other) == "bob"
    text = path.read_text()
    path.write_text("{")
    assert second.user_of(other) is None, "nobody is signed in while the file is damaged"
    path.write_text(text)
    assert first.user_of(other) == second.user_of(other) == "bob", "and that takes the session from nobody"
    add_user(path, "bob", lambda _: "another word 8")
    assert second.user_of(other) is None, "another password ends a session everywhere"
    assert first.user_of(other) is None
    for number in range(5):
        with pytest.raises(UsageError, match="wrong"):
            (first if number % 2 else second).sign_in("ann", "a guess", "10.0.0.9")
    with pytest.raises(UsageError, match="minute"):
        first.sign_in("ann", PASSWORD, "10.0.0.9")


def test_nothing_secret_lies_in_the_database(url: str, tmp_path: Path, postgres_server: PostgresServer) -> None:
    path = tmp_path / "users.json"
    add_user(path, "ann", lambda _: PASSWORD)
    authenticator = Authenticator(path, state=DatabaseState(url))
    token = authenticator.sign_in("ann", PASSWORD, "10.0.0.1")
    with pytest.raises(UsageError):
        authenticator.sign_in("my secret as a name", PASSWORD, "10.0.0.1")
    database = url.partition("@/")[2].partition("?")[0]
    kept = postgres_server.statement("SELECT * FROM footnote.state", database)
    assert hidden_name(token) in kept
    for secret in (token, PASSWORD, "my secret as a name", "argon2id"):
        assert secret not in kept


def test_a_database_of_a_later_version_is_left_alone(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_database()
    DatabaseState(url)
    database = url.partition("@/")[2].partition("?")[0]
    postgres_server.statement("UPDATE footnote.format SET number = 9", database)
    with pytest.raises(DatabaseUnusable, match="format 9"):
        DatabaseState(url)


def test_what_an_earlier_version_remembered_is_forgotten(postgres_server: PostgresServer) -> None:
    url = postgres_server.new_database()
    put(DatabaseState(url), "lamp", "a", 1, 60)
    assert DatabaseState(url).get("lamp", "a") == 1, "the same version goes on with it"
    postgres_server.statement("UPDATE footnote.format SET number = 1", url.partition("@/")[2].partition("?")[0])
    assert DatabaseState(url).get("lamp", "a") is None
    assert DatabaseState(url).change("lamp", "a", lambda _: 2, 60) == 2


def test_servers_that_start_at_once_make_one_table(postgres_server: PostgresServer) -> None:
    url, failed = postgres_server.new_database(), []

    def start() -> None:
        try:
            DatabaseState(url)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_while_the_database_is_away_each_call_says_so(tmp_path: Path) -> None:
    def away() -> Any:
        raise DatabaseUnusable(Notice("database-silent", {"database": "postgresql://db/team", "cause": "no route"}))

    class Away(MemoryState):
        def get(self, kind: str, name: str) -> Any:
            return away()

        def change(self, *_: object) -> Any:  # type: ignore[override]
            return away()

    users = tmp_path / "users.json"
    add_user(users, "ann", lambda _: PASSWORD)

    class Bots(OpenAccess):
        def caller_of(self, headers: Mapping[str, str], address: str) -> Caller:
            return Caller("bot")

    limits = RateLimits(3)
    limits.is_shared = True
    limits.take = lambda *_: away()  # type: ignore[assignment, method-assign]
    refused = TestClient(Gate(PlainTextResponse("in"), Bots(), limits)).get("/v1/models")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "shared-state-away")
    assert refused.headers["retry-after"]
    chat = TestClient(Guard(PlainTextResponse("in"), lambda _: away(), False, True), cookies={COOKIE: "a token"})
    turned_away = chat.get("/i/workspaces")
    assert turned_away.status_code == 503
    assert "cannot use its database" in turned_away.json()["error"]
    programs = FastAPI()
    answer_programs(programs)
    programs.add_api_route("/v1/lamps", away)
    called = TestClient(programs).get("/v1/lamps")
    assert (called.status_code, called.json()["error"]["code"]) == (503, "shared-state-away")
    page = FastAPI()
    answer_errors(page)
    page.include_router(sign_in.router)
    page.add_api_route("/i/lamps", away)
    page.state.authenticator = Authenticator(users, state=Away())
    people = TestClient(page, cookies={COOKIE: "a token"})
    said = people.post("/sign-in", data={"name": "ann", "password": PASSWORD}), people.post("/sign-out")
    asked = people.get("/i/lamps")
    for told in (*said, asked):
        assert (told.status_code, "cannot use its database" in told.text) == (503, True)
    for told in (refused, turned_away, called, *said, asked):
        assert "db/team" not in told.text, "a stranger does not learn where it is"
    assert (
        "nicht benutzen; versuchen Sie" in chat.get("/i/workspaces", headers={"accept-language": "de"}).json()["error"]
    )
