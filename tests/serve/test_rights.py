"""Rights to read and to change are per index, for people and for keys alike: `rag.hosting.rights`."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.hosting.keys import KeyFile, KeyRing
from rag.hosting.rights import EVERYTHING, NOTHING, Rights, named_rights, rights_of_json
from rag.hosting.users import Authenticator, add_user, read_users, set_rights
from tests.conftest import Command
from tests.serve.test_isolation import ROWS, SECRETS, Named, call, content, with_job
from tests.serve.world import World, served

PASSWORD = "correct horse 7"


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("users") / "users.json"
    for name in ("ann", "bob", "cleo"):
        add_user(path, name, lambda _: PASSWORD)
    set_rights(path, "bob", named_rights({"alpha"}, ()))
    set_rights(path, "cleo", named_rights({"beta"}, {"alpha"}))
    return path


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, users: Path) -> Iterator[World]:
    with served(tmp_path_factory.mktemp("rights"), users, serve_per_minute=0) as world:
        world.tokens["reads both, writes alpha"] = world.keys.add(
            "clerk", frozenset({"beta"}), "read", writes=frozenset({"alpha"})
        )
        yield world


def basic(name: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()}


def test_what_is_changed_may_be_read_and_the_rest_is_as_named() -> None:
    some = named_rights({"a"}, {"b"})
    assert [(some.may_read(name), some.may_write(name)) for name in "abc"] == [
        (True, False),
        (True, True),
        (False, False),
    ]
    assert named_rights(None, {"b"}).may_read("c")
    assert not named_rights(None, {"b"}).may_write("c")
    assert named_rights({"a"}, None).may_write("a")
    assert not named_rights({"a"}, None).may_write("b"), "all that may be read, and no more"
    assert not Rights(frozenset(), frozenset({"a"})).may_write("a"), "what may not be read may not be changed"
    assert not NOTHING.may_read("a")
    for rights in (some, EVERYTHING, NOTHING, named_rights(None, {"b"})):
        assert rights_of_json(json.loads(json.dumps(rights.as_json()))) == rights


@pytest.mark.parametrize("wrong", [None, [], {}, {"read": []}, {"read": "ab", "write": []}, {"read": [1], "write": []}])
def test_what_is_no_rights_damages_the_file(tmp_path: Path, wrong: object) -> None:
    with pytest.raises(ValueError, match="no "):
        rights_of_json(wrong)
    path = tmp_path / "users.json"
    add_user(path, "ann", lambda _: PASSWORD)
    path.write_text(json.dumps({**json.loads(path.read_text()), "rights": {"ann": wrong}}))
    with pytest.raises(UsageError, match="is damaged; restore"):
        read_users(path)


@pytest.mark.parametrize("who", ["reads both, writes alpha", "cleo"])
def test_one_caller_reads_two_indexes_and_changes_one(world: World, who: str) -> None:
    client = world.client(who) if who in world.tokens else world.client(headers=basic(who))
    listed = {one["index"]: one["may"] for one in client.get("/v1/indexes").json()["indexes"]}
    assert listed == {"alpha": ["read", "write"], "beta": ["read"]}
    beta, before = Named("beta", "beta-secret.md", with_job(world, "beta")), content(world, "beta")
    for route, row in ROWS.items():
        for ask in row.asks:
            if row.kind == "write" and route != "GET /v1/jobs/{id}":
                refused = call(client, route, ask, beta)
                assert (refused.status_code, refused.json()["error"]["code"]) == (403, "read_only"), route
    assert content(world, "beta") == before
    added = client.post("/v1/sources", params={"index": "alpha", "name": "new.txt"}, content=b"The oar costs 7 crowns.")
    assert added.status_code == 202
    assert client.get("/metrics").status_code == 403, "metrics speak of all indexes"


def test_a_user_of_one_index_sees_nothing_of_another(world: World) -> None:
    client = world.client(headers=basic("bob"))
    assert [one["id"] for one in client.get("/v1/models").json()["data"]] == ["alpha"]
    beta = Named("beta", "beta-secret.md", with_job(world, "beta"))
    nowhere = Named("nixx", "nixx-secret.md", "".join("0" if sign != "-" else sign for sign in beta.job))
    for route, row in ROWS.items():
        for ask in row.asks:
            seen, absent = call(client, route, ask, beta), call(client, route, ask, nowhere)
            assert not [secret for secret in (*SECRETS, beta.job) if secret in seen.text], route
            if row.kind in ("read", "write"):
                assert seen.status_code == absent.status_code == 404, route


def test_a_right_that_is_taken_counts_at_once(world: World, users: Path, tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    path.write_bytes(users.read_bytes())
    authenticator = Authenticator(path)
    assert authenticator.rights_of("ann") is None, "as users have it by default"
    assert authenticator.rights_of("nobody") == NOTHING
    set_rights(path, "ann", NOTHING)
    assert authenticator.rights_of("ann") == NOTHING
    set_rights(path, "ann", None)
    assert authenticator.rights_of("ann") is None
    add_user(path, "cleo", lambda _: "another word 8")
    assert authenticator.rights_of("cleo") == named_rights({"beta"}, {"alpha"}), "another password changes no rights"
    with pytest.raises(UsageError, match="has no 'dora'"):
        set_rights(path, "dora", NOTHING)


def test_a_key_file_keeps_what_may_be_changed(home: Path) -> None:
    file = KeyFile(home)
    token = file.add("clerk", None, "read", writes=frozenset({"a"}))
    file.add("plain", None, "read")
    found = KeyRing(KeyFile(home)).find(token)
    assert found is not None
    assert found.rights == Rights(None, frozenset({"a"}))
    entries = json.loads(file.path.read_text())["keys"]
    assert entries["clerk"]["writes"] == ["a"]
    assert "writes" not in entries["plain"], "as earlier versions wrote it"
    entries["clerk"]["writes"] = "a"
    file.path.write_text(json.dumps({"version": 1, "keys": entries}))
    with pytest.raises(UsageError, match="is damaged"):
        file.all()


def test_the_command_line_gives_and_lists_rights(rag: Command, tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    for name in ("ann", "bob"):
        add_user(path, name, lambda _: PASSWORD)
    given = rag("users", "rights", "bob", "--auth", str(path), "--scope", "read", "--index", "a", "--write", "b")
    assert given.out == f"bob may read a, b and change b in {path}\n"
    assert read_users(path).rights == {"bob": named_rights({"a"}, {"b"})}
    listed = json.loads(rag("users", "list", "--auth", str(path), "--json").out)["users"]
    assert [(one["name"], one["operator"], one["rights"]) for one in listed] == [
        ("ann", True, None),
        ("bob", False, {"read": ["a", "b"], "write": ["b"]}),
    ]
    assert rag("users", "list", "--auth", str(path)).out.splitlines()[2] == "bob\tno\ta, b\tb"
    rag("users", "rights", "bob", "--auth", str(path), "--scope", "write", "--all-indexes")
    assert read_users(path).rights == {"bob": EVERYTHING}
    rag("users", "rights", "bob", "--auth", str(path), "--no-index")
    assert read_users(path).rights == {"bob": NOTHING}
    rag("users", "rights", "bob", "--auth", str(path), "--by-default")
    assert read_users(path).rights == {}
    for options, words in (
        ([], "Say what the user may open"),
        (["--scope", "read"], "Say what the user may open"),
        (["--index", "a"], "Say what for"),
        (["--scope", "all", "--index", "a"], "'all' is no scope"),
        (["--scope", "write", "--write", "a"], "not --write"),
        (["--scope", "read", "--index", "a", "--all-indexes"], "Say what the user may open"),
        (["--scope", "read", "--no-index"], "leave it out"),
    ):
        refused = rag("users", "rights", "bob", "--auth", str(path), *options)
        assert (refused.code, refused.out) == (2, ""), options
        assert words in refused.err
    assert read_users(path).rights == {}, "what is refused changes nothing"
