"""Collections: their names, the trash, who may do what: `rag.hosting.workspaces` and its routes."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rag.errors import IndexUnusable, UsageError
from rag.hosting.bind_address import BindAddress
from rag.hosting.collection_names import CollectionNames, checked_name, folder_for
from rag.hosting.collection_trash import KEPT, CollectionTrash
from rag.hosting.users import Authenticator, add_user
from rag.hosting.workspaces import Workspaces
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.index import Index
from rag.store.write_lock import write_lock
from rag.types import Answer
from ui.server.app import make_app, make_service

PASSWORD = "correct horse 7"


@pytest.fixture
def own(index: Index) -> Iterator[Workspaces]:
    """The collections of one person."""
    opened = Workspaces(index, with_users=False)
    yield opened
    opened.close()


def names(workspaces: Workspaces, user: str = "") -> list[str]:
    return [workspace.name for workspace in workspaces.of(user)]


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("papers", "papers"),
        ("Häuser & Höfe", "Haeuser-Hoefe"),
        ("Verträge/2024", "Vertraege-2024"),
        ("..", "collection"),
        ("日本語", "collection"),
        (".hidden", "hidden"),
        ("x.rebuilt", "x-rebuilt"),
        ("a" * 60, "a" * 48),
    ],
)
def test_a_folder_is_made_of_any_name(name: str, folder: str) -> None:
    assert folder_for(checked_name(name), ()) == folder
    assert folder_for(name, [folder.upper()]) == f"{folder}-2"
    assert folder_for(name, [folder, f"{folder}-2"]) == f"{folder}-3"


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\nb", "a\x00b", "\u202eabc", "\ud800"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(UsageError, match="needs a name"):
        checked_name(name)


def test_a_name_stands_beside_the_folder(own: Workspaces, index: Index) -> None:
    made = own.create("", " Häuser & Höfe ")
    assert (made.id, made.name, made.folder) == ("own:Haeuser-Hoefe", "Häuser & Höfe", "Haeuser-Hoefe")
    renamed = own.rename("", made.id, "Verträge")
    assert (renamed.id, renamed.name) == (made.id, "Verträge")
    assert (index.folder.parent / "Haeuser-Hoefe").is_dir()
    own.rename("", "own:default", "Handbuch")
    assert names(own) == ["Handbuch", "Verträge"]
    assert own.open("", "own:default") is index
    for taken in ("handbuch", "VERTRÄGE"):
        with pytest.raises(UsageError, match="already"):
            own.create("", taken)
    with pytest.raises(UsageError, match="already"):
        own.rename("", made.id, "Handbuch")
    assert own.rename("", made.id, "verträge").name == "verträge", "its own name in other letters"


def test_a_file_of_names_that_is_no_such_file(tmp_path: Path) -> None:
    kept = CollectionNames(tmp_path)
    for text in ("", "[]", "{", '{"a": 3, "b": "x\\u0000y"}'):
        (tmp_path / ".collections.json").write_text(text)
        assert kept.all(["a", "b"]) == {"a": "a", "b": "b"}
    kept.set("a", "Ä")
    kept.set("b", "b")
    assert json.loads((tmp_path / ".collections.json").read_text()) == {"a": "Ä"}


# -- the trash ---------------------------------------------------------------------------------------------------------


def test_what_is_deleted_can_be_brought_back_with_its_conversations(own: Workspaces, index: Index) -> None:
    made = own.create("", "Höfe")
    folder = own.open("", made.id).folder
    conversation = History(folder).begin("").id
    files = index.folder.parent / ".files" / made.folder / "uploads"
    files.mkdir(parents=True)
    (files / "a.txt").write_text("a")
    deleted = own.delete("", made.id)
    assert names(own) == ["default"]
    assert not folder.exists()
    assert not files.exists()
    assert [(one.id, one.name) for one in own.deleted("")] == [(deleted.id, "Höfe")]
    with pytest.raises(UsageError, match="no such collection"):
        own.open("", made.id)
    again = own.create("", "Höfe")
    assert again.folder == "Hoefe-2", "the folder of what can be brought back stays free"
    back = own.restore("", deleted.id)
    assert (back.id, back.name) == (made.id, "Hoefe"), "the name was given away"
    assert History(own.open("", back.id).folder).conversation("", conversation) is not None
    assert (files / "a.txt").read_text() == "a"
    assert own.deleted("") == []
    with pytest.raises(UsageError, match="cannot be brought back"):
        own.restore("", deleted.id)


def test_what_is_deleted_is_gone_after_a_day(own: Workspaces, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    deleted = own.delete("", own.create("", "Höfe").id)
    place = index.folder.parent / ".trash" / deleted.id
    own.create("", "more")
    assert place.is_dir()
    later = time.time() + KEPT + 1
    monkeypatch.setattr("rag.hosting.collection_trash.time.time", lambda: later)
    assert own.deleted("") == []
    with pytest.raises(UsageError, match="cannot be brought back"):
        own.restore("", deleted.id)
    Workspaces(index, with_users=False).close()
    assert not place.exists(), "a server that starts deletes it for good"


def test_a_collection_that_is_written_into_stays(own: Workspaces) -> None:
    made = own.create("", "Höfe")
    with write_lock(own.open("", made.id).folder), pytest.raises(IndexUnusable):
        own.delete("", made.id)
    assert names(own) == ["default", "Höfe"]
    assert own.deleted("") == []


def test_the_first_collection_can_go_but_not_the_last(own: Workspaces) -> None:
    with pytest.raises(UsageError, match="the only collection"):
        own.delete("", "own:default")
    other = own.create("", "other")
    deleted = own.delete("", "own:default")
    assert names(own) == ["other"]
    assert own.open("").name == other.folder
    with pytest.raises(UsageError, match="the only collection"):
        own.delete("", other.id)
    assert own.restore("", deleted.id).id == "own:default"
    assert names(own) == ["default", "other"]


def test_what_lies_in_the_trash_by_mistake_is_passed_over(tmp_path: Path) -> None:
    for name, note in (("a", "{"), ("b", "[]"), ("c", '{"folder": "c", "name": "c", "at": 99999999999}')):
        (tmp_path / ".trash" / name).mkdir(parents=True)
        (tmp_path / ".trash" / name / "note.json").write_text(note)
    trash = CollectionTrash(tmp_path, Settings(home=tmp_path))
    assert trash.all() == []
    trash.empty()
    assert len(list((tmp_path / ".trash").iterdir())) == 3, "another server may be moving a collection there"
    for place in (tmp_path / ".trash").iterdir():
        os.utime(place, (0, 0))
    trash.empty()
    assert not (tmp_path / ".trash").exists()


def test_names_that_are_given_at_once_are_all_kept(tmp_path: Path) -> None:
    threads = [threading.Thread(target=CollectionNames(tmp_path).set, args=(f"f{n}", f"Höfe {n}")) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert CollectionNames(tmp_path).all([f"f{n}" for n in range(12)]) == {f"f{n}": f"Höfe {n}" for n in range(12)}


# -- who may do what ---------------------------------------------------------------------------------------------------


@pytest.fixture
def two(index: Index, tmp_path: Path) -> Iterator[dict[str, TestClient]]:
    users = tmp_path / "users.json"
    for name in ("ann", "bob"):
        add_user(users, name, lambda prompt: PASSWORD)
    service = make_service(index, with_users=True)
    app = make_app(service, BindAddress(auth=users), Authenticator(users))
    clients = {name: TestClient(app, base_url="http://127.0.0.1:7860") for name in ("ann", "bob", "")}
    for name in ("ann", "bob"):
        clients[name].post("/sign-in", data={"name": name, "password": PASSWORD}, follow_redirects=False)
    yield clients
    service.close()


def test_each_names_and_deletes_only_their_own(two: dict[str, TestClient], index: Index) -> None:
    ann, bob, stranger = two["ann"], two["bob"], two[""]
    diary = ann.post("/i/workspaces/new", json={"name": "Diary"}).json()["workspace"]
    assert [one["name"] for one in ann.get("/i/workspaces").json()["workspaces"]] == ["default", "Diary"]
    assert [one["name"] for one in bob.get("/i/workspaces").json()["workspaces"]] == ["default"]
    assert stranger.get("/i/workspaces").status_code == 401
    for other, status in ((bob, (400, 404)), (stranger, (401,))):
        assert other.post(f"/i/{diary}/name", json={"name": "x"}).status_code in status
        assert other.delete(f"/i/{diary}").status_code in status
        for what in ("start", "questions"):
            assert other.get(f"/i/{diary}/{what}").status_code in status
    for user in (ann, bob):
        assert "is shared" in user.post("/i/shared:default/name", json={"name": "x"}).json()["error"]
        assert "is shared" in user.delete("/i/shared:default").json()["error"]
    assert index.folder.is_dir()
    deleted = ann.delete(f"/i/{diary}").json()
    assert deleted["message"] == "“Diary” is deleted (documents: 0, conversations: 0)"
    assert bob.post("/i/workspaces/restore", json={"deleted": deleted["deleted"]}).status_code == 400
    assert ann.get(f"/i/{diary}/start").status_code == 404
    assert ann.post("/i/workspaces/restore", json={"deleted": deleted["deleted"]}).json() == {"workspace": diary}
    assert ann.get("/i/workspaces").json()["deleted"] == []


def test_the_first_screen(two: dict[str, TestClient], index: Index) -> None:
    history = History(index.folder)
    history.save("ann", history.begin("ann").id, Answer("Is <b>this</b> mine?", "Is this mine?"))
    shown = two["ann"].get("/i/shared:default/start").text
    assert "<h1>default</h1>" in shown
    assert "4 documents" in shown
    assert "Is &lt;b&gt;this&lt;/b&gt; mine?" in shown
    assert "f-newest" in shown
    assert "f-act-documents" not in shown, "who cannot add documents is not asked to"
    assert "mine?" not in two["bob"].get("/i/shared:default/start").text
    diary = two["ann"].post("/i/workspaces/new", json={"name": "Diary"}).json()["workspace"]
    empty = two["ann"].get(f"/i/{diary}/start", headers={"Footnote-Language": "de"}).text
    assert "Noch keine Dokumente" in empty
    assert "Dokumente hinzufügen" in empty
