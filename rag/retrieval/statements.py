"""What a sentence says by itself, and what it leaves to the one before it. Pure.

Owns: telling a short line that states something from a mark or a pointer, and a sentence that leans on the one before
it. Knows nothing about questions.
"""

from __future__ import annotations

import re

from rag.text import normalise

# Longer ones are read as they are.
_SHORT = 12

# Scripts without spaces between words: a few characters are several words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LEAST_UNSPACED = 3
# A label and what it names: "Fee: $40", "Open = 9", "Dog | 2", "Paid: ☑".
_LABELLED = re.compile(r"\w\W*(?:[:：=|]|[-–—]\s)\s*(?:\S*\w|[☐☑☒✓✔✗✘])")
# A pointer to a part of the document: "Page 4", "Fig. 3", "Kap. 2", "Nr. 5".
_POINTER = re.compile(r"\W*[^\W\d_]+\.?\s*\d+\W*$")
_WORD = re.compile(r"\w+")
# The end of a whole sentence.
_ENDED = re.compile(r"[.!。！।۔][\"”»’)\]*_]*$")

# A word at the beginning of a sentence that stands for what the sentence before it names.
_LEANING = re.compile(
    r"(?:[-*•–]\s*)?(?:(?:in|at|on|by|for|to|from|of|with|during|after|before|since|under|bei|mit|von|seit|nach|für)\s+)?"
    r"(?:he|she|it|they|him|them|his|hers?|its|theirs?|this|these|those|that|such|both|here|there|then|thus|therefore"
    r"|the\s+(?:former|latter|same)|er|sie|es|ihr|ihre[mnrs]?|sein|seine[mnrs]?|dies|diese[mnrs]?|jene[mnrs]?|dort|damals"
    r"|dabei|dafür|dadurch|damit|beide|deren|dessen)\b",
    re.I,
)
_NOT_LEANING = re.compile(
    r"(?:there\s+(?:is|are|was|were|has|have|will)|it\s+is\s+(?:\w+\s+)?(?:that|to)|es\s+gibt)\b", re.I
)


def states_something(text: str, is_row: bool = False) -> bool:
    """Tell whether a sentence or a line says anything by itself.

    Args:
        text: The sentence, the line or the table row.
        is_row: Whether it is a table row, whose cells say what they are by their columns.

    Returns:
        False for what has no word, and for the short ones that only mark a place or point elsewhere: "1.", "See also",
        "Page 4".
    """
    if len(_UNSPACED.findall(text)) >= _LEAST_UNSPACED:
        return True
    found = _WORD.findall(text)
    if len(text) >= _SHORT:
        return bool(found)
    if is_row:
        return len(found) > 1
    if not any(character.isalpha() for character in text):
        return False
    if _LABELLED.search(text):
        return True
    return len(found) > 1 and bool(_ENDED.search(text)) and not _POINTER.match(text)


def leans(text: str) -> bool:
    """Tell whether a sentence opens with a word that stands for something in the one before it: "She", "This"."""
    return bool(_LEANING.match(text)) and not _NOT_LEANING.match(text)


def repeats(row: str, title: str) -> bool:
    """Tell whether a row "label: value" only names its document: its value is the title, as the subject of a mail is.

    Args:
        row: The words of the row.
        title: The title of its document.

    Returns:
        Whether the row says nothing more.
    """
    _, colon, value = row.partition(":")
    return bool(colon and title) and normalise(value.strip()) == normalise(title.strip())
