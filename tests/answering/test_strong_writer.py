"""A strong model: nothing holds it back, it may look things up, and says itself when the documents do not say."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.answering.writers.calls import unwrapped, with_calls_as_lines
from rag.answering.writers.reply import read_reply
from rag.answering.writers.requests import (
    Request,
    read_requests,
    shown_while_writing,
    without_requests,
)
from rag.answering.writers.strong import says_it_is_absent
from rag.models.llm.metering import End, Reason
from rag.models.llm.reasoning import without_reasoning
from rag.notices import Notice
from rag.prompts import SENTINEL
from rag.serialize import answer_json
from rag.store.index import Index
from rag.types import Answer
from tests.fakes import ScriptedModel
from tests.processor_time import at_most

QUESTION = "How many cars does the ferry carry?"


@dataclass
class TalkingModel(ScriptedModel):
    """Says one text of its script each time that it is asked, the last one again and again."""

    def stream(self, messages: Sequence[Any], max_tokens: int, *rest: Any, **named: Any) -> Iterator[str]:
        text = str(self.script[min(len(self.asked) + 1, len(self.script)) - 1])
        saying = ScriptedModel([text], meter=self.meter, asked=self.asked)
        yield from saying.stream(messages, max_tokens, *rest, **named)


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
    # "SEARCH: keeper of the lighthouse" has 5 words, the answer 8.
    assert [(call.purpose, call.written) for call in last.calls[:2]] == [("answer", 5), ("answer", 8)]
    assert why["model-tokens"]["tokens"] == sum(call.sent + call.written for call in last.calls[:2])
    assert [passage.rank for passage in last.passages] == list(range(1, len(last.passages) + 1))
    assert answer_json(last)["plan"]["why"][-2]["code"] == "model-tokens"


def test_it_does_not_look_things_up_for_ever(index: Index) -> None:
    last, model = ask(index, [f"SEARCH: {words}" for words in ("toll", "storm", "bridge", "keeper", "cars", "ferry")])
    assert len(model.asked) == 4
    assert last.degraded
    assert "wrote-nothing" in [notice.code for notice in last.notices]


def test_a_request_for_what_it_was_not_given_is_left_aside(index: Index) -> None:
    last, model = ask(index, ["OPEN: 99", "The ferry carries 28 cars [1]."])
    assert model.asked[1][-1].content.startswith("Nothing else was found.")
    assert last.answer == "The ferry carries 28 cars. [1]"


def test_what_it_says_of_the_documents_stays_where_the_sources_contradict_the_rest(index: Index) -> None:
    last, _ = ask(index, ["The ferry carries 30 cars [1]. The documents do not say how many lorries it carries."])
    assert last.answer == "The documents do not say how many lorries it carries."
    assert [claim.verdict for claim in last.left_out] == ["contradicted"]


def test_stopping_before_the_first_word_leaves_the_quotes_and_is_no_failure(index: Index) -> None:
    cancel = threading.Event()
    cancel.set()
    model: Any = ScriptedModel(["The ferry carries 28 cars [1]."])
    *_, last = answer(index, QUESTION, model=model, options=AnswerOptions(threshold=0.0), cancel=cancel)
    assert "The ferry carries 28 cars.” [1]" in last.answer
    assert (last.notices, last.degraded) == ((), False)


def test_an_expression_is_computed_and_rests_on_its_figures(index: Index) -> None:
    last, _ = ask(index, ["COMPUTE: 28 * 3 [1]"], "How many cars do three ferries carry?")
    assert [sentence.verdict for sentence in last.sentences] == ["unsupported"], "no source says 3"
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
        ("The ferry carries **28 cars** [1].", "28 cars"),
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


@pytest.mark.parametrize(
    "line",
    [
        "1. SEARCH: the toll",
        "### SEARCH: the toll",
        "[SEARCH: the toll]",
        "<SEARCH: the toll>",
        'SEARCH("the toll")',
        "I need to look that up. SEARCH: the toll",
        "Search: the toll",
        "OPEN: the toll",
    ],
)
def test_a_request_may_be_marked_up_or_stand_behind_a_sentence(line: str) -> None:
    assert read_requests(line) == [Request("search", words="the toll")]
    assert without_requests(line) in {"", "I need to look that up."}


def test_reasoning_before_an_answer_is_no_part_of_it(index: Index) -> None:
    reasoning = "<think>\nPerhaps NOT_IN_DOCUMENTS [1].\nSEARCH: toll\n</think>\n\n"
    last, model = ask(index, [reasoning + "SHORT: 28 cars\n\nThe ferry carries 28 cars [1]."])
    assert (last.answer, last.short_answer, len(model.asked)) == ("The ferry carries 28 cars. [1]", "28 cars", 1)
    assert without_reasoning("Perhaps.</think>It is 3.") == "It is 3."
    assert without_reasoning("<think>Perhaps") == ""
    assert without_reasoning("A <think> tag.") == "A <think> tag."
    for end in range(len(reasoning)):
        assert shown_while_writing(reasoning[:end]) == ""


@pytest.mark.parametrize("draft", ["SHORT: 28 cars [1]", "SHORT: 28 cars. The ferry carries 28 cars [1]."])
def test_a_draft_that_is_nothing_but_its_short_line_is_an_answer(index: Index, draft: str) -> None:
    last, _ = ask(index, [draft])
    assert "28 cars" in last.answer
    assert not last.degraded
    assert [sentence.citations for sentence in last.sentences][-1] == (1,)


def test_a_short_line_with_the_sentinel_is_an_abstention(index: Index) -> None:
    assert ask(index, [f"SHORT: {SENTINEL}"])[0].abstained


def test_the_sentinel_behind_a_cited_sentence_is_about_a_part(index: Index) -> None:
    last, _ = ask(index, [f"The ferry carries 28 cars [1]. As for lorries: {SENTINEL}."])
    assert (last.answer, last.abstained) == ("The ferry carries 28 cars. [1] The documents do not say: lorries.", False)
    assert ask(index, [f"{SENTINEL}. The ferry carries 28 cars [1]."])[0].abstained


@dataclass
class CutModel(TalkingModel):
    """Its reply ends for a reason."""

    ended: Any = "length"

    def stream(self, messages: Sequence[Any], max_tokens: int, *rest: Any, **named: Any) -> Iterator[str]:
        yield from ScriptedModel([*self.script, End(self.ended)], meter=self.meter).stream(
            messages, max_tokens, *rest, **named
        )


def ask_cut(index: Index, draft: str, ended: str = "length") -> Answer:
    model = CutModel([draft], ended=ended)
    *_, last = answer(index, QUESTION, model=model, options=AnswerOptions(passages=1, threshold=0.0, max_tokens=77))
    return last


@pytest.mark.parametrize(
    ("draft", "shown", "torn"),
    [
        ("The ferry carries 28 cars [1]. The ferry leaves at", "The ferry carries 28 cars. [1]", "The ferry leaves at"),
        ("The ferry carries 28 cars [1]. It is 0.", "The ferry carries 28 cars. [1]", "It is 0."),
        ("The ferry carries 28 cars [1]\n- The ferry", "The ferry carries 28 cars [1]", "- The ferry"),
        ("The ferry carries 28 cars [1]\n\n1. The ferry", "The ferry carries 28 cars [1]", "The ferry"),
        ("The ferry carries 28 cars [1", "The ferry carries 28 cars [1]", ""),
        ("The ferry carries 28 cars [1].", "The ferry carries 28 cars. [1]", ""),
        (
            "The ferry carries 28 cars [1].\n\n```bash\nferry --",
            "The ferry carries 28 cars. [1]\n\n```bash\nferry --\n```",
            "",
        ),
    ],
)
def test_the_sentence_that_the_limit_tears_is_left_out(index: Index, draft: str, shown: str, torn: str) -> None:
    last = ask_cut(index, draft)
    assert last.answer == shown
    assert [(one.text, one.reason and one.reason.code) for one in last.left_out] == (
        [(torn, "sentence-unfinished")] if torn else []
    )
    assert [(notice.code, notice.values) for notice in last.notices] == [("answer-cut", {"tokens": 77})]
    assert not last.degraded


@pytest.mark.parametrize(
    ("ended", "notice"),
    [
        ("length", Notice("answer-all-thoughts", {"model": "scripted", "tokens": 4173})),
        ("tool", Notice("asked-for-tool", {"model": "scripted"})),
    ],
)
def test_a_reply_without_words_says_why(index: Index, ended: Reason, notice: Notice) -> None:
    model = ScriptedModel([End(ended)], most=77 + 4096)
    *_, last = answer(index, QUESTION, model=model, options=AnswerOptions(passages=1, threshold=0.0, max_tokens=77))
    assert last.notices[0] == notice


def test_a_model_that_calls_tools_again_and_again(index: Index) -> None:
    model = ScriptedModel(['\n{"name": "search", "arguments": "keeper"}', End("tool")])
    *_, last = answer(index, QUESTION, model=model, options=AnswerOptions(passages=1, threshold=0.0))
    assert "asked-for-tool" in [notice.code for notice in last.notices]


def test_a_filter_has_a_notice_of_its_own(index: Index) -> None:
    last = ask_cut(index, "The ferry carries 28 cars [1].", "filter")
    assert [(notice.code, notice.values["model"]) for notice in last.notices] == [("answer-filtered", "scripted")]
    assert last.answer == "The ferry carries 28 cars. [1]"
    assert ask_cut(index, "", "filter").degraded
    assert not ask_cut(index, "The ferry carries 28 cars [1].", "stop").notices


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("For the rest: NOT_IN_DOCUMENTS", "The documents do not say the rest."),
        ("NOT_IN_DOCUMENTS", "The documents do not say the rest."),
        ("Lorries: **NOT_IN_DOCUMENTS**.", "The documents do not say: Lorries."),
        ("Regarding its builder - NOT\\_IN\\_DOCUMENTS", "The documents do not say: its builder."),
    ],
)
def test_the_sentinel_for_a_part_says_which(index: Index, rest: str, said: str) -> None:
    last, _ = ask(index, [f"The ferry carries 28 cars [1]. {rest}"], "How many cars does it carry, and who built it?")
    assert (last.answer, last.abstained) == (f"The ferry carries 28 cars. [1] {said}", False)
    assert [sentence.verdict for sentence in last.sentences] == ["verified", "not a claim"]


def test_a_refusal_with_a_hint_is_an_abstention_that_cites(index: Index) -> None:
    draft = "The documents do not say how many lorries it carries; the ferry carries 28 cars [1]."
    last, _ = ask(index, [draft], "How many lorries does the ferry carry?")
    assert (last.abstained, last.short_answer) == (True, None)
    assert [sentence.verdict for sentence in last.sentences] == ["not a claim", "verified"]
    assert [citation.quote for citation in last.citations] == ["The ferry carries 28 cars."]
    last, _ = ask(index, [draft], "How many lorries does the ferry carry, and how many cars?")
    assert not last.abstained, "the rest answers the other part"
    last, _ = ask(index, ["The documents do not state it directly. The ferry carries 28 cars [1]."])
    assert not last.abstained


def test_a_bare_yes_stands_with_the_words_it_rests_on(index: Index) -> None:
    last, _ = ask(index, ["Yes [1]."], "Does the ferry carry 28 cars? Answer in one word.")
    assert last.answer == "Yes.\n\n“The ferry carries 28 cars.” [1]"
    last, _ = ask(index, ["Yes."], "Does the ferry carry 28 cars? Answer in one word.")
    assert "claims-unsupported" in [notice.code for notice in last.notices], "it names no evidence"


@pytest.mark.parametrize(
    "call",
    [
        '{"name": "SEARCH", "arguments": {"query": "the toll"}}',
        '[{"function": {"name": "search", "arguments": "{\\"words\\": \\"the toll\\"}"}}]',
        '<tool_call>{"tool": "web_search", "input": "the toll"}</tool_call>',
        '[TOOL_CALLS] [{"name": "search", "arguments": {"query": "the toll"}}]',
        '```json\n{"action": "search", "action_input": "the toll"}\n```',
        '{"tool_calls": [{"name": "search_documents", "parameters": {"q": "the toll", "k": 3}}]}',
        '{"SEARCH": "the toll"}',
        '<function=search>\n{"query": "the toll"}\n</function>',
        'search(query="the toll")',
        'functions.search:0{"query": "the toll"}',
        'to=functions.search {"query": "the toll"}',
        "Action: search\nAction Input: the toll",
        '**Action:** search\n**Action Input:** {"query": "the toll"}',
        '{"function_call": {"name": "search", "arguments": "{\\"q\\": \\"the toll\\"}"}}',
    ],
)
def test_a_call_of_a_tool_is_read_as_the_line(call: str) -> None:
    assert with_calls_as_lines(call).strip() == "SEARCH: the toll"


@pytest.mark.parametrize(
    "call",
    [
        '{"name": "delete_files", "arguments": {"path": "/"}}',
        'I will do it.\n\n```json\n{"tool": "run", "input": "ls"}\n```',
        'functions.delete_all:1 {"path": "/"}',
        "Thought: I clean up.\nAction: delete\nAction Input: /",
        '<tool_call>{"function": {"name": "rm", "arguments": "{}"}}</tool_call>',
    ],
)
def test_a_call_of_a_tool_that_there_is_not_is_never_shown(index: Index, call: str) -> None:
    assert with_calls_as_lines(call) == ""
    last, _ = ask(index, [call])
    assert last.answer.startswith("“")
    assert [notice.code for notice in last.notices] == ["wrote-nothing"]


@pytest.mark.parametrize("piece", ["Action: a\n", "functions.a:0", '{"name": "a", ', "{"])
def test_reading_calls_takes_linear_time(piece: str) -> None:
    with at_most(2):
        with_calls_as_lines(piece * (64_000 // len(piece)))


@pytest.mark.parametrize(
    ("draft", "text", "lacking", "opens"),
    [
        ("It is 3 [1]. NOT_IN_DOCUMENTS for the colour.", "It is 3 [1].", ("the colour",), False),
        ("NOT_IN_DOCUMENTS for the colour, but it is 3 [1].", "It is 3 [1].", ("the colour",), False),
        ("NOT_IN_DOCUMENTS, but it is 3 [1].", "It is 3 [1].", ("",), True),
        ("The sentinel NOT_IN_DOCUMENTS is not needed: it is 3 [1].", "It is 3 [1].", (), False),
        ("I need not reply NOT_IN_DOCUMENTS here, since it is 3 [1].", "It is 3 [1].", (), False),
        ("The colour: NOT_IN_DOCUMENTS. It is 3 [1].", "It is 3 [1].", ("The colour",), False),
        ("Über die Farbe: NOT_IN_DOCUMENTS zur Höhe.", "", ("Über die Farbe",), False),
        ("not_in_documents", "", ("",), True),
        ("**Not_In_Documents**.", "", ("",), True),
        ("It says not_in_documents [1].", "It says not_in_documents [1].", (), False),
    ],
)  # fmt: skip
def test_what_stands_with_the_sentinel_is_lacking(draft: str, text: str, lacking: tuple[str, ...], opens: bool) -> None:
    reply = read_reply(draft, 3)
    assert (reply.text, reply.lacking, reply.opens_with_sentinel) == (text, lacking, opens)
    assert "IN_DOCUMENTS" not in shown_while_writing(draft)


@pytest.mark.parametrize(
    ("draft", "torn"),
    [
        ("It is paid at the gate by approx.", "It is paid at the gate by approx."),
        ("Es gilt für Hunde bzw.", "Es gilt für Hunde bzw."),
        ("It is closed by the U.S.", "It is closed by the U.S."),
        ("It is closed by A.", "It is closed by A."),
        ("The tolls are these:", "The tolls are these:"),
        ("It is paid at the gate.", ""),
        ("It is paid by approx. [1]", ""),
        ("She came in 1931 [1].", ""),
        ("Gates:\n\n- north\n- sou", "- sou"),
        ("Gates:\n\n- north\n- south\n", ""),
    ],
)
def test_an_end_that_may_go_on_is_unfinished(draft: str, torn: str) -> None:
    reply = read_reply(draft, 3, is_cut=True)
    assert reply.torn == torn.removeprefix("- ") or reply.torn == torn
    assert not torn or torn not in reply.text


def test_a_model_that_declines_is_told_apart(index: Index) -> None:
    for draft in ("I'm sorry, I can't assist with that request.", "I cannot help with that. It is not allowed."):
        last, _ = ask(index, [draft])
        assert (last.abstained, last.degraded, [one.code for one in last.notices]) == (False, True, ["model-declined"])
        assert last.citations
    last, _ = ask(index, ["I cannot help with lorries. The ferry carries 28 cars [1]."])
    assert "model-declined" not in [one.code for one in last.notices]
    assert "The ferry carries 28 cars. [1]" in last.answer


def test_code_is_an_answer(index: Index) -> None:
    last, _ = ask(index, ["```python\ncars[1] = 28\n```"])
    assert last.answer == "```python\ncars[1] = 28\n```"
    assert [sentence.verdict for sentence in last.sentences] == ["not a claim"]
    assert ask_cut(index, "```python\ncars[1] = ").answer == "```python\ncars[1] =\n```"


def test_what_only_looks_like_a_call_is_an_answer() -> None:
    for text in (
        'Use `index.search("toll")` [1].',
        'Send this [1]:\n\n```json\n{"action": "search", "query": "toll"}\n```',
        'open("toll.txt")\nprint(1)',
        '{"fee": 3}',
        "{" * 5000,
        "[" * 5000,
    ):
        assert with_calls_as_lines(text) == text
        assert unwrapped(text) == text


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ('{"answer": "It is 3.", "sources": [1, 2]}', "It is 3. [1] [2]"),
        ('{"answer": "It is 3 [1].", "sources": [2]}', "It is 3 [1]."),
        ('[{"sentence": "It is 3.", "citation": "[1]"}, {"text": "It is 4."}]', "It is 3. [1]\nIt is 4."),
        ("```\nIt is only three crowns.\n```", "It is only three crowns."),
        ("```markdown\n# Fees\n```", "# Fees"),
        ("```python\nprint(3)\n```", "```python\nprint(3)\n```"),
        ("```\nprint(3)\n```", "```\nprint(3)\n```"),
        ("```\na [1]\n```\nb\n```\nc\n```", "```\na [1]\n```\nb\n```\nc\n```"),
    ],
)
def test_an_answer_in_data_or_a_fence_is_unwrapped(reply: str, words: str) -> None:
    assert unwrapped(reply) == words


def test_what_it_finds_absent_is_answered_anyway_with_what_comes_nearest(index: Index) -> None:
    for draft in (SENTINEL, "The documents do not say how many. Perhaps it carries 400 lorries."):
        last, _ = ask(index, [draft], anyway=True)
        assert (last.abstained, last.tentative, last.degraded) == (False, True, False)
        assert last.citations
        assert ask(index, [draft])[0].abstained


@pytest.mark.parametrize("mark", ["【1】", "【1†ferry.md】", "[^1]", "[evidence 1]", "[Source 1]"])
def test_marks_of_other_forms_are_citations(index: Index, mark: str) -> None:
    last, _ = ask(index, [f"The ferry carries 28 cars {mark}."])
    assert last.answer == "The ferry carries 28 cars. [1]"
    assert last.sentences[0].verdict == "verified"


def test_the_number_of_an_item_is_no_sentence(index: Index) -> None:
    last, _ = ask(index, ["1. The ferry carries 28 cars. [1]\n2. [1] The ferry carries 28 cars."])
    assert last.answer == "1. The ferry carries 28 cars. [1]\n2. The ferry carries 28 cars. [1]"
    assert [sentence.text for sentence in last.sentences] == ["The ferry carries 28 cars. [1]"] * 2
    last, _ = ask(index, ["28. [1]"])
    assert last.answer == "28. [1]", "a number that is all there is answers"


def test_a_bare_yes_stays_before_what_it_affirms(index: Index) -> None:
    last, _ = ask(index, ["Yes. The ferry carries 28 cars [1]."], "Does the ferry carry 28 cars?")
    assert last.answer == "Yes. The ferry carries 28 cars. [1]"
    assert [sentence.verdict for sentence in last.sentences] == ["not a claim", "verified"]


def test_an_item_of_a_list_is_no_short_answer(index: Index) -> None:
    last, _ = ask(
        index, ["- The ferry carries 28 cars [1].\n- It goes to Skarholm [1]."], "Compare the ferry and cars."
    )
    assert last.short_answer is None


def test_a_claim_beside_an_absence_is_an_answer() -> None:
    assert says_it_is_absent(read_reply("The documents do not say.", 1))
    assert not says_it_is_absent(read_reply("The documents do not say when. The fee is 3 crowns.", 1))
    assert not says_it_is_absent(read_reply("", 1))
    assert not says_it_is_absent(read_reply("The fee is 3 crowns.", 1))
