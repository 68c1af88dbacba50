"""Names of a question that file names write as one word, or in full: "American Express" in AMERICANEXPRESS_2022.pdf.

Owns: telling whether a question names a word of a path by several words or by initials. Knows nothing about an index.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.question.aliases import initials, is_initialism

# A name of fewer letters may be two ordinary words that stand side by side.
_FEWEST_LETTERS = 6
_MOST_WORDS = 4
# Letters that a word of a name has at least where only its first ones are known: "AMEX".
_FEWEST_OF_WORD = 4
_WORD = re.compile(r"[^\W\d_]+(?:[&'’][^\W\d_]+)*")
_CONNECTING = frozenset("and of the for & und der die das".split())


def named_words(question: str, path_words: Iterable[str]) -> dict[str, int]:
    """Find the words of paths that a question writes as several words or as initials.

    Args:
        question: The question.
        path_words: Words of paths; words that follow each other in one path may be joined with a space.

    Returns:
        For each word that the question names, how many words of the question it stands for, two at least.
    """
    joined, short = _joined_words(question), _initialisms(question)
    named: dict[str, int] = {}
    for word in dict.fromkeys(path_words):
        if count := joined.get(word.casefold(), 0):
            named[word] = count
        elif any(_stands_for(letters, word) for letters in short):
            named[word] = 2
    return named


def names_of_path(name: str) -> list[str]:
    """Return what may be a name in the name of a file: its longer words, and each two or three that stand together."""
    words = re.findall(r"[^\W\d_]+|\d+", name)
    letters = [word if word.isalpha() else "" for word in words]
    runs = [letters[start : start + count] for count in (2, 3) for start in range(len(letters) - count + 1)]
    return [word for word in letters if len(word) >= _FEWEST_LETTERS] + [" ".join(run) for run in runs if all(run)]


@lru_cache(maxsize=64)
def _joined_words(question: str) -> dict[str, int]:
    """Return neighbouring words of a question as one word, with how many they are; one of them has a capital."""
    written = [re.sub(r"['’]s?$", "", match.group()) for match in _WORD.finditer(question)]
    kept = [word for word in written if word.casefold() not in _CONNECTING]
    joined: dict[str, int] = {}
    for words in (written, kept):
        for count in range(2, _MOST_WORDS + 1):
            for start in range(len(words) - count + 1):
                run = words[start : start + count]
                whole = "".join(run).casefold()
                if len(whole) >= _FEWEST_LETTERS and run[0][0].isupper():
                    joined.setdefault(whole, count)
    return joined


@lru_cache(maxsize=64)
def _initialisms(question: str) -> Sequence[str]:
    """Return the letters of the initialisms of a question that has small letters, too: "JJ" for "JnJ"."""
    if question == question.upper():
        return ()
    found = (re.sub(r"['’]s?$", "", word) for word in re.findall(r"[\w&.'’]+", question))
    return tuple(dict.fromkeys(initials(word).replace(".", "") for word in found if is_initialism(word)))


def _stands_for(letters: str, name: str) -> bool:
    """Tell whether initials are those of the words of a name, or the beginnings of two words written as one."""
    words = name.split()
    if len(words) > 1:
        return "".join(word[0] for word in words).casefold() == letters.casefold()
    if len(letters) != len("AMEX"):
        return False
    first, second = letters[:2].casefold(), letters[2:].casefold()
    word = name.casefold()
    place = word.find(second, _FEWEST_OF_WORD)
    return word.startswith(first) and place > 0 and len(word) - place >= _FEWEST_OF_WORD
