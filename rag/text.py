"""Words and sentences, with exact offsets.

Owns: where sentences begin and end (by ``sentencex``), which terms the keyword index stores (by Snowball stems), and
what text may be printed. Knows nothing about files, models or storage.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from unicodedata import category

from rag.types import Block

# Raise it when `terms` gives other terms: a keyword index that was built with another version is rebuilt.
TERMS_VERSION = "1"

# "am 5." before "August" ends no sentence, as the splitter believes.
_ORDINAL_END = re.compile(r"(?<![\w.,])\d{1,2}\.\Z")
_AFTER_ORDINAL = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Quartal|Jahrhundert)"
    r"s?\b|(?:Jan|Feb|Mrz|Apr|Aug|Sept?|Okt|Nov|Dez)\."
)
_ABBREVIATED_MONTH_END = re.compile(r"(?<![\w.,])\d{1,2}\. (?:Jan|Feb|Mrz|Apr|Aug|Sept?|Okt|Nov|Dez)\.\Z")
_DATE_LENGTH = 12
_YEAR_NEXT = re.compile(r"[12]\d{3}\b")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Marks that open a quotation, each with those that close it for the splitter.
_QUOTATION_MARKS = (("“", "”"), ("„", "“"), ("«", "»"), ("»", "«"), ("‘", "’"), ("‹", "›"))
_MOST_OPEN_QUOTATIONS = 100
# So many marks in a row quote nothing.
_RUN_OF_MARKS = re.compile("([“”„«»‘’‹›`])\\1{9,}")
_BACKTICKS = re.compile("`+")
# A number keeps its decimal point and separators; other words are runs of letters, digits and marks.
_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+", re.UNICODE)
# Scripts written without spaces between words are indexed as overlapping pairs of characters.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
# Longer words are cut: they are keys, hashes or data, which are not typed whole in a question and would fill the index.
_LONGEST_TERM = 64

STOPWORDS = frozenset(
    """a about after all also am an and any are as at be because been before being between both but by can could did do
    does doing down during each few for from further had has have having he her here hers him his how i if in into is it
    its itself just like me more most my no nor not now of off on once only or other our out over own please same she
    should so some such tell than that the their them then there these they this those through to too under until up us
    very was we were what when where which while who whom whose why will with would you your s t d ll m re ve give show
    explain describe say says said many much""".split()
)


def normalise(text: str) -> str:
    """Return text in the form in which words are compared: NFKC, case-folded."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english", 20_000)


def in_small_letters(text: str) -> str:
    """Return a text of the same length in small letters, which is searched faster than without regard to case."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(character.lower()[:1] for character in text)


def words(text: str) -> list[str]:
    """Return the words of a text, normalised; numbers stay whole, scripts without spaces become pairs of characters."""
    if text.isascii() and text.isalnum():
        return [text.lower()[:_LONGEST_TERM]]
    normalised: list[str] = []
    for match in _WORD.finditer(normalise(text)):
        word = match.group()
        if _UNSPACED.search(word):
            normalised.extend(_unspaced_terms(word))
        else:
            normalised.append(word[:_LONGEST_TERM])
    return normalised


def _unspaced_terms(word: str) -> Iterator[str]:
    """Yield the overlapping pairs of characters of each unspaced run in a word, and the parts between runs."""
    position = 0
    for run in _UNSPACED.finditer(word):
        if run.start() > position:
            yield word[position : run.start()][:_LONGEST_TERM]
        characters = run.group()
        if len(characters) == 1:
            yield characters
        for i in range(len(characters) - 1):
            yield characters[i : i + 2]
        position = run.end()
    if position < len(word):
        yield word[position:][:_LONGEST_TERM]


def terms(text: str) -> list[str]:
    """Return the stems of a text's words, in order and with repeats: what the keyword index stores."""
    stems: list[str] = _stemmer().stemWords(words(text))
    return stems


def query_terms(text: str) -> list[str]:
    """Return the distinct stems of a question without its function words; of all its words when it has no others."""
    content_words = [word for word in words(text) if word not in STOPWORDS]
    stems: list[str] = _stemmer().stemWords(content_words or words(text))
    return list(dict.fromkeys(stems))


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Split text into sentences.

    Args:
        text: Any text, in any script.
        start: Where to begin.
        end: Where to end; None: at the end of ``text``.

    Returns:
        Half-open spans of ``text``, in order and without white space at their ends. Every character of
        ``text[start:end]`` that is not white space is in one of them.
    """
    from sentencex import get_sentence_boundaries

    # The splitter is written in Rust, whose strings cannot hold lone surrogates.
    piece = _without_open_quotations(_SURROGATE.sub("\ufffd", text[start:end]))
    spans = (
        trim(text, start + boundary["start_index"], start + boundary["end_index"])
        for boundary in get_sentence_boundaries("en", piece)
    )
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if first == last:
            continue
        if joined and _goes_on(text, joined[-1], first):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def _without_open_quotations(text: str) -> str:
    """Return a text in which few quotation marks open what nothing closes: the splitter reads on to the end at each.

    Others stand in place of the rest, one for one. So they do for backticks, at each of which it reads on as well, even
    where the next one closes.
    """
    text = _RUN_OF_MARKS.sub(lambda run: "(" * len(run[0]), text)
    if text.count("`") > _MOST_OPEN_QUOTATIONS:
        text = _with_paired_backticks(text)
    for opening, closing in _QUOTATION_MARKS:
        if text.count(opening) > _MOST_OPEN_QUOTATIONS:
            closed = max(text.rfind(mark) for mark in closing) + 1
            if text.count(opening, closed) > _MOST_OPEN_QUOTATIONS:
                text = text[:closed] + text[closed:].replace(opening, "(")
    return text


def _with_paired_backticks(text: str) -> str:
    """Return a text with "‹a›" in place of "`a`"; a backtick that nothing closes opens nothing."""
    runs = [run.span() for run in _BACKTICKS.finditer(text)]
    pieces: list[str] = []
    position = 0
    for number, (start, end) in enumerate(runs):
        mark = "›" if number % 2 else "‹" if number + 1 < len(runs) else "("
        pieces += (text[position:start], mark * (end - start))
        position = end
    return "".join((*pieces, text[position:]))


def _goes_on(text: str, before: tuple[int, int], start: int) -> bool:
    """Tell whether a date or a number goes on behind a span: "am 5." before "August", "7." before "４".

    The splitter knows "7.4", but not the same in the digits of other scripts.
    """
    if start == before[1] and text[start - 1] in ".．" and text[start].isdecimal():
        return True
    tail = max(before[0], before[1] - _DATE_LENGTH), before[1]
    if _AFTER_ORDINAL.match(text, start):
        return _ORDINAL_END.search(text, *tail) is not None
    return bool(_YEAR_NEXT.match(text, start) and _ABBREVIATED_MONTH_END.search(text, *tail))


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the white space at its ends.

    Args:
        text: The text that the span lies in.
        start: Where it begins.
        end: Where it ends.

    Returns:
        Start and end; equal when all of it is white space.
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_NAME_JOINTS = re.compile(r"[_/\\]+|\.(?=[A-Za-z]+$)")

# Not printable to Python, yet harmless: line ends, soft hyphens, and the joiners of emoji and of some scripts.
_HARMLESS = frozenset("\n\t\u00ad\u200c\u200d")


def shorten(text: str, longest: int) -> str:
    """Return the beginning of a text on one line.

    Args:
        text: Any text; white space of any kind becomes single spaces.
        longest: Most characters of the line.

    Returns:
        The line; one that was cut ends with an ellipsis.
    """
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def printable(text: str) -> str:
    """Return text without the control characters that could move a terminal's cursor, change its colours or hide words.

    U+FFFD stands in their place.
    """
    return "".join(c if c.isprintable() or c in _HARMLESS or category(c) == "Zs" else "\ufffd" for c in text)


def source_as_words(source: str) -> str:
    """Return the folders and the name of a source as words: "reports_2023/Q2.md" names a year and a quarter."""
    return _NAME_JOINTS.sub(" ", source)


def embedded_text(chunk_text: str, context: str) -> str:
    """Return what is embedded for a chunk.

    Args:
        chunk_text: The chunk's words.
        context: The document's title and the headings above the chunk; may be empty.

    Returns:
        The context on a line of its own, then the words.
    """
    return f"{context}\n{chunk_text}" if context else chunk_text


def split_block(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Split a block into the smallest parts that are cited.

    Args:
        text: The text of the document.
        block: A block of it.

    Yields:
        Half-open, trimmed spans of ``text``: the block's sentences, its lines of code, or the whole of a heading or a
        table row.
    """
    if block.kind in ("heading", "row"):
        span = trim(text, block.start, block.end)
        if span[0] < span[1]:
            yield span
    elif block.kind == "code":
        position = block.start
        while position < block.end:
            newline = text.find("\n", position, block.end)
            end = block.end if newline < 0 else newline + 1
            span = trim(text, position, end)
            if span[0] < span[1]:
                yield span
            position = end
    else:
        yield from sentences(text, block.start, block.end)
