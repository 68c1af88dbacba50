"""What services share that are reached through their provider's own client.

Owns: the model as a LlamaIndex ``LLM``, sending a request again without an option that the model refuses, and naming
the models that there are. Knows nothing about any one provider.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
)
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.llms.callbacks import llm_chat_callback

from rag.errors import LLMError
from rag.models.llm.chat_llm import ChatLLM
from rag.models.llm.endpoint import Endpoint, most_similar
from rag.models.llm.model import Explain, StreamDeltas

if TYPE_CHECKING:
    from rag.models.llm.habits import Habits

Ask = Callable[["list[ChatMessage]", int, Sequence[str]], str]
_Reply = TypeVar("_Reply")

# Numbers of HTTP by which a request is refused because of what it holds.
_REFUSALS = (400, 422)
_LONGEST_MESSAGE = 2000
_MOST_NAMES = 500


@dataclass(eq=False)
class StatedError(Exception):
    """A client's failure, with the attributes by which ``Endpoint.explain`` tells what it means.

    Attributes:
        status_code: The number of HTTP that the service gave, or that fits what it said.
        body: The JSON that it answered; None where there was none.
        response: The client's response, whose headers may say when to ask again.
    """

    status_code: int
    body: object = None
    response: object = None

    def __str__(self) -> str:
        return f"status {self.status_code}"


def send_what_is_taken(
    habits: Habits,
    options: Mapping[str, Any],
    send: Callable[[dict[str, Any]], _Reply],
    refusal: Callable[[Exception], tuple[int, str]],
) -> _Reply:
    """Send a request; where the model refuses one of its options, send it again without that one.

    Args:
        habits: What was learnt about the model; a refused option is added.
        options: Options that an answer can do without, by name.
        send: Sends the request with the options that it is given, and returns once the service has accepted it.
        refusal: Given what ``send`` raised, returns the number of HTTP and the service's own words.

    Returns:
        What ``send`` returned.

    Raises:
        Exception: Whatever ``send`` raises that is not about an option.
    """
    while True:
        taken = {name: value for name, value in options.items() if name not in habits.refused}
        try:
            return send(taken)
        except Exception as error:
            refused = refused_option(*refusal(error), tuple(taken))
            if not refused:
                raise
            habits.refused.add(refused)


def refused_option(status: int, message: str, names: Sequence[str]) -> str:
    """Return which option a service refuses.

    Args:
        status: The number of HTTP that it answered.
        message: Its words.
        names: The options that were sent, such as ``stop_sequences``; the words may write ``stopSequences``.

    Returns:
        The name that the words name first; "" where they name none, or where the request failed for another reason.
    """
    if status not in _REFUSALS:
        return ""
    spoken = message[:_LONGEST_MESSAGE].replace("_", "").lower()
    places = {name: spoken.find(name.replace("_", "")) for name in names}
    named = [name for name in names if places[name] >= 0]
    return min(named, key=places.__getitem__, default="")


def name_the_known(endpoint: Endpoint, explained: LLMError, known: Callable[[], Iterable[str]]) -> LLMError:
    """Return an error that names models which there are, where it says that there is none of a name.

    Args:
        endpoint: Where the model is asked for.
        explained: What a failure means.
        known: Asks the service for the names of its models.

    Returns:
        The error; the same where it says something else, or where the service does not tell.
    """
    if explained.notice.code != "model-not-found":
        return explained
    try:
        names = most_similar(endpoint.model, list(islice(known(), _MOST_NAMES)))
    except Exception:  # The list is only an advice beside another failure.
        return explained
    return LLMError(endpoint.notice("model-not-listed", model=endpoint.model, known=names)) if names else explained


class HostedLLM(ChatLLM):
    """A model that is reached through its provider's own client, as a LlamaIndex ``LLM``.

    A failure is the same ``LLMError`` that an answer of ours would end with.
    """

    _stream_deltas: StreamDeltas = PrivateAttr()
    _ask: Ask = PrivateAttr()
    _explain: Explain = PrivateAttr()

    def __init__(self, stream_deltas: StreamDeltas, ask: Ask, explain: Explain, **fields: Any) -> None:
        """Make the model of the functions that reach it.

        Args:
            stream_deltas: Yields a reply piece by piece, as of ``Model``.
            ask: Given messages, the most tokens to write and stop words, returns the whole reply.
            explain: Returns the error for what these raise, as of ``Model``.
            **fields: The fields of this class.
        """
        super().__init__(**fields)
        self._stream_deltas, self._ask, self._explain = stream_deltas, ask, explain

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """Ask for the next message of a conversation, yielded piece by piece.

        Args:
            messages: The conversation, oldest message first.
            **kwargs: ``max_tokens`` and ``stop`` limit the answer; others are ignored.

        Returns:
            An iterator of responses, each with the text so far and what it adds.

        Raises:
            LLMError: The service cannot be reached, refuses or breaks off.
        """

        def answer() -> ChatResponseGen:
            text = ""
            try:
                for delta in self._stream_deltas(list(messages), *self._limits(kwargs)):
                    text += delta
                    yield ChatResponse(message=ChatMessage(role="assistant", content=text), delta=str(delta))
            except Exception as error:
                raise self._explain(error, bool(text)) from None

        return answer()

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """Ask for the next message of a conversation, whole.

        Args:
            messages: The conversation, oldest message first.
            **kwargs: As of ``stream_chat``.

        Returns:
            The whole answer.

        Raises:
            LLMError: The service cannot be reached or refuses.
        """
        try:
            text = self._ask(list(messages), *self._limits(kwargs))
        except Exception as error:
            raise self._explain(error, False) from None
        return ChatResponse(message=ChatMessage(role="assistant", content=text))

    def _limits(self, kwargs: Mapping[str, Any]) -> tuple[int, Sequence[str]]:
        return kwargs.get("max_tokens") or self.num_output, list(kwargs.get("stop") or ())
