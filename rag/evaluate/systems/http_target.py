"""A system behind an HTTP address: OpenAI's chat completions, or a small JSON protocol.

Owns: telling one from the other by the address, the request, waiting where the server asks for it, and one sentence for
each thing that a server does in the place of answering. Knows nothing about what becomes of an answer.

An address that ends in ``/v1`` or ``/chat/completions``, or that names a model behind ``#``, is one of chat
completions. Every other gets ``{"question": …, "history": [{"role": …, "content": …}]}`` and answers with an object in
the form of ``rag.evaluate.systems.given``. It is called because the user named it, and no server sends a question
elsewhere.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from rag.evaluate.systems.answer import Reading
from rag.evaluate.systems.given import Given, SystemFailed, read_given
from rag.evaluate.systems.system import Ask
from rag.evaluate.types import Case
from rag.models.llm.endpoint import Endpoint, Refusal, optional_key
from rag.models.llm.guarded_network import read_address
from rag.types import Answer, Turn

KEY_VARIABLE = "RAG_TARGET_API_KEY"
_CHAT = "/chat/completions"
_OPENAI_ENDS = ("/v1", _CHAT)
# Bytes of a reply that are read.
_MOST_BYTES = 20_000_000
# Tries where a server is busy, and the longest wait that is kept, in seconds.
_TRIES = 4
_LONGEST_WAIT = 60.0
_BUSY = (429, 502, 503, 504)
_UNNAMED_MODEL = "default"
_AZURE_MARK = re.compile(r"\[doc(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Target:
    """An address that questions are sent to.

    Attributes:
        address: Where they are sent.
        is_openai: Whether it is one of chat completions.
        base: Of these, the address without ``/chat/completions``.
        model: The model that is asked for; "" for none.
    """

    address: str
    is_openai: bool = False
    base: str = ""
    model: str = ""


def read_target(spec: str) -> Target:
    """Read what ``--target`` names.

    Args:
        spec: ``http(s)://…``, with ``#MODEL`` behind it where a server of chat completions has several.

    Returns:
        The target.

    Raises:
        UsageError: It is no address, or holds a password or a query.
    """
    written, _, model = spec.partition("#")
    address = read_address(written)
    if not (model or address.endswith(_OPENAI_ENDS)):
        return Target(address)
    base = address.removesuffix(_CHAT)
    return Target(base + _CHAT, True, base, model.strip())


@dataclass
class HttpSystem:
    """A system behind an address.

    Attributes:
        target: Where it is.
        client: What calls it; it follows no redirection.
        reading: Makes answers of what it gives.
        seconds: How long an answer may take.
        sleep: Waits; another one in tests.
    """

    target: Target
    client: httpx.Client
    reading: Reading
    seconds: float
    sleep: Callable[[float], None] = time.sleep
    _key: str = field(default_factory=lambda: optional_key(KEY_VARIABLE), repr=False)
    _model: str = ""

    def asking(self, case: Case) -> Ask:  # noqa: ARG002
        """Return what sends questions; every case is asked in the same way."""
        return self.ask

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        """Send a question and read the reply.

        Args:
            question: The question.
            history: The conversation before it.

        Returns:
            The answer.

        Raises:
            SystemFailed: There is no reply that can be read.
        """
        turns = [asdict(turn) for turn in history]
        if self.target.is_openai:
            messages = [*turns, {"role": "user", "content": question}]
            body: dict[str, Any] = {"model": self._named_model(), "messages": messages, "stream": False}
        else:
            body = {"question": question, "history": turns}
        data, milliseconds = self._post(body)
        return self.reading.answer(question, self._given(data), milliseconds)

    def describe(self) -> dict[str, Any]:
        """Return where the system is, for the results; no key is in it."""
        described = {"kind": "http", "protocol": "openai" if self.target.is_openai else "json"}
        return described | {"address": self.target.address, "model": self.target.model}

    def _given(self, data: Mapping[str, Any]) -> Given:
        try:
            return read_given(read_completion(data) if self.target.is_openai else data)
        except SystemFailed as error:
            raise SystemFailed(f"{self._name} gave no answer that can be read. {error}") from None

    def _post(self, body: Mapping[str, Any]) -> tuple[Mapping[str, Any], float]:
        """Send a body until a server that is busy has time; return the reply and its milliseconds."""
        for left in range(_TRIES - 1, -1, -1):
            begun = time.perf_counter()
            try:
                with self.client.stream(
                    "POST", self.target.address, json=body, headers=self._headers(), timeout=self.seconds
                ) as response:
                    text = self._read(response, begun)
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                raise self._unreachable(error) from None
            if response.status_code in _BUSY and left:
                self._wait(response, _TRIES - left)
                continue
            self._check_status(response, text)
            return self._object(text), (time.perf_counter() - begun) * 1000
        raise AssertionError("the last try returns or raises")

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def _read(self, response: httpx.Response, begun: float) -> str:
        """Return the text of a reply, as long as it is not too long and does not take too long."""
        pieces: list[bytes] = []
        length = 0
        for piece in response.iter_bytes():
            pieces.append(piece)
            length += len(piece)
            if length > _MOST_BYTES:
                raise SystemFailed(f"{self._name} sent more than {_MOST_BYTES // 1_000_000} MB for one answer.")
            if time.perf_counter() - begun > self.seconds:
                raise self._too_slow()
        try:
            return b"".join(pieces).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise SystemFailed(f"{self._name} sent what is not UTF-8; let it answer with JSON.") from None

    def _wait(self, response: httpx.Response, attempt: int) -> None:
        asked = _retry_after(response.headers.get("retry-after", ""))
        if asked is not None and asked > _LONGEST_WAIT:
            raise SystemFailed(
                f"{self._name} is busy ({response.status_code}) and asks to wait {asked:.0f} s, longer than is waited; "
                "go on later with --resume."
            )
        self.sleep(float(2 ** (attempt - 1)) if asked is None else asked)

    def _check_status(self, response: httpx.Response, text: str) -> None:
        status = response.status_code
        if response.is_redirect:
            to = httpx.URL(response.headers.get("location", "")).host or self.target.address
            raise SystemFailed(
                f"{self._name} sends questions on to {to}, which is not followed; name the address that answers itself."
            )
        if response.is_success:
            return
        if status in (401, 403):
            raise SystemFailed(f"{self._name} refuses access ({status}); put its key into {KEY_VARIABLE}.")
        try:
            words = Refusal.read(json.loads(text), status).words
        except (ValueError, RecursionError):
            words = text
        said = Endpoint("", self.target.address, self.target.model, secret=self._key).shown(words)
        remedy = "check its address." if status in (404, 405) else "see its log."
        raise SystemFailed(f"{self._name} answers with the status {status}{said and f' ({said})'}; {remedy}")

    def _object(self, text: str) -> Mapping[str, Any]:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            kind = "nothing" if not text.strip() else "a web page" if text.lstrip().startswith("<") else "no JSON"
            raise SystemFailed(f"{self._name} sent {kind}; let it answer with one JSON object.") from None
        if not isinstance(data, dict):
            raise SystemFailed(f"{self._name} sent JSON that is no object; let it answer with one.")
        return data

    def _unreachable(self, error: Exception) -> SystemFailed:
        if isinstance(error, httpx.ReadTimeout | httpx.WriteTimeout | httpx.PoolTimeout):
            return self._too_slow()
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol):
            return SystemFailed(f"{self._name} cannot be reached; check that it runs at this address.")
        return SystemFailed(
            f"{self._name} broke off before its answer was whole ({type(error).__name__}); see its log."
        )

    def _too_slow(self) -> SystemFailed:
        return SystemFailed(f"{self._name} gave no answer within {self.seconds:g} s; see --target-timeout.")

    @property
    def _name(self) -> str:
        return f"The target {self.target.address}"

    def _named_model(self) -> str:
        """Return the model that is asked for: the named one, else the first that the server lists."""
        if not self._model:
            self._model = self.target.model or self._first_model() or _UNNAMED_MODEL
        return self._model

    def _first_model(self) -> str:
        try:
            with self.client.stream(
                "GET", f"{self.target.base}/models", headers=self._headers(), timeout=min(10.0, self.seconds)
            ) as response:
                listed = self._object(self._read(response, time.perf_counter())).get("data")
        except (httpx.HTTPError, SystemFailed):
            return ""
        first = listed[0].get("id") if isinstance(listed, list) and listed and isinstance(listed[0], dict) else None
        return first if isinstance(first, str) else ""


def read_completion(data: Mapping[str, Any]) -> dict[str, Any]:
    """Bring a reply of chat completions into the form of ``read_given``.

    Contexts and citations are read where a server gives them beside the message or in it, under the names of
    ``read_given``, and as Azure gives them: ``message.context.citations`` with marks such as ``[doc1]``. Links without
    words (``annotations``, lists of addresses) tell no place and are left out.

    Args:
        data: The reply.

    Returns:
        The answer with what was given beside it.

    Raises:
        SystemFailed: It holds no message.
    """
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, Mapping) else None
    if not isinstance(message, Mapping):
        if data.get("error"):
            return {"error": Refusal.read(data["error"]).words or "it does not say why"}
        raise SystemFailed('Its reply has no "choices" with a "message".')
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, Mapping)]
        content = "".join(part for part in parts if isinstance(part, str))
    refusal = message.get("refusal")
    beside = {name: value for name, value in {**data, **message}.items() if name not in _OF_THE_PROTOCOL}
    if not _has_words(beside.get("citations")):
        beside.pop("citations", None)
    usage = data.get("usage")
    if isinstance(usage, Mapping):
        beside["tokens"] = {"sent": usage.get("prompt_tokens"), "written": usage.get("completion_tokens")}
    context = message.get("context")
    if isinstance(context, Mapping):
        del beside["context"]
        if _has_words(context.get("citations")) and isinstance(content, str):
            beside["contexts"] = context["citations"]
            content = _AZURE_MARK.sub(r"[\1]", content)
    if isinstance(refusal, str) and refusal.strip() and not content:
        return {**beside, "answer": refusal, "refused": True}
    return {**beside, "answer": content}


# Fields of the protocol that mean something else in an answer of ours.
_OF_THE_PROTOCOL = frozenset(
    "id object created choices usage role content refusal annotations tool_calls function_call audio error".split()
)


def _has_words(listed: object) -> bool:
    """Tell whether a list holds objects, and not only addresses."""
    return isinstance(listed, list) and bool(listed) and all(isinstance(entry, Mapping) for entry in listed)


def _retry_after(header: str) -> float | None:
    """Return the seconds of a ``Retry-After`` header, which may be a number or a date; None for neither."""
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None
