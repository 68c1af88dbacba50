"""How much of a question a sentence is about. Pure.

Owns: when a word of a question stands in a sentence, in whatever form of it. Knows nothing about phrases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.question.languages.content import content_parts, is_spaced
from rag.question.languages.folding import fold

# Letters that two forms of one word share at their beginning; a short word has few.
_LEAST_SHARED = 3
_SHARE = 0.6
_LETTERS_OF_A_HEAD = 5
_ARABIC_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف", "س")
_ARABIC_FORMS = ("ي", "ت", "ن", "م")


@dataclass(frozen=True, slots=True)
class Words:
    """Words of content with their places; ``forms`` are what is compared."""

    spans: tuple[tuple[int, int], ...]
    forms: tuple[str, ...]


def content_of(text: str, language: str) -> Words:
    """Return the words of content of a text.

    Args:
        text: A question or a sentence.
        language: Its language, one of the tables.

    Returns:
        The words, with their places.
    """
    spans = content_parts(text, language)
    return Words(tuple(spans), tuple(fold(text[start:end]).text for start, end in spans))


def is_covered(word: str, text: str, words: Iterable[str], language: str) -> bool:
    """Tell whether a word of a question stands in a text.

    Args:
        word: The word, folded.
        text: The text, folded.
        words: The text's words, folded; not read of a script without spaces.
        language: The language of both.

    Returns:
        True where some form of it does; of a script without spaces, where half of its pairs of letters do.
    """
    if is_spaced(language):
        return any(same_word(word, other, language) for other in words)
    pairs = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
    return 2 * sum(pair in text for pair in pairs) >= len(pairs)


def same_word(first: str, second: str, language: str) -> bool:
    """Tell whether two words are forms of one, as far as their beginnings tell: "основал", "основатель".

    Args:
        first: A folded word.
        second: Another one.
        language: The language of both.

    Returns:
        True where they share most of their letters; in Arabic, where they do without what is joined to them.
    """
    if first == second:
        return True
    if language == "de" and (_ends_in(first, second) or _ends_in(second, first)):
        return True
    if language == "ar":
        return not _arabic_stems(first).isdisjoint(_arabic_stems(second))
    shared = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        shared += 1
    shorter, longer = sorted((len(first), len(second)))
    return (
        shared >= _LEAST_SHARED and (shared >= shorter - 1 or shared >= _SHARE * longer) and shared >= shorter * _SHARE
    )


def _ends_in(compound: str, word: str) -> bool:
    """Tell whether a German compound is one of a word: "Uhrenmuseum" is a museum."""
    return len(word) >= _LETTERS_OF_A_HEAD and compound.endswith(word)


def _arabic_stems(word: str) -> set[str]:
    """Return what is left of a word without its article, a joined preposition, the mark of a person, and its ending."""
    stems = {word}
    for prefix in _ARABIC_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _LEAST_SHARED:
            stems.add(word[len(prefix) :])
    stems |= {stem[1:] for stem in list(stems) if stem.startswith(_ARABIC_FORMS) and len(stem) > _LEAST_SHARED}
    for ending in ("ات", "ون", "ين", "ها", "ة", "ه", "ت", "ا"):
        stems |= {
            stem[: -len(ending)]
            for stem in list(stems)
            if stem.endswith(ending) and len(stem) - len(ending) >= _LEAST_SHARED
        }
    return {stem for stem in stems if len(stem) >= _LEAST_SHARED or stem == word}
