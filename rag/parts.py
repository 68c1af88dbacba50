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
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import Distribution, EntryPoint, distributions
from typing import Any, Generic, TextIO, TypeVar

from rag.errors import RagError
from rag.notices import Notice

Part = TypeVar("Part")

_LOG = logging.getLogger(__name__)
_GROUP_PREFIX = "footnote."
_OWN_SECTION = re.compile(rf"^\s*\[\s*{re.escape(_GROUP_PREFIX)}", re.MULTILINE)
_UNKNOWN_PACKAGE = "an unknown package"


@dataclass(frozen=True, slots=True)
class OutsidePart:
    """A part that another package brings.

    Attributes:
        kind: What it is, such as ``reader``; ``package`` for a package whose entry points cannot be read.
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

    Yields:
        Nothing.

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
        check_name: Callable[[str], str] | None = None,
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
            check_name: Tells why no part from outside may have a name, in such words, too; "" for one that it may have.
        """
        self.kind = kind
        self.group = f"{_GROUP_PREFIX}{kind.replace(' ', '_')}s"
        self._protocol, self._check, self._check_name = protocol, check, check_name
        self._shipped = {name: EntryPoint(name, value, self.group) for name, value in shipped.items()}
        self._made: dict[str, Part] = {}
        self._problems: dict[str, Notice] = {}
        # One lock a part: an import that hangs holds up who asks for that part, and nobody else.
        self._loading: dict[str, threading.RLock] = {}
        self._noting = threading.Lock()

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

    def problem(self, name: str) -> Notice | None:
        """Return why a part cannot be used, in one sentence; None where it can, or where there is none."""
        if name in self._shipped:
            return None
        self.get(name)
        return self._problems.get(name)

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
            problem = self._name_problem(entry)
            if not problem:
                self._load_from_outside(entry.name, entry)
                problem = str(self._problems.get(entry.name, ""))
            described.append(OutsidePart(self.kind, entry.name, _package(entry), problem))
        rivals = [(entry, self._rival_problem(entry)) for entry in rivals_of(self.group)]
        return described + [OutsidePart(self.kind, entry.name, _package(entry), problem) for entry, problem in rivals]

    def _outside(self) -> dict[str, EntryPoint]:
        found: dict[str, EntryPoint] = {}
        for entry in entries_of(self.group):
            if problem := self._name_problem(entry):
                warn_once(problem)
            else:
                found[entry.name] = entry
        for entry in rivals_of(self.group):
            warn_once(self._rival_problem(entry))
        return found

    def _load_from_outside(self, name: str, entry: EntryPoint) -> Part | None:
        if name in self._problems:
            return None
        try:
            with calling(self.kind, name, _package(entry)), _STANDARD_OUTPUT.spared():
                return self._load(name, entry)
        except (PartFailed, RagError) as error:
            cause = error.cause if isinstance(error, PartFailed) else type(error).__name__
            package = _package(entry).replace(_UNKNOWN_PACKAGE, "")
            values = {"kind": self.kind, "name": name, "package": package, "cause": cause}
            self._note(name, Notice("part-unusable", values))
            return None

    def _load(self, name: str, entry: EntryPoint) -> Part:
        with self._noting:
            loading = self._loading.setdefault(name, threading.RLock())
        with loading:
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

    def _name_problem(self, entry: EntryPoint) -> str:
        """Return why a part is left out because of its name, in one sentence; "" where it may have it."""
        if entry.name in self._shipped:
            wrong = "has the name of one that Footnote ships"
        elif self._check_name is not None and (reason := self._check_name(entry.name)):
            wrong = f"has a name that it may not have ({reason})"
        else:
            return ""
        return f"{self._title(entry)} {wrong} and is left out; its package must name it otherwise."

    def _rival_problem(self, entry: EntryPoint) -> str:
        first = next((other for other in entries_of(self.group) if other.name == entry.name), None)
        return (
            f"{self._title(entry)} has the name of one that {_package(first)} brings and is left out; remove one of "
            "the two packages."
        )

    def _title(self, entry: EntryPoint) -> str:
        return f"The {self.kind} {entry.name!r} of {_package(entry)}"

    def _note(self, name: str, problem: Notice) -> None:
        """Remember why a part is left out, and say so once."""
        with self._noting:
            if self._problems.get(name) == problem:
                return
            self._problems[name] = problem
        _LOG.warning(str(problem))


@dataclass
class _StandardOutput:
    """Standard output, which belongs to the results of a command: what is imported must not write between them."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sparing: int = 0
    _kept: TextIO | None = None

    @contextmanager
    def spared(self) -> Iterator[None]:
        """Send to standard error what is printed meanwhile; several threads may ask for it at once."""
        with self._lock:
            if not self._sparing:
                self._kept, sys.stdout = sys.stdout, sys.stderr
            self._sparing += 1
        try:
            yield
        finally:
            with self._lock:
                self._sparing -= 1
                if not self._sparing and self._kept is not None:
                    sys.stdout, self._kept = self._kept, None


_STANDARD_OUTPUT = _StandardOutput()

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
    """Load every part that another package brings, and tell which can be used.

    Behind them stands what cannot be read: a package whose entry points are damaged.
    """
    found = [part for table in _TABLES.values() for part in _table(table).describe_outside()]
    return [*found, *_installed().unreadable]


def _table(path: str) -> Parts[Any]:
    table: Parts[Any] = EntryPoint("table", path, "").load()
    return table


@dataclass(frozen=True, slots=True)
class _Installed:
    """What is installed beside this package.

    Attributes:
        entries: The entry points of this project's groups, sorted by name. Of two with one name the first on the path
            counts, as for modules.
        rivals: Those that do not count because another package has an entry point of that name.
        unreadable: The packages whose entry points cannot be read.
    """

    entries: Mapping[str, tuple[EntryPoint, ...]]
    rivals: Mapping[str, tuple[EntryPoint, ...]]
    unreadable: tuple[OutsidePart, ...]


@lru_cache(maxsize=1)
def _installed() -> _Installed:
    """Look through the environment, once; what is wrong with one package costs no other its parts."""
    entries: dict[str, dict[str, EntryPoint]] = {}
    rivals: dict[str, list[EntryPoint]] = {}
    unreadable: list[OutsidePart] = []
    for distribution in distributions():
        own, problem = _read_entries(distribution)
        if problem:
            name = _name(distribution)
            unreadable.append(OutsidePart("package", name or _UNKNOWN_PACKAGE, name or _UNKNOWN_PACKAGE, problem))
            warn_once(problem)
        for entry in own:
            first = entries.setdefault(entry.group, {}).setdefault(entry.name, entry)
            # A package that lies on the path twice is no rival of itself.
            if first is not entry and _package(first).split()[0] != _package(entry).split()[0]:
                rivals.setdefault(entry.group, []).append(entry)
    return _Installed(
        {group: tuple(found[name] for name in sorted(found)) for group, found in entries.items()},
        {group: tuple(found) for group, found in rivals.items()},
        tuple(unreadable),
    )


def _read_entries(distribution: Distribution) -> tuple[list[EntryPoint], str]:
    """Return a package's entry points in this project's groups; beside none, what is wrong with them if that matters.

    It does where the package has such a group, and where nobody can tell.
    """
    try:
        return [entry for entry in distribution.entry_points if entry.group.startswith(_GROUP_PREFIX)], ""
    except Exception:  # Whatever a damaged file makes the standard library raise.
        with suppress(Exception):
            if not _OWN_SECTION.search(distribution.read_text("entry_points.txt") or ""):
                return [], ""
    name = _name(distribution)
    which = f"the package {name}" if name else _UNKNOWN_PACKAGE
    return [], f"The entry_points.txt of {which} cannot be read, so that its parts are left out; {_remedy(name)}"


def entries_of(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of one group that are installed beside this package."""
    return _installed().entries.get(group, ())


def rivals_of(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of one group that do not count, because another package has one of that name."""
    return _installed().rivals.get(group, ())


def _name(distribution: Distribution) -> str:
    """Return the name of a package; "" where its METADATA is absent or damaged."""
    with suppress(Exception):
        return str(distribution.metadata["Name"] or "")
    return ""


def _package(entry: EntryPoint | None) -> str:
    if entry is None or entry.dist is None or not (name := _name(entry.dist)):
        return _UNKNOWN_PACKAGE
    with suppress(Exception):
        return f"{name} {entry.dist.version or ''}".rstrip()
    return name


def _remedy(package: str) -> str:
    if package in ("", _UNKNOWN_PACKAGE):
        return "update or remove the package that brings it"
    return f"update that package, or remove it with: pip uninstall {package.split()[0]}"


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
