"""Tell who may use the chat: names and password hashes, sign-in attempts, and sessions.

Owns: the users that ``--auth`` names, how often a password may be tried, and the tokens of those who are signed in.
Knows nothing about pages, routes, conversations, how a password is hashed (``rag.hosting.passwords``), or whether the
users are kept in a file or in the database (``rag.hosting.kept_text``), which is called a file here all the same.

The file is JSON: ``{"version": 1, "users": {NAME: ENTRY}, "operators": [NAME], "rights": {NAME: RIGHTS}}``. Operators
may do what reaches beyond their own documents: fetch models, and name servers of models. A file of an earlier version
names none. An entry is a hash as ``rag.hosting.passwords`` writes it: Argon2id, or scrypt in files of earlier versions.
A sign-in with an scrypt hash replaces it by an Argon2id one if the file can be written, so that a file that can only be
read goes on working as it is. Rights are those of ``rag.hosting.rights``; whoever has none there has what users have by
default.
"""

from __future__ import annotations

import getpass
import hmac
import json
import math
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rag.errors import DatabaseUnusable, UsageError
from rag.hosting.attempts import AttemptKey, Attempts, Limit, network_of
from rag.hosting.kept_text import IN_DATABASE, KeptText, users_text
from rag.hosting.passwords import PasswordHash, hash_password, parse_hash
from rag.hosting.rights import NOTHING, Rights, rights_of_json
from rag.hosting.state import MemoryState, State, hidden_name, put, remove
from rag.notices import Notice

COOKIE = "footnote_session"
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1024
# Also the name of a folder; lower case, because some file systems do not tell the cases apart.
USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_LONGEST_NAME = 64

# Of one name from one address: whoever guesses waits long, and nobody else waits for it.
_PAIR = Limit(5, 30.0, 900.0)
# Of one name from all addresses, of all names from one: against guesses from many places and against one password for
# many names. Nobody waits long for what others do, and not at all where they have signed in from before.
_NAME, _ADDRESS = Limit(50, 2.0, 60.0), Limit(25, 2.0, 60.0)
# Cap on sessions, on names and addresses with failures, and on those that belong together, that are kept in memory.
_MOST_KEPT = 10_000
# Sessions by a hash of their token, and names with the addresses that they have signed in from, for 90 days.
_SESSION, _KNOWN, _KNOWN_SECONDS = "session", "known", 90 * 86_400.0
_LOCK_SECONDS = 10.0


# -- the file ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UserFile:
    """What the file holds.

    Attributes:
        users: The hash of each user's password, by name.
        operators: Those of them who are operators.
        rights: What those of them may read and change who were given rights by index.
    """

    users: Mapping[str, PasswordHash]
    operators: frozenset[str] = frozenset()
    rights: Mapping[str, Rights] = field(default_factory=dict)

    def with_hash(self, name: str, password_hash: PasswordHash) -> UserFile:
        """Return what the file holds once a user has another hash.

        Args:
            name: The user's name.
            password_hash: Their new hash.

        Returns:
            What the file holds then.
        """
        return replace(self, users={**self.users, name: password_hash})


_NOBODY = UserFile({})


def add_user(auth: Path, name: str, ask: Callable[[str], str] = getpass.getpass) -> bool:
    """Add a user, or give one a new password. The first user of a new file, or of a new table, is an operator.

    Args:
        auth: The file of users, made when absent; or `IN_DATABASE`.
        name: The user's name.
        ask: Asks for the password without echo; called twice with the prompt.

    Returns:
        Whether the user is new.

    Raises:
        UsageError: A name that cannot be, a password that is too short or too long, two passwords that differ, or a
            file that cannot be read or written.
        DatabaseUnusable: The database cannot be used.
    """
    if not USER_NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be a user's name; use a-z, 0-9, '.', '_' and '-' (at most 32).")
    kept = users_text(auth)
    _read(kept, _NOBODY)
    password = ask(f"Password for {name}: ")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UsageError(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; choose another.")
    if ask("The same again: ") != password:
        raise UsageError("The two passwords differ; nothing was changed, try again.")
    hashed = hash_password(password)

    def added(before: UserFile) -> UserFile:
        operators = before.operators if before.users else frozenset({name})
        return replace(before.with_hash(name, hashed), operators=operators)

    return name not in _change(kept, added, _NOBODY).users


def set_operator(auth: Path, name: str, operator: bool) -> None:
    """Make a user an operator, or an operator a user like the others.

    Args:
        auth: The file of users, or `IN_DATABASE`.
        name: The user's name.
        operator: Whether they become one.

    Raises:
        UsageError: There is no such user, or the file cannot be read or written.
        DatabaseUnusable: The database cannot be used.
    """

    def changed(before: UserFile) -> UserFile:
        return replace(before, operators=before.operators | {name} if operator else before.operators - {name})

    _change_user(users_text(auth), name, changed)


def set_rights(auth: Path, name: str, rights: Rights | None) -> None:
    """Say which indexes a user may read and change.

    Args:
        auth: The file of users, or `IN_DATABASE`.
        name: The user's name.
        rights: What they may do; None: what users may by default.

    Raises:
        UsageError: There is no such user, or the file cannot be read or written.
        DatabaseUnusable: The database cannot be used.
    """

    def changed(before: UserFile) -> UserFile:
        others = {other: theirs for other, theirs in before.rights.items() if other != name}
        return replace(before, rights=others if rights is None else {**others, name: rights})

    _change_user(users_text(auth), name, changed)


def remove_user(auth: Path, name: str) -> None:
    """Take a user out, who is signed out with that; their documents and conversations stay.

    Args:
        auth: The file of users, or `IN_DATABASE`.
        name: The user's name.

    Raises:
        UsageError: There is no such user, they are the only one, or the file cannot be read or written.
        DatabaseUnusable: The database cannot be used.
    """

    def without(before: UserFile) -> UserFile:
        users = {other: entry for other, entry in before.users.items() if other != name}
        if not users:
            raise UsageError(f"{name} is the only user, and a server needs one; add another first with --add-user.")
        rights = {other: theirs for other, theirs in before.rights.items() if other != name}
        return UserFile(users, before.operators - {name}, rights)

    _change_user(users_text(auth), name, without)


def copy_to_database(file: Path) -> list[str]:
    """Copy the users of a file into the database, with their passwords' hashes, roles and rights.

    Args:
        file: The file of users; it is left as it is.

    Returns:
        Their names, in order.

    Raises:
        UsageError: No database is named, it has another user of one of these names, or the file cannot be read.
        DatabaseUnusable: The database cannot be used.
    """
    kept, copied = users_text(Path(IN_DATABASE)), read_users(file)

    def joined(before: UserFile) -> UserFile:
        other = next((name for name in sorted(copied.users) if name in before.users), None)
        if other is not None and before != copied:
            raise UsageError(f"{kept.title} has a user {other!r} already; nothing was copied, take one of them out.")
        return UserFile(
            {**before.users, **copied.users}, before.operators | copied.operators, {**before.rights, **copied.rights}
        )

    _change(kept, joined, _NOBODY)
    return sorted(copied.users)


def read_users(auth: Path) -> UserFile:
    """Return the users.

    Args:
        auth: The file of users, or `IN_DATABASE`.

    Raises:
        UsageError: The file cannot be read.
        DatabaseUnusable: The database cannot be used.
    """
    return _read(users_text(auth))


def operators(auth: Path) -> frozenset[str]:
    """Return the names of the operators.

    Args:
        auth: The file of users, or `IN_DATABASE`.

    Raises:
        UsageError: The file cannot be read.
        DatabaseUnusable: The database cannot be used.
    """
    return read_users(auth).operators


def _change_user(kept: KeptText, name: str, change: Callable[[UserFile], UserFile]) -> None:
    """Change what is kept of a user; raises UsageError where there is none of that name or it cannot be written."""

    def checked(before: UserFile) -> UserFile:
        if name not in before.users:
            raise UsageError(f"{kept.title} has no {name!r}; add them with --add-user {name}.")
        return change(before)

    _change(kept, checked)


def _change(kept: KeptText, change: Callable[[UserFile], UserFile], absent: UserFile | None = None) -> UserFile:
    """Change the users, and return those that there were; ``absent`` are those of a file that is not there."""
    found: list[UserFile] = []

    def changed(text: str | None) -> str:
        found.append(_parse(text, kept, absent))
        return _text_of(change(found[0]))

    try:
        kept.change(changed, _LOCK_SECONDS)
    except OSError as error:
        raise UsageError(f"{kept.title} cannot be written ({error.strerror or error}).") from None
    except ValueError:
        raise _damaged(kept) from None
    return found[0]


def _replace_hash(kept: KeptText, name: str, old: PasswordHash, new: PasswordHash) -> bool:
    """Put ``new`` in the place of a user's hash ``old`` and return True; return False when that cannot be.

    It cannot when nothing can be written, somebody else writes right now, or the user has another hash by now.
    """

    def replaced(text: str | None) -> str:
        before = _parse(text, kept)
        if before.users.get(name) != old:
            raise UsageError("another hash")
        return _text_of(before.with_hash(name, new))

    try:
        kept.change(replaced, 0)
    except (OSError, ValueError, UsageError, DatabaseUnusable):
        return False
    return True


def _read(kept: KeptText, absent: UserFile | None = None) -> UserFile:
    try:
        return _parse(kept.read(), kept, absent)
    except OSError as error:
        raise UsageError(
            f"{kept.title} cannot be read ({error.strerror}); make it with: rag chat --auth {kept} --add-user NAME"
        ) from None
    except ValueError:
        raise _damaged(kept) from None


def _parse(text: str | None, kept: KeptText, absent: UserFile | None = None) -> UserFile:
    """Return the users of a text; raises UsageError for one that is damaged, or is not there unless it may be."""
    if text is None:
        if absent is not None:
            return absent
        raise UsageError(f"{kept.title} {kept.missing}; make it with: rag chat --auth {kept} --add-user NAME")
    try:
        content = json.loads(text)
        users = {name: parse_hash(entry) for name, entry in content["users"].items()}
        operators = content.get("operators", [])
        if not isinstance(operators, list) or not all(isinstance(name, str) for name in operators):
            raise TypeError
        rights = {name: rights_of_json(entry) for name, entry in content.get("rights", {}).items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _damaged(kept) from None
    wrong = next((name for name in users if not USER_NAME.fullmatch(name)), None)
    if wrong is not None:
        raise UsageError(f"{kept.title} has the name {wrong!r}, which cannot be one; take it out.")
    there = {name: theirs for name, theirs in rights.items() if name in users}
    return UserFile(users, frozenset(operators) & users.keys(), there)


def _damaged(kept: KeptText) -> UsageError:
    return UsageError(f"{kept.title} is damaged; {kept.remedy} and add them anew.")


def _text_of(file: UserFile) -> str:
    entries = {name: file.users[name].entry() for name in sorted(file.users)}
    content: dict[str, Any] = {"version": 1, "users": entries, "operators": sorted(file.operators)}
    if file.rights:
        content["rights"] = {name: file.rights[name].as_json() for name in sorted(file.rights)}
    return json.dumps(content, indent=1)


# -- signing in --------------------------------------------------------------------------------------------------------


class Authenticator:
    """Signs users in and out. Safe to use from several threads.

    Attempts and sessions live in the memory of the server: who signs in at one of several servers on one database is
    signed in at all of them.

    The file is read again when it has changed: a user who was taken out of it is signed out, and so is one who was
    given another password.
    """

    def __init__(
        self,
        auth: Path,
        lifetime: float = 12 * 3600,
        clock: Callable[[], float] = time.monotonic,
        state: State | None = None,
    ) -> None:
        """Read the file.

        Args:
            auth: The file of users, or `IN_DATABASE`.
            lifetime: How many seconds a session lasts.
            clock: Returns seconds; replaced by tests.
            state: Where attempts and sessions are kept; None: in a memory of its own, by that clock.

        Raises:
            UsageError: The file is absent, damaged or empty.
            DatabaseUnusable: The database cannot be used.
        """
        self._kept, self._lifetime = users_text(auth), lifetime
        self._state = state or MemoryState(clock, _MOST_KEPT)
        self.is_shared = self._state.is_shared
        self._stamp = self._kept.stamp()
        self._file = _read(self._kept)
        if not self._file.users:
            raise UsageError(f"{self._kept.title} names nobody; add one: rag chat --auth {self._kept} --add-user NAME")
        self._guard = threading.Lock()
        # One hash at a time: each takes tens of megabytes and a core.
        self._hashing = threading.Lock()
        self._attempts = Attempts(self._state)
        self._stand_in_key = secrets.token_bytes()

    def sign_in(self, name: str, password: str, address: str) -> str:
        """Begin a session.

        Args:
            name: What was given as the name; its case and the spaces around it do not matter.
            password: What was given as the password.
            address: The client's network address.

        Returns:
            The token of the session, for `cookie`.

        Raises:
            UsageError: The name or the password is wrong (the same words and the same time for both), or so many were
                wrong for that name from that address that some minutes have to pass; where that name has not signed in
                from that address before, at most a minute after many wrong ones of others.
        """
        name, password = name.strip().lower()[:_LONGEST_NAME], password[:LONGEST_PASSWORD]
        place = network_of(address)
        with self._hashing:
            keys = self._keys(name, place)
            self._refuse_if_locked(keys)
            users = self._current().users
            password_hash = users.get(name)
            matches = (password_hash or self._stand_in(name, users)).matches(password)
            if password_hash is None or not matches:
                self._attempts.note_failure(keys)
                raise UsageError(Notice("sign-in-wrong"))
            if password_hash.outdated:
                password_hash = self._upgrade(name, password, password_hash)
        token = secrets.token_urlsafe(32)
        self._attempts.forget((_PAIR, name, place))
        put(self._state, _KNOWN, hidden_name(name, place), True, _KNOWN_SECONDS)
        session = {"user": name, "password": _mark_of(password_hash)}
        put(self._state, _SESSION, hidden_name(token), session, self._lifetime, name)
        return token

    def user_of(self, token: str | None) -> str | None:
        """Return whose session it is; None for one that is unknown or over, or whose user is no longer in the file."""
        if not token:
            return None
        session = self._state.get(_SESSION, hidden_name(token))
        if session is None:
            return None
        # Where it does not fit the file, it stays: the file may be damaged for a moment, or seen late by this server.
        password_hash = self._current().users.get(session["user"])
        if password_hash is None or _mark_of(password_hash) != session["password"]:
            return None
        return str(session["user"])

    def is_operator(self, user: str) -> bool:
        """Return whether a user is an operator by the file as it is now."""
        return user in self._current().operators

    def has(self, user: str) -> bool:
        """Return whether there is a user of that name in the file as it is now."""
        return user in self._current().users

    def rights_of(self, user: str) -> Rights | None:
        """Return what a user may read and change by the file as it is now; None for what users may by default."""
        file = self._current()
        return file.rights.get(user) if user in file.users else NOTHING

    def sign_out(self, token: str | None) -> None:
        """End a session."""
        if token:
            remove(self._state, _SESSION, hidden_name(token))

    def cookie(self, token: str, secure: bool) -> str:
        """Return the value of the ``Set-Cookie`` header that hands a token to the browser.

        Args:
            token: The token of a session; an empty one takes the cookie back.
            secure: Whether the browser may send it over HTTPS only.

        Returns:
            The value of the header.
        """
        age = int(self._lifetime) if token else 0
        return f"{COOKIE}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{'; Secure' if secure else ''}"

    # -- the users of the file ---------------------------------------------------------------------------------------

    def _current(self) -> UserFile:
        """Return the users as they are now; nobody while the file is damaged or gone."""
        stamp = self._kept.stamp()
        with self._guard:
            if stamp != self._stamp:
                try:
                    self._file = _read(self._kept)
                except UsageError:
                    self._file = _NOBODY
                # Not before: a database that goes away meanwhile is asked again.
                self._stamp = stamp
            return self._file

    def _stand_in(self, name: str, users: Mapping[str, PasswordHash]) -> PasswordHash:
        """Return the hash that is checked for a name that no user has, so that it takes as long as a user's.

        It is that of some user, always the same one for a name: in a file with hashes of two kinds, unknown names
        take the times of both just as known ones do.
        """
        hashes = list(users.values()) or [hash_password("")]
        number = hmac.digest(self._stand_in_key, name.encode("utf-8", "surrogatepass"), "sha256")
        return hashes[int.from_bytes(number) % len(hashes)]

    def _upgrade(self, name: str, password: str, old: PasswordHash) -> PasswordHash:
        """Replace an outdated hash in the file, and return the one that the file has then.

        Sessions remember the hash they began with, so those of the user are carried over to the new one.
        """
        if not self._kept.may_be_changed():
            return old
        new = hash_password(password)
        if not _replace_hash(self._kept, name, old, new):
            return old
        before, after = _mark_of(old), _mark_of(new)
        for session, value in self._state.owned(_SESSION, name).items():
            if value["password"] == before:
                put(self._state, _SESSION, session, {**value, "password": after}, None, name)
        return new

    # -- attempts ----------------------------------------------------------------------------------------------------

    def _keys(self, name: str, place: str) -> list[AttemptKey]:
        """Return what an attempt is counted by."""
        is_known = self._state.get(_KNOWN, hidden_name(name, place)) is not None
        return [(_PAIR, name, place)] if is_known else [(_PAIR, name, place), (_NAME, name, ""), (_ADDRESS, "", place)]

    def _refuse_if_locked(self, keys: list[AttemptKey]) -> None:
        wait = self._attempts.wait(keys)
        if wait > 0:
            raise UsageError(Notice("sign-in-too-often", {"minutes": math.ceil(wait / 60)}))


def _mark_of(password_hash: PasswordHash) -> str:
    """Return what a session remembers of the password that it began with; nothing can be guessed from it."""
    return hidden_name(password_hash.entry())
