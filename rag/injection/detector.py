"""Words in a document that read like orders to a language model.

Owns: the reading of a text as a model would read it, whatever its characters are disguised as, and the phrases that
try to steer the model that reads it. Knows nothing about passages, prompts or answers: it only says what it found.

A phrase book cannot be complete; it lets a person be told. What keeps an answer right is that each of its sentences
is checked against the source, whether or not a phrase was known.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rag.injection.phrases import OVERRIDES, PHRASES

_SHOWN = 120
# Read at most so much at once; the pieces overlap by more than the longest phrase.
_PIECE, _OVERLAP = 20_000, 400


def find_injections(text: str) -> str:
    """The words of ``text`` that read like an order to a language model, at most 120 characters; "" when none do.

    They are a stretch of the text on one line, with invisible characters left out or, where they spell something,
    spelled out. Takes time in proportion to the length of the text, whatever it holds.
    """
    for first in range(0, len(text), _PIECE):
        piece = text[first : first + _PIECE + _OVERLAP]
        plain, places = _read(piece)
        found = [match for match in (phrase.find(plain) for phrase in _phrases()) if match]
        if found:
            match = min(found, key=lambda match: match.start())
            start, end = places[match.start()], places[match.end() - 1] + 1
            return _shown(piece, start, end)
    return ""


def _shown(text: str, start: int, end: int) -> str:
    """The words from ``start`` on, to the end of the sentence that ``end`` lies in, on one line and cut to length."""
    stop = re.compile(r"[.!?。！？\n]|$").search(text, end, start + 4 * _SHOWN)
    words = text[start : stop.end() if stop else start + 4 * _SHOWN]
    visible = "".join(_spelled(character) for character in words)
    line = " ".join(visible.split()).lstrip(".,;:!?)]}>»”\"'-*# ")
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"


# -- what the characters say -------------------------------------------------------------------------------------------

# Letters of other scripts (and small capitals) that look like Latin ones.
_ALIKE = str.maketrans(
    "авеѕікмнорстухјһԁԛԝαεικνορτυχηɑɩɡօսոаᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "abesikmhopctyxjhdqwaeikvoptuxnaigounaabcdefghijklmnoprstuvwyz",
)
_LEET = str.maketrans("013457@$", "oieastas")
_OTHER = re.compile("[\u0370-\u03ff\u0400-\u052f\u0250-\u02af\u0530-\u058f\u1d00-\u1d2b\ua730-\ua7ff]")
_WORD = re.compile(r"[^\W\d_]+")
_MIXED = re.compile(r"[a-z0134570@$]{4,}")
# Invisible characters that each stand for a letter.
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
# Single letters, each kept apart by one sign: "i g n o r e", "i.g.n.o.r.e".
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W_][ .*_-]){4,}[^\W_](?![^\W_])")


def _read(text: str) -> tuple[str, list[int] | range]:
    """``text`` as a reader takes it, in small letters, and the place in ``text`` of each of its characters.

    Compatibility forms are resolved, accents and invisible characters dropped, tag characters spelled out,
    look-alikes of other scripts and digits inside words made letters, and words that were spaced out closed up.
    """
    places: list[int] | range
    if text.isascii():
        plain, places = text.lower(), range(len(text))
    else:
        letters = [_folded(character) for character in text]
        for run in _TAGS.finditer(text):
            letters[run.start()] = " " + letters[run.start()]
            letters[run.end() - 1] += " "
        plain = "".join(letters)
        places = [number for number, letter in enumerate(letters) for _ in letter]
        if _OTHER.search(plain):
            plain = _WORD.sub(lambda word: _latin(word.group()), plain)
    plain = _MIXED.sub(_without_digits, plain)
    if _SPACED.search(plain):
        kept = _closed_up(plain)
        plain, places = "".join(plain[number] for number in kept), [places[number] for number in kept]
    return plain, places


def _spelled(character: str) -> str:
    """A character as it is shown: a tag character as the letter it stands for, another invisible one not at all."""
    code = ord(character)
    if 0xE0020 <= code <= 0xE007E:
        return chr(code - 0xE0000)
    return "" if unicodedata.category(character) in ("Cf", "Co") or 0xFE00 <= code <= 0xFE0F else character


@lru_cache(maxsize=20_000)
def _folded(character: str) -> str:
    """A character in small letters of its simplest form, without accents; "" for one that is not seen."""
    parts = unicodedata.normalize("NFKD", _spelled(character)).casefold().replace("ı", "i")
    return "".join(part for part in parts if not _is_accent(part))


def _is_accent(character: str) -> bool:
    code = ord(character)
    return 0x300 <= code <= 0x36F or 0x64B <= code <= 0x65F or 0xFE00 <= code <= 0xFE0F or code in (0x640, 0x670, 0x93C)


def _without_digits(found: re.Match[str]) -> str:
    """A run of letters and digits in letters alone; one without letters as it is."""
    run = found.group()
    return run.translate(_LEET) if any("a" <= sign <= "z" for sign in run) else run


def _latin(word: str) -> str:
    """A word that mixes Latin letters with others that look like them, all in Latin."""
    return word.translate(_ALIKE) if any("a" <= letter <= "z" for letter in word) or _small_capitals(word) else word


def _small_capitals(word: str) -> bool:
    return any("\u0250" <= letter <= "\u02af" or "\u1d00" <= letter <= "\u1d2b" for letter in word)


def _closed_up(text: str) -> list[int]:
    """The places of the characters that are left when letters that were kept apart are put together."""
    kept: list[int] = []
    done = 0
    for run in _SPACED.finditer(text):
        kept += [*range(done, run.start()), *range(run.start(), run.end(), 2)]
        done = run.end()
    return [*kept, *range(done, len(text))]


# -- looking for phrases -----------------------------------------------------------------------------------------------

# What the marks of the phrase book stand for.
_MACROS = {" ": r"[\W_]{0,6}", "&": r"(?:\w{1,14}\W{1,3})", "~": r"[^.!?。]{0,30}?"}
# What may stand before a phrase, by its first character. It is looked at last: a search for plain letters is fast.
_BEFORE = {
    "@": re.compile(r"(?:\A|[^a-zа-я])\Z"),
    "!": re.compile(r"(?:\A|[^a-zа-я])(?<!not.)(?<!n't.)(?<!never.)(?<!\bn.)(?<!\bne.)(?<!\bnao.)(?<!\bnie.)\Z"),
    "%": re.compile(
        r"(?:\A|[\n.!?:;,。>\"“”‘'*()\]|#-]|(?:\A|\W)(?:please|and|then|now|must|always|only|just|also|simply))"
        r"[\s\"“'*(_]*\Z"
    ),
    "^": re.compile(r"(?:\A|\n)\W*\Z"),
    "*": re.compile(""),
}
_LOOKED_BACK = 16


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase to look for where one of its key words is in the text, and what must stand before it."""

    keys: tuple[str, ...]
    before: re.Pattern[str]
    words: re.Pattern[str]

    def find(self, plain: str) -> re.Match[str] | None:
        # To look for a few plain words costs a hundredth of the expression.
        if not any(key in plain for key in self.keys):
            return None
        match = self.words.search(plain)
        while match and not self.before.search(plain[max(0, match.start() - _LOOKED_BACK) : match.start()]):
            match = self.words.search(plain, match.start() + 1)
        return match


@lru_cache(maxsize=1)
def _phrases() -> tuple[_Phrase, ...]:
    """The phrase book, ready for a text that was read."""
    written = [*PHRASES]
    for keys, verbs, which, orders in OVERRIDES:
        target = f"(?:(?:{which})~(?:{orders})|(?:{orders})~(?:{which}))"
        written.append((keys, f"!(?:{verbs})~{target}"))
        # Many languages put the verb last; English does not.
        if not verbs.startswith("(?:ignore|"):
            written.append((keys, f"@{target}~(?:{verbs})"))
    return tuple(
        _Phrase(tuple(_simple(keys).split()), _BEFORE[words[0]], _expression(words[1:])) for keys, words in written
    )


def _simple(text: str) -> str:
    return "".join(character if character.isascii() else _folded(character) for character in text)


def _expression(phrase: str) -> re.Pattern[str]:
    return re.compile("".join(_MACROS.get(character, character) for character in _simple(phrase)))
