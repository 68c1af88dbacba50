"""Which language is a text in? Pure.

Owns: telling languages apart: by script where one language alone has it, by the small words of English where they
leave no doubt, else by the letters in a row that are common in a language (py3langid: naive Bayes over byte sequences,
Lui and Baldwin, "langid.py", 2012), held against small words. Knows nothing about where that is used.

What says too little is unsure: one word, a number, code, a text that mixes languages, and a phrase of names.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from copy import copy
from functools import lru_cache
from typing import Any

from rag.languages.function_words import FUNCTION_WORDS
from rag.notices.language import ENGLISH

# Characters of a text that are looked at.
_LONGEST = 4000
# Scripts that one widely used language has, and those of several, which are told apart.
_LANGUAGE_OF_SCRIPT = {"GREEK": "el", "HANGUL": "ko", "HEBREW": "he", "JAPANESE": "ja", "THAI": "th"}
_LANGUAGES_OF_SCRIPT = {
    "ARABIC": ("ar", "fa", "ur"),
    "CYRILLIC": ("bg", "ru", "sr", "uk"),
    "DEVANAGARI": ("hi", "mr", "ne"),
    "LATIN": (
        *("ca", "cs", "da", "de", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt", "lv", "nl", "no", "pl"),
        *("pt", "ro", "sk", "sl", "sv", "tr", "vi"),
    ),
}
# A letter of these scripts says as much as so many Latin ones.
_LETTERS_A_SIGN = {"CJK": 4, "JAPANESE": 3, "HANGUL": 3, "THAI": 2}
# Share of a text that must be of one script; one with words of another language beside it is unsure below the first.
_ONE_SCRIPT, _SOME_OF_A_SCRIPT = 0.75, 0.15
# The same where the text begins with a small word in Latin letters: the rest may be a name.
_ALL_BUT_NAMES = 0.95
# Chinese words that no Japanese text without kana has.
_CHINESE = re.compile(r"[是谁誰什么麼的吗嗎哪这這那们們个個为為怎几幾么少没沒了还還我你他她]")
_LEAST_CHINESE = 4

_OF_ANY_LANGUAGE = frozenset[str]().union(*FUNCTION_WORDS.values())
_OF_OTHERS = _OF_ANY_LANGUAGE - ENGLISH

_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(
    r"“[^“”]*”|„[^„“”]*[“”]|»[^»«]*«|«[^»«]*»|\"[^\"]*\"|`[^`]*`|(?<!\w)'[^']*'(?!\w)|(?<!\w)‘[^‘’]*’(?!\w)"
)
# The ending of a name, which would be a small word of Czech.
_GENITIVE = re.compile(r"(?<=\w)['’]s\b")
# Signs that make a piece between spaces a path, an address or a name of code.
_OF_A_NAME = re.compile(r"://|[@/\\_=\d]")
_SIGNS_OF_CODE = frozenset("(){}[];=<>_\\|$@&^*~#+/")
# More such signs than this for each letter are code.
_CODE = 0.12

# Pieces of a document, and characters of each, by which its language is told; and the share of the letters that a
# language needs to be one of the document's.
_PIECES, _PIECE, _SHARE = 24, 600, 0.15
_PARAGRAPHS = re.compile(r"\n\s*\n")

# What a small word of a language adds to the logarithm of its likelihood.
_SMALL_WORD = 2.5
# Languages that are near to one with more questions are told where more speaks for them.
_PRIOR = {"mr": 0.3, "ne": 0.3, "no": 0.5}
_LEAST = 1e-6
# Of all languages that the library knows, those in Latin letters above and these, which are told as one of them, have
# this probability together: else the text is in a language that is not told, or in one in foreign letters. Chosen by
# looking: of 280 short questions in fourteen of them the least has 0.17, most Japanese in Latin letters less.
_NEAR_TO_ONE = ("bs", "ms", "nb", "nn", "sr")
_OF_THESE = 0.15
# From this probability on a language is told; without small words, from the second on.
_LIKELY, _LIKELY_WITHOUT = 0.4, 0.95
# The same where a text begins with a word of at least so many letters that this language alone has: "woran".
_LIKELY_AFTER_OWN, _LEAST_OWN = 0.3, 5
# A text of so many words that are no names may lack small words; a shorter one needs one, or a letter outside of ASCII
# in a word that is no name.
_TELLING_WORDS = 8
# So many small words of another language, and this share of a language's own, make a text a mixed one; in a short text
# one does that no other language than English has.
_STRANGE_WORDS, _STRANGE = 2, 0.5
WORDS_OF_ENGLISH_ALONE = (
    ENGLISH - frozenset[str]().union(*(words for code, words in FUNCTION_WORDS.items() if code != "en")) - {"won"}
)
"""Small words that no other language with a list has, such as "who" and "which"."""
# So many small words of English alone, and so many times as many as there are words of others, tell English.
_ENOUGH_ENGLISH, _MORE_ENGLISH = 2, 3
# So many letters of these languages hold one outside of ASCII: without it the text is in another language, such as
# Russian in Latin letters.
_MARKED_WITHIN = {
    **dict.fromkeys(("cs", "hu", "lt", "lv", "pl", "sk", "tr", "vi"), 60),
    **dict.fromkeys(("ca", "et", "fi", "hr", "ro", "sl"), 120),
}
# In prose so many words are small ones; in a language with many endings, fewer.
_SMALL_WORDS_IN_PROSE, _WITH_ENDINGS = 0.2, {"cs": 0.1, "fi": 0.08, "hu": 0.08, "id": 0.12, "pl": 0.08, "tr": 0.05}
_WORDS_OF_PROSE = 12


def identify(text: str, unsure: str = "") -> str:
    """Tell the language of a text.

    Args:
        text: A question, a sentence or a document; only its beginning counts.
        unsure: What is returned where the text does not tell.

    Returns:
        The ISO 639-1 code of the language, such as ``en``, ``de`` or ``zh``.
    """
    return _language_of_beginning(text[:_LONGEST]) or unsure


@lru_cache(maxsize=1024)
def _language_of_beginning(text: str) -> str:
    """Return the language of the beginning of a text; "" where it does not tell. One question asks of it repeatedly."""
    beginning = unicodedata.normalize("NFC", text)
    prose = _without_names(_QUOTED.sub(" ", _GENITIVE.sub("", beginning)))
    if not _WORD.search(prose):
        prose = _without_names(beginning)
    return _language_of_prose(prose)


def languages_of_document(text: str) -> tuple[str, ...]:
    """Tell the languages of a document by a few of its paragraphs, spread over it.

    Args:
        text: The whole document.

    Returns:
        The ISO 639-1 codes, from that of most letters on; a language of a few sentences among many is left out, and
        so are paragraphs that do not tell, or not for certain.
    """
    told: Counter[str] = Counter()
    for piece in _pieces(text):
        language = identify(piece)
        if language and _is_certain(piece, language):
            told[language] += sum(_scripts(piece).values())
    total = sum(told.values())
    return tuple(language for language, letters in told.most_common() if letters >= _SHARE * total)


def _pieces(text: str) -> list[str]:
    """Return the beginnings of a few paragraphs of a text, spread over it."""
    paragraphs = [paragraph for paragraph in _PARAGRAPHS.split(text) if len(_WORD.findall(paragraph[:_PIECE])) > 1]
    # A paragraph that goes on for pages is as good as several.
    pieces = [
        paragraph[start : start + _PIECE]
        for paragraph in paragraphs
        for start in range(0, len(paragraph), max(_PIECE, len(paragraph) // _PIECES + 1))
    ]
    return pieces[:: max(1, -(-len(pieces) // _PIECES))]


def _is_certain(text: str, language: str) -> bool:
    """Tell whether a text has about as many small words as prose of a language has."""
    own, words = FUNCTION_WORDS.get(language), _counted(_WORD.findall(text))
    if own is None or language not in _LANGUAGES_OF_SCRIPT["LATIN"] or len(words) < _WORDS_OF_PROSE:
        return True
    return sum(word in own for word in words) >= _WITH_ENDINGS.get(language, _SMALL_WORDS_IN_PROSE) * len(words)


def _without_names(text: str) -> str:
    """Return a text without the pieces that are addresses, paths or numbers."""
    return " ".join(piece for piece in text.split() if not (piece.isascii() and _OF_A_NAME.search(piece)))


def _language_of_prose(text: str) -> str:
    """Return the language; "" where the text does not tell."""
    letters = sum(map(str.isalpha, text))
    if not letters or sum(sign in _SIGNS_OF_CODE for sign in text) > _CODE * letters:
        return ""
    words = _WORD.findall(text)
    scripts = _scripts(text)
    latin, total = scripts.pop("LATIN", 0), sum(scripts.values())
    if total and total >= _SOME_OF_A_SCRIPT * latin:
        script, signs = max(scripts.items(), key=lambda pair: pair[1])
        foreign = [word.isascii() and word in _OF_ANY_LANGUAGE for word in _counted(words)]
        least = _ALL_BUT_NAMES if foreign[:1] == [True] else _ONE_SCRIPT
        if signs < _ONE_SCRIPT * total or (any(foreign) and signs < least * (total + latin)):
            return ""
        return _language_of_script(script, text, words)
    return _language_in_latin(text, words)


def _scripts(text: str) -> Counter[str]:
    """Return how much of a text is of each script; kana make the Chinese letters beside them Japanese."""
    scripts: Counter[str] = Counter()
    for letter, count in Counter(filter(str.isalpha, text)).items():
        script = "LATIN" if letter.isascii() else unicodedata.name(letter, "").split(" ")[0].partition("-")[0]
        script = "JAPANESE" if script in ("HIRAGANA", "KATAKANA") else script
        scripts[script] += count * _LETTERS_A_SIGN.get(script, 1)
    if scripts["JAPANESE"]:
        scripts["JAPANESE"] += scripts.pop("CJK", 0)
    return +scripts


def _language_of_script(script: str, text: str, words: list[str]) -> str:
    """Return the language of a text in a script other than the Latin one."""
    if script == "CJK":
        letters = sum(unicodedata.name(letter, "").startswith("CJK") for letter in text)
        return "zh" if letters >= _LEAST_CHINESE or (letters > 1 and _CHINESE.search(text)) else ""
    if script in _LANGUAGES_OF_SCRIPT:
        return _likeliest(text, script, _small_letters(words))[0] if len(words) > 1 else ""
    return _LANGUAGE_OF_SCRIPT.get(script, "")


def _language_in_latin(text: str, found: list[str]) -> str:
    """Return the language of a text in Latin letters; it is held against the small words of all of them."""
    words = _counted(found)
    if len(words) < 2:
        return ""
    if _is_plainly_english(words):
        is_sure = not WORDS_OF_ENGLISH_ALONE.isdisjoint(words)
        return "en" if is_sure or _is_of_these(text) else ""
    language, probability = _likeliest(text, "LATIN", words)
    least = _LIKELY_AFTER_OWN if _begins_with_own(words, language) else _LIKELY
    if probability < least or _lacks_letters(text, language) or _is_mixed(words, language) or not _is_of_these(text):
        return ""
    own = FUNCTION_WORDS.get(language, frozenset[str]())
    small = [word for number, word in enumerate(words) if word in own and not _in_a_name(words, number, text, language)]
    plain = [word for word in found if word.islower()]
    if len(plain) >= _TELLING_WORDS:
        return language
    if any(word in WORDS_OF_ENGLISH_ALONE for word in plain) and language != "en":
        return ""
    if probability < _LIKELY_WITHOUT:
        return language if len("".join(small)) > 1 or _asks_was(language, found) else ""
    return language if small or not all(map(str.isascii, plain)) else ""


def _begins_with_own(words: list[str], language: str) -> bool:
    """Tell whether a text begins with a small word of a language that no other language with a list has."""
    others = (FUNCTION_WORDS[code] for code in FUNCTION_WORDS if code != language)
    return (
        len(words[0]) >= _LEAST_OWN
        and words[0] in FUNCTION_WORDS.get(language, frozenset())
        and not any(words[0] in other for other in others)
    )


def _asks_was(language: str, found: list[str]) -> bool:
    """Tell whether a text that is likely German begins with "was", which is English, too, and a verb behind it."""
    return language == "de" and found[0].lower() == "was" and found[1].islower()


def _in_a_name(words: list[str], number: int, text: str, language: str) -> bool:
    """Tell whether a small word is a part of a name in a text, as in ``Aix-en-Provence`` or ``São Paulo``.

    In German, where nouns are written with a capital, a first word may ask for the second: ``Welche Farbe``.
    """
    before_a_name = not number and language != "de" and words[1][0].isupper()
    return before_a_name or f"-{words[number]}-" in text


def _lacks_letters(text: str, language: str) -> bool:
    """Tell whether a text is long enough for the letters that a language has outside of ASCII, and has none."""
    return text.isascii() and sum(map(str.isalpha, text)) >= _MARKED_WITHIN.get(language, _LONGEST + 1)


def _is_plainly_english(words: list[str]) -> bool:
    """Tell whether a text has small words of English, and none, nor a letter, that only others have, or hardly any."""
    if all(word.isascii() and word not in _OF_OTHERS for word in words):
        return not ENGLISH.isdisjoint(words)
    strange = sum(
        (word in _OF_OTHERS and word not in FUNCTION_WORDS["en"]) or (not word.isascii() and word.islower())
        for word in words
    )
    return sum(word.lower() in WORDS_OF_ENGLISH_ALONE for word in words) >= max(
        _ENOUGH_ENGLISH, _MORE_ENGLISH * strange
    )


def _is_of_these(text: str) -> bool:
    """Tell whether a text in Latin letters may be in a language that is told; without the library, always."""
    model = _model()
    if model is None:
        return True
    told = {*_LANGUAGES_OF_SCRIPT["LATIN"], *_NEAR_TO_ONE}
    return sum(float(share) for language, share in model.rank(text) if language in told) >= _OF_THESE


def _is_mixed(words: list[str], language: str) -> bool:
    """Tell whether a text has many small words of another language that its own lacks."""
    own = FUNCTION_WORDS.get(language, frozenset[str]())
    least = max(_STRANGE_WORDS, _STRANGE * sum(word in own for word in words))
    strange = [word for word in words if word not in own]
    return any(
        sum(word in (ENGLISH if other == "en" else others) for word in strange) >= least
        for other, others in FUNCTION_WORDS.items()
        if other != language
    )


def _counted(words: list[str]) -> list[str]:
    """Return the words that tell something: not abbreviations, unless all is written in capitals."""
    if all(map(str.isupper, words)):
        return _small_letters(words)
    kept = [word for word in words if len(word) == 1 or not word.isupper()]
    return _small_letters(kept[:1]) + kept[1:]


def _small_letters(words: list[str]) -> list[str]:
    return [word.lower() for word in words]


def _likeliest(text: str, script: str, words: list[str]) -> tuple[str, float]:
    """Return the likeliest language of a script, and its probability among these; without the library, by words."""
    languages = _LANGUAGES_OF_SCRIPT[script]
    classifier = _classifier(script)
    likelihoods = dict(classifier.rank(text)) if classifier else dict.fromkeys(languages, 1.0)
    found = Counter(words)
    weights = {
        language: math.log(max(likelihoods[language] * _PRIOR.get(language, 1), _LEAST))
        + _SMALL_WORD * sum(found[word] for word in found.keys() & FUNCTION_WORDS.get(language, frozenset()))
        for language in languages
    }
    best = max(weights, key=lambda language: weights[language])
    return best, 1 / sum(math.exp(weight - weights[best]) for weight in weights.values())


@lru_cache(maxsize=1)
def _model() -> Any:
    """Return the library's model; None where the library is not installed: then small words decide alone."""
    # Only now: most texts are told by their script or their small words.
    from rag.languages.classifier import open_classifier

    return open_classifier()


@lru_cache(maxsize=len(_LANGUAGES_OF_SCRIPT))
def _classifier(script: str) -> Any:
    """Return what tells the languages of a script apart; None where the library is not installed."""
    model = _model()
    if model is None:
        return None
    classifier = copy(model)
    classifier.set_languages(_LANGUAGES_OF_SCRIPT[script])
    return classifier
