"""Ratios and statements that a question names, and the rows they need."""

from __future__ import annotations

import pytest

from rag.question.ratios import needed_figures


@pytest.mark.parametrize(
    ("question", "statement", "labels"),
    [
        ("What is the quick ratio of Halden?", "consolidated balance sheets", {"total current assets", "inventories"}),
        ("How did the gross margin of Halden change?", "consolidated statements of income", {"gross profit"}),
        ("What was Halden's EBITDA in FY2022?", "statements of cash flows", {"depreciation and amortization"}),
        ("Hat Halden eine hohe Eigenkapitalquote im Jahr 2022?", "consolidated balance sheets", {"total equity"}),
        ("Did its debt grow in FY21?", "consolidated balance sheets", {"long-term debt"}),
    ],
)
def test_a_ratio_needs_the_rows_it_is_made_of(question: str, statement: str, labels: set[str]) -> None:
    needed = needed_figures(question)
    assert statement in needed.statements
    assert labels <= {row[0] for row in needed.rows}


def test_a_statement_alone_needs_no_row() -> None:
    needed = needed_figures("What was the largest item in the income statement?")
    assert needed.statements == ("consolidated statements of income",)
    assert needed.rows == ()


@pytest.mark.parametrize(
    "question",
    [
        "Who settled the debt of the duke?",
        "What may be written in the margin?",
        "Where is the balance kept?",
        "How is a loan repaid?",
    ],
)
def test_other_questions_need_no_figures(question: str) -> None:
    assert not needed_figures(question)
