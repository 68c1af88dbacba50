"""Answer a greeting, a thank-you, or a question about the program itself in a sentence.

Owns: which sentence, and when documents that speak of the program answer instead. Knows nothing about how they are
searched.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from rag.answering.composer import Composer
from rag.answering.context import AnswerContext
from rag.answering.kinds import look_up
from rag.answering.material import Material
from rag.notices import Notice
from rag.planning.assistant import speaks_of_program
from rag.question.courtesy import SmallTalk
from rag.retrieval.search import NOTHING_SELECTED
from rag.types import Answer

_SENTENCES: dict[SmallTalk, str] = {
    "greeting": "greeting",
    "thanks": "thanked",
    "farewell": "farewell",
    "praise": "praised",
    "assistant": "about-itself",
}


def gather(snapshot: Answer, context: AnswerContext) -> Generator[Answer, None, Material]:
    """Choose the sentence that answers; a question about the program is first searched for, where the plan says so.

    Args:
        snapshot: The answer so far.
        context: The context of the answer.

    Yields:
        The answer with the passages that were found; without a search, as it was.

    Returns:
        Material that needs no model; that of a question of fact, where the documents are about the program.
    """
    if context.plan.searches:
        found = yield from look_up.gather(snapshot, context)
        best = found.selected.evidence[:1]
        if found.band == "sure" and any(speaks_of_program(evidence.span) for evidence in best):
            return replace(found, kind="fact")

    def compose() -> Composer:
        composer = Composer(context.language)
        composer.say(Notice(_SENTENCES[context.question.talk or "greeting"]))
        return composer

    yield snapshot
    return Material(NOTHING_SELECTED, "sure", compose, strong_words=False)
