"""A strong model: nothing holds it back, it may look things up, and says itself when the documents do not say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.answering.writers.requests import Request, read_requests, shown_while_writing, without_requests
from rag.answering.writers.strong import says_it_is_absent
from rag.prompts import SENTINEL
from rag.serialize import answer_json
from rag.store.index import Index
from rag.types import Answer
from tests.fakes import ScriptedModel

QUESTION = "How many cars does the ferry carry?"


@dataclass
class TalkingModel(ScriptedModel):
    """Says one text of its script each time that it is asked, the last one again and again."""

    def stream(self, messages: Sequence[Any], max_tokens: int, *_: Any, **__: Any) -> Iterator[str]:
        self.asked.append(messages)
        yield str(self.script[min(len(self.asked), len(self.script)) - 1])


def ask(index: Index, script: Sequence[str], question: str = QUESTION, **options: Any) -> tuple[Answer, TalkingModel]:
    model = TalkingModel(script)
    *_, last = answer(index, question, model=model, options=AnswerOptions(passages=1, **options))
    return last, model


def test_it_is_not_held_back(index: Index) -> None:
    last, _ = ask(index, ["The ferry carries 28 cars [1]."], threshold=1.0, tentative=1.0)
    assert (last.abstained, last.tentative) == (False, False)
    assert last.answer == "The ferry carries 28 cars. [1]"


@pytest.mark.parametrize(
    "draft",
    [
        SENTINEL,
        f"**{SENTINEL}**",
        "The documents do not say who painted ceilings.",
        "I'm sorry, but the provided evidence does not mention ceilings. Is there anything else?",
        "Die Dokumente sagen dazu nichts.",
    ],
)
def test_it_says_itself_that_the_documents_do_not_say(index: Index, draft: str) -> None:
    last, _ = ask(index, [draft])
    assert (last.abstained, last.citations) == (True, ())


def test_what_a_part_lacks_is_no_claim_and_no_abstention(index: Index) -> None:
    last, _ = ask(index, ["The ferry carries 28 cars [1]. The documents do not say how many lorries it carries."])
    assert not last.abstained
    assert [sentence.verdict for sentence in last.sentences] == ["verified", "not a claim"]


def test_an_absence_with_a_claim_that_nothing_supports_is_an_abstention(index: Index) -> None:
    last, _ = ask(index, ["The documents do not say how many lorries it carries. Perhaps it carries 400 lorries."])
    assert last.abstained
    assert last.left_out[0].text == "Perhaps it carries 400 lorries."


def test_it_looks_up_what_it_lacks(index: Index) -> None:
    last, model = ask(index, ["SEARCH: keeper of the lighthouse", "Maren is the keeper of the lighthouse [2]."])
    assert last.answer == "Maren is the keeper of the lighthouse. [1]"
    assert "[2] (" in model.asked[1][-1].content
    assert "Maren is the keeper" in model.asked[1][-1].content
    assert last.plan is not None
    assert last.plan.searches[-1].query == "keeper of the lighthouse"
    why = {notice.code: notice.values for notice in last.plan.why}
    assert why["model-searched"]["passages"] >= 1
    assert why["model-tokens"]["tokens"] > sum(len(message.content.split()) for message in model.asked[1])
    assert [passage.rank for passage in last.passages] == list(range(1, len(last.passages) + 1))
    assert answer_json(last)["plan"]["why"][-1]["code"] == "model-tokens"


def test_it_does_not_look_things_up_for_ever(index: Index) -> None:
    last, model = ask(index, [f"SEARCH: {words}" for words in ("toll", "storm", "bridge", "keeper", "cars", "ferry")])
    assert len(model.asked) == 4
    assert last.degraded
    assert "wrote-nothing" in [notice.code for notice in last.notices]


def test_a_request_for_what_it_was_not_given_is_left_aside(index: Index) -> None:
    last, model = ask(index, ["OPEN: 99", "The ferry carries 28 cars [1]."])
    assert model.asked[1][-1].content.startswith("Nothing else was found.")
    assert last.answer == "The ferry carries 28 cars. [1]"


def test_an_expression_is_computed_and_rests_on_its_figures(index: Index) -> None:
    last, _ = ask(index, ["COMPUTE: 28 * 3 [1]"], "How many cars do three ferries carry?")
    assert last.abstained, "no source says 3"
    last, _ = ask(index, ["The ferry carries 28 cars [1].\n\nCOMPUTE: 28 / 2 [1]\n\nCOMPUTE: 28 / 0 [1]"])
    assert last.answer == "The ferry carries 28 cars. [1]\n\n28 ÷ 2 = 14 [1]"
    assert [sentence.verdict for sentence in last.sentences] == ["verified", "verified"]


@pytest.mark.parametrize(
    ("draft", "short"),
    [
        ("SHORT: 28 cars\n\nThe ferry carries 28 cars [1].", "28 cars"),
        ("SHORT: 29 cars\n\nThe ferry carries 28 cars [1].", "28 cars"),
        ("SHORT: -\n\nThe ferry carries 28 cars [1].", "28 cars"),
        ("The ferry carries 28 cars [1].", "28 cars"),
        ("SHORT: 400 lorries\n\nThe ferry goes to Skarholm [1].", None),
    ],
)
def test_the_short_answer_is_what_the_citations_support(index: Index, draft: str, short: str | None) -> None:
    last, _ = ask(index, [draft])
    assert last.short_answer == short
    assert "SHORT" not in last.answer


def test_requests_are_read_from_lines_of_their_own() -> None:
    text = 'I need more.\nSEARCH: "the keeper"\n**OPEN: 2**\nSEARCH: the toll'
    assert read_requests(text) == [Request("search", words="the keeper"), Request("open", number=2),
                                   Request("search", words="the toll")]  # fmt: skip
    assert without_requests(text) == "I need more."
    assert read_requests("We SEARCH: everywhere [1].") == []
    assert read_requests("The toll is 3 crowns [1].\nSEARCH: more") == [], "it answers already"


@given(st.text(alphabet="SEARCHOPEN: \nab[1]*", max_size=60))
def test_no_request_is_shown_while_it_is_written(text: str) -> None:
    assert "SEARCH:" not in shown_while_writing(text).split("\n")[0][:7]
    assert shown_while_writing(f"SEARCH: {text.splitlines()[0] if text.splitlines() else ''}") == ""
    assert len(read_requests(text)) <= 3


def test_a_claim_beside_an_absence_is_an_answer() -> None:
    assert says_it_is_absent("The documents do not say.")
    assert not says_it_is_absent("The documents do not say when. The fee is 3 crowns.")
    assert not says_it_is_absent("")
    assert not says_it_is_absent("The fee is 3 crowns.")
