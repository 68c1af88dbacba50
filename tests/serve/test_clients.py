"""The clients that programs use: OpenAI's own, LlamaIndex's and LangChain's, against a real service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.conftest import ROOT
from tests.serve.served import Served, serving

QUESTION = "How long is the bridge?"
MESSAGES: list[Any] = [{"role": "user", "content": QUESTION}]

needs_model = pytest.mark.model


@pytest.fixture(scope="module")
def real(real_home: Path) -> Iterator[Served]:
    """A service with the real embedding model and the smallest language model."""
    with serving(real_home, "--llm", "local:smollm2-135m-instruct", real=True) as served:
        yield served


@pytest.fixture(params=["quotes", pytest.param("real", marks=needs_model)])
def served(request: pytest.FixtureRequest) -> Served:
    service: Served = request.getfixturevalue(request.param)
    return service


@pytest.fixture
def client(served: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=served.url, api_key="none", max_retries=0, timeout=300) as opened:
        yield opened


def note_of(message: Any) -> dict[str, Any]:
    note: dict[str, Any] = message.model_extra["footnote"]
    return note


def test_openai_lists_the_indexes(client: openai.OpenAI) -> None:
    assert "handbook" in [model.id for model in client.models.list()]
    assert client.models.retrieve("handbook").object == "model"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nix")


def test_openai_asks(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="handbook", messages=MESSAGES)
    (choice,) = answer.choices
    assert "412 metres" in str(choice.message.content)
    assert "[1]" in str(choice.message.content)
    assert choice.finish_reason == "stop"
    (annotation, *_) = choice.message.annotations or []
    assert annotation.url_citation.title == "Lantern bridge"
    note = note_of(choice.message)
    assert note["citations"][0]["quote"] == "The bridge is 412 metres long."
    assert answer.usage is not None
    used = answer.usage.completion_tokens
    assert used == 0 if note["model"] == "none" else used > 0
    assert note["notices"] == []


def test_openai_streams(client: openai.OpenAI) -> None:
    text, note, used = "", None, None
    stream = client.chat.completions.create(
        model="handbook", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    for chunk in stream:
        used = chunk.usage or used
        for choice in chunk.choices:
            text += choice.delta.content or ""
            note = (choice.delta.model_extra or {}).get("footnote", note)
    assert "412 metres" in text
    assert note is not None
    assert note["sentences"][0]["verdict"] == "verified"
    assert used is not None


def test_openai_puts_a_stream_together(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(
        model="handbook", messages=MESSAGES, extra_body={"footnote": {"drafts": True}}
    ) as stream:
        for _ in stream:
            pass
        message = stream.get_final_completion().choices[0].message
    assert "412 metres" in str(message.content)
    assert note_of(message)["citations"]


def test_openai_is_told_what_cannot_be_done(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="There is no index of this name"):
        client.chat.completions.create(model="nix", messages=MESSAGES)
    with pytest.raises(openai.BadRequestError, match="one answer"):
        client.chat.completions.create(model="handbook", messages=MESSAGES, n=2, stream=True)
    with pytest.raises(openai.APIError, match="nix"):
        for _ in client.chat.completions.create(
            model="handbook", messages=MESSAGES, stream=True, extra_body={"footnote": {"sources": ["nix"]}}
        ):
            pass


async def _ask_later(url: str) -> str:
    async with openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0, timeout=300) as client:
        answer = await client.chat.completions.create(model="handbook", messages=MESSAGES)
        stream = await client.chat.completions.create(model="handbook", messages=MESSAGES, stream=True)
        streamed = [choice.delta.content or "" async for chunk in stream for choice in chunk.choices]
    assert "".join(streamed) == answer.choices[0].message.content
    return "".join(streamed)


def test_openai_asks_without_blocking(served: Served) -> None:
    import asyncio

    assert "412 metres" in asyncio.run(_ask_later(served.url))


def test_llama_index_asks(served: Served) -> None:
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.openai_like import OpenAILike

    llm = OpenAILike(model="handbook", api_base=served.url, api_key="none", is_chat_model=True, timeout=300)
    messages = [ChatMessage(role="system", content="Answer briefly."), ChatMessage(role="user", content=QUESTION)]
    whole = llm.chat(messages)
    assert "412 metres" in str(whole.message.content)
    *_, last = llm.stream_chat(messages)
    assert last.message.content == whole.message.content
    assert "412 metres" in str(llm.complete(QUESTION))
    assert note_of(whole.raw.choices[0].message)["citations"]


def test_langchain_asks(served: Served) -> None:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
    from langchain_openai import ChatOpenAI

    llm = ChatOpenAI(model="handbook", base_url=served.url, api_key="none", max_retries=0, timeout=300)  # type: ignore[arg-type]
    whole = llm.invoke([SystemMessage("Answer briefly."), HumanMessage(QUESTION)])
    assert "412 metres" in str(whole.content)
    assert "".join(str(chunk.content) for chunk in llm.stream([HumanMessage(QUESTION)])) == whole.content
    later = llm.invoke(
        [HumanMessage(QUESTION), AIMessage(str(whole.content)), HumanMessage("What is its toll for cars?")]
    )
    assert "3 crowns" in str(later.content)


TITLE = """### Task:
Generate a concise title summarizing the chat history.
### Guidelines:
- Your entire response must consist solely of the JSON object.
### Output:
JSON format: { "title": "your concise title here" }
### Examples:
- { "title": "Stock Trends" }
### Chat History:
<chat_history>
USER: How long is the bridge?
ASSISTANT: The bridge is 412 metres long. [1]
</chat_history>"""


def test_open_webui_asks(served: Served) -> None:
    """What Open WebUI sends: the list of models, a stream with fields of its own, and its chores after the answer."""
    models = httpx.get(f"{served.url}/models", headers={"Authorization": "Bearer none"}).json()
    assert "handbook" in [model["id"] for model in models["data"]]
    body: dict[str, Any] = {
        "stream": True,
        "model": "handbook",
        "messages": [{"role": "system", "content": "User context: none"}, {"role": "user", "content": QUESTION}],
        "params": {},
        "files": [],
        "tool_servers": [],
        "tools": [{"type": "function", "function": {"name": "get_time", "parameters": {"type": "object"}}}],
        "features": {"image_generation": False, "code_interpreter": False, "web_search": False, "memory": False},
        "variables": {"{{USER_NAME}}": "Anna"},
        "metadata": {"chat_id": "c", "message_id": "m"},
        "chat_id": "c",
        "id": "m",
        "session_id": "s",
        "background_tasks": {"title_generation": True, "tags_generation": True, "follow_up_generation": True},
        "stream_options": {"include_usage": True},
        "user": {"name": "Anna", "id": "1", "email": "anna@example.org", "role": "admin"},
    }
    text, sources = "", []
    with httpx.stream("POST", f"{served.url}/chat/completions", json=body, timeout=300) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        for line in response.iter_lines():
            if line.startswith("data: {"):
                for choice in json.loads(line[6:])["choices"]:
                    text += choice["delta"].get("content", "")
                    sources += [one["url_citation"]["title"] for one in choice["delta"].get("annotations", [])]
    assert "412 metres" in text
    assert sources == ["Lantern bridge"]
    chores = {
        TITLE: {"title": "How long is the bridge?"},
        TITLE.replace('"title"', '"tags"').replace('"your concise title here"', '["tag1", "tag2"]'): {"tags": []},
        TITLE.replace('{ "title"', '{ "follow_ups"'): {"follow_ups": []},
    }
    for prompt, expected in chores.items():
        chore = {"model": "handbook", "messages": [{"role": "user", "content": prompt}], "stream": False}
        done = httpx.post(f"{served.url}/chat/completions", json=chore | {"max_completion_tokens": 1000}, timeout=60)
        assert json.loads(done.json()["choices"][0]["message"]["content"]) == expected
        streamed = httpx.post(f"{served.url}/chat/completions", json=chore | {"stream": True}, timeout=60)
        assert streamed.text.endswith("data: [DONE]\n\n")


def test_the_program_of_the_handbook_runs(quotes: Served, capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "serve.md").read_text()
    (program,) = [block for block in page.split("```") if "from openai import" in block]
    assert "http://127.0.0.1:8080/v1" in program
    code = program.replace("http://127.0.0.1:8080/v1", quotes.url).replace('model="papers"', 'model="handbook"')
    exec(compile(code.replace("What did the second trial measure?", QUESTION), "program", "exec"), {})
    assert "412 metres" in capsys.readouterr().out
