"""The lines that connect other programs work when they are copied: those of `docs/connect.md` and `docs/containers.md`.

A block is run in a shell of a stranger's, whose home holds a folder `papers`; the port alone is another, so that tests
do not meet. What needs a program that is not here, such as Docker or Open WebUI, is checked up to that program: its
commands of `rag` are understood, and the address that it is given answers as it expects.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from rag.cli.app import app
from rag.settings import DATA_FOLDER
from tests.conftest import ROOT, write_files
from tests.dockerfile import read_dockerfile
from tests.loopback import free_port, status_of, wait_until

CONNECT, CONTAINERS = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("connect.md", "containers.md"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
COMMANDS: Any = get_command(app)

slow = [pytest.mark.slow, pytest.mark.model, pytest.mark.localhost]


def has(command: str) -> bool:
    return COMMANDS.get_command(None, command) is not None


def shell_lines(page: str) -> list[str]:
    """Return the lines of all blocks that name no language."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.M | re.S)
    return [line for language, block in blocks if not language for line in block.splitlines()]


def section(heading: str) -> tuple[list[str], str]:
    """Return the lines that a section has for a shell, and its program in Python."""
    (text,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", CONNECT, re.M | re.S)
    lines = shell_lines(text)
    return lines, "".join(re.findall(r"```python\n(.*?)```", text, re.S))


HEADINGS = ("Open WebUI", "An assistant that speaks MCP", "A Python client", "A container", "A watched folder")


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_newcomer_needs_three_lines(heading: str) -> None:
    lines, program = section(heading)
    assert 1 <= len(lines) <= 3
    assert len([line for line in program.splitlines() if line]) <= 3


def commands_of(page: str) -> list[list[str]]:
    """Return the words behind `rag` of every line of a shell on a page, also of those for containers."""
    found = []
    for line in shell_lines(page):
        words = shlex.split(line.removesuffix(" &"))
        if words[:3] == ["docker", "compose", "run"]:
            # The options are without values, and then comes the name of the service.
            first = next(n for n, word in enumerate(words[3:], 3) if not word.startswith("-"))
            assert words[first] in COMPOSE["services"], line
            found.append(words[first + 1 :])
        elif words[:3] == ["docker", "compose", "up"]:
            assert words[-1] in COMPOSE["services"], line
        elif words[:2] == ["docker", "run"]:
            rest = words[words.index("footnote") + 1 :]
            found.append(rest or read_dockerfile(ROOT / "Dockerfile")[-1].last("CMD").words)
        else:
            at = next(
                (n for n, word in enumerate(words) if word in ("rag", "$(which rag)") or word.endswith("/rag")), None
            )
            if at is not None:
                found.append(words[at + 1 :])
    return found


@pytest.mark.parametrize("words", [*commands_of(CONNECT), *commands_of(CONTAINERS)], ids=" ".join)
def test_every_command_is_understood(words: list[str]) -> None:
    if not has(words[0]):
        pytest.skip(f"there is no rag {words[0]}")
    command, rest = COMMANDS, words
    while hasattr(command, "commands"):
        command, rest = command.get_command(None, rest[0]), rest[1:]
        assert command is not None, words
    command.make_context("rag", list(rest))


def test_every_variable_of_compose_is_on_the_page() -> None:
    used = set(re.findall(r"\$\{(\w+):", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    page = set(re.findall(r"^\| `(\w+)` \|", CONTAINERS, re.M))
    assert used == page


def test_an_image_of_ones_own_is_a_recipe(tmp_path: Path) -> None:
    (block,) = re.findall(r"```dockerfile\n(.*?)```", CONTAINERS, re.S)
    (tmp_path / "Dockerfile").write_text(block)
    (stage,) = read_dockerfile(tmp_path / "Dockerfile")
    assert stage.base == COMPOSE["services"]["service"]["image"]
    assert stage.last("USER").value == read_dockerfile(ROOT / "Dockerfile")[-1].last("USER").value


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd")
def test_the_unit_of_systemd_is_one(tmp_path: Path) -> None:
    (block,) = re.findall(r"```ini\n(.*?)```", CONTAINERS, re.S)
    program = tmp_path / "rag"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "footnote.service"
    unit.write_text(block.replace("/usr/local/bin/rag", str(program)))
    ran = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert [line for line in ran.stderr.splitlines() if "footnote.service" in line] == []
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.read_string(block)
    assert shlex.split(read["Service"]["ExecStart"])[1:] == ["serve"]


# -- run ---------------------------------------------------------------------------------------------------------------


class Stranger:
    """Somebody with a home, a folder of papers, and the program on the path."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        write_files(home / "papers", {"trial.md": "# Trials\n\nThe second trial measured the toll of 3 crowns.\n"})
        program = home / "bin" / "rag"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m rag "$@"\n')
        program.chmod(0o755)
        models = os.environ.get("RAG_MODELS", str(DATA_FOLDER / "models"))
        self.variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith("RAG_")},
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "PATH": f"{program.parent}{os.pathsep}{os.defpath}",
            "PYTHONPATH": str(ROOT),
            "RAG_MODELS": models,
            "RAG_LLM": "none",
            "RAG_THREADS": "1",
        }

    def moved(self, text: str) -> str:
        """Return lines with a port of this test's own."""
        text = re.sub(r"\brag serve\b", f"rag serve --port {self.port}", text)
        return text.replace("127.0.0.1:8080", f"127.0.0.1:{self.port}")

    def run(self, line: str) -> str:
        ran = subprocess.run(
            ["/bin/sh", "-c", line], cwd=self.home, env=self.variables, capture_output=True, text=True, timeout=600
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    @contextmanager
    def running(self, line: str) -> Iterator[subprocess.Popen[str]]:
        """Run a line that goes on, until the end of the `with`."""
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {line}"],
            cwd=self.home,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=120)
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    return Stranger(tmp_path)


class TestRun:
    """Each in a shell."""

    pytestmark = slow

    def test_the_python_client_prints_an_answer(self, stranger: Stranger) -> None:
        if not (ROOT / "rag" / "serve" / "routes" / "completions.py").exists():
            pytest.skip("the service has no completions")
        (ingest, serve), program = section("A Python client")
        stranger.run(ingest)
        with stranger.running(stranger.moved(serve.removesuffix(" &"))) as service:
            address = f"http://127.0.0.1:{stranger.port}/healthz"
            wait_until(lambda: service.poll() is not None or status_of(address) == 200)
            (stranger.home / "program.py").write_text(stranger.moved(program))
            assert "toll of 3 crowns" in stranger.run(f"{sys.executable} program.py")

    def test_open_webui_finds_the_indexes_as_models(self, stranger: Stranger) -> None:
        """The address of the page is asked as Open WebUI asks it first, with the key of the page."""
        (ingest, serve, web), _ = section("Open WebUI")
        stranger.run(ingest)
        with stranger.running(stranger.moved(serve.removesuffix(" &"))) as service:
            wait_until(
                lambda: service.poll() is not None or status_of(f"http://127.0.0.1:{stranger.port}/healthz") == 200
            )
            given = dict(word.split("=", 1) for word in shlex.split(stranger.moved(web)) if "=" in word)
            request = urllib.request.Request(
                f"{given['OPENAI_API_BASE_URL']}/models", headers={"Authorization": f"Bearer {given['OPENAI_API_KEY']}"}
            )
            with urllib.request.urlopen(request, timeout=60) as response:
                assert [model["id"] for model in json.load(response)["data"]] == ["default"]

    @pytest.mark.skipif(not has("mcp"), reason="there is no rag mcp")
    def test_an_assistant_finds_tools_and_asks(self, stranger: Stranger) -> None:
        import anyio
        from mcp import Client, StdioServerParameters

        (ingest, add), _ = section("An assistant that speaks MCP")
        stranger.run(ingest)
        program, *arguments = stranger.run(f"printf '%s\\n' {add.partition(' -- ')[2]}").splitlines()
        server = StdioServerParameters(command=program, args=arguments, env=stranger.variables, cwd=stranger.home)

        async def ask() -> str:
            async with Client(server) as client:
                answer = await client.call_tool("ask", {"question": "What did the second trial measure?"})
                return str(answer.content[0].text)

        assert "toll of 3 crowns" in anyio.run(ask)

    @pytest.mark.skipif(not has("watch"), reason="there is no rag watch")
    def test_a_watched_folder_is_followed(self, stranger: Stranger) -> None:
        (watch,), _ = section("A watched folder")
        later = stranger.home / "papers" / "later.md"
        with stranger.running(watch) as watching:
            seen: list[str] = []

            def has_seen(name: str) -> bool:
                assert watching.stdout is not None
                while not any(name in line for line in seen):
                    line = watching.stdout.readline()
                    assert line, seen
                    seen.append(line)
                return True

            assert has_seen("trial.md")
            later.write_text("# Later\n\nThe third trial measured the height of the lamp.\n")
            assert has_seen("later.md")
        assert "later.md" in stranger.run("rag sources")
