"""The plain data of an evaluation.

Owns: the frozen records that pass between suite, runner, metrics, gate and reports. Computes nothing.

A metric is a name and, for each case, a number or None where it does not apply to the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from rag.types import Turn

SCHEMA_VERSION = 1
Match = Literal["f1", "em", "contains", "numeric", "regex"]
GateState = Literal["PASS", "FAIL", "INCONCLUSIVE", "INVALID"]


@dataclass(frozen=True, slots=True)
class GoldEvidence:
    """Gold evidence as a suite writes it: a quote, or a span ``start``…``end`` of the source's canonical text.

    It is anchored to the document, never to a chunk. ``page`` counts from 1 and narrows where a quote may stand.
    """

    source: str
    quote: str = ""
    start: int | None = None
    end: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Gold evidence found in the parsed source: ``text[start:end]``, and its page where the format has pages."""

    source: str
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectedNumber:
    """The number an answer must state, with its unit; it may be off by the larger of the two tolerances."""

    value: float
    unit: str = ""
    rel_tol: float = 0.0
    abs_tol: float = 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what is expected of its answer. ``answers`` are aliases: the best match counts.

    ``match`` says which comparison decides whether the answer is right; ``pattern`` is its regular expression for
    ``regex``. An unanswerable case expects an abstention.
    """

    id: str
    question: str
    history: tuple[Turn, ...] = ()
    answers: tuple[str, ...] = ()
    answerable: bool = True
    evidence: tuple[GoldEvidence, ...] = ()
    must_include: tuple[str, ...] = ()
    must_not_include: tuple[str, ...] = ()
    match: Match = "contains"
    numeric: ExpectedNumber | None = None
    pattern: str = ""
    tags: tuple[str, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class GateRule:
    """What the gate demands of one metric.

    ``min`` and ``max`` are absolute bounds on the mean. A drop against the baseline (a rise, where lower is better)
    fails when it is significant at ``alpha`` and larger than ``min_effect``.
    """

    metric: str
    min: float | None = None
    max: float | None = None
    min_effect: float = 0.02
    alpha: float = 0.05


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite as read from its file. ``sha256`` is the hash of what its cases ask and expect, whatever the layout.

    ``corpus`` are the files that are asked about, ``corpus_sha256`` the hash the author saw (empty: not written down).
    ``defaults`` are settings such as ``top_k``, by the names of ``rag.settings``; ``where`` says in which
    ``file:line`` each case stands, by id.
    """

    name: str
    path: Path
    corpus: Path
    corpus_sha256: str
    cases: tuple[Case, ...]
    sha256: str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    gate: tuple[GateRule, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """What came of one case: the answer as `rag ask --json` prints it (without timings), and its metrics.

    ``cluster`` groups cases that are not independent (same document or conversation). ``timings`` are milliseconds.
    A case that raised has ``error`` and counts as wrong.
    """

    id: str
    metrics: Mapping[str, float | None]
    answer: Mapping[str, Any] = field(default_factory=dict)
    gold: tuple[GoldSpan, ...] = ()
    cluster: str = ""
    weight: float = 1.0
    tags: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over ``n`` cases with a 95 % interval. ``few`` when there are fewer than 30 cases."""

    metric: str
    mean: float
    low: float
    high: float
    n: int

    @property
    def few(self) -> bool:
        return self.n < 30


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of a run against the baseline's, paired over the same cases.

    ``p`` is the sign-flip permutation test's, ``adjusted`` after Holm over the gated metrics; ``better`` and ``worse``
    name the cases that differ.
    """

    metric: str
    baseline: float
    current: float
    difference: float
    low: float
    high: float
    p: float
    adjusted: float
    wins: int
    ties: int
    losses: int
    better: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateFinding:
    """The gate's word on one rule, in one sentence."""

    metric: str
    state: GateState
    reason: str


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """The gate's word on a run."""

    state: GateState
    findings: tuple[GateFinding, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
