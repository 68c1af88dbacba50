"""Work in a thread that ends with the request it is for.

Owns: that a request which is cancelled tells its work so, and leaves only when the work has ended: the work uses an
index, which may be closed next. Knows nothing about what the work is.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

import anyio

Result = TypeVar("Result")


async def in_thread(work: Callable[[], Result], cancel: threading.Event | None = None) -> Result:
    """Do something in a thread.

    Args:
        work: What is done.
        cancel: Set where the request is cancelled, for work that can end early.

    Returns:
        What the work returns. Its error is raised here.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    finally:
        if not working.done():
            if cancel is not None:
                cancel.set()
            with anyio.CancelScope(shield=True):
                await asyncio.wait([working])
            # Nobody hears of its error any more.
            working.cancelled() or working.exception()
