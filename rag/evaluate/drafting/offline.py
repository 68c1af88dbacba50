"""Drafts of one document, without a language model.

Owns: a generator of cases for each kind of question. Knows nothing about the order of drafts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from rag.evaluate.drafting.cases import draft_case
from rag.evaluate.drafting.rules import heading_question, questions_of
from rag.evaluate.drafting.soundness import is_sound, is_whole
from rag.evaluate.drafting.tables import cell_question, cells_of
from rag.evaluate.suite.gold_evidence import evidence_of_span
from rag.evaluate.types import Case
from rag.text import STOPWORDS, split_block, words
from rag.types import Block, Document

GAP = "____"
# A name that stands in a document more often than this is its subject, and leaving it out asks for nothing.
_RARE = 3
# What may be left out of a sentence, best first: a number with its unit, a date, a name.
_GAP_PATTERNS = (
    re.compile(
        r"(?<![\w.,:+-])\d+(?::\d+)+(?![\w:-])"
        r"|(?:[$€£¥] ?)?(?<![\w.,:+-])\d+(?:[.,]\d+)*(?: (?:million|billion|thousand))?"
        r"(?: ?%| [^\W\d_]{1,12}(?:/[^\W\d_]{1,4})?)?(?![\w:-])"
    ),
    re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+\b"),
    re.compile(r"(?<=[a-z,] )[A-Z]\w{2,}\b(?!-| [A-Z])"),
)
_WORDS_OF_HEADING = range(2, 13)
# Words of a paragraph below which it is no answer to a heading.
_LEAST_WORDS_OF_ANSWER = 5
# Cells of one table that are asked for.
_MOST_CELLS = 3
# A heading with one of these words says nothing about what stands below it.
_VAGUE_HEADINGS = frozenset(
    "abstract appendix background conclusion contents introduction notes note overview references summary part item"
    " exhibit signatures general other untitled".split()
)


def generate_rule_cases(source: str, document: Document, positions: Sequence[int]) -> Iterator[Case]:
    """Yield questions made of whole sentences by rules; at most one a sentence.

    Args:
        source: The name of the source.
        document: Its document.
        positions: Which of its blocks are looked at.

    Yields:
        Cases.
    """
    for sentence, start, end in sound_sentences(document, positions):
        for asked in questions_of(sentence):
            evidence = (evidence_of_span(source, document.text, start, end),)
            yield draft_case(
                asked.question, answers=(asked.answer,), match=asked.match, evidence=evidence, tags=("sentence",)
            )
            break


def generate_gap_cases(source: str, document: Document, positions: Sequence[int]) -> Iterator[Case]:
    """Yield whole sentences with a number, a date or a name left out.

    Args:
        source: The name of the source.
        document: Its document.
        positions: Which of its blocks are looked at.

    Yields:
        Cases.
    """
    for sentence, start, end in sound_sentences(document, positions):
        gap = choose_gap(sentence, document.text)
        if gap:
            question = f"What is missing here: “{sentence.replace(gap, GAP)}”"
            evidence = (evidence_of_span(source, document.text, start, end),)
            yield draft_case(question, answers=(gap,), evidence=evidence, tags=("cloze",))


def generate_heading_cases(source: str, document: Document, positions: Sequence[int]) -> Iterator[Case]:
    """Yield headings made questions; the first sentence below a heading is the answer.

    Args:
        source: The name of the source.
        document: Its document.
        positions: Which of its blocks are looked at.

    Yields:
        Cases.
    """
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
            evidence = (evidence_of_span(source, document.text, *span),)
            yield draft_case(question, answers=(answer,), match="f1", evidence=evidence, tags=("heading",))


def generate_table_cases(source: str, document: Document, positions: Sequence[int]) -> Iterator[Case]:  # noqa: ARG001
    """Yield questions for cells of tables, a few a table.

    Args:
        source: The name of the source.
        document: Its document.
        positions: Which of its blocks are looked at.

    Yields:
        Cases.
    """
    for table in document.tables:
        about = table_name(source, document, table.start)
        for cell in list(cells_of(document, table))[:: max(1, len(table.cells) // 4)][:_MOST_CELLS]:
            evidence = (evidence_of_span(source, document.text, cell.start, cell.end),)
            match = "contains" if len(words(cell.text)) <= 5 else "f1"
            yield draft_case(
                cell_question(cell, about), answers=(cell.text,), match=match, evidence=evidence, tags=("table",)
            )


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
            number, _, unit = match.group().rpartition(" ")
            gap = number if unit in STOPWORDS else match.group()
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
