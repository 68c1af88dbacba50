"""Read the captions of films and talks (SRT, WebVTT) as sentences.

Owns: which lines of a file are spoken, by whom, and where a paragraph ends. Knows nothing about files.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rag.load.builder import Builder

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s{{0,20}}{_TIME}\s{{1,5}}-->\s{{1,5}}{_TIME}")
_DAMAGED_TIMING = re.compile(r"\s{0,20}[\d:.,]{4,20}\s{1,5}-->")
_VOICE = re.compile(r"<v(?:\.[\w.-]{1,60})?\s{1,5}([^<>]{1,80})>")
_MARKS = re.compile(
    r"</?(?:v|c|i|b|u|s|ruby|rt|lang|font)(?:[.\s][^<>]{0,200})?>|<(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}>|\{\\[^{}]{0,100}\}",
    re.I,
)
# A line that begins with another speaker: "- Yes", ">> Yes", "HANNE: Yes".
_TURN = re.compile(r"\s{0,5}(?:[-–—]\s{0,3}(?=\S)|>>+\s{0,3})")
_NAMED = re.compile(r"(?:[^\W\d_][\w.'’-]{0,30}\s?){1,4}:\s{1,3}\S")
_ASIDE = re.compile(r"[\[(♪][^\[\]()]{0,200}[\])♪]$")
_COMMENTS = ("NOTE", "STYLE", "REGION")
_ENDS = tuple('.!?…:;。！？؟।"”»')
# A paragraph ends with its sentence where a pause of so many seconds follows, or at so many characters.
_PAUSE, _LONG = 4.0, 700
# Captions whose first line repeats the line before, in this share, roll.
_ROLLING = 0.3


@dataclass(slots=True)
class _Cue:
    """Lines that are shown at one time, from and until a second; ``speaker`` is "" where none is named."""

    start: float
    end: float
    lines: list[str] = field(default_factory=list)
    speaker: str = ""


def read_captions(text: str, builder: Builder) -> str:
    """Append what is spoken, a paragraph for each turn.

    Args:
        text: The canonical text of the file.
        builder: What the paragraphs are appended to.

    Returns:
        The title that a WebVTT file gives, or "".
    """
    cues = [_cleaned(cue) for cue in _cues(text)]
    for paragraph in _paragraphs(_unrolled(cues)):
        builder.add("paragraph", paragraph)
    first = text.split("\n", 1)[0].strip()
    return first.removeprefix("WEBVTT").strip(" -–—\t")[:200] if first.startswith("WEBVTT") else ""


def _cues(text: str) -> Iterator[_Cue]:
    """Yield the cues; what stands between them (numbers, names, comments, styles) is not spoken."""
    cue: _Cue | None = None
    lines = text.split("\n")
    skipping = True
    for number, line in enumerate(lines):
        if _DAMAGED_TIMING.match(line) and not _TIMING.match(line):
            continue
        if timing := _TIMING.match(line):
            if cue is not None:
                yield cue
            cue, skipping = _Cue(_seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])), False
        elif not line.strip():
            # A blank line may stand in a cue; a comment only follows one.
            following = lines[number + 1] if number + 1 < len(lines) else ""
            skipping = skipping or following.startswith(_COMMENTS)
        elif not skipping and cue is not None and not _is_name(lines, number):
            cue.lines.append(line)
        elif skipping and not (number and lines[number - 1].strip()) and not line.startswith(_COMMENTS):
            skipping = cue is None
            if not skipping and cue is not None and not _is_name(lines, number):
                cue.lines.append(line)
    if cue is not None:
        yield cue


def _is_name(lines: Sequence[str], number: int) -> bool:
    """Tell whether a line names the cue that begins below it."""
    return number + 1 < len(lines) and _TIMING.match(lines[number + 1]) is not None


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction}")


def _cleaned(cue: _Cue) -> _Cue:
    """Return a cue without marks, and with its speaker."""
    lines: list[str] = []
    for line in cue.lines:
        if voice := _VOICE.search(line):
            cue.speaker = " ".join(html.unescape(voice[1]).split())
        words = " ".join(html.unescape(_MARKS.sub("", _VOICE.sub("", line))).split())
        if words:
            lines.append(words)
    cue.lines = lines
    return cue


def _unrolled(cues: Sequence[_Cue]) -> Iterator[_Cue]:
    """Yield cues without the lines that rolling captions show again."""
    pairs = [(before, cue) for before, cue in pairwise(cues) if before.lines and cue.lines]
    repeats = sum(before.lines[-1] == cue.lines[0] for before, cue in pairs)
    if repeats <= _ROLLING * len(pairs):
        yield from cues
        return
    last = ""
    for cue in cues:
        lines = cue.lines
        while lines and lines[0] == last:
            lines = lines[1:]
        if cue.lines:
            last = cue.lines[-1]
        if lines:
            yield _Cue(cue.start, cue.end, lines, cue.speaker)


def _paragraphs(cues: Iterator[_Cue]) -> Iterator[str]:
    """Yield the turns of the speakers, with sentences that run across cues drawn together."""
    words, speaker, end = "", "", 0.0
    for cue in cues:
        for number, line in enumerate(cue.lines):
            turn = _TURN.match(line)
            line = line[turn.end() :] if turn else line
            begins = bool(turn) or bool(_NAMED.match(line)) or (number == 0 and _is_another(cue, words, speaker))
            begins = begins or bool(_ASIDE.match(line)) or bool(_ASIDE.match(words))
            pauses = number == 0 and cue.start - end > _PAUSE
            if words and (begins or (words.endswith(_ENDS) and (pauses or len(words) > _LONG))):
                yield _turn(speaker, words)
                words = ""
            if not words:
                speaker = cue.speaker
            words += (_gap(words, line) if words else "") + line
        end = cue.end
    if words:
        yield _turn(speaker, words)


def _is_another(cue: _Cue, words: str, speaker: str) -> bool:
    """Tell whether another speaks than before; who goes on in the middle of a sentence need not be named again."""
    return cue.speaker != speaker and (bool(cue.speaker) or words.endswith(_ENDS))


def _turn(speaker: str, words: str) -> str:
    return f"{speaker}: {words}" if speaker else words


def _gap(before: str, after: str) -> str:
    """Return a space, or none between scripts that use none."""
    is_spaceless = "\u2e80" <= before[-1] <= "\uffef" and "\u2e80" <= after[0] <= "\uffef"
    return "" if is_spaceless and not "\uac00" <= before[-1] <= "\ud7a3" else " "
