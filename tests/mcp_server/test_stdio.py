"""Standard input and output: nothing but the protocol is written, and every end is a clean one."""

from __future__ import annotations

import json
import os
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


def answers_until(process: subprocess.Popen[str], number: int) -> list[dict[str, Any]]:
    """The answers up to that to a request; each line is of the protocol. The server is killed where none comes."""
    assert process.stdout is not None
    watchdog = threading.Timer(SECONDS, process.kill)
    watchdog.start()
    messages: list[dict[str, Any]] = []
    try:
        for text in process.stdout:
            messages.append(json.loads(text))
            assert messages[-1]["jsonrpc"] == "2.0"
            if messages[-1].get("id") == number:
                return messages
    finally:
        watchdog.cancel()
    raise AssertionError(f"no answer to {number}: {messages}")


def answer_to(process: subprocess.Popen[str], number: int) -> dict[str, Any]:
    """The answer to a request."""
    return answers_until(process, number)[-1]


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


def test_a_line_that_is_no_message_is_answered_at_once(one: Path) -> None:
    """Each with what its sender is told; None for what nobody waits for."""
    said: list[tuple[str, int | str | None, int | None]] = [
        ('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":[1]}', 2, -32602),
        ('{"jsonrpc":"2.0","id":"three","method":"tools/call","params":"x"}', "three", -32602),
        ('{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":5}}', 4, -32602),
        ('{"jsonrpc":"2.0","id":5,"method":"initialize","params":[]}', 5, -32602),
        ('{"jsonrpc":"2.0","id":6}', 6, -32600),
        ('{"jsonrpc":"2.0","id":7,"method":3}', 7, -32600),
        ('{"id":8,"method":"tools/list"}', 8, -32600),
        ('{"jsonrpc":"2.0","id":[9],"method":"tools/list"}', None, -32600),
        ('{"jsonrpc":"2.0","id":null,"method":"tools/list"}', None, -32600),
        ('[{"jsonrpc":"2.0","id":10,"method":"tools/list"}]', None, -32600),
        ("5", None, -32600),
        ("{nonsense", None, -32700),
        ("\x00\x00", None, -32700),
        ("[" * 5000, None, -32700),
        ("", None, None),
        ('{"jsonrpc":"2.0","method":"notifications/cancelled","params":[1]}', None, None),
        ('{"jsonrpc":"2.0","id":11,"result":[1]}', None, None),
    ]
    with raw(one) as process:
        assert process.stdin is not None
        send(process, HANDSHAKE + "".join(f"{text}\n" for text, _, _ in said))
        os.write(process.stdin.fileno(), b'{"jsonrpc": "2.0", "id": 12, "method": "\xff\xfe"}\n')
        send(process, call(13, *SEARCH))
        answers = answers_until(process, 13)
        # The request with a name that is no text is answered by the SDK, when it comes to it.
        told = [(one["id"], one["error"]["code"]) for one in answers if "error" in one and one["id"] not in (4, 12)]
        assert told == [(number, code) for _, number, code in said if code is not None and number != 4]
        by_id = {one["id"]: one for one in answers}
        assert by_id[4]["error"]["code"] == -32602
        assert by_id[12]["error"]["code"] == -32601
        assert "412 metres" in by_id[13]["result"]["content"][0]["text"]


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
