"""Recorded replies of each kind in docs/model-behaviours.md, played by a scripted model: what is shown of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.errors import LLMError
from rag.models.llm.metering import End
from rag.notices import Notice
from rag.store.index import Index
from rag.types import Answer
from tests.fakes import ScriptedModel

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[2] / "docs" / "model-behaviours.md"
RECORDED = [
    pytest.param(recorded, id=f"{path.stem}-{number}")
    for path in sorted(FOLDER.glob("*.json"))
    for number, recorded in enumerate(json.loads(path.read_text("utf-8")), 1)
]


@dataclass
class RecordedModel(ScriptedModel):
    """Says one recorded reply each time that it is asked, the last one again and again, in pieces of a few letters."""

    ended: Any = "stop"
    breaks_off: bool = False
    fails: dict[str, Any] | None = None

    def stream(self, messages: Sequence[Any], max_tokens: int, *rest: Any, **named: Any) -> Iterator[str]:
        reply = str(self.script[min(len(self.asked), len(self.script) - 1)])
        pieces = [reply[at : at + 7] for at in range(0, len(reply), 7)]
        failure = LLMError(Notice.from_json(self.fails)) if self.fails else LLMError("The connection broke off.")
        end = failure if self.fails or self.breaks_off else End(self.ended)
        one = ScriptedModel([*pieces, end], asked=self.asked, meter=self.meter)
        yield from one.stream(messages, max_tokens, *rest, **named)


def play(index: Index, recorded: dict[str, Any]) -> Answer:
    model = RecordedModel(
        recorded["replies"],
        ended=recorded.get("ended", "stop"),
        breaks_off=recorded.get("breaks_off", False),
        fails=recorded.get("fails"),
    )
    options = AnswerOptions(passages=4, threshold=0.0, tentative=0.0)
    for last in answer(index, recorded["question"], model=model, options=options):
        hidden = ("<think>", "NOT_IN_DOCUMENTS", "SEARCH:", "SHORT:", '{"')
        assert not any(words in last.answer for words in hidden), "what is meant for the program is never shown"
    return last


@pytest.mark.parametrize("recorded", RECORDED)
def test_a_recorded_reply_is_shown_as_it_was_meant(index: Index, recorded: dict[str, Any]) -> None:
    last = play(index, recorded)
    assert all(last.answer[one.start : one.end] == one.text for one in last.sentences)
    assert {number for one in last.sentences for number in one.citations} == {one.number for one in last.citations}
    assert {
        "answer": last.answer,
        "short_answer": last.short_answer,
        "abstained": last.abstained,
        "degraded": last.degraded,
        "verdicts": [one.verdict for one in last.sentences],
        "reasons": [one.reason.code if one.reason else None for one in last.sentences],
        "left_out": [one.text for one in last.left_out],
        "notices": [notice.code for notice in last.notices],
    } == recorded["shown"]


def test_each_kind_has_a_line_in_the_handbook() -> None:
    page = PAGE.read_text("utf-8")
    assert [path.stem for path in FOLDER.glob("*.json") if f"`{path.stem}`" not in page] == []
