"""The one difference that a long near-copy may have: `rag.verify.copies.slips`."""

from __future__ import annotations

import pytest

from rag.verify.verdict import check_sentence


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        (
            "The site is a National Historic Landmark near the harbour of Hull.",
            "The site has been designated a National Historic Landmark near the harbour of Hull.",
        ),
        (
            "The settlers did not scatter to different parts of the valley.",
            "The settlers did not marry or scatter to different parts of the valley.",
        ),
    ],
)
def test_a_long_sentence_may_slip_once(sentence: str, source: str) -> None:
    assert check_sentence(sentence, [source]).verdict == "verified"


def test_a_short_sentence_may_not() -> None:
    source = "The settlers did not marry or scatter."
    assert check_sentence("The settlers did not scatter.", [source]).verdict == "partly"


def test_two_slips_are_too_many() -> None:
    source = "The settlers did not marry or scatter to parts of the valley or camp along the coast of the lake."
    sentence = "The settlers did not scatter to parts of the valley or camp by the lake."
    assert check_sentence(sentence, [source]).verdict == "partly"


def test_no_name_in_small_words_takes_the_place_of_what_is_left_out() -> None:
    source = "The mill of the White Man was sold to the bakers of the old town in May."
    sentence = "The mill of the Time's Up was sold to the bakers of the old town in May."
    assert check_sentence(sentence, [source]).verdict == "partly"
