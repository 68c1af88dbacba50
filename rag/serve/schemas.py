"""What programs send: the bodies of requests, and the limits of each field.

Owns: which fields there are, their types and lengths, and the sentence that refuses others. Knows nothing about what a
route does; what it answers with is in ``rag.serve.results``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from rag.text import printable, shorten
from rag.types import Turn

LONGEST_QUESTION, LONGEST_MESSAGE, LONGEST_TEXT = 4_000, 20_000, 200_000
MOST_MESSAGES, MOST_GLOBS, MOST_TEXTS = 50, 100, 100
# Characters of all texts together that one request may be checked against.
MOST_CHARACTERS = 2_000_000
LONGEST_NAME = 1_000
# Names of unknown fields that a refusal lists, and the characters of each.
_NAMES_LISTED, _LONGEST_LISTED = 5, 40


def _in_words(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("empty_text", "it is empty; write it in words")
    return text


Words = Annotated[str, AfterValidator(_in_words)]
Question = Annotated[Words, Field(max_length=LONGEST_QUESTION, description="The question, in words.")]
IndexName = Annotated[
    str | None,
    Field(
        default=None, max_length=255, description="The name of the index; none: the only one, or that called default."
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Globs = Annotated[
    list[Name],
    Field(
        default_factory=list,
        max_length=MOST_GLOBS,
        description="Names of sources, folders, or globs such as reports/*.pdf; only these are searched. None: all.",
    ),
]


class RequestBody(BaseModel):
    """A body of a request. What it does not know is refused by name, so that no typing error is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_fields(cls, values: Any) -> Any:
        unknown = [name for name in values if name not in cls.model_fields] if isinstance(values, dict) else []
        if unknown:
            names = ", ".join(
                shorten(printable(str(name).encode("utf-8", "replace").decode()), _LONGEST_LISTED)
                for name in unknown[:_NAMES_LISTED]
            )
            more = " and others" if len(unknown) > _NAMES_LISTED else ""
            raise PydanticCustomError(
                "unknown_fields",
                "there is no field {names}; the fields are {known}",
                {"names": names + more, "known": ", ".join(cls.model_fields)},
            )
        return values


class Message(RequestBody):
    """A message of a conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=LONGEST_MESSAGE)]

    def turn(self) -> Turn:
        """Return it as a turn of a conversation."""
        return Turn(self.role, self.content)


class SearchRequest(RequestBody):
    """A question whose passages are wanted."""

    question: Question
    k: Annotated[int, Field(ge=1, le=100, description="How many passages.")] = 8
    sources: Globs
    index: IndexName


class AnswerRequest(RequestBody):
    """A question that is to be answered."""

    question: Question
    history: Annotated[
        list[Message],
        Field(
            default_factory=list,
            max_length=MOST_MESSAGES,
            description="The conversation so far, oldest message first, for a question that refers to it.",
        ),
    ]
    sources: Globs
    anyway: Annotated[bool, Field(description="Show what comes nearest instead of refusing a question.")] = False
    index: IndexName
    stream: Annotated[bool, Field(description="Answer with server-sent events.")] = False


class VerifyRequest(RequestBody):
    """A text that is to be checked, sentence by sentence."""

    text: Annotated[Words, Field(max_length=LONGEST_TEXT, description="The text to check.")]
    sources: Annotated[
        dict[Name, str] | None,
        Field(
            default=None,
            min_length=1,
            max_length=MOST_TEXTS,
            description="What it is checked against: texts by name. None: the documents of an index.",
        ),
    ]
    index: IndexName
    among: Annotated[
        list[Name],
        Field(
            default_factory=list,
            max_length=MOST_GLOBS,
            description="Names or globs of the index's sources that alone count. None: all.",
        ),
    ]

    @model_validator(mode="after")
    def _check_sources(self) -> VerifyRequest:
        if self.sources is None:
            return self
        if self.index is not None or self.among:
            raise PydanticCustomError(
                "two_kinds_of_sources",
                "it names texts as sources and an index; send either sources, or index and among",
            )
        size = sum(len(text) for text in self.sources.values())
        if size > MOST_CHARACTERS:
            raise PydanticCustomError(
                "too_many_characters",
                "its sources have {size} characters, and {most} can be checked against at once; send fewer",
                {"size": size, "most": MOST_CHARACTERS},
            )
        return self
