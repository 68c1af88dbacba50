"""Find words in a document that read like orders to a language model.

Owns: looking for the phrases of the phrase book, and which words of the text are shown for one. Knows nothing about
passages, prompts or answers: it only tells what it found.

A phrase book cannot be complete; it lets a person be told. What keeps an answer right is that each of its sentences
is checked against the source, whether or not a phrase was known.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from rag.injection.disguises import fold, spell, undisguise
from rag.injection.phrases import OVERRIDES, PHRASES
from rag.patterns import lazy_pattern

_SHOWN_CHARACTERS = 120
_SENTENCE_END = re.compile(r"[.!?。！？\n]|$")
# A text is searched in pieces of so many characters, which overlap by more than the longest phrase.
_PIECE, _OVERLAP = 20_000, 400
# What the marks of the phrase book stand for.
_MARKS = {" ": r"[\W_]{0,6}", "&": r"(?:\w{1,14}\W{1,3})", "~": r"[^.!?。]{0,30}?"}
# What may stand before a phrase, by the mark that it begins with.
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
# So many characters before a phrase are looked at.
_LOOK_BACK = 16
# Counted up when a text is read otherwise with the same phrases.
_READING = 1

BOOK = hashlib.blake2b(repr((_READING, PHRASES, OVERRIDES)).encode(), digest_size=4).hexdigest()
"""What tells the phrases of today, and how they are looked for, from those of another version: eight characters."""


def find_injections(text: str) -> str:
    """Return the words of a text that read like an order to a language model, at most 120 characters; "" for none.

    They are a stretch of the text on one line, with invisible characters left out or, where they spell something,
    spelled out. Takes time in proportion to the length of the text, whatever it holds.
    """
    for piece_start in range(0, len(text), _PIECE):
        piece = text[piece_start : piece_start + _PIECE + _OVERLAP]
        plain, offsets = undisguise(piece)
        matches = [match for match in (phrase.find(plain) for phrase in _phrase_book()) if match]
        if matches:
            first = min(matches, key=lambda match: match.start())
            return _shown_words(piece, offsets[first.start()], offsets[first.end() - 1] + 1)
    return ""


def _shown_words(text: str, start: int, end: int) -> str:
    """Return the words from ``start`` to the end of the sentence that holds ``end``, on one line and cut to length."""
    longest = start + 4 * _SHOWN_CHARACTERS
    stop = _SENTENCE_END.search(text, end, longest)
    words = text[start : stop.end() if stop else longest]
    visible = "".join(spell(character) for character in words)
    line = " ".join(visible.split()).lstrip(".,;:!?)]}>»”\"'-*# ")
    return line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class _CompiledPhrase:
    """A phrase to look for.

    Attributes:
        keywords: Any text that holds the phrase holds one of them.
        before: What must match the text before it.
        pattern: The phrase.
    """

    keywords: tuple[str, ...]
    before: re.Pattern[str]
    pattern: re.Pattern[str]

    def find(self, plain: str) -> re.Match[str] | None:
        """Return the first match in a text without disguises, or None."""
        # To look for a few plain words costs a hundredth of the expression.
        if not any(keyword in plain for keyword in self.keywords):
            return None
        match = self.pattern.search(plain)
        # What stands before is looked at last: a search for plain letters is fast.
        while match and not self.before.search(plain[max(0, match.start() - _LOOK_BACK) : match.start()]):
            match = self.pattern.search(plain, match.start() + 1)
        return match


@lru_cache(maxsize=1)
def _phrase_book() -> tuple[_CompiledPhrase, ...]:
    """Return the phrases, ready to be looked for in a text without disguises."""
    phrases = [*PHRASES]
    for override in OVERRIDES:
        which, orders = f"(?:{override.qualifiers})", f"(?:{override.orders})"
        target = f"(?:{which}~{orders}|{orders}~{which})"
        phrases.append((override.keywords, f"!(?:{override.verbs})~{target}"))
        if override.verb_may_be_last:
            phrases.append((override.keywords, f"@{target}~(?:{override.verbs})"))
    return tuple(
        _CompiledPhrase(tuple(_fold_all(keywords).split()), _BEFORE[pattern[0]], _compile(pattern[1:]))
        for keywords, pattern in phrases
    )


def _fold_all(text: str) -> str:
    """Return words of the phrase book as ``undisguise`` gives those of a text."""
    return "".join(character if character.isascii() else fold(character) for character in text)


def _compile(pattern: str) -> re.Pattern[str]:
    return lazy_pattern("".join(_MARKS.get(character, character) for character in _fold_all(pattern)))
