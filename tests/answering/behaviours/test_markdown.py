"""The Markdown of a model keeps its form in the answer, whatever is put together."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.composer import Composer
from rag.answering.draft import add_draft, check_draft
from rag.answering.writers.reply import read_reply
from rag.marks import shown_marks
from rag.types import Span
from rag.verify.checker import ClaimToCheck, Judgement, NumberedEvidence
from tests.processor_time import is_in_proportion

SENTENCES = (
    "The ferry carries 28 cars",
    "The **old** bridge opened in 1931",
    "Run `toll --cars 3` at noon",
    "The *keeper* sleeps by day",
    "See the [harbour page](https://harbour.example/tolls?q=1) first",
    "The toll is ~~4~~ 3 crowns",
)
CODE = "```bash\ntoll --cars 3\n\nferry[1]\n```"
SPANS = tuple(Span("a.txt", "id-a", "A", at, at + 10, f"Words no. {at}") for at in (0, 10, 20))
EVIDENCE = tuple(NumberedEvidence(number, "A", span.quote, (span,)) for number, span in enumerate(SPANS, 1))
MARK = re.compile(r"\s?\[(\d)\]")


class Believer:
    """Finds every claim verified, by what it is marked with."""

    name = "believer"

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        return [Judgement("verified", claim.named or SPANS[:1], checker=self.name) for claim in claims]


def shown(reply: str) -> Composer:
    composer = Composer()
    add_draft(composer, check_draft(read_reply(reply, len(EVIDENCE)).text, EVIDENCE, "flag", Believer()))
    return composer


sentences = st.tuples(
    st.sampled_from(SENTENCES), st.sampled_from(("", " [1]", " [2]", " [3][1]", "【2】", "[^3]"))
).map(lambda pair: f"{pair[0]}{pair[1]}.")
paragraphs = st.lists(sentences, min_size=1, max_size=3).map(" ".join)
headings = st.sampled_from(("# Fees", "## How to pay", "### 2. Cars", "**Times**"))
items = st.tuples(st.sampled_from(("- ", "* ", "  - ", "    * ")), sentences).map("".join)
bullets = st.lists(items, min_size=1, max_size=4).map("\n".join)
numbered = st.lists(sentences, min_size=1, max_size=4).map(
    lambda lines: "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
)
rows = st.lists(sentences, min_size=1, max_size=3).map(
    lambda lines: "| What | Value |\n|---|:-:|\n" + "\n".join(f"| {line.rstrip('.')} | 3 |" for line in lines)
)
quotes = sentences.map(lambda line: f"> {line}")
blocks = st.one_of(paragraphs, headings, bullets, numbered, rows, quotes, st.just(CODE), st.just("---"))
# What a model says three times is a loop, and shown once.
drafts = (
    st.lists(blocks, min_size=1, max_size=6)
    .map("\n\n".join)
    .filter(lambda draft: "." in draft and max(draft.count(sentence) for sentence in SENTENCES) < 3)
)


def words(text: str) -> list[str]:
    """The words of a text, without its marks and what a link leads to."""
    plain = MARK.sub("", re.sub(r"\]\(\S+?\)", "] ", text).replace("【2】", "").replace("[^3]", ""))
    return re.findall(r"\w+", plain.replace("ferry[1]", "ferry"))


@given(drafts)
def test_nothing_of_a_draft_is_lost_and_its_form_stays(draft: str) -> None:
    composer = shown(draft)
    assert words(composer.text) == words(draft)
    for sentence in composer.sentences:
        assert composer.text[sentence.start : sentence.end] == sentence.text
    signs = re.compile(r"^(\s*(?:[-*>|#]+|\d+\.|```|---)(?=[\s|\w]|$))", re.M)
    assert [sign.rstrip() for sign in signs.findall(composer.text)] == [
        sign.rstrip() for sign in signs.findall(draft.strip())
    ]


@given(drafts)
def test_marks_count_up_and_stand_in_no_code(draft: str) -> None:
    composer = shown(draft)
    code = re.findall(r"```.*?```|`[^`]+`", composer.text, re.S)
    assert not any(re.search(r"(?<![\w)])\[\d+\]", piece) for piece in code)
    marks = shown_marks(composer.text)
    assert list(dict.fromkeys(marks)) == list(range(1, len(composer.citations) + 1))
    assert marks == [number for sentence in composer.sentences for number in sentence.citations]


@given(
    st.lists(
        st.sampled_from(
            (*SENTENCES, "<b>", "<img src=x>", "![a](http://b.example/c)", "[", "](", "http://d.example", "\n")
        )
    )
)
def test_no_address_and_no_html_is_live(pieces: list[str]) -> None:
    text = shown(" ".join(pieces)).text
    assert not re.search(r"\]\(|<(?:b|img)\b", text)
    for address in re.finditer(r"\w+\.example", text):
        assert text[: address.start()].count("`") % 2 == 1, "it stands in code"


@pytest.mark.parametrize(
    ("draft", "answer"),
    [
        ("1. Pay. [1]\n2. Board. [2]\n   - Cars first. [1]", "1. Pay. [1]\n2. Board. [2]\n   - Cars first. [1]"),
        ("**Pay** first [2].", "**Pay** first. [1]"),
        ("It is **closed [1]**.", "It is **closed**. [1]"),
        ("**It is closed.** [1]", "**It is closed.** [1]"),
        ("> It is closed [1].\n> It opens [2].", "> It is closed. [1]\n> It opens. [2]"),
        ("| Item | Days |\n|---|---|\n| Dog | 12 |\n\nSource: [1]", "| Item | Days |\n|---|---|\n| Dog | 12 [1] |"),
        ("```bash\ntoll [1]\n```", "```bash\ntoll\n```"),
        ("Take `fees[1]` [2].", "Take `fees[1]`. [1]"),
        ("Say `print([1, 2])` [2].", "Say `print([1, 2])`. [1]"),
        (
            "Read it:\n\n```python\nx = [1]\nreturn [2]\nfoo([1])\n```",
            "Read it:\n\n```python\nx = [1]\nreturn [2]\nfoo([1])\n```",
        ),
        ("The rule says “dogs [2] and cats” [1].", "The rule says “dogs (2) and cats”. [1]"),
        ("See [the page](https://a.example) [1].", "See the page. [1]"),
        ("- [x] Pay [1]\n- [ ] Board [2]", "- [x] Pay [1]\n- [ ] Board [2]"),
        ("Pay the toll.  \nBoard the ferry. [1]", "Pay the toll. [1]  \nBoard the ferry. [1]"),
    ],
)
def test_each_form(draft: str, answer: str) -> None:
    assert shown(draft).text == answer


@pytest.mark.parametrize(
    "unit",
    [
        "NOT_IN_DOCUMENTS ",
        "Sure! ",
        "SEARCH: a\n",
        "{",
        "[{",
        "- a\n",
        "| a |\n",
        "[1",
        "a. ",
        "```\n",
        "> ",
        "The ferry is so. ",
    ],
)
def test_a_hostile_reply_takes_linear_time(unit: str) -> None:
    def work(length: int) -> None:
        text = (unit * length)[:length]
        read_reply(text, 9, "How much is it?", {"a.md": "A"}, is_cut=True)

    assert is_in_proportion(work, 16_000, 64_000)
