"""The questions of a command: its own words, or one a line from standard input.

Owns: how questions are read and prompted for, and that each stands before its answer where there are several. Knows
nothing about answers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress

import typer

from rag.cli.screen import say, styled
from rag.errors import UsageError
from rag.text import printable

# In place of the words of a question: standard input has one a line.
_STANDARD_INPUT = "-"
_PROMPT = "> "


def question_of(words: Sequence[str]) -> str:
    """Return the question that the arguments of a command make.

    Args:
        words: One argument with the question in it, or its words.

    Returns:
        The question; ``-`` where standard input has the questions.

    Raises:
        UsageError: There are no words in it.
    """
    question = " ".join(words)
    if not question.strip():
        raise UsageError("The question is empty; write it behind the command, such as: rag ask what is leave")
    return question


def each_question(question: str, as_json: bool) -> Iterator[str]:
    """Yield the question, or with ``-`` the lines of standard input that are not blank, each printed before its answer.

    Args:
        question: As ``question_of`` returns it.
        as_json: Whether answers are JSON, which holds the question itself.

    Yields:
        The questions.
    """
    if question != _STANDARD_INPUT:
        yield question
        return
    if sys.stdin.isatty() and not as_json:
        yield from _typed()
        return
    is_first = True
    for line in sys.stdin.buffer:
        text = line.decode("utf-8", "replace").removeprefix("\ufeff").strip()
        if not text:
            continue
        if not as_json:
            if not is_first:
                typer.echo("")
            say(f"{_PROMPT}{styled(printable(text), 'bold')}", "", hang=len(_PROMPT))
        is_first = False
        yield text


def _typed() -> Iterator[str]:
    """Yield the questions that a user types, until Ctrl-D."""
    with suppress(ImportError):
        import readline  # noqa: F401  # its import lets the arrow keys edit the line
    typer.echo("One question a line; Ctrl-D ends.", err=True)
    while True:
        try:
            text = input(_PROMPT).strip()
        except EOFError:
            typer.echo("")
            return
        except KeyboardInterrupt:
            typer.echo("")
            raise
        if text:
            yield text
            typer.echo("")
