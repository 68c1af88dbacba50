"""The routes on conversations without a browser: the list, sharing, files, and who may do what."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from html import unescape
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from rag.hosting.bind_address import BindAddress
from rag.hosting.users import Authenticator, add_user
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.catalog import Conversation, History, StoredTurn
from rag.store.index import Index, open_index
from rag.types import Answer, Citation, LeftOut, Passage, Sentence
from tests.conftest import LIBRARY, write_files
from tests.fakes import WordEncoder
from tests.ui.payloads import PAYLOADS
from ui.i18n import translator
from ui.server.app import make_app, make_service
from ui.views.history import list_html
from ui.views.shared import shared_page

PASSWORD = "correct horse 7"
SAID = "The toll is 3 crowns. [1] It is **blue**."
WORKSPACE = "/i/shared:default"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("routes")
    write_files(folder / "library", LIBRARY)
    settings = Settings(home=folder / "home", llm="none", threads=1)
    with open_index("default", settings=settings, create=True, encoder=WordEncoder()) as opened:
        ingest(opened, [folder / "library"])
        yield opened


@pytest.fixture(scope="module")
def people(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, TestClient]]:
    """Ann and Bob, signed in to one server, and a stranger."""
    users = tmp_path_factory.mktemp("users") / "users.json"
    for name in ("ann", "bob"):
        add_user(users, name, lambda prompt: PASSWORD)
    service = make_service(index, with_users=True)
    app = make_app(service, BindAddress(auth=users, suite=users.parent / "cases.yaml"), Authenticator(users))
    with TestClient(app, base_url="http://127.0.0.1:7860") as stranger:
        clients = {"": stranger}
        for name in ("ann", "bob"):
            clients[name] = TestClient(app, base_url="http://127.0.0.1:7860")
            clients[name].post("/sign-in", data={"name": name, "password": PASSWORD}, follow_redirects=False)
        yield clients
    service.close()


def toll(question: str = "What is the toll?", said: str = SAID) -> Answer:
    cited = Citation(1, "bridge.md", "gone", "Bridge", 0, 21, "The toll is 3 crowns.", 4)
    passage = Passage("p", "secret.md", "s", "Secret", 0, 6, "SECRET", "", None, 1, {})
    return Answer(
        question,
        question,
        said,
        sentences=(
            Sentence(said[:25], 0, 25, "verified", (1,)),
            Sentence(said[26:], 26, len(said), "unsupported"),
        ),
        citations=(cited,),
        passages=(passage,),
        left_out=(LeftOut("A claim left out", "unsupported"),),
        prompt="PROMPT",
    )


@pytest.fixture
def anns(index: Index) -> Iterator[tuple[History, Conversation]]:
    """A conversation of Ann's with two versions of its only question."""
    history = History(index.folder)
    head = history.begin("ann")
    history.save("ann", head.id, toll("An earlier version?"))
    turn = history.save("ann", head.id, toll(), after="")
    history.rate("ann", turn.id, "down", "RATED")
    conversation = history.rename("ann", head.id, "The <b>toll</b>")
    assert conversation is not None
    yield history, conversation
    history.remove("ann", head.id)


def words(page: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", page.split("</head>")[-1])).split())


# -- the list ----------------------------------------------------------------------------------------------------------


def test_the_list_is_grouped_by_the_readers_days() -> None:
    now = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)
    hours = {"a": 0, "b": 2, "c": 30, "d": 24 * 6, "e": 24 * 20, "f": 24 * 400}
    heads = [
        Conversation(name, "", name, "", (now - timedelta(hours=hour)).isoformat().replace("+00:00", "Z"), name == "f")
        for name, hour in sorted(hours.items(), key=lambda item: (item[0] != "f", item[0]))
    ]

    def headings(minutes: int, language: str = "en") -> list[str]:
        page = str(list_html(heads, (), translator(language), now.astimezone(zone(minutes))))
        return re.findall(r'<h2 class="f-talks-day">([^<]*)</h2>', page)

    assert headings(0) == ["Pinned", "Today", "Yesterday", "Previous 7 days", "April 2026"]
    assert headings(0, "de") == ["Angeheftet", "Heute", "Gestern", "Letzte 7 Tage", "April 2026"]
    page = str(list_html(heads, (), translator("en"), now))
    assert page.index('data-id="a"') < page.index(">Yesterday<") < page.index('data-id="b"')
    later = str(list_html(heads, (), translator("en"), now.astimezone(zone(120))))
    assert ">Yesterday<" not in later, "two hours further east it is the same day"
    more = str(list_html(heads[2:], (), translator("en"), now, after=heads[1], next_offset=60))
    assert "Today" not in more
    assert 'data-offset="60"' in more


def zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))


def test_the_list_is_sent_in_pages_and_says_how_much_is_archived(people: dict[str, TestClient], index: Index) -> None:
    history = History(index.folder)
    made = [history.begin("ann", f"Talk {number:03}").id for number in range(130)]
    history.place("ann", made[0], archived=True)
    first = people["ann"].get(f"{WORKSPACE}/conversations")
    assert first.headers["footnote-archived"] == "1"
    titles: list[str] = []
    page, offset = first.text, 0
    while True:
        titles += re.findall(r'data-title="(Talk \d+)"', page)
        assert page.count(">Today<") == (1 if offset == 0 else 0), "a group goes on without another heading"
        following = re.search(r'data-offset="(\d+)"', page)
        if following is None:
            break
        offset = int(following[1])
        page = people["ann"].get(f"{WORKSPACE}/conversations?offset={offset}").text
    assert titles == [f"Talk {number:03}" for number in range(129, 0, -1)]
    archived = people["ann"].get(f"{WORKSPACE}/conversations?archived=true").text
    assert re.findall(r'data-title="([^"]*)"', archived) == ["Talk 000"]
    assert people["bob"].get(f"{WORKSPACE}/conversations").text == ""
    assert people["ann"].get(f"{WORKSPACE}/conversations?minutes=999999&offset=-5").status_code == 200
    for id_ in made:
        history.remove("ann", id_)


def test_what_was_found_is_marked_and_escaped(
    people: dict[str, TestClient], anns: tuple[History, Conversation]
) -> None:
    found = people["ann"].get(f"{WORKSPACE}/conversations", params={"search": "toll CROWNS"}).text
    assert "The &lt;b&gt;<mark>toll</mark>&lt;/b&gt;" in found
    assert "The <mark>toll</mark> is 3 <mark>crowns</mark>. [1]" in found
    assert "1 conversation found" in found
    none = people["ann"].get(f"{WORKSPACE}/conversations", params={"search": "earlier"}).text
    assert words(none) == "Nothing found"
    assert words(people["bob"].get(f"{WORKSPACE}/conversations", params={"search": "toll"}).text) == "Nothing found"


def test_a_conversation_is_changed_deleted_and_restored_by_its_owner_alone(
    people: dict[str, TestClient], anns: tuple[History, Conversation]
) -> None:
    history, head = anns
    address = f"{WORKSPACE}/conversations/{head.id}"
    changed = people["ann"].patch(address, json={"title": "Toll", "pinned": True, "archived": "yes"}).json()
    assert changed == {"title": "Toll", "pinned": True, "archived": False}
    refused = people["ann"].patch(address, json={"title": "  "})
    assert refused.json()["error"].startswith("A conversation needs a title")
    answering = people["ann"].get(f"{WORKSPACE}/conversations/answering?ids={head.id},no").json()
    assert answering == {"answering": []}
    for user, expected in (("bob", 404), ("", 401)):
        for method, path in (
            ("PATCH", ""),
            ("DELETE", ""),
            ("GET", "/share"),
            ("POST", "/share"),
            ("DELETE", "/share"),
        ):
            assert people[user].request(method, address + path, json={}).status_code == expected, (user, method, path)
    assert people["ann"].request("DELETE", address).status_code == 200
    assert history.conversation("ann", head.id) is None
    assert people["ann"].request("DELETE", address).status_code == 404
    assert people["bob"].post(f"{address}/restore", json={}).status_code == 404
    assert people["ann"].post(f"{address}/restore", json={}).status_code == 200
    assert history.conversation("ann", head.id) is not None


# -- sharing -----------------------------------------------------------------------------------------------------------


# What its owner alone can do with a conversation.
OWNERS = (("PATCH", ""), ("DELETE", ""), ("GET", "/share"), ("POST", "/share"), ("DELETE", "/share"))


def share(people: dict[str, TestClient], head: Conversation) -> str:
    form = people["ann"].post(f"{WORKSPACE}/conversations/{head.id}/share", json={}).text
    return str(re.findall(r'data-path="([^"]+)"', form)[0])


def test_a_shared_conversation_says_what_was_shared_and_nothing_else(
    people: dict[str, TestClient], anns: tuple[History, Conversation]
) -> None:
    history, head = anns
    assert "data-path" not in people["ann"].get(f"{WORKSPACE}/conversations/{head.id}/share").text
    link = share(people, head)
    assert re.fullmatch(r"/i/shared/[\w-]{43}", link)
    assert link in people["ann"].get(f"{WORKSPACE}/conversations/{head.id}/share").text
    assert 'data-shared="1"' in people["ann"].get(f"{WORKSPACE}/conversations").text
    history.save("ann", head.id, toll("Asked later?"))
    response = people["bob"].get(link)
    assert response.status_code == 200
    page = response.text
    said = words(page)
    for shown in (
        "The <b>toll</b>",
        "What is the toll?",
        "The toll is 3 crowns.",
        "It is blue .",
        "bridge.md, page 4",
        "not found in the documents",
        "As it was on ",
    ):
        assert shown in said, shown
    for hidden in (
        "An earlier version?",
        "Asked later?",
        "RATED",
        "SECRET",
        "secret.md",
        "PROMPT",
        "ann",
        head.id,
        "left out",
    ):
        assert hidden not in page.replace("transparent", ""), hidden
    assert "<b>toll</b>" not in page
    assert "<script>" not in page
    assert 'href="http' not in page
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert people[""].get(link, follow_redirects=False).status_code == 303, "only who is signed in"
    assert "Ein geteiltes Gespräch" in people["bob"].get(link, headers={"footnote-language": "de"}).text


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_shared_page_keeps_words_words(payload: str) -> None:
    cited = Citation(1, payload, "id", payload, 0, len(payload), payload, 1, header=payload)
    made = Answer(
        payload,
        payload,
        payload,
        short_answer=payload,
        sentences=(Sentence(payload, 0, len(payload), "partly", (1,)),),
        citations=(cited,),
    )
    page = shared_page(
        Conversation("c", "", payload, "", ""), [StoredTurn("t", "c", payload, made, "")], "2026", translator("en")
    )
    for tag, attributes in Elements(page).elements:
        assert tag not in ("a", "img", "iframe", "svg", "form", "style", "object"), tag
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "href", "src")] or (
            tag in ("link", "script")
        )
    assert page.count("<script") == 1


def test_a_link_is_updated_withdrawn_and_ends_with_its_conversation(
    people: dict[str, TestClient], anns: tuple[History, Conversation]
) -> None:
    history, head = anns
    link = share(people, head)
    later = history.save("ann", head.id, toll("Asked later?"))
    last = history.save("ann", head.id, toll("Asked last?"))
    assert share(people, head) == link, "the address stays"
    assert "Asked later?" in people["bob"].get(link).text
    history.save("ann", head.id, toll("Asked otherwise?"), after=later.parent)
    assert "Asked later?" in people["bob"].get(link).text, "another version changes nothing of what was shared"
    history.remove_turn("ann", later.id)
    assert not {"Asked later?", "Asked last?"} & set(re.findall(r"Asked \w+\?", people["bob"].get(link).text))
    assert history.restore_turn("ann", later.id)
    assert last.question in people["bob"].get(link).text
    assert people["ann"].request("DELETE", f"{WORKSPACE}/conversations/{head.id}/share").status_code == 200
    gone = people["bob"].get(link)
    assert (gone.status_code, "This link leads nowhere" in gone.text) == (404, True)
    again = share(people, head)
    assert again != link
    history.remove("ann", head.id)
    assert people["bob"].get(again).status_code == 404
    assert "Toll" not in people["bob"].get(again).text
    for wrong in ("/i/shared/x", "/i/shared/" + "a" * 43, f"/i/shared/{head.id}"):
        assert people["bob"].get(wrong).status_code == 404


def test_what_has_no_answer_is_not_shared_and_the_file_is_private(people: dict[str, TestClient], index: Index) -> None:
    head = History(index.folder).begin("ann")
    refused = people["ann"].post(f"{WORKSPACE}/conversations/{head.id}/share", json={})
    assert (refused.status_code, refused.json()) == (400, {"error": "There is no answer to share yet."})
    file = index.folder.parent / ".shares.json"
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("{")
    assert people["bob"].get("/i/shared/x").status_code == 404, "a damaged file shares nothing"


# -- files -------------------------------------------------------------------------------------------------------------


def test_each_format_is_downloaded(people: dict[str, TestClient], anns: tuple[History, Conversation]) -> None:
    _, head = anns
    for ending, kind, begins in (
        ("md", "text/markdown; charset=utf-8", b"# The"),
        ("html", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("pdf", "application/pdf", b"%PDF"),
    ):
        exported = people["ann"].get(f"{WORKSPACE}/conversations/{head.id}.{ending}")
        assert exported.headers["content-type"] == kind
        assert exported.headers["content-disposition"] == f'attachment; filename="footnote-the-b-toll-b.{ending}"'
        assert exported.content.startswith(begins)
        assert people["bob"].get(f"{WORKSPACE}/conversations/{head.id}.{ending}").status_code == 404


def test_all_conversations_are_exported_and_imported_again(
    people: dict[str, TestClient], anns: tuple[History, Conversation], index: Index
) -> None:
    archive = people["ann"].get(f"{WORKSPACE}/conversations.zip")
    assert archive.headers["content-type"] == "application/zip"
    count = History(index.folder).count("ann")
    with zipfile.ZipFile(io.BytesIO(archive.content)) as packed:
        importable = packed.read("conversations.json")
        assert len(packed.namelist()) == count + 1
    for content in (archive.content, importable):
        response = people["bob"].post(f"{WORKSPACE}/conversations/import", content=content)
        assert response.json() == {
            "message": f"{count} conversations imported" if count > 1 else "1 conversation imported"
        }
    history = History(index.folder)
    imported = history.conversations("bob")
    assert len(imported) == 2 * count
    (turn,) = history.turns("bob", next(one.id for one in imported if one.title == "The <b>toll</b>"))
    panel = people["bob"].get(f"{WORKSPACE}/turns/{turn.id}/c1").text
    assert '<mark id="cited">The toll is 3 crowns.</mark>' in panel, "the quote is there without its document"
    for one in imported:
        history.remove("bob", one.id)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04nonsense", b'{"format": "footnote-conversations"}'])
def test_a_hostile_file_is_refused_in_one_sentence(people: dict[str, TestClient], content: bytes) -> None:
    response = people["bob"].post(f"{WORKSPACE}/conversations/import", content=content)
    assert response.status_code == 400
    assert response.json()["error"] == (
        "This is no file of conversations that Footnote exported; nothing was imported."
    )


def test_an_archive_that_swells_is_read_no_further_than_it_may_be_long(people: dict[str, TestClient]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", b" " * 70_000_000)
    response = people["bob"].post(f"{WORKSPACE}/conversations/import", content=packed.getvalue())
    assert "at most 64 MB" in response.json()["error"]


def test_a_file_that_is_too_large_is_not_read_to_its_end(people: dict[str, TestClient]) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(70):
            yield b" " * 1_000_000

    response = people["bob"].post(f"{WORKSPACE}/conversations/import", content=endless())
    assert (response.status_code, "at most 64 MB" in json.loads(response.text)["error"]) == (413, True)
