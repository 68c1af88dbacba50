"""True and altered sources of SQuAD 2.0 side by side: are both shown, and is their disagreement named?

Each kind of alteration has an index of its own: for up to ``--limit`` questions the paragraph that answers it and a
second source, in which its sentence is altered; each pair stands among the paragraphs of all the others. A second
source is, in turn, the whole paragraph or the sentence alone with a clause more. The controls, in which every conflict
that is named is a false one, have as the second source a copy, the same in other words, or the same of something else
with another value (``sibling``); ``articles`` asks the articles as they are. Asked without a model.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from rag.answering.pipeline import answer
from rag.store.index import Index
from rag.text import sentences
from rag.types import Answer
from tests.benchmarks import data, squad2
from tests.benchmarks import mutation_words as words
from tests.benchmarks.mutations import Pair, mutants, name_spans, rewritten
from tests.benchmarks.squad2 import Case, Half

ALTERATIONS = ("number", "date", "name", "swapped", "negation", "opposite")
CONTROLS = ("copy", "reworded", "sibling")
_SEED = 13
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\d.,]*\d)")
_ADDED_CLAUSES = (
    ", as the second edition has it.",
    ", according to the town's yearbook.",
    ", and much was written of it.",
)
_REWORDINGS = (
    (r"\bbegan\b", "started"),
    (r"\bdue to\b", "because of"),
    (r"\bhowever,? ", ""),
    (r"\balso ", ""),
    (r"\bsuch as\b", "like"),
    (r" \([^()]*\)", ""),
    (r"\bapproximately\b", "about"),
    (r"\blocated in\b", "in"),
    (r"\bpurchase\b", "buy"),
    (r"\bmain\b", "chief"),
)


@dataclass(frozen=True)
class Item:
    """A question with the source that answers it and a second one; ``values`` are what they say differently."""

    case: Case
    sentence: str
    second: str
    values: tuple[str, str]


def items(kind: str, half: Half, limit: int) -> list[Item]:
    """Make the items of a kind, each of another paragraph; the same ones every time."""
    random = Random(f"{_SEED} {kind}")
    cases = [case for case in squad2.cases(half) if case.gold]
    random.shuffle(cases)
    others = [Pair(_sentence_of(case) or "", case.paragraph) for case in cases[:200]]
    made: list[Item] = []
    used: set[str] = set()
    for case in cases:
        sentence = _sentence_of(case)
        if len(made) == limit or case.paragraph in used or not sentence or len(sentence) > 300:
            continue
        altered = next(_altered(kind, case, sentence, cases, others, random), None)
        if altered and altered[0] != sentence:
            used.add(case.paragraph)
            made.append(Item(case, sentence, _second_source(kind, case, sentence, altered[0], len(made)), altered[1]))
    return made


def _sentence_of(case: Case) -> str | None:
    """The sentence of the paragraph that holds the answer and most words of the question."""
    text = " ".join(case.paragraph.split())
    asked = set(squad2.plain(case.question).split())
    holding = [text[a:b] for a, b in sentences(text) if case.gold[0] in text[a:b]]
    return max(holding, key=lambda one: len(asked & set(squad2.plain(one).split())), default=None)


def _altered(
    kind: str, case: Case, sentence: str, cases: Sequence[Case], others: Sequence[Pair], random: Random
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield altered sentences, each with the value that was replaced and the one in its place."""
    gold = case.gold[0]
    if kind in ("number", "date", "sibling"):
        pattern = _YEAR if kind == "date" else _NUMBER
        found = pattern.search(gold)
        if found and (kind == "date" or not _YEAR.search(gold)):
            new = _other_number(found[0], random)
            altered = sentence.replace(gold, gold[: found.start()] + new + gold[found.end() :])
            if kind != "sibling":
                yield altered, (found[0], new)
            elif sibling := _of_something_else(case, altered, random):
                yield sibling, (found[0], new)
    elif kind == "name":
        if new := _other_name(case, cases, random):
            yield sentence.replace(gold, new), (gold, new)
    elif kind in ("swapped", "negation", "opposite"):
        which = {"swapped": "role", "negation": "negation", "opposite": "comparison"}[kind]
        for mutant in mutants(sentence, case.paragraph, others, _SEED, (which,)):
            yield mutant.sentence, (sentence, mutant.sentence.rstrip("."))
    elif kind == "copy":
        yield f"{sentence} ", (sentence, sentence)
    elif kind == "reworded":
        reworded = next((new for new, _ in rewritten(sentence)), sentence)
        for old, new in _REWORDINGS:
            reworded = re.sub(old, new, reworded, flags=re.IGNORECASE)
        if reworded != sentence or random.random() < 0.2:
            yield f"{reworded} ", (sentence, reworded.rstrip("."))


def _other_name(case: Case, cases: Sequence[Case], random: Random) -> str | None:
    """A place for a place, a person for a person; None for anything else."""
    gold = case.gold[0]
    if gold in words.PLACES:
        return random.choice([place for place in words.PLACES if place not in case.paragraph])
    if case.question.split()[0].lower() != "who" or not _is_name(gold):
        return None
    people = [
        other.gold[0]
        for other in cases
        if other.article != case.article
        and other.question.startswith("Who ")
        and _is_name(other.gold[0])
        and len(other.gold[0].split()) == len(gold.split())
    ]
    return random.choice(people) if people else None


def _is_name(text: str) -> bool:
    return list(name_spans(f"x {text}")) == [(2, 2 + len(text))]


def _other_number(written: str, random: Random) -> str:
    digits = written.replace(",", "")
    if _YEAR.fullmatch(written):
        return str(int(written) + random.choice((-7, -3, 2, 4, 11)))
    if "." in digits:
        return f"{float(digits) + random.choice((1.5, 2.5, 4.0)):.1f}"
    more = int(digits) + random.choice((2, 3, 5)) * 10 ** max(0, len(digits) - 2)
    return f"{more:,}" if "," in written else str(more)


def _of_something_else(case: Case, sentence: str, random: Random) -> str | None:
    """A sentence with another name in the place of one that the question names; None where it names none."""
    for start, end in name_spans(sentence):
        name = sentence[start:end]
        if name in case.question:
            return sentence.replace(name, random.choice(words.ORGANISATIONS + words.PLACES))
    return None


def _second_source(kind: str, case: Case, sentence: str, altered: str, number: int) -> str:
    text = " ".join(case.paragraph.split())
    if kind == "copy" or number % 2 == 0:
        return text.replace(sentence, altered.strip())
    return f"This is read in the second edition. {altered.strip().rstrip('.')}{_ADDED_CLAUSES[number % 3]}"


def build(kind: str, half: Half, chosen: Sequence[Item]) -> Index:
    """The index with the true and the second source of every item."""
    name = f"conflicts-{half}-{kind}"
    documents: dict[str, tuple[str, str]] = {}
    for number, item in enumerate(chosen):
        title = item.case.article.replace("_", " ")
        documents[f"{number}-true"] = (title, " ".join(item.case.paragraph.split()))
        documents[f"{number}-second"] = (title, item.second)
    target = data.HOME / "corpora" / name
    shutil.rmtree(target, ignore_errors=True)
    return data.indexed(name, data.write_markdown(target, documents))


def ask(index: Index, question: str) -> Answer:
    """Ask without a model."""
    *_, last = answer(index, question, model=None)
    return last


def shows_both(number: int, item: Item, shown: Answer) -> bool:
    """Whether a quote of each of the two sources has what it says."""
    return all(
        any(quote.source == f"{number}-{side}.md" and value in quote.quote for quote in shown.citations)
        for side, value in zip(("true", "second"), item.values, strict=True)
    )


def names_conflict(number: int, shown: Answer) -> bool:
    """Whether the two sources are said to disagree."""
    source_of = {quote.number: quote.source for quote in shown.citations}
    pair = {f"{number}-true.md", f"{number}-second.md"}
    return any({source_of[cited] for cited in conflict.citations} == pair for conflict in shown.conflicts)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--half", choices=("fit", "report"), default="report")
    arguments.add_argument("--limit", type=int, default=30, help="questions of each kind")
    arguments.add_argument("--articles", type=int, default=300, help="questions to the articles as they are")
    arguments.add_argument("--only", help="one kind")
    arguments.add_argument("--show", action="store_true", help="print what is missed and what is named falsely")
    chosen = arguments.parse_args()
    half: Half = chosen.half
    for kind in (*ALTERATIONS, *CONTROLS):
        if chosen.only in (None, kind):
            report(kind, half, chosen.limit, chosen.show)
    if chosen.only in (None, "articles"):
        index = squad2.build(half)
        asked = squad2.spread([case for case in squad2.cases(half) if case.gold], chosen.articles)
        shown = [ask(index, case.question) for case in asked]
        print(f"articles   asked {len(shown)}, conflicts named {sum(bool(one.conflicts) for one in shown)}")
        for one in shown if chosen.show else ():
            print_conflicts(one)


def report(kind: str, half: Half, limit: int, show: bool) -> None:
    """Print how many questions of a kind showed both sources, and how many named the conflict."""
    made = items(kind, half, limit)
    index = build(kind, half, made)
    shown = [ask(index, item.case.question) for item in made]
    both = [shows_both(number, item, one) for number, (item, one) in enumerate(zip(made, shown, strict=True))]
    named = [names_conflict(number, one) for number, one in enumerate(shown)]
    other = sum(len(one.conflicts) > is_named for one, is_named in zip(shown, named, strict=True))
    milliseconds = statistics.median(one.timings["total_ms"] for one in shown)
    print(
        f"{kind:10} asked {len(made)}, both shown {sum(both)}, conflict named {sum(named)}, another conflict {other}, "
        f"median {milliseconds:.0f} ms",
        flush=True,
    )
    for number, (item, one) in enumerate(zip(made, shown, strict=True)) if show else ():
        if named[number] == (kind in CONTROLS) or len(one.conflicts) > 1:
            print(f"  {number} {item.case.question}\n    {item.sentence}\n    {item.second[-400:]}")
            print_conflicts(one)


def print_conflicts(shown: Answer) -> None:
    """Print what is said to be disputed, with its quotes."""
    for conflict in shown.conflicts:
        print(f"    {shown.question} → {conflict.about}")
        for quote in shown.citations:
            if quote.number in conflict.citations:
                print(f"      {quote.source}: {quote.quote}")


if __name__ == "__main__":
    main()
