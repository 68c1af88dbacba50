"""Watched folders of the chat: who may choose them, what becomes of them, and that they come back with the chat."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rag.errors import UsageError
from rag.hosting.bind_address import BindAddress
from rag.hosting.users import Authenticator, add_user, set_operator
from rag.ingestion.rebuild import rebuild
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.store.write_lock import write_lock
from tests.conftest import LIBRARY, write_files
from tests.fakes import WordEncoder
from tests.ui.served import wait_until
from tests.ui.test_app import PASSWORD
from ui.server.app import make_app, make_service
from ui.service.chat_service import ChatService

WATCHED = "/i/shared:default/watched"


@pytest.fixture
def index(settings: Settings) -> Iterator[Index]:
    with open_index("default", settings=settings, create=True, encoder=WordEncoder()) as opened:
        yield opened


@pytest.fixture
def service(index: Index) -> Iterator[ChatService]:
    opened = make_service(index)
    yield opened
    opened.close()


@pytest.fixture
def client(service: ChatService) -> Iterator[TestClient]:
    with TestClient(make_app(service, BindAddress(), None), base_url="http://127.0.0.1:7860") as opened:
        yield opened


def sources(index: Index) -> list[str]:
    return [one.source for one in index.catalog.sources()]


def watched_at(client: TestClient) -> str:
    return f"/i/{client.get('/i/workspaces').json()['workspaces'][0]['id']}/watched"


def test_a_folder_is_added_followed_and_taken_away(
    client: TestClient, service: ChatService, index: Index, library: Path
) -> None:
    watched = watched_at(client)
    assert client.get(watched).json() == {"allowed": True, "folders": [], "version": index.catalog.get("version")}
    added = client.post(watched, json={"path": f" {library} "}).json()
    assert [folder["path"] for folder in added["folders"]] == [str(library)]
    wait_until(lambda: sources(index) == sorted(LIBRARY))
    wait_until(lambda: client.get(watched).json()["folders"][0]["state"] == "watching")
    german = client.get(watched, headers={"Footnote-Language": "de"}).json()["folders"][0]["words"]
    assert german == "Wird beobachtet"
    write_files(library, {"new.txt": "A new ferry.\n"})
    wait_until(lambda: "new.txt" in sources(index), 60)
    library.rename(library.with_name("away"))
    wait_until(lambda: client.get(watched).json()["folders"][0]["state"] == "gone")
    library.with_name("away").rename(library)
    wait_until(lambda: client.get(watched).json()["folders"][0]["state"] == "watching")
    kept = client.request("DELETE", watched, json={"path": str(library)}).json()
    assert (kept["folders"], kept["count"]) == ([], 0)
    assert len(sources(index)) == len(LIBRARY) + 1
    client.post(watched, json={"path": str(library)})
    wait_until(lambda: client.get(watched).json()["folders"][0]["state"] == "watching")
    removed = client.request("DELETE", watched, json={"path": str(library), "documents": True}).json()
    assert removed["count"] == len(LIBRARY) + 1
    assert sources(index) == []
    restore = watched.replace("watched", f"removals/{removed['removal']}/restore")
    client.post(restore, json={})
    wait_until(lambda: len(sources(index)) == len(LIBRARY) + 1)


def test_who_deletes_a_document_of_a_watched_folder_is_told_that_it_comes_back(
    client: TestClient, index: Index, library: Path
) -> None:
    watched = watched_at(client)
    documents = watched.replace("watched", "documents")
    client.post(watched, json={"path": str(library)})
    wait_until(lambda: sources(index) == sorted(LIBRARY))
    wait_until(lambda: client.get(watched).json()["folders"][0]["state"] == "watching")
    deleted = client.request("DELETE", documents, json={"sources": ["bridge.md", "weather.txt"]}).json()
    assert (deleted["count"], deleted["watched"]) == (2, 2)
    os.utime(library / "bridge.md")
    wait_until(lambda: "bridge.md" in sources(index), 60)
    client.request("DELETE", watched, json={"path": str(library)})
    assert client.request("DELETE", documents, json={"sources": ["bridge.md"]}).json()["watched"] == 0


@pytest.mark.parametrize(
    "path", ["", "relative", "/nowhere/at/all", "/dev/null", "\0", "x" * 9000, "~nobody-of-this-name"]
)
def test_what_is_no_folder_is_refused(client: TestClient, path: str) -> None:
    answer = client.post(watched_at(client), json={"path": path})
    assert answer.status_code == 400
    assert "There is no folder" in answer.text


def test_footnotes_own_folder_and_one_that_is_watched_are_refused(
    client: TestClient, index: Index, library: Path
) -> None:
    watched = watched_at(client)
    assert "own folder" in client.post(watched, json={"path": str(index.folder)}).text
    client.post(watched, json={"path": str(library)})
    for again in (library, library / "sea", library.parent):
        assert "watched already" in client.post(watched, json={"path": str(again)}).text
    assert client.request("DELETE", watched, json={"path": "/nowhere"}).status_code == 404


def test_watching_comes_back_with_the_chat(service: ChatService, index: Index, library: Path) -> None:
    service.watching.of(index).add(str(library))
    wait_until(lambda: sources(index) == sorted(LIBRARY))
    service.watching.close()
    write_files(library, {"meanwhile.txt": "A ferry.\n"})
    again = make_service(index)
    try:
        assert [folder.path for folder in again.watching.of(index).states()] == [library]
        wait_until(lambda: "meanwhile.txt" in sources(index))
    finally:
        again.close()


def test_what_another_server_changes_in_the_list_holds_here(
    client: TestClient, service: ChatService, index: Index, library: Path, tmp_path: Path
) -> None:
    watched = watched_at(client)
    client.post(watched, json={"path": str(library)})
    wait_until(lambda: sources(index) == sorted(LIBRARY))
    write_files(tmp_path / "letters", {"letter.txt": "A letter.\n"})
    another = make_service(index)
    try:
        elsewhere = another.watching.of(index)
        elsewhere.add(str(tmp_path / "letters"))
        listed = [folder["path"] for folder in client.get(watched).json()["folders"]]
        assert listed == [str(library), str(tmp_path / "letters")]
        # Nobody looks at the page here: the watcher itself sees that its folder is followed no longer.
        watcher = service.watching.of(index)._watchers[library]
        assert elsewhere.remove(str(library)) == sorted(LIBRARY)
        write_files(library, {"late.txt": "Too late.\n"})
        wait_until(lambda: watcher.state().phase == "ended")
        assert "late.txt" not in sources(index)
        elsewhere.add(str(library))
        wait_until(lambda: "late.txt" in sources(index))
        assert len(client.get(watched).json()["folders"]) == 2
        wait_until(lambda: service.watching.of(index)._watchers[library].state().phase == "watching")
    finally:
        another.close()


def test_folders_that_two_servers_add_at_once_are_both_kept(
    service: ChatService, index: Index, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one adds its folder after this one has looked at the list, and before it writes it."""
    write_files(tmp_path, {"letters/letter.txt": "A letter.\n", "letters/old/note.txt": "A note.\n"})
    another = make_service(index)
    try:
        here, elsewhere = service.watching.of(index), another.watching.of(index)
        catch_up, added = here._catch_up, list[str]()

        def overtaken() -> None:
            catch_up()
            if not added:
                added.append("letters")
                elsewhere.add(str(tmp_path / "letters"))

        monkeypatch.setattr(here, "_catch_up", overtaken)
        here.add(str(library))
        both = {tmp_path / "letters", library}
        assert {folder.path for folder in here.states()} == {folder.path for folder in elsewhere.states()} == both
        added.clear()
        assert elsewhere.remove(str(tmp_path / "letters")) is not None
        with pytest.raises(UsageError) as known:
            here.add(str(tmp_path / "letters" / "old"))
        assert known.value.notice.code == "watch-known"
    finally:
        another.close()


def test_uploads_and_another_writer_are_waited_for(
    client: TestClient, service: ChatService, index: Index, library: Path
) -> None:
    watched = watched_at(client)
    with write_lock(index.folder):
        client.post(watched, json={"path": str(library)})
        wait_until(lambda: client.get(watched).json()["folders"][0]["state"] == "waiting")
        assert "being written" in client.get(watched).json()["folders"][0]["words"]
    # Both at once: each takes its turn, and nothing of either is lost.
    note = library.parent / "note.txt"
    note.write_text("The zeppelin lands at noon.\n")
    job = service.uploads.start(index, [("note.txt", note)])
    assert job.wait(60)
    assert job.state().phase == "done"
    wait_until(lambda: sources(index) == sorted([*LIBRARY, "note.txt"]))


def test_only_an_operator_sees_and_chooses_folders(index: Index, library: Path, tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    for name in ("ann", "bob"):
        add_user(users, name, lambda prompt: PASSWORD)
    set_operator(users, "ann", True)
    set_operator(users, "bob", False)
    service = make_service(index, with_users=True)
    app = make_app(service, BindAddress(auth=users), Authenticator(users))
    clients = {}
    with TestClient(app, base_url="http://127.0.0.1:7860") as stranger:
        for name in ("ann", "bob"):
            clients[name] = TestClient(app, base_url="http://127.0.0.1:7860")
            clients[name].post("/sign-in", data={"name": name, "password": PASSWORD}, follow_redirects=False)
        try:
            assert clients["ann"].post(WATCHED, json={"path": str(library)}).status_code == 200
            # Not even the paths are told to others.
            told = clients["bob"].get(WATCHED).json()
            assert (told["allowed"], told["folders"]) == (False, [])
            for method, body in (("POST", {"path": "/"}), ("DELETE", {"path": str(library)})):
                assert clients["bob"].request(method, WATCHED, json=body).status_code == 403
                assert stranger.request(method, WATCHED, json=body).status_code == 401
            assert stranger.get(WATCHED).status_code == 401
            assert len(clients["ann"].get(WATCHED).json()["folders"]) == 1
        finally:
            service.close()


def test_nobody_chooses_folders_where_other_machines_reach_the_chat(service: ChatService, library: Path) -> None:
    app = make_app(service, BindAddress("0.0.0.0", insecure=True), None)
    with TestClient(app, base_url="http://192.0.2.7:7860") as client:
        watched = watched_at(client)
        told = client.get(watched).json()
        assert (told["allowed"], told["folders"]) == (False, [])
        assert client.post(watched, json={"path": str(library)}).status_code == 403


def test_the_list_survives_a_rebuild(
    service: ChatService, index: Index, library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.index.open_encoder", lambda *_: index.encoder)
    service.watching.of(index).add(str(library))
    wait_until(lambda: sources(index) == sorted(LIBRARY))
    service.watching.close()
    rebuild("default", [library], settings)
    index.refresh()
    assert [folder.path for folder in service.watching.of(index).states()] == [library]
