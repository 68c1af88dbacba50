"""What a request is refused with.

Owns: the error that says so. Knows nothing about why, or about the protocol that tells it.
"""

from __future__ import annotations


class ApiError(Exception):
    """What a request is refused with.

    Args:
        status: The HTTP status.
        code: A stable code for programs.
        message: One sentence: what, where, what to do.
        param: The field of the request that is meant; None where it is none.
        headers: Further headers of the response, such as ``Retry-After``.
    """

    def __init__(
        self, status: int, code: str, message: str, param: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.param, self.headers = status, code, message, param, headers
