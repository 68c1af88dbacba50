"""A system that is a Python function: ``module:function``, synchronous or not, or a query engine of LlamaIndex.

Owns: finding it beside the suite or in the working directory, calling it within a time limit, and one sentence for what
goes wrong in it. Knows nothing about what becomes of an answer.

The function runs in a thread of its own, with one event loop for the whole run: clients that belong to a loop can be
kept. What never returns is left behind in its thread, and the next question is asked in a new one.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import queue
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

from rag.errors import RagError, UsageError
from rag.evaluate.systems.answer import Reading
from rag.evaluate.systems.given import SystemFailed, read_given
from rag.evaluate.systems.shapes import plain_answer
from rag.evaluate.systems.system import Ask
from rag.evaluate.types import Case
from rag.text import plain_line
from rag.types import Answer, Turn

# Seconds that an asynchronous function has to end after it was cancelled.
_GRACE = 2.0


def find_function(spec: str, folder: Path) -> Callable[..., Any]:
    """Import what ``--target`` names.

    Args:
        spec: ``module:function``; both may have dots.
        folder: Where the module may lie beside the working directory and what is installed: the suite's folder.

    Returns:
        The function, or the method ``query`` of a query engine.

    Raises:
        UsageError: There is no such module or function, or the module cannot be imported.
    """
    module_name, colon, name = spec.partition(":")
    parts = [*module_name.split("."), *name.split(".")]
    if not colon or not all(part.isidentifier() for part in parts):
        raise UsageError(
            f"{spec!r} is no target; write http://…, https://… or module:function, such as --target my_rag:answer."
        )
    # They stay: a function may import its neighbours when it is first called.
    for place in (str(Path.cwd()), str(folder.resolve())):
        if place not in sys.path:
            sys.path.insert(0, place)
    found = _imported(module_name, name)
    query = getattr(found, "query", None)
    if callable(query) and not inspect.isfunction(found):
        return query  # type: ignore[no-any-return]
    if not callable(found):
        raise UsageError(f"{spec!r} is no function; name one that takes a question and returns its answer.")
    return found  # type: ignore[no-any-return]


def _imported(module: str, name: str) -> Any:
    """Return what a module calls by a name, or raise the user's mistake in one sentence."""
    importlib.invalidate_caches()
    try:
        with redirect_stdout(sys.stderr):
            imported = importlib.import_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if isinstance(error, ModuleNotFoundError) and error.name and f"{module}.".startswith(f"{error.name}."):
            raise UsageError(
                f"There is no module {module!r} beside the suite, in the working directory or among what is installed."
            ) from None
        raise _not_imported(module, error) from None
    try:
        return attrgetter(name)(imported)
    except AttributeError:
        raise UsageError(f"The module {module!r} has no {name!r}; check the name behind the colon.") from None


def _not_imported(module: str, error: BaseException) -> UsageError:
    return UsageError(f"The module {module!r} cannot be imported ({_said(error)}); mend it first.")


@dataclass
class PythonSystem:
    """A function that answers questions.

    Attributes:
        name: ``module:function``, as it was named.
        function: What is called: with the question, and with the conversation before it where it takes that.
        reading: Makes answers of what it returns.
        seconds: How long an answer may take.
    """

    name: str
    function: Callable[..., Any]
    reading: Reading
    seconds: float
    _worker: _Worker | None = field(default=None, init=False, repr=False)

    def asking(self, case: Case) -> Ask:  # noqa: ARG002
        """Return what calls the function; every case is asked in the same way."""
        return self.ask

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        """Call the function and read what it returns.

        Args:
            question: The question.
            history: The conversation before it.

        Returns:
            The answer.

        Raises:
            SystemFailed: It raised, did not return in time, or returned what cannot be read.
        """
        turns = [asdict(turn) for turn in history]
        arguments = (question, turns) if _takes_two(self.function) else (question,)
        if self._worker is None:
            self._worker = _Worker()
        begun = time.perf_counter()
        try:
            with redirect_stdout(sys.stderr):
                returned, error = self._worker.call(lambda: self.function(*arguments), self.seconds)
        except TimeoutError:
            self._worker = None
            raise self._too_slow() from None
        taken = (time.perf_counter() - begun) * 1000
        if isinstance(error, TimeoutError) and taken >= self.seconds * 1000:
            raise self._too_slow()
        if isinstance(error, RagError):
            raise SystemFailed(f"The function {self.name} failed: {error}")
        if error is not None:
            raise SystemFailed(f"The function {self.name} raised {_said(error)}; mend it.")
        try:
            given = read_given(plain_answer(returned))
        except SystemFailed as failed:
            raise SystemFailed(f"The function {self.name} gave no answer that can be read. {failed}") from None
        return self.reading.answer(question, given, taken)

    def describe(self) -> dict[str, Any]:
        """Return what the system is, for the results."""
        return {"kind": "python", "name": self.name}

    def close(self) -> None:
        """End the thread, and the event loop in it."""
        if self._worker:
            self._worker.close()
            self._worker = None

    def _too_slow(self) -> SystemFailed:
        return SystemFailed(f"The function {self.name} did not return within {self.seconds:g} s; see --target-timeout.")


def _takes_two(function: Callable[..., Any]) -> bool:
    """Tell whether a function takes the conversation beside the question: without it, it has a second parameter."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return False
    placed = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    return len(placed) > 1 and (placed[1].default is inspect.Parameter.empty or placed[1].name in _OF_HISTORY)


# Names of a second parameter with a default that takes the conversation.
_OF_HISTORY = ("history", "chat_history", "messages")


class _Worker:
    """A thread that makes calls one after another; awaitables are awaited in its event loop."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[tuple[Callable[[], Any], float] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        # A daemon: a call that never returns must not keep the program from ending.
        self._thread = threading.Thread(target=self._work, name="evaluated system", daemon=True)
        self._thread.start()

    def call(self, function: Callable[[], Any], seconds: float) -> tuple[Any, BaseException | None]:
        """Return what a function returns or raises.

        Raises:
            TimeoutError: It did neither in time; this worker cannot be used again.
        """
        self._calls.put((function, seconds))
        try:
            return self._results.get(timeout=seconds + _GRACE)
        except queue.Empty:
            self._calls.put(None)
            raise TimeoutError from None

    def close(self) -> None:
        """End the thread behind what it is doing."""
        self._calls.put(None)
        self._thread.join(_GRACE)

    def _work(self) -> None:
        loop: asyncio.AbstractEventLoop | None = None
        while (call := self._calls.get()) is not None:
            function, seconds = call
            try:
                value = function()
                if inspect.isawaitable(value):
                    loop = loop or asyncio.new_event_loop()
                    value = loop.run_until_complete(asyncio.wait_for(_awaited(value), seconds))
                self._results.put((value, None))
            except BaseException as error:
                self._results.put((None, error))
        if loop is not None:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()


async def _awaited(value: Awaitable[Any]) -> Any:
    return await value


def _said(error: BaseException) -> str:
    """Return what an error says in one line."""
    words = plain_line(str(error)) if not isinstance(error, SystemExit) else ""
    return f"{type(error).__name__}{words and f': {words}'}"
