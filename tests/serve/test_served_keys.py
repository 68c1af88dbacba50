"""A service that is really served, and the commands on its keys: what counts at once, and what never is told."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import httpx

from rag.hosting.keys import KeyFile
from tests.conftest import ROOT, Command
from tests.serve.served import serving


def test_keys_count_at_once_in_a_running_service(shared_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(shared_home, home)
    keys = KeyFile(home)
    with serving(home, "--llm", "none", RAG_LOG="debug,json") as served, httpx.Client(trust_env=False) as client:
        models = f"{served.url}/models"
        assert client.get(models).status_code == 200, "without keys this machine needs none"
        assert client.get(models, headers={"host": "evil.example"}).status_code == 421
        assert client.get(models, headers={"origin": "https://evil.example"}).status_code == 403
        command = [sys.executable, "-m", "rag", "keys", "add"]
        made = subprocess.run(
            [*command, "bot", "-i", "handbook", "--scope", "read", "--home", str(home)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        token = made.stdout.strip()
        shown = {"authorization": f"Bearer {token}"}
        assert client.get(models).status_code == 401
        assert [model["id"] for model in client.get(models, headers=shown).json()["data"]] == ["handbook"]
        body = {"model": "handbook", "messages": [{"role": "user", "content": "How long is the bridge?"}]}
        answered = client.post(f"{served.url}/chat/completions", json=body, headers=shown, timeout=120)
        assert "412 metres" in answered.text
        keys.remove("bot")
        assert client.get(models, headers=shown).status_code == 401
    log = "".join(served.log)
    audit = (home / ".audit" / "calls.jsonl").read_text()
    assert answered.headers["x-request-id"] in log
    assert answered.headers["x-request-id"] in audit
    for secret in (token, token.removeprefix("fn_"), "How long", "412 metres"):
        assert secret not in log
        assert secret not in audit


def test_an_address_that_others_reach_is_refused_in_one_sentence(rag: Command, home: Path) -> None:
    ran = rag("serve", "--host", "0.0.0.0")
    assert ran.code == 2
    assert "rag keys add NAME --all-indexes --scope read" in ran.err
    assert ran.err.count("\n") == 1


def test_a_damaged_file_of_keys_is_one_sentence(rag: Command, home: Path) -> None:
    home.mkdir()
    (home / ".keys.json").write_text("{")
    ran = rag("serve")
    assert ran.code == 2
    assert "is damaged" in ran.err
