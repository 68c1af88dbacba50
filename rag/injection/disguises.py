"""Undo the disguises of a text: what a language model takes it to say.

Owns: look-alike letters, invisible characters, digits for letters, letters kept apart. Knows nothing about phrases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

# Letters of other scripts (and small capitals) that look like Latin ones.
_LOOK_ALIKES = str.maketrans(
    "авеѕікмнорстухјһԁԛԝαεικνορτυχηɑɩɡօսոаᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "abesikmhopctyxjhdqwaeikvoptuxnaigounaabcdefghijklmnoprstuvwyz",
)
_DIGITS_FOR_LETTERS = str.maketrans("013457@$", "oieastas")
# Greek, Cyrillic, phonetic, Armenian and small-capital letters.
_OTHER_SCRIPTS = re.compile("[\u0370-\u03ff\u0400-\u052f\u0250-\u02af\u0530-\u058f\u1d00-\u1d2b\ua730-\ua7ff]")
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS_AND_DIGITS = re.compile(r"[a-z0134570@$]{4,}")
# Tag characters: invisible ones that each stand for a letter, this far above it.
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_TAG_OFFSET = 0xE0000
# Single letters, each kept apart by one sign: "i g n o r e", "i.g.n.o.r.e".
_SPACED_OUT = re.compile(r"(?<![^\W_])(?:[^\W_][ .*_-]){4,}[^\W_](?![^\W_])")


def undisguise(text: str) -> tuple[str, Sequence[int]]:
    """Return a text in small letters as a model takes it.

    Compatibility forms are resolved, accents and invisible characters dropped, tag characters spelled out,
    look-alikes of other scripts and digits inside words made letters, and words that were spaced out closed up.

    Returns the plain text, and for each of its characters the offset in ``text`` of the one that it comes from.
    """
    offsets: Sequence[int]
    if text.isascii():
        plain, offsets = text.lower(), range(len(text))
    else:
        letters = [fold(character) for character in text]
        for tags in _TAGS.finditer(text):
            letters[tags.start()] = " " + letters[tags.start()]
            letters[tags.end() - 1] += " "
        plain = "".join(letters)
        offsets = [offset for offset, folded in enumerate(letters) for _ in folded]
        if _OTHER_SCRIPTS.search(plain):
            plain = _WORD.sub(lambda word: _in_latin(word.group()), plain)
    plain = _LETTERS_AND_DIGITS.sub(_without_digits, plain)
    if _SPACED_OUT.search(plain):
        positions = _closed_up(plain)
        plain = "".join(plain[position] for position in positions)
        offsets = [offsets[position] for position in positions]
    return plain, offsets


def spell(character: str) -> str:
    """Return a character as it is shown: a tag character as its letter, another invisible one as ""."""
    code = ord(character)
    if 0xE0020 <= code <= 0xE007E:
        return chr(code - _TAG_OFFSET)
    return "" if unicodedata.category(character) in ("Cf", "Co") or 0xFE00 <= code <= 0xFE0F else character


@lru_cache(maxsize=20_000)
def fold(character: str) -> str:
    """Return a character in small letters of its simplest form, without accents; "" for one that is not seen."""
    parts = unicodedata.normalize("NFKD", spell(character)).casefold().replace("ı", "i")
    return "".join(part for part in parts if not _is_accent(part))


def _is_accent(character: str) -> bool:
    """Tell whether a character only changes the one before it, in Latin, Arabic or Devanagari script."""
    code = ord(character)
    return 0x300 <= code <= 0x36F or 0x64B <= code <= 0x65F or 0xFE00 <= code <= 0xFE0F or code in (0x640, 0x670, 0x93C)


def _without_digits(match: re.Match[str]) -> str:
    """Return a run of letters and digits in letters alone; one without letters as it is."""
    run = match.group()
    return run.translate(_DIGITS_FOR_LETTERS) if _has_latin(run) else run


def _in_latin(word: str) -> str:
    """Return a word that mixes Latin letters with others that look like them, all in Latin."""
    return word.translate(_LOOK_ALIKES) if _has_latin(word) or _has_small_capitals(word) else word


def _has_latin(word: str) -> bool:
    return any("a" <= letter <= "z" for letter in word)


def _has_small_capitals(word: str) -> bool:
    return any("\u0250" <= letter <= "\u02af" or "\u1d00" <= letter <= "\u1d2b" for letter in word)


def _closed_up(text: str) -> list[int]:
    """Return the offsets of the characters that are left when letters that were kept apart are put together."""
    offsets: list[int] = []
    done = 0
    for spaced in _SPACED_OUT.finditer(text):
        offsets += [*range(done, spaced.start()), *range(spaced.start(), spaced.end(), 2)]
        done = spaced.end()
    return [*offsets, *range(done, len(text))]
