"""A server that is really served: ``rag mcp`` in a process of its own, and the official SDK's client at the other end.

Owns: how it is started, and how it is spoken to with and without that client. Knows nothing about what it is asked.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mcp_types as types
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.conftest import ROOT
from tests.ui.served import free_port

SECONDS = 120
"""More than a busy machine needs for anything that is waited for here."""
WORDS = "tests.fakes"
"""The program ``rag`` whose embedding model counts words."""


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run what speaks with a server; it fails where that takes far too long."""
    asyncio.run(asyncio.wait_for(work(), SECONDS))


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a server; nothing is asked of a proxy."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    own = {"RAG_HOME": str(home), "RAG_LLM": "none", "RAG_THREADS": "1", "PYTHONPATH": str(ROOT)}
    return kept | own | settings


@asynccontextmanager
async def connected(
    home: Path, *arguments: str, program: str = WORDS, mode: str = "auto", log: Path | None = None, **settings: str
) -> AsyncIterator[Client]:
    """Start a server and connect the SDK's client with it over standard input and output.

    Args:
        home: The folder of the indexes.
        *arguments: Further arguments of ``rag mcp``.
        program: The module that is run.
        mode: ``auto``, or ``legacy`` for the handshake of older clients.
        log: Where the server's standard error goes; None for nowhere.
        **settings: Settings, by the names of their variables.

    Yields:
        The client.
    """
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", program, "mcp", *arguments],
        env=environment(home, **settings),
        cwd=ROOT,
    )
    with (log or Path(os.devnull)).open("a") as errors:
        async with Client(stdio_client(command, errlog=errors), mode=mode) as client:
            yield client


@contextmanager
def raw(
    home: Path, *arguments: str, program: str = WORDS, command: Sequence[str] = (), **settings: str
) -> Iterator[subprocess.Popen[str]]:
    """Start a server and speak with it line by line; it is killed at the end.

    Args:
        home: The folder of the indexes.
        *arguments: Further arguments of ``rag mcp``.
        program: The module that is run.
        command: What is run in its place.
        **settings: Settings, by the names of their variables.

    Yields:
        The process.
    """
    process = subprocess.Popen(
        [*command] or [sys.executable, "-m", program, "mcp", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(home, **settings),
        cwd=ROOT,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]


def line(method: str, number: int | None = None, **params: Any) -> str:
    """A message as a client writes it; without a number a notification."""
    message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
    return json.dumps(message if number is None else {**message, "id": number}) + "\n"


HANDSHAKE = line(
    "initialize", 1, protocolVersion="2025-06-18", capabilities={}, clientInfo={"name": "test", "version": "1"}
) + line("notifications/initialized")


@dataclass(frozen=True)
class OverHttp:
    """A running server: its address, and its process."""

    url: str
    process: subprocess.Popen[str]


@contextmanager
def serving_http(home: Path, *arguments: str, **settings: str) -> Iterator[OverHttp]:
    """Serve over HTTP on a free port of this machine until the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", WORDS, "mcp", "--http", "--port", str(port), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(home, **settings),
        cwd=ROOT,
    )
    watchdog = threading.Timer(SECONDS, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert "speaks MCP at" in said, said + process.stdout.read()
        yield OverHttp(f"http://127.0.0.1:{port}/mcp", process)
    finally:
        watchdog.cancel()
        process.terminate()
        process.communicate(timeout=SECONDS)


def words(result: types.CallToolResult) -> str:
    """What a result says to the assistant."""
    assert [type(part) for part in result.content] == [types.TextContent]
    return result.content[0].text  # type: ignore[union-attr]


async def refusal(client: Client, tool: str, **arguments: Any) -> str:
    """The one sentence of a call that is an error."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, words(result)
    assert result.structured_content is None
    sentence = words(result)
    assert "Traceback" not in sentence
    assert "\n" not in sentence
    return sentence
