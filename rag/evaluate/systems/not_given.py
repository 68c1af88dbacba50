"""What a system does not give, and which metrics have no value without it. Pure.

Owns: the codes, the metrics that each takes with it, and the words for it. Knows nothing about how a metric is
computed.

A metric that needs what is not given is None, never its worst: a system that returns no contexts may well retrieve the
right ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.evaluate.metrics.table import measure_of
from rag.evaluate.types import Record, Suite

ANSWER = "answer"
CONTEXTS = "contexts"
CITATIONS = "citations"
EVIDENCE = "evidence"
CONFIDENCE = "confidence"
LEFT_OUT = "left-out"

_RETRIEVAL = (
    "hit recall precision mrr map ndcg span_recall span_precision span_iou span_precision_unique span_iou_unique"
)
_NEEDS: Mapping[str, frozenset[str]] = {
    CONTEXTS: frozenset([*_RETRIEVAL.split(), "context_tokens"]),
    CITATIONS: frozenset(
        "citation_precision citation_recall pointer_validity quote_fidelity right_and_cited sentences_cited".split()
    ),
    EVIDENCE: frozenset("sentences_verified sentences_unsupported sentences_contradicted".split()),
    ANSWER: frozenset(
        """em f1 contains rouge_l numeric regex must_include must_not_include right right_and_cited refused
        false_refusal wrong_on_unanswerable tentative citation_precision citation_recall pointer_validity quote_fidelity
        sentences_cited sentences_verified sentences_unsupported sentences_contradicted""".split()
    ),
    CONFIDENCE: frozenset(),
    LEFT_OUT: frozenset(("left_out_unsupported", "left_out_contradicted")),
}
_CONFIDENCE_FIGURES = frozenset("auroc aurc brier calibration_error".split())
# What is said of each; a claim that a system leaves out is nobody's business but its own.
_WORDS = {
    ANSWER: "answers are not given ({count}): only retrieval is measured",
    CONTEXTS: "contexts are not given ({count}): retrieval is not measured",
    CITATIONS: "citations are not given ({count}): they are not measured",
    EVIDENCE: "neither contexts nor citations are given ({count}): sentences are not verified",
    CONFIDENCE: "a confidence is not given ({count}): calibration is not measured",
}


def settle(records: Sequence[Record]) -> tuple[Record, ...]:
    """Take away the values of metrics that need what was not given.

    Citations are not given where no answer of the run cites: in a run in which one does, an answer without any cites
    nothing, and that is measured. A case that raised goes without what no answer of the run gives.

    Args:
        records: The records of a run; those of Footnote itself stay as they are.

    Returns:
        The records, in the same order.
    """
    lacking = _lacking(records)
    return tuple(_without(record, codes) if codes else record for record, codes in zip(records, lacking, strict=True))


def not_given(records: Sequence[Record]) -> dict[str, int]:
    """Return by code how many answers go without what it stands for; cases that raised are not counted."""
    answered = [codes for record, codes in zip(records, _lacking(records), strict=True) if not record.error]
    counts = Counter(code for codes in answered for code in codes)
    return {code: counts[code] for code in _WORDS if counts[code]}


def not_given_lines(records: Sequence[Record]) -> list[str]:
    """Return one sentence for each thing that the system does not give, and one on contexts without a place.

    Args:
        records: The records of a run.

    Returns:
        The sentences, for a report; none for a run of Footnote itself.
    """
    answered = sum(not record.error for record in records)
    said = [
        f"not given: {_WORDS[code].format(count=f'{count} of {answered} answers')}."
        for code, count in not_given(records).items()
    ]
    contexts = sum(len(record.answer.get("passages", ())) for record in records)
    lost = sum(int(record.answer.get("not_placed", 0)) for record in records)
    if lost:
        said.append(
            f"{lost} of {contexts} contexts {'has' if lost == 1 else 'have'} no sure place in the documents: "
            f"{'it counts' if lost == 1 else 'they count'} as holding no evidence."
        )
    return said


@dataclass(frozen=True, slots=True)
class GatedSuite:
    """A suite whose gate asks only for what a system gives, and the metrics of the rules that it goes without."""

    suite: Suite
    without: tuple[str, ...]


def gated(suite: Suite, records: Sequence[Record]) -> GatedSuite:
    """Leave out the rules of a suite's gate whose metrics no answer of a run can have.

    Args:
        suite: The suite.
        records: The records of the run.

    Returns:
        The suite, and the metrics that are not gated.
    """
    given = _given_by_none(records)
    names = {name for code in given for name in _NEEDS[code]}
    if CONFIDENCE in given:
        names |= _CONFIDENCE_FIGURES
    left = tuple(rule.metric for rule in suite.gate if measure_of(rule.metric) in names)
    if not left:
        return GatedSuite(suite, ())
    return GatedSuite(replace(suite, gate=tuple(rule for rule in suite.gate if rule.metric not in left)), left)


def _lacking(records: Sequence[Record]) -> list[frozenset[str]]:
    """Return the codes of what each record goes without."""
    by_all = _given_by_none(records)
    return [
        by_all if record.error else frozenset(code for code in _codes(record) if code != CITATIONS or code in by_all)
        for record in records
    ]


def _given_by_none(records: Sequence[Record]) -> frozenset[str]:
    """Return the codes of what no answer gives; a refusal cites nothing in any system."""
    answered = [record for record in records if not record.error]
    if not answered:
        return frozenset()
    common = frozenset.intersection(*map(_codes, answered))
    answers = [record for record in answered if not record.answer.get("abstained")] or answered
    return common | ({CITATIONS} if all(CITATIONS in _codes(record) for record in answers) else frozenset())


def _codes(record: Record) -> frozenset[str]:
    return frozenset(code for code in record.answer.get("not_given", ()) if code in _NEEDS)


def _without(record: Record, codes: frozenset[str]) -> Record:
    names = {name for code in codes for name in _NEEDS[code]}
    return replace(
        record,
        metrics={name: None if measure_of(name) in names else value for name, value in record.metrics.items()},
    )
