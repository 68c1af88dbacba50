"""Serve one client over standard input and output.

Owns: that nothing but the protocol reaches standard output, and how the server ends. From the moment
`claim_standard_output` is called, what anybody prints (a library, a C library, a child process) goes to standard error;
only the transport writes where standard output was. Standard input is read in a thread of its own, so that Ctrl-C ends
a server that waits for the next line.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import anyio

from rag.errors import UsageError
from rag.mcp_server.malformed import refusal_of

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

# Lines that are read ahead of the server.
_LINES_AHEAD = 16


def claim_standard_output() -> BinaryIO:
    """Keep standard output for the protocol: whatever else is printed goes to standard error from now on.

    Returns:
        Where the protocol is written.

    Raises:
        UsageError: There is no standard output.
    """
    try:
        sys.stdout.flush()
        private = os.dup(1)
    except (OSError, AttributeError):
        raise UsageError("There is no standard output to answer on; start the server from an assistant.") from None
    try:
        os.dup2(2, 1)
    except OSError:
        # Without a standard error, what is printed is lost.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return os.fdopen(private, "wb")


def serve_stdio(server: Server[Any], output: BinaryIO) -> None:
    """Serve the client on the other end of standard input, until it closes that.

    Args:
        server: The server.
        output: What `claim_standard_output` returned.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    try:
        anyio.run(_serve, server, output)
    except BaseExceptionGroup as group:
        # Pressed a second time, Ctrl-C ends the loop wherever it is.
        if stopped := group.subgroup(KeyboardInterrupt):
            raise KeyboardInterrupt from stopped
        raise


async def _serve(server: Server[Any], output: BinaryIO) -> None:
    try:
        await _serve_lines(server, output)
    except BaseExceptionGroup as group:
        # A client that is gone is no error: there is nobody left to tell. The transport fails, too, where it is stopped
        # with a message in its hands.
        _, others = group.split((BrokenPipeError, anyio.BrokenResourceError))
        if others is not None:
            raise others from None
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from None


async def _serve_lines(server: Server[Any], output: BinaryIO) -> None:
    from mcp.server.stdio import stdio_server

    writing = _Writing(output)
    lines = _Lines(_claim_standard_input(), writing)
    async with stdio_server(cast("Any", lines), cast("Any", writing)) as (read_stream, write_stream):
        await server.run(read_stream, write_stream, server.create_initialization_options())


def _claim_standard_input() -> io.TextIOWrapper:
    """Return standard input; whoever else reads it, such as a child process, finds its end."""
    private = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    # A line with a wrong byte is one message that cannot be read, and not the end of the server.
    return io.TextIOWrapper(os.fdopen(private, "rb"), encoding="utf-8", errors="replace", newline="\n")


class _Writing:
    """Where answers are written, each whole: the transport and `_Lines` both write."""

    def __init__(self, output: BinaryIO) -> None:
        self._file = anyio.wrap_file(io.TextIOWrapper(output, encoding="utf-8", newline="\n"))
        self._turn = anyio.Lock()

    async def write(self, text: str) -> None:
        async with self._turn:
            await self._file.write(text)
            await self._file.flush()

    async def flush(self) -> None:
        """Do nothing: what was written has gone out."""


class _Lines:
    """The messages of a file, as they come, a line each; read by a thread that does not keep the process alive.

    A line that is no message is answered here: the transport would pass over it, and its sender wait.
    """

    def __init__(self, file: io.TextIOWrapper, answers: _Writing) -> None:
        self._file, self._answers = file, answers
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue(_LINES_AHEAD)
        threading.Thread(target=self._read, name="standard input", daemon=True).start()

    def _read(self) -> None:
        # The loop is closed where the server ends first.
        with suppress(RuntimeError):
            try:
                for line in self._file:
                    self._put(line)
            except (OSError, ValueError):
                pass
            self._put(None)

    def _put(self, line: str | None) -> None:
        asyncio.run_coroutine_threadsafe(self._lines.put(line), self._loop).result()

    def __aiter__(self) -> AsyncIterator[str]:
        return self._each()

    async def _each(self) -> AsyncIterator[str]:
        while (line := await self._lines.get()) is not None:
            refusal = refusal_of(line)
            if refusal is None:
                yield line
            else:
                await self._answers.write(refusal.model_dump_json(by_alias=True) + "\n")
