"""Names, passwords, attempts and sessions: `ui.service.users`."""

from __future__ import annotations

import json
import stat
import statistics
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

import ui.service.users
from rag.errors import UsageError
from ui.service.users import COOKIE, Authenticator, add_user

WORDS = "correct horse"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weak parameters, so that a hundred attempts take no minute."""
    monkeypatch.setattr(ui.service.users, "_N", 16)
    monkeypatch.setattr(ui.service.users, "_P", 1)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def says(*answers: str) -> Callable[[str], str]:
    """Answers prompts in turn."""
    left = list(answers)
    return lambda _: left.pop(0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "keys" / "users.json"
    add_user(found, "anna", says(WORDS, WORDS))
    add_user(found, "ben", says("another word", "another word"))
    return found


# -- the file ----------------------------------------------------------------------------------------------------------


def test_the_file_holds_salted_hashes_and_is_the_owners_alone(path: Path) -> None:
    add_user(path, "cleo", says(WORDS, WORDS))
    assert WORDS not in path.read_text()
    users = json.loads(path.read_text())["users"]
    assert list(users) == ["anna", "ben", "cleo"]
    assert users["anna"]["hash"] != users["cleo"]["hash"], "two users with one password have two hashes"
    assert {entry["algorithm"] for entry in users.values()} == {"scrypt"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in path.parent.iterdir() if not found.name.endswith(".lock")] == ["users.json"]


def test_the_parameters_that_users_get(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    add_user(tmp_path / "u", "anna", says(WORDS, WORDS))
    entry = json.loads((tmp_path / "u").read_text())["users"]["anna"]
    assert (entry["n"], entry["r"], entry["p"]) == (32768, 8, 3)
    assert Authenticator(tmp_path / "u").enter("anna", WORDS, "here")


def test_a_user_is_new_once_and_then_has_another_password(path: Path) -> None:
    assert add_user(path, "dora", says(WORDS, WORDS))
    assert not add_user(path, "dora", says("a new secret", "a new secret"))
    door = Authenticator(path)
    assert door.enter("dora", "a new secret", "here")
    with pytest.raises(UsageError, match="wrong"):
        door.enter("dora", WORDS, "here")


@pytest.mark.parametrize("name", ["", "Anna", "../anna", "a b", "a" * 33, ".anna", "anna\n", "ännä"])
def test_names_that_cannot_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a user's name"):
        add_user(tmp_path / "u", name, says())
    assert not (tmp_path / "u").exists()


@pytest.mark.parametrize(
    ("answers", "words"),
    [(("short",), "8 to 1024"), (("x" * 1025,), "8 to 1024"), ((WORDS, WORDS + "!"), "differ")],
)
def test_passwords_that_are_refused_change_nothing(path: Path, answers: tuple[str, ...], words: str) -> None:
    before = path.read_text()
    with pytest.raises(UsageError, match=words):
        add_user(path, "anna", says(*answers))
    assert path.read_text() == before


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        '{"users": []}',
        '{"users": {"anna": "secret"}}',
        '{"users": {"anna": {"algorithm": "md5", "n": 16, "r": 8, "p": 1, "salt": "00", "hash": "00"}}}',
        '{"users": {"anna": {"algorithm": "scrypt", "n": 1099511627776, "r": 8, "p": 1, '
        f'"salt": "{"00" * 16}", "hash": "{"00" * 32}"}}}}}}',
        "[" * 100_000,
    ],
)
def test_a_broken_file_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "u"
    path.write_text(content)
    with pytest.raises(UsageError, match="is damaged; restore"):
        Authenticator(path)
    with pytest.raises(UsageError, match="is damaged; restore"):
        add_user(path, "anna", says(WORDS, WORDS))
    assert path.read_text() == content


def test_no_file_and_nobody_in_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--add-user NAME"):
        Authenticator(tmp_path / "none")
    (tmp_path / "empty").write_text('{"version": 1, "users": {}}')
    with pytest.raises(UsageError, match="names nobody; add one"):
        Authenticator(tmp_path / "empty")
    (tmp_path / "wrong").write_text((tmp_path / "empty").read_text())
    add_user(tmp_path / "wrong", "anna", says(WORDS, WORDS))
    (tmp_path / "wrong").write_text((tmp_path / "wrong").read_text().replace('"anna"', '"../anna"'))
    with pytest.raises(UsageError, match="cannot be one; take it out"):
        Authenticator(tmp_path / "wrong")


# -- coming in ---------------------------------------------------------------------------------------------------------


def test_the_right_password_opens_a_session_of_its_own(path: Path) -> None:
    door = Authenticator(path)
    anna, again, ben = (
        door.enter("anna", WORDS, "here"),
        door.enter(" Anna ", WORDS, "here"),
        door.enter("ben", "another word", "here"),
    )
    assert len({anna, again, ben}) == 3
    assert min(map(len, (anna, again, ben))) >= 40
    assert [door.user_of(token) for token in (anna, again, ben)] == ["anna", "anna", "ben"]
    door.leave(anna)
    assert [door.user_of(token) for token in (anna, again, ben)] == [None, "anna", "ben"]


@pytest.mark.parametrize("token", [None, "", "x", "\ud800", "a" * 10_000])
def test_tokens_that_nobody_gave(path: Path, token: str | None) -> None:
    door = Authenticator(path)
    door.enter("anna", WORDS, "here")
    assert door.user_of(token) is None
    door.leave(token)


def test_a_session_ends(path: Path) -> None:
    clock = Clock()
    door = Authenticator(path, lifetime=60, clock=clock)
    token = door.enter("anna", WORDS, "here")
    clock.now += 59
    assert door.user_of(token) == "anna"
    clock.now += 2
    assert door.user_of(token) is None


def test_who_is_taken_out_of_the_file_is_out_at_once(path: Path) -> None:
    door = Authenticator(path)
    anna, ben = door.enter("anna", WORDS, "here"), door.enter("ben", "another word", "here")
    users = json.loads(path.read_text())
    del users["users"]["ben"]
    path.write_text(json.dumps(users))
    assert (door.user_of(anna), door.user_of(ben)) == ("anna", None)
    add_user(path, "anna", says("a new secret", "a new secret"))
    assert door.user_of(anna) is None, "another password ends the sessions of the old one"
    path.write_text("broken")
    with pytest.raises(UsageError, match="wrong"):
        door.enter("anna", "a new secret", "here")


def test_a_wrong_name_and_a_wrong_password_look_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.service.users, "_N", 1 << 13)
    add_user(path, "anna", says(WORDS, WORDS))
    monkeypatch.setattr(ui.service.users, "_FREE_ATTEMPTS", 100)
    door = Authenticator(path)

    def attempt(name: str) -> tuple[str, float]:
        started = time.perf_counter()
        with pytest.raises(UsageError) as refused:
            door.enter(name, "not the word", "here")
        return str(refused.value), time.perf_counter() - started

    wrong, unknown = [attempt("anna") for _ in range(12)], [attempt("nobody") for _ in range(12)]
    assert {text for text, _ in wrong + unknown} == {"The name or the password is wrong; try again."}
    slower, faster = sorted((statistics.median(t for _, t in wrong), statistics.median(t for _, t in unknown)))[::-1]
    assert slower < 3 * faster


def test_attempts_are_slowed_down_by_name_whatever_the_address(path: Path) -> None:
    clock = Clock()
    door = Authenticator(path, clock=clock)
    for number in range(5):
        with pytest.raises(UsageError, match="is wrong"):
            door.enter("anna", "guess", f"10.0.0.{number}")
    with pytest.raises(UsageError, match="too many attempts; try again in a minute"):
        door.enter("anna", WORDS, "10.0.0.99")
    assert door.enter("ben", "another word", "10.0.0.99"), "another user is not kept out"
    clock.now += 31
    assert door.enter("anna", WORDS, "10.0.0.99")
    with pytest.raises(UsageError, match="is wrong"):
        door.enter("anna", "guess", "10.0.0.98")


def test_attempts_are_slowed_down_by_address_and_the_delay_grows(path: Path) -> None:
    clock = Clock()
    door = Authenticator(path, clock=clock)
    delays: list[float] = []
    for number in range(12):
        while True:
            try:
                door.enter(f"name{number}", "guess", "10.0.0.1")
            except UsageError as refused:
                if "is wrong" in str(refused):
                    break
            clock.now += 10
        delays.append(clock.now)
    waits = [later - earlier for earlier, later in pairwise(delays)]
    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:8] == [30, 60, 120, 240]
    assert max(waits) == 900
    with pytest.raises(UsageError, match="try again in 15 minutes"):
        door.enter("ben", "another word", "10.0.0.1")
    assert door.enter("ben", "another word", "10.0.0.2")
    clock.now += 3600 + 900
    with pytest.raises(UsageError, match="is wrong"):
        door.enter("name", "guess", "10.0.0.1")
    assert door.enter("ben", "another word", "10.0.0.1"), "an hour of peace is forgiven"


def test_memory_is_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.service.users, "_MOST_KEPT", 20)
    door = Authenticator(path)
    first = door.enter("anna", WORDS, "here")
    for number in range(50):
        with pytest.raises(UsageError):
            door.enter(f"name{number}", "guess", f"10.0.0.{number}")
        door.enter("ben", "another word", "there")
    assert len(door._attempts) <= 20
    assert len(door._sessions) <= 20
    assert door.user_of(first) is None


def test_the_cookie(path: Path) -> None:
    door = Authenticator(path, lifetime=60)
    token = door.enter("anna", WORDS, "here")
    assert door.cookie(token, secure=True) == (
        f"{COOKIE}={token}; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure"
    )
    assert door.cookie("", secure=False) == f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
