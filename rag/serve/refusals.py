"""Which HTTP status a mistake has that was found beneath the routes.

Owns: the statuses of what keeps files from being added or removed. Knows nothing about routes.
"""

from __future__ import annotations

from types import TracebackType

from rag.errors import IndexUnusable, UsageError
from rag.notices import Notice
from rag.serve.errors import ApiError

_STATUSES = {
    "upload-empty": 422,
    "upload-too-many-files": 413,
    "upload-has-too-many-files": 413,
    "upload-too-large": 413,
    "upload-has-too-many-megabytes": 413,
    "too-many-uploads": 429,
    "upload-not-stored": 507,
    "upload-running": 409,
    "index-being-written": 409,
    "source-not-in-index": 404,
}
# Seconds after which what is busy may be free.
_RETRY_AFTER = "5"


class AsRefusals:
    """Gives what is raised inside a ``with`` its HTTP status, and a disk that takes no more as well."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        if isinstance(error, UsageError | IndexUnusable) and error.notice.code in _STATUSES:
            raise _refusal(error.notice) from None
        if isinstance(error, OSError):
            raise _refusal(Notice("upload-not-stored", {"cause": str(error.strerror or error)})) from None


def _refusal(notice: Notice) -> ApiError:
    status = _STATUSES[notice.code]
    headers = {"retry-after": _RETRY_AFTER} if status in (409, 429) else None
    return ApiError(status, notice.code, str(notice), headers=headers)
