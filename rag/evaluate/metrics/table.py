"""What is measured of one case: every metric by a stable name. Deterministic, without a judge.

Owns: the names, what each means and which way is better, and putting one case's measurements together. The formulas
stand in ``retrieval_metrics``, ``answer_metrics`` and ``citation_metrics``. Knows nothing about suites, statistics or
reports.

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
from rag.evaluate.metrics.citation import TextOf, citation_measures, fidelity_measures, sentence_measures
from rag.evaluate.metrics.retrieval import document_measures, page_measures, passage_measures, character_measures
from rag.evaluate.types import Case, GoldSpan, Record
from rag.types import Answer

CUTOFFS = (1, 3, 5, 10)

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Metric:
    """What a metric says, in a line, and which way is better."""

    better: Better
    meaning: str


_MEANINGS: tuple[tuple[Better, str, str], ...] = (
    ("higher", "hit", "some gold evidence is among the first k"),
    ("higher", "recall", "share of the gold evidence among the first k"),
    ("higher", "precision", "share of the first k that hold gold evidence"),
    ("higher", "mrr", "1 / rank of the first that holds gold evidence, 0 below k"),
    ("higher", "map", "mean precision at the ranks of the gold evidence"),
    ("higher", "ndcg", "gold evidence among the first k, discounted by rank, against the best ranking"),
    ("higher", "span_recall", "share of the characters of gold evidence that the first k passages hold"),
    ("higher", "span_precision", "share of the characters of the first k passages that are gold evidence"),
    ("higher", "span_iou", "gold characters held / characters retrieved or missed"),
    ("higher", "span_precision_unique", "span_precision, a character retrieved twice counted once"),
    ("higher", "span_iou_unique", "span_iou, a character retrieved twice counted once"),
    ("higher", "em", "the answer equals an expected one in SQuAD's normal form"),
    ("higher", "f1", "words shared with the best expected answer: harmonic mean of precision and recall"),
    ("higher", "contains", "the words of an expected answer stand in the answer in a row"),
    ("higher", "rouge_l", "longest common subsequence of words with the best expected answer"),
    ("higher", "numeric", "the answer states the expected number with its unit"),
    ("higher", "regex", "the pattern is found in the answer"),
    ("higher", "must_include", "share of the required phrases that stand in the answer"),
    ("higher", "must_not_include", "no forbidden phrase stands in the answer"),
    ("higher", "right", "the answer is right as the case defines it; a refusal where there is no answer"),
    ("higher", "right_and_cited", "the answer is right and cites a gold place"),
    ("higher", "citation_precision", "share of the citations that hold a gold place"),
    ("higher", "citation_recall", "share of the gold places that are cited"),
    ("higher", "pointer_validity", "share of the numbers used that name one citation inside its source"),
    ("higher", "quote_fidelity", "share of the quotes that are the source's words, character for character"),
    ("higher", "sentences_cited", "share of the claiming sentences that cite"),
    ("higher", "sentences_verified", "share of the claiming sentences that are verified"),
    ("neither", "refused", "the answer says that the documents do not hold it"),
    ("lower", "false_refusal", "an answerable question was refused"),
    ("lower", "wrong_on_unanswerable", "an unanswerable question was answered"),
    ("lower", "context_tokens", "tokens of the passages retrieved"),
    ("lower", "prompt_tokens", "tokens sent to the model"),
)
METRICS: Mapping[str, Metric] = {name: Metric(better, meaning) for better, name, meaning in _MEANINGS}

_LEVELS = {"document": document_measures, "page": page_measures, "span": passage_measures}
# Counts have no worst value.
_UNBOUNDED = ("context_tokens", "prompt_tokens")


def metric(name: str) -> Metric | None:
    """What a name means (``hit@5/span`` is a ``hit``), or None when there is no such metric."""
    return METRICS.get(name.split("@")[0])


def measure(
    case: Case,
    gold: Sequence[GoldSpan],
    answer: Answer,
    ks: Sequence[int] = CUTOFFS,
    *,
    text_of: TextOf | None = None,
    count_tokens: Callable[[str], int] | None = None,
) -> dict[str, float | None]:
    """Every metric of one case, always the same names in the same order for the same ``ks``.

    ``gold`` is the case's evidence found in the sources. Without ``text_of`` the citations' ``pointer_validity`` and
    ``quote_fidelity`` are None; without ``count_tokens`` tokens are words.
    """
    count = count_tokens or (lambda text: len(text.split()))
    gold = gold if case.answerable else ()
    unchecked: dict[str, float | None] = {"pointer_validity": None, "quote_fidelity": None}
    said = answer_measures(case, answer)
    cited = citation_measures(answer, gold)
    joint = said["right"] if cited["citation_recall"] else 0.0
    return {
        **said,
        "right_and_cited": None if said["right"] is None or not gold else joint,
        **cited,
        **(fidelity_measures(answer, text_of) if text_of else unchecked),
        **sentence_measures(answer),
        "refused": float(answer.abstained),
        "false_refusal": float(answer.abstained) if case.answerable else None,
        "wrong_on_unanswerable": None if case.answerable else float(not answer.abstained),
        **_retrieval(answer, gold, ks),
        "context_tokens": float(sum(count(passage.text) for passage in answer.passages)),
        "prompt_tokens": float(count(answer.prompt)) if answer.prompt else None,
    }


def measure_failure(case: Case, gold: Sequence[GoldSpan], ks: Sequence[int] = CUTOFFS) -> dict[str, float | None]:
    """The metrics of a case that raised: the worst value of each that applies to it, so that it counts as wrong."""
    nothing = measure(case, gold, Answer(case.question, case.question), ks)
    if case.answerable and gold:
        nothing["citation_precision"] = 0.0
    if case.answerable and case.must_not_include:
        nothing["must_not_include"] = 0.0
    return {name: None if value is None else worst_value(name) for name, value in nothing.items()}


def worst_value(name: str) -> float | None:
    """What a case that raised scores; None for a metric that has no worst value."""
    if name in _UNBOUNDED:
        return None
    found = metric(name)
    return 1.0 if found and found.better == "lower" else 0.0


def metric_value(record: Record, name: str) -> float | None:
    """A record's value of a metric; a case that raised counts as wrong even where its metrics are not written down."""
    missing = worst_value(name) if record.error else None
    return record.metrics.get(name, missing)


def _retrieval(answer: Answer, gold: Sequence[GoldSpan], ks: Sequence[int]) -> dict[str, float | None]:
    """The measures of retrieval; all None without gold."""
    found: dict[str, float | None] = {}
    names = ("hit", "recall", "precision", "mrr", "map", "ndcg")
    for level, measures in _LEVELS.items():
        for k in ks:
            values = measures(answer.passages, gold, k) if gold else None
            found.update({f"{name}@{k}/{level}": values[name] if values else None for name in names})
    for k in ks:
        spans = character_measures(answer.passages, gold, k)
        found.update({f"{name}@{k}": value if gold else None for name, value in spans.items()})
    return found
