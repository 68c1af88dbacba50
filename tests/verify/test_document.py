"""Checking any text against any sources: `rag.verify.texts.document`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.checkers import CheckerContext, open_checker
from rag.notices import Notice
from rag.types import Block, BlockKind, Document
from rag.verify.checker import ClaimToCheck, Judgement
from rag.verify.guarded_checker import GuardedChecker
from rag.verify.rule_checker import RuleChecker
from rag.verify.texts import document
from rag.verify.texts.source_index import SourceIndex
from tests.processor_time import is_in_proportion

SOURCE = "The Lantern bridge opened in 1931. It is 412 metres long.\n\nThe ferry carries 28 cars."
TEXT = (
    "Hello! The bridge opened in 1931 [3]. It is 500 metres long.\n- The ferry carries 28 cars. [1]\nElephants dance."
)


def verify_text(text: str, sources: dict[str, str]) -> document.Verification:
    return document.verify_text(text, sources, open_checker("rules", CheckerContext()))


def test_each_sentence_gets_a_verdict_and_its_words() -> None:
    verification = verify_text(TEXT, {"a.txt": SOURCE})
    verdicts = [sentence.verdict for sentence in verification.sentences]
    assert [*verdicts[:2], *verdicts[3:]] == ["not a claim", "verified", "verified", "unsupported"]
    assert verdicts[2] in ("partly", "contradicted")
    assert "500 metres" in str(verification.sentences[2].reason)
    for sentence in verification.sentences:
        assert TEXT[sentence.start : sentence.end] == sentence.text
    for citation in verification.citations:
        assert SOURCE[citation.start : citation.end] == citation.quote
    assert [c.number for c in verification.citations] == list(range(1, len(verification.citations) + 1))


def test_nothing_is_supported_by_nothing() -> None:
    assert verify_text("The bridge opened.", {}).sentences[0].verdict == "unsupported"
    assert verify_text("", {"a": SOURCE}).sentences == ()


@pytest.mark.parametrize(
    "source",
    [
        "False statements\n\nThe ferry is free.\n\nThe bridge is old.",
        "False statements\n================\n\nThe ferry is free.\n\nThe bridge is old.",
        "# Repealed rules\n\nThe ferry is free.\n\nThe bridge is old.",
        "Until 2019 the following held.\n\nThe bridge is old.",
        "The following rules are no longer in force.\n\n- The ferry is free.\n- The bridge is old.",
    ],
)
def test_the_paragraph_or_heading_above_takes_back_what_it_leads_into(source: str) -> None:
    (checked,) = verify_text("The bridge is old.", {"a.txt": source}).sentences
    assert (checked.verdict, checked.reason and checked.reason.code) == ("partly", "scope")


@pytest.mark.parametrize(
    "source",
    [
        "False statements\n\nThe ferry is free.\n\nTrue statements\n\nThe bridge is old.",
        "# Repealed rules\n\nThe ferry is free.\n\n# Facts\n\nThe bridge is old.",
        "Until 2019 the following held.\n\nThe ferry is free.\n\nThe bridge is old.",
        "The bridge is old",
    ],
)
def test_a_heading_takes_nothing_back_below_the_next_one(source: str) -> None:
    assert verify_text("The bridge is old.", {"a.txt": source}).sentences[0].verdict == "verified"


@pytest.mark.parametrize(
    "source",
    [
        "Repealed rules\n\nThe toll is 4 crowns.",
        "Until 2019 the following held.\n\n- The toll is 4 crowns.",
        "Is the toll 4 crowns?",
        "~~The toll is 4 crowns.~~",
        "Rumour: the toll is 4 crowns.",
    ],
)
def test_what_a_source_takes_back_contradicts_nothing(source: str) -> None:
    (checked,) = verify_text("The toll is 3 crowns.", {"a.txt": source}).sentences
    assert checked.verdict == "partly"
    both = {"a.txt": source, "b.txt": "The toll is 5 crowns."}
    assert verify_text("The toll is 3 crowns.", both).sentences[0].verdict == "contradicted"


STAYS = "| Name | Start | End |\n| --- | --- | --- |\n| Ada | 1990 | 1999 |\n| Bo | 1985 | 1988 |"


@pytest.mark.parametrize(
    ("table", "verdict"),
    [
        ("| Name | Start | End |\n|---|---|---|\n| Ada | 1990 | 1999 |", "verified"),
        ("| Name | Start year | End |\n|---|---|---|\n| Ada | 1990 | 1999 |", "verified"),
        ("| Name | End | Start |\n|---|---|---|\n| Ada | 1990 | 1999 |", "partly"),
        ("1. | Name | End |\n   |---|---|\n   | Ada | 1990 |", "partly"),
        ("- Stays:\n\n  | Name | Start |\n  |---|---|\n  | Ada | 1990 |", "verified"),
        ("> | Name | Start |\n> |---|---|\n> | Ada | 1990 |", "verified"),
    ],
)
@pytest.mark.parametrize("is_table", [True, False])
def test_a_row_is_held_against_its_source_under_the_head_of_its_table(table: str, verdict: str, is_table: bool) -> None:
    lines = STAYS.splitlines()
    starts = [sum(len(line) + 1 for line in lines[:at]) for at in range(len(lines))]
    rows = tuple(Block(starts[at], starts[at] + len(lines[at]), "row", header=lines[0]) for at in (2, 3))
    source = Document(STAYS, "Stays", "text/markdown", rows) if is_table else STAYS
    checked = document.verify_text(table, {"a.md": source}, open_checker("rules", CheckerContext()))
    assert [sentence.verdict for sentence in checked.sentences if sentence.verdict != "not a claim"] == [verdict]


@given(st.text(max_size=120), st.text(max_size=120))
def test_positions_slice_text_and_source(text: str, source: str) -> None:
    verification = verify_text(text, {"s": source})
    assert all(text[s.start : s.end] == s.text for s in verification.sentences)
    assert all(source[c.start : c.end] == c.quote for c in verification.citations)


def test_a_lone_surrogate_breaks_nothing() -> None:
    verification = verify_text("The toll is 3. \ud800 It is high.", {"a.txt": "The toll is 3 crowns. \ud800"})
    assert verification.sentences[0].verdict == "verified"
    assert all(
        sentence.text == "The toll is 3. \ud800 It is high."[sentence.start : sentence.end]
        for sentence in verification.sentences
    )


@dataclass
class Recording:
    """Finds everything supported by the first span that is named, and keeps what it was asked."""

    name: str = "recording"
    asked: list[list[ClaimToCheck]] = field(default_factory=list)

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        self.asked.append(list(claims))
        return [Judgement("verified", (*claim.named, *claim.everything)[:1]) for claim in claims]


SOURCES = {
    "harbour.md": "The toll is 3 crowns. The bridge opened in 1931.\n\nThe ferry carries 28 cars.",
    "light.txt": "The toll of the lighthouse is 5 crowns.\n\nIt was painted in 1950.",
}
CITED = "The toll is 5 crowns [1].\nThe ferry carries 28 cars【2】.\n\nSources:\n[1] Light.txt, p. 3\n[2] harbour.md\n"


def test_marks_name_the_sources_of_the_list() -> None:
    recording = Recording()
    verification = document.verify_text(CITED, SOURCES, recording)
    [[toll, ferry]] = recording.asked
    assert {span.source for span in toll.named} == {"light.txt"}
    assert {span.source for span in ferry.named} == {"harbour.md"}
    assert {span.source for span in toll.everything} == {"light.txt", "harbour.md"}
    assert {span.source for piece in toll.marked for span in piece.spans} == {"light.txt"}
    assert [(one.text, one.verdict) for one in verification.sentences] == [
        ("The toll is 5 crowns [1].", "verified"),
        ("The ferry carries 28 cars【2】.", "verified"),
        ("Sources:", "not a claim"),
        ("[1] Light.txt, p. 3", "not a claim"),
        ("[2] harbour.md", "not a claim"),
    ]
    assert all(CITED[one.start : one.end] == one.text for one in verification.sentences)
    assert verification.notices == ()


def test_without_a_list_marks_count_the_sources() -> None:
    recording = Recording()
    document.verify_text("The toll is 5 crowns [2]. It is free.", SOURCES, recording)
    [[toll, free]] = recording.asked
    assert {span.source for span in toll.named} == {"light.txt"}
    assert (free.named, free.marks, free.marked) == ((), (), free.evidence)


def test_a_mark_that_names_nothing_is_told_once() -> None:
    recording = Recording()
    verification = document.verify_text("The toll is 5 crowns [7]. The ferry is free [7, 9].", SOURCES, recording)
    [notice] = verification.notices
    assert (notice.code, notice.values) == ("mark-names-nothing", {"marks": [7, 9]})
    assert "[7], [9]" in str(notice)
    assert all(claim.named == () and claim.everything for claim in recording.asked[0])


def test_the_evidence_is_whole_paragraphs_under_their_headings() -> None:
    text = "Rules\nOn tolls\nThe toll is 3 crowns. Ada sets it.\nname: Ada; days: 25\nname: Bo; days: 30"
    cuts = [0, 6, 15, 50, 70, len(text) + 1]
    kinds: tuple[BlockKind, ...] = ("heading", "heading", "paragraph", "row", "row")
    blocks = [
        Block(start, end - 1, kind, 1 + at if kind == "heading" else 0, "name; days" if kind == "row" else "")
        for at, (start, end, kind) in enumerate(zip(cuts, cuts[1:], kinds, strict=False))
    ]
    recording = Recording()
    document.verify_text(
        "The toll is 3 crowns. Ada has 25 days.", {"r": Document(text, "R", "", tuple(blocks))}, recording
    )
    assert [(piece.number, piece.title, piece.text) for piece in recording.asked[0][0].evidence] == [
        (1, "R › Rules › On tolls", "The toll is 3 crowns. Ada sets it."),
        (2, "R › Rules › On tolls › name; days", "name: Ada; days: 25\nname: Bo; days: 30"),
    ]


def test_a_number_that_stands_beside_what_is_similar_is_found_in_the_whole_piece() -> None:
    source = "The Lantern bridge crosses the bay. Its length is given here. It is 412 metres."
    verification = verify_text("The Lantern bridge crosses the bay in 412 metres [1].", {"a": source})
    assert "number-absent" not in document.reason_codes(verification.sentences)


@given(
    st.lists(st.sampled_from(["The toll {n} is {n} crowns.", "The ferry {n} carries {n} cars [1]."]), max_size=40),
    st.integers(1, 3),
)
def test_a_judge_is_given_few_pieces_at_once_and_every_sentence_once(forms: list[str], sources: int) -> None:
    sentences = [form.format(n=n) for n, form in enumerate(forms, 10)]
    paragraphs = "\n\n".join(sentence.replace(" [1]", "") for sentence in sentences)
    recording = Recording()
    document.verify_text(" ".join(sentences), {f"s{n}": paragraphs for n in range(sources)}, recording)
    assert [claim.sentence for batch in recording.asked for claim in batch] == [
        s.replace(" [1]", "") for s in sentences
    ]
    for batch in recording.asked:
        evidence = batch[0].evidence
        assert 1 <= len(evidence) <= 24
        assert [piece.number for piece in evidence] == list(range(1, len(evidence) + 1))
        for claim in batch:
            assert claim.evidence is evidence
            assert {span for piece in evidence for span in piece.spans} <= set(claim.everything)
            assert set(claim.named) <= set(claim.everything)
            assert bool(claim.marks) == bool(claim.named)


def _short_lines(count: int) -> str:
    things = "ferry bridge mill harbour tower river market school garden engine valley castle".split()
    return "\n".join(
        f"The {things[n % 11]} of {things[n % 12].title()} has {n} {things[n % 7]} boards." for n in range(1, count + 1)
    )


def test_a_sentence_of_a_long_text_is_compared_with_what_is_similar_to_it_alone() -> None:
    text = _short_lines(700)
    recording = Recording()
    document.verify_text(text, {"a": text}, recording)
    claims = [claim for batch in recording.asked for claim in batch]
    assert max(len(claim.everything) for claim in claims) <= 40 + 3 * 60
    assert max(len(claim.evidence) for claim in claims) > 3


def test_a_judge_may_find_a_sentence_in_the_evidence_of_its_neighbours() -> None:
    text = _short_lines(300)

    class Other(Recording):
        name = "other"

        def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
            beside = [
                next(
                    (span for piece in claim.evidence for span in piece.spans if span not in claim.everything),
                    claim.everything[0],
                )
                for claim in claims
            ]
            assert any(span not in claim.everything for span, claim in zip(beside, claims, strict=True))
            return [Judgement("verified", (span,)) for span in beside]

    checker = RuleChecker(further=(GuardedChecker(Other(), "other"),))
    claimed = text.replace("boards", "planks")
    assert document.verify_text(claimed, {"a": text}, checker).notices == ()


def test_long_texts_of_short_lines_take_linear_time() -> None:
    def work(count: int) -> None:
        text = _short_lines(count)
        assert verify_text(text, {"a": text}).count("verified") == count

    # Four times the lines: with all of them compared with each, it was more than twenty times as long.
    assert is_in_proportion(work, 200, 800)


def test_an_index_of_sources_serves_several_texts() -> None:
    index = SourceIndex(SOURCES)
    one, another = (document.verify_text(CITED, sources, Recording()) for sources in (index, SOURCES))
    assert one == another


def test_a_checker_that_failed_is_told() -> None:
    class Failing(Recording):
        def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
            return [Judgement("partly", failures=(Notice("judge-unreadable"),)) for _ in claims]

    verification = document.verify_text("The toll is 5 crowns. It is free.", SOURCES, Failing())
    assert verification.notices == (Notice("judge-unreadable"),)
    assert verification.as_json()["notices"][0]["code"] == "judge-unreadable"


@pytest.mark.parametrize("unit", ["1) ", "1.\n", " ", "[1] ", "a. "])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    index = SourceIndex(SOURCES)

    def work(length: int) -> None:
        text = (unit * length)[:length]
        document.verify_text(text, index, Recording())

    # Four times the length: quadratic time would be sixteen times as long.
    assert is_in_proportion(work, 4_000, 16_000)


@pytest.mark.parametrize("lead_in", ["The following is not true:", "Suppose the following:"])
def test_the_paragraph_that_leads_into_a_list_takes_its_items_back(lead_in: str) -> None:
    listed = verify_text("The ferry carries 28 cars.", {"a.txt": f"{lead_in}\n\n- The ferry carries 28 cars.\n"})
    plain = verify_text("The ferry carries 28 cars.", {"a.txt": "The rules:\n\n- The ferry carries 28 cars.\n"})
    assert [one.reason and one.reason.code for one in (*listed.sentences, *plain.sentences)] == ["scope", None]
