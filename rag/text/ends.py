"""Where sentences end, in what the splitter gets wrong in languages other than English. Pure.

Owns: telling whether a sentence goes on behind what looks like its end (``goes_on``), and the ends inside what looks
like one sentence (``ends_inside``). Knows nothing about where a text comes from or which language it is in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.patterns import lazy_pattern
from rag.text.abbreviations import ALWAYS, BEFORE_NUMBER, OF_PLACES

# Languages that set no space between sentences, and the one that sets no mark at their end.
UNSPACED_LANGUAGES = frozenset({"zh", "ja"})
THAI_LANGUAGES = frozenset({"th", "lo", "km", "my"})

_OPENING = "「『“‘（【《〈([«„‹"
_CLOSING = '」』”’）】》〉)]»“›"'
_QUOTED = {"」": "「", "』": "『", "”": "“", "’": "‘", "»": "«", '"': '"'}
# Characters before an end that tell what it is, and the length of the longest abbreviation.
_BEFORE = 24
_SPACED_STOP = re.compile(r"\.\s+")
_ABBREVIATION = re.compile(r"[^\s()\[\]«»„“”\"'’,;:!?…/]+\Z")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]\Z")
_LIST_MARK = re.compile(r"[-*•·–—]|\d+[.)]\s")
_DASH = re.compile(r"[—–]\s?")
_CENTURY = re.compile(r"(?:\d|\b[IVXLCХІ]+)[\s\u00a0]*\Z")
_ROMAN = re.compile(r"[IVXLC]+\b")
_GERMAN_ORDINAL = lazy_pattern(
    r"\b(?:am|im|zum|zur|vom|beim|ab|bis|seit|der|die|das|dem|den|des|ein|eine[mnrs]?|jede[mnrs]?|und|ihr|ihre[mnrs]?"
    r"|sein|seine[mnrs]?|diese[mnrs]?)\s\d{1,3}\.\Z",
    re.I,
)
# A unit of one letter behind a number ends a sentence like any word; the splitter takes it for an initial. So does a
# year, which no language writes as an ordinal number.
_ENDS_OF_SPACED = lazy_pattern(
    r"(?P<end>\d[ \u00a0\u202f]?(?:[mhglkмгчсл]|руб|коп)\."
    r"|(?<![\d.,])[12]\d{3}\.|\bт\.\s?[дп]\.|\bи\s(?:др|пр)\.|(?:…|\.{3})[»”\"]?)\s+(?=[^\W\d_])|(?P<before>[.!?…][»”\")]?)\s+(?=[¿¡])"
    r"|(?P<open>[«„])|(?P<close>[»“])"
)
_ENDS_OF_UNSPACED = re.compile(
    r"(?P<open>[「『“‘（【《〈(])|(?P<end>[。！？!?｡]+)?(?P<close>[」』”’）】》〉)]+)|[。！？｡]+"
)
_CHINESE_GOES_ON = frozenset("的并然而后後和与與等就")
_JOINING_MARKS = frozenset("，、；：,;:・")
# A stretch without a full stop is cut at a space where it is longer, into parts of at least so many characters.
_LONG, _SHORTEST_PART = 160, 50
_ENDS_OF_THAI = re.compile(r"[!?။។][\"”]?(?=\s)|[!?။។](?=[^\s\d])|(?<=[A-Za-z)])\.(?=\s+[A-Z])|\n")
_WHITE_SPACE = re.compile(r"\s+")


def goes_on(text: str, before: tuple[int, int], start: int, language: str) -> bool:
    """Tell whether a sentence goes on behind a span.

    Args:
        text: The text.
        before: The span, without white space at its ends.
        start: Where what follows it begins.
        language: The language of the text: no English.

    Returns:
        Whether both are parts of one sentence.
    """
    gap = text[before[1] : start]
    if gap.count("\n") > 1 or ("\n" in gap and _LIST_MARK.match(text, start)):
        return False
    if language in UNSPACED_LANGUAGES:
        return not gap and _goes_on_unspaced(text, before, start, language)
    last, first = text[before[1] - 1], text[start]
    if not gap:
        if last in _CLOSING:
            return first.isalpha() and not first.isupper()
        return (last == "." and (first.islower() or first in "-ºª°'’,;:")) or first in _CLOSING
    dash = _DASH.match(text, start)
    opening = text[dash.end() if dash else start :][:1]
    if opening.islower():
        return True
    return last == "." and _is_abbreviation(text, before, start, language)


def ends_inside(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Yield where sentences end inside a span that the splitter takes for one.

    Args:
        text: The text.
        start: Where the span starts.
        end: Where it ends.
        language: The language of the text: no English.

    Yields:
        Offsets between ``start`` and ``end``, in order.
    """
    if language in THAI_LANGUAGES:
        return
    unspaced = language in UNSPACED_LANGUAGES
    depth = 0
    for match in (_ENDS_OF_UNSPACED if unspaced else _ENDS_OF_SPACED).finditer(text, start, end):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth = max(0, depth - len(match["close"]))
            if unspaced and match["end"] and not depth:
                yield match.end()
        elif not depth:
            behind = match.end() if unspaced else match.end("end") if match["end"] else match.end("before")
            if unspaced or match["before"] or text[match.end()].isupper():
                yield behind


def thai_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the lines of a text in a language without full stops, long ones cut at spaces.

    Args:
        text: The text.
        start: Where to begin.
        end: Where to end.

    Yields:
        Spans that cover the text; white space may stand at their ends.
    """
    position = start
    for match in _ENDS_OF_THAI.finditer(text, start, end):
        yield from _at_spaces(text, position, match.end())
        position = match.end()
    yield from _at_spaces(text, position, end)


def _at_spaces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a span in parts of at most some characters, cut at spaces that stand beside no number."""
    if end - start > _LONG:
        cut = 0
        for space in _WHITE_SPACE.finditer(text, start, end):
            beside = text[space.start() - 1 : space.start()], text[space.end() : space.end() + 1]
            # "ๆ" and "ฯ" belong to the word before them; a number to what it counts.
            if any(side.isdecimal() for side in beside) or beside[1] in "ๆฯ":
                continue
            if cut and space.start() - start > _LONG:
                yield start, cut
                start, cut = cut, 0
            if space.start() - start >= _SHORTEST_PART and end - space.end() >= _SHORTEST_PART:
                cut = space.start()
        if cut and end - start > _LONG:
            yield start, cut
            start = cut
    yield start, end


def _goes_on_unspaced(text: str, before: tuple[int, int], start: int, language: str) -> bool:
    """Tell whether a sentence in Chinese or Japanese goes on behind the closing mark of a quotation."""
    last, first = text[before[1] - 1], text[start]
    if first in _JOINING_MARKS or (first in _CLOSING and first not in _OPENING):
        return True
    if last not in "」』”’" or first in _OPENING:
        return False
    if language == "ja":
        return "\u3041" <= first <= "\u309f"
    opening = text.rfind(_QUOTED[last], before[0], before[1])
    is_introduced = opening > before[0] and text[opening - 1] in "：:，,"
    return first in _CHINESE_GOES_ON or (not is_introduced and first.isalnum())


def _is_abbreviation(text: str, before: tuple[int, int], start: int, language: str) -> bool:
    """Tell whether the full stop of a span is that of an abbreviation, an initial or an ordinal number."""
    tail = text[max(before[0], before[1] - _BEFORE) : before[1] - 1]
    found = _ABBREVIATION.search(_SPACED_STOP.sub(".", tail))
    if not found:
        return False
    name = found.group().lower()
    parts = name.split(".")
    endings = {".".join(parts[-count:]) for count in range(1, min(4, len(parts) + 1))}
    first, always, numbered = text[start], ALWAYS.get(language, ()), BEFORE_NUMBER.get(language, ())
    if not endings.isdisjoint(always):
        return True
    is_number = first.isdecimal() or _ROMAN.match(text, start) is not None
    is_counted = not endings.isdisjoint(numbered) or (language == "de" and name.endswith("str"))
    # "И т. д." names no house.
    if is_number and is_counted and parts[-2:-1] != ["т"]:
        return True
    letter = found.group()[-1]
    if _INITIALS.search(found.group()) and letter.isupper() and first.isupper():
        return True
    if first.isupper() and name in OF_PLACES.get(language, ()):
        return not _CENTURY.search(tail[: len(tail) - len(name)])
    return language == "de" and first.isupper() and _GERMAN_ORDINAL.search(text, before[0], before[1]) is not None
