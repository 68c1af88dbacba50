"""How well the checker tells what a source supports: mutants of true sentences, WiCE and SciFact.

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

from rag.evaluate.statistics import wilson
from rag.text import sentences
from rag.verify import verdict as verify
from tests.benchmarks import data
from tests.benchmarks.mutations import EXTRA_KINDS, KINDS, Pair, covered, mutants, names, rewritten, says

_SEED = 3
_KEPT = ("verified", "partly")
_RESAMPLES = 2000
_SPLITS = 50
_WINDOW = 5
_THIN = ("number", "date", "unit", "comparison", "modality", "quantity", "mixed-up")

Flags = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One sentence, its quotes and what the checker said; ``right`` is whether the benchmark agrees.

    ``telling`` is false for a mutant of a sentence that the checker does not verify even when it is true.
    """

    kind: str
    sentence: str
    quotes: tuple[str, ...]
    edit: str
    verdict: str
    reason: str
    right: bool
    telling: bool = True


@lru_cache(maxsize=10_000)
def checked(sentence: str, quotes: tuple[str, ...]) -> verify.Check:
    return verify.check_sentence(sentence, list(quotes))


def judged(kind: str, sentence: str, quotes: Sequence[str], right: Callable[[str], bool], edit: str = "") -> Case:
    check = checked(sentence, tuple(quotes))
    return Case(kind, sentence, tuple(quotes), edit, check.verdict, str(check.reason), right(check.verdict))


# -- the pairs ---------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Tokenised text as people write it: ``( 3,100 ) .`` → ``(3,100).``."""
    for pattern, new in (
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
        text = re.sub(pattern, new, text)
    return text.strip()


@dataclass(frozen=True)
class Known:
    """A true sentence with the sentences that support it, and the other sentences of their document."""

    sentence: str
    quotes: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def source(self) -> str:
        return "\n".join(self.quotes)


def clapnq_pairs() -> list[Known]:
    found: dict[str, Known] = {}
    for row in data.jsonl(data.folder("clapnq") / "clapnq_dev_answerable.jsonl"):
        passage = row["passages"][0]["sentences"]
        for output in row["output"]:
            chosen = tuple(output.get("selected_sentences") or ())
            rest = tuple(sentence for sentence in passage if sentence not in chosen)
            answer = plain(output["answer"])
            for start, end in sentences(answer):
                sentence, source = answer[start:end], "\n".join(chosen)
                if len(sentence.split()) >= 5 and stands_in(sentence, source):
                    found.setdefault(sentence, Known(sentence, chosen, rest))
    return list(found.values())


def stands_in(sentence: str, source: str) -> bool:
    """Whether three words of four, every number and every name of a sentence stand in the source."""
    numbers = re.findall(r"\d+(?:[.,]\d+)*", sentence)
    return (
        covered(sentence, source) >= 0.75
        and all(says(source, number) for number in numbers)
        and all(covered(sentence[start:end], source) == 1 for start, end in names(sentence))
    )


def named_sentences(row: dict[str, Any]) -> tuple[str, ...]:
    """The evidence of a WiCE claim: all sentences named as support, or the whole article where none is."""
    named = sorted({index for group in row["supporting_sentences"] for index in group})
    return tuple(row["evidence"][index] for index in named) if named else tuple(row["evidence"])


def wice_pairs() -> list[Known]:
    found = []
    for row in wice_rows():
        if row["label"] == "supported":
            quotes = named_sentences(row)
            rest = tuple(s for s in row["evidence"] if s not in quotes and not s.startswith("(meta data)"))
            found.append(Known(row["claim"], quotes, rest))
    return found


@lru_cache(maxsize=1)
def wice_rows() -> list[dict[str, Any]]:
    return list(data.jsonl(data.folder("wice") / "dev.jsonl"))


def true_cases(pairs: Sequence[Known]) -> list[Case]:
    return [judged("true", known.sentence, known.quotes, _RIGHT["SUPPORT"]) for known in pairs]


def clapnq_extracts() -> list[Known]:
    """Every third sentence of ClapNQ's passages, as it stands, against its whole passage."""
    found: dict[str, Known] = {}
    for name in ("clapnq_dev_answerable.jsonl", "clapnq_dev_unanswerable.jsonl"):
        for row in data.jsonl(data.folder("clapnq") / name):
            passage = tuple(row["passages"][0]["sentences"])
            for sentence in map(plain, passage):
                if re.fullmatch(r"[A-Z][a-z]* .{30,400}\.", sentence):
                    found.setdefault(sentence, Known(sentence, passage, ()))
    return list(found.values())[::3]


# -- mutants -----------------------------------------------------------------------------------------------------------


def mutant_cases(pairs: Sequence[Known], lent: Sequence[Pair], kinds: Sequence[str], seed: int) -> list[Case]:
    """The checker on every mutant of the pairs."""
    cases = []
    for known in pairs:
        telling = verified_as_it_stands(known)
        for mutant in mutants(known.sentence, known.source, lent, seed, kinds):
            quotes = mutant.source.split("\n")
            case = judged(mutant.kind, mutant.sentence, quotes, lambda verdict: verdict != "verified", mutant.edit)
            cases.append(replace(case, telling=telling))
    return cases


def verified_as_it_stands(known: Known) -> bool:
    return checked(known.sentence, known.quotes).verdict == "verified"


def rewritten_cases(pairs: Sequence[Known]) -> list[Case]:
    """True sentences in another notation, of those that the checker verifies as they stand."""
    return [
        judged("rewritten", sentence, known.quotes, _RIGHT["SUPPORT"], edit)
        for known in pairs
        if verified_as_it_stands(known)
        for sentence, edit in rewritten(known.sentence)
    ]


def abstracts() -> list[Known]:
    """One sentence of every tenth SciFact abstract, as it stands, against its abstract: numbers, units, comparisons."""
    found = []
    for row in list(data.jsonl(data.folder("scifact") / "corpus.jsonl"))[::10]:
        sentences = tuple(row["metadata"]["sentences"])
        fit = [s for s in sentences if re.fullmatch(r"(?:[A-Z]+ )?[A-Z][a-z]* .{40,400}\.", s)]
        found += [Known(sentence, sentences, ()) for sentence in fit[-1:]]
    return found


def near_misses(pairs: Sequence[Known]) -> list[Pair]:
    """What the same documents say besides: windows of a few sentences, each with the sentences that read alone."""
    windows = dict.fromkeys(
        known.rest[start : start + _WINDOW] for known in pairs for start in range(0, min(len(known.rest), 30), _WINDOW)
    )
    return [
        Pair(plain(sentence), "\n".join(window))
        for window in windows
        for sentence in window
        if re.fullmatch(r"[A-Z][a-z]* [^:?!\"'|#>]{20,160} ?\.", plain(sentence))
    ]


# -- labelled claims ---------------------------------------------------------------------------------------------------


def scifact_cases() -> list[Case]:
    """Each claim against all rationale sentences of one abstract."""
    root = data.folder("scifact")
    abstracts = {row["_id"]: row["metadata"]["sentences"] for row in data.jsonl(root / "corpus.jsonl")}
    cases = []
    for row in data.jsonl(root / "claims_gold.jsonl"):
        rationales: dict[tuple[str, str], set[int]] = {}
        for evidence in row["evidence"]:
            rationales.setdefault((evidence["doc_id"], evidence["label"]), set()).update(evidence["sentences"])
        for (document, label), indices in rationales.items():
            quotes = [abstracts[document][index] for index in sorted(indices)]
            cases.append(judged(label, row["claim"], quotes, _RIGHT[label]))
    return cases


_RIGHT: dict[str, Callable[[str], bool]] = {
    "CONTRADICT": lambda verdict: verdict != "verified",
    "SUPPORT": lambda verdict: verdict in _KEPT,
}


def coverage(sentence: str, quotes: Sequence[str]) -> float:
    """The baseline: the share of a sentence's stemmed content words that stand in the quotes."""
    return covered(sentence, "\n".join(quotes))


def balanced(called: Scores | Flags, supported: Flags) -> float:
    """The mean of the share of supported called so, and of the share of the rest not called so."""
    return float((called[supported].mean() + 1 - called[~supported].mean()) / 2)


def best_threshold(scores: Scores, supported: Flags) -> float:
    return float(max(np.unique(scores), key=lambda threshold: balanced(scores >= threshold, supported)))


def called_by_other_half(scores: Scores, supported: Flags, random: np.random.Generator) -> Flags:
    """Which claims are called supported, each by the threshold that is best on the half without it."""
    half = np.zeros(len(scores), dtype=bool)
    for label in (True, False):
        half[random.permutation(np.flatnonzero(supported == label))[::2]] = True
    called = np.zeros(len(scores), dtype=bool)
    for here, there in ((half, ~half), (~half, half)):
        called[there] = scores[there] >= best_threshold(scores[here], supported[here])
    return called


def interval(figure: Callable[[npt.NDArray[np.int64]], float], size: int) -> str:
    """95 % percentile bootstrap of a figure over claims."""
    random = np.random.default_rng(_SEED)
    low, high = np.percentile([figure(random.integers(0, size, size)) for _ in range(_RESAMPLES)], (2.5, 97.5))
    return f"({low:.3f}–{high:.3f})"


def area(scores: Scores, supported: Flags) -> float:
    """AUROC; ties count half."""
    higher = scores[supported][:, None] - scores[~supported][None, :]
    return float((np.sign(higher).mean() + 1) / 2)


def report_wice(name: str, score: Callable[[str, Sequence[str]], float]) -> None:
    rows = wice_rows()
    supported = np.array([row["label"] == "supported" for row in rows])
    scores = np.array([score(row["claim"], named_sentences(row)) for row in rows])
    random = np.random.default_rng(_SEED)
    called = np.mean([called_by_other_half(scores, supported, random) for _ in range(_SPLITS)], axis=0)
    threshold = best_threshold(scores, supported)
    print(f"  {name}")
    print(
        f"    balanced accuracy, threshold from the other half: {balanced(called, supported):.3f} "
        f"{interval(lambda drawn: balanced(called[drawn], supported[drawn]), len(rows))}"
    )
    print(
        f"    AUROC: {area(scores, supported):.3f} "
        f"{interval(lambda drawn: area(scores[drawn], supported[drawn]), len(rows))}"
    )
    print(f"    best threshold on all: {threshold:.3f}, there {balanced(scores >= threshold, supported):.3f}")


# -- reports -----------------------------------------------------------------------------------------------------------


def share(flags: Sequence[bool]) -> str:
    """A proportion with its Wilson 95 % interval."""
    if not flags:
        return "none"
    low, high = wilson(sum(flags), len(flags))
    return f"{sum(flags) / len(flags):.3f} ({low:.3f}–{high:.3f}), n = {len(flags)}"


def report_true(title: str, cases: Sequence[Case]) -> None:
    print(f"  {title:10} kept {share([case.right for case in cases])}; ", end="")
    print(f"verified {share([case.verdict == 'verified' for case in cases])}")


def report_mutants(cases: Sequence[Case], kinds: Sequence[str]) -> None:
    """Every kind, and beside it the share among mutants of sentences that are verified as they stand."""
    goals = [case for case in cases if case.kind in KINDS]
    for kind, chosen in [("all", goals)] + [(kind, [case for case in cases if case.kind == kind]) for kind in kinds]:
        note = "  (reported apart)" if kind in EXTRA_KINDS else ""
        telling = [case.right for case in chosen if case.telling]
        print(f"  {kind:10} {share([case.right for case in chosen]):32}   {share(telling)}{note}")


def show(cases: Sequence[Case], limit: int) -> None:
    """Print failures: for people who improve the checker."""
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
    chosen = arguments.parse_args()
    clapnq, wice, extracts, scientific = clapnq_pairs(), wice_pairs(), clapnq_extracts(), abstracts()
    true = {
        "ClapNQ": true_cases(clapnq),
        "WiCE": true_cases(wice),
        "verbatim": true_cases(extracts),
        "abstracts": true_cases(scientific),
        "rewritten": rewritten_cases(clapnq + extracts),
    }
    lent = [Pair(known.sentence, known.source) for known in clapnq + wice] + near_misses(clapnq + wice)
    mutated = mutant_cases(clapnq + wice, lent, (*KINDS, *EXTRA_KINDS), chosen.seed)
    mutated += mutant_cases(extracts, (), _THIN, chosen.seed)
    foreign = mutant_cases(scientific, (), _THIN, chosen.seed)
    scifact = scifact_cases()
    if chosen.examples:
        cases = [case for group in true.values() for case in group]
        cases += [replace(case, kind="partly", right=False) for case in cases if case.verdict == "partly"]
        cases += [*mutated, *(replace(case, kind=f"abstracts-{case.kind}") for case in foreign), *scifact]
        show([case for case in cases if chosen.kind in (None, case.kind)], chosen.examples)
        return
    print("true pairs, kept as verified or partly (goal 0.90 of ClapNQ and WiCE together)")
    report_true("both", true["ClapNQ"] + true["WiCE"])
    for name, cases in true.items():
        report_true(name, cases)
    print("mutants not verified (goal 0.95 of all, 0.90 of each kind)   …of sentences that are verified as they stand")
    report_mutants(mutated, (*KINDS, *EXTRA_KINDS))
    print("mutants of SciFact's abstracts, not verified")
    report_mutants(foreign, _THIN)
    print("WiCE dev, supported against partly and not supported (goal: balanced accuracy 0.75)")
    report_wice("share of stemmed content words", coverage)
    if support := getattr(verify, "support", None):
        report_wice("rag.verify.support", support)
    print("SciFact, claims against their rationale sentences")
    contradicted = [not case.right for case in scifact if case.kind == "CONTRADICT"]
    print(f"  CONTRADICT, verified (goal at most 0.10): {share(contradicted)}")
    print(f"  SUPPORT, kept: {share([c.right for c in scifact if c.kind == 'SUPPORT'])}")


if __name__ == "__main__":
    main()
