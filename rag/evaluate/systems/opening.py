"""Open the system that a command names, and close it in the end.

Owns: telling recorded answers, an address and a function apart, and the checker of their sentences. Knows nothing about
suites but where they lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from rag.answering.checkers import open_checker_for
from rag.errors import UsageError
from rag.evaluate.systems.answer import Reading
from rag.evaluate.systems.http_target import HttpSystem, Target, read_target
from rag.evaluate.systems.placing import Corpus
from rag.evaluate.systems.python_target import PythonSystem, find_function
from rag.evaluate.systems.recorded import RecordedAnswers, RecordedSystem, read_answers
from rag.evaluate.systems.system import System
from rag.models.llm.model import Model
from rag.notices import Notice
from rag.settings import Settings
from rag.store.index import Index

DEFAULT_SECONDS = 120.0
"""How long an answer of a target may take."""


class OtherSystem(System, Protocol):
    """A system that is not Footnote."""

    def describe(self) -> dict[str, Any]:
        """Return what it is, as plain data for the results: equal descriptions name the same system."""
        ...


@dataclass(frozen=True, slots=True)
class Named:
    """What a command names, read and checked, and not yet called.

    Attributes:
        name: What was named.
        source: Recorded answers, an address, or a function.
        seconds: How long an answer may take.
    """

    name: str
    source: RecordedAnswers | Target | Any
    seconds: float = DEFAULT_SECONDS


def read_named(
    answers: Path | None, target: str | None, folder: Path, seconds: float = DEFAULT_SECONDS
) -> Named | None:
    """Read what a command names as the system to be measured; nothing is called but an import.

    Args:
        answers: The file of recorded answers.
        target: An address, or ``module:function``.
        folder: The folder of the suite, in which a module may lie.
        seconds: How long an answer of a target may take.

    Returns:
        What is named; None for neither, which means Footnote itself.

    Raises:
        UsageError: Both are named, or one cannot be read.
    """
    if answers and target:
        raise UsageError("--answers and --target name two systems; measure one at a time.")
    if answers:
        return Named(str(answers), read_answers(answers))
    if not target:
        return None
    if target.lower().startswith(("http://", "https://")):
        return Named(target, read_target(target), seconds)
    return Named(target, find_function(target, folder), seconds)


@contextmanager
def open_system(named: Named, index: Index, settings: Settings, judge: Model | None = None) -> Iterator[OtherSystem]:
    """Open a system, and end its connections and threads behind the block.

    Args:
        named: What was named.
        index: The index of the corpus, in which contexts are looked for.
        settings: The checker, and the rules that are switched off.
        judge: The language model that judges sentences; None: the rules alone do, unless the settings name another.

    Yields:
        The system.

    Raises:
        UsageError: A setting is wrong, or the target's key cannot be sent.
    """
    trace: list[Notice] = []
    checker = open_checker_for(settings, judge, encoder=index.encoder, support=index.scoring.support, trace=trace)
    reading = Reading(Corpus(index), checker, trace)
    if isinstance(named.source, RecordedAnswers):
        yield RecordedSystem(named.source, reading)
    elif isinstance(named.source, Target):
        # A server answers at the address that was named, and sends nobody to another one.
        with httpx.Client(follow_redirects=False) as client:
            yield HttpSystem(named.source, client, reading, named.seconds)
    else:
        system = PythonSystem(named.name, named.source, reading, named.seconds)
        try:
            yield system
        finally:
            system.close()
