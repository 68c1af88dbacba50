"""The keys of programs that may call: names and hashes, in a file of the home folder or in the database.

Owns: what is kept of keys, what a key looks like, and whose key one is. Knows nothing about requests, or of how a text
is kept (``rag.hosting.kept_text``): with a database in its table, where all servers see it, and else in a file.

The file is JSON: ``{"version": 1, "keys": {NAME: {"hash", "indexes", "scope", "created", "expires", "per_minute",
"writes"}}}``, where ``writes`` is there only if it names an index.
A key is ``fn_`` and 256 random bits. What is kept is its SHA-256: a slow hash, such as passwords need, makes each guess
at a word that a person chose dear; nobody can try 2^256 random keys at any speed, and every call checks one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import math
import re
import secrets
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from rag.errors import UsageError
from rag.hosting.kept_text import FileText, KeptText, keys_text
from rag.hosting.rights import NOTHING, Rights, named_rights

_LOG = logging.getLogger(__name__)

Scope = Literal["read", "write", "metrics"]
"""What a key is for: to ask, also to add and delete documents, or to read the metrics and nothing else."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
KEY = re.compile(r"fn_[A-Za-z0-9_-]{43}", re.ASCII)
KEY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
# Hidden, so that no index can have this name.
_FILE = ".keys.json"
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LOCK_SECONDS = 10.0
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key.

    Attributes:
        name: What people call it.
        hash: The SHA-256 of the key, in hexadecimal digits.
        indexes: The names of the indexes that it opens; None: all.
        scope: What it is for.
        created: When it was made, in seconds since 1970.
        expires: When it ends, in seconds since 1970; None: never.
        per_minute: How many requests a minute it may make; None: as the setting says.
        writes: The names of indexes that it opens, and that it may change although its scope is to read.
    """

    name: str
    hash: str
    indexes: frozenset[str] | None
    scope: Scope
    created: float
    expires: float | None = None
    per_minute: int | None = None
    writes: frozenset[str] = frozenset()

    @property
    def rights(self) -> Rights:
        """Which indexes it may read and change."""
        if self.scope == "metrics":
            return NOTHING
        return named_rights(self.indexes, None if self.scope == "write" else self.writes)

    def is_over(self, now: float) -> bool:
        """Return whether it has ended, at a time in seconds since 1970."""
        return self.expires is not None and self.expires <= now


class KeyFile:
    """The keys of one home, or of one database. Several processes may change them at once.

    Each method raises DatabaseUnusable where they are kept in a database that cannot be used.
    """

    def __init__(self, home: Path) -> None:
        """Read nothing yet.

        Args:
            home: The folder that holds the indexes.

        Raises:
            DatabaseUnusable: The keys are kept in a database that cannot be used.
        """
        self.path = home.expanduser() / _FILE
        self._kept = keys_text(self.path)

    def all(self) -> dict[str, Key]:
        """Return the keys by their names, in order.

        Raises:
            UsageError: The file cannot be read or is damaged.
        """
        return _read(self._kept)

    def left_behind(self) -> dict[str, Key]:
        """Return the keys that lie in the file of the home folder, where the database has the place of that.

        Raises:
            UsageError: The file cannot be read or is damaged.
        """
        return {} if self._is_file() else _read(FileText(self.path, "keys"))

    def move(self) -> list[str]:
        """Take the keys of the home folder's file over into the database, and delete the file.

        Returns:
            Their names, in order.

        Raises:
            UsageError: No database is named, there is another key of one of these names, or the file cannot be read or
                deleted. Nothing was changed then, or what was moved is moved again without harm.
        """
        if self._is_file():
            raise UsageError("There is no database to move keys into; RAG_DATABASE_URL names it.")
        moved = self.left_behind()

        def joined(keys: dict[str, Key]) -> dict[str, Key]:
            other = next((name for name, key in moved.items() if keys.get(name, key) != key), None)
            if other is not None:
                raise UsageError(
                    f"The database has another key {other!r}; remove one of the two: rag keys remove {other} takes "
                    f"out that of the database, and without RAG_DATABASE_URL that of {self.path}."
                )
            return {**keys, **moved}

        if moved:
            self._change(joined)
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(f"The file of keys {self.path} cannot be deleted ({error.strerror}); delete it.") from None
        return list(moved)

    def add(
        self,
        name: str,
        indexes: frozenset[str] | None,
        scope: Scope,
        days: float | None = None,
        per_minute: int | None = None,
        writes: frozenset[str] = frozenset(),
    ) -> str:
        """Make a key.

        Args:
            name: What people call it.
            indexes: The names of the indexes that it opens; None: all.
            scope: What it is for.
            days: After how many days it ends; None: never.
            per_minute: How many requests a minute it may make; None: as the setting says.
            writes: The names of indexes that it opens, and that it may change although its scope is to read.

        Returns:
            The key, which nobody can read again.

        Raises:
            UsageError: A name that cannot be or is taken, or a file that cannot be read or written.
        """
        if not KEY_NAME.fullmatch(name):
            raise UsageError(f"{name!r} cannot be a key's name; use letters, digits, '.', '_' and '-' (at most 64).")
        token = f"fn_{secrets.token_urlsafe(32)}"
        now = time.time()
        until = None if days is None else now + days * _DAY
        key = Key(name, hash_of(token), indexes, scope, now, until, per_minute, writes)

        def added(keys: dict[str, Key]) -> dict[str, Key]:
            if name in keys:
                raise UsageError(
                    f"There is a key {name!r} already; choose another name, or remove it first: rag keys remove {name}"
                )
            return {**keys, name: key}

        self._change(added)
        return token

    def remove(self, name: str) -> None:
        """Take a key out; a running service refuses it from then on.

        Raises:
            UsageError: There is no such key, or the file cannot be read or written.
        """

        def without(keys: dict[str, Key]) -> dict[str, Key]:
            if name not in keys:
                raise UsageError(f"There is no key {name!r}; rag keys list shows those that there are.")
            return {other: key for other, key in keys.items() if other != name}

        self._change(without)

    def stamp(self) -> Hashable:
        """Return what differs once the keys are others."""
        return self._kept.stamp()

    def _is_file(self) -> bool:
        return isinstance(self._kept, FileText)

    def _change(self, change: Callable[[dict[str, Key]], dict[str, Key]]) -> None:
        def changed(text: str | None) -> str:
            keys = change(_parsed(text, self._kept))
            content = {"version": 1, "keys": {name: _entry(keys[name]) for name in sorted(keys)}}
            return json.dumps(content, indent=1)

        try:
            self._kept.change(changed, _LOCK_SECONDS)
        except OSError as error:
            raise UsageError(
                f"{self._kept.title} cannot be written ({error.strerror or 'another program has it'})."
            ) from None
        except ValueError:
            raise _damaged(self._kept) from None


def _read(kept: KeptText) -> dict[str, Key]:
    try:
        return _parsed(kept.read(), kept)
    except OSError as error:
        raise UsageError(f"{kept.title} cannot be read ({error.strerror}).") from None
    except ValueError:
        raise _damaged(kept) from None


def _parsed(text: str | None, kept: KeptText) -> dict[str, Key]:
    """Return the keys of a text by their names, in order; none where there is no text."""
    if text is None:
        return {}
    try:
        keys = {name: _parse(name, entry) for name, entry in json.loads(text)["keys"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        raise _damaged(kept) from None
    return {name: keys[name] for name in sorted(keys)}


def _damaged(kept: KeptText) -> UsageError:
    return UsageError(f"{kept.title} is damaged; {kept.remedy} and make the keys anew with rag keys add.")


class KeyRing:
    """The keys as a running service knows them: they are read again when they have changed.

    Once there was a key, callers need one until the service ends: to remove the last key opens nothing. So it is while
    the file is damaged, too. Safe to use from several threads.
    """

    def __init__(self, file: KeyFile, clock: Callable[[], float] = time.time) -> None:
        """Read the keys.

        Args:
            file: Where they are kept.
            clock: Returns seconds since 1970; replaced by tests.

        Raises:
            UsageError: The file cannot be read or is damaged, or the home folder has keys that the database has the
                place of: a server that did not look for them would let everybody in where it asked for a key before.
        """
        if file.left_behind():
            raise UsageError(
                f"The keys in {file.path} are not used, since RAG_DATABASE_URL keeps keys in the database; move them "
                "there with rag keys move, or delete the file."
            )
        self._file, self._clock = file, clock
        self._guard = threading.Lock()
        self._stamp = file.stamp()
        self._keys: Mapping[str, Key] = file.all()
        self._needed = bool(self._keys)

    def is_needed(self) -> bool:
        """Return whether there is a key, or was one since the service began."""
        self._current()
        return self._needed

    def find(self, token: str) -> Key | None:
        """Return the key that a caller shows; None for one that is unknown, removed or over."""
        keys = self._current()
        if not KEY.fullmatch(token):
            return None
        shown = hash_of(token)
        found = None
        for key in keys.values():
            # All are compared, each in the same time whatever is shown.
            if hmac.compare_digest(key.hash, shown):
                found = key
        return None if found is None or found.is_over(self._clock()) else found

    def _current(self) -> Mapping[str, Key]:
        stamp = self._file.stamp()
        with self._guard:
            if stamp != self._stamp:
                try:
                    self._keys = self._file.all()
                except UsageError as error:
                    self._keys = {}
                    # Somebody made keys: what they are cannot be told, so nobody has one.
                    self._needed = True
                    _LOG.warning("no key is taken until the file of keys is mended", extra={"cause": str(error)})
                self._needed = self._needed or bool(self._keys)
                # Not before: a database that goes away meanwhile is asked again.
                self._stamp = stamp
            return self._keys


def hash_of(token: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _entry(key: Key) -> dict[str, Any]:
    entry = {
        "hash": key.hash,
        "indexes": None if key.indexes is None else sorted(key.indexes),
        "scope": key.scope,
        "created": key.created,
        "expires": key.expires,
        "per_minute": key.per_minute,
    }
    return {**entry, "writes": sorted(key.writes)} if key.writes else entry


def _parse(name: str, entry: Mapping[str, Any]) -> Key:
    """Return a key of the file; raises ValueError, KeyError or TypeError for what is none."""
    indexes, scope, per_minute = entry["indexes"], entry["scope"], entry.get("per_minute")
    writes = entry.get("writes", [])
    created, expires = float(entry["created"]), entry.get("expires")
    if not KEY_NAME.fullmatch(name) or not _HASH.fullmatch(entry["hash"]) or scope not in SCOPES:
        raise ValueError("no key")
    # A text would be a collection of its letters, and a missing list all indexes.
    if indexes is not None and (not isinstance(indexes, list) or not all(isinstance(one, str) for one in indexes)):
        raise ValueError("no list of indexes")
    if not isinstance(writes, list) or not all(isinstance(one, str) for one in writes):
        raise ValueError("no list of indexes to write")
    if per_minute is not None and (not isinstance(per_minute, int) or per_minute < 1):
        raise ValueError("no rate")
    until = None if expires is None else float(expires)
    if not math.isfinite(created) or (until is not None and math.isnan(until)):
        raise ValueError("no time")
    opens = None if indexes is None else frozenset(indexes)
    return Key(name, entry["hash"], opens, scope, created, until, per_minute, frozenset(writes))
