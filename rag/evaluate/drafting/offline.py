"""Drafts of one document, without a language model.

Owns: the kinds of questions, and how the drafts of each are found in a document. Knows nothing about the order of
drafts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from rag.evaluate.drafting.cases import draft_case
from rag.evaluate.drafting.rules import MONTHS, heading_question, questions_of
from rag.evaluate.drafting.soundness import is_sound, is_whole
from rag.evaluate.drafting.tables import cell_question, cells_of
from rag.evaluate.suite.gold_evidence import evidence_of_span
from rag.evaluate.types import Case
from rag.text import split_block, words
from rag.types import Block, Document

GAP = "____"
# A name that stands in a document more often than this is its subject, and leaving it out asks for nothing.
_RARE = 3
_YEAR_AND_WORD = re.compile(r"(?:1\d|20)\d\d [^\W\d]")
# What is counted or measured, which belongs to its number; any other word behind a number may be the verb.
_UNITS = (
    "people|persons|men|women|days?|weeks?|months?|years?|hours?|minutes?|seconds?|euros?|dollars?|pounds?|percent"
    "|metres?|meters?|miles?|feet|inches|acres|hectares|tons?|tonnes?|degrees|square (?:kilometres|kilometers|miles)"
    "|(?:kilo|centi|milli)(?:met(?:re|er)s?|grams?)|litres?|k?m|cm|mm|k?g|km/h|°C|°F|[KMG]B"
)
# What may be left out of a sentence, best first: a number with its unit, a date, a name.
_GAP_PATTERNS = (
    re.compile(
        r"(?<![\w.,:+-])\d+(?::\d+)+(?![\w:-])"
        rf"|(?<![\w.,:+-])\d{{1,2}} (?:{MONTHS})(?: \d{{4}})?(?!\w)|(?<!\w)(?:{MONTHS}) \d{{1,2}}, \d{{4}}(?!\w)"
        r"|(?:[$€£¥] ?)?(?<![\w.,:+-])\d+(?:[.,]\d+)*(?: (?:million|billion|thousand))?"
        rf"(?: ?%| (?:{_UNITS})(?!\w)| [a-z]{{2,11}}s(?= (?:and|or|of|in|on|at|for|per|with|from|by)\b|[.,;]))?"
        r"(?![\w:-])"
    ),
    re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+\b(?!['’] )"),
    re.compile(r"(?<=[a-z,] )[A-Z]\w{2,}\b(?!-| [A-Z]|['’] )"),
)
_WORDS_OF_HEADING = range(2, 13)
# Words of a paragraph below which it is no answer to a heading.
_LEAST_WORDS_OF_ANSWER = 5
# Cells of one table that are asked for.
_MOST_CELLS = 3
# Words of a cell up to which an answer must contain it as it is.
_SHORT_CELL = 5
# A heading with one of these words says nothing about what stands below it.
_VAGUE_HEADINGS = frozenset(
    "abstract appendix background conclusion contents introduction notes note overview references summary part item"
    " exhibit signatures general other untitled".split()
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A question with its answer and where that stands.

    Attributes:
        question: The question.
        answer: What is expected.
        match: How an answer is compared with it.
        start: Where its evidence begins in the document's text.
        end: Where its evidence ends.
    """

    question: str
    answer: str
    match: Literal["contains", "f1"]
    start: int
    end: int


def draft_cases(kind: str, source: str, document: Document, positions: Sequence[int]) -> Iterator[Case]:
    """Yield the drafts of one kind that a document gives.

    Args:
        kind: One of `KINDS`, which becomes the tag of the cases.
        source: The name of the source.
        document: Its document.
        positions: Which of its blocks are looked at; tables are looked at all.

    Yields:
        Cases.
    """
    for one in _DRAFTERS[kind](source, document, positions):
        evidence = (evidence_of_span(source, document.text, one.start, one.end),)
        yield draft_case(one.question, answers=(one.answer,), match=one.match, evidence=evidence, tags=(kind,))


def _from_sentences(_: str, document: Document, positions: Sequence[int]) -> Iterator[Drafted]:
    """Yield questions made of whole sentences by rules; at most one a sentence."""
    for sentence, start, end in sound_sentences(document, positions):
        asked = next(questions_of(sentence), None)
        if asked is not None:
            yield Drafted(asked.question, asked.answer, asked.match, start, end)


def _from_gaps(_: str, document: Document, positions: Sequence[int]) -> Iterator[Drafted]:
    """Yield whole sentences with a number, a date or a name left out."""
    for sentence, start, end in sound_sentences(document, positions):
        gap = choose_gap(sentence, document.text)
        if gap:
            yield Drafted(f"What is missing here: “{sentence.replace(gap, GAP)}”", gap, "contains", start, end)


def _from_headings(_: str, document: Document, positions: Sequence[int]) -> Iterator[Drafted]:
    """Yield headings made questions; the first sentence below a heading is the answer."""
    headings = Counter(_heading_text(document, block) for block in document.blocks if block.kind == "heading")
    for position in positions:
        block = document.blocks[position]
        span = _first_sentence_below(document, position) if block.kind == "heading" else None
        if span is None:
            continue
        heading = _heading_text(document, block)
        answer = " ".join(document.text[slice(*span)].split())
        if headings[heading] > 1 or not _says_something(heading) or len(words(answer)) < _LEAST_WORDS_OF_ANSWER:
            continue
        question = heading_question(heading, document.title, answer) if is_sound(answer) else ""
        if question:
            yield Drafted(question, answer, "f1", *span)


def _from_tables(source: str, document: Document, _: Sequence[int]) -> Iterator[Drafted]:
    """Yield questions for cells of tables, a few a table."""
    for table in document.tables:
        about = table_name(source, document, table.start)
        for cell in list(cells_of(document, table))[:: max(1, len(table.cells) // 4)][:_MOST_CELLS]:
            match: Literal["contains", "f1"] = "contains" if len(words(cell.text)) <= _SHORT_CELL else "f1"
            yield Drafted(cell_question(cell, about), cell.text, match, cell.start, cell.end)


_DRAFTERS: dict[str, Callable[[str, Document, Sequence[int]], Iterator[Drafted]]] = {
    "sentence": _from_sentences,
    "table": _from_tables,
    "heading": _from_headings,
    "cloze": _from_gaps,
}
KINDS = tuple(_DRAFTERS)


def table_name(source: str, document: Document, position: int) -> str:
    """Return what a person calls a table: the heading above it, the title of its document, or the name of its file.

    Args:
        source: The name of the source.
        document: Its document.
        position: Where the table begins.

    Returns:
        The name in quotation marks.
    """
    heading, path = heading_above(document, position), PurePosixPath(source)
    return f"the file “{path.name}”" if heading in (path.stem, path.name) else f"“{heading}”"


def heading_above(document: Document, position: int) -> str:
    """Return the heading above a place of a document, or the title of the document.

    Args:
        document: The document.
        position: The place in its text.

    Returns:
        Its words.
    """
    above = [block for block in document.blocks if block.kind == "heading" and block.end <= position]
    heading = _heading_text(document, above[-1]) if above else ""
    return heading if _says_something(heading) else document.title


def sound_sentences(document: Document, positions: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    """Yield the whole sentences of some blocks, each with its span, that stand in the document once.

    Args:
        document: The document.
        positions: Which of its blocks are looked at.

    Yields:
        The sentence with plain white space, where it starts and where it ends.
    """
    seen: set[str] = set()
    for position in positions:
        block = document.blocks[position]
        if block.kind not in ("paragraph", "item"):
            continue
        for start, end in split_block(document.text, block):
            sentence = " ".join(document.text[start:end].split())
            if sentence not in seen and is_sound(sentence):
                seen.add(sentence)
                yield sentence, start, end


def choose_gap(sentence: str, text: str) -> str:
    """Return what to leave out of a sentence of a text.

    Args:
        sentence: The sentence.
        text: The text, in which a name that is left out stands rarely.

    Returns:
        A whole number with its unit, a date or a name; empty where nothing is worth asking for.
    """
    for pattern in _GAP_PATTERNS:
        for match in pattern.finditer(sentence):
            # A word behind a year is no unit: "The plague of 1649 comes from …".
            gap = match.group().split()[0] if _YEAR_AND_WORD.match(match.group()) else match.group()
            is_number_or_rare = gap[0].isdigit() or gap[0] in "$€£¥" or text.count(gap) <= _RARE
            end = match.start() + len(gap)
            is_one = match.start() > 0 and sentence.count(gap) == 1
            if is_number_or_rare and is_one and is_whole(sentence, match.start(), end):
                return gap
    return ""


def _heading_text(document: Document, block: Block) -> str:
    """Return the words of a heading without the signs of its markup."""
    return " ".join(document.text[block.start : block.end].strip("#=- \n").split())


def _first_sentence_below(document: Document, position: int) -> tuple[int, int] | None:
    """Return the span of the first sentence of the block behind a position, if that is a paragraph or an item."""
    following = document.blocks[position + 1] if position + 1 < len(document.blocks) else None
    if following is None or following.kind not in ("paragraph", "item"):
        return None
    return next(iter(split_block(document.text, following)), None)


def _says_something(heading: str) -> bool:
    """Tell whether a heading has a usual length and no vague word."""
    found = words(heading)
    return (
        len(found) in _WORDS_OF_HEADING
        and not _VAGUE_HEADINGS & set(found)
        and heading.isprintable()
        and heading[0].isalnum()
        and sum(character.isalpha() for character in heading) > 0.6 * len(heading.replace(" ", ""))
    )
