"""Advice that can be run as it stands: a command that a sentence names is about the index that the user named.

Owns: which index and which home the command line names, that commands in a sentence repeat them, and which index was
probably meant where there is none of that name. Other sentences are as those who raise them write them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from rag.cli.options import DEFAULT_INDEX
from rag.errors import RagError

# The options that the command at hand was given and the commands of an advice need, too.
_NAMED: ContextVar[tuple[str, ...]] = ContextVar("_NAMED", default=())
# A command on an index, with its options and the words that stand for the user's own values.
_COMMAND = re.compile(
    r"\brag (?:ingest|sources|doctor|status|remove|show|convert)(?: --(?:index|home) \S+| --[a-z]+| [A-Z]{3,})*"
)
# Indexes that are named where one is missing.
_LISTED_INDEXES = 8


def remember(index: object, home: object) -> None:
    """Keep what the command line names.

    Args:
        index: The value of ``--index``.
        home: The value of ``--home``.
    """
    options = []
    if isinstance(index, str) and index != DEFAULT_INDEX:
        options.append(f"--index {shlex.quote(index)}")
    if isinstance(home, Path):
        options.append(f"--home {shlex.quote(str(home))}")
    _NAMED.set(tuple(options))


def for_this_index(sentence: str) -> str:
    """Return a sentence whose commands name the index and the home that the command line names.

    Args:
        sentence: A sentence that may advise to run ``rag …``.

    Returns:
        The sentence; a command that names them already stays as it is.
    """

    def named(command: re.Match[str]) -> str:
        given = command.group()
        missing = [option for option in _NAMED.get() if option.partition(" ")[0] not in given]
        return " ".join([given, *missing])

    return _COMMAND.sub(named, sentence)


def sentence_of(error: RagError) -> str:
    """Return what an error says, with commands that can be run as they stand.

    Args:
        error: The error.

    Returns:
        The sentence. Where there is no index of a name, it says which was probably meant, or which there are.
    """
    if error.notice.code == "index-absent":
        return for_this_index(_index_absent(error.notice.values))
    return for_this_index(str(error))


def _index_absent(values: Mapping[str, Any]) -> str:
    from difflib import get_close_matches

    from rag.store.catalog.places import known_indexes

    index, home = values["index"], values["home"]
    known = known_indexes(Path(home))
    sentence = f"There is no index {index!r} in {home}"
    if near := get_close_matches(index, known, n=1, cutoff=0.7):
        return f"{sentence}. Did you mean --index {near[0]}? If not, make it with: rag ingest PATH"
    if known:
        more = f" and {len(known) - _LISTED_INDEXES} more" if len(known) > _LISTED_INDEXES else ""
        there = ", ".join(known[:_LISTED_INDEXES]) + more
        return f"{sentence}; choose another with --index ({there}), or make it with: rag ingest PATH"
    return f"{sentence}; make it with: rag ingest PATH"
