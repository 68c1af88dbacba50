"""The words of a text, and the terms that the keyword index stores. Pure.

Owns: which words are one term. A word in Latin letters has the stem that English gives it, whatever its language, so
that names and exact words meet across languages; one in another script has the stem of the language of that script.
A text that is in another language with Latin letters has the stems of that language beside these. Stems are by
Snowball. Knows nothing about files, models or storage.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rag.languages.identify import identify
from rag.patterns import lazy_pattern
from rag.text.folding import fold, script_of, with_plain_digits
from rag.text.scripts import IN_WORD, MARKS, UNSPACED, is_unspaced, unspaced_terms
from rag.text.stop_words import ENGLISH, IN_LATIN_LETTERS, IN_OTHER_SCRIPTS, UNSPACED_FUNCTION_WORDS

# Raise it when `terms` gives other terms: a keyword index that was built with another version is rebuilt, one of
# version 1 only where it holds a letter that is no ASCII, since the terms of all other texts are the same.
TERMS_VERSION = "2"

# A number keeps its decimal point and separators; other words are runs of letters, digits and marks.
_NUMBER = r"\d+(?:[.,]\d+)+"
_WORD = re.compile(rf"{_NUMBER}|\w+")
_WORD_WITH_MARKS = re.compile(rf"{_NUMBER}|\w[{IN_WORD}]*")
_WORD_OF_ANY_SCRIPT = lazy_pattern(
    rf"{_NUMBER}|[{UNSPACED}][{UNSPACED}{MARKS}]*|(?![{UNSPACED}])\w(?:(?![{UNSPACED}])[{IN_WORD}])*"
)
# Longer words are cut: they are keys, hashes or data, which are not typed whole in a question and would fill the index.
_LONGEST_TERM = 64
# Words of other scripts with fewer letters have no endings: they are signs of a formula.
_SHORTEST_WITH_ENDING = 3
_ARABIC_ARTICLE = re.compile("^(?:[وف]?[بك]?ال|[وف]?لل)(?=...)")
_STEMMERS = {"el": "greek", "hi": "hindi", "ru": "russian"}
_LATIN_STEMMERS = {
    "ca": "catalan", "da": "danish", "de": "german", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
# Characters of a text that tell its language.
_BEGINNING = 2000

# Function words of English that no other language has.
_ONLY_ENGLISH = ENGLISH.difference(*IN_LATIN_LETTERS.values())
STOPWORDS = ENGLISH | IN_OTHER_SCRIPTS

_FUNCTION_WORDS = lazy_pattern(
    "|".join(sorted(UNSPACED_FUNCTION_WORDS, key=len, reverse=True))
    # A particle of Japanese stands behind a word in Chinese characters, in Katakana, or in Latin letters.
    + r"|(?<=[一-鿿ァ-ヶー々A-Za-z0-9])[はがにのでとも](?![ぁ-ん])"
)


def normalise(text: str) -> str:
    """Return text in the form in which words are compared: NFKC, case-folded."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=16)
def _stemmer(name: str = "english") -> Any:
    import Stemmer

    return Stemmer.Stemmer(name, 20_000)


def in_small_letters(text: str) -> str:
    """Return a text of the same length in small letters, which is searched faster than without regard to case."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(character.lower()[:1] for character in text)


def words(text: str) -> list[str]:
    """Return the words of a text, normalised; numbers stay whole, scripts without spaces become pairs of characters."""
    if text.isascii():
        if text.isalnum():
            return [text.lower()[:_LONGEST_TERM]]
        return [word[:_LONGEST_TERM] for word in _WORD.findall(text.lower())]
    text = with_plain_digits(normalise(text))
    if not is_unspaced(text):
        return [word[:_LONGEST_TERM] for word in _WORD_WITH_MARKS.findall(text)]
    normalised: list[str] = []
    for word in _WORD_OF_ANY_SCRIPT.findall(text):
        if is_unspaced(word):
            normalised.extend(unspaced_terms(word))
        else:
            normalised.append(word[:_LONGEST_TERM])
    return normalised


def terms(text: str) -> list[str]:
    """Return the stems of a text's words, in order and with repeats: what the keyword index stores."""
    return _stems(words(text), text.isascii())


def _stems(found: Sequence[str], is_ascii: bool) -> list[str]:
    """Return the stem of each word by its script."""
    if is_ascii:
        stems: list[str] = _stemmer().stemWords(found)
        return stems
    return [_stem(word) for word in found]


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    """Return the stem of a word in the language of its script, without the marks that users leave out."""
    folded = fold(word)
    if word.isascii():
        return str(_stemmer().stemWord(word))
    script = script_of(folded)
    if script == "en":
        return str(_stemmer().stemWord(folded))
    if script == "ar":
        # "And", "with", "as" and "for" before an article; an ending that is written with and without its dots.
        bare = str(_stemmer("arabic").stemWord(_ARABIC_ARTICLE.sub("ال", folded)))
        return bare[:-1] if bare.endswith("ه") and len(bare) > _SHORTEST_WITH_ENDING else bare
    if script in _STEMMERS and len(folded) >= _SHORTEST_WITH_ENDING:
        return fold(str(_stemmer(_STEMMERS[script]).stemWord(folded)))
    return folded


def stems_in(text: str, language: str) -> list[str]:
    """Return the stems that a language gives the words of a text.

    Args:
        text: Any text.
        language: The code of a language with Latin letters other than English.

    Returns:
        The stem of each word, in order and with repeats; none for another language.
    """
    if language not in _LATIN_STEMMERS:
        return []
    return [fold(stem) for stem in _stemmer(_LATIN_STEMMERS[language]).stemWords(words(text))]


def stop_words(language: str) -> frozenset[str]:
    """Return the function words of a language with Latin letters other than English; none for another one."""
    return IN_LATIN_LETTERS.get(language, frozenset())


def further_terms(text: str) -> list[str]:
    """Return the stems that a text's words have in the text's own language, where they differ from ``terms``.

    Args:
        text: Any text.

    Returns:
        The stems in order and with repeats; none for English, for a text whose language is not sure, and for scripts
        in which ``terms`` knows the language.
    """
    own = stems_in(text, identify(text[:_BEGINNING]))
    return [stem for stem, other in zip(own, terms(text), strict=True) if stem != other] if own else []


def query_terms(text: str) -> list[str]:
    """Return the distinct stems of a question without its function words; of all its words when it has no others."""
    found, bare = words(text), without_function_words(text)
    language = "en" if not _ONLY_ENGLISH.isdisjoint(found) else identify(text)
    ignored = STOPWORDS | stop_words(language) if stop_words(language) else STOPWORDS
    content_words = [word for word in (found if bare is text else words(bare)) if word not in ignored] or found
    stems = _stems(content_words, text.isascii())
    if language in _LATIN_STEMMERS:
        own = map(fold, _stemmer(_LATIN_STEMMERS[language]).stemWords(content_words))
        stems = [stem for pair in zip(stems, own, strict=True) for stem in pair]
    return list(dict.fromkeys(stems))


def without_function_words(text: str) -> str:
    """Return a text with spaces in place of the function words of scripts without spaces; of the same length."""
    if not is_unspaced(text):
        return text
    bare = text
    # A particle before a word that asks shows when that is gone.
    for _ in range(2):
        bare = _FUNCTION_WORDS.sub(lambda match: " " * len(match.group()), bare)
    return bare if words(bare) else text
