"""What a judge is, what it sees of an answer, and what becomes of its judgement.

Owns: the interface, and that a judge that fails costs an answer nothing. Knows nothing about prompts and models.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag.errors import LLMError
from rag.evaluate.metrics.table import JUDGED
from rag.evaluate.types import METRIC_DIGITS, Case, Record
from rag.marks import strip_marks
from rag.models.llm.metering import CapReached

_LOG = logging.getLogger(__name__)
# Characters of a passage that a judge sees, so that a small model's window holds the question, too.
_LONGEST_CONTEXT = 2000
# Characters of a reason that are kept.
_LONGEST_REASON = 500


class JudgeError(LLMError):
    """A judge gave no verdict: it failed, or its reply is none. The sentence says why."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer as a judge sees it.

    Attributes:
        case: The question with what is expected.
        question: The question as it was answered, standing alone.
        answer: The words of the answer, without marks.
        contexts: The words that the answer cites.
    """

    case: Case
    question: str
    answer: str
    contexts: tuple[str, ...] = ()

    @classmethod
    def of(cls, case: Case, record: Record) -> Judged | None:
        """Return what a judge sees of a recorded answer.

        Args:
            case: The case.
            record: Its record.

        Returns:
            None where nothing can be judged, as of a refusal.
        """
        text = strip_marks(str(record.answer.get("answer") or ""))
        if record.error or record.answer.get("abstained") or not text.strip():
            return None
        quotes = (str(citation.get("quote", "")) for citation in record.answer.get("citations", ()))
        contexts = tuple(quote[:_LONGEST_CONTEXT] for quote in quotes if quote.strip())
        return cls(case, str(record.answer.get("standalone_question") or case.question), text, contexts)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says: a value of 0…1, or None where it cannot be asked for this answer, and its reason if any."""

    value: float | None
    reason: str = ""


# Asks for the verdicts that belong together: (answer) → verdict by name; a JudgeError is why there are none.
AskVerdicts = Callable[[Judged], Mapping[str, Verdict | JudgeError]]


@dataclass(frozen=True, slots=True)
class Judge:
    """What judges answers.

    Attributes:
        name: The name of its model.
        metrics: The names of all that it may give, each beginning with ``judged_``.
        questions: What asks for verdicts, each with the names that it gives.
        description: What its verdicts depend on besides the model, for the configuration of a run.
    """

    name: str
    metrics: tuple[str, ...]
    questions: Sequence[tuple[tuple[str, ...], AskVerdicts]]
    description: Mapping[str, str] = field(default_factory=dict)

    def judge(self, case: Case, record: Record) -> Record:
        """Judge a recorded answer.

        Args:
            case: The case.
            record: Its record.

        Returns:
            The record with the judged values. A value is None where nothing can be judged, and where the judge gave no
            verdict: then ``judge_errors`` says why.

        Raises:
            CapReached: The cap of a day is reached, so that the model was not asked.
        """
        values: dict[str, float | None] = dict.fromkeys(self.metrics)
        reasons: dict[str, str] = {}
        errors: dict[str, str] = {}
        judged = Judged.of(case, record)
        for names, ask in self.questions if judged else ():
            for name, verdict in self._asked(names, ask, judged).items():  # type: ignore[arg-type]
                if isinstance(verdict, JudgeError):
                    errors[name] = " ".join(str(verdict).split())
                    continue
                values[name] = None if verdict.value is None else round(verdict.value, METRIC_DIGITS)
                if verdict.reason:
                    reasons[name] = " ".join(verdict.reason.split())[:_LONGEST_REASON]
        kept = {name: value for name, value in record.metrics.items() if not name.startswith(JUDGED)}
        return replace(record, metrics=kept | values, judge_reasons=reasons, judge_errors=errors)

    def _asked(self, names: Sequence[str], ask: AskVerdicts, judged: Judged) -> Mapping[str, Verdict | JudgeError]:
        """Return the verdicts of one question to the judge; whatever it raises is why there are none."""
        try:
            return ask(judged)
        except CapReached:
            raise
        except LLMError as error:
            failed = error if isinstance(error, JudgeError) else JudgeError(str(error))
        except Exception as error:
            # Its words may hold a key.
            _LOG.debug("judge failed", exc_info=True)
            failed = JudgeError(f"The judge {self.name} failed ({type(error).__name__}).")
        return dict.fromkeys(names, failed)
