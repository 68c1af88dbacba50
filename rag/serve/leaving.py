"""Work that ends when whoever wants it leaves.

Owns: that a request whose client has gone waits for no turn any more. Knows nothing about what is being made.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Coroutine
from typing import Any, TypeVar

from fastapi import Request

from rag.serve.errors import ApiError
from rag.serve.streaming import ReaderLeft, last_of

Result = TypeVar("Result")


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

    async def made() -> AsyncGenerator[Result, None]:
        yield await making

    return await last_while_there(request, made())


async def last_while_there(request: Request, items: AsyncGenerator[Result, None]) -> Result:
    """Return the last item; they are closed when the client leaves.

    Args:
        request: The request, whose body has been read.
        items: What is made for the client, as it grows.

    Returns:
        The last item.

    Raises:
        ApiError: The client has left, so that nobody reads this.
    """
    try:
        return await last_of(items, request)
    except ReaderLeft:
        raise ApiError(499, "client_left", "The client has left.") from None
