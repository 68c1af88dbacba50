"""Short answers of SQuAD 2.0: of the questions that have an answer, how many show one, and how many of these are right?

Articles that nothing was fitted on, all in one index. ``--llm SPEC`` chooses the model, ``--limit N`` takes a sample,
``--wrong`` lists what is wrong. ``--half fit`` asks the articles that the numbers were fitted to.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import string
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answering.pipeline import answer
from rag.models.llm.opening import open_llm
from rag.planning.planner import make_plan
from tests.benchmarks import data, squad2
from tests.benchmarks.drafts import remembering

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
# Words that a right answer may have beyond the gold one: a unit, a preposition, a title before a name.
MORE_WORDS = 4


def normalised(text: str) -> list[str]:
    """The words as SQuAD's own script compares them: small letters, no punctuation, no articles."""
    plain = "".join(" " if c in "-–—" else c for c in text.lower())
    plain = "".join(c for c in plain if c not in set(string.punctuation) | set("“”‘’„«»"))
    return _ARTICLES.sub(" ", plain).split()


def holds(words: Sequence[str], part: Sequence[str]) -> bool:
    """Whether the words of one stand in the other, in order and side by side."""
    return bool(part) and any(list(words[i : i + len(part)]) == list(part) for i in range(len(words) - len(part) + 1))


def is_right(short: str, gold: Sequence[str]) -> bool:
    """Whether a short answer holds a gold one with a few words more, or is at least half of a gold one."""
    words = normalised(short)
    for right in map(normalised, gold):
        if holds(words, right) and len(words) <= len(right) + MORE_WORDS:
            return True
        if holds(right, words) and len(words) * 2 >= len(right):
            return True
    return False


def is_exact(short: str, gold: Sequence[str]) -> bool:
    """Whether a short answer is a gold one."""
    return normalised(short) in [normalised(right) for right in gold]


def f1(short: str, gold: Sequence[str]) -> float:
    """The best F1 of words against a gold answer, as SQuAD's own script computes it."""
    return max((_f1(normalised(short), normalised(right)) for right in gold), default=0.0)


def _f1(words: Sequence[str], gold: Sequence[str]) -> float:
    shared = sum((Counter(words) & Counter(gold)).values())
    return 2 * shared / (len(words) + len(gold)) if shared else 0.0


@dataclass(frozen=True)
class Shown:
    """A question, the type of its answer, and the short answer that was shown; None for none."""

    case: squad2.Case
    answer_type: str
    short: str | None

    @property
    def right(self) -> bool:
        return self.short is not None and is_right(self.short, self.case.gold)


def sample(half: squad2.Half, limit: int, seed: int, *, near_misses: bool = False) -> list[squad2.Case]:
    """Questions that have an answer, or near misses; a few are drawn by chance, the same each time."""
    cases = [case for case in squad2.cases(half) if bool(case.gold) != near_misses]
    random.Random(seed).shuffle(cases)
    return cases[: limit or None]


def ask(cases: Sequence[squad2.Case], half: squad2.Half, spec: str) -> Iterator[Shown]:
    index = squad2.build(half)
    settings = data.bench_settings().model_copy(update={"llm": spec})
    model = remembering(open_llm(spec, settings))
    for case in cases:
        *_, last = answer(index, case.question, model=model)
        answer_type = make_plan(index, case.question).question.answer_type
        yield Shown(case, str(answer_type), last.short_answer)
    if model:
        model.close()


def report(found: Sequence[Shown]) -> None:
    """Print how many are shown and right: of all, by the type of the answer, and the spread over the articles."""
    by_type: dict[str, list[Shown]] = defaultdict(list)
    by_article: dict[str, list[Shown]] = defaultdict(list)
    for one in found:
        by_type[one.answer_type].append(one)
        by_article[one.case.article].append(one)
    for name, group in [("all", list(found)), *sorted(by_type.items(), key=lambda item: -len(item[1]))]:
        shown = [one for one in group if one.short]
        exact = sum(is_exact(one.short or "", one.case.gold) for one in shown)
        print(f"{name:12} asked {len(group):4}  shown {len(shown):4} ({len(shown) / len(group):.2f})", end="")
        if shown:
            right = sum(one.right for one in shown)
            mean_f1 = statistics.fmean(f1(one.short or "", one.case.gold) for one in shown)
            print(f"  right {right / len(shown):.3f}  exact {exact / len(shown):.3f}  F1 {mean_f1:.3f}", end="")
        print()
    shares = [
        sum(one.right for one in group) / len(shown)
        for group in by_article.values()
        if (shown := [one for one in group if one.short])
    ]
    if shares:
        print(f"right by article: {min(shares):.2f} to {max(shares):.2f}, median {statistics.median(shares):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--llm", default="none", metavar="SPEC")
    parser.add_argument("--limit", type=int, default=0, metavar="N")
    parser.add_argument("--half", choices=("fit", "report"), default="report")
    parser.add_argument("--seed", type=int, default=2026, help="of the sample")
    parser.add_argument(
        "--near-misses", action="store_true", help="questions without an answer: each one shown is wrong"
    )
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    started = time.perf_counter()
    cases = sample(options.half, options.limit, options.seed, near_misses=options.near_misses)
    found = list(ask(cases, options.half, options.llm))
    report(found)
    print(f"{(time.perf_counter() - started) / max(1, len(found)):.2f} s a question, the opening of the index included")
    if options.wrong:
        for one in found:
            if one.short and not one.right:
                print(f"{one.answer_type} | {one.case.question} | {one.short} | {' / '.join(one.case.gold)}")


if __name__ == "__main__":
    main()
