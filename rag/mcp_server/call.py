"""A call of a tool, as the tools are given it.

Owns: who calls, what is open, and waiting for the turn at the model. Knows nothing about the protocol.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio

from rag.errors import UsageError
from rag.hosting.access import Caller
from rag.hosting.fair_queue import Ticket
from rag.mcp_server.progress import Progress
from rag.mcp_server.served import Served

# Seconds between two looks at whose turn it is.
_TURN_SECONDS = 0.1


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

    def index_name(self, given: str | None) -> str:
        """Return the name of the index that the call means.

        Args:
            given: The name that its arguments have; None for none.

        Returns:
            A name that the caller may see.

        Raises:
            UsageError: There is no such index.
        """
        return self.served.name_of(self.caller, given)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Ticket]:
        """Wait until the model is free for this caller, who takes turns with the others.

        Yields:
            The ticket: the model is theirs until the block ends.

        Raises:
            UsageError: Too many questions wait already, or this one was kept waiting too long.
        """
        self.served.admit()
        try:
            with self.served.queue.take(self.caller.name) as ticket:
                while not ticket.wait(0):
                    position = ticket.position
                    if position < 0:
                        raise UsageError("The question waited too long for its turn; ask it again.")
                    self.progress.say(f"waiting, {position} before this one")
                    await anyio.sleep(_TURN_SECONDS)
                yield ticket
        finally:
            self.served.dismiss()

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
