"""Objects of S3 in an index: listed, copied, changed, gone: `rag.remote` and `rag ingest s3://…`.

The storage is a real HTTP server on this machine (moto).
"""

from __future__ import annotations

import logging
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from rag.errors import LoadError, SkipFile, UsageError
from rag.remote.addresses import StorageAddress, is_storage, read_storage_address
from rag.remote.book import ObjectBook
from rag.remote.names import TakenNames, name_of
from rag.remote.storage import RemoteObject, Storage
from rag.store.catalog import Catalog
from rag.store.folders import objects_folder
from tests.conftest import Command
from tests.extras import required
from tests.loopback import free_port, wait_until

required("s3fs", "moto.server", "boto3", reason="the extra `remote` and moto are not installed")

SECRET = "sesame-open-the-door"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = ThreadedMotoServer("127.0.0.1", port=free_port())
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """An empty bucket ``papers``, which is emptied at the end."""
    import boto3

    for name, value in keys_for(server, tmp_path).items():
        monkeypatch.setenv(name, value)
    made = boto3.resource("s3").Bucket("papers")
    made.create()
    yield made
    for each in made.objects.all():
        # One by one: a list of keys in XML takes no control characters.
        each.delete()
    made.delete()


def keys_for(server: str, folder: Path) -> dict[str, str]:
    """The environment that opens the storage of a server, and has no file of AWS."""
    none = str(folder / "none")
    return {
        "AWS_ENDPOINT_URL": server, "AWS_ACCESS_KEY_ID": "ann", "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none,
        "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip


def put(bucket: Any, **texts: str) -> None:
    for name, text in texts.items():
        bucket.put_object(Key=name.replace("__", "/") + ".txt", Body=text.encode())


def copies(home: Path) -> dict[str, str]:
    folder = objects_folder(home / "default")
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.txt")}


def test_a_bucket_is_mirrored(rag: Command, bucket: Any, home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Added, unchanged without being read, changed, gone, and an endpoint that is away; no key is written anywhere."""
    caplog.set_level(logging.DEBUG)
    put(bucket, sea__ferry="The ferry leaves at 7:40.", sea__toll="The toll is 3 crowns.", land="Never listed.")
    first = rag("ingest", "s3://papers/sea", "--json")
    assert first.code == 0, first.err
    assert '"added": 2' in first.out
    assert "2 objects, 2 of them new or changed" in first.err
    assert copies(home) == {
        "papers/sea/ferry.txt": "The ferry leaves at 7:40.",
        "papers/sea/toll.txt": "The toll is 3 crowns.",
    }
    assert "7:40" in rag("ask", "When does the ferry leave?").out
    assert '"address": "s3://papers/sea/ferry.txt"' in rag("sources", "--json").out

    again = rag("ingest", "s3://papers/sea/")
    assert "2 objects, 0 of them new or changed" in again.err

    put(bucket, sea__ferry="The ferry leaves at 8:50.", sea__storm="The storm broke two windows.")
    bucket.Object("sea/toll.txt").delete()
    changed = rag("ingest", "s3://papers/sea", "--json")
    assert [f'"{status}": 1' in changed.out for status in ("added", "updated", "removed")] == [True] * 3
    assert "8:50" in rag("ask", "When does the ferry leave?").out
    assert sorted(copies(home)) == ["papers/sea/ferry.txt", "papers/sea/storm.txt"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
        patch.setenv("RAG_REMOTE_SECONDS", "3")
        away = rag("ingest", "s3://papers/sea")
    assert "failed" in away.out
    assert "s3://papers/sea" in away.out
    assert "8:50" in rag("ask", "When does the ferry leave?").out, "what cannot be listed is not gone"

    assert rag("remove", "papers/sea/storm.txt").code == 0
    assert sorted(copies(home)) == ["papers/sea/ferry.txt"]
    book = objects_folder(home / "default").with_suffix(".json")
    assert stat.S_IMODE(book.stat().st_mode) == 0o600
    written = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert SECRET.encode() not in written
    assert SECRET not in caplog.text


def test_hostile_keys_stay_in_their_folder(rag: Command, bucket: Any, home: Path) -> None:
    keys = ("..\\..\\escape.txt", "a/b.txt", ".ragignore", "con.txt", "A/x.txt", "a/X.txt", "x.txt/y.txt", "x.txt",
            "what is:it.txt", "z" * 300 + ".txt", "../../up.txt", "/etc/motd", "//host/x.txt", "a/./b.txt",
            "v.txt?versionId=7", "\x01.txt", "\u00e9.txt", "e\u0301.txt", "k" * 1000, "d/" * 500 + "z.txt", "full/",
            "full/in.txt", "marked/in.txt")  # fmt: skip
    for key in keys:
        bucket.put_object(Key=key, Body=f"The keeper of number {keys.index(key)}.".encode())
    # What consoles write where a folder is made.
    bucket.put_object(Key="marked/", Body=b"")
    ran = rag("ingest", "s3://papers", "--json")
    assert f'"added": {len(keys)}' in ran.out, ran.out + ran.err
    folder = objects_folder(home / "default")
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert len({name.casefold() for name in names}) == len(keys)
    assert all(name.startswith("papers/") and "/." not in name for name in names)
    assert {"papers/marked/in.txt", "papers/full/in.txt", "papers/full/unnamed"} <= set(names)
    texts = {path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert texts == {f"The keeper of number {number}." for number in range(len(keys))}, "each was read under its key"
    with closing(Catalog(home / "default")) as catalog:
        before = {record.source for record in catalog.source_records()}
    assert rag("ingest", "s3://papers").code == 0
    with closing(Catalog(home / "default")) as catalog:
        assert {record.source for record in catalog.source_records()} == before, "names are stable"


def test_an_object_beside_a_folder_of_its_name_stays(rag: Command, bucket: Any, home: Path) -> None:
    bucket.put_object(Key="sea.txt", Body=b"The sea is deep.")
    put(bucket, **{"sea.txt__ferry": "The ferry leaves at 7:40."})
    assert '"added": 2' in rag("ingest", "s3://papers", "--json").out
    assert "removed" not in rag("ingest", "s3://papers/sea.txt").out
    assert sorted(copies(home).values()) == ["The ferry leaves at 7:40.", "The sea is deep."]
    bucket.Object("sea.txt/ferry.txt").delete()
    rag("ingest", "s3://papers/sea.txt")
    assert list(copies(home).values()) == ["The sea is deep."], "without the folder, the object is meant"


def test_what_a_crash_left_goes(rag: Command, bucket: Any, home: Path) -> None:
    """Half a copy, one that was being written, and one that a damaged book does not know and whose object is gone."""
    put(bucket, ferry="The ferry leaves at 7:40.", toll="The toll is 3 crowns.")
    rag("ingest", "s3://papers")
    folder = objects_folder(home / "default")
    (folder / "papers/ferry.txt").write_text("The fer")
    assert "2 objects, 1 of them new or changed" in rag("ingest", "s3://papers").err
    (folder / ".object.left").write_text("half")
    folder.with_suffix(".json").write_text("{")
    bucket.Object("toll.txt").delete()
    assert '"removed": 1' in rag("ingest", "s3://papers", "--json").out
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["ferry.txt"]


class NoStorage(BaseHTTPRequestHandler):
    """Answers as no S3 does, by the first part of the path."""

    released = threading.Event()
    sent = 0

    def do_GET(self) -> None:
        kind = self.path.split("/")[1].partition("?")[0]
        if kind == "silent":
            self.released.wait(60)
        if kind == "refusing":
            body = f"<Error><Code>x{SECRET}!</Code><Message>{SECRET}</Message></Error>".encode()
        else:
            # One is well-formed XML, as a page of the storage would be; two are not.
            body = b"<p>Welcome</p>" * {"flood": 3_000_000, "pages": 2}.get(kind, 1)
        self.send_response(400 if kind == "refusing" else 200)
        self.send_header("Content-Length", str(len(body) + (100 if kind == "broken" else 0)))
        self.end_headers()
        self.close_connection = True
        with suppress(OSError):
            for start in range(0, len(body), 1 << 16):
                type(self).sent += self.wfile.write(body[start : start + (1 << 16)])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def no_storage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), NoStorage)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    for name, value in keys_for(f"http://127.0.0.1:{running.server_port}", tmp_path).items():
        monkeypatch.setenv(name, value)
    yield
    NoStorage.released.set()
    running.shutdown()
    running.server_close()
    thread.join()


def test_a_server_that_is_no_storage_is_one_sentence(no_storage: None) -> None:
    """A web page, an answer that breaks off, one without end, silence, and words that are not repeated."""
    codes = {}
    for bucket in ("page", "pages", "refusing", "silent"):
        with pytest.raises(LoadError) as raised:
            Storage(1 if bucket == "silent" else 30, 1).objects(StorageAddress(bucket))
        assert SECRET not in str(raised.value)
        codes[bucket] = raised.value.notice.code
    assert codes == {
        "page": "remote-failed", "pages": "remote-failed", "refusing": "remote-failed", "silent": "remote-too-slow"
    }  # fmt: skip
    for bucket, code in {"broken": "remote-failed", "flood": "file-changing", "silent": "remote-too-slow"}.items():
        with pytest.raises(LoadError) as raised:
            Storage(1 if bucket == "silent" else 30, 1).read(bucket, RemoteObject("a.txt", 100, "", ""))
        assert raised.value.notice.code == code
    assert NoStorage.sent < 30_000_000, "what nobody asked for is not taken"


def test_what_is_being_read_ends_when_it_is_stopped(no_storage: None) -> None:
    NoStorage.released.clear()
    storage = Storage(60, 1)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(storage.read, "silent", RemoteObject("a.txt", 100, "", ""))
        wait_until(lambda: bool(storage._reading))
        storage.stop()
        with pytest.raises(LoadError):
            reading.result(timeout=30)


def test_limits_and_failures_are_one_sentence(bucket: Any, rag: Command) -> None:
    put(bucket, large="long " * 400, empty="")
    storage = Storage(seconds=20, megabytes=0.001)
    large = next(found for found in storage.objects(StorageAddress("papers")) if found.key == "large.txt")
    with pytest.raises(SkipFile, match=r"0\.001 MB"):
        storage.read("papers", large)
    with pytest.raises(LoadError, match="changed while"):
        Storage(20, 1).read("papers", RemoteObject("large.txt", large.size - 1, "", ""))
    for address in ("s3://nobody", "s3://nobody/folder"):
        with pytest.raises(LoadError) as raised:
            storage.objects(read_storage_address(address))
        assert raised.value.notice.code == "remote-absent", "an absent bucket is no empty one"
    assert storage.objects(read_storage_address("s3://papers/none")) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_ACCESS_KEY_ID")
        patch.delenv("AWS_SECRET_ACCESS_KEY")
        with pytest.raises(LoadError) as raised:
            Storage(20, 1).objects(StorageAddress("papers"))
        assert raised.value.notice.code == "remote-closed"


@pytest.mark.parametrize(
    ("address", "code"),
    [("s3a://papers/x", "remote-scheme"), ("gs://papers", "remote-scheme"), ("memory://x", "remote-scheme"),
     ("file:///etc/passwd", "remote-is-path"), ("s3://ann:sesame@papers/x", "remote-address-with-password"),
     ("s3://", "remote-address-wrong"), ("s3://../x", "remote-address-wrong")],
)  # fmt: skip
def test_other_addresses_are_refused(address: str, code: str) -> None:
    assert is_storage(address)
    with pytest.raises(UsageError) as raised:
        read_storage_address(address)
    assert raised.value.notice.code == code
    assert "sesame" not in str(raised.value)


def test_a_prefix_is_a_folder_or_one_object() -> None:
    address = read_storage_address(" S3://papers/sea/ ")
    assert address.text == "s3://papers/sea"
    assert [address.holds(key) for key in ("sea", "sea/a", "season", "x/sea/a")] == [True, True, False, False]
    assert not is_storage("https://example.org/")


def test_a_name_is_free_and_lies_below_its_bucket() -> None:
    taken = TakenNames()
    assert name_of("papers", "sea/", taken) == "papers/sea/unnamed"
    names = []
    for key in ("a.txt", "A.TXT", "a.txt/b", "../a.txt"):
        names.append(name_of("papers", key, taken))
        taken.add(names[-1])
    assert names == ["papers/a.txt", "papers/A (2).TXT", "papers/a.txt_b", "papers/a (3).txt"]


def test_thousands_of_keys_may_have_one_name() -> None:
    """Each costs a look or two, and not one at all names before it."""
    looks = []

    class Counting(TakenNames):
        def __contains__(self, name: object) -> bool:
            looks.append(name)
            return super().__contains__(name)

    taken = Counting()
    for number in range(500):
        taken.add(name_of("papers", "z" * 130 + str(number), taken))
    assert len(looks) < 3 * 500
    assert f"papers/{'z' * 120} (500)" in taken


def test_a_damaged_book_counts_as_empty(home: Path) -> None:
    path = objects_folder(home / "default").with_suffix(".json")
    path.parent.mkdir(parents=True)
    entry = '{"name": "../up/x.txt", "bucket": "b", "key": "k", "size": 1, "etag": "", "modified": ""}'
    for text in ("[", '{"objects": [{}]}', f'{{"objects": [{entry}]}}'):
        path.write_text(text)
        assert list(ObjectBook(home / "default")) == []
