"""Gather the words of a block while its inline elements are walked.

Owns: how raised, struck-out and annotated words read on the line. Knows nothing about elements.
"""

from __future__ import annotations

import re

from rag.load.raised import lowered, raised
from rag.load.text import without_breaks

_SPACES = re.compile(r"[ \t\n\r\f]+")
_HAN = re.compile("[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]*")
_SIGNS = (".", ",", ":", ";", "!", "?")
# What stands before raised letters is looked at so far, in characters.
_CONTEXT = 80
_STRUCK = "[struck out: "
# Elements in elements whose words are written in another way; more of them mean nothing.
_DEEPEST = 30


class Words:
    """The words since the last block ended, and the inline elements that are open among them."""

    def __init__(self) -> None:
        # The text of the open elements, outermost first.
        self._open: list[list[str]] = [[]]
        # Whether the next word needs a space before it.
        self._needs_space = False
        # The reading of the characters before, which stands behind the word that they are part of; and those that wait
        # outside the elements that are open.
        self._reading = ""
        self._readings_outside: list[str] = []

    def add(self, text: str, keep_spaces: bool = False) -> None:
        """Append text.

        Args:
            text: The text.
            keep_spaces: Whether its white space is its own, as in code.
        """
        text = without_breaks(text)
        if not keep_spaces:
            text = _SPACES.sub(" ", text)
        if not text:
            return
        if self._reading:
            of_word = _HAN.match(text)
            end = of_word.end() if of_word else 0
            self._append(text[:end])
            self._append_reading()
            text = text[end:]
        self._append(text)

    def add_apart(self, text: str) -> None:
        """Append words that no element joins to those around them."""
        self.need_space()
        self.add(text)
        self.need_space()

    def add_sign(self, sign: str) -> None:
        """Append a sign to the last word; nothing where a sign stands there, or no word."""
        buffer = self._open[-1]
        while buffer and not buffer[-1].strip():
            buffer.pop()
        if buffer:
            last = buffer[-1].rstrip()
            buffer[-1] = last if last.endswith(_SIGNS) else last + sign

    def need_space(self) -> None:
        """Have a space before the next letter, where none stands there."""
        self._needs_space = True

    def before(self) -> str:
        """Return the end of the text so far."""
        parts: list[str] = []
        length = 0
        for buffer in reversed(self._open):
            for part in reversed(buffer):
                parts.append(part)
                length += len(part)
                if length >= _CONTEXT:
                    return "".join(reversed(parts))[-_CONTEXT:]
        return "".join(reversed(parts))

    @property
    def is_deep(self) -> bool:
        """Whether so many elements are open that no more should be."""
        return len(self._open) > _DEEPEST

    def open(self) -> None:
        """Begin an element whose words are written in another way."""
        self._open.append([])
        self._readings_outside.append(self._reading)
        self._reading = ""

    def close(self) -> str:
        """End the innermost open element and return its words, which are not yet part of the text."""
        self._append_reading()
        if len(self._open) == 1:
            return ""
        self._reading = self._readings_outside.pop()
        return "".join(self._open.pop())

    def close_raised(self, after: str) -> None:
        """End raised letters; ``after`` is the text behind them."""
        text = self.close()
        written = raised(text, self.before(), after)
        self.add(written)
        if written.endswith("]"):
            self.need_space()

    def close_lowered(self) -> None:
        """End lowered letters."""
        self.add(lowered(self.close()))

    def close_struck(self) -> None:
        """End words that are struck out."""
        text = self.close()
        self.add(struck(text))
        if text.strip():
            self.need_space()

    def close_note(self) -> str:
        """End the mark of a note, and return it."""
        mark = self.close().strip(" []()")
        if mark:
            apart = " " if self.before()[-1:].strip() else ""
            self.add(f"{apart}[{mark}]")
            self.need_space()
        return mark

    def close_ruby(self, reading: str) -> None:
        """End characters whose reading stands above them: it follows the word that they belong to."""
        text = self.close()
        if self._reading and _HAN.fullmatch(text):
            # The characters go on the word before, whose reading waits.
            self._append(text)
        else:
            self.add(text)
        self._reading += reading.strip()

    def strip_end(self) -> None:
        """Take the white space at the end away."""
        while self._open[-1]:
            last = self._open[-1].pop().rstrip()
            if last:
                self._open[-1].append(last)
                return

    def take(self) -> str:
        """Return the text and begin anew; open elements stay open."""
        self._append_reading()
        text = "".join(part for buffer in self._open for part in buffer)
        self._open = [[] for _ in self._open]
        self._readings_outside = ["" for _ in self._readings_outside]
        self._needs_space = False
        return text

    def _append_reading(self) -> None:
        if self._reading:
            self._open[-1].append(f" ({self._reading})")
            self._reading = ""

    def _append(self, text: str) -> None:
        if not text:
            return
        if self._needs_space and (text[0].isalnum() or text[0] in "([☐☒") and self.before()[-1:].strip():
            self._open[-1].append(" ")
        self._needs_space = False
        self._open[-1].append(text)


def struck(text: str) -> str:
    """Return words that are struck out, marked as such; the white space around them stays."""
    words = text.strip()
    if not words or (words.startswith(_STRUCK) and words.endswith("]") and words.count("[") == 1):
        return text
    start = len(text) - len(text.lstrip())
    return f"{text[:start]}{_STRUCK}{words}]{text[start + len(words) :]}"
