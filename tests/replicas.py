"""Two chats on one database, each a process of its own, behind a small proxy.

Owns: how a chat is started, asked and told to end, and the proxy. Knows nothing about what is tested with them.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.children import Child
from tests.loopback import SECONDS, free_port, status_of, wait_until

SAYS = {
    "endless": "|".join(f"The ferry has {number} cars [1].\n\n" for number in range(4000)),
    "slow": "|".join(["The ferry carries 28 cars [1]. "] * 40),
}


@dataclass(frozen=True)
class Replica:
    """A chat in a process of its own."""

    port: int
    child: Child

    def ask(self, user: str, question: str) -> tuple[str, str]:
        """Ask a question there; return the ids of its conversation and turn once something of the answer is there."""
        self.child.send(("ask", user, question))
        told: Any = self.child.receive(SECONDS)
        return str(told[0]), str(told[1])

    def latest(self, user: str, conversation: str) -> list[str]:
        """Return the words of the answers in progress of a conversation, as this chat shows them."""
        self.child.send(("latest", user, conversation))
        told: Any = self.child.receive(SECONDS)
        return [str(words) for words in told]

    def stop_answers(self, user: str, conversation: str) -> None:
        """Stop the answers in progress of a conversation, as its page does."""
        self.child.send(("stop", user, conversation))
        self.child.receive(SECONDS)


def serve_replica(connection: Connection, url: str, home: Path, users: Path, port: int) -> None:
    """Serve the chat over the index ``library``, and do what the test says."""
    # Where the children come from, there may be another one.
    os.environ["RAG_DATABASE_URL"] = url
    from rag.settings import Settings, load_settings

    load_settings.cache_clear()
    from rag.hosting.bind_address import BindAddress
    from rag.store.catalog import History
    from rag.store.index import open_index
    from tests.fakes import WordEncoder
    from tests.ui.served import Teller
    from ui.server import app
    from ui.service.chat_service import AskOptions, ChatService

    settings = Settings(home=home, llm="none", threads=1, parse_seconds=30)
    served: list[ChatService] = []
    make_service = app.make_service

    def noted(*arguments: Any, **options: Any) -> ChatService:
        served.append(make_service(*arguments, **options))
        return served[0]

    app.make_service = noted

    def obey() -> None:
        while True:
            try:
                what, user, words = connection.recv()
            except EOFError:
                return
            index = served[0].workspaces.open(user, "shared:library")
            if what == "ask":
                conversation = History(index.folder).begin(user, "Ferry")
                running = served[0].ask(user, index, conversation.id, words, AskOptions(follow_ups=False))
                while running.latest.answer is None or "cars" not in running.latest.answer.answer:
                    time.sleep(0.02)
                connection.send((conversation.id, running.turn_id))
                continue
            states = [one.latest for one in served[0].running(index, words)]
            if what == "stop":
                for one in served[0].running(index, words):
                    one.cancel()
            connection.send([state.answer.answer if state.answer else "" for state in states])

    threading.Thread(target=obey, daemon=True).start()
    with open_index("library", settings=settings, encoder=WordEncoder()) as index:
        model = Teller(SAYS, pause=0.1)
        app.serve(index, BindAddress(port=port, auth=users), "teller", lambda: model)  # type: ignore[arg-type,return-value]


@contextmanager
def two_replicas(url: str, home: Path, users: Path) -> Iterator[tuple[Replica, Replica]]:
    """Start two chats, which can be reached inside the block; what still runs at the end is killed."""
    ports = free_port(), free_port()
    first, second = (Replica(port, Child(serve_replica, url, home, users, port)) for port in ports)
    try:
        for port in ports:
            wait_until(lambda port=port: status_of(f"http://127.0.0.1:{port}/health") == 200)  # type: ignore[misc]
        yield first, second
    finally:
        for one in (first, second):
            one.child.kill()


@contextmanager
def proxy(ports: Sequence[int]) -> Iterator[str]:
    """Lead each connection to the next server that takes it; yield the address."""
    port, turns, ready = free_port(), count(), threading.Event()
    ends: list[Callable[[], object]] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while block := await reader.read(65536):
                writer.write(block)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in ports:
            try:
                behind = await asyncio.open_connection("127.0.0.1", ports[next(turns) % len(ports)])
            except OSError:
                continue
            await asyncio.gather(pump(reader, behind[1]), pump(behind[0], writer))
            return
        writer.close()

    async def serve() -> None:
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        ends.append(lambda: loop.call_soon_threadsafe(ended.set))
        server = await asyncio.start_server(lead, "127.0.0.1", port)
        ready.set()
        await ended.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(SECONDS)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        ends[0]()
        thread.join(SECONDS)
