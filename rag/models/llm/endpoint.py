"""What the services that are reached over a network share: an address, a key, and a notice for each failure.

Owns: what a client library's failure means, keys in the environment, and the notice on a package that is missing. Knows
nothing about retries or prompts. A key stays inside the client objects and out of every notice.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rag.errors import LLMError, UsageError
from rag.models.llm.model import TransientError, retry_after
from rag.notices import Notice

DEFAULT_WINDOW = 8192
"""Tokens of the context window of a server that does not state one."""
CLIENT_TIMEOUT_MARGIN = 5
"""Seconds by which a client's own timeout exceeds ours, so that ours ends the wait with its notice."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is reached, as the notices on its failures name it.

    Attributes:
        service: The name of the service, such as ``OpenAI``; empty for a server that has none.
        address: Its base URL.
        model: The model that is asked for.
        at: The address, where it belongs to the service's name: ``Ollama at http://…``.
        key_variable: The environment variable that holds its key; empty when it needs none.
        secret: The key, so that it can be kept out of every notice.
        unreachable: The code of the notice on a service that cannot be reached.
    """

    service: str
    address: str
    model: str
    at: str = ""
    key_variable: str = ""
    secret: str = field(default="", repr=False)
    unreachable: str = "model-unreachable"

    def notice(self, code: str, **values: Any) -> Notice:
        """Return a notice about this service.

        Args:
            code: A code whose words name the service.
            **values: What they are filled with besides its name.

        Returns:
            The notice.
        """
        return Notice(code, {"service": self.service, "at": self.at, **values})

    def explain(self, error: Exception, began: bool) -> LLMError:
        """Return one sentence for what a client raised.

        Args:
            error: Any exception of a client library; its ``status_code``, ``body`` and ``response`` count if present.
            began: Whether part of the answer had come before.

        Returns:
            An error to raise; a ``TransientError`` when the same request may succeed later.
        """
        status = getattr(error, "status_code", None)
        message = self._message_of(error)
        if began:
            return LLMError(self.notice("model-broke-off"))
        if re.search(r"context.{0,12}(length|size|window)|maximum context|prompt is too long", message, re.IGNORECASE):
            return LLMError(self.notice("model-context-too-long", model=self.model))
        if status in (401, 403):
            return self.access_refused(status)
        if status == 404:
            return LLMError(self.notice("model-not-found", model=self.model, address=self.address))
        if isinstance(status, int) and 0 < status < 500 and status not in (408, 409, 425, 429):
            return LLMError(self.notice("model-request-refused", status=status, message=message))
        if status == 429:
            transient = TransientError(self.notice("model-rate-limited"))
        elif isinstance(status, int) and status > 0:
            transient = TransientError(self.notice("model-failing", status=status))
        elif isinstance(error, (ValueError, TypeError, KeyError, AttributeError)):
            return LLMError(self.notice("model-answer-not-understood", address=self.address))
        elif getattr(error, "body", None):  # an error event inside a stream that began well
            return LLMError(self.notice("model-request-refused", status=None, message=message))
        else:
            transient = TransientError(self.notice(self.unreachable, address=self.address))
        transient.retry_after = retry_after(error)
        return transient

    def access_refused(self, status: int) -> LLMError:
        """Return the error for a key that the service does not take, or that is missing."""
        return LLMError(self.notice("model-access-refused", status=status, variable=self.key_variable))

    def _message_of(self, error: Exception) -> str:
        """Return the service's own words: at most 300 characters, without anything that looks like a key."""
        body = getattr(error, "body", None)
        inner = body.get("error", body) if isinstance(body, dict) else None
        message = str(inner.get("message") or error) if isinstance(inner, dict) else str(error)
        if self.secret:
            message = message.replace(self.secret, "…")
        message = re.sub(r"\b(sk|key|Bearer)[-_ ][\w*.-]{6,}", "…", message)
        return " ".join(message.split())[:300]


def required_key(variable: str, service: str) -> str:
    """Return a key from the environment.

    Args:
        variable: The environment variable that holds it.
        service: The service that needs it.

    Returns:
        The key.

    Raises:
        UsageError: The variable is unset or blank.
    """
    key = os.environ.get(variable, "").strip()
    if not key:
        raise UsageError(Notice("model-key-missing", {"service": service, "variable": variable}))
    return key


@contextmanager
def extra_needed(prefix: str, extra: str) -> Iterator[None]:
    """Turn a failing import into the notice on which package to install.

    Args:
        prefix: The service's prefix in a spec.
        extra: The extra of this package that brings its libraries.

    Yields:
        Nothing; the imports belong into the ``with``.

    Raises:
        UsageError: An import inside the ``with`` failed.
    """
    try:
        yield
    except ImportError:
        raise UsageError(Notice("model-package-missing", {"prefix": prefix, "extra": extra})) from None
