"""Lines "label: value" that together describe one thing: a person, an order, a device. Pure.

Owns: which lines are one record, and which line of which record a question asks for. "What degree does the principal
investigator have?" is asked of the line "Degree: …" in the record whose line "Role: …" says that it is his.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.retrieval.table_rows import label_stems
from rag.text import terms

# A short name, a colon, and what it names.
_LINE = re.compile(r"(?:[-*+•]\s+)?[*_]{0,2}([^\W_][^:：\n]{0,50}?)[*_]{0,2}\s*[:：][*_]{0,2}\s*(\S[^\n]*)$")
# Words of a label, and of a value that tells which record is meant; longer ones are sentences.
_LONGEST_LABEL, _LONGEST_NAME = 5, 8
_PERSON = re.compile(r"\s*(?:and\s+|but\s+)?(?:who|whose|wer)\b", re.I)
_NAME = frozenset(terms("name"))


@dataclass(frozen=True, slots=True)
class RecordLine:
    """What a line says of its record.

    Attributes:
        label: The stems of its label.
        value: The stems of what stands behind it; empty where that is too long to be a name.
    """

    label: frozenset[str]
    value: frozenset[str]


def match_records(question: str, lines: Sequence[tuple[int, str]]) -> dict[int, int]:
    """Find the lines that a question asks for, of the records that it names.

    Args:
        question: The question.
        lines: Sentences in the order of their documents, each with a number that changes where a record cannot go on:
            at another document or heading.

    Returns:
        For the number of each line that is asked for, the number of the line by which the question names its record.
        Where the question names several records, that of which it says most and which says least beside it.
    """
    asked = label_stems(question) | (_NAME if _PERSON.match(question) else frozenset())
    best: dict[frozenset[str], list[tuple[int, int, int]]] = defaultdict(list)
    for record in _records(lines):
        wanted = [number for number, line in record.items() if line.label and line.label <= asked]
        for number in wanted:
            named = [(_nearness(line, asked), -other) for other, line in record.items() if other != number]
            nearness, other = max(named, default=(0, 0))
            if nearness > 0:
                best[record[number].label].append((nearness, number, -other))
    return {
        number: other
        for found in best.values()
        for nearness, number, other in found
        if nearness == max(each[0] for each in found)
    }


def _nearness(line: RecordLine, asked: set[str] | frozenset[str]) -> int:
    """Return how many words of a name are asked for, less those that are not: "Co-principal" is another name."""
    return len(line.value & asked) - len(line.value - asked)


def _records(lines: Sequence[tuple[int, str]]) -> Iterator[dict[int, RecordLine]]:
    """Yield the lines of each record by number; a label that comes again begins another record."""
    record: dict[int, RecordLine] = {}
    run = -1
    for number, (place, text) in enumerate(lines):
        line = _line(text)
        is_new = line is None or place != run or any(line.label == other.label for other in record.values())
        if is_new and record:
            yield record
            record = {}
        run = place
        if line is not None:
            record[number] = line
    if record:
        yield record


def _line(text: str) -> RecordLine | None:
    match = _LINE.match(text)
    if not match or len(match.group(1).split()) > _LONGEST_LABEL:
        return None
    value = match.group(2)
    stems = frozenset(terms(value)) if len(value.split()) <= _LONGEST_NAME else frozenset[str]()
    return RecordLine(label_stems(match.group(1)), stems)
