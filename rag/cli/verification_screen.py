"""A checked text on a terminal: each sentence whole, and below it the words for or against it.

Owns: how the verdicts on a text are laid out for a reader. What is piped is ``rag.cli.lines``' matter. Knows nothing
about how anything is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.cli.answer_screen import place_lines, short
from rag.cli.excerpt import terms_of
from rag.cli.lines import location
from rag.cli.one_line import one_line
from rag.cli.screen import padded, styled, wrap

if TYPE_CHECKING:
    from rag.types import Sentence
    from rag.verify.texts.document import Verification

_COLUMN = 14
_QUOTE_LINES = 2
_STYLES = {"verified": "green", "partly": "yellow", "unsupported": "yellow", "contradicted": "red"}


def verification_screen(verification: Verification, width: int) -> Iterator[str]:
    """Yield the sentences of a checked text with verdict, reason, and the words for or against it, then the counts.

    Args:
        verification: The checked text.
        width: Columns of the terminal.

    Yields:
        Its lines.
    """
    from rag.verify.texts.document import VERDICTS

    citations = {citation.number: citation for citation in verification.citations}
    for sentence in verification.sentences:
        style = _STYLES.get(sentence.verdict, "dim")
        verdict = padded(styled(sentence.verdict, style), _COLUMN)
        yield from wrap(one_line(sentence.text), width, verdict)
        if sentence.reason:
            yield from wrap(one_line(str(sentence.reason)), width, " " * _COLUMN)
        for number in sentence.citations:
            yield from _words(location(citations[number]), citations[number].quote, sentence, width)
        yield from _against(sentence, width)
    yield ""
    yield from wrap(", ".join(f"{verification.count(verdict)} {verdict}" for verdict in VERDICTS), width)


def _against(sentence: Sentence, width: int) -> Iterator[str]:
    if sentence.verdict == "contradicted" and sentence.reason and "quote" in sentence.reason.values:
        against = sentence.reason.values
        place = f"{one_line(str(against['source']))} ({against['start']}:{against['end']})"
        yield from _words(place, str(against["quote"]), sentence, width, "but ")


def _words(place: str, quote: str, sentence: Sentence, width: int, before: str = "") -> Iterator[str]:
    indent = " " * _COLUMN
    yield from place_lines(f"{indent}{before}", place, width, "dim")
    if one_line(quote) != one_line(sentence.text):
        part = short(quote, _QUOTE_LINES, width - _COLUMN - 4, terms_of([sentence.text]))
        yield from wrap(f"“{part}”", width, f"{indent}  ", f"{indent}   ")
