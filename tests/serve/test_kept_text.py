"""Users and keys in the database: `rag.hosting.kept_text` on a real PostgreSQL, and two services that are served."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from rag.errors import DatabaseUnusable, UsageError
from rag.hosting.kept_text import FileText, KeptText, RowText
from rag.hosting.keys import KeyFile, KeyRing
from rag.hosting.rights import named_rights
from rag.hosting.shared_state import DatabaseState
from rag.hosting.users import (
    Authenticator,
    add_user,
    copy_to_database,
    read_users,
    remove_user,
    set_operator,
    set_rights,
)
from rag.settings import load_settings
from tests.conftest import ROOT, Command
from tests.postgres_server import PostgresServer
from tests.serve.served import Served, serving
from tests.ui.test_users import scrypt_entry

PASSWORD, OTHER = "correct horse 7", "another word 8"
DATABASE = Path("database")


@pytest.fixture
def url(postgres_server: PostgresServer, use_database: Callable[[str], None]) -> Iterator[str]:
    """A database of its own, which the settings name."""
    address = postgres_server.new_database()
    use_database(address)
    yield address
    load_settings.cache_clear()


@pytest.fixture(params=["file", "row"])
def text(request: pytest.FixtureRequest, tmp_path: Path) -> KeptText:
    if request.param == "file":
        return FileText(tmp_path / "folder" / "users.json", "users")
    return RowText(request.getfixturevalue("url"), "users")


# -- the text ----------------------------------------------------------------------------------------------------------


def test_a_text_is_kept_and_its_stamp_differs_with_it(text: KeptText) -> None:
    absent = text.stamp()
    assert text.read() is None
    seen: list[str | None] = []
    for new in ("one", "two", "one"):

        def changed(before: str | None, new: str = new) -> str:
            seen.append(before)
            return new

        text.change(changed, 1)
        assert text.read() == new
        assert absent != text.stamp() == text.stamp()
    assert seen == [None, "one", "two"]
    before = text.stamp()
    text.change(lambda _: "other", 1)
    assert text.stamp() != before


def test_a_change_that_fails_changes_nothing_and_locks_nothing(text: KeptText) -> None:
    text.change(lambda _: "one", 1)

    def fails(_: object) -> str:
        raise UsageError("no")

    with pytest.raises(UsageError, match="no"):
        text.change(fails, 1)
    assert text.read() == "one"
    text.change(lambda before: f"{before} two", 0)
    assert text.read() == "one two"


def test_one_changes_it_at_a_time_and_another_waits_as_long_as_it_says(text: KeptText) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(before: str | None) -> str:
        begun.set()
        assert go_on.wait(30)
        return f"{before or ''}a"

    first = threading.Thread(target=lambda: text.change(slow, 10))
    first.start()
    assert begun.wait(30)
    with pytest.raises((OSError, DatabaseUnusable)):
        text.change(lambda _: "b", 0)
    second = threading.Thread(target=lambda: text.change(lambda before: f"{before}b", 20))
    second.start()
    go_on.set()
    first.join()
    second.join()
    assert text.read() == "ab"


# -- users -------------------------------------------------------------------------------------------------------------


def test_users_of_the_database_are_those_of_all_servers(url: str, tmp_path: Path) -> None:
    assert add_user(DATABASE, "ann", lambda _: PASSWORD)
    first, second = (Authenticator(DATABASE, state=DatabaseState(url)) for _ in range(2))
    assert add_user(DATABASE, "ben", lambda _: PASSWORD)
    token = first.sign_in("ben", PASSWORD, "here")
    assert second.user_of(token) == "ben"
    assert [second.is_operator(name) for name in ("ann", "ben")] == [True, False], "the first user looks after it"
    set_operator(DATABASE, "ben", True)
    set_rights(DATABASE, "ben", named_rights(["letters"], []))
    assert second.is_operator("ben")
    assert second.rights_of("ben") == named_rights(["letters"], [])
    assert not add_user(DATABASE, "ben", lambda _: OTHER)
    assert first.user_of(token) is None, "another password ends the session"
    token = second.sign_in("ben", OTHER, "here")
    remove_user(DATABASE, "ben")
    assert (first.user_of(token), first.has("ben"), first.is_operator("ben")) == (None, False, False)
    with pytest.raises(UsageError, match="only user"):
        remove_user(DATABASE, "ann")
    with pytest.raises(UsageError, match="The table of users in the database has no 'ben'"):
        remove_user(DATABASE, "ben")
    assert list(tmp_path.iterdir()) == [], "nothing lies in a file"


def test_an_earlier_hash_is_replaced_in_the_database(url: str, tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    path.write_text(json.dumps({"version": 1, "users": {"ann": scrypt_entry(PASSWORD)}}))
    assert copy_to_database(path) == ["ann"]
    assert read_users(DATABASE).users["ann"].outdated
    authenticator = Authenticator(DATABASE, state=DatabaseState(url))
    token = authenticator.sign_in("ann", PASSWORD, "here")
    assert not read_users(DATABASE).users["ann"].outdated
    assert authenticator.user_of(token) == "ann"


def test_a_path_names_a_file_also_with_a_database(url: str, tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    add_user(path, "ann", lambda _: PASSWORD)
    assert set(json.loads(path.read_text())["users"]) == {"ann"}
    with pytest.raises(UsageError, match="is not there yet; make it with: rag chat --auth database --add-user NAME"):
        Authenticator(DATABASE)
    whole = tmp_path / "database"
    add_user(whole, "ben", lambda _: PASSWORD)
    assert set(read_users(whole).users) == {"ben"}


def test_the_users_of_a_file_are_copied_once(url: str, tmp_path: Path, rag: Command) -> None:
    path = tmp_path / "users.json"
    for name in ("ann", "ben"):
        add_user(path, name, lambda _: PASSWORD)
    set_rights(path, "ben", named_rights(["letters"], None))
    for _ in range(2):
        copied = rag("users", "copy", "--auth", str(path))
        assert copied.out == "ann, ben copied to the database; start the chat and services with --auth database\n"
    assert read_users(DATABASE) == read_users(path)
    add_user(path, "ben", lambda _: OTHER)
    refused = rag("users", "copy", "--auth", str(path))
    assert (refused.code, "has a user 'ann' already; nothing was copied" in refused.err) == (2, True)
    assert read_users(DATABASE) != read_users(path)
    assert rag("users", "list", "--auth", "database").out.splitlines()[1].split("\t")[0] == "ann"
    assert rag("users", "remove", "ben", "--auth", "database").out == "ben was taken out of the database\n"
    assert set(read_users(DATABASE).users) == {"ann"}


def test_without_a_database_the_word_is_refused_in_one_sentence(rag: Command) -> None:
    ran = rag("users", "list", "--auth", "database")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "RAG_DATABASE_URL names none" in ran.err


def test_a_damaged_row_lets_nobody_in_and_takes_no_session(url: str, postgres_server: PostgresServer) -> None:
    add_user(DATABASE, "ann", lambda _: PASSWORD)
    authenticator = Authenticator(DATABASE, state=DatabaseState(url))
    token = authenticator.sign_in("ann", PASSWORD, "here")
    text = RowText(url, "users")
    before = text.read()
    assert before is not None
    text.change(lambda _: "{", 1)
    assert authenticator.user_of(token) is None
    with pytest.raises(UsageError, match="bring the database back from its backup"):
        read_users(DATABASE)
    text.change(lambda _: before, 1)
    assert authenticator.user_of(token) == "ann"
    database = url.partition("@/")[2].partition("?")[0]
    postgres_server.statement("DELETE FROM footnote.kept_text", database)
    assert authenticator.user_of(token) is None


# -- keys --------------------------------------------------------------------------------------------------------------


def test_keys_are_kept_in_the_database_where_one_is_named(url: str, home: Path) -> None:
    keys = KeyFile(home)
    ring = KeyRing(KeyFile(home))
    assert not ring.is_needed()
    token = keys.add("bot", None, "read")
    assert ring.find(token) == keys.all()["bot"]
    assert token not in str(RowText(url, "keys").read())
    keys.remove("bot")
    assert ring.find(token) is None
    assert ring.is_needed(), "to remove the last key opens nothing"
    assert not home.exists()


def test_keys_in_the_home_folder_are_moved_and_until_then_nobody_serves(
    home: Path, rag: Command, postgres_server: PostgresServer, use_database: Callable[[str], None]
) -> None:
    token = rag("keys", "add", "bot", "--all-indexes", "--scope", "read").out.strip()
    kept = KeyFile(home).all()
    use_database(postgres_server.new_database())
    assert "bot" in rag("keys", "list").err
    refused = rag("serve")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "move them there with rag keys move" in refused.err
    assert rag("keys", "move").out == "bot moved to the database\n"
    assert KeyFile(home).all() == kept
    assert not (home / ".keys.json").exists()
    assert rag("keys", "move").out == "There are no keys to move.\n"
    assert KeyRing(KeyFile(home)).find(token) == kept["bot"]


def test_two_keys_of_one_name_are_not_mixed(
    home: Path, rag: Command, postgres_server: PostgresServer, use_database: Callable[[str], None]
) -> None:
    rag("keys", "add", "bot", "--all-indexes", "--scope", "read")
    assert "RAG_DATABASE_URL names it" in rag("keys", "move").err
    use_database(postgres_server.new_database())
    KeyFile(home).add("bot", None, "write")
    refused = rag("keys", "move")
    assert (refused.code, "has another key 'bot'" in refused.err) == (2, True)
    assert KeyFile(home).all()["bot"].scope == "write"
    assert (home / ".keys.json").exists()


def test_processes_that_add_keys_at_once_lose_none(url: str, home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rag.hosting.keys import KeyFile\n"
        "file = KeyFile(Path(sys.argv[1]))\n"
        "for number in range(10): file.add(f'{sys.argv[2]}{number}', None, 'read')\n"
    )
    command = [sys.executable, "-c", code, str(home)]
    adders = [subprocess.Popen([*command, name], cwd=ROOT, stderr=subprocess.PIPE) for name in ("a", "b")]
    for adder in adders:
        _, error = adder.communicate(timeout=120)
        assert adder.returncode == 0, error
    assert set(KeyFile(home).all()) == {f"{name}{number}" for name in "ab" for number in range(10)}


# -- services ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """Two services on one database, whose home folders are not the same."""

    first: Served
    second: Served
    home: Path


@pytest.fixture
def pair(url: str, tmp_path: Path) -> Iterator[Pair]:
    add_user(DATABASE, "ann", lambda _: PASSWORD)
    with (
        serving(tmp_path / "one", "--llm", "none", "--auth", "database", RAG_DATABASE_URL=url) as first,
        serving(tmp_path / "two", "--llm", "none", "--auth", "database", RAG_DATABASE_URL=url) as second,
    ):
        yield Pair(first, second, tmp_path / "one")


def status(served: Served, name: str = "", password: str = PASSWORD, key: str = "") -> int:
    """Return how a service answers somebody who asks for its models."""
    headers = {"authorization": f"Bearer {key}"} if key else {}
    auth = httpx.BasicAuth(name, password) if name else None
    answer = httpx.get(f"{served.url}/models", headers=headers, auth=auth, trust_env=False, timeout=60)
    if answer.status_code == 503:
        assert answer.json()["error"]["message"] == (
            "The server cannot use its database at the moment; try again in a few seconds."
        )
        assert "footnote-pg" not in answer.text, "nobody learns where it is"
    return answer.status_code


def test_what_one_server_is_told_holds_at_the_other(pair: Pair, postgres_server: PostgresServer) -> None:
    both = (pair.first, pair.second)
    assert [status(one, "ann") for one in both] == [200, 200]
    assert [status(one, "ben") for one in both] == [401, 401]
    add_user(DATABASE, "ben", lambda _: PASSWORD)
    assert [status(one, "ben") for one in both] == [200, 200]
    token = KeyFile(pair.home).add("bot", None, "read")
    assert [status(one, key=token) for one in both] == [200, 200]
    remove_user(DATABASE, "ben")
    KeyFile(pair.home).remove("bot")
    assert [status(one, key=token) for one in both] == [401, 401], "with the next call"
    assert [status(one, "ben") for one in both] == [401, 401]

    key = KeyFile(pair.home).add("robot", None, "read")
    assert [status(one, key=key) for one in both] == [200, 200]
    postgres_server.kill()
    try:
        assert status(pair.first, "ann") == 503
        assert status(pair.second, key=key) == 503
        assert status(pair.second, "ben") == 503
    finally:
        postgres_server.start()
    assert [status(one, "ann") for one in both] == [200, 200]
    assert [status(one, key=key) for one in both] == [200, 200]
    assert [status(one, key=token) for one in both] == [401, 401]
