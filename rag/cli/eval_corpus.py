"""What the commands of ``rag eval`` share: the suite, and the index that its questions are put to.

Owns: their arguments, and that a corpus is brought up to date with progress. Heavy modules are imported inside the
functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.opening import fetcher

if TYPE_CHECKING:
    from rag.evaluate.types import Suite
    from rag.settings import Settings
    from rag.store.index import Index

SuiteArgument = Annotated[Path, typer.Argument(metavar="SUITE", help="A suite file, or a folder with suite.yaml.")]
CorpusIndexOption = Annotated[
    str | None,
    typer.Option(
        "--index",
        metavar="NAME",
        help="Ask this index as it is; without it the suite's corpus is indexed first.",
        show_default=False,
    ),
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", metavar="N", min=1, help="Only the first N cases.", show_default=False)
]


def file_option(flag: str, text: str) -> Any:
    """Return an option that names a file.

    Args:
        flag: Its name with the dashes.
        text: Its help.

    Returns:
        What Typer takes in an ``Annotated``.
    """
    return typer.Option(flag, metavar="FILE", help=text, show_default=False)


HtmlOption = Annotated[Path | None, file_option("--html", "Write one self-contained page.")]
ResumeOption = Annotated[bool, typer.Option("--resume", help="Go on where the last one was stopped.")]
CorpusAnywhereOption = Annotated[
    bool,
    typer.Option("--corpus-anywhere", help="Let the suite name documents outside its own folder."),
]
ConversationOption = Annotated[
    str,
    typer.Option(
        "--conversation",
        metavar="HOW",
        help="live: the answers are the history of a conversation; fixed: the suite's replies are.",
        show_default=False,
    ),
]


def load_cases(path: Path, limit: int | None = None, *, conversation: str = "", corpus_anywhere: bool = False) -> Suite:
    """Read a suite.

    Args:
        path: Its file or folder.
        limit: How many of its first cases are taken, and the rest of the last one's conversation; None for all.
        conversation: ``live`` or ``fixed``; empty for what the suite says.
        corpus_anywhere: Whether its documents may lie outside its folder.

    Returns:
        The suite.
    """
    from rag.evaluate.suite.conversations import limited
    from rag.evaluate.suite.file import load_suite

    return limited(load_suite(path, conversation=conversation, corpus_anywhere=corpus_anywhere), limit)


@contextmanager
def opened_corpus(suite: Suite, index: str | None, settings: Settings, suffix: str = "") -> Iterator[tuple[Index, str]]:
    """Open what is asked: the suite's corpus, brought up to date first, or an index of the user's as it is.

    Args:
        suite: Its corpus is indexed where no index is named.
        index: The name of an index of the user's.
        settings: Where indexes lie, and the embedding model.
        suffix: What is added to the name of the corpus' index, for one that is made in another way.

    Yields:
        The open index and the hash of its documents.
    """
    from rag.cli.terminal import IngestProgress
    from rag.evaluate.run.runner import open_corpus, open_existing_index

    if index:
        opened, sha256 = open_existing_index(index, settings, fetcher(settings))
    else:
        with IngestProgress() as progress:
            opened, sha256 = open_corpus(suite, settings, progress, fetcher(settings), suffix)
    with opened:
        yield opened, sha256
