"""Which sentences are quoted, and how far: `rag.answering.quotes`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from rag.answering.quotes import compose_quotes, select_quotes, without_beside
from rag.retrieval.search import NOTHING_SELECTED, SelectedEvidence
from rag.scoring.file import shipped_scoring
from rag.types import Block, Document, Evidence, Span

TEXT = (
    "Bo Lark runs the yard. He has lived in Lund since 2003. The yard has four cranes. "
    "Ann works on Thursday. Cy works on Fridays."
)


def quotes(question: str, chosen: Sequence[tuple[str, float]], words: int = 70, gain: float = 0.0) -> list[str]:
    """The quotes of some sentences of TEXT with their scores, best first."""
    document = Document(TEXT, "Yard", "text/plain", (Block(0, len(TEXT), "paragraph"),))
    quoting = replace(shipped_scoring().quotes, score_margin=0.4, most=4, words=words, sharpness=8.0, least_gain=gain)
    index: Any = SimpleNamespace(
        scoring=replace(shipped_scoring(), quotes=quoting), catalog=SimpleNamespace(document=lambda _: document)
    )
    spans = [
        Span("yard.txt", "id", "Yard", TEXT.index(words), TEXT.index(words) + len(words), words) for words, _ in chosen
    ]
    evidence = tuple(Evidence(span, score, 0.5, 0.5, 1) for span, (_, score) in zip(spans, chosen, strict=True))
    selected = SelectedEvidence((), evidence, 1.0, "sure", question, (), (evidence,))
    found = select_quotes(selected, index)
    assert all(TEXT[span.start : span.end] == span.quote for span in found)
    return [span.quote for span in found]


LIVES = "He has lived in Lund since 2003."
CRANES = "The yard has four cranes."
THURSDAY, FRIDAY = "Ann works on Thursday.", "Cy works on Fridays."


def test_a_sentence_that_leans_on_the_one_with_the_name_brings_it() -> None:
    assert quotes("Where does Bo Lark live?", [(LIVES, 1.0)]) == [
        "Bo Lark runs the yard. He has lived in Lund since 2003."
    ]
    assert quotes("Who lived in Lund in 2003?", [(LIVES, 1.0)]) == [LIVES]
    assert quotes("How many cranes has the yard of Bo Lark?", [(CRANES, 1.0)]) == [CRANES]


def test_what_scores_far_below_the_best_is_not_quoted() -> None:
    assert quotes("cranes", [(CRANES, 1.0), ("Bo Lark runs the yard.", 0.7)]) == [CRANES, "Bo Lark runs the yard."]
    assert quotes("cranes", [(CRANES, 1.0), ("Bo Lark runs the yard.", 0.5)]) == [CRANES]


def test_further_sentences_fit_into_the_words_that_are_left() -> None:
    ranked = [(CRANES, 1.0), (LIVES, 0.9), ("Bo Lark runs the yard.", 0.8)]
    assert quotes("cranes", ranked, words=10) == [CRANES, "Bo Lark runs the yard."]
    assert quotes("cranes", ranked, words=4) == [CRANES]


def test_of_the_days_of_the_week_that_which_is_asked_for_is_quoted() -> None:
    ranked = [(THURSDAY, 1.0), (FRIDAY, 0.9), (CRANES, 0.8)]
    assert quotes("Who works on Thursday?", ranked) == [f"{CRANES} {THURSDAY}"]
    assert quotes("Who works?", ranked) == [f"{CRANES} {THURSDAY} {FRIDAY}"]


def test_a_further_sentence_is_quoted_where_it_is_worth_its_words() -> None:
    ranked = [(CRANES, 1.0), (LIVES, 0.8), ("Bo Lark runs the yard.", 0.79)]
    # By exp(-1.6) and exp(-1.68) the others are likely with 0.15 and 0.13, for seven and for five words.
    assert quotes("cranes", ranked, gain=0.02) == [f"Bo Lark runs the yard. {LIVES} {CRANES}"]
    assert quotes("cranes", ranked, gain=0.025) == [CRANES, "Bo Lark runs the yard."]
    assert quotes("cranes", ranked, gain=0.04) == [CRANES]
    # The best one is quoted, however unlikely it is.
    alike = [(CRANES, 1.0), (LIVES, 1.0), ("Bo Lark runs the yard.", 1.0)]
    assert quotes("cranes", alike, gain=0.2) == [CRANES]


def test_a_tentative_answer_says_so_first() -> None:
    span = Span("yard.txt", "id", "Yard", 0, 22, TEXT[:22])
    tentative = compose_quotes([span], "en", "tentative")
    assert tentative.sentences[0].text.startswith("No sentence answers this directly")
    assert [sentence.verdict for sentence in tentative.sentences] == ["not a claim", "verified"]
    assert len(compose_quotes([span], "en").sentences) == 1


def test_what_is_beside_the_point_of_an_answer_is_left_out() -> None:
    sales = Span("a.md", "id", "A", 0, 34, "In FY2022 revenue was 40 crowns.")
    tax = Span("a.md", "id", "A", 40, 70, "The tax rate in FY2022 was 3 %.")
    more = Span("a.md", "id", "A", 80, 120, "Revenue had been 30 crowns before.")
    items = tuple(Evidence(span, 1.0, 1.0, 1.0, 1) for span in (sales, tax, more))
    selected = replace(NOTHING_SELECTED, question="What was revenue in FY2022?", evidence_by_part=(items,))
    answered = replace(sales, start=22, end=31, quote="40 crowns")
    assert [item.span for item in without_beside(selected, [answered]).evidence_by_part[0]] == [sales, more]
    # Without a short answer nobody knows which one answers.
    assert without_beside(selected, []) is selected
    of_time_alone = replace(selected, question="What in FY2022?")
    assert without_beside(of_time_alone, [answered]) is of_time_alone
