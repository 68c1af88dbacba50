"""Routes that take what they know.

Owns: that a parameter of the address which a route does not know is refused by name, so that no typing error is passed
over. Knows nothing about what requests say.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from rag.serve.errors import ApiError

_LONGEST_NAME = 40


class StrictRoute(APIRoute):
    """A route that refuses parameters it does not know."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request, with the check in front of it."""
        answer = super().get_route_handler()
        known = {parameter.alias for parameter in self.dependant.query_params}

        async def answer_what_is_known(request: Request) -> Response:
            for name in request.query_params:
                if name not in known:
                    there = f"there are {', '.join(sorted(known))}" if known else "this address takes none"
                    message = f"There is no parameter {name[:_LONGEST_NAME]!r}; {there}."
                    raise ApiError(422, "unknown_parameter", message, "query")
            return await answer(request)

        return answer_what_is_known
