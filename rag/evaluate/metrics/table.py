"""What is measured of one case: every metric by a stable name. Deterministic, without a judge.

Owns: the names, what each means and which way is better, and putting one case's measures together. The formulas stand
in ``retrieval``, ``answer`` and ``citation`` beside it. Knows nothing about suites, statistics or reports.

A name is a measure, a measure at a cut-off, or that at a level: ``right``, ``span_recall@5``, ``ndcg@10/document``. A
value is 0…1 but for numbers of tokens, and None where the metric does not apply to the case.

=====================================  ==============================  ===================================
names                                  applies to                      k counts
=====================================  ==============================  ===================================
``hit recall precision mrr map ndcg``  answerable cases with evidence  documents, pages or passages, by the
``@k/document @k/page @k/span``        (pages: where gold has pages)   level
``span_recall span_precision           answerable cases with evidence  passages
span_iou …_unique`` ``@k``
``em f1 contains rouge_l``             cases with answers; em and f1
                                       also unanswerable ones
``numeric regex must_include           cases that ask for them
must_not_include``
``right``                              cases that expect something
``citation_precision``                 answers that cite, where the
                                       case has evidence
``citation_recall right_and_cited``    answerable cases with evidence
``pointer_validity quote_fidelity``    answers that cite
``sentences_cited …_verified``         answers that claim something
``refused``                            every case
``false_refusal``                      answerable cases
``wrong_on_unanswerable``              unanswerable cases
``context_tokens``                     every case
``prompt_tokens``                      answers written by a model
=====================================  ==============================  ===================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.evaluate.metrics.answer import answer_measures
from rag.evaluate.metrics.citation import TextById, citation_measures, fidelity_measures, sentence_measures
from rag.evaluate.metrics.retrieval import character_measures, document_measures, page_measures, passage_measures
from rag.evaluate.types import Case, GoldSpan, Record
from rag.types import Answer

CUTOFFS = (1, 3, 5, 10)

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Metric:
    """What a metric says, in a line, and which way is better."""

    better: Better
    meaning: str


METRICS: Mapping[str, Metric] = {
    "hit": Metric("higher", "some gold evidence is among the first k"),
    "recall": Metric("higher", "share of the gold evidence among the first k"),
    "precision": Metric("higher", "share of the first k that hold gold evidence"),
    "mrr": Metric("higher", "1 / rank of the first that holds gold evidence, 0 below k"),
    "map": Metric("higher", "mean precision at the ranks of the gold evidence"),
    "ndcg": Metric("higher", "gold evidence among the first k, discounted by rank, against the best ranking"),
    "span_recall": Metric("higher", "share of the characters of gold evidence that the first k passages hold"),
    "span_precision": Metric("higher", "share of the characters of the first k passages that are gold evidence"),
    "span_iou": Metric("higher", "gold characters held / characters retrieved or missed"),
    "span_precision_unique": Metric("higher", "span_precision, a character retrieved twice counted once"),
    "span_iou_unique": Metric("higher", "span_iou, a character retrieved twice counted once"),
    "em": Metric("higher", "the answer equals an expected one in SQuAD's normal form"),
    "f1": Metric("higher", "words shared with the best expected answer: harmonic mean of precision and recall"),
    "contains": Metric("higher", "the words of an expected answer stand in the answer in a row"),
    "rouge_l": Metric("higher", "longest common subsequence of words with the best expected answer"),
    "numeric": Metric("higher", "the answer states the expected number with its unit"),
    "regex": Metric("higher", "the pattern is found in the answer"),
    "must_include": Metric("higher", "share of the required phrases that stand in the answer"),
    "must_not_include": Metric("higher", "no forbidden phrase stands in the answer"),
    "right": Metric("higher", "the answer is right as the case defines it; a refusal where there is no answer"),
    "right_and_cited": Metric("higher", "the answer is right and cites a gold place"),
    "citation_precision": Metric("higher", "share of the citations that hold a gold place"),
    "citation_recall": Metric("higher", "share of the gold places that are cited"),
    "pointer_validity": Metric("higher", "share of the numbers used that name one citation inside its source"),
    "quote_fidelity": Metric("higher", "share of the quotes that are the source's words, character for character"),
    "sentences_cited": Metric("higher", "share of the claiming sentences that cite"),
    "sentences_verified": Metric("higher", "share of the claiming sentences that are verified"),
    "refused": Metric("neither", "the answer says that the documents do not hold it"),
    "false_refusal": Metric("lower", "an answerable question was refused"),
    "wrong_on_unanswerable": Metric("lower", "an unanswerable question was answered"),
    "context_tokens": Metric("lower", "tokens of the passages retrieved"),
    "prompt_tokens": Metric("lower", "tokens sent to the model"),
}

_LEVELS = {"document": document_measures, "page": page_measures, "span": passage_measures}
# Counts of tokens have no worst value.
_UNBOUNDED = ("context_tokens", "prompt_tokens")


def find_metric(name: str) -> Metric | None:
    """Return what a name means (``hit@5/span`` is a ``hit``), or None when there is no such metric."""
    return METRICS.get(name.split("@")[0])


def measure(
    case: Case,
    gold: Sequence[GoldSpan],
    answer: Answer,
    ks: Sequence[int] = CUTOFFS,
    *,
    text_of: TextById | None = None,
    count_tokens: Callable[[str], int] | None = None,
) -> dict[str, float | None]:
    """Measure one answer.

    Args:
        case: The question with what is expected of its answer.
        gold: The case's evidence, located in the sources.
        answer: The answer to the case, with its citations and the passages retrieved.
        ks: The cut-offs of the retrieval metrics.
        text_of: Returns the canonical text of a source by its id. Without it ``pointer_validity`` and
            ``quote_fidelity`` are None.
        count_tokens: Counts the tokens of a text. Without it tokens are words.

    Returns:
        Every metric of the table above, the same names in the same order for the same ``ks``.
    """
    count = count_tokens or (lambda text: len(text.split()))
    gold = gold if case.answerable else ()
    unchecked: dict[str, float | None] = {"pointer_validity": None, "quote_fidelity": None}
    answer_values = answer_measures(case, answer)
    citation_values = citation_measures(answer, gold)
    right = answer_values["right"]
    right_and_cited = right if citation_values["citation_recall"] else 0.0
    return {
        **answer_values,
        "right_and_cited": None if right is None or not gold else right_and_cited,
        **citation_values,
        **(fidelity_measures(answer, text_of) if text_of else unchecked),
        **sentence_measures(answer),
        "refused": float(answer.abstained),
        "false_refusal": float(answer.abstained) if case.answerable else None,
        "wrong_on_unanswerable": None if case.answerable else float(not answer.abstained),
        **_retrieval_measures(answer, gold, ks),
        "context_tokens": float(sum(count(passage.text) for passage in answer.passages)),
        "prompt_tokens": float(count(answer.prompt)) if answer.prompt else None,
    }


def measure_failure(case: Case, gold: Sequence[GoldSpan], ks: Sequence[int] = CUTOFFS) -> dict[str, float | None]:
    """Return the metrics of a case that raised, so that it counts as wrong.

    Args:
        case: The question with what is expected of its answer.
        gold: The case's evidence, located in the sources.
        ks: The cut-offs of the retrieval metrics.

    Returns:
        The worst value of each metric that applies to the case, None for the others.
    """
    values = measure(case, gold, Answer(case.question, case.question), ks)
    if case.answerable and gold:
        values["citation_precision"] = 0.0
    if case.answerable and case.must_not_include:
        values["must_not_include"] = 0.0
    return {name: None if value is None else worst_value(name) for name, value in values.items()}


def worst_value(name: str) -> float | None:
    """Return what a case that raised scores; None for a metric that has no worst value."""
    if name in _UNBOUNDED:
        return None
    known = find_metric(name)
    return 1.0 if known and known.better == "lower" else 0.0


def metric_value(record: Record, name: str) -> float | None:
    """Return a record's value of a metric.

    Args:
        record: The record of one case in a run.
        name: The metric's name.

    Returns:
        The value, or None where the metric does not apply. A case that raised scores the worst value even where its
        metrics are not written down.
    """
    default = worst_value(name) if record.error else None
    return record.metrics.get(name, default)


def _retrieval_measures(answer: Answer, gold: Sequence[GoldSpan], ks: Sequence[int]) -> dict[str, float | None]:
    """Return the measures of retrieval at every cut-off and level; all None without gold."""
    measures: dict[str, float | None] = {}
    names = ("hit", "recall", "precision", "mrr", "map", "ndcg")
    for level, measures_of_level in _LEVELS.items():
        for k in ks:
            values = measures_of_level(answer.passages, gold, k) if gold else None
            measures.update({f"{name}@{k}/{level}": values[name] if values else None for name in names})
    for k in ks:
        characters = character_measures(answer.passages, gold, k)
        measures.update({f"{name}@{k}": value if gold else None for name, value in characters.items()})
    return measures
