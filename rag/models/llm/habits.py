"""What a model was seen to do, remembered while the process runs. Pure.

Owns: that memory, and which models are known by their names to think. Knows nothing about services.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from threading import Lock

from rag.patterns import lazy_pattern

_THINKS = lazy_pattern(
    r"(?<![a-z0-9])("
    r"o[1-9](?=$|-)|gpt-?5|gpt-?oss|deepseek-(r1|reasoner)|r1-|qwq|qwen-?3(?!.*(instruct|coder|embed))|magistral|"
    r"glm-?(4\.[5-9]|[5-9])|minimax-m|smollm3|seed-oss|grok-(3-mini|4)|gemini-(2\.5|[3-9])|exaone-deep|skywork-o1"
    r")|(?<![a-z])(thinking|think|reasoning|reasoner)(?![a-z])",
    re.IGNORECASE,
)
# The chat templates of these write the beginning of the thought into the prompt.
_OPENS_UNSEEN = re.compile(r"deepseek-r1|r1-distill|(?<![a-z])qwq|qwen-?3.*thinking|thinking-2507", re.IGNORECASE)


@dataclass
class Habits:
    """What a model does, as far as it was seen; what one call finds holds for the next ones.

    Attributes:
        thinks: Whether it thinks before it answers, so that it needs room for it.
        opens_unseen: Whether its replies begin inside a thought, because the prompt holds the beginning.
        refused: What of a request its server refused, such as ``temperature``.
    """

    thinks: bool = False
    opens_unseen: bool = False
    refused: set[str] = field(default_factory=set)


_HABITS: dict[tuple[str, str], Habits] = {}
_LOCK = Lock()


def habits_of(address: str, model: str) -> Habits:
    """Return what is remembered of a model of a server; at first, what its name tells.

    Args:
        address: Where the model is reached.
        model: Its name.

    Returns:
        The one memory of this model.
    """
    with _LOCK:
        return _HABITS.setdefault(
            (address, model), Habits(bool(_THINKS.search(model)), bool(_OPENS_UNSEEN.search(model)))
        )


def forget() -> None:
    """Forget what was seen."""
    with _LOCK:
        _HABITS.clear()
