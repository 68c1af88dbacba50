"""What a model that reasons first writes before its answer. Pure.

Owns: telling the two apart. Knows nothing about answers.
"""

from __future__ import annotations

import re

# Some servers leave out the opening tag.
_REASONING = re.compile(
    r"\A\s*<(think|thinking|thought|reasoning)>.*?(?:</\1>|\Z)|\A.*</(?:think|thinking|thought|reasoning)>", re.S
)


def without_reasoning(text: str) -> str:
    """Return what a model wrote without the reasoning in tags that stands before its answer."""
    return _REASONING.sub("", text, count=1)
