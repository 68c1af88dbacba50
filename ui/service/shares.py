"""Conversations that are shared: who may read which turns of which conversation, by an address that cannot be guessed.

Owns: the file that remembers what is shared, ``.shares.json`` in the folder of the server's indexes, readable by its
owner alone. Knows nothing about what the turns say, or pages.

A share holds the ids of the turns that were shown when it was made: what is asked later, asked again or otherwise, is
no part of it. The address is kept as it is, not hashed: its owner may copy it again, and whoever can read the file can
read the conversations beside it anyway.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from rag.atomic_file import write_atomically

_FILE = ".shares.json"
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Share:
    """A conversation as it was when it was shared.

    Attributes:
        token: What its address ends in.
        user: Whose conversation it is; empty where there are no users.
        workspace: The workspace that it is in.
        conversation: Its id.
        turns: The ids of the turns that were shown then, in order.
        created: When that was: UTC, ISO 8601.
    """

    token: str
    user: str
    workspace: str
    conversation: str
    turns: tuple[str, ...]
    created: str


class Shares:
    """What is shared on one server. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        """Read nothing yet.

        Args:
            home: The folder of the server's indexes.
        """
        self._path = home / _FILE
        # One for the threads of this process, one for other processes.
        self._guard, self._lock = threading.Lock(), FileLock(f"{self._path}.lock", mode=0o600)

    def share(self, user: str, workspace: str, conversation: str, turns: Sequence[str]) -> Share:
        """Share a conversation as it is now; where it is shared already, its address stays.

        Args:
            user: Whose conversation it is.
            workspace: The workspace that it is in.
            conversation: Its id.
            turns: The ids of its turns that are shown, in order.

        Returns:
            The share.
        """
        with self._guard, self._lock:
            kept = self._read()
            before = next((one for one in kept if _is(one, user, workspace, conversation)), None)
            token = before.token if before else secrets.token_urlsafe(_TOKEN_BYTES)
            created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            made = Share(token, user, workspace, conversation, tuple(turns), created)
            self._write([*(one for one in kept if one != before), made])
        return made

    def withdraw(self, user: str, workspace: str, conversation: str) -> bool:
        """Share a conversation no longer; its address leads nowhere from then on.

        Args:
            user: Whose conversation it is.
            workspace: The workspace that it is in.
            conversation: Its id.

        Returns:
            Whether it was shared.
        """
        with self._guard, self._lock:
            kept = self._read()
            left = [one for one in kept if not _is(one, user, workspace, conversation)]
            if len(left) != len(kept):
                self._write(left)
        return len(left) != len(kept)

    def of(self, user: str, workspace: str) -> dict[str, Share]:
        """Return what a user shares of a workspace, by the id of the conversation."""
        return {one.conversation: one for one in self._read() if (one.user, one.workspace) == (user, workspace)}

    def find(self, token: str) -> Share | None:
        """Return what an address leads to; None where it leads nowhere."""
        return next((one for one in self._read() if secrets.compare_digest(one.token.encode(), token.encode())), None)

    def _read(self) -> list[Share]:
        try:
            rows = json.loads(self._path.read_text("utf-8"))
            return [Share(**{**row, "turns": tuple(row["turns"])}) for row in rows]
        except FileNotFoundError:
            return []
        except (ValueError, TypeError, KeyError):
            # A file that was damaged shares nothing.
            return []

    def _write(self, shares: Sequence[Share]) -> None:
        write_atomically(self._path, json.dumps([asdict(one) for one in shares], indent=1), private=True)


def _is(share: Share, user: str, workspace: str, conversation: str) -> bool:
    return (share.user, share.workspace, share.conversation) == (user, workspace, conversation)
