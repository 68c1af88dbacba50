r"""Cut TeX into tokens, and keep the commands that a text defines for itself.

Owns: comments, what stands as it is (verbatim), and the reading of arguments. Knows nothing about what commands mean.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<comment>%[^\n]*(?:\n[ \t]*)?)"
    r"|(?P<command>\\(?:[a-zA-Z@]+\*?|\n|.|$))"
    r"|(?P<paragraph>\n[ \t]*\n\s*)"
    r"|(?P<space>[ \t\n]+)"
    r"|(?P<sign>\$\$?|[{}\[\]&~#]|-{2,3}|``|''|`|')"
    r"|(?P<text>[^\\%\n \t${}\[\]&~#`'-]+|-)",
    re.S,
)
_VERBATIM = frozenset(
    "verbatim verbatim* Verbatim BVerbatim LVerbatim lstlisting minted alltt comment filecontents".split()
)
_NAME = re.compile(r"\s{0,10}\{([^{}\\]{1,60})\}")
_OPTION = re.compile(r"\s{0,10}\[[^\]]{0,500}\]")
_LANGUAGE = re.compile(r"\{[^{}]{0,60}\}")
# Tokens that a text's own commands may grow to: one may call another.
_MOST_EXPANDED = 200_000
_MOST_ARGUMENTS = 9
PARAGRAPH = "\n\n"


class Verbatim(NamedTuple):
    """A part that stands as it is, with the environment that it stands in; "" for one in a line."""

    text: str
    environment: str


Token = str | Verbatim


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the tokens of a text; white space is one space, and an end of a paragraph is ``PARAGRAPH``."""
    at = 0
    while at < len(text):
        part = _TOKEN.match(text, at)
        if part is None:
            at += 1
            continue
        kind, value = part.lastgroup, part[0]
        at = part.end()
        if kind == "comment":
            continue
        if kind == "command" and value in ("\\begin", "\\verb", "\\verb*", "\\lstinline"):
            verbatim, end = _verbatim(text, at, value)
            if verbatim is not None:
                at = end
                yield verbatim
                continue
        yield {"paragraph": PARAGRAPH, "space": " "}.get(kind or "", value)


def _verbatim(text: str, at: int, command: str) -> tuple[Verbatim | None, int]:
    """Return what stands as it is behind a command, and where it ends; None where nothing does."""
    if command != "\\begin":
        sign = text[at : at + 1]
        end = text.find(sign, at + 1, at + 2000) if sign and not sign.isalnum() else -1
        return (None, at) if end < 0 else (Verbatim(text[at + 1 : end], ""), end + 1)
    name = _NAME.match(text, at)
    if name is None or name[1] not in _VERBATIM:
        return None, at
    start = name.end()
    if option := _OPTION.match(text, start):
        start = option.end()
    if name[1] in ("minted", "filecontents") and (language := _LANGUAGE.match(text, start)):
        start = language.end()
    closing = f"\\end{{{name[1]}}}"
    end = text.find(closing, start)
    end = len(text) if end < 0 else end
    return Verbatim(text[start:end], name[1]), end + len(closing)


class Tokens:
    """The tokens that are still to be read. Commands that the text defines are put in place of their names."""

    def __init__(self, text: str) -> None:
        self._waiting = list(tokens_of(text))
        self._waiting.reverse()
        self._own: dict[str, tuple[int, list[Token]]] = {}
        self._room = _MOST_EXPANDED

    def next(self) -> Token | None:
        """Return the next part, or None at the end."""
        while self._waiting:
            part = self._waiting.pop()
            if not isinstance(part, str) or part not in self._own:
                return part
            self._expand(part)
        return None

    def peek(self) -> Token | None:
        """Return the next part without taking it."""
        part = self.next()
        if part is not None:
            self._waiting.append(part)
        return part

    def skip_spaces(self) -> None:
        """Pass over white space."""
        while self._waiting and self._waiting[-1] == " ":
            self._waiting.pop()

    def argument(self) -> list[Token]:
        """Return the tokens of the next group without its braces, or the one part that stands for it."""
        self.skip_spaces()
        if not self._waiting or self._waiting[-1] in (PARAGRAPH, "}"):
            return []
        first = self._waiting.pop()
        return [first] if first != "{" else self._until("{", "}")

    def option(self) -> list[Token]:
        """Return the tokens in square brackets that follow directly; [] where none do."""
        if not self._waiting or self._waiting[-1] != "[":
            return []
        self._waiting.pop()
        return self._until("[", "]")

    def text_argument(self) -> str:
        """Return the next group as it is written."""
        return as_written(self.argument())

    def until_end(self, environment: str) -> list[Token]:
        """Return the tokens up to the end of an environment, which is passed over."""
        found: list[Token] = []
        depth = 0
        while (part := self.next()) is not None:
            if part in ("\\begin", "\\end"):
                name = self.text_argument()
                depth += (1 if part == "\\begin" else -1) if name == environment else 0
                if depth < 0:
                    break
                found += [part, "{", name, "}"]
            else:
                found.append(part)
        return found

    def until(self, closing: str) -> list[Token]:
        """Return the tokens up to one that closes, which is passed over; a paragraph's end closes, too."""
        found: list[Token] = []
        while (part := self.next()) is not None and part != closing:
            if part == PARAGRAPH:
                self._waiting.append(part)
                break
            found.append(part)
        return found

    def push(self, tokens: list[Token]) -> None:
        """Have tokens read next."""
        self._waiting.extend(reversed(tokens))

    def stop(self) -> None:
        """Pass over all that is still to be read."""
        self._waiting.clear()

    def define(self, *, is_def: bool, known: Container[str]) -> None:
        r"""Take a definition.

        Args:
            is_def: Whether it is written as ``\def\name#1{…}``, not as ``\newcommand{\name}[1]{…}``.
            known: Names of commands whose meaning stays what it is.
        """
        name = as_written(self.argument()).strip()
        count = 0
        if is_def:
            while self._waiting and self._waiting[-1] not in ("{", PARAGRAPH):
                count += self._waiting.pop() == "#"
        else:
            number = as_written(self.option())
            count = int(number) if number.isdecimal() and len(number) == 1 else 0
            self.option()
        body = self.argument()
        is_new = name.startswith("\\") and not name.startswith("\\label") and name[1:] not in known
        if is_new and count <= _MOST_ARGUMENTS:
            self._own[name] = (count, body)

    def _expand(self, name: str) -> None:
        count, body = self._own[name]
        arguments = [self.argument() for _ in range(count)]
        expanded: list[Token] = []
        for number, part in enumerate(body):
            before = body[number - 1] if number else ""
            if part == "#":
                continue
            if before == "#" and isinstance(part, str) and part[:1].isdecimal():
                at = int(part[0]) - 1
                expanded += arguments[at] if at < len(arguments) else []
                expanded += [part[1:]] if part[1:] else []
            else:
                expanded.append(part)
            if len(expanded) > self._room:
                break
        self._room -= len(expanded)
        if self._room > 0:
            self._waiting.extend(reversed(expanded))
        else:
            # What calls itself is no text.
            self._own.clear()

    def _until(self, opening: str, closing: str) -> list[Token]:
        """Return the tokens up to the end of a group that is open."""
        found: list[Token] = []
        depth = braces = 0
        while self._waiting:
            part = self._waiting.pop()
            if opening == "[" and part in ("{", "}"):
                braces += 1 if part == "{" else -1
                if braces < 0:
                    self._waiting.append(part)
                    break
            if part == opening:
                depth += 1
            elif part == closing and not braces:
                if not depth:
                    break
                depth -= 1
            elif part == PARAGRAPH and opening == "[":
                self._waiting.append(part)
                break
            found.append(part)
        return found


def as_written(tokens: list[Token]) -> str:
    """Return tokens as they are written."""
    parts: list[str] = []
    for part in tokens:
        text = part if isinstance(part, str) else part.text
        # A letter behind a command would become part of its name.
        if parts and parts[-1][:1] == "\\" and parts[-1][-1:].isalpha() and text[:1].isalpha():
            parts.append(" ")
        parts.append(text)
    return "".join(parts)
