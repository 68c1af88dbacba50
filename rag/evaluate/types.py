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
ConversationMode = Literal["live", "fixed"]
GateState = Literal["PASS", "FAIL", "INCONCLUSIVE", "INVALID"]

# Digits behind the point of a metric or figure that is kept: enough for every comparison, few enough to be the same on
# every machine.
METRIC_DIGITS = 6
# The token F1 from which an answer is right with the match ``f1``, where a suite names no other.
RIGHT_F1 = 0.5
DRAFT_TAG = "draft"
"""Every drafted case has this tag until somebody has looked at it."""
# Fewer cases than this give intervals too wide to act on.
FEW_CASES = 30


@dataclass(frozen=True, slots=True)
class GoldEvidence:
    """Gold evidence as a suite writes it: a quote, or a span ``start``…``end`` of the source's canonical text.

    It belongs to the document, never to a chunk. The same fact may stand in several places, each of which is right:
    such evidence has ``any_of`` and nothing else of its own.

    Attributes:
        source: The name of the source; empty with ``any_of``.
        quote: The words of the evidence; white space between them does not matter.
        start: Offset of the first character in the canonical text, with ``end``.
        end: Offset behind the last character.
        page: Counts from 1 and narrows where a quote may stand.
        grade: How relevant it is, from 1; the gain of nDCG.
        any_of: Evidence of which any one does.
    """

    source: str = ""
    quote: str = ""
    start: int | None = None
    end: int | None = None
    page: int | None = None
    grade: int = 1
    any_of: tuple[GoldEvidence, ...] = ()

    @property
    def alternatives(self) -> tuple[GoldEvidence, ...]:
        """The places of which any one does: itself where it names one."""
        return self.any_of or (self,)


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Gold evidence located in the parsed source: ``text[start:end]``, and its page where the format has pages.

    Attributes:
        grade: How relevant it is, from 1.
        group: The number of the evidence of the case that it is an alternative of: of the spans of a group any one
            does. None for a span that has no alternative.
    """

    source: str
    start: int
    end: int
    page: int | None = None
    grade: int = 1
    group: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectedNumber:
    """The number an answer must state, with its unit; it may be off by the larger of the two tolerances."""

    value: float
    unit: str = ""
    rel_tol: float = 0.0
    abs_tol: float = 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what is expected of its answer.

    Attributes:
        id: Unique in its suite.
        question: What is asked.
        history: The conversation before the question, for a follow-up.
        answers: Aliases of the expected answer: the best match counts.
        answerable: Whether the documents hold the answer; if not, an abstention is expected.
        evidence: Where the answer stands.
        must_include: Phrases that must stand in the answer.
        must_not_include: Phrases that must not.
        match: The comparison that decides whether the answer is right.
        numeric: The number expected, for the match ``numeric``.
        pattern: The regular expression, for the match ``regex``.
        tags: Groups of cases that get figures of their own.
        weight: How much the case counts in a mean; above 0.
        f1_threshold: The token F1 from which an answer is right with the match ``f1``.
        xfail: Why the case is known to be wrong; it is asked and counted, and fails no test. Empty for a case that is
            to be right.
        skip: Why the case is not asked; empty for one that is.
        labels: What a person says of an answer, by the name of a metric: true or false, or a number of 0…1. Under
            ``answer`` stand the words that were looked at. They expect nothing, so the suite's hash leaves them out.
        conversation: The id of the conversation that the case is a turn of; empty for a question of its own.
        turn: Which turn of the conversation it is, counted from 1; 0 for a question of its own.
        reply: What the assistant said to this turn, for a run with a fixed history.
        small_talk: Whether the turn asks for nothing, such as "Thanks": right is an answer without citations.
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
    f1_threshold: float = RIGHT_F1
    xfail: str = ""
    skip: str = ""
    labels: Mapping[str, bool | float | str] = field(default_factory=dict)
    conversation: str = ""
    turn: int = 0
    reply: str = ""
    small_talk: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a judge grades an answer by.

    Attributes:
        name: Its figure is called ``judged_`` and this name.
        text: What is asked of the answer, in words.
        low: The worst score.
        high: The best score, above ``low``.
        tags: Only cases with one of these tags are graded by it; empty for all.
    """

    name: str
    text: str
    low: int = 1
    high: int = 5
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateRule:
    """What the gate demands of one metric.

    ``min`` and ``max`` are absolute bounds on the mean. A drop against the baseline (a rise, where lower is better)
    fails when it is significant at ``alpha`` and larger than ``min_effect``. A run whose drop is surely smaller than
    ``margin``, by a one-sided bound at ``alpha``, is no worse than the baseline.
    """

    metric: str
    min: float | None = None
    max: float | None = None
    min_effect: float = 0.02
    alpha: float = 0.05
    margin: float = 0.03


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite as read from its file.

    Attributes:
        name: As its file gives it.
        path: The suite file.
        corpus: The file or folder of the documents that are asked about.
        corpus_sha256: The hash of the corpus that the author saw; empty when it is not written down.
        cases: In the order of the file.
        sha256: The hash of what the cases ask and expect, whatever the layout of the file.
        defaults: Settings such as ``top_k``, by the names of ``rag.settings``.
        gate: The rules of the gate; empty for the default ones.
        where: The ``file:line`` in which each case stands, by the case's id.
        whole: How many cases the suite asks, where only some of them are taken; 0 where these are all.
        rubric: What a judge grades the answers by, besides what it is always asked.
        conversation: What stands before a turn of a conversation: the system's own answers, or the written ones.
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
    whole: int = 0
    rubric: tuple[Criterion, ...] = ()
    conversation: ConversationMode = "live"


@dataclass(frozen=True, slots=True)
class Record:
    """The answer to one case of a run and its metrics.

    Attributes:
        id: The id of the case.
        metrics: Value by metric; None where the metric does not apply.
        answer: The answer as `rag ask --json` prints it, without timings.
        gold: The case's evidence, located in the sources.
        cluster: Groups cases that are not independent (same document or conversation); empty for a case of its own.
        weight: The weight of the case.
        tags: The tags of the case.
        timings: Milliseconds by stage.
        error: Why the case raised, in one line; such a case counts as wrong. Empty when it did not.
        reasons: The code of the reason of each sentence that is not verified, those left out at the end.
        judge_reasons: By judged metric what the judge says of its verdict, where it says something.
        judge_errors: By judged metric why the judge gave no verdict, in one line; its value is None then.
        conversation: The id of the conversation that the case is a turn of; empty for a question of its own.
        turn: Which turn it is, counted from 1.
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
    reasons: tuple[str, ...] = ()
    judge_reasons: Mapping[str, str] = field(default_factory=dict)
    judge_errors: Mapping[str, str] = field(default_factory=dict)
    conversation: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """The mean of a metric over ``n`` cases, with a 95 % interval ``low``…``high``."""

    metric: str
    mean: float
    low: float
    high: float
    n: int

    @property
    def few(self) -> bool:
        """Whether there are too few cases to act on the figure."""
        return self.n < FEW_CASES


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of a run against the baseline's, paired over the same cases.

    Attributes:
        metric: Its name.
        baseline: The baseline's mean over the cases in both runs.
        current: The run's mean over the same cases.
        difference: ``current`` minus ``baseline``.
        low: Lower end of the 95 % interval of the difference.
        high: Upper end of it.
        p: The two-sided p-value of the same test; 0.05 or less exactly where the interval leaves out 0.
        adjusted: ``p`` after Holm over all metrics compared.
        wins: How many cases got better.
        ties: How many did not change.
        losses: How many got worse.
        better: The ids of the cases that got better.
        worse: The ids of those that got worse.
        p_worse: The one-sided p-value: small where the run is worse.
        p_worse_adjusted: ``p_worse`` as the gate corrects it for all metrics that it looks at.
        p_least: The smallest ``p_worse`` that differences of these sizes could give.
        standard_error: Of the difference.
        freedom: Degrees of freedom of the test.
        unit: What the test counts: ``cases``, or a kind of group of cases that changes as a whole.
        units: How many of them.
        design_effect: The variance over these units ÷ that over cases; 1 where cases are the unit.
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
    p_worse: float = 1.0
    p_worse_adjusted: float = 1.0
    p_least: float = 1.0
    standard_error: float = 0.0
    freedom: float = 1.0
    unit: str = "cases"
    units: int = 0
    design_effect: float = 1.0


@dataclass(frozen=True, slots=True)
class GateFinding:
    """What the gate says of one rule; ``reason`` is one sentence."""

    metric: str
    state: GateState
    reason: str


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """What the gate says of a run.

    Attributes:
        state: The worst of the findings'.
        findings: What it says of each rule.
        comparisons: Each metric that is compared with the baseline's.
        notices: Sentences on what is no fault and good to know: what changed since the baseline, which cases are not
            compared, what the test counts, what to do next.
    """

    state: GateState
    findings: tuple[GateFinding, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    notices: tuple[str, ...] = ()
