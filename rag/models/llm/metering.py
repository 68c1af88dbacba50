"""What the calls of language models cost.

Owns: how a service tells why a reply ended and how many tokens it took, and the record of the calls of one answer.
Knows nothing about services, prompts or answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from rag.types import ModelCall

if TYPE_CHECKING:
    from rag.models.llm.model import Model

Reason = Literal["", "stop", "length", "filter"]


class End(str):
    """The last piece of a reply: no words, but why it ended and what it took, as far as the service tells.

    Attributes:
        reason: ``stop`` where the model was done, ``length`` where it was cut by the limit of tokens, ``filter`` where
            the service withheld the rest; "" where that is not known.
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


@dataclass
class Meter:
    """Records the calls of one answer.

    Attributes:
        calls: The calls so far, in order.
    """

    calls: list[ModelCall] = field(default_factory=list)

    def record(self, call: ModelCall) -> None:
        """Record a call that has ended."""
        self.calls.append(call)

    def last(self, purpose: str) -> ModelCall | None:
        """Return the last call for a purpose; None where there was none."""
        return next((call for call in reversed(self.calls) if call.purpose == purpose), None)


def metered(model: Model, meter: Meter) -> Model:
    """Return the same open model, whose calls are recorded by this meter."""
    return replace(model, meter=meter) if hasattr(model, "meter") else model
