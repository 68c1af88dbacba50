"""Who may use the chat: a file of names and password hashes, attempts, and sessions.

Owns: the file that ``--auth`` names, the check of a password, how often one may be tried, and the tokens of those who
are in. Knows nothing about pages, routes or conversations.

Passwords are hashed with scrypt at N = 2^15, r = 8, p = 3 (OWASP Password Storage Cheat Sheet: as strong as 2^17, 8, 1
with a quarter of the memory). The parameters stand beside each hash, so that they can be raised later.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import json
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag.atomic_file import write_atomically
from rag.errors import UsageError

COOKIE = "footnote_session"
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1024
# Also the name of a folder; lower case, because some file systems do not tell the cases apart.
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_N, _R, _P, _SALT_BYTES, _HASH_BYTES = 1 << 15, 8, 3, 16, 32
_FREE_ATTEMPTS = 5
_FIRST_DELAY, _LONGEST_DELAY = 30.0, 900.0
# After this long without an attempt, earlier ones are forgotten.
_FORGIVEN_AFTER = 3600.0
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class _Hash:
    """A password's hash with what it was made with."""

    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    def fits(self, password: str) -> bool:
        return hmac.compare_digest(_scrypt(password, self.n, self.r, self.p, self.salt), self.digest)


def _scrypt(password: str, n: int, r: int, p: int, salt: bytes) -> bytes:
    words = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(words, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=_HASH_BYTES)


def _hash(password: str) -> _Hash:
    salt = secrets.token_bytes(_SALT_BYTES)
    return _Hash(_N, _R, _P, salt, _scrypt(password, _N, _R, _P, salt))


# -- the file ----------------------------------------------------------------------------------------------------------


def add_user(path: Path, name: str, ask: Callable[[str], str] = getpass.getpass) -> bool:
    """Add a user to the file, made when absent, or give one a new password, asked for twice without echo.

    Returns whether the user is new. Raises UsageError for a bad name, a short password, or two that differ.
    """
    from filelock import FileLock

    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be a user's name; use a-z, 0-9, '.', '_' and '-' (at most 32).")
    path = path.expanduser()
    known = _read(path) if path.exists() else {}
    password = ask(f"Password for {name}: ")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UsageError(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; choose another.")
    if ask("The same again: ") != password:
        raise UsageError("The two passwords differ; nothing was changed, try again.")
    hashed = _hash(password)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(f"{path.name}.lock")
        with FileLock(lock, timeout=10, mode=0o600):
            known = _read(path) if path.exists() else {}
            _write(path, {**known, name: hashed})
    except OSError as error:
        raise UsageError(f"The file of users {path} cannot be written ({error.strerror or error}).") from None
    return name not in known


def _read(path: Path) -> dict[str, _Hash]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        users = {name: _read_hash(entry) for name, entry in found["users"].items()}
    except OSError as error:
        raise UsageError(
            f"The file of users {path} cannot be read ({error.strerror}); make it with: "
            f"rag chat --auth {path} --add-user NAME"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(
            f"The file of users {path} is damaged; restore a copy, or delete it and add them anew."
        ) from None
    wrong = next((name for name in users if not NAME.fullmatch(name)), None)
    if wrong is not None:
        raise UsageError(f"The file of users {path} has the name {wrong!r}, which cannot be one; take it out.")
    return users


def _read_hash(entry: dict[str, object]) -> _Hash:
    n, r, p = (int(str(entry[key])) for key in ("n", "r", "p"))
    salt, digest = (bytes.fromhex(str(entry[key])) for key in ("salt", "hash"))
    # Whoever can write the file could otherwise make every attempt take gigabytes.
    sound = 1 < n <= 1 << 20 and not n & (n - 1) and 1 <= r <= 32 and 1 <= p <= 16
    if entry["algorithm"] != "scrypt" or not sound or len(salt) < 8 or len(digest) != _HASH_BYTES:
        raise ValueError("no hash of this program")
    return _Hash(n, r, p, salt, digest)


def _write(path: Path, users: dict[str, _Hash]) -> None:
    """Put the whole file in place at once, readable by its owner alone."""
    entries = {
        name: {"algorithm": "scrypt", "n": h.n, "r": h.r, "p": h.p, "salt": h.salt.hex(), "hash": h.digest.hex()}
        for name, h in sorted(users.items())
    }
    write_atomically(path, json.dumps({"version": 1, "users": entries}, indent=1), private=True)


# -- coming in ---------------------------------------------------------------------------------------------------------


class Authenticator:
    """Lets users in. Safe to use from several threads; attempts and sessions live in memory.

    The file is read again when it has changed: a user who was taken out is out, one who has another password must come
    in again.
    """

    def __init__(self, path: Path, lifetime: float = 12 * 3600, clock: Callable[[], float] = time.monotonic) -> None:
        """Reads the file. Raises UsageError when it is absent, broken or empty."""
        self._path, self._lifetime, self._clock = path.expanduser(), lifetime, clock
        self._users = _read(self._path)
        if not self._users:
            raise UsageError(f"The file of users {path} names nobody; add one: rag chat --auth {path} --add-user NAME")
        self._stamp = self._file_stamp()
        self._guard = threading.Lock()
        # One hash at a time: each takes 32 MB and a core.
        self._hashing = threading.Lock()
        self._attempts: OrderedDict[tuple[str, str], _Attempts] = OrderedDict()
        self._sessions: OrderedDict[bytes, _Session] = OrderedDict()
        # Compared with when there is no such user, so that it takes as long.
        self._nobody = _hash(secrets.token_hex())

    def enter(self, name: str, password: str, address: str) -> str:
        """A new session's token. Raises UsageError for a wrong name or password (the same words and the same time for
        both) and, after several of those from one address or for one name, until some minutes have passed."""
        name = name.strip().lower()[:64]
        keys = [("address", address), ("name", name)]
        with self._hashing:
            self._refuse_if_hasty(keys)
            found = self._known().get(name)
            fits = (found or self._nobody).fits(password[:LONGEST_PASSWORD])
            if found is None or not fits:
                self._note_failure(keys)
                raise UsageError("The name or the password is wrong; try again.")
        token = secrets.token_urlsafe(32)
        with self._guard:
            self._attempts.pop(("name", name), None)
            self._sessions[_key(token)] = _Session(name, found.digest, self._clock() + self._lifetime)
            while len(self._sessions) > _MOST_KEPT:
                self._sessions.popitem(last=False)
        return token

    def user_of(self, token: str | None) -> str | None:
        """Whose session it is; None for one that is unknown or over, or whose user is no longer in the file."""
        if not token:
            return None
        users = self._known()
        with self._guard:
            session = self._sessions.get(_key(token))
            if session is None:
                return None
            known = users.get(session.user)
            if session.until <= self._clock() or known is None or known.digest != session.digest:
                del self._sessions[_key(token)]
                return None
            return session.user

    def leave(self, token: str | None) -> None:
        """End a session."""
        with self._guard:
            self._sessions.pop(_key(token or ""), None)

    def cookie(self, token: str, secure: bool) -> str:
        """The value of the ``Set-Cookie`` header that hands a token to the browser; an empty token takes it back."""
        age = int(self._lifetime) if token else 0
        return f"{COOKIE}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{'; Secure' if secure else ''}"

    def _known(self) -> dict[str, _Hash]:
        """The users of the file as it is now; a file that is broken or gone for a moment lets nobody new in."""
        stamp = self._file_stamp()
        with self._guard:
            if stamp != self._stamp:
                self._stamp = stamp
                try:
                    self._users = _read(self._path)
                except UsageError:
                    self._users = {}
            return self._users

    def _file_stamp(self) -> tuple[int, int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    def _refuse_if_hasty(self, keys: list[tuple[str, str]]) -> None:
        now = self._clock()
        with self._guard:
            wait = max(self._attempts[key].locked_until - now if key in self._attempts else 0.0 for key in keys)
        if wait > 0:
            minutes = "a minute" if wait <= 60 else f"{-(-wait // 60):.0f} minutes"
            raise UsageError(f"There were too many attempts; try again in {minutes}.")

    def _note_failure(self, keys: list[tuple[str, str]]) -> None:
        now = self._clock()
        with self._guard:
            for key in keys:
                before = self._attempts.pop(key, None)
                if before is None or now - before.last > _FORGIVEN_AFTER:
                    before = _Attempts(0, now, now)
                failures = before.failures + 1
                over = failures - _FREE_ATTEMPTS
                delay = min(_LONGEST_DELAY, _FIRST_DELAY * 2.0 ** min(over, 10)) if over >= 0 else 0.0
                self._attempts[key] = _Attempts(failures, now, now + delay)
            while len(self._attempts) > _MOST_KEPT:
                self._attempts.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Attempts:
    """How often it failed, when last, and until when nobody may try. Times are of the door's clock."""

    failures: int
    last: float
    locked_until: float


@dataclass(frozen=True, slots=True)
class _Session:
    """Who is in, with which password's hash, and until when."""

    user: str
    digest: bytes
    until: float


def _key(token: str) -> bytes:
    """Tokens are kept as hashes: what lies in memory opens nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
