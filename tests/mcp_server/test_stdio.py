"""Standard input and output: nothing but the protocol is written, and every end is a clean one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_imports import ENGINES, LISTING_MODULES
from tests.mcp_server.served import HANDSHAKE, SECONDS, line, raw

ASK = ("ask", {"question": "How long is the bridge?"})
SEARCH = ("search", {"question": "How long is the bridge?"})
NOISY = "tests.mcp_server.noisy"


def call(number: int, tool: str, arguments: dict[str, Any]) -> str:
    return line("tools/call", number, name=tool, arguments=arguments)


def send(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.flush()


def answer_to(process: subprocess.Popen[str], number: int) -> dict[str, Any]:
    """The answer to a request; each line before it is of the protocol. The server is killed where none comes."""
    assert process.stdout is not None
    watchdog = threading.Timer(SECONDS, process.kill)
    watchdog.start()
    lines: list[str] = []
    try:
        for text in process.stdout:
            lines.append(text)
            message: dict[str, Any] = json.loads(text)
            assert message["jsonrpc"] == "2.0"
            if message.get("id") == number:
                return message
    finally:
        watchdog.cancel()
    raise AssertionError(f"no answer to {number}: {lines}")


@pytest.mark.parametrize("log", ["", "debug", "debug,json"])
def test_every_line_is_of_the_protocol_whatever_is_logged_and_printed(one: Path, log: str) -> None:
    with raw(one, program=NOISY, RAG_LOG=log) as process:
        send(process, HANDSHAKE + line("tools/list", 2) + call(3, *ASK))
        assert not answer_to(process, 3)["result"]["isError"]
        send(process, call(4, *SEARCH))
        assert not answer_to(process, 4)["result"]["isError"]
        out, err = process.communicate(timeout=SECONDS)
        assert process.returncode == 0
        for text in out.splitlines():
            assert json.loads(text)["jsonrpc"] == "2.0"
        for noise in ("noise: made", "noise: question", "noise: from C", "noise: from a child"):
            assert noise in err
        assert ("index opened" in err) is bool(log)


def test_a_line_that_is_no_message_is_passed_over(one: Path) -> None:
    with raw(one) as process:
        assert process.stdin is not None
        send(process, HANDSHAKE + "\n{nonsense\n[]\n\x00\x00\n" + '"' * 5000 + "\n")
        process.stdin.buffer.write(b'{"jsonrpc": "2.0", "id": 5, "method": "\xff\xfe"}\n')
        process.stdin.buffer.flush()
        send(process, call(9, *SEARCH))
        answer = answer_to(process, 9)
        assert not answer["result"]["isError"]
        assert "412 metres" in answer["result"]["content"][0]["text"]


def end_of_input(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()


def control_c(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)


def reader_gone(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    process.stdout.close()
    send(process, line("tools/list", 7))


@pytest.mark.parametrize(
    ("end", "code", "said"), [(end_of_input, 0, ""), (control_c, 130, "rag: Stopped.\n"), (reader_gone, 0, "")]
)
@pytest.mark.parametrize("working", [False, True])
def test_the_server_ends_without_a_traceback(
    one: Path, end: Callable[[subprocess.Popen[str]], None], code: int, said: str, working: bool
) -> None:
    with raw(one) as process:
        send(process, HANDSHAKE)
        answer_to(process, 1)
        if working:
            send(process, call(2, *ASK))
        end(process)
        assert process.wait(SECONDS) == code
        assert process.stderr is not None
        assert process.stderr.read() == said


def test_input_that_ends_at_once_is_no_error(one: Path) -> None:
    with raw(one) as process:
        out, err = process.communicate("", timeout=SECONDS)
        assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "9"], "--http"),
        (["--host", "127.0.0.1"], "--http"),
        (["--llm", "nix"], "'nix' names no language model"),
        (["--http", "--host", "0.0.0.0"], "rag keys add"),
        (["--http", "--host", "192.0.2.7", "--insecure"], "no address of this computer"),
    ],
)
def test_a_wrong_option_is_told_on_standard_error_alone(one: Path, arguments: list[str], said: str) -> None:
    with raw(one, *arguments) as process:
        out, err = process.communicate("", timeout=SECONDS)
        assert process.returncode == 2
        assert out == ""
        assert said in err
        assert err.count("\n") == 1


def test_before_the_first_call_of_a_tool_nothing_heavy_is_loaded(tmp_path: Path, one: Path) -> None:
    """An assistant starts the server whenever it begins itself, and waits for the list of tools."""
    listed = tmp_path / "modules.json"
    command = [sys.executable, "-c", LISTING_MODULES, str(listed), "mcp"]
    with raw(one, command=command) as process:
        send(process, HANDSHAKE + line("tools/list", 2))
        assert answer_to(process, 2)["result"]["tools"]
        end_of_input(process)
        assert process.wait(SECONDS) == 0
    modules = json.loads(listed.read_text())
    packages = {module.partition(".")[0] for module in modules}
    heavy = {"torch", "transformers", "gradio", "chromadb", "llama_index", "fastapi", "pandas", "scipy", "sklearn"}
    assert not packages & (ENGINES | heavy | {"rich", "lxml", "prometheus_client"})
    stages = ("answering", "retrieval", "planning", "load", "ingestion", "evaluate", "verify", "question")
    assert not [name for name in modules if name.startswith(tuple(f"rag.{stage}." for stage in stages))]
    assert "rag.store.index" not in modules
