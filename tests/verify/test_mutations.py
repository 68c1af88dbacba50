"""False sentences made from true ones: `tests.benchmarks.mutations`, every kind against hand-worked examples."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.benchmarks import support
from tests.benchmarks.mutations import EXTRA_KINDS, KINDS, Mutant, Pair, mutants, rewritten

SEEDS = range(12)
PAIRS = (
    Pair("Maria Keller led the Bern office.", "Maria Keller led the Bern office from its first day."),
    Pair("The lease was signed in Oslo.", "The lease was signed in Oslo by both sides."),
    Pair("The pump is cleaned by a contractor.", "The pump is cleaned by a contractor in spring."),
)


def made(kind: str, sentence: str, source: str = "", others: tuple[Pair, ...] = PAIRS) -> set[str]:
    """Every sentence that some seed makes of this kind; the source is the sentence itself unless given."""
    return {
        mutant.sentence for seed in SEEDS for mutant in mutants(sentence, source or sentence, others, seed, (kind,))
    }


# -- each kind by hand -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sentence", "possible"),
    [
        ("number", "The team has 12 members.", {"The team has 13 members.", "The team has 120 members."}),
        ("number", "The fee is 4.5 euros.", {"The fee is 4.6 euros.", "The fee is 45.0 euros."}),
        ("number", "It sold 77,000 copies.", {"It sold 77,001 copies.", "It sold 7,700 copies."}),
        ("number", "The rate is 30%.", {"The rate is 31%.", "The rate is 3%."}),
        ("number", "A seat costs $40.", {"A seat costs $41.", "A seat costs $4."}),
        ("number", "There are three valves.", {"There are four valves.", "There are two valves."}),
        ("number", "Keep 5–10 copies.", {"Keep 5–12 copies."}),
        ("number", "It was the third attempt.", {"It was the fourth attempt.", "It was the sixth attempt."}),
        ("number", "She came 2nd.", {"She came 3rd.", "She came 12th."}),
        ("number", "After World War II it closed.", {"After World War I it closed.", "After World War III it closed."}),
        ("number", "Profits doubled.", {"Profits tripled.", "Profits halved."}),
        ("date", "It opened in 1954.", {"It opened in 1955.", "It opened in 1953.", "It opened in 1854."}),
        ("date", "It fell in the 1830s.", {"It fell in the 1840s."}),
        ("date", "It dates from the 19th century.", {"It dates from the 20th century."}),
        ("date", "It opened on 4 July.", {"It opened on 5 July.", "It opened on 4 August.", "It opened on 14 July."}),
        ("date", "The office closes on Friday.", {"The office closes on Sunday."}),
        ("date", "Due 2024-03-09.", {"Due 2024-04-09."}),
        ("date", "He ruled until 44 BC.", {"He ruled until 44 AD."}),
        ("unit", "It is 30 km long.", {"It is 30 miles long.", "It is 30 metres long."}),
        ("unit", "They sold 3 million tickets.", {"They sold 3 billion tickets.", "They sold 3 thousand tickets."}),
        ("unit", "Notice is 14 days.", {"Notice is 14 weeks.", "Notice is 14 months."}),
        ("unit", "Rents rose by 5%.", {"Rents rose by 5 percentage points."}),
        ("unit", "A seat costs $40.", {"A seat costs €40.", "A seat costs £40."}),
        ("unit", "It is reviewed every year.", {"It is reviewed every month."}),
        ("negation", "The door is locked.", {"The door is not locked.", "The door isn't locked."}),
        ("negation", "The firm has closed two shops.", {"The firm has not closed two shops."}),
        ("negation", "In May it won the cup.", {"In May it did not win the cup.", "In May it failed to win the cup."}),
        ("negation", "It is not allowed.", {"It is indeed allowed."}),
        ("negation", "It no longer applies.", {"It still applies."}),
        ("negation", "Enter without a badge.", {"Enter with a badge."}),
        ("negation", "It seems unlikely.", {"It seems likely."}),
        ("comparison", "Glass is more fragile.", {"Glass is less fragile."}),
        ("comparison", "Pay before entry.", {"Pay after entry."}),
        ("comparison", "Bring at least two forms.", {"Bring at most two forms."}),
        ("comparison", "Prices increased.", {"Prices decreased."}),
        ("comparison", "The highest bid wins.", {"The lowest bid wins."}),
        ("modality", "Visitors must sign.", {"Visitors may sign.", "Visitors need not sign."}),
        ("modality", "You can appeal.", {"You cannot appeal.", "You must appeal."}),
        ("modality", "A deposit is optional.", {"A deposit is mandatory."}),
        ("modality", "It always rains.", {"It sometimes rains.", "It never rains."}),
        ("quantity", "All of the doors lock.", {"Some of the doors lock.", "None of the doors lock."}),
        ("quantity", "Some staff left; many stayed.", {"Some staff left; few stayed.", "Some staff left; all stayed."}),
        ("quantity", "Most of it burnt.", {"None of it burnt.", "All of it burnt.", "Few of it burnt."}),
        ("quantity", "It is one of the largest ports.", {"It is the single largest ports."}),
        ("quantity", "Both Ann and Bob agreed.", {"Neither Ann nor Bob agreed."}),
    ],
)
def test_by_hand(kind: str, sentence: str, possible: set[str]) -> None:
    sentences = made(kind, sentence)
    assert sentences & possible
    assert sentence not in sentences


def test_a_whole_date_may_change_its_notation_too() -> None:
    assert "It opened on 2018-08-04." in made("date", "It opened on July 4, 2018.")


def test_names_are_exchanged_for_names_of_the_same_type() -> None:
    places = made("name", "The office moved to Madrid.")
    assert places
    assert all(re.fullmatch(r"The office moved to [A-Z][A-Za-z ]+\.", sentence) for sentence in places)
    people = made("name", "The minutes were taken by Anna Smith.")
    assert any("Anna " in sentence for sentence in people)
    assert any(" Smith." in sentence for sentence in people)


def test_the_source_is_swapped_for_the_nearest_passage_that_lacks_a_third() -> None:
    sentence = "The harbour crane was inspected by Keller in Bern."
    near = "The harbour crane was painted."
    others = (*PAIRS, Pair("The harbour crane was painted.", near), Pair("Elsewhere.", f"{sentence} Twice."))
    assert [mutant.source for mutant in mutants(sentence, sentence, others, 1, ("source",))] == [near]


def test_two_facts_of_two_sources_are_stitched() -> None:
    stitched = made("stitch", "The lift is serviced by the landlord.", others=PAIRS[1:])
    assert "The lift is serviced by the landlord and was signed in Oslo." in stitched
    assert "The lift is serviced by the landlord, and the pump is cleaned by a contractor." in stitched


def test_roles_are_exchanged_but_not_in_a_list() -> None:
    assert made("role", "In May Acme Ltd sued Zenith Bank.") == {"In May Zenith Bank sued Acme Ltd."}
    assert made("role", "In May Acme Ltd and Zenith Bank merged.") == set()


def test_values_are_mixed_up_only_where_the_source_gives_both_apart() -> None:
    source = "The shop opened in 1990 and it closed in 2005."
    assert made("mixed-up", "The shop opened in 1990.", source) == {"The shop opened in 2005."}
    assert made("mixed-up", "The shop opened in 1990.", "The shop opened in 1990, some say opened in 2005.") == set()


def test_a_cause_is_turned_round() -> None:
    assert made("cause", "The lamp failed because the fuse blew.") == {"The fuse blew because the lamp failed."}
    assert made("cause", "The storm caused a flood in Bern.") == {"A flood in Bern caused the storm."}
    assert made("cause", "The lamp failed because of rust.") == set()


def test_the_subject_is_that_of_another_sentence_of_the_source() -> None:
    source = "Anna Keller was born in Bern.\nBob Lund was a baker.\nIt was small."
    assert made("subject", "Anna Keller was born in Bern.", source) == {"Bob Lund was born in Bern."}
    assert made("subject", "Anna Keller was born in Bern.") == set()


# -- where falsity cannot be seen, nothing is made ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sentence", "source"),
    [
        ("number", "The team has 12 members.", "The team is large."),  # the source does not give the number
        ("number", "About 300 people came.", "About 300 people came."),  # 301 is about 300
        ("number", "There is one valve.", "There is one valve."),
        ("date", "It opened before 1954.", "It opened before 1954."),  # before 1955 is true as well
        ("date", "You may march.", "You may march."),
        ("comparison", "It is higher.", "It is higher. It is lower."),  # both stand in the source
        ("negation", "Some doors are locked.", "Some doors are locked."),  # some may be unlocked
        ("modality", "He left in May.", "He left in May."),
        ("name", "The report is long.", "The report is long."),
        ("source", "The report is long.", "The report is long."),
        ("role", "The report is long.", "The report is long."),
    ],
)
def test_nothing_is_made(kind: str, sentence: str, source: str) -> None:
    assert made(kind, sentence, source) == set()


def test_a_number_that_the_source_also_gives_is_never_the_new_one() -> None:
    source = "The team has 12 members, once 13, 120, 15 or twenty-four."
    assert not made("number", "The team has 12 members.", source) & {
        "The team has 13 members.",
        "The team has 15 members.",
        "The team has 120 members.",
    }


# -- reproducible, and safe on any text --------------------------------------------------------------------------------

_LONG = (
    "In 1990, at least 12 of the 40 members of Acme Ltd in Oslo were not paid before 4 July; all of them must leave."
)


def test_the_same_seed_makes_the_same_mutants_and_another_seed_others() -> None:
    first, again, *rest = ([*mutants(_LONG, _LONG, PAIRS, seed)] for seed in (1, 1, *range(2, 10)))
    assert first == again
    assert any(other != first for other in rest)
    assert [mutant.kind for mutant in first] == [
        kind for kind in (*KINDS, *EXTRA_KINDS) if kind in {mutant.kind for mutant in first}
    ]


def test_the_order_of_the_others_does_not_matter() -> None:
    assert mutants(_LONG, _LONG, PAIRS, 1) == mutants(_LONG, _LONG, PAIRS[::-1], 1)


def test_a_mutant_says_what_was_done() -> None:
    assert mutants("Pay before entry.", "Pay before entry.", (), 1, ("comparison",)) == [
        Mutant("comparison", "Pay after entry.", "Pay before entry.", "'before' becomes 'after'")
    ]


WORDS = st.lists(
    st.sampled_from("All of the 12 4 July 2018 1990s is not Anna Oslo $5 3.5% must before more II third 9,999".split()),
    max_size=14,
).map(" ".join)


@given(st.text(max_size=200) | WORDS, st.text(max_size=200) | WORDS, st.integers(0, 99))
@example("", "", 0)
@example("9" * 400, "9" * 400, 0)
@example("0 0.0 0,000 ٣٤ ² 99-99-9999 1/13/99", "0 0.0 0,000 ٣٤ ² 99-99-9999 1/13/99", 0)
def test_a_mutant_differs_and_nothing_raises(sentence: str, source: str, seed: int) -> None:
    for text in (sentence, source):
        for mutant in mutants(sentence, text, PAIRS, seed):
            assert (mutant.sentence, mutant.source) != (sentence, text)
            assert mutant.kind in (*KINDS, *EXTRA_KINDS)
            assert mutant.source == text or mutant.kind == "source"


# -- still true --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "rewrites"),
    [
        (
            "It opened on July 4, 2018.",
            {"It opened on 4 July 2018.", "It opened on Jul 4, 2018.", "It opened on 2018-07-04."},
        ),
        ("It has 3,100 rooms.", {"It has 3100 rooms."}),
        ("It cost 3 million euros.", {"It cost 3,000,000 euros."}),
        ("It has 12 rooms.", {"It has twelve rooms."}),
        ("It has twelve rooms.", {"It has 12 rooms."}),
        ("It rose 5%.", {"It rose 5 per cent."}),
        ("It is 30 kilometres long.", {"It is 30 km long."}),
        ("It is not open.", {"It isn't open."}),
        ("It is open.", set()),
    ],
)
def test_rewritten_by_hand(sentence: str, rewrites: set[str]) -> None:
    assert {text for text, _ in rewritten(sentence)} >= rewrites
    assert sentence not in {text for text, _ in rewritten(sentence)}


@given(st.text(max_size=200) | WORDS)
def test_a_rewrite_differs(sentence: str) -> None:
    assert all(text != sentence for text, _ in rewritten(sentence))


# -- the figures of the benchmark --------------------------------------------------------------------------------------


def test_tokenised_text_is_read_as_people_write_it() -> None:
    assert support.detokenised("`` It 's ( 3,100 ) , at 11 : 00 , for $ 5 -- a one - year term . ''") == (
        '"It\'s (3,100), at 11:00, for $5 -- a one-year term."'
    )


def test_a_true_pair_has_every_number_and_name_of_its_sentence_in_the_source() -> None:
    assert support.stands_in("In 1990 the firm opened in Oslo.", "The firm opened in Oslo in 1990 .")
    assert not support.stands_in("In 1991 the firm opened in Oslo.", "The firm opened in Oslo in 1990 .")
    assert not support.stands_in("In 1990 the firm opened in Bern.", "The firm opened in Oslo in 1990 .")


def test_balanced_accuracy_and_area_by_hand() -> None:
    scores = np.array([0.9, 0.4, 0.6, 0.1])
    supported = np.array([True, True, False, False])
    assert support.balanced_accuracy(scores >= 0.5, supported) == 0.5
    assert support.area(scores, supported) == 0.75  # three of four pairs in order
    assert support.area(np.array([0.5, 0.5]), np.array([True, False])) == 0.5
    assert support.best_threshold(scores, supported) == 0.4  # as good as 0.9, and lower


def test_a_threshold_is_never_fitted_on_the_claims_it_is_used_for() -> None:
    supported = np.array([True, False] * 4)
    apart = np.where(supported, 0.8, 0.2)
    random = np.random.default_rng(0)
    assert (support.called_by_other_half(apart, supported, random) == supported).all()
    # Scores without any meaning: a threshold fitted on all would beat a half, one from the other half cannot.
    noise = np.random.default_rng(1).random(400)
    labels = np.random.default_rng(2).random(400) < 0.5
    figures = [
        support.balanced_accuracy(support.called_by_other_half(noise, labels, random), labels) for _ in range(30)
    ]
    assert abs(float(np.mean(figures)) - 0.5) < 0.04


def test_a_share_has_its_interval() -> None:
    assert support.share([True] * 8 + [False] * 2) == "0.800 (0.490–0.943), n = 10"
    assert support.share([]) == "none"
