"""Thoughts and answers are told apart, however a reply is cut into pieces."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.models.llm.habits import Habits, forget, habits_of
from rag.models.llm.reasoning import Separator, Thought, without_reasoning
from tests.processor_time import at_most

MARKS = [
    "<think>", "</think>", "<thinking>", "</thinking>", "[THINK]", "[/THINK]", "<|channel|>analysis<|message|>",
    "<|end|>", "<|start|>assistant<|channel|>final<|message|>", "<|return|>", "<answer>", "</answer>", "analysis",
    "assistantfinal", "<|channel>thought", "<channel|>", "<THINK>", "</Think>", "<think id=1>", "</think >",
    "<analysis>", "</analysis>", "<antThinking>", "</antThinking>", '<details type="reasoning" done="true">',
    "</details>", "&lt;think&gt;", "&lt;/think&gt;", "<|begin_of_thought|>", "<|end_of_thought|>",
    "<|begin_of_solution|>", "<|end_of_solution|>", "```think\n", "\n```\n", "```html\n", "**Thinking:**", "Thought:",
    "\nAnswer:", "\n**Final answer:**", "\n<think>", ". <think>", "< think >", "< /think>", "~~~think\n", "\n~~~\n",
]  # fmt: skip
replies = st.lists(
    st.sampled_from([*MARKS, "It is ", "1702.", "\n\n", " ", "`", "<", "a < b", "[1]"]), max_size=12
).map("".join)


def answer_of(pieces: list[str], opens_unseen: bool = False, is_cut: bool = False) -> str:
    separator = Separator(opens_unseen)
    words = [word for piece in pieces for word in separator.feed(piece)]
    return "".join([*words, *separator.finish(is_cut)])


@given(replies, st.integers(1, 9), st.booleans(), st.booleans())
def test_the_cuts_do_not_matter(reply: str, size: int, opens_unseen: bool, is_cut: bool) -> None:
    pieces = [reply[start : start + size] for start in range(0, len(reply), size)]
    whole = answer_of([reply] if reply else [], opens_unseen, is_cut)
    # White space before an answer says nothing, and whoever shows it leaves it out.
    assert answer_of(pieces, opens_unseen, is_cut).lstrip() == whole.lstrip()


@given(st.text("abc <>/[]|think\n", max_size=60))
def test_a_reply_without_marks_is_its_answer(text: str) -> None:
    if not any(mark in text for mark in MARKS) and not re.search(r"<think\s|\[/?think]|</think >", text):
        assert answer_of(list(text)) == text == without_reasoning(text)


@given(st.text("ab <\n", min_size=1).filter(str.strip), st.text("xyz <\n"))
def test_a_thought_and_its_answer(thought: str, answer: str) -> None:
    assert answer_of(list(f"<think>{thought}</think>{answer}")) == answer.lstrip()
    assert answer_of(list(f"{thought}</think>{answer}"), opens_unseen=True) == answer.lstrip()
    assert answer_of(list(f"<think>{thought}")) == ""
    assert without_reasoning(f"{thought}</think>{answer}") == answer.lstrip()


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("A <think> tag.", "A <think> tag."),
        # Between the sentences of an answer.
        ("1702 [1]. <think>Was it?</think>It was wet [2].", "1702 [1]. It was wet [2]."),
        ("1702.\n<think>\nWas it?\n</think>\nIt was wet.", "1702.\n\nIt was wet."),
        ("<think>a</think>1702.\n<THINK>b</THINK>Wet.\n<think>c</think>Cold.", "1702.\nWet.\nCold."),
        ("1702.\n<think>Was it?", "1702.\n<think>Was it?"),
        ("1702.\n```\n<think>x</think>\n```", "1702.\n```\n<think>x</think>\n```"),
        # The tokens of a chat template, and a turn that the model has made up.
        ("<|im_start|>assistant\n<think>Hm.</think>1702.<|im_end|>", "1702."),
        ("1702.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhy?", "1702."),
        ("<start_of_turn>model\n1702.<end_of_turn>\n<start_of_turn>user\nWhy?", "1702."),
        ("[/INST] 1702.</s>", "1702."),
        ("Assistant: 1702.", "1702."),
        ("It was <s>1701</s> 1702.", "It was <s>1701</s> 1702."),
        ("Write `<|im_end|>` at the end.", "Write `<|im_end|>` at the end."),
        ("Assistant keepers sleep by day.", "Assistant keepers sleep by day."),
        # One within another.
        ("<think>a <think>b</think> c</think>1702.", "1702."),
        ("<think>They ask of <think>.</think>It is a tag.", "It is a tag."),
        ("< think >Hm.</ think >1702.", "1702."),
        ("<inner_monologue>Hm.</inner_monologue>1702.", "1702."),
        ("~~~thinking\nHm.\n~~~\n1702.", "1702."),
        ("The tag `</think>` ends a thought.", "The tag `</think>` ends a thought."),
        ("Analysis of the mill.", "Analysis of the mill."),
        ("analysis of the mill", "analysis of the mill"),
        ("Here is my thought process:\nHm.\nHere is my response:\n1702.", "1702."),
        ("Here is my thought process: it was long.", "Here is my thought process: it was long."),
        ("<thi", "<thi"),
        ("Perhaps.</think>Or not.</think>1702.", "1702."),
        ("</think>\n\n1702.", "1702."),
        ("<THINK>Hm.</THINK>1702.", "1702."),
        ("<Think>Hm.</tHINK>\n1702.", "1702."),
        ('<think step="1">Hm.</think >1702.', "1702."),
        ("<reflection>\nHm.\n</reflection>\n1702.", "1702."),
        ("<scratchpad>Hm.</scratchpad>\n1702.", "1702."),
        ("<analysis>Hm.</analysis>\n1702.", "1702."),
        ("<antThinking>Hm.</antThinking>\n1702.", "1702."),
        ("<|begin_of_thought|>Hm.<|end_of_thought|>\n<|begin_of_solution|>1702.<|end_of_solution|>", "1702."),
        ('<details done="true" type="reasoning">\n<summary>Thought</summary>\nHm.\n</details>\n1702.', "1702."),
        ("&lt;think&gt;Hm.&lt;/think&gt;1702.", "1702."),
        ("[thinking]Hm.[/thinking]1702.", "1702."),
        ("```thinking\nHm, `a`\n```\n\n1702.", "1702."),
        ("Thought: Hm, `a`\nAnswer: 1702.", "1702."),
        ("**Thinking:** Hm.\n\n**Answer:** 1702.", "1702."),
        ("### Reasoning\nHm.\n\n### Final answer\n1702.", "1702."),
        ("Thought: it was built in 1702.", "Thought: it was built in 1702."),
        ("Thought: the Answer: 1702.", "Thought: the Answer: 1702."),
        ("Answer: 1702.", "Answer: 1702."),
        ("## Analysis\n\nI think so.", "## Analysis\n\nI think so."),
        (
            "<details>\n<summary>More</summary>\n1702\n</details>",
            "<details>\n<summary>More</summary>\n1702\n</details>",
        ),
        (
            "Write a tag:\n\n```html\n<think>a</think>\n```\n\nNo more.",
            "Write a tag:\n\n```html\n<think>a</think>\n```\n\nNo more.",
        ),
        ("Use <analysis>a</analysis>.", "Use <analysis>a</analysis>."),
        ("It is written &lt;think&gt;a&lt;/think&gt;.", "It is written &lt;think&gt;a&lt;/think&gt;."),
        ("Hm.\n```\n1</think>1702.", "1702."),
        # A token that a sentence tells of ends nothing.
        ("GPT-2 puts <|endoftext|> between texts. [1]", "GPT-2 puts <|endoftext|> between texts. [1]"),
        ("A prompt ends with [/INST]. It is short.", "A prompt ends with [/INST]. It is short."),
        ("It is 1702. [1] <|im_end|> <|im_start|>user", "It is 1702. [1]"),
        ("It is the mill<|im_end|>", "It is the mill"),
        ("Hm.</think>Like this:\n```\n</think>\n```\nDone.", "Like this:\n```\n</think>\n```\nDone."),
    ],
)
def test_what_stands_where(reply: str, answer: str) -> None:
    assert without_reasoning(reply) == answer


def test_a_cut_reply_that_began_inside_a_thought_is_a_thought() -> None:
    assert answer_of(["Let me ", "see"], opens_unseen=True, is_cut=True) == ""
    assert answer_of(["It is ", "1702"], opens_unseen=True) == "It is 1702"


def test_what_the_server_tells_is_a_thought() -> None:
    separator = Separator(opens_unseen=True)
    separator.tell(Thought("Let me see"))
    assert separator.feed("It is ") == ["It is "]
    assert separator.has_thought
    assert separator.thoughts == ["Let me see"]


def test_many_thoughts_in_a_block_of_code_take_linear_time() -> None:
    reply = "```\n" + "<think>\n" * 16_000
    with at_most(5):
        assert without_reasoning(reply) == reply


@pytest.mark.parametrize(
    "unit",
    ["<", "</think>", "<think>", "a</think>", "</thin", " ", "◁", "[/THINK", "analysis", "`</think>", "```\n</think>",
     "```\n", "&", "<think a", "<details ", "Thought:\n", "\nAnswer:", "~~~\n</think>", "\n", "```think\n"],
)  # fmt: skip
@pytest.mark.parametrize("size", [50, 64_000])
def test_hostile_replies_take_linear_time(unit: str, size: int) -> None:
    reply = (unit * 64_000)[:64_000]
    pieces = [reply[start : start + size] for start in range(0, len(reply), size)]
    with at_most(10):
        for opens_unseen in (False, True):
            answer_of(pieces, opens_unseen)
        without_reasoning(reply)


@pytest.mark.parametrize(
    "name",
    ["o3", "openai/o4-mini", "gpt-5.1", "gpt-oss:20b", "deepseek-r1:8b", "deepseek-reasoner", "qwen3:8b",
     "Qwen/QwQ-32B", "magistral-medium-2509", "kimi-k2-thinking", "microsoft/Phi-4-reasoning", "zai-org/GLM-4.6",
     "gemini-2.5-pro"],
)  # fmt: skip
def test_names_of_models_that_think(name: str) -> None:
    forget()
    assert habits_of("http://a", name).thinks


@pytest.mark.parametrize(
    "name",
    ["gpt-4o", "gpt-4.1-mini", "llama3.2:3b", "qwen2.5:7b", "Qwen3-Coder-30B", "qwen3-4b-instruct-2507",
     "mistral-large", "claude-sonnet-4-5", "gemma3:12b", "phi-4", "glm-4-9b", "gemini-2.0-flash", "foo3", "thinkpad"],
)  # fmt: skip
def test_names_of_other_models(name: str) -> None:
    forget()
    assert habits_of("http://a", name) == Habits()


def test_habits_are_those_of_one_model_of_one_server() -> None:
    forget()
    habits_of("http://a", "m").thinks = True
    assert habits_of("http://a", "m").thinks
    assert not habits_of("http://b", "m").thinks
