"""What the calls of language models cost, and what they may cost.

Owns: how a service tells why a reply ended and how many tokens it took, the record of the calls of one answer, what a
call costs by the prices of the settings, and the caps that no call may pass. Knows nothing about services, prompts or
answers; what other processes used on the same day stands in ``rag.models.llm.ledger``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rag.errors import LLMError
from rag.models.llm.ledger import NOTHING, USAGE_FILE, Amount, Ledger, cap_passed
from rag.notices import Notice
from rag.parts import warn_once
from rag.settings import Price, Settings
from rag.types import ModelCall, Usage

if TYPE_CHECKING:
    from rag.models.llm.model import Model

Reason = Literal["", "stop", "length", "filter", "tool"]

LOCAL = "local"
EMBEDDED = (LOCAL, "hf")
"""The prefixes of models that run inside this process: they cost nothing."""
CAP_REACHED = "cap-reached"
"""The code of the notice on a call that was not made because of a cap."""
_LOG = logging.getLogger(__name__)


class End(str):
    """The last piece of a reply: no words, but why it ended and what it took, as far as the service tells.

    Attributes:
        reason: ``stop`` where the model was done, ``length`` where it was cut by the limit of tokens, ``filter`` where
            the service withheld the rest, ``tool`` where the model calls a tool instead; "" where that is not known.
        sent: Tokens of the prompt; None where that is not known.
        written: Tokens of the reply, its thoughts among them; None where that is not known.
        thought: Tokens of its thoughts.
    """

    __slots__ = ("reason", "sent", "thought", "written")
    reason: Reason
    sent: int | None
    written: int | None
    thought: int

    def __new__(cls, reason: Reason = "", sent: int | None = None, written: int | None = None, thought: int = 0) -> End:
        """Make the end of a reply."""
        piece = super().__new__(cls, "")
        piece.reason, piece.sent, piece.written, piece.thought = reason, sent, written, thought
        return piece


@contextmanager
def telling_what_it_took(taken: Callable[[], End]) -> Iterator[None]:
    """Let a failure carry what its request took, as far as the service told before it failed.

    Args:
        taken: Returns what was told by then.

    Yields:
        Nothing; the reply is read in the ``with``.
    """
    try:
        yield
    except Exception as error:
        if taken().sent is not None:
            error.__dict__["taken"] = taken()
        raise


def taken_by(error: BaseException) -> End | None:
    """Return what a request took that failed, where its service told; what it was raised from counts, too."""
    stated = [getattr(one, "taken", None) for one in (error, error.__context__)]
    return next((end for end in stated if isinstance(end, End)), None)


class CapReached(LLMError):
    """A call was not made, because with it a question or a day would take more than its cap."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What calls cost and may cost.

    Attributes:
        prices: What models cost.
        answering: The spec of the model that answers, for the price that names no model.
        question: Most that hosted models may take for one question; 0 for no cap.
        day: Most that they may take in a day.
    """

    prices: tuple[Price, ...] = ()
    answering: str = ""
    question: Amount = NOTHING
    day: Amount = NOTHING


@dataclass(frozen=True, slots=True)
class Admission:
    """A call that may be made.

    Attributes:
        price: What its tokens cost; None where that is not known.
        is_hosted: Whether caps count it.
        reserved: What is counted of it already, because its prompt is about to be sent.
        day: The day that it is counted on; "" where nobody counts.
    """

    price: Price | None = None
    is_hosted: bool = False
    reserved: Amount = NOTHING
    day: str = ""


@dataclass
class Meter:
    """Records the calls of one answer, and allows none that would pass a cap.

    Attributes:
        calls: The calls so far, in order.
        limits: What they cost and may cost.
        ledger: Counts what hosted models took on each day; None where no cap needs that.
        counted: What hosted models took so far.
        most: Tokens that the last call for a purpose was allowed to write, its thoughts among them.
    """

    calls: list[ModelCall] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    ledger: Ledger | None = None
    counted: Amount = NOTHING
    most: dict[str, int] = field(default_factory=dict)

    @property
    def usage(self) -> Usage:
        """What all calls took."""
        return Usage.of(self.calls)

    def admit(self, spec: str, name: str, sent: int) -> Admission:
        """Allow a call before it is made, and count its prompt.

        Args:
            spec: The spec of the model, as ``Model`` has it.
            name: The model's own name.
            sent: Tokens of the prompt.

        Returns:
            What ``record`` needs to know of it.

        Raises:
            CapReached: With it the question or the day would take more than its cap.
            LLMError: What the day has taken cannot be read.
        """
        price = price_of(self.limits, spec, name)
        if not is_hosted_model(spec):
            return Admission(price)
        expected = Amount.of(price, sent, 0)
        if unit := cap_passed(self.counted, expected, self.limits.question):
            raise CapReached(_notice_of_cap("question", unit, self.limits.question, self.counted, expected))
        day = ""
        if self.ledger:
            day, used = self.ledger.reserve(expected, self.limits.day)
            if unit := cap_passed(used, expected, self.limits.day):
                raise CapReached(_notice_of_cap("day", unit, self.limits.day, used, expected))
        self.counted += expected
        return Admission(price, True, expected, day)

    def record(self, call: ModelCall, admission: Admission | None = None) -> None:
        """Record a call that has ended.

        Args:
            call: The call, without its cost.
            admission: What ``admit`` returned for it; None for a call that nothing limits and whose price is unknown.
        """
        admission = admission or Admission()
        taken = Amount.of(admission.price, call.sent, call.written)
        self.calls.append(replace(call, cost=None if admission.price is None else taken.cost))
        if not admission.is_hosted:
            return
        more = taken - admission.reserved
        self.counted += more
        if self.ledger:
            try:
                self.ledger.add(admission.day, more)
            except LLMError as error:
                # The reply was paid for; the next call that cannot be counted is not made.
                _LOG.warning(str(error), extra={"model": call.model})

    def last(self, purpose: str) -> ModelCall | None:
        """Return the last call for a purpose; None where there was none."""
        return next((call for call in reversed(self.calls) if call.purpose == purpose), None)


def metered(model: Model, meter: Meter) -> Model:
    """Let a meter record the calls of a model.

    Args:
        model: An open model.
        meter: Records its calls.

    Returns:
        The same open model under that meter; a caller's own kind of model that has none stays as it is.
    """
    return replace(model, meter=meter) if hasattr(model, "meter") else model


def meter_for(settings: Settings, model: Model | None = None, *, of_a_question: bool = True) -> Meter:
    """Return a meter that heeds the prices and caps of the settings.

    Args:
        settings: The prices, the caps, and the home folder, whose processes share the caps of a day.
        model: The model that answers; None without one.
        of_a_question: Whether all that it records is for one question.

    Returns:
        The meter, with nothing recorded.
    """
    question = Amount.of_cap(settings.max_tokens_per_question, settings.max_cost_per_question)
    day = Amount.of_cap(settings.max_tokens_per_day, settings.max_cost_per_day)
    spec = getattr(model, "spec", "")
    limits = Limits(settings.prices, spec, question if of_a_question else NOTHING, day)
    capped = {"QUESTION": settings.max_cost_per_question, "DAY": settings.max_cost_per_day}
    names = [f"RAG_MAX_COST_PER_{period}" for period, most in capped.items() if most]
    if names and model and is_hosted_model(spec) and price_of(limits, spec, model.name) is None:
        warn_once(str(Notice("cap-without-price", {"model": spec, "settings": " / ".join(names)})))
    ledger = Ledger(usage_path(settings)) if day != NOTHING else None
    return Meter(limits=limits, ledger=ledger)


def usage_path(settings: Settings) -> Path:
    """Return the file that counts what hosted models take in a day."""
    return (settings.usage_file or settings.home / USAGE_FILE).expanduser()


def used_today(settings: Settings) -> dict[str, Any]:
    """Tell how much of the caps of a day is used.

    Args:
        settings: The caps, and the home folder whose processes share them.

    Returns:
        By name what was taken today and the most that may be; nothing of a cap that is not set. What cannot be read is
        the sentence that says so.
    """
    meter = meter_for(settings)
    if meter.ledger is None:
        return {}
    try:
        used = meter.ledger.used()
    except LLMError as error:
        return {"used_today": str(error)}
    tokens = {"tokens_today": used.tokens, "max_tokens_per_day": settings.max_tokens_per_day}
    cost = {"cost_today": used.cost, "max_cost_per_day": settings.max_cost_per_day}
    return {**(tokens if settings.max_tokens_per_day else {}), **(cost if settings.max_cost_per_day else {})}


def is_hosted_model(spec: str) -> bool:
    """Tell whether a model of this spec belongs to a service; one that was not opened by a spec does not."""
    return spec.partition(":")[0] not in ("", *EMBEDDED)


def price_of(limits: Limits, spec: str, name: str) -> Price | None:
    """Return what a model costs.

    Args:
        limits: The prices, and the model that answers.
        spec: The spec of the model.
        name: Its own name; a price may name it by that behind the prefix of its service.

    Returns:
        The first price that names it, else the one for the model that answers; None where none is known. A local model
        costs nothing.
    """
    prefix = spec.partition(":")[0]
    if prefix in EMBEDDED:
        return Price("", 0, 0)
    specs = (spec, f"{prefix}:{name}")
    named = (price for price in limits.prices if price.model and any(_names(price.model, one) for one in specs))
    of_answering = (price for price in limits.prices if not price.model and spec == limits.answering)
    return next(named, None) or next(of_answering, None)


def cap_of_day(notice: Notice) -> Notice | None:
    """Return the notice that the cap of a day is reached, where a notice is it or has it as its cause; else None."""
    if notice.code == CAP_REACHED:
        return notice if notice.values.get("period") == "day" else None
    cause = notice.values.get("cause")
    return cap_of_day(Notice.from_json(cause)) if isinstance(cause, dict) and "code" in cause else None


def _names(pattern: str, spec: str) -> bool:
    """Tell whether a pattern, in which ``*`` stands for any words, names a spec."""
    return re.fullmatch(".*".join(map(re.escape, re.split(r"\*+", pattern))), spec) is not None


def _notice_of_cap(period: str, unit: str, cap: Amount, used: Amount, expected: Amount) -> Notice:
    amounts = {"cap": cap, "used": used, "next": expected}
    shown = {key: amount.tokens if unit == "tokens" else amount.cost for key, amount in amounts.items()}
    setting = f"RAG_MAX_{unit.upper()}_PER_{period.upper()}"
    return Notice(CAP_REACHED, {"period": period, "unit": unit, "setting": setting, **shown})
