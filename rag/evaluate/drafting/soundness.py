"""Whether words of a document are whole and stand alone, so that a question can be made of them. Pure.

Owns: what is junk: cut sentences, numbers without their beginning, running heads, code, words that point elsewhere.
"""

from __future__ import annotations

import re

from rag.text import words

WORDS_OF_SENTENCE = range(5, 36)
_ENDS = re.compile(r"""[\w)`%"”’][.!]["”’)]?$""")
_BEGINS = re.compile(r"[A-Z`“\"]")
_JUNK = re.compile(
    r"https?://|www\.|\||\.{3}|…|_{2,}|[\x00-\x1f\ufffd\ue000-\uf8ff]|[=<>{}\\^~]|\S@\S|\[\d|:$|(?:\d[\s,;]+){4}"
)
# Words that point at what stands elsewhere, so that the sentence is not understood alone.
_POINTS_ELSEWHERE = re.compile(
    r"\b(?:this|these|those|such|above|below|following|preceding|aforementioned|herein|thereof|hereby|former|latter"
    r"|respectively|he|she|him|her|his|hers|they|them|their|we|us|our|ours|i|me|my|mine|here"
    r"|there(?! (?:is|are|was|were)\b)"
    r"|yesterday|today|tomorrow|ago|see also|figure|table \d|note \d|item \d|section \d)\b",
    re.IGNORECASE,
)
_BEGINS_WITH_POINTER = re.compile(
    r"(?:it|its|that|both|also|so|then|thus|hence|however|moreover|but|and|or|nor|yet|therefore|instead|otherwise"
    r"|another|one|each|all|some|most|many|others?|nothing|everything)\b",
    re.IGNORECASE,
)
_ENGLISH = frozenset("the a an of and to in is are was were for with by on from that as at has have be or not".split())
# A number that is whole: neither digits nor marks of one stand beside it.
_CUT_BEFORE = re.compile(r"[\w.,:/$€£¥§#+−-]$")
_CUT_BEHIND = re.compile(r"^(?:[\w%‰°/:]|[.,]\d|-\w|\s(?:million|billion|thousand|percent|per cent)\b)")
_DIGIT = re.compile(r"\d")


def is_sound(sentence: str) -> bool:
    """Tell whether a sentence is whole, in English prose, and understood without what stands around it.

    Args:
        sentence: The sentence, its white space made plain.

    Returns:
        True where a question may be made of it.
    """
    found = words(sentence)
    if len(found) not in WORDS_OF_SENTENCE or not _BEGINS.match(sentence) or not _ENDS.search(sentence):
        return False
    if _JUNK.search(sentence) or _POINTS_ELSEWHERE.search(sentence) or _BEGINS_WITH_POINTER.match(sentence):
        return False
    if any(sentence.count(left) != sentence.count(right) for left, right in ("()", "“”", "[]")):
        return False
    if sentence.count('"') % 2 or sentence.count("`") % 2 or not sentence.isprintable():
        return False
    plain = sentence.split()
    if sum(word in _ENGLISH for word in sentence.lower().split()) < 2 or max(map(len, plain)) > 40:
        return False
    if len({word.lower() for word in plain}) < 0.7 * len(plain):
        return False
    shouted = sum(len(word) > 1 and word.isupper() and word.isalpha() for word in plain)
    letters = sum(character.isalpha() for character in sentence)
    return shouted <= 0.2 * len(plain) and letters > 0.7 * len(sentence.replace(" ", ""))


def points_elsewhere(text: str) -> bool:
    """Tell whether a text has words that are understood only beside what stands around it."""
    return bool(_POINTS_ELSEWHERE.search(text))


def is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a part of a text is cut from no longer number or word.

    Args:
        text: The text.
        start: Where the part begins.
        end: Where it ends.

    Returns:
        False for the ``234`` of ``1,234`` and for the ``3.5`` of ``$3.5 million``.
    """
    part = text[start:end]
    if not part.strip():
        return False
    before = text[:start]
    if _DIGIT.match(part) and _CUT_BEFORE.search(before[:-1] if before.endswith("$ ") else before):
        return False
    return not (_DIGIT.match(part[-1]) and _CUT_BEHIND.match(text[end:]))
