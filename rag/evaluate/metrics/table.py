"""The table of metrics: every metric by a stable name, those that ship and those that other packages bring.

Owns: what a metric is, which ones there are, what each says, and which way is better. The formulas stand in the modules
beside it; ``measuring`` puts the values of one case together. Knows nothing about suites, statistics or reports.

One part may give several values that are computed together. A value has the name of a measure, of a measure at a
cut-off, or of that at a level: ``right``, ``span_recall@5``, ``ndcg@10/document``. What each says is its measure's
``Meaning``.

=====================================  ==============================  ===================================
names of the shipped ones              apply to                        k counts
=====================================  ==============================  ===================================
``em f1 contains rouge_l``             cases with answers; em and f1
                                       also unanswerable ones
``numeric regex must_include           cases that ask for them
must_not_include``
``right``                              cases that expect something
``right_and_cited citation_recall``    answerable cases with evidence
``citation_precision``                 answers that cite, where the
                                       case has evidence
``pointer_validity quote_fidelity``    answers that cite
``sentences_cited …_verified``         answers that claim something
``refused tentative``                  every case
``false_refusal``                      answerable cases
``wrong_on_unanswerable``              unanswerable cases
``hit recall precision mrr map ndcg``  answerable cases with evidence  documents, pages or passages, by the
``@k/document @k/page @k/span``        (pages: where gold has pages)   level
``span_recall span_precision           answerable cases with evidence  passages
span_iou …_unique`` ``@k``
``context_tokens``                     every case
``prompt_tokens``                      answers written by a model
=====================================  ==============================  ===================================

A package adds a metric with an entry point of the group ``footnote.metrics`` that names a class like this one::

    class Brevity:
        meanings = {"brevity": Meaning("higher", "1 for an answer of at most 40 words, less for a longer one")}

        def measure(self, measured: Measured) -> dict[str, float | None]:
            words = len(measured.answer.answer.split())
            return {"brevity": min(1.0, 40 / words) if words else None}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, get_args, runtime_checkable

from rag.evaluate.metrics.abstention import SUITE_METRICS
from rag.evaluate.types import Case, GoldSpan
from rag.parts import Parts, warn_once
from rag.types import Answer, Passage

CUTOFFS = (1, 3, 5, 10)
JUDGED = "judged_"
"""How the names of values begin that a language model judged; no metric of the table has such a name."""

Better = Literal["higher", "lower", "neither"]
# (source_id) → the canonical text of that document version, or None when there is none.
TextById = Callable[[str], str | None]


def count_words(text: str) -> int:
    """Return how many words a text has, which stand for tokens where nothing counts these."""
    return len(text.split())


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a measure says.

    Attributes:
        better: Which way is better; ``neither`` for one that only describes.
        text: What it says, in a line.
        bounded: Whether its values lie in 0…1. A case that raised then scores the worse end: 1 where lower is better,
            else 0. A count has no worse end, and such a case no value.
    """

    better: Better
    text: str
    bounded: bool = True

    def __post_init__(self) -> None:
        if self.better not in get_args(Better):
            raise ValueError(f"'better' is one of {', '.join(get_args(Better))}, not {self.better!r}")

    @property
    def worst(self) -> float | None:
        """What a case that raised scores; None for a measure without bounds."""
        return (1.0 if self.better == "lower" else 0.0) if self.bounded else None


@dataclass(frozen=True, slots=True)
class Measured:
    """One answer to measure, with all that a metric may look at.

    Attributes:
        case: The question with what is expected of its answer.
        gold: The case's evidence, located in the sources; none for an unanswerable case.
        answer: The answer, with its sentences, its citations and the passages retrieved.
        ks: The cut-offs, in order, of a metric that looks at the first k of something.
        text_of: Returns the canonical text of a source by its id; None where the sources are not at hand.
        count_tokens: Counts the tokens of a text.
        failed: Whether the case raised. The answer is empty then, and the values only tell which measures apply: each
            that is not None becomes its worst.
        ranked: The passages retrieved, as many as the largest cut-off asks for; empty where those that the answer was
            written from are all there are.
    """

    case: Case
    gold: tuple[GoldSpan, ...]
    answer: Answer
    ks: tuple[int, ...] = CUTOFFS
    text_of: TextById | None = None
    count_tokens: Callable[[str], int] = count_words
    failed: bool = False
    ranked: tuple[Passage, ...] = ()


@runtime_checkable
class Metric(Protocol):
    """A metric: values of one answer that are computed together."""

    @property
    def meanings(self) -> Mapping[str, Meaning]:
        """What each of its measures says, by name; a plain attribute will do."""
        ...

    def measure(self, measured: Measured) -> Mapping[str, float | None]:
        """Measure one answer.

        Args:
            measured: The answer with its case.

        Returns:
            The values by name; None for one that does not apply to the case. A name is that of a measure in
            ``meanings``, alone or with a cut-off and a level: ``hit``, ``hit@5``, ``hit@5/page``.

        Raises:
            UsageError: What the case expects cannot be compared; the case counts as one that raised. Any other error is
                the metric's own fault: it scores its worst for the case, and the run goes on.
        """
        ...


def _wrong_with(metric: Metric) -> str:
    """Return why no value of a metric could be kept; "" where it declares a measure."""
    declared = metric.meanings
    if not isinstance(declared, Mapping) or not declared:
        return "its 'meanings' name no measures"
    if not any(map(_may_stand, declared, declared.values())):
        return "no measure in its 'meanings' has a plain name and a Meaning"
    return ""


METRICS: Parts[Metric] = Parts(
    "metric",
    {
        "answer": "rag.evaluate.metrics.answer:AnswerMetric",
        "citation": "rag.evaluate.metrics.citation:CitationMetric",
        "sentences": "rag.evaluate.metrics.citation:SentencesMetric",
        "refusal": "rag.evaluate.metrics.refusal:RefusalMetric",
        "retrieval": "rag.evaluate.metrics.retrieval:RetrievalMetric",
        "tokens": "rag.evaluate.metrics.tokens:TokensMetric",
    },
    Metric,
    _wrong_with,
)


def metrics() -> Iterator[tuple[str, Metric, Mapping[str, Meaning]]]:
    """Yield each metric's name, the metric, and the meanings of those of its measures that it may give.

    A measure of a metric from outside whose name is taken is left out, with a warning.
    """
    taken = set(SUITE_METRICS)
    for name, metric in METRICS.items():
        own = _own_meanings(name, metric, taken)
        taken |= own.keys()
        yield name, metric, own


def meanings() -> dict[str, Meaning]:
    """Return what each measure says, by name: first those that ship, in the order in which they are measured."""
    return {measure: meaning for _, _, own in metrics() for measure, meaning in own.items()}


def outside_meanings() -> dict[str, Meaning]:
    """Return what each measure says that another package brings, by name."""
    shipped = {name for name, _ in METRICS.shipped()}
    return {measure: meaning for name, _, own in metrics() if name not in shipped for measure, meaning in own.items()}


def measure_of(name: str) -> str:
    """Return the measure that a value's name is of: ``hit`` for ``hit@5/span``."""
    return name.split("@")[0]


def find_meaning(name: str) -> Meaning | None:
    """Return what a value's name means (``hit@5/span`` is a ``hit``), or None when there is no such metric."""
    return meanings().get(measure_of(name))


def _own_meanings(name: str, metric: Metric, taken: set[str]) -> dict[str, Meaning]:
    """Return the meanings of a metric but for those that cannot stand in the table."""
    own: dict[str, Meaning] = {}
    for measure, meaning in metric.meanings.items():
        if not _may_stand(measure, meaning):
            problem = "has no plain name of letters, digits and underscores, or no Meaning"
        elif measure in taken or measure.startswith(JUDGED):
            problem = "has a name that is taken"
        else:
            own[measure] = meaning
            continue
        warn_once(
            f"The measure {measure!r} of the metric {name!r} {problem} and is left out; its package must name it "
            "otherwise."
        )
    return own


def _may_stand(measure: object, meaning: object) -> bool:
    """Return whether a measure has a name that a suite can give, and says what it means."""
    return isinstance(measure, str) and measure.isidentifier() and isinstance(meaning, Meaning)
