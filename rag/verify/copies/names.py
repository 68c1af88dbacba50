"""Names: whether the source holds them. Pure.

Owns: ``absent_names``. Beside which words a name stands is told in ``rag.verify.copies.near_copy``. Knows nothing about
verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text import STOPWORDS, normalise
from rag.verify.parse.lexicon import ROMAN_NUMERALS
from rag.verify.parse.parsed_text import ParsedText, stem_of

# Endings of the words for a people or a language: Canadian, Chilean, Spanish, Japanese.
_PEOPLE_ENDING = re.compile(r"(?:an|ians?|eans?|ish|ese|ans)$")
# Cap on the letters of a word that may be the initials of a name that is written out.
_MAX_INITIALS = 5


def absent_names(claim: ParsedText, lines: Sequence[ParsedText], above: ParsedText | None) -> list[str]:
    """List the sentence's names that stand nowhere in the lines or above them.

    A name stands there word by word, as the people of a place (Canada, Canadian), as initials (UN, United Nations) or
    as a number for a Roman numeral.

    Args:
        claim: The sentence.
        lines: The lines of its sources.
        above: What stands above the sources, such as titles; None for nothing.

    Returns:
        The absent names in order.
    """
    source = (*lines, above) if above else lines
    source_words = {token.word for line in source for token in line.tokens}
    source_stems = {token.stem for line in source for token in line.tokens}
    without_stops = {word.replace(".", "") for word in source_words}
    initials = [_initials(line) for line in source]
    values = {value for line in lines for quantity in line.quantities for value in quantity.values}

    def stands(part: str) -> bool:
        return (
            part in source_words
            or part in without_stops
            or stem_of(part) in source_stems
            or any(_is_place_and_people(part, word) for word in source_words)
            or (part.isalpha() and len(part) <= _MAX_INITIALS and any(part in letters for letters in initials))
            or ROMAN_NUMERALS.get(part) in values
        )

    def stands_in_capitals(acronym: str) -> bool:
        """Return whether "IT" or "US" stands in capitals: in small letters it is another word."""
        return any(
            re.search(rf"\b{acronym}\b", line.text) or acronym.lower() in letters
            for line, letters in zip(source, initials, strict=True)
        )

    return [
        name
        for name in claim.names
        if not all(stands(part) for part in re.findall(r"\w+", normalise(name)) if len(part) > 1)
        or (name.lower() in STOPWORDS and not stands_in_capitals(name))
    ]


def _initials(parsed: ParsedText) -> str:
    """Return the first letters of words with capitals, a space where a run of them ends; stopwords do not end one.

    "the Bank of England lends" becomes "be ".
    """
    return "".join(
        token.word[0] if parsed.starts_upper(token) else "" if token.word in STOPWORDS else " "
        for token in parsed.tokens
    )


def _is_place_and_people(left: str, right: str) -> bool:
    """Return whether one word is a place and the other its people: Canada and Canadian, but not Oman and Omaha."""
    short, long = sorted((left, right), key=len)
    if not _PEOPLE_ENDING.search(long) or len(short) < 4:
        return False
    shared = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return shared >= max(4, len(short) - 1, 0.6 * len(long))
