"""Measure how long the rules take: an answer of ten sentences over eight passages, and text made to be slow.

``python -m tests.benchmarks.rules_time`` prints the milliseconds of processor time of one answer, its median and its
95th percentile: *cold*, where no text and no word was read before, and *warm*, where the passages were read for another
answer and the sentences were not. The answers are those of ClapNQ, whose passages have some 240 tokens: ten sentences
of the gold answers of eight questions, each marked with its own passage; and those of the claims of a strong model,
with their eight shorter passages.

Then it prints for each kind of hostile text how long a sentence takes whose source is such text, or that is such text
itself, and by what factor longer one of twice the size: 2 is linear, 4 quadratic. ``--hostile`` prints these alone.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import _lru_cache_wrapper

import numpy as np

from rag.scoring.file import shipped_scoring
from rag.text import sentences
from rag.types import Span
from rag.verify.checker import ClaimToCheck, NumberedEvidence
from rag.verify.conflict.disagreement import find_conflicts
from rag.verify.rule_checker import RuleChecker
from tests.benchmarks import claims, data

_SENTENCES, _PASSAGES = 10, 8
_SPANS_THAT_MAY_CONFLICT = 30
# Times that each hostile check is measured; the shortest counts, since nothing but another process makes it longer.
_REPEATS = 3
HOSTILE_SIZE = 4_000
# No harm is done where a check of text of this kind takes less.
_TOO_SHORT_TO_MEASURE = 0.002

Answer = Sequence[ClaimToCheck]


@dataclass(frozen=True)
class Hostile:
    """Text made to be slow.

    Attributes:
        name: What it is called in the table.
        make: Returns a sentence and its source with about so many characters.
        size: How many characters the shorter of the two texts has.
    """

    name: str
    make: Callable[[int], tuple[str, str]]
    size: int = HOSTILE_SIZE


def _repeated(part: str) -> Callable[[int], tuple[str, str]]:
    return lambda size: ((text := part * (size // len(part))) + "x", text)


def _numbers(size: int) -> tuple[str, str]:
    text = " ".join(str(number) for number in range(1000, 1000 + size // 5))
    return text, text.replace("7", "8")


def _numbers_on_lines(size: int) -> tuple[str, str]:
    count = size // 40
    sentence = ", ".join(f"{number} boats" for number in range(1000, 1000 + count))
    return f"Ada has {sentence}.", "\n".join(f"Harbour number {number} has {number} boats." for number in range(count))


def _dates(size: int) -> tuple[str, str]:
    dates = [f"on {day % 28 + 1} March {1500 + day % 500}" for day in range(size // 16)]
    return f"Ada came {', '.join(dates)}.", "\n".join(f"Bo came {date}." for date in dates[::-1])


def _claim_against(part: str) -> Callable[[int], tuple[str, str]]:
    return lambda size: ("The ferry takes 28 cars to the island.", part * (size // len(part)))


HOSTILE = (
    Hostile("1) 1) 1)", _repeated("1) ")),
    Hostile("1 2 3 …", _numbers),
    Hostile("word, word and word", _repeated("word, word and word ")),
    Hostile("“(“(“(", _repeated("“(")),
    Hostile("[[[[", _repeated("[(")),
    Hostile("numbers against lines with numbers", _numbers_on_lines),
    Hostile("dates against lines with dates", _dates),
    Hostile("not, not, not", _repeated("not, ")),
    Hostile("spaces in the source", _claim_against(" "), 64_000),
    Hostile("spaces in the sentence", _repeated(" "), 64_000),
    Hostile("one line of words", _claim_against("the ferry takes cars to an island "), 64_000),
    Hostile("one line of numbers", _claim_against("28 cars and "), 64_000),
    Hostile("one line without spaces", _claim_against("ferry"), 64_000),
    Hostile("““““", _claim_against("“"), 64_000),
    Hostile("((((", _claim_against("("), 64_000),
    Hostile("....", _claim_against("."), 64_000),
)
"""The kinds of text that have been slow, or may be."""


def clapnq_answers() -> Iterator[Answer]:
    """Yield answers of ten sentences from ClapNQ, each over eight passages."""
    rows = list(data.jsonl(data.folder("clapnq") / "clapnq_dev_answerable.jsonl"))
    for first in range(0, len(rows) - _PASSAGES + 1, _PASSAGES):
        chosen = rows[first : first + _PASSAGES]
        evidence = tuple(
            _numbered(at, row["passages"][0]["title"], row["passages"][0]["text"])
            for at, row in enumerate(chosen, start=1)
        )
        everything = tuple(span for piece in evidence for span in piece.spans)
        found = [
            ClaimToCheck(text[start:end], piece.spans, everything, marks=(piece.number,), evidence=evidence)
            for row, piece in zip(chosen, evidence, strict=True)
            for text in (row["output"][0]["answer"],)
            for start, end in sentences(text)
        ]
        if len(found) >= _SENTENCES:
            yield found[:_SENTENCES]


def claims_answers() -> Iterator[Answer]:
    """Yield the answers of a strong model that have ten sentences, and the first ten of those."""
    for row in claims.rows("all"):
        found = claims.claims_of(row)
        if len(found) >= _SENTENCES:
            yield found[:_SENTENCES]


def forget_texts() -> None:
    """Empty every cache of what a text says."""
    for cache in gc.get_objects():
        if isinstance(cache, _lru_cache_wrapper) and (cache.__module__ or "").startswith("rag.verify"):
            cache.cache_clear()


def seconds_of(work: Callable[[], object]) -> float:
    """Return the processor time that a piece of work takes."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def growth(hostile: Hostile) -> tuple[float, float]:
    """Return how long a hostile text takes in seconds, and by what factor longer one of twice the size."""
    short, long = (_shortest(*hostile.make(size)) for size in (hostile.size, 2 * hostile.size))
    return short, long / max(short, _TOO_SHORT_TO_MEASURE)


def _shortest(sentence: str, source: str) -> float:
    """Return how long the rules take for a sentence whose source is one text, read for the first time."""

    def check() -> None:
        evidence = (_numbered(1, "", source),)
        spans = evidence[0].spans
        RuleChecker().check([ClaimToCheck(sentence, spans, spans, marks=(1,), evidence=evidence)])

    times = []
    for _ in range(_REPEATS):
        forget_texts()
        times.append(seconds_of(check))
    return min(times)


def _numbered(number: int, title: str, text: str) -> NumberedEvidence:
    source = f"{number}.txt"
    spans = (Span(source, source, title, start, end, text[start:end]) for start, end in sentences(text))
    return NumberedEvidence(number, title, text, tuple(spans))


def _times(answers: Sequence[Answer]) -> tuple[list[float], list[float]]:
    """Return how long the rules take for each answer, cold and warm."""
    checker = RuleChecker()
    cold, warm = [], []
    for answer in answers:
        forget_texts()
        others = [replace(claim, sentence=f"The harbour has {at} old boats.") for at, claim in enumerate(answer)]
        cold.append(seconds_of(lambda answer=answer: checker.check(answer)))  # type: ignore[misc]
        forget_texts()
        checker.check(others)
        warm.append(seconds_of(lambda answer=answer: checker.check(answer)))  # type: ignore[misc]
    return cold, warm


def _shown(times: Sequence[float]) -> str:
    median, high = np.percentile(times, (50, 95)) * 1000
    return f"{median:5.1f} ({high:.1f})"


def report_answers() -> None:
    """Print how long an answer takes."""
    for name, found in (("clapnq", clapnq_answers()), ("claims", claims_answers())):
        answers = list(found)
        RuleChecker().check(answers[0])
        cold, warm = _times(answers)
        print(f"{name}: {len(answers)} answers of {_SENTENCES} sentences, ms of processor time, median (95 %):"
              f" cold {_shown(cold)}, warm {_shown(warm)}", flush=True)  # fmt: skip
        spans = [list(answer[0].everything[:_SPANS_THAT_MAY_CONFLICT]) for answer in answers]
        conflicts = []
        for some in spans:
            forget_texts()
            conflicts.append(seconds_of(lambda some=some: find_conflicts(some, "", shipped_scoring().conflicts)))  # type: ignore[misc]
        again = [seconds_of(lambda some=some: find_conflicts(some, "", shipped_scoring().conflicts)) for some in spans]  # type: ignore[misc]
        print(f"{name}: conflicts among {_SPANS_THAT_MAY_CONFLICT} spans: cold {_shown(conflicts)},"
              f" warm {_shown(again)}", flush=True)  # fmt: skip


def report_hostile() -> None:
    """Print how long hostile text takes, and how the time grows."""
    for hostile in HOSTILE:
        seconds, factor = growth(hostile)
        print(
            f"{hostile.name:36} {hostile.size:6} characters {1000 * seconds:7.0f} ms, twice × {factor:.1f}", flush=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hostile", action="store_true", help="print the growth on hostile text alone")
    if not parser.parse_args().hostile:
        report_answers()
    report_hostile()


if __name__ == "__main__":
    main()
