"""Log what Footnote does to standard error, as lines for people or as JSON for programs.

Owns: the variable ``RAG_LOG``, the levels of ``rag -v``, and the form of a line. Unless one of the two asks for more,
only warnings are shown, as the command line says everything: ``rag: warning: …``. Knows nothing about what is logged. A
module logs with ``logging.getLogger(__name__)``: a constant message, and its values as fields, ::

    _LOG.info("index opened", extra={"index": name, "seconds": 0.12})

and at no level a question, words of a document, a password or a key.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import islice
from types import MappingProxyType, TracebackType
from typing import Any

from rag.errors import UsageError, causes_of

_VARIABLE = "RAG_LOG"
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
# The loggers of this project; libraries keep their own levels.
_LOGGERS = ("rag", "ui")
# Fields of every record that is made in this context, such as the id of the request that is being answered.
_CONTEXT: ContextVar[Mapping[str, object]] = ContextVar("log_fields", default=MappingProxyType({}))
# Errors that led to one another, and places of one, which a report names at most.
_MOST_CAUSES, _MOST_PLACES = 4, 12
# What every record has; anything else was given as a field.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class LineFormatter(logging.Formatter):
    """A record as ``TIME LEVEL LOGGER: MESSAGE NAME=VALUE …``, and below it the traceback of an error."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a value with spaces or control characters is quoted, so that it cannot forge a line."""
        fields = "".join(f" {name}={_quoted(value)}" for name, value in _fields(record).items())
        line = f"{_time(record)} {record.levelname:7} {record.name}: {record.getMessage()}{fields}"
        line += _reported(record)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonFormatter(logging.Formatter):
    """A record as one JSON object a line: ``time``, ``level``, ``logger``, ``message``, fields, ``exception``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a value that JSON has no form for is written as its text."""
        entry: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name, value in _fields(record).items():
            entry.setdefault(name, value)
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
            if record.exc_info[1]:
                entry["report"] = report_of(record.exc_info[1])
        return json.dumps(entry, default=str)


class WarningFormatter(logging.Formatter):
    """A record as a sentence of the command line: ``rag: warning: MESSAGE NAME=VALUE …``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without control characters."""
        fields = "".join(f" {name}={_quoted(value)}" for name, value in _fields(record).items())
        return f"rag: {record.levelname.lower()}: {' '.join(record.getMessage().split())}{fields}{_reported(record)}"


class _StandardError(logging.Handler):
    """Writes to what is standard error at the time, which a progress bar may have replaced."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)


@contextmanager
def logged_with(**fields: object) -> Iterator[None]:
    """Add fields to every line that is logged inside, also by threads that run in a copy of the context."""
    token = _CONTEXT.set({**_CONTEXT.get(), **fields})
    try:
        yield
    finally:
        _CONTEXT.reset(token)


def report_of(error: BaseException) -> str:
    """Return what may be passed on of an error that nobody foresaw: no word of it, and of no document or path.

    Args:
        error: The error, with its traceback.

    Returns:
        A line: the kinds of the error and of what it came from, the versions of Footnote and Python, and the places in
        the code, the innermost last.
    """
    # Only now: most commands fail nowhere.
    import platform

    from rag import __version__

    kinds: list[str] = []
    places: list[str] = []
    for cause in islice(causes_of(error), _MOST_CAUSES):
        kinds.append(type(cause).__name__)
        # The innermost cause is where it began.
        places = _places(cause.__traceback__) or places
    system = f"Python {platform.python_version()}, {sys.platform}"
    return f"{' from '.join(kinds)}; Footnote {__version__}, {system}; {' '.join(places[-_MOST_PLACES:])}"


def _places(traceback: TracebackType | None) -> list[str]:
    """Return the places in this project's code, and the module below it that failed."""
    places: list[str] = []
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__", ""))
        is_ours = module.partition(".")[0] in _LOGGERS
        if is_ours or traceback.tb_next is None:
            places.append(f"{module}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return places


def _reported(record: logging.LogRecord) -> str:
    """Return the field with what may be passed on of the record's error; "" where it has none."""
    error = record.exc_info[1] if record.exc_info else None
    return f" report={_quoted(report_of(error))}" if error else ""


def configure_logging(verbosity: int = 0, specification: str | None = None) -> None:
    """Log from now on as the command line and the environment ask; without either, warnings alone.

    Args:
        verbosity: How often ``-v`` was given: once for the level ``info``, twice for ``debug``. It overrides the level
            of the specification.
        specification: Words with commas between them, a level (``debug``, ``info``, ``warning``, ``error``; ``info``
            where there is none) and ``json`` for JSON; None takes the variable ``RAG_LOG``, empty asks for nothing.

    Raises:
        UsageError: The specification has another word.
    """
    _reset()
    words = (os.environ.get(_VARIABLE, "") if specification is None else specification).lower().split(",")
    words = [word.strip() for word in words if word.strip()]
    if unknown := [word for word in words if word != "json" and word not in _LEVELS]:
        raise UsageError(
            f"The setting {_VARIABLE} is wrong: {unknown[0]!r} is none of {', '.join([*_LEVELS, 'json'])}. "
            "Change or unset it."
        )
    if not words and not verbosity:
        _add_handler(WarningFormatter(), logging.WARNING)
        return
    level = min([_LEVELS[word] for word in words if word in _LEVELS], default=logging.INFO)
    if verbosity:
        level = logging.INFO if verbosity == 1 else logging.DEBUG
    _add_handler(JsonFormatter() if "json" in words else LineFormatter(), level)


def _add_handler(formatter: logging.Formatter, level: int) -> None:
    handler = _StandardError()
    handler.setFormatter(formatter)
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level)


def _reset() -> None:
    """Undo an earlier call in this process."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        for handler in [handler for handler in logger.handlers if isinstance(handler, _StandardError)]:
            logger.removeHandler(handler)
            logger.setLevel(logging.NOTSET)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    # Ray marks every record of a process that imports it.
    own = {name: value for name, value in vars(record).items() if name not in _STANDARD and not name.startswith("_ray")}
    return {**own, **{name: value for name, value in _CONTEXT.get().items() if name not in own}}


def _time(record: logging.LogRecord) -> str:
    """Return when a record was made, as ISO 8601 in UTC with milliseconds."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _quoted(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    plain = text.isprintable() and not any(character in text for character in ' "=')
    return text if text and plain else json.dumps(text)
