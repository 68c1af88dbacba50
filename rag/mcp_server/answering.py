"""The tool ``ask``: an answer from an index.

Owns: how a call becomes a question, and an answer the tool's result. Adds nothing to how a question is answered.
"""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING

from rag.hosting.calls import note_answer, note_index, note_question
from rag.mcp_server.arguments import AskArguments
from rag.mcp_server.call import Call
from rag.mcp_server.cited import against_of, citation_results, notice_results, reason_of, sentence_result
from rag.mcp_server.results import AnswerResult, ConflictResult, LeftOutResult, Outcome
from rag.mcp_server.threads import in_thread

if TYPE_CHECKING:
    from rag.types import Answer


async def ask(call: Call, arguments: AskArguments) -> AnswerResult:
    """Answer a question.

    Args:
        call: Who asks, and what is open.
        arguments: The question.

    Returns:
        The answer, checked.
    """
    name = await call.index_name(arguments.index)
    sources = await in_thread(lambda: call.searched_sources(name, arguments.sources))
    return await call.in_turn(lambda cancel: _answer(call, arguments, name, sources, cancel))


def _answer(
    call: Call, arguments: AskArguments, name: str, sources: list[str], cancel: threading.Event
) -> AnswerResult:
    note_index(name)
    note_question(arguments.question)
    call.progress.say("opening the index")
    index = call.served.index(name)
    call.progress.say("opening the language model")
    model, problem = call.served.model()
    from rag.answering.options import AnswerOptions
    from rag.answering.pipeline import answer
    from rag.retrieval.passages import open_reranker
    from rag.types import Turn

    settings = index.settings
    made = answer(
        index,
        arguments.question,
        model=model,
        history=[Turn(turn.role, turn.content) for turn in arguments.history],
        options=AnswerOptions.of(settings, sources),
        reranker=open_reranker(settings.reranker, settings.threads, settings.device, settings.models),
        cancel=cancel,
    )
    with closing(made) as snapshots:
        for snapshot in snapshots:
            call.caller.confirm()
            call.progress.say(snapshot.state)
    note_answer(snapshot)
    from rag.hosting.own_model import with_reasons

    return answer_result(with_reasons(snapshot, problem, stopped=cancel.is_set()), name)


def answer_result(answer: Answer, index: str) -> AnswerResult:
    """Return an answer as the tool returns it.

    Args:
        answer: The finished answer.
        index: The name of the index.

    Returns:
        Its fields; the words of notices are in the answer's language.
    """
    language = answer.language
    outcome: Outcome = "refused" if answer.abstained else "tentative" if answer.tentative else "answered"
    return AnswerResult(
        index=index,
        question=answer.standalone_question,
        outcome=outcome,
        abstained=answer.abstained,
        tentative=answer.tentative,
        confidence=answer.confidence,
        answer=answer.answer,
        short_answer=answer.short_answer,
        sentences=[sentence_result(sentence, sentence.text, language) for sentence in answer.sentences],
        citations=citation_results(answer.citations),
        left_out=[
            LeftOutResult(
                text=claim.text,
                verdict=claim.verdict,
                reason=reason_of(claim.reason, language),
                against=against_of(claim.reason),
            )
            for claim in answer.left_out
        ],
        conflicts=[
            ConflictResult(about=conflict.about.text(language), citations=list(conflict.citations))
            for conflict in answer.conflicts
        ],
        notices=notice_results(answer.notices, language),
        degraded=answer.degraded,
        model=answer.model,
    )
