"""What calls cost and may cost: `rag.models.llm.metering` and the count of a day, `rag.models.llm.ledger`."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LLMError, UsageError
from rag.models.llm.ledger import NOTHING, USAGE_FILE, Amount, Ledger, cap_passed
from rag.models.llm.metering import (
    CapReached,
    Limits,
    Meter,
    cap_of_day,
    is_hosted_model,
    meter_for,
    metered,
    price_of,
    used_today,
)
from rag.models.llm.model import Message
from rag.notices import Notice
from rag.parts import warn_once
from rag.settings import Price, Settings, read_prices
from rag.types import ModelCall, Usage
from tests.children import Child
from tests.fakes import ScriptedModel

HOSTED = "openai:gpt-x"
CHEAP = Price("", 2, 10)
"""A token that is sent costs 0.000002, one that is written 0.00001."""


def call(sent: int = 100, written: int = 20, purpose: str = "answer") -> ModelCall:
    return ModelCall(purpose, "gpt-x", sent, written, estimated=False, ended="stop")


def spend(meter: Meter, sent: int, written: int, spec: str = HOSTED) -> None:
    meter.record(call(sent, written), meter.admit(spec, "gpt-x", sent))


# -- prices ------------------------------------------------------------------------------------------------------------


def test_prices_are_read_in_both_forms() -> None:
    assert read_prices("") == ()
    assert read_prices("0.15/0.60") == (Price("", 0.15, 0.6),)
    assert read_prices("openai:gpt-x=0.15/0.60, anthropic:*=3/15,1/2") == (
        Price("openai:gpt-x", 0.15, 0.6),
        Price("anthropic:*", 3, 15),
        Price("", 1, 2),
    )
    assert read_prices("openai-like:http://h/v1?a=b#m=1/2")[0].model == "openai-like:http://h/v1?a=b#m"


@pytest.mark.parametrize(
    "text", ["a lot", "1", "1/", "/2", "1/2,", "=1/2", "-1/2", "1/2/3", "1e3/2", "inf/nan", "x=", "1/2;3/4", "²/1"]
)
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="RAG_LLM_PRICE"):
        Settings(llm_price=text)


@given(st.text(alphabet="01/=,.*: ax", max_size=60))
def test_a_price_is_read_or_refused(text: str) -> None:
    try:
        prices = read_prices(text)
    except ValueError:
        return
    assert len(prices) == (text.count(",") + 1 if text.strip() else 0)


def test_a_long_price_takes_no_time() -> None:
    with pytest.raises(ValueError, match="no price"):
        read_prices("1" * 64_000)
    with pytest.raises(ValueError, match="no price"):
        read_prices("=" * 64_000)


@pytest.mark.parametrize(
    ("spec", "name", "sent"),
    [
        ("openai:gpt-x", "gpt-x", 1),
        ("openai:gpt-x-mini", "gpt-x-mini", 2),
        ("anthropic:c", "c", 3),
        ("openai-like:http://h/v1#m", "m", 4),
        ("openai-like:http://h/v1", "m", 4),
        ("ollama:answering", "answering", 5),
        ("ollama:other", "other", None),
        ("", "by hand", None),
        ("local:tiny", "tiny", 0),
    ],
)
def test_the_first_price_that_names_a_model_counts(spec: str, name: str, sent: float | None) -> None:
    text = "openai:gpt-x=1/9, openai:*=2/9, anthropic:*=3/9, openai-like:m=4/9, 5/9, openai:gpt-x=6/9"
    price = price_of(Limits(read_prices(text), "ollama:answering"), spec, name)
    assert (price and price.sent) == sent


def test_a_price_without_a_name_is_that_of_the_model_that_answers() -> None:
    meter = Meter(limits=Limits((CHEAP,), HOSTED))
    spend(meter, 100, 20)
    spend(meter, 100, 20, "anthropic:judge")
    spend(meter, 100, 20, "local:tiny")
    assert [one.cost for one in meter.calls] == [0.0004, None, 0.0]
    assert meter.usage == Usage(3, 300, 60, 0, False, None)


def test_usage_is_the_sum_of_calls() -> None:
    calls = [replace(call(), cost=0.1, thought=5), replace(call(1, 2), cost=0.2, estimated=True)]
    assert Usage.of(calls) == Usage(2, 101, 22, 5, True, 0.3)
    assert Usage.of([]) == Usage(0, 0, 0, 0, False, 0.0)
    assert Usage.of(calls).tokens == 123


def test_only_models_of_services_are_hosted() -> None:
    assert is_hosted_model("ollama:x")
    assert not is_hosted_model("local:x")
    assert not is_hosted_model("")


# -- caps of a question ------------------------------------------------------------------------------------------------


def test_a_call_whose_prompt_would_pass_the_cap_is_not_made() -> None:
    meter = Meter(limits=Limits(question=Amount(300)))
    spend(meter, 100, 20)  # 120 used
    spend(meter, 100, 70)  # 290 used: a reply is not cut
    with pytest.raises(CapReached) as caught:
        meter.admit(HOSTED, "gpt-x", 11)
    assert caught.value.notice == Notice(
        "cap-reached",
        {
            "period": "question",
            "unit": "tokens",
            "setting": "RAG_MAX_TOKENS_PER_QUESTION",
            "cap": 300,
            "used": 290,
            "next": 11,
        },
    )
    assert "RAG_MAX_TOKENS_PER_QUESTION" in str(caught.value)
    assert "290 tokens used" in str(caught.value)
    assert "290 Token sind verbraucht" in caught.value.notice.text("de")
    assert len(meter.calls) == 2
    meter.admit(HOSTED, "gpt-x", 10)  # 300 is not above 300


def test_local_models_are_not_counted() -> None:
    meter = Meter(limits=Limits(question=Amount(10)))
    spend(meter, 1000, 1000, "local:tiny")
    spend(meter, 1000, 1000, "")
    assert meter.counted == NOTHING
    spend(meter, 10, 1000)


def test_money_has_a_cap_of_its_own() -> None:
    meter = Meter(limits=Limits((CHEAP,), HOSTED, Amount.of_cap(0, 0.0006)))
    spend(meter, 100, 20)  # 0.0002 sent and 0.0002 written
    assert meter.counted == Amount(120, 400_000)
    meter.admit("anthropic:unknown", "unknown", 10_000)  # Nobody knows what it costs.
    with pytest.raises(CapReached) as caught:
        meter.admit(HOSTED, "gpt-x", 101)  # 0.000202
    assert caught.value.notice.values["setting"] == "RAG_MAX_COST_PER_QUESTION"
    assert "0.0004 used" in str(caught.value)
    assert "0,0004 sind verbraucht" in caught.value.notice.text("de")
    meter.admit(HOSTED, "gpt-x", 100)  # Just what is left.


def test_what_the_service_counts_replaces_the_estimate() -> None:
    meter = Meter(limits=Limits(question=Amount(1000)))
    admission = meter.admit(HOSTED, "gpt-x", 500)
    assert meter.counted == Amount(500)
    meter.record(call(400, 20), admission)
    assert meter.counted == Amount(420)


@pytest.mark.parametrize(
    ("used", "expected", "cap", "unit"),
    [
        (Amount(9, 9), Amount(1, 1), Amount(10, 10), ""),
        (Amount(9, 9), Amount(2, 1), Amount(10, 10), "tokens"),
        (Amount(9, 9), Amount(1, 2), Amount(10, 10), "cost"),
        (Amount(9, 9), Amount(2, 2), NOTHING, ""),
        (NOTHING, Amount(11, 0), Amount(10, 0), "tokens"),
    ],
)
def test_a_cap_of_0_is_none(used: Amount, expected: Amount, cap: Amount, unit: str) -> None:
    assert cap_passed(used, expected, cap) == unit


def test_a_model_is_not_asked_above_the_cap() -> None:
    model = ScriptedModel(["one two three"], spec=HOSTED)
    meter = Meter(limits=Limits(question=Amount(6)))
    asked = metered(model, meter)  # type: ignore[arg-type,type-var]
    assert "".join(asked.stream([Message("user", "Count to three.")], 10)) == "one two three"
    with pytest.raises(CapReached):
        list(asked.stream([Message("user", "again")], 10))
    assert len(model.asked) == len(meter.calls) == 1


def test_the_notice_on_a_cap_of_a_day_is_found_in_a_cause() -> None:
    reached = Notice("cap-reached", {"period": "day", "unit": "tokens", "cap": 5, "used": 4, "next": 2, "setting": "X"})
    judge = Notice("judge-failed", {"model": "m", "cause": reached.as_json()})
    assert cap_of_day(judge) == cap_of_day(reached) == reached
    for other in (Notice("empty-index"), Notice("judge-failed", {"cause": "words"}), Notice("x", {"cause": {}})):
        assert cap_of_day(other) is None
    assert cap_of_day(Notice("cap-reached", {**reached.values, "period": "question"})) is None


# -- the count of a day ------------------------------------------------------------------------------------------------


def settings(home: Path, **values: object) -> Settings:
    return Settings(home=home, **values)  # type: ignore[arg-type]


def test_without_a_cap_nothing_is_kept(tmp_path: Path) -> None:
    meter = meter_for(settings(tmp_path / "home"))
    spend(meter, 100, 20)
    assert not (tmp_path / "home").exists()
    assert used_today(settings(tmp_path / "home")) == {}


def test_all_questions_of_a_home_share_the_cap_of_a_day(tmp_path: Path) -> None:
    capped = settings(tmp_path / "home", max_tokens_per_day=1000, max_cost_per_day=0.01, llm_price="openai:*=2/10")
    assert used_today(capped)["tokens_today"] == 0
    assert not (tmp_path / "home").exists()
    spend(meter_for(capped), 300, 100)
    spend(meter_for(capped), 300, 200)
    assert used_today(capped) == {
        "tokens_today": 900,
        "max_tokens_per_day": 1000,
        "cost_today": 0.0042,
        "max_cost_per_day": 0.01,
    }
    with pytest.raises(CapReached, match=r"Today's cap of 1,000 tokens.*900 tokens used.*wait until tomorrow"):
        meter_for(capped).admit(HOSTED, "gpt-x", 101)
    assert used_today(capped)["tokens_today"] == 900
    meter_for(capped).admit("local:tiny", "tiny", 10_000)


def test_the_file_holds_counts_alone(tmp_path: Path) -> None:
    meter = meter_for(settings(tmp_path, max_tokens_per_day=1000))
    spend(meter, 300, 100)
    with sqlite3.connect(tmp_path / USAGE_FILE) as connection:
        rows = connection.execute("SELECT * FROM usage").fetchall()
    connection.close()
    assert rows == [(Ledger(tmp_path / USAGE_FILE).today().isoformat(), 400, 0)]


def test_a_new_day_begins_with_nothing_and_a_clock_that_goes_back_finds_what_was_counted(tmp_path: Path) -> None:
    today = date(2030, 1, 1)
    ledger = Ledger(tmp_path / "usage.sqlite", lambda: today)
    cap = Amount(100)
    assert ledger.reserve(Amount(80), cap) == ("2030-01-01", NOTHING)
    today = date(2030, 1, 2)
    day, used = ledger.reserve(Amount(90), cap)
    assert (day, used) == ("2030-01-02", NOTHING)
    today = date(2030, 1, 1)
    _, used = ledger.reserve(Amount(30), cap)
    assert cap_passed(used, Amount(30), cap) == "tokens"
    # A call that ends after midnight counts for the day that it began on.
    ledger.add(day, Amount(7))
    assert ledger.used() == Amount(80)
    today = date(2030, 1, 2)
    assert ledger.used() == Amount(97)


def test_a_count_that_cannot_be_kept_lets_no_call_pass(tmp_path: Path) -> None:
    (tmp_path / USAGE_FILE).write_bytes(b"no database " * 100)
    capped = settings(tmp_path, max_tokens_per_day=1000)
    with pytest.raises(LLMError, match="cannot be counted") as caught:
        meter_for(capped).admit(HOSTED, "gpt-x", 1)
    assert caught.value.notice.code == "usage-unreadable"
    assert "cannot be counted" in used_today(capped)["used_today"]


def test_a_reply_is_not_lost_where_its_count_is(tmp_path: Path) -> None:
    meter = meter_for(settings(tmp_path, max_tokens_per_day=1000))
    admission = meter.admit(HOSTED, "gpt-x", 10)
    (tmp_path / USAGE_FILE).write_bytes(b"no database " * 100)
    meter.record(call(), admission)
    assert len(meter.calls) == 1


def take(connection: Connection, path: Path, prompts: Sequence[int], replies: Sequence[int], cap: int) -> None:
    """Count calls until the cap is reached, as a process that answers does, and tell what was taken."""
    ledger, taken, reserved = Ledger(path), 0, []
    connection.send("begins")
    connection.recv()
    for prompt, reply in zip(prompts, replies, strict=True):
        day, used = ledger.reserve(Amount(prompt), Amount(cap))
        if cap_passed(used, Amount(prompt), Amount(cap)):
            continue
        reserved.append(used.tokens + prompt)
        ledger.add(day, Amount(reply))
        taken += prompt + reply
    connection.send((taken, reserved))


@pytest.mark.parametrize("cap", [10**9, 2_000])
def test_two_processes_lose_no_count_and_pass_no_cap(tmp_path: Path, cap: int) -> None:
    path = tmp_path / "usage.sqlite"
    calls = [(list(range(1, 81)), [3] * 80), (list(range(80, 0, -1)), [0] * 80)]
    children = [Child(take, path, prompts, replies, cap) for prompts, replies in calls]
    for child in children:
        assert child.receive() == "begins"
    for child in children:
        child.send("go")
    told = [child.receive() for child in children]
    totals = [taken for taken, _ in told]  # type: ignore[misc]
    assert Ledger(path).used() == Amount(sum(totals))
    assert all(reached <= cap for _, reserved in told for reached in reserved)  # type: ignore[misc]
    if cap == 10**9:
        assert sum(totals) == 2 * sum(range(1, 81)) + 240


def take_for_ever(connection: Connection, path: Path) -> None:
    """Count one token again and again, and tell how many, until the process is killed."""
    ledger, taken = Ledger(path), 0
    while True:
        ledger.reserve(Amount(1), NOTHING)
        taken += 1
        connection.send(taken)


def test_a_process_that_is_killed_leaves_a_whole_count(tmp_path: Path) -> None:
    path = tmp_path / "usage.sqlite"
    child = Child(take_for_ever, path)
    told = 0
    while told < 5:
        told = int(str(child.receive()))
    child.kill()
    ledger = Ledger(path)
    before = ledger.used().tokens
    assert before >= told
    ledger.add(Ledger(tmp_path / USAGE_FILE).today().isoformat(), Amount(1))
    assert ledger.used() == Amount(before + 1)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)), max_size=12))
def test_a_meter_counts_what_was_sent_and_written(calls: list[tuple[int, int, int]]) -> None:
    """Each call is estimated, then told: what counts is what was told."""
    cap = Amount(1000)
    meter, total = Meter(limits=Limits(question=cap)), 0
    for estimated, sent, written in calls:
        try:
            admission = meter.admit(HOSTED, "gpt-x", estimated)
        except CapReached:
            assert total + estimated > cap.tokens
            continue
        assert total + estimated <= cap.tokens
        meter.record(call(sent, written), admission)
        total += sent + written
        assert meter.counted == Amount(total)


def test_a_cap_of_money_without_a_price_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    warn_once.cache_clear()
    model = ScriptedModel(["1702"], spec=HOSTED)
    capped = settings(tmp_path / "home", max_cost_per_question=0.01, max_cost_per_day=1)
    for _ in range(2):
        meter_for(capped, model)  # type: ignore[arg-type]
    meter_for(settings(tmp_path / "home", max_cost_per_day=1, llm_price="1/2"), model)  # type: ignore[arg-type]
    meter_for(capped, ScriptedModel(["1702"], spec="local:small"))  # type: ignore[arg-type]
    (said,) = [record.getMessage() for record in caplog.records]
    assert said.startswith(
        "The price of openai:gpt-x is not known, so RAG_MAX_COST_PER_QUESTION / RAG_MAX_COST_PER_DAY cannot count"
    )
