"""Questions in other languages than English, each language in an index of its own.

``python -m tests.benchmarks.foreign_questions`` asks all of them; ``--language de`` only those of one, ``--half odd``
those that the rules were mended by, ``--show`` lists what went wrong. ``RAG_EMBEDDING_MODEL`` chooses the encoder.

    quote   the evidence holds the sentence that answers; first: it begins with it
    whole   the sentences of the evidence are whole sentences, headings or rows of their documents
    exact   the citations are slices of their documents
    right, wrong, none    the short answers of questions that have an answer
    held    near misses that are refused or tentative, and none of which has a short answer: ``silent``
    kind    questions that are read as what they ask for: yes or no, or a fact
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import rag
from rag.settings import load_settings
from rag.types import Answer
from tests.languages.questions import DOCUMENTS, LANGUAGES, Case, cases, is_right, plain

_SENTENCE_END = re.compile(r"[.!?。！？؟]$")


@dataclass(frozen=True)
class Shown:
    """A question and what was answered."""

    case: Case
    answer: Answer

    @property
    def has_quote(self) -> bool:
        """Whether the evidence holds the sentence that answers."""
        return any(plain(self.case.quote) in plain(one.span.quote) for one in self.answer.evidence)

    @property
    def has_quote_first(self) -> bool:
        """Whether the evidence begins with the sentence that answers."""
        return any(plain(self.case.quote) in plain(one.span.quote) for one in self.answer.evidence[:1])

    @property
    def verdict(self) -> str:
        """``right``, ``wrong`` or ``none`` for the short answer."""
        if self.answer.short_answer is None:
            return "none"
        return "right" if is_right(self.answer.short_answer, self.case) else "wrong"

    @property
    def is_held(self) -> bool:
        """Whether the question is refused, or answered with a warning only."""
        return self.answer.abstained or self.answer.tentative


def ask_all(language: str, chosen: Sequence[Case]) -> list[Shown]:
    """Ask questions of an index over the documents of a language."""
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings().model_copy(update={"home": Path(home)})
        with rag.open_index(language, settings=settings, create=True) as index:
            rag.ingest(index, [DOCUMENTS / language])
            return [Shown(case, rag.answer(index, case.question, llm="none")) for case in chosen]


def is_whole(language: str, quote: str) -> bool:
    """Whether a piece of evidence is a line of a document, or begins and ends where sentences do."""
    texts = [path.read_text("utf-8") for path in sorted((DOCUMENTS / language).iterdir())]
    for text in texts:
        at = text.find(quote)
        if at < 0:
            continue
        before, behind = text[:at].rstrip(" "), text[at + len(quote) :]
        begins = not before or before[-1] in "\n#" or bool(_SENTENCE_END.search(before)) or language == "th"
        ends = not behind.strip() or behind[0] == "\n" or bool(_SENTENCE_END.search(quote)) or language == "th"
        if begins and ends:
            return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--half", choices=("odd", "even", "both"), default="both")
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    print(f"encoder {load_settings().embedding_model}")
    print("language half  quote first whole exact | right wrong none of | held silent of | kind")
    for language in arguments.language or LANGUAGES:
        halves = ("odd", "even") if arguments.half == "both" else (arguments.half,)
        wanted = [case for case in cases(language) if ("odd" if case.is_odd else "even") in halves]
        shown = ask_all(language, wanted)
        for half in halves:
            part = [one for one in shown if one.case.is_odd == (half == "odd")]
            _print(language, half, part)
            if arguments.show:
                _show(part)


def _print(language: str, half: str, shown: Sequence[Shown]) -> None:
    known = [one for one in shown if one.case.answerable]
    missing = [one for one in shown if not one.case.answerable]
    quotes = [item.span.quote for one in shown for item in one.answer.evidence]
    cited = [citation for one in shown for citation in one.answer.citations]
    verdicts = [one.verdict for one in known]
    exact = sum(_is_exact(language, c.source, c.start, c.end, c.quote) for c in cited)
    kinds = [one.answer.kind == ("yes-no" if one.case.asks == "yes-no" else "fact") for one in shown]
    print(
        f"{language:<8} {half:<5}"
        f" {sum(one.has_quote for one in known) / max(1, len(known)):.2f}"
        f"  {sum(one.has_quote_first for one in known) / max(1, len(known)):.2f}"
        f"  {sum(is_whole(language, quote) for quote in quotes) / max(1, len(quotes)):.2f}"
        f"  {exact / max(1, len(cited)):.2f}"
        f"  | {verdicts.count('right'):>5} {verdicts.count('wrong'):>5} {verdicts.count('none'):>4} {len(known):>2}"
        f" | {sum(one.is_held for one in missing):>4} {sum(one.verdict == 'none' for one in missing):>6}"
        f" {len(missing):>2} | {sum(kinds) / max(1, len(kinds)):.2f}",
        flush=True,
    )


def _is_exact(language: str, source: str, start: int, end: int, quote: str) -> bool:
    path = DOCUMENTS / language / Path(source).name
    return path.read_text("utf-8")[start:end] == quote


def _show(shown: Sequence[Shown]) -> None:
    for one in shown:
        answer, case = one.answer, one.case
        state = "refused" if answer.abstained else "tentative" if answer.tentative else "sure"
        missing = ", ".join(notice.code for notice in answer.notices)
        print(
            f"  {case.number:>2} {case.question}\n     {answer.kind}, {state} {answer.confidence:.2f}, short "
            f"{answer.short_answer!r} {one.verdict}, quote {one.has_quote}, gold {case.answers[:1]}, notices {missing}"
        )
        if (not one.has_quote and case.answerable) or one.verdict == "wrong":
            for item in answer.evidence[:3]:
                print(f"        {item.score:.2f} {item.span.quote[:110]!r}")


if __name__ == "__main__":
    main()
