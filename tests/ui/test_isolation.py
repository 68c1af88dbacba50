"""Two people on one server: no route gives or changes what is another's; every route there is, and each thing."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rag.hosting.bind_address import BindAddress
from rag.hosting.rights import NOTHING, named_rights
from rag.hosting.users import Authenticator, add_user, set_rights
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.index import Index, open_index
from tests.conftest import LIBRARY, write_files
from tests.fakes import WordEncoder
from tests.ui.served import wait_until
from tests.ui.test_app import PASSWORD, stored_turn
from tests.ui.test_app import two as two
from ui.server.app import make_app, make_service

SHARED = "shared:default"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """The library, new for each test: what one test makes is not there in the next."""
    write_files(tmp_path / "library", LIBRARY)
    settings = Settings(home=tmp_path / "home", llm="none", threads=1)
    with open_index("default", settings=settings, create=True, encoder=WordEncoder()) as opened:
        ingest(opened, [tmp_path / "library"])
        yield opened


# Words that only Ann may read: those of her answer, the name of her conversation, of her collection, and of a document.
SECRETS = ("3 crowns", "Violet umbrella", "diary", "zeppelin")


class Anns:
    """What Ann has: a conversation about the shared collection, and a collection of her own with a document."""

    def __init__(self, ann: TestClient, index: Index) -> None:
        self.conversation, self.turn = stored_turn(index, "ann")
        History(index.folder).rename("ann", self.conversation, "Violet umbrella")
        self.diary = ann.post("/i/workspaces/new", json={"name": "diary"}).json()["workspace"]
        uploads = f"/i/{self.diary}/uploads"
        batch = ann.post(uploads, json={}).json()["batch"]
        ann.post(f"{uploads}/{batch}/files?name=note.txt", content=b"The zeppelin lands at noon.\n")
        ann.post(f"{uploads}/{batch}/start", json={})
        wait_until(lambda: ann.get(uploads).json()["job"]["over"])
        html = ann.get(f"/i/{self.diary}/documents").json()["html"]
        self.document = re.findall(r"[0-9a-f]{64}", html)[0]
        self.batch = ann.post(uploads, json={}).json()["batch"]

    def at(self, workspace: str) -> dict[str, str]:
        """The blanks of an address, filled with what is Ann's."""
        return {
            "workspace": workspace,
            "turn_id": self.turn,
            "source_key": "c1",
            "mark": "c1",
            "form": "markdown",
            "name": f"{self.conversation}.md",
            "batch_id": self.batch,
            "id_": self.conversation,
            "source_id": self.document,
        }


def every_route(app: Any) -> Iterator[tuple[str, str]]:
    """All that an application answers to, its own routes and Gradio's: the path as it is written, and the method."""
    for route in app.routes:
        within = getattr(route, "original_router", None) or getattr(route, "app", None)
        if getattr(route, "methods", None):
            yield from ((route.path, method) for method in route.methods)
        elif hasattr(within, "routes"):
            yield from every_route(within)


def test_what_one_has_the_other_cannot_read(two: dict[str, TestClient], index: Index) -> None:
    anns = Anns(two["ann"], index)
    turn = f"/i/{SHARED}/turns/{anns.turn}"
    conversation = f"/i/{SHARED}/conversations/{anns.conversation}"
    paths = [
        *(f"{turn}{end}" for end in ("/c1", "/c1/preview", "/copy/text", "/copy/markdown", "/why", "/case", ".json")),
        f"{turn}/follow-ups",
        *(f"{conversation}{end}" for end in (".md", ".html", ".docx", ".pdf", "/share")),
        *(
            f"/i/{anns.diary}/{what}"
            for what in (
                "documents", "document-folders", f"documents/{anns.document}", f"documents/{anns.document}?find=noon",
                "uploads", "start", "questions", "conversations", "conversations?search=a", "conversations.zip",
                "conversations/answering?ids=a", "unanswered", "unanswered.csv",
                "watched",
            )
        ),
    ]  # fmt: skip
    for path in paths:
        assert two["ann"].get(path).status_code == 200, path
        assert two["bob"].get(path).status_code == 404, path
        assert two[""].get(path).status_code == 401, path
    # Where both may ask, each sees what is theirs alone.
    bob = two["bob"]
    assert "Violet" in two["ann"].get(f"/i/{SHARED}/conversations").text
    for path in ("conversations", "conversations?search=Violet", "conversations?archived=true", "start"):
        assert "Violet" not in bob.get(f"/i/{SHARED}/{path}").text, path
    answering = bob.get(f"/i/{SHARED}/conversations/answering?ids={anns.conversation}")
    assert answering.json() == {"answering": []}
    with zipfile.ZipFile(io.BytesIO(bob.get(f"/i/{SHARED}/conversations.zip").content)) as archive:
        assert archive.namelist() == ["conversations.json"]
        assert b"Violet" not in archive.read("conversations.json")
    assert "diary" not in bob.get("/i/workspaces").text
    assert str(index.folder.parent) not in bob.get(f"/i/settings/view?workspace={anns.diary}").text


def test_what_one_has_the_other_cannot_change(two: dict[str, TestClient], index: Index) -> None:
    anns = Anns(two["ann"], index)
    turn = f"/i/{SHARED}/turns/{anns.turn}"
    conversation = f"/i/{SHARED}/conversations/{anns.conversation}"
    for method, path, content in (
        ("POST", f"{turn}/feedback", {"thumb": "up"}),
        ("POST", f"{turn}/case", {}),
        ("DELETE", f"{turn}/case", {"case": "x"}),
        ("PATCH", conversation, {"title": "Mine"}),
        ("DELETE", conversation, {}),
        ("POST", f"{conversation}/restore", {}),
        ("POST", f"{conversation}/share", {}),
        ("DELETE", f"{conversation}/share", {}),
        ("DELETE", f"/i/{anns.diary}", {}),
        ("PUT", f"/i/{anns.diary}/unanswered", {"on": True}),
        ("DELETE", f"/i/{anns.diary}/documents", {"sources": ["note.txt"]}),
        ("POST", f"/i/{anns.diary}/documents/read-again", {"sources": ["note.txt"]}),
        ("POST", f"/i/{anns.diary}/removals/x/restore", {}),
        ("POST", f"/i/{anns.diary}/uploads", {}),
        ("DELETE", f"/i/{anns.diary}/uploads", {}),
        ("POST", f"/i/{anns.diary}/watched", {"path": "/"}),
        ("DELETE", f"/i/{anns.diary}/watched", {"path": "/"}),
    ):
        for user, expected in (("bob", 404), ("", 401)):
            assert two[user].request(method, path, json=content).status_code == expected, (user, method, path)
    assert two["bob"].post(f"/i/{anns.diary}/name", json={"name": "taken"}).status_code == 400
    two["bob"].post("/i/workspaces/new", json={"name": "diary"})
    stolen = two["bob"].post(f"/i/{anns.diary}/uploads/{anns.batch}/files?name=a.txt", content=b"x")
    assert stolen.status_code == 400, "a batch belongs to who began it"
    # The shared collection is read only, its list of questions is for whoever looks after it, models for operators.
    for user in ("ann", "bob"):
        for method, what, content in (
            ("POST", "uploads", {}),
            ("DELETE", "documents", {"sources": ["bridge.md"]}),
            ("POST", "documents/read-again", {"sources": ["bridge.md"]}),
            ("POST", "removals/x/restore", {}),
        ):
            assert two[user].request(method, f"/i/{SHARED}/{what}", json=content).status_code == 403, what
    for method, what in (("GET", ""), ("GET", ".csv"), ("PUT", ""), ("DELETE", ""), ("POST", "/restore")):
        assert two["bob"].request(method, f"/i/{SHARED}/unanswered{what}", json={"on": True}).status_code == 403
    for method, what in (("POST", "servers"), ("PATCH", "servers"), ("DELETE", "servers"), ("POST", "servers/restore"),
                         ("POST", "servers/try"), ("POST", "servers/models"), ("GET", "fetches"), ("POST", "fetches"),
                         ("DELETE", "fetches")):  # fmt: skip
        assert two["bob"].request(method, f"/i/settings/{what}", json={"id": "x"}).status_code == 403, what
    two["bob"].put("/i/settings/preferences", json={"instructions": "Like a sailor."})
    view = f"/i/settings/view?workspace={SHARED}"
    assert "Like a sailor." in two["bob"].get(view).text
    assert "Like a sailor." not in two["ann"].get(view).text


def test_a_conversation_that_is_imported_by_another_is_a_new_one(two: dict[str, TestClient], index: Index) -> None:
    anns = Anns(two["ann"], index)
    packed = two["ann"].get(f"/i/{SHARED}/conversations.zip").content
    assert two["bob"].post(f"/i/{SHARED}/conversations/import", content=packed).status_code == 200
    history = History(index.folder)
    (bobs,) = [one for one in history.conversations("bob") if one.title == "Violet umbrella"]
    assert bobs.id != anns.conversation
    history.remove("bob", bobs.id)
    assert [turn.id for turn in history.turns("ann", anns.conversation)] == [anns.turn]


def test_only_what_is_shared_is_read_by_others_who_are_signed_in(two: dict[str, TestClient], index: Index) -> None:
    anns = Anns(two["ann"], index)
    share = f"/i/{SHARED}/conversations/{anns.conversation}/share"
    link = re.findall(r"/i/shared/[\w-]{40,}", two["ann"].post(share, json={}).text)[0]
    assert "3 crowns" in two["bob"].get(link).text
    assert two["bob"].request("DELETE", share, json={}).status_code == 404, "who reads it does not share it"
    for path in (f"/i/{SHARED}/turns/{anns.turn}/c1", f"/i/{SHARED}/conversations/{anns.conversation}.md"):
        assert two["bob"].get(path).status_code == 404, "the link gives the page alone"
    stranger = two[""]
    sent = stranger.get(link, follow_redirects=False)
    assert (sent.status_code, sent.text) == (303, "")
    form = stranger.get(sent.headers["location"]).text
    assert f'name="then" value="{link}"' in form
    wrong = stranger.post("/sign-in", data={"name": "bob", "password": "wrong", "then": link})
    assert f'name="then" value="{link}"' in wrong.text, "a wrong password does not lose the way"
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    again = stranger.get(link, headers=followed, follow_redirects=False)
    assert again.status_code == 200
    assert f'content="0; url={link}"' in again.text, "the browser sends its cookie to the second try"
    assert "3 crowns" not in again.text
    credentials = {"name": "bob", "password": PASSWORD}
    entered = stranger.post("/sign-in", data={**credentials, "then": link}, follow_redirects=False)
    assert entered.headers["location"] == link
    for elsewhere in ("https://evil.example", "//evil.example", "/i/shared/../x", "/i/shared/a\n", "/sign-out", ""):
        entered = stranger.post("/sign-in", data={**credentials, "then": elsewhere}, follow_redirects=False)
        assert entered.headers["location"] == "/", elsewhere
    two["ann"].request("DELETE", share, json={})
    assert two["bob"].get(link).status_code == 404


def test_no_route_at_all_shows_another_persons_things(two: dict[str, TestClient], index: Index) -> None:
    """Every route of the server, with the ids of Ann's things in its blanks."""
    anns = Anns(two["ann"], index)
    routes = sorted(set(every_route(two[""].app._app._english.app)))  # type: ignore[attr-defined]
    assert {"/gradio_api/upload", "/i/{workspace}/turns/{turn_id}.json"} <= {path for path, _ in routes}
    blanks = {blank for path, _ in routes if path.startswith("/i/") for blank in re.findall(r"\{(\w+)", path)}
    # A share's token is what may be given away, a removal's dies with the test, and pages have numbers.
    assert blanks - {"token", "removal", "page", "rest"} <= set(anns.at("")), "a new blank is filled here, too"
    open_ = {"/sign-in", "/page/{name}", "/page/words-{language}.json", "/health", "/favicon.ico"}
    for workspace in (SHARED, anns.diary):
        ids = anns.at(workspace)
        for path, method in routes:
            address = re.sub(r"\{(\w+)(?::\w+)?\}", lambda blank, ids=ids: ids.get(blank[1], "1"), path)
            # The first two stay open as long as a tab does; the last signs Bob out.
            strangers_only = path.startswith(("/gradio_api/heartbeat", "/gradio_api/queue/data", "/sign-"))
            for user in ("",) if strangers_only else ("", "bob"):
                response = two[user].request(method, address, json={}, params={"name": "x"}, follow_redirects=False)
                where = (user, method, path, response.status_code)
                for secret in SECRETS:
                    assert secret not in response.text, where
                # What is turned away, sent to the form, or not there at all.
                assert user or path in open_ or response.status_code in (303, 401, 404, 405), where
                assert response.status_code < 500, where
    ann = two["ann"]
    assert "zeppelin" in ann.get(f"/i/{anns.diary}/documents/{anns.document}").text, "all is as it was"
    (turn,) = History(index.folder).turns("ann", anns.conversation)
    assert turn.feedback is None
    assert "Violet umbrella" in ann.get(f"/i/{SHARED}/conversations").text
    assert ann.post(f"/i/{anns.diary}/uploads/{anns.batch}/files?name=a.txt", content=b"x").status_code == 200


def test_rights_by_index_hold_on_every_route(index: Index, tmp_path: Path) -> None:
    """Ann reads all and changes the shared collection, Bob reads another, Cleo reads nothing that is shared."""
    home, users = index.folder.parent, tmp_path / "users.json"
    write_files(tmp_path / "letters", {"letter.md": "# Letter\n\nThe zeppelin lands at noon.\n"})
    with open_index("letters", home, settings=index.settings, create=True, encoder=index.encoder) as letters:
        ingest(letters, [tmp_path / "letters"])
        (letter,) = [record.document_id for record in letters.catalog.source_records()]
    for name in ("ann", "bob", "cleo"):
        add_user(users, name, lambda _: PASSWORD)
    set_rights(users, "ann", named_rights(None, {"default"}))
    set_rights(users, "bob", named_rights({"letters"}, ()))
    set_rights(users, "cleo", NOTHING)
    authenticator = Authenticator(users)
    service = make_service(index, with_users=True, rights_of=authenticator.rights_of)
    service.prepare()
    app = make_app(service, BindAddress(auth=users, suite=tmp_path / "cases.yaml"), authenticator)
    clients = {name: TestClient(app, base_url="http://127.0.0.1:7860") for name in ("ann", "bob", "cleo")}
    for name, client in clients.items():
        client.post("/sign-in", data={"name": name, "password": PASSWORD}, follow_redirects=False)
    ann, bob, cleo = clients.values()

    def listed(client: TestClient) -> dict[str, bool]:
        return {one["id"]: one["writable"] for one in client.get("/i/workspaces").json()["workspaces"]}

    assert listed(ann) == {SHARED: True, "shared:letters": False}
    assert listed(bob) == {"shared:letters": False}
    assert listed(cleo) == {"own:documents": True}, "an empty collection of her own, for the page to open"
    assert "zeppelin" in bob.get(f"/i/shared:letters/documents/{letter}").text
    routes = [
        (path, method) for path, method in sorted(set(every_route(app._app._english.app))) if "{workspace}" in path
    ]  # type: ignore[attr-defined]
    assert len(routes) > 30
    blanks = {"source_id": str(letter), "turn_id": "x", "id_": "x", "source_key": "c1", "name": "x.md"}
    for client, workspace in ((cleo, "shared:letters"), (cleo, SHARED), (bob, SHARED)):
        for path, method in routes:
            filled = {**blanks, "workspace": workspace}
            address = re.sub(r"\{(\w+)(?::\w+)?\}", lambda blank, filled=filled: filled.get(blank[1], "1"), path)
            response = client.request(method, address, json={}, params={"name": "x"}, follow_redirects=False)
            assert response.status_code in (400, 403, 404), (workspace, method, path, response.status_code)
            assert "zeppelin" not in response.text, (workspace, method, path)
    # Who may change documents does not give the collection another name, or delete it.
    assert ann.post(f"/i/{SHARED}/uploads", json={}).status_code == 200
    assert ann.post("/i/shared:letters/uploads", json={}).status_code == 403
    assert bob.post("/i/shared:letters/uploads", json={}).status_code == 403
    assert ann.post(f"/i/{SHARED}/name", json={"name": "mine"}).status_code == 400
    assert ann.delete(f"/i/{SHARED}").status_code == 400
    # Ann is an operator: her rights hold for what operators do, too.
    assert [ann.get(f"/i/{one}/watched").json()["allowed"] for one in (SHARED, "shared:letters")] == [True, False]
    folder = {"path": str(tmp_path / "letters")}
    assert [ann.request(how, "/i/shared:letters/watched", json=folder).status_code for how in ("POST", "DELETE")] == [
        403,
        403,
    ]
    assert [ann.put(f"/i/{one}/unanswered", json={"on": False}).status_code for one in (SHARED, "shared:letters")] == [
        200,
        403,
    ]
    # A shared conversation is for those who may read what it is about.
    conversation, _ = stored_turn(index, "ann")
    share = ann.post(f"/i/{SHARED}/conversations/{conversation}/share", json={}).text
    link = re.findall(r"/i/shared/[\w-]{40,}", share)[0]
    assert [client.get(link).status_code for client in (ann, bob, cleo)] == [200, 404, 404]
    set_rights(users, "bob", None)
    assert listed(bob) == {SHARED: False}, "as users have it by default, at once"
    assert bob.get(link).status_code == 200
    diary = ann.post("/i/workspaces/new", json={"name": "diary"}).json()["workspace"]
    ingest(service.workspaces.open("ann", diary), [tmp_path / "library"])
    conversation, _ = stored_turn(service.workspaces.open("ann", diary), "ann")
    share = ann.post(f"/i/{diary}/conversations/{conversation}/share", json={}).text
    own_link = re.findall(r"/i/shared/[\w-]{40,}", share)[0]
    assert bob.get(own_link).status_code == 200
    kept = json.loads(users.read_text())
    del kept["users"]["ann"]
    users.write_text(json.dumps(kept))
    assert [bob.get(one).status_code for one in (link, own_link)] == [404, 404], "nor what somebody shared who is gone"
    assert ann.get("/i/workspaces").status_code == 401
    service.close()
