"""The command ``rag``: runs the command line and turns every expected error into one sentence and an exit code."""

from __future__ import annotations

import gc
import io
import logging
import os
import signal
import sys
import time
from typing import Any


def main() -> None:
    """Run the command line and exit: 0 done, 1 not as asked, 2 the user's mistake, 130 stopped by Ctrl-C."""
    _start_quickly()
    import typer

    from rag.cli import advice
    from rag.cli.app import app
    from rag.cli.lazy import built_lazily
    from rag.errors import RagError

    started = time.perf_counter()
    _end_when_told_in_a_container()
    _print_whatever_is_said()
    advice.remember(None, None)
    # Typer's usage errors share this base, which it does not export.
    usage_error: Any = typer.BadParameter.__mro__[1]
    try:
        code = built_lazily(app)(prog_name="rag", standalone_mode=False)
        sys.stdout.flush()
    except usage_error as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # no command was given: the message is the help itself
            print(error.format_message(), file=sys.stderr)
            code = 2
        else:
            from rag.cli import mistakes

            code = _print_error(mistakes.sentence_of(error), 2)
    except RagError as error:
        code = _print_error(advice.sentence_of(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = _print_error("Stopped.", 130)
    except BrokenPipeError:
        # The reader closed the pipe (`rag ask … | head`); without this Python would fail again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        code = _print_error("Stopped.", 130) if _was_stopped(error) else _print_unexpected(error)
    # Not by __name__: of the module that is run it is "__main__", which no handler is set up for.
    logging.getLogger("rag.__main__").info(
        "command ended", extra={"exit_code": int(code or 0), "seconds": round(time.perf_counter() - started, 3)}
    )
    sys.stdout.flush()
    sys.exit(code)


def _start_quickly() -> None:
    """Leave out of the start what no command needs: a tenth of the time of ``rag status``.

    Modules are kept to the end, so cycles among them are looked for seldom; and pydantic looks through all installed
    packages for plugins, of which none is Footnote's.
    """
    gc.set_threshold(20_000, 50, 100)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _was_stopped(error: BaseException) -> bool:
    """Return whether an error comes of Ctrl-C: while a class is made, Python wraps what is raised in another error."""
    from rag.errors import causes_of

    return any(isinstance(cause, KeyboardInterrupt) for cause in causes_of(error))


def _end_when_told_in_a_container() -> None:
    """Let SIGTERM end the first process of a container, too: the system ignores it there unless a program asks for it.

    Without this, whoever stops a container waits until it is killed.
    """
    if os.getpid() == 1:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def _print_whatever_is_said() -> None:
    """Let signs that the terminal's encoding lacks be replaced: a name in Greek is no reason to stop."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def _print_error(sentence: str, code: int) -> int:
    """Print a sentence on standard error, on one line; return the exit code."""
    from rag.cli.advice import for_this_index
    from rag.cli.screen import warn

    warn(" ".join(for_this_index(sentence).split()))
    return code


def _print_unexpected(error: Exception) -> int:
    """Print one sentence for an error that is no ``RagError``; with ``RAG_DEBUG`` set, raise it instead."""
    import errno
    import sqlite3

    if os.environ.get("RAG_DEBUG"):
        raise error
    if (isinstance(error, OSError) and error.errno == errno.ENOSPC) or "disk is full" in str(error):
        return _print_error(
            "The disk is full; free some space and run the command again: what was finished is kept.", 2
        )
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return _print_error("The index is busy with another process; try again in a moment.", 2)
    if isinstance(error, sqlite3.OperationalError) and ("readonly" in str(error) or "unable to open" in str(error)):
        return _print_error(
            "The index may only be read; change the permissions of its folder and files, or copy it into another home "
            "folder and name that with --home or RAG_HOME.",
            2,
        )
    if isinstance(error, sqlite3.DatabaseError):
        # Without the words of a document that SQLite may quote.
        cause = str(error).partition(" with text ")[0]
        return _print_error(f"The index is damaged ({cause}); mend it with: rag doctor --fix", 2)
    if isinstance(error, PermissionError):
        return _print_error(f"{error.filename or 'A file'} may not be used; change its permissions.", 2)
    if isinstance(error, OSError):
        return _print_error(f"{error.strerror or error}: {error.filename or ''}", 2)
    from rag.log import report_of

    return _print_error(
        f"Unexpected {type(error).__name__}: {error}. It is a defect of Footnote; to report it without private data, "
        f"pass on only this: {report_of(error)}. RAG_DEBUG=1 shows all of it.",
        2,
    )


if __name__ == "__main__":
    main()
