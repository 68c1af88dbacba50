"""Fetching models of the checked table while the chat goes on.

Owns: one fetch at a time for each model, how far it is, and its end. Knows nothing about where weights come from or
what a page shows.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rag.errors import ModelError, UsageError
from rag.models.weights import TABLE, Progress, path_of, pull
from rag.notices import Notice

_LOG = logging.getLogger(__name__)

Pull = Callable[[str, Path, Progress], Path]
# Seconds that the server's end waits for a fetch to stop.
_CLOSING_SECONDS = 3.0


class _Stopped(BaseException):
    """Ends a fetch from within, as Ctrl-C does: what has come is kept, and a later fetch goes on from there."""


@dataclass(frozen=True, slots=True)
class FetchState:
    """How far a fetch is.

    Attributes:
        name: The model.
        state: ``running``, ``stopping``, or how it ended: ``done``, ``stopped``, ``failed``.
        done: Bytes that are here.
        total: Bytes in all.
        problem: Why it failed; None where it did not.
    """

    name: str
    state: Literal["running", "stopping", "done", "stopped", "failed"]
    done: int = 0
    total: int = 0
    problem: Notice | None = None


class ModelFetching:
    """The fetches of one server. Safe to use from several threads."""

    def __init__(self, folder: Path, pull_model: Pull = pull) -> None:
        """Fetch nothing yet.

        Args:
            folder: The folder of all models.
            pull_model: Fetches one; replaced by tests.
        """
        self._folder, self._pull = folder, pull_model
        self._states: dict[str, FetchState] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._guard = threading.Lock()

    def states(self) -> list[FetchState]:
        """Return how far each fetch is that was begun since the program was."""
        with self._guard:
            return list(self._states.values())

    def begun(self, name: str) -> int:
        """Return the bytes that lie here of a fetch that was broken off; 0 where there was none."""
        part = self._folder / f"{TABLE[name].home}.part"
        try:
            recorded = json.loads((part / "state.json").read_text("utf-8"))
            return sum(int(file["size"]) for file in recorded.values())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return 0

    def start(self, name: str) -> FetchState:
        """Begin to fetch a model, or go on where an earlier fetch stopped; one that is running goes on.

        Args:
            name: A name of the checked table.

        Raises:
            UsageError: There is no such language model in the table.
        """
        if name not in TABLE or TABLE[name].kind != "llm":
            raise UsageError(Notice("model-not-offered", {"model": name}))
        with self._guard:
            current = self._states.get(name)
            if current is not None and current.state in ("running", "stopping"):
                return current
            done = TABLE[name].size if path_of(name, self._folder) else self.begun(name)
            state = self._states[name] = FetchState(name, "running", done, TABLE[name].size)
            thread = threading.Thread(target=self._run, args=(name,), daemon=True, name=f"fetch {name}")
            self._threads[name] = thread
        thread.start()
        return state

    def stop(self, name: str) -> FetchState | None:
        """Stop a fetch; what has come by then is kept.

        Args:
            name: The model.

        Returns:
            Its state; None where it is not being fetched.
        """
        with self._guard:
            current = self._states.get(name)
            if current is not None and current.state == "running":
                current = self._states[name] = replace(current, state="stopping")
            return current

    def close(self) -> None:
        """Stop every fetch, and wait for it a moment."""
        with self._guard:
            threads = [self._threads[name] for name in self._states if name in self._threads]
            names = list(self._states)
        for name in names:
            self.stop(name)
        for thread in threads:
            thread.join(_CLOSING_SECONDS)

    def _run(self, name: str) -> None:
        try:
            self._pull(name, self._folder, lambda done, total, _: self._report(name, done, total))
        except _Stopped:
            self._end(name, "stopped")
        except (ModelError, UsageError) as error:
            self._end(name, "failed", error.notice)
        except Exception:
            _LOG.exception("A model could not be fetched")
            self._end(name, "failed", Notice("model-fetch-failed", {"name": name}))
        else:
            self._end(name, "done")

    def _report(self, name: str, done: int, total: int) -> None:
        with self._guard:
            current = self._states[name]
            self._states[name] = replace(current, done=max(current.done, done), total=total or current.total)
            if current.state == "stopping":
                raise _Stopped

    def _end(self, name: str, state: Literal["done", "stopped", "failed"], problem: Notice | None = None) -> None:
        with self._guard:
            current = self._states[name]
            done = current.total if state == "done" else current.done
            self._states[name] = replace(current, state=state, done=done, problem=problem)
