"""The keys of programs: `rag.hosting.keys` and the commands ``rag keys``."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UsageError
from rag.hosting.keys import KEY, KeyFile, KeyRing, hash_of
from tests.conftest import ROOT, Command

ALL = None


@pytest.fixture
def file(home: Path) -> KeyFile:
    return KeyFile(home)


def test_a_key_is_shown_once_and_kept_as_its_hash(file: KeyFile) -> None:
    token = file.add("bot", frozenset({"handbook"}), "read")
    assert KEY.fullmatch(token)
    assert len(token) == 46, "fn_ and 256 bits in base64"
    text = file.path.read_text()
    assert token not in text
    assert token.removeprefix("fn_") not in text
    assert hash_of(token) in text
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    (key,) = file.all().values()
    assert (key.name, key.indexes, key.scope, key.expires) == ("bot", frozenset({"handbook"}), "read", None)
    assert token not in repr(key)
    assert file.add("other", ALL, "write") != token


@pytest.mark.parametrize("name", ["", " ", "a b", "../x", "-x", "x" * 65, "a\nb", "user:x", "ä", "\ud800"])
def test_a_name_is_plain(file: KeyFile, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a key's name"):
        file.add(name, ALL, "read")
    assert not file.path.exists()


def test_a_name_is_taken_once(file: KeyFile) -> None:
    token = file.add("bot", ALL, "read")
    with pytest.raises(UsageError, match="rag keys remove bot"):
        file.add("bot", ALL, "write")
    found = KeyRing(file).find(token)
    assert found is not None
    assert found.scope == "read"


def test_what_is_shown_opens_only_if_it_is_the_key(file: KeyFile) -> None:
    token = file.add("bot", ALL, "read")
    ring = KeyRing(file)
    assert ring.find(token) is not None
    wrong = ("", "fn_", token[:-1], token + "a", token.upper(), hash_of(token), f" {token}", token + "\n", "\ud800")
    for shown in wrong:
        assert ring.find(shown) is None, shown


def test_a_key_ends_at_its_time(file: KeyFile) -> None:
    token = file.add("bot", ALL, "read", days=2)
    made = time.time()
    now = [made]
    ring = KeyRing(file, clock=lambda: now[0])
    assert ring.find(token) is not None
    now[0] = made + 2 * 86_400 - 60
    assert ring.find(token) is not None
    now[0] = made + 2 * 86_400 + 1
    assert ring.find(token) is None
    assert ring.is_needed(), "a key that is over keeps the door closed"


def test_a_running_service_follows_the_file(file: KeyFile) -> None:
    ring = KeyRing(file)
    assert not ring.is_needed()
    first = file.add("first", ALL, "read")
    assert ring.is_needed()
    assert ring.find(first) is not None
    second = file.add("second", frozenset({"a"}), "write")
    file.remove("first")
    assert ring.find(first) is None
    found = ring.find(second)
    assert found is not None
    assert found.indexes == {"a"}
    file.remove("second")
    assert ring.find(second) is None
    assert ring.is_needed(), "to remove the last key opens nothing"
    assert not KeyRing(file).is_needed(), "a service that begins now has none"


def _entry(**changes: Any) -> dict[str, Any]:
    entry = {"hash": "0" * 64, "indexes": ["a"], "scope": "read", "created": 1.0, "expires": None, "per_minute": None}
    return entry | changes


DAMAGED = [
    "", "[]", "{}", "null", '{"keys": []}', '{"keys": {"a": null}}', "[" * 100_000, "\x00", '{"keys": {"a": {}}}',
    *(json.dumps({"version": 1, "keys": {name: entry}}) for name, entry in [
        ("../a", _entry()), ("a", _entry(hash="x")), ("a", _entry(hash=7)), ("a", _entry(scope="all")),
        ("a", _entry(scope=[])), ("a", _entry(indexes="handbook")), ("a", _entry(indexes=[1])),
        ("a", _entry(created="x")), ("a", _entry(expires="soon")), ("a", _entry(expires=float("nan"))),
        ("a", _entry(created=10**400)), ("a", _entry(per_minute=0)), ("a", _entry(per_minute=1.5)),
    ]),
]  # fmt: skip


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_file_is_one_sentence_and_opens_nothing(file: KeyFile, text: str) -> None:
    token = file.add("bot", ALL, "read")
    ring = KeyRing(file)
    file.path.write_text(text)
    with pytest.raises(UsageError, match=r"is damaged; restore a copy, or delete it"):
        file.all()
    with pytest.raises(UsageError, match="is damaged"):
        file.add("other", ALL, "read")
    assert file.path.read_text() == text, "what is left of it is not written over"
    with pytest.raises(UsageError, match="is damaged"):
        KeyRing(file)
    assert ring.find(token) is None
    assert ring.is_needed()


def test_a_file_that_is_damaged_before_there_was_a_key_closes_the_door(file: KeyFile) -> None:
    ring = KeyRing(file)
    file.path.parent.mkdir()
    file.path.write_text("{")
    assert ring.is_needed()


def test_an_entry_without_indexes_does_not_open_all(file: KeyFile) -> None:
    file.path.parent.mkdir()
    entry = _entry()
    del entry["indexes"]
    file.path.write_text(json.dumps({"version": 1, "keys": {"a": entry}}))
    with pytest.raises(UsageError, match="is damaged"):
        file.all()


@pytest.fixture
def adders(home: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that each add keys of their own to one file."""
    code = (
        "import sys; from pathlib import Path; from rag.hosting.keys import KeyFile\n"
        "file = KeyFile(Path(sys.argv[1]))\n"
        "for number in range(10): file.add(f'{sys.argv[2]}{number}', None, 'read')\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(home), name], cwd=ROOT, stderr=subprocess.PIPE)
        for name in ("a", "b", "c")
    ]
    yield started
    for process in started:
        process.kill()
        process.communicate()


def test_processes_that_add_at_once_lose_nothing(file: KeyFile, adders: list[subprocess.Popen[bytes]]) -> None:
    for process in adders:
        _, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
    assert set(file.all()) == {f"{name}{number}" for name in "abc" for number in range(10)}


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(UsageError, match=r"The file of keys .*keys\.json cannot be"):
        KeyFile(tmp_path / "home").add("bot", ALL, "read")


# -- the commands ------------------------------------------------------------------------------------------------------


def test_keys_are_made_listed_and_removed(rag: Command, home: Path) -> None:
    made = rag("keys", "add", "bot", "--index", "handbook", "--index", "notes", "--scope", "read", "--per-minute", "20")
    token = made.out.strip()
    assert made.code == 0
    assert KEY.fullmatch(token), "standard output holds the key and nothing else"
    assert "cannot be shown again" in made.err
    assert "no index 'handbook' yet" in made.err
    everything = rag("keys", "add", "admin", "--all-indexes", "--scope", "write", "--days", "30", "--json")
    entry = json.loads(everything.out)
    assert KEY.fullmatch(entry.pop("key"))
    assert entry["indexes"] is None
    assert entry["expires"] > entry["created"]
    listed = rag("keys", "list")
    assert token not in listed.out
    assert "bot" in listed.out
    assert "handbook, notes" in listed.out
    keys = json.loads(rag("keys", "list", "--json").out)["keys"]
    assert [(key["name"], key["scope"], key["per_minute"]) for key in keys] == [
        ("admin", "write", None),
        ("bot", "read", 20),
    ]
    assert "hash" not in keys[0]
    assert rag("keys", "remove", "bot").out == "bot was removed\n"
    assert [key["name"] for key in json.loads(rag("keys", "list", "--json").out)["keys"]] == ["admin"]
    assert rag("sources").code != 0, "the file of keys is no index"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "bot", "--scope", "read"], "Say what the key opens"),
        (["add", "bot", "--scope", "read", "--all-indexes", "--index", "a"], "Say what the key opens"),
        (["add", "bot", "--scope", "metrics", "--all-indexes"], "opens no index"),
        (["add", "bot", "--scope", "all", "--all-indexes"], "'all' is no scope; choose one of read, write, metrics"),
        (["add", "a b", "--scope", "read", "--all-indexes"], "cannot be a key's name"),
        (["remove", "nobody"], "rag keys list shows"),
    ],
)
def test_a_mistake_is_one_sentence(rag: Command, home: Path, arguments: list[str], words: str) -> None:
    ran = rag("keys", *arguments)
    assert ran.code == 2
    assert words in ran.err
    assert ran.err.count("\n") == 1
    assert not (home / ".keys.json").exists()


def test_without_keys_the_list_says_how_to_make_one(rag: Command) -> None:
    assert "rag keys add" in rag("keys", "list").out
