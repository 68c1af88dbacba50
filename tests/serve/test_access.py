"""Who may call the service: keys, users, this machine, and how often."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.hosting.access import Caller, CallerMustWait, GuardedAccess, access_of
from rag.hosting.bind_address import BindAddress
from rag.hosting.keys import KeyFile, KeyRing
from rag.hosting.rate_limits import RateLimits
from rag.hosting.rights import EVERYTHING, NOTHING, READ_ALL, named_rights
from rag.hosting.users import add_user, set_operator
from tests.serve.world import World, served

PASSWORD = "correct horse 7"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with served(tmp_path_factory.mktemp("access")) as world:
        yield world


@pytest.fixture
def users(tmp_path: Path) -> Path:
    path = tmp_path / "users.json"
    for name in ("ann", "bob"):
        add_user(path, name, lambda _: PASSWORD)
    return path


def basic(name: str, password: str = PASSWORD) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


# -- where one listens -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org"])
def test_an_address_that_others_reach_needs_keys_or_users(home: Path, users: Path, host: str) -> None:
    with pytest.raises(UsageError, match=rf"--host {host} lets other machines .* rag keys add NAME"):
        access_of(BindAddress(host), home)
    assert access_of(BindAddress(host, insecure=True), home).caller_of({}, "10.0.0.1") == Caller()
    assert access_of(BindAddress(host, auth=users), home).caller_of({}, "10.0.0.1") is None
    KeyFile(home).add("bot", None, "read")
    assert access_of(BindAddress(host), home).caller_of({}, "10.0.0.1") is None
    assert access_of(BindAddress(host, insecure=True), home).caller_of({}, "10.0.0.1") is None


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_this_machine_needs_a_key_once_there_is_one(home: Path, host: str) -> None:
    access = access_of(BindAddress(host), home)
    assert access.only_this_machine
    assert access.caller_of({}, "127.0.0.1") == Caller()
    assert access.caller_of(bearer("what clients send where no key is needed"), "127.0.0.1") == Caller()
    token = KeyFile(home).add("bot", frozenset({"a"}), "read")
    assert access.caller_of({}, "127.0.0.1") is None
    assert access.caller_of(bearer(token), "127.0.0.1") == Caller("bot", named_rights({"a"}, ()), False)
    KeyFile(home).remove("bot")
    assert access.caller_of({}, "127.0.0.1") is None, "to remove the last key opens nothing"


def test_behind_a_proxy_this_machine_is_everybody(home: Path) -> None:
    bind = BindAddress("127.0.0.1", proxies=("127.0.0.1/32",))
    with pytest.raises(UsageError, match="RAG_TRUSTED_PROXIES"):
        access_of(bind, home)
    KeyFile(home).add("bot", None, "read")
    access = access_of(bind, home)
    assert not access.only_this_machine, "the proxy's name is another"
    assert access.caller_of({}, "10.0.0.1") is None


def test_a_damaged_file_of_keys_stops_the_start(home: Path) -> None:
    home.mkdir()
    (home / ".keys.json").write_text("{")
    with pytest.raises(UsageError, match="is damaged"):
        access_of(BindAddress(), home)


# -- keys --------------------------------------------------------------------------------------------------------------


def test_a_key_says_what_its_caller_may(home: Path) -> None:
    file = KeyFile(home)
    some = file.add("some", frozenset({"a"}), "write", per_minute=5)
    everything, metrics = file.add("all", None, "read"), file.add("prom", frozenset(), "metrics")
    access = GuardedAccess(KeyRing(file))
    assert access.caller_of(bearer(some), "") == Caller("some", named_rights({"a"}, None), False, 5)
    assert access.caller_of(bearer(everything), "") == Caller("all", READ_ALL, True)
    assert access.caller_of(bearer(metrics), "") == Caller("prom", NOTHING, True)
    for headers in ({}, bearer(""), {"authorization": some}, {"authorization": f"Basic {some}"}, {"x-api-key": some}):
        assert access.caller_of(headers, "") is None, headers
    assert access.caller_of({"authorization": f"bearer  {some} "}, "") is not None, "as the standard says it"


def test_wrong_keys_wait_and_lock_nobody_out(home: Path) -> None:
    file = KeyFile(home)
    token = file.add("bot", None, "read")
    access = GuardedAccess(KeyRing(file))
    for _ in range(10):
        assert access.caller_of(bearer("fn_" + "x" * 43), "10.0.0.1") is None
    with pytest.raises(CallerMustWait) as wait:
        access.caller_of(bearer("fn_" + "y" * 43), "10.0.0.1")
    assert wait.value.seconds >= 1
    assert access.caller_of(bearer(token), "10.0.0.1") is not None, "the right key from the same address"
    assert access.caller_of(bearer("wrong"), "10.0.0.2") is None, "another address"
    with pytest.raises(CallerMustWait):
        access.caller_of(bearer("wrong"), "::ffff:10.0.0.1")
    assert access.caller_of({}, "10.0.0.1") is None, "no key is no guess"


def test_over_http_a_wrong_key_is_told_so_and_then_to_wait(tmp_path: Path) -> None:
    with served(tmp_path) as world:
        stranger = world.client(headers=bearer("fn_" + "x" * 43))
        refused = stranger.get("/v1/models")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.json()["error"]["code"] == "invalid_api_key"
        assert "is wrong, was removed or has ended" in refused.json()["error"]["message"]
        assert "needs a key" in world.client().get("/v1/models").json()["error"]["message"]
        answers = [stranger.get("/v1/models") for _ in range(10)]
        assert answers[-1].status_code == 429
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert answers[-1].json()["error"]["code"] == "too_many_wrong_keys"
        assert world.client("reads all").get("/v1/models").status_code == 200
        assert stranger.get("/healthz").status_code == 200


def test_a_removed_key_counts_at_once(tmp_path: Path) -> None:
    with served(tmp_path) as world:
        client = world.client("reads alpha")
        assert client.get("/v1/models").status_code == 200
        world.keys.remove("alpha-reader")
        assert client.get("/v1/models").status_code == 401


# -- users -------------------------------------------------------------------------------------------------------------


def test_users_read_what_is_served_and_operators_write(home: Path, users: Path) -> None:
    access = access_of(BindAddress("0.0.0.0", auth=users), home)
    assert access.caller_of(basic("bob"), "") == Caller("user:bob", READ_ALL, False)
    assert access.caller_of(basic("ann"), "") == Caller("user:ann", EVERYTHING, True), "the first user is an operator"
    assert access.caller_of(basic(" Bob "), "") == Caller("user:bob", READ_ALL, False)
    set_operator(users, "bob", True)
    caller = access.caller_of(basic("bob"), "")
    assert caller is not None
    assert caller.rights.may_write("a")
    wrong = ("", "Basic", "Basic x", "Basic " + base64.b64encode(b"bob").decode(), "Basic \xff", "Basic /w==")
    for header in wrong:
        assert access.caller_of({"authorization": header}, "") is None, header


def test_a_changed_password_counts_at_once(home: Path, users: Path) -> None:
    access = access_of(BindAddress("0.0.0.0", auth=users), home)
    assert access.caller_of(basic("bob"), "") is not None
    add_user(users, "bob", lambda _: "another word 8")
    assert access.caller_of(basic("bob"), "") is None
    assert access.caller_of(basic("bob", "another word 8"), "") is not None


def test_guessed_passwords_wait_as_in_the_chat(home: Path, users: Path) -> None:
    access = access_of(BindAddress("0.0.0.0", auth=users), home)
    for _ in range(5):
        assert access.caller_of(basic("bob", "a guess"), "10.0.0.1") is None
    with pytest.raises(CallerMustWait):
        access.caller_of(basic("bob", "a guess"), "10.0.0.1")
    assert access.caller_of(basic("bob"), "10.0.0.2") is not None
    assert access.caller_of(basic("ann"), "10.0.0.1") is not None


def test_over_http_users_and_keys_call_side_by_side(tmp_path: Path, users: Path) -> None:
    with served(tmp_path, users) as world:
        client = world.client()
        refused = client.get("/v1/models")
        assert refused.status_code == 401
        assert "Basic" in refused.headers["www-authenticate"]
        listed = client.get("/v1/models", headers=basic("bob")).json()["data"]
        assert [model["id"] for model in listed] == ["alpha", "beta"]
        assert world.client("reads alpha").get("/v1/models").status_code == 200
        assert client.get("/metrics", headers=basic("bob")).status_code == 403
        assert client.get("/metrics", headers=basic("ann")).status_code == 200


# -- pages of other sites ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver:81"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    ],
)
def test_pages_of_other_sites_are_refused(world: World, headers: dict[str, str]) -> None:
    for path in ("/v1/models", "/healthz", "/metrics"):
        refused = world.client("reads all").get(path, headers=headers)
        assert refused.status_code == 403, path
        assert not [name for name in refused.headers if name.startswith("access-control")]
    preflight = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    refused = world.client().options("/v1/chat/completions", headers=headers | preflight)
    assert refused.status_code == 403
    assert not [name for name in refused.headers if name.startswith("access-control")]


def test_a_program_and_the_service_itself_are_no_other_site(world: World) -> None:
    client = world.client("reads all")
    for headers in ({}, {"origin": "http://testserver"}, {"sec-fetch-site": "none"}, {"sec-fetch-site": "same-origin"}):
        response = client.get("/v1/models", headers=headers)
        assert response.status_code == 200
        assert "access-control-allow-origin" not in response.headers


def test_on_this_machine_the_host_names_it(tmp_path: Path) -> None:
    with served(tmp_path, keyed=False, only_this_machine=True) as world:
        client = world.client()
        for host in ("127.0.0.1:8080", "localhost", "[::1]:8080", "127.0.0.9"):
            assert client.get("/v1/models", headers={"host": host}).status_code == 200, host
        for host in ("evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:8080", "[", "10.0.0.1"):
            for path in ("/v1/models", "/healthz", "/nothing"):
                assert client.get(path, headers={"host": host}).status_code == 421, host


# -- how often ---------------------------------------------------------------------------------------------------------


def test_a_bucket_empties_and_fills() -> None:
    now = [100.0]
    limits = RateLimits(60, clock=lambda: now[0])
    allowances = [limits.take("bot") for _ in range(60)]
    assert [allowance.wait for allowance in allowances] == [0] * 60
    assert [allowance.remaining for allowance in allowances] == list(range(59, -1, -1))
    refused = limits.take("bot")
    assert (refused.limit, refused.remaining, refused.wait, refused.full_after) == (60, 0, 1.0, 60.0)
    assert limits.take("other").wait == 0, "each has a bucket"
    now[0] += 1
    assert limits.take("bot").wait == 0
    assert limits.take("bot").wait == 1.0
    now[0] += 3600
    assert limits.take("bot").remaining == 59, "a bucket holds no more than it can"


def test_a_key_may_have_a_rate_of_its_own() -> None:
    limits = RateLimits(0, clock=lambda: 0.0)
    assert all(limits.take("bot").wait == 0 for _ in range(1000))
    assert [limits.take("slow", 2).wait for _ in range(3)] == [0, 0, 30.0]


def test_over_http_the_rate_is_told_and_kept(tmp_path: Path) -> None:
    with served(tmp_path, serve_per_minute=3) as world:
        client = world.client("reads all")
        first = client.get("/v1/models")
        assert first.headers["x-ratelimit-limit-requests"] == "3"
        assert first.headers["x-ratelimit-remaining-requests"] == "2"
        assert first.headers["x-ratelimit-reset-requests"] == "20s"
        answers = [client.get("/v1/models") for _ in range(3)]
        assert answers[-1].status_code == 429
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 20
        assert answers[-1].headers["x-ratelimit-remaining-requests"] == "0"
        assert answers[-1].json()["error"]["type"] == "rate_limit_error"
        assert world.client("reads alpha").get("/v1/models").status_code == 200, "another key"
        token = world.keys.add("fast", None, "read", per_minute=1000)
        fast = world.client(headers=bearer(token))
        assert fast.get("/v1/models").headers["x-ratelimit-limit-requests"] == "1000"
        assert "x-ratelimit-limit-requests" not in client.get("/healthz").headers
