"""Names, passwords, attempts and sessions: `rag.hosting.users`, `rag.hosting.passwords`."""

from __future__ import annotations

import hashlib
import json
import stat
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from filelock import FileLock
from typer.testing import CliRunner

import rag.hosting.kept_text
import rag.hosting.passwords
import rag.hosting.users
from rag.cli.app import app
from rag.errors import UsageError
from rag.hosting.passwords import parse_hash
from rag.hosting.state import MemoryState
from rag.hosting.users import COOKIE, Authenticator, Limit, add_user, operators, set_operator

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weak parameters, so that a hundred attempts take no minute."""
    monkeypatch.setattr(rag.hosting.passwords, "_HASHER", PasswordHasher(memory_cost=8, time_cost=1, parallelism=1))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def scrypt_entry(password: str, n: int = 16, r: int = 8, p: int = 1) -> dict[str, object]:
    """An entry as earlier versions of the program wrote it."""
    salt = b"0123456789abcdef"
    digest = hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=32)
    return {"algorithm": "scrypt", "n": n, "r": r, "p": p, "salt": salt.hex(), "hash": digest.hex()}


def entries(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text())["users"])


def set_entries(path: Path, **changed: dict[str, object]) -> None:
    path.write_text(json.dumps({"version": 1, "users": entries(path) | changed}))


def says(*answers: str) -> Callable[[str], str]:
    """Answers prompts in turn."""
    left = list(answers)
    return lambda _: left.pop(0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "keys" / "users.json"
    add_user(file, "anna", says(PASSWORD, PASSWORD))
    add_user(file, "ben", says("another word", "another word"))
    return file


# -- the file ----------------------------------------------------------------------------------------------------------


def test_the_file_holds_salted_hashes_and_is_the_owners_alone(path: Path) -> None:
    add_user(path, "cleo", says(PASSWORD, PASSWORD))
    assert PASSWORD not in path.read_text()
    users = entries(path)
    assert list(users) == ["anna", "ben", "cleo"]
    assert users["anna"]["hash"] != users["cleo"]["hash"], "two users with one password have two hashes"
    assert {entry["algorithm"] for entry in users.values()} == {"argon2id"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir() if file.suffix != ".lock"] == ["users.json"]


def test_the_parameters_that_users_get(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    add_user(tmp_path / "u", "anna", says(PASSWORD, PASSWORD))
    entry = entries(tmp_path / "u")["anna"]
    assert entry["algorithm"] == "argon2id"
    assert entry["hash"].startswith("$argon2id$v=19$m=47104,t=2,p=1$")
    assert Authenticator(tmp_path / "u").sign_in("anna", PASSWORD, "here")


def test_a_user_is_new_once_and_then_has_another_password(path: Path) -> None:
    assert add_user(path, "dora", says(PASSWORD, PASSWORD))
    assert not add_user(path, "dora", says("a new secret", "a new secret"))
    authenticator = Authenticator(path)
    assert authenticator.sign_in("dora", "a new secret", "here")
    with pytest.raises(UsageError, match="wrong"):
        authenticator.sign_in("dora", PASSWORD, "here")


@pytest.mark.parametrize("name", ["", "Anna", "../anna", "a b", "a" * 33, ".anna", "anna\n", "ännä"])
def test_names_that_cannot_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a user's name"):
        add_user(tmp_path / "u", name, says())
    assert not (tmp_path / "u").exists()


@pytest.mark.parametrize(
    ("answers", "words"),
    [(("short",), "8 to 1024"), (("x" * 1025,), "8 to 1024"), ((PASSWORD, PASSWORD + "!"), "differ")],
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
        '{"users": {"anna": {}}}',
        '{"users": {"anna": {"algorithm": "md5", "n": 16, "r": 8, "p": 1, "salt": "00", "hash": "00"}}}',
        '{"users": {"anna": {"algorithm": "scrypt", "n": 1099511627776, "r": 8, "p": 1, '
        f'"salt": "{"00" * 16}", "hash": "{"00" * 32}"}}}}}}',
        *(
            f'{{"users": {{"anna": {{"algorithm": "argon2id", "hash": "{hash_}"}}}}}}'
            for hash_ in (
                "secret",
                "$argon2i$v=19$m=47104,t=2,p=1$c2FsdHNhbHQ$ZGlnZXN0ZGlnZXN0ZGlnZXN0",
                "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$ZGlnZXN0ZGlnZXN0ZGlnZXN0",
                "$argon2id$v=19$m=47104,t=99,p=1$c2FsdHNhbHQ$ZGlnZXN0ZGlnZXN0ZGlnZXN0",
                "$argon2id$v=19$m=47104,t=2,p=99$c2FsdHNhbHQ$ZGlnZXN0ZGlnZXN0ZGlnZXN0",
                "$argon2id$v=19$m=47104,t=2,p=1$c2FsdA$ZGlnZXN0ZGlnZXN0ZGlnZXN0",
                "$argon2id$v=19$m=47104,t=2,p=1$c2FsdHNhbHQ$ZGlnZXN0",
            )
        ),
        "[" * 100_000,
    ],
)
def test_a_broken_file_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "u"
    path.write_text(content)
    with pytest.raises(UsageError, match="is damaged; restore"):
        Authenticator(path)
    with pytest.raises(UsageError, match="is damaged; restore"):
        add_user(path, "anna", says(PASSWORD, PASSWORD))
    assert path.read_text() == content


def test_no_file_and_nobody_in_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--add-user NAME"):
        Authenticator(tmp_path / "none")
    (tmp_path / "empty").write_text('{"version": 1, "users": {}}')
    with pytest.raises(UsageError, match="names nobody; add one"):
        Authenticator(tmp_path / "empty")
    (tmp_path / "wrong").write_text((tmp_path / "empty").read_text())
    add_user(tmp_path / "wrong", "anna", says(PASSWORD, PASSWORD))
    (tmp_path / "wrong").write_text((tmp_path / "wrong").read_text().replace('"anna"', '"../anna"'))
    with pytest.raises(UsageError, match="cannot be one; take it out"):
        Authenticator(tmp_path / "wrong")


# -- operators ---------------------------------------------------------------------------------------------------------


def test_the_first_user_of_a_new_file_is_its_operator(path: Path) -> None:
    assert operators(path) == {"anna"}
    authenticator = Authenticator(path)
    assert authenticator.is_operator("anna")
    assert not any(authenticator.is_operator(name) for name in ("ben", "cleo", "", "Anna"))
    add_user(path, "anna", says("a new secret", "a new secret"))
    assert operators(path) == {"anna"}, "another password changes nothing about that"


def test_a_file_of_an_earlier_version_names_no_operator_until_somebody_does(path: Path) -> None:
    old = json.loads(path.read_text())
    del old["operators"]
    path.write_text(json.dumps(old))
    authenticator = Authenticator(path)
    assert authenticator.sign_in("anna", PASSWORD, "here")
    assert not authenticator.is_operator("anna")
    add_user(path, "cleo", says(PASSWORD, PASSWORD))
    assert operators(path) == set(), "whoever comes later is none by that"
    set_operator(path, "ben", True)
    assert authenticator.is_operator("ben"), "without signing in again"
    set_operator(path, "cleo", True)
    set_operator(path, "ben", False)
    assert operators(path) == {"cleo"}
    with pytest.raises(UsageError, match="has no 'dora'"):
        set_operator(path, "dora", True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_command_line_names_operators(path: Path) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["chat", *arguments])
        assert (result.exception is None) == (result.exit_code == 0)
        return result.stdout if result.exception is None else str(result.exception)

    assert run("--auth", str(path), "--operator", "ben") == f"ben is an operator in {path}\n"
    assert operators(path) == {"anna", "ben"}
    assert run("--auth", str(path), "--no-operator", "anna") == f"anna is no operator in {path}\n"
    assert operators(path) == {"ben"}
    assert "add --auth FILE" in run("--operator", "ben")


def test_the_upgrade_of_a_hash_keeps_the_operators(path: Path) -> None:
    content = json.loads(path.read_text())
    content["users"]["ben"] = scrypt_entry("another word")
    path.write_text(json.dumps(content))
    assert Authenticator(path).sign_in("ben", "another word", "here")
    assert entries(path)["ben"]["algorithm"] == "argon2id"
    assert operators(path) == {"anna"}


@pytest.mark.parametrize("wrong", [{"anna": True}, "anna", [1]])
def test_operators_of_another_form_damage_the_file(path: Path, wrong: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), "operators": wrong}))
    with pytest.raises(UsageError, match="is damaged; restore"):
        Authenticator(path)


def test_who_is_no_user_is_no_operator(path: Path) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), "operators": ["anna", "mallory"]}))
    assert operators(path) == {"anna"}
    path.write_text("broken")
    assert not Authenticator.is_operator(_with_file(path), "anna")


def _with_file(path: Path) -> Authenticator:
    """An authenticator whose file was damaged after it had been read."""
    whole = path.with_name("whole.json")
    add_user(whole, "anna", says(PASSWORD, PASSWORD))
    authenticator = Authenticator(whole)
    whole.write_text(path.read_text())
    return authenticator


# -- hashes of earlier versions ----------------------------------------------------------------------------------------


def test_an_scrypt_hash_lets_its_user_in_and_becomes_argon2id(path: Path) -> None:
    set_entries(path, anna=scrypt_entry(PASSWORD))
    before = entries(path)
    authenticator = Authenticator(path)
    with pytest.raises(UsageError, match="wrong"):
        authenticator.sign_in("anna", "not the word", "here")
    assert entries(path) == before, "a wrong password changes nothing"
    token = authenticator.sign_in("anna", PASSWORD, "here")
    assert entries(path)["anna"]["algorithm"] == "argon2id"
    assert entries(path)["ben"] == before["ben"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert authenticator.user_of(token) == "anna"
    upgraded = path.read_text()
    assert authenticator.sign_in("anna", PASSWORD, "here")
    assert Authenticator(path).sign_in("anna", PASSWORD, "here")
    assert path.read_text() == upgraded, "once is enough"
    with pytest.raises(UsageError, match="wrong"):
        Authenticator(path).sign_in("anna", "not the word", "here")


def test_the_hash_of_a_sharper_version_replaces_a_weaker_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weaker = entries(path)["anna"]
    monkeypatch.setattr(rag.hosting.passwords, "_HASHER", PasswordHasher(memory_cost=16, time_cost=1, parallelism=1))
    assert Authenticator(path).sign_in("anna", PASSWORD, "here")
    assert "$m=16,t=1,p=1$" in entries(path)["anna"]["hash"] != weaker["hash"]


def test_a_session_outlives_the_upgrade_of_its_hash(path: Path) -> None:
    """The first sign-in cannot write, because somebody else writes just then; the second one can."""
    set_entries(path, anna=scrypt_entry(PASSWORD))
    authenticator = Authenticator(path)
    with FileLock(path.with_name("users.json.lock")):
        first = authenticator.sign_in("anna", PASSWORD, "here")
    assert entries(path)["anna"]["algorithm"] == "scrypt"
    second = authenticator.sign_in("anna", PASSWORD, "here")
    assert entries(path)["anna"]["algorithm"] == "argon2id"
    assert [authenticator.user_of(token) for token in (first, second)] == ["anna", "anna"]
    add_user(path, "anna", says("a new secret", "a new secret"))
    assert [authenticator.user_of(token) for token in (first, second)] == [None, None]


def test_a_file_that_cannot_be_written_goes_on_working(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_entries(path, anna=scrypt_entry(PASSWORD))
    before = path.read_text()
    authenticator = Authenticator(path)

    def signs_in() -> bool:
        token = authenticator.sign_in("anna", PASSWORD, "here")
        return authenticator.user_of(token) == "anna" and path.read_text() == before

    path.with_name("users.json.lock").unlink()
    path.with_name("users.json.lock").mkdir()
    assert signs_in(), "the folder takes no lock"
    path.with_name("users.json.lock").rmdir()
    path.chmod(0o400)
    # The superuser may write it all the same.
    monkeypatch.setattr(rag.hosting.kept_text.os, "access", lambda file, mode: file != path)
    assert signs_in(), "the file is read only"


def test_a_name_without_a_user_takes_as_long_as_some_users_hash(path: Path) -> None:
    set_entries(path, anna=scrypt_entry(PASSWORD))
    authenticator = Authenticator(path)
    hashes = {name: parse_hash(entry) for name, entry in entries(path).items()}
    names = [f"name{number}" for number in range(64)]
    stand_ins = [authenticator._stand_in(name, hashes) for name in names]
    assert set(stand_ins) == set(hashes.values()), "hashes of both kinds, as the users have them"
    assert stand_ins == [authenticator._stand_in(name, hashes) for name in names], "the same one each time"
    assert authenticator._stand_in("name", {}), "also while the file cannot be read"


# -- signing in --------------------------------------------------------------------------------------------------------


def test_the_right_password_opens_a_session_of_its_own(path: Path) -> None:
    authenticator = Authenticator(path)
    anna, again, ben = (
        authenticator.sign_in("anna", PASSWORD, "here"),
        authenticator.sign_in(" Anna ", PASSWORD, "here"),
        authenticator.sign_in("ben", "another word", "here"),
    )
    assert len({anna, again, ben}) == 3
    assert min(map(len, (anna, again, ben))) >= 40
    assert [authenticator.user_of(token) for token in (anna, again, ben)] == ["anna", "anna", "ben"]
    authenticator.sign_out(anna)
    assert [authenticator.user_of(token) for token in (anna, again, ben)] == [None, "anna", "ben"]


@pytest.mark.parametrize("token", [None, "", "x", "\ud800", "a" * 10_000])
def test_tokens_that_nobody_gave(path: Path, token: str | None) -> None:
    authenticator = Authenticator(path)
    authenticator.sign_in("anna", PASSWORD, "here")
    assert authenticator.user_of(token) is None
    authenticator.sign_out(token)


def test_a_session_ends(path: Path) -> None:
    clock = Clock()
    authenticator = Authenticator(path, lifetime=60, clock=clock)
    token = authenticator.sign_in("anna", PASSWORD, "here")
    clock.now += 59
    assert authenticator.user_of(token) == "anna"
    clock.now += 2
    assert authenticator.user_of(token) is None


def test_who_is_taken_out_of_the_file_is_out_at_once(path: Path) -> None:
    authenticator = Authenticator(path)
    anna, ben = authenticator.sign_in("anna", PASSWORD, "here"), authenticator.sign_in("ben", "another word", "here")
    users = json.loads(path.read_text())
    del users["users"]["ben"]
    path.write_text(json.dumps(users))
    assert (authenticator.user_of(anna), authenticator.user_of(ben)) == ("anna", None)
    add_user(path, "anna", says("a new secret", "a new secret"))
    assert authenticator.user_of(anna) is None, "another password ends the sessions of the old one"
    path.write_text("broken")
    with pytest.raises(UsageError, match="wrong"):
        authenticator.sign_in("anna", "a new secret", "here")


@pytest.mark.parametrize("algorithm", ["argon2id", "scrypt"])
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    path: Path, algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if algorithm == "scrypt":
        set_entries(path, **{name: scrypt_entry(PASSWORD, n=1 << 13) for name in ("anna", "ben")})
    else:
        hasher = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
        monkeypatch.setattr(rag.hosting.passwords, "_HASHER", hasher)
        for name in ("anna", "ben"):
            add_user(path, name, says(PASSWORD, PASSWORD))
    for limit in ("_PAIR", "_NAME", "_ADDRESS"):
        monkeypatch.setattr(rag.hosting.users, limit, Limit(100, 0, 0))
    authenticator = Authenticator(path)

    def attempt(name: str) -> tuple[str, float]:
        started = time.thread_time()
        with pytest.raises(UsageError) as refused:
            authenticator.sign_in(name, "not the word", "here")
        return str(refused.value), time.thread_time() - started

    wrong, unknown = [attempt("anna") for _ in range(12)], [attempt("nobody") for _ in range(12)]
    assert {text for text, _ in wrong + unknown} == {"The name or the password is wrong; try again."}
    slower, faster = sorted((min(t for _, t in wrong), min(t for _, t in unknown)))[::-1]
    assert slower < 3 * faster


def guess(authenticator: Authenticator, name: str, address: str) -> bool:
    """Try a wrong password; return whether it was looked at, and not refused before."""
    with pytest.raises(UsageError) as refused:
        authenticator.sign_in(name, "guess", address)
    assert refused.value.notice is not None
    assert refused.value.notice.code in ("sign-in-wrong", "sign-in-too-often")
    return refused.value.notice.code == "sign-in-wrong"


def test_who_guesses_waits_longer_each_time(path: Path) -> None:
    clock = Clock()
    authenticator = Authenticator(path, clock=clock)
    looked_at: list[float] = []
    while len(looked_at) < 12:
        if guess(authenticator, "anna", "10.0.0.1"):
            looked_at.append(clock.now)
        else:
            clock.now += 10
    waits = [later - earlier for earlier, later in pairwise(looked_at)]
    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:8] == [30, 60, 120, 240]
    assert max(waits) == 900
    with pytest.raises(UsageError, match="try again in 15 minutes"):
        authenticator.sign_in("anna", PASSWORD, "10.0.0.1")
    clock.now += 3600 + 900
    assert guess(authenticator, "anna", "10.0.0.1")
    assert authenticator.sign_in("anna", PASSWORD, "10.0.0.1"), "an hour of peace is forgiven"


def test_who_guesses_keeps_the_owner_out_nowhere_else(path: Path) -> None:
    """A thousand attempts for an account from one address; its owner comes from another, for the first time."""
    clock = Clock()
    authenticator = Authenticator(path, clock=clock)
    looked_at = 0
    for _ in range(1000):
        looked_at += guess(authenticator, "anna", "10.0.0.1")
        clock.now += 1
    assert looked_at < 15
    assert authenticator.sign_in("anna", PASSWORD, "10.0.0.2")
    assert authenticator.sign_in("ben", "another word", "10.0.0.1"), "nor another account at the same address"


def test_guesses_from_many_addresses_keep_the_owner_out_at_new_ones_for_a_minute_at_most(path: Path) -> None:
    clock = Clock()
    authenticator = Authenticator(path, clock=clock)
    authenticator.sign_in("anna", PASSWORD, "192.0.2.1")
    looked_at = sum(guess(authenticator, "anna", f"10.0.{number // 200}.{number % 200}") for number in range(1000))
    assert looked_at == 50
    for _ in range(600):
        looked_at += guess(authenticator, "anna", f"10.1.0.{looked_at}")
        clock.now += 1
    assert looked_at < 75, "one a minute in the end"
    assert authenticator.sign_in("anna", PASSWORD, "192.0.2.1"), "where she has signed in before, she does not wait"
    with pytest.raises(UsageError, match="try again in a minute"):
        authenticator.sign_in("anna", PASSWORD, "192.0.2.99")
    assert authenticator.sign_in("ben", "another word", "192.0.2.99")
    clock.now += 60
    assert authenticator.sign_in("anna", PASSWORD, "192.0.2.99")


def test_a_shared_address_keeps_its_other_accounts_out_for_a_minute_at_most(path: Path) -> None:
    """Somebody behind the same address tries one password for many names."""
    clock = Clock()
    authenticator = Authenticator(path, clock=clock)
    authenticator.sign_in("anna", PASSWORD, "10.0.0.1")
    looked_at = sum(guess(authenticator, f"name{number}", "10.0.0.1") for number in range(1000))
    assert looked_at == 25
    for number in range(600):
        looked_at += guess(authenticator, f"other{number}", "10.0.0.1")
        clock.now += 1
    assert looked_at < 50
    assert authenticator.sign_in("anna", PASSWORD, "10.0.0.1"), "who has signed in there before does not wait"
    with pytest.raises(UsageError, match="try again in a minute"):
        authenticator.sign_in("ben", "another word", "10.0.0.1")
    clock.now += 60
    assert authenticator.sign_in("ben", "another word", "10.0.0.1")


def test_who_has_a_network_of_ipv6_has_one_address(path: Path) -> None:
    authenticator = Authenticator(path, clock=Clock())
    looked_at = [guess(authenticator, "anna", f"2001:db8:0:7::{number:x}") for number in range(1, 8)]
    assert looked_at == [True, True, True, True, True, False, False]
    assert guess(authenticator, "anna", "2001:db8:0:8::1")
    assert [guess(authenticator, "anna", "10.0.0.1") for _ in range(5)] == [True] * 5
    assert not guess(authenticator, "anna", "::ffff:10.0.0.1"), "the same address, written otherwise"
    for odd in ("", "testclient", "\ud800", "1.2.3", "fe80::1%eth0", "x" * 10_000):
        assert guess(authenticator, "ben", odd)


def test_memory_is_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.hosting.users, "_MOST_KEPT", 20)
    authenticator = Authenticator(path)
    first = authenticator.sign_in("anna", PASSWORD, "here")
    for number in range(50):
        with pytest.raises(UsageError):
            authenticator.sign_in(f"name{number}", "guess", f"10.0.0.{number}")
        authenticator.sign_in("ben", "another word", f"there{number}")
    memory = authenticator._state
    assert isinstance(memory, MemoryState)
    assert [memory.count(kind) for kind in ("attempt", "session", "known")] == [20, 20, 20]
    assert authenticator.user_of(first) is None


def test_the_cookie(path: Path) -> None:
    authenticator = Authenticator(path, lifetime=60)
    token = authenticator.sign_in("anna", PASSWORD, "here")
    assert authenticator.cookie(token, secure=True) == (
        f"{COOKIE}={token}; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure"
    )
    assert authenticator.cookie("", secure=False) == f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
