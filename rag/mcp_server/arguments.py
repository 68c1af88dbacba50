"""What each tool is called with, and one sentence for a call that is wrong.

Owns: the arguments, their limits, and the words by which an assistant knows them. Knows nothing about indexes or the
protocol. An assistant that writes one name where a list is wanted, or ``null`` for nothing, is understood.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from rag.errors import UsageError
from rag.text.shown import printable, shorten

LONGEST_QUESTION = 4_000
"""What `rag.question` reads of a question; it takes longer to import than a server may take to begin."""
LONGEST_TEXT = 50_000
MOST_PASSAGES = 20
_LONGEST_NAME = 1_000
_MOST_NAMES = 100
_MOST_TURNS = 50
_MOST_TEXTS = 20
_LONGEST_REASON = 300


def _as_list(value: object) -> object:
    """Return a name as a list of it, and nothing as an empty list."""
    return [value] if isinstance(value, str) else [] if value is None else value


Name = Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME)]
Question = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=1, max_length=LONGEST_QUESTION, description="The question, in words."),
]
Index = Annotated[
    str | None,
    Field(max_length=_LONGEST_NAME, description="Name of the index; leave out for the only or the default one."),
]
Sources = Annotated[
    list[Name],
    BeforeValidator(_as_list),
    Field(max_length=_MOST_NAMES, description="Use only these sources, folders or globs; leave out for all."),
]


class Arguments(BaseModel):
    """The arguments of a tool; those that it does not have are refused."""

    model_config = ConfigDict(extra="forbid")


class Turn(Arguments):
    """A message of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=LONGEST_TEXT)]


class AskArguments(Arguments):
    """The arguments of ``ask``."""

    question: Question
    index: Index = None
    history: Annotated[
        list[Turn],
        BeforeValidator(_as_list),
        Field(max_length=_MOST_TURNS, description="Earlier messages, oldest first, if the question refers to them."),
    ] = []
    sources: Sources = []


class SearchArguments(Arguments):
    """The arguments of ``search``."""

    question: Question
    k: Annotated[int, Field(ge=1, le=MOST_PASSAGES, description="How many passages.")] = 5
    index: Index = None
    sources: Sources = []


class ReadArguments(Arguments):
    """The arguments of ``read``."""

    source: Annotated[Name, Field(description="A source, exactly as search, ask or list_sources name it.")]
    span: Annotated[
        str | None,
        Field(max_length=50, pattern=r"^\d{1,12}:\d{1,12}$", description="START:END, in characters from 0."),
    ] = None
    page: Annotated[int | None, Field(ge=1, le=10_000_000, description="A page, from 1.")] = None
    outline: Annotated[bool, Field(description="True for the headings with their offsets, in place of text.")] = False
    index: Index = None


class GivenText(Arguments):
    """A source that the caller brings along."""

    name: Name
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]


class VerifyArguments(Arguments):
    """The arguments of ``verify``."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, description="The text to check.")]
    index: Index = None
    sources: Sources = []
    texts: Annotated[
        list[GivenText],
        BeforeValidator(_as_list),
        Field(max_length=_MOST_TEXTS, description="Check against these texts alone, in place of an index."),
    ] = []


class ListSourcesArguments(Arguments):
    """The arguments of ``list_sources``."""

    index: Index = None
    glob: Annotated[
        str | None, Field(max_length=_LONGEST_NAME, description="Only a folder, or what a glob matches: reports/*.pdf")
    ] = None
    start: Annotated[int, Field(ge=0, le=1_000_000_000, description="How many to pass over; see next_start.")] = 0


class ListIndexesArguments(Arguments):
    """The arguments of ``list_indexes``: none."""


Given = TypeVar("Given", bound=Arguments)


def read_arguments(kind: type[Given], values: Mapping[str, Any], tool: str) -> Given:
    """Return the arguments of a call.

    Args:
        kind: What the tool takes.
        values: What it was called with.
        tool: Its name.

    Returns:
        The arguments.

    Raises:
        UsageError: They are wrong; one sentence says which is and how.
    """
    try:
        return kind.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = {
            "missing": "it is needed",
            "extra_forbidden": f"{tool} has no such argument; it has {', '.join(kind.model_fields) or 'none'}",
            "string_pattern_mismatch": "write START:END, two whole numbers, such as 120:480",
        }.get(first["type"], first["msg"][:1].lower() + first["msg"][1:])
        shown = shorten(" ".join(printable(f"{place or 'arguments'}: {reason}").split()), _LONGEST_REASON)
        raise UsageError(f"The tool {tool} was called wrongly at {shown}.") from None


def schema_of(kind: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema of arguments or a result, without titles, which say what the names say."""
    schema: dict[str, Any] = _without_titles(kind.model_json_schema())
    schema.pop("description", None)
    return schema


def _without_titles(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_titles(item)
            for key, item in value.items()
            # A field may be called "title"; its schema is an object.
            if not (key == "title" and isinstance(item, str))
        }
    return [_without_titles(item) for item in value] if isinstance(value, list) else value
