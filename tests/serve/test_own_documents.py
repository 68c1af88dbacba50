"""Documents by Footnote's own protocol: listing, reading, adding and removing them, and the jobs that read them."""

from __future__ import annotations

import errno
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.hosting.access import Caller, OpenAccess
from rag.hosting.rights import named_rights
from rag.hosting.upload_batches import UploadBatches
from rag.hosting.uploads import UploadLimits
from rag.serve.app import make_app
from rag.store.write_lock import write_lock
from tests.fakes import WordEncoder
from tests.serve.own_protocol import LIBRARY, OwnProtocol, command, serving, wait_until


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnProtocol]:
    """With the real embedding model; tests leave the library as it is."""
    with serving(tmp_path_factory.mktemp("documents")) as running:
        yield running


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[OwnProtocol]:
    """With two indexes and an embedding model that counts words, for tests that change what there is."""
    with serving(tmp_path, names=("default", "other"), encoder=WordEncoder()) as running:
        yield running


def in_index(served: OwnProtocol, index: str = "default") -> list[str]:
    rows = served.client.get("/v1/sources", params={"index": index}).json()["sources"]
    return [row["source"] for row in rows]


def code_of(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def left_behind(served: OwnProtocol) -> list[Path]:
    """What uploads have left on the disk that nobody will look for."""
    staged = list(served.home.glob(".files/*/staging/*"))
    return staged + [batch.folder for batch in served.service.batches._batches.values()]


# -- listing and reading -----------------------------------------------------------------------------------------------


def test_sources_are_listed_as_on_the_command_line(served: OwnProtocol) -> None:
    printed = json.loads(command(served.home, "sources", "--json"))
    listed = served.client.get("/v1/sources").json()
    assert listed == {"index": "default", "sources": printed["sources"], "after": None}
    assert [row["source"] for row in listed["sources"]] == sorted(LIBRARY)


def test_pages_hold_each_source_once(served: OwnProtocol) -> None:
    pages, after = [], ""
    while True:
        page = served.client.get("/v1/sources", params={"limit": 1, "after": after}).json()
        pages.append([row["source"] for row in page["sources"]])
        after = page["after"]
        if after is None:
            break
    assert pages == [[name] for name in sorted(LIBRARY)]


@pytest.mark.parametrize(
    ("glob", "names"),
    [
        ("sea", ["sea/ferry.txt"]),
        ("sea/", ["sea/ferry.txt"]),
        ("*.md", ["bridge.md"]),
        ("bridge.md", ["bridge.md"]),
        ("nothing*", []),
    ],
)
def test_a_list_by_pattern(served: OwnProtocol, glob: str, names: list[str]) -> None:
    rows = served.client.get("/v1/sources", params={"glob": glob}).json()["sources"]
    assert [row["source"] for row in rows] == names


def test_a_source_by_itself(served: OwnProtocol) -> None:
    record = served.client.get("/v1/sources/bridge.md").json()
    text = served.client.get("/v1/sources/bridge.md/text").text
    assert (record["status"], record["reason"], record["characters"]) == ("read", None, len(text))
    assert [(heading["title"], heading["level"]) for heading in record["outline"]] == [
        ("Lantern bridge", 1),
        ("Toll", 2),
    ]
    assert [text[heading["start"] : heading["end"]] for heading in record["outline"]] == ["# Lantern bridge", "## Toll"]


def test_slices_are_those_of_the_command_line(served: OwnProtocol) -> None:
    whole = served.client.get("/v1/sources/sea/ferry.txt/text")
    assert whole.headers["content-type"] == "text/plain; charset=utf-8"
    assert whole.headers["x-content-type-options"] == "nosniff"
    length = len(whole.text)
    for start, end in ((0, length), (5, 22), (length - 12, length), (7, 7)):
        slice_ = served.client.get("/v1/sources/sea/ferry.txt/text", params={"start": start, "end": end})
        assert slice_.text == whole.text[start:end]
    printed = command(served.home, "show", "sea/ferry.txt", "--span", f"{length - 12}:{length}")
    assert slice_.status_code == 200
    assert printed == whole.text[length - 12 :]
    for start, end in ((5, 4), (0, length + 1)):
        wrong = served.client.get("/v1/sources/sea/ferry.txt/text", params={"start": start, "end": end})
        assert code_of(wrong) == (422, "no_such_slice")


def test_sources_that_are_not_there(served: OwnProtocol) -> None:
    for path in ("/v1/sources/absent.txt", "/v1/sources/absent.txt/text", "/v1/sources/..%2f..%2fetc%2fpasswd"):
        assert code_of(served.client.get(path)) == (404, "source-not-in-index")


def test_indexes_say_what_they_hold(served: OwnProtocol) -> None:
    (index,) = served.client.get("/v1/indexes").json()["indexes"]
    assert (index["index"], index["documents"], index["chunks"]) == ("default", 3, 3)
    assert index["embedding_model"] == "all-minilm-l6-v2"
    assert index["may"] == ["read", "write"]


def test_an_index_that_cannot_be_read_does_not_hide_the_others(fake: OwnProtocol) -> None:
    (fake.home / "broken").mkdir()
    (fake.home / "broken" / "catalog.sqlite").write_bytes(b"no database" * 1000)
    indexes = {index["index"]: index for index in fake.client.get("/v1/indexes").json()["indexes"]}
    assert indexes["default"]["problem"] is None
    assert indexes["broken"]["problem"]["code"] == "catalog-unreadable"


# -- adding ------------------------------------------------------------------------------------------------------------


def test_files_with_folders_become_sources(served: OwnProtocol) -> None:
    form = [
        ("files", ("reports/2026/may.txt", b"The lantern costs 45 crowns.")),
        ("files", ("reports/2026/may.txt", b"The rope costs 12 crowns.")),
        ("files", ("empty.txt", b"")),
        ("comment", (None, b"no file")),
    ]
    response = served.client.post("/v1/sources", files=form)
    assert response.status_code == 202
    assert not response.json()["over"]
    job = served.ended(response.json()["id"])
    assert {file["source"]: file["state"] for file in job["files"]} == {
        "reports/2026/may.txt": "added",
        "reports/2026/may (2).txt": "added",
        "empty.txt": "skipped",
    }
    assert job["files"][2]["reason"]["text"] == "empty: there is no text in it"
    assert served.post("/v1/search", question="What does the lantern cost?", k=1).json()["passages"][0]["source"] == (
        "reports/2026/may.txt"
    )
    assert left_behind(served) == []
    removed = served.client.delete("/v1/sources", params={"glob": "reports", "dry_run": "false"}).json()
    assert removed["count"] == 2
    assert in_index(served) == sorted(LIBRARY)


def test_one_file_as_the_body_and_the_same_name_again(fake: OwnProtocol) -> None:
    for content, state in ((b"The lamp burns oil.", "added"), (b"The lamp burns gas.", "updated")):
        sent = fake.client.post("/v1/sources", params={"name": "lamp.txt", "index": "other"}, content=content)
        assert [file["state"] for file in fake.ended(sent.json()["id"])["files"]] == [state]
    assert fake.client.get("/v1/sources/lamp.txt/text", params={"index": "other"}).text == "The lamp burns gas."
    assert "lamp.txt" not in in_index(fake)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("../../../etc/passwd", "etc/passwd"),
        ("/etc/cron.d/job", "etc/cron.d/job"),
        ("C:\\Windows\\win.ini", "C_/Windows/win.ini"),
        ("a/../../b.txt", "a/b.txt"),
        (".hidden", "hidden"),
        ("\u202egpj.txt", "_gpj.txt"),
    ],
)
def test_no_name_leads_out_of_the_folder(fake: OwnProtocol, name: str, source: str) -> None:
    sent = fake.client.post("/v1/sources", params={"name": name}, content=b"The toll is 3 crowns.")
    job = fake.ended(sent.json()["id"])
    assert job["files"][0]["source"] == source
    uploads = fake.home / ".files" / "default" / "uploads"
    assert [path.relative_to(uploads).as_posix() for path in uploads.rglob("*") if path.is_file()] == [source]


def test_too_much_is_refused_while_it_comes(fake: OwnProtocol) -> None:
    fake.service.batches = UploadBatches(UploadLimits(files=3, megabytes=0.2))
    many = [("files", (f"{number}.txt", b"words")) for number in range(4)]
    assert code_of(fake.client.post("/v1/sources", files=many)) == (413, "upload-has-too-many-files")
    announced = fake.client.post("/v1/sources", params={"name": "a.txt"}, content=b"x" * 300_000)
    assert code_of(announced) == (413, "upload-too-large")

    def unannounced() -> Iterator[bytes]:
        for _ in range(5):
            yield b"x" * 50_000

    sent = fake.client.post("/v1/sources", params={"name": "a.txt"}, content=unannounced())
    assert code_of(sent) == (413, "upload-has-too-many-megabytes")
    assert left_behind(fake) == []
    assert in_index(fake) == sorted(LIBRARY)


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        ({"content-type": "multipart/form-data"}, b""),
        ({"content-type": "multipart/form-data; boundary=x"}, b""),
        ({"content-type": "multipart/form-data; boundary=x"}, b"--y\r\nnonsense"),
        ({"content-type": "multipart/form-data; boundary=x"},
         b'--x\r\ncontent-disposition: form-data; name="files"; filename="a.txt"\r\n\r\nThe toll'),
        ({"content-type": "multipart/form-data; boundary=" + "x" * 5000}, b"--x\r\n"),
        ({"content-type": "multipart/form-data; boundary=x"}, b"--x\r\n" + b"h" * 100_000),
    ],
)  # fmt: skip
def test_a_form_that_breaks_off(served: OwnProtocol, headers: dict[str, str], content: bytes) -> None:
    assert code_of(served.client.post("/v1/sources", headers=headers, content=content)) == (400, "broken_form")
    assert left_behind(served) == []


def test_no_file_at_all(served: OwnProtocol) -> None:
    assert code_of(served.client.post("/v1/sources", content=b"words")) == (415, "no_file")
    empty = b"--x--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert code_of(served.client.post("/v1/sources", headers=headers, content=empty)) == (422, "upload-empty")


def test_a_form_that_comes_in_small_pieces(served: OwnProtocol) -> None:
    request = httpx.Request("POST", "http://x/", files=[("files", ("a.txt", b"A")), ("files", ("b.txt", b"\r\n--B"))])
    content = request.read()

    def bytes_one_by_one() -> Iterator[bytes]:
        for number in range(len(content)):
            yield content[number : number + 1]

    sent = served.client.post(
        "/v1/sources", content=bytes_one_by_one(), headers={"content-type": request.headers["content-type"]}
    )
    job = served.ended(sent.json()["id"])
    assert [(file["name"], file["state"]) for file in job["files"]] == [("a.txt", "added"), ("b.txt", "added")]
    assert served.client.get("/v1/sources/b.txt/text").text.strip() == "--B"
    assert served.client.delete("/v1/sources/a.txt").json()["count"] == 1
    assert served.client.delete("/v1/sources/b.txt").json()["count"] == 1


def test_a_client_that_leaves_in_the_middle(served: OwnProtocol) -> None:
    address = httpx.URL(served.address)
    begun = len(served.client.get("/v1/jobs").json()["jobs"])
    with socket.create_connection((address.host, address.port)) as connection:
        head = f"POST /v1/sources?name=half.txt HTTP/1.1\r\nhost: {address.host}:{address.port}\r\n"
        connection.sendall(f"{head}content-length: 1000\r\n\r\nhalf of it".encode())
        wait_until(lambda: left_behind(served))
    wait_until(lambda: not left_behind(served))
    assert len(served.client.get("/v1/jobs").json()["jobs"]) == begun
    assert in_index(served) == sorted(LIBRARY)


def test_a_full_disk(fake: OwnProtocol, monkeypatch: pytest.MonkeyPatch) -> None:
    add = UploadBatches.add

    async def full(self: UploadBatches, id_: str, *rest: Any) -> None:
        await add(self, id_, *rest)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(UploadBatches, "add", full)
    sent = fake.client.post("/v1/sources", params={"name": "a.txt"}, content=b"words")
    assert code_of(sent) == (507, "upload-not-stored")
    assert "No space left on device" in sent.json()["error"]["message"]
    assert left_behind(fake) == []


def test_another_process_that_writes_is_waited_for(fake: OwnProtocol) -> None:
    with write_lock(fake.home / "default"):
        sent = fake.client.post("/v1/sources", params={"name": "lamp.txt"}, content=b"The lamp burns oil.")
        id_ = sent.json()["id"]
        wait_until(lambda: fake.client.get(f"/v1/jobs/{id_}").json()["message"])
        waiting = fake.client.get(f"/v1/jobs/{id_}").json()
        assert (waiting["phase"], waiting["message"]["code"]) == ("waiting", "index-being-written")
        assert code_of(fake.client.delete("/v1/sources/weather.txt")) == (409, "upload-running")
    assert fake.ended(id_)["files"][0]["state"] == "added"
    with write_lock(fake.home / "default"):
        busy = fake.client.delete("/v1/sources/weather.txt")
        assert code_of(busy) == (409, "index-being-written")
        assert busy.headers["retry-after"]
    assert "weather.txt" in in_index(fake)


# -- jobs --------------------------------------------------------------------------------------------------------------


def test_jobs_can_be_cancelled_and_are_found_later(fake: OwnProtocol) -> None:
    with write_lock(fake.home / "default"):
        first = fake.client.post("/v1/sources", params={"name": "one.txt"}, content=b"One.").json()["id"]
        second = fake.client.post("/v1/sources", params={"name": "two.txt"}, content=b"Two.").json()["id"]
        fake.client.delete(f"/v1/jobs/{second}")
        assert fake.ended(second)["phase"] == "cancelled"
    assert fake.ended(first)["phase"] == "done"
    third = fake.client.post("/v1/sources", params={"name": "three.txt"}, content=b"Three.").json()["id"]
    fake.ended(third)
    jobs = fake.client.get("/v1/jobs").json()["jobs"]
    assert {job["id"]: job["phase"] for job in jobs} == {first: "done", second: "cancelled", third: "done"}
    assert "two.txt" not in in_index(fake)
    assert code_of(fake.client.get("/v1/jobs/none-of-these")) == (404, "no_such_job")


def test_too_many_jobs(fake: OwnProtocol) -> None:
    with write_lock(fake.home / "default"):
        answers = [
            fake.client.post("/v1/sources", params={"name": f"{number}.txt"}, content=b"One.") for number in range(17)
        ]
        assert [answer.status_code for answer in answers] == [202] * 16 + [429]
        assert answers[-1].headers["retry-after"]
        for answer in answers[:-1]:
            fake.client.delete(f"/v1/jobs/{answer.json()['id']}")
        for answer in answers[:-1]:
            fake.ended(answer.json()["id"])


class ReadersOfOther(OpenAccess):
    """Everybody may read the index `other`, and nothing else."""

    def caller_of(self, *_: Any) -> Caller:
        return Caller("reader", named_rights({"other"}, ()))


def test_others_see_nothing_of_an_index(fake: OwnProtocol) -> None:
    sent = fake.client.post("/v1/sources", params={"name": "lamp.txt", "index": "default"}, content=b"The lamp.")
    mine = fake.client.post("/v1/sources", params={"name": "rope.txt", "index": "other"}, content=b"The rope.")
    job, other = sent.json()["id"], mine.json()["id"]
    fake.ended(job)
    fake.ended(other)

    import asyncio

    async def ask() -> dict[str, Any]:
        app = make_app(fake.service, ReadersOfOther())
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60) as client:
            calls = {
                "indexes": client.get("/v1/indexes"),
                "jobs": client.get("/v1/jobs"),
                "job": client.get(f"/v1/jobs/{job}"),
                "cancel": client.delete(f"/v1/jobs/{job}"),
                "cancel mine": client.delete(f"/v1/jobs/{other}"),
                "sources": client.get("/v1/sources?index=default"),
                "source": client.get("/v1/sources/bridge.md?index=default"),
                "text": client.get("/v1/sources/bridge.md/text?index=default"),
                "remove": client.delete("/v1/sources/bridge.md?index=default"),
                "remove all": client.delete("/v1/sources?glob=*&index=default"),
                "remove mine": client.delete("/v1/sources/rope.txt"),
                "remove all mine": client.delete("/v1/sources?glob=*"),
                "add": client.post("/v1/sources?name=a.txt&index=default", content=b"a"),
                "add to mine": client.post("/v1/sources?name=a.txt", content=b"a"),
                "search": client.post("/v1/search", json={"question": "toll?", "index": "default"}),
                "answer": client.post("/v1/answer", json={"question": "toll?", "index": "default"}),
                "events": client.post("/v1/answer", json={"question": "toll?", "index": "default", "stream": True}),
                "verify": client.post("/v1/verify", json={"text": "The toll.", "index": "default"}),
            }
            return {name: await call for name, call in calls.items()}

    got = asyncio.run(ask())
    assert [index["index"] for index in got["indexes"].json()["indexes"]] == ["other"]
    assert got["indexes"].json()["indexes"][0]["may"] == ["read"]
    assert [one["id"] for one in got["jobs"].json()["jobs"]] == [other]
    statuses = {name: answer.status_code for name, answer in got.items() if name not in ("indexes", "jobs")}
    forbidden = {"cancel mine", "remove mine", "remove all mine", "add to mine"}
    assert statuses == {name: 403 if name in forbidden else 404 for name in statuses}


# -- removing ----------------------------------------------------------------------------------------------------------


def test_a_pattern_says_how_many_first(fake: OwnProtocol) -> None:
    asked = fake.client.delete("/v1/sources", params={"glob": "*.txt"}).json()
    assert asked == {"index": "default", "count": 2, "sources": ["sea/ferry.txt", "weather.txt"], "dry_run": True}
    assert in_index(fake) == sorted(LIBRARY)
    done = fake.client.delete("/v1/sources", params={"glob": "*.txt", "dry_run": "false"}).json()
    assert done == asked | {"dry_run": False}
    assert in_index(fake) == ["bridge.md"]
    none = fake.client.delete("/v1/sources", params={"glob": "*.txt", "dry_run": "false"}).json()
    assert none["count"] == 0


def test_files_that_were_not_uploaded_stay(fake: OwnProtocol) -> None:
    assert fake.client.delete("/v1/sources/sea/ferry.txt").json()["sources"] == ["sea/ferry.txt"]
    assert (fake.home.parent / "library" / "sea" / "ferry.txt").is_file()
    assert code_of(fake.client.delete("/v1/sources/sea/ferry.txt")) == (404, "source-not-in-index")


def test_a_document_called_text(fake: OwnProtocol) -> None:
    for name in ("notes/text", "notes/other"):
        sent = fake.client.post("/v1/sources", params={"name": name}, content=b"The lamp burns oil.")
        fake.ended(sent.json()["id"])
    assert fake.client.get("/v1/sources/notes/text").json()["source"] == "notes/text"
    assert fake.client.get("/v1/sources/notes/text/text").text == "The lamp burns oil."


def test_uploads_of_several_at_once_all_arrive(fake: OwnProtocol) -> None:
    jobs: list[str] = []

    def send(number: int) -> None:
        sent = fake.client.post("/v1/sources", params={"name": f"lamp {number}.txt"}, content=b"A lamp %d." % number)
        jobs.append(sent.json()["id"])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {fake.ended(job)["files"][0]["state"] for job in jobs} == {"added"}
    assert {f"lamp {number}.txt" for number in range(4)} <= set(in_index(fake))
