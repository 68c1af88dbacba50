"""Who calls, and what they may do.

Owns: what is known of a caller, and that keys and users are asked for wherever there are any. Knows nothing about
routes, or how keys and users are kept.

Whoever listens where only this machine can reach it, and has neither keys nor users, lets everybody in. With a key or a
file of users everybody needs one of the two, wherever they call from.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import math
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from rag.errors import DatabaseUnusable, UsageError
from rag.hosting.attempts import AttemptKey, Attempts, Limit, network_of
from rag.hosting.bind_address import BindAddress, is_loopback
from rag.hosting.keys import Key, KeyFile, KeyRing
from rag.hosting.refused import ApiError
from rag.hosting.rights import EVERYTHING, READ_ALL, Rights
from rag.hosting.state import State
from rag.hosting.users import Authenticator

# Of one address: a wrong key waits, a right one never does, so nobody is locked out by what others do.
_WRONG_KEYS = Limit(10, 2.0, 60.0)
# Users who are kept signed in, so that a password is hashed once and not with every call.
_MOST_SIGNED_IN = 10_000
_TAKEN = (
    "The key or the rights by which this was asked for were taken away meanwhile; ask again with those that hold now."
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    Attributes:
        name: The name of the key, or ``user:`` and that of the user; empty where nobody needs one.
        rights: Which of the indexes that are served they may read and change.
        may_measure: Whether they may read the metrics, which speak of all indexes.
        per_minute: How many requests a minute they may make; None: as the setting says.
        rights_now: Returns their rights as they are now; None where their key or user is gone.
    """

    name: str = ""
    rights: Rights = EVERYTHING
    may_measure: bool = True
    per_minute: int | None = None
    rights_now: Callable[[], Rights | None] | None = field(default=None, compare=False, repr=False)

    def confirm(self) -> None:
        """Do nothing where the caller still has the rights with which they called. Files and a database may be asked.

        Raises:
            ApiError: The key or user is gone, or their rights are others (401): what they asked for is ended.
        """
        try:
            has_changed = self.rights_now is not None and self.rights_now() != self.rights
        except DatabaseUnusable:
            # What was begun with the right to it is not lost because nobody can be asked at this moment.
            return
        if has_changed:
            raise ApiError(401, "rights_taken", _TAKEN)


class CallerMustWait(Exception):
    """Too much that was wrong came from the caller's address.

    Args:
        seconds: After how many seconds they may try again.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:.0f} seconds")
        self.seconds = max(1, math.ceil(seconds))


class Access(Protocol):
    """Knows the callers.

    Attributes:
        only_this_machine: Whether a request that names another host than this machine is refused, so that a page of the
            web cannot reach the service by a name of its own that leads to 127.0.0.1 (DNS rebinding).
        challenge: How somebody without a key is asked for one, as ``WWW-Authenticate`` says it.
    """

    only_this_machine: bool
    challenge: str

    def caller_of(self, headers: Mapping[str, str], address: str) -> Caller | None:
        """Return who calls.

        Args:
            headers: The request's headers, by their names in any case.
            address: The client's network address.

        Returns:
            The caller; None for one who must show a key first.

        Raises:
            CallerMustWait: Too many wrong ones came from that address.
        """
        ...


class OpenAccess:
    """Lets everybody do everything: for a program that serves itself, and for tests."""

    only_this_machine = False
    challenge = "Bearer"

    def caller_of(self, headers: Mapping[str, str], address: str) -> Caller | None:  # noqa: ARG002
        """Return the one caller that there is.

        Args:
            headers: Not looked at.
            address: Not looked at.

        Returns:
            The caller.
        """
        return Caller()


class GuardedAccess:
    """Knows callers by their keys and by the names and passwords of users. Safe to use from several threads."""

    def __init__(
        self,
        keys: KeyRing,
        users: Authenticator | None = None,
        only_this_machine: bool = False,
        state: State | None = None,
    ) -> None:
        """Know who may call.

        Args:
            keys: The keys.
            users: Signs users in; None where there are none.
            only_this_machine: Whether requests that name another host are refused.
            state: Where wrong keys are counted; None: in a memory of its own.
        """
        self._keys, self._users, self.only_this_machine = keys, users, only_this_machine
        self.challenge = 'Bearer, Basic realm="Footnote", charset="UTF-8"' if users else "Bearer"
        self._attempts = Attempts(state)
        self._guard = threading.Lock()
        # Tokens of sessions, by a keyed hash of name and password: what lies in memory opens nothing elsewhere.
        self._sessions: OrderedDict[bytes, str] = OrderedDict()
        self._session_key = secrets.token_bytes()

    def caller_of(self, headers: Mapping[str, str], address: str) -> Caller | None:
        """Return who calls.

        Args:
            headers: The request's headers, by their names in any case.
            address: The client's network address.

        Returns:
            The caller; None for one who must show a key first.

        Raises:
            CallerMustWait: Too many wrong ones came from that address.
        """
        if self._users is None and not self._keys.is_needed():
            return Caller()
        scheme, _, shown = headers.get("authorization", "").strip().partition(" ")
        if scheme.lower() == "basic" and self._users is not None:
            return self._user(self._users, shown.strip(), address)
        if scheme.lower() == "bearer":
            return self._by_key(shown.strip(), address)
        return None

    def _by_key(self, token: str, address: str) -> Caller | None:
        key = self._keys.find(token)
        if key is not None:
            return replace(caller_with(key), rights_now=lambda: self._rights_of_key(token))
        counted: list[AttemptKey] = [(_WRONG_KEYS, "", network_of(address))]
        wait = self._attempts.wait(counted)
        if wait > 0:
            raise CallerMustWait(wait)
        self._attempts.note_failure(counted)
        return None

    def _rights_of_key(self, token: str) -> Rights | None:
        key = self._keys.find(token)
        return None if key is None else key.rights

    def _user(self, users: Authenticator, credentials: str, address: str) -> Caller | None:
        try:
            name, colon, password = base64.b64decode(credentials, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, ValueError):
            return None
        if not colon:
            return None
        known = hmac.digest(self._session_key, f"{name}\0{password}".encode(), hashlib.sha256)
        with self._guard:
            token = self._sessions.get(known, "")
        user = users.user_of(token)
        if user is None:
            try:
                token = users.sign_in(name, password, address)
            except UsageError as error:
                minutes = error.notice.values.get("minutes")
                if minutes is None:
                    return None
                raise CallerMustWait(60.0 * float(minutes)) from None
            user = users.user_of(token)
            with self._guard:
                self._sessions[known] = token
                while len(self._sessions) > _MOST_SIGNED_IN:
                    self._sessions.popitem(last=False)
        if user is None:
            return None
        rights = _rights_of_user(users, user)
        may_measure = users.is_operator(user) and rights.reads is None

        def rights_now() -> Rights | None:
            return _rights_of_user(users, user) if users.user_of(token) == user else None

        return Caller(f"user:{user}", rights, may_measure, rights_now=rights_now)


def _rights_of_user(users: Authenticator, user: str) -> Rights:
    # What is served is shared: where nothing else is said, users read it, and operators look after it.
    return users.rights_of(user) or (EVERYTHING if users.is_operator(user) else READ_ALL)


def caller_with(key: Key) -> Caller:
    """Return who calls with a key."""
    rights = key.rights
    # Metrics tell of all indexes, so a key of some does not open them.
    may_measure = key.scope == "metrics" or rights.reads is None
    return Caller(key.name, rights, may_measure, key.per_minute)


def access_of(bind: BindAddress, home: Path, command: str = "rag serve", state: State | None = None) -> GuardedAccess:
    """Return who may call at an address.

    Args:
        bind: Where is listened, the file of users, and whether others may come without a key.
        home: The folder that holds the indexes and the keys.
        command: The command that listens, for the sentence below.
        state: What the server remembers for a while; None: a memory of its own.

    Returns:
        The access; it follows the files of keys and users as they change.

    Raises:
        UsageError: Other machines could call without a key, or a file cannot be read.
    """
    users = Authenticator(bind.auth, state=state) if bind.auth is not None else None
    keys = KeyRing(KeyFile(home))
    # Through a proxy on this machine others come as if from here.
    is_private = is_loopback(bind.host) and not bind.proxies
    if users is None and not keys.is_needed() and not is_private and not bind.insecure:
        where = f"--host {bind.host}" if not is_loopback(bind.host) else f"RAG_TRUSTED_PROXIES before {command}"
        raise UsageError(
            f"{where} lets other machines read your documents without a key; make one with "
            "rag keys add NAME --all-indexes --scope read, add --auth FILE of users, or --insecure if that is meant."
        )
    return GuardedAccess(keys, users, is_private, state)
