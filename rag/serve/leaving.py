"""Work that ends when whoever wants it leaves.

Owns: noticing that a client has gone while its answer is made. Knows nothing about what is being made.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import Request

from rag.serve.errors import ApiError

Result = TypeVar("Result")
# Seconds between two looks whether the client is still there.
_LOOK_EVERY = 0.25


async def while_there(request: Request, making: Coroutine[Any, Any, Result]) -> Result:
    """Return what a coroutine returns; it is cancelled when the client leaves.

    Args:
        request: The request, whose body has been read.
        making: What is made for the client.

    Returns:
        What was made.

    Raises:
        ApiError: The client has left, so that nobody reads this.
    """
    task = asyncio.ensure_future(making)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=_LOOK_EVERY)
            if not task.done() and await request.is_disconnected():
                raise ApiError(499, "client_left", "The client has left.")
        return task.result()
    finally:
        task.cancel()
