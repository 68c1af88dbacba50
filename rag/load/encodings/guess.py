"""Guess the encoding of a text in an older one: that which makes the likeliest text of its bytes.

Owns: the candidates, and how likely a text is. Knows nothing about files. Deterministic, and linear in the sample.

A text is likely by the logarithms of the probabilities of its characters outside of ASCII in one language (letters by
their order of frequency, ``letters``), by small words of that language, and by the shapes of its words: no capital
after a small letter, no sign within a word, no two alphabets in one. No number here was fitted on files.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from rag.languages.function_words import FUNCTION_WORDS
from rag.load.encodings.letters import FREQUENT, LATIN, OTHER

# Bytes of a text that are scored, in lines with bytes outside of ASCII: first fewer, by which so many candidates are
# kept.
_FIRST_SAMPLE, _KEPT, _SAMPLE = 600, 8, 3000
_HIGH = re.compile(rb"[\x80-\xff]")

# Encodings with the logarithm of how usual each is, the superset of several standing for all of them; and its script.
_Candidate = tuple[str, float, str]
_CANDIDATES: tuple[_Candidate, ...] = (
    ("cp1252", 0, "latin"),
    ("cp1250", -1.5, "latin"),
    ("cp1254", -1.5, "latin"),
    ("iso8859-2", -2, "latin"),
    ("iso8859-15", -3, "latin"),
    ("cp1257", -3, "latin"),
    ("iso8859-16", -5, "latin"),
    ("cp850", -5, "latin"),
    ("cp852", -5, "latin"),
    ("mac_roman", -5, "latin"),
    ("cp1251", -1, "other"),
    ("koi8-r", -2, "other"),
    ("koi8-u", -3, "other"),
    ("cp866", -3, "other"),
    ("iso8859-5", -3, "other"),
    ("mac_cyrillic", -4, "other"),
    ("cp855", -5, "other"),
    ("cp1253", -2, "other"),
    ("iso8859-7", -2.5, "other"),
    ("cp1255", -2, "other"),
    ("iso8859-8", -3, "other"),
    ("cp1256", -2, "other"),
    ("iso8859-6", -3, "other"),
    ("cp874", -2, "other"),
    ("gb18030", -1, "zh-hans"),
    ("big5", -1.5, "zh-hant"),
    ("cp950", -2, "zh-hant"),
    ("big5hkscs", -3, "zh-hant"),
    ("cp932", -1, "ja"),
    ("euc_jp", -1.5, "ja"),
    ("shift_jis_2004", -4, "ja"),
    ("euc_jis_2004", -4, "ja"),
    ("cp949", -1, "ko"),
    ("johab", -5, "ko"),
)

# Logarithms of the probability of a character that its language does not have, that is never printed, of a sign that
# any text may have, and of one that few have.
_STRANGE, _NEVER, _SIGN, _RARE_SIGN = -10.0, -18.0, -4.0, -7.5
# The sign for any currency, where newer encodings have that of the euro.
_UNUSED, _STRANGE_SIGN = "¤", -14.0
# Shares of a text in Chinese, Japanese or Korean by kind of character.
_KANA, _FREQUENT, _USUAL, _HALF_WIDTH, _WIDE_SIGN = 0.45, 0.6, 0.3, 0.003, 0.1
# A letter is so many times as frequent as the next one.
_LATIN_STEP, _OTHER_STEP = 1.6, 1.1
# What a small word of a language adds, and how many count.
_SMALL_WORD, _SMALL_WORDS = 2.0, 12
_SIGNS = frozenset("“”‘’„‚«»–—…€£§°·•©®™²³½¿¡\xa0\xad")
_WORD = re.compile(r"[^\W\d_]+")

# Classes of characters (``_class``) in a row that no language writes within a word, with what a pair adds.
_PAIRS: tuple[tuple[str, str, float], ...] = (
    ("lc", "ALC", -4.0),
    ("a", "LC", -4.0),
    ("aAlL", "cCo", -4.0),
    ("cCo", "aAlL", -4.0),
    ("lLcC", "d", -1.0),
    ("d", "lLcC", -1.0),
    ("aA", "k", -1.5),
    ("k", "aA", -1.5),
    ("ALC", "LC", -0.4),
    ("dqsp ", "LC", -1.0),
    ("lLcCo", "p", -2.0),
    ("p", "lLcCo", -2.0),
    ("f", "aAlLcC", -6.0),
    ("aAlLcC", "f", -3.0),
)
_OF_PAIR = {(one, other): weight for before, after, weight in _PAIRS for one in before for other in after}
_SIGN_IN_A_WORD, _IN_A_WORD = re.compile("[aAlLcCo][sf](?=[aAlLcCo])"), -4.0
# More characters that cannot be in an encoding, and this share of a text, rule it out.
_FEW_WRONG, _WRONG = 2, 0.02


def guess_encoding(data: bytes) -> str:
    """Return the likeliest of the older encodings.

    Args:
        data: The beginning of a text that is not in UTF-8, with bytes outside of ASCII.

    Returns:
        The name of Python's codec.
    """
    candidates: Sequence[_Candidate] = _CANDIDATES
    for length, kept in ((_FIRST_SAMPLE, _KEPT), (_SAMPLE, 1)):
        sample, is_cut = _sample(data, length)
        groups = _likeliest(sample, is_cut, candidates)[:kept]
        # What makes the same text of a part may make another of the whole.
        candidates = [candidate for group in groups for candidate in group]
        if not is_cut:
            break
    return candidates[0][0] if candidates else _CANDIDATES[0][0]


def _likeliest(sample: bytes, is_cut: bool, candidates: Sequence[_Candidate]) -> list[list[_Candidate]]:
    """Return the candidates that make a text of a sample, those of one text together, the likeliest first."""
    found: dict[str, tuple[float, list[_Candidate]]] = {}
    for candidate in candidates:
        encoding, usual, script = candidate
        text = sample.decode(encoding, "replace")
        if is_cut:
            text = text.removesuffix("\ufffd")
        if text in found:
            found[text][1].append(candidate)
        elif text.count("\ufffd") <= _FEW_WRONG + _WRONG * len(text):
            found[text] = usual + _likelihood(text, script), [candidate]
    return [group for _, group in sorted(found.values(), key=lambda pair: -pair[0])]


def _sample(data: bytes, length: int) -> tuple[bytes, bool]:
    """Return whole lines with bytes outside of ASCII, and whether the last one is cut, maybe within a character."""
    lines: list[bytes] = []
    room = length
    for line in data.split(b"\n"):
        if not _HIGH.search(line):
            continue
        lines.append(line[:room])
        if len(line) >= room:
            return b"\n".join(lines), True
        room -= len(line)
    return b"\n".join(lines), False


def _likelihood(text: str, script: str) -> float:
    """Return the logarithm of how likely a text is, in the likeliest language of a script."""
    counts = Counter(text)
    high = {sign: count for sign, count in counts.items() if not sign.isascii()}
    classes = text.translate({ord(sign): _class(sign) for sign in counts})
    pairs = Counter(pairwise(classes))
    shapes = sum(_OF_PAIR.get(pair, 0) * count for pair, count in pairs.items())
    shapes += _IN_A_WORD * len(_SIGN_IN_A_WORD.findall(classes))
    words = Counter(word.lower() for word in _WORD.findall(text)) if script in ("latin", "other") else Counter()
    letters = max(model.of(high) + _small_words(words, language) for language, model in _models(script).items())
    return shapes + letters


def _small_words(words: Counter[str], language: str) -> float:
    own = FUNCTION_WORDS.get(language, frozenset[str]())
    return _SMALL_WORD * min(_SMALL_WORDS, sum(words[word] for word in own if word in words and len(word) > 1))


@dataclass(frozen=True)
class _Model:
    """The logarithms of the probabilities of a language's characters; ``script`` for those of thousands."""

    letters: Mapping[str, float]
    script: str = ""

    def of(self, counts: Mapping[str, int]) -> float:
        """Return the logarithm of the probability of some characters."""
        return sum(count * self._of_one(sign) for sign, count in counts.items())

    def _of_one(self, sign: str) -> float:
        known = self.letters.get(sign)
        if known is None and self.script:
            known = _of_wide(sign, self.script)
        return _of_any(sign) if known is None else known


@cache
def _models(script: str) -> dict[str, _Model]:
    """Return the models of the languages that are written in a script."""
    if script == "latin":
        return {language: _Model(_by_order(letters, _LATIN_STEP)) for language, letters in LATIN.items()}
    if script == "other":
        return {language: _Model(_by_order(letters, _OTHER_STEP)) for language, letters in OTHER.items()}
    frequent = set(FREQUENT[script])
    share = _FREQUENT * (1 - _KANA) if script == "ja" else _FREQUENT
    return {script: _Model(dict.fromkeys(frequent, math.log(share / len(frequent))), script)}


def _by_order(letters: str, step: float) -> dict[str, float]:
    """Return the logarithm of the probability of each letter, and of its capital, by its place in the order."""
    total = sum(step**-place for place in range(len(letters)))
    logs = {letter: math.log(step**-place / total) for place, letter in enumerate(letters)}
    return {letter.upper(): value for letter, value in logs.items() if len(letter.upper()) == 1} | logs


@lru_cache(maxsize=16_384)
def _of_wide(sign: str, script: str) -> float | None:
    """Return the logarithm of the probability of a character in Chinese, Japanese or Korean; None for a strange one."""
    code = ord(sign)
    if script == "ja":
        if 0x3041 <= code <= 0x30FF:
            return math.log(_KANA / (90 if code < 0x30A0 else 200))
        if 0xFF66 <= code <= 0xFF9F:
            return math.log(_HALF_WIDTH / 60)
    if 0x3000 <= code <= 0x3017 or 0xFF01 <= code <= 0xFF5E or code == 0xFF5E:
        return math.log(_WIDE_SIGN / 40)
    if script == "ko":
        if 0xAC00 <= code <= 0xD7A3:
            return math.log(_USUAL / 2350 if _is_in(sign, "euc_kr") else 1e-6)
        return math.log(0.003 / 4888) if 0x4E00 <= code <= 0x9FFF else None
    if not 0x4E00 <= code <= 0x9FFF:
        return None
    level = _level(sign, script)
    return math.log((_USUAL / 3500, 0.03 / 3000, 1e-6)[level])


def _level(sign: str, script: str) -> int:
    """Return 0 for a character of the usual set of its script, 1 for one of the further set, 2 for others."""
    codec, first, second = {
        "zh-hans": ("gb2312", 0xB0, 0xD8),
        "zh-hant": ("big5", 0xA4, 0xC9),
        "ja": ("euc_jp", 0xB0, 0xD0),
    }[script]
    try:
        encoded = sign.encode(codec)
    except UnicodeEncodeError:
        return 2
    if len(encoded) != 2:
        return 2
    return 0 if first <= encoded[0] < second else 1


def _is_in(sign: str, codec: str) -> bool:
    try:
        sign.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=4096)
def _of_any(sign: str) -> float:
    """Return the logarithm of the probability of a character that is none of a language's letters."""
    if sign in _SIGNS:
        return _SIGN
    if sign in _UNUSED:
        return _STRANGE_SIGN
    if sign == "\ufffd" or not (sign.isprintable() or sign.isspace()):
        return _NEVER
    return _STRANGE if sign.isalpha() else _RARE_SIGN


@lru_cache(maxsize=4096)
def _class(sign: str) -> str:
    """Return the class of a character, by which the shapes of words are told.

    ``a`` and ``A`` are Latin letters of ASCII, ``l`` and ``L`` others, ``c`` and ``C`` those of other scripts with
    capitals, ``o`` letters without, ``k`` Chinese, Japanese and Korean ones, ``d`` digits, ``q`` quotes and dashes,
    ``f`` fractions, ``s`` other signs, ``p`` those of ASCII that stand in no word, and a space for the rest.
    """
    if sign.isascii():
        if sign.isalpha():
            return "A" if sign.isupper() else "a"
        return "d" if sign.isdigit() else "p" if sign in "{}[]|\\^~@#$%&*+=_`" else " "
    if sign.isalpha():
        name = unicodedata.name(sign, "")
        if name.startswith("LATIN"):
            return "L" if sign.isupper() else "l"
        if name.startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA")):
            return "k"
        return "C" if sign.isupper() else "c" if sign.islower() else "o"
    if sign.isspace() or unicodedata.category(sign)[0] in "MZ" or sign in "’‘—·\xad":
        return "q"
    return "f" if sign in "¼½¾" else "s"
