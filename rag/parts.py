"""Parts that can be added from outside: one table a kind, for those that ship and those that other packages bring.

Owns: where a part is looked up, when it is imported, and the sentence on one that cannot be used. Knows nothing about
what a part does: each stage has a Protocol and a table of its own kind.

A table names what makes a part as ``module:attribute``, as an entry point does, so that both are loaded by the same
lines and nothing is imported before it is needed. A package adds a part with an entry point in its ``pyproject.toml``::

    [project.entry-points."footnote.readers"]
    rtf = "footnote_rtf:RtfReader"
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, distributions
from typing import Any, Generic, TypeVar

from rag.errors import RagError

Part = TypeVar("Part")

_LOG = logging.getLogger(__name__)
_GROUP_PREFIX = "footnote."


@dataclass(frozen=True, slots=True)
class OutsidePart:
    """A part that another package brings.

    Attributes:
        kind: What it is, such as ``reader``.
        name: The name it is registered under.
        package: The package that brings it, with its version: ``footnote-rtf 1.0``.
        problem: Why it cannot be used, and what to do, in one sentence; "" for one that can.
    """

    kind: str
    name: str
    package: str
    problem: str = ""


class PartFailed(Exception):
    """A part raised what it may not, or is not what a part of its kind must be.

    Attributes:
        kind: What it is, such as ``reader``.
        name: The name it is registered under.
        package: The package that brings it, with its version; "" for one that ships or is in no table.
        cause: The type of what it raised, never its words: they may hold a key. Or this program's own words.
    """

    def __init__(self, kind: str, name: str, package: str, cause: str) -> None:
        self.kind, self.name, self.package, self.cause = kind, name, package, cause
        of_package = f" of {package}" if package else ""
        super().__init__(f"The {kind} {name!r}{of_package} failed ({cause})")


class Unfit(Exception):
    """Says in this program's own words, which are shown, what is wrong with a part or with what it returned.

    Raise it within ``calling``.
    """


@contextmanager
def calling(kind: str, name: str, package: str = "") -> Iterator[None]:
    """Call code of a part, which may come from outside and raise anything.

    The level ``debug`` logs the traceback of what becomes a ``PartFailed``.

    Args:
        kind: What is called, such as ``reader``.
        name: The name of the part.
        package: The package that brings it; "" for one that ships or is in no table. ``Parts.calling`` knows it.

    Raises:
        RagError: The code raised it: a sentence that was meant for the user, it goes on as it is.
        KeyboardInterrupt: The user ends the program.
        GeneratorExit: A generator is closed.
        PartFailed: The code raised anything else, ``SystemExit`` included.
    """
    try:
        yield
    except (RagError, PartFailed, KeyboardInterrupt, GeneratorExit):
        raise
    except Unfit as error:
        raise PartFailed(kind, name, package, str(error)) from error
    except BaseException as error:
        _LOG.debug("a part failed", extra={"kind": kind, "part": name, "package": package}, exc_info=True)
        raise PartFailed(kind, name, package, type(error).__name__) from error


@lru_cache(maxsize=1000)
def warn_once(sentence: str) -> None:
    """Log a warning, a sentence, unless it was logged before."""
    _LOG.warning(sentence)


class Parts(Generic[Part]):
    """The parts of one kind by name. Those from outside come after those that ship, ordered by name.

    A part from outside cannot take the name of one that ships. One that cannot be used is left out, with a warning: the
    rest works.
    """

    def __init__(
        self,
        kind: str,
        shipped: Mapping[str, str],
        protocol: type[Any] | None = None,
        check: Callable[[Part], str] | None = None,
    ) -> None:
        """Name the shipped parts; nothing is imported yet.

        Args:
            kind: What a part is, in the singular, such as ``model service``; its entry-point group is
                ``footnote.model_services``.
            shipped: ``module:attribute`` by name, in the order in which parts are asked.
            protocol: A runtime-checkable Protocol. With it, an attribute is a class or function without arguments, and
                what it returns is the part; without it, the attribute itself is, which must be callable.
            check: Tells what is wrong with a part, in words that stand in brackets in a sentence, such as "it declares
                no measures"; "" where nothing is. What it raises means that the part cannot be used, too.
        """
        self.kind = kind
        self.group = f"{_GROUP_PREFIX}{kind.replace(' ', '_')}s"
        self._protocol, self._check = protocol, check
        self._shipped = {name: EntryPoint(name, value, self.group) for name, value in shipped.items()}
        self._made: dict[str, Part] = {}
        self._problems: dict[str, str] = {}
        self._loading = threading.RLock()

    def get(self, name: str) -> Part | None:
        """Return a part, imported now where it was not yet; None where there is none or it cannot be used."""
        if name in self._shipped:
            return self._load(name, self._shipped[name])
        found = self._outside().get(name)
        return self._load_from_outside(name, found) if found else None

    def names(self) -> list[str]:
        """Return the names of the parts, whether they can be used or not."""
        return [*self._shipped, *self._outside()]

    def split_name(self, text: str) -> tuple[str, str]:
        """Cut ``PREFIX:NAME`` behind the name of a part.

        Args:
            text: ``PREFIX:NAME``, a prefix alone, or any other text. A single letter is the drive of a Windows path.

        Returns:
            The prefix and what stands behind the colon; without the name of a part in front, "" and the text.
        """
        prefix, _, name = text.partition(":")
        return (prefix, name) if len(prefix) > 1 and prefix in self.names() else ("", text)

    def problem(self, name: str) -> str:
        """Return why a part cannot be used, in one sentence; "" where it can, or where there is none."""
        self.get(name)
        return self._problems.get(name, "") if name not in self._shipped else ""

    def package(self, name: str) -> str:
        """Return the package that brings a part, with its version; "" for one that ships, and where there is none."""
        found = None if name in self._shipped else self._outside().get(name)
        return _package(found) if found else ""

    def calling(self, name: str) -> AbstractContextManager[None]:
        """Call code of a part: what it raises becomes a ``PartFailed``; see ``rag.parts.calling``."""
        return calling(self.kind, name, self.package(name))

    def shipped(self) -> Iterator[tuple[str, Part]]:
        """Yield the name and the part of each that ships, in the order of the table."""
        for name, entry in self._shipped.items():
            yield name, self._load(name, entry)

    def from_outside(self) -> Iterator[tuple[str, Part]]:
        """Yield the name and the part of each from outside that can be used."""
        for name, entry in self._outside().items():
            part = self._load_from_outside(name, entry)
            if part is not None:
                yield name, part

    def items(self) -> Iterator[tuple[str, Part]]:
        """Yield the name and the part of each that can be used."""
        yield from self.shipped()
        yield from self.from_outside()

    def describe_outside(self) -> list[OutsidePart]:
        """Load each part from outside and tell which package brings it, and why it cannot be used."""
        described = []
        for entry in entries_of(self.group):
            if entry.name in self._shipped:
                problem = self._clash(entry)
            else:
                self._load_from_outside(entry.name, entry)
                problem = self._problems.get(entry.name, "")
            described.append(OutsidePart(self.kind, entry.name, _package(entry), problem))
        return described

    def _outside(self) -> dict[str, EntryPoint]:
        found: dict[str, EntryPoint] = {}
        for entry in entries_of(self.group):
            if entry.name in self._shipped:
                self._note(entry.name, self._clash(entry))
            else:
                found[entry.name] = entry
        return found

    def _load_from_outside(self, name: str, entry: EntryPoint) -> Part | None:
        if name in self._problems:
            return None
        try:
            with calling(self.kind, name, _package(entry)):
                return self._load(name, entry)
        except (PartFailed, RagError) as error:
            package = _package(entry)
            cause = error.cause if isinstance(error, PartFailed) else type(error).__name__
            self._note(
                name,
                f"The {self.kind} {name!r} of {package} cannot be used ({cause}); update that package, or remove it "
                f"with: pip uninstall {package.split()[0]}",
            )
            return None

    def _load(self, name: str, entry: EntryPoint) -> Part:
        with self._loading:
            if name not in self._made:
                self._made[name] = self._make(entry.load())
            return self._made[name]

    def _make(self, attribute: Any) -> Part:
        if not callable(attribute):
            raise Unfit("it is neither a class nor a function")
        made: Part = attribute if self._protocol is None else attribute()
        if self._protocol is not None and not isinstance(made, self._protocol):
            raise Unfit(f"it has no {', '.join(absent_members(made, self._protocol))}")
        if self._check is not None and (wrong := self._check(made)):
            raise Unfit(wrong)
        return made

    def _clash(self, entry: EntryPoint) -> str:
        return (
            f"The {self.kind} {entry.name!r} of {_package(entry)} has the name of one that Footnote ships and is left "
            "out; its package must name it otherwise."
        )

    def _note(self, name: str, problem: str) -> None:
        """Remember why a part is left out, and say so once."""
        with self._loading:
            if self._problems.get(name) == problem:
                return
            self._problems[name] = problem
        _LOG.warning(problem)


# Where a caller finds the table of each kind, so that all parts can be named without knowing what they do.
_TABLES = {
    "reader": "rag.load.readers:READERS",
    "model service": "rag.models.llm.services:MODEL_SERVICES",
    "encoder": "rag.models.encoders:ENCODERS",
    "vector store": "rag.store.vector_stores:VECTOR_STORES",
    "checker": "rag.answering.checkers:CHECKERS",
    "metric": "rag.evaluate.metrics.table:METRICS",
}


def outside_parts() -> list[OutsidePart]:
    """Load every part that another package brings, and tell which can be used."""
    return [part for table in _TABLES.values() for part in _table(table).describe_outside()]


def _table(path: str) -> Parts[Any]:
    table: Parts[Any] = EntryPoint("table", path, "").load()
    return table


@lru_cache(maxsize=1)
def _installed() -> Mapping[str, tuple[EntryPoint, ...]]:
    """Return the entry points of this project's groups, sorted by name; the environment is looked through once.

    Of two with one name the first on the path counts, as for modules.
    """
    groups: dict[str, dict[str, EntryPoint]] = {}
    for distribution in distributions():
        for entry in distribution.entry_points:
            if entry.group.startswith(_GROUP_PREFIX):
                groups.setdefault(entry.group, {}).setdefault(entry.name, entry)
    return {group: tuple(entries[name] for name in sorted(entries)) for group, entries in groups.items()}


def entries_of(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of one group that are installed beside this package."""
    return _installed().get(group, ())


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "an unknown package"


def absent_members(made: object, protocol: type[Any]) -> list[str]:
    """Name what an object lacks of a Protocol.

    Args:
        made: Any object.
        protocol: The Protocol.

    Returns:
        The names of the members that it does not have, sorted; empty where it has all.
    """
    members = {name for base in protocol.__mro__ for name in (*vars(base), *getattr(base, "__annotations__", {}))}
    return [name for name in sorted(members) if not name.startswith("_") and not hasattr(made, name)]
