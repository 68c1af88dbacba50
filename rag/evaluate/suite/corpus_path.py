"""Where the documents of a suite may lie.

Owns: that a suite, which may come from somebody else, reads no folder but its own, unless the user says so.
"""

from __future__ import annotations

from pathlib import Path

from rag.evaluate.suite.schema import raise_schema_error
from rag.evaluate.suite.source_lines import Located

CORPUS_ANYWHERE = "--corpus-anywhere"


def corpus_of(located: Located, name: str, anywhere: bool) -> Path:
    """Return the path of a suite's documents.

    Args:
        located: The plain data of the suite file.
        name: What it names, relative to its folder.
        anywhere: Whether it may lead out of that folder: upwards, as an absolute path, or through a link.

    Returns:
        A file or folder that exists.

    Raises:
        UsageError: It does not exist, cannot be looked at, or lies outside; the message has file and line.
    """
    where = located.where(("corpus", "path"))
    folder = located.path.parent
    corpus = folder / name
    try:
        # Before anything outside is looked at, so that a suite learns nothing of what exists there.
        inside = corpus.resolve().is_relative_to(folder.resolve())
        exists = (inside or anywhere) and corpus.exists()
    except (OSError, ValueError, RuntimeError):
        raise_schema_error(where, f"the corpus {name!r} is no path that can be read; correct 'corpus.path'.")
    if not inside and not anywhere:
        raise_schema_error(
            where,
            f"the corpus {name!r} lies outside the folder of the suite; move it there, or add {CORPUS_ANYWHERE} if you "
            "trust the suite.",
        )
    if not exists:
        raise_schema_error(where, f"the corpus {corpus} does not exist; correct 'corpus.path'.")
    return corpus


def flag_for(suite: Path, corpus: Path) -> str:
    """Return what a command on a suite needs besides its path, with a space before it: nothing, or the flag.

    Args:
        suite: The suite file.
        corpus: Its documents.

    Returns:
        "" where the documents lie in the suite's folder.
    """
    inside = corpus.resolve().is_relative_to(suite.parent.resolve())
    return "" if inside else f" {CORPUS_ANYWHERE}"
