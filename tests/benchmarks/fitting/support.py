"""What absent words, numbers, names and dates cost a sentence: on WiCE's claims.

The figure is the AUROC of the score, supported claims against partly and not supported ones, as in LLM-AggreFact; a
claim is read against the sentences that its annotators named (see ``tests.benchmarks.support``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rag.scoring.file import DataSet, Move
from rag.scoring.values import Support, SupportScore
from rag.verify.copies.names import absent_names
from rag.verify.parse.parsed_text import is_light, parse_text
from rag.verify.rule import Comparison
from rag.verify.rules.date import date_absent, weekday_absent
from rag.verify.rules.number import absent_numbers
from rag.verify.verdict import source_lines
from tests.benchmarks.fitting.kept import files_of, kept
from tests.benchmarks.fitting.rule import Strata, auroc_gain, fit_group, placements
from tests.benchmarks.support import named_sentences, wice_rows

GRIDS = {
    "light_weight": (1.0, 0.5, 0.3, 0.7),
    "name_weight": (1.0, 0.7, 0.5),
    "number_cost": (0.0, 0.1, 0.15, 0.2, 0.3),
    "name_cost": (0.0, 0.05, 0.1, 0.2),
    "date_cost": (0.0, 0.1, 0.2, 0.3),
}
_WICE = "wice/dev.jsonl"


@dataclass(frozen=True)
class ClaimFeatures:
    """What a claim's score is made of: how many content stems of a kind it has and how many of these the sources hold.

    A kind is light words, words of names, or all others.
    """

    light: int
    names: int
    others: int
    light_present: int
    names_present: int
    others_present: int
    absent_numbers: int
    absent_names: int
    wrong_date: int


def claim_features(claim: str, quotes: Sequence[str]) -> ClaimFeatures:
    parsed = parse_text(claim)
    lines = [parse_text(line) for quote in quotes for line in source_lines(quote)]
    in_sources = frozenset[str]().union(*(line.stems for line in lines))
    in_names = {name.lower() for name in parsed.names}
    kinds = {
        token.stem: 0 if is_light(token) else 1 if token.word in in_names else 2
        for token in parsed.tokens
        if token.is_content
    }
    total = [sum(kind == wanted for kind in kinds.values()) for wanted in range(3)]
    present = [sum(kind == wanted for stem, kind in kinds.items() if stem in in_sources) for wanted in range(3)]
    compared = Comparison(parsed, lines)
    return ClaimFeatures(
        *total,
        *present,
        len(absent_numbers(parsed, lines)),
        len(absent_names(parsed, lines, parse_text(""))),
        int(bool(date_absent(compared) or weekday_absent(compared))),
    )


def score(one: ClaimFeatures, weights: SupportScore) -> float:
    """The score of ``rag.verify.verdict.support_score``, but for the last digits; a test compares the two."""
    total = weights.light_weight * one.light + weights.name_weight * one.names + one.others
    present = weights.light_weight * one.light_present + weights.name_weight * one.names_present + one.others_present
    cost = weights.number_cost * min(weights.counted, one.absent_numbers)
    cost += weights.name_cost * min(weights.counted, one.absent_names) + weights.date_cost * one.wrong_date
    # Rounded, so that equal scores are equal in whatever order they were added up.
    return round(max(0.0, (present / total if total else 1.0) - cost), 9)


def strata(claims: Sequence[ClaimFeatures], supported: npt.NDArray[np.bool_], weights: SupportScore) -> Strata:
    return placements(np.array([score(one, weights) for one in claims]), supported)


def fit(present: Support, hold: bool) -> tuple[Support, list[DataSet], tuple[Move, ...]]:
    rows = wice_rows()
    supported = np.array([row["label"] == "supported" for row in rows])
    found = kept(
        "wice-claims",
        [files_of(_WICE)],
        lambda: [vars(claim_features(row["claim"], named_sentences(row))) for row in rows],
    )
    claims = [ClaimFeatures(**each) for each in found]
    fitted, moves = fit_group(
        "support.score",
        present.score,
        GRIDS,
        lambda weights: strata(claims, supported, weights),
        hold=hold,
        gain=auroc_gain,
    )
    figures = {"auroc": round(float(strata(claims, supported, fitted)[0].mean()), 4)}
    fits = tuple(f"support.score.{name}" for name in GRIDS)
    sets = [DataSet("WiCE dev", files_of(_WICE), len(rows), fits, figures)]
    return replace(present, score=fitted), sets, moves
