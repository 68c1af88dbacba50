"""What the services that are reached over a network share: an address, a key, and a notice for each failure.

Owns: what a client library's failure means, keys in the environment, and the notice on a package that is missing. Knows
nothing about retries or prompts. A key stays inside the client objects and out of every notice.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import ssl
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rag.errors import LLMError, UsageError, causes_of
from rag.models.llm.model import PASSING_STATUSES, TransientError, retry_after
from rag.notices import Notice

DEFAULT_WINDOW = 8192
"""Tokens of the context window of a server that does not state one."""
CLIENT_TIMEOUT_MARGIN = 5
"""Seconds by which a client's own timeout exceeds ours, so that ours ends the wait with its notice."""

_LONGEST_MESSAGE = 300
_MOST_LISTED = 8
# What client libraries raise when a connection ends before the reply does.
_BROKEN = frozenset({"ReadError", "WriteError", "RemoteProtocolError", "IncompleteRead", "StreamEnded"})


class WholeReply(Exception):
    """A server that was asked for a stream sent the whole reply at once.

    Attributes:
        value: Its JSON.
    """

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class StreamEnded(ConnectionError):
    """A stream ended before the reply did."""


class NothingCame(ConnectionError):
    """A stream ended before it had begun."""


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
        if told := next((cause for cause in causes_of(error) if isinstance(cause, LLMError)), None):
            return told
        refusal = Refusal.of(error)
        if told := self._explain_refusal(refusal) or self._explain_status(error, refusal):
            return told
        if not began:
            return self._explain_network(error)
        if any(isinstance(cause, UnicodeDecodeError) for cause in causes_of(error)):
            return LLMError(self.notice("model-answer-garbled", address=self.address))
        return LLMError(self.notice("model-broke-off"))

    def access_refused(self, status: int) -> LLMError:
        """Return the error for a key that the service does not take, or that is missing."""
        return LLMError(self.notice("model-access-refused", status=status, variable=self.key_variable))

    def _explain_refusal(self, refusal: Refusal) -> LLMError | None:
        """Return the error for what a service says by a code or in its words; None where it says nothing known."""
        if refusal.is_about_context:
            return LLMError(self.notice("model-context-too-long", model=self.model))
        if refusal.is_about_quota:
            return LLMError(self.notice("model-quota-exhausted"))
        if refusal.is_about_content:
            return LLMError(Notice("model-filtered", {"model": self.model}))
        if refusal.is_about_model:
            return LLMError(self.notice("model-not-found", model=self.model, address=self.address))
        return None

    def _explain_status(self, error: Exception, refusal: Refusal) -> LLMError | None:
        status = refusal.status
        if status in (401, 403):
            return self.access_refused(status)
        if status == 404:
            return LLMError(self.notice("model-not-found", model=self.model, address=self.address))
        if status >= 500 or status in PASSING_STATUSES:
            code, values = ("model-rate-limited", {}) if status == 429 else ("model-failing", {"status": status})
            transient = TransientError(self.notice(code, **values))
            transient.retry_after = retry_after(error)
            return transient
        if status > 0 or refusal.words:
            message = self.shown(refusal.words)
            if not message:
                return LLMError(self.notice("model-request-unexplained", status=status, address=self.address))
            return LLMError(self.notice("model-request-refused", status=status or None, message=message))
        return None

    def _explain_network(self, error: Exception) -> LLMError:
        """Return the error for a reply that did not come, or is none."""
        causes = list(causes_of(error))
        for cause in causes:
            if isinstance(cause, ssl.SSLCertVerificationError):
                problem = " ".join(str(cause.verify_message).split())[:_LONGEST_MESSAGE]
                return LLMError(self.notice("model-certificate", address=self.address, cause=problem))
            if isinstance(cause, ssl.SSLError):
                return LLMError(self.notice("model-encryption-failed", address=self.address))
            if isinstance(cause, UnicodeDecodeError):
                return LLMError(self.notice("model-answer-garbled", address=self.address))
        kinds = {type(cause).__name__ for cause in causes}
        if kinds & {"ReadTimeout", "WriteTimeout", "APITimeoutError"} and "ConnectTimeout" not in kinds:
            return TransientError(self.notice("model-no-answer-in-time", address=self.address))
        if isinstance(error, NothingCame):
            return TransientError(self.notice("model-answer-empty", address=self.address))
        if kinds & _BROKEN:
            return TransientError(self.notice("model-hung-up", address=self.address))
        if isinstance(error, (ValueError, TypeError, KeyError, AttributeError)):
            return LLMError(self.notice("model-answer-not-understood", address=self.address))
        return TransientError(self.notice(self.unreachable, address=self.address))

    def shown(self, words: str) -> str:
        """Return a service's own words as a notice shows them: one short line, no page and nothing like a key."""
        if re.search(r"<(!doctype|html|head|body|title)\b|^\s*<", words[:2000], re.IGNORECASE):
            return ""
        if self.secret:
            words = words.replace(self.secret, "…")
        words = re.sub(r"\b(sk|key|Bearer)[-_ ][\w*.-]{6,}", "…", words[:2000])
        return " ".join("".join(one if one.isprintable() else " " for one in words).split())[:_LONGEST_MESSAGE]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a service answers in the place of a reply.

    Attributes:
        status: The status of its response; 0 where it has none.
        codes: Its codes and types for what is wrong, in small letters.
        parameter: The part of the request that it names; "" where it names none.
        words: Its own words, which may hold anything.
    """

    status: int
    codes: frozenset[str]
    parameter: str
    words: str

    @classmethod
    def of(cls, error: Exception) -> Refusal:
        """Read what a client library raised.

        Args:
            error: Any exception; its ``status_code`` and ``body`` or ``error`` count if present.

        Returns:
            What the service said.
        """
        status = getattr(error, "status_code", None)
        status = status if isinstance(status, int) and not isinstance(status, bool) else 0
        body = getattr(error, "body", None)
        said = getattr(error, "error", None) if body is None else body
        if said is None and status > 0:
            said = str(error)
        return cls.read(said, max(0, status))

    @classmethod
    def read(cls, said: Any, status: int = 0) -> Refusal:
        """Read the JSON of a refusal.

        Args:
            said: What the body holds, or its ``error``.
            status: The status of the response.

        Returns:
            What the service said.
        """
        fields = said if isinstance(said, dict) else {}
        inner = fields.get("error", fields)
        fields = inner if isinstance(inner, dict) else fields
        words = next((fields[name] for name in ("message", "detail", "error") if fields.get(name)), None)
        further = fields.get("innererror")
        named = [fields.get("code"), fields.get("type"), further.get("code") if isinstance(further, dict) else None]
        parameter = fields.get("param")
        return cls(
            status,
            frozenset(str(name).lower() for name in named if name),
            parameter if isinstance(parameter, str) else "",
            (words if isinstance(words, str) else json.dumps(words))
            if words
            else said
            if isinstance(said, str)
            else "",
        )

    def part_of(self, sent: Collection[str]) -> str:
        """Return the part of a request that is refused, so that the request can be sent without it.

        Args:
            sent: Names of what was sent and could be left out.

        Returns:
            One of these names; "" where none is refused.
        """
        if self.status not in _REFUSING_STATUSES:
            return ""
        parameter = self.parameter.removeprefix("body.")
        for name in sorted(sent, key=len, reverse=True):
            if parameter.partition(".")[0] == name or (
                name == "system" and re.fullmatch(r"messages\W.*role", parameter)
            ):
                return name
        if not _says(_REFUSAL, self.words):
            return ""
        return next((name for name in sorted(sent, key=len, reverse=True) if _says(_named(name), self.words)), "")

    @property
    def is_about_context(self) -> bool:
        """Whether the prompt is longer than the window."""
        if self.codes & {"context_length_exceeded", "exceed_context_size_error"}:
            return True
        return _says(r"context.{0,12}(length|size|window)|maximum context|prompt is too long", self.words)

    @property
    def is_about_quota(self) -> bool:
        """Whether the account has nothing left, so that waiting does not help."""
        if self.status == 402 or self.codes & {
            "insufficient_quota",
            "billing_hard_limit_reached",
            "billing_not_active",
        }:
            return True
        return _says(r"insufficient.{0,10}(balance|credit|funds|quota)|credit balance|out of credits", self.words)

    @property
    def is_about_content(self) -> bool:
        """Whether a filter of the service refuses what is asked."""
        codes = {"content_filter", "responsibleaipolicyviolation", "content_policy_violation", "data_inspection_failed"}
        return bool(self.codes & codes) or _says(r"content (management |moderation )?policy", self.words)

    @property
    def is_about_model(self) -> bool:
        """Whether there is no such model."""
        if self.codes & {"model_not_found", "model_not_found_error", "invalid_model"}:
            return True
        return 0 < self.status < 500 and _says(
            r"model.{0,120}(does not exist|not found|is not available)|(unknown|invalid|no such) model", self.words
        )


# Words that say that a part of a request is not wanted.
_REFUSAL = (
    r"unsupported|\bnot\b.{0,12}\b(support|permit|allow|recogni[sz]e|accept|availab)|support.{0,40}\bonly\b|only.{0,40}support|"
    r"unrecogni[sz]ed|unknown|unexpected|extra (inputs|fields)|invalid|too (large|high)|only the default|deprecated"
)
_REFUSING_STATUSES = (400, 405, 422, 500, 501)
# How names that are everyday words, too, are written where the part of a request is meant.
_EVERYDAY_NAMES = {
    "stop": r"[\"'`]stop[\"'`]|\bstop (words|sequences?)\b",
    "stream": r"[\"'`]stream[\"'`]|\bstreaming\b",
    "system": r"\bsystem\b.{0,20}\b(role|message|prompt|instruction)|\brole.{0,60}\bsystem\b",
}


def _named(name: str) -> str:
    return _EVERYDAY_NAMES.get(name) or rf"\b{re.escape(name)}\b"


def _says(pattern: str, words: str) -> bool:
    return re.search(pattern, words[:2000], re.IGNORECASE) is not None


def most_similar(model: str, names: Sequence[object]) -> list[str]:
    """Return some of the names that a server lists, the most similar to a model's first.

    Args:
        model: The name that was asked for.
        names: What the server lists.

    Returns:
        At most eight names that can be shown.
    """
    shown = [name for name in names if isinstance(name, str) and 0 < len(name) <= 100 and name.isprintable()][:500]
    return sorted(shown, key=lambda name: -difflib.SequenceMatcher(None, model.lower(), name.lower()).ratio())[
        :_MOST_LISTED
    ]


def required_key(variable: str, service: str) -> str:
    """Return a key from the environment.

    Args:
        variable: The environment variable that holds it.
        service: The service that needs it.

    Returns:
        The key.

    Raises:
        UsageError: The variable is unset or blank, or the key cannot be sent.
    """
    key = optional_key(variable)
    if not key:
        raise UsageError(Notice("model-key-missing", {"service": service, "variable": variable}))
    return key


def optional_key(variable: str) -> str:
    """Return a key from the environment that can be sent.

    Args:
        variable: The environment variable that holds it.

    Returns:
        The key; "" where the variable is unset or blank.

    Raises:
        UsageError: The key holds a character that no header may hold.
    """
    key = os.environ.get(variable, "").strip()
    if not re.fullmatch(r"[!-~]*", key):
        raise UsageError(Notice("model-key-unsendable", {"variable": variable}))
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
