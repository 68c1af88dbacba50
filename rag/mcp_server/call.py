"""A call of a tool, as the tools are given it.

Owns: who calls, what is open, and waiting for the turn at the model. Knows nothing about the protocol.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rag.hosting.access import Caller
from rag.mcp_server.progress import Progress
from rag.mcp_server.served import Served
from rag.mcp_server.threads import in_thread

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool.

    Attributes:
        served: What the server has open.
        caller: Who calls.
        progress: Tells the client which step is running.
    """

    served: Served
    caller: Caller
    progress: Progress

    async def index_name(self, given: str | None) -> str:
        """Return the name of the index that the call means; a database may be asked which there are.

        Args:
            given: The name that its arguments have; None for none.

        Returns:
            A name that the caller may see.

        Raises:
            UsageError: There is no such index.
        """
        return await in_thread(lambda: self.served.name_of(self.caller, given))

    async def in_turn(self, work: Callable[[threading.Event], Result]) -> Result:
        """Do something with the model when it is free for this caller, who takes turns with the others.

        Args:
            work: Done in a thread; ends early where the event that it is given is set.

        Returns:
            What the work returns.

        Raises:
            ApiError: Too many questions wait already, this one waited too long, or it took too long; or the caller's
                right to it was taken away meanwhile.
        """

        def confirmed(cancel: threading.Event) -> Result:
            result = work(cancel)
            self.caller.confirm()
            return result

        def waiting(position: int) -> None:
            self.progress.say(f"waiting, {position} before this one")

        return await self.served.turns.do(self.caller.name, confirmed, waiting)

    def searched_sources(self, index: str, globs: Sequence[str]) -> list[str]:
        """Return globs as a search takes them; the name of a folder stands for all that lies in it.

        Args:
            index: The name of the index.
            globs: Sources, folders or globs; none for all.

        Returns:
            The globs.

        Raises:
            UsageError: No source matches any of them.
        """
        if not globs:
            return []
        from rag.store.source_globs import read_globs

        with self.served.catalog(index) as catalog:
            return read_globs(catalog, index, globs)
