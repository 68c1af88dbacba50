"""Short work in a thread.

Owns: that a request which is cancelled leaves only when its work has ended: the work uses an index, which may be closed
next. Knows nothing about what the work is. What uses the model waits for its turn, as a ``call.Call`` knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import anyio

Result = TypeVar("Result")


async def in_thread(work: Callable[[], Result]) -> Result:
    """Do something in a thread.

    Args:
        work: What is done.

    Returns:
        What the work returns. Its error is raised here.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    finally:
        if not working.done():
            with anyio.CancelScope(shield=True):
                await asyncio.wait([working])
            # Nobody hears of its error any more.
            working.cancelled() or working.exception()
