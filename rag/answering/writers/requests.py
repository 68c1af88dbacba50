"""What a strong model asks for before it answers. Pure.

Owns: reading the lines ``SEARCH: words`` and ``OPEN: number`` in what a model wrote. They are plain text, so every
model can write them, whether or not its service knows tools. Knows nothing about searching.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.answering.inert_text import without_live_addresses
from rag.marks import EVIDENCE_MARK
from rag.models.llm.reasoning import without_reasoning
from rag.prompts import SENTINEL

# What a model puts before and behind such words: signs of markup, and the number of an item of a list.
_BEFORE = r"^[ \t>*_`#<\[({-]{0,8}(?:\d{1,2}[.)][ \t]{1,4})?[*_`]{0,4}"
_LINE = rf"(?:{_BEFORE}|(?<=[.!?:] )[*_`]{{0,4}})"
_REQUEST = re.compile(rf"{_LINE}(SEARCH|OPEN)[*_`]{{0,4}}[ \t]*[:(][ \t*_`]*(.+?)[ \t*_`>\])}}]*$", re.M)
# A model's only words, in other capitals: "Search: the toll".
_LONE_REQUEST = re.compile(r"\A\s*(search|open)(?=[ \t]*:[^\n]+\Z)", re.I)
# The beginning of such a line, or of the line with the short answer, while the model still writes it.
_UNSHOWN_LINE = re.compile(rf"{_BEFORE}(?:SEARCH|OPEN|SHORT|COMPUTE)[*_`]{{0,4}}[ \t]*[:(].*(?:\n|\Z)", re.M)
_BEGUN = re.compile(
    r"(?:\A|\n)[ \t>*_`#<\[({-]{0,8}(?:\d{1,2}(?:[.)][ \t]{1,4})?)?[*_`]{0,4}"
    r"(?:S(?:E(?:A(?:R(?:CH?)?)?)?|H(?:O(?:RT?)?)?)?|O(?:P(?:EN?)?)?|C(?:O(?:M(?:P(?:U(?:TE?)?)?)?)?)?)?\Z"
)
# A tag that has just begun.
_REASONING_BEGUN = re.compile(r"\A\s*<[a-z]{0,9}\Z")
# Data instead of words, and a call of a tool: what they mean is shown when they are whole.
_DATA_BEGUN = re.compile(
    r"(?:\A|\n)[ \t]{0,12}(?:`{1,3}(?:j|js|jso|json)?[ \t]*\Z|(?:`{3}json\s*)?(?:\{|\[\s*(?:[{\"]|\Z))"
    r"|<[|]?(?:tool|function)|(?:to=)?(?:functions?|tools?)\.\w|[*_]{0,3}Action[*_]{0,3}[ \t]*:"
    r"|\[TOOL_CALLS).*\Z",
    re.I | re.S,
)
_SENTINEL_BEGUN = re.compile(rf"(?:{'|'.join(SENTINEL[:length] for length in range(len(SENTINEL) - 1, 3, -1))})\Z")
# The sentinel, with what it says is lacking; in small letters where nothing else stands there.
_WRITTEN_SENTINEL = SENTINEL.replace("_", r"(?:\\?_)")
_SENTINEL_SENTENCE = re.compile(
    rf"{_WRITTEN_SENTINEL}(?:[ \t]+(?:for|about|on|regarding|concerning|für|zu|zum|zur|pour|para|per|voor)\b"
    r"[^\n.!?。]*[.!?。]?)?"
)
_IN_SMALL_LETTERS = re.compile(
    rf"[\s*_`\"']*(?:{'|'.join(SENTINEL.lower()[:length] for length in range(len(SENTINEL), 3, -1))})[\s*_`\"'.]*"
)
# Requests of one turn that are heeded, and characters of a search.
_MOST, _LONGEST = 3, 300


@dataclass(frozen=True, slots=True)
class Request:
    """Something that a model wants to see: passages found for words, or the section around the evidence of a number."""

    kind: Literal["search", "open"]
    words: str = ""
    number: int = 0


def read_requests(text: str) -> list[Request]:
    """Read what a model asks for.

    Args:
        text: What the model wrote.

    Returns:
        Its requests, at most three; none where it cites evidence, since then it answers.
    """
    text = _in_capitals(text)
    if EVIDENCE_MARK.search(_REQUEST.sub("", text)):
        return []
    requests: dict[Request, None] = {}
    for word, value in _REQUEST.findall(text):
        number = re.search(r"\d{1,4}", value)
        if word == "OPEN" and number:
            requests[Request("open", number=int(number.group()))] = None
        else:
            # A section that is named in words is searched for.
            requests[Request("search", words=value.strip(" \"'“”")[:_LONGEST])] = None
    return list(requests)[:_MOST]


def without_requests(text: str) -> str:
    """Return a draft without the lines that ask for something."""
    return _REQUEST.sub("", _in_capitals(text)).strip()


def _in_capitals(text: str) -> str:
    return _LONE_REQUEST.sub(lambda match: match[1].upper(), text.rstrip())


def shown_while_writing(text: str) -> str:
    """Return what of an unfinished draft is shown: no reasoning, no line meant for the program, no live address."""
    answer = without_reasoning(text, is_cut=True)
    if _REASONING_BEGUN.match(answer):
        return ""
    answer = _SENTINEL_BEGUN.sub("", _SENTINEL_SENTENCE.sub("", _DATA_BEGUN.sub("", answer)))
    if _IN_SMALL_LETTERS.fullmatch(answer):
        return ""
    return without_live_addresses(_BEGUN.sub("", _UNSHOWN_LINE.sub("", answer)).lstrip())
