"""Measure how well the checker tells what a source supports: mutants of true sentences, WiCE and SciFact.

``python -m tests.benchmarks.support`` prints every figure with its 95 % interval. ``--examples N`` prints the first N
failures of each kind instead, ``--kind KIND`` those of one: a kind of mutant, ``true`` (not kept), ``partly`` (true and
not verified), ``rewritten``, ``SUPPORT`` or ``CONTRADICT``. ``--seed N`` makes other mutants.

True pairs: the sentences of ClapNQ's gold answers against the sentences their annotators selected, where the words,
numbers and names stand in these; and the claims of WiCE that its annotators call supported, against the sentences they
named, none left out. Beside them, reported apart: sentences of ClapNQ's passages (verbatim) and of SciFact's abstracts
against the text they stand in, and true sentences with one number, date or unit in another notation (rewritten).

WiCE: a claim is read against every sentence that some annotator named as support, in the order of the article; where no
annotator named one, nothing is hidden: against the whole article. Partly supported counts as not supported, as in
LLM-AggreFact.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.evaluate.statistics import wilson_interval
from rag.retrieval.calibration import auroc
from rag.text import sentences
from rag.verify.verdict import Check, check_sentence, support_score
from tests.benchmarks import data
from tests.benchmarks.mutations import (
    EXTRA_KINDS,
    KINDS,
    Pair,
    coverage,
    holds_phrase,
    mutants,
    name_spans,
    rewritten,
)

_SEED = 3
# Verdicts with which a sentence stays in an answer.
_KEPT = ("verified", "partly")
_RESAMPLES = 2000
_SPLITS = 50
# Sentences of a document that make one near-miss passage.
_WINDOW = 5
# Kinds of mutants for sentences without other sentences to lend names and facts.
_KINDS_ALONE = ("number", "date", "unit", "comparison", "modality", "quantity", "mixed-up")

Flags = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One sentence with its quotes and the verdict on it.

    ``right`` is whether the benchmark agrees. ``from_verified`` is false for a mutant of a sentence that the checker
    does not verify even when it is true.
    """

    kind: str
    sentence: str
    quotes: tuple[str, ...]
    edit: str
    verdict: str
    reason: str
    right: bool
    from_verified: bool = True


@lru_cache(maxsize=10_000)
def check(sentence: str, quotes: tuple[str, ...]) -> Check:
    return check_sentence(sentence, list(quotes))


def checked_case(
    kind: str, sentence: str, quotes: Sequence[str], is_right: Callable[[str], bool], edit: str = ""
) -> Case:
    result = check(sentence, tuple(quotes))
    return Case(kind, sentence, tuple(quotes), edit, result.verdict, str(result.reason or ""), is_right(result.verdict))


# -- the pairs ---------------------------------------------------------------------------------------------------------


def detokenised(text: str) -> str:
    """Return tokenised text as people write it: ``( 3,100 ) .`` becomes ``(3,100).``."""
    for pattern, replacement in (
        (r"``\s?|\s?''", '"'),
        (r"(?<=\d) : (?=\d)", ":"),
        (r" ([,.;:!?%)\]])", r"\1"),
        (r"([(\[$€£]) ", r"\1"),
        (r" (n't|'s|'re|'ve|'ll|'d|'m)\b", r"\1"),
        (r"(?<=s) '(?= )", "'"),
        (r"(?<=\w) - (?=\w)", "-"),
        (r"(?<=\d) -- (?=\d)", "–"),
        (r"\s+", " "),
    ):
        text = re.sub(pattern, replacement, text)
    return text.strip()


@dataclass(frozen=True)
class TruePair:
    """A true sentence with the sentences that support it, and the other sentences of their document."""

    sentence: str
    quotes: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def source(self) -> str:
        return "\n".join(self.quotes)


def clapnq_pairs() -> list[TruePair]:
    """Return the sentences of ClapNQ's answers whose words, numbers and names stand in the selected sentences."""
    pairs: dict[str, TruePair] = {}
    for row in data.jsonl(data.folder("clapnq") / "clapnq_dev_answerable.jsonl"):
        passage = row["passages"][0]["sentences"]
        for output in row["output"]:
            selected = tuple(output.get("selected_sentences") or ())
            rest = tuple(sentence for sentence in passage if sentence not in selected)
            answer = detokenised(output["answer"])
            for start, end in sentences(answer):
                sentence, source = answer[start:end], "\n".join(selected)
                if len(sentence.split()) >= 5 and stands_in(sentence, source):
                    pairs.setdefault(sentence, TruePair(sentence, selected, rest))
    return list(pairs.values())


def stands_in(sentence: str, source: str) -> bool:
    """Return whether three words of four, every number and every name of a sentence stand in the source."""
    numbers = re.findall(r"\d+(?:[.,]\d+)*", sentence)
    return (
        coverage(sentence, source) >= 0.75
        and all(holds_phrase(source, number) for number in numbers)
        and all(coverage(sentence[start:end], source) == 1 for start, end in name_spans(sentence))
    )


def named_sentences(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the evidence of a WiCE claim: all sentences named as support, or the whole article where none is."""
    named = sorted({index for group in row["supporting_sentences"] for index in group})
    return tuple(row["evidence"][index] for index in named) if named else tuple(row["evidence"])


def wice_pairs() -> list[TruePair]:
    """Return the claims of WiCE that its annotators call supported."""
    pairs = []
    for row in wice_rows():
        if row["label"] == "supported":
            quotes = named_sentences(row)
            rest = tuple(s for s in row["evidence"] if s not in quotes and not s.startswith("(meta data)"))
            pairs.append(TruePair(row["claim"], quotes, rest))
    return pairs


@lru_cache(maxsize=1)
def wice_rows() -> list[dict[str, Any]]:
    return list(data.jsonl(data.folder("wice") / "dev.jsonl"))


def true_cases(pairs: Sequence[TruePair]) -> list[Case]:
    """Check every true sentence as it stands."""
    return [checked_case("true", pair.sentence, pair.quotes, _RIGHT["SUPPORT"]) for pair in pairs]


def clapnq_extracts() -> list[TruePair]:
    """Return every third sentence of ClapNQ's passages, as it stands, with its whole passage."""
    pairs: dict[str, TruePair] = {}
    for name in ("clapnq_dev_answerable.jsonl", "clapnq_dev_unanswerable.jsonl"):
        for row in data.jsonl(data.folder("clapnq") / name):
            passage = tuple(row["passages"][0]["sentences"])
            for sentence in map(detokenised, passage):
                if re.fullmatch(r"[A-Z][a-z]* .{30,400}\.", sentence):
                    pairs.setdefault(sentence, TruePair(sentence, passage, ()))
    return list(pairs.values())[::3]


# -- mutants -----------------------------------------------------------------------------------------------------------


def mutant_cases(pairs: Sequence[TruePair], others: Sequence[Pair], kinds: Sequence[str], seed: int) -> list[Case]:
    """Check every mutant of the pairs; ``others`` lend names, passages and facts."""
    cases = []
    for pair in pairs:
        from_verified = verified_as_it_stands(pair)
        for mutant in mutants(pair.sentence, pair.source, others, seed, kinds):
            quotes = mutant.source.split("\n")
            case = checked_case(
                mutant.kind, mutant.sentence, quotes, lambda verdict: verdict != "verified", mutant.edit
            )
            cases.append(replace(case, from_verified=from_verified))
    return cases


def verified_as_it_stands(pair: TruePair) -> bool:
    return check(pair.sentence, pair.quotes).verdict == "verified"


def rewritten_cases(pairs: Sequence[TruePair]) -> list[Case]:
    """Check true sentences in another notation, of those that the checker verifies as they stand."""
    return [
        checked_case("rewritten", sentence, pair.quotes, _RIGHT["SUPPORT"], edit)
        for pair in pairs
        if verified_as_it_stands(pair)
        for sentence, edit in rewritten(pair.sentence)
    ]


def abstract_extracts() -> list[TruePair]:
    """Return one sentence of every tenth SciFact abstract, with its abstract: numbers, units, comparisons."""
    pairs = []
    for row in list(data.jsonl(data.folder("scifact") / "corpus.jsonl"))[::10]:
        abstract = tuple(row["metadata"]["sentences"])
        readable = [s for s in abstract if re.fullmatch(r"(?:[A-Z]+ )?[A-Z][a-z]* .{40,400}\.", s)]
        pairs += [TruePair(sentence, abstract, ()) for sentence in readable[-1:]]
    return pairs


def near_misses(pairs: Sequence[TruePair]) -> list[Pair]:
    """Return what the same documents also say: windows of a few sentences, each with the sentences that stand alone."""
    windows = dict.fromkeys(
        pair.rest[start : start + _WINDOW] for pair in pairs for start in range(0, min(len(pair.rest), 30), _WINDOW)
    )
    return [
        Pair(detokenised(sentence), "\n".join(window))
        for window in windows
        for sentence in window
        if re.fullmatch(r"[A-Z][a-z]* [^:?!\"'|#>]{20,160} ?\.", detokenised(sentence))
    ]


# -- labelled claims ---------------------------------------------------------------------------------------------------


def scifact_cases() -> list[Case]:
    """Check each claim against all rationale sentences of one abstract."""
    root = data.folder("scifact")
    abstracts = {row["_id"]: row["metadata"]["sentences"] for row in data.jsonl(root / "corpus.jsonl")}
    cases = []
    for row in data.jsonl(root / "claims_gold.jsonl"):
        rationales: dict[tuple[str, str], set[int]] = {}
        for evidence in row["evidence"]:
            rationales.setdefault((evidence["doc_id"], evidence["label"]), set()).update(evidence["sentences"])
        for (document, label), indices in rationales.items():
            quotes = [abstracts[document][index] for index in sorted(indices)]
            cases.append(checked_case(label, row["claim"], quotes, _RIGHT[label]))
    return cases


_RIGHT: dict[str, Callable[[str], bool]] = {
    "CONTRADICT": lambda verdict: verdict != "verified",
    "SUPPORT": lambda verdict: verdict in _KEPT,
}


def content_coverage(sentence: str, quotes: Sequence[str]) -> float:
    """Return the baseline score: the share of a sentence's stemmed content words that stand in the quotes."""
    return coverage(sentence, "\n".join(quotes))


def balanced_accuracy(called: Scores | Flags, supported: Flags) -> float:
    """Return the mean of the share of supported called so, and of the share of the rest not called so."""
    return float((called[supported].mean() + 1 - called[~supported].mean()) / 2)


def best_threshold(scores: Scores, supported: Flags) -> float:
    """Return the lowest score that separates the supported from the rest with the best balanced accuracy."""
    return float(max(np.unique(scores), key=lambda threshold: balanced_accuracy(scores >= threshold, supported)))


def called_by_other_half(scores: Scores, supported: Flags, random: np.random.Generator) -> Flags:
    """Return which claims are called supported, each by the threshold that is best on the half without it."""
    half = np.zeros(len(scores), dtype=bool)
    for label in (True, False):
        half[random.permutation(np.flatnonzero(supported == label))[::2]] = True
    called = np.zeros(len(scores), dtype=bool)
    for fitted, tested in ((half, ~half), (~half, half)):
        called[tested] = scores[tested] >= best_threshold(scores[fitted], supported[fitted])
    return called


def interval(figure: Callable[[npt.NDArray[np.int64]], float], size: int) -> str:
    """Return the 95 % percentile bootstrap of a figure over claims, in brackets."""
    random = np.random.default_rng(_SEED)
    low, high = np.percentile([figure(random.integers(0, size, size)) for _ in range(_RESAMPLES)], (2.5, 97.5))
    return f"({low:.3f}–{high:.3f})"


def area(scores: Scores, supported: Flags) -> float:
    """Return the AUROC; nan where all claims are of one kind."""
    figure = auroc(scores.tolist(), supported.tolist())
    return float("nan") if figure is None else figure


def report_wice(name: str, score: Callable[[str, Sequence[str]], float]) -> None:
    """Print how well a score tells the supported claims of WiCE from the others."""
    rows = wice_rows()
    supported = np.array([row["label"] == "supported" for row in rows])
    scores = np.array([score(row["claim"], named_sentences(row)) for row in rows])
    random = np.random.default_rng(_SEED)
    called = np.mean([called_by_other_half(scores, supported, random) for _ in range(_SPLITS)], axis=0)
    threshold = best_threshold(scores, supported)
    print(f"  {name}")
    print(
        f"    balanced accuracy, threshold from the other half: {balanced_accuracy(called, supported):.3f} "
        f"{interval(lambda drawn: balanced_accuracy(called[drawn], supported[drawn]), len(rows))}"
    )
    print(
        f"    AUROC: {area(scores, supported):.3f} "
        f"{interval(lambda drawn: area(scores[drawn], supported[drawn]), len(rows))}"
    )
    print(f"    best threshold on all: {threshold:.3f}, there {balanced_accuracy(scores >= threshold, supported):.3f}")


# -- reports -----------------------------------------------------------------------------------------------------------


def share(flags: Sequence[bool]) -> str:
    """Return a proportion with its Wilson 95 % interval, in words."""
    if not flags:
        return "none"
    low, high = wilson_interval(sum(flags), len(flags))
    return f"{sum(flags) / len(flags):.3f} ({low:.3f}–{high:.3f}), n = {len(flags)}"


def report_true(title: str, cases: Sequence[Case]) -> None:
    print(f"  {title:10} kept {share([case.right for case in cases])}; ", end="")
    print(f"verified {share([case.verdict == 'verified' for case in cases])}")


def report_mutants(cases: Sequence[Case], kinds: Sequence[str]) -> None:
    """Print the share not verified of each kind, and the same of mutants of sentences that are verified themselves."""
    by_kind = [(kind, [case for case in cases if case.kind == kind]) for kind in kinds]
    for kind, of_kind in [("all", [case for case in cases if case.kind in KINDS]), *by_kind]:
        note = "  (reported apart)" if kind in EXTRA_KINDS else ""
        from_verified = [case.right for case in of_kind if case.from_verified]
        print(f"  {kind:10} {share([case.right for case in of_kind]):32}   {share(from_verified)}{note}")


def show(cases: Sequence[Case], limit: int) -> None:
    """Print at most ``limit`` failures of each kind, for improving the checker."""
    by_kind: dict[str, list[Case]] = {}
    for case in cases:
        if not case.right:
            by_kind.setdefault(case.kind, []).append(case)
    for kind, failures in by_kind.items():
        print(f"\n== {kind}: {len(failures)} failures, {sum(case.kind == kind for case in cases)} cases")
        for case in failures[:limit]:
            print(f"\n  sentence: {case.sentence}")
            if case.edit:
                print(f"  edit:     {case.edit}")
            print(f"  source:   {' ¶ '.join(case.quotes)[:1500]}")
            print(f"  verdict:  {case.verdict}: {case.reason}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--examples", type=int, default=0, metavar="N", help="print N failures of each kind")
    arguments.add_argument("--kind", help="only this kind")
    arguments.add_argument("--seed", type=int, default=_SEED, help="another seed makes other mutants")
    options = arguments.parse_args()
    clapnq, wice, extracts, scientific = clapnq_pairs(), wice_pairs(), clapnq_extracts(), abstract_extracts()
    true = {
        "ClapNQ": true_cases(clapnq),
        "WiCE": true_cases(wice),
        "verbatim": true_cases(extracts),
        "abstracts": true_cases(scientific),
        "rewritten": rewritten_cases(clapnq + extracts),
    }
    others = [Pair(pair.sentence, pair.source) for pair in clapnq + wice] + near_misses(clapnq + wice)
    mutated = mutant_cases(clapnq + wice, others, (*KINDS, *EXTRA_KINDS), options.seed)
    mutated += mutant_cases(extracts, (), _KINDS_ALONE, options.seed)
    mutated_abstracts = mutant_cases(scientific, (), _KINDS_ALONE, options.seed)
    scifact = scifact_cases()
    if options.examples:
        cases = [case for group in true.values() for case in group]
        cases += [replace(case, kind="partly", right=False) for case in cases if case.verdict == "partly"]
        cases += [*mutated, *(replace(case, kind=f"abstracts-{case.kind}") for case in mutated_abstracts), *scifact]
        show([case for case in cases if options.kind in (None, case.kind)], options.examples)
        return
    print("true pairs, kept as verified or partly (goal 0.90 of ClapNQ and WiCE together)")
    report_true("both", true["ClapNQ"] + true["WiCE"])
    for name, cases in true.items():
        report_true(name, cases)
    print("mutants not verified (goal 0.95 of all, 0.90 of each kind)   …of sentences that are verified as they stand")
    report_mutants(mutated, (*KINDS, *EXTRA_KINDS))
    print("mutants of SciFact's abstracts, not verified")
    report_mutants(mutated_abstracts, _KINDS_ALONE)
    print("WiCE dev, supported against partly and not supported (goal: balanced accuracy 0.75)")
    report_wice("share of stemmed content words", content_coverage)
    report_wice("rag.verify.verdict.support_score", support_score)
    print("SciFact, claims against their rationale sentences")
    verified = [not case.right for case in scifact if case.kind == "CONTRADICT"]
    print(f"  CONTRADICT, verified (goal at most 0.10): {share(verified)}")
    print(f"  SUPPORT, kept: {share([c.right for c in scifact if c.kind == 'SUPPORT'])}")


if __name__ == "__main__":
    main()
