"""Questions in the manner of SQuAD 2 over the documents of ``tests/languages/documents``, some without an answer.

Each line of a file has a question, its language, what it ``asks`` for, the phrases that answer it as they stand in the
document, the whole sentence that holds them, and its ``source``. Questions are mended by with the odd half only: the
first, the third, and so on.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DOCUMENTS = Path(__file__).parent.parent / "documents"
LANGUAGES = ("de", "fr", "es", "ru", "zh", "ja", "ar", "th")
UNSPACED = ("zh", "ja", "th")

MOST_MORE_CHARACTERS = 8
_MOST_MORE_WORDS = 4
# A space between the thousands of a number.
_GROUPS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


@dataclass(frozen=True)
class Case:
    """A question; ``answers`` and ``quote`` are empty where the documents do not answer it."""

    number: int
    question: str
    language: str
    asks: str
    answers: tuple[str, ...]
    quote: str
    source: str
    answerable: bool

    @property
    def is_odd(self) -> bool:
        """Whether it is of the half that may be looked at while mending."""
        return self.number % 2 == 1


@lru_cache
def cases(language: str) -> tuple[Case, ...]:
    """The questions of a language, in the order of its file."""
    lines = (Path(__file__).parent / f"{language}.jsonl").read_text("utf-8").splitlines()
    return tuple(_cases(language, lines))


def _cases(language: str, lines: list[str]) -> Iterator[Case]:
    for number, row in enumerate(map(json.loads, lines), 1):
        yield Case(
            number,
            row["question"],
            language,
            row["asks"],
            tuple(row["answers"]),
            row["quote"],
            row["source"],
            row["answerable"],
        )


def plain(text: str) -> str:
    """Text as answers are compared: NFKC, small letters, punctuation between digits kept, one space between words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(
        character if character.isalnum() or _is_inside_number(folded, i) or unicodedata.combining(character) else " "
        for i, character in enumerate(folded)
    )
    return _GROUPS.sub("", " ".join(bare.split()))


def _is_inside_number(text: str, i: int) -> bool:
    return 0 < i < len(text) - 1 and text[i - 1].isdecimal() and text[i + 1].isdecimal() and text[i] in ".,:٬٫ "


def is_right(short: str, case: Case) -> bool:
    """Whether a short answer holds an accepted one with a few words more, or is at least half of one."""
    said = plain(short)
    if case.asks == "yes-no":
        return any(said == plain(answer) for answer in case.answers)
    if case.language in UNSPACED:
        pairs = [(said.replace(" ", ""), plain(answer).replace(" ", "")) for answer in case.answers]
        return any(
            (right in text and len(text) <= len(right) + MOST_MORE_CHARACTERS)
            or (text in right and 2 * len(text) >= len(right))
            for text, right in pairs
        )
    return any(_words_hold(said.split(), plain(answer).split()) for answer in case.answers)


def _words_hold(words: list[str], right: list[str]) -> bool:
    if _runs_in(right, words):
        return len(words) <= len(right) + _MOST_MORE_WORDS
    return _runs_in(words, right) and 2 * len(words) >= len(right)


def _runs_in(part: list[str], whole: list[str]) -> bool:
    return bool(part) and any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))
