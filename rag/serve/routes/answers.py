"""Answers to questions, whole or as they grow.

Owns: ``/v1/answer``. Knows nothing about how an answer is made, or how its events look.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response

from rag.serialize import answer_json
from rag.serve.answer_events import Position, answer_events
from rag.serve.dependencies import CurrentCaller, CurrentService, readable_index
from rag.serve.examples import ANSWER, ANSWER_EVENTS
from rag.serve.json_response import CommandJson
from rag.serve.leaving import last_while_there, while_there
from rag.serve.openapi import ERRORS, example
from rag.serve.results import AnswerResult
from rag.serve.schemas import AnswerRequest
from rag.serve.streaming import EventStream
from rag.serve.strict_route import StrictRoute
from rag.store.index import Index
from rag.store.source_globs import read_globs

router = APIRouter(prefix="/v1", tags=["Questions"], route_class=StrictRoute, responses=ERRORS)

_EVENTS = "text/event-stream"
_EXAMPLES: dict[str, Any] = {
    "plain": {"value": {"question": "How long is the bridge?"}},
    "follow-up": {
        "value": {
            "question": "And when did it open?",
            "history": [
                {"role": "user", "content": "How long is the bridge?"},
                {"role": "assistant", "content": "The bridge is 412 metres long. [1]"},
            ],
            "sources": ["bridge.md"],
        }
    },
    "anyway": {"value": {"question": "Who won the chess olympiad?", "anyway": True}},
}
_RESPONSES = example(ANSWER, description="The answer; with `stream`, the same as events.")
_RESPONSES[200]["content"][_EVENTS] = {"schema": {"type": "string"}, "example": ANSWER_EVENTS}


@router.post("/answer", summary="Answer a question", response_model=AnswerResult, responses=_RESPONSES)
async def answer(
    request: Request,
    content: Annotated[AnswerRequest, Body(openapi_examples=_EXAMPLES)],
    service: CurrentService,
    caller: CurrentCaller,
) -> Response:
    """Answer a question from the documents; each sentence is checked against the words that it cites.

    With `"stream": true` or the header `Accept: text/event-stream` the answer comes as server-sent events: `position`
    while it waits, `snapshot` with the whole answer so far, and one `done` or `error` at the end.
    """

    def prepare() -> tuple[Index, list[str]]:
        index = readable_index(service, caller, content.index)
        index.refresh()
        return index, read_globs(index.catalog, index.name, content.sources)

    index, sources = await while_there(request, service.work(caller, prepare))
    position = Position()
    snapshots = service.snapshots(
        caller,
        index,
        content.question,
        history=[message.turn() for message in content.history],
        sources=sources,
        anyway=content.anyway,
        waiting=position.tell,
    )
    if not (content.stream or _EVENTS in request.headers.get("accept", "")):
        return CommandJson(answer_json(await last_while_there(request, snapshots)))
    # What refuses the question, such as a full queue, is still an HTTP status.
    await anext(snapshots)
    return EventStream(answer_events(snapshots, position))
