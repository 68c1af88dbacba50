"""Short answers of SQuAD 2.0: of the questions that have an answer, how many show one, and how many of these are right?

Articles that nothing was fitted on, all in one index. ``--llm SPEC`` chooses the model, ``--wrong`` lists what is wrong.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
# Words that a right answer may have beyond the gold one: a unit, a preposition, a title before a name.
MORE_WORDS = 4


def normalised(text: str) -> list[str]:
    """The words as SQuAD's own script compares them: small letters, no punctuation, no articles."""
    plain = "".join(" " if c in "-–—" else c for c in text.lower())
    plain = "".join(c for c in plain if c not in set(string.punctuation) | set("“”‘’„«»"))
    return _ARTICLES.sub(" ", plain).split()


def holds(words: Sequence[str], part: Sequence[str]) -> bool:
    """Whether the words of one stand in the other, in order and side by side."""
    return bool(part) and any(list(words[i : i + len(part)]) == list(part) for i in range(len(words) - len(part) + 1))


def is_right(short: str, gold: Sequence[str]) -> bool:
    """Whether a short answer holds a gold one with a few words more, or is at least half of a gold one."""
    words = normalised(short)
    for answer in map(normalised, gold):
        if holds(words, answer) and len(words) <= len(answer) + MORE_WORDS:
            return True
        if holds(answer, words) and len(words) * 2 >= len(answer):
            return True
    return False


def is_exact(short: str, gold: Sequence[str]) -> bool:
    """Whether a short answer is a gold one."""
    return normalised(short) in [normalised(answer) for answer in gold]


def f1(short: str, gold: Sequence[str]) -> float:
    """The best F1 of words against a gold answer, as SQuAD's own script computes it."""
    return max((_f1(normalised(short), normalised(answer)) for answer in gold), default=0.0)


def _f1(words: Sequence[str], gold: Sequence[str]) -> float:
    shared = sum((Counter(words) & Counter(gold)).values())
    return 2 * shared / (len(words) + len(gold)) if shared else 0.0
