"""Every error a user can meet, each one sentence: what, where, what to do.

Owns: the error tree and the exit code of each branch. Knows nothing about how an error is shown.

    RagError                 exit 2: the user can mend it
    ├── UsageError           a wrong argument, setting or file
    ├── IndexUnusable        an index that is absent, locked, newer or made with another model
    │   └── DatabaseUnusable     a database server that cannot be reached, refuses or broke off
    ├── ModelError           weights that cannot be fetched or do not match their hash
    ├── LLMError             exit 1: a language model that is absent, refuses, is too slow or breaks off
    └── LoadError            one file that cannot be read (never stops the rest)
        └── SkipFile         one file that is deliberately not read
"""

from __future__ import annotations

from collections.abc import Iterator

from rag.notices import Notice, plain

# Errors that led to one another, of which more are never looked at.
_MOST_CAUSES = 12


class RagError(Exception):
    """Base of every error that Footnote raises on purpose.

    Args:
        notice: What happened and what to do: a coded notice where a page may show it in the reader's language, else
            the sentence itself.
    """

    exit_code = 2

    def __init__(self, notice: Notice | str) -> None:
        self.notice = plain(notice) if isinstance(notice, str) else notice
        super().__init__(str(self.notice))


class UsageError(RagError):
    """A wrong argument, setting or input file."""


class IndexUnusable(RagError):
    """An index is absent, locked by another process, of a newer format, or made with another embedding model."""


class DatabaseUnusable(IndexUnusable):
    """A database server cannot be reached, refuses, is full or too slow, or broke off in the middle."""


class ModelError(RagError):
    """Model weights cannot be fetched, or do not match their hash."""


class LLMError(RagError):
    """The language model cannot be reached, refuses, is too slow or breaks off."""

    exit_code = 1


class LoadError(RagError):
    """One file cannot be read."""


class SkipFile(LoadError):
    """One file is deliberately not read: empty, a picture, over a limit."""


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came from, the nearest first.

    Args:
        error: The error.

    Yields:
        It, what it was raised from or while that was handled, and so on; at most twelve.
    """
    cause: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__
