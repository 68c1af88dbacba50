"""Build the text that is shown: sentences that slice it, and citations numbered by first use. Pure.

Owns: numbering, and the marks in the text. Knows nothing about verdicts or models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.marks import MARK_GROUP
from rag.types import Citation, Sentence, Span, Verdict


@dataclass
class Composer:
    """Builds the answer that is shown: text, sentences that slice it, citations numbered by first use."""

    text: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    _numbers: dict[tuple[str, str, int, int], int] = field(default_factory=dict)

    def add(self, words: str, spans: Sequence[Span], verdict: Verdict, reason: str = "", before: str = " ") -> None:
        """Append a sentence with the spans it cites. ``before`` stands between it and what came earlier.

        A mark inside ``words`` is shown in round brackets: only the numbers given here are citations.
        """
        used = tuple(dict.fromkeys(self._number(span) for span in spans))
        shown = MARK_GROUP.sub(_in_round_brackets, words) + "".join(f" [{number}]" for number in used)
        if self.text:
            self.text += before
        start = len(self.text)
        self.text += shown
        self.sentences.append(Sentence(shown, start, len(self.text), verdict, used, reason))

    def quote(self, span: Span, before: str = "\n") -> None:
        """Append the words of the source themselves."""
        self.add(f"“{' '.join(span.quote.split())}”", [span], "verified", before=before)

    def _number(self, span: Span) -> int:
        key = (span.source, span.source_id, span.start, span.end)
        if key not in self._numbers:
            number = self._numbers[key] = len(self.citations) + 1
            self.citations.append(Citation.of(number, span))
        return self._numbers[key]


def _in_round_brackets(mark: re.Match[str]) -> str:
    """Return a mark that is not ours, such as the reference of a paper, as no reader takes it for a citation."""
    return f"({mark.group()[1:-1]})"
