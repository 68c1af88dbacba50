"""Answer a greeting, a thank-you, or a question about the program itself in a sentence.

Owns: which sentence. Searches nothing.
"""

from __future__ import annotations

from collections.abc import Generator

from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.material import Material
from rag.notices import Notice
from rag.retrieval.search import NOTHING_SELECTED
from rag.types import Answer


def gather(snapshot: Answer, context: AnswerContext) -> Generator[Answer, None, Material]:
    """Choose the sentence that answers.

    Args:
        snapshot: The answer so far.
        context: The context of the answer.

    Returns:
        Material that needs no model.
    """

    def compose() -> Composer:
        composer = Composer(context.language)
        composer.say(Notice("greeting"))
        return composer

    yield snapshot
    return Material(NOTHING_SELECTED, "sure", compose, strong_words=False)
