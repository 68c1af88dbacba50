"""Two chats behind a proxy on one database: nothing that people see belongs to one of them, and one may die."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from rag.hosting.shared_state import DatabaseState
from rag.hosting.users import add_user
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.catalog import History
from rag.store.index import open_index
from rag.store.write_lock import write_lock
from tests.conftest import consistent, texts_of, write_files
from tests.fakes import WordEncoder
from tests.loopback import SECONDS, wait_until
from tests.nginx import nginx
from tests.postgres_server import PostgresServer
from tests.replicas import SAYS, Replica, proxy, two_replicas
from tests.ui.served import Teller
from ui.server.app import make_service
from ui.service.chat_service import AskOptions

pytestmark = pytest.mark.localhost

PASSWORD = "correct horse 7"
# What `RAG_MAX_FILE_MB` lets through by default.
_LARGEST_FILE = 100_000_000
SHARED, DIARY = "shared:library", "own:diary"


@dataclass(frozen=True)
class Team:
    """Two chats, and what is before them."""

    home: Path
    folder: Path
    first: Replica
    second: Replica
    address: str

    def client(self, at: Replica | None = None, token: str = "") -> httpx.Client:
        """Return a client of one chat, or of the proxy; with a session's token where there is one."""
        address = self.address if at is None else f"http://127.0.0.1:{at.port}"
        cookies = {"footnote_session": token} if token else {}
        return httpx.Client(base_url=address, cookies=cookies, timeout=60, trust_env=False)

    def sign_in(self, at: Replica | None = None) -> str:
        """Sign Ann in, and return the token of her session."""
        with self.client(at) as client:
            entered = client.post("/sign-in", data={"name": "ann", "password": PASSWORD})
            return str(entered.cookies["footnote_session"])


@pytest.fixture
def team(postgres_server: PostgresServer, use_database: Callable[[str], None], tmp_path: Path) -> Iterator[Team]:
    url, home, users = postgres_server.new_database(), tmp_path / "home", Path("database")
    use_database(url)
    add_user(users, "ann", lambda _: PASSWORD)
    write_files(tmp_path / "library", {"ferry.txt": "The ferry is slow. The ferry carries 28 cars."})
    settings = Settings(home=home, llm="none", threads=1, parse_seconds=30)
    with open_index("library", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [tmp_path / "library"])
        folder = index.folder
    with two_replicas(url, home, users) as (first, second), proxy([first.port, second.port]) as address:
        yield Team(home, folder, first, second, address)


def test_one_chat_dies_and_the_other_goes_on(team: Team) -> None:
    # Who signs in at one is signed in at the other, and behind the proxy.
    token = team.sign_in(team.first)
    ann, at_second = team.client(token=token), team.client(team.second, token)
    assert [client.get("/i/workspaces").status_code for client in (ann, ann, at_second)] == [200] * 3
    other = team.sign_in(team.second)
    with team.client(team.second, other) as leaving, team.client(team.first, other) as left:
        assert left.get("/i/workspaces").status_code == 200
        leaving.post("/sign-out")
        assert left.get("/i/workspaces").status_code == 401, "signed out at one is signed out at all"

    # An answer in progress is shown by the other, goes on there, and can be stopped there.
    conversation, turn = team.first.ask("ann", "How slow is the endless ferry?")
    answering = f"/i/{SHARED}/conversations/answering?ids={conversation}"
    wait_until(lambda: "cars" in "".join(team.second.latest("ann", conversation)))
    shown = team.second.latest("ann", conversation)
    wait_until(lambda: len("".join(team.second.latest("ann", conversation))) > len(shown[0]))
    assert at_second.get(answering).json() == {"answering": [conversation]}
    team.second.stop_answers("ann", conversation)
    wait_until(lambda: team.second.latest("ann", conversation) == [])
    stored = History(team.folder).turn("ann", turn)
    assert stored is not None
    assert (stored.answer.state, "answer-stopped" in {one.code for one in stored.answer.notices}) == ("done", True)

    # Files of one upload come to whichever chat; one of them begins to read them, and answers, and is killed.
    at_second.post("/i/workspaces/new", json={"name": "diary"})
    uploads = f"/i/{DIARY}/uploads"
    batch = ann.post(uploads, json={"files": 3}).json()["batch"]
    for number in range(3):
        ann.post(f"{uploads}/{batch}/files?name=note{number}.txt", content=f"The lamp {number} is old.".encode())
    conversation, turn = team.first.ask("ann", "How slow is the endless ferry?")
    answering = f"/i/{SHARED}/conversations/answering?ids={conversation}"
    with write_lock(team.home / ".users" / "ann" / "diary"), team.client(team.first, token) as at_first:
        begun = at_first.post(f"{uploads}/{batch}/start").json()["job"]
        seen = at_second.get(uploads).json()["job"]
        assert (seen["id"], seen["files"], seen["over"]) == (begun["id"], 3, False), "seen from everywhere"
        team.first.child.kill()

    # Nothing is lost: the session holds, the answer says that it was interrupted, the upload is finished.
    assert ann.get("/i/workspaces").status_code == 200
    wait_until(lambda: at_second.get(answering).json() == {"answering": []})
    interrupted = History(team.folder).turn("ann", turn)
    assert interrupted is not None
    assert interrupted.answer.state != "done", "the page shows it as interrupted, to be asked again"
    assert team.second.latest("ann", conversation) == []
    wait_until(lambda: at_second.get(uploads).json()["job"]["over"])
    listed = at_second.get(f"/i/{DIARY}/documents").json()["html"]
    assert [f"note{number}.txt" in listed for number in range(3)] == [True] * 3
    assert list((team.home / ".users" / "ann" / ".files" / "diary" / "staging").iterdir()) == []
    for client in (ann, at_second):
        client.close()


def test_the_proxy_of_compose_leads_people_and_files_through(team: Team, tmp_path: Path) -> None:
    (tmp_path / "nginx").mkdir()
    ports = [team.first.port, team.second.port]
    with nginx(tmp_path / "nginx", ports, ports) as behind, httpx.Client(base_url=behind.chats, timeout=60) as ann:
        ann.post("/sign-in", data={"name": "ann", "password": PASSWORD})
        assert ann.get("/i/workspaces").status_code == 200
        ann.post("/i/workspaces/new", json={"name": "diary"})
        uploads = f"/i/{DIARY}/uploads"
        batch = ann.post(uploads, json={"files": 2}).json()["batch"]
        # As large as a file may be, and no document, so that reading it takes no time: it arrives whole.
        large = b"\x00\x01\x02\x03" * (_LARGEST_FILE // 4)
        for name, content in (("large.docx", large), ("note.txt", b"The lamp is old.")):
            assert ann.post(f"{uploads}/{batch}/files?name={name}", content=content).status_code == 200
        assert _LARGEST_FILE in {path.stat().st_size for path in team.home.rglob("*") if path.is_file()}
        ann.post(f"{uploads}/{batch}/start")
        wait_until(lambda: ann.get(uploads).json()["job"]["over"])
        assert "note.txt" in ann.get(f"/i/{DIARY}/documents").json()["html"]
        # The one that she was led to dies: the other one answers.
        ann.get("/i/workspaces")
        taker = behind.log.read_text().split()[-1]
        replica = next(one for one in (team.first, team.second) if taker.endswith(f":{one.port}"))
        replica.child.kill()
        assert ann.get("/i/workspaces").status_code == 200
        assert "lamp" not in behind.log.read_text()


def test_the_database_dies_while_an_answer_is_written(
    postgres_server: PostgresServer, use_database: Callable[[str], None], tmp_path: Path
) -> None:
    url = postgres_server.new_database()
    use_database(url)
    write_files(tmp_path / "library", {"ferry.txt": "The ferry is slow. The ferry carries 28 cars."})
    settings = Settings(home=tmp_path / "home", llm="none", threads=1, parse_seconds=30)
    with open_index("library", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [tmp_path / "library"])
        chunks = texts_of(index)
        model = Teller(SAYS, pause=0.1)
        service = make_service(index, "teller", lambda: model, state=DatabaseState(url))  # type: ignore[arg-type,return-value]
        service.prepare()
        told: list[tuple[str, str, list[tuple[str, str]]]] = []
        for dies in (False, True):
            conversation = History(index.folder).begin("", "Ferry").id
            running = service.ask("", index, conversation, "How slow is the ferry?", AskOptions(follow_ups=False))
            wait_until(lambda running=running: "cars" in getattr(running.latest.answer, "answer", ""))  # type: ignore[misc]
            if dies:
                postgres_server.kill()
                postgres_server.start()
            assert running.latest.answer is not None
            assert running.latest.answer.state != "done", "it was being written"
            assert running.wait(SECONDS)
            stored = History(index.folder).turn("", running.turn_id)
            assert stored is not None
            answer = stored.answer
            told.append((answer.state, answer.answer, [(one.text, one.verdict) for one in answer.sentences]))
        assert told[0] == told[1]
        assert told[0][0] == "done"
        assert (texts_of(index), consistent(index)) == (chunks, [])
        service.close()
