"""What PostgreSQL and its driver say of a failure, as a notice of one sentence.

Owns: telling failures apart, and that nothing secret is shown. Imports psycopg.
"""

from __future__ import annotations

import psycopg
from psycopg import errors

from rag.database.address import shown_address
from rag.errors import DatabaseUnusable
from rag.notices import Notice

# By the class of the error; the first that fits is taken. What is not named here is `database-failed`.
_CODES: tuple[tuple[type[psycopg.Error] | tuple[type[psycopg.Error], ...], str], ...] = (
    ((errors.InvalidPassword, errors.InvalidAuthorizationSpecification), "database-refuses"),
    (errors.InvalidCatalogName, "database-absent"),
    (errors.InsufficientPrivilege, "database-no-rights"),
    ((errors.DiskFull, errors.OutOfMemory), "database-full"),
    (errors.TooManyConnections, "database-crowded"),
    (errors.ReadOnlySqlTransaction, "database-read-only"),
    (errors.QueryCanceled, "database-slow"),
    ((errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure), "database-busy"),
)
# Failures to connect have no code; the server says in English, or its own language, what was wrong.
_SAID_ON_CONNECTING = (
    ("password", "database-refuses"),
    ("authentication", "database-refuses"),
    ("pg_hba.conf", "database-refuses"),
    ("role ", "database-refuses"),
    ("too many", "database-crowded"),
    ("remaining connection slots", "database-crowded"),
    ("database ", "database-absent"),
)


def is_lost(error: psycopg.Error) -> bool:
    """Tell whether an error means that the connection is gone: the server stopped, was restarted, or cannot be reached.

    Args:
        error: The error of a statement.

    Returns:
        Whether no further statement can be run on the connection.
    """
    gone = (errors.AdminShutdown, errors.CrashShutdown, errors.CannotConnectNow, errors.IdleInTransactionSessionTimeout)
    return isinstance(error, gone) or (error.sqlstate or "").startswith("08") or _has_no_code(error)


def _has_no_code(error: psycopg.Error) -> bool:
    # Of a broken connection the driver tells, not the server. Errors of values are its own, too, but of another class.
    return isinstance(error, psycopg.OperationalError) and error.sqlstate is None


def explain(error: psycopg.Error, url: str) -> DatabaseUnusable:
    """Return the error that says what went wrong in a statement.

    Args:
        error: What the driver raised.
        url: The address of the database.

    Returns:
        The error to raise.
    """
    values = {"database": shown_address(url), "cause": _cause(error)}
    if is_lost(error):
        return DatabaseUnusable(Notice("database-lost", values))
    code = next((code for kinds, code in _CODES if isinstance(error, kinds)), "database-failed")
    return DatabaseUnusable(Notice(code, values))


def explain_connecting(error: psycopg.Error, url: str) -> DatabaseUnusable:
    """Return the error that says why no connection could be opened.

    Args:
        error: What the driver raised.
        url: The address of the database.

    Returns:
        The error to raise.
    """
    if isinstance(error, psycopg.ProgrammingError):
        # The address itself cannot be read, and the driver quotes what it stumbled over.
        return DatabaseUnusable(Notice("database-address-wrong"))
    cause = _cause(error)
    values = {"database": shown_address(url), "cause": cause}
    if "FATAL" in str(error):
        said = next((code for words, code in _SAID_ON_CONNECTING if words in cause), "database-failed")
        return DatabaseUnusable(Notice(said, values))
    return DatabaseUnusable(Notice("database-silent", values))


def _cause(error: psycopg.Error) -> str:
    """Return the first line of what was said: further lines quote statements and values."""
    said = error.diag.message_primary or str(error)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[0].rpartition("FATAL:")[2].strip() if lines else type(error).__name__
