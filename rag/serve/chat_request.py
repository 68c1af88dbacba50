"""A request of OpenAI's chat protocol, read.

Owns: which fields count, which are harmless and ignored, and which are refused because they cannot be honoured. Knows
nothing about answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.load.text import canonical
from rag.serve.errors import ApiError
from rag.types import Turn

# Messages of the conversation that a follow-up question is read with: four questions with their answers.
_HISTORY_MESSAGES = 8
_LONGEST_INSTRUCTIONS = 4000
_INSTRUCTING = ("system", "developer")
# Who sends these lets the model choose whether it calls a tool; programs such as Open WebUI send tools with each
# question. An index never calls one.
_LEFT_OPEN = (None, "auto", "none")
_REFUSED = {
    "tools": "An index calls no tools; leave `tool_choice` out, or send `auto` or `none`.",
    "functions": "An index calls no functions; leave `function_call` out, or send `auto` or `none`.",
    "response_format": "An answer is text whose sentences cite documents; leave `response_format` out, and read the "
    "`footnote` object of the message for JSON.",
    "logprobs": "Answers have no token probabilities; leave `logprobs` out.",
    "audio": "Answers are text; leave `audio` and `modalities` out.",
    "n": "A question has one answer; leave `n` out, or send 1.",
}


class Message(BaseModel):
    """A message of the conversation."""

    model_config = ConfigDict(extra="allow")

    role: str
    content: str | list[Any] | None = None


class StreamOptions(BaseModel):
    """What a stream is to have besides the answer."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool | None = None


class FootnoteOptions(BaseModel):
    """What Footnote can do beside OpenAI's protocol."""

    model_config = ConfigDict(extra="forbid")

    drafts: bool = Field(
        False, description="Send the draft of a model while it writes, unchecked, as `footnote` chunks of a stream."
    )
    sources: list[str] = Field(
        default_factory=list, max_length=1000, description="Globs; only documents that match one are searched."
    )
    anyway: bool = Field(False, description="Answer tentatively where the documents may not hold the answer.")
    policy: Literal["strict", "flag", "off"] | None = Field(
        None, description="What becomes of a model's sentence without support; by default as the settings say."
    )


class ChatRequest(BaseModel):
    """A question to an index, as OpenAI's clients send it; fields that are not named here are ignored."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "model": "handbook",
                    "messages": [{"role": "user", "content": "How many days of leave do I have?"}],
                    "stream": False,
                }
            ]
        },
    )

    model: str = Field(description="The name of an index.")
    messages: list[Message] = Field(
        min_length=1, max_length=1000, description="The conversation; the last message is the question."
    )
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = None
    tools: list[Any] | None = None
    tool_choice: Any = None
    functions: list[Any] | None = None
    function_call: Any = None
    response_format: dict[str, Any] | None = None
    logprobs: bool | None = None
    audio: Any = None
    footnote: FootnoteOptions | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks.

    Attributes:
        question: The last message.
        history: The messages before it, oldest first.
        instructions: The system's messages: how answers are to be written.
    """

    question: str
    history: tuple[Turn, ...]
    instructions: str


def read_request(request: ChatRequest) -> Asked:
    """Return what a request asks.

    Args:
        request: The request.

    Returns:
        The question, with what stands before it.

    Raises:
        ApiError: It asks for what no index can do, or there is no question in it (400).
    """
    for field in _refused_fields(request):
        raise ApiError(400, "unsupported", _REFUSED[field], field)
    instructions: list[str] = []
    turns: list[Turn] = []
    for number, message in enumerate(request.messages):
        text = _text_of(message, f"messages.{number}.content")
        if message.role in _INSTRUCTING:
            instructions.append(text)
        elif message.role == "user":
            turns.append(Turn("user", text))
        elif message.role == "assistant":
            turns.append(Turn("assistant", text))
        elif message.role not in ("tool", "function"):
            # What tools of another model said is nothing that an index knows.
            raise ApiError(
                400,
                "unknown_role",
                "A message's role is system, developer, user or assistant.",
                f"messages.{number}.role",
            )
    if not turns or turns[-1].role != "user" or not turns[-1].content.strip():
        raise ApiError(400, "no_question", "The last message must be the user's question, in words.", "messages")
    wishes = "\n\n".join(filter(None, (text.strip() for text in instructions)))
    if len(wishes) > _LONGEST_INSTRUCTIONS:
        raise ApiError(
            400,
            "instructions_too_long",
            f"The system messages have {len(wishes)} characters; at most {_LONGEST_INSTRUCTIONS} are taken as wishes "
            "about the answer. Documents belong into the index.",
            "messages",
        )
    history = tuple(turn for turn in turns[:-1] if turn.content.strip())[-_HISTORY_MESSAGES:]
    return Asked(turns[-1].content, history, wishes)


def _refused_fields(request: ChatRequest) -> list[str]:
    """Return the fields of a request that ask for what cannot be honoured."""
    modalities = (request.model_extra or {}).get("modalities") or ()
    wanted = {
        "tools": request.tool_choice not in _LEFT_OPEN,
        "functions": request.function_call not in _LEFT_OPEN,
        "response_format": bool(request.response_format)
        and (request.response_format or {}).get("type", "text") != "text",
        "logprobs": bool(request.logprobs),
        "audio": bool(request.audio) or "audio" in modalities,
        "n": request.n is not None and request.n != 1,
    }
    return [field for field, is_wanted in wanted.items() if is_wanted]


def _text_of(message: Message, where: str) -> str:
    """Return the words of a message; JSON may hold half of a surrogate pair, which no answer could be written with."""
    if message.content is None or isinstance(message.content, str):
        return canonical(message.content or "")
    texts: list[str] = []
    for part in message.content:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind in ("text", "refusal") and isinstance(part.get(kind), str):
            texts.append(part[kind])
        elif kind == "image_url":
            raise ApiError(400, "unsupported", "Images are not read here; ask in words.", where)
        else:
            raise ApiError(400, "unsupported", "A message is text, or a list of parts whose type is `text`.", where)
    return canonical("\n".join(texts))
