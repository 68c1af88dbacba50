"""What a strong model asks for before it answers. Pure.

Owns: reading the lines ``SEARCH: words`` and ``OPEN: number`` in what a model wrote. They are plain text, so every
model can write them, whether or not its service knows tools. Knows nothing about searching.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.marks import EVIDENCE_MARK

_REQUEST = re.compile(r"^[ \t>*_`-]{0,8}(SEARCH|OPEN)[*_`]{0,4}[ \t]*:[ \t]*(.+?)[ \t*_`]*$", re.M)
# The beginning of such a line, or of the line with the short answer, while the model still writes it.
_UNSHOWN_LINE = re.compile(r"^[ \t>*_`-]{0,8}(?:SEARCH|OPEN|SHORT|COMPUTE)[*_`]{0,4}[ \t]*:.*(?:\n|\Z)", re.M)
_BEGUN = re.compile(r"(?:\A|\n)[ \t>*_`-]{0,8}(?:S(?:E(?:A(?:R(?:CH?)?)?)?|H(?:O(?:RT?)?)?)?|O(?:P(?:EN?)?)?)\Z")
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
    if EVIDENCE_MARK.search(_REQUEST.sub("", text)):
        return []
    requests: dict[Request, None] = {}
    for word, value in _REQUEST.findall(text):
        number = re.search(r"\d{1,4}", value)
        if word == "SEARCH":
            requests[Request("search", words=value.strip(" \"'“”")[:_LONGEST])] = None
        elif number:
            requests[Request("open", number=int(number.group()))] = None
    return list(requests)[:_MOST]


def without_requests(text: str) -> str:
    """Return a draft without the lines that ask for something."""
    return _REQUEST.sub("", text).strip()


def shown_while_writing(text: str) -> str:
    """Return what of an unfinished draft is shown: not the lines that are meant for the program."""
    return _BEGUN.sub("", _UNSHOWN_LINE.sub("", text)).lstrip()
