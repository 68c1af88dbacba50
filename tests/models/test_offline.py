"""With the real models: a first answer needs no network, and the answers are right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.models.weights import path_of
from rag.settings import Settings
from tests.conftest import ROOT

# Reaching any other machine raises, and so does every look-up of a name. The embedded engine answers on loopback.
BLOCKED = """
import socket
LOOPBACK = ("127.0.0.1", "::1")
connect, look_up = socket.socket.connect, socket.getaddrinfo
def checked_connect(self, address):
    if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
        raise AssertionError(f"reached out to {address}")
    return connect(self, address)
def checked_look_up(host, *rest, **more):
    if host not in LOOPBACK:
        raise AssertionError(f"looked up {host}")
    return look_up(host, *rest, **more)
def refuse(*_, **__):
    raise AssertionError("looked up a name")
socket.socket.connect, socket.getaddrinfo = checked_connect, checked_look_up
socket.socket.connect_ex = socket.gethostbyname = refuse
"""
ASK = """
import dataclasses, json, sys
import rag
with rag.open_index(create=True) as index:
    report = rag.ingest(index, [sys.argv[1]])
    passages = rag.retrieve(index, "How long is the bridge?", k=2)
    answers = [rag.answer(index, question, llm=sys.argv[2]) for question in json.loads(sys.argv[3])]
    texts = {s.source_id: index.catalog.document(s.source_id).text for s in index.catalog.sources()}
print(json.dumps({
    "report": report.as_json(),
    "passages": [dataclasses.asdict(passage) for passage in passages],
    "answers": [dataclasses.asdict(answer) for answer in answers],
    "texts": texts,
}))
"""
QUESTIONS = {
    "How long is the Lantern bridge?": "412 metres",
    "When does the ferry to Skarholm leave?": "7:40",
    "Who keeps the lighthouse?": "Maren",
    "Who painted the ceiling of the Sistine Chapel?": "",
}


@pytest.mark.model
def test_from_files_to_answers_without_a_network(library: Path, home: Path) -> None:
    smallest = "smollm2-135m-instruct"
    llm = f"local:{smallest}" if path_of(smallest, Settings().models) else "none"
    ran = subprocess.run(
        [sys.executable, "-c", BLOCKED + ASK, str(library), llm, json.dumps(list(QUESTIONS))],
        cwd=ROOT,
        env={**os.environ, "RAG_HOME": str(home), "RAG_THREADS": "2"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ran.returncode == 0, ran.stderr
    result = json.loads(ran.stdout)
    assert result["report"]["added"] == 4
    assert result["passages"][0]["source"] == "bridge.md"
    for answer, (question, expected) in zip(result["answers"], QUESTIONS.items(), strict=True):
        assert answer["question"] == question
        assert answer["abstained"] == (not expected), answer["answer"]
        assert expected in " ".join(citation["quote"] for citation in answer["citations"])
        for citation in answer["citations"]:
            assert result["texts"][citation["source_id"]][citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.model
def test_the_command_with_the_real_model(library: Path, home: Path) -> None:
    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "rag", *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "RAG_HOME": str(home), "RAG_THREADS": "2", "RAG_LLM": "none"},
            capture_output=True,
            text=True,
            timeout=240,
        )

    ingested = run("ingest", library, "--json")
    assert (ingested.returncode, ingested.stderr) == (0, "")
    assert json.loads(ingested.stdout)["added"] == 4
    answered = run("ask", "What is the toll for cars?", "--json")
    assert (answered.returncode, answered.stderr) == (0, "")
    citation = json.loads(answered.stdout)["citations"][0]
    assert citation["quote"] == "The toll is 3 crowns for cars."
    shown = run("show", citation["source"], "--span", f"{citation['start']}:{citation['end']}")
    assert shown.stdout == citation["quote"]
