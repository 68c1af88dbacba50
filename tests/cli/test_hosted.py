"""Questions on the command line to hosted models, which are servers on loopback that speak their protocols."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LIBRARY, ROOT, write_files
from tests.models.servers import Reply, Request, Server, anthropic, gemini

KEY = "sk-very-secret-0123456789"


def answer_or_judgement(request: Request) -> list[str]:
    """What a strong model writes: an answer with marks, or what it thinks of each sentence of one."""
    is_judge = "S1: " in json.dumps(request.json)
    return ["S1: supported 1"] if is_judge else ["The bridge is **412 metres** ", "long [1]."]


def claude(request: Request) -> Reply:
    return anthropic.stream(anthropic.thinking("Let me see."), anthropic.text(*answer_or_judgement(request)))


def google(request: Request) -> Reply:
    return gemini.words(*answer_or_judgement(request), thought=3)


@pytest.mark.parametrize(
    ("spec", "variable", "address", "reply"),
    [
        ("anthropic:claude-test", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", claude),
        ("gemini:gemini-test", "GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL", google),
    ],
)
def test_a_hosted_model_answers_and_cites(
    spec: str, variable: str, address: str, reply: Callable[[Request], Reply], tmp_path: Path
) -> None:
    write_files(tmp_path / "library", LIBRARY)

    def run(*arguments: str | Path, url: str = "") -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        settings = {"PYTHONPATH": os.pathsep.join([str(ROOT), kept.get("PYTHONPATH", "")]), "RAG_THREADS": "1"}
        return subprocess.run(
            [sys.executable, "-m", "tests.fakes", *map(str, arguments), "--home", str(tmp_path / "home")],
            env={**kept, **settings, variable: KEY, address: url},
            cwd=ROOT,
            capture_output=True,
            text=True,
        )

    ingested = run("ingest", tmp_path / "library")
    assert ingested.returncode == 0, ingested.stderr
    with Server(reply) as server:
        ran = run("ask", "How long is the bridge?", "--llm", spec, "--json", url=server.url)
    assert ran.returncode == 0, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    assert answer["model"] == spec.partition(":")[2]
    assert "412 metres" in answer["answer"]
    assert "[1]" in answer["answer"]
    assert "Let me see" not in answer["answer"]
    assert "412 metres" in answer["citations"][0]["quote"]
    assert not answer["abstained"]
    assert KEY not in ran.stdout + ran.stderr
