"""Questions by OpenAI's chat protocol.

Owns: ``/v1/chat/completions``. A stream sends sentences that were checked and nothing that may be taken back; what is
going on meanwhile stands in comments, which clients skip.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from rag.errors import RagError
from rag.serve.chat_chores import chore_answer
from rag.serve.chat_request import ChatRequest, FootnoteOptions, read_request
from rag.serve.chat_response import Completion, final_pieces
from rag.serve.dependencies import CurrentCaller, CurrentService
from rag.serve.errors import ApiError, error_json, kind_of, told_json, unexpected_json
from rag.serve.routes.models import index_of
from rag.serve.streaming import EventStream, ReaderLeft, comment, event, last_of, with_ticks
from rag.types import Answer

_LOG = logging.getLogger(__name__)

router = APIRouter(prefix="/v1", tags=["OpenAI"])

# Seconds between two comments of a stream that has nothing else to say.
_TICK_SECONDS = 2.0
# Seconds between two drafts: each is whole.
_DRAFT_SECONDS = 0.25


@router.post("/chat/completions")
async def complete(body: ChatRequest, request: Request, service: CurrentService, caller: CurrentCaller) -> Response:
    """Answer the last message from the documents of an index; each sentence cites the words it rests on.

    Args:
        body: The request.
        request: Its connection.
        service: The service.
        caller: Who asks.

    Returns:
        A completion, or a stream of chunks.
    """
    asked = read_request(body)
    index = await run_in_threadpool(index_of, service, caller, body.model)
    completion = Completion(index.name)
    with_usage = bool(body.stream_options and body.stream_options.include_usage)
    if (words := chore_answer(asked.question)) is not None:
        whole = completion.of_words(words)
        return EventStream(_words(completion, words, with_usage)) if body.stream else JSONResponse(whole)
    options = body.footnote or FootnoteOptions.model_validate({})
    positions: list[int] = []
    snapshots = service.snapshots(
        caller,
        index,
        asked.question,
        history=asked.history,
        sources=options.sources,
        anyway=options.anyway,
        instructions=asked.instructions,
        policy=options.policy,
        waiting=positions.append,
    )
    if not body.stream:
        try:
            return JSONResponse(completion.whole(await last_of(snapshots, request)))
        except ReaderLeft:
            # Nobody reads this.
            return Response(status_code=499)
    # The place in the queue: where there is none, that is said by the status.
    await anext(snapshots)
    return EventStream(_chunks(completion, snapshots, positions, options.drafts, with_usage))


async def _chunks(
    completion: Completion,
    snapshots: AsyncGenerator[Answer, None],
    positions: list[int],
    drafts: bool,
    with_usage: bool,
) -> AsyncGenerator[str, None]:
    """Yield the events of a stream."""
    sent, said, drafted_at, last = "", "", 0.0, None
    spoke_at = time.monotonic()
    yield event(completion.chunk({"role": "assistant", "content": ""}))
    try:
        async with aclosing(with_ticks(snapshots, _TICK_SECONDS)) as states:
            async for snapshot in states:
                if snapshot is None:
                    spoke_at = time.monotonic()
                    yield comment(f"waiting, position {positions[-1]}" if positions and not last else said or "waiting")
                    continue
                last = snapshot
                is_silent = time.monotonic() - spoke_at > _TICK_SECONDS
                if snapshot.state != "done" and (snapshot.state != said or is_silent):
                    said, spoke_at = snapshot.state, time.monotonic()
                    yield comment(said)
                for piece in final_pieces(snapshot, sent):
                    sent += piece
                    yield event(completion.chunk({"content": piece}))
                is_draft = snapshot.state in ("writing", "checking") and snapshot.answer and not snapshot.sentences
                if drafts and is_draft and time.monotonic() - drafted_at > _DRAFT_SECONDS:
                    drafted_at = time.monotonic()
                    yield event(completion.draft_chunk(snapshot))
    except ApiError as error:
        yield event(error_json(error.message, kind_of(error.status), error.code, error.param))
        return
    except RagError as error:
        yield event(told_json(error))
        return
    except Exception as error:
        _LOG.error("a stream failed", extra={"error": type(error).__name__}, exc_info=error)
        yield event(unexpected_json())
        return
    if last is not None:
        yield event(completion.last_chunk(last))
    if with_usage:
        yield event(completion.usage_chunk(last))
    yield event("[DONE]")


async def _words(completion: Completion, words: str, with_usage: bool) -> AsyncGenerator[str, None]:
    """Yield the events of a text that rests on no document."""
    yield event(completion.chunk({"role": "assistant", "content": words}))
    yield event(completion.chunk({}, "stop"))
    if with_usage:
        yield event(completion.usage_chunk(None))
    yield event("[DONE]")
