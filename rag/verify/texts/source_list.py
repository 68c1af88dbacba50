"""The list of sources of a text, and what its marks name. Pure.

Owns: which lines of a text are its list of sources, and which of the given sources a mark names. Knows nothing about
sentences, spans or verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from rag.marks import FOOTNOTE_DEFINITION, from_superscript

_HEADING = re.compile(
    r"[ \t]{0,3}(?:#{1,6}[ \t]{0,4})?[*_]{0,3}(?:sources?(?: list)?|references?|bibliography|works cited|citations?"
    r"|footnotes?|endnotes?|quellen?(?:verzeichnis|angaben?|nachweise?)?|literatur(?:verzeichnis|angaben)?|referenzen"
    r"|fu(?:ß|ss)noten?|belege?|nachweise?|einzelnachweise?)[*_]{0,3}[ \t]{0,4}"
    r"(?::[*_]{0,3}[ \t]{0,4}(?P<behind>\S.*)?)?[ \t]{0,4}",
    re.I,
)
_SUPERSCRIPT = r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}"
_MARK = (
    r"(?:\[\^?(?P<square>\d{1,3})\]:?|【(?P<lenticular>\d{1,3})】:?|\((?P<round>\d{1,3})\)"
    rf"|(?P<raised>{_SUPERSCRIPT}))"
)
_BULLET = r"[ \t]{0,12}(?:[-*+•][ \t]{1,4})"
_MARKED_ENTRY = re.compile(rf"(?:{_BULLET}|[ \t]{{0,12}}){_MARK}[ \t]{{0,8}}(?P<name>\S.*)")
_NUMBERED_ENTRY = re.compile(r"[ \t]{0,12}(?P<number>\d{1,3})[.)][ \t]{1,8}(?P<name>\S.*)")
_BULLETED_ENTRY = re.compile(rf"{_BULLET}(?P<name>\S.*)")
_INLINE_MARK = re.compile(rf"(?<!\w){_MARK}")
_NOT_LINE_END = re.compile(r"[^\n]")
_RULE = re.compile(r"[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*")
# What stands behind the name of a source and tells a place in it: ", p. 3".
_PLACE = re.compile(
    r"[\s,;:(\[]{0,4}(?:\bpp?\.|\b(?:pages?|seiten?|sections?|sec\.|abschnitt|chapter|kapitel|lines?|zeilen?)\b|§|\bS\.)"
    r"[\s\d.,–()\]-]{0,40}",
    re.I,
)
# What tells a reference from a sentence: an address, the name of a file, or a year in parentheses.
_LIKE_REFERENCE = re.compile(r"https?://|\bwww\.|\.[a-z]{2,5}\b(?=[\s,;:)\]]|$)|\([12]\d{3}[a-z]?\)", re.I)
_JOINT = re.compile(r"\s*[,;]\s*")
# Characters of a line that are searched for the name of a source.
_LONGEST_ENTRY = 500
# A name of fewer letters must be all that stands on a line.
_LEAST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class SourceList:
    """The list of sources of a text.

    Attributes:
        entries: What stands behind each number.
        lines: The lines that are the list, as spans of the text, in order; they claim nothing.
    """

    entries: Mapping[int, str] = field(default_factory=dict)
    lines: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class SourceNames:
    """The given sources, by all names that a text may call them by.

    Attributes:
        titles: The title of each source by its path or name, in the order in which they are given.
    """

    titles: Mapping[str, str]

    def find(self, entry: str) -> tuple[str, ...]:
        """Return the sources that an entry of a list names: by path, file name, stem or title.

        The longest name in it counts; several sources where they have it in common.
        """
        text = _normalised(entry[:_LONGEST_ENTRY])
        head = _bare(text)
        found: dict[str, int] = {}
        for source, key, pattern in self._keys:
            if key == head or (pattern and pattern.search(text)):
                found[source] = max(found.get(source, 0), len(key))
        longest = max(found.values(), default=0)
        return tuple(source for source, length in found.items() if length == longest)

    def is_name(self, entry: str) -> bool:
        """Return whether an entry holds names of a source and a place in it, and nothing else."""
        named = set(self.find(entry))
        text = _PLACE.sub(" ", _normalised(entry[:_LONGEST_ENTRY]))
        for source, key, _ in sorted(self._keys, key=lambda one: -len(one[1])):
            if source in named:
                text = text.replace(key, " ")
        return bool(named) and not re.search(r"\w", text)

    @cached_property
    def _keys(self) -> list[tuple[str, str, re.Pattern[str] | None]]:
        """Each name of each source, with what finds it in a longer text; None where it is too short for that."""
        return [
            (source, key, _whole(key) if sum(map(str.isalpha, key)) >= _LEAST_LETTERS else None)
            for source, title in self.titles.items()
            for key in dict.fromkeys(filter(None, map(_normalised, _names(source, title))))
        ]


def read_source_list(text: str, names: SourceNames) -> SourceList:
    """Find the list of sources of a text: its footnotes, and what stands under a heading such as "Sources:".

    Args:
        text: The text.
        names: The given sources. Where a list has no heading or other text follows it, each of its lines must be the
            name of one; else one of its lines must look like a reference.

    Returns:
        The list; an empty one where there is none.
    """
    footnotes = list(FOOTNOTE_DEFINITION.finditer(text))
    entries = {int(match[1]): " ".join(match[2].split()) for match in reversed(footnotes)}
    rest = _lines(blanked(text, [match.span() for match in footnotes]))
    listed = _under_heading(rest, names) or _at_end(rest, names)
    for number, name in _numbered(listed):
        entries.setdefault(number, name)
    lines = [*(match.span() for match in footnotes), *((line.start, line.end) for line in listed)]
    return SourceList(entries, tuple(sorted(lines)))


def blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text with spaces in place of some parts, so that all else stays where it is.

    Args:
        text: The text.
        spans: The parts, in order and without overlap.

    Returns:
        The text; line ends in the parts are kept.
    """
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    kept = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    blanks = [_NOT_LINE_END.sub(" ", text[start:end]) for start, end in spans]
    return "".join(piece for pair in zip(kept, [*blanks, ""], strict=True) for piece in pair)


class NamedSources:
    """What the marks of one text name."""

    def __init__(self, listed: SourceList, names: SourceNames) -> None:
        """Look up the entries of the list.

        Args:
            listed: The list of sources of the text.
            names: The given sources.
        """
        self._by_number = {number: names.find(entry) for number, entry in listed.entries.items()}
        self._listed = {source for found in self._by_number.values() for source in found}
        self._in_order = list(names.titles)

    def of(self, number: int) -> tuple[str, ...]:
        """Return the sources that a mark names.

        They are those that the list names behind the number; else the given source of that number, unless the list has
        it under another one. None where the mark names nothing.
        """
        if found := self._by_number.get(number):
            return found
        nth = self._in_order[number - 1 : number] if number else []
        return tuple(source for source in nth if source not in self._listed)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def _lines(text: str) -> list[_Line]:
    """Return the lines of a text that are not blank."""
    matches = re.finditer(r"[^\n]+", text)
    return [_Line(*match.span(), match.group()) for match in matches if not match.group().isspace()]


def _under_heading(lines: Sequence[_Line], names: SourceNames) -> list[_Line]:
    """Return the last heading of a list with the lines of the list; nothing where what follows it is none."""
    start = next((at for at in reversed(range(len(lines))) if _HEADING.fullmatch(lines[at].text)), len(lines))
    end = start + 1
    while end < len(lines) and (_is_entry(lines[end].text) or names.is_name(lines[end].text)):
        end += 1
    listed = list(lines[start:end])
    named = [name for _, name in _numbered(listed)]
    if end < len(lines):
        is_list = all(map(names.is_name, named))
    else:
        is_list = any(names.find(name) or _LIKE_REFERENCE.search(name) for name in named)
    return listed if named and is_list and _is_list_behind(listed[0].text, names) else []


def _is_list_behind(heading: str, names: SourceNames) -> bool:
    """Return whether nothing but sources stands behind a heading on its line."""
    match = _HEADING.fullmatch(heading)
    behind = match["behind"] if match else None
    return not behind or _INLINE_MARK.match(behind) is not None or all(map(names.is_name, _JOINT.split(behind)))


def _at_end(lines: Sequence[_Line], names: SourceNames) -> list[_Line]:
    """Return the last lines of a text, where each is a mark and the name of a source."""
    start = len(lines)
    while start and (match := _MARKED_ENTRY.fullmatch(lines[start - 1].text)) and names.is_name(match["name"]):
        start -= 1
    return list(lines[start:])


def _is_entry(line: str) -> bool:
    return any(form.fullmatch(line) for form in (_MARKED_ENTRY, _NUMBERED_ENTRY, _BULLETED_ENTRY, _RULE))


def _numbered(listed: Sequence[_Line]) -> list[tuple[int, str]]:
    """Return the entries of a list with their numbers; one without a number has that of its place."""
    entries: list[tuple[int, str]] = []
    for line in listed:
        if heading := _HEADING.fullmatch(line.text):
            entries.extend(_inline(heading["behind"] or "", len(entries)))
        elif match := _MARKED_ENTRY.fullmatch(line.text):
            entries.append((_number(match), match["name"]))
        elif match := _NUMBERED_ENTRY.fullmatch(line.text):
            entries.append((int(match["number"]), match["name"]))
        elif not _RULE.fullmatch(line.text):
            bullet = _BULLETED_ENTRY.fullmatch(line.text)
            entries.append((len(entries) + 1, bullet["name"] if bullet else line.text))
    return entries


def _inline(behind: str, before: int) -> Iterator[tuple[int, str]]:
    """Yield the entries that stand behind a heading on its line: "[1] tolls.md, [2] ferry.md", or names alone."""
    marks = list(_INLINE_MARK.finditer(behind))
    for mark, end in zip(marks, [*(mark.start() for mark in marks[1:]), len(behind)], strict=False):
        yield _number(mark), behind[mark.end() : end].strip(" ,;")
    if not marks:
        yield from enumerate(filter(None, _JOINT.split(behind)), before + 1)


def _number(mark: re.Match[str]) -> int:
    plain = mark["square"] or mark["lenticular"] or mark["round"]
    return int(plain or from_superscript(mark["raised"]))


def _names(source: str, title: str) -> list[str]:
    """Return what a source may be called: its path and each end of it, its file name without the ending, its title."""
    parts = PurePosixPath(source.replace("\\", "/")).parts
    ends = ["/".join(parts[at:]) for at in range(len(parts))]
    return [*ends, PurePosixPath(parts[-1]).stem if parts else "", title]


def _normalised(text: str) -> str:
    """Return a name as names are compared: letter case, emphasis, and what joins words do not count."""
    return " ".join(re.sub(r"[*`\"“”„]", "", re.sub(r"[_\s-]+", " ", text)).casefold().split())


def _bare(entry: str) -> str:
    """Return an entry without the place in the source that it ends with, and without brackets and punctuation."""
    place = next((m for m in _PLACE.finditer(entry) if m.end() == len(entry)), None)
    return (entry[: place.start()] if place else entry).strip(" .,;:()[]<>'")


def _whole(name: str) -> re.Pattern[str]:
    """Return what finds a name in a text, but neither within a word nor before the ending of another file's name."""
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w|\.\w)")
