"""How a text is laid out: which of its lines are code, headings, heads of tables and rules. Pure.

Owns: the blocks of a text in Markdown, and which of them state nothing. Knows nothing about marks or sentences.

What looks like a heading or the head of a table but states something is text: "**The fee is 12 EUR.**".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.marks import LIST_NUMBER, spans_outside
from rag.patterns import lazy_pattern
from rag.text import trim

_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*([^`\n]*)")
# What is fenced under one of these is read as if it were not: models wrap whole answers so.
_PROSE = frozenset("markdown md text txt plain plaintext".split())
_RULE = re.compile(r"([-*_=])(?:[ \t]*\1){2,}")
_HEADING = re.compile(r"#{1,6}(?:[ \t]+(.*))?")
_BOLD_LINE = re.compile(r"(\*\*|__)(?![\s*_])([^*_\n]+)\1:?")
_DELIMITER_CELL = re.compile(r"\s*:?-+:?\s*")
_INLINE_CODE = re.compile(r"(?<!`)`[^`\n]+`(?!`)")
# What stands around a mark at the end of a line of code: words or a closed expression, not "return" or "x =".
_BEFORE_MARK = re.compile(
    r"(?<![\w$])(?!(?:return|yield|in|is|not|and|or|else|if|elif|while|print|echo|await|assert|del|raise|case|when|puts)\b)"
    r"[\w$]+[\w$)\]};.\"'\]%#!?]*(?:[ \t]+|[ \t]*(?:\[[\d,; –-]{1,20}\][ \t]*)+)\Z|(?:#|//|--|[)\]};.\"'])[ \t]+\Z"
)
_BEHIND_MARK = re.compile(r"(?:[ \t]*\[[\d,; –-]{1,20}\])*[ \t]*[.;]?[ \t]*(?:`|\n|\Z)")
# Characters before such a mark that are looked at.
_LOOKED_BACK = 80
_PIPE = re.compile(r"(?<!\\)\|")
_NUMBERED = re.compile(
    r"\W*(?:(?:steps?|section|part|option|phase|chapter|article|appendix|day|week|question|schritt|teil|abschnitt"
    r"|kapitel|artikel|anhang|tag|woche|frage)\s+)?\d{1,3}(?:\.\d{1,3}){0,4}(?:[.:)]|\s*[–-]\s|\s*$)",
    re.I,
)
_LABELLED = re.compile(r"\W*[^\W\d]{3,20}\s+\d{1,3}\s*[.:–-]?", re.I)
# Words that a sentence has and a heading has not, unless it asks: "What is covered".
_FINITE = lazy_pattern(
    r"\b(?:no(?!-)|not|never|nothing|is|are|was|were|isn't|aren't|wasn't|weren't|has|have|had|can|cannot|can't"
    r"|(?-i:may)|must|will|won't|shall|should|would|could|does|doesn't|do|don't|did|didn't"
    r"|(?-i:costs?)(?= (?:nothing|less|more|about|up|\d))"
    r"|kein\w{0,2}|nicht|nie|ist|sind|(?-i:war)|waren|hat|haben|hatte|kann|können|darf|dürfen|muss|müssen|wird|werden"
    r"|wurde|wurden|soll|sollen|kostet|(?-i:kosten)|gilt|gelten)\b",
    re.I,
)
_ASKING = re.compile(
    r"\W*(?:what|when|where|which|who|whom|whose|why|how|if|whether|was|wann|wo|welche[rsnm]?|wer|wen|wem|warum|wie"
    r"|wenn|falls|ob)\b",
    re.I,
)
_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)")
_ITEM_SIGN = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])\s+")
_QUOTED = re.compile(r"^(?:>[ \t]?)+")
_BELOW = re.compile(r"[-*+•]\s|\d{1,3}[.)]\s|`{3}|~{3}|\|")
_HERE_ARE = re.compile(r"\W*(?:here (?:are|is)|below (?:are|is)|hier (?:sind|ist)|voici|aquí están|ecco)\b", re.I)
_CODE_SIGNS = re.compile(r"[`\[\]]")
# Words of a line above a list that names it, at most, and of a heading.
_MOST_WORDS_OF_LEAD = 5
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text: a line, or lines of code with their fences.

    Attributes:
        start: Where it starts, without white space.
        end: Where it ends.
        is_whole: Whether it is one whole, not a run of sentences.
        states: Whether it may state something.
        is_code: Whether it is fenced code.
        head: For a row of a table, where the head of the table starts and ends.
    """

    start: int
    end: int
    is_whole: bool = False
    states: bool = True
    is_code: bool = False
    head: tuple[int, int] = (0, 0)


def read_layout(text: str) -> list[Block]:
    """Return the blocks of a text in order; every character that is not white space is in one of them."""
    lines = [trim(text, match.start(), match.end()) for match in re.finditer(r"[^\n]*(?:\n|\Z)", text)]
    return list(_blocks(text, lines))


def code_spans(text: str) -> list[tuple[int, int]]:
    """Return where the code of a text starts and ends, in fences and inside of lines, without overlaps."""
    blocks = [(block.start, block.end) for block in read_layout(text) if block.is_code] if "\n" in text else []
    inline = [match.span() for match in _INLINE_CODE.finditer(text)]
    return sorted([*blocks, *spans_outside(blocks, inline)])


def positions_in_code(text: str, pattern: re.Pattern[str]) -> set[int]:
    """Return where a pattern matches what belongs to code, such as "[1]" in "`fees[1]`", and is no mark.

    A mark that a model puts into code ends a line of it, and stands apart from what the code says.

    Args:
        text: A text.
        pattern: What marks look like.

    Returns:
        The positions in the text.
    """
    return {
        match.start()
        for start, end in code_spans(text)
        for match in pattern.finditer(text, start, end)
        if not (_BEFORE_MARK.search(text[max(start, match.start() - _LOOKED_BACK) : match.start()]))
        or not _BEHIND_MARK.match(text, match.end(), end)
    }


def is_fenced_code(text: str) -> bool:
    """Return whether a text is code in a fence, with more than the fence."""
    blocks = read_layout(text)
    return len(blocks) == 1 and blocks[0].is_code and any(map(str.isalnum, text.partition("\n")[2]))


def cells(row: str) -> list[str]:
    """Return the cells of a row of a table, with the white space in them."""
    parts = _PIPE.split(row.strip())
    if len(parts) > 1 and not parts[0].strip():
        parts = parts[1:]
    return parts[:-1] if len(parts) > 1 and not parts[-1].strip() else parts


def is_row(line: str) -> bool:
    """Return whether a line is a row of a table with a bar at its end."""
    bars = list(_PIPE.finditer(line))
    return len(bars) > 1 and bars[-1].end() == len(line) and (bars[0].start() == 0 or " | " in line)


def _blocks(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[Block]:
    words = [text[start:end] for start, end in lines]
    last = max((number for number, line in enumerate(words) if line), default=-1)
    prose_fences: list[str] = []
    at = 0
    while at < len(lines):
        first, line = at, words[at]
        at += 1
        fence = _FENCE.fullmatch(line)
        if not line:
            continue
        if fence and prose_fences and not fence[2] and _closes(line, prose_fences[-1]):
            prose_fences.pop()
            yield Block(*lines[first], is_whole=True, states=False)
        elif fence and fence[2].strip().lower() in _PROSE:
            prose_fences.append(fence[1])
            yield Block(*lines[first], is_whole=True, states=False)
        elif fence:
            while at < len(lines) and not _closes(words[at], fence[1]):
                at += 1
            at = min(at + 1, len(lines))
            yield Block(*trim(text, lines[first][0], lines[at - 1][1]), is_whole=True, states=False, is_code=True)
        elif at < len(lines) and _is_head(line, words[at]):
            yield Block(*lines[first], is_whole=True, states=_head_states(without_sign(line)))
            yield Block(*lines[at], is_whole=True, states=False)
            at += 1
            while at < len(lines) and _PIPE.search(words[at]) and not _FENCE.fullmatch(words[at]):
                states = any(map(str.isalnum, words[at]))
                yield Block(*lines[at], is_whole=True, states=states, head=lines[first])
                at += 1
        elif _is_silent(line, "".join(words[at : at + 1]), is_last=first == last) or _leads_in(line, words, at):
            yield Block(*lines[first], is_whole=True, states=False)
        else:
            yield Block(*lines[first])


def _is_silent(line: str, following: str, is_last: bool) -> bool:
    """Return whether a line is a rule, a heading, or the number of an item that stands in the line below."""
    if _RULE.fullmatch(line) or is_delimiter(line):
        return True
    return _is_heading(line, is_last) or (bool(following) and LIST_NUMBER.fullmatch(line) is not None)


def _leads_in(line: str, lines: Sequence[str], following: int) -> bool:
    """Return whether a line only names what stands below it as a list, code or a table: "- Fees:"."""
    if not line.endswith((":", ":**", "**:")) or len(line.split()) > _MOST_WORDS or _CODE_SIGNS.search(line):
        return False
    below = next((one for one in lines[following : following + 2] if one), "")
    words = _ITEM_SIGN.sub("", line).strip(" :*_")
    if not words or _has_value(words) or _BELOW.match(below) is None:
        return False
    return _HERE_ARE.match(words) is not None or (len(words.split()) <= _MOST_WORDS_OF_LEAD and not _is_sentence(words))


def _closes(line: str, fence: str) -> bool:
    """Return whether a line closes what a fence opened."""
    return len(line) >= len(fence) and line == fence[0] * len(line)


def _is_head(line: str, following: str) -> bool:
    """Return whether a line is the head of a table: under it stands a rule of as many cells."""
    line, following = without_sign(line), _QUOTED.sub("", following)
    if not following or following[0] not in "|:-" or not _PIPE.search(line):
        return False
    return is_delimiter(following) and len(cells(line)) == len(cells(following))


def without_sign(line: str) -> str:
    """Return the head of a table without the sign of the item or the quotation that it opens."""
    return _ITEM_SIGN.sub("", _QUOTED.sub("", line))


def is_delimiter(line: str) -> bool:
    """Return whether a line is the rule between the head of a table and its rows."""
    return "|" in line and all(map(_DELIMITER_CELL.fullmatch, cells(line)))


def _head_states(line: str) -> bool:
    """Return whether the head of a table is a row itself: "| Fee | 12 EUR |", or a sentence stands in it."""
    names = [cell.strip(" \t*_") for cell in cells(line)]
    is_label_with_value = len(names) == 2 and any(map(str.isalpha, names[0])) and _has_value(names[1])
    return is_label_with_value or any(map(_is_sentence, names))


def _is_heading(line: str, is_last: bool) -> bool:
    """Return whether a line is a heading; one in bold letters must have something below it."""
    if heading := _HEADING.fullmatch(line):
        return not _is_sentence((heading[1] or "").strip("# \t*_"))
    bold = _BOLD_LINE.fullmatch(line)
    return bold is not None and not is_last and not _is_sentence(bold[2]) and not _has_value(bold[2])


def _has_value(words: str) -> bool:
    """Return whether a number stands in a heading that neither counts the headings nor is a year."""
    numbering = _NUMBERED.match(words) or _LABELLED.fullmatch(words)
    rest = words[numbering.end() :] if numbering else words
    return any(map(str.isdecimal, _YEAR.sub("", rest)))


def _is_sentence(words: str) -> bool:
    """Return whether words are a sentence that states something."""
    words = words.strip()
    if words.endswith("?"):
        return False
    count = len(words.split())
    return count > _MOST_WORDS or (
        count > 1 and (words.endswith((".", "!")) or (bool(_FINITE.search(words)) and not _ASKING.match(words)))
    )
