"""Tell what one text says that another does not, by their words. Pure, and linear in both."""

from __future__ import annotations

import re
from collections import Counter

# A letter of a script without spaces counts as a word.
_WORD = re.compile(r"[^\W\d_\u0e00-\U0003ffff]+|\d+|[^\W_]")
# What plain texts hold in place of links and pictures.
_LINK = re.compile(r"(?:https?://|mailto:|cid:|www\.)[^\s<>\]]+|\[\d{1,4}\]")
# So many words in a row are the same by no chance.
_RUN = 3
# A text of so many words, none a number, with less than this share of those of a page, only says that there is a page.
_STUB_WORDS, _STUB_SHARE = 40, 0.25


def lacks_words(text: str, other: str) -> bool:
    """Compare the words of two texts.

    Args:
        text: A text.
        other: Another.

    Returns:
        Whether the text lacks words of the other, or has them less often.
    """
    return bool(Counter(_words(other)) - Counter(_words(text)))


def is_stub(text: str, page: str) -> bool:
    """Tell a text that says no more than "Open this message in a browser.".

    Args:
        text: The plain text of a message.
        page: The visible text of its page.

    Returns:
        Whether it is such a stub.
    """
    words = _words(_LINK.sub(" ", text))
    if len(words) > _STUB_WORDS or any(word.isdecimal() for word in words):
        return False
    of_page = Counter(_words(page))
    return (of_page & Counter(words)).total() < _STUB_SHARE * of_page.total()


def has_further_words(text: str, known: frozenset[str]) -> bool:
    """Tell whether a text says anything new.

    Args:
        text: The text; links in it do not count.
        known: The words that are known, as ``words_of`` returns them.

    Returns:
        Whether it has other words.
    """
    return not known.issuperset(_words(_LINK.sub(" ", text)))


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, in small letters."""
    return frozenset(_words(text))


def runs_of(text: str) -> frozenset[tuple[str, ...]]:
    """Return the runs of up to three words of a text."""
    words = _words(text)
    return frozenset(run for length in range(1, _RUN + 1) for run in _runs(words, length))


def is_said(text: str, runs: frozenset[tuple[str, ...]]) -> bool:
    """Tell whether a text stands, in the same order, in another.

    Args:
        text: The text.
        runs: The runs of words of the other, as ``runs_of`` returns them.

    Returns:
        Whether all its runs are among them.
    """
    words = _words(text)
    return runs.issuperset(_runs(words, min(_RUN, len(words))))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _runs(words: list[str], length: int) -> list[tuple[str, ...]]:
    return list(zip(*(words[at:] for at in range(length)), strict=False))
