"""Code, headings and the heads of tables are no claims, and keep their form in the answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.composer import Composer, without_numbers
from rag.answering.draft import add_draft, check_draft
from rag.types import Span
from rag.verify.checker import ClaimToCheck, Judgement, NumberedEvidence
from rag.verify.claims import read_claims
from rag.verify.layout import cells, is_row, read_layout
from rag.verify.rule_checker import RuleChecker
from rag.verify.texts.document import verify_text
from tests.processor_time import at_most

TABLE = "| Item | Days |\n|------|:----:|\n| Dog | 12 [1] |\n| Cat | 9 [1] |"
SOURCE = Span("a.txt", "id-a", "Stays", 0, 22, "Dog: 12 days; cat: 9 days.")
EVIDENCE = (NumberedEvidence(1, "Stays", SOURCE.quote, (SOURCE,)),)


class Recorder:
    """Finds each claim verified, and keeps what it was asked."""

    name = "recorder"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        self.asked += [claim.sentence for claim in claims]
        return [Judgement("verified", claim.named or (SOURCE,), checker=self.name) for claim in claims]


def shown(draft: str) -> tuple[str, list[str]]:
    """Return the answer that a draft becomes, and what was sent to the checker."""
    recorder, composer = Recorder(), Composer()
    add_draft(composer, check_draft(draft, EVIDENCE, "flag", recorder))
    for sentence in composer.sentences:
        assert composer.text[sentence.start : sentence.end] == sentence.text
    return composer.text, recorder.asked


def stating(text: str) -> list[str]:
    return [claim.text for claim in read_claims(text, 9) if claim.states]


@pytest.mark.parametrize(
    "text",
    [
        "```\nmoor --nights 3\n```",
        "```python\nnights = 3\n\nprint(nights)\n```",
        "~~~\nnights = 3\n```\n~~~",
        "  ```\n  nights = 3\n  ```",
        "````\n```\nnights = 3\n```\n````",
        "```\nnights = 3",
        "# Fees",
        "## Fees in 2024",
        "### 2. How to pay",
        "## What is covered",
        "## Opening in May",
        "## Prices and costs",
        "## What is not covered",
        "## No-show fees",
        "---",
        "* * *",
        "_____",
        "|---|:-:|",
    ],
)
def test_code_headings_and_rules_state_nothing(text: str) -> None:
    assert stating(text) == []
    assert [claim.text for claim in read_claims(text, 9)] == [text.strip()]


@pytest.mark.parametrize("line", ["**Fees**", "**Fees:**", "**Fees**:", "__Fees__", "**Step 1: Register**", "**2024**"])
def test_a_bold_line_above_others_is_a_heading(line: str) -> None:
    assert stating(f"{line}\n\nDogs are free.") == ["Dogs are free."]
    assert stating(line) == [line], "an answer by itself"


@pytest.mark.parametrize(
    "line",
    [
        "**The fee is 12 EUR**",
        "**Dogs are banned**",
        "**Dogs enter free.**",
        "**12 EUR**",
        "**Not allowed**",
        "## No dogs",
        "**42 days**",
        "**Fees** are due.",
        "## Dogs are banned",
        "## Dogs enter free.",
        "#dogs are banned",
        "- Dogs",
        "1. Dogs",
    ],
)
def test_what_states_something_is_a_claim_in_any_form(line: str) -> None:
    assert stating(f"{line}\n\nCats sleep.")[-1] == "Cats sleep."
    assert len(stating(f"{line}\n\nCats sleep.")) == 2


def test_the_number_of_an_item_on_a_line_by_itself_is_no_claim() -> None:
    assert stating("1.\nDogs are free.\n2.\nCats sleep.") == ["Dogs are free.", "Cats sleep."]
    assert stating("5.") == ["5."], "an answer by itself"


def test_a_row_of_a_table_is_a_claim_and_its_head_is_none() -> None:
    claims = read_claims(TABLE, 1)
    assert [(claim.text, claim.marks, claim.states) for claim in claims] == [
        ("| Item | Days |", (), False),
        ("|------|:----:|", (), False),
        ("| Dog | 12 |", (1,), True),
        ("| Cat | 9 |", (1,), True),
    ]
    assert [TABLE[claim.start : claim.end] for claim in claims] == TABLE.split("\n")


def test_a_row_is_one_claim_whatever_stands_in_it() -> None:
    rows = "| Dogs | They are free. [1] Cats pay. |\n| Cats \\| kittens | 9 |"
    assert stating(f"| Who | What |\n|---|---|\n{rows}") == [
        "| Dogs | They are free. Cats pay. |",
        "| Cats \\| kittens | 9 |",
    ]


@pytest.mark.parametrize("head", ["| Fee | 12 EUR |", "| The fee is low | Days |", "| Dogs | They enter free. |"])
def test_the_head_of_a_table_that_states_something_is_a_claim(head: str) -> None:
    assert head in stating(f"{head}\n|---|---|\n| Deposit | 5 EUR |")


@pytest.mark.parametrize("head", ["| Item | 2023 |", "Item | Days", "| Plan | up to 30 days | over 30 days |"])
def test_years_and_columns_are_heads(head: str) -> None:
    rule = "|".join("---" for _ in cells(head))
    assert head not in stating(f"{head}\n|{rule}|\n| Deposit | 5 |")


def test_lines_with_bars_without_a_rule_of_as_many_cells_are_claims() -> None:
    assert stating("| Dogs | are banned |\n| Cats | too |") == ["| Dogs | are banned |", "| Cats | too |"]
    assert stating("| Dogs are banned |\n|---|---|") == ["| Dogs are banned |"]


@pytest.mark.parametrize("name", ["markdown", "text", "MD"])
def test_an_answer_that_is_fenced_as_prose_is_checked(name: str) -> None:
    text = f"```{name}\nDogs are banned. Cats sleep.\n```bash\nmoor\n```\nBirds sing.\n```\nFish swim."
    assert stating(text) == ["Dogs are banned.", "Cats sleep.", "Birds sing.", "Fish swim."]


def test_the_end_of_bold_letters_belongs_to_its_sentence() -> None:
    claims = read_claims("**It is closed.** [1] **It opens. [2]**", 2)
    assert [(claim.text, claim.marks) for claim in claims] == [("**It is closed.**", (1,)), ("**It opens.**", (2,))]


def test_inline_code_is_a_part_of_its_sentence() -> None:
    assert stating("Run `moor --nights 3` at noon. [1]") == ["Run `moor --nights 3` at noon."]


def test_marks_stand_in_the_last_cell_and_in_no_head() -> None:
    text, asked = shown(f"## Fees\n\nDogs stay. [1]\n\n{TABLE}\n\n```\nmoor  dog [1]\n\n  cat\n```\nCats stay.")
    assert text == (
        "## Fees\n\nDogs stay. [1]\n\n| Item | Days |\n|------|:----:|\n| Dog | 12 [1] |\n| Cat | 9 [1] |\n\n"
        "```\nmoor  dog\n\n  cat\n```\nCats stay. [1]"
    )
    assert asked == ["Dogs stay.", "| Dog | 12 |", "| Cat | 9 |", "Cats stay."]


def test_an_index_in_code_is_no_mark() -> None:
    assert read_claims("Take `fees[1]` first. [1]", 1)[0].text == "Take `fees[1]` first."
    assert shown("Take `fees[1]`. [1]\n\n```\nx = fees[2] + dogs[1] # [1]\n```")[0] == (
        "Take `fees[1]`. [1]\n\n```\nx = fees[2] + dogs[1] #\n```"
    )


@pytest.mark.parametrize("text", ["| Dog | 12 [1] [2] |", "|Dog|12 [1] [2] |", "Dogs pay 12. [1] [2]"])
def test_the_numbers_of_citations_are_taken_off_again(text: str) -> None:
    assert without_numbers(text, (1, 2)) == text.replace(" [1] [2]", "")
    assert without_numbers("| Dog | 12 |", ()) == "| Dog | 12 |"


def test_a_cell_of_marks_and_wide_cells_keep_their_form() -> None:
    draft = "| Item | Days | Source |\n|---|---|---|\n| Dog | 12 | [1] |\n| Cat | 9 | x    |\n|Cow|1|y|"
    rows = shown(draft)[0].split("\n")[2:]
    assert rows == ["| Dog | 12 | [1] |", "| Cat | 9 | x [1]    |", "|Cow|1|y [1] |"]


def test_verify_says_of_a_head_that_it_is_no_claim() -> None:
    text = f"{TABLE}\n\n```\nx = 1\n```"
    checked = verify_text(text, {"a.txt": SOURCE.quote}, RuleChecker()).sentences
    silent = [sentence.text for sentence in checked if sentence.verdict == "not a claim"]
    assert silent == ["| Item | Days |", "|------|:----:|", "```\nx = 1\n```"]
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in checked)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("It is 5 %.", "It is five per cent."),
        ("It is five.", "Dogs bark. It is 5."),
        ("It was on 1 May 1931.", "Dogs bark. It was on 1931-05-01."),
    ],
)
def test_a_sentence_of_a_number_alone_is_found_by_its_value(text: str, source: str) -> None:
    (sentence,) = verify_text(text, {"a.txt": source}, RuleChecker()).sentences
    assert sentence.verdict == "verified"


def test_another_number_is_not_found() -> None:
    (sentence,) = verify_text("It is 6 %.", {"a.txt": "It is five per cent."}, RuleChecker()).sentences
    assert sentence.verdict in ("unsupported", "contradicted")


LAID_OUT = st.lists(
    st.sampled_from(
        ["```", "~~~", "````", "```md", "", "# Dog", "**Dog**", "---", "|a|b|", "|-|-|", "| a", "1.", "Dog. Cat.", " x"]
    ),
    max_size=14,
).map("\n".join)


@given(LAID_OUT)
def test_blocks_hold_every_character_once(text: str) -> None:
    blocks = read_layout(text)
    assert all(one.end <= other.start for one, other in pairwise(blocks))
    assert "".join("".join(text[b.start : b.end] for b in blocks).split()) == "".join(text.split())


@given(LAID_OUT)
def test_claims_slice_the_text_and_lose_nothing(text: str) -> None:
    claims = read_claims(text, 1)
    assert all(text[claim.start : claim.end] == claim.text for claim in claims)
    assert "".join(claim.before + claim.text for claim in claims).rstrip() == text.rstrip()


@pytest.mark.parametrize("row", ["|a|", "| a |", "a | b |", "| a | b |"])
def test_rows_are_told_by_the_bar_at_their_end(row: str) -> None:
    assert is_row(row)
    assert not is_row(f"{row}x")
    assert not is_row(row[:-1] + "\\|")


def test_long_text_is_read_at_once() -> None:
    with at_most(3):
        pieces = (
            "```\n",
            "```md\n",
            "~~~\n````\n",
            "- ",
            "|",
            "|-",
            "|\n|-|\n",
            "**",
            "# ",
            "#",
            "\\|",
            "a|-\n",
            "`",
            ":-",
        )
        for piece in pieces:
            read_layout(piece * (64_000 // len(piece)))
