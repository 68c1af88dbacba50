"""Build the text that is shown: sentences that slice it, and citations numbered by first use. Pure.

Owns: numbering, and the marks in the text. Knows nothing about verdicts or models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.answering.inert_text import without_live_addresses
from rag.marks import MARK_GROUP, code_spans, quotations, spans_outside
from rag.notices import Notice
from rag.types import Citation, Sentence, Span, Verdict
from rag.verify.layout import is_row


@dataclass
class Composer:
    """An answer under construction.

    Attributes:
        language: The language in which the program speaks itself, ``en`` or ``de``.
        text: What is shown, marks included.
        sentences: The sentences in order; each slices ``text``.
        citations: The cited spans, numbered from 1 in the order in which they were first cited.
        short_answer: What answers the question by itself, shown before the text; None where nothing is sure enough.
        answered: The exact slices of the documents that the short answer was cut from; none where a model wrote it.
    """

    language: str = "en"
    text: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    short_answer: str | None = None
    answered: tuple[Span, ...] = ()
    _numbers: dict[tuple[str, str, int, int], int] = field(default_factory=dict)

    def add(
        self, words: str, spans: Sequence[Span], verdict: Verdict, reason: Notice | None = None, before: str = " "
    ) -> None:
        """Append a sentence and the marks of the spans it cites.

        Args:
            words: The sentence. A mark inside it is shown in round brackets: only numbers given here are citations. No
                address in it is shown as a link or a picture.
            spans: What the sentence cites; a span that was cited before keeps its number.
            verdict: The verdict on the sentence.
            reason: Why the verdict is not ``verified``; None where it is.
            before: White space between the text so far and the sentence, perhaps with the number of an item of a list;
                the first sentence has no white space before it.
        """
        numbers = tuple(dict.fromkeys(self._number(span) for span in spans))
        shown = _with_marks(_without_foreign_marks(without_live_addresses(words)), _marks(numbers))
        self.text += before if self.text else before.lstrip()
        start = len(self.text)
        self.text += shown
        self.sentences.append(Sentence(shown, start, len(self.text), verdict, numbers, reason))

    def quote(self, span: Span, before: str = "\n") -> None:
        """Append the words of a source in quotation marks, on one line, and cite them.

        Args:
            span: What is quoted.
            before: White space between the text so far and the quote.
        """
        quoted = Notice("quote", {"words": " ".join(span.quote.split())})
        self.add(quoted.text(self.language), [span], "verified", before=before)

    def say(self, notice: Notice, spans: Sequence[Span] = (), before: str = " ") -> None:
        """Append a sentence of the program's own, which is no claim.

        Args:
            notice: What is said; its words are in the answer's language.
            spans: What the sentence cites.
            before: White space between the text so far and the sentence.
        """
        self.add(notice.text(self.language), spans, "not a claim", before=before)

    def _number(self, span: Span) -> int:
        """Return the number of a span, a new one where it was not cited before."""
        key = (span.source, span.source_id, span.start, span.end)
        if key not in self._numbers:
            number = self._numbers[key] = len(self.citations) + 1
            self.citations.append(Citation.of(number, span))
        return self._numbers[key]


def _with_marks(words: str, marks: str) -> str:
    """Return words with marks behind them; those of a row of a table stand in its last cell."""
    if not marks or not is_row(words):
        return words + marks
    cells = words[:-1].rstrip()
    return f"{cells}{marks}{words[len(cells) : -1] or ' '}|"


def without_numbers(text: str, numbers: Sequence[int]) -> str:
    """Return the text of a shown sentence without the numbers of its citations behind it.

    Args:
        text: The text.
        numbers: The numbers of its citations.

    Returns:
        The text; a row of a table keeps its bars.
    """
    marks = _marks(numbers)
    if not is_row(text):
        return text.removesuffix(marks)
    cells = text[:-1].rstrip()
    return cells.removesuffix(marks) + text[len(cells) :]


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f" [{number}]" for number in numbers)


def _without_foreign_marks(words: str) -> str:
    """Return words in which nothing looks like one of our marks.

    A mark that is not ours, such as the reference of a paper, is shown in round brackets; an index in code that is
    quoted keeps its own, with a space. Only the code of a model keeps its characters: our own marks never stand in it.
    """
    spans = [match.span() for match in MARK_GROUP.finditer(words)]
    quoted = set(spans) - set(spans_outside(quotations(words), spans))
    coded = set(spans) - set(spans_outside(code_spans(words), spans))

    def changed(mark: re.Match[str]) -> str:
        if mark.span() not in coded:
            return f"({mark.group()[1:-1]})"
        return f"[ {mark[1]}]" if mark.span() in quoted else mark.group()

    return MARK_GROUP.sub(changed, words)
