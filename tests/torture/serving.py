"""Faults of a process that answers for long, and of what its server is sent."""

from __future__ import annotations

import json
import random
import threading
import tracemalloc
from pathlib import Path
from typing import Any

from tests.children import Child, ingest_on_request
from tests.conftest import LIBRARY, consistent, write_files
from tests.held import Held, held
from tests.torture.faults import fault
from tests.torture.indexes import ask, ingest, opened

QUESTIONS = 500
# How often another process writes while questions are answered.
ROUNDS = 8
REQUESTS = 1500
# What may stay of a question in memory, in bytes, where nothing stays: a measurement is a little off.
STAYS = 1000


def ask_many(folder: Path, count: int) -> tuple[float, int, int, int]:
    """Ask so many different questions twice over; return what stays of one of the second half.

    Bytes outside of caches of a fixed size; then, of all of them, entries of other caches, open files and threads.
    """
    write_files(folder / "library", LIBRARY)
    with opened(folder) as index:
        ingest(index, [folder / "library"])

        def ask_half(first: int) -> Held:
            for number in range(first, first + count):
                ask(index, f"Does the ferry{number} carry {number} cars to the island of Skar{number}?")
            return held()

        tracemalloc.start()
        before = ask_half(0)
        after = ask_half(count)
        tracemalloc.stop()
    return (
        (after.memory - before.memory) / count,
        after.boundless - before.boundless,
        after.files - before.files,
        after.threads - before.threads,
    )


@fault("questions", f"{QUESTIONS} different questions to one process")
def questions(folder: Path) -> str:
    memory, boundless, files, threads = ask_many(folder, QUESTIONS // 2)
    assert memory < STAYS, f"{memory:.0f} bytes stay of each question"
    assert boundless == 0, f"{boundless} entries stay in caches without a size"
    assert files <= 0, files
    assert threads <= 0, threads
    return (
        f"Of each of the last {QUESTIONS // 2} {memory:.0f} bytes stay in memory beside caches of a fixed size, where "
        f"{STAYS} may, and no open file and no thread."
    )


@fault("ingest-while-answering", "updates and removals by another process while three threads ask")
def ingest_while_answering(folder: Path) -> str:
    library = folder / "library"
    write_files(library, LIBRARY | {f"{n}.txt": f"The lamp {n} is old." for n in range(60)})
    failed: list[BaseException] = []
    answers: list[str] = []
    with opened(folder) as index:
        ingest(index, [library])

        def go_on() -> None:
            try:
                while not over.is_set():
                    answers.append(ask(index, "How long is the bridge?"))
            except BaseException as error:
                failed.append(error)

        over = threading.Event()
        child = Child(ingest_on_request, folder / "home", library)
        threads = [threading.Thread(target=go_on) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(ROUNDS):
            write_files(
                library, {f"{n}.txt": f"The lamp {n} has {number} bulbs." for n in range(number, 60 - ROUNDS, 3)}
            )
            (library / f"{59 - number}.txt").unlink()
            child.send("go")
            child.receive(300)
        over.set()
        for thread in threads:
            thread.join()
        child.send("end")
        assert child.exit_code(120) == 0
        for error in failed:
            raise error
        index.refresh()
        assert consistent(index) == []
    assert len(answers) > ROUNDS
    assert all("412" in one for one in answers)
    return "Every answer is right, and the index is whole at the end."


@fault("random-requests", f"{REQUESTS} requests of random form to every route of the chat")
def random_requests(folder: Path) -> str:
    from starlette.testclient import TestClient

    from rag.hosting.bind_address import BindAddress
    from tests.ui.test_routes_hostile import IN_BODIES, IN_PATHS, IN_QUERIES, ROWS, WHOLE_BODIES
    from ui.server.app import make_app, make_service

    chance = random.Random(7)
    write_files(folder / "library", LIBRARY)
    with opened(folder) as index:
        ingest(index, [folder / "library"])
        service = make_service(index)
        app = make_app(service, BindAddress(suite=folder / "cases.yaml"), None)
        with TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False) as client:
            for number in range(REQUESTS):
                route = chance.choice(sorted(ROWS))
                method, _, path = route.partition(" ")
                for part in path.split("{")[1:]:
                    name = part.partition("}")[0]
                    value = (
                        "shared:default" if name == "workspace" and chance.random() < 0.8 else chance.choice(IN_PATHS)
                    )
                    path = path.replace(f"{{{name}}}", value, 1)
                row = ROWS[route]
                names = [*row.query, *row.body, "x", "__proto__"]
                query = {chance.choice(names): chance.choice(IN_QUERIES)[:5000] for _ in range(chance.randrange(4))}
                body: Any = None
                if method != "GET":
                    of_json = {**row.body, **{chance.choice(names): chance.choice(IN_BODIES) for _ in range(3)}}
                    body = chance.choice(WHOLE_BODIES) if chance.random() < 0.3 else json.dumps(of_json).encode()
                answer = client.request(method, path, params=query, content=body, follow_redirects=False)
                assert answer.status_code < 500, f"{number}: {method} {path} {query} {answer.text[:300]}"
            assert client.get("/health").status_code == 200
        service.close()
    return "No request is answered with a fault of the server, and it goes on serving."
