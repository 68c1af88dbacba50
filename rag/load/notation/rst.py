"""Read reStructuredText, as docutils and Sphinx have it, and write it as HTML.

Owns: the blocks of a text. Knows nothing about files; a file that it takes in is named, never opened.

    rst_inline      marks within a line
    rst_tables      tables
    rst_directives  what stands behind ".. name::"
"""

from __future__ import annotations

import html
import re

from rag.load.builder import Builder
from rag.load.notation.blocks import BlockWalk
from rag.load.notation.rst_directives import directive_html
from rag.load.notation.rst_inline import Notes, inline_html
from rag.load.notation.rst_tables import grid_table, is_simple_border, simple_table
from rag.notices import Notice

_ADORNMENT = re.compile(r"([!-/:-@[-`{-~])\1*$")
_BULLET = re.compile(r"([*+\-•‣⁃])(?:\s{1,10}|$)")
_NUMBER = re.compile(r"(\(?(?:\d{1,4}|[a-zA-Z]|[ivxlcdm]{1,8}|[IVXLCDM]{1,8}|#)[.)])\s{1,10}(?=\S)")
_FIELD = re.compile(r":(?=\S)((?:[^:\\`]|\\.|:(?=\S)){1,100}):(?:\s{1,20}|$)")
_OPTION = re.compile(
    r"((?:--?|/)\w[^\s,]{0,60}(?:[ =][^\s,-]\S{0,40})?(?:, --?\w[^\s,]{0,60}(?:[ =]\S{1,40})?){0,5})(?:\s{2,}|$)"
)
_EXPLICIT = re.compile(r"\.\.(?:\s{1,20}|$)")
_DIRECTIVE = re.compile(r"([a-zA-Z][\w:.+-]{0,60})\s?::(?:\s{1,20}|$)")
_NOTE = re.compile(r"\[(\d{1,5}|#[\w.-]{0,60}|\*|\w[\w.-]{0,60})\](?:\s{1,20}|$)")
_SUBSTITUTION = re.compile(r"\|([^|]{1,100})\|\s{1,10}([\w-]{1,30})::\s{0,20}(.{0,2000})")


def rst_html(text: str, builder: Builder) -> str:
    """Return a text of reStructuredText as a page, and warn of the files that it takes in.

    Args:
        text: The canonical text of the file.
        builder: What is told of files that are not read.

    Returns:
        The page.
    """
    lines = [line.expandtabs(8).rstrip() for line in text.split("\n")]
    writer = RstWriter(lines)
    page = writer.blocks(lines)
    if writer.other_files:
        builder.warn(Notice("reading-other-files", {"names": list(dict.fromkeys(writer.other_files))}))
    return f"<!DOCTYPE html><body>{page}</body>"


class RstWriter:
    """Writes blocks as HTML.

    Attributes:
        blocks: Returns lines as blocks of HTML.
        other_files: The names of files that the text takes in.
    """

    def __init__(self, lines: list[str]) -> None:
        self.blocks = BlockWalk(self._block)
        self.other_files: list[str] = []
        self._styles: list[tuple[str, bool]] = []
        explicit = [line.lstrip()[3:].lstrip() for line in lines if line.lstrip().startswith(".. ")]
        self._notes = Notes([note[1] for line in explicit if (note := _NOTE.match(line))])
        self._substitutions: dict[str, str] = {}
        for line in explicit:
            if defined := _SUBSTITUTION.match(line):
                words = "" if defined[2] in ("image", "raw") else defined[3]
                self._substitutions[" ".join(defined[1].split())] = html.escape(words, quote=False)

    def inline(self, text: str) -> str:
        """Return words with their marks as HTML."""
        return inline_html(text, self._notes, self._substitutions)

    def _block(self, lines: list[str], at: int) -> tuple[int, str]:
        """Return the number of the line after the block that begins at a line, and the block."""
        line = lines[at]
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if heading := self._heading(lines, at):
            return heading
        if line[0] == " ":
            end = _indented_end(lines, at)
            return end, f"<blockquote>{self.blocks(_dedented(lines[at:end]))}</blockquote>"
        if _EXPLICIT.match(line):
            return self._explicit(lines, at)
        if line.startswith("__ "):
            return at + 1, ""
        if line.startswith("+-") and (end := _end(lines, at, ("+", "|"))) > at + 2:
            return end, grid_table(lines[at:end], self.blocks) or _preformatted(lines[at:end])
        if is_simple_border(line):
            end = _simple_table_end(lines, at)
            return end, simple_table(lines[at:end], self.blocks)
        if line.startswith("| ") or line == "|":
            end = _end(lines, at, ("| ", "|", " "))
            words = [self.inline(row.lstrip("|").strip()) for row in lines[at:end]]
            return end, f"<p>{'<br>'.join(words)}</p>"
        if line.startswith(">>> "):
            end = _blank(lines, at)
            return end, _preformatted(lines[at:end])
        if _BULLET.match(line) or self._is_numbered(line, below):
            return self._list(lines, at)
        if field := _FIELD.match(line) or _OPTION.match(line):
            return self._described(lines, at, field[1], line[field.end() :])
        if below.startswith(" ") and not line.endswith("::"):
            term = re.split(r"\s:\s", line, maxsplit=1)[0]
            return self._described(lines, at, term, "")
        return self._paragraph(lines, at)

    def _heading(self, lines: list[str], at: int) -> tuple[int, str] | None:
        line = lines[at]
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if _ADORNMENT.match(line):
            under = lines[at + 2] if at + 2 < len(lines) else ""
            if below and under == line and len(line) >= len(below.strip()):
                return at + 3, self._level(line[0], True, below)
            is_simple = is_simple_border(line)
            return (at + 1, "") if not is_simple and len(line) > 3 and not below else None
        is_long = len(below) > 3 or len(below) == len(line)
        if below and line[0] != " " and _ADORNMENT.match(below) and is_long and len(below) * 2 >= len(line):
            return at + 2, self._level(below[0], False, line)
        return None

    def _level(self, sign: str, is_over: bool, words: str) -> str:
        style = (sign, is_over)
        if style not in self._styles:
            self._styles.append(style)
        level = min(6, self._styles.index(style) + 1)
        return f"<h{level}>{self.inline(words.strip())}</h{level}>"

    def _explicit(self, lines: list[str], at: int) -> tuple[int, str]:
        """Write what begins with two points: a directive, a note; targets and comments are no text."""
        opening = _EXPLICIT.match(lines[at])
        first = lines[at][opening.end() if opening else 2 :]
        if not first.strip() and not any(lines[at + 1 : at + 2]):
            # A comment without words: what stands below the blank line is none of it.
            return at + 1, ""
        end = _indented_end(lines, at + 1) if at + 1 < len(lines) else at + 1
        body = _dedented(lines[at + 1 : end])
        if note := _NOTE.match(first):
            number = self._notes.number(note[1], is_definition=True)
            return end, labelled(f"[{html.escape(number)}]", self.blocks([first[note.end() :], *body]))
        if directive := _DIRECTIVE.match(first):
            return end, directive_html(self, directive[1], first[directive.end() :], body)
        return end, ""

    def _is_numbered(self, line: str, below: str) -> bool:
        """Tell whether a line begins an item with a number; one whose next line goes on at the margin is a sentence."""
        number = _NUMBER.match(line)
        if not number:
            return False
        return not below or below.startswith(" ") or bool(_NUMBER.match(below))

    def _list(self, lines: list[str], at: int) -> tuple[int, str]:
        is_bulleted = bool(_BULLET.match(lines[at]))
        items: list[str] = []
        number = 0
        while at < len(lines):
            if not lines[at]:
                at += 1
                continue
            mark = (_BULLET if is_bulleted else _NUMBER).match(lines[at])
            if not mark:
                break
            width = mark.end() if mark.end() < len(lines[at]) else mark.end(1) + 1
            end = _indented_end(lines, at + 1)
            body = self.blocks(
                [lines[at][mark.end() :], *(line[width:] or line.strip() for line in lines[at + 1 : end])]
            )
            number += 1
            label = mark[1].replace("#", str(number))
            items.append(f"<li>{body if is_bulleted else labelled(label, body)}</li>")
            at = end
        return at, f"<ul>{''.join(items)}</ul>"

    def _described(self, lines: list[str], at: int, term: str, first: str) -> tuple[int, str]:
        """Write a term with what stands under it: a definition, a field, an option."""
        end = _indented_end(lines, at + 1)
        body = self.blocks([first, *_dedented(lines[at + 1 : end])])
        words = self.inline(term).strip()
        return end, f"<dl><dt>{words}</dt><dd>{body}</dd></dl>" if body else f"<p>{words}</p>"

    def _paragraph(self, lines: list[str], at: int) -> tuple[int, str]:
        end = at + 1
        while end < len(lines) and lines[end] and not _EXPLICIT.match(lines[end]):
            end += 1
        text = " ".join(line.strip() for line in lines[at:end])
        if not text.endswith("::"):
            return end, f"<p>{self.inline(text)}</p>"
        # What is indented below two colons stands as it is.
        words = text[:-2].rstrip()
        written = f"<p>{self.inline(words + ('' if words != text[:-2] else ':'))}</p>" if words else ""
        close = _indented_end(lines, end)
        return close, written + _preformatted(_dedented(lines[end:close]))


def labelled(label: str, blocks: str) -> str:
    """Return blocks of HTML whose first paragraph begins with a label.

    Args:
        label: The label, as HTML.
        blocks: The blocks.

    Returns:
        The blocks with the label.
    """
    if blocks.startswith("<p>"):
        return f"<p>{label} {blocks[3:]}"
    return f"<p>{label}</p>{blocks}"


def _preformatted(lines: list[str]) -> str:
    text = "\n".join(lines).strip("\n")
    return f"<pre>\n{html.escape(text)}</pre>" if text else ""


def _blank(lines: list[str], at: int) -> int:
    while at < len(lines) and lines[at]:
        at += 1
    return at


def _end(lines: list[str], at: int, beginnings: tuple[str, ...]) -> int:
    while at < len(lines) and lines[at].startswith(beginnings):
        at += 1
    return at


def _indented_end(lines: list[str], at: int) -> int:
    """Return the number of the first line that is not indented; blank lines before it do not belong to the block."""
    end = at
    while at < len(lines) and (not lines[at] or lines[at][0] == " "):
        at += 1
        if lines[at - 1]:
            end = at
    return end


def _simple_table_end(lines: list[str], at: int) -> int:
    """Return the number of the line after the border that a blank line follows."""
    for number in range(at + 1, len(lines)):
        is_last = number + 1 >= len(lines) or not lines[number + 1]
        if is_simple_border(lines[number]) and is_last:
            return number + 1
    return _blank(lines, at)


def _dedented(lines: list[str]) -> list[str]:
    least = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return [line[least:] for line in lines]
