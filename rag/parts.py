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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, distributions
from typing import Any, Generic, TypeVar

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


class Parts(Generic[Part]):
    """The parts of one kind by name. Those from outside come after those that ship, ordered by name.

    A part from outside cannot take the name of one that ships. One that cannot be used is left out, with a warning: the
    rest works.
    """

    def __init__(self, kind: str, shipped: Mapping[str, str], protocol: type[Any] | None = None) -> None:
        """Name the shipped parts; nothing is imported yet.

        Args:
            kind: What a part is, in the singular, such as ``model service``; its entry-point group is
                ``footnote.model_services``.
            shipped: ``module:attribute`` by name, in the order in which parts are asked.
            protocol: A runtime-checkable Protocol. With it, an attribute is a class or function without arguments, and
                what it returns is the part; without it, the attribute itself is, which must be callable.
        """
        self.kind = kind
        self.group = f"{_GROUP_PREFIX}{kind.replace(' ', '_')}s"
        self._protocol = protocol
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
            return self._load(name, entry)
        except (Exception, SystemExit) as error:  # Code from outside raises anything, as early as its import.
            cause = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            package = _package(entry)
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
            raise TypeError("it is neither a class nor a function")
        if self._protocol is None:
            made: Part = attribute
            return made
        made = attribute()
        if not isinstance(made, self._protocol):
            raise TypeError(f"it has no {', '.join(absent_members(made, self._protocol))}")
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
