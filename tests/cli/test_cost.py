"""What an answer cost, and caps that stop it: the command line against a real server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from rag.serialize import answer_json
from rag.store.index import Index
from rag.types import Answer, ModelCall, Usage
from tests.conftest import Command
from tests.models.conftest import ScriptedServer, answer

pytestmark = pytest.mark.localhost
QUESTION = "How many cars does the ferry carry?"
DRAFT = "The ferry carries 28 cars [1]."
PARAPHRASE = "There is room for 28 vehicles on board [1]."


def says(text: str) -> Any:
    """A script that streams one reply by OpenAI's protocol, and tells its tokens: 2000, more than estimated, and 30."""
    common = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    usage = {"prompt_tokens": 2000, "completion_tokens": 30, "total_tokens": 2030}
    pieces = [
        {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": usage},
    ]
    body = "".join(f"data: {json.dumps({**common, **piece})}\n\n" for piece in pieces) + "data: [DONE]\n\n"
    return answer(200, body.encode(), Content_Type="text/event-stream")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    pytest.importorskip("llama_index.llms.openai_like")
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("RAG_CHECKER", "auto")
    opened = ScriptedServer()
    monkeypatch.setenv("RAG_LLM", f"openai-like:{opened.url}/v1#m")
    monkeypatch.setenv("RAG_LLM_TRUST", "strong")
    yield opened
    opened.close()


def test_the_handbook_shows_the_json_as_it_is() -> None:
    handbook = (Path(__file__).parents[2] / "docs" / "ask.md").read_text(encoding="utf-8")
    section = handbook.partition("## What rag ask --json prints")[2]
    shown = json.loads(section.partition("```json\n")[2].partition("```")[0])
    assert set(shown) == set(answer_json(Answer("q", "q")))
    assert list(shown["calls"][0]) == [field.name for field in fields(ModelCall)]
    assert list(shown["usage"]) == [field.name for field in fields(Usage)]


def test_the_calls_of_an_answer_and_what_they_cost(
    rag: Command, index: Index, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_LLM_PRICE", "2/10")
    server.scripts = [says(PARAPHRASE), says("S1: supported 1")]
    ran = rag("-v", "ask", QUESTION, "--json")
    assert ran.code == 0
    told = json.loads(ran.out)
    assert server.posts == 2
    for call, purpose in zip(told["calls"], ("answer", "judge"), strict=True):
        assert set(call) == {
            *("purpose", "model", "sent", "written", "thought", "estimated", "ended", "seconds", "cost"),
        }
        assert (call["purpose"], call["model"]) == (purpose, "m")
        assert call["sent"] > 0 < call["written"]
        assert call["cost"] == pytest.approx((call["sent"] * 2 + call["written"] * 10) / 1e6)
    usage = told["usage"]
    assert set(usage) == {"calls", "sent", "written", "thought", "estimated", "cost"}
    for name in ("sent", "written", "thought"):
        assert usage[name] == sum(call[name] for call in told["calls"])
    assert usage["calls"] == 2
    assert usage["cost"] == pytest.approx(sum(call["cost"] for call in told["calls"]))
    judged = next(notice for notice in told["plan"]["why"] if notice["code"] == "judge-asked")
    assert judged["values"]["tokens"] == told["calls"][1]["sent"] + told["calls"][1]["written"]
    assert "2 calls, " in ran.err
    assert f"{usage['sent']:,} tokens sent, {usage['written']} written, 0.00" in ran.err


def test_without_a_price_the_cost_is_null_and_without_a_model_there_is_none(
    rag: Command, index: Index, server: ScriptedServer
) -> None:
    server.scripts = [says(DRAFT)]
    told = json.loads(rag("ask", QUESTION, "--json").out)
    assert told["usage"]["cost"] is None
    assert told["calls"][0]["cost"] is None
    quoted = json.loads(rag("ask", QUESTION, "--json", "--llm", "none").out)
    assert quoted["calls"] == []
    assert quoted["usage"] == {"calls": 0, "sent": 0, "written": 0, "thought": 0, "estimated": False, "cost": 0.0}


def test_a_call_that_fails_is_counted(rag: Command, index: Index, server: ScriptedServer) -> None:
    server.scripts = [answer(400, b'{"error": {"message": "no"}}')]
    ran = rag("ask", QUESTION, "--json")
    assert ran.code == 1
    (call,) = json.loads(ran.out)["calls"]
    assert (call["ended"], call["written"]) == ("error", 0)
    assert call["sent"] > 0


def test_above_the_cap_of_a_question_no_call_is_made_and_the_quotes_stand(
    rag: Command, index: Index, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_MAX_TOKENS_PER_QUESTION", "20")
    ran = rag("ask", QUESTION, "--json")
    told = json.loads(ran.out)
    assert (ran.code, server.posts, told["calls"], told["degraded"]) == (1, 0, [], True)
    (notice,) = told["notices"]
    assert notice["code"] == "cap-reached"
    assert "RAG_MAX_TOKENS_PER_QUESTION" in notice["text"]
    assert told["citations"][0]["quote"] in told["answer"]
    german = json.loads(rag("ask", "Wie viele Autos trägt die Fähre (ferry)?", "--json").out)
    assert german["notices"][0]["text"].startswith("Die Obergrenze für diese Frage von 20 Token")


def test_a_judge_that_may_not_be_asked_leaves_what_the_rules_say(
    rag: Command, index: Index, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.scripts = [says(DRAFT)]
    first = json.loads(rag("ask", QUESTION, "--json").out)["calls"][0]
    monkeypatch.setenv("RAG_MAX_TOKENS_PER_QUESTION", str(first["sent"] + first["written"] + 1))
    server.scripts, server.posts = [says(PARAPHRASE), says("S1: supported 1")], 0
    ran = rag("ask", QUESTION, "--json")
    told = json.loads(ran.out)
    assert (server.posts, ran.code, told["degraded"]) == (1, 0, False)
    assert [call["purpose"] for call in told["calls"]] == ["answer"]
    (notice,) = [notice for notice in told["notices"] if notice["code"] == "judge-failed"]
    assert notice["values"]["cause"]["code"] == "cap-reached"
    assert "28 vehicles" in told["answer"]
    assert told["sentences"][0]["verdict"] != "verified"


def test_a_judge_of_its_own_is_recorded_and_has_its_own_price(
    rag: Command, index: Index, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_CHECKER", f"llm:openai-like:{server.url}/v1#strict")
    monkeypatch.setenv("RAG_LLM_PRICE", "2/10, openai-like:strict=20/100")
    server.scripts = [says(PARAPHRASE), says("S1: supported 1")]
    told = json.loads(rag("ask", QUESTION, "--json").out)
    assert [(call["purpose"], call["model"]) for call in told["calls"]] == [("answer", "m"), ("judge", "strict")]
    judge = told["calls"][1]
    assert judge["cost"] == pytest.approx((judge["sent"] * 20 + judge["written"] * 100) / 1e6)


def test_the_cap_of_a_day_is_shared_and_shown(
    rag: Command, index: Index, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    server.scripts = [says(DRAFT)]
    (call,) = json.loads(rag("ask", QUESTION, "--json").out)["calls"]
    taken = call["sent"] + call["written"]
    assert "tokens_today" not in json.loads(rag("status", "--json").out)
    assert not (home / "usage.sqlite").exists()
    monkeypatch.setenv("RAG_MAX_TOKENS_PER_DAY", str(2 * taken - 1))
    assert rag("ask", QUESTION).code == 0
    shown = json.loads(rag("status", "--json").out)
    assert (shown["tokens_today"], shown["max_tokens_per_day"]) == (taken, 2 * taken - 1)
    assert f"tokens today: {taken}" in rag("status").out
    before = server.posts
    monkeypatch.setenv("RAG_MAX_TOKENS_PER_DAY", str(taken + 1))
    ran = rag("ask", QUESTION)
    assert (ran.code, server.posts) == (1, before)
    assert "wait until tomorrow" in ran.out
