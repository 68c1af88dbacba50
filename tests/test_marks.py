"""Marks in every form that models write, and numbers that are none: `rag.marks`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.marks import mark_numbers, plain_marks, quotations, read_plain_marks, shown_marks, strip_marks
from rag.verify.claims import read_claims
from tests.processor_time import at_most, is_in_proportion

SENTENCES = ("The ferry carries 28 cars", "The old bridge opened in 1931", "The toll is 3 crowns for a car")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("It opened【1】. It closed【2†source】.", "It opened[1]. It closed[2]."),
        ("It opened 【1, 3】.", "It opened [1,3]."),
        ("It opened [@1].", "It opened [1]."),
        ("It opened [id=1] and [ID: 2].", "It opened [1] and [2]."),
        ("It opened [n°1] and [No. 2].", "It opened [1] and [2]."),
        ('It opened ["1"] and [\'2, 3\'].', "It opened [1] and [2,3]."),
        ("It opened [1, 2,].", "It opened [1,2]."),
        ('It opened <cit id="1"/> and <ref n=2 />.', "It opened[1] and[2]."),
        ("It opened, cf. [1].", "It opened [1]."),
        ("It opened (vgl. [1]).", "It opened [1]."),
        ("It opened [1†L4-L9].", "It opened [1]."),
        ("It opened [^1].", "It opened [1]."),
        ("It opened [[1]].", "It opened [1]."),
        ("It opened [1](harbour.md#tolls).", "It opened [1]."),
        ("It opened [source 1]. It closed [Evidence 2].", "It opened [1]. It closed [2]."),
        ("It opened [source 1, source 3] (Quelle 2).", "It opened [1,3] [2]."),
        ("According to evidence 2, the toll is 3 crowns.", "The [2] toll is 3 crowns."),
        ("It opened. According to [1], Ada owns it.", "It opened. Ada [1] owns it."),
        ("The toll is 3 crowns, according to source 2.", "The toll is 3 crowns [2]."),
        ("The toll, as stated in evidence 1, is 3 crowns.", "The toll [1] is 3 crowns."),
        ("Laut Beleg 2 kostet es 3 Kronen.", "Laut Beleg [2] kostet es 3 Kronen."),
        ("It opened [^1].\n\n[^1]: harbour.md\n    page 3\nMore.", "It opened [1].\n\nMore."),
        ("The toll is 3 crowns (1). The ferry is free (2, 3).", "The toll is 3 crowns [1]. The ferry is free [2,3]."),
        ("The toll is 3 crowns. (1) The ferry is free. (2)", "The toll is 3 crowns. [1] The ferry is free. [2]"),
        ("# A\n1. It is 3 crowns (1).\n2. It is all free (2).", "# A\n1. It is 3 crowns [1].\n2. It is all free [2]."),
        ("The toll rose.¹ The ferry¹,² is free.", "The toll rose.[1] The ferry[1,2] is free."),
        ("It opened ［１］. It closed 〔2〕. It fell 〖3〗.", "It opened [１]. It closed [2]. It fell [3]."),
        ("It opened (【1】). It shut ([2], [3]). It fell (see [1]).", "It opened [1]. It shut [2][3]. It fell [1]."),
        ("It opened **[1]**. It closed _[2]_. It fell `[3]`.", "It opened [1]. It closed [2]. It fell [3]."),
        ("It opened \\[1\\]. It closed ^[2].", "It opened [1]. It closed [2]."),
        ("It opened [doc 1]. It closed [Ref. 2]. It fell [#3].", "It opened [1]. It closed [2]. It fell [3]."),
        ("It opened (Source: 1). It closed [Sources: 1, 2].", "It opened [1]. It closed [1,2]."),
        ("It opened [1, p. 3]. It closed [2: pages 4-5].", "It opened [1]. It closed [2]."),
        ("It opened [1, harbour.md]. It closed [Source 2: log.txt].", "It opened [1]. It closed [2]."),
        ("It opened<sup>[1]</sup>. It closed<cite>2</cite>.", "It opened[1]. It closed[2]."),
        ("It opened [1、2]. It closed [３〜４].", "It opened [1,2]. It closed [３-４]."),
        ("开了【1】。关了［２］。", "开了[1]。关了[２]。"),
        ("It opened【1:0†harbour.md】. It shut ⟦2⟧.", "It opened[1]. It shut [2]."),
        ("It opened [1 and 2]. It shut [1, 2, and 3].", "It opened [1,2]. It shut [1,2,3]."),
        ("It shut [1 & 3].", "It shut [1,3]."),
        ("Es öffnet [Beleg 1 und 2]. Es schließt [1 und 3].", "Es öffnet [1,2]. Es schließt [1,3]."),
        ("It opened [doc_1]. It shut [doc-2, doc-3]. It fell [1.].", "It opened [1]. It shut [2,3]. It fell [1]."),
        ("It opened \\cite{1}. It shut \\citep{doc2}.", "It opened [1]. It shut [2]."),
        ("It opened [¹]. It shut [②]. It fell $^{[1]}$.", "It opened [1]. It shut [2]. It fell [1]."),
        ("It opened [1]–[3]. It shut 【1】-【2】.", "It opened [1-3]. It shut [1-2]."),
        ("It opened [1]:. \n[2]: The bridge is quite old.", "It opened [1]. \n[2] The bridge is quite old."),
        ("开了（来源1）。关了[来源：2]。", "开了[1]。关了[2]。"),
    ],
)  # fmt: skip
def test_each_form_of_a_mark_becomes_the_plain_one(written: str, plain: str) -> None:
    assert plain_marks(written) == plain


@pytest.mark.parametrize(
    "text",
    [
        "The lot has 40 m² and 2 km², the tank 3 cm³.",
        "It is 10¹⁶ metres away, and 10¹⁷ metres from there.",
        "The field measures 2 acres² and 3 hectares¹.",
        "The plant employs 1,200³ people and 300¹ drivers.",
        "x² and y² are squares, so is sin² of it.",
        "The toll rose¹ in May.",
        "The rule has parts: (1) the toll and (2) the ferry.",
        "Gold medals (3). Silver medals (1).",
        "It is allowed by section 4 (1). It is banned by section 5 (2).",
        "The toll is 3 crowns (1). The ferry is free.",
        "The toll is 3 crowns (1901). The ferry is always free (1902).",
        "Only the toll is given here (1).",
        "See [2024] and [a1] and item 3.",
        "Document 2 of the treaty says so.",
        "Exhibit A (document 12) says so, and so does the letter (file 3).",
        "Take `fees[^1]` and `[source 1]` of `a` first.",
        "```python\nfees[^1] = [[1]]\n```",
        "The set {1} holds one, and {2} another one.",
        "It is open at [12:30] and costs [1.5].",
        "Call `toll([1])` and `print(**[1]**)` first.",
        "He says 「好的」 and 「1月」, and [1e2] is a hundred.",
        "Steps: ① open the valve. ② Wait. ③ Press it.",
        "① Open the valve\n② Wait",
        "See [E1] and [x-1] and $x^{1}$ and $a^{[1]}$.",
    ],
)
def test_a_number_of_the_text_is_no_mark(text: str) -> None:
    assert plain_marks(text) == text


@pytest.mark.parametrize(
    "text", ["The toll rose²in May.", "The toll rose² in May.", "Only the toll is given here (2)."]
)
def test_a_single_number_is_a_mark_where_it_is_listed(text: str) -> None:
    is_mark = "²in" not in text
    assert (read_plain_marks(text, {2}).text != text) == is_mark
    assert read_plain_marks(text, {1}).text == text


def test_numbers_in_parentheses_are_none_beside_plain_marks() -> None:
    text = "The toll is 3 crowns (1). The ferry is always free (2) [4]."
    assert plain_marks(text) == text


FORMS = {
    "lenticular": "{sentence} 【{number}†source】.",
    "footnote": "{sentence}[^{number}].",
    "named": "{sentence} [Evidence {number}].",
    "round": "{sentence} ({number}).",
    "behind": "{sentence}. ({number})",
    "linked": "{sentence} [{number}](page.md).",
    "raised": "{sentence}.{raised}",
}


@given(st.permutations(SENTENCES), st.lists(st.integers(1, 9), min_size=2, max_size=2), st.sampled_from(sorted(FORMS)))
def test_all_forms_mark_the_same_sentences(sentences: list[str], others: list[int], form: str) -> None:
    numbers = [1, *others]
    written = " ".join(
        FORMS[form].format(sentence=sentence, number=number, raised="⁰¹²³⁴⁵⁶⁷⁸⁹"[number])
        for sentence, number in zip(sentences, numbers, strict=True)
    )
    claims = read_claims(plain_marks(written), 9)
    assert [(claim.text.rstrip("."), claim.marks) for claim in claims] == [
        (sentence, (number,)) for sentence, number in zip(sentences, numbers, strict=True)
    ]


TEXTS = st.text("ab .!\n[]()^¹²:1,†【】", max_size=60) | st.lists(
    st.sampled_from(["It is so. ", "[^1]", "【2】", "\n[^1]: a\n", " (1)", "According to source 1, it ", "[source 2]"])
).map("".join)


@given(TEXTS)
def test_what_was_not_replaced_stays_where_it_was(text: str) -> None:
    plain = read_plain_marks(text)
    replaced = {at for one in plain.replacements for at in range(one.start, one.end)}
    whole = {(one.start, one.end) for one in plain.replacements}
    for at, character in enumerate(plain.text):
        start, end = plain.written_span(at, at + 1)
        assert (start, end) in whole or text[start:end] == character
    kept = [plain.written_span(at, at + 1) for at in range(len(plain.text))]
    assert {at for start, end in kept for at in range(start, end)} >= set(range(len(text))) - replaced


@given(st.text("abc .,;!?()0123456789m²³", max_size=80))
def test_text_without_brackets_and_the_number_one_keeps_its_numbers(text: str) -> None:
    text = text.replace("1", "7")
    assert plain_marks(text) == text


LISTED = range(1, 4)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Only the toll is given here (1).", "Only the toll is given here [1]."),
        ("Only the toll is given here {1}.", "Only the toll is given here [1]."),
        ("Only the toll is given here 1).", "Only the toll is given here [1]."),
        ("The toll is 3 crowns (1). The ferry is always free.", "The toll is 3 crowns [1]. The ferry is always free."),
        ("The toll rose¹. It fell ².", "The toll rose[1]. It fell [2]."),
        ("The limit is 0.31¹.", "The limit is 0.31[1]."),
        ("It opened in 1931².", "It opened in 1931[2]."),
        ("It is free<sup>1</sup>. It is open [2].", "It is free[1]. It is open [2]."),
        ("It is free ^1^. It is open $^{2}$.", "It is free [1]. It is open [2]."),
        ("渡轮可载二十八辆汽车（1）。桥于去年夏天开通。（2）", "渡轮可载二十八辆汽车 [1]。桥于去年夏天开通。 [2]"),
        ("渡轮可载二十八辆汽车。¹桥于去年夏天开通。²", "渡轮可载二十八辆汽车。[1]桥于去年夏天开通。[2]"),
    ],
)
def test_known_evidence_leaves_less_in_doubt(written: str, plain: str) -> None:
    assert plain_marks(written, LISTED) == plain


@pytest.mark.parametrize(
    "text",
    [
        "The side is 5² metres and the area 25 m².",
        "The toll is 3 crowns (1901).",
        "The rule has parts: (1) the toll and (2) the ferry.",
        "It is allowed by section 4 (1).",
        "1) Pay the toll.\n2) Board the ferry.",
        "It is 9 km away (see item 1).",
        "It is 10¹⁶ metres away.",
        "He took the value of 12².",
        "It is free (4).",
    ],
)
def test_a_number_of_the_text_is_no_mark_though_evidence_has_it(text: str) -> None:
    assert plain_marks(text, LISTED) == text


def test_ranges_are_spelled_out() -> None:
    assert mark_numbers("2, 4–6") == [2, 4, 5, 6]


@pytest.mark.parametrize(
    "unit",
    [
        " ",
        "(1) ",
        "1) ",
        "[^1]:\n    \n",
        "【1",
        "[source ",
        "word¹ ",
        "[1](a",
        "x y z w (1). ",
        "(",
        "([1",
        "**[1]",
        "<sup>1",
        "`[1]",
        "{1} ",
        " 1)",
        "［",
        "[a:",
        "[1, a.",
        "¹",
        "(see [1], ",
        "```a\n",
        "。¹",
    ],
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    def work(length: int) -> None:
        text = (unit * length)[:length]
        plain_marks(text)

    # Four times the length: quadratic time would be sixteen times as long.
    assert is_in_proportion(work, 16_000, 64_000)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("It opened [E1]. It shut [E2].", "It opened [1]. It shut [2]."),
        ("It opened ①. It shut.② It fell ①②.", "It opened [1]. It shut.[2] It fell [1][2]."),
        ("开了「1」。关了「2」。", "开了[1]。关了[2]。"),
        ("It opened [1]. It shut $^{2}$.", "It opened [1]. It shut [2]."),
        ("开了。①关了。②", "开了。[1]关了。[2]"),
        ("It opened [E9]. 按「9」。", "It opened [E9]. 按「9」。"),
        ("Steps: ① open it. ② Wait.", "Steps: ① open it. ② Wait."),
        ("Press 「1」 to open it.", "Press 「1」 to open it."),
    ],
)
def test_some_forms_are_marks_only_where_they_name_evidence(written: str, plain: str) -> None:
    assert plain_marks(written, range(1, 4)) == plain


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He says “a [1] b” [2].", ["“a [1] b”"]),
        ('The "a" and the "b c".', ['"a"', '"b c"']),
        ('A 3" pipe [1] and a 5" one.', []),
        ("„Er sagt „x“ oft“ und “nie", ["„Er sagt „x“ oft“"]),
        ("“open\nand not closed”", []),
    ],
)
def test_quotations_are_found_on_their_line(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == quoted


def test_marks_are_told_from_what_code_and_quotations_hold() -> None:
    answer = "Take `fees[1]`. [1] “As in [7] and fees[2].” [2]"
    assert shown_marks(answer) == [1, 2]
    assert strip_marks(answer) == "Take `fees[1]`. “As in [7] and fees[2].”"


@pytest.mark.parametrize("unit", ["“", '"a', "①", "[1]-", "`a[1] ", "「1", "[1 and "])
def test_reading_marks_takes_linear_time(unit: str) -> None:
    text = unit * (64_000 // len(unit))
    with at_most(4):
        read_plain_marks(text, range(1, 9))
        strip_marks(text)
        read_claims(text, 9)
