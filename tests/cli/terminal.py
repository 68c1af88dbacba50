"""A terminal of a given size that `rag` runs in, with the fake encoder, and what stands on it in the end."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

_CODE = re.compile(r"\x1b\[\??([0-9;]*)([A-Za-z])|\r|\n|[^\x1b\r\n]+", re.DOTALL)
_SECONDS = 60
_PROMPT = b"\n> "
_PLAIN = ["-m", "tests.fakes"]


@dataclass(frozen=True)
class Shown:
    """What a command did on a terminal.

    Attributes:
        code: Its exit code.
        raw: All that it wrote.
        lines: What stands on the terminal when it has ended, without styles.
    """

    code: int
    raw: str
    lines: list[str]

    @property
    def text(self) -> str:
        """The lines as one text with single spaces, to look for words wherever they were wrapped."""
        return " ".join(" ".join(self.lines).split())


@dataclass(frozen=True)
class Terminal:
    """Runs commands with an environment; their outputs, and their input unless it is piped, are a terminal."""

    environment: dict[str, str]

    def run(
        self,
        *arguments: str | Path,
        columns: int = 80,
        rows: int = 40,
        piped: str | None = None,
        typed: Sequence[str] = (),
        interrupt_at: str = "",
        program: str = "",
        **environment: str,
    ) -> Shown:
        """Run a command to its end.

        Args:
            *arguments: Its arguments.
            columns: The width of the terminal.
            rows: Its height.
            piped: What is piped into the command; None: nothing, its input is the terminal.
            typed: What is typed at the terminal, each at a prompt of its own.
            interrupt_at: Ctrl-C is pressed once this was written.
            program: What runs in place of the command line with the fake encoder.
            **environment: Further variables.

        Returns:
            What it did.
        """
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        command = [sys.executable, *(["-c", program] if program else _PLAIN), *map(str, arguments)]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment | environment,
            stdin=subprocess.PIPE if piped is not None else slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        ) as running:
            os.close(slave)
            if running.stdin:
                running.stdin.write((piped or "").encode())
                running.stdin.close()
            raw = _read(master, running, list(typed), interrupt_at)
        os.close(master)
        return Shown(running.returncode, raw, screen_of(raw))


def _read(master: int, running: subprocess.Popen[bytes], typed: list[str], interrupt_at: str) -> str:
    """Read what is written until the command ends; one that does not is killed."""
    written, ends, pending = bytearray(), time.monotonic() + _SECONDS, interrupt_at.encode()
    while True:
        if not select.select([master], [], [], max(0, ends - time.monotonic()))[0]:
            running.kill()
            break
        try:
            data = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        written.extend(data)
        if typed and written.endswith(_PROMPT):
            os.write(master, typed.pop(0).encode())
        if pending and pending in written:
            # A prompt is written a moment before it waits for keys.
            time.sleep(0.3)
            running.send_signal(signal.SIGINT)
            pending = b""
    return written.decode()


def screen_of(raw: str) -> list[str]:
    """Return the lines that a terminal shows in the end, of output that moves the cursor as `rag` does."""
    lines, row, column = [""], 0, 0
    for code in _CODE.finditer(raw):
        text, number, letter = code.group(), code.group(1), code.group(2)
        if text == "\r":
            column = 0
        elif text == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif letter == "A":
            row = max(0, row - int(number or 1))
        elif letter == "K":
            lines[row] = "" if number == "2" else lines[row][:column]
        elif letter is None:
            lines[row] = lines[row][:column].ljust(column) + text + lines[row][column + len(text) :]
            column += len(text)
    return [line.rstrip() for line in lines]
