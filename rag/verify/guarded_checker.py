"""A checker whose judgements are looked at before they count: it may come from outside. Pure.

Owns: what makes sense of what a checker returns, and the notice on one that fails. Knows nothing about rules, or what
becomes of a judgement.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

from rag.errors import RagError
from rag.notices import Notice
from rag.parts import PartFailed, Unfit, calling
from rag.types import Span, Verdict
from rag.verify.checker import Checker, ClaimToCheck, Judgement
from rag.verify.judge import JUDGE_FAILED

_LOG = logging.getLogger(__name__)
_UNKNOWN = Judgement(None)
# Codes of notices that say by themselves what failed, and what that means.
_TOLD = (JUDGE_FAILED,)


@dataclass(frozen=True, slots=True)
class GuardedChecker:
    """A checker that never raises.

    Attributes:
        checker: The checker.
        name: The name it is registered under.
        package: The package that brings it, with its version; "" for one that ships.
    """

    checker: Checker
    name: str
    package: str = ""

    @property
    def reads_questions(self) -> bool:
        """Whether it can judge a phrase by the question that it answers."""
        return getattr(self.checker, "reads_questions", False) is True

    def check(self, claims: Sequence[ClaimToCheck]) -> tuple[list[Judgement], Notice | None]:
        """Ask the checker, and take what makes no sense as if it could not tell.

        Args:
            claims: The claims, with their evidence.

        Returns:
            A judgement on each claim, under the checker's own name; and a notice where it failed, or some of what it
            returned makes no sense.
        """
        try:
            with calling("checker", self.name, self.package):
                own_name = str(self.checker.name)
                judgements = _as_many(list(self.checker.check(claims)), len(claims))
                sound = [_is_sound(judgement, claim) for judgement, claim in zip(judgements, claims, strict=True)]
        except PartFailed as error:
            return [_UNKNOWN] * len(claims), self._failed(error.cause)
        except RagError as error:
            told = error.notice.code in _TOLD and self._told(error.notice)
            return [_UNKNOWN] * len(claims), told or self._failed(type(error).__name__)
        checked = [
            replace(judgement, checker=own_name, failures=()) if is_sound else _UNKNOWN
            for judgement, is_sound in zip(judgements, sound, strict=True)
        ]
        wrong = sound.count(False)
        cause = f"{wrong} of {len(claims)} judgements make no sense"
        return checked, self._failed(cause) if wrong else None

    def _told(self, notice: Notice) -> Notice:
        """Log and return a notice that says what happened; whoever asked is told by it, so that it is no warning."""
        _LOG.info(str(notice), extra={"checker": self.name})
        return notice

    def _failed(self, cause: str) -> Notice:
        """Log a failure and return the notice on it, without words that the checker was given."""
        notice = Notice("checker-failed", {"checker": self.name, "package": self.package, "cause": cause})
        _LOG.warning(str(notice), extra={"checker": self.name})
        return notice


def _as_many(judgements: list[Judgement], claims: int) -> list[Judgement]:
    """Return judgements that are as many as the claims; raise Unfit where they are not."""
    if len(judgements) != claims:
        raise Unfit(f"{len(judgements)} judgements on {claims} claims")
    return judgements


def _are_given(spans: Sequence[Span], claim: ClaimToCheck) -> bool:
    """Return whether spans are among those that a claim came with."""
    if spans == ():
        return True
    return set(spans) <= {*claim.named, *claim.everything, *(span for piece in claim.evidence for span in piece.spans)}


def _is_sound(judgement: object, claim: ClaimToCheck) -> bool:
    """Return whether a judgement has a known verdict, given spans, a confidence 0…1, and a reason that can be shown."""
    if not isinstance(judgement, Judgement):
        return False
    try:
        if judgement.reason is not None:
            json.dumps(judgement.reason.as_json())
        return (
            (judgement.reason is None or judgement.reason.has_its_values())
            and (judgement.verdict is None or judgement.verdict in get_args(Verdict))
            and _are_given(judgement.spans, claim)
            and (judgement.confidence is None or 0 <= judgement.confidence <= 1)
        )
    except Exception:  # Values of any kind, which cannot be compared, counted or put into words.
        return False
