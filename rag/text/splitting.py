"""Where sentences begin and end, with exact offsets.

Owns: splitting text by ``sentencex``, in the language that the text is in. What that gets wrong in languages other than
English is in ``ends``. Knows nothing about words or documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rag.languages.identify import identify
from rag.text.ends import THAI_LANGUAGES, UNSPACED_LANGUAGES, ends_inside, goes_on, thai_spans

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
_UNSPACED_QUOTATIONS, _MOST_QUOTATIONS = "「『“‘（【《〈", 1000
_NO_QUOTATIONS = str.maketrans(dict.fromkeys(_UNSPACED_QUOTATIONS + "」』”’）】》〉", "・"))
# Only such a text needs to be told from English: one that may hold two sentences, or that sets no marks between them.
_MAY_END_INSIDE = re.compile("[.!?…。！？｡؟۔।॥;;\\n](?=.)|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]", re.S)
# Characters of a whole text that tell the language of a part that does not.
_BEGINNING = 2000
# A part of so many characters tells its language by itself.
_TELLING = 300
# Languages whose sentences end as those of another one do, and those with a script that English does not have.
_LIKE = {
    **dict.fromkeys(("bg", "uk", "sr", "mk", "be"), "ru"),
    **dict.fromkeys(("fa", "ur"), "ar"),
    **dict.fromkeys(("mr", "ne"), "hi"),
    "ca": "es",
    "sk": "cs",
}
_OWN_SCRIPT = frozenset({"ar", "el", "he", "hi", "ja", "ko", "ru", "th", "zh", *_LIKE}) - {"ca", "sk"}
# English has an article or an "and" in fewer characters than this.
_CHARACTERS_OF_AN_ARTICLE = 150


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
    piece = text[start:end]
    language = _language_of(text, piece)
    if language == "en":
        return _joined(text, _split(text, start, piece, "en"))
    if language in THAI_LANGUAGES:
        spans = (trim(text, left, right) for left, right in thai_spans(text, start, start + len(piece)))
        return [span for span in spans if span[0] < span[1]]
    cut = (
        trim(text, left, right)
        for first, last in _split(text, start, piece, language)
        for left, right in _cut(text, first, last, language)
    )
    return _joined(text, cut, language)


def _split(text: str, start: int, piece: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a part of a text as the splitter finds them; the part starts at ``start``."""
    from sentencex import get_sentence_boundaries

    # The splitter is written in Rust, whose strings cannot hold lone surrogates.
    whole = _without_open_quotations(_SURROGATE.sub("\ufffd", piece))
    if language in UNSPACED_LANGUAGES and sum(map(whole.count, _UNSPACED_QUOTATIONS)) > _MOST_QUOTATIONS:
        # The splitter takes long for many; ends within them are told later.
        whole = whole.translate(_NO_QUOTATIONS)
    for boundary in get_sentence_boundaries(language, whole):
        yield trim(text, start + boundary["start_index"], start + boundary["end_index"])


def _cut(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield a span in the sentences that it has in a language other than English."""
    for behind in ends_inside(text, start, end, language):
        if start < behind < end:
            yield start, behind
            start = behind
    yield start, end


def _joined(text: str, spans: Iterable[tuple[int, int]], language: str = "en") -> list[tuple[int, int]]:
    """Return spans with those joined that are one sentence; blank ones are left out."""
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if first == last:
            continue
        if joined and (
            _goes_on(text, joined[-1], first) or (language != "en" and goes_on(text, joined[-1], first, language))
        ):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def _language_of(text: str, piece: str) -> str:
    """Return the language of a part of a text; "en" where neither the part nor the text tells another."""
    if not _MAY_END_INSIDE.search(piece) or _is_plainly_english(piece):
        return "en"
    whole = _language_of_beginning(text[:_BEGINNING])
    own = identify(piece) if piece is not text else whole
    # A part that says little is in the language of the whole, unless its script is another.
    language = own if own and (len(piece) >= _TELLING or _scripts_differ(own, whole)) else whole
    return _LIKE.get(language, language)


def _scripts_differ(language: str, other: str) -> bool:
    """Tell whether two languages are written in different scripts."""
    return _LIKE.get(language, language) != _LIKE.get(other, other) and not {language, other}.isdisjoint(_OWN_SCRIPT)


def _is_plainly_english(text: str) -> bool:
    """Tell whether a text has the commonest words of English as often as English has them, which costs little."""
    return text.count(" the ") + text.count(" and ") > len(text) // _CHARACTERS_OF_AN_ARTICLE


@lru_cache(maxsize=64)
def _language_of_beginning(beginning: str) -> str:
    return identify(beginning) or "en"


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
