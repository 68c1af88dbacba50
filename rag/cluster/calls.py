"""Asking a cluster, and waiting for what it does.

Owns: that a wait ends when the work is given up, that nothing is asked from then on, and which errors say that a
process or a machine has died.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from rag.errors import LoadError, UsageError
from rag.ingestion.workers import WorkersFailed
from rag.notices import Notice

# So often, in seconds, a wait looks whether it has been given up.
_TICK = 0.5
# After so many it looks whether there is still a node that can work: Ray would wait for one for ever.
_LOOK_TICKS = 20
# A wait that has not ended so many seconds after it was given up hangs in Ray, whose own processes may have died.
_GIVE_UP_SECONDS = 30


class Died(Exception):
    """The process or the machine that had something to do has died."""


class Calls:
    """What a cluster was asked for and has not answered yet."""

    def __init__(self, ray: Any) -> None:
        """Wait for nothing yet.

        Args:
            ray: The module, connected.
        """
        self.ray = ray
        errors = ray.exceptions
        self._deaths = (
            errors.WorkerCrashedError, errors.RayActorError, errors.OutOfMemoryError, errors.NodeDiedError,
            errors.ObjectLostError, errors.LocalRayletDiedError, errors.TaskUnschedulableError,
            errors.ActorUnschedulableError,
        )  # fmt: skip
        self._over = threading.Event()
        self._changed = threading.Condition()
        self._waiting = 0

    @property
    def over(self) -> bool:
        """Whether all was given up."""
        return self._over.is_set()

    def result(self, ask: Callable[[], Any]) -> Any:
        """Ask for a result, and wait for it.

        Args:
            ask: Asks, and returns what Ray gives for the result.

        Returns:
            The result.

        Raises:
            Died: Whoever was to give it has died.
            LoadError: It was given up, or all had been before; nothing is asked then.
            WorkersFailed: It failed in a way that nobody foresaw.
            UsageError: The cluster is gone.
        """
        with self.using():
            reference = ask()
            for tick in count(1):
                ready, _ = self.ray.wait([reference], timeout=_TICK)
                if ready:
                    return self.ray.get(reference)
                if self.over:
                    break
                if tick % _LOOK_TICKS == 0 and not self._has_nodes():
                    raise UsageError(Notice("cluster-lost", {"cause": "no node is left"}))
            raise LoadError(Notice("file-crashed"))

    @contextmanager
    def using(self) -> Iterator[None]:
        """Use the connection, which is not ended meanwhile; what Ray raises becomes what ``result`` raises."""
        with self._changed:
            # An end that was told before this is seen, and one that is told later waits.
            if self.over:
                raise LoadError(Notice("file-crashed"))
            self._waiting += 1
        try:
            yield
        except self._deaths as error:
            raise Died(type(error).__name__) from None
        except self.ray.exceptions.RayTaskError as error:
            raise WorkersFailed(Notice("cluster-task-failed", {"cause": type(error.cause).__name__})) from error
        except (self.ray.exceptions.RayError, ConnectionError, RuntimeError) as error:
            raise UsageError(Notice("cluster-lost", {"cause": type(error).__name__})) from error
        finally:
            with self._changed:
                self._waiting -= 1
                self._changed.notify_all()

    def _has_nodes(self) -> bool:
        return any(node["Alive"] and node["Resources"].get("CPU") for node in self.ray.nodes())

    def give_up(self) -> None:
        """End all waits, and return when they have ended."""
        with self._changed:
            self._over.set()
            self._changed.wait_for(lambda: not self._waiting, _GIVE_UP_SECONDS)
