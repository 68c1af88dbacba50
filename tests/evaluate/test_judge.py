"""The judge: LlamaIndex's evaluators over a model of ours, with a model whose replies are scripted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from rag.errors import LLMError
from rag.evaluate.run.judge import JUDGED_METRICS, make_judge
from rag.evaluate.types import Case
from rag.models.llm.ledger import Amount
from rag.models.llm.metering import CapReached, Limits, Meter
from rag.types import Answer, Citation
from tests.fakes import ScriptedModel


@dataclass
class Saying(ScriptedModel):
    """Answers every prompt by a function of it."""

    say: Callable[[str], str] = str
    name: str = "saying"

    def stream(self, messages: Sequence[Any], *rest: Any, **named: Any) -> Iterator[str]:
        said = ScriptedModel([self.say(messages[-1].content)], meter=self.meter, spec=self.spec)
        yield from said.stream(messages, *rest, **named)


def judging(say: Callable[[str], str], **fields: Any) -> Any:
    model: Any = Saying([], say=say, **fields)
    return make_judge(model)


CASE = Case("toll", "What is the toll?", answers=("3 crowns",))
ANSWER = Answer(
    "What is the toll?",
    "What is the toll?",
    answer="“The toll is 3 crowns.” [1]",
    citations=(Citation(1, "bridge.md", "id", "Bridge", 0, 22, "The toll is 3 crowns."),),
)


def test_the_three_judged_metrics_lie_in_0_to_1() -> None:
    prompts: list[str] = []

    def say(prompt: str) -> str:
        prompts.append(prompt)
        return "4.0\nIt is nearly right." if "3 crowns" in prompt and "reference" in prompt.lower() else "YES"

    scores = judging(say)(CASE, ANSWER)
    assert set(scores) == set(JUDGED_METRICS)
    assert (scores["judged_faithfulness"], scores["judged_relevancy"], scores["judged_correctness"]) == (1.0, 1.0, 0.75)
    assert len(prompts) == 3
    assert not [prompt for prompt in prompts if "[1]" in prompt], "marks are not judged"


def test_a_no_is_0_and_words_that_are_no_score_are_none() -> None:
    scores = judging(lambda _: "NO")(CASE, ANSWER)
    assert (scores["judged_faithfulness"], scores["judged_relevancy"]) == (0.0, 0.0)
    assert scores["judged_correctness"] is None


def test_a_reply_that_is_neither_yes_nor_no_is_no_verdict() -> None:
    assert judging(lambda _: "As a language model I like bridges.")(CASE, ANSWER) == dict.fromkeys(JUDGED_METRICS)


def test_a_refusal_is_not_judged() -> None:
    def say(_: str) -> str:
        pytest.fail("the judge was asked")

    refusal = Answer("q", "q", answer="The documents do not say.", abstained=True)
    assert judging(say)(CASE, refusal) == dict.fromkeys(JUDGED_METRICS)


def test_a_judge_that_fails_says_so_in_a_sentence() -> None:
    def say(_: str) -> str:
        raise ConnectionError("refused")

    with pytest.raises(LLMError, match="The judge saying failed"):
        judging(say)(CASE, ANSWER)


def test_what_a_judge_takes_is_counted_and_heeds_a_cap() -> None:
    meter = Meter(limits=Limits(question=Amount(1)))
    judging(lambda _: "<think>The quote says so.</think>YES", meter=meter)(CASE, ANSWER)
    assert [call.purpose for call in meter.calls] == ["judge"] * 3
    assert all(call.sent > call.written > 0 for call in meter.calls)
    with pytest.raises(CapReached):
        judging(lambda _: "YES", meter=meter, spec="openai:m")(CASE, ANSWER)
