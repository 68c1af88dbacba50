"""Models behind OpenAI's protocol, through its own client, against servers on loopback that speak it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

import rag
from rag.errors import LLMError
from rag.models.llm.budget import REASONING_TOKENS
from rag.models.llm.habits import forget
from rag.models.llm.model import Message, Model
from rag.models.llm.opening import open_llm
from rag.settings import Settings
from rag.store.index import Index
from rag.types import ModelCall
from tests.models.servers import EVENTS, Reply, Request, Server, as_events, as_json
from tests.models.servers.openai import chunk, events, models, refusal, streamed, usage, whole

QUESTION = [Message("system", "Be brief."), Message("user", "When was the mill built?")]
ANSWER = "The mill was built in 1702 [1]."


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    forget()
    with Server() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
        yield server


def opened(server: Server, *replies: Any, spec: str = "", **values: Any) -> Model:
    server.replies = list(replies)
    model = open_llm(spec or f"openai-like:{server.url}/v1#m", Settings(**{"llm_retries": 0, **values}))
    assert model is not None
    return model


def ask(model: Model, limit: int = 50, purpose: str = "answer", **more: Any) -> str:
    return "".join(model.stream(QUESTION, limit, purpose=purpose, **more))


def last_call(model: Model) -> ModelCall:
    return model.meter.calls[-1]


# -- one call ---------------------------------------------------------------------------------------------------------


def test_a_stream_with_its_end(server: Server) -> None:
    reply = events(chunk(role="assistant", content=""), chunk(content="The mill "),
                   chunk(content="was built in 1702 [1]."), chunk("stop"), usage(31, 9))  # fmt: skip
    model = opened(server, reply, spec="openai:gpt-4o")
    assert list(model.stream(QUESTION, 50, purpose="answer")) == ["The mill ", "was built in 1702 [1]."]
    (asked,) = server.posts
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == "Bearer sk-test-0123456789"
    assert asked.json == {
        "model": "gpt-4o",
        "messages": [{"role": one.role, "content": one.content} for one in QUESTION],
        "temperature": 0.0,
        "max_completion_tokens": 50,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    call = last_call(model)
    assert (call.purpose, call.model, call.sent, call.written, call.thought) == ("answer", "gpt-4o", 31, 9, 0)
    assert (call.estimated, call.ended) == (False, "stop")


def test_a_server_of_another_maker_gets_the_older_limit(server: Server) -> None:
    model = opened(server, streamed(ANSWER))
    assert ask(model) == ANSWER
    assert server.asked[0]["max_tokens"] == 50
    assert last_call(model).estimated


@pytest.mark.parametrize(
    ("finish", "ended"),
    [("stop", "stop"), ("length", "length"), ("content_filter", "filter"), ("model_length", "length"), ("eos", "stop")],
)
def test_why_a_reply_ended(finish: str, ended: str, server: Server) -> None:
    model = opened(server, streamed("The mill", finish=finish))
    assert ask(model) == "The mill"
    assert last_call(model).ended == ended


def test_a_reply_that_comes_whole_although_a_stream_was_asked_for(server: Server) -> None:
    model = opened(server, whole(ANSWER, reasoning_content="Look at [1]."))
    assert ask(model) == ANSWER
    assert len(server.posts) == 1
    call = last_call(model)
    assert (call.sent, call.written, call.ended) == (11, 5, "stop")


def test_what_a_model_says_when_it_declines_is_read(server: Server) -> None:
    said = "I can't help with that."
    assert ask(opened(server, events(chunk(refusal=said), chunk("stop")))) == said
    assert ask(opened(server, whole(None, refusal=said))) == said


def test_a_turn_that_the_template_leaves_open_is_cut_off_where_a_reply_is_read_whole(server: Server) -> None:
    model = opened(server, streamed(f"<|im_start|>assistant\n{ANSWER}<|im_end|>\n<|im_start|>user\nWhy?"))
    assert ask(model, purpose="judge") == ANSWER


@pytest.mark.parametrize("kind", ["", "text/plain"])
def test_events_that_are_not_called_events(kind: str, server: Server) -> None:
    body = b"".join(as_events([chunk(content=ANSWER), chunk("stop"), "[DONE]"]))
    assert ask(opened(server, Reply(body, type=kind))) == ANSWER


# -- what a server refuses --------------------------------------------------------------------------------------------


def is_sent(body: dict[str, Any], part: str) -> bool:
    return body.get(part) is not None and body[part] is not False


def refusing(part: str, message: str, status: int = 400, **fields: Any) -> Any:
    """A server that takes a request only without one part."""

    def reply(request: Request) -> Reply:
        body = request.json
        is_there = any(one["role"] == "system" for one in body["messages"]) if part == "system" else is_sent(body, part)
        if is_there:
            return refusal(status, message, **fields)
        return streamed(ANSWER) if body.get("stream") else whole(ANSWER)

    return reply


REFUSALS = [
    ("temperature", "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value "
     "is supported.", {"param": "temperature", "code": "unsupported_value"}),
    ("temperature", "`temperature` is deprecated for this model.", {}),
    ("max_tokens", "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' "
     "instead.", {"param": "max_tokens", "code": "unsupported_parameter"}),
    ("max_tokens", "max_tokens is too large: 50. This model's maximum context length is 40 tokens.", {}),
    ("stop", "Unsupported parameter: 'stop' is not supported with this model.", {"param": "stop"}),
    ("stop", "This model does not support stop sequences.", {}),
    ("stream_options", "Unknown parameter: 'stream_options.include_usage'.", {"param": "stream_options.include_usage"}),
    ("stream_options", "Extra inputs are not permitted: body.stream_options", {"status": 422}),
    ("stream", "Your organization must be verified to stream this model.", {"param": "stream"}),
    ("stream", "Streaming is not supported by this deployment.", {}),
    ("system", "System role not supported", {"status": 500}),
    ("system", "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
     {"param": "messages[0].role"}),
]  # fmt: skip


@pytest.mark.parametrize(("part", "message", "fields"), REFUSALS)
def test_what_is_refused_is_left_out_and_remembered(part: str, message: str, fields: Any, server: Server) -> None:
    model = opened(server, refusing(part, message, **fields))
    assert ask(model, stop=["END"]) == ANSWER
    assert len(server.posts) == 2
    first, second = server.asked
    if part == "system":
        assert second["messages"] == [{"role": "user", "content": "Be brief.\n\nWhen was the mill built?"}]
    else:
        left_out = {part, "stream_options"} if part == "stream" else {part}
        assert {name for name in first if not is_sent(second, name)} == left_out
    assert ask(model, stop=["END"]) == ANSWER
    assert len(server.posts) == 3
    again = open_llm(f"openai-like:{server.url}/v1#m", Settings(llm_retries=0))
    assert again is not None
    assert ask(again, stop=["END"]) == ANSWER
    assert len(server.posts) == 4


def test_the_other_name_of_the_limit_is_tried(server: Server) -> None:
    assert ask(opened(server, refusing("max_tokens", "Unsupported parameter: 'max_tokens'."))) == ANSWER
    assert server.asked[-1]["max_completion_tokens"] == 50


def test_a_list_of_what_is_wrong(server: Server) -> None:
    detail = [{"type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]
    assert ask(opened(server, as_json({"detail": detail}, 422), streamed(ANSWER))) == ANSWER
    assert "stream_options" not in server.asked[-1]


def test_several_parts_are_refused_one_after_another(server: Server) -> None:
    replies = [
        refusal(400, f"Unsupported parameter: '{name}'.") for name in ("temperature", "max_tokens", "stream_options")
    ]
    assert ask(opened(server, *replies, streamed(ANSWER))) == ANSWER
    assert set(server.asked[-1]) == {"model", "messages", "max_completion_tokens", "stream"}


@pytest.mark.parametrize("message", ["The request is invalid.", "Please stop sending streams.", "Invalid image."])
def test_a_refusal_of_something_else_is_not_tried_again(message: str, server: Server) -> None:
    with pytest.raises(LLMError, match="refuses the request"):
        ask(opened(server, refusal(400, message)))
    assert len(server.posts) == 1


# -- thoughts ---------------------------------------------------------------------------------------------------------

THOUGHT = "The user asks for a year. [1] says 1702, not NOT_IN_DOCUMENTS."


@pytest.mark.parametrize(
    "reply",
    [
        f"<think>\n{THOUGHT}\n</think>\n\n{ANSWER}",
        f"<thinking>{THOUGHT}</thinking>{ANSWER}",
        f"<thought>{THOUGHT}</thought>\n<answer>{ANSWER}</answer>",
        f"<reasoning>{THOUGHT}</reasoning>{ANSWER}",
        f"[THINK]{THOUGHT}[/THINK]{ANSWER}",
        f"◁think▷{THOUGHT}◁/think▷{ANSWER}",
        f"<seed:think>{THOUGHT}</seed:think>{ANSWER}",
        f"<|START_THINKING|>{THOUGHT}<|END_THINKING|><|START_RESPONSE|>{ANSWER}<|END_RESPONSE|>",
        f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}<|return|>",
        f"analysis{THOUGHT}assistantfinal{ANSWER}",
        f"<|channel>thought\n{THOUGHT}<channel|>{ANSWER}",
        f"<think>\n\n</think>\n\n{ANSWER}",
        f"<think>{THOUGHT}</think><think>Again.</think>{ANSWER}",
    ],
)
@pytest.mark.parametrize("size", [1, 5, 1000])
def test_thoughts_in_the_reply_are_no_part_of_the_answer(reply: str, size: int, server: Server) -> None:
    pieces = [reply[start : start + size] for start in range(0, len(reply), size)]
    model = opened(server, streamed(*pieces))
    assert ask(model) == ANSWER
    if THOUGHT in reply:
        assert 10 < last_call(model).thought < last_call(model).written


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_thoughts_beside_the_reply(field: str, server: Server) -> None:
    reply = events(chunk(**{field: "The user asks"}), chunk(**{field: " for a year."}), chunk(content=ANSWER),
                   chunk("stop"), usage(31, 20, 11))  # fmt: skip
    model = opened(server, reply)
    told: list[int] = []
    assert ask(model, on_thought=lambda: told.append(1)) == ANSWER
    assert told == [1]
    assert (last_call(model).written, last_call(model).thought) == (20, 11)


def parts(thought: str, text: str) -> list[dict[str, Any]]:
    """A content as Mistral's service sends it for a model that thinks."""
    return [{"type": "thinking", "thinking": [{"type": "text", "text": thought}]}, {"type": "text", "text": text}]


def test_a_content_of_several_parts(server: Server) -> None:
    stream = events(chunk(content=parts("The user asks", "")), chunk(content=parts("", "The mill ")),
                    chunk(content="was built in 1702 [1]."), chunk("stop"))  # fmt: skip
    model = opened(server, stream, whole(parts(THOUGHT, ANSWER)))
    assert ask(model) == ANSWER
    assert 0 < last_call(model).thought < last_call(model).written
    assert ask(model) == ANSWER


def test_a_thought_that_the_prompt_opened(server: Server) -> None:
    model = opened(server, streamed("Let me see: 1702.", "\n</think>\n\n", ANSWER))
    pieces = list(model.stream(QUESTION, 50, purpose="answer"))
    assert pieces[-2:] == ["\n</think>", ANSWER]
    # From now on nothing of a thought is passed on.
    assert list(model.stream(QUESTION, 50, purpose="answer")) == [ANSWER]


@pytest.mark.parametrize("purpose", ["judge", "rewrite", "notes", "draft"])
def test_a_reply_that_is_read_whole_never_holds_a_thought(purpose: str, server: Server) -> None:
    model = opened(server, streamed("Let me see: 1702.", "\n</think>\n\n", ANSWER))
    assert ask(model, purpose=purpose) == ANSWER


def test_a_model_whose_prompt_opens_the_thought_by_its_name(server: Server) -> None:
    spec = f"openai-like:{server.url}/v1#deepseek-ai/DeepSeek-R1-Distill-Qwen-7B"
    assert ask(opened(server, streamed("Let me see.</think>", ANSWER), spec=spec)) == ANSWER
    # Where the server keeps thoughts apart, words are passed on as they come.
    apart = events(chunk(reasoning_content="Hm."), chunk(content="The mill "), chunk(content="is old."), chunk("stop"))
    assert list(opened(server, apart, spec=spec).stream(QUESTION, 50)) == ["The mill ", "is old."]
    assert ask(opened(server, streamed("The mill ", "is old."), spec=spec)) == "The mill is old."


def test_a_thought_without_an_end(server: Server) -> None:
    model = opened(server, streamed("<think>And then, and then", finish="length"))
    assert ask(model) == ""
    assert last_call(model).ended == "length"


def test_a_model_that_spent_its_limit_on_thoughts_is_asked_once_more(server: Server) -> None:
    model = opened(server, streamed("<think>And then", finish="length"), streamed("<think>So.</think>", ANSWER))
    told: list[int] = []
    assert ask(model, on_thought=lambda: told.append(1)) == ANSWER
    assert told == [1]
    assert [asked["max_tokens"] for asked in server.asked] == [50, 50 + REASONING_TOKENS]
    assert [call.ended for call in model.meter.calls] == ["length", "stop"]
    assert ask(model) == ANSWER
    assert server.asked[-1]["max_tokens"] == 50 + REASONING_TOKENS


def test_hidden_thoughts_count_too(server: Server) -> None:
    hidden = events(chunk("length"), usage(31, 50, 50))
    model = opened(server, hidden, streamed(ANSWER), spec="openai:some-new-model")
    assert ask(model) == ANSWER
    assert [asked["max_completion_tokens"] for asked in server.asked] == [50, 50 + REASONING_TOKENS]


@pytest.mark.parametrize("name", ["o3-mini", "gpt-5-mini"])
def test_models_of_openai_that_are_known_to_think(name: str, server: Server) -> None:
    assert ask(opened(server, streamed(ANSWER), spec=f"openai:{name}"), stop=["END"]) == ANSWER
    (asked,) = server.asked
    assert asked["max_completion_tokens"] == 50 + REASONING_TOKENS
    assert not {"temperature", "stop", "max_tokens"} & set(asked)


def test_thoughts_fit_into_the_window(server: Server) -> None:
    spec = f"openai-like:{server.url}/v1#Qwen/Qwen3-8B"
    model = opened(server, streamed(ANSWER), spec=spec, context_window=2000)
    ask(model, limit=400)
    sent = sum(model.count_tokens(message.content) for message in QUESTION)
    assert 400 < server.asked[0]["max_tokens"] <= 2000 - sent


def test_a_model_that_thinks_is_not_silent(server: Server) -> None:
    def slowly() -> Iterator[bytes]:
        for _ in range(8):
            time.sleep(0.6)
            yield from as_events([chunk(reasoning_content="hm ")])
        yield from as_events([chunk(content=ANSWER), chunk("stop"), "[DONE]"])

    assert ask(opened(server, lambda _: Reply(slowly(), type=EVENTS), llm_timeout=4)) == ANSWER


def test_a_model_that_is_known_to_think_may_be_silent_longer(server: Server) -> None:
    def late() -> Iterator[bytes]:
        time.sleep(2.4)
        yield from as_events([chunk(content=ANSWER), chunk("stop"), "[DONE]"])

    spec = f"openai-like:{server.url}/v1#some-reasoner"
    assert ask(opened(server, lambda _: Reply(late(), type=EVENTS), spec=spec, llm_timeout=2)) == ANSWER


def test_an_answer_and_its_check_by_a_model_that_thinks(index: Index, server: Server) -> None:
    drafted = streamed(
        "<think>Is it NOT_IN_DOCUMENTS? The keeper ", "says no.</think>\n\n", "The bridge is 412 metres long [1]."
    )
    server.replies = [drafted, streamed("<think>S1: absent? No.</think>S1: supported 1")]
    answer = rag.answer(index, "How long is the bridge?", llm=f"openai-like:{server.url}/v1#m")
    assert "412 metres" in answer.answer
    assert "keeper" not in answer.answer
    assert {sentence.verdict for sentence in answer.sentences} <= {"verified", "not a claim"}
    assert not answer.left_out
    assert all(call.thought for call in answer.calls)


# -- names ------------------------------------------------------------------------------------------------------------


def test_a_wrong_name_brings_those_that_the_server_lists(server: Server) -> None:
    server.pages["/v1/models"] = models("gpt-4o", "whisper", "gpt-4o-mini")
    model = opened(
        server, refusal(404, "The model `gpt-4o-min` does not exist", "model_not_found"), spec="openai:gpt-4o-min"
    )
    with pytest.raises(LLMError) as caught:
        ask(model)
    assert str(caught.value) == (
        "OpenAI has no model 'gpt-4o-min': name one of those that it lists, such as gpt-4o-mini, gpt-4o, whisper."
    )
    assert "gpt-4o-mini, gpt-4o" in caught.value.notice.text("de")


# -- calls of tools, errors in the middle ----------------------------------------------------------------------------


def tool_call(name: str | None, arguments: str) -> dict[str, object]:
    return {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}


@pytest.mark.parametrize(("name", "said"), [("search", '\n{"name": "search", "arguments": "1"}'), ("delete_files", "")])
def test_a_call_of_a_tool(name: str, said: str, server: Server) -> None:
    pieces = [chunk(tool_calls=[tool_call(name, '{"que')]), chunk(tool_calls=[tool_call(None, 'ry": 1}')])]
    model = opened(
        server, events(*pieces, chunk("tool_calls")), whole(None, tool_calls=[tool_call(name, '{"query": 1}')])
    )
    assert ask(model) == said
    assert last_call(model).ended == "tool"
    assert ask(model) == said
    assert last_call(model).ended == "tool"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"message": "You exceeded your quota.", "code": "insufficient_quota"}, "model-quota-exhausted"),
        ({"message": "The response was filtered.", "code": "content_filter"}, "model-filtered"),
        ({"message": "Overloaded"}, "model-request-refused"),
    ],
)
def test_an_error_in_the_middle_says_why(error: dict[str, str], code: str, server: Server) -> None:
    pieces = opened(server, events(chunk(content="The mill "), {"error": error})).stream(QUESTION, 50)
    assert next(pieces) == "The mill "
    with pytest.raises(LLMError) as caught:
        next(pieces)
    assert caught.value.notice.code == code
