"""The texts that ``rag verify`` checks, and the sources that each is checked against.

Owns: how both are read from files and from JSON lines; a source that several texts have is read once. Knows nothing
about how anything is checked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import LoadError, SkipFile, UsageError
from rag.verify.texts.source_index import SourceIndex

if TYPE_CHECKING:
    from rag.load.loader import Loader
    from rag.types import Document

_STANDARD_INPUT = "-"
# Indexes of sources that are kept for texts with the same ones.
_MOST_INDEXES = 16


@dataclass(frozen=True, slots=True)
class TextToCheck:
    """A text to check.

    Attributes:
        named: What it is called, as fields of its JSON object: the file as ``text``, or its ``id`` in a list.
        text: Its words.
        sources: What it is checked against.
    """

    named: Mapping[str, Any]
    text: str
    sources: SourceIndex


@dataclass(frozen=True, slots=True)
class _Listed:
    """A line of a list of texts; ``sources`` are paths, or texts by name, and None stands for those of the command."""

    id: Any
    text: str
    sources: tuple[Path, ...] | Mapping[str, str] | None = None


class TextReader:
    """Reads texts and sources with one loader."""

    def __init__(self, loader: Loader, sources: Sequence[Path]) -> None:
        """Read the sources that texts have which name none of their own.

        Args:
            loader: Reads files.
            sources: The files of the sources.

        Raises:
            UsageError: A source cannot be read.
        """
        self._loader = loader
        self._documents: dict[Path, Document] = {}
        self._indexes: dict[tuple[Path, ...], SourceIndex] = {}
        self._sources = tuple(dict.fromkeys(sources))
        self._index_of(self._sources)

    def files(self, paths: Sequence[Path]) -> Iterator[TextToCheck]:
        """Yield the texts of files; ``-`` is standard input.

        Args:
            paths: The files.

        Yields:
            The texts, in the same order.

        Raises:
            UsageError: A file cannot be read, or there are no sources.
        """
        for path in paths:
            if not self._sources:
                raise UsageError("There is nothing to check a text against; name its sources: --source FILE.")
            text = _read_standard_input() if str(path) == _STANDARD_INPUT else self._document(path).text
            yield TextToCheck({"text": str(path)}, text, self._index_of(self._sources))

    def listed(self, path: Path) -> Iterator[TextToCheck]:
        """Yield the texts of a list.

        Args:
            path: A file of JSON lines; ``-`` is standard input.

        Yields:
            The texts, in the order of the lines.

        Raises:
            UsageError: A line cannot be read; that is found before the first text is yielded.
        """
        rows = [
            _read_line(line, number, path)
            for number, line in enumerate(_read_lines(path).split("\n"), 1)
            if line.strip()
        ]
        for row in rows:
            if row.sources is None and not self._sources:
                raise UsageError(f"The text {row.id!r} of {path} has no sources; give it some, or name --source FILE.")
        for row in rows:
            yield TextToCheck({"id": row.id}, row.text, self._index_for(row.sources))

    def answers(self, path: Path) -> Iterator[TextToCheck]:
        """Yield the answers of a file of recorded answers, each to be checked against its own contexts.

        ``[n]`` names the n-th context of an answer, or what its ``citations`` say. An answer without contexts is
        checked against the sources of the command, or left out where there are none, as one that is an error is.

        Args:
            path: A file as ``rag eval --answers`` takes it.

        Yields:
            The answers, in the order of the lines.

        Raises:
            UsageError: A line cannot be read, or no answer is left; that is found before the first answer is yielded.
        """
        from rag.cli.one_line import one_line
        from rag.cli.screen import warn
        from rag.evaluate.formats.rows import read_rows
        from rag.evaluate.systems.answer import numbered_sources, with_marks
        from rag.evaluate.systems.given import Given, SystemFailed, read_given

        read: list[tuple[Any, Given]] = []
        for number, (where, row) in enumerate(read_rows(path), 1):
            if row.get("error"):
                warn(f"{one_line(where)}: the system gave no answer, so that there is nothing to check.")
                continue
            try:
                given = read_given(row)
            except SystemFailed as error:
                raise UsageError(f"{where}: {error}") from None
            if given.contexts is None and given.citations is None and not self._sources:
                warn(f"{one_line(where)}: the answer has no contexts, so that there is nothing to check it against.")
                continue
            read.append((row.get("id", number), given))
        if not read:
            raise UsageError(f"{path} holds no answer to check; give the answers contexts, or name --source FILE.")
        for id_, given in read:
            contexts = given.contexts or ()
            marked = contexts if given.citations is None else given.citations
            named = {context.number or place: context for place, context in enumerate(marked, 1)}
            sources = numbered_sources(named, contexts)
            texts = {name: context.text if context else "" for name, context in sources.items()}
            index = SourceIndex(texts) if texts or given.contexts == () else self._index_of(self._sources)
            yield TextToCheck({"id": id_}, with_marks(given.answer, given.spans or ()), index)

    def _index_for(self, sources: tuple[Path, ...] | Mapping[str, str] | None) -> SourceIndex:
        if isinstance(sources, Mapping):
            return SourceIndex(sources)
        return self._index_of(self._sources if sources is None else tuple(dict.fromkeys(sources)))

    def _index_of(self, paths: tuple[Path, ...]) -> SourceIndex:
        if paths not in self._indexes:
            if len(self._indexes) >= _MOST_INDEXES:
                del self._indexes[next(iter(self._indexes))]
            self._indexes[paths] = SourceIndex({str(path): self._document(path) for path in paths})
        return self._indexes[paths]

    def _document(self, path: Path) -> Document:
        """Read the document in a file, or raise the user's mistake in one sentence."""
        if path not in self._documents:
            if path.is_dir():
                raise UsageError(f"{path} is a folder; name the files in it.")
            if not path.is_file():
                raise UsageError(f"There is no file {path}; check the path.")
            try:
                self._documents[path] = self._loader.load(path, path.name).document
            except (LoadError, SkipFile) as error:
                raise UsageError(f"{path} cannot be read: {error}") from None
        return self._documents[path]


def _read_standard_input() -> str:
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def _read_lines(path: Path) -> str:
    if str(path) == _STANDARD_INPUT:
        return _read_standard_input()
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The list of texts {path} cannot be read ({type(error).__name__}); check the path.") from None


def _read_line(line: str, number: int, path: Path) -> _Listed:
    """Read a line of a list, or raise the user's mistake in one sentence."""
    try:
        row = json.loads(line)
        text, sources = row["text"], row.get("sources")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        row, text, sources = {}, None, None
    if isinstance(sources, list) and sources and all(isinstance(name, str) for name in sources):
        sources = tuple(map(Path, sources))
    is_by_name = isinstance(sources, dict) and sources and all(isinstance(words, str) for words in sources.values())
    if not isinstance(text, str) or not (sources is None or isinstance(sources, tuple) or is_by_name):
        raise UsageError(
            f'Line {number} of {path} is no text to check; write {{"id": "…", "text": "…"}}, and with "sources" a list '
            "of files, or an object of texts by name."
        )
    return _Listed(row.get("id", number), text, sources)
