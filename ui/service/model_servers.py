"""The servers of language models that the operator named, and their keys.

Owns: the file that they are kept in, and what may stand in it. Knows nothing about pages or who the operator is.

The file is JSON in the folder of the indexes, readable by its owner alone. A key leaves it only in the call of its own
server: no page, log or notice has it.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from rag.atomic_file import write_atomically
from rag.errors import UsageError
from rag.models.llm.named_server import NamedServer, ServerKind, base_address
from rag.notices import Notice

PREFIX = "server:"
"""What a spec of such a model begins with; the id of the server follows."""
_FILE = "model-servers.json"
_MOST, _LONGEST_NAME, _LONGEST_MODEL, _LONGEST_KEY = 50, 60, 300, 1000
_LOCK_SECONDS = 10.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptServer:
    """A server as it is kept.

    Attributes:
        id: Its id.
        name: What people call it.
        server: Where it is, its model and its key.
    """

    id: str
    name: str
    server: NamedServer

    @property
    def spec(self) -> str:
        """By what it is chosen."""
        return PREFIX + self.id


class ModelServers:
    """The servers that were named. Safe to use from several threads.

    Attributes:
        private_allowed: Whether a server may lie in a private network or be this machine although nobody said that it
            is meant: so it is where only this machine can reach the chat.
    """

    def __init__(self, home: Path, private_allowed: bool = True) -> None:
        """Read nothing yet.

        Args:
            home: The folder of the indexes.
            private_allowed: As the attribute.
        """
        self.path = home.expanduser() / _FILE
        self.private_allowed = private_allowed
        self._guard = threading.Lock()
        # Those that were taken away since the program began, which can be brought back.
        self._removed: dict[str, KeptServer] = {}

    def all(self) -> list[KeptServer]:
        """Return the servers in the order in which they were added; none where the file cannot be read."""
        try:
            entries = json.loads(self.path.read_text("utf-8"))["servers"]
            return [_kept(entry) for entry in entries]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            _LOG.warning("the servers of language models in %s cannot be read", self.path)
            return []

    def find(self, spec: str) -> KeptServer | None:
        """Return the server of a spec or an id; None for another."""
        id_ = spec.removeprefix(PREFIX)
        return next((kept for kept in self.all() if kept.id == id_), None)

    def read(self, fields: dict[str, Any]) -> NamedServer:
        """Return the server that a person describes.

        Args:
            fields: ``kind``, ``address``, ``model``, ``key`` and ``private``, as they were written.

        Raises:
            UsageError: The kind or the address cannot be, or something is too long.
        """
        from rag.models.llm.guarded_network import read_address

        kind = fields.get("kind")
        if kind not in ("openai", "ollama"):
            raise UsageError(Notice("server-address-wrong"))
        checked: ServerKind = kind
        address = base_address(checked, read_address(str(fields.get("address", ""))))
        model, key = str(fields.get("model", "")).strip(), str(fields.get("key", "")).strip()
        if len(model) > _LONGEST_MODEL or len(key) > _LONGEST_KEY or not model.isprintable():
            raise UsageError(Notice("server-address-wrong"))
        return NamedServer(checked, address, model, key, fields.get("private") is True or self.private_allowed)

    def add(self, name: str, server: NamedServer, meant: bool) -> KeptServer:
        """Keep a server.

        Args:
            name: What people call it; empty: its model.
            server: The server, with a model.
            meant: Whether the operator said that it may lie in a private network or be this machine.

        Returns:
            The server as it is kept.

        Raises:
            UsageError: No model is named, there are too many, or the file cannot be written.
        """
        if not server.model:
            raise UsageError(Notice("server-without-model"))
        kept = KeptServer(secrets.token_hex(6), _shown_name(name, server), server)
        with self._changing():
            servers = self.all()
            if len(servers) >= _MOST:
                raise UsageError(Notice("too-many-servers", {"most": _MOST}))
            self._write([*servers, KeptServer(kept.id, kept.name, _with_private(server, meant))])
        _LOG.info("a server of language models was added", extra={"address": server.address, "model": server.model})
        return kept

    def change(self, id_: str, name: str, key: str) -> KeptServer | None:
        """Give a server another name, and another key where there is a new one. Its address stays: a key is for one.

        Args:
            id_: Its id.
            name: What people call it; empty: its model.
            key: The new key; empty: it stays as it is.

        Returns:
            The server as it is kept; None where there is none.

        Raises:
            UsageError: The key is too long, or the file cannot be written.
        """
        if len(key.strip()) > _LONGEST_KEY:
            raise UsageError(Notice("server-address-wrong"))
        with self._changing():
            servers = self.all()
            before = next((kept for kept in servers if kept.id == id_), None)
            if before is None:
                return None
            server = replace(before.server, key=key.strip() or before.server.key)
            changed = KeptServer(id_, _shown_name(name, server), server)
            self._write([changed if kept is before else kept for kept in servers])
        return changed

    def remove(self, id_: str) -> bool:
        """Take a server away; until the program ends it can be brought back.

        Args:
            id_: Its id.

        Returns:
            Whether there was one.
        """
        with self._changing():
            servers = self.all()
            gone = next((kept for kept in servers if kept.id == id_), None)
            if gone is None:
                return False
            self._write([kept for kept in servers if kept.id != id_])
            self._removed[id_] = gone
        return True

    def restore(self, id_: str) -> bool:
        """Bring a server back that was taken away, and return whether that could be done."""
        with self._changing():
            gone = self._removed.pop(id_, None)
            if gone is None:
                return False
            self._write([*self.all(), gone])
        return True

    def reachable(self, server: NamedServer) -> NamedServer:
        """Return a server with what this chat allows today: where only this machine reaches it, all may be called."""
        return _with_private(server, server.private or self.private_allowed)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Keep other threads, and other chats on this home, from changing the file inside.

        Raises:
            UsageError: The file cannot be locked.
        """
        with self._guard, ExitStack() as held:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                held.enter_context(FileLock(f"{self.path}.lock", timeout=_LOCK_SECONDS, mode=0o600))
            except OSError as error:
                raise UsageError(Notice("preferences-not-kept", {"cause": error.strerror or str(error)})) from error
            yield

    def _write(self, servers: list[KeptServer]) -> None:
        entries = [{"id": kept.id, "name": kept.name, **asdict(kept.server)} for kept in servers]
        try:
            write_atomically(self.path, json.dumps({"version": 1, "servers": entries}, indent=1), private=True)
        except OSError as error:
            raise UsageError(Notice("preferences-not-kept", {"cause": error.strerror or str(error)})) from error


def _shown_name(name: str, server: NamedServer) -> str:
    """Return what people call a server: the name without what does not show, else its model."""
    shown = "".join(sign for sign in name if sign.isprintable()).strip()[:_LONGEST_NAME]
    return shown or server.model[:_LONGEST_NAME]


def _kept(entry: dict[str, Any]) -> KeptServer:
    """Read an entry of the file; one of another form is a ValueError or KeyError."""
    kind = entry["kind"]
    if kind not in ("openai", "ollama"):
        raise ValueError("no kind of server")
    server = NamedServer(kind, str(entry["address"]), str(entry["model"]), str(entry["key"]), entry["private"] is True)
    return KeptServer(str(entry["id"]), str(entry["name"]), server)


def _with_private(server: NamedServer, private: bool) -> NamedServer:
    return NamedServer(server.kind, server.address, server.model, server.key, private)
