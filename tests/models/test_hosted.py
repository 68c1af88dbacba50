"""What services share that are reached through their provider's own client."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.evaluation import FaithfulnessEvaluator
from llama_index.core.llms import ChatMessage

from rag.errors import LLMError
from rag.models.llm.endpoint import Endpoint
from rag.models.llm.habits import Habits
from rag.models.llm.hosted import HostedLLM, StatedError, name_the_known, refused_option, send_what_is_taken
from rag.models.llm.metering import End
from rag.notices import Notice
from tests.processor_time import at_most

NAMES = ("temperature", "stop_sequences", "max_output_tokens")


@pytest.mark.parametrize(
    ("status", "words", "name"),
    [
        (400, "`temperature` is deprecated for this model.", "temperature"),
        (422, "Temperature is not supported.", "temperature"),
        (400, "stopSequences: not supported, nor is temperature", "stop_sequences"),
        (400, "stop_sequences: not supported, nor is temperature", "stop_sequences"),
        (400, "max_output_tokens must be at most 4096", "max_output_tokens"),
        (400, "messages: at least one message is required", ""),
        (400, "", ""),
        (401, "temperature", ""),
        (500, "temperature", ""),
        (0, "temperature", ""),
    ],
)
def test_which_option_is_refused(status: int, words: str, name: str) -> None:
    assert refused_option(status, words, NAMES) == name


@given(st.integers(0, 999), st.text(), st.lists(st.sampled_from(NAMES), unique=True))
def test_only_what_was_sent_is_refused(status: int, words: str, names: list[str]) -> None:
    assert refused_option(status, words, names) in ("", *names)


def test_long_words_are_read_quickly() -> None:
    with at_most(2):
        assert refused_option(400, "stop_" * 12_800 + "temperature", NAMES) == ""


@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_a_request_is_sent_until_nothing_is_refused(options: set[str], refused: set[str]) -> None:
    habits, sent = Habits(), []

    def send(taken: dict[str, Any]) -> str:
        sent.append(set(taken))
        if found := sorted(refused & set(taken)):
            raise StatedError(400, found[0])
        return "reply"

    def refusal(error: Exception) -> tuple[int, str]:
        return (error.status_code, str(error.body)) if isinstance(error, StatedError) else (0, "")

    assert send_what_is_taken(habits, dict.fromkeys(options, 1), send, refusal) == "reply"
    assert habits.refused == options & refused
    assert sent[-1] == options - refused
    assert len(sent) == len(options & refused) + 1


def test_another_failure_is_raised_at_once() -> None:
    def send(taken: dict[str, Any]) -> str:
        raise StatedError(400, "no credit")

    with pytest.raises(StatedError):
        send_what_is_taken(Habits(), {"temperature": 0}, send, lambda error: (400, "no credit"))


def test_models_that_there_are() -> None:
    endpoint = Endpoint("Acme", "http://127.0.0.1", "lamp-2")
    unknown = LLMError(endpoint.notice("model-not-found", model="lamp-2", address=endpoint.address))
    assert "such as lamp-1, x." in str(name_the_known(endpoint, unknown, lambda: ["x", "lamp-1"]))
    assert name_the_known(endpoint, unknown, list) is unknown
    assert name_the_known(endpoint, unknown, lambda: [str(1 / 0)]) is unknown
    other = LLMError(Notice("model-filtered", {"model": "lamp-2"}))
    assert name_the_known(endpoint, other, lambda: ["lamp-1"]) is other


def test_llama_index_judges_with_it() -> None:
    asked: list[tuple[list[ChatMessage], int, list[str]]] = []

    def ask(messages: list[ChatMessage], max_tokens: int, stop: Any) -> str:
        asked.append((messages, max_tokens, stop))
        return "YES"

    def stream(messages: list[ChatMessage], max_tokens: int, stop: Any) -> Any:
        yield from ("YES", "", End("stop", 1, 1))

    def explain(error: Exception, began: bool) -> LLMError:
        return LLMError(Notice("model-broke-off", {"service": "Acme", "at": ""}))

    llm = HostedLLM(stream, ask, explain, model_name="lamp-2", context_window=1000, num_output=50)
    result = FaithfulnessEvaluator(llm=llm).evaluate("How long?", "412 metres.", ["It is 412 metres long."])
    assert result.score == 1
    assert asked[0][1:] == (50, [])
    assert [response.text for response in llm.stream_complete("How long?")] == ["YES", "YES", "YES"]
