"""Routes that take what they know, and no more of it than fits.

Owns: that a body which is read whole has a longest length, announced or not, and that a parameter of the address that
a route does not know is refused by name. Knows nothing about what requests say; files are read in another way, piece
by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from rag.serve.errors import ApiError

# Bytes of a body: 2,000,000 characters of sources, which JSON may write as six bytes each, and what is around them.
LONGEST_BODY = 16_000_000


class StrictRoute(APIRoute):
    """A route that refuses parameters it does not know, and a body that is too long."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request, with the limits in front of it."""
        answer = super().get_route_handler()
        known = {parameter.alias for parameter in self.dependant.query_params}
        is_read_whole = self.body_field is not None

        async def answer_within_limits(request: Request) -> Response:
            for name in request.query_params:
                if name not in known:
                    there = f"there are {', '.join(sorted(known))}" if known else "this address takes none"
                    raise ApiError(422, "unknown_parameter", f"There is no parameter {name[:40]!r}; {there}.", "query")
            return await answer(_limited(request) if is_read_whole else request)

        return answer_within_limits


def _limited(request: Request) -> Request:
    """Return a request whose body ends with an error where it is too long."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:19]) > LONGEST_BODY:
        raise _too_long()
    read = 0

    async def receive() -> Message:
        nonlocal read
        message = await request.receive()
        read += len(message.get("body", b""))
        if read > LONGEST_BODY:
            raise _too_long()
        return message

    return Request(request.scope, receive)


def _too_long() -> ApiError:
    return ApiError(413, "too_long", f"The request is longer than {LONGEST_BODY // 1_000_000} MB; send less at once.")
