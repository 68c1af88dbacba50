"""Tell whether a sentence can be read without the one before it. Pure.

Owns: what makes a sentence lean on another, and what makes it none. Knows nothing about documents.
"""

from __future__ import annotations

import re

from rag.answering.extraction.word_lists import (
    CONNECTING_PHRASES,
    CONNECTIVES,
    POINTING_WORDS,
)
from rag.text import STOPWORDS, count_unspaced

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# A sentence ends with one of these, perhaps in quotation marks or brackets, or before the number of a footnote.
_END = re.compile(r"[.!…。！।۔](?:[\"'”’»)\]*_]|\[\d+\])*$")
# What stands before the first word: the mark of emphasis, a quotation mark, a bracket.
_BEFORE = re.compile(r"^[\W_]+")
# Fewer words tell nothing; more are a paragraph.
_FEWEST_WORDS, _MOST_WORDS = 4, 60
# In a script without spaces.
_CHARACTERS_OF_A_WORD = 2
# Among so many words at the beginning a pronoun has nothing in the sentence to point to.
_OPENING = 6
# In a sentence of words, letters and spaces are most of the characters.
_LETTER_SHARE = 0.75
# Words that point to something named before, wherever they stand.
_DEMONSTRATIVE = re.compile(r"\b(?:this|these|those|such|diese[rnms]?|solche[rnms]?)\b", re.I)
# An "it" that points to nothing: "It is forbidden to swim", "Es gibt", "Es ist verboten, zu".
_IMPERSONAL = re.compile(
    r"it (?:is|was|seems|appears|takes|follows)\b(?: [\w-]+){0,4}? (?:that|to|for)\b|it (?:rains|snows)\b"
    r"|es (?:gibt|gab|regnet)\b|es (?:ist|war)\b(?: [\w-]+){0,4}?,? (?:dass|zu)\b"
)
# "Let's", "I say to the people", "my fellow citizens": to listeners.
_ADDRESS = re.compile(
    r"\b(?:let['’]s|let (?:me|us)|folks|ladies|gentlemen|fellow|my friends|tonight)\b"
    r"|\bI (?:say|tell|see|ask|assure|thank|know|believe|promise)\b|\b(?:meine damen|ich sage)\b",
    re.I,
)
# Terms that are defined, references, and what lawyers write below.
_ABOUT_THE_TEXT = re.compile(
    r"\b(?:incorporated (?:herein )?by reference|as used (?:herein|in this)|unless the context"
    r"|unless otherwise (?:stated|noted)|references to the terms?|refers? collectively|the terms? [“\"]"
    r"|herein(?:after)?\b|hereby|pursuant to|qualified (?:in its entirety )?by|set forth in"
    r"|see (?:note|item|section|page)\b|is included in (?:part|item|note|this)|forward-looking statements?"
    r"|within the meaning of|as amended\b|available (?:free of charge|on (?:the|our))|signed original"
    r"|for purposes of this)",
    re.I,
)
# A sentence that breaks off, as people speak.
_BREAK = re.compile(r"(?:^|\s)(?:—|–|--)(?:\s|$)|- —|…\s*$")


def is_statement(text: str) -> bool:
    """Tell whether a text is a whole sentence that states something: no question, fragment, heading or row of numbers.

    A rule of thumb; it would rather miss one.
    """
    line = " ".join(text.split())
    words = _WORD.findall(line)
    unspaced = count_unspaced(line)
    count = max(len(words), unspaced // _CHARACTERS_OF_A_WORD)
    if not _FEWEST_WORDS <= count <= _MOST_WORDS or not _END.search(line):
        return False
    letters = sum(character.isalpha() or character.isspace() for character in line)
    if letters < _LETTER_SHARE * len(line):
        return False
    return unspaced >= letters / 2 or any(word.lower() in STOPWORDS or len(word) > 6 for word in words)


def leans_on_another(text: str, *, opens_block: bool = False) -> bool:
    """Tell whether a sentence points back to the one before it, so that alone it says less than there.

    Args:
        text: The sentence.
        opens_block: Whether it opens a paragraph, where a small letter does not mean that its beginning is cut off: a
            letter goes on so after its greeting.

    Returns:
        Whether it does.
    """
    line = _BEFORE.sub("", " ".join(text.split()))
    if not line or (line[0].islower() and not opens_block):
        return True
    lower = line.lower()
    # "That's" points back as "that" does.
    words = [re.split("['’]", word.lower())[0] for word in _WORD.findall(line)[: _OPENING + 1]]
    if words[0] in CONNECTIVES or lower.startswith(CONNECTING_PHRASES):
        return True
    if words[0] in ("it", "es") and _IMPERSONAL.match(lower):
        return False
    return words[0] in POINTING_WORDS


def points_back(text: str) -> bool:
    """Tell whether a sentence has a word such as "these", which may point to another sentence."""
    return bool(_DEMONSTRATIVE.search(text)) or _opens_with_pronoun(text)


def breaks_off(text: str) -> bool:
    """Tell whether dashes cut a sentence into pieces, as in a transcript."""
    return bool(_BREAK.search(text))


def is_about_the_text(text: str) -> bool:
    """Tell whether a sentence says how a document is to be read, and nothing of its matter: "as used herein"."""
    return bool(_ABOUT_THE_TEXT.search(text))


def addresses_listeners(text: str) -> bool:
    """Tell whether a sentence speaks to those who listen rather than of a matter: "I say to the people: We get up"."""
    return bool(_ADDRESS.search(text))


def is_mostly_names(text: str) -> bool:
    """Tell whether most words that mean something have capitals, as where people are addressed or listed."""
    content = [word for word in _WORD.findall(text) if word.lower() not in STOPWORDS]
    capitals = [word for word in content if word[0].isupper()]
    return 2 * len(capitals) > len(content)


def _opens_with_pronoun(text: str) -> bool:
    """Tell whether a pronoun stands near the beginning of a sentence before any name: "In 1990 he moved to Cork"."""
    words = _WORD.findall(" ".join(text.split()))[:_OPENING]
    for number, word in enumerate(words):
        if word.lower() in POINTING_WORDS and word.lower() not in ("that", "es"):
            return True
        if number and word[0].isupper():
            return False
    return False
